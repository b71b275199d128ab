//! Factors, steps that wait, rules and recovery: what counts once, what is sealed, and whose it is.

use crate::world::{Place, at, organisation, program};
use domain::access::{Actor, Who};
use domain::ident::PersonId;
use domain::people::Name;
use domain::policy::Policy;
use domain::role::Role;
use jiff::{Timestamp, ToSpan};
use store::ceremonies::Ceremony;
use store::factors::{Factor, FactorKind};
use store::log::read::{Filter, Which};
use store::organisations::{Organisation, OrganisationKind};
use store::people::{Person, RoleGrant};
use store::recovery::Decided;
use store::sessions::Session;
use store::{Error, Store};
use zeroize::Zeroizing;

pub async fn sign_in(place: Place) {
    let store = place.open().await;
    let (anna, bert) = (PersonId::from_bits(1), PersonId::from_bits(2));
    Box::pin(factors(&place, &store, &anna, &bert)).await;
    Box::pin(ceremonies(&store, &anna)).await;
    Box::pin(rules(&store)).await;
    Box::pin(recovery(&store, &anna)).await;
    assert!(store.verify().await.unwrap().is_whole());
    store.close().await.unwrap();
}

fn factor(id: &str, kind: FactorKind, secret: &[u8], credential: Option<[u8; 32]>) -> Factor {
    Factor {
        id: id.into(),
        kind,
        label: "Telefoon".into(),
        secret: Zeroizing::new(secret.to_vec()),
        credential,
        step: 10,
        created_at: at(0),
        used_at: None,
    }
}

