//! Preparing and holding conversations: what follows from them, on the path and in everybody's work.

use crate::path::{carer, date, day, kinds, known, nurse, open, somebody, state, talked, world};
use crate::world::{Place, gp, log_of, may, organisation, recorder};
use domain::access::{Action, Actor};
use domain::ident::PatientId;
use domain::path::{StateKind, What};
use domain::people::Name;
use domain::plan::TopicId;
use domain::role::Role;
use domain::talk::{
    Appointment, AskedOf, Fact, LeftOpen, Reply, ReplyKind, Report, SupportAsked, SupportKind, Talk, still_open,
};
use domain::task::{Deed, Kind};
use store::path::Path;
use store::people::{Person, RoleGrant};
use store::plans::{WriteVersion, Written};
use store::tasks::{Did, Whose};
use store::{Error, Store};

fn palliative() -> Actor {
    somebody(203, Role::PalliativeNurse, 2)
}

fn held(left: &[LeftOpen]) -> What {
    let subjective = Some("wil thuis blijven".to_owned());
    What::Talk(Talk::Held(Report { subjective, left_open: left.to_vec(), ..Report::default() }))
}

fn planned(on: i64) -> What {
    What::Planned(Appointment { on: date(on), team: vec!["M. Bakker".into()], ..Appointment::default() })
}

fn fact(words: &str) -> What {
    What::Talk(Talk::Fact(Fact { who: Some("de heer".into()), words: words.into() }))
}

fn asked(of: AskedOf, by: i64) -> What {
    What::Talk(Talk::Asked(SupportAsked {
        kind: SupportKind::PalliativeNurse,
        question: "Denkt u mee?".into(),
        of,
        needed_by: date(by),
        referrer: None,
    }))
}

fn replied(asked: u32, kind: ReplyKind) -> What {
    What::Talk(Talk::Replied(Reply { asked, kind, words: "Ik kom mee.".into() }))
}

async fn writes(store: &Store, actor: &Actor, id: &PatientId, on: i64, what: What) -> Option<u32> {
    let converses = matches!(&what, What::Talk(talk) if talk.takes_a_converser());
    let leave = may(actor, if converses { Action::Converse } else { Action::FollowUp }, id);
    store.add_steps(&leave, &[(date(on), what)], None, &recorder(actor), day(on)).await.unwrap()
}

async fn path(store: &Store, id: &PatientId, on: i64) -> Path {
    store.path(&may(&gp(1), Action::ReadPlan, id), day(on)).await.unwrap()
}

pub async fn story(place: Place) {
    let store = place.open().await;
    store.review_every(6);
    world(&store).await;
    let domain::access::Who::Person(person) = palliative().who else { unreachable!() };
    let colleague = Person {
        id: person.clone(),
        username: person.to_string(),
        name: Name::of("Noor", "", "Verbeek"),
        agb: None,
        uzi: None,
        big: None,
        active: true,
    };
    let role = RoleGrant { organisation: organisation(2), role: Role::PalliativeNurse, from: day(0), until: None };
    store.add_member(&crate::world::program(), &colleague, &role, day(0)).await.unwrap();
    let id = known(&store, 7).await;
    several_conversations_make_one_plan(&store, &id).await;
    support_is_work_until_it_is_answered(&store, &id).await;
    let log = log_of(&store, &id, day(30)).await;
    assert!(log.iter().any(|r| r.action == "converse"), "a report is an act of its own");
    let readable = place.texts("SELECT kind FROM task WHERE about > 0").await;
    assert!(readable.iter().all(|k| k.starts_with("support")), "{readable:?}");
    assert!(store.verify().await.unwrap().is_whole());
    store.close().await.unwrap();
}

