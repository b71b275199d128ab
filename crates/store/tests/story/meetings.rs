//! A meeting with its list: who may open it, what it decides of a patient, and the tasks that follow.

use crate::path::{carer, date, day, kinds, known, nurse, open, world};
use crate::world::{Place, gp, log_of, may, organisation, recorder};
use domain::access::{Action, Actor};
use domain::ident::{MeetingId, PatientId};
use domain::meeting::{
    Agreed, Attendee, Decision, Discussed, Event, Kind as MeetingKind, Meeting, Outcome, discussed, last_event,
};
use domain::path::What;
use domain::signal::{Reason, Signal};
use domain::talk::AskedOf;
use domain::task::{Deed, Kind, Refused};
use store::meetings::Span;
use store::path::Path;
use store::tasks::{Did, Whose};
use store::{Error, Store};

fn meeting(on: i64, with: &[u128]) -> Meeting {
    Meeting {
        kind: MeetingKind::Patz,
        organisation: organisation(1),
        on: date(on),
        at: None,
        place: Some("Vergaderkamer Zonneweide".into()),
        chair: Some("dr. Tijdig".into()),
        with: with.iter().map(|n| organisation(*n)).collect(),
        attends: vec![Attendee { person: None, words: "Mia Bakker, wijkverpleegkundige".into() }],
    }
}

fn said(id: &MeetingId, decision: Decision) -> Event {
    Event::Discussed(Discussed {
        meeting: id.clone(),
        kind: MeetingKind::Patz,
        knows: vec!["Mia Bakker".into()],
        situation: Some("wordt snel moeer, zegt Zonneweide".into()),
        decisions: vec![decision],
        words: None,
        lead: None,
    })
}

fn agreed(id: &MeetingId, to: &Actor, by: i64) -> Event {
    let domain::access::Who::Person(person) = &to.who else { unreachable!() };
    Event::Agreed(Agreed {
        meeting: id.clone(),
        who: AskedOf::Team {
            organisation: to.organisation.clone(),
            role: to.role.unwrap(),
            person: Some(person.clone()),
            words: "Mia Bakker".into(),
        },
        what: "belt de dochter van Zonneweide".into(),
        by: date(by),
    })
}

async fn path(store: &Store, id: &PatientId, on: i64) -> Path {
    store.path(&may(&gp(1), Action::ReadPlan, id), day(on)).await.unwrap()
}

async fn list(store: &Store, meeting: &MeetingId, id: &PatientId) -> bool {
    store.put_on_list(&may(&gp(1), Action::FollowUp, id), meeting, day(1)).await.unwrap()
}

pub async fn story(place: Place) {
    let store = place.open().await;
    store.review_every(6);
    world(&store).await;
    let (first, second) = (known(&store, 7).await, known(&store, 8).await);
    let id = MeetingId::from_bits(store::random::bits());
    called_and_changed(&store, &id).await;
    the_list(&store, &id, &first, &second).await;
    decided(&store, &id, &first).await;
    reported(&store, &first).await;
    again(&store, &id, &second).await;
    let log = log_of(&store, &first, day(30)).await;
    for action in ["follow-up", "converse"] {
        assert!(log.iter().any(|r| r.action == action && r.data == "meeting"), "{action} stands in the patient's log");
    }
    let open = place.texts("SELECT on_day FROM meeting").await;
    assert_eq!(open.len(), 2);
    let sealed = place.number("SELECT count(*) FROM meeting WHERE CAST(sealed AS TEXT) LIKE '%Zonneweide%'");
    if place.is_sqlite() {
        assert_eq!(sealed.await, 0, "nothing of a meeting can be read");
    }
    assert!(store.verify().await.unwrap().is_whole());
    store.close().await.unwrap();
}

