//! How an organisation anchors it, over HTTP: who pulls it, trainings, agreements; and statements that colleagues vote on by a
//! code, without an account.

use crate::browser::Browser;
use crate::harness::{Answer, Server, server};
use crate::sound::sound;
use axum::http::{StatusCode, header};

async fn ok(browser: &Browser<'_>, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    let text = answer.text();
    sound(path, &text);
    text
}

fn between(page: &str, before: &str, after: &str) -> String {
    page.split(before).nth(1).unwrap_or_else(|| panic!("{before}: {page}")).split(after).next().unwrap().to_owned()
}

fn seen(page: &str) -> String {
    between(page, "name=\"gezien\" value=\"", "\"")
}

#[tokio::test]
async fn who_leads_writes_and_who_works_there_reads() {
    let server = server(2).await;
    let (nurse, carer) = (Browser::of(&server, "district-nurse").await, Browser::of(&server, "carer").await);
    let page = ok(&carer, "/invoering").await;
    for says in ["Saskia de Wit", "Lies van Dam", "1 van 2 afspraken werken", "! te laat"] {
        assert!(page.contains(says), "{says}: {page}");
    }
    assert!(
        !page.contains("/invoering/kartrekkers")
            && !ok(&carer, "/invoering/scholing").await.contains("<form method=\"post\" action=\"/inv")
    );
    let forged = carer.submit("/account", "/invoering/afspraken", &[("wat", "x")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);

    // Who pulls it: of the organisation's own people alone.
    let here = "/invoering/kartrekkers";
    let page = ok(&nurse, here).await;
    let saskia = page.split("\" selected").next().unwrap().rsplit('"').next().unwrap().to_owned();
    let first = seen(&page);
    let wrong = [
        ("gezien", first.as_str()),
        ("bestuur", "blijft"),
        ("wie.0", "00000000000000000000000001"),
        ("sinds.0", "01-01-2026"),
    ];
    let answer = nurse.submit(here, here, &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("Kies iemand uit de lijst.") && answer.text().contains("value=\"blijft\""));
    let right = [
        ("gezien", first.as_str()),
        ("bestuur", "J. <b>Bos"),
        ("wie.0", saskia.as_str()),
        ("sinds.0", "01-01-2026"),
        ("tot.0", "31-12-2199"),
    ];
    assert_eq!(nurse.submit(here, here, &right).await.location(), "/invoering?gedaan=genoteerd");
    assert_eq!(nurse.submit(here, here, &right).await.status, StatusCode::CONFLICT);
    let page = ok(&carer, "/invoering").await;
    assert!(page.contains("J. &#60;b&#62;Bos") && page.contains("tot en met 31 december 2199"), "{page}");

    // A training, and who must again.
    let here = "/invoering/scholing";
    let training = [("wat", "Rouw <b>"), ("dag", "01-02-2024"), ("wie", saskia.as_str()), ("maanden", "12")];
    let wrong = nurse.submit(here, here, &[("wat", "blijft"), ("dag", "31-12-2199"), ("maanden", "veel")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for says in ["Deze dag moet nog komen.", "Kies wie erbij waren.", "Vul een heel getal", "value=\"blijft\""] {
        assert!(wrong.text().contains(says), "{says}");
    }
    assert_eq!(nurse.submit(here, here, &training).await.status, StatusCode::SEE_OTHER);
    let page = ok(&nurse, here).await;
    assert!(page.contains("Rouw &#60;b&#62;<br><span class=\"soft small\">Uiterlijk 1 februari 2025."), "{page}");
    let one = page.split("href=\"/invoering/scholing/").find(|p| p.contains("Rouw &#60;b&#62;</a>")).unwrap();
    let one = format!("{here}/{}", one.split('"').next().unwrap());
    let now = seen(&ok(&nurse, &one).await);
    let mended = [("gezien", now.as_str()), ("wat", "Rouw"), ("dag", "01-02-2024"), ("wie", saskia.as_str())];
    assert_eq!(nurse.submit(&one, &one, &mended).await.status, StatusCode::SEE_OTHER);
    let second = nurse.submit(&one, &one, &mended).await;
    assert!(second.status == StatusCode::CONFLICT && second.text().contains("Wat er nu staat"));

    // An agreement that is found to work.
    let here = "/invoering/afspraken";
    let agreement = [("wat", "Terugbellen <b>"), ("waar", "checklist"), ("wie", "Saskia"), ("dag", "01-02-2024")];
    let wrong = nurse.submit(here, here, &agreement[..1]).await;
    assert!(
        wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.text().contains("Schrijf waar de afspraak staat.")
    );
    assert_eq!(nurse.submit(here, here, &agreement).await.status, StatusCode::SEE_OTHER);
    let page = ok(&nurse, here).await;
    let one = page.split("href=\"/invoering/afspraken/").find(|p| p.contains("Terugbellen")).unwrap();
    let one = format!("{here}/{}", one.split('"').next().unwrap());
    let now = seen(&ok(&nurse, &one).await);
    let works: Vec<_> = agreement.into_iter().chain([("gezien", now.as_str()), ("werkt", "ja")]).collect();
    assert_eq!(nurse.submit(&one, &one, &works).await.status, StatusCode::SEE_OTHER);
    assert!(ok(&carer, here).await.contains("✓ werkt, nagekeken op"));
    // Another organisation has its own.
    let gp = Browser::of(&server, "gp").await;
    assert!(ok(&gp, "/invoering").await.contains("Er is nog geen kartrekker."));
    assert_eq!(gp.get(&one).await.status, StatusCode::NOT_FOUND);
    assert!(
        ok(&gp, "/praktijk").await.contains("href=\"/invoering\"")
            && ok(&carer, "/toolkit").await.contains("href=\"/invoering\"")
    );
    for username in ["network-coordinator", "organisation-admin", "patient"] {
        let browser = Browser::of(&server, username).await;
        assert_eq!(browser.get("/invoering").await.status, StatusCode::FORBIDDEN, "{username}");
    }
}

/// A round of one organisation's own statements; its page and its code.
async fn begun(server: &Server, leader: &Browser<'_>) -> (String, String) {
    let nurse = Browser::of(server, "district-nurse").await;
    let own = "/invoering/stellingen/eigen";
    let now = seen(&ok(&nurse, own).await);
    let lines = [("gezien", now.as_str()), ("stellingen", "Ik durf het <b>.\n\nWij doen het.")];
    assert_eq!(nurse.submit(own, own, &lines).await.status, StatusCode::SEE_OTHER);
    let at = "/invoering/stellingen";
    let wrong = leader.submit(at, at, &[("team", " "), ("welke", "x")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("Vul de naam van het team in.") && wrong.text().contains("Kies welke stellingen"));
    let made = leader.submit(at, at, &[("team", "Team <b>"), ("welke", "eigen")]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let here = made.location().to_owned();
    let code = between(&ok(leader, &here).await, "/stellingen/", "\"");
    (here, code)
}

async fn vote(browser: &Browser<'_>, path: &str, votes: [&str; 2]) -> Answer {
    assert_eq!(browser.get(path).await.status, StatusCode::OK);
    browser.post(path, &[("stelling.0", votes[0]), ("stelling.1", votes[1])]).await
}

#[tokio::test]
async fn colleagues_vote_once_on_their_phones_and_few_answers_are_not_shown() {
    let server = server(2).await;
    let leader = Browser::of(&server, "carer").await;
    let (here, code) = begun(&server, &leader).await;
    let path = format!("/stellingen/{code}");
    let phones: Vec<Browser<'_>> = (0..4).map(|_| Browser::new(&server)).collect();
    // As one types it from the screen.
    let typed = format!(" {}-{} ", code[..3].to_lowercase(), &code[3..]);
    assert_eq!(phones[0].post("/stellingen", &[("code", &typed)]).await.location(), path);
    for (typed, says) in
        [("abc", "Een code heeft zes letters"), ("AAAAAA", "Deze code kennen wij niet"), ("<b>", "&#60;b&#62;")]
    {
        let wrong = phones[0].post("/stellingen", &[("code", typed)]).await;
        assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.text().contains(says), "{}", wrong.text());
    }
    let page = ok(&phones[0], &path).await;
    assert!(page.contains("Ik durf het &#60;b&#62;.") && page.contains("noindex"), "{page}");
    // A phone that keeps no cookie is told so; what was chosen stays.
    let bare = Browser::new(&server).post(&path, &[("stelling.0", "agree"), ("stelling.1", "none")]).await;
    assert!(bare.status == StatusCode::UNPROCESSABLE_ENTITY && bare.text().contains("bewaarde geen cookie"));
    assert!(bare.text().contains("value=\"agree\" checked"));
    let half = vote(&phones[0], &path, ["agree", ""]).await;
    assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(half.text().contains("href=\"#v-stelling-1\"") && half.text().contains("value=\"agree\" checked"));
    let done = vote(&phones[0], &path, ["agree", "none"]).await;
    assert_eq!(done.location(), format!("{path}?gedaan=gestemd"), "{}", done.text());
    let again = vote(&phones[0], &path, ["disagree", "disagree"]).await;
    assert!(again.status == StatusCode::CONFLICT && again.text().contains("Uw antwoorden zijn geteld."));
    vote(&phones[1], &path, ["agree", "disagree"]).await;
    let page = ok(&leader, &here).await;
    assert!(page.contains("2 antwoorden tot nu toe") && page.contains("te weinig antwoorden om te tonen"), "{page}");
    vote(&phones[2], &path, ["disagree", "disagree"]).await;
    let three = ok(&leader, &here).await;
    let row = |cells: [u8; 3]| cells.map(|n| format!("<td class=\"number\">{n}</td>")).concat();
    assert!(three.contains(&row([2, 1, 0])) && three.contains(&row([0, 2, 1])), "{three}");
    vote(&phones[3], &path, ["agree", "agree"]).await;
    let four = ok(&leader, &here).await;
    assert!(
        four.contains("4 antwoorden") && four.contains(&row([2, 1, 0])),
        "what one more said does not show: {four}"
    );
    // Another organisation has nothing to do with it.
    let gp = Browser::of(&server, "gp").await;
    assert_eq!(gp.get(&here).await.status, StatusCode::NOT_FOUND);
    assert_eq!(leader.submit(&here, &here, &[]).await.location(), format!("{here}?gedaan=ronde-dicht"));
    let closed = ok(&leader, &here).await;
    assert!(
        closed.contains(&row([3, 1, 0])) && closed.contains(&row([1, 2, 1])) && !closed.contains(&code),
        "{closed}"
    );
    let late = Browser::new(&server);
    assert!(ok(&late, &path).await.contains("Deze ronde is gesloten."));
    assert_eq!(vote(&late, &path, ["agree", "agree"]).await.status, StatusCode::CONFLICT);
    // The team over time; and the demo's, of two years.
    let page = ok(&leader, "/invoering/stellingen").await;
    assert!(page.contains("Team &#60;b&#62;") && page.contains("Team Overveld-Noord"), "{page}");
    assert!(page.contains("<title>Team Overveld-Noord: gemiddeld deel dat het eens is</title>"), "{page}");
}

#[tokio::test]
async fn who_tries_codes_is_slowed_down_and_a_whole_team_is_not() {
    let server = server(2).await;
    let leader = Browser::of(&server, "carer").await;
    let (_, code) = begun(&server, &leader).await;
    let path = format!("/stellingen/{code}");
    for _ in 0..70 {
        assert_eq!(Browser::new(&server).get(&path).await.status, StatusCode::OK, "a right code is not counted");
    }
    let answer = Browser::new(&server).get(&path).await;
    let cookie = answer.header(header::SET_COOKIE);
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("Path=/stellingen") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    let guesser = Browser::new(&server);
    let mut last = StatusCode::OK;
    for n in 0..62_u8 {
        let letter = |n: u8| char::from(b'A' + n % 8);
        let guess: String = [n, n / 8, 1, 2, 3, 4].map(letter).iter().collect();
        last = guesser.post("/stellingen", &[("code", &guess)]).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}
