use super::*;
use crate::date::FhirDateTime;
use crate::happening::{Capable, GoesOn, Happening, How, Move};
use crate::path::tests::by;
use crate::path::{Past, Spoken, State, Step, What, stands};
use crate::patient::Living;
use crate::plan::sample::{Said, Story};
use crate::plan::{Content, Decision, LifeDomain, Treatment};
use crate::signal::Signal;
use crate::task::{Kind, wanted};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn steps(what: &[(&str, What)]) -> Vec<Step> {
    let step = |(i, (on, what)): (usize, &(&str, What))| Step {
        number: u32::try_from(i).unwrap() + 1,
        at: format!("{on}T10:00:00Z").parse().unwrap(),
        day: day(on),
        by: by(),
        what: what.clone(),
    };
    what.iter().enumerate().map(step).collect()
}

fn happened(happening: Happening) -> What {
    What::Happened(Box::new(happening))
}

fn admitted() -> What {
    happened(Happening::Moved(Move {
        how: How::Admitted,
        to: Living::Hospital,
        from: Some(Living::Home),
        name: Some("Streekziekenhuis".into()),
        words: Some("gevallen".into()),
    }))
}

fn plan() -> Content {
    let said = Said::on("2026-01-10")
        .limit(Treatment::Cpr, Decision::DoNot)
        .life_wish(900, LifeDomain::Physical, "Zelf lopen.", Some("fysiotherapie"))
        .with(|c| {
            let cpr = c.directives.get_mut(&Treatment::Cpr).and_then(|t| t.current.as_mut()).unwrap();
            cpr.value.ended = FhirDateTime::parse("2026-05").ok();
            let wish = c.life_wishes.values_mut().next().and_then(|t| t.current.as_mut()).unwrap();
            wish.value.until = FhirDateTime::parse("2026-04-01").ok();
        });
    Story::of(said).content
}

fn spoken(content: &Content) -> Spoken {
    let mut spoken = Spoken::of(content, "2026-01-10T09:00:00Z".parse().unwrap()).unwrap();
    spoken.talks[0].1 = spoken.recorded_at;
    spoken
}

fn past<'a>(steps: &'a [Step], spoken: &'a Spoken) -> Past<'a> {
    Past { steps, spoken: Some(spoken), draft_since: None, died_on: None, months: 6 }
}

fn causes(past: Past<'_>, today: &str) -> Vec<Cause> {
    why(past, day(today)).into_iter().map(|w| w.cause).collect()
}

#[test]
fn each_reason_is_named_with_its_day_the_weightiest_first() {
    let plan = plan();
    let signal = Signal {
        noticed_on: day("2026-02-01"),
        reasons: vec![Reason::MoreFrail],
        findings: vec![],
        words: None,
        thought: None,
        talks_with: None,
    };
    let (what, goal) = ("Chemotherapie".to_owned(), "tijd winnen".to_owned());
    let course = GoesOn { what, goal, until: Some(day("2026-03-01")), instead_of: None };
    let all = steps(&[
        ("2026-01-05", happened(Happening::Capacity { now: Capable::Doubt, words: None })),
        ("2026-02-01", What::Signal(signal)),
        ("2026-02-03", admitted()),
        ("2026-02-04", happened(Happening::GoesOn(course))),
    ]);
    let spoken = spoken(&plan);
    let past = past(&all, &spoken);
    let told: Vec<String> = why(past, day("2026-06-20")).into_iter().map(|w| w.sentence).collect();
    assert_eq!(
        told,
        [
            "Reanimatie: deze afspraak gold tot en met 31 mei 2026.",
            "Opname in het ziekenhuis, op 3 februari 2026: daarna is dit plan niet opnieuw besproken.",
            "Na het laatste gesprek, op 1 februari 2026, gesignaleerd: wordt kwetsbaarder.",
            "Chemotherapie zou doorgaan tot en met 1 maart 2026 (doel: tijd winnen). Kijk of dat nog zo is.",
            "De afspraak bij de wens ‘Zelf lopen’ liep tot en met 1 april 2026.",
            "Uiterlijk 10 juli 2026 hoort dit plan opnieuw besproken te worden.",
        ],
        "what the conversation answered is none"
    );
    assert_eq!(causes(past, "2026-07-11")[0], Cause::Late);
    assert_eq!(causes(past, "2026-03-01"), [Cause::Happened, Cause::Signal], "a last day is not over yet");
    let emergency = doubtful_in_emergency(&plan, past, day("2026-06-20"));
    assert!(emergency.contains(&"Na het laatste gesprek, op 3 februari 2026: een opname.".to_owned()), "{emergency:?}");
    let hidden = ["Chemo", "kwetsbaarder", "Zelf lopen", "gevallen", "Streekziekenhuis", "Uiterlijk"];
    assert!(!emergency.iter().any(|s| hidden.iter().any(|h| s.contains(h))), "{emergency:?}");
}

