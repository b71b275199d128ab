//! Administration: who may, who may not, and what is typed wrongly.

use crate::browser::Browser;
use crate::harness::{Answer, Server, server};
use crate::sound::sound;
use axum::http::StatusCode;

/// The path of the n-th organisation on the page of administration, the own one first.
pub async fn organisation(browser: &Browser<'_>, n: usize) -> String {
    let page = browser.get("/beheer").await.text();
    let own = page.split("/mensen\"").nth(n).unwrap();
    let id = own.rsplit('/').next().unwrap();
    assert_eq!(id.len(), 26, "{own}");
    format!("/beheer/organisaties/{id}")
}

/// The path of somebody in a list of people.
async fn person(browser: &Browser<'_>, organisation: &str, name: &str) -> String {
    let page = browser.get(&format!("{organisation}/mensen")).await.text();
    // The header names whoever is signed in, too.
    let page = page.split("<main").nth(1).unwrap();
    let before = page.split(&format!("\">{name}<")).next().unwrap();
    assert!(before.len() < page.len(), "{name} is not on {organisation}");
    format!("{organisation}/mensen/{}", before.rsplit('/').next().unwrap())
}

fn told(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    answer.location()
}

const NEW: [(&str, &str); 6] = [
    ("gebruikersnaam", "mia.bakker"),
    ("voornaam", "Mia"),
    ("tussenvoegsel", "de"),
    ("achternaam", "Bakker"),
    ("agb", "01234567"),
    ("rol", "practice-nurse"),
];

