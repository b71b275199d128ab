//! From a signal to the review: what happened, the tasks that follow, and what somebody does with them.

use crate::world::{Place, at, bsn, fresh_id, gp, log_of, may, organisation, patient, program, recorder, version};
use domain::access::{Action, Actor, Who};
use domain::date::{FhirDateTime, local_day};
use domain::ident::{PatientId, PersonId};
use domain::path::{Appointment, StateKind, What, stands};
use domain::people::Name;
use domain::plan::{Conversation, ConversationKey, EncounterFacts, PlanVersion, ProcedureFacts};
use domain::policy::Policy;
use domain::role::Role;
use domain::signal::{Material, Openness, Reason, Signal};
use domain::task::{Assignee, Deed, Kind, Refused};
use jiff::Timestamp;
use jiff::civil::Date;
use store::organisations::{Organisation, OrganisationKind};
use store::patients::Corrected;
use store::people::{Person, RoleGrant};
use store::plans::{WriteVersion, Written};
use store::tasks::{After, Asked, Did, Waiting, Whose};
use store::team::Member;
use store::{Error, Store};

pub fn somebody(n: u128, role: Role, at_organisation: u128) -> Actor {
    Actor { who: Who::Person(PersonId::from_bits(n)), role: Some(role), ..gp(at_organisation) }
}

pub fn carer() -> Actor {
    somebody(201, Role::Carer, 2)
}

pub fn nurse() -> Actor {
    somebody(202, Role::DistrictNurse, 2)
}

pub fn day(n: i64) -> Timestamp {
    at(n * 24 * 60)
}

pub fn date(n: i64) -> Date {
    local_day(day(n))
}

pub fn signal() -> What {
    What::Signal(Signal {
        noticed_on: date(0),
        reasons: vec![Reason::MoreFrail],
        findings: vec![],
        words: Some("valt vaker".into()),
        thought: None,
        talks_with: None,
    })
}

/// A version that rests on a conversation of that day.
pub fn talked(number: u32, by: &Actor, when: Timestamp) -> Box<PlanVersion> {
    let mut version = version(number, "thuis blijven", by, when);
    version.content.conversations.push(Conversation {
        key: ConversationKey(1),
        held_on: Some(FhirDateTime::of_day(local_day(when))),
        ended: None,
        written_on: FhirDateTime::of_day(local_day(when)),
        held_by: vec![],
        attendance: None,
        encounter: EncounterFacts::default(),
        procedure: ProcedureFacts::default(),
        version: number,
        recorded_at: when,
    });
    version
}

pub async fn open(store: &Store, actor: &Actor, whose: Whose, until: i64) -> Vec<Waiting> {
    let asked = Asked { whose, kind: None, until: date(until), after: None, limit: 50 };
    store.tasks(actor, &asked, day(0)).await.unwrap()
}

pub fn kinds(waiting: &[Waiting]) -> Vec<Kind> {
    waiting.iter().map(|w| w.kind).collect()
}

pub async fn state(store: &Store, id: &PatientId, on: i64) -> StateKind {
    let path = store.path(&may(&gp(1), Action::ReadPlan, id), day(on)).await.unwrap();
    stands(path.past(), date(on)).kind()
}

pub async fn world(store: &Store) {
    for (n, kind) in [(1, OrganisationKind::GpPractice), (2, OrganisationKind::HomeCare)] {
        let mut house = Organisation::new(organisation(n), &format!("Organisatie {n}"), kind);
        house.policy = Policy { review_months: (n == 1).then_some(4), ..Policy::default() };
        store.add_organisation(&gp(1), &house, at(0)).await.unwrap();
    }
    for actor in [gp(1), carer(), nurse()] {
        let Who::Person(id) = &actor.who else { unreachable!() };
        let person = Person {
            id: id.clone(),
            username: id.to_string(),
            name: Name::of("Mia", "", "Bakker"),
            agb: None,
            uzi: None,
            big: None,
            active: true,
        };
        let grant =
            RoleGrant { organisation: actor.organisation.clone(), role: actor.role.unwrap(), from: at(0), until: None };
        store.add_member(&program(), &person, &grant, at(0)).await.unwrap();
    }
}

pub async fn known(store: &Store, n: u32) -> PatientId {
    let id = fresh_id();
    let team = [1, 2].map(|n| Member::Organisation(organisation(n)));
    let who = patient(bsn(n), "Aaltje", "Bergsma");
    store.register(&may(&gp(1), Action::RegisterPatient, &id), &who, &team, at(0)).await.unwrap();
    id
}