async fn factors(place: &Place, store: &Store, anna: &PersonId, bert: &PersonId) {
    store.add_factor(anna, &factor("a", FactorKind::Totp, b"a secret of twenty b", None), at(0)).await.unwrap();
    let key = factor("b", FactorKind::Passkey, b"public", Some([5; 32]));
    store.add_factor(anna, &key, at(1)).await.unwrap();
    let stolen = factor("c", FactorKind::Passkey, b"public", Some([5; 32]));
    assert!(matches!(store.add_factor(bert, &stolen, at(1)).await, Err(Error::Taken(_))));
    let kept = store.factors(anna).await.unwrap();
    assert_eq!(kept.iter().map(|f| f.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(*kept[0].secret, b"a secret of twenty b");
    assert!(store.factors(bert).await.unwrap().is_empty());
    assert_eq!(store.passkey(&[5; 32]).await.unwrap().unwrap().0, *anna);
    assert!(store.passkey(&[6; 32]).await.unwrap().is_none());
    // A step counts once, and none before it; of two that come at once, one counts.
    assert!(!store.use_step("a", 10, at(2)).await.unwrap());
    let (one, two) = tokio::join!(store.use_step("a", 11, at(2)), store.use_step("a", 11, at(2)));
    assert_eq!(usize::from(one.unwrap()) + usize::from(two.unwrap()), 1);
    assert!(!store.use_step("b", 99, at(2)).await.unwrap(), "a passkey has no steps");
    // Moved to somebody else, a secret does not open.
    store.flush().await.unwrap();
    place.behind(&format!("UPDATE factor SET person_id = '{bert}' WHERE factor_id = 'a'")).await;
    assert!(matches!(store.factors(bert).await, Err(Error::Unsealable(_))));
    place.behind(&format!("UPDATE factor SET person_id = '{anna}' WHERE factor_id = 'a'")).await;

    store.set_recovery_codes(anna, vec![[1; 32], [2; 32]], at(3)).await.unwrap();
    assert!(!store.use_recovery_code(bert, &[1; 32], at(3)).await.unwrap());
    assert!(store.use_recovery_code(anna, &[1; 32], at(3)).await.unwrap());
    assert!(!store.use_recovery_code(anna, &[1; 32], at(3)).await.unwrap());
    assert_eq!(store.recovery_codes_left(anna).await.unwrap(), 1);
    assert!(!store.remove_factor(bert, "a", at(4)).await.unwrap());
    assert!(store.remove_factor(anna, "a", at(4)).await.unwrap());
    assert_eq!(store.recovery_codes_left(anna).await.unwrap(), 1);
    assert!(store.remove_factor(anna, "b", at(4)).await.unwrap());
    assert_eq!(store.recovery_codes_left(anna).await.unwrap(), 0, "they stand in for nothing now");
}

async fn ceremonies(store: &Store, anna: &PersonId) {
    let put = async |key: u8, text: &str, from: Timestamp| {
        let ceremony = Ceremony { person: Some(anna.clone()), data: Zeroizing::new(text.as_bytes().to_vec()) };
        store.put_ceremony(&[key; 32], "second", &ceremony, from + 10.minutes(), from).await.unwrap();
    };
    put(1, "first", at(0)).await;
    put(1, "again", at(0)).await;
    assert!(store.ceremony(&[1; 32], "passkey", at(1)).await.unwrap().is_none(), "another kind");
    let seen = store.ceremony(&[1; 32], "second", at(1)).await.unwrap().unwrap();
    assert_eq!((&**seen.data, seen.person.as_ref()), (b"again".as_slice(), Some(anna)));
    assert!(store.ceremony(&[1; 32], "second", at(10)).await.unwrap().is_none(), "ended");
    let (one, two) =
        tokio::join!(store.take_ceremony(&[1; 32], "second", at(2)), store.take_ceremony(&[1; 32], "second", at(2)));
    assert_eq!(one.unwrap().into_iter().chain(two.unwrap()).count(), 1, "taken once");
    put(2, "late", at(0)).await;
    assert!(store.take_ceremony(&[2; 32], "second", at(11)).await.unwrap().is_none());
}

async fn rules(store: &Store) {
    let by = program();
    let required = async |roles: &[Role]| {
        let grant = |r: &Role| RoleGrant { organisation: organisation(1), role: *r, from: at(0), until: None };
        store.needs_second_factor(&roles.iter().map(grant).collect::<Vec<_>>()).await.unwrap()
    };
    assert!(required(&[Role::Gp]).await, "where nothing is known, everybody");
    let mut house = Organisation {
        id: organisation(1),
        name: "Praktijk De Linde".into(),
        kind: OrganisationKind::GpPractice,
        agb: None,
        ura: None,
        city: None,
        region: None,
        nurses_set_limits: false,
        policy: Policy::default(),
    };
    store.add_organisation(&by, &house, at(0)).await.unwrap();
    assert!(required(&[Role::Gp]).await, "at first, everybody");
    house.policy.second_factor = false;
    store.change_organisation(&by, &house, at(0)).await.unwrap();
    assert!(!required(&[Role::Gp]).await);
    store.set_second_factor_of_role(&by, Role::Gp, Some(true), at(0)).await.unwrap();
    assert_eq!(store.second_factor_of_roles(&organisation(1)).await.unwrap(), [(Role::Gp, true)]);
    assert!(required(&[Role::Carer, Role::Gp]).await && !required(&[Role::Carer]).await);
    store.set_second_factor_of_role(&by, Role::Gp, None, at(0)).await.unwrap();
    assert!(!required(&[Role::Gp]).await);
}

fn admin(bits: u128) -> Actor {
    Actor { who: Who::Person(PersonId::from_bits(bits)), role: Some(Role::OrganisationAdmin), ..program() }
}

async fn recovery(store: &Store, anna: &PersonId) {
    let person = Person {
        id: anna.clone(),
        username: "anna".into(),
        name: Name::of("Anna", "", "Smit"),
        agb: None,
        uzi: None,
        big: None,
        active: true,
    };
    store.add_person(&program(), &person, Some("old"), at(0)).await.unwrap();
    store.add_factor(anna, &factor("d", FactorKind::Totp, b"secret", None), at(0)).await.unwrap();
    let session = Session {
        person: anna.clone(),
        role: None,
        organisation: None,
        csrf: "csrf".into(),
        device: String::new(),
        must_enrol: false,
        created_at: at(0),
        seen_at: at(0),
        idle_end: at(500),
        absolute_end: at(600),
    };
    store.create_session(&[7; 32], &session, "password").await.unwrap();
    let (asks, approves) = (admin(10), admin(11));
    store.ask_recovery(&asks, "r", anna, "telefoon kwijt", at(1)).await.unwrap();
    let elsewhere = Actor { organisation: organisation(9), ..admin(11) };
    let code = Some(([3; 32], at(62)));
    assert_eq!(store.decide_recovery(&elsewhere, "r", code, at(2)).await.unwrap(), Decided::Gone);
    assert_eq!(store.decide_recovery(&asks, "r", code, at(2)).await.unwrap(), Decided::NotYou);
    let herself = Actor { who: Who::Person(anna.clone()), ..approves.clone() };
    assert_eq!(store.decide_recovery(&herself, "r", code, at(2)).await.unwrap(), Decided::NotYou);
    assert!(store.session(&[7; 32], at(2)).await.unwrap().is_some());
    assert_eq!(store.decide_recovery(&approves, "r", code, at(2)).await.unwrap(), Decided::Done);
    assert_eq!(store.decide_recovery(&approves, "r", None, at(2)).await.unwrap(), Decided::Gone);
    assert!(store.session(&[7; 32], at(2)).await.unwrap().is_none(), "signed out at once");
    assert_eq!(store.factors(anna).await.unwrap().len(), 1, "but nothing is weaker until the code is used");
    for (hash, when) in [([4; 32], at(3)), ([3; 32], at(62))] {
        assert!(!store.redeem_recovery(anna, &hash, "new", when).await.unwrap());
    }
    assert!(store.redeem_recovery(anna, &[3; 32], "new", at(61)).await.unwrap());
    assert!(!store.redeem_recovery(anna, &[3; 32], "newer", at(61)).await.unwrap());
    assert!(store.factors(anna).await.unwrap().is_empty());
    assert_eq!(store.login("anna", at(61)).await.unwrap().unwrap().password_hash.as_deref(), Some("new"));
    let which = Which { cursor: None, limit: 100 };
    let log = store.instance_log(&program(), &Filter::default(), which, "log", at(61)).await.unwrap();
    let actions: Vec<_> = log.rows.iter().map(|r| r.action.as_str()).collect();
    for action in ["ask-recovery", "approve-recovery", "recover", "add-factor", "remove-factor", "second-factor-rule"] {
        assert!(actions.contains(&action), "{action} is on record");
    }
    // A week later nothing can be decided any more.
    store.ask_recovery(&asks, "s", anna, "weer kwijt", at(100)).await.unwrap();
    let later = at(100) + 169.hours();
    assert_eq!(store.decide_recovery(&approves, "s", code, later).await.unwrap(), Decided::Gone);
    assert!(store.recoveries(&program().organisation, later).await.unwrap().is_empty());
}
