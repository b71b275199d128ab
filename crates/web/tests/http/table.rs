//! Who may ask what: every route of the pages in every situation, and every FHIR interaction.
//!
//! The rows stand in `table_rows.rs`, one per path and method, with one letter per situation (in the order of
//! [`SITUATIONS`]):
//!
//! - `y` let in: a page, or a form that says what it lacks (nothing is filled in here);
//! - `n` refused, and the refusal is the one that tells a stranger nothing; it stands in the log, under the name, role and
//!   organisation of who asked;
//! - `s` sent to the sign-in page;
//! - `0` there is no such thing for this person.
//!
//! A route that is served without a row here, or a row without a route, fails the test.

use crate::browser::Browser;
use crate::harness::{Answer, Server, server};
use crate::people_list::upload;
use crate::table_rows::ROWS;
use axum::http::StatusCode;
use domain::access::{Action, Actor, Relation, Sharing, Who, permit};
use domain::consent::Said;
use domain::ident::PatientId;
use std::collections::BTreeSet;
use std::fmt::Write;
use store::team::{About, Member};

/// Who asks, about a patient with whom they have what tie.
pub const SITUATIONS: [&str; 13] = [
    "doctor of the own team",
    "carer of the own team",
    "doctor of another practice, nothing known of sharing",
    "hospital, with consent",
    "hospital, consent withdrawn",
    "home care that left the team",
    "out of hours, glass broken",
    "privacy officer of the own practice",
    "administrator of the region",
    "the patient, of the own plan",
    "the representative",
    "a relative",
    "nobody signed in",
];

/// Somebody at work, and the patient they ask about.
struct Case<'a> {
    browser: Browser<'a>,
    username: Option<&'static str>,
    patient: String,
}

impl<'a> Case<'a> {
    async fn of(server: &'a Server, username: Option<&'static str>, patient: &str) -> Self {
        let browser = match username {
            Some(name) => Browser::of(server, name).await,
            None => Browser::new(server),
        };
        Self { browser, username, patient: patient.to_owned() }
    }

    /// The token of forms, after signing in again where something asked before ended the session.
    async fn token(&mut self) -> String {
        let Some(name) = self.username else { return String::new() };
        for _ in 0..2 {
            if let Some(token) = self.browser.get("/account").await.hidden("csrf") {
                return token;
            }
            self.browser = Browser::of(self.browser.server, name).await;
        }
        panic!("{name} cannot sign in")
    }

    async fn ask(&mut self, method: &str, path: &str) -> char {
        let token = self.token().await;
        let answer = match method {
            "GET" => self.browser.get(path).await,
            _ if path.ends_with("/inlezen") => upload(&self.browser, path, &token, b"").await,
            _ => self.browser.post(path, &[("csrf", &token)]).await,
        };
        letter(&answer, method, path)
    }
}

fn letter(answer: &Answer, method: &str, path: &str) -> char {
    match answer.status {
        StatusCode::SEE_OTHER if answer.location().starts_with("/inloggen") && !path.starts_with("/inloggen") => 's',
        StatusCode::FORBIDDEN => 'n',
        StatusCode::NOT_FOUND => '0',
        StatusCode::OK | StatusCode::SEE_OTHER => 'y',
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT if method == "POST" => 'y',
        StatusCode::UNAUTHORIZED => 's',
        status => panic!("{method} {path}: {status} {}", answer.text()),
    }
}

/// Somebody of the demo, as the store knows them.
async fn actor(server: &Server, username: &str) -> Actor {
    let login = server.store.login(username, web::Clock::default().real()).await.unwrap().unwrap();
    let grant = &login.roles[0];
    Actor {
        who: Who::Person(login.person.id.clone()),
        name: login.person.name.full(),
        role: Some(grant.role),
        organisation: grant.organisation.clone(),
        ..web::program(grant.organisation.clone())
    }
}

/// A patient whom somebody sees (or does not), with this answer about sharing.
async fn patient(server: &Server, username: &str, sees: bool, sharing: Sharing, not: &[&str]) -> String {
    let browser = Browser::of(server, username).await;
    for patient in server.sheet.patients.iter().filter(|p| p.sharing == sharing && !not.contains(&p.id.as_str())) {
        let let_in = browser.get(&format!("/patienten/{}", patient.id)).await.status == StatusCode::OK;
        if let_in == sees {
            return patient.id.clone();
        }
    }
    panic!("no such patient for {username}")
}

