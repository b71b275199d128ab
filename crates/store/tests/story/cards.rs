//! Codes on cards and sheets: one for each version, what they are worth, and what becomes of them.

use crate::world::{Place, at, bsn, fresh_id, gp, log_of, may, organisation, patient, recorder, registered, version};
use domain::access::Action;
use domain::card::{Kind, Standing, Token};
use domain::date::local_day;
use domain::ident::PatientId;
use domain::path::{End, What};
use domain::plan::{Mark, MarkKind};
use store::cards::{Issued, NewCard};
use store::erasure::Ground;
use store::plans::{WriteVersion, Written};
use store::team::Member;
use store::{Error, Store};

fn new(kind: Kind, version: u32) -> NewCard {
    let token = Store::fresh_token();
    NewCard { kind, version, code: format!("{}#K1.20261123.c0.1.sig", token.as_str()), token }
}

async fn issue(store: &Store, id: &PatientId, kind: Kind, version: u32, minute: i64) -> Issued {
    store.issue_card(&may(&gp(1), Action::Print, id), new(kind, version), at(minute)).await.unwrap()
}

async fn next_version(store: &Store, id: &PatientId, number: u32, minute: i64) {
    let next = version(number, "nieuwe wens", &gp(1), at(minute));
    let write = WriteVersion::of(number - 1, &next);
    let written = store.write_version(&may(&gp(1), Action::RecordPlan, id), write, at(minute)).await.unwrap();
    assert_eq!(written, Written::Done(number));
}

async fn worth(store: &Store, token: &Token) -> Standing {
    store.card_standing(token).await.unwrap()
}

pub async fn story(place: Place) {
    let store = place.open().await;
    let id = registered(&store, 1, 1).await;
    let print = may(&gp(1), Action::Print, &id);
    assert_eq!(store.card(&print, Kind::Card, 1, at(10)).await.unwrap(), None);
    let card = issue(&store, &id, Kind::Card, 1, 10).await;
    assert_eq!((card.number, card.standing, card.by.as_str()), (1, Standing::Current, "dr. Tijdig"));
    // Printed again it is the same, so that the same version gives the same sheet.
    assert_eq!(store.card(&print, Kind::Card, 1, at(11)).await.unwrap(), Some(card.clone()));
    assert_eq!(issue(&store, &id, Kind::Card, 1, 12).await, card, "another was first");
    let sheet = issue(&store, &id, Kind::Sheet, 1, 13).await;
    assert_ne!(sheet.token, card.token);
    assert_eq!(store.find_by_card(&card.token).await.unwrap(), Some(id.clone()));

    next_version(&store, &id, 2, 60).await;
    let replaced = Standing::Replaced(local_day(at(60)));
    assert_eq!((worth(&store, &card.token).await, worth(&store, &sheet.token).await), (replaced, replaced));
    let renewed = issue(&store, &id, Kind::Card, 2, 61).await;
    assert_eq!(worth(&store, &renewed.token).await, Standing::Current);
    let read = may(&gp(1), Action::ReadPlan, &id);
    let all = store.cards(&read, at(62)).await.unwrap();
    assert_eq!(all.iter().map(|c| (c.number, c.version)).collect::<Vec<_>>(), [(3, 2), (2, 1), (1, 1)]);
    // Nobody knows a token that was not made, and it finds nobody.
    let other = Store::fresh_token();
    assert_eq!((worth(&store, &other).await, store.find_by_card(&other).await.unwrap()), (Standing::Unknown, None));

    let log: Vec<_> = log_of(&store, &id, at(90)).await.into_iter().map(|r| (r.action, r.data)).collect();
    let printed = log.iter().filter(|(a, d)| a == "print" && d == "card: version 1").count();
    assert_eq!(printed, 3, "{log:?}");
    let refused = store.card(&read, Kind::Card, 1, at(91)).await;
    assert!(matches!(refused, Err(Error::Permit(_))), "{refused:?}");
    // The code is sealed, and its token is nowhere in the open.
    let open = place.texts("SELECT kind FROM card").await;
    assert_eq!(open.len(), 3);
    let verified = store.verify().await.unwrap();
    assert!(verified.is_whole(), "{verified:?}");
}

