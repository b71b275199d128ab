//! One patient at a time: what each figure counts, worked out by hand.

use super::super::overlap::{People, WITHIN, Within, same};
use super::super::{Counted, Figure, Group, Life, count, family, group, next_change};
use crate::code::Place;
use crate::date::{FhirDateTime, local_day};
use crate::happening::{Capable, Death, Happening, How, Move};
use crate::onward::{Event, System};
use crate::path::{End, Step, What, tests::by};
use crate::patient::Living;
use crate::plan::{
    Content, Conversation, ConversationKey, Decision, Directive, MedicalPolicyGoal, Origin, Statement, Topic, Treatment,
};
use crate::signal::{Condition, Material, Openness, Reason, Signal};
use jiff::Timestamp;
use jiff::civil::Date;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    format!("{text}T10:00:00Z").parse().unwrap()
}

fn steps(what: &[(&str, What)]) -> Vec<Step> {
    let step = |(i, (on, what)): (usize, &(&str, What))| Step {
        number: u32::try_from(i).unwrap() + 1,
        at: at(on),
        day: local_day(at(on)),
        by: by(),
        what: what.clone(),
    };
    what.iter().enumerate().map(step).collect()
}

fn signal(on: &str, reason: Reason) -> What {
    What::Signal(Signal {
        noticed_on: day(on),
        reasons: vec![reason],
        findings: vec![],
        words: None,
        thought: None,
        talks_with: None,
    })
}

fn happened(what: Happening) -> What {
    What::Happened(Box::new(what))
}

fn moved(to: Living) -> What {
    happened(Happening::Moved(Move { how: How::Admitted, to, from: Some(Living::Home), name: None, words: None }))
}

fn died(place: Place, wished: Option<Place>, admitted: Option<&str>) -> What {
    happened(Happening::Died(Death { place, wished, admitted_on: admitted.map(day), words: None }))
}

fn talked(days: &[&str]) -> Content {
    let conversation = |(i, on): (usize, &&str)| Conversation {
        key: ConversationKey(u32::try_from(i).unwrap() + 1),
        held_on: Some(FhirDateTime::parse(on).unwrap()),
        ended: None,
        written_on: FhirDateTime::parse(on).unwrap(),
        held_by: Vec::new(),
        attendance: None,
        encounter: crate::plan::EncounterFacts::default(),
        procedure: crate::plan::ProcedureFacts::default(),
        version: u32::try_from(i).unwrap() + 1,
        recorded_at: at(on),
    };
    Content { conversations: days.iter().enumerate().map(conversation).collect(), ..Content::default() }
}

fn said<T>(value: T) -> Topic<T> {
    let origin = Origin { version: 1, conversation: ConversationKey(1), recorded_at: at("2026-01-01") };
    let source = crate::plan::SourceFacts::default();
    Topic::said(Statement { value, said_on: None, by: Vec::new(), origin, source })
}

/// The answers for one patient, by figure, as `quarter:answer` or `quarter:answer:weeks`.
fn of(steps: &[Step], plan: Option<&Content>, looked: &[Date]) -> impl Fn(Figure) -> String {
    let life = Life { steps, plan, died_on: None, months: 6, looked, today: day("2026-11-30") };
    let all = count(life);
    move |figure| {
        let one = |c: &Counted| match c.weeks {
            Some(weeks) => format!("{}:{}:{weeks}", c.quarter, c.answer),
            None => format!("{}:{}", c.quarter, c.answer),
        };
        all.iter().find(|c| c.figure == figure).map(one).unwrap_or_default()
    }
}

#[test]
fn nobody_counts_for_whom_nothing_happened() {
    assert!(
        count(Life { steps: &[], plan: None, died_on: None, months: 6, looked: &[], today: day("2026-11-30") })
            .is_empty()
    );
}