/// Role of a person of the demo, as the log writes it.
fn role_of(server: &Server, username: &str) -> String {
    server.sheet.users.iter().find(|u| u.username == username).unwrap().role.clone()
}

async fn cases(server: &Server) -> Vec<Case<'_>> {
    let now = web::Clock::default().now();
    let own = patient(server, "gp", true, Sharing::Agreed, &[]).await;
    // Nobody sees who shares nothing but the team.
    let cared = patient(server, "carer", true, Sharing::Refused, &[&own]).await;
    let unknown = patient(server, "gp-2", false, Sharing::Unknown, &[]).await;
    let shared = patient(server, "hospital-physician", true, Sharing::Agreed, &[&own, &cared]).await;
    let withdrawn = patient(server, "hospital-physician", true, Sharing::Agreed, &[&own, &cared, &shared]).await;
    let team = Relation { team: true, ..Relation::default() };
    let by_gp = |gp: Actor, action, id: &str| permit(&gp, action, &PatientId::parse(id).unwrap(), team).unwrap();
    let refused = Said::for_everyone(Sharing::Refused);
    let leave = by_gp(actor(server, "gp").await, Action::RecordConsent, &withdrawn);
    server.store.set_sharing(&leave, &[refused], now).await.unwrap();
    // Home care was in the team of somebody who shares nothing, and left.
    let left = patient(server, "district-nurse", false, Sharing::Refused, &[]).await;
    let nurse = actor(server, "district-nurse").await;
    let member = Member::Organisation(nurse.organisation.clone());
    let leave = by_gp(actor(server, "gp").await, Action::ManageTeam, &left);
    server.store.add_to_team(&leave, &member, &About::default(), now).await.unwrap();
    server.store.leave_team(&leave, &member, None, now + jiff::SignedDuration::from_secs(1)).await.unwrap();
    // Acute care broke the glass for somebody of whom nothing is known.
    let broken = patient(server, "out-of-hours", false, Sharing::Unknown, &[&unknown]).await;
    let acute = Case::of(server, Some("out-of-hours"), &broken).await;
    let bsn = &server.sheet.patients.iter().find(|p| p.id == broken).unwrap().bsn;
    let why = [("bsn", bsn.as_str()), ("soort", "acute"), ("reden", "Gevonden op straat, niet aanspreekbaar.")];
    let pressed = acute.browser.submit("/spoed", "/spoed/noodknop", &why).await;
    assert_eq!(pressed.status, StatusCode::SEE_OTHER, "{}", pressed.text());
    vec![
        Case::of(server, Some("gp"), &own).await,
        Case::of(server, Some("carer"), &cared).await,
        Case::of(server, Some("gp-2"), &unknown).await,
        Case::of(server, Some("hospital-physician"), &shared).await,
        Case::of(server, Some("hospital-physician"), &withdrawn).await,
        Case::of(server, Some("district-nurse"), &left).await,
        acute,
        Case::of(server, Some("privacy-officer"), &own).await,
        Case::of(server, Some("organisation-admin"), &own).await,
        of_own(server, "patient").await,
        of_own(server, "representative").await,
        of_own(server, "relative").await,
        Case::of(server, None, &own).await,
    ]
}

/// The id of a meeting of practice and home care, with a patient of each on its list.
async fn meeting(server: &Server, of_practice: &str, of_home_care: &str) -> String {
    let here = crate::meetings::called(server, 0, true).await;
    let id = here.rsplit('/').next().unwrap().to_owned();
    let team = Relation { team: true, ..Relation::default() };
    for (who, patient) in [("gp", of_practice), ("carer", of_home_care)] {
        let patient = PatientId::parse(patient).unwrap();
        let leave = permit(&actor(server, who).await, Action::FollowUp, &patient, team).unwrap();
        let meeting = domain::ident::MeetingId::parse(&id).unwrap();
        server.store.put_on_list(&leave, &meeting, web::Clock::default().now()).await.unwrap();
    }
    id
}

