//! Meetings: called, their list, what they decide of a patient, and the tasks that follow; who may, and who may not.

use crate::browser::Browser;
use crate::harness::{Answer, Server, server};
use crate::work::{shared, task_of};
use axum::http::{StatusCode, header};
use jiff::Span;

/// A day so many days from today, as it is typed.
fn day(distance: i64) -> String {
    let day = web::Clock::default().today().saturating_add(Span::new().days(distance));
    format!("{:02}-{:02}-{}", day.day(), day.month(), day.year())
}

/// The organisation's value in the list of those who may take part.
fn value_of(page: &str, words: &str) -> String {
    let at = page.find(&format!(">{words}")).unwrap_or_else(|| panic!("no choice {words}: {page}"));
    let from = page[..at].rfind("value=\"").unwrap() + 7;
    page[from..].split('"').next().unwrap().to_owned()
}

/// A meeting of the practice of `gp`, today or on another day, with home care or without; its address.
pub async fn called(server: &Server, distance: i64, with_home_care: bool) -> String {
    let gp = Browser::of(server, "gp").await;
    let page = gp.get("/overleg/nieuw").await.text();
    let (on, home_care) = (day(distance), value_of(&page, "Thuiszorg Nabij"));
    let mut fields = vec![("soort", "patz"), ("dag", on.as_str()), ("tijd", "12:30"), ("plaats", "kamer <b>2</b>")];
    fields.extend([("voorzitter", "Sanne van Huissen"), ("anders", "Lidewij Storm, geestelijk verzorger")]);
    if with_home_care {
        fields.push(("met", &home_care));
    }
    let made = gp.submit("/overleg/nieuw", "/overleg/nieuw", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    made.location().split('?').next().unwrap().to_owned()
}

async fn listed(browser: &Browser<'_>, here: &str, id: &str) {
    let answer = browser.submit(here, here, &[("doe", "lijst"), ("patient", id)]).await;
    assert_eq!(answer.location(), format!("{here}?gedaan=op-de-lijst"), "{}", answer.text());
}

/// Sends what a meeting said of a patient, as the page stands.
async fn said(browser: &Browser<'_>, here: &str, fields: &[(&str, &str)]) -> Answer {
    let seen = browser.get(here).await.hidden("gezien").unwrap_or_default();
    let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("gezien", seen.as_str())]).collect();
    browser.submit(here, here, &fields).await
}

