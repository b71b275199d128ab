//! Systems that are told of changes: which of them, once, in order; and what goes with a patient's record.

use crate::unread::{limiting, reads, world, writes};
use crate::world::{Place, at, bsn, fresh_id, gp, log_of, may, organisation, patient, program, system, version};
use domain::access::{Action, Actor, Relation, Who, permit};
use domain::hook::{Kind, State};
use domain::ident::{ClientId, HookId, PatientId};
use domain::outbox::{self, Failure, Target};
use domain::plan::Decision;
use domain::purpose::Purpose;
use domain::unread::Shown;
use jiff::Timestamp;
use store::Store;
use store::clients::Client;
use store::erasure::Ground;
use store::hooks::{At, Hook};
use store::outbox::{HELD, Message, Outcome, Outgoing};
use store::team::Member;

/// A system of an organisation.
pub fn client(name: &str, n: u128) -> Client {
    Client {
        id: ClientId::parse(name).unwrap(),
        name: name.to_owned(),
        organisation: organisation(n),
        scope: "system/*.rs".to_owned(),
        purpose: Purpose::Treatment,
        secret_hash: None,
        keys: None,
        active: true,
    }
}

fn hook(n: u128, client: &str, kind: Kind, patient: Option<&PatientId>) -> Hook {
    Hook {
        id: HookId::from_bits(n),
        client: ClientId::parse(client).unwrap(),
        kind,
        patient: patient.cloned(),
        state: State::Active,
        made_at: at(0),
        until: None,
        at: At { address: format!("https://{client}.example/{n}"), secret: "geheim".to_owned(), ..At::default() },
        last: None,
    }
}

fn acting(name: &str, n: u128) -> Actor {
    Actor { who: Who::Client(ClientId::parse(name).unwrap(), Purpose::Treatment), ..system(n) }
}

/// The systems `eigen` (of the practice that cares) and `ander` (of an organisation that does not), each with a webhook.
async fn listening(store: &Store) -> PatientId {
    let id = world(store).await;
    for (name, n) in [("eigen", 1), ("ander", 9)] {
        store.add_client(&program(), &client(name, n), at(3)).await.unwrap();
        store.add_hook(&program(), &hook(n, name, Kind::Webhook, None), at(3)).await.unwrap();
    }
    id
}

async fn claim(store: &Store, now: Timestamp) -> Vec<Outgoing> {
    store.claim_outgoing(20, now).await.unwrap()
}

/// Spreads what waits to be spread; how many there were.
async fn spread(store: &Store, now: Timestamp) -> usize {
    let held = claim(store, now).await;
    for one in &held {
        let (Target::Spread, Message::Version(told)) = (&one.to, &one.message) else { panic!("{one:?}") };
        store.spread_outgoing(one, told.version, told.urgent, now).await.unwrap();
    }
    held.len()
}

/// What may go now, as hook, version and urgency; sent.
async fn sent(store: &Store, now: Timestamp) -> Vec<(HookId, u32, bool)> {
    let mut all = Vec::new();
    for one in claim(store, now).await {
        let (Target::Hook(hook), Message::Version(told)) = (&one.to, &one.message) else { panic!("{one:?}") };
        all.push((hook.clone(), told.version, told.urgent));
        store.settle_outgoing(&one, Outcome::Sent, 0, now).await.unwrap();
    }
    all.sort();
    all
}

/// As [`sent`], and spreads what waits beside it.
async fn sent_or_spread(store: &Store, now: Timestamp) -> Vec<(HookId, u32, bool)> {
    let mut all = Vec::new();
    for one in claim(store, now).await {
        match (&one.to, &one.message) {
            (Target::Hook(hook), Message::Version(told)) => {
                all.push((hook.clone(), told.version, told.urgent));
                store.settle_outgoing(&one, Outcome::Sent, 0, now).await.unwrap();
            }
            (Target::Spread, Message::Version(told)) => {
                store.spread_outgoing(&one, told.version, told.urgent, now).await.unwrap();
            }
            _ => panic!("{one:?}"),
        }
    }
    all
}

