//! Who read which version, who is told of a change, and what a lead hears of those who did not look.

use crate::world;
use crate::world::Place;
use crate::world::{at, fresh_id, gp, may, organisation, patient, program, registered, system, version};
use domain::access::{Action, Actor, Who};
use domain::ident::{PatientId, PersonId};
use domain::people::Name;
use domain::plan::{Decision, Directive, PlanVersion, SourceFacts, Statement, Topic, Treatment};
use domain::role::Role;
use domain::unread::{Shown, Tie};
use jiff::Timestamp;
use store::Store;
use store::leads::Candidate;
use store::organisations::{Organisation, OrganisationKind};
use store::people::{Person, RoleGrant};
use store::plans::{WriteVersion, Written};
use store::readings::Unread;
use store::tasks::Whose;
use store::team::{About, Member};
pub fn nurse() -> Actor {
    Actor { who: Who::Person(PersonId::from_bits(202)), role: Some(Role::DistrictNurse), ..gp(2) }
}

fn colleague() -> Actor {
    Actor { who: Who::Person(PersonId::from_bits(203)), role: Some(Role::Carer), ..gp(2) }
}

fn ambulance() -> Actor {
    Actor { who: Who::Person(PersonId::from_bits(301)), role: Some(Role::OutOfHours), ..gp(3) }
}

pub fn person(actor: &Actor) -> PersonId {
    let Who::Person(id) = &actor.who else { panic!("a person") };
    id.clone()
}

/// A practice and home care, with who works there; both care for the patient, whose plan has one version by the GP.
pub async fn world(store: &Store) -> PatientId {
    let kinds = [(1, OrganisationKind::GpPractice), (2, OrganisationKind::HomeCare), (3, OrganisationKind::OutOfHours)];
    for (n, kind) in kinds {
        let house = Organisation::new(organisation(n), &format!("Organisatie {n}"), kind);
        store.add_organisation(&gp(1), &house, at(0)).await.unwrap();
    }
    for actor in [gp(1), nurse(), colleague(), ambulance()] {
        let who = Person {
            id: person(&actor),
            username: person(&actor).to_string(),
            name: Name::of("Mia", "", "Bakker"),
            agb: None,
            uzi: None,
            big: None,
            active: true,
        };
        let grant =
            RoleGrant { organisation: actor.organisation.clone(), role: actor.role.unwrap(), from: at(0), until: None };
        store.add_member(&program(), &who, &grant, at(0)).await.unwrap();
    }
    let id = registered(store, 1, 1).await;
    let home_care = Member::Organisation(organisation(2));
    store.add_to_team(&may(&gp(1), Action::ManageTeam, &id), &home_care, &About::default(), at(2)).await.unwrap();
    id
}

pub async fn reads(store: &Store, actor: &Actor, id: &PatientId, shown: Shown, now: Timestamp) {
    let action = if shown == Shown::Emergency { Action::ReadEmergency } else { Action::ReadPlan };
    store.read_shown(&may(actor, action, id), now, shown).await.unwrap().unwrap();
    store.flush().await.unwrap();
}

pub async fn writes(store: &Store, by: &Actor, id: &PatientId, version: &PlanVersion, now: Timestamp) {
    let action = if by.role.is_some() { Action::RecordPlan } else { Action::DeliverPlan };
    let write = WriteVersion::of(version.number - 1, version);
    let written = store.write_version(&may(by, action, id), write, now).await.unwrap();
    assert_eq!(written, Written::Done(version.number));
}

async fn unread(store: &Store, actor: &Actor, now: Timestamp) -> Vec<Unread> {
    store.unread(actor, Whose::Own, 10, now).await.unwrap()
}

/// The n-th version, which says this of resuscitation.
pub fn limiting(number: u32, decision: Decision, now: Timestamp) -> Box<PlanVersion> {
    let mut version = version(number, "rust", &gp(1), now);
    let origin = version.content.care_wishes.current.as_ref().unwrap().origin.clone();
    let value = Directive::of(decision);
    let said = Statement { value, said_on: None, by: vec![], origin, source: SourceFacts::default() };
    version.content.directives.insert(Treatment::Cpr, Topic::said(said));
    version
}