pub async fn story(place: Place) {
    let store = place.open().await;
    store.review_every(6);
    world(&store).await;
    let id = known(&store, 1).await;
    assert_eq!(state(&store, &id, 0).await, StateKind::NoSignal);
    signalled(&store, &id).await;
    taken(&store, &id).await;
    asked_again(&store, &id).await;
    recorded(&store, &id).await;
    passed_on(&store, &id).await;
    left(&store, &id).await;
    ended(&store, &id).await;
    let log = log_of(&store, &id, day(9)).await;
    for action in ["signal", "follow-up"] {
        assert!(log.iter().any(|r| r.action == action), "{action} stands in the log");
    }
    let one = place.number("SELECT count(*) FROM task WHERE kind = 'signal' AND done_at IS NOT NULL").await;
    assert!(one > 0, "what was done is kept");
    assert!(store.verify().await.unwrap().is_whole());
    store.close().await.unwrap();
}

async fn signalled(store: &Store, id: &PatientId) {
    let (by, happened) = (recorder(&carer()), [(date(0), signal())]);
    let leave = may(&carer(), Action::ReadPlan, id);
    let refused = store.add_steps(&leave, &happened, None, &by, day(0)).await;
    assert!(matches!(refused, Err(Error::Permit(_))), "reading is no leave to signal");
    let leave = may(&carer(), Action::Signal, id);
    let plans = [(date(0), What::Planned(Appointment { on: date(3), ..Appointment::default() }))];
    assert!(store.add_steps(&leave, &plans, None, &by, day(0)).await.is_err(), "nor to plan");
    assert_eq!(store.add_steps(&leave, &happened, None, &by, day(0)).await.unwrap(), Some(1));
    assert_eq!(state(store, id, 0).await, StateKind::Signalled);
    // It reaches the nurse as a task with an age, and nobody else's own list.
    let waits = open(store, &nurse(), Whose::Own, 30).await;
    assert_eq!(kinds(&waits), [Kind::Signal]);
    assert_eq!((waits[0].due, waits[0].made_at), (date(3), day(0)));
    assert_eq!(waits[0].assignee.role, Some(Role::DistrictNurse));
    for other in [carer(), gp(1)] {
        assert!(open(store, &other, Whose::Own, 30).await.is_empty());
    }
    assert_eq!(open(store, &carer(), Whose::Organisation, 30).await.len(), 1, "colleagues see that it waits");
    assert!(open(store, &gp(1), Whose::Organisation, 30).await.is_empty());
    // A second one is a second step and not a second task.
    assert_eq!(store.add_steps(&leave, &happened, None, &by, day(0)).await.unwrap(), Some(2));
    assert_eq!(open(store, &nurse(), Whose::Own, 30).await.len(), 1);
}

async fn taken(store: &Store, id: &PatientId) {
    let waits = open(store, &nurse(), Whose::Own, 30).await;
    let number = waits[0].number;
    let take = async |actor: &Actor, seen| {
        let leave = may(actor, Action::FollowUp, id);
        store.do_task(&leave, number, seen, &Deed::Take, &recorder(actor), day(1), date(1)).await.unwrap()
    };
    assert_eq!(take(&carer(), 0).await, Did::Refused(Refused::Role));
    assert!(matches!(take(&nurse(), 1).await, Did::Changed(_)), "what was read is older");
    assert_eq!(take(&nurse(), 0).await, Did::Done);
    assert_eq!(take(&nurse(), 0).await, Did::Gone, "a second press changes nothing");
    assert_eq!(state(store, id, 1).await, StateKind::ToBeAsked);
    let waits = open(store, &nurse(), Whose::Own, 30).await;
    assert_eq!(kinds(&waits), [Kind::Ask]);
    assert_eq!(waits[0].assignee.person, Some(PersonId::from_bits(202)));
}

async fn asked_again(store: &Store, id: &PatientId) {
    let leave = may(&nurse(), Action::FollowUp, id);
    let later = What::Asked(Openness::NotNow { ask_again_on: date(60), material: Material::Given });
    let write = async |what: What, seen| {
        store.add_steps(&leave, &[(date(2), what)], Some(seen), &recorder(&nurse()), day(2)).await.unwrap()
    };
    assert_eq!(write(later.clone(), 2).await, None, "another wrote meanwhile: nothing is written");
    assert_eq!(write(later, 3).await, Some(4));
    assert_eq!(state(store, id, 59).await, StateKind::NotNow);
    assert!(open(store, &nurse(), Whose::Own, 30).await.is_empty(), "it is no work yet");
    assert_eq!(state(store, id, 60).await, StateKind::ToBeAsked);
    assert_eq!(kinds(&open(store, &nurse(), Whose::Own, 60).await), [Kind::Ask], "it comes back by itself");
}

