//! Codes by time and on paper: set up, asked for, used once.

use crate::browser::Browser;
use crate::harness::{Answer, Server, server};
use axum::http::StatusCode;
use totp_rs::{Builder, Secret, Totp};

/// An app with the secret of a page, and the moment it was set up.
pub struct Phone {
    totp: Totp,
    begun: i64,
}

impl Phone {
    fn scans(page: &str) -> Self {
        let at = page.find("Of typ deze sleutel over: <code class=\"secret\">").unwrap();
        let secret: String = page[at..].split(['>', '<']).nth(2).unwrap().split(' ').collect();
        let totp = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap();
        Self { totp, begun: web::Clock::default().real().as_second() }
    }

    /// The code so many steps after it was set up; the next one counts already.
    fn code(&self, steps: i64) -> String {
        self.totp.generate(u64::try_from(self.begun + steps * 30).unwrap()).to_string()
    }
}

fn shown_codes(answer: &Answer) -> Vec<String> {
    let text = answer.text();
    text.split("<code class=\"secret\">").skip(1).map(|p| p.split('<').next().unwrap().to_owned()).collect()
}

/// Sets up an app; the phone, and the recovery codes.
pub async fn with_app(browser: &Browser<'_>) -> (Phone, Vec<String>) {
    let phone = Phone::scans(&browser.get("/account/app").await.text());
    let answer =
        browser.submit("/account/app", "/account/app", &[("code", &phone.code(0)), ("naam", "Telefoon")]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    (phone, shown_codes(&answer))
}

async fn first_step<'a>(server: &'a Server, name: &str) -> Browser<'a> {
    let browser = Browser::new(server);
    let answer = browser.sign_in(name, &server.password(name)).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/inloggen/code"));
    // Nothing is open yet.
    assert_eq!(browser.get("/account").await.location(), "/inloggen?naar=%2Faccount");
    browser
}

