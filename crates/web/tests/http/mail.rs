//! Told by mail, through a mail server that speaks SMTP: who asked for it, without content, once; and what an administrator
//! sees where it fails.

use crate::browser::Browser;
use crate::harness::{Server, server};
use crate::smtp::MailServer;
use axum::http::StatusCode;
use domain::access::{Action, Relation, permit};
use domain::ident::{OrganisationId, PatientId};
use domain::plan::{Decision, Treatment};
use std::path::Path;
use std::sync::Arc;
use store::plans::{WriteVersion, Written};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use web::{MailSecurity, MailSettings};

const HERE: &str = "/account/mail";

/// A server that sends its mail there.
async fn with_mail(patients: u32) -> (Server, MailServer) {
    let (server, post) = (server(patients).await, MailServer::start().await);
    let settings = MailSettings {
        host: "127.0.0.1".to_owned(),
        port: Some(post.port),
        security: MailSecurity::None,
        ca_file: None,
        username: None,
        password_file: None,
        from: "tijdig@overveld.test".to_owned(),
    };
    server.app.offer_mail(&settings).unwrap();
    (server, post)
}

async fn sends(server: &Server) -> usize {
    web::send_due(&server.app).await.unwrap()
}

/// The code in the last mail.
fn code(post: &MailServer) -> String {
    let data = post.taken().last().expect("a mail with a code").data.clone();
    let from = data.find("Uw code is ").expect("it says the code") + "Uw code is ".len();
    data[from..from + 6].to_owned()
}

