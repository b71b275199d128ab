//! Systems are told of changes by signed messages, to a real receiver: which, once in effect, in order, on a basis; and
//! where an administrator says so.

use crate::admin::organisation;
use crate::browser::Browser;
use crate::harness::{Server, server};
use crate::receiver::{Came, Receiver};
use crate::sound::sound;
use axum::http::StatusCode;
use domain::access::{Action, Permit, Relation, Sharing, permit};
use domain::ident::{OrganisationId, PatientId};
use domain::plan::{Decision, Treatment};
use jiff::{SignedDuration, Timestamp};
use store::log::read::{Filter, Which};
use store::plans::{WriteVersion, Written};
use store::team::Member;
use web::{Client, HookKind, HookSettings, hook_signature};

/// A server that may tell systems on this machine.
pub async fn telling(patients: u32) -> (Server, Receiver) {
    let (server, receiver) = (server(patients).await, Receiver::start().await);
    server.app.set_hooks(HookSettings { private_addresses: true });
    (server, receiver)
}

pub async fn client(server: &Server, name: &str) -> Client {
    server.store.clients().await.unwrap().into_iter().find(|c| c.id.as_str() == name).unwrap()
}

/// Registers a webhook past the page; its secret.
pub async fn webhook(server: &Server, receiver: &Receiver, of: &str) -> String {
    let client = client(server, of).await;
    let now = web::Clock::default().real();
    let hook = web::new_hook(&client, HookKind::Webhook, &receiver.address("/tijdig").parse().unwrap(), now);
    server.store.add_hook(&web::program(client.organisation), &hook, now).await.unwrap();
    hook.at.secret
}

fn may(action: Action, patient: &PatientId) -> Permit {
    permit(&web::program(OrganisationId::from_bits(0)), action, patient, Relation::default()).unwrap()
}

/// Somebody writes a new version: a limit is decided otherwise, or everything stays as it is.
pub async fn change(server: &Server, patient: &PatientId, limit: bool) -> u32 {
    let now = web::Clock::default().now();
    let mut all = server.store.versions(&may(Action::ReadPlan, patient), now, "test").await.unwrap();
    let mut version = all.pop().unwrap().version;
    version.number += 1;
    version.recorded_at = now;
    if limit {
        let said = version.content.directives.get_mut(&Treatment::Cpr).unwrap().current.as_mut().unwrap();
        let is_no = said.value.decision == Decision::DoNot;
        said.value.decision = if is_no { Decision::Perform } else { Decision::DoNot };
    }
    let write = WriteVersion::of(version.number - 1, &version);
    let written = server.store.write_version(&may(Action::RecordPlan, patient), write, now).await.unwrap();
    assert_eq!(written, Written::Done(version.number));
    version.number
}

/// A patient of the demo with a limit to change, who lets nobody see it but who cares for them.
pub async fn with_limit(server: &Server) -> PatientId {
    for patient in server.sheet.patients.iter().filter(|p| p.sharing != Sharing::Agreed) {
        let id = PatientId::parse(&patient.id).unwrap();
        let now = web::Clock::default().now();
        let newest = server.store.versions(&may(Action::ReadPlan, &id), now, "test").await.unwrap().pop();
        let cpr = newest.and_then(|v| v.version.content.directives.get(&Treatment::Cpr).cloned());
        if cpr.is_some_and(|topic| topic.current.is_some()) {
            return id;
        }
    }
    panic!("no patient with a limit")
}

/// Sends until nothing is due at this moment.
pub async fn send_all(server: &Server, now: Timestamp) {
    while web::send_due_at(&server.app, now).await.unwrap() > 0 {}
}

pub fn now() -> Timestamp {
    web::Clock::default().now()
}

pub fn later(hours: i64) -> Timestamp {
    now() + SignedDuration::from_hours(hours)
}

/// Checks a message as a receiver does, and gives its version.
fn genuine(came: &Came, secret: &str, patient: &PatientId) -> u64 {
    let moment = came.header("tijdig-timestamp");
    assert_eq!(came.header("tijdig-signature"), hook_signature(secret, moment, &came.body));
    let value = came.json();
    assert_eq!((value["id"].as_str(), value["type"].as_str()), (Some(came.header("tijdig-id")), Some("plan.changed")));
    assert_eq!(value["patient"], format!("Patient/{patient}"));
    assert_eq!((came.path.as_str(), came.header("content-type")), ("/tijdig", "application/json"));
    value["version"].as_u64().unwrap()
}

