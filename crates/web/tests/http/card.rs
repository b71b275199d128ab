//! The emergency card: who prints it, what a stranger learns from its code, and what becomes of an old one, a lost one and
//! a forged one (decision 54).

use crate::browser::Browser;
use crate::harness::{Server, server};
use crate::on_paper::said;
use crate::own::theirs;
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use axum::http::{StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::access::{Action, Permit, Relation, permit};
use domain::card::Kind;
use domain::ident::{OrganisationId, PatientId};
use domain::plan::{PlanVersion, VersionKind};
use store::cards::Issued;
use store::plans::{WriteVersion, Written};
use web::demo::SheetPatient;

fn leave(id: &str, action: Action) -> Permit {
    let program = web::program(OrganisationId::from_bits(1));
    permit(&program, action, &PatientId::parse(id).unwrap(), Relation::default()).unwrap()
}

/// What was printed, newest first.
async fn cards(server: &Server, id: &str) -> Vec<Issued> {
    server.store.cards(&leave(id, Action::ReadPlan), web::Clock::default().now()).await.unwrap()
}

/// The plan as it stands, once more: nothing was said anew, and yet it is a new version.
async fn confirm(server: &Server, id: &str) {
    let now = web::Clock::default().now();
    let versions = server.store.versions(&leave(id, Action::ReadPlan), now, "test").await.unwrap();
    let newest = &versions.last().unwrap().version;
    let next =
        PlanVersion { number: newest.number + 1, kind: VersionKind::Recorded, recorded_at: now, ..newest.clone() };
    let record = leave(id, Action::RecordPlan);
    let written = server.store.write_version(&record, WriteVersion::of(newest.number, &next), now).await.unwrap();
    assert_eq!(written, Written::Done(next.number));
}

/// The patient of the demo's own page, with a card that the GP printed.
async fn printed(server: &Server) -> (String, Issued) {
    let (id, _) = theirs(server);
    let gp = Browser::of(server, "gp").await;
    let card = gp.get(&format!("/patienten/{id}/kaart.pdf")).await;
    assert_eq!(card.status, StatusCode::OK, "{}", card.text());
    let issued = cards(server, &id).await.into_iter().next().unwrap();
    assert_eq!(issued.kind, Kind::Card);
    (id, issued)
}

fn sheet_of<'a>(server: &'a Server, id: &str) -> &'a SheetPatient {
    server.sheet.patients.iter().find(|p| p.id == id).unwrap()
}

