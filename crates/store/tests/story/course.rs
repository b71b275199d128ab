//! What happened to a patient: what follows from it for the path, the tasks and who they are; death closes the record for
//! plans, and can be taken back.

use crate::path::{carer, date, day, kinds, known, nurse, open, signal, state, talked, world};
use crate::world::{Place, gp, log_of, may, organisation, recorder};
use domain::access::{Action, Actor};
use domain::happening::{Change, Death, Happening, How, Move};
use domain::ident::PatientId;
use domain::path::{StateKind, What};
use domain::patient::Living;
use domain::plan::{DraftTopic, VersionKind};
use domain::review::Group;
use domain::signal::{Asks, Condition, Instruments, Material, Openness};
use domain::task::{Deed, Kind};
use store::drafts::SaveTopic;
use store::leads::Candidate;
use store::plans::{WriteVersion, Written};
use store::tasks::{Did, Whose};
use store::{Error, Store};

fn what(happening: Happening) -> What {
    What::Happened(Box::new(happening))
}

fn moved(how: How, to: Living, from: Living) -> What {
    what(Happening::Moved(Move { how, to, from: Some(from), name: None, words: None }))
}

fn died() -> What {
    let place = domain::code::Place::Home;
    what(Happening::Died(Death { place, wished: Some(place), admitted_on: None, words: None }))
}

fn mistaken(step: u32) -> What {
    what(Happening::Mistaken { step, title: "Overleden".into(), reason: "verkeerde patiënt".into() })
}

async fn tells(store: &Store, actor: &Actor, action: Action, id: &PatientId, on: i64, what: What) -> Option<u32> {
    store.add_steps(&may(actor, action, id), &[(date(on), what)], None, &recorder(actor), day(on)).await.unwrap()
}

/// Is this refused to a carer with this leave?
async fn refused(store: &Store, action: Action, id: &PatientId, what: What) -> bool {
    let (leave, by) = (may(&carer(), action, id), recorder(&carer()));
    matches!(store.add_steps(&leave, &[(date(0), what)], None, &by, day(0)).await, Err(Error::Permit(_)))
}

async fn living(store: &Store, id: &PatientId) -> (Option<Living>, bool) {
    let record = store.read_patient(&may(&gp(1), Action::ReadPatient, id), day(9), "test").await.unwrap().unwrap();
    (record.patient.living, record.patient.died_on.is_some())
}

pub async fn story(place: Place) {
    let store = place.open().await;
    store.review_every(6);
    world(&store).await;
    let id = known(&store, 1).await;
    without_a_plan(&store, &id).await;
    with_a_plan(&store, &id).await;
    of_groups(&store, &id).await;
    dies(&store, &id).await;
    without_a_lead(&store).await;
    merged(&store).await;
    let log = log_of(&store, &id, day(20)).await;
    assert!(log.iter().any(|r| r.action == "correct-patient" && r.data == "happening"), "death stands in the log");
    assert!(store.verify().await.unwrap().is_whole());
    store.close().await.unwrap();
}

/// Without a plan, what happens is a signal that somebody takes up.
async fn without_a_plan(store: &Store, id: &PatientId) {
    assert!(refused(store, Action::ReadPlan, id, died()).await, "reading is no leave to tell");
    assert!(refused(store, Action::FollowUp, id, died()).await, "nor is writing down facts leave to tell of death");
    tells(store, &carer(), Action::FollowUp, id, 0, moved(How::Admitted, Living::Hospital, Living::Home)).await;
    assert_eq!(state(store, id, 0).await, StateKind::Signalled);
    assert_eq!(living(store, id).await, (Some(Living::Hospital), false), "where the patient is follows");
    assert_eq!(kinds(&open(store, &nurse(), Whose::Own, 30).await), [Kind::Signal]);
    assert!(refused(store, Action::FollowUp, id, mistaken(1)).await, "nor to take anything back");
    tells(store, &nurse(), Action::CorrectPatient, id, 0, mistaken(1)).await;
    assert_eq!(state(store, id, 0).await, StateKind::NoSignal);
    assert_eq!(living(store, id).await.0, Some(Living::Home));
    assert!(open(store, &nurse(), Whose::Own, 30).await.is_empty());
}

