//! The patient's own pages: from the letter to withdrawing consent, and who is let in where.

use crate::browser::{Browser as Window, encoded};
use crate::harness::{Answer, Server, server};
use axum::http::StatusCode;

/// Somebody at a browser, whose forms carry the session's token.
pub struct Browser<'a>(pub Window<'a>);

impl<'a> Browser<'a> {
    pub fn stranger(server: &'a Server) -> Self {
        Self(Window::new(server))
    }

    pub async fn user(server: &'a Server, username: &str) -> Self {
        Self(Window::of(server, username).await)
    }

    pub async fn sign_in(server: &'a Server, username: &str, password: &str) -> Self {
        let window = Window::new(server);
        let answer = window.sign_in(username, password).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{username}: {}", answer.text());
        Self(window)
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.0.get(path).await
    }

    /// A page that is there.
    pub async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        answer.text()
    }

    /// Posts fields with the token of the session, where there is one.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.get("/rol").await.hidden("csrf").unwrap_or_default();
        let mut all = vec![("csrf", token.as_str())];
        all.extend_from_slice(fields);
        self.0.post(path, &all).await
    }
}

/// The value of the first hidden field with this name.
pub fn hidden(html: &str, name: &str) -> Option<String> {
    let start = format!("name=\"{name}\" value=\"");
    let from = html.find(&start)? + start.len();
    Some(html[from..from + html[from..].find('"')?].to_owned())
}

/// The demo's patient of the three, with birth date.
pub fn theirs(server: &Server) -> (String, String) {
    let id = server.sheet.users.iter().find_map(|u| u.patient.clone()).unwrap();
    let born = server.sheet.patients.iter().find(|p| p.id == id).unwrap().birth_date.clone();
    (id, born)
}

/// A page without the code that was typed, in its field and in the way to sign in.
pub fn without(page: &Answer, code: &str) -> String {
    page.text().replace(code, "").replace(&code.replace('-', "%252D"), "")
}

/// The code on a letter that a page shows.
pub fn code_of(letter: &str) -> String {
    let from = letter.find("class=\"code\">").unwrap() + "class=\"code\">".len();
    letter[from..from + 14].to_owned()
}

pub async fn invited(gp: &Browser<'_>, id: &str, fields: &[(&str, &str)]) -> String {
    let mut all = vec![("wat", "nodig-uit")];
    all.extend_from_slice(fields);
    let letter = gp.post(&format!("/patienten/{id}/eigen-toegang"), &all).await;
    assert_eq!(letter.status, StatusCode::OK, "{}", letter.text());
    let html = letter.text();
    assert!(html.contains("<svg class=\"qr\""), "a code to scan");
    code_of(&html)
}