#[tokio::test]
async fn only_who_manages_an_organisation_gets_in() {
    let server = server(1).await;
    let manager = Browser::of(&server, "practice-manager").await;
    let own = organisation(&manager, 0).await;
    let someone = person(&manager, &own, "Marja Koster").await;
    let pages = [
        own.clone() + "/beleid",
        own.clone() + "/koppelingen",
        own.clone() + "/mensen",
        own.clone() + "/mensen/nieuw",
        someone.clone(),
    ];
    for path in &pages {
        let answer = manager.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.text().contains("class=\"back\""), "{path}: a way back");
        sound(path, &answer.text());
    }
    // The administrator of the region reaches its organisations, and may add to them.
    let region = Browser::of(&server, "organisation-admin").await;
    for path in &pages {
        assert_eq!(region.get(path).await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(region.get("/beheer/organisaties/nieuw").await.status, StatusCode::OK);
    assert_eq!(manager.get("/beheer/organisaties/nieuw").await.status, StatusCode::FORBIDDEN);
    let network = organisation(&region, 0).await;
    assert_eq!(manager.get(&(network + "/beleid")).await.status, StatusCode::FORBIDDEN, "not the other way round");
    // Everybody else, a privacy officer among them, is refused the same way as for what does not exist.
    let posts = ["/beleid", "/mensen/nieuw"].map(|p| own.clone() + p);
    let acts = ["", "/rol", "/rol-einde", "/vertrek"].map(|p| someone.clone() + p);
    let nowhere = "/beheer/organisaties/00000000000000000000000000/mensen";
    for user in ["gp", "district-nurse", "network-coordinator", "patient", "privacy-officer", "out-of-hours"] {
        let browser = Browser::of(&server, user).await;
        let refused = browser.get(nowhere).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        for path in &pages {
            let answer = browser.get(path).await;
            assert_eq!((answer.status, answer.text()), (StatusCode::FORBIDDEN, refused.text()), "{user} {path}");
        }
        for path in posts.iter().chain(&acts) {
            let status = browser.submit("/account", path, &NEW).await.status;
            assert_eq!(status, StatusCode::FORBIDDEN, "{user} {path}");
        }
        let menu = browser.get("/").await.text().contains("href=\"/beheer\"");
        assert_eq!(menu, user == "privacy-officer", "{user}");
    }
    // Nobody, and a form without the session's token.
    let stranger = Browser::new(&server);
    assert!(stranger.get("/beheer").await.location().starts_with("/inloggen"));
    assert_eq!(manager.post(&posts[1], &NEW).await.status, StatusCode::FORBIDDEN);
    assert_eq!(manager.get(nowhere).await.status, StatusCode::FORBIDDEN);
    assert_eq!(manager.get("/beheer/organisaties/x/mensen").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn somebody_comes_to_work_and_leaves() {
    let server = server(1).await;
    let manager = Browser::of(&server, "practice-manager").await;
    let own = organisation(&manager, 0).await;
    let new = own.clone() + "/mensen/nieuw";
    let added = manager.submit(&new, &new, &NEW).await;
    let mia = told(&added).split('?').next().unwrap().to_owned();
    let page = manager.get(&mia).await.text();
    assert!(page.contains("<h1>Mia de Bakker</h1>") && page.contains("praktijkondersteuner, sinds"), "{page}");
    // Her name changes; a number that cannot be is refused, and what was typed stays.
    let wrong =
        [("gebruikersnaam", "Mia B"), ("achternaam", "Bakker-<b>Smit</b>"), ("agb", "12"), ("mag-inloggen", "ja")];
    let refused = manager.submit(&mia, &mia, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = refused.text();
    sound(&mia, &text);
    assert!(text.contains("value=\"Mia B\"") && text.contains("value=\"12\"") && text.contains("acht cijfers"));
    assert!(!text.contains("<b>Smit"), "what was typed is no markup");
    let right = [("gebruikersnaam", "mia"), ("voornaam", "Mia"), ("achternaam", "Smit"), ("mag-inloggen", "ja")];
    told(&manager.submit(&mia, &mia, &right).await);
    assert!(manager.get(&mia).await.text().contains("<h1>Mia Smit</h1>"));
    // A second role, which nobody gets twice; and a period that cannot be.
    let role = mia.clone() + "/rol";
    told(&manager.submit(&mia, &role, &[("rol", "nurse-specialist"), ("tot-en-met", "31-12-2099")]).await);
    for (fields, told) in [
        ([("rol", "nurse-specialist"), ("tot-en-met", "")], "al in die tijd"),
        ([("rol", "carer"), ("tot-en-met", "01-01-2001")], "niet in het verleden"),
        ([("rol", "carer"), ("tot-en-met", "morgen")], "geen datum"),
        ([("rol", "patient"), ("tot-en-met", "")], "Kies een rol"),
    ] {
        let answer = manager.submit(&mia, &role, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains(told), "{told}: {}", answer.text());
    }
    // Leaving asks whether one is sure, and stays on record.
    let leave = mia.clone() + "/vertrek";
    let unsure = manager.submit(&mia, &leave, &[]).await;
    assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        told(&manager.submit(&mia, &leave, &[("zeker", "ja")]).await),
        format!("{own}/mensen?gedaan=vertrokken")
    );
    let list = manager.get(&(own.clone() + "/mensen")).await.text();
    let (now, then) = list.split_once("Werkt hier niet meer").unwrap();
    assert!(!now.contains("Mia Smit") && then.contains("Mia Smit") && then.contains("praktijkondersteuner, van"));
    assert_eq!(manager.submit(&mia, &leave, &[("zeker", "ja")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn who_leaves_is_out_at_once_and_their_draft_stays_with_the_organisation() {
    let server = server(12).await;
    let gp = Browser::of(&server, "gp").await;
    let colleague = Browser::of(&server, "practice-nurse").await;
    let mut plan = String::new();
    for patient in &server.sheet.patients {
        let path = format!("/patienten/{}/plan", patient.id);
        // Who may write there: of the care team, not by consent.
        if gp.get(&(path.clone() + "/bewerken")).await.status == StatusCode::OK {
            plan = path;
        }
    }
    let edit = plan.clone() + "/bewerken";
    let page = gp.get(&edit).await.text();
    let before = page.split("name=\"1190\"").next().unwrap();
    let part = format!("rev.{}", before.rsplit("name=\"rev.").next().unwrap().split('"').next().unwrap());
    let words = "Wil graag in de tuin zitten als het kan";
    told(&gp.submit(&edit, &edit, &[("1190", words), (part.as_str(), "0"), ("wat", "concept")]).await);

    let manager = Browser::of(&server, "practice-manager").await;
    let own = organisation(&manager, 0).await;
    let them = person(&manager, &own, "Sanne van Huissen").await;
    told(&manager.submit(&them, &(them.clone() + "/vertrek"), &[("zeker", "ja")]).await);
    for path in [plan.as_str(), edit.as_str(), "/"] {
        assert!(gp.get(path).await.location().starts_with("/inloggen"), "{path}");
    }
    let again = gp.sign_in("gp", &server.password("gp")).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "no role, no way in");
    // The draft is the organisation's, and bears who wrote it.
    let draft = colleague.get(&edit).await.text();
    assert!(draft.contains(words) && draft.contains("door Sanne van Huissen"), "{draft}");
}

#[tokio::test]
async fn nobody_makes_themselves_a_doctor() {
    let server = server(1).await;
    let manager = Browser::of(&server, "practice-manager").await;
    let own = organisation(&manager, 0).await;
    let me = person(&manager, &own, "Peter Lammers").await;
    for (act, fields) in [
        ("/rol", vec![("rol", "gp")]),
        ("/rol-einde", vec![("rol", "practice-manager")]),
        ("/vertrek", vec![("zeker", "ja")]),
    ] {
        let answer = manager.submit(&me, &format!("{me}{act}"), &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{act}");
        assert!(answer.text().contains("eigen rollen"), "{act}");
    }
    let locked = [("gebruikersnaam", "practice-manager"), ("voornaam", "Peter"), ("achternaam", "Lammers")];
    assert_eq!(manager.submit(&me, &me, &locked).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // By way of 'somebody new' with one's own user name neither.
    let new = own.clone() + "/mensen/nieuw";
    let myself = [("gebruikersnaam", "practice-manager"), ("achternaam", "Lammers"), ("rol", "gp")];
    assert_eq!(manager.submit(&new, &new, &myself).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Nor does a user name alone bring somebody of elsewhere here; with the surname it does.
    let stolen = [("gebruikersnaam", "district-nurse"), ("achternaam", "Anders"), ("rol", "carer")];
    let refused = manager.submit(&new, &new, &stolen).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("andere achternaam"));
    let shared = [("gebruikersnaam", "district-nurse"), ("achternaam", "Wit"), ("rol", "carer")];
    let known = manager.submit(&new, &new, &shared).await;
    assert!(manager.get(told(&known)).await.text().contains("<h1>Saskia de Wit</h1>"));
}

async fn tried(server: &Server) -> (Browser<'_>, String) {
    let browser = Browser::of(server, "organisation-admin").await;
    let new = "/beheer/organisaties/nieuw";
    let wrong = [("naam", ""), ("soort", "kasteel"), ("agb", "1"), ("ura", "123456789")];
    let refused = browser.submit(new, new, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    sound(new, &refused.text());
    for message in ["naam van de organisatie", "wat voor organisatie", "acht cijfers", "hoogstens acht"] {
        assert!(refused.text().contains(message), "{message}");
    }
    let right = [("naam", "Hospice \"De Hof\""), ("soort", "hospice"), ("agb", "73731234"), ("ura", "1234")];
    let added = browser.submit(new, new, &right).await;
    let path = told(&added).split('?').next().unwrap().to_owned();
    let double = browser.submit(new, new, &right).await;
    assert!(double.text().contains("al een organisatie met deze AGB-code"));
    (browser, path)
}

#[tokio::test]
async fn a_region_adds_an_organisation_and_each_decides_its_policy() {
    let server = server(1).await;
    let (browser, path) = tried(&server).await;
    let page = browser.get(&path).await.text();
    assert!(page.contains("00001234") && page.contains("Hospice &#34;De Hof&#34;"), "{page}");
    assert_eq!(page.matches("name=\"noodknop\"").count(), page.matches("\" checked><span>").count() - 2);
    let fields = [
        ("naam", "De Hof"),
        ("grenzen", "ja"),
        ("evaluatie", "3"),
        ("evaluatie-dementia", "2"),
        ("factor", "nee"),
        ("noodknop", "gp"),
    ];
    told(&browser.submit(&path, &path, &fields).await);
    let page = browser.get(&path).await.text();
    assert!(page.contains("name=\"evaluatie\" type=\"text\" value=\"3\""));
    assert!(page.contains("name=\"evaluatie-dementia\" type=\"text\" value=\"2\""));
    assert!(page.contains("name=\"evaluatie-palliative\" type=\"text\" value=\"\""));
    assert!(page.contains("value=\"gp\" checked") && !page.contains("value=\"carer\" checked"));
    for (field, value, message) in [
        ("evaluatie", "13", "van 1 tot en met 12"),
        ("evaluatie", "vaak", "van 1 tot"),
        ("evaluatie-dementia", "0", "van 1 tot"),
        ("factor", "misschien", "ja of nee"),
    ] {
        let mut typed = fields.to_vec();
        typed.retain(|f| f.0 != field);
        typed.push((field, value));
        let answer = browser.submit(&path, &path, &typed).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains(message), "{message}");
    }
}

#[tokio::test]
async fn an_organisation_chooses_its_instruments_and_the_signal_follows() {
    let server = server(60).await;
    let admin = Browser::of(&server, "organisation-admin").await;
    let overview = admin.get("/beheer").await.text();
    let gp = Browser::of(&server, "gp").await;
    let id = crate::work::shared(&server).await;
    let signal = format!("/patienten/{id}/signalen");
    let before = gp.get(&signal).await.text();
    assert!(before.contains("na twaalf maanden nog leeft") && before.contains("Groningen"), "all at first");
    // The practice of the GP, by the name on their own pages.
    let practice = &server.sheet.users.iter().find(|u| u.username == "gp").unwrap().organisation;
    let link = overview
        .split("href=\"")
        .find(|l| {
            l.contains("/instrumenten") && l.split("unseen").nth(1).is_some_and(|t| t.contains(practice.as_str()))
        })
        .unwrap_or_else(|| panic!("{practice}: {overview}"));
    let path = link.split('"').next().unwrap().to_owned();
    for (fields, said) in [
        (vec![("spict", "ja")], "Kies hoe de Surprise Question wordt gevraagd."),
        (vec![("surprise", "single")], "Kies ja of nee."),
        (
            vec![("surprise", "single"), ("spict", "nee"), ("schaal", "gfi"), ("grens-gfi", "99"), ("bron-gfi", "wij")],
            "een heel getal in van 0 tot 15",
        ),
        (vec![("surprise", "not"), ("spict", "nee"), ("naam-own-1", "Eigen lijst")], "Vul de laagste score in"),
    ] {
        let answer = admin.submit(&path, &path, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        let text = answer.text();
        assert!(text.contains(said), "{said}: {text}");
        for (name, typed) in fields.iter().filter(|(n, _)| n.contains('-')) {
            assert!(text.contains(&format!("value=\"{typed}\"")), "{name} keeps what was typed");
        }
    }
    let fields =
        [("surprise", "single"), ("spict", "nee"), ("schaal", "gfi"), ("grens-gfi", "4"), ("bron-gfi", "eigen beleid")];
    assert_eq!(admin.submit(&path, &path, &fields).await.location(), format!("{path}?gedaan=bewaard"));
    let page = gp.get(&signal).await.text();
    assert!(page.contains("kwetsbaar vanaf 4") && page.contains("binnen twaalf maanden overlijdt"), "{page}");
    assert!(!page.contains("nog leeft") && !page.contains("SPICT") && !page.contains("PRISMA"), "{page}");
    let scored = [("doe", "signaal"), ("reden", "frail"), ("schaal", "gfi"), ("score", "4")];
    assert_eq!(gp.submit(&signal, &signal, &scored).await.status, StatusCode::SEE_OTHER);
    assert!(gp.get(&signal).await.text().contains("4 van 15, kwetsbaar (grens: 4 of hoger; eigen beleid)"));
}