/// With a plan, it is looked at within two weeks; who confirms it answers what happened.
async fn with_a_plan(store: &Store, id: &PatientId) {
    let version = talked(1, &nurse(), day(1));
    let leave = may(&nurse(), Action::RecordPlan, id);
    store.write_version(&leave, WriteVersion::of(0, &version), day(1)).await.unwrap();
    // Who took the review keeps it when it is for another day.
    let waits = open(store, &gp(1), Whose::Own, 400).await;
    let (number, leave) = (waits[0].number, may(&gp(1), Action::FollowUp, id));
    let took = store.do_task(&leave, number, 0, &Deed::Take, &recorder(&gp(1)), day(1), date(1)).await.unwrap();
    assert_eq!(took, Did::Done);
    let changed = what(Happening::Changed { what: vec![Change::Health], words: Some("eet minder".into()) });
    tells(store, &carer(), Action::FollowUp, id, 2, changed).await;
    assert_eq!(state(store, id, 2).await, StateKind::ReviewDue);
    let waits = open(store, &gp(1), Whose::Own, 400).await;
    assert_eq!((kinds(&waits), waits[0].due), (vec![Kind::Review], date(16)));
    assert!(waits[0].number == number && waits[0].assignee.person.is_some(), "{:?}", waits[0]);
    let mut confirmed = talked(2, &gp(1), day(3));
    confirmed.kind = VersionKind::Confirmed;
    let leave = may(&gp(1), Action::ConfirmPlan, id);
    let written = store.write_version(&leave, WriteVersion::of(1, &confirmed), day(3)).await.unwrap();
    assert_eq!(written, Written::Done(2));
    assert_eq!(state(store, id, 3).await, StateKind::Current);
    let waits = open(store, &gp(1), Whose::Own, 400).await;
    assert_eq!((kinds(&waits), waits[0].due.to_string()), (vec![Kind::Review], "2027-05-26".to_owned()));
    assert!(waits[0].number != number && waits[0].assignee.person.is_none(), "the next review is another task");
}

/// An organisation says how often plans of a group are looked at, and which instruments it offers.
async fn of_groups(store: &Store, id: &PatientId) {
    let leave = may(&gp(1), Action::ManageTeam, id);
    let lead = Candidate { organisation: organisation(1), role: domain::role::Role::Gp, person: None };
    store.propose_lead(&leave, &lead, None, day(3)).await.unwrap();
    store.answer_lead(&leave, 1, true, None, day(3)).await.unwrap();
    let months = async || store.looking_back(&may(&gp(1), Action::ReadPlan, id)).await.unwrap().1;
    assert_eq!(months().await, 4, "what the organisation says of everybody");
    let mut house = store.organisation(&organisation(1)).await.unwrap().unwrap();
    assert_eq!(house.policy.instruments, Instruments::default());
    house.policy.review_groups = vec![(Group::Dementia, 3)];
    house.policy.instruments = Instruments { surprise: Asks::Single, spict: false, scales: Vec::new() };
    store.change_organisation(&gp(1), &house, day(3)).await.unwrap();
    assert_eq!(store.organisation(&organisation(1)).await.unwrap().unwrap().policy, house.policy);
    store.review_anew(&organisation(1), day(3)).await.unwrap();
    assert_eq!(months().await, 4, "of a group that the patient is not of");
    let dementia = what(Happening::Diagnosis { condition: Condition::Dementia, words: None });
    tells(store, &gp(1), Action::FollowUp, id, 4, dementia).await;
    assert_eq!(months().await, 3);
}

