use super::given::{DiscussedGiven, MeetingGiven, Part, TaskGiven, discussed as read, events, meeting};
use super::*;
use crate::path::tests::by;
use crate::path::{End, Past, Step, What};
use crate::role::Role;
use crate::task;
use crate::task::{Wanted, wanted};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn id() -> MeetingId {
    MeetingId::from_bits(1)
}

fn held() -> Meeting {
    let given =
        MeetingGiven { kind: "patz".into(), on: "2026-11-20".into(), at: "14 uur".into(), ..Default::default() };
    meeting(&given, &OrganisationId::from_bits(1), day("2026-11-20")).unwrap()
}

fn nurse() -> AskedOf {
    AskedOf::Team {
        organisation: OrganisationId::from_bits(2),
        role: Role::DistrictNurse,
        person: Some(PersonId::from_bits(7)),
        words: "Saskia de Wit, wijkverpleegkundige".into(),
    }
}

fn task_given(what: &str) -> TaskGiven {
    TaskGiven { who: Some(nurse()), what: what.into(), by: "2026-12-01".into(), ..TaskGiven::default() }
}

fn steps(events: Vec<What>) -> Vec<Step> {
    (1..)
        .zip(events)
        .map(|(number, what)| Step {
            number,
            at: "2026-11-20T14:00:00Z".parse().unwrap(),
            day: day("2026-11-20"),
            by: by(),
            what,
        })
        .collect()
}

fn step(event: Event) -> What {
    What::Meeting(Box::new(event))
}

fn parts(flaws: &[super::given::Flaw]) -> Vec<Part> {
    flaws.iter().map(|f| f.part).collect()
}

#[test]
fn a_meeting_has_a_kind_and_a_day_near_by() {
    let organisation = OrganisationId::from_bits(1);
    let wrong = |given: MeetingGiven| parts(&meeting(&given, &organisation, day("2026-11-20")).unwrap_err());
    assert_eq!(wrong(MeetingGiven::default()), [Part::Kind, Part::On]);
    let good = MeetingGiven { kind: "mdo".into(), on: "2026-12-08".into(), ..Default::default() };
    for (on, at, place) in [("2028-01-01", "", ""), ("2024-01-01", "", ""), ("8 december", "", "")] {
        let given = MeetingGiven { on: on.into(), at: at.into(), place: place.into(), ..good.clone() };
        assert_eq!(wrong(given), [Part::On], "{on}");
    }
    let long = MeetingGiven { at: "half elf".into(), place: "a".repeat(201), others: "b\n".repeat(2), ..good.clone() };
    assert_eq!(wrong(long), [Part::At, Part::Place]);
    let made = meeting(
        &MeetingGiven { at: "10.30".into(), place: "kamer 2".into(), ..good },
        &organisation,
        day("2026-11-20"),
    );
    let made = made.unwrap();
    assert_eq!(
        (made.title().as_str(), made.when_and_where().as_str()),
        ("MDO op 8 december 2026", "om 10.30 uur, kamer 2")
    );
    assert!(made.is_for(&organisation) && !made.is_for(&OrganisationId::from_bits(2)));
}

#[test]
fn what_contradicts_is_named_and_a_task_needs_who_what_and_when() {
    let wrong = |given: DiscussedGiven| read(&given, &id(), &held(), day("2026-11-20")).unwrap_err();
    assert_eq!(parts(&wrong(DiscussedGiven::default())), [Part::Decisions]);
    let both = DiscussedGiven { decisions: vec!["nothing".into(), "converse".into()], ..Default::default() };
    let flaws = wrong(both);
    assert!(flaws[0].sentence.contains("een gesprek over wensen en grenzen voeren"), "{flaws:?}");
    let other = DiscussedGiven { decisions: vec!["other".into()], ..Default::default() };
    assert_eq!(parts(&wrong(other)), [Part::Words]);
    let again = DiscussedGiven { decisions: vec!["again".into(), "nothing".into()], ..Default::default() };
    assert!(read(&again, &id(), &held(), day("2026-11-20")).is_ok(), "nothing now, and back next time");
    let rows = vec![
        TaskGiven::default(),
        TaskGiven { what: "bellen".into(), ..TaskGiven::default() },
        TaskGiven { outside: "dochter".into(), by: "2026-11-19".into(), ..task_given("komt langs") },
        TaskGiven { by: "2028-01-01".into(), what: String::new(), ..task_given("") },
    ];
    let given = DiscussedGiven {
        decisions: vec!["converse".into()],
        lead: Some("S. de Wit".into()),
        lead_outside: "huisarts".into(),
        tasks: rows,
        ..Default::default()
    };
    assert_eq!(
        parts(&wrong(given)),
        [Part::Lead, Part::Who(1), Part::By(1), Part::Outside(2), Part::By(2), Part::What(3), Part::By(3)]
    );
}

