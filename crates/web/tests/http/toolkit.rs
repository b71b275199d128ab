//! The toolkit: found by filter, given to a patient, an organisation's own; who may, and what was typed wrong.

use crate::browser::Browser;
use crate::documents::send;
use crate::harness::server;
use crate::meetings::called;
use crate::sound::sound;
use crate::work::shared;
use axum::http::{StatusCode, header};
use domain::date::local_day;
use domain::words;

#[tokio::test]
async fn material_is_found_by_filter_and_what_answers_no_more_says_so() {
    let server = server(1).await;
    let nurse = Browser::of(&server, "district-nurse").await;
    let page = nurse.get("/toolkit").await.text();
    sound("/toolkit", &page);
    assert!(page.contains("Informatiekaarten over palliatieve zorg") && page.contains("Gesprekskaart"));
    let turkish = nurse.get("/toolkit?taal=tr").await.text();
    assert!(turkish.contains("Pharos") && !turkish.contains("Notitieboekje") && turkish.contains(">1 stuk.<"));
    assert!(turkish.contains("value=\"tr\" selected"), "the filter stands in the address");
    let rotterdam = nurse.get("/toolkit?voor=patient&regio=Rotterdam").await.text();
    assert!(rotterdam.contains("Centrum voor Levensvragen Rotterdam") && !rotterdam.contains("Wilsverklaring"));
    let nonsense = nurse.get("/toolkit?voor=%3Cscript%3E&regio=%3Cb%3Ex").await.text();
    assert!(nonsense.contains("Hier is nog niets voor") || nonsense.contains("stukken"));
    assert!(!nonsense.contains("<b>x"));
    assert_eq!(nurse.get("/toolkit/onzin").await.status, StatusCode::NOT_FOUND);
    assert_eq!(nurse.get("/toolkit/notitieboekje/bestand").await.status, StatusCode::NOT_FOUND, "a link is no file");
    // What the job found.
    let now = web::Clock::default().real();
    let asked = store::toolkit::Asked {
        address: "https://www.thuisarts.nl/levenseinde".into(),
        failed: Some("de pagina is er niet meer".into()),
    };
    server.store.note_links(&[asked], now).await.unwrap();
    let told = format!("Werkt niet sinds {}: de pagina is er niet meer.", words::day(local_day(now)));
    assert!(nurse.get("/toolkit").await.text().contains(&told));
    assert!(nurse.get("/toolkit/thuisarts-levenseinde").await.text().contains(&told));
    // Coordinators find what is theirs, and give nobody anything.
    let coordinator = Browser::of(&server, "network-coordinator").await;
    assert!(coordinator.get("/toolkit?voor=coordinator").await.text().contains("Maak zelf een implementatieplan"));
    assert!(!coordinator.get("/toolkit/notitieboekje").await.text().contains("Geef dit aan een patiënt"));
}

