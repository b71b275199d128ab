//! The pages of plans elsewhere, from the sample.

use super::checks::whole_and_labelled;
use super::pages::{frame, of};
use super::plan::{Sample, actor, sample};
use crate::forms::Fields;
use crate::pages::admin::sources::{SourceRow, SourcesPage};
use crate::pages::elsewhere::{Beside, sample_view};
use crate::pages::field::Problem;
use crate::pages::frame::{Place, Tab};
use crate::viewer::{Begin, Failure, Found, Round, Source};
use askama::Template;
use domain::conflicts::Differs;
use domain::date::FhirDateTime;
use domain::elsewhere::Event;
use domain::ident::{OrganisationId, PersonId};
use domain::path::{Step, What};
use domain::plan::{Content, Decision, TopicId, Treatment};
use domain::role::Role;
use std::sync::Arc;

fn sources() -> Vec<Arc<Source>> {
    ["Ziekenhuis Gelre", "Verpleeghuis <Zuid>", "Hospice De Brug", "Thuiszorg Nabij"]
        .map(|name| Arc::new(Source::sample(name)))
        .to_vec()
}

fn plan(content: Content, left_out: usize) -> Found {
    Found { plan: Some(content), known: true, other_name: left_out > 0, left_out }
}

/// A round in which so many answered.
fn round(sample: &Sample, answered: usize) -> Round {
    let of = |n: usize| sample.versions[n].version.content.clone();
    let mut other = of(3);
    if let Some(cpr) = other.directives.get_mut(&Treatment::Cpr).and_then(|t| t.current.as_mut()) {
        cpr.value.decision = Decision::Perform;
        cpr.said_on = FhirDateTime::parse("2026-10-02").ok();
    }
    other.care_wishes = of(0).care_wishes;
    other.goal.current = None;
    let round = Round::new(
        "ronde".to_owned(),
        Begin {
            person: PersonId::from_bits(1),
            organisation: OrganisationId::from_bits(1),
            patient: sample.id.clone(),
            identity: sample.patient.clone(),
            own: Some(domain::plan::CurrentPlan::from(&sample.versions[1].version)),
            sources: sources(),
            at: "2026-11-22T12:00:00Z".parse().unwrap(),
        },
    );
    let answer = |n| match n {
        0 => Ok(plan(other.clone(), 0)),
        1 => Ok(plan(of(1), 2)),
        2 => Ok(Found { known: true, ..Found::default() }),
        _ => Err(Failure::Late),
    };
    for n in 0..answered {
        round.answered(n, answer(n));
    }
    if answered == round.sources.len() {
        round.settle();
    }
    round
}

fn steps(sample: &Sample) -> Vec<Step> {
    let topics = [TopicId::Cpr, TopicId::PlaceOfDeath].map(|topic| Differs { topic, said_on: None }).to_vec();
    let event = Event::Differs { source: "Ziekenhuis Gelre".to_owned(), topics };
    let by = sample.versions[0].version.recorder.clone();
    let at = "2026-11-22T12:00:00Z".parse().unwrap();
    vec![Step { number: 4, at, day: sample.today, by, what: What::Elsewhere(Box::new(event)) }]
}

fn page(round: Option<&Round>, open: bool, errors: &[Problem]) -> String {
    let sample = sample();
    let steps = if open { steps(&sample) } else { Vec::new() };
    let fields = Fields(vec![("waarom-4".to_owned(), "Met mevrouw <b>besproken".to_owned())]);
    let own = domain::plan::CurrentPlan::from(&sample.versions[1].version);
    let beside = Beside {
        steps: &steps,
        own: Some(&own),
        records: true,
        limits: actor(Role::Gp).may_set_limits(),
        weighs: true,
        sources: if round.is_none() && open { Vec::new() } else { sources() },
        organisation: "Huisartsenpraktijk De Linde",
        today: sample.today,
        fields: &fields,
        errors,
    };
    let frame = of(&sample, "Plannen elders", Tab::Beneath);
    sample_view(frame, &sample.id, round, &beside).render().unwrap()
}

#[test]
fn the_pages_of_plans_elsewhere_are_whole() {
    let sample = sample();
    let (busy, done) = (round(&sample, 2), round(&sample, 4));
    let wrong = [Problem::at("waarom-4", "Schrijf kort waarom het plan hier blijft gelden.")];
    let whole = page(Some(&done), true, &[]);
    for (name, html) in [
        ("elders-begin", page(None, false, &[])),
        ("elders-geen-bron", page(None, true, &[])),
        ("elders-bezig", page(Some(&busy), false, &[])),
        ("elders", whole.clone()),
        ("elders-fout", page(Some(&done), true, &wrong)),
    ] {
        whole_and_labelled(name, &html);
        assert_eq!(html.contains("http-equiv=\"refresh\""), name == "elders-bezig", "{name}");
    }
    assert!(whole.contains("Gaf geen antwoord binnen 8 seconden."), "{whole}");
    assert!(whole.contains("Hier spreken de plannen elkaar tegen") && whole.contains("het nieuwst"));
    assert!(whole.contains("4 bronnen gevraagd: 2 hebben een plan, 1 gaf geen bruikbaar antwoord."));
    assert!(!whole.contains("Verpleeghuis <Zuid>"), "what a configuration says is text");
    // Nothing of the plan here is taken over from itself.
    assert!(!whole.contains("van Hier</span>"));
}

#[test]
fn the_page_of_sources_is_whole() {
    let mut rows: Vec<SourceRow> = sources().iter().map(|s| SourceRow::of(s)).collect();
    rows[1].told = Some("Laat ons toe en spreekt FHIR.".to_owned());
    for (name, sources) in [("bronnen", rows), ("bronnen-leeg", Vec::new())] {
        let page = SourcesPage {
            frame: frame("Bronnen: plannen elders", Place::BelowAdmin),
            errors: Vec::new(),
            organisation: "Huisartsenpraktijk De Linde".to_owned(),
            action: "/beheer/organisaties/1/bronnen".to_owned(),
            sources,
        };
        whole_and_labelled(name, &page.render().unwrap());
    }
}