#[tokio::test]
async fn a_system_that_cares_is_told_of_each_change_signed_and_without_content() {
    let (server, receiver) = telling(20).await;
    let secret = webhook(&server, &receiver, "provider-test").await;
    let id = with_limit(&server).await;
    let version = change(&server, &id, false).await;
    send_all(&server, now()).await;
    let [came] = &receiver.came()[..] else { panic!("one message") };
    assert_eq!(genuine(came, &secret, &id), u64::from(version));
    assert_eq!(came.json()["urgent"], false);
    let patient = server.sheet.patients.iter().find(|p| p.id == id.as_str()).unwrap();
    for told in [patient.bsn.as_str(), patient.name.split(' ').next_back().unwrap()] {
        assert!(!came.body.contains(told), "{}", came.body);
    }
    change(&server, &id, true).await;
    send_all(&server, now()).await;
    assert_eq!(receiver.came()[0].json()["urgent"], true);
    // The patient sees that it was told.
    let (filter, which) = (Filter::default(), Which { cursor: None, limit: 50 });
    let rows = server.store.patient_log(&may(Action::ReadLog, &id), &filter, which, "log", now()).await.unwrap().rows;
    assert_eq!(rows.iter().filter(|r| r.action == "notify" && r.actor == "client:provider-test").count(), 2);
}

#[tokio::test]
async fn a_receiver_that_fails_for_hours_gets_each_change_in_effect_once_and_in_order() {
    let (server, receiver) = telling(20).await;
    let secret = webhook(&server, &receiver, "provider-test").await;
    let id = with_limit(&server).await;
    let mut versions = Vec::new();
    receiver.answers(StatusCode::INTERNAL_SERVER_ERROR);
    versions.push(u64::from(change(&server, &id, true).await));
    send_all(&server, now()).await;
    for answer in [StatusCode::SERVICE_UNAVAILABLE, StatusCode::UNAUTHORIZED, StatusCode::TEMPORARY_REDIRECT] {
        receiver.answers(answer);
        versions.push(u64::from(change(&server, &id, true).await));
        send_all(&server, later(versions.len().try_into().unwrap())).await;
    }
    let tried = receiver.came();
    assert!(tried.len() >= 4 && tried.iter().all(|c| genuine(c, &secret, &id) == versions[0]), "the first, again");
    assert!(tried.iter().all(|c| c.header("tijdig-id") == tried[0].header("tijdig-id")), "under one id");
    // The server is killed after it sent one and before it wrote that down; another goes on.
    receiver.answers(StatusCode::OK);
    let at = later(12);
    let held = server.store.claim_outgoing(8, at).await.unwrap();
    assert_eq!(held.len(), 1);
    let other = server.again().await;
    other.app.set_hooks(HookSettings { private_addresses: true });
    send_all(&other, at + SignedDuration::from_mins(4)).await;
    let came: Vec<_> = receiver.came().iter().map(|c| genuine(c, &secret, &id)).collect();
    assert_eq!(came, versions, "all, in order, each once");
    send_all(&server, later(30)).await;
    assert!(receiver.came().is_empty());
}

#[tokio::test]
async fn without_a_basis_nothing_is_sent() {
    let (server, receiver) = telling(20).await;
    webhook(&server, &receiver, "provider-test").await;
    webhook(&server, &receiver, "consulter-test").await;
    let id = with_limit(&server).await;
    receiver.answers(StatusCode::INTERNAL_SERVER_ERROR);
    change(&server, &id, true).await;
    send_all(&server, now()).await;
    assert_eq!(receiver.came().len(), 1, "who does not care for the patient is not told");
    receiver.answers(StatusCode::OK);
    let member = Member::Organisation(client(&server, "provider-test").await.organisation);
    let left = server.store.leave_team(&may(Action::ManageTeam, &id), &member, None, now()).await.unwrap();
    assert!(left);
    send_all(&server, later(1)).await;
    assert!(receiver.came().is_empty(), "the basis went before it was sent");
    let seen = server.store.outbox(&web::program(OrganisationId::from_bits(0)), 10, later(1)).await.unwrap();
    assert!(seen.waiting.is_empty() && seen.dead.is_empty(), "{seen:?}");
}

/// The page of systems of the administrator's own organisation, which gets one: `his-eigen`.
async fn page_of(server: &Server, admin: &Browser<'_>) -> String {
    let own = organisation(admin, 0).await;
    let id = OrganisationId::parse(own.rsplit('/').next().unwrap()).unwrap();
    let client = web::new_client("his-eigen", &id, "system/*.rs", "treatment", None).unwrap();
    server.store.add_client(&web::program(id), &client, now()).await.unwrap();
    own + "/koppelingen"
}

