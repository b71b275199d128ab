//! What is shut to the patient and theirs, what opens with a letter and for how long, and what is told without asking.

use crate::browser::encoded;
use crate::harness::{Server, server};
use crate::own::{Browser, hidden, invited, redeemed, theirs, without};
use crate::visitor::{filled, routes};
use axum::http::StatusCode;
use domain::access::{Action, Own, Permit, Relation, permit};
use domain::ident::PatientId;
use domain::people::Name;
use jiff::{Timestamp, ToSpan};
use std::time::{Duration, Instant};
use store::accounts::{Code, Invite};

const OK: StatusCode = StatusCode::OK;
const NO: StatusCode = StatusCode::FORBIDDEN;
const ON: StatusCode = StatusCode::SEE_OTHER;
const BAD: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// The nth patient of the demo, with birth date.
fn nth(server: &Server, n: usize) -> (String, String) {
    let patient = &server.sheet.patients[n];
    (patient.id.clone(), patient.birth_date.clone())
}

fn now() -> Timestamp {
    web::Clock::default().real()
}

/// Leave of the program itself.
fn leave(id: &str, action: Action) -> Permit {
    let id = PatientId::parse(id).unwrap();
    permit(&web::program(domain::ident::OrganisationId::from_bits(0)), action, &id, Relation::default()).unwrap()
}

async fn letter(server: &Server, id: &str, own: Own, made: Timestamp, until: Option<Timestamp>) -> String {
    let code = Code::fresh();
    let invite = Invite { own, name: Name::of("Eva", "de", "Boer"), relation: None, from: made, until };
    server.store.invite(&leave(id, Action::Invite), &code, &invite, made).await.unwrap();
    code.groups()
}

#[tokio::test]
async fn no_page_for_professionals_opens_to_the_patient_and_theirs() {
    let server = server(12).await;
    let (id, _) = theirs(&server);
    let theirs: Vec<String> = routes()
        .iter()
        .filter(|p| ["/patienten", "/spoed", "/beheer"].iter().any(|start| p.starts_with(start)))
        .map(|p| filled(&p.replace("{part}", "4a"), &id))
        .collect();
    assert!(theirs.len() > 20 && theirs.contains(&format!("/patienten/{id}/plan/versies/1")), "{theirs:?}");
    assert!(theirs.iter().all(|p| !p.contains('{')), "{theirs:?}");
    for username in ["patient", "representative", "relative"] {
        let own = Browser::user(&server, username).await;
        let refused = server.log_holds("refused", "refused").await;
        for path in &theirs {
            let got = own.get(path).await;
            let shut = [NO, StatusCode::METHOD_NOT_ALLOWED].contains(&got.status);
            assert!(shut, "{username} gets {path}: {} {}", got.status, got.text());
            let posted = own.post(path, &[("bsn", "999900006"), ("doe", "vastleggen"), ("wat", "nodig-uit")]).await;
            let shut = [NO, StatusCode::METHOD_NOT_ALLOWED].contains(&posted.status);
            assert!(shut, "{username} posts to {path}: {} {}", posted.status, posted.text());
        }
        assert!(server.log_holds("refused", "refused").await > refused, "refusals stand in the log");
        assert!(!own.get("/mijn").await.status.is_client_error());
    }
}

#[tokio::test]
async fn guessing_at_a_letter_is_slow_counted_and_told_to_nobody() {
    let server = server(4).await;
    let (id, born) = nth(&server, 0);
    let code = letter(&server, &id, Own::Patient, now(), None).await;
    let before = server.log_holds("redeem", "refused").await;
    let ask = async |code: &str, born: &str| {
        let begun = Instant::now();
        let answer = server.form("/welkom", &format!("code={code}&geboortedatum={born}")).await;
        (answer.status, begun.elapsed(), without(&answer, code))
    };
    let (one, took, wrong_day) = ask(&code, "1900-01-01").await;
    let (two, took_too, wrong_code) = ask("ABCD-EFGH-JKLM", "1900-01-01").await;
    assert_eq!((one, two), (BAD, BAD));
    assert_eq!(wrong_day, wrong_code, "which of the two is wrong is not told");
    let floor = Duration::from_millis(400);
    assert!(took >= floor && took_too >= floor, "{took:?} {took_too:?}: nor by the time it takes");
    assert_eq!(server.log_holds("redeem", "refused").await, before + 2);
    // Five wrong days make the code void; then the right one opens nothing.
    for _ in 0..4 {
        assert_eq!(ask(&code, "1900-01-02").await.0, BAD);
    }
    assert_eq!(ask(&code, &born).await.0, BAD, "void");
    // One desk that goes on at one code is held up; another code at the same desk is not yet.
    let mut held = false;
    for _ in 0..8 {
        held |= ask(&code, &born).await.0 == StatusCode::TOO_MANY_REQUESTS;
    }
    assert!(held);
    let fresh = letter(&server, &id, Own::Patient, now(), None).await;
    assert_eq!(ask(&fresh, &born).await.0, OK);
    // What is no code or no day is no guess.
    let typo = server.form("/welkom", "code=ABC&geboortedatum=gisteren").await;
    assert!(typo.status == BAD && typo.text().contains("value=\"ABC\"") && typo.text().contains("value=\"gisteren\""));
}