pub async fn told(place: Place) {
    let store = place.open().await;
    let id = world(&store).await;
    let (gp, nurse) = (gp(1), nurse());
    reads(&store, &nurse, &id, Shown::Plan, at(10)).await;
    assert!(unread(&store, &nurse, at(11)).await.is_empty());
    // A system delivers: who read the plan is told, who wrote it before too, who never opened it is not.
    writes(&store, &system(1), &id, &version(2, "twee", &gp, at(20)), at(20)).await;
    writes(&store, &system(1), &id, &version(3, "drie", &gp, at(30)), at(30)).await;
    for actor in [&nurse, &gp] {
        let [one] = &unread(&store, actor, at(40)).await[..] else { panic!("one plan changed") };
        let told = one.reader.told.unwrap();
        assert_eq!((&one.patient, one.reader.knows(), told.first, told.newest), (&id, 1, 2, 3));
        assert_eq!((told.at, told.urgent), (at(20), false), "since the first that was not read; a wish");
    }
    assert!(unread(&store, &colleague(), at(40)).await.is_empty());
    assert!(store.unread(&nurse, Whose::Team, 10, at(40)).await.unwrap().is_empty(), "not in the team by name");
    assert!(store.unread(&nurse, Whose::Organisation, 10, at(40)).await.unwrap().is_empty());
    // The emergency view does not show a wish; the plan does.
    reads(&store, &nurse, &id, Shown::Emergency, at(41)).await;
    assert_eq!(unread(&store, &nurse, at(42)).await.len(), 1);
    // A sheet of an older version is no reading of the newest.
    let print = may(&nurse, Action::Print, &id);
    store.version(&print, 2, at(43)).await.unwrap().unwrap();
    store.flush().await.unwrap();
    assert_eq!(unread(&store, &nurse, at(44)).await[0].reader.knows(), 2);
    let permit = may(&nurse, Action::ReadPlan, &id);
    let (before, newest) = store.before_and_now(&permit, 2, at(44)).await.unwrap();
    assert_eq!((before.unwrap().version.number, newest.unwrap().version.number), (2, 3));
    reads(&store, &nurse, &id, Shown::Form, at(45)).await;
    assert!(unread(&store, &nurse, at(46)).await.is_empty());
    let own = store.own_reading(&permit).await.unwrap().unwrap();
    assert_eq!((own.read, own.read_at), (3, Some(at(45))));
    // Whoever records has read what they record.
    writes(&store, &nurse, &id, &version(4, "vier", &nurse, at(50)), at(50)).await;
    assert!(unread(&store, &nurse, at(51)).await.is_empty());
    assert_eq!(unread(&store, &gp, at(51)).await[0].reader.told.unwrap().newest, 4);
    // In the team by name: told without ever having opened it, of what came since.
    let named = Member::Person(person(&colleague()));
    store.add_to_team(&may(&gp, Action::ManageTeam, &id), &named, &About::default(), at(52)).await.unwrap();
    assert!(unread(&store, &colleague(), at(53)).await.is_empty());
    writes(&store, &gp, &id, &version(5, "vijf", &gp, at(60)), at(60)).await;
    let team = store.unread(&colleague(), Whose::Team, 10, at(61)).await.unwrap();
    assert_eq!((team[0].reader.read, team[0].reader.knows()), (0, 4));
    let readers = store.readers(&permit, at(61)).await.unwrap();
    let tie = |actor: &Actor| readers.iter().find(|r| r.person == person(actor)).and_then(|r| r.tie);
    assert_eq!((tie(&nurse), tie(&colleague()), tie(&gp)), (Some(Tie::Opened), Some(Tie::Named), Some(Tie::Opened)));
    // A reading is no row of the log by itself, and the log stays whole.
    assert!(store.verify().await.unwrap().is_whole());
    store.close().await.unwrap();
}