async fn told(server: &Server, code: &str) -> String {
    let browser = Browser::new(server);
    let answer = browser.post("/kaart", &[("code", code)]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.text()
}

#[tokio::test]
async fn a_card_is_printed_with_a_code_that_holds_no_name_and_the_log_tells() {
    let server = server(12).await;
    let (id, issued) = printed(&server).await;
    let gp = Browser::of(&server, "gp").await;
    let path = format!("/patienten/{id}/kaart.pdf");
    let first = gp.get(&path).await;
    assert_eq!(first.header(header::CONTENT_TYPE), "application/pdf");
    assert!(first.header(header::CONTENT_DISPOSITION).starts_with("inline; filename=\"noodkaart-versie-"));
    assert!(first.bytes.starts_with(b"%PDF-1.7") && first.text().contains("pdfuaid:part"));
    assert!(gp.get(&path).await.bytes == first.bytes, "the same version, the same bytes");
    let bare = gp.get(&format!("{path}?vorm=los")).await;
    assert!(bare.status == StatusCode::OK && bare.bytes != first.bytes);
    assert_eq!(cards(&server, &id).await.len(), 1, "one card, however often it is printed");

    let patient = sheet_of(&server, &id);
    let family = patient.name.rsplit([' ', '-']).next().unwrap();
    for private in [family, &patient.bsn, &patient.birth_date, &patient.birth_date.replace('-', "")] {
        assert!(!issued.code.contains(private), "{private} in {}", issued.code);
    }
    if let Some(said) = said(&first.bytes) {
        assert!(said.contains(&issued.token.groups()) && said.contains(family), "{said}");
        assert!(!said.replace(' ', "").contains(&patient.bsn), "{said}");
    }
    let page = gp.get(&format!("/patienten/{id}/kaart")).await.text();
    assert!(page.contains("is actueel") && page.contains(&format!("href=\"{path}\"")), "{page}");
    let log = gp.get(&format!("/patienten/{id}/inzage")).await.text();
    assert!(log.contains(&format!("noodkaart, versie {}", issued.version)), "{log}");
    let plain = gp.get(&format!("/patienten/{id}/inzage/gewone-taal")).await.text();
    assert!(plain.contains("maakte een noodkaart voor u"), "{plain}");
}

#[tokio::test]
async fn a_stranger_learns_whether_it_holds_and_nothing_else() {
    let server = server(12).await;
    let (id, issued) = printed(&server).await;
    let stranger = Browser::new(&server);
    let address = format!("/kaart/{}", issued.token.as_str());
    let page = stranger.get(&address).await;
    assert_eq!((page.status, page.header(header::CACHE_CONTROL)), (StatusCode::OK, "no-store"));
    let text = page.text();
    assert!(text.contains("Actueel"), "{text}");
    let patient = sheet_of(&server, &id);
    let family = patient.name.rsplit([' ', '-']).next().unwrap();
    for private in [family, &patient.bsn, &id, "reanim", "versie ", "noodgegevens", "Linde"] {
        assert!(!text.to_lowercase().contains(&private.to_lowercase()), "{private}: {text}");
    }
    // Another patient's card is told in the very same words.
    let gp = Browser::of(&server, "gp").await;
    let mut other = None;
    for p in server.sheet.patients.iter().filter(|p| p.id != id) {
        if gp.get(&format!("/patienten/{}/kaart.pdf", p.id)).await.status == StatusCode::OK {
            other = cards(&server, &p.id).await.into_iter().next();
            break;
        }
    }
    let other = other.expect("another patient with a plan");
    assert_eq!(stranger.get(&format!("/kaart/{}", other.token.as_str())).await.text(), text);
    // Typed, pasted whole, or as the address that a camera gives.
    for code in [
        issued.token.groups().to_lowercase(),
        issued.code.clone(),
        format!("http://localhost:8080/kaart/{}", issued.code),
    ] {
        assert!(told(&server, &code).await.contains("Actueel"), "{code}");
    }
    let wrong = stranger.post("/kaart", &[("code", "geen code")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("Dit is geen code van een kaart") && wrong.text().contains("value=\"geen code\""));
}

#[tokio::test]
async fn an_old_card_says_when_it_was_replaced_and_a_lost_one_that_it_was_withdrawn() {
    let server = server(12).await;
    let (id, issued) = printed(&server).await;
    let gp = Browser::of(&server, "gp").await;
    let own = Browser::of(&server, "patient").await;
    gp.get(&format!("/patienten/{id}/plan.pdf")).await;
    let sheet = cards(&server, &id).await.into_iter().find(|c| c.kind == Kind::Sheet).expect("a code on the plan");
    assert!(told(&server, &sheet.code).await.contains("Actueel"));
    assert!(!gp.get(&format!("/patienten/{id}")).await.text().contains("De noodkaart"));
    confirm(&server, &id).await;
    let today = domain::words::day(web::Clock::default().today());
    for code in [&issued.code, &sheet.code] {
        assert!(told(&server, code).await.contains(&format!("Vervangen op {today}")), "{code}");
    }
    // Whoever has it to do with the patient is told to print a new one.
    let renew = format!("De noodkaart (versie {}) is vervangen op {today}: print een nieuwe.", issued.version);
    assert!(gp.get(&format!("/patienten/{id}")).await.text().contains(&renew));
    assert!(own.get(&format!("/mijn/{id}")).await.text().contains(&renew));
    assert_eq!(own.get(&format!("/mijn/{id}/kaart.pdf")).await.status, StatusCode::OK);
    assert!(!gp.get(&format!("/patienten/{id}")).await.text().contains("print een nieuwe"));
    assert!(told(&server, &issued.code).await.contains("Vervangen op"), "the old one stays old");

    let renewed = cards(&server, &id).await.into_iter().next().unwrap();
    let here = format!("/mijn/{id}/kaart");
    let lost = own.submit(&here, &here, &[("nummer", &renewed.number.to_string())]).await;
    assert_eq!(lost.location(), format!("{here}?gedaan=kaart-ingetrokken"));
    assert!(told(&server, &renewed.code).await.contains("Ingetrokken"));
    let bad = own.submit(&here, &here, &[("nummer", "veel")]).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
    gp.get(&format!("/patienten/{id}/kaart.pdf")).await;
    let next = cards(&server, &id).await.into_iter().next().unwrap();
    assert_ne!(next.token, renewed.token);
    assert!(told(&server, &next.code).await.contains("Actueel"));
}

#[tokio::test]
async fn a_forged_card_is_not_ours_and_guessing_is_slowed_down() {
    let server = server(12).await;
    let (_, issued) = printed(&server).await;
    let (message, signature) = issued.code.rsplit_once('.').unwrap();
    let at = message.find(".c").unwrap() + 2;
    let other = if message[at..].starts_with('1') { "0" } else { "1" };
    let other_decision = format!("{}{other}{}", &message[..at], &message[at + 1..]);
    let forged = [
        format!("{other_decision}.{signature}"),
        format!("{message}.{}", "A".repeat(86)),
        format!("{message}.geen-handtekening"),
        format!("{}.{signature}", message.replace("#K1.2", "#K1.1")),
        format!("ABCDEFGHJKLMNPQR#{}.{signature}", message.split_once('#').unwrap().1),
        "ABCD-EFGH-JKLM-NPQR".to_owned(),
        "http://localhost:8080/kaart/ABCDEFGHJKLMNPQR#iets".to_owned(),
    ];
    for code in &forged {
        assert!(told(&server, code).await.contains("Niet van ons"), "{code}");
    }
    assert!(Browser::new(&server).get("/kaart/iets-anders").await.text().contains("Niet van ons"));
    // One that is ours never counts; the rest wait.
    for _ in 0..40 {
        assert!(told(&server, &issued.code).await.contains("Actueel"));
    }
    let stranger = Browser::new(&server);
    let mut waits = false;
    for _ in 0..30 {
        let answer = stranger.get("/kaart/ABCDEFGHJKLMNPQR").await;
        waits |= answer.status == StatusCode::TOO_MANY_REQUESTS;
    }
    assert!(waits, "guessing goes on for ever");
}

#[tokio::test]
async fn anybody_checks_a_card_with_the_published_keys_also_after_a_new_one_came() {
    let server = server(12).await;
    let (id, issued) = printed(&server).await;
    web::card::renew_key(&server.store, web::Clock::default().real()).await.unwrap();
    confirm(&server, &id).await;
    let gp = Browser::of(&server, "gp").await;
    gp.get(&format!("/patienten/{id}/kaart.pdf")).await;
    let next = cards(&server, &id).await.into_iter().next().unwrap();
    let keys = server.get("/.well-known/tijdig-kaart.json").await;
    assert_eq!(keys.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), "*");
    let keys = keys.json();
    let numbers: Vec<_> = [&issued, &next].map(|c| c.code.rsplit('.').nth(1).unwrap().to_owned()).to_vec();
    assert_eq!(numbers, ["1", "2"]);
    for card in [&issued, &next] {
        let (message, signature) = card.code.rsplit_once('.').unwrap();
        let number = message.rsplit('.').next().unwrap();
        let key = keys["keys"].as_array().unwrap().iter().find(|k| k["kid"] == number).unwrap();
        assert_eq!((key["kty"].as_str(), key["crv"].as_str()), (Some("OKP"), Some("Ed25519")));
        let public = URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let verifier = UnparsedPublicKey::new(&ED25519, &public);
        assert!(verifier.verify(message.as_bytes(), &signature).is_ok());
        assert!(verifier.verify(message.replace("#K1.2", "#K1.3").as_bytes(), &signature).is_err());
    }
    assert!(told(&server, &issued.code).await.contains("Vervangen op"), "signed with the key before");
}

#[tokio::test]
async fn who_gives_care_comes_from_the_card_to_the_emergency_view_by_decision_52() {
    let server = server(12).await;
    let (id, issued) = printed(&server).await;
    let address = format!("/kaart/{}", issued.token.as_str());
    // Of the team, and by consent: at once.
    for user in ["gp", "out-of-hours"] {
        let browser = Browser::of(&server, user).await;
        assert_eq!(browser.get(&address).await.location(), format!("/spoed/{id}"), "{user}");
        for code in [issued.token.groups(), format!("http://localhost:8080/kaart/{}", issued.code)] {
            for field in ["code", "bsn"] {
                let found = browser.submit("/spoed", "/spoed", &[(field, &code)]).await;
                assert_eq!(found.location(), format!("/spoed/{id}"), "{user} by {field}");
            }
        }
        let forged = browser.submit("/spoed", "/spoed", &[("code", "ABCD-EFGH-JKLM-NPQR")]).await;
        assert_eq!(forged.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(forged.text().contains("Deze kaart is niet van ons"), "{user}");
        let wrong = browser.submit("/spoed", "/spoed", &[("code", "999911120")]).await;
        assert!(
            wrong.text().contains("Dit is geen code van een kaart") && wrong.text().contains("value=\"999911120\"")
        );
    }
    // Whoever sees figures only, and the patient's own people, learn what a stranger does.
    for user in ["network-coordinator", "relative"] {
        let page = Browser::of(&server, user).await.get(&address).await;
        assert!(page.status == StatusCode::OK && page.text().contains("Actueel"), "{user}");
        assert!(!page.text().contains("noodgegevens"), "{user}");
    }
}

#[tokio::test]
async fn without_a_basis_the_card_leads_to_the_glass_and_names_nobody() {
    let server = server(12).await;
    let gp = Browser::of(&server, "gp").await;
    let mut unasked = None;
    for p in server.sheet.patients.iter().filter(|p| p.sharing == domain::access::Sharing::Unknown) {
        if gp.get(&format!("/patienten/{}/kaart.pdf", p.id)).await.status == StatusCode::OK {
            unasked = Some(p);
            break;
        }
    }
    let patient = unasked.expect("a patient of the GP who was not asked, with a plan");
    let issued = cards(&server, &patient.id).await.into_iter().next().unwrap();
    let acute = Browser::of(&server, "out-of-hours").await;
    let page = acute.get(&format!("/kaart/{}", issued.token.as_str())).await;
    assert!(page.text().contains("Actueel") && page.text().contains("Bekijk de noodgegevens"), "{}", page.text());
    let code = page.hidden("code").unwrap();
    let glass = acute.submit("/spoed", "/spoed", &[("code", &code)]).await;
    assert!(glass.status == StatusCode::OK && glass.text().contains("Gebruik de noodknop"), "{}", glass.text());
    let why = [("code", code.as_str()), ("soort", "acute"), ("reden", "Gevonden op straat, niet aanspreekbaar.")];
    let broken = acute.submit("/spoed", "/spoed/noodknop", &why).await;
    assert_eq!(broken.location(), format!("/spoed/{}", patient.id), "{}", broken.text());
    let view = acute.get(broken.location()).await.text();
    let nameless =
        ["Vrouw", "Man", "Patiënt"].iter().any(|sex| view.contains(&format!("<span class=\"name\">{sex}</span>")));
    assert!(nameless && view.contains("geboren in"), "found by a code, so without a name: {view}");
}

#[tokio::test]
async fn nobody_else_prints_a_card_or_a_letter_or_withdraws_one() {
    let server = server(12).await;
    let (id, issued) = printed(&server).await;
    for path in ["kaart", "kaart.pdf", "plan/brief.pdf"] {
        let path = format!("/patienten/{id}/{path}");
        assert!(Browser::new(&server).get(&path).await.location().starts_with("/inloggen"));
        for other in ["network-coordinator", "privacy-officer", "organisation-admin", "out-of-hours", "patient"] {
            let answer = Browser::of(&server, other).await.get(&path).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{other} at {path}");
        }
    }
    for path in ["kaart", "kaart.pdf", "brief.pdf"] {
        let path = format!("/mijn/{id}/{path}");
        for (user, status) in [
            ("patient", StatusCode::OK),
            ("representative", StatusCode::OK),
            ("relative", StatusCode::FORBIDDEN),
            ("gp", StatusCode::FORBIDDEN),
        ] {
            assert_eq!(Browser::of(&server, user).await.get(&path).await.status, status, "{user} at {path}");
        }
    }
    let relative = Browser::of(&server, "relative").await;
    let number = issued.number.to_string();
    let refused = relative.submit(&format!("/mijn/{id}"), &format!("/mijn/{id}/kaart"), &[("nummer", &number)]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(told(&server, &issued.code).await.contains("Actueel"));
}

#[tokio::test]
async fn the_letter_tells_the_patient_in_plain_words_what_was_agreed() {
    let server = server(12).await;
    let (id, _) = theirs(&server);
    let gp = Browser::of(&server, "gp").await;
    let letter = gp.get(&format!("/patienten/{id}/plan/brief.pdf")).await;
    assert_eq!(letter.status, StatusCode::OK, "{}", letter.text());
    assert_eq!(letter.header(header::CONTENT_DISPOSITION), "inline; filename=\"brief-over-het-plan.pdf\"");
    let own = Browser::of(&server, "patient").await.get(&format!("/mijn/{id}/brief.pdf")).await;
    for file in [&letter, &own] {
        let Some(said) = said(&file.bytes) else { return };
        for part in ["Wat wij hebben afgesproken over uw zorg", "Wilt u iets veranderen?", "Reanimeren is:"] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert!(!said.replace(' ', "").contains(&sheet_of(&server, &id).bsn), "{said}");
    }
    let plain = gp.get(&format!("/patienten/{id}/inzage/gewone-taal")).await.text();
    assert!(plain.contains("maakte een brief over uw plan"), "{plain}");
}