#[tokio::test]
async fn a_letter_and_a_representation_last_as_long_as_was_said() {
    let server = server(4).await;
    let (id, born) = nth(&server, 0);
    let old = letter(&server, &id, Own::Patient, now() - 337.hours(), None).await;
    let late = server.form("/welkom", &format!("code={old}&geboortedatum={born}")).await;
    assert_eq!(late.status, BAD, "after two weeks");

    let until = now() + 6.seconds();
    let code = letter(&server, &id, Own::Representative, now(), Some(until)).await;
    redeemed(&server, &code, &born, "eva").await;
    let eva = Browser::sign_in(&server, "eva", "een lange zin").await;
    let consent = format!("/mijn/{id}/toestemming");
    assert_eq!(eva.get(&format!("/mijn/{id}")).await.status, OK);
    assert_eq!(eva.get(&consent).await.status, OK);
    let left = until.duration_since(now()).unsigned_abs();
    tokio::time::sleep(left + Duration::from_millis(50)).await;
    assert_eq!(eva.get(&consent).await.status, ON, "signed out when the representation ended");
    let again = server.form("/inloggen", "naam=eva&wachtwoord=een+lange+zin").await;
    assert_eq!(again.status, BAD, "and not in again");
}

#[tokio::test]
async fn a_second_letter_opens_a_second_plan_under_the_same_sign_in() {
    let server = server(12).await;
    let ((first, born), (second, born_too), (third, born_also)) = (nth(&server, 0), nth(&server, 6), nth(&server, 3));
    let gp = Browser::user(&server, "gp").await;
    let relative = [("wie", "relative"), ("naam", "Eva de Boer"), ("relatie", "nicht")];
    let code = invited(&gp, &first, &relative).await;
    redeemed(&server, &code, &born, "eva").await;

    // With the second letter in hand: the page leads to the sign-in there is, and back.
    let code = invited(&gp, &second, &[("wie", "representative"), ("naam", "Eva de Boer")]).await;
    let page = server.form("/welkom", &format!("code={code}&geboortedatum={born_too}")).await.text();
    let to = format!("/inloggen?naar=%2Fwelkom%3Fcode%3D{}", encoded(&encoded(&code)));
    assert!(page.contains(&to), "{page}");
    let eva = Browser::sign_in(&server, "eva", "een lange zin").await;
    let page = eva.page(&format!("/welkom?code={code}")).await;
    assert!(page.contains("U bent ingelogd als Eva de Boer") && page.contains(&format!("value=\"{code}\"")));
    let letter = [("code", code.as_str()), ("geboortedatum", born_too.as_str())];
    let page = eva.0.post("/welkom", &letter).await;
    assert!(page.text().contains("Voeg dit plan toe aan mijn inlog"), "{}", page.text());
    let token = hidden(&page.text(), "csrf").unwrap();
    let join = |token: &'static str| [("wat", "erbij"), ("csrf", token)];
    let forged: Vec<_> = letter.iter().copied().chain(join("x")).collect();
    assert_eq!(eva.0.post("/welkom", &forged).await.status, NO);
    let wrong = [("code", code.as_str()), ("geboortedatum", "1900-01-01"), ("wat", "erbij"), ("csrf", token.as_str())];
    assert_eq!(eva.0.post("/welkom", &wrong).await.status, BAD);
    // Whoever works here has no such sign-in: a form of theirs joins nothing.
    let professional: Vec<_> = letter.iter().copied().chain(join("x")).collect();
    assert!(gp.post("/welkom", &professional).await.text().contains("Kies uw inlog"));
    let mut right = letter.to_vec();
    right.extend([("wat", "erbij"), ("csrf", token.as_str())]);
    let joined = eva.0.post("/welkom", &right).await;
    assert_eq!((joined.status, joined.location().starts_with("/rol?")), (ON, true), "{}", joined.location());
    assert_eq!(eva.0.post("/welkom", &right).await.status, BAD, "once");

    // As a relative she sees the first; as representative the second; never one in the role of the other.
    assert_eq!(eva.get(&format!("/mijn/{first}")).await.status, OK);
    assert_eq!(eva.get(&format!("/mijn/{second}")).await.status, NO);
    let rol = eva.page("/rol").await;
    assert!(
        rol.contains("als naaste") && rol.contains("als vertegenwoordiger") && rol.contains("Voor wie kijkt u nu?")
    );
    let role = format!("representative.{}", Own::organisation());
    assert_eq!(eva.post("/rol", &[("rol", &role), ("naar", "/mijn")]).await.status, ON);
    assert_eq!(eva.get("/mijn").await.location(), format!("/mijn/{second}"));
    assert_eq!(eva.get(&format!("/mijn/{second}/toestemming")).await.status, OK);
    assert_eq!(eva.get(&format!("/mijn/{first}")).await.status, NO);

    // A third, in the role she acts in: then she chooses about whom it is.
    let code = invited(&gp, &third, &[("wie", "representative"), ("naam", "Eva de Boer")]).await;
    let joined = [("code", code.as_str()), ("geboortedatum", born_also.as_str()), ("wat", "erbij")];
    assert_eq!(eva.post("/welkom", &joined).await.location().split('?').next(), Some("/mijn"));
    let choose = eva.page("/mijn").await;
    assert!(choose.contains(&format!("/mijn/{second}")) && choose.contains(&format!("/mijn/{third}")));
    assert!(!choose.contains(&first));
}

