//! The outbox: written with the change, claimed by one, in order, until it is sent or given up; and the addresses to
//! which mail goes.

use crate::unread::{limiting, nurse, person, reads, world, writes};
use crate::world::{Place, at, gp, program, version};
use domain::ident::PatientId;
use domain::outbox::{Failure, Kind, State, Target};
use domain::plan::Decision;
use domain::unread::Shown;
use store::Store;
use store::mail_address::{Asked, Confirmed};
use store::outbox::{HELD, Message, Outcome, Outgoing};

/// A patient whose nurse read the plan and wants to be told by mail.
async fn told_by_mail(store: &Store) -> PatientId {
    store.sends_mail(true);
    let id = world(store).await;
    reads(store, &nurse(), &id, Shown::Plan, at(10)).await;
    let who = person(&nurse());
    assert_eq!(store.ask_mail_address(&who, "nurse@x.test", "123456", at(11)).await.unwrap(), Asked::Sent);
    assert_eq!(store.confirm_mail_address(&who, "123456", at(12)).await.unwrap(), Confirmed::Done);
    let code = only(store, 12).await;
    store.settle_outgoing(&code, Outcome::Sent, 0, at(12)).await.unwrap();
    id
}

async fn claim(store: &Store, minutes: i64) -> Vec<Outgoing> {
    store.claim_outgoing(20, at(minutes)).await.unwrap()
}

async fn only(store: &Store, minutes: i64) -> Outgoing {
    let held = claim(store, minutes).await;
    let [one] = &held[..] else { panic!("one message: {held:?}") };
    one.clone()
}

/// Minutes from the tests' first moment, ten in the morning here, until the next morning's digest.
const MORNING: i64 = 21 * 60;

pub async fn story(place: Place) {
    let store = place.open().await;
    let id = told_by_mail(&store).await;
    // Two wishes on one day: one message, the next morning.
    writes(&store, &gp(1), &id, &version(2, "twee", &gp(1), at(20)), at(20)).await;
    writes(&store, &gp(1), &id, &version(3, "drie", &gp(1), at(30)), at(30)).await;
    assert!(claim(&store, 40).await.is_empty(), "not before the morning");
    // A limit: at once.
    writes(&store, &gp(1), &id, &limiting(4, Decision::DoNot, at(50)), at(50)).await;
    let urgent = only(&store, 50).await;
    assert_eq!(
        (urgent.kind, &urgent.to, &urgent.message),
        (Kind::Urgent, &Target::Person(person(&nurse())), &Message::Changed)
    );
    assert!(claim(&store, 51).await.is_empty(), "one sender has it");
    assert!(store.is_still_unread(&urgent).await.unwrap());
    // The sender was killed: the next one gets it when the claim is over, under the same id, and the first has no say.
    let again = store.claim_outgoing(20, at(50) + HELD).await.unwrap().remove(0);
    assert_eq!((again.id.as_str(), again.tries), (urgent.id.as_str(), 2));
    store.settle_outgoing(&urgent, Outcome::Sent, 0, at(53)).await.unwrap();
    assert_eq!(store.outbox(&program(), 10, at(53)).await.unwrap().waiting.len(), 2, "it is not the first's any more");
    assert_eq!(store.settle_outgoing(&again, Outcome::Sent, 0, at(54)).await.unwrap(), State::Sent);
    let digest = only(&store, MORNING).await;
    assert!(store.is_still_unread(&digest).await.unwrap());
    reads(&store, &nurse(), &id, Shown::Plan, at(MORNING)).await;
    assert!(!store.is_still_unread(&digest).await.unwrap(), "read before it went");
    assert_eq!((digest.kind, &digest.message), (Kind::Digest, &Message::Changed));
    store.settle_outgoing(&digest, Outcome::Dropped, 0, at(MORNING)).await.unwrap();
    let left = store.outbox(&program(), 10, at(MORNING)).await.unwrap();
    assert_eq!((left.waiting.len(), left.dead.len(), left.sent), (0, 0, 2), "the code and the urgent one");
    // Who wants no mail gets none; where there is no mail at all, nothing is written.
    store.remove_mail_address(&person(&nurse()), at(60)).await.unwrap();
    writes(&store, &gp(1), &id, &limiting(5, Decision::Perform, at(70)), at(70)).await;
    assert!(claim(&store, 2 * MORNING).await.is_empty());
    // Opened again after a stop, everything is as it was.
    store.close().await.unwrap();
    let store = place.open().await;
    assert!(store.verify().await.unwrap().is_whole());
    store.close().await.unwrap();
}

