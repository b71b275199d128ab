//! Back in by the word of two people.

use crate::browser::Browser;
use crate::harness::server;
use axum::http::StatusCode;

const NEW: &str = "een heel nieuw wachtwoord";

async fn redeem(browser: &Browser<'_>, name: &str, code: &str) -> crate::harness::Answer {
    browser.post("/herstel", &[("naam", name), ("code", code), ("nieuw", NEW), ("nogmaals", NEW)]).await
}

#[tokio::test]
async fn two_people_let_a_third_back_in() {
    let server = server(0).await;
    let admin = Browser::of(&server, "organisation-admin").await;
    let officer = Browser::of(&server, "privacy-officer-2").await;
    let lost = Browser::of(&server, "network-coordinator").await;
    // Others may not, and an administrator asks for their own people only, and not for themselves.
    for path in ["/beheer/herstel"] {
        assert_eq!(lost.get(path).await.status, StatusCode::FORBIDDEN);
        assert_eq!(Browser::new(&server).get(path).await.status, StatusCode::SEE_OTHER);
    }
    let ask = async |name: &str, reason: &str| {
        admin.submit("/beheer/herstel", "/beheer/herstel", &[("naam", name), ("reden", reason)]).await
    };
    for (name, reason) in
        [("gp", "kwijt"), ("organisation-admin", "kwijt"), ("network-coordinator", " "), ("", "x"), ("nobody", "x")]
    {
        assert_eq!(ask(name, reason).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
    }
    let answer = ask("network-coordinator", "Telefoon kwijt <script>alert(1)</script>").await;
    assert_eq!(answer.location(), "/beheer/herstel?gedaan=herstel-gevraagd");
    // Who asked does not decide.
    let page = admin.get("/beheer/herstel").await.text();
    assert!(!page.contains("name=\"besluit\"") && !page.contains("<script>alert"), "{page}");
    let page = officer.get("/beheer/herstel").await.text();
    let path = format!(
        "/beheer/herstel/{}",
        page.split("action=\"/beheer/herstel/").nth(1).unwrap().split('"').next().unwrap()
    );
    let answer = admin.submit("/beheer/herstel", &path, &[("besluit", "goed")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let token = lost.get("/account").await.hidden("csrf").unwrap();
    assert_eq!(lost.post(&path, &[("csrf", &token), ("besluit", "goed")]).await.status, StatusCode::FORBIDDEN);
    let answer = officer.submit("/beheer/herstel", &path, &[("besluit", "misschien")]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let answer = officer.submit("/beheer/herstel", "/beheer/herstel/unknown", &[("besluit", "goed")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let shown = officer.submit("/beheer/herstel", &path, &[("besluit", "goed")]).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text());
    let code =
        shown.text().split("<code class=\"secret large\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    // Shown once, decided once, and signed out everywhere.
    assert!(!officer.get("/beheer/herstel").await.text().contains(&code));
    let answer = officer.submit("/account", &path, &[("besluit", "goed")]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(lost.get("/account").await.status, StatusCode::SEE_OTHER);

    // The code is this person's alone, and counts once.
    let browser = Browser::new(&server);
    assert_eq!(redeem(&browser, "gp", &code).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        redeem(&browser, "network-coordinator", "0000-0000-0000-0000").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let short = [("naam", "network-coordinator"), ("code", &*code), ("nieuw", "kort"), ("nogmaals", "kort")];
    assert_eq!(browser.post("/herstel", &short).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = redeem(&browser, "network-coordinator", &code).await;
    assert_eq!(answer.location(), "/inloggen?gedaan=hersteld", "{}", answer.text());
    assert_eq!(redeem(&browser, "network-coordinator", &code).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let old = server.password("network-coordinator");
    assert_eq!(browser.sign_in("network-coordinator", &old).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.sign_in("network-coordinator", NEW).await.status, StatusCode::SEE_OTHER);
    assert!(admin.get("/beheer/herstel").await.text().contains("de code is gebruikt"));
}

#[tokio::test]
async fn somebody_new_gets_a_code_from_their_page_by_the_word_of_two() {
    let server = server(0).await;
    let manager = Browser::of(&server, "practice-manager").await;
    let overview = manager.get("/beheer").await.text();
    assert!(overview.contains("href=\"/beheer/herstel\"") && !overview.contains("href=\"/beheer/inloggen\""));
    let own = overview.split("/mensen\"").next().unwrap().rsplit("href=\"").next().unwrap().to_owned();
    let new = format!("{own}/mensen/nieuw");
    let fields =
        [("gebruikersnaam", "nieuw.hier"), ("voornaam", "Noor"), ("achternaam", "Nieuw"), ("rol", "practice-nurse")];
    let made = manager.submit(&new, &new, &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let people = manager.get(&format!("{own}/mensen")).await.text();
    let person =
        people.split("Noor Nieuw").next().unwrap().rsplit("href=\"").next().unwrap().split('"').next().unwrap();
    let page = manager.get(person).await.text();
    assert!(page.contains("Vraag een code aan") && page.contains("name=\"naam\" value=\"nieuw.hier\""), "{page}");
    let asked = [("naam", "nieuw.hier"), ("reden", "Vandaag hier begonnen.")];
    let answer = manager.submit(person, "/beheer/herstel", &asked).await;
    assert_eq!(answer.location(), "/beheer/herstel?gedaan=herstel-gevraagd", "{}", answer.text());
    assert!(!manager.get("/beheer/herstel").await.text().contains("name=\"besluit\""), "not by the same person");
    let officer = Browser::of(&server, "privacy-officer").await;
    let list = officer.get("/beheer/herstel").await.text();
    let path = format!(
        "/beheer/herstel/{}",
        list.split("action=\"/beheer/herstel/").nth(1).unwrap().split('"').next().unwrap()
    );
    let shown = officer.submit("/beheer/herstel", &path, &[("besluit", "goed")]).await.text();
    let code = shown.split("<code class=\"secret large\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let browser = Browser::new(&server);
    assert_eq!(redeem(&browser, "nieuw.hier", &code).await.location(), "/inloggen?gedaan=hersteld");
    assert_eq!(browser.sign_in("nieuw.hier", NEW).await.status, StatusCode::SEE_OTHER);
    // The administrator of a region finds the rest of it too.
    let overview = Browser::of(&server, "organisation-admin").await.get("/beheer").await.text();
    for there in ["/beheer/herstel", "/beheer/inloggen", "/beheer/noodknop/overzicht", "/beheer/bewaartermijnen"] {
        assert!(overview.contains(&format!("href=\"{there}\"")), "{there}");
    }
    assert!(officer.get("/beheer").await.text().contains("href=\"/beheer/noodknop\""));
}

#[tokio::test]
async fn a_refused_request_opens_nothing_and_the_answer_tells_nobody_who_is_there() {
    let server = server(0).await;
    let admin = Browser::of(&server, "organisation-admin").await;
    let officer = Browser::of(&server, "privacy-officer-2").await;
    let fields = [("naam", "network-coordinator"), ("reden", "Telefoon kwijt")];
    admin.submit("/beheer/herstel", "/beheer/herstel", &fields).await;
    // A privacy officer decides, and does not ask.
    let token = officer.get("/account").await.hidden("csrf").unwrap();
    let asked = [("csrf", &*token), ("naam", "network-coordinator"), ("reden", "x")];
    assert_eq!(officer.post("/beheer/herstel", &asked).await.status, StatusCode::FORBIDDEN);
    let page = officer.get("/beheer/herstel").await.text();
    let path = format!(
        "/beheer/herstel/{}",
        page.split("action=\"/beheer/herstel/").nth(1).unwrap().split('"').next().unwrap()
    );
    let answer = officer.submit("/beheer/herstel", &path, &[("besluit", "af")]).await;
    assert_eq!(answer.location(), "/beheer/herstel?gedaan=herstel-afgewezen");
    let stranger = Browser::new(&server);
    let told = async |name: &str| redeem(&stranger, name, "0000-0000-0000-0000").await.text().replace(name, "NAME");
    assert_eq!(told("network-coordinator").await, told("nobody").await);
    assert_eq!(stranger.get("/herstel").await.status, StatusCode::OK);
}
