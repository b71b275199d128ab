//! People come to work somewhere, and leave.

use crate::world::{Place, at, organisation, program};
use domain::ident::PersonId;
use domain::people::Name;
use domain::role::Role;
use store::people::import::Brought;
use store::people::{Person, RoleGrant};
use store::sessions::Session;
use store::{Error, Store};

fn person(n: u128, username: &str) -> Person {
    Person {
        id: PersonId::from_bits(n),
        username: username.into(),
        name: Name::of("Mia", "", "Bakker"),
        agb: None,
        uzi: None,
        big: None,
        active: true,
    }
}

fn role(at_organisation: u128, role: Role, from: i64) -> RoleGrant {
    RoleGrant { organisation: organisation(at_organisation), role, from: at(from), until: None }
}

async fn session(store: &Store, token: u8, person: &Person, acts_for: Option<u128>) {
    let session = Session {
        person: person.id.clone(),
        role: acts_for.map(|_| Role::Gp),
        organisation: acts_for.map(organisation),
        csrf: "csrf".into(),
        device: String::new(),
        must_enrol: false,
        created_at: at(0),
        seen_at: at(0),
        idle_end: at(3000),
        absolute_end: at(9000),
    };
    store.create_session(&[token; 32], &session, "password").await.unwrap();
}

pub async fn leaving(place: Place) {
    let store = place.open().await;
    let by = program();
    let mia = person(1, "mia");
    store.add_member(&by, &mia, &role(1, Role::Gp, 0), at(0)).await.unwrap();
    let double = store.add_member(&by, &person(2, "MIA"), &role(1, Role::Gp, 0), at(0)).await;
    assert!(matches!(double, Err(Error::Taken("user name"))));
    assert!(store.all_roles(&PersonId::from_bits(2)).await.unwrap().is_empty(), "neither person nor role");
    store.grant_role(&by, &mia.id, &role(2, Role::Gp, 1), at(1)).await.unwrap();
    store.grant_role(&by, &mia.id, &role(1, Role::NurseSpecialist, 500), at(1)).await.unwrap();
    session(&store, 1, &mia, Some(1)).await;
    session(&store, 2, &mia, Some(2)).await;

    // One role ends later: nothing changes yet.
    let later = RoleGrant { until: Some(at(400)), ..role(1, Role::Gp, 0) };
    store.end_role(&by, &mia.id, &later, at(5)).await.unwrap();
    assert!(store.session(&[1; 32], at(6)).await.unwrap().is_some());
    assert_eq!(store.roles(&mia.id, at(6)).await.unwrap().len(), 2);
    // Leaving ends what is held and what was to come, and the session there; not what is held elsewhere.
    store.leave(&by, &mia.id, &organisation(1), at(10)).await.unwrap();
    assert!(store.session(&[1; 32], at(11)).await.unwrap().is_none());
    assert!(store.session(&[2; 32], at(11)).await.unwrap().is_some());
    assert_eq!(store.roles(&mia.id, at(600)).await.unwrap(), [role(2, Role::Gp, 1)]);
    let members = store.members(&organisation(1)).await.unwrap();
    assert_eq!((members.len(), members[0].1.len()), (1, 2), "what was held stays known");
    assert_eq!(members[0].1[0].until, Some(at(10)));
    assert!(matches!(store.leave(&by, &mia.id, &organisation(1), at(11)).await, Err(Error::Missing("role"))));
    let ended = store.end_role(&by, &mia.id, &role(1, Role::Gp, 0), at(12)).await;
    assert!(matches!(ended, Err(Error::Missing("role"))), "it had ended");
    // Who may not sign in at all any more is signed out everywhere.
    store.change_person(&by, &Person { active: false, ..mia.clone() }, at(13)).await.unwrap();
    assert!(store.session(&[2; 32], at(14)).await.unwrap().is_none());
    assert!(store.verify().await.unwrap().is_whole());
    store.close().await.unwrap();
}

pub async fn importing(place: Place) {
    let store = place.open().await;
    let by = program();
    let brought = |n, name: &str| Brought {
        person: person(n, name),
        is_new: true,
        is_changed: false,
        grants: vec![role(1, Role::Carer, 0)],
    };
    store.import_people(&by, &[brought(1, "a"), brought(2, "b")], at(1)).await.unwrap();
    // One name is in use: nobody comes in.
    let failed = store.import_people(&by, &[brought(3, "c"), brought(4, "B")], at(2)).await;
    assert!(matches!(failed, Err(Error::Taken("user name"))));
    assert!(store.person_named("c").await.unwrap().is_none());
    assert_eq!(store.people_of(&organisation(1), at(3)).await.unwrap().len(), 2);
    // Changed, and with an end.
    session(&store, 1, &person(1, "a"), Some(1)).await;
    let ends = RoleGrant { until: Some(at(4)), ..role(1, Role::Carer, 0) };
    let changed = Person { name: Name::of("Mia", "de", "Groot"), ..person(1, "a") };
    let again = Brought { person: changed.clone(), is_new: false, is_changed: true, grants: vec![ends] };
    store.import_people(&by, &[again], at(5)).await.unwrap();
    assert_eq!(store.person_named("A").await.unwrap(), Some(changed));
    assert!(store.session(&[1; 32], at(6)).await.unwrap().is_none(), "the role had ended");
    assert_eq!(store.people_of(&organisation(1), at(6)).await.unwrap().len(), 1);
    store.close().await.unwrap();
}