#[tokio::test]
async fn the_patient_s_side_is_told_of_a_broken_glass_and_relatives_are_not() {
    let server = server(12).await;
    let (id, born) = nth(&server, 3);
    let representative = Browser::user(&server, "representative").await;
    assert!(representative.page("/mijn").await.contains(&format!("/mijn/{id}")), "of two patients");
    for path in [format!("/mijn/{id}"), format!("/mijn/{id}/inzage")] {
        let html = representative.page(&path).await;
        assert!(html.contains("Iemand zag uw noodgegevens") && html.contains("Dit wordt nog nagekeken"), "{path}");
        assert!(html.contains("Iris Nachtegaal"), "{path}");
    }
    let doctor = Browser::user(&server, "gp").await;
    let judged = [("oordeel", "justified"), ("toelichting", "Het was echt nodig.")];
    assert_eq!(doctor.post(&format!("/beheer/noodknop/{id}/1"), &judged).await.status, ON);
    assert!(representative.page(&format!("/mijn/{id}/inzage")).await.contains("er was een goede reden"));
    let code = letter(&server, &id, Own::Relative, now(), None).await;
    redeemed(&server, &code, &born, "naaste").await;
    let relative = Browser::sign_in(&server, "naaste", "een lange zin").await;
    assert!(!relative.page(&format!("/mijn/{id}")).await.contains("noodgegevens"));
}

#[tokio::test]
async fn what_falls_due_is_listed_and_destroyed_by_a_doctor_with_proof() {
    let server = server(12).await;
    let (id, _) = nth(&server, 9);
    let list = "/beheer/bewaartermijnen";
    let gp = Browser::user(&server, "gp").await;
    let html = gp.page(list).await;
    assert!(html.contains(&id) && html.contains("(voorbij)") && !html.contains("Wat vernietigd is"), "{html}");
    assert_eq!(server.sheet.patients.iter().filter(|p| html.contains(&p.id)).count(), 1, "the others are kept on");
    let other = Browser::user(&server, "gp-2").await;
    assert!(!other.page(list).await.contains(&id), "not theirs");
    for username in ["practice-nurse", "district-nurse", "out-of-hours"] {
        let refused = server.log_holds("refused", "refused").await;
        assert_eq!(Browser::user(&server, username).await.get(list).await.status, NO, "{username}");
        assert_eq!(server.log_holds("refused", "refused").await, refused + 1);
    }
    let officer = Browser::user(&server, "privacy-officer").await.page(list).await;
    assert!(officer.contains(&id) && !officer.contains(&format!("/patienten/{id}")), "a number, and no more");

    let page = format!("/patienten/{id}/verzoeken");
    assert!(gp.page(&page).await.contains("De bewaartermijn is voorbij"));
    let nurse = Browser::user(&server, "practice-nurse").await;
    assert!(!nurse.page(&page).await.contains("De bewaartermijn is voorbij"));
    let meant = [("wat", "bewaartermijn"), ("zeker", "vernietig")];
    assert_eq!(nurse.post(&page, &meant).await.status, NO);
    let (kept, _) = nth(&server, 0);
    assert_eq!(gp.post(&format!("/patienten/{kept}/verzoeken"), &meant).await.status, NO, "not due");
    let hasty = gp.post(&page, &[("wat", "bewaartermijn"), ("zeker", "ja")]).await;
    assert!(hasty.status == BAD && hasty.text().contains("value=\"ja\""));
    assert_eq!(gp.post(&page, &meant).await.status, ON);
    assert_eq!(gp.get(&format!("/patienten/{id}")).await.status, NO);
    let html = gp.page(list).await;
    assert!(html.contains("de bewaartermijn was voorbij") && html.contains("Sanne van Huissen"), "{html}");
    assert!(server.store.verify().await.unwrap().is_whole());
}
