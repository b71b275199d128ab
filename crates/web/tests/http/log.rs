//! The log: who may look, what one finds, and that looking is found too (NEN 7513).

use crate::browser::{Browser, encoded};
use crate::harness::{Server, server};
use crate::sound::sound;
use axum::http::{StatusCode, header};

/// A patient for whom the general practitioner of De Linde is in the care team.
async fn patient(server: &Server, gp: &Browser<'_>) -> String {
    for patient in &server.sheet.patients {
        if gp.get(&format!("/patienten/{}/plan/bewerken", patient.id)).await.status == StatusCode::OK {
            gp.get(&format!("/patienten/{}/plan", patient.id)).await;
            return patient.id.clone();
        }
    }
    panic!("no patient of this practice")
}

#[tokio::test]
async fn the_privacy_officer_finds_who_looked_and_who_was_refused() {
    let server = server(12).await;
    let gp = Browser::of(&server, "gp").await;
    let id = patient(&server, &gp).await;
    let bsn = &server.sheet.patients.iter().find(|p| p.id == id).unwrap().bsn;
    // Somebody without a role for it is refused at this patient.
    let coordinator = Browser::of(&server, "network-coordinator").await;
    assert_eq!(coordinator.get(&format!("/patienten/{id}/plan")).await.status, StatusCode::FORBIDDEN);

    let officer = Browser::of(&server, "privacy-officer").await;
    let find = "/beheer/inzage";
    sound(find, &officer.get(find).await.text());
    for (field, value, message) in [
        ("bsn", "123", "negen cijfers"),
        ("achternaam", "Jansen", "achternaam met geboortedatum"),
        ("bsn", "999911120", "geen patiënt"),
    ] {
        let answer = officer.submit(find, find, &[(field, value)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains(message) && answer.text().contains(&format!("value=\"{value}\"")), "{message}");
    }
    let found = officer.submit(find, find, &[("bsn", bsn)]).await;
    let path = format!("/patienten/{id}/inzage");
    assert_eq!(found.location(), path);
    let page = officer.get(&path).await;
    let text = page.text();
    assert_eq!(page.status, StatusCode::OK);
    sound(&path, &text);
    for told in
        ["Sanne van Huissen", "huisarts, Huisartsenpraktijk De Linde", "plan lezen", "grond: hoort bij het zorgteam"]
    {
        assert!(text.contains(told), "{told}: {text}");
    }
    let refusal = text.split("<li>").find(|l| l.contains("class=\"refused\"")).unwrap();
    assert!(
        refusal.contains("plan lezen") && refusal.contains("Hanneke Regt") && refusal.contains("geweigerd"),
        "{refusal}"
    );
    assert!(!text.contains(&format!("/patienten/{id}/plan\"")), "no way to the plan");
    assert_eq!(officer.get(&format!("/patienten/{id}/plan")).await.status, StatusCode::FORBIDDEN);
    // In the patient's words.
    let plain_path = format!("{path}/gewone-taal");
    let plain = officer.get(&plain_path).await.text();
    sound(&plain_path, &plain);
    for told in [
        "Sanne van Huissen</strong>",
        "(huisarts bij Huisartsenpraktijk De Linde)",
        "las uw plan",
        "hoort bij uw zorgteam",
        "wilde uw plan lezen. Dat mocht niet.",
    ] {
        assert!(plain.contains(told), "{told}: {plain}");
    }
    // Looking is found by who looks next.
    let again = officer.get(&format!("{path}?wat=logboek")).await.text();
    assert!(again.contains("Otto Privé") && again.contains("logboek bekijken") && !again.contains("plan lezen"));
}

#[tokio::test]
async fn filters_find_what_they_should_and_files_hold_it() {
    let server = server(12).await;
    let gp = Browser::of(&server, "gp").await;
    let id = patient(&server, &gp).await;
    let officer = Browser::of(&server, "privacy-officer").await;
    let path = format!("/patienten/{id}/inzage");
    let rows = async |query: &str| {
        let answer = officer.get(&format!("{path}?{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}");
        answer.text().matches("class=\"when number\"").count()
    };
    let all = rows("").await;
    assert!(all > 3);
    assert_eq!(rows("van=01-01-2001&tot=31-12-2001").await, 0);
    assert!(rows("wat=vastleggen").await < all);
    assert_eq!(rows("uitkomst=geweigerd").await, 0);
    let gp_id = {
        let text = officer.get(&path).await.text();
        let option = text.split("<option").find(|o| o.contains(">Sanne van Huissen<")).unwrap();
        option.split('"').nth(1).unwrap().to_owned()
    };
    let own = officer.get(&format!("{path}?wie={}", encoded(&gp_id))).await.text();
    assert!(own.contains("Sanne van Huissen") && !own.contains(", Otto Privé"));
    let wrong = officer.get(&format!("{path}?van=gisteren")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("geen datum") && wrong.text().contains("value=\"gisteren\""));
    sound(&path, &wrong.text());

    let csv = officer.get(&format!("{path}/logboek.csv?wat=inzien")).await;
    assert_eq!(csv.header(header::CONTENT_TYPE), "text/csv; charset=utf-8");
    assert!(csv.header(header::CONTENT_DISPOSITION).contains("filename=\"logboek.csv\""));
    let text = csv.text();
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    assert!(lines.next().unwrap().starts_with("tijdstip;wie;kenmerk;rol;organisatie;namens;handeling"));
    assert!(lines.clone().count() > 0 && lines.all(|l| l.contains(";gedaan;")), "{text}");
    let json = officer.get(&format!("{path}/logboek.json")).await;
    let bundle = json.json();
    let problems = fhir::format::check(&bundle);
    assert!(problems.is_empty(), "{problems:?}");
    let events = bundle["entry"].as_array().unwrap();
    assert!(events.len() >= all);
    let read = events.iter().map(|e| &e["resource"]).find(|e| e["agent"][0]["name"] == "Sanne van Huissen").unwrap();
    assert_eq!(read["entity"][0]["what"]["reference"], format!("Patient/{id}"));
    assert_eq!(officer.get(&format!("{path}/logboek.csv?van=x")).await.status, StatusCode::BAD_REQUEST);
    // Both copies stand in the log.
    let copies = officer.get(&format!("{path}?wat=logboek")).await.text();
    assert!(copies.contains("als CSV") && copies.contains("als FHIR AuditEvent"), "{copies}");
}

#[tokio::test]
async fn why_somebody_could_see_it_is_told_for_anybody_and_any_moment() {
    let server = server(12).await;
    let gp = Browser::of(&server, "gp").await;
    let id = patient(&server, &gp).await;
    let officer = Browser::of(&server, "privacy-officer").await;
    let log = format!("/patienten/{id}/inzage");
    let text = officer.get(&log).await.text();
    // From a row of the log: who, and when.
    let row = text.split("<li>").find(|l| l.contains(", Sanne van Huissen")).unwrap();
    let href =
        row.split("href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
    assert!(href.starts_with(&format!("{log}/waarom?wie=person")), "{href}");
    let answer = officer.get(&href).await;
    sound(&href, &answer.text());
    for told in [
        "kon Sanne van Huissen, als huisarts bij Huisartsenpraktijk De Linde, dit zien: het hele plan (hoort bij het zorgteam).",
        "In het zorgteam: ja.",
    ] {
        assert!(answer.text().contains(told), "{told}: {}", answer.text());
    }
    // Before that there was nothing.
    let who = href.split("wie=").nth(1).unwrap().split('&').next().unwrap();
    let earlier = officer.get(&format!("{log}/waarom?wie={who}&dag=01-01-2001")).await.text();
    assert!(
        earlier.contains("geen rol in Tijdig, en zag niets") || earlier.contains("In het zorgteam: nee."),
        "{earlier}"
    );
    // Somebody of the own organisation who is not in the log can be asked about too; what is typed wrong comes back.
    let asked = officer.get(&format!("{log}/waarom")).await.text();
    assert!(asked.contains(">Otto Privé</option>"), "{asked}");
    for (query, wrong) in [
        ("wie=person%3Ax", "Kies over wie u dit vraagt."),
        (&*format!("wie={who}&dag=01-01-2999"), "nog niet geweest"),
        (&*format!("wie={who}&tijd=straks"), "Schrijf een tijd als 14:03"),
    ] {
        let answer = officer.get(&format!("{log}/waarom?{query}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert!(answer.text().contains(wrong), "{query}: {}", answer.text());
    }
    // Who leads finds the way there from the patient and from the consent; who does not lead finds none.
    let nurse = Browser::of(&server, "practice-nurse").await;
    let lead = if gp.get(&log).await.status == StatusCode::OK { &gp } else { panic!("the doctor leads") };
    for (browser, finds) in [(lead, true), (&nurse, false)] {
        let page = browser.get(&format!("/patienten/{id}")).await.text();
        assert_eq!(page.contains(&format!("href=\"{log}\"")), finds);
        let consent = browser.get(&format!("/patienten/{id}/toestemming")).await.text();
        assert_eq!(consent.contains(&format!("href=\"{log}/waarom\"")), finds);
    }
}

#[tokio::test]
async fn others_do_not_read_a_log() {
    let server = server(12).await;
    let gp = Browser::of(&server, "gp").await;
    let id = patient(&server, &gp).await;
    let paths = ["", "/gewone-taal", "/logboek.csv", "/logboek.json"].map(|p| format!("/patienten/{id}/inzage{p}"));
    // A member of the team who does not lead is refused, and so is whoever has nothing to do with it.
    for user in ["practice-nurse", "carer", "practice-manager", "network-coordinator", "patient", "privacy-officer-2"] {
        let browser = Browser::of(&server, user).await;
        for path in &paths {
            assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN, "{user} {path}");
        }
        let oversees = user.starts_with("privacy-officer");
        for path in ["/beheer/logboek", "/beheer/logboek/logboek.csv", "/beheer/inzage"] {
            let expected = if oversees { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(browser.get(path).await.status, expected, "{user} {path}");
        }
        if !oversees {
            let posted = browser.submit("/rol", "/beheer/inzage", &[("bsn", "999911120")]).await;
            assert_eq!(posted.status, StatusCode::FORBIDDEN, "{user}");
        }
    }
    let officer = Browser::of(&server, "privacy-officer").await;
    for path in ["/patienten/x/inzage", "/patienten/00000000000000000000000000/inzage"] {
        assert_eq!(officer.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let stranger = Browser::new(&server);
    assert!(stranger.get("/beheer/logboek").await.location().starts_with("/inloggen"));
    assert!(stranger.get(&paths[0]).await.location().starts_with("/inloggen"));
}

#[tokio::test]
async fn the_log_of_an_organisation_is_its_own_and_a_region_sees_its_members() {
    let server = server(1).await;
    let nurse = Browser::of(&server, "district-nurse").await;
    assert_eq!(nurse.get("/beheer").await.status, StatusCode::FORBIDDEN);
    let stranger = Browser::new(&server);
    assert_eq!(stranger.sign_in("gp", "verkeerd wachtwoord").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let officer = Browser::of(&server, "privacy-officer").await;
    let own = officer.get("/beheer/logboek").await;
    let text = own.text();
    sound("/beheer/logboek", &text);
    assert!(text.contains("Otto Privé") && text.contains("inloggen") && !text.contains("Saskia de Wit"), "{text}");
    let region = Browser::of(&server, "privacy-officer-2").await;
    let all = region.get("/beheer/logboek").await.text();
    for told in ["Otto Privé", "Saskia de Wit", "beheer openen", "logboek bekijken"] {
        assert!(all.contains(told), "{told}: {all}");
    }
    let refused = region.get("/beheer/logboek?uitkomst=geweigerd&wat=inloggen").await.text();
    assert!(refused.contains("geweigerd</span>, onbekend"), "a failed sign-in is nobody's: {refused}");
    let csv = region.get("/beheer/logboek/logboek.csv?wat=instellingen").await.text();
    assert!(csv.contains("beheer openen") && !csv.contains("inloggen"), "{csv}");
    assert!(region.get("/beheer/logboek").await.text().contains("als CSV"));
}