#[tokio::test]
async fn an_administrator_registers_tries_rests_and_removes_an_address() {
    let (server, receiver) = telling(3).await;
    let admin = Browser::of(&server, "organisation-admin").await;
    let at = page_of(&server, &admin).await;
    let address = receiver.address("/tijdig");
    let add = |kind: &'static str, address: &str| {
        [("doe", "toevoegen"), ("systeem", "his-eigen"), ("soort", kind), ("adres", address)]
            .map(|(n, v)| (n, v.to_owned()))
    };
    for (kind, address, said) in [
        ("webhook", "", "Vul het adres in"),
        ("webhook", "http://his.example/x", "begint met https"),
        ("webhook", "geen adres", "Dit is geen adres"),
        ("subscription", "https://his.example/x", "Kies hoe"),
        ("", "https://his.example/x", "Kies hoe"),
    ] {
        let fields = add(kind, address);
        let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let answer = admin.submit(&at, &at, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        let page = answer.text();
        assert!(page.contains(said) && page.contains(&format!("value=\"{address}\"")), "typed text stays: {page}");
        sound(&at, &page);
    }
    let other = [("doe", "toevoegen"), ("systeem", "provider-test"), ("soort", "webhook"), ("adres", &address)];
    assert!(admin.submit(&at, &at, &other).await.text().contains("Kies een systeem van deze organisatie"));
    let fields = add("webhook", &address);
    let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let shown = admin.submit(&at, &at, &fields).await;
    assert_eq!(shown.status, StatusCode::OK);
    sound(&at, &shown.text());
    let secret = shown.text().split("<code class=\"secret\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let page = admin.get(&at).await.text();
    assert!(page.contains(&address) && page.contains("er ging nog niets heen") && !page.contains(&secret), "{page}");
    let id = page.split("name=\"adres-id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let act = |what: &'static str| [("doe", what), ("systeem", "his-eigen"), ("adres-id", id.as_str())];
    assert_eq!(admin.submit(&at, &at, &act("proef")).await.location(), format!("{at}?gedaan=proef"));
    send_all(&server, now()).await;
    let [came] = &receiver.came()[..] else { panic!("one message") };
    assert_eq!(came.json()["type"], "test");
    assert_eq!(came.header("tijdig-signature"), hook_signature(&secret, came.header("tijdig-timestamp"), &came.body));
    assert!(admin.get(&at).await.text().contains("laatste bericht kwam aan"));
    assert_eq!(admin.submit(&at, &at, &act("stil")).await.location(), format!("{at}?gedaan=adres-stil"));
    let page = admin.get(&at).await.text();
    assert!(
        page.contains("staat stil") && page.contains("Zet weer aan") && !page.contains("Stuur proefbericht"),
        "{page}"
    );
    assert_eq!(admin.submit(&at, &at, &act("aan")).await.location(), format!("{at}?gedaan=adres-aan"));
    for what in ["iets", ""] {
        let answer = admin.submit(&at, &at, &act(what)).await;
        assert!(answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.text().contains("Kies wat er"));
    }
    assert_eq!(admin.submit(&at, &at, &act("weg")).await.location(), format!("{at}?gedaan=adres-weg"));
    for what in ["weg", "proef", "stil"] {
        let answer = admin.submit(&at, &at, &act(what)).await;
        assert!(answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.text().contains("er niet meer"));
    }
    assert_eq!(server.log_holds("hook", "done").await, 5, "every change stands in the log");
    // An origin has no secret.
    let fields = add("origin", &receiver.address("/diep/pad"));
    let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    assert_eq!(admin.submit(&at, &at, &fields).await.location(), format!("{at}?gedaan=adres-toegevoegd"));
    let page = admin.get(&at).await.text();
    assert!(page.contains(&format!("{}</p>", receiver.address(""))), "without its path: {page}");
}

#[tokio::test]
async fn nothing_goes_into_the_own_network_unless_it_may() {
    let (server, receiver) = (server(20).await, Receiver::start().await);
    let admin = Browser::of(&server, "organisation-admin").await;
    let at = page_of(&server, &admin).await;
    for address in ["https://127.0.0.1/x", "https://10.0.0.5/x", "https://localhost/x"] {
        let add = [("doe", "toevoegen"), ("systeem", "his-eigen"), ("soort", "webhook"), ("adres", address)];
        assert!(admin.submit(&at, &at, &add).await.text().contains("ligt in het eigen netwerk"), "{address}");
    }
    // Registered when it still might: it waits for the administrator at once.
    webhook(&server, &receiver, "provider-test").await;
    let id = with_limit(&server).await;
    change(&server, &id, false).await;
    send_all(&server, now()).await;
    assert!(receiver.came().is_empty());
    let page = admin.get("/beheer/uitgaand").await.text();
    assert!(
        page.contains("Bericht voor het systeem provider-test") && page.contains("het adres kan niet gebruikt worden"),
        "{page}"
    );
    let hooks = server.store.hooks_of(&client(&server, "provider-test").await.id).await.unwrap();
    assert_eq!(hooks[0].state, domain::hook::State::Error);
}