#[test]
fn what_was_agreed_waits_until_somebody_tells_what_came_of_it() {
    let given = DiscussedGiven {
        knows: vec!["S. de Wit".into()],
        knows_too: "S. de Wit\nde huisarts".into(),
        decisions: vec!["converse".into(), "marked".into()],
        tasks: vec![
            task_given("plant een gesprek"),
            TaskGiven { who: None, outside: "dochter".into(), ..task_given("zoekt de map") },
        ],
        ..Default::default()
    };
    let (said, tasks) = read(&given, &id(), &held(), day("2026-11-20")).unwrap();
    assert_eq!(said.knows, ["S. de Wit", "de huisarts"]);
    assert_eq!(said.sentence(), "Een gesprek over wensen en grenzen voeren en de palliatieve fase is gemarkeerd.");
    let mut all: Vec<What> = events(None, said.clone(), tasks, &[]).into_iter().map(step).collect();
    assert!(events(Some(&said), said.clone(), Vec::new(), &[]).is_empty(), "nothing new, nothing written");
    let past = |steps: &[Step]| {
        let past = Past { steps, spoken: None, draft_since: None, died_on: None, months: 6 };
        wanted(past).into_iter().filter(|w| w.kind == task::Kind::Agreed).collect::<Vec<Wanted>>()
    };
    let written = steps(all.clone());
    let due = day("2026-12-01");
    let want = |about| Wanted { kind: task::Kind::Agreed, about, due };
    assert_eq!(past(&written), [want(2), want(3)]);
    assert_eq!(assignee(&written, 2).unwrap().person, Some(PersonId::from_bits(7)));
    assert_eq!(assignee(&written, 3).unwrap().organisation, by().organisation, "who wrote it down keeps an eye on it");
    assert_eq!(last_event(&written, &id()), 3);
    all.push(step(Event::Reported { task: 2, outcome: Outcome::Done, words: "gesprek op 3 december".into() }));
    all.push(step(Event::Reported { task: 2, outcome: Outcome::NotNeeded, words: "dubbel".into() }));
    let written = steps(all.clone());
    assert_eq!(past(&written), [want(3)]);
    assert_eq!(super::tasks(&written)[0].outcome(), Some((Outcome::Done, "gesprek op 3 december")), "the first stays");
    assert_eq!(last_event(&written, &id()), 3, "a report is no word of the meeting");
    let mut dropped = all.clone();
    dropped.push(step(Event::Dropped { meeting: id(), task: 3 }));
    let written = steps(dropped);
    assert!(past(&written).is_empty() && super::tasks(&written)[1].is_dropped());
    all.push(What::Ended { why: End::Moved, words: None });
    assert!(past(&steps(all.clone())).is_empty(), "it ended with the path");
    all.push(step(Event::Agreed(Agreed { meeting: id(), who: nurse(), what: "belt de familie".into(), by: due })));
    assert_eq!(past(&steps(all)), [want(7)], "and what is agreed since is done");
}

#[test]
fn who_wants_no_conversation_is_cared_for_all_the_same() {
    let no = What::Asked(crate::signal::Openness::No { reason: "liever niet".into() });
    let task = step(Event::Agreed(Agreed { meeting: id(), who: nurse(), what: "belt".into(), by: day("2026-12-01") }));
    let all = steps(vec![task, no]);
    assert_eq!(open(&all).len(), 1);
    let past = Past { steps: &all, spoken: None, draft_since: None, died_on: None, months: 6 };
    assert_eq!(wanted(past).len(), 1);
    let dead = Past { died_on: Some(day("2026-11-21")), ..past };
    assert!(wanted(dead).is_empty());
}

#[test]
fn the_newest_word_of_each_meeting_holds() {
    let said = |meeting, words: &str| {
        let said = Discussed {
            meeting: MeetingId::from_bits(meeting),
            kind: Kind::Mdo,
            knows: vec![],
            situation: None,
            decisions: vec![Decision::Again],
            words: Some(words.into()),
            lead: None,
        };
        step(Event::Discussed(said))
    };
    let all = steps(vec![said(1, "eerst"), said(2, "ander"), said(1, "verbeterd")]);
    let words: Vec<_> = discussed(&all).iter().map(|(_, d)| d.words.clone().unwrap()).collect();
    assert_eq!(words, ["verbeterd", "ander"]);
    let (title, more) = Event::Reported { task: 1, outcome: Outcome::NotPossible, words: "geen gehoor".into() }.told();
    assert_eq!((title.as_str(), more), ("Afspraak uit een overleg: niet gelukt", vec!["geen gehoor".to_owned()]));
}