async fn called_and_changed(store: &Store, id: &MeetingId) {
    assert!(store.write_meeting(&gp(1), id, &meeting(5, &[]), 0, day(0)).await.unwrap());
    assert_eq!(store.meeting(&nurse(), id).await.unwrap(), None, "who takes no part does not open it");
    assert!(store.write_meeting(&gp(1), id, &meeting(2, &[2]), 1, day(0)).await.unwrap());
    assert!(!store.write_meeting(&gp(1), id, &meeting(9, &[]), 1, day(0)).await.unwrap(), "somebody was first");
    let called = store.meeting(&nurse(), id).await.unwrap().unwrap();
    assert_eq!((called.revision, &called.meeting), (2, &meeting(2, &[2])));
    for who in [gp(1), nurse()] {
        assert_eq!(store.meetings(&who, Span::From(date(0)), 9).await.unwrap().len(), 1);
        assert!(store.meetings(&who, Span::Before(date(0)), 9).await.unwrap().is_empty());
        assert_eq!(store.meetings(&who, Span::Before(date(3)), 9).await.unwrap().len(), 1);
    }
    assert!(store.meetings(&gp(3), Span::From(date(0)), 9).await.unwrap().is_empty());
}

async fn the_list(store: &Store, id: &MeetingId, first: &PatientId, second: &PatientId) {
    assert!(store.meeting_candidates(&gp(1), date(30), 9, day(0)).await.unwrap().is_empty(), "nobody waits");
    let signal = Signal {
        noticed_on: date(0),
        reasons: vec![Reason::MoreFrail],
        findings: vec![],
        words: None,
        thought: None,
        talks_with: None,
    };
    let leave = may(&carer(), Action::Signal, first);
    store.add_steps(&leave, &[(date(0), What::Signal(signal))], None, &recorder(&carer()), day(0)).await.unwrap();
    let proposed = store.meeting_candidates(&gp(1), date(30), 9, day(0)).await.unwrap();
    assert_eq!(
        (proposed.len(), &proposed[0].patient),
        (1, first),
        "the task is the nurse's, the patient the practice's too"
    );
    assert_eq!(proposed[0].asks.map(|(kind, _)| kind), Some(Kind::Signal));
    assert!(store.meeting_candidates(&gp(3), date(30), 9, day(0)).await.unwrap().is_empty());
    for patient in [first, second] {
        assert!(list(store, id, patient).await);
        assert!(!list(store, id, patient).await, "once");
    }
    let leave = may(&gp(1), Action::FollowUp, second);
    assert!(store.take_off_list(&leave, id, day(1)).await.unwrap());
    assert!(list(store, id, second).await);
    let listed: Vec<_> =
        store.listed(id).await.unwrap().into_iter().map(|l| (l.number, l.patient, l.decided)).collect();
    assert_eq!(listed, [(1, first.clone(), false), (2, second.clone(), false)]);
}

async fn decided(store: &Store, id: &MeetingId, first: &PatientId) {
    let events = [said(id, Decision::Converse), agreed(id, &nurse(), 6), agreed(id, &carer(), 7)];
    let leave = may(&gp(1), Action::FollowUp, first);
    let refused = store.decide(&leave, id, date(2), &events, 0, &recorder(&gp(1)), day(2)).await;
    assert!(matches!(refused, Err(Error::Permit(_))), "another leave");
    let leave = may(&gp(1), Action::Converse, first);
    assert!(store.decide(&leave, id, date(2), &events, 0, &recorder(&gp(1)), day(2)).await.unwrap());
    assert!(
        !store.decide(&leave, id, date(2), &events, 0, &recorder(&gp(1)), day(2)).await.unwrap(),
        "somebody was first"
    );
    let other = MeetingId::from_bits(9);
    let lost =
        store.decide(&leave, &other, date(2), &[said(&other, Decision::Nothing)], 0, &recorder(&gp(1)), day(2)).await;
    assert!(matches!(lost, Err(Error::Missing(_))), "not on that list");
    let steps = path(store, first, 3).await.steps;
    assert_eq!(discussed(&steps).len(), 1, "what failed left nothing");
    assert_eq!(last_event(&steps, id), 4);
    let waits = open(store, &nurse(), Whose::Own, 30).await;
    assert_eq!(kinds(&waits), [Kind::Signal, Kind::Agreed], "hers by name, beside what waits for her role");
    assert_eq!(kinds(&open(store, &carer(), Whose::Own, 30).await), [Kind::Agreed]);
    let leave = may(&gp(1), Action::FollowUp, first);
    assert!(!store.take_off_list(&leave, id, day(3)).await.unwrap(), "what was decided stays on the list");
    // A task is taken back by the meeting.
    let leave = may(&gp(1), Action::Converse, first);
    let dropped = [Event::Dropped { meeting: id.clone(), task: 4 }];
    assert!(store.decide(&leave, id, date(2), &dropped, 4, &recorder(&gp(1)), day(3)).await.unwrap());
    assert!(open(store, &carer(), Whose::Own, 30).await.is_empty());
}