#[tokio::test]
async fn a_code_is_asked_and_counts_once() {
    let server = server(0).await;
    let gp = Browser::of(&server, "gp").await;
    let wrong = gp.submit("/account/app", "/account/app", &[("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let (phone, codes) = with_app(&gp).await;
    assert_eq!(codes.len(), 10);
    assert!(gp.get("/account").await.text().contains("Telefoon"), "the session goes on");

    let browser = first_step(&server, "gp").await;
    let used = phone.code(0);
    let answer = browser.post("/inloggen/code", &[("code", &used)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "the code it was set up with");
    for wrong in ["", "123", "abcdef"] {
        let answer = browser.post("/inloggen/code", &[("code", wrong)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
    }
    let next = phone.code(1);
    let answer = browser.post("/inloggen/code", &[("code", &next)]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/"));
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);

    // The same code, overheard, opens nothing in another browser.
    let thief = first_step(&server, "gp").await;
    assert_eq!(thief.post("/inloggen/code", &[("code", &next)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // A recovery code does, once; as people type it.
    let typed = codes[3].replace('-', " ").to_lowercase();
    let answer = thief.post("/inloggen/code", &[("herstelcode", &typed)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let again = first_step(&server, "gp").await;
    let answer = again.post("/inloggen/code", &[("herstelcode", &codes[3])]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(gp.get("/account").await.text().contains("Herstelcodes (9 over)"));
}

#[tokio::test]
async fn codes_cannot_be_guessed_nor_the_step_be_skipped() {
    let server = server(0).await;
    with_app(&Browser::of(&server, "gp").await).await;
    let browser = first_step(&server, "gp").await;
    let mut last = StatusCode::OK;
    for n in 0..6 {
        last = browser.post("/inloggen/code", &[("code", &format!("00000{n}"))]).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    // Without the first step there is nothing to answer.
    let stranger = Browser::new(&server);
    for answer in [stranger.get("/inloggen/code").await, stranger.post("/inloggen/code", &[("code", "123456")]).await] {
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/inloggen"));
    }
    stranger.cookies.lock().unwrap().insert("tijdig-stap".into(), "guessed".into());
    assert_eq!(stranger.get("/inloggen/code").await.location(), "/inloggen");
    let answer = stranger.post("/inloggen/passkey", &[("antwoord", "{}")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_organisation_says_who_needs_one_and_they_get_no_further_without() {
    let server = server(0).await;
    let admin = Browser::of(&server, "organisation-admin").await;
    let coordinator = Browser::of(&server, "network-coordinator").await;
    assert_eq!(coordinator.get("/beheer/inloggen").await.status, StatusCode::FORBIDDEN);
    let token = coordinator.get("/account").await.hidden("csrf").unwrap();
    let answer = coordinator.post("/beheer/inloggen", &[("csrf", &token), ("rol.gp", "nee")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(Browser::new(&server).get("/beheer/inloggen").await.status, StatusCode::SEE_OTHER);
    let bad = admin.submit("/beheer/inloggen", "/beheer/inloggen", &[("rol.gp", "misschien")]).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
    let answer = admin.submit("/beheer/inloggen", "/beheer/inloggen", &[("rol.network-coordinator", "ja")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(admin.get("/beheer/inloggen").await.text().contains("value=\"ja\" selected"));

    let browser = Browser::new(&server);
    let answer = browser.sign_in("network-coordinator", &server.password("network-coordinator")).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/account/beveiligen"));
    for path in ["/", "/account", "/patienten", "/account/wachtwoord", "/rol", "/beheer/inloggen"] {
        assert_eq!(browser.get(path).await.location(), "/account/beveiligen", "{path}");
    }
    let token = browser.get("/account/app").await.hidden("csrf").unwrap();
    let answer = browser.post("/account/wachtwoord", &[("csrf", &token), ("nieuw", "iets heel anders")]).await;
    assert_eq!(answer.location(), "/account/beveiligen");
    let before = browser.cookies.lock().unwrap()["tijdig"].clone();
    let (_, codes) = with_app(&browser).await;
    assert_eq!(codes.len(), 10);
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
    assert_ne!(before, browser.cookies.lock().unwrap()["tijdig"], "another token");
    // The only one cannot be taken away.
    let page = browser.get("/account").await.text();
    let id = page.split("/account/verwijderen?stap=").nth(1).unwrap().split('"').next().unwrap();
    let at = format!("/account/verwijderen?stap={id}");
    let answer = browser.submit(&at, "/account/verwijderen", &[("stap", id)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("verplicht"));
    // Others need none, and somebody else's cannot be removed.
    let answer = admin.submit("/account", "/account/verwijderen", &[("stap", id)]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_factor_and_new_codes_are_had_and_removed() {
    let server = server(0).await;
    let gp = Browser::of(&server, "gp").await;
    assert_eq!(gp.get("/account/herstelcodes").await.status, StatusCode::NOT_FOUND, "no factor, no codes");
    let (_, codes) = with_app(&gp).await;
    let answer = gp.submit("/account/herstelcodes", "/account/herstelcodes", &[]).await;
    let fresh = shown_codes(&answer);
    assert_eq!(fresh.len(), 10);
    let browser = first_step(&server, "gp").await;
    let answer = browser.post("/inloggen/code", &[("herstelcode", &codes[0])]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "the old ones count no more");
    assert_eq!(browser.post("/inloggen/code", &[("herstelcode", &fresh[0])]).await.status, StatusCode::SEE_OTHER);
    let page = gp.get("/account").await.text();
    let id = page.split("/account/verwijderen?stap=").nth(1).unwrap().split('"').next().unwrap();
    let at = format!("/account/verwijderen?stap={id}");
    let answer = gp.submit(&at, "/account/verwijderen", &[("stap", id)]).await;
    assert_eq!(answer.location(), "/account?gedaan=stap-verwijderd");
    // A password is enough again.
    Browser::of(&server, "gp").await;
}