#[tokio::test]
async fn material_is_given_and_stands_where_a_conversation_is_prepared_and_on_the_own_page() {
    let server = server(60).await;
    let id = shared(&server).await;
    let (nurse, carer) = (Browser::of(&server, "district-nurse").await, Browser::of(&server, "carer").await);
    let piece = "/toolkit/pharos-kaarten";
    let family = server.sheet.patients.iter().find(|p| p.id == id).unwrap().name.clone();
    let family = family.split(' ').next_back().unwrap().to_owned();
    let found = nurse.submit(piece, piece, &[("achternaam", &family)]).await.text();
    let give = format!("/patienten/{id}/materiaal");
    assert!(found.contains(&format!("{give}?stuk=pharos-kaarten")), "{found}");
    let empty = nurse.submit(piece, piece, &[("achternaam", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = nurse.get(&format!("{give}?stuk=pharos-kaarten")).await.text();
    sound(&give, &page);
    assert!(page.contains("value=\"pharos-kaarten\" selected"));
    assert!(!page.contains("SPICT"), "what is for professionals is not to be given");
    for (fields, wrong) in [
        (vec![("stuk", "spict"), ("woorden", "moe <b>")], "Kies welk materiaal u gaf."),
        (vec![("stuk", "pharos-kaarten"), ("hoe", "told"), ("taal", "tr")], "Kies aan wie u het gaf."),
        (vec![("stuk", "pharos-kaarten"), ("aan", "both"), ("taal", "tr")], "Kies hoe u het gaf."),
        (vec![("stuk", "pharos-kaarten"), ("aan", "both"), ("hoe", "told"), ("taal", "nl")], "Kies in welke taal"),
    ] {
        let answer = nurse.submit(&give, &give, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(answer.text().contains(wrong) && !answer.text().contains("moe <b>"), "{wrong}");
    }
    let fields = [
        ("stuk", "pharos-kaarten"),
        ("aan", "both"),
        ("hoe", "explained"),
        ("taal", "tr"),
        ("woorden", "leest <b>mee"),
    ];
    let given = nurse.submit(&give, &give, &fields).await;
    assert_eq!(given.location(), format!("/patienten/{id}/gesprekken?gedaan=materiaal"), "{}", given.text());
    let talks = nurse.get(&format!("/patienten/{id}/gesprekken")).await.text();
    let said = "Informatiekaarten over palliatieve zorg (Pharos), in het Turks: meegegeven aan de patiënt en een naaste en uitgelegd";
    assert!(talks.contains("Materiaal dat is gegeven") && talks.contains(said), "{talks}");
    assert!(nurse.get(&format!("/patienten/{id}")).await.text().contains("leest &#60;b&#62;mee"), "and on the line");
    // A carer gives a brochure too (S4); one piece has one language.
    let brochure = [("stuk", "notitieboekje"), ("aan", "patient"), ("hoe", "handed")];
    assert_eq!(carer.submit(&give, &give, &brochure).await.status, StatusCode::SEE_OTHER);
    for username in ["out-of-hours", "network-coordinator", "privacy-officer"] {
        let other = Browser::of(&server, username).await;
        assert_eq!(other.get(&give).await.status, StatusCode::FORBIDDEN, "{username}");
    }
}

#[tokio::test]
async fn the_patient_finds_what_they_were_given_and_a_relative_does_not() {
    let server = server(60).await;
    let own = server.sheet.users.iter().find(|u| u.username == "patient").unwrap().patient.clone().unwrap();
    let (patient, relative) = (Browser::of(&server, "patient").await, Browser::of(&server, "relative").await);
    let here = format!("/mijn/{own}");
    let page = patient.get(&here).await.text();
    assert!(page.contains("Wat hebt u gekregen om te lezen?") && page.contains("Notitieboekje"), "{page}");
    assert!(!relative.get(&here).await.text().contains("Wat hebt u gekregen"));
    // A file of the practice, once it was given.
    let gp = Browser::of(&server, "gp").await;
    let toolkit = gp.get("/toolkit?voor=patient").await.text();
    let at = toolkit.find("Folder: praten over later").unwrap();
    let key = toolkit[..at].rsplit("/toolkit/").next().unwrap().split('"').next().unwrap().to_owned();
    let file = format!("{here}/materiaal/{key}");
    assert_eq!(patient.get(&file).await.status, StatusCode::NOT_FOUND, "not given yet");
    let give = format!("/patienten/{own}/materiaal");
    let fields = [("stuk", key.as_str()), ("aan", "patient"), ("hoe", "handed")];
    assert_eq!(gp.submit(&give, &give, &fields).await.status, StatusCode::SEE_OTHER);
    let opened = patient.get(&file).await;
    assert_eq!((opened.status, opened.header(header::CONTENT_TYPE)), (StatusCode::OK, "application/pdf"));
    assert!(opened.header(header::CONTENT_SECURITY_POLICY).contains("sandbox"));
    assert!(patient.get(&here).await.text().contains(&file));
    assert_eq!(relative.get(&file).await.status, StatusCode::FORBIDDEN);
    assert_eq!(patient.get("/toolkit").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_organisation_keeps_its_own_and_others_do_not_see_it() {
    let server = server(1).await;
    let (manager, gp) = (Browser::of(&server, "practice-manager").await, Browser::of(&server, "gp").await);
    let nurse = Browser::of(&server, "district-nurse").await;
    let overview = manager.get("/beheer").await.text();
    let at = overview.find("/materiaal\"").unwrap();
    let here = format!("{}/materiaal", overview[..at].rsplit("href=\"").next().unwrap());
    let page = manager.get(&here).await;
    sound(&here, &page.text());
    let token = page.hidden("csrf").unwrap();
    let base = |more: &[(&'static str, &'static str)]| {
        let mut all = vec![("csrf", token.as_str()), ("titel", "Beleid <b>"), ("voor", "professional")];
        all.extend([("over", "organise"), ("taal", "nl")]);
        all.extend(more.iter().copied());
        all
    };
    for (fields, file, wrong) in [
        (vec![("csrf", token.as_str())], None, "Schrijf hoe het heet."),
        (base(&[]), None, "Schrijf het adres, of kies een bestand."),
        (base(&[("adres", "javascript:alert(1)")]), None, "Dit is geen adres van een webpagina."),
        (base(&[]), Some(("beleid.pdf", &b"<script>"[..])), "Dit bestand is geen PDF"),
        (base(&[("adres", "https://x.nl")]), Some(("b.pdf", &b"%PDF-1.7 %%EOF"[..])), "U koos ook een bestand."),
    ] {
        let answer = send(&manager, &here, &fields, file).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(answer.text().contains(wrong) && !answer.text().contains("Beleid <b>"), "{wrong}: {}", answer.text());
    }
    let kept = send(&manager, &here, &base(&[]), Some(("beleid.pdf", b"%PDF-1.7\n%%EOF\n"))).await;
    assert_eq!(kept.location(), format!("{here}?gedaan=materiaal-erbij"), "{}", kept.text());
    let toolkit = gp.get("/toolkit?over=organise").await.text();
    let at = toolkit.find("Beleid &#60;b&#62;").expect("the doctor finds it");
    let piece = toolkit[..at].rsplit("href=\"").next().unwrap().split('"').next().unwrap().to_owned();
    let file = gp.get(&format!("{piece}/bestand")).await;
    assert_eq!((file.status, file.header(header::CONTENT_TYPE)), (StatusCode::OK, "application/pdf"));
    assert!(!nurse.get("/toolkit").await.text().contains("Beleid &#60;b&#62;"), "it is the practice's");
    assert_eq!(nurse.get(&format!("{piece}/bestand")).await.status, StatusCode::NOT_FOUND);
    // It is taken away; who has an older page is told.
    let id = piece.rsplit('/').next().unwrap();
    let end = |seen: &'static str| [("doe", "einde"), ("stuk", id), ("gezien", seen)];
    assert_eq!(manager.submit(&here, &here, &end("7")).await.status, StatusCode::CONFLICT);
    assert_eq!(manager.submit(&here, &here, &end("1")).await.location(), format!("{here}?gedaan=materiaal-weg"));
    assert!(!gp.get("/toolkit?over=organise").await.text().contains("Beleid &#60;b&#62;"));
    assert_eq!(gp.get(&piece).await.status, StatusCode::NOT_FOUND);
    let unknown = [("doe", "einde"), ("stuk", "x"), ("gezien", "1")];
    assert_eq!(manager.submit(&here, &here, &unknown).await.status, StatusCode::NOT_FOUND);
    assert_eq!(gp.get(&here).await.status, StatusCode::FORBIDDEN);
}

/// Of more than a page of people it says so, on each of the three pages that look somebody up by name; the birth date,
/// or only its year, finds the one who is meant.
#[tokio::test]
async fn of_many_with_one_name_the_birth_date_tells_which() {
    let server = server(120).await;
    let id = shared(&server).await;
    let gp = Browser::of(&server, "gp").await;
    let born = server.sheet.patients.iter().find(|p| p.id == id).unwrap().birth_date.clone();
    let meeting = &called(&server, 6, false).await;
    let everybody = ("achternaam", "-");
    let many = "Dit zijn de eerste 25 van ";
    for page in ["/patienten", "/toolkit/pharos-kaarten", meeting] {
        let found = gp.submit(page, page, &[("doe", "zoek"), everybody]).await.text();
        assert!(found.contains(many), "{page}: {found}");
        sound(page, &found);
        if page == "/patienten" {
            continue;
        }
        for day in [born.as_str(), &born[..4]] {
            let found = gp.submit(page, page, &[("doe", "zoek"), everybody, ("geboortedatum", day)]).await.text();
            assert!(found.contains(&id) && !found.contains(many), "{page}: {found}");
        }
        let other = gp.submit(page, page, &[("doe", "zoek"), everybody, ("geboortedatum", "1850")]).await.text();
        assert!(other.contains("heet zo"), "{page}: {other}");
        let wrong = gp.submit(page, page, &[("doe", "zoek"), everybody, ("geboortedatum", "gisteren")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let wrong = wrong.text();
        assert!(wrong.contains("Dit is geen datum") && wrong.contains("value=\"gisteren\""), "{wrong}");
        assert!(wrong.contains("value=\"-\""), "what was typed stays: {wrong}");
    }
}
