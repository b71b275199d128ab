//! The attack list, its first item: another patient's id in every path and in every field of every form. Refused as an
//! unknown id is, and in the log under the name of who tried.

use crate::browser::Browser;
use crate::harness::{Server, server};
use crate::visitor::{Form, at_work, filled, filled_with, forms};
use axum::http::StatusCode;
use domain::access::{Action, Relation, permit};
use domain::ident::{OrganisationId, PatientId};

const NOBODY: &str = "00000000000000000000000000";

/// Who tries, and the page by which it shows that a patient is none of theirs.
const TRIES: [(&str, &str); 8] = [
    ("gp", "/patienten/{id}"),
    ("district-nurse", "/patienten/{id}"),
    ("hospital-physician", "/patienten/{id}"),
    ("out-of-hours", "/spoed/{id}"),
    ("privacy-officer", "/patienten/{id}/inzage"),
    ("patient", "/mijn/{id}"),
    ("representative", "/mijn/{id}"),
    ("relative", "/mijn/{id}"),
];

/// A patient whom this person may see nothing of.
async fn hidden_from(server: &Server, browser: &Browser<'_>, probe: &str) -> String {
    for patient in &server.sheet.patients {
        if browser.get(&probe.replace("{id}", &patient.id)).await.status == StatusCode::FORBIDDEN {
            return patient.id.clone();
        }
    }
    panic!("everybody is to be seen at {probe}");
}

/// The routes whose path names a patient, with their methods.
fn of_patients() -> Vec<(String, &'static str)> {
    let names = |p: &str| p.contains("{patient}") || p.contains("{id}") && p != "/beheer/herstel/{id}";
    let all: Vec<_> = web::routes().into_iter().filter(|r| names(&r.path)).map(|r| (r.path, r.method)).collect();
    assert!(all.len() > 40, "{all:?}");
    all
}