/// A limit that changes weighs more, and is told to whoever looked lately, wherever they work.
pub async fn urgent(place: Place) {
    let store = place.open().await;
    let id = world(&store).await;
    let (gp, nurse, ambulance) = (gp(1), nurse(), ambulance());
    reads(&store, &nurse, &id, Shown::Plan, at(10)).await;
    reads(&store, &ambulance, &id, Shown::Emergency, at(10)).await;
    writes(&store, &gp, &id, &version(2, "een wens", &gp, at(20)), at(20)).await;
    assert!(unread(&store, &ambulance, at(21)).await.is_empty(), "a wish is for the team");
    assert!(!unread(&store, &nurse, at(21)).await[0].reader.told.unwrap().urgent);
    writes(&store, &gp, &id, &limiting(3, Decision::DoNot, at(30)), at(30)).await;
    for actor in [&nurse, &ambulance] {
        assert!(unread(&store, actor, at(31)).await[0].reader.told.unwrap().urgent);
    }
    // The same limit once more is no change of it, and what weighed stays so until it is read.
    writes(&store, &gp, &id, &limiting(4, Decision::DoNot, at(40)), at(40)).await;
    assert!(unread(&store, &nurse, at(41)).await[0].reader.told.unwrap().urgent);
    reads(&store, &ambulance, &id, Shown::Emergency, at(42)).await;
    assert!(unread(&store, &ambulance, at(43)).await.is_empty(), "there is no more for them to see");
    reads(&store, &nurse, &id, Shown::Plan, at(44)).await;
    writes(&store, &gp, &id, &limiting(5, Decision::DoNot, at(50)), at(50)).await;
    assert!(!unread(&store, &nurse, at(51)).await[0].reader.told.unwrap().urgent);
    // What weighs comes first, whatever waits longer.
    let other = fresh_id();
    let team = [Member::Person(person(&nurse))];
    let who = patient(world::bsn(2), "Bart", "Dam");
    store.register(&may(&gp, Action::RegisterPatient, &other), &who, &team, at(52)).await.unwrap();
    writes(&store, &gp, &other, &limiting(1, Decision::DoNot, at(60)), at(60)).await;
    let both: Vec<_> = unread(&store, &nurse, at(61)).await.into_iter().map(|u| u.patient).collect();
    assert_eq!(both, [other, id]);
    store.close().await.unwrap();
}

/// After three days the lead hears who did not look; whoever is gone is not waited for.
pub async fn late(place: Place) {
    let store = place.open().await;
    let id = world(&store).await;
    let (gp, nurse) = (gp(1), nurse());
    let lead = Candidate { organisation: organisation(1), role: Role::Gp, person: Some(person(&gp)) };
    let manage = may(&gp, Action::ManageTeam, &id);
    store.propose_lead(&manage, &lead, None, at(3)).await.unwrap();
    store.answer_lead(&manage, 1, true, None, at(4)).await.unwrap();
    reads(&store, &nurse, &id, Shown::Plan, at(10)).await;
    writes(&store, &gp, &id, &version(2, "twee", &gp, at(20)), at(20)).await;
    let days = |n: i64| at(20 + n * 24 * 60);
    assert!(store.late_readers(&gp, 10, days(2)).await.unwrap().is_empty());
    assert_eq!(store.late_readers(&gp, 10, days(3)).await.unwrap(), std::slice::from_ref(&id));
    assert!(store.late_readers(&nurse, 10, days(3)).await.unwrap().is_empty(), "for the lead");
    let permit = may(&gp, Action::ReadPlan, &id);
    let is_late = |readers: Vec<domain::unread::Reader>| readers.iter().filter(|r| r.is_late(days(4))).count();
    assert_eq!(is_late(store.readers(&permit, days(3)).await.unwrap()), 1);
    let home_care = Member::Organisation(organisation(2));
    store.leave_team(&manage, &home_care, None, days(3)).await.unwrap();
    assert_eq!(is_late(store.readers(&permit, days(4)).await.unwrap()), 0);
    store.close().await.unwrap();
}

/// Readers and writers of one plan at once: nobody waits for ever, and what was written last is told.
pub async fn racing(place: Place) {
    let store = place.open().await;
    let id = world(&store).await;
    let nurse = nurse();
    reads(&store, &nurse, &id, Shown::Plan, at(3)).await;
    let reading = async {
        for n in 0..40 {
            store.read_shown(&may(&nurse, Action::ReadPlan, &id), at(4 + n), Shown::Plan).await.unwrap().unwrap();
            tokio::task::yield_now().await;
        }
    };
    let writing = async {
        for number in 2..=12 {
            writes(&store, &gp(1), &id, &version(number, "wens", &gp(1), at(5)), at(5)).await;
        }
    };
    tokio::join!(reading, writing);
    store.flush().await.unwrap();
    let own = store.own_reading(&may(&nurse, Action::ReadPlan, &id)).await.unwrap().unwrap();
    // Either the last was read, or it is told.
    assert_eq!(own.told.map_or(own.read, |t| t.newest), 12);
    assert_eq!(own.told.is_none(), own.read == 12);
    store.close().await.unwrap();
}