#[tokio::test]
async fn a_meeting_decides_and_the_tasks_are_somebodys_work_until_they_report() {
    let server = server(60).await;
    let id = shared(&server).await;
    let (gp, nurse) = (Browser::of(&server, "gp").await, Browser::of(&server, "district-nurse").await);
    let here = called(&server, 0, true).await;
    assert!(gp.get("/overleg").await.text().contains("PaTz-overleg op"));
    listed(&gp, &here, &id).await;
    let page = gp.get(&here).await.text();
    for part in ["om 12.30 uur, kamer &#60;b&#62;2", "Lidewij Storm", "Nog niet besproken", "Haal van de lijst"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let of = format!("{here}/patient/{id}");
    let form = nurse.get(&of).await.text();
    assert!(form.contains("Wat bekend is") && form.contains("Lees het hele plan"), "{form}");
    let saskia = value_of(&form, "Saskia de Wit, wijkverpleegkundige");
    let by = day(4);
    let fields = [
        ("kent", "Lidewij Storm, geestelijk verzorger"),
        ("situatie", "Wordt <b>moe"),
        ("besluit", "converse"),
        ("besluit", "marked"),
        ("toelichting", "Met de dochter erbij."),
        ("regie", saskia.as_str()),
        ("wat.0", "Plant het gesprek"),
        ("wie.0", saskia.as_str()),
        ("voor.0", by.as_str()),
        ("wat.2", "Zoekt de oude verklaring"),
        ("buiten.2", "dochter Mirjam"),
        ("voor.2", by.as_str()),
    ];
    let kept = said(&gp, &of, &fields).await;
    assert_eq!(kept.location(), format!("{of}?gedaan=besproken"), "{}", kept.text());
    let page = gp.get(&of).await.text();
    for part in [
        "Een gesprek over wensen en grenzen voeren en de palliatieve fase is gemarkeerd.",
        "Wordt &#60;b&#62;moe",
        "Regie: Saskia de Wit",
        "dochter Mirjam",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    // Saying the same again writes nothing; somebody who had the page open before is shown what changed.
    let again = fields.iter().filter(|(n, _)| !n.contains('.')).copied().collect::<Vec<_>>();
    assert_eq!(said(&gp, &of, &again).await.status, StatusCode::SEE_OTHER);
    let stale =
        nurse.submit(&of, &of, &[("besluit", "nothing"), ("gezien", "0"), ("toelichting", "toch <i>niet")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let text = stale.text();
    assert!(
        text.contains("Iemand anders legde hier intussen iets vast")
            && text.contains("toch &#60;i&#62;niet</textarea>")
    );
    // It stands on the patient's page, and is the nurse's work.
    let glance = nurse.get(&format!("/patienten/{id}")).await.text();
    assert!(glance.contains("Overleg en samenwerkingsplan") && glance.contains("Plant het gesprek"), "{glance}");
    assert!(glance.contains("Besproken in het PaTz-overleg"), "and on the line");
    let list = nurse.get("/?soort=agreed").await;
    assert!(list.text().contains("in een overleg is afgesproken dat hier iets gebeurt"), "{}", list.text());
    let task = task_of(&list, &id).expect("the nurse's task");
    let page = nurse.get(&task).await;
    assert!(page.text().contains("Plant het gesprek (Saskia de Wit") && page.text().contains("Meld af"));
    let seen = page.hidden("gezien").unwrap();
    let reports = |outcome: &'static str, words: &'static str| {
        [("doe", "afmelden"), ("gezien", seen.clone().leak() as &str), ("uitkomst", outcome), ("verslag", words)]
    };
    for (outcome, words, wrong) in
        [("", "gebeld", "Kies hoe het is gegaan."), ("done", " ", "Schrijf wat er is gedaan, of waarom niet.")]
    {
        let answer = nurse.submit(&task, &task, &reports(outcome, words)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains(wrong), "{wrong}");
    }
    let others = gp.submit(&task, &task, &reports("done", "ik was het")).await;
    assert_eq!(others.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        others.text().contains("Pak deze taak eerst zelf op") && others.text().contains("ik was het</textarea>")
            || others.text().contains("Pak deze taak eerst zelf op")
    );
    let done = nurse.submit(&task, &task, &reports("done", "Gesprek is <b>dinsdag")).await;
    assert_eq!(done.location(), format!("/patienten/{id}?gedaan=afgemeld"), "{}", done.text());
    assert!(task_of(&nurse.get("/?soort=agreed").await, &id).is_none());
    let glance = gp.get(&format!("/patienten/{id}")).await.text();
    assert!(glance.contains("Gesprek is &#60;b&#62;dinsdag"), "{glance}");
    // What the daughter does is kept in mind by who wrote it down; the meeting takes it back.
    assert!(task_of(&gp.get("/?soort=agreed").await, &id).is_some());
    let number = value_of(&gp.get(&of).await.text(), "Zoekt de oude verklaring");
    let dropped = said(&gp, &of, &[("besluit", "nothing"), ("vervalt", &number)]).await;
    assert_eq!(dropped.status, StatusCode::SEE_OTHER, "{}", dropped.text());
    assert!(task_of(&gp.get("/?soort=agreed").await, &id).is_none());
    let log = gp.get(&format!("/patienten/{id}/inzage/gewone-taal")).await.text();
    assert!(log.contains("schreef op wat er in een overleg over uw zorg is besloten"), "{log}");
}

#[tokio::test]
async fn another_organisation_sees_whom_it_may_see_and_that_there_are_others() {
    let server = server(60).await;
    let (gp, nurse) = (Browser::of(&server, "gp").await, Browser::of(&server, "district-nurse").await);
    let both = shared(&server).await;
    let mut only = None;
    for patient in &server.sheet.patients {
        let path = format!("/patienten/{}", patient.id);
        if gp.get(&path).await.status == StatusCode::OK && nurse.get(&path).await.status == StatusCode::FORBIDDEN {
            only = Some(patient.clone());
            break;
        }
    }
    let only = only.expect("a patient of the practice alone");
    let here = called(&server, 0, true).await;
    listed(&gp, &here, &both).await;
    listed(&gp, &here, &only.id).await;
    let page = nurse.get(&here).await.text();
    assert!(page.contains(&both) && !page.contains(&only.id), "{page}");
    assert!(page.contains("Er staat nog 1 andere patiënt op de lijst") && !page.contains("Wijzig dit overleg"));
    assert_eq!(nurse.get(&format!("{here}/patient/{}", only.id)).await.status, StatusCode::FORBIDDEN);
    assert_eq!(nurse.get(&format!("{here}/wijzigen")).await.status, StatusCode::FORBIDDEN, "who calls it changes it");
    // Nobody puts somebody on a list whom they have nothing to do with, nor says anything of them.
    let foreign = nurse.submit(&here, &here, &[("doe", "lijst"), ("patient", &only.id)]).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    let off = nurse.submit(&here, &here, &[("doe", "eraf"), ("patient", &only.id)]).await;
    assert_eq!(off.status, StatusCode::FORBIDDEN);
    let token = nurse.get(&here).await.hidden("csrf").unwrap();
    let of = format!("{here}/patient/{}", only.id);
    assert_eq!(nurse.post(&of, &[("csrf", &token), ("besluit", "nothing")]).await.status, StatusCode::FORBIDDEN);
    for (who, expected) in [(&gp, 2), (&nurse, 1)] {
        let printed = who.get(&format!("{here}/overleg.pdf")).await;
        assert_eq!(printed.status, StatusCode::OK, "{}", printed.text());
        assert_eq!(printed.header(header::CONTENT_TYPE), "application/pdf");
        assert_eq!(printed.header(header::CONTENT_DISPOSITION), "inline; filename=\"overleg.pdf\"");
        assert!(printed.bytes.starts_with(b"%PDF-1.7"), "{expected}");
    }
    let sheet = |of: &str| format!("{here}/patient/{of}/samenwerkingsplan.pdf");
    let printed = gp.get(&sheet(&both)).await;
    assert_eq!(printed.header(header::CONTENT_DISPOSITION), "inline; filename=\"samenwerkingsplan.pdf\"");
    assert!(printed.bytes.starts_with(b"%PDF-1.7"));
    assert_eq!(nurse.get(&sheet(&only.id)).await.status, StatusCode::FORBIDDEN);
    assert_eq!(nurse.get(&sheet("x")).await.status, StatusCode::FORBIDDEN);
    let log = gp.get(&format!("/patienten/{both}/inzage")).await.text();
    assert!(log.contains("afdrukken") && log.contains("overleg"), "{log}");
    // A meeting of others is as one that is not there.
    let alone = called(&server, 0, false).await;
    let unknown = format!("/overleg/{}", "0".repeat(26));
    for path in [alone.as_str(), &unknown, "/overleg/x"] {
        assert_eq!(nurse.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert!(!nurse.get("/overleg").await.text().contains(&alone));
    let of = format!("{alone}/patient/{both}");
    assert_eq!(gp.get(&of).await.status, StatusCode::NOT_FOUND, "not on that list");
    assert_eq!(gp.get(&format!("{of}/samenwerkingsplan.pdf")).await.status, StatusCode::NOT_FOUND, "nor on paper");
}

#[tokio::test]
async fn the_list_is_proposed_from_the_paths_found_by_name_and_mended() {
    let server = server(60).await;
    let id = shared(&server).await;
    let gp = Browser::of(&server, "gp").await;
    let signals = format!("/patienten/{id}/signalen");
    gp.submit(&signals, &signals, &[("doe", "signaal"), ("reden", "more-frail")]).await;
    let here = called(&server, 6, false).await;
    let page = gp.get(&here).await.text();
    assert!(page.contains("signaal oppakken, uiterlijk") && page.contains(&id), "{page}");
    let name = server.sheet.patients.iter().find(|p| p.id == id).unwrap().name.clone();
    let family = name.split(' ').next_back().unwrap();
    let found = gp.submit(&here, &here, &[("doe", "zoek"), ("achternaam", family)]).await.text();
    assert!(found.contains("Gevonden") && found.matches(&id).count() >= 2, "proposed, and found: {found}");
    for (fields, wrong) in [
        (vec![("doe", "zoek"), ("achternaam", " ")], "Schrijf de achternaam"),
        (vec![("doe", "lijst")], "Kies wie er op de lijst komt."),
    ] {
        let answer = gp.submit(&here, &here, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains(wrong), "{wrong}");
    }
    assert_eq!(gp.submit(&here, &here, &[("doe", "anders")]).await.status, StatusCode::BAD_REQUEST);
    listed(&gp, &here, &id).await;
    // Before its day nothing is decided.
    let of = format!("{here}/patient/{id}");
    assert!(gp.get(&of).await.text().contains("Dit overleg is nog niet geweest"));
    let early = gp.submit(&here, &of, &[("besluit", "nothing")]).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    let off = gp.submit(&here, &here, &[("doe", "eraf"), ("patient", &id)]).await;
    assert_eq!(off.location(), format!("{here}?gedaan=van-de-lijst"));
    let twice = gp.submit(&here, &here, &[("doe", "eraf"), ("patient", &id)]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_nothing_is_written() {
    let server = server(40).await;
    let id = shared(&server).await;
    let gp = Browser::of(&server, "gp").await;
    for (fields, wrong) in [
        (vec![("dag", "01-12-2026")], "Kies welk overleg het is."),
        (vec![("soort", "mdo"), ("plaats", "zaal <b>")], "Kies de dag van het overleg."),
        (vec![("soort", "mdo"), ("dag", "31-02-2027")], "Dit is geen datum"),
        (vec![("soort", "mdo"), ("dag", "01-01-2099")], "Kies een dag binnen een jaar."),
        (vec![("soort", "mdo"), ("tijd", "half elf")], "Dit is geen tijd"),
    ] {
        let answer = gp.submit("/overleg/nieuw", "/overleg/nieuw", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(answer.text().contains(wrong) && !answer.text().contains("zaal <b>"), "{wrong}");
    }
    let here = called(&server, -1, false).await;
    listed(&gp, &here, &id).await;
    let of = format!("{here}/patient/{id}");
    let long = "a".repeat(2001);
    let early = day(-2);
    for (fields, wrong) in [
        (vec![("situatie", "moe <b>")], "Kies wat er is besloten."),
        (vec![("besluit", "nothing"), ("besluit", "support")], "U koos ‘nu niets doen’ en ook ‘ondersteuning vragen’"),
        (vec![("besluit", "other")], "Schrijf wat er is besloten."),
        (vec![("besluit", "review"), ("toelichting", &long)], "in hoogstens 2000 tekens"),
        (vec![("besluit", "review"), ("wat.1", "bellen")], "Kies wie dit doet"),
        (
            vec![("besluit", "review"), ("buiten.1", "zoon"), ("wat.1", "belt"), ("voor.1", &early)],
            "Deze dag is voor het overleg",
        ),
        (vec![("besluit", "review"), ("buiten.0", "zoon")], "Schrijf wat er gebeurt."),
    ] {
        let answer = said(&gp, &of, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        let text = answer.text();
        assert!(text.contains(wrong), "{wrong}: {text}");
        assert!(!text.contains("moe <b>"));
        for (name, typed) in fields.iter().filter(|(n, _)| *n != "besluit") {
            let kept = text.contains(&format!("value=\"{typed}\"")) || text.contains("</textarea>");
            assert!(kept, "{name} keeps what was typed");
        }
    }
    assert!(!gp.get(&of).await.text().contains("Wat is besloten</h2>"), "nothing was written");
    // Two change when it is: the second is shown what the first did.
    let change = format!("{here}/wijzigen");
    let seen = gp.get(&change).await.hidden("gezien").unwrap();
    let on = day(3);
    let fields = [("soort", "mdo"), ("dag", on.as_str()), ("gezien", seen.as_str())];
    assert_eq!(gp.submit(&change, &change, &fields).await.location(), format!("{here}?gedaan=overleg"));
    let stale = gp.submit(&change, &change, &fields).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text().contains("Iemand anders wijzigde dit overleg intussen: MDO op"), "{}", stale.text());
}

#[tokio::test]
async fn a_carer_reads_a_list_and_decides_nothing() {
    let server = server(60).await;
    let id = shared(&server).await;
    let (gp, carer) = (Browser::of(&server, "gp").await, Browser::of(&server, "carer").await);
    let here = called(&server, 0, true).await;
    listed(&gp, &here, &id).await;
    let page = carer.get(&here).await;
    assert!(page.status == StatusCode::OK && !page.text().contains("Wie zet u erbij?"));
    let of = format!("{here}/patient/{id}");
    assert!(!carer.get(&of).await.text().contains("Wat is besloten?"));
    let token = carer.get("/account").await.hidden("csrf").unwrap();
    for (path, fields) in [
        ("/overleg/nieuw".to_owned(), vec![("soort", "mdo")]),
        (here.clone(), vec![("doe", "lijst"), ("patient", id.as_str())]),
        (of, vec![("besluit", "nothing")]),
    ] {
        let fields: Vec<_> = fields.into_iter().chain([("csrf", token.as_str())]).collect();
        assert_eq!(carer.post(&path, &fields).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(carer.get("/overleg/nieuw").await.status, StatusCode::FORBIDDEN);
    for username in ["out-of-hours", "network-coordinator", "organisation-admin", "privacy-officer", "patient"] {
        let other = Browser::of(&server, username).await;
        for path in ["/overleg".to_owned(), here.clone(), format!("{here}/overleg.pdf")] {
            assert_eq!(other.get(&path).await.status, StatusCode::FORBIDDEN, "{username} {path}");
        }
    }
}