#[test]
fn a_signal_waits_for_six_weeks() {
    let fresh = steps(&[("2026-11-20", signal("2026-11-20", Reason::Frail))]);
    assert_eq!(
        (of(&fresh, None, &[])(Figure::Coverage).as_str(), of(&fresh, None, &[])(Figure::Wait).as_str()),
        ("2026-4:2", "")
    );
    let old = steps(&[("2026-10-01", signal("2026-09-30", Reason::Frail))]);
    assert_eq!(of(&old, None, &[])(Figure::Wait), "2026-3:2");
    let soon = talked(&["2026-11-11"]);
    assert_eq!(of(&old, Some(&soon), &[])(Figure::Wait), "2026-3:0:6", "on the 42nd day");
    let later = talked(&["2026-11-12"]);
    assert_eq!(of(&old, Some(&later), &[])(Figure::Wait), "2026-3:1:6");
    let mut not_now = old.clone();
    let answer = Openness::NotNow { ask_again_on: day("2027-01-01"), material: Material::Given };
    not_now.extend(steps(&[("2026-10-02", What::Asked(answer.clone()))]));
    assert_eq!(
        (of(&not_now, None, &[])(Figure::Wait), of(&not_now, None, &[])(Figure::Coverage)),
        ("2026-3:3".into(), "2026-3:1".into())
    );
    let late = talked(&["2026-11-29"]);
    assert_eq!(of(&not_now, Some(&late), &[])(Figure::Wait), "2026-3:3", "who did not want to does not count as late");
    let mut afterwards = old.clone();
    afterwards.extend(steps(&[("2026-11-30", What::Asked(answer))]));
    assert_eq!(
        of(&afterwards, Some(&late), &[])(Figure::Wait),
        "2026-3:1:8",
        "what was said after the first conversation excuses nothing: 60 days are late"
    );
    let mut gone = old.clone();
    gone.extend(steps(&[("2026-11-20", What::Ended { why: End::Moved, words: None })]));
    let both = |plan| [Figure::Wait, Figure::Coverage].map(of(&gone, plan, &[]));
    assert_eq!(both(None), ["", ""], "who moved away unasked is for others to ask");
    assert_eq!(both(Some(&late)), ["2026-3:1:8", "2026-3:0"]);
    let before = talked(&["2026-01-05"]);
    assert_eq!(of(&old, Some(&before), &[])(Figure::Wait), "", "who has a plan waits for no first conversation");
    assert_eq!(of(&old, Some(&before), &[])(Figure::Coverage), "2026-1:0");
}

#[test]
fn it_changes_by_itself_on_a_day_that_is_known() {
    let all = steps(&[("2026-11-20", signal("2026-11-20", Reason::Dementia))]);
    let life = Life { steps: &all, plan: None, died_on: None, months: 6, looked: &[], today: day("2026-11-30") };
    assert_eq!(next_change(life), Some(day("2027-01-01")), "six weeks");
    assert_eq!(next_change(Life { today: day("2027-01-01"), ..life }), Some(day("2027-05-21")), "half a year");
    let plan = talked(&["2026-11-25"]);
    let life = Life { plan: Some(&plan), today: day("2027-05-21"), ..life };
    assert_eq!(next_change(life), Some(day("2027-05-26")), "the day after the review was due");
}

#[test]
fn dementia_is_counted_from_its_diagnosis() {
    let all = steps(&[("2026-02-02", happened(Happening::Diagnosis { condition: Condition::Dementia, words: None }))]);
    assert_eq!(group(&all), Group::Dementia);
    let with = |days: &[&str]| of(&all, Some(&talked(days)), &[])(Figure::Dementia);
    assert_eq!(with(&["2026-03-02"]), "2026-1:0:4");
    assert_eq!(with(&["2025-03-02"]), "2026-1:1");
    assert_eq!(with(&["2026-09-02"]), "2026-1:2:30");
    assert_eq!(of(&all, None, &[])(Figure::Dementia), "2026-1:3");
    let cancer = steps(&[("2026-02-02", happened(Happening::Diagnosis { condition: Condition::Cancer, words: None }))]);
    assert_eq!((group(&cancer), of(&cancer, None, &[])(Figure::Dementia)), (Group::Cancer, String::new()));
}