async fn recorded(store: &Store, id: &PatientId) {
    let version = talked(1, &nurse(), day(4));
    let leave = may(&nurse(), Action::RecordPlan, id);
    let written = store.write_version(&leave, WriteVersion::of(0, &version), day(4)).await.unwrap();
    assert_eq!(written, Written::Done(1));
    assert_eq!(state(store, id, 5).await, StateKind::Current);
    assert!(open(store, &nurse(), Whose::Own, 400).await.is_empty(), "nothing is left to ask");
    let waits = open(store, &gp(1), Whose::Own, 400).await;
    assert_eq!(kinds(&waits), [Kind::Review]);
    assert_eq!(waits[0].due.to_string(), "2027-05-27", "six months, where nobody leads");
    // A signal after the conversation: the plan wants looking at.
    let leave = may(&carer(), Action::Signal, id);
    store.add_steps(&leave, &[(date(5), signal())], None, &recorder(&carer()), day(5)).await.unwrap();
    assert_eq!(state(store, id, 5).await, StateKind::ReviewDue);
    let (steps, months) = store.looking_back(&may(&gp(1), Action::ReadPlan, id)).await.unwrap();
    assert_eq!((steps.len(), months), (5, 6));
}

async fn passed_on(store: &Store, id: &PatientId) {
    let waits = open(store, &gp(1), Whose::Own, 400).await;
    let number = waits[0].number;
    let leave = may(&gp(1), Action::FollowUp, id);
    let does = async |deed: Deed, seen| {
        store.do_task(&leave, number, seen, &deed, &recorder(&gp(1)), day(5), date(5)).await.unwrap()
    };
    let off = |note: &str| Deed::PutOff { until: date(90), note: note.into() };
    assert_eq!(does(off(" "), 0).await, Did::Refused(Refused::NoNote));
    assert_eq!(does(off("eerst de uitslag"), 0).await, Did::Done);
    let to = Assignee { organisation: organisation(2), role: Some(Role::DistrictNurse), person: None };
    assert_eq!(does(Deed::Pass { to, note: "jij ziet haar vaker".into() }, 1).await, Did::Done);
    assert!(open(store, &gp(1), Whose::Own, 400).await.is_empty());
    let task = store.task(&leave, number, day(5)).await.unwrap().unwrap();
    assert_eq!((task.due, task.moves.len()), (date(90), 2));
    assert_eq!(task.moves[1].note.as_deref(), Some("jij ziet haar vaker"));
    // Two pages of the nurse's list, each bounded.
    let page = async |after| {
        let asked = Asked { whose: Whose::Own, kind: None, until: date(400), after, limit: 1 };
        store.tasks(&nurse(), &asked, day(5)).await.unwrap()
    };
    let first = page(None).await;
    assert_eq!(kinds(&first), [Kind::Signal]);
    let after = After { rank: 1, due: first[0].due, patient: first[0].patient.clone(), number: first[0].number };
    assert_eq!(kinds(&page(Some(after)).await), [Kind::Review]);
    let only = Asked { whose: Whose::Organisation, kind: Some(Kind::Review), until: date(400), after: None, limit: 9 };
    assert_eq!(kinds(&store.tasks(&nurse(), &only, day(5)).await.unwrap()), [Kind::Review]);
}

/// Who leaves the team leaves the work to those who stay.
async fn left(store: &Store, id: &PatientId) {
    let leave = may(&gp(1), Action::ManageTeam, id);
    store.leave_team(&leave, &Member::Organisation(organisation(2)), None, day(6)).await.unwrap();
    assert!(open(store, &nurse(), Whose::Organisation, 400).await.is_empty());
    assert_eq!(kinds(&open(store, &gp(1), Whose::Own, 400).await), [Kind::Signal, Kind::Review]);
    let lead = store::leads::Candidate { organisation: organisation(1), role: Role::Gp, person: None };
    store.propose_lead(&leave, &lead, None, day(6)).await.unwrap();
    store.answer_lead(&leave, 1, true, None, day(6)).await.unwrap();
    let (_, months) = store.looking_back(&leave).await.unwrap();
    assert_eq!(months, 4, "the lead's organisation says how often");
    let waits = open(store, &gp(1), Whose::Team, 400).await;
    assert_eq!(kinds(&waits), [Kind::Signal, Kind::Review], "whom I lead");
    assert_eq!(waits[1].due.to_string(), "2027-03-27", "four months after the conversation");
    // A policy that changes moves what waits.
    let mut house = store.organisation(&organisation(1)).await.unwrap().unwrap();
    house.policy.review_months = Some(2);
    store.change_organisation(&program(), &house, day(6)).await.unwrap();
    assert_eq!(store.review_anew(&organisation(1), day(6)).await.unwrap(), 1);
    assert_eq!(open(store, &gp(1), Whose::Team, 400).await[1].due.to_string(), "2027-01-27");
}

async fn ended(store: &Store, id: &PatientId) {
    let died = domain::patient::Patient { died_on: Some(date(8)), ..patient(bsn(1), "Aaltje", "Bergsma") };
    let leave = may(&gp(1), Action::CorrectPatient, id);
    let done = store.correct_patient(&leave, 1, &died, "overleden", day(8)).await.unwrap();
    assert_eq!(done, Corrected::Done(2));
    assert_eq!(state(store, id, 8).await, StateKind::Ended);
    assert!(open(store, &gp(1), Whose::Own, 400).await.is_empty(), "death ends tasks");
}
