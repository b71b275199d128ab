//! One's own sessions and password.

use crate::browser::Browser;
use crate::harness::server;
use axum::http::StatusCode;

const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                     Version/18.0 Mobile/15E148 Safari/604.1";

fn session_ids(page: &str) -> Vec<String> {
    page.split("name=\"sessie\" value=\"").skip(1).map(|p| p.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one_or_all() {
    let server = server(0).await;
    let desk = Browser::of(&server, "gp").await;
    let phone = Browser::new(&server).that_is(PHONE);
    phone.sign_in("gp", &server.password("gp")).await;
    let other = Browser::of(&server, "district-nurse").await;
    let page = desk.get("/account").await.text();
    assert!(page.contains("Firefox op Linux") && page.contains("Safari op iPhone") && page.contains("dit apparaat"));
    assert!(!page.contains("Mozilla"), "words, not what a browser says of itself");
    let ids = session_ids(&page);
    assert_eq!(ids.len(), 2);
    // Somebody else cannot end them, nor can a form without the token.
    for id in &ids {
        other.submit("/account", "/account/sessie", &[("sessie", id)]).await;
    }
    assert_eq!(desk.post("/account/sessie", &[("sessie", &ids[0])]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(phone.get("/account").await.status, StatusCode::OK);
    // The owner does, from either.
    let mut mine = session_ids(&phone.get("/account").await.text());
    mine.sort();
    let mut theirs = ids.clone();
    theirs.sort();
    assert_eq!(mine, theirs);
    desk.submit("/account", "/account/andere-sessies", &[]).await;
    assert_eq!(phone.get("/account").await.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.get("/account").await.status, StatusCode::OK);
    let phone = Browser::new(&server).that_is(PHONE);
    phone.sign_in("gp", &server.password("gp")).await;
    let before = session_ids(&desk.get("/account").await.text());
    for id in before.iter().filter(|id| !ids.contains(id)) {
        let answer = desk.submit("/account", "/account/sessie", &[("sessie", id)]).await;
        assert_eq!(answer.location(), "/account?gedaan=sessie-beeindigd");
    }
    assert_eq!(phone.get("/account").await.status, StatusCode::SEE_OTHER);
    let phone = Browser::of(&server, "gp").await;
    let answer = desk.submit("/account", "/account/overal-uitloggen", &[]).await;
    assert_eq!(answer.location(), "/inloggen?gedaan=uitgelogd");
    for browser in [&desk, &phone] {
        assert_eq!(browser.get("/account").await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn a_token_is_another_after_signing_in_and_after_changing_role() {
    let server = server(0).await;
    let browser = Browser::new(&server);
    // A token that somebody planted is not taken over.
    browser.cookies.lock().unwrap().insert("tijdig".into(), "planted".into());
    browser.sign_in("gp", &server.password("gp")).await;
    let first = browser.cookies.lock().unwrap()["tijdig"].clone();
    assert_ne!(first, "planted");
    let page = browser.get("/rol").await;
    let role = page.text().split("name=\"rol\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let answer = browser.submit("/rol", "/rol", &[("rol", &role), ("naar", "/account")]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/account"));
    let second = browser.cookies.lock().unwrap()["tijdig"].clone();
    assert_ne!(first, second);
    let thief = Browser::new(&server);
    thief.cookies.lock().unwrap().insert("tijdig".into(), first);
    assert_eq!(thief.get("/account").await.status, StatusCode::SEE_OTHER, "the old token opens nothing");
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
    // Signing in again ends what this browser had.
    browser.sign_in("gp", &server.password("gp")).await;
    thief.cookies.lock().unwrap().insert("tijdig".into(), second);
    assert_eq!(thief.get("/account").await.status, StatusCode::SEE_OTHER);
    // Nobody takes a role they do not hold.
    let answer = browser.submit("/rol", "/rol", &[("rol", "organisation-admin.00000000000000000000000000")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Who one is, stands on every page.
    let page = browser.get("/").await.text();
    assert!(page.contains("huisarts, Huisartsenpraktijk De Linde"), "{page}");
}

#[tokio::test]
async fn after_signing_in_one_stays_here() {
    let server = server(0).await;
    for foreign in ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nSet-Cookie: x=y"] {
        let browser = Browser::new(&server);
        let fields = [("naam", "gp"), ("wachtwoord", &*server.password("gp")), ("naar", foreign)];
        let answer = browser.post("/inloggen", &fields).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/"), "{foreign}");
    }
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it() {
    let server = server(0).await;
    let gp = Browser::of(&server, "gp").await;
    let phone = Browser::of(&server, "gp").await;
    let old = server.password("gp");
    let new = "boterham met kaas";
    let change = async |now: &str, one: &str, two: &str| {
        let fields = [("huidig", now), ("nieuw", one), ("nogmaals", two)];
        gp.submit("/account/wachtwoord", "/account/wachtwoord", &fields).await
    };
    for (now, one, two) in
        [("wrong", new, new), ("", new, new), (&*old, "kort", "kort"), (&*old, new, "anders dan dit")]
    {
        let answer = change(now, one, two).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{now} {one} {two}");
        assert!(!answer.text().contains(new), "never comes back");
    }
    let answer = change(&old, new, new).await;
    assert_eq!(answer.location(), "/account?gedaan=wachtwoord-gewijzigd");
    assert_eq!(gp.get("/account").await.status, StatusCode::OK);
    assert_eq!(phone.get("/account").await.status, StatusCode::SEE_OTHER, "others are signed out");
    assert_eq!(Browser::new(&server).sign_in("gp", &old).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(Browser::new(&server).sign_in("gp", new).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nobody_learns_from_the_answer_who_is_there() {
    let server = server(0).await;
    let page = async |name: &str| {
        let answer = Browser::new(&server).sign_in(name, "not the password").await;
        (answer.status, answer.text().replace(name, "NAME"))
    };
    assert_eq!(page("gp").await, page("nobody").await);
}

#[tokio::test]
async fn a_strangers_way_to_the_account_is_signing_in() {
    let server = server(0).await;
    let stranger = Browser::new(&server);
    for path in ["/account", "/account/app", "/account/passkey", "/account/wachtwoord", "/account/herstelcodes"] {
        let answer = stranger.get(path).await;
        assert!(answer.location().starts_with("/inloggen?naar="), "{path}");
        let answer = stranger.post(path, &[("csrf", "x")]).await;
        assert!(matches!(answer.status, StatusCode::SEE_OTHER | StatusCode::METHOD_NOT_ALLOWED), "{path}");
    }
    let gp = Browser::of(&server, "gp").await;
    for path in [
        "/account/sessie",
        "/account/andere-sessies",
        "/account/overal-uitloggen",
        "/account/verwijderen",
        "/account/wachtwoord",
        "/account/app",
        "/account/passkey",
        "/account/passkey/opties",
        "/account/herstelcodes",
    ] {
        for csrf in ["", "guessed"] {
            assert_eq!(gp.post(path, &[("csrf", csrf)]).await.status, StatusCode::FORBIDDEN, "{path}");
        }
    }
    let token = gp.get("/account").await.hidden("csrf").unwrap();
    for bad in ["", "{}", "[]", "null", "{\"id\":\"x\"}"] {
        let answer = gp.post("/account/passkey", &[("csrf", &token), ("antwoord", bad)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
}