#[test]
fn a_review_is_in_time_within_the_interval() {
    let with = |days: &[&str]| of(&[], Some(&talked(days)), &[])(Figure::Reviewed);
    assert_eq!(with(&["2026-07-01"]), "", "not due yet");
    assert_eq!(with(&["2026-01-01"]), "2026-3:2", "due on 1 July, and not done");
    assert_eq!(with(&["2026-01-01", "2026-07-01"]), "2026-3:0");
    assert_eq!(with(&["2026-01-01", "2026-07-02"]), "2026-3:1");
    let gone = steps(&[("2026-06-01", died(Place::Home, None, None))]);
    assert_eq!(of(&gone, Some(&talked(&["2026-01-01"])), &[])(Figure::Reviewed), "", "died before it was due");
}

#[test]
fn too_late_has_three_causes_and_the_first_one_counts() {
    let home =
        steps(&[("2026-04-01", moved(Living::NursingHome)), ("2026-05-01", died(Place::NursingHome, None, None))]);
    assert_eq!(of(&home, Some(&talked(&["2026-03-31"])), &[])(Figure::Late), "2026-2:0");
    assert_eq!(of(&home, Some(&talked(&["2026-04-01"])), &[])(Figure::Late), "2026-2:1", "at the admission itself");
    let incapable = steps(&[("2026-04-01", happened(Happening::Capacity { now: Capable::No, words: None }))]);
    assert_eq!(of(&incapable, Some(&talked(&["2026-06-01"])), &[])(Figure::Late), "2026-2:2");
    let doubt = steps(&[("2026-04-01", happened(Happening::Capacity { now: Capable::Doubt, words: None }))]);
    assert_eq!(of(&doubt, None, &[])(Figure::Late), "");
    let dead = steps(&[("2026-05-01", died(Place::Home, None, None))]);
    assert_eq!(of(&dead, None, &[])(Figure::Late), "2026-2:3");
    assert_eq!(of(&dead, Some(&talked(&["2026-05-01"])), &[])(Figure::Late), "2026-2:0");
    let capacity = crate::plan::LegalCapacity { capable: Some(false), ..crate::plan::LegalCapacity::default() };
    let plan = Content { capacity: said(capacity), ..talked(&["2026-06-01"]) };
    assert_eq!(of(&[], Some(&plan), &[])(Figure::Late), "2026-2:2", "known at the first conversation");
}

#[test]
fn death_is_counted_with_what_is_known_of_it() {
    let all = |place, wished, admitted| steps(&[("2026-05-31", died(place, wished, admitted))]);
    let of = |steps: &[Step]| {
        let of = of(steps, None, &[]);
        [Figure::Wished, Figure::Place, Figure::LastMonth].map(of)
    };
    assert_eq!(of(&all(Place::Home, Some(Place::Home), Some("2026-05-01"))), ["2026-2:0", "2026-2:0", "2026-2:0"]);
    assert_eq!(
        of(&all(Place::Hospital, Some(Place::Hospice), Some("2026-04-30"))),
        ["2026-2:1", "2026-2:4", "2026-2:1"]
    );
    assert_eq!(of(&all(Place::Unknown, None, None)), ["2026-2:2", "2026-2:5", "2026-2:2"]);
    let mut taken_back = all(Place::Home, None, None);
    taken_back.push(Step {
        number: 2,
        what: happened(Happening::Mistaken { step: 1, title: "Overleden".into(), reason: "verkeerd".into() }),
        ..taken_back[0].clone()
    });
    assert_eq!(of(&taken_back), ["", "", ""]);
}

#[test]
fn a_plan_is_read_around_an_admission() {
    let all = steps(&[("2026-05-10", moved(Living::Hospital))]);
    let plan = talked(&["2026-03-01"]);
    let on = |looked: &[Date]| of(&all, Some(&plan), looked)(Figure::Emergency);
    assert_eq!((on(&[day("2026-05-12")]), on(&[day("2026-05-13")])), ("2026-2:0".into(), "2026-2:1".into()));
    assert_eq!(of(&all, None, &[])(Figure::Emergency), "", "there was no plan to read");
}

