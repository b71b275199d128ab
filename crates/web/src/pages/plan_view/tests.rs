use super::*;
use crate::pages::mark::UNKNOWN;
use crate::pages::samples::{Sample, sample};
use domain::words::Mark as Means;

fn by(sample: &Sample) -> ReviewBy {
    ReviewBy { today: sample.today, interval_months: 6 }
}

fn topic<'a>(letter: &'a PlanView, anchor: &str) -> &'a TopicView {
    letter.sections.iter().flat_map(|s| &s.topics).find(|t| t.anchor == anchor).unwrap()
}

#[test]
fn a_limit_tells_its_decision_why_since_when_and_who_set_it() {
    let sample = sample();
    let letter = PlanView::of(&sample.current(), by(&sample));
    let cpr = &topic(&letter, "onderwerp-4a").lines[0];
    assert_eq!((cpr.mark, cpr.text.as_str()), (Mark::Of(Means::DoNot), "Niet reanimeren"));
    assert_eq!(cpr.why.as_deref(), Some("Mijn hart is op. Als het stopt, laat me dan gaan."));
    assert_eq!(cpr.fine[0], "sinds 14 mei 2024, 2 jaar geleden");
    assert!(cpr.fine.iter().any(|f| f == "vastgesteld door Saskia van Huissen, huisarts"), "{:?}", cpr.fine);
}

#[test]
fn what_a_statement_changed_from_stands_in_its_small_print() {
    let sample = sample();
    let mut newer = sample.current();
    newer.content.goal.current.as_mut().unwrap().value.goal = domain::code::PolicyGoal::ProlongLife;
    let older = sample.current();
    let letter = PlanView::with_history(&newer, &[&older.content], &[], by(&sample));
    let goal = &topic(&letter, "onderwerp-3").lines[0];
    assert_eq!(goal.fine.last().unwrap(), "eerst: voorkomen en behandelen van symptomen (14 mei 2024)");
}

#[test]
fn what_was_not_discussed_says_so_and_what_was_left_out_on_purpose_says_when() {
    let sample = sample();
    let mut plan = sample.current();
    plan.content.euthanasia = domain::plan::Topic::default();
    plan.content.organ_donation = domain::plan::Topic::default();
    let left = [(TopicId::OrganDonation, FhirDateTime::parse("2026-11-20").unwrap())];
    let letter = PlanView::with_history(&plan, &[], &left, by(&sample));
    let silent = &topic(&letter, "onderwerp-5c").lines[0];
    assert_eq!((silent.text.as_str(), silent.mark, silent.quiet), ("Niet besproken", UNKNOWN, true));
    let left = &topic(&letter, "onderwerp-5d").lines[0];
    assert_eq!(
        (left.text.as_str(), left.fine[0].as_str()),
        ("Bewust niet besproken", "op 20 november 2026, 2 dagen geleden")
    );
}

#[test]
fn a_rejected_proposal_is_kept_with_its_reason() {
    let sample = sample();
    let current = sample.current();
    let verdict = [(TopicId::Hospital, domain::plan::Verdict::Reject("eerst met Mirjam erbij".to_owned()))];
    let input = domain::plan::decide(&current, &verdict, &crate::pages::samples::gp()).unwrap();
    let now = "2026-11-22T10:00:00Z".parse().unwrap();
    let applied = domain::plan::apply(&current.content, &input, domain::plan::Arrival::Here, 5, now);
    let letter = PlanView::from_source(&Source {
        content: &applied.content,
        before: &[],
        left_out: &[],
        by: by(&sample),
        ages: true,
    });
    let hospital = topic(&letter, "onderwerp-4d");
    assert!(hospital.proposals.is_empty());
    assert!(hospital.earlier[0].contains("eerst met Mirjam erbij"), "{:?}", hospital.earlier);
    assert_eq!(hospital.lines[0].text, "Ziekenhuis: ja");
}

#[test]
fn who_speaks_for_the_patient_can_be_called_from_the_page() {
    let sample = sample();
    let letter = PlanView::of(&sample.current(), by(&sample));
    let daughter = &letter.people[0];
    assert_eq!(daughter.name, "Mirjam Jansen");
    assert_eq!(daughter.part, "Dochter, vertegenwoordiger en eerste contactpersoon");
    assert_eq!(daughter.telephones[0].dial, "0612345678");
}

#[test]
fn wishes_stand_by_their_domain_and_an_agreement_says_that_it_is_not_current() {
    let sample = sample();
    let letter = PlanView::of(&sample.current(), by(&sample));
    let labels: Vec<&str> = letter.sections[4].topics.iter().map(|t| t.label.as_str()).collect();
    assert!(labels.contains(&"Sociaal") && labels.contains(&"Dagelijks leven"), "{labels:?}");
    let agreement = letter.sections[5].topics.last().unwrap();
    assert_eq!(agreement.lines[0].text, "Palliatieve sedatie (nog niet actueel)");
    assert_eq!(agreement.lines[0].told.as_deref(), Some("Voorwaarde: als benauwdheid niet meer te behandelen is"));
}