/// A patient or who is near them, and the plan that is theirs to see.
async fn of_own<'a>(server: &'a Server, username: &'static str) -> Case<'a> {
    let mut case = Case::of(server, Some(username), "").await;
    let answer = case.browser.get("/mijn").await;
    let told = [answer.location().to_owned(), answer.text()].concat();
    let at = told.find("/mijn/").unwrap_or_else(|| panic!("{username}: {told}")) + 6;
    told[at..].split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap().clone_into(&mut case.patient);
    case
}

/// Routes that answer the same whoever asks, or that are tried elsewhere with what they need: the API (below), tokens
/// (`oauth.rs`), the keys of cards (`card.rs`), what is described and what systems sign (`connect.rs`), the program
/// itself (`plain.rs`).
pub const OF_NO_SESSION: [&str; 15] = [
    "/healthz",
    "/readyz",
    "/metrics",
    "/.well-known/smart-configuration",
    "/.well-known/tijdig-kaart.json",
    "/oauth/token",
    "/openapi.json",
    "/koppelen/openen",
    "/assets/{*name}",
    "/fhir/r4",
    "/fhir/r4/",
    "/fhir/r4/{*rest}",
    "/fhir/stu3",
    "/fhir/stu3/",
    "/fhir/stu3/{*rest}",
];

#[tokio::test]
async fn every_route_has_a_row_and_every_row_holds() {
    let server = server(60).await;
    let there: BTreeSet<(String, String)> = web::routes()
        .into_iter()
        .filter(|r| !OF_NO_SESSION.contains(&r.path.as_str()))
        .map(|r| (r.path, r.method.to_owned()))
        .collect();
    let rows: BTreeSet<(String, String)> = ROWS.iter().map(|(m, p, _)| ((*p).to_owned(), (*m).to_owned())).collect();
    let missing: Vec<_> = there.difference(&rows).collect();
    let idle: Vec<_> = rows.difference(&there).collect();
    assert!(idle.is_empty(), "rows without a route: {idle:?}");

    let organisation = actor(&server, "gp").await.organisation;
    let Who::Person(person) = actor(&server, "practice-nurse").await.who else { panic!("no person") };
    let mut cases = cases(&server).await;
    let meeting = meeting(&server, &cases[0].patient, &cases[1].patient).await;
    let (mut wrong, mut unlogged, mut seen) = (String::new(), Vec::new(), 0);
    let without = missing.iter().map(|(path, method)| (method.as_str(), path.as_str(), ""));
    for (method, path, expected) in ROWS.iter().copied().chain(without) {
        let mut found = String::new();
        for case in &mut cases {
            let at = path
                .replace("{id}", &case.patient)
                .replace("{patient}", &case.patient)
                .replace("{overleg}", &meeting)
                .replace("{stuk}", "notitieboekje")
                .replace("{organisation}", organisation.as_str())
                .replace("{person}", person.as_str())
                .replace("{n}", "1")
                .replace("{number}", "1")
                .replace("{part}", "head")
                .replace("{extract}", "x")
                // Without two versions to compare there is nothing to show.
                .replace("/vergelijk", "/vergelijk?van=1&tot=1");
            let told = case.ask(method, &at).await;
            found.push(told);
            if told == 'n' {
                let role = case.username.map(|name| role_of(&server, name));
                let rows = server.refusals_since(&mut seen).await;
                if !rows.iter().any(|r| r.role == role && !r.actor.is_empty() && r.organisation.is_some()) {
                    unlogged.push(format!("{method} {path} by {:?}: {rows:?}", case.username));
                }
                assert!(rows.iter().all(|r| !r.data.contains(&case.patient)), "an id in the log's words: {rows:?}");
            }
        }
        if found != expected {
            let _ = writeln!(wrong, "    (\"{method}\", \"{path}\", \"{found}\"), // expected {expected:?}");
        }
    }
    assert!(wrong.is_empty() && missing.is_empty(), "in the order {SITUATIONS:?}:\n{wrong}");
    assert!(unlogged.is_empty(), "refused, and not in the log:\n{}", unlogged.join("\n"));
    assert!(server.store.verify().await.unwrap().is_whole());
}