#[test]
fn a_plan_is_complete_explained_and_in_the_own_record() {
    let mut plan = talked(&["2026-03-01", "2026-08-01"]);
    plan.goal = said(MedicalPolicyGoal { goal: crate::code::PolicyGoal::Unknown, comment: None, start: None });
    let explained = Directive { comment: Some("te zwaar".into()), ..Directive::of(Decision::DoNot) };
    plan.directives.insert(Treatment::Cpr, said(explained));
    plan.directives.insert(Treatment::Hospital, said(Directive::of(Decision::Perform)));
    let ticked = |on: &str| {
        let event = Event::Recorded { system: System::His, words: None, version: 2 };
        steps(&[(on, What::Onward(Box::new(event)))])
    };
    let of = |steps: &[Step], plan: &Content| {
        let of = of(steps, Some(plan), &[]);
        [Figure::Complete, Figure::Reasons, Figure::Own].map(of)
    };
    assert_eq!(of(&ticked("2026-08-01"), &plan), ["2026-3:2", "2026-3:0", "2026-3:0"]);
    plan.directives.insert(Treatment::Icu, said(Directive::of(Decision::DoNot)));
    plan.directives.insert(Treatment::Antibiotics, said(Directive::of(Decision::Perform)));
    assert_eq!(of(&ticked("2026-07-31"), &plan), ["2026-3:1", "2026-3:1", "2026-3:1"]);
    assert_eq!(of(&[], &talked(&["2026-08-01"]))[1], "", "without a limit there is no reason to give");
}

/// What may be shown is decided for them together.
#[test]
fn figures_of_a_family_count_the_same_people_or_some_of_them() {
    let dead = |place, wished, admitted| ("2026-05-31", died(place, wished, admitted));
    let asked = Openness::NotNow { ask_again_on: day("2027-01-01"), material: Material::Given };
    let all = [
        dead(Place::Home, Some(Place::Home), Some("2026-05-01")),
        dead(Place::Unknown, None, None),
        ("2026-05-30", moved(Living::Hospital)),
        ("2026-01-02", signal("2026-01-02", Reason::Frail)),
        ("2026-07-20", signal("2026-07-20", Reason::Frail)),
        ("2026-01-20", What::Asked(asked)),
        ("2026-02-20", What::Ended { why: End::Moved, words: None }),
    ];
    let talks: [&[&str]; 5] =
        [&[], &["2026-01-20"], &["2026-03-01"], &["2026-03-01", "2026-08-01"], &["2026-01-01", "2026-11-01"]];
    let mut seen = [0; WITHIN.len()];
    for (chosen, days) in (0_u32..1 << all.len()).flat_map(|chosen| talks.iter().map(move |days| (chosen, *days))) {
        let mut life: Vec<_> = (0..all.len()).filter(|n| chosen & (1 << n) != 0).map(|n| all[n].clone()).collect();
        life.sort_by_key(|(on, _)| *on);
        let mut plan = talked(days);
        if chosen % 3 == 0 {
            plan.directives.insert(Treatment::Cpr, said(Directive::of(Decision::DoNot)));
        }
        let life = steps(&life);
        let plan = (!days.is_empty()).then_some(&plan);
        let life = Life { steps: &life, plan, died_on: None, months: 6, looked: &[], today: day("2026-11-30") };
        let counted = count(life);
        let quarter = |figure: Figure| counted.iter().find(|c| c.figure == figure).map(|c| c.quarter);
        for same in
            [[Figure::Complete, Figure::Own], [Figure::Wished, Figure::Place], [Figure::Place, Figure::LastMonth]]
        {
            assert_eq!(quarter(same[0]), quarter(same[1]), "{same:?}");
        }
        for (n, within) in WITHIN.iter().enumerate() {
            let has = |p: &People| {
                counted.iter().find(|c| c.figure == p.figure && p.answers.contains(&c.answer)).map(|c| c.quarter)
            };
            if let Some(inner) = has(&within.inner) {
                assert_eq!(has(&within.outer), Some(inner), "{within:?} {life:?}");
                seen[n] += 1;
            }
        }
    }
    assert!(seen.iter().all(|n| *n > 0), "each is tried: {seen:?}");
    for figure in Figure::ALL {
        let all = same(*figure);
        assert!(all.contains(figure) && all.iter().all(|other| same(*other) == all), "{figure:?}");
        assert!(family(*figure).starts_with(all), "{figure:?}");
    }
    let beside = |w: &Within| family(w.inner.figure).contains(&w.outer.figure);
    assert!(WITHIN.iter().all(beside));
}