#[test]
fn a_plan_that_is_late_says_so_once() {
    let mut plan = plan();
    plan.directives.clear();
    plan.life_wishes.clear();
    plan.earlier.current = None;
    let spoken = spoken(&plan);
    let told = doubtful(&plan, past(&[], &spoken), day("2026-08-01"));
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("hoort elke 6 maanden opnieuw besproken te worden"), "{told:?}");
}

#[test]
fn the_task_to_look_again_comes_with_what_asks_for_it_first() {
    let mut plan = plan();
    let due = |content: &Content, steps: &[Step]| {
        let spoken = spoken(content);
        let all = wanted(past(steps, &spoken));
        let one: Vec<_> = all.iter().filter(|w| w.kind == Kind::Review).map(|w| w.due).collect();
        assert!(one.len() < 2 && !all.iter().any(|w| w.kind == Kind::Signal));
        one.first().copied()
    };
    let all = steps(&[("2026-02-03", admitted())]);
    assert_eq!(due(&plan, &all), Some(day("2026-02-17")), "two weeks after it was written down");
    assert_eq!(due(&plan, &[]), Some(day("2026-04-01")), "the day that a wish ends");
    plan.life_wishes.clear();
    assert_eq!(due(&plan, &[]), Some(day("2026-05-31")));
    plan.directives.clear();
    assert_eq!(due(&plan, &[]), Some(day("2026-07-10")));
    let wrong = Happening::Mistaken { step: 1, title: String::new(), reason: "andere patiënt".into() };
    let back = steps(&[("2026-02-03", admitted()), ("2026-02-04", happened(wrong))]);
    assert_eq!(due(&plan, &back), Some(day("2026-07-10")), "what was a mistake asks for nothing");
    let spoken = spoken(&plan);
    let state = stands(past(&all, &spoken), day("2026-02-05"));
    assert_eq!(state, State::ReviewDue { on: day("2026-02-03"), changed: true });
    assert!(state.sentence().contains("sinds 3 februari 2026"));
}

#[test]
fn without_a_plan_it_is_a_signal_to_take_up() {
    let all = steps(&[("2026-02-03", admitted())]);
    let nothing = Past { steps: &all, spoken: None, draft_since: None, died_on: None, months: 6 };
    assert_eq!(stands(nothing, day("2026-02-05")), State::Signalled { since: day("2026-02-03") });
    assert_eq!(wanted(nothing).iter().map(|w| w.kind).collect::<Vec<_>>(), [Kind::Signal]);
    assert!(why(nothing, day("2026-02-05")).is_empty(), "there is no plan to doubt");
}

#[test]
fn a_diagnosis_of_dementia_puts_somebody_in_the_group() {
    let dementia = Happening::Diagnosis { condition: crate::signal::Condition::Dementia, words: None };
    let all = steps(&[("2026-02-03", happened(dementia))]);
    assert_eq!(groups(&all), [Group::Dementia]);
    assert!(groups(&[]).is_empty());
}

#[test]
fn the_shortest_of_organisation_and_group_holds() {
    let dementia = &[Group::Dementia][..];
    let both = &[Group::Dementia, Group::Palliative][..];
    let own = groups_of("dementia=4 palliative=2 nonsense=3 dementia=x");
    assert_eq!(groups_text(&own), "dementia=4 palliative=2");
    for (organisation, of_groups, instance, groups, expected) in [
        (None, &[][..], 6, &[][..], 6),
        (Some(12), &[], 6, &[], 12),
        (Some(12), &[], 6, dementia, 6),
        (Some(3), &[], 6, both, 3),
        (None, &[], 0, dementia, 0),
        (Some(12), &own, 6, dementia, 4),
        (Some(12), &own, 6, both, 2),
        (Some(12), &own, 6, &[], 12),
    ] {
        assert_eq!(months(organisation, of_groups, instance, groups), expected);
    }
}

#[test]
fn the_interval_ends_on_a_day_that_exists() {
    assert_eq!(due_on(day("2026-08-31"), 6), Some(day("2027-02-28")));
    assert_eq!(due_on(day("2026-08-31"), 0), None);
    assert_eq!(asks_from(day("2027-02-28")), day("2027-01-31"));
}