/// Death ends drafts and tasks and lets nothing new be planned; who was mistaken takes it back.
async fn dies(store: &Store, id: &PatientId) {
    let leave = may(&gp(1), Action::RecordPlan, id);
    let topic = DraftTopic {
        part: "4a".into(),
        revision: 0,
        answers: domain::form::Answers::default(),
        skipped: false,
        origin: None,
        saved_by: "M. Bakker".into(),
        saved_at: day(5),
    };
    let save = SaveTopic { topic: &topic, expected: 0, based_on: 2, by: &recorder(&gp(1)) };
    store.save_draft_topic(&leave, save, day(5)).await.unwrap();
    assert_eq!(state(store, id, 5).await, StateKind::InConversation);
    let step = tells(store, &gp(1), Action::CorrectPatient, id, 5, died()).await.unwrap();
    assert_eq!(state(store, id, 5).await, StateKind::Ended);
    assert!(living(store, id).await.1, "it is part of who the patient is, and goes along in exchange");
    assert!(store.draft(&leave, day(5)).await.unwrap().is_none(), "drafts end");
    assert!(open(store, &gp(1), Whose::Organisation, 400).await.is_empty(), "tasks close");
    let late = talked(3, &gp(1), day(6));
    let refused = store.write_version(&leave, WriteVersion::of(2, &late), day(6)).await;
    assert!(matches!(refused, Err(Error::Died)), "{refused:?}");
    assert_eq!(store.versions(&leave, day(6), "test").await.unwrap().len(), 2, "the plan stays as it was");
    tells(store, &gp(1), Action::CorrectPatient, id, 6, mistaken(step)).await;
    assert!(!living(store, id).await.1);
    assert_eq!(store.write_version(&leave, WriteVersion::of(2, &late), day(6)).await.unwrap(), Written::Done(3));
    assert_eq!(kinds(&open(store, &gp(1), Whose::Own, 400).await), [Kind::Review]);
}

/// Who died is not among those whom nobody leads, unless that was a mistake.
async fn without_a_lead(store: &Store) {
    let id = known(store, 2).await;
    let leave = may(&gp(1), Action::ManageTeam, &id);
    let candidate = Candidate { organisation: organisation(1), role: domain::role::Role::Gp, person: None };
    store.propose_lead(&leave, &candidate, None, day(1)).await.unwrap();
    let listed = async || store.without_lead(&gp(1), day(30), 50).await.unwrap().contains(&id);
    assert!(listed().await);
    let step = tells(store, &gp(1), Action::CorrectPatient, &id, 5, died()).await.unwrap();
    assert!(!listed().await);
    store.propose_lead(&leave, &candidate, None, day(6)).await.unwrap();
    assert!(!listed().await, "whatever is written of them afterwards");
    tells(store, &gp(1), Action::CorrectPatient, &id, 7, mistaken(step)).await;
    assert!(listed().await);
}

/// What is open in a double goes on in the record that is kept: nobody who should be asked is forgotten.
async fn merged(store: &Store) {
    let (kept, double) = (known(store, 3).await, known(store, 4).await);
    tells(store, &carer(), Action::Signal, &double, 1, signal()).await;
    let not_now = What::Asked(Openness::NotNow { ask_again_on: date(40), material: Material::Given });
    tells(store, &nurse(), Action::FollowUp, &double, 2, not_now).await;
    let correct = |id| may(&gp(1), Action::CorrectPatient, id);
    store.merge(&correct(&kept), &correct(&double), "dubbel", day(5)).await.unwrap();
    assert_eq!(state(store, &kept, 6).await, StateKind::NotNow);
    let waits = store.path(&may(&gp(1), Action::ReadPlan, &kept), day(6)).await.unwrap().tasks;
    assert_eq!(waits.iter().map(|t| (t.kind, t.due)).collect::<Vec<_>>(), [(Kind::Ask, date(40))]);
    let signals = store.path(&may(&gp(1), Action::ReadPlan, &kept), day(6)).await.unwrap().steps;
    assert_eq!((signals[0].day, &signals[0].by), (date(1), &recorder(&carer())), "whose word it was, and of which day");
}
