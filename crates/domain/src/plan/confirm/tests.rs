use super::*;
use crate::code::RelationKind;
use crate::happening::Happening;
use crate::path::tests::by;
use crate::path::{Spoken, State, StateKind, Step, What, stands};
use crate::people::Name;
use crate::plan::sample::{Said, Story, person, professional};
use crate::plan::{Decision, NextVersion, TopicId, Treatment, VersionKind, diff, open_proposals, summary};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    format!("{text}T10:00:00Z").parse().unwrap()
}

fn plan() -> CurrentPlan {
    let piet = person(1, "Piet", "Smit", Some(RelationKind::Son));
    let story = Story::of(
        Said::on("2026-01-10")
            .limit(Treatment::Cpr, Decision::DoNot)
            .propose(Treatment::Icu, Decision::DoNot)
            .person(piet)
            .capacity(Some(true), Some(1), Some(1)),
    );
    let next = NextVersion {
        kind: VersionKind::Recorded,
        recorder: by(),
        reason: None,
        input: story.versions[0].1.clone(),
        kept_beside: Vec::new(),
    };
    CurrentPlan::from(&next.after(None, at("2026-01-10")).0)
}

fn says(patient: bool, people: &[&str], on: &str) -> ConfirmGiven {
    let people = people.iter().map(|p| (*p).to_owned()).collect();
    ConfirmGiven { patient, people, on: on.to_owned(), words: String::new() }
}

fn state(steps: &[Step], plan: &CurrentPlan, today: &str) -> State {
    let spoken = Spoken::of(&plan.content, plan.recorded_at);
    stands(Past { steps, spoken: spoken.as_ref(), draft_since: None, died_on: None, months: 6 }, day(today))
}

fn step(on: &str, happened: Happening) -> Vec<Step> {
    vec![Step { number: 1, at: at(on), day: day(on), by: by(), what: What::Happened(Box::new(happened)) }]
}

fn confirm_on(plan: &CurrentPlan, on: &str) -> CurrentPlan {
    let piet = plan.content.people[0].key.0.to_string();
    let what = confirmed(&says(true, &[&piet], on), &plan.content, day(on)).unwrap();
    let doctor = professional(ProfessionalKey(1), Name::of("Sanne", "", "Vos"), None);
    let next = NextVersion {
        kind: VersionKind::Confirmed,
        recorder: by(),
        reason: what.words.clone(),
        input: confirm(plan, &what, &doctor, at(on)),
        kept_beside: Vec::new(),
    };
    CurrentPlan::from(&next.after(Some(plan), at(on)).0)
}

#[test]
fn confirmed_unchanged_is_a_version_that_says_nothing_new() {
    let before = plan();
    let after = confirm_on(&before, "2026-07-01");
    assert_eq!((after.number, after.kind), (2, VersionKind::Confirmed));
    assert_eq!(after.content.capacity, before.content.capacity);
    assert_eq!(after.content.directives, before.content.directives, "each statement keeps its own date");
    let limits = |changes: &[crate::plan::Change]| changes.iter().filter(|c| c.topic != TopicId::Attendance).count();
    let changes = diff(&before.content, &after.content);
    assert_eq!(limits(&changes), 0, "{}", summary(&changes));
    assert_eq!(open_proposals(&after.content), [TopicId::Icu], "a proposal stays a proposal");
    // With whom and when is known.
    let (talk, with) = after.content.attended().unwrap();
    assert_eq!(talk.date().first_day(), day("2026-07-01"));
    assert!(with.patient && with.people.len() == 1);
    let held = after.content.professional(talk.held_by[0].professional).unwrap();
    assert_eq!(held.name.family.as_deref(), Some("Vos"));
}

#[test]
fn the_interval_begins_anew_and_what_happened_is_answered() {
    let mut before = plan();
    before.content.directives.remove(&Treatment::Icu);
    let happened = step("2026-06-20", Happening::Changed { what: Vec::new(), words: None });
    assert_eq!(state(&[], &before, "2026-07-11").kind(), StateKind::Overdue);
    assert_eq!(state(&happened, &before, "2026-06-21").kind(), StateKind::ReviewDue);
    let after = confirm_on(&before, "2026-07-01");
    assert_eq!(state(&happened, &after, "2026-07-11"), State::Current { review_on: Some(day("2027-01-01")) });
}

#[test]
fn what_is_wrong_is_said_at_its_field() {
    let plan = plan();
    let today = day("2026-07-01");
    let piet = plan.content.people[0].key.0.to_string();
    let fields = |given: &ConfirmGiven| {
        confirmed(given, &plan.content, today).map_err(|all| all.into_iter().map(|w| w.field).collect::<Vec<_>>())
    };
    assert!(fields(&says(false, &[&piet], "2026-06-30")).is_ok(), "with who speaks for the patient");
    for (given, wrong) in [
        (says(false, &[], ""), vec![ConfirmField::With]),
        (says(true, &["99"], ""), vec![ConfirmField::With]),
        (says(true, &[], "2026-07-02"), vec![ConfirmField::On]),
        (says(true, &[], "gisteren"), vec![ConfirmField::On]),
        (says(true, &[], "2026-01-09"), vec![ConfirmField::On]),
        (ConfirmGiven { words: "a".repeat(501), ..says(true, &[], "") }, vec![ConfirmField::Words]),
    ] {
        assert_eq!(fields(&given).unwrap_err(), wrong, "{given:?}");
    }
}

#[test]
fn what_is_certainly_not_unchanged_cannot_be_confirmed() {
    let plan = plan();
    let blocks = |steps: &[Step], plan: &CurrentPlan| {
        let spoken = Spoken::of(&plan.content, plan.recorded_at);
        let past = Past { steps, spoken: spoken.as_ref(), draft_since: None, died_on: None, months: 6 };
        obstacle(&plan.content, past, day("2026-07-01"))
    };
    assert_eq!(blocks(&[], &plan), None);
    let lost = |now| step("2026-06-20", Happening::Capacity { now, words: None });
    assert!(blocks(&lost(Capable::No), &plan).unwrap().contains("20 juni 2026"));
    assert_eq!(blocks(&lost(Capable::Doubt), &plan), None);
    let mut over = plan.clone();
    let cpr = over.content.directives.get_mut(&Treatment::Cpr).and_then(|t| t.current.as_mut()).unwrap();
    cpr.value.ended = Some(FhirDateTime::of_day(day("2026-06-30")));
    assert_eq!(blocks(&[], &over).as_deref(), Some("Reanimatie: deze afspraak gold tot en met 30 juni 2026."));
}