pub async fn redeemed(server: &Server, code: &str, born: &str, username: &str) {
    let form = format!(
        "code={code}&geboortedatum={born}&gebruikersnaam={username}&wachtwoord=een+lange+zin&nog-eens=een+lange+zin"
    );
    let answer = server.form("/welkom", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
}

#[tokio::test]
async fn a_newcomer_with_nothing_but_the_letter_gets_in_and_withdraws_consent() {
    let server = server(12).await;
    let (id, born) = theirs(&server);
    let gp = Browser::user(&server, "gp").await;
    let code = invited(&gp, &id, &[("wie", "patient")]).await;
    let listed = gp.page(&format!("/patienten/{id}/eigen-toegang")).await;
    assert!(!listed.contains(&code) && listed.contains("de brief is geldig tot en met"), "the code is not shown again");

    // The letter's address fills the code in; then the birth date, then an own name and password.
    let first = server.get(&format!("/welkom?code={code}")).await;
    assert!(first.text().contains(&format!("value=\"{code}\"")));
    let wrong = server.form("/welkom", &format!("code={code}&geboortedatum=01-01-1900")).await;
    let unknown = server.form("/welkom", "code=ABCD-EFGH-JKLM&geboortedatum=01-01-1900").await;
    assert_eq!((wrong.status, unknown.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY));
    assert_eq!(without(&wrong, &code), without(&unknown, "ABCD-EFGH-JKLM"), "which of the two is wrong is not told");
    let second = server.form("/welkom", &format!("code={code}&geboortedatum={born}")).await;
    assert!(second.status == StatusCode::OK && second.text().contains("name=\"gebruikersnaam\""), "{}", second.text());
    let short = format!("code={code}&geboortedatum={born}&gebruikersnaam=Oma+1&wachtwoord=kort&nog-eens=kort");
    let short = server.form("/welkom", &short).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        short.text().contains("value=\"Oma 1\"") && !short.text().contains("kort\""),
        "typed text stays, passwords go"
    );
    let taken = "gebruikersnaam=gp&wachtwoord=een+lange+zin&nog-eens=een+lange+zin";
    let taken = server.form("/welkom", &format!("code={code}&geboortedatum={born}&{taken}")).await;
    assert!(taken.text().contains("heeft iemand al"), "{}", taken.text());
    redeemed(&server, &code, &born, "oma").await;
    let again = server.form("/welkom", &format!("code={code}&geboortedatum={born}")).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "a code works once");

    // In: the plan, who looked, consent.
    let oma = Browser::sign_in(&server, "oma", "een lange zin").await;
    assert_eq!(oma.get("/").await.header(axum::http::header::LOCATION), "/mijn");
    assert_eq!(oma.get("/mijn").await.header(axum::http::header::LOCATION), format!("/mijn/{id}"));
    let front = oma.page(&format!("/mijn/{id}")).await;
    for heading in ["Wat is er afgesproken?", "Wie weet dit?", "Wie keek er?", "Wat wilt u veranderen?"] {
        assert!(front.contains(heading), "{heading}");
    }
    assert!(oma.page(&format!("/mijn/{id}/plan")).await.contains("Reanimeren is: proberen het hart"));
    let looked = oma.page(&format!("/mijn/{id}/inzage")).await;
    assert!(
        looked.contains("<strong>Sanne van Huissen</strong>")
            && looked.contains("(huisarts bij Huisartsenpraktijk De Linde)")
    );
    assert!(looked.contains("nodigde iemand uit voor uw eigen pagina."), "{looked}");

    let stranger = server.client("consulter-test").await;
    let search = format!("/Consent?patient=Patient/{id}");
    assert_eq!(stranger.get(&search).await.status, StatusCode::OK, "sharing is agreed");
    let path = format!("/mijn/{id}/toestemming");
    let preview = oma.post(&path, &[("wat", "intrekken")]).await;
    assert!(preview.text().contains("Dit verandert.") && preview.text().contains("Er is nog niets veranderd"));
    assert_eq!(stranger.get(&search).await.status, StatusCode::OK, "a preview changes nothing");
    let saved = oma.post(&path, &[("wat", "intrekken"), ("stap", "bewaar")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    assert_eq!(stranger.get(&search).await.status, StatusCode::FORBIDDEN, "at the very next request");
    assert!(oma.page(&path).await.contains("niet akkoord voor alle betrokken zorgverleners (gezegd door de patiënt"));

    // One organisation may after all; what cannot be understood comes back as it was typed.
    let bad = oma.post(&path, &[("iedereen", "refused"), ("nieuw", "onzin"), ("naasten.donation", "ja")]).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.text().contains("name=\"naasten.donation\" value=\"ja\" checked"));
    assert!(gp.page(&format!("/patienten/{id}/plan")).await.contains("Plan voor zorg"), "the team goes on");
}