#[tokio::test]
async fn mail_is_asked_for_confirmed_and_turned_off_again() {
    let (server, post) = with_mail(20).await;
    let nurse = Browser::of(&server, "district-nurse").await;
    assert!(nurse.get("/account").await.text().contains("href=\"/account/mail\""));
    for wrong in ["", "geen adres", "a@b@c", "nurse@x.test\r\nBcc: all@x.test"] {
        let answer = nurse.submit(HERE, HERE, &[("doe", "adres"), ("adres", wrong)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(answer.text().contains("Dit is geen e-mailadres"));
    }
    let ask = [("doe", "adres"), ("adres", "saskia@thuiszorg.test")];
    assert_eq!(nurse.submit(HERE, HERE, &ask).await.location(), "/account/mail?gedaan=mail-code");
    let soon = nurse.submit(HERE, HERE, &ask).await;
    assert!(
        soon.text().contains("Wacht een minuut") && soon.text().contains("saskia@thuiszorg.test"),
        "typed text stays"
    );
    assert_eq!(sends(&server).await, 1);
    assert_eq!(sends(&server).await, 0, "once");
    assert_eq!(post.taken()[0].to, "saskia@thuiszorg.test");
    let wrong = nurse.submit(HERE, HERE, &[("doe", "code"), ("code", "abc")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("Deze code klopt niet"));
    let right = code(&post);
    let done = nurse.submit(HERE, HERE, &[("doe", "code"), ("code", &right)]).await;
    assert_eq!(done.location(), "/account/mail?gedaan=mail-aan");
    assert!(nurse.get(HERE).await.text().contains("Mail staat aan"));
    assert_eq!(nurse.submit(HERE, HERE, &[("doe", "uit")]).await.location(), "/account/mail?gedaan=mail-uit");
    assert!(!nurse.get(HERE).await.text().contains("Mail staat aan"));
}

#[tokio::test]
async fn a_changed_limit_is_mailed_at_once_and_says_nothing_of_whom_or_what() {
    let (server, post) = with_mail(30).await;
    let (gp, nurse) = (Browser::of(&server, "gp").await, Browser::of(&server, "district-nurse").await);
    nurse.submit(HERE, HERE, &[("doe", "adres"), ("adres", "saskia@thuiszorg.test")]).await;
    sends(&server).await;
    nurse.submit(HERE, HERE, &[("doe", "code"), ("code", &code(&post))]).await;
    // The demo's changes were before that; the next one is mailed.
    let id = both(&server, &gp, &nurse).await;
    nurse.get(&format!("/patienten/{id}/plan")).await;
    server.store.flush().await.unwrap();
    let name = server.sheet.patients.iter().find(|p| p.id == id).unwrap().name.clone();
    change_limit(&server, &id).await;
    assert_eq!(sends(&server).await, 1, "at once");
    let mail = post.taken().last().unwrap().clone();
    assert_eq!(mail.to, "saskia@thuiszorg.test");
    assert!(mail.data.contains("Subject: Tijdig: er is iets veranderd"), "{}", mail.data);
    assert!(mail.data.contains("Auto-Submitted: auto-generated") && mail.data.contains("Message-ID: <"));
    assert!(mail.data.contains("http://localhost:8080/"));
    for secret in [name.as_str(), name.split(' ').next_back().unwrap(), id.as_str(), "Reanimatie", "grens"] {
        assert!(!mail.data.contains(secret), "{secret}: {}", mail.data);
    }
    // Read meanwhile: the mail is not needed any more.
    change_limit(&server, &id).await;
    nurse.get(&format!("/patienten/{id}/plan")).await;
    server.store.flush().await.unwrap();
    let before = post.taken().len();
    sends(&server).await;
    assert_eq!(post.taken().len(), before);
}

/// Somebody decides otherwise about resuscitation.
async fn change_limit(server: &Server, id: &str) {
    let by = web::program(OrganisationId::from_bits(0));
    let patient = PatientId::parse(id).unwrap();
    let may = |action| permit(&by, action, &patient, Relation::default()).unwrap();
    let now = web::Clock::default().now();
    let newest = server.store.versions(&may(Action::ReadPlan), now, "test").await.unwrap().pop().unwrap();
    let mut version = newest.version;
    version.number += 1;
    version.recorded_at = now;
    let said = version.content.directives.get_mut(&Treatment::Cpr).unwrap().current.as_mut().unwrap();
    let is_no = said.value.decision == Decision::DoNot;
    said.value.decision = if is_no { Decision::Perform } else { Decision::DoNot };
    let write = WriteVersion::of(version.number - 1, &version);
    let written = server.store.write_version(&may(Action::RecordPlan), write, now).await.unwrap();
    assert_eq!(written, Written::Done(version.number));
}

/// A patient with a plan of both.
async fn both(server: &Server, gp: &Browser<'_>, nurse: &Browser<'_>) -> String {
    for patient in &server.sheet.patients {
        let path = format!("/patienten/{}", patient.id);
        let page = gp.get(&path).await;
        let seen = page.status == StatusCode::OK && nurse.get(&path).await.status == StatusCode::OK;
        if seen && page.text().contains("Lees het hele plan") {
            return patient.id.clone();
        }
    }
    panic!("no patient of both")
}

#[tokio::test]
async fn what_fails_is_seen_sent_again_or_given_up_by_the_administrator_of_the_region() {
    const AT: &str = "/beheer/uitgaand";
    let (server, post) = with_mail(10).await;
    let (nurse, admin) =
        (Browser::of(&server, "district-nurse").await, Browser::of(&server, "organisation-admin").await);
    post.answers(Some("550 saskia@thuiszorg.test is niet bekend"));
    nurse.submit(HERE, HERE, &[("doe", "adres"), ("adres", "saskia@thuiszorg.test")]).await;
    assert_eq!(sends(&server).await, 1);
    let page = admin.get(AT).await.text();
    assert!(
        page.contains("Er is één bericht mislukt.") && page.contains("de ontvanger weigerde het bericht"),
        "{page}"
    );
    assert!(page.contains("Saskia de Wit") && !page.contains("saskia@thuiszorg.test"), "no words of the mail server");
    let id = page.split("name=\"bericht\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let reason = format!("reden-{id}");
    for (fields, said) in [
        (vec![("doe", "opgeven"), ("bericht", id.as_str())], "Schrijf waarom"),
        (vec![("doe", "opnieuw"), ("bericht", "bestaat-niet")], "wacht niet meer"),
        (vec![("doe", "iets"), ("bericht", id.as_str())], "Kies wat er"),
    ] {
        let answer = admin.submit(AT, AT, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(answer.text().contains(said), "{said}: {}", answer.text());
    }
    let long = "a".repeat(201);
    let fields = [("doe", "opgeven"), ("bericht", id.as_str()), (reason.as_str(), long.as_str())];
    let answer = admin.submit(AT, AT, &fields).await.text();
    assert!(answer.contains("hoogstens 200 tekens") && answer.contains(&long), "typed text stays");
    // The mail server was mended.
    post.answers(None);
    let again = admin.submit(AT, AT, &[("doe", "opnieuw"), ("bericht", &id)]).await;
    assert_eq!(again.location(), "/beheer/uitgaand?gedaan=opnieuw-verstuurd");
    assert_eq!(sends(&server).await, 1);
    assert_eq!(post.taken().len(), 1);
    let page = admin.get(AT).await.text();
    assert!(page.contains("Er is niets mislukt.") && page.contains("1 verstuurd in de laatste 24 uur"), "{page}");
    assert_eq!(server.log_holds("outbox", "done").await, 12, "looking and sending again stand in the log");
    // Others do not get in.
    for name in ["gp", "practice-manager", "privacy-officer", "network-coordinator"] {
        let page = Browser::of(&server, name).await.get(AT).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{name}");
    }
}

#[tokio::test]
async fn a_mail_server_that_asks_to_wait_is_asked_again_later() {
    let (server, post) = with_mail(10).await;
    let nurse = Browser::of(&server, "district-nurse").await;
    post.answers(Some("451 nu even niet"));
    nurse.submit(HERE, HERE, &[("doe", "adres"), ("adres", "saskia@thuiszorg.test")]).await;
    assert_eq!(sends(&server).await, 1);
    assert_eq!(sends(&server).await, 0, "not at once");
    let admin = Browser::of(&server, "organisation-admin").await;
    let page = admin.get("/beheer/uitgaand").await.text();
    assert!(page.contains("één keer geprobeerd; de ontvanger vroeg om het later te proberen"), "{page}");
}

/// A mail server with a certificate that its own authority vouches for, and settings that trust it.
async fn over_tls(folder: &Path) -> (MailServer, MailSettings) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("ca.pem"), made.cert.pem()).unwrap();
    std::fs::write(folder.join("password"), "wachtwoord\n").unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let post = MailServer::start_with(Some(TlsAcceptor::from(Arc::new(config)))).await;
    let settings = MailSettings {
        host: "localhost".to_owned(),
        port: Some(post.port),
        security: MailSecurity::StartTls,
        ca_file: Some(folder.join("ca.pem")),
        username: Some("tijdig".to_owned()),
        password_file: Some(folder.join("password")),
        from: "tijdig@overveld.test".to_owned(),
    };
    (post, settings)
}

#[tokio::test]
async fn over_tls_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let (post, settings) = over_tls(folder.path()).await;
    let here = server(5).await;
    here.app.offer_mail(&settings).unwrap();
    let nurse = Browser::of(&here, "district-nurse").await;
    let ask = [("doe", "adres"), ("adres", "saskia@thuiszorg.test")];
    nurse.submit(HERE, HERE, &ask).await;
    assert_eq!(sends(&here).await, 1);
    let mail = &post.taken()[0];
    assert!(mail.secure && mail.login == "AUTH PLAIN AHRpamRpZwB3YWNodHdvb3Jk", "{}", mail.login);
    // Somebody in between who hides the offer, and one whom nobody vouches for, get nothing.
    let open = MailServer::start().await;
    let stripped = MailSettings { port: Some(open.port), ..settings.clone() };
    let (stranger, trusting) = over_tls(folder.path()).await;
    let foreign = MailSettings { port: Some(post.port), ..trusting };
    for (settings, post, before) in [(stripped, &open, 0), (foreign, &post, 1)] {
        let here = server(5).await;
        here.app.offer_mail(&settings).unwrap();
        let nurse = Browser::of(&here, "district-nurse").await;
        nurse.submit(HERE, HERE, &ask).await;
        assert_eq!(sends(&here).await, 1);
        assert_eq!(post.taken().len(), before);
        let page = Browser::of(&here, "organisation-admin").await.get("/beheer/uitgaand").await.text();
        assert!(page.contains("een beveiligde verbinding lukte niet"), "{page}");
    }
    assert!(stranger.taken().is_empty());
}

#[tokio::test]
async fn without_a_mail_server_there_is_no_mail_to_ask_for() {
    let server = server(5).await;
    let gp = Browser::of(&server, "gp").await;
    assert_eq!(gp.get(HERE).await.status, StatusCode::NOT_FOUND);
    assert!(!gp.get("/account").await.text().contains("/account/mail"));
    let admin = Browser::of(&server, "organisation-admin").await;
    assert!(admin.get("/beheer/uitgaand").await.text().contains("Mail staat uit"));
}
