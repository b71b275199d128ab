//! Somebody leaves: nobody is left with a lead who works there no longer, nor with a task that nobody can do.

use crate::world::{Place, at, gp, may, organisation, program, recorder, registered};
use domain::access::{Action, Actor, Who};
use domain::date::local_day;
use domain::ident::{PatientId, PersonId};
use domain::lead::State;
use domain::path::What;
use domain::people::Name;
use domain::role::Role;
use domain::signal::{Reason, Signal};
use domain::task::Deed;
use jiff::ToSpan;
use store::Store;
use store::leads::{Answered, Candidate};
use store::organisations::{Organisation, OrganisationKind};
use store::people::{Person, RoleGrant};
use store::tasks::{Asked, Did, Waiting, Whose};

async fn works(store: &Store, actor: &Actor) -> (PersonId, RoleGrant) {
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
    (id.clone(), grant)
}

async fn leads(store: &Store, actor: &Actor, id: &PatientId, minute: i64) {
    let (house, role) = (actor.organisation.clone(), Role::Gp);
    let candidate = Candidate { organisation: house, role, person: None };
    let leave = may(actor, Action::ManageTeam, id);
    store.propose_lead(&leave, &candidate, None, at(minute)).await.unwrap();
    let all = store.leads(&may(actor, Action::ReadPlan, id), at(minute)).await.unwrap().all;
    let number = all.iter().find(|l| l.state == State::Proposed).unwrap().number;
    assert_eq!(store.answer_lead(&leave, number, true, None, at(minute)).await.unwrap(), Answered::Done);
}

async fn waiting(store: &Store, actor: &Actor) -> Vec<Waiting> {
    let until = local_day(at(0)).saturating_add(3.years());
    let asked = Asked { whose: Whose::Organisation, kind: None, until, after: None, limit: 50 };
    store.tasks(actor, &asked, at(20)).await.unwrap()
}

pub async fn story(place: Place) {
    let store = place.open().await;
    let house = Organisation::new(organisation(1), "Praktijk", OrganisationKind::GpPractice);
    store.add_organisation(&program(), &house, at(0)).await.unwrap();
    let leaver = gp(1);
    let stays = Actor { who: Who::Person(PersonId::from_bits(109)), ..gp(1) };
    let (person, _) = works(&store, &leaver).await;
    let (colleague, grant) = works(&store, &stays).await;
    let (id, other) = (registered(&store, 1, 1).await, registered(&store, 2, 1).await);
    leads(&store, &leaver, &id, 10).await;
    leads(&store, &stays, &other, 10).await;
    let signal = What::Signal(Signal {
        noticed_on: local_day(at(11)),
        reasons: vec![Reason::MoreFrail],
        findings: vec![],
        words: None,
        thought: None,
        talks_with: None,
    });
    let leave = may(&leaver, Action::FollowUp, &id);
    let told = [(local_day(at(11)), signal)];
    store.add_steps(&leave, &told, None, &recorder(&leaver), at(11)).await.unwrap();
    for task in waiting(&store, &leaver).await.iter().filter(|t| t.patient == id) {
        let leave = may(&leaver, Action::FollowUp, &id);
        let (by, day) = (recorder(&leaver), local_day(at(11)));
        let took = store.do_task(&leave, task.number, 0, &Deed::Take, &by, at(11), day).await.unwrap();
        assert_eq!(took, Did::Done);
    }
    let theirs = |all: &[Waiting]| all.iter().filter(|t| t.assignee.person.as_ref() == Some(&person)).count();

    assert!(theirs(&waiting(&store, &stays).await) > 0, "something was taken up");

    store.leave(&program(), &person, &organisation(1), at(30)).await.unwrap();
    let look = async |of: &PatientId| store.leads(&may(&stays, Action::ReadPlan, of), at(31)).await.unwrap();
    let ended = look(&id).await;
    assert_eq!((ended.now(), ended.without_since, ended.all[0].state), (None, Some(at(30)), State::Ended));
    assert!(look(&other).await.now().is_some(), "who stays leads on");
    assert_eq!(store.without_lead(&stays, at(30), 10).await.unwrap(), std::slice::from_ref(&id));
    let after = waiting(&store, &stays).await;
    assert!(theirs(&after) == 0 && after.iter().any(|t| t.patient == id), "a colleague can take it up");
    assert_eq!(store.relieve_leavers(at(32)).await.unwrap(), 0, "once is enough");

    // An end that was said before comes by itself.
    let later = RoleGrant { until: Some(at(60)), ..grant };
    store.end_role(&program(), &colleague, &later, at(40)).await.unwrap();
    assert_eq!(store.relieve_leavers(at(59)).await.unwrap(), 0);
    assert_eq!(store.relieve_leavers(at(60)).await.unwrap(), 1);
    assert_eq!(look(&other).await.without_since, Some(at(60)));

    // Nobody is left with somebody who may not sign in, however long the role lasts.
    let outside = Actor { who: Who::Person(PersonId::from_bits(110)), ..gp(1) };
    let (blocked, _) = works(&store, &outside).await;
    leads(&store, &outside, &other, 61).await;
    let mut person = store.person(&blocked).await.unwrap().unwrap();
    person.active = false;
    store.change_person(&program(), &person, at(62)).await.unwrap();
    assert_eq!(look(&other).await.without_since, Some(at(62)));
    person.active = true;
    store.change_person(&program(), &person, at(63)).await.unwrap();
    assert!(look(&other).await.now().is_none(), "who comes back is asked again");
    assert!(store.verify().await.unwrap().is_whole());
    store.close().await.unwrap();
}
