//! Preparing at home: the patient's own words, for who holds the conversation, and nobody's to overwrite unseen.

use crate::world::{Place, at, gp, may, registered};
use domain::access::{Action, Actor, Own, Relation, Who, permit};
use domain::ident::PersonId;
use domain::prepare::{Language, Prepared, Question};
use domain::role::Role;
use store::preparations::Kept;

pub async fn story(place: Place) {
    let store = place.open().await;
    let id = registered(&store, 0, 1).await;
    let side = |bits, own: Own| {
        let actor = Actor { who: Who::Person(PersonId::from_bits(bits)), role: Some(own.role()), ..gp(1) };
        permit(&actor, Action::OwnWords, &id, Relation { own: Some(own), ..Relation::default() }).unwrap()
    };
    let (me, daughter, relative) = (side(51, Own::Patient), side(52, Own::Representative), side(53, Own::Relative));
    let wrote = |text: &str, minute| Prepared {
        language: Language::Turkish,
        answers: vec![(Question::Matters, text.to_owned())],
        name: "Fatma Demir".into(),
        represented: false,
        at: at(minute),
    };
    assert!(store.preparations(&me, at(10)).await.unwrap().is_empty());
    assert_eq!(store.prepare(&me, &wrote("torunlarım", 11), 0, at(11)).await.unwrap(), Kept::Done(1));
    assert_eq!(store.prepare(&daughter, &wrote("annem", 12), 0, at(12)).await.unwrap(), Kept::Done(1));
    // The same person on two devices: neither overwrites the other unseen.
    let Kept::Stale(stands) = store.prepare(&me, &wrote("bahçe", 13), 0, at(13)).await.unwrap() else { panic!() };
    assert_eq!(stands.prepared.answer(Question::Matters), Some("torunlarım"));
    assert_eq!(store.prepare(&me, &wrote("bahçe", 14), stands.revision, at(14)).await.unwrap(), Kept::Done(2));

    // For who records the conversation, the newest first; not for who merely reads, nor for a relative.
    let nurse = Actor { role: Some(Role::DistrictNurse), ..gp(1) };
    for reader in [&me, &daughter, &may(&nurse, Action::RecordPlan, &id)] {
        let all = store.preparations(reader, at(15)).await.unwrap();
        let said: Vec<_> = all.iter().map(|p| p.prepared.answer(Question::Matters).unwrap()).collect();
        assert_eq!(said, ["bahçe", "annem"]);
    }
    for other in [&relative, &may(&gp(1), Action::ReadPlan, &id)] {
        assert!(store.preparations(other, at(15)).await.is_err());
    }
    assert!(store.prepare(&relative, &wrote("x", 16), 0, at(16)).await.is_err());
    assert!(store.verify().await.unwrap().is_whole());
    store.close().await.unwrap();
}