#[tokio::test]
async fn each_page_lets_in_whom_it_is_for() {
    let server = server(12).await;
    let (id, born) = theirs(&server);
    let other = server.sheet.patients.iter().map(|p| p.id.clone()).find(|p| *p != id).unwrap();
    let gp = Browser::user(&server, "gp").await;
    let code = invited(&gp, &id, &[("wie", "representative"), ("naam", "Eva de Boer"), ("relatie", "dochter")]).await;
    redeemed(&server, &code, &born, "eva").await;
    let ended = Browser::sign_in(&server, "eva", "een lange zin").await;
    assert_eq!(ended.get(&format!("/mijn/{id}")).await.status, StatusCode::OK);
    let accounts = gp.page(&format!("/patienten/{id}/eigen-toegang")).await;
    let at = accounts.find("Eva de Boer").unwrap();
    let person = hidden(&accounts[at..], "persoon").unwrap();
    let end = [("wat", "beeindig"), ("persoon", person.as_str()), ("reden", "andere vertegenwoordiger")];
    let path = format!("/patienten/{id}/eigen-toegang");
    assert_eq!(gp.post(&path, &end).await.status, StatusCode::SEE_OTHER);
    assert_eq!(gp.post(&path, &end).await.status, StatusCode::UNPROCESSABLE_ENTITY, "ended already");

    let patient = Browser::user(&server, "patient").await;
    let representative = Browser::user(&server, "representative").await;
    let relative = Browser::user(&server, "relative").await;
    let other_practice = Browser::user(&server, "gp-2").await;
    let anonymous = Browser::stranger(&server);
    let everybody = [&patient, &representative, &relative, &gp, &other_practice, &ended, &anonymous];
    // Signed out or never in: to the page to sign in.
    let (ok, no, out) = (StatusCode::OK, StatusCode::FORBIDDEN, StatusCode::SEE_OTHER);
    let care = |team, stranger| [no, no, no, team, stranger, out, out];
    let own = |relative| [ok, ok, relative, no, no, out, out];
    let table = [
        (format!("/mijn/{id}"), own(ok)),
        (format!("/mijn/{id}/plan"), own(ok)),
        (format!("/mijn/{id}/inzage"), own(no)),
        (format!("/mijn/{id}/toestemming"), own(no)),
        (format!("/mijn/{id}/rechten"), own(no)),
        (format!("/mijn/{id}/kopie"), own(no)),
        (format!("/mijn/{id}/kopie.json"), own(no)),
        (format!("/mijn/{id}/kopie.pdf"), own(no)),
        (format!("/mijn/{other}"), [no, no, no, no, no, out, out]),
        (format!("/mijn/{other}/inzage"), [no, no, no, no, no, out, out]),
        (format!("/mijn/{other}/toestemming"), [no, no, no, no, no, out, out]),
        ("/mijn/x".to_owned(), [no, no, no, no, no, out, out]),
        // The professionals' pages are not theirs, though the record is.
        (format!("/patienten/{id}"), care(ok, ok)),
        (format!("/patienten/{id}/plan"), care(ok, ok)),
        (format!("/patienten/{id}/plan.pdf"), care(ok, ok)),
        (format!("/patienten/{id}/plan/versies"), care(ok, ok)),
        (format!("/patienten/{id}/eigen-toegang"), care(ok, no)),
        (format!("/patienten/{id}/verzoeken"), care(ok, no)),
        ("/beheer/bewaartermijnen".to_owned(), care(ok, ok)),
    ];
    let names = ["patient", "representative", "relative", "gp", "out of team", "ended", "anonymous"];
    for (path, expected) in &table {
        for ((browser, expected), name) in everybody.iter().zip(expected).zip(names) {
            assert_eq!(browser.get(path).await.status, *expected, "{name} at {path}");
        }
    }
    for path in [format!("/mijn/{id}/toestemming"), format!("/mijn/{id}/rechten"), format!("/patienten/{id}/verzoeken")]
    {
        for (browser, name) in [(&relative, "relative"), (&other_practice, "out of team")] {
            let answer = browser.post(&path, &[("iedereen", "refused"), ("soort", "erasure")]).await;
            assert_eq!(answer.status, no, "{name} posts to {path}");
        }
        assert_eq!(anonymous.post(&path, &[]).await.status, out);
        let forged = server.form(&path, "csrf=x").await;
        assert_eq!(forged.status, out);
    }
    assert_eq!(server.get("/welkom").await.status, ok);
}