async fn several_conversations_make_one_plan(store: &Store, id: &PatientId) {
    // A carer writes down what was said, and reports nothing.
    assert!(writes(store, &carer(), id, 0, fact("ik wil hier niet weg")).await.is_some());
    let leave = may(&carer(), Action::FollowUp, id);
    let refused = store.add_steps(&leave, &[(date(0), held(&[]))], None, &recorder(&carer()), day(0)).await;
    assert!(matches!(refused, Err(Error::Permit(_))), "a conversation is for those who hold it");
    assert_eq!(state(store, id, 0).await, StateKind::NoSignal, "a fact changes no state");
    // Planned, held, and a further one in one go: there is no plan yet, so the conversation is under way.
    writes(store, &nurse(), id, 1, planned(3)).await;
    assert_eq!(kinds(&open(store, &nurse(), Whose::Own, 30).await), [Kind::Report]);
    let left = [LeftOpen::Topic(TopicId::Cpr), LeftOpen::Words("de hond".into())];
    let leave = may(&nurse(), Action::Converse, id);
    let both = [(date(3), held(&left)), (date(3), planned(10))];
    store.add_steps(&leave, &both, Some(2), &recorder(&nurse()), day(3)).await.unwrap().unwrap();
    assert_eq!(store.add_steps(&leave, &both, Some(2), &recorder(&nurse()), day(3)).await.unwrap(), None, "stale");
    assert_eq!(state(store, id, 4).await, StateKind::InConversation);
    let waits = open(store, &nurse(), Whose::Own, 30).await;
    assert_eq!((kinds(&waits), waits[0].due), (vec![Kind::Report], date(10)));
    let now = path(store, id, 4).await;
    assert_eq!(still_open(&now.steps, None).len(), 2, "what was left is shown next time");
    // The second one is reported; now somebody is to record.
    writes(store, &nurse(), id, 10, held(&left[1..])).await;
    let waits = open(store, &nurse(), Whose::Own, 30).await;
    assert_eq!((kinds(&waits), waits[0].due), (vec![Kind::Record], date(17)));
    // One plan answers both; a further appointment does not hide that it counts.
    writes(store, &nurse(), id, 10, planned(20)).await;
    let version = talked(1, &nurse(), day(10));
    let leave = may(&nurse(), Action::RecordPlan, id);
    let written = store.write_version(&leave, WriteVersion::of(0, &version), day(10)).await.unwrap();
    assert_eq!(written, Written::Done(1));
    assert_eq!(state(store, id, 11).await, StateKind::Current);
    assert_eq!(kinds(&open(store, &nurse(), Whose::Own, 30).await), [Kind::Report]);
    writes(store, &nurse(), id, 12, What::Talk(Talk::NotNeeded { reason: "alles is besproken".into() })).await;
    assert_eq!(state(store, id, 12).await, StateKind::Current);
    assert!(open(store, &nurse(), Whose::Own, 30).await.is_empty());
    assert_eq!(kinds(&open(store, &gp(1), Whose::Own, 400).await), [Kind::Review]);
}

async fn support_is_work_until_it_is_answered(store: &Store, id: &PatientId) {
    let of = AskedOf::Team {
        organisation: organisation(2),
        role: Role::PalliativeNurse,
        person: None,
        words: "een palliatief verpleegkundige".into(),
    };
    let first = writes(store, &gp(1), id, 13, asked(of, 16)).await.unwrap();
    let outside = AskedOf::Outside { words: "Centrum voor levensvragen".into() };
    let second = writes(store, &gp(1), id, 13, asked(outside, 18)).await.unwrap();
    let waits = open(store, &palliative(), Whose::Own, 30).await;
    assert_eq!((kinds(&waits), waits[0].due, waits[0].made_at), (vec![Kind::Support], date(16), day(13)));
    let mine = open(store, &gp(1), Whose::Own, 30).await;
    assert_eq!((kinds(&mine), mine[0].due), (vec![Kind::Support], date(18)), "who asked outside keeps it");
    let about: Vec<u32> = path(store, id, 13).await.tasks.iter().map(|t| t.about).filter(|n| *n > 0).collect();
    assert_eq!(about, [first, second], "each question is a task of its own");
    // The palliative nurse takes it, and a palliative nurse only of her team would have.
    let leave = may(&palliative(), Action::FollowUp, id);
    let by = recorder(&palliative());
    let took = store.do_task(&leave, waits[0].number, 0, &Deed::Take, &by, day(14), date(14)).await.unwrap();
    assert_eq!(took, Did::Done);
    // She comes: who asked hears of it; her task stays until there is a report.
    writes(store, &palliative(), id, 14, replied(first, ReplyKind::Comes)).await;
    assert_eq!(kinds(&open(store, &palliative(), Whose::Own, 30).await), [Kind::Support], "taken, and still hers");
    assert_eq!(kinds(&open(store, &gp(1), Whose::Own, 30).await), [Kind::SupportAnswer, Kind::Support]);
    writes(store, &gp(1), id, 15, What::Talk(Talk::Read { asked: first, words: None })).await;
    assert_eq!(kinds(&open(store, &gp(1), Whose::Own, 30).await), [Kind::Support]);
    writes(store, &palliative(), id, 16, replied(first, ReplyKind::Report)).await;
    assert!(open(store, &palliative(), Whose::Own, 30).await.is_empty());
    writes(store, &gp(1), id, 16, replied(second, ReplyKind::No)).await;
    assert_eq!(kinds(&open(store, &gp(1), Whose::Own, 30).await), [Kind::SupportAnswer], "her report is to be read");
}