async fn reported(store: &Store, first: &PatientId) {
    let task = open(store, &nurse(), Whose::Own, 30).await.into_iter().find(|t| t.kind == Kind::Agreed).unwrap();
    let done = |words: &str| Deed::Report { outcome: Outcome::Done, words: words.into() };
    let act = async |who: &Actor, deed: Deed, seen: usize, on: i64| {
        let leave = may(who, Action::FollowUp, first);
        store.do_task(&leave, task.number, seen, &deed, &recorder(who), day(on), date(on)).await.unwrap()
    };
    assert_eq!(act(&gp(1), done("gebeld"), 0, 3).await, Did::Refused(Refused::NotYours));
    assert_eq!(act(&nurse(), done(" "), 0, 3).await, Did::Refused(Refused::NoWords));
    // Put off and still the same task, whatever else happens on the path.
    let later = Deed::PutOff { until: date(9), note: "dochter op reis".into() };
    assert_eq!(act(&nurse(), later, 0, 3).await, Did::Done);
    let leave = may(&carer(), Action::FollowUp, first);
    store.add_steps(&leave, &[(date(3), What::TakenUp)], None, &recorder(&carer()), day(3)).await.unwrap();
    assert!(matches!(act(&nurse(), done("gebeld"), 0, 4).await, Did::Changed(_)));
    assert_eq!(act(&nurse(), done("gebeld, komt dinsdag"), 1, 4).await, Did::Done);
    assert_eq!(act(&nurse(), done("nog eens"), 2, 4).await, Did::Gone);
    let path = path(store, first, 4).await;
    assert!(path.tasks.iter().all(|t| t.kind != Kind::Agreed));
    let tasks = domain::meeting::tasks(&path.steps);
    assert_eq!(tasks[0].outcome(), Some((Outcome::Done, "gebeld, komt dinsdag")));
    assert!(tasks[1].is_dropped());
}

async fn again(store: &Store, id: &MeetingId, second: &PatientId) {
    let leave = may(&gp(1), Action::Converse, second);
    let events = [said(id, Decision::Again)];
    assert!(store.decide(&leave, id, date(2), &events, 0, &recorder(&gp(1)), day(3)).await.unwrap());
    let proposed = store.meeting_candidates(&gp(1), date(3), 9, day(3)).await.unwrap();
    assert_eq!(proposed[0].patient, *second);
    assert_eq!(proposed[0].asks, None, "the meeting wanted to see them again");
    let next = MeetingId::from_bits(store::random::bits());
    assert!(store.write_meeting(&gp(1), &next, &meeting(9, &[2]), 0, day(3)).await.unwrap());
    assert!(list(store, &next, second).await);
    let proposed = store.meeting_candidates(&gp(1), date(3), 9, day(3)).await.unwrap();
    assert!(proposed.iter().all(|c| c.patient != *second), "and is on the next list");
}