#[tokio::test]
async fn another_patients_id_in_any_path_is_refused_as_nobodys_and_stands_in_the_log() {
    let server = server(20).await;
    let (mut seen, mut wrong) = (0, Vec::new());
    for (username, probe) in TRIES {
        let browser = Browser::of(&server, username).await;
        let other = hidden_from(&server, &browser, probe).await;
        let token = browser.get("/account").await.hidden("csrf").unwrap();
        for (route, method) in of_patients() {
            let mut told = Vec::new();
            for id in [&other, NOBODY] {
                let path = filled(&route, id);
                let answer = match method {
                    "GET" => browser.get(&path).await,
                    _ => browser.post(&path, &[("csrf", token.as_str()), ("revisie", "1"), ("reden", "x")]).await,
                };
                let text = answer.text().replace(&other, "").replace(NOBODY, "");
                told.push((answer.status, text, answer.location().replace(&other, "").replace(NOBODY, "")));
                let rows = server.refusals_since(&mut seen).await;
                let whose = (id == other).then(|| other.clone());
                if !rows.iter().any(|r| r.patient == whose && r.actor.starts_with("person:")) {
                    wrong.push(format!("{method} {route} by {username} is not in the log of {whose:?}: {rows:?}"));
                }
            }
            if told[0].0 != StatusCode::FORBIDDEN || told[0] != told[1] {
                wrong.push(format!("{method} {route} by {username}: {} {}", told[0].0, told[1].0));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(server.store.verify().await.unwrap().is_whole());
}

/// Everything that is kept of a patient and that a form could have changed.
async fn all_of(server: &Server, id: &str) -> String {
    let id = PatientId::parse(id).unwrap();
    let by = web::program(OrganisationId::from_bits(0));
    let leave = |action| permit(&by, action, &id, Relation::default()).unwrap();
    let now = web::Clock::default().now();
    let read = leave(Action::ReadPlan);
    let record = server.store.read(&read, now, "test").await.unwrap().unwrap();
    let team = server.store.team(&read, now).await.unwrap();
    let leads = server.store.leads(&read, now).await.unwrap();
    let (consent, said) = server.store.sharing(&read, now).await.unwrap();
    let words = server.store.own_words(&read, now).await.unwrap();
    let accounts = server.store.accounts(&read, now).await.unwrap();
    let plan = record.plan.map(|p| (p.number, p.content));
    format!(
        "{:?} {plan:?} {team:?} {:?} {consent:?} {} {} {accounts:?}",
        record.patient.patient.name,
        leads.all,
        said.len(),
        words.len()
    )
}

/// A form's fields with this value in one of them, or in all that can be typed in.
fn with<'f>(form: &'f Form, at: Option<usize>, value: &'f str) -> Vec<(&'f str, &'f str)> {
    let put = |i: usize, typed: bool| at.map_or(typed, |at| at == i);
    let fields = form.fields.iter().enumerate();
    let mut all: Vec<_> =
        fields.map(|(i, (n, v, typed))| (n.as_str(), if put(i, *typed) { value } else { v.as_str() })).collect();
    all.extend(form.buttons.first().map(|(n, v)| (n.as_str(), v.as_str())));
    all
}

/// Who fills in forms, with a patient whose pages are theirs to see.
const FILLS: [(&str, &str); 6] = [
    ("gp", "/patienten/{id}/plan/bewerken"),
    ("practice-manager", "/beheer"),
    ("organisation-admin", "/beheer"),
    ("privacy-officer", "/patienten/{id}/inzage"),
    ("out-of-hours", "/spoed"),
    ("patient", "/mijn/{id}/toestemming"),
];

#[tokio::test]
async fn another_patients_id_in_any_field_changes_nothing_and_stands_in_the_log() {
    let (mut tried, mut wrong) = (0, Vec::new());
    for (username, own_page) in FILLS {
        // What one fills in must not take away what the next one needs.
        let server = server(12).await;
        let mut seen = 0;
        let browser = Browser::of(&server, username).await;
        let probe = TRIES.iter().find(|t| t.0 == username).map_or("/patienten/{id}", |t| t.1);
        let other = hidden_from(&server, &browser, probe).await;
        let mut own = None;
        for patient in server.sheet.patients.iter().filter(|p| p.id != other) {
            if browser.get(&own_page.replace("{id}", &patient.id)).await.status == StatusCode::OK {
                own = Some(patient.id.clone());
                break;
            }
        }
        let own = own.unwrap_or_else(|| panic!("{username} sees nobody"));
        let known = server.sheet.patients.iter().find(|p| p.id == other).unwrap().clone();
        let before = all_of(&server, &other).await;
        let places = at_work(&server, username).await;
        for route in crate::visitor::routes() {
            let path = filled_with(&route, &own, &places);
            let page = browser.get(&path).await;
            if page.status != StatusCode::OK {
                continue;
            }
            for form in forms(&page.text(), &path).into_iter().filter(|f| !passed_over(&f.action)) {
                // What is chosen from a list or sent along unseen, one by one; what is typed, all at once. Whoever may not sign
                // in leads nobody, so that tick changes records of others whatever stands in it.
                let chosen = form.fields.iter().enumerate();
                let chosen = chosen
                    .filter(|(_, f)| !f.2 && !matches!(f.0.as_str(), "csrf" | "lijst" | "mag-inloggen"))
                    .map(|(i, _)| Some(i));
                for at in chosen.chain([None]) {
                    if at.is_none() && !form.fields.iter().any(|f| f.2) {
                        continue;
                    }
                    server.refusals_since(&mut seen).await;
                    let name = at.map_or("what is typed", |i| form.fields[i].0.as_str());
                    let mut told = Vec::new();
                    for id in [other.as_str(), NOBODY] {
                        let fields = with(&form, at, id);
                        let answer = browser.post(&form.action, &fields).await;
                        let text = answer.text();
                        if text.contains(&known.bsn) || text.contains(&known.name) || answer.status.is_server_error() {
                            wrong.push(format!("{username} learns of another by {name} of {}", form.action));
                        }
                        told.push(answer.status);
                        let rows = server.refusals_since(&mut seen).await;
                        let noted = rows.iter().any(|r| r.patient.as_deref() == Some(&other));
                        if noted != (id == other) {
                            wrong.push(format!("{username}, {name} of {}: in the log: {noted}", form.action));
                        }
                    }
                    // What was only typed may have been taken, after which there is less to do.
                    if at.is_some() && told[0] != told[1] {
                        wrong.push(format!("{username} is told by {name} of {}: {told:?}", form.action));
                    }
                    tried += 1;
                }
            }
        }
        if all_of(&server, &other).await != before {
            wrong.push(format!("{username} changed somebody else's record"));
        }
    }
    assert!(tried > 60, "{tried} fields tried");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Ends the session of who tries it, or belongs to nobody who is signed in.
fn passed_over(action: &str) -> bool {
    let ends = ["/uitloggen", "/overal-uitloggen", "/rol"].iter().any(|end| action.ends_with(end));
    ends || ["/inloggen", "/herstel", "/welkom", "/kaart", "/stellingen", "/vragenlijst"]
        .iter()
        .any(|open| action.starts_with(open))
}