pub async fn story(place: Place) {
    let store = place.open().await;
    let id = listening(&store).await;
    let (own, other) = (HookId::from_bits(1), HookId::from_bits(9));
    // Two wishes: who cares is told of each, in order.
    for (number, minutes) in [(2, 10), (3, 11)] {
        writes(&store, &gp(1), &id, &version(number, "wens", &gp(1), at(minutes)), at(minutes)).await;
    }
    assert_eq!(spread(&store, at(12)).await, 1, "one after the other");
    assert_eq!(sent_or_spread(&store, at(12)).await, [(own.clone(), 2, false)]);
    assert_eq!(sent(&store, at(12)).await, [(own.clone(), 3, false)]);
    // A limit: also who read the plan, though it does not care; once it did.
    writes(&store, &gp(1), &id, &limiting(4, Decision::DoNot, at(20)), at(20)).await;
    spread(&store, at(20)).await;
    assert_eq!(sent(&store, at(20)).await, [(own.clone(), 4, true)]);
    reads(&store, &acting("ander", 9), &id, Shown::Plan, at(21)).await;
    writes(&store, &gp(1), &id, &limiting(5, Decision::Perform, at(22)), at(22)).await;
    spread(&store, at(22)).await;
    assert_eq!(sent(&store, at(22)).await, [(own.clone(), 5, true), (other, 5, true)]);
    // What it read more than half a year ago it has long thrown away.
    let later = at(200 * 24 * 60);
    writes(&store, &gp(1), &id, &limiting(6, Decision::DoNot, later), later).await;
    spread(&store, later).await;
    assert_eq!(sent(&store, later).await, [(own.clone(), 6, true)]);
    // What was told stands in the patient's log.
    let relation = Relation { team: true, ..Relation::default() };
    let told = permit(&acting("eigen", 1), Action::ReadPlan, &id, relation).unwrap();
    store.note_told(&told, "version", 6, later).await.unwrap();
    let log = log_of(&store, &id, later).await;
    assert!(log.iter().any(|r| r.action == "notify" && r.actor == "client:eigen" && r.data == "version 6"));
    store.close().await.unwrap();
    let store = place.open().await;
    let kept = store.hook(&own).await.unwrap().unwrap();
    assert_eq!((kept.at.address.as_str(), kept.last), ("https://eigen.example/1", Some((later, None))));
    assert!(store.verify().await.unwrap().is_whole());
    store.close().await.unwrap();
}

pub async fn killed(place: Place) {
    let store = place.open().await;
    let id = listening(&store).await;
    writes(&store, &gp(1), &id, &version(2, "wens", &gp(1), at(10)), at(10)).await;
    // Killed before it was spread: the next one does it, and the first has no say any more.
    let [first] = &claim(&store, at(10)).await[..] else { panic!("one") };
    assert!(claim(&store, at(11)).await.is_empty(), "one sender has it");
    let after = at(10) + HELD;
    let [second] = &claim(&store, after).await[..] else { panic!("one") };
    for one in [first, second, second, first] {
        store.spread_outgoing(one, 2, false, after).await.unwrap();
    }
    // Killed after it was sent: it goes again, under the same id.
    let [sent] = &claim(&store, after).await[..] else { panic!("one message for one system") };
    let again = after + HELD;
    let [twice] = &claim(&store, again).await[..] else { panic!("one") };
    assert_eq!((sent.id.as_str(), sent.made_at, twice.tries), (twice.id.as_str(), at(10), 2));
    // The next change waits behind it, whatever becomes of it.
    writes(&store, &gp(1), &id, &version(3, "wens", &gp(1), again), again).await;
    assert_eq!(spread(&store, again).await, 1);
    assert!(claim(&store, again).await.is_empty());
    let dead = store.settle_outgoing(twice, Outcome::Failed(Failure::Refused), 0, again).await.unwrap();
    assert_eq!(dead, outbox::State::Dead);
    let hook = store.hook(&HookId::from_bits(1)).await.unwrap().unwrap();
    assert_eq!((hook.state, hook.last), (State::Error, Some((again, Some(Failure::Refused)))));
    assert!(claim(&store, again).await.is_empty(), "in order, also behind what failed");
    let seen = store.outbox(&program(), 10, again).await.unwrap();
    assert_eq!((&seen.dead[0].to, seen.dead[0].kind), (&Target::Hook(hook.id.clone()), outbox::Kind::Hook));
    assert!(store.send_again(&program(), &twice.id, again).await.unwrap());
    for version in [2, 3] {
        assert_eq!(self::sent(&store, again).await, [(hook.id.clone(), version, false)]);
    }
    assert_eq!(store.hook(&hook.id).await.unwrap().unwrap().state, State::Active, "something arrived again");
    store.close().await.unwrap();
}