#[tokio::test]
async fn what_is_not_for_relatives_never_leaves_the_server() {
    let server = server(12).await;
    let (id, _) = theirs(&server);
    let patient = Browser::user(&server, "patient").await;
    let relative = Browser::user(&server, "relative").await;
    let plan = format!("/mijn/{id}/plan");
    let before = relative.page(&plan).await;
    assert!(before.contains("Reanimeren is:") && before.contains("Euthanasie is:"));
    let keep = [("iedereen", "agreed"), ("naasten.limits", "ja"), ("naasten.euthanasia", "ja"), ("stap", "bewaar")];
    assert_eq!(patient.post(&format!("/mijn/{id}/toestemming"), &keep).await.status, StatusCode::SEE_OTHER);
    for path in [&plan, &format!("/mijn/{id}")] {
        let html = relative.page(path).await;
        for gone in ["eanim", "Beademing", " IC", "euthanasie", "Euthanasie", "ehandelgren"] {
            assert!(!html.contains(gone), "{gone} at {path}");
        }
        assert!(html.contains("U ziet niet alles"), "{path}");
    }
    assert!(patient.page(&plan).await.contains("Euthanasie is:"));
}

#[tokio::test]
async fn the_rights_of_the_patient_are_asked_weighed_and_answered() {
    let server = server(12).await;
    let (id, _) = theirs(&server);
    let patient = Browser::user(&server, "patient").await;
    let gp = Browser::user(&server, "gp").await;
    let nurse = Browser::user(&server, "practice-nurse").await;
    let (mine, asked) = (format!("/mijn/{id}/rechten"), format!("/patienten/{id}/verzoeken"));
    let empty = patient.post(&mine, &[("soort", "correction"), ("tekst.correction", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(patient.post(&mine, &[("soort", "onzin")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let long = "a".repeat(5_001);
    let long = patient.post(&mine, &[("soort", "statement"), ("tekst.statement", &long)]).await;
    assert!(long.status == StatusCode::UNPROCESSABLE_ENTITY && long.text().contains(&"a".repeat(5_001)));
    for (kind, text) in [
        ("statement", "Ik wil <b>thuis</b> blijven."),
        ("correction", "Mijn dochter heet Mirjam."),
        ("erasure", "Haal alles weg."),
    ] {
        let name = format!("tekst.{kind}");
        let said = patient.post(&mine, &[("soort", kind), (&name, text)]).await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{kind}");
    }
    // The statement stands with the plan, the requests are work.
    let plan = gp.page(&format!("/patienten/{id}/plan")).await;
    assert!(plan.contains("Ik wil &#60;b&#62;thuis&#60;/b&#62; blijven."));
    let work = gp.page("/").await;
    assert!(work.contains("verzoek om vernietiging wacht op antwoord"), "{work}");

    // A nurse answers a correction; a doctor weighs an erasure, and the law knows two grounds only.
    let unfinished = nurse.post(&asked, &[("nummer", "2"), ("antwoord.2", "Het staat er nu goed.")]).await;
    assert_eq!(unfinished.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unfinished.text().contains("Het staat er nu goed."), "typed text stays");
    let answer = [("nummer", "2"), ("besluit.2", "gedaan"), ("antwoord.2", "Het staat er nu goed.")];
    assert_eq!(nurse.post(&asked, &answer).await.status, StatusCode::SEE_OTHER);
    assert_eq!(nurse.post(&asked, &answer).await.status, StatusCode::UNPROCESSABLE_ENTITY, "once");
    let refuse = [("nummer", "3"), ("besluit.3", "law"), ("antwoord.3", "Er loopt nog een klacht.")];
    assert_eq!(nurse.post(&asked, &refuse).await.status, StatusCode::FORBIDDEN);
    let no_ground = [("nummer", "3"), ("besluit.3", "afgewezen"), ("antwoord.3", "Nee.")];
    assert_eq!(gp.post(&asked, &no_ground).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(gp.post(&asked, &refuse).await.status, StatusCode::SEE_OTHER);
    let read = patient.page(&mine).await;
    assert!(read.contains("Het staat er nu goed.") && read.contains("Reden in de wet: een wet verbiedt het"));
    assert_eq!(patient.post(&mine, &[("terug", "3")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(patient.post(&mine, &[("terug", "1")]).await.status, StatusCode::SEE_OTHER);
    assert!(!gp.page(&format!("/patienten/{id}/plan")).await.contains("thuis&#60;"));

    // A complete copy: the record, and who did what.
    let copy = patient.get(&format!("/mijn/{id}/kopie.json")).await.json();
    assert_eq!(copy["id"], id.as_str());
    assert!(copy["plan_versions"].as_array().is_some_and(|v| !v.is_empty()));
    assert_eq!(copy["own_words"].as_array().map(Vec::len), Some(3));
    let rows = copy["log"].as_array().unwrap();
    assert!(rows.iter().any(|r| r["action"] == "answer-request") && rows.iter().any(|r| r["action"] == "own-words"));
    assert!(patient.page(&format!("/mijn/{id}/kopie")).await.contains("Er loopt nog een klacht."));
}

#[tokio::test]
async fn an_erasure_that_is_granted_leaves_nothing_to_read() {
    let server = server(12).await;
    let (id, _) = theirs(&server);
    let patient = Browser::user(&server, "patient").await;
    let gp = Browser::user(&server, "gp").await;
    let erase = [("soort", "erasure"), ("tekst.erasure", "Haal alles weg.")];
    assert_eq!(patient.post(&format!("/mijn/{id}/rechten"), &erase).await.status, StatusCode::SEE_OTHER);
    let asked = format!("/patienten/{id}/verzoeken");
    let hasty = gp.post(&asked, &[("nummer", "1"), ("besluit.1", "gedaan")]).await;
    assert_eq!(hasty.status, StatusCode::UNPROCESSABLE_ENTITY, "said once more that it is meant");
    let meant = [("nummer", "1"), ("besluit.1", "gedaan"), ("zeker.1", "vernietig")];
    assert_eq!(gp.post(&asked, &meant).await.status, StatusCode::SEE_OTHER);
    assert_eq!(gp.get(&format!("/patienten/{id}")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        patient.get(&format!("/mijn/{id}")).await.status,
        StatusCode::SEE_OTHER,
        "signed out, and nobody any more"
    );
}

#[tokio::test]
async fn a_letter_is_made_with_care() {
    let server = server(12).await;
    let (id, born) = theirs(&server);
    let gp = Browser::user(&server, "gp").await;
    let path = format!("/patienten/{id}/eigen-toegang");
    for (fields, says) in [
        (vec![("naam", "Eva")], "Kies wie u uitnodigt."),
        (vec![("wie", "relative"), ("relatie", "buurvrouw")], "Vul de naam in"),
        (vec![("wie", "relative"), ("naam", "Eva B"), ("tot", "01-01-2001")], "Deze dag is al voorbij"),
        (vec![("wie", "relative"), ("naam", "Eva B"), ("tot", "morgen")], "Dit is geen datum"),
    ] {
        let answer = gp.post(&path, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains(says), "{says}");
    }
    let letter =
        gp.post(&path, &[("wat", "nodig-uit"), ("wie", "relative"), ("naam", "Eva B"), ("tot", "01-01-2090")]).await;
    let html = letter.text();
    let bsn = &server.sheet.patients.iter().find(|p| p.id == id).unwrap().bsn;
    assert!(
        !html.contains(bsn.as_str()) && !html.contains(&id)
            || html.matches(&id).count() == html.matches(&format!("/patienten/{id}")).count()
    );
    let code = code_of(&html);
    assert_eq!(letter.header(axum::http::header::CACHE_CONTROL), "no-store");
    // Withdrawn, it opens nothing.
    let number = hidden(&gp.page(&path).await, "nummer").unwrap();
    assert_eq!(gp.post(&path, &[("wat", "trek-in"), ("nummer", &number)]).await.status, StatusCode::SEE_OTHER);
    let late = server.form("/welkom", &format!("code={}&geboortedatum={}", encoded(&code), encoded(&born))).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
}