pub async fn withdrawn(place: Place) {
    let store = place.open().await;
    let id = registered(&store, 1, 1).await;
    let lost = issue(&store, &id, Kind::Card, 1, 10).await;
    let withdraw = may(&gp(1), Action::WithdrawCard, &id);
    assert!(store.withdraw_card(&withdraw, lost.number, at(11)).await.unwrap());
    assert!(!store.withdraw_card(&withdraw, lost.number, at(12)).await.unwrap());
    assert!(!store.withdraw_card(&withdraw, 99, at(12)).await.unwrap());
    assert_eq!(worth(&store, &lost.token).await, Standing::Withdrawn);
    assert_eq!(
        store.find_by_card(&lost.token).await.unwrap(),
        Some(id.clone()),
        "who is found needs help all the same"
    );
    // The next one for the same version is another.
    let again = issue(&store, &id, Kind::Card, 1, 13).await;
    assert_ne!(again.token, lost.token);
    assert_eq!(worth(&store, &again.token).await, Standing::Current);

    let wrong = Mark { kind: MarkKind::Wrong, reason: "van een ander".into(), by: recorder(&gp(1)), at: at(20) };
    let then = version(2, "wens 2", &gp(1), at(20));
    let record = may(&gp(1), Action::RecordPlan, &id);
    store.mark_version(&record, 1, &wrong, WriteVersion::of(1, &then), at(20)).await.unwrap();
    assert_eq!(worth(&store, &again.token).await, Standing::Withdrawn, "what it shows was wrong");

    let carried = issue(&store, &id, Kind::Card, 2, 30).await;
    let died = What::Ended { why: End::Died, words: None };
    let follow = may(&gp(1), Action::FollowUp, &id);
    store.add_steps(&follow, &[(local_day(at(40)), died)], None, &recorder(&gp(1)), at(40)).await.unwrap();
    assert_eq!(worth(&store, &carried.token).await, Standing::Withdrawn, "decision 22");
}

pub async fn left(place: Place) {
    let store = place.open().await;
    let (kept, dropped) = (registered(&store, 1, 1).await, fresh_id());
    let double = patient(bsn(2), "Aaltje", "Bergsma1");
    let team = [Member::Organisation(organisation(1))];
    store.register(&may(&gp(1), Action::RegisterPatient, &dropped), &double, &team, at(0)).await.unwrap();
    next_version(&store, &dropped, 1, 5).await;
    let (own, theirs) =
        (issue(&store, &kept, Kind::Card, 1, 10).await, issue(&store, &dropped, Kind::Card, 1, 10).await);
    let correct = |id| may(&gp(1), Action::CorrectPatient, id);
    store.merge(&correct(&kept), &correct(&dropped), "een en dezelfde", at(60)).await.unwrap();
    assert_eq!(worth(&store, &theirs.token).await, Standing::Replaced(local_day(at(60))));
    assert_eq!(worth(&store, &own.token).await, Standing::Current);
    store.erase(&may(&gp(1), Action::ErasePatient, &kept), Ground::Request, at(90)).await.unwrap();
    for token in [&own.token, &theirs.token] {
        assert_eq!(worth(&store, token).await, Standing::Withdrawn, "ours, and no longer good");
        assert_eq!(store.find_by_card(token).await.unwrap(), None);
    }
    assert_eq!(place.number("SELECT count(*) FROM card").await, 0);
}

pub async fn keys(place: Place) {
    let store = place.open().await;
    let one = store.make_card_seed(1).await.unwrap();
    assert_eq!(*store.make_card_seed(1).await.unwrap(), *one, "another instance was first");
    store.put_card_key(1, [1; 32], at(0)).await.unwrap();
    assert!(store.card_seed(2).await.unwrap().is_none());
    store.make_card_seed(2).await.unwrap();
    store.put_card_key(2, [2; 32], at(5)).await.unwrap();
    store.put_card_key(2, [9; 32], at(6)).await.unwrap();
    let keys = store.card_keys().await.unwrap();
    let told: Vec<_> = keys.iter().map(|k| (k.number, k.public[0], k.ended_at)).collect();
    assert_eq!(told, [(1, 1, Some(at(5))), (2, 2, None)]);
    assert!(store.card_seed(1).await.unwrap().is_none(), "what was signed with it can be checked, and nothing signed");
    assert!(store.card_seed(2).await.unwrap().is_some());
    // A new master key wraps it with all other secrets.
    store.rotate_keys(at(10), std::sync::Arc::new(|_, _, _| {})).await.unwrap();
    assert!(store.card_seed(2).await.unwrap().is_some());
}