pub async fn standing(place: Place) {
    let store = place.open().await;
    let id = world(&store).await;
    // Where nobody listens, nothing is written.
    writes(&store, &gp(1), &id, &version(2, "wens", &gp(1), at(10)), at(10)).await;
    assert!(claim(&store, at(10)).await.is_empty());
    store.add_client(&program(), &client("eigen", 1), at(11)).await.unwrap();
    let (eigen, asks) = (ClientId::parse("eigen").unwrap(), acting("eigen", 1));
    let webhook = hook(1, "eigen", Kind::Webhook, None);
    store.add_hook(&program(), &webhook, at(11)).await.unwrap();
    store.add_hook(&program(), &hook(2, "eigen", Kind::Origin, None), at(12)).await.unwrap();
    assert_eq!(store.hooks_of(&eigen).await.unwrap().len(), 2);
    // It rests: nothing is told, and nothing kept for later.
    assert!(store.set_hook(&program(), &eigen, &webhook.id, false, at(13)).await.unwrap());
    writes(&store, &gp(1), &id, &version(3, "wens", &gp(1), at(14)), at(14)).await;
    assert!(claim(&store, at(14)).await.is_empty());
    assert!(store.set_hook(&program(), &eigen, &webhook.id, true, at(15)).await.unwrap());
    assert!(!store.set_hook(&program(), &ClientId::parse("ander").unwrap(), &webhook.id, false, at(15)).await.unwrap());
    // A system that is shut out is told nothing.
    store.change_client(&program(), &Client { active: false, ..client("eigen", 1) }, at(16)).await.unwrap();
    writes(&store, &gp(1), &id, &version(4, "wens", &gp(1), at(17)), at(17)).await;
    assert_eq!(spread(&store, at(17)).await, 1);
    assert!(claim(&store, at(17)).await.is_empty());
    store.change_client(&program(), &client("eigen", 1), at(18)).await.unwrap();
    // Trying it tells of nobody.
    store.try_hook(&program(), &webhook.id, at(18)).await.unwrap();
    let [test] = &claim(&store, at(18)).await[..] else { panic!("one") };
    assert_eq!((&test.message, &test.to), (&Message::Test, &Target::Hook(webhook.id.clone())));
    store.settle_outgoing(test, Outcome::Sent, 0, at(18)).await.unwrap();
    assert!(store.remove_hook(&program(), &eigen, &webhook.id, at(19)).await.unwrap());
    assert!(!store.remove_hook(&program(), &eigen, &webhook.id, at(19)).await.unwrap());
    subscriptions(&store, &id, &asks).await;
    store.close().await.unwrap();
}

/// Subscriptions end in time, go along with a record that is merged, and are gone with one that is erased.
async fn subscriptions(store: &Store, id: &PatientId, asks: &Actor) {
    let eigen = ClientId::parse("eigen").unwrap();
    let other = fresh_id();
    let team = [Member::Organisation(organisation(1))];
    let register = may(&gp(1), Action::RegisterPatient, &other);
    store.register(&register, &patient(bsn(5), "Jan", "Bos"), &team, at(20)).await.unwrap();
    let reads = may(asks, Action::ReadPlan, &other);
    let wrong = hook(3, "eigen", Kind::Subscription, Some(id));
    assert!(store.subscribe(&reads, &wrong, at(21)).await.is_err(), "on the patient of the permit");
    let until = Some(at(100));
    store
        .subscribe(&reads, &Hook { until, ..hook(3, "eigen", Kind::Subscription, Some(&other)) }, at(21))
        .await
        .unwrap();
    assert_eq!(store.count_subscriptions(&eigen).await.unwrap(), 1);
    let correct = |who: &PatientId| may(&gp(1), Action::CorrectPatient, who);
    store.merge(&correct(id), &correct(&other), "dubbel", at(22)).await.unwrap();
    let [kept] = &store.subscriptions_of(&eigen, None, 10).await.unwrap()[..] else { panic!("one") };
    assert_eq!(
        (kept.patient.as_ref(), kept.state_at(at(99)), kept.state_at(at(100))),
        (Some(id), State::Active, State::Off)
    );
    assert!(store.subscriptions_of(&eigen, Some(&kept.id), 10).await.unwrap().is_empty());
    writes(store, &gp(1), id, &version(5, "wens", &gp(1), at(23)), at(23)).await;
    assert_eq!(spread(store, at(23)).await, 1);
    assert_eq!(sent(store, at(23)).await, [(kept.id.clone(), 5, false)]);
    // Its time is over.
    writes(store, &gp(1), id, &version(6, "wens", &gp(1), at(101)), at(101)).await;
    spread(store, at(101)).await;
    assert!(sent(store, at(101)).await.is_empty());
    store.erase(&may(&gp(1), Action::ErasePatient, id), Ground::Request, at(102)).await.unwrap();
    assert_eq!(store.count_subscriptions(&eigen).await.unwrap(), 0);
    assert!(store.hook(&HookId::from_bits(3)).await.unwrap().is_none());
}