/// What fails waits longer each time, then for an administrator; what follows it for the same patient waits behind it.
pub async fn failing(place: Place) {
    let store = place.open().await;
    let id = told_by_mail(&store).await;
    writes(&store, &gp(1), &id, &limiting(2, Decision::DoNot, at(20)), at(20)).await;
    writes(&store, &gp(1), &id, &limiting(3, Decision::Perform, at(21)), at(21)).await;
    let first = only(&store, 22).await;
    let later = store.settle_outgoing(&first, Outcome::Failed(Failure::NoAnswer), 0, at(22)).await.unwrap();
    assert_eq!(later, State::Waiting);
    assert!(claim(&store, 22).await.is_empty(), "neither the first, nor the second before it");
    let first = only(&store, 23).await;
    assert_eq!(first.tries, 2);
    let dead = store.settle_outgoing(&first, Outcome::Failed(Failure::Refused), 0, at(23)).await.unwrap();
    assert_eq!(dead, State::Dead);
    let seen = store.outbox(&program(), 10, at(24)).await.unwrap();
    assert_eq!((seen.dead[0].failure, seen.waiting.len()), (Some(Failure::Refused), 1));
    assert!(claim(&store, 24).await.is_empty(), "in order, also behind what failed");
    // Sent again: all its tries, and then the next.
    assert!(store.send_again(&program(), &first.id, at(25)).await.unwrap());
    assert!(!store.send_again(&program(), &first.id, at(25)).await.unwrap());
    let again = only(&store, 25).await;
    assert_eq!((again.id.as_str(), again.tries), (first.id.as_str(), 1));
    assert!(!store.give_up(&program(), &first.id, "wordt verstuurd", at(25)).await.unwrap(), "a sender has it");
    store.settle_outgoing(&again, Outcome::Failed(Failure::Refused), 0, at(26)).await.unwrap();
    assert!(store.give_up(&program(), &first.id, "adres bestaat niet meer", at(27)).await.unwrap());
    let second = only(&store, 28).await;
    assert_ne!(second.id, first.id);
    store.settle_outgoing(&second, Outcome::Sent, 0, at(28)).await.unwrap();
    assert_eq!(store.tidy_outbox(at(40 * 24 * 60)).await.unwrap(), 3);
    store.close().await.unwrap();
}

/// Two instances on one database, or two senders on one: each message has one sender.
pub async fn claiming(place: Place) {
    let store = place.open().await;
    let id = told_by_mail(&store).await;
    let other = if place.is_sqlite() { store.clone() } else { place.open().await };
    for number in 2..=9 {
        let decision = if number % 2 == 0 { Decision::DoNot } else { Decision::Perform };
        writes(&store, &gp(1), &id, &limiting(number, decision, at(20)), at(20)).await;
    }
    let mut sent = Vec::new();
    for _ in 0..20 {
        let (one, two) = tokio::join!(store.claim_outgoing(4, at(30)), other.claim_outgoing(4, at(30)));
        for (sender, held) in [(&store, one.unwrap()), (&other, two.unwrap())] {
            for message in held {
                sender.settle_outgoing(&message, Outcome::Sent, 0, at(30)).await.unwrap();
                sent.push(message.id);
            }
        }
    }
    assert_eq!(sent.len(), 8, "each once");
    sent.sort();
    sent.dedup();
    assert_eq!(sent.len(), 8);
    other.close().await.unwrap();
    if !place.is_sqlite() {
        store.close().await.unwrap();
    }
}

/// An address counts when its code came back: not another code, not too late, not after too many.
pub async fn addresses(place: Place) {
    let store = place.open().await;
    world(&store).await;
    store.sends_mail(true);
    let who = person(&nurse());
    assert_eq!(store.confirm_mail_address(&who, "123456", at(0)).await.unwrap(), Confirmed::Over);
    store.ask_mail_address(&who, "geheim@x.test", "123456", at(0)).await.unwrap();
    let again = store.ask_mail_address(&who, "ander@x.test", "999999", at(0)).await.unwrap();
    assert_eq!(again, Asked::TooSoon);
    let code = only(&store, 0).await;
    let Message::Confirm(told) = &code.message else { panic!("a code") };
    assert_eq!((told.address.as_str(), told.code.as_str()), ("geheim@x.test", "123456"));
    assert!(store.mail_address(&who).await.unwrap().unwrap().confirmed_at.is_none());
    assert_eq!(store.confirm_mail_address(&who, "123456", at(60)).await.unwrap(), Confirmed::Over, "an hour later");
    store.ask_mail_address(&who, "geheim@x.test", "222222", at(61)).await.unwrap();
    for _ in 0..5 {
        assert_eq!(store.confirm_mail_address(&who, "000000", at(62)).await.unwrap(), Confirmed::Wrong);
    }
    assert_eq!(store.confirm_mail_address(&who, "222222", at(62)).await.unwrap(), Confirmed::Over, "guessed too often");
    store.ask_mail_address(&who, "geheim@x.test", "333333", at(64)).await.unwrap();
    assert_eq!(store.confirm_mail_address(&who, "333333", at(65)).await.unwrap(), Confirmed::Done);
    let kept = store.mail_address(&who).await.unwrap().unwrap();
    assert_eq!((kept.address.as_str(), kept.confirmed_at), ("geheim@x.test", Some(at(65))));
    assert_eq!(store.confirm_mail_address(&who, "333333", at(66)).await.unwrap(), Confirmed::Over, "once");
    let open = "SELECT count(*) FROM outbox WHERE sealed IS NULL AND kind = 'confirm'";
    assert_eq!(place.number(open).await, 0, "addresses and codes stand sealed");
    store.close().await.unwrap();
}
