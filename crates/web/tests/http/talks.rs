//! Conversations: prepared, held and reported; who may, who may not, and what was typed wrong.

use crate::browser::Browser;
use crate::harness::{Answer, server};
use crate::work::{shared, task_of};
use axum::http::{StatusCode, header};
use jiff::Span;

/// A day so many days from today, as it is typed.
fn day(distance: i64) -> String {
    let day = web::Clock::default().today().saturating_add(Span::new().days(distance));
    format!("{:02}-{:02}-{}", day.day(), day.month(), day.year())
}

fn here(id: &str) -> String {
    format!("/patienten/{id}/gesprekken")
}

/// Sends a form of the page as it stands.
async fn sends(browser: &Browser<'_>, id: &str, fields: &[(&str, &str)]) -> Answer {
    let here = here(id);
    let seen = browser.get(&here).await.hidden("gezien").unwrap();
    let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("gezien", seen.as_str())]).collect();
    browser.submit(&here, &here, &fields).await
}

async fn done(browser: &Browser<'_>, id: &str, fields: &[(&str, &str)]) {
    let answer = sends(browser, id, fields).await;
    assert_eq!(answer.location(), format!("{}?gedaan=verloop", here(id)), "{fields:?}: {}", answer.text());
}

/// The value of the choice that begins so.
fn choice(page: &str, words: &str) -> String {
    let at = page.find(&format!(">{words}")).unwrap_or_else(|| panic!("no choice {words}"));
    let from = page[..at].rfind("value=\"").unwrap() + 7;
    page[from..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_conversation_is_prepared_with_what_is_known_and_a_letter() {
    let server = server(60).await;
    let id = shared(&server).await;
    let (nurse, carer) = (Browser::of(&server, "district-nurse").await, Browser::of(&server, "carer").await);
    // What asks for attention stands on top; a carer may tell it, and what was said.
    let attention =
        [("doe", "aandacht"), ("taal", "Turks"), ("tolk", "professional"), ("punt-culture", "zoon <b>eerst")];
    done(&carer, &id, &attention).await;
    done(&carer, &id, &[("doe", "feit"), ("feit-wie", "de heer"), ("feit", "Ik wil hier niet weg")]).await;
    let page = nurse.get(&here(&id)).await.text();
    for part in [
        "Taal: Turks; een tolk is nodig.",
        "zoon &#60;b&#62;eerst",
        "de heer: Ik wil hier niet weg",
        "Lees het hele plan",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let top = page.find("Bijzondere aandacht").unwrap();
    assert!(top < page.find("Wat al bekend is").unwrap(), "attention comes first");
    // One way to plan, with place and people; the letter says so, and the log that it was printed.
    let letter = format!("{}/uitnodiging.pdf", here(&id));
    assert_eq!(nurse.get(&letter).await.status, StatusCode::NOT_FOUND, "nothing is planned");
    let on = day(8);
    let planned = [
        ("doe", "afspraak"),
        ("afspraak-dag", on.as_str()),
        ("afspraak-tijd", "10.30 uur"),
        ("afspraak-plaats", "home"),
        ("afspraak-zorg", "Saskia de Wit, wijkverpleegkundige"),
        ("afspraak-wens", "dochter Mirjam"),
        ("afspraak-meenemen", "Leg uw medicijnen klaar."),
    ];
    done(&nurse, &id, &planned).await;
    let page = nurse.get(&here(&id)).await.text();
    for part in ["om 10.30 uur", "Bij de patiënt thuis.", "dochter Mirjam", "Regel op tijd een tolk (Turks)", &letter]
    {
        assert!(page.contains(part), "{part}");
    }
    let printed = nurse.get(&letter).await;
    assert_eq!(printed.status, StatusCode::OK, "{}", printed.text());
    assert_eq!(printed.header(header::CONTENT_TYPE), "application/pdf");
    assert_eq!(printed.header(header::CONTENT_DISPOSITION), "inline; filename=\"uitnodiging.pdf\"");
    assert!(printed.bytes.starts_with(b"%PDF-1.7"));
    let log = Browser::of(&server, "gp").await.get(&format!("/patienten/{id}/inzage")).await.text();
    assert!(log.contains("afdrukken") && log.contains("uitnodiging voor een gesprek"), "{log}");
    // The plan counts as before: a further conversation hides nothing, and it stands on the line.
    let glance = nurse.get(&format!("/patienten/{id}")).await.text();
    assert!(glance.contains("Gesprek gepland op"), "{glance}");
    assert!(task_of(&nurse.get("/").await, &id).is_some(), "who planned it reports it");
    // It is not needed after all.
    done(&nurse, &id, &[("doe", "afzeggen"), ("afzeggen-opnieuw", "no"), ("afzeggen", "in het ziekenhuis")]).await;
    assert_eq!(nurse.get(&letter).await.status, StatusCode::NOT_FOUND);
    assert!(nurse.get(&here(&id)).await.text().contains("Er staat geen gesprek gepland."));
}

#[tokio::test]
async fn a_report_leaves_what_the_next_conversation_begins_with() {
    let server = server(60).await;
    let id = shared(&server).await;
    let nurse = Browser::of(&server, "district-nurse").await;
    let report = format!("{}/verslag", here(&id));
    let page = nurse.get(&report).await;
    assert!(page.text().contains("Gesprekswijzer") && page.text().contains("Spiritueel en zingeving"));
    let seen = page.hidden("gezien").unwrap();
    let next = day(14);
    let fields = [
        ("gezien", seen.as_str()),
        ("wie", "patient"),
        ("wie-anders", "dochter Mirjam\nSaskia de Wit, wijkverpleegkundige"),
        ("soep-s", "Wil <b>thuis</b> blijven"),
        ("soep-p", "Voorstel: geen opname"),
        ("onderwerp", "5b"),
        ("verder", "de hond"),
        ("afspraak-dag", next.as_str()),
        ("afspraak-plaats", "home"),
    ];
    let told = nurse.submit(&report, &report, &fields).await;
    assert_eq!(told.location(), format!("{}?gedaan=verslag", here(&id)), "{}", told.text());
    let page = nurse.get(&here(&id)).await.text();
    for part in [
        "Wil &#60;b&#62;thuis",
        "De patiënt, dochter Mirjam en Saskia de Wit, wijkverpleegkundige",
        "De hond (blijft liggen sinds",
        "In gesprek sinds",
        "Volgend gesprek: <a",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    // Next time it is there: ticked, and in words; and beside the form of the plan.
    let again = nurse.get(&report).await.text();
    assert!(again.contains("value=\"5b\" checked") && again.contains("\nde hond</textarea>"), "{again}");
    let form = nurse.get(&format!("/patienten/{id}/plan/bewerken")).await.text();
    assert!(form.contains("De hond (blijft liggen sinds") && form.contains("Deel 1: wat het leven goed maakt"));
    let guide = nurse.get(&format!("{}/gesprekswijzer", here(&id))).await.text();
    assert!(guide.contains("Lichamelijk") && guide.contains("De hond") && guide.contains("Weet de patiënt dit al?"));
    // Somebody who had the form open before is shown what changed, and loses nothing.
    let stale = nurse.submit(&report, &report, &fields).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text().contains("Iemand anders legde hier intussen iets vast"));
    assert!(stale.text().contains("\nVoorstel: geen opname</textarea>"), "{}", stale.text());
    let log = Browser::of(&server, "gp").await.get(&format!("/patienten/{id}/inzage/gewone-taal")).await.text();
    assert!(log.contains("schreef iets op over een gesprek met u"), "{log}");
}

#[tokio::test]
async fn support_is_asked_of_somebody_and_the_answer_comes_back_as_work() {
    let server = server(60).await;
    let id = shared(&server).await;
    let (gp, noor) = (Browser::of(&server, "gp").await, Browser::of(&server, "palliative-nurse").await);
    let page = gp.get(&here(&id)).await.text();
    let to = choice(&page, "een palliatief verpleegkundige van Thuiszorg Nabij");
    let by = day(2);
    let asked = [
        ("doe", "steun"),
        ("steun-soort", "palliative-nurse"),
        ("steun-vraag", "Hoe bespreken we sedatie?"),
        ("steun-wie", to.as_str()),
        ("steun-dag", by.as_str()),
    ];
    done(&gp, &id, &asked).await;
    let list = noor.get("/").await;
    assert!(list.text().contains("er is een vraag om ondersteuning") && task_of(&list, &id).is_some());
    let page = noor.get(&here(&id)).await;
    assert!(page.text().contains("Hoe bespreken we sedatie?") && page.text().contains("wacht op antwoord"));
    let number = page.hidden("nummer").unwrap();
    let (kind, words) = (format!("antwoord-{number}"), format!("antwoord-woorden-{number}"));
    let answer = |kind_of: &'static str, said: &'static str| {
        [("doe", "antwoord"), ("nummer", number.as_str()), (kind.as_str(), kind_of), (words.as_str(), said)]
    };
    let empty = sends(&noor, &id, &answer("report", " ")).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("Schrijf het antwoord"));
    done(&noor, &id, &answer("report", "Eerst vragen wat zij verwacht.")).await;
    assert!(task_of(&noor.get("/").await, &id).is_none(), "it is answered");
    let closed = sends(&noor, &id, &answer("no", "toch niet")).await;
    assert_eq!(closed.status, StatusCode::CONFLICT);
    assert!(closed.text().contains("Deze vraag wacht niet meer"));
    // Who asked finds the answer, and tells that they read it.
    assert!(gp.get("/").await.text().contains("er is antwoord op de vraag om ondersteuning"));
    assert!(gp.get(&here(&id)).await.text().contains("Eerst vragen wat zij verwacht."));
    let read = format!("gelezen-{number}");
    done(&gp, &id, &[("doe", "gelezen"), ("nummer", &number), (&read, "neem ik mee")]).await;
    assert!(!gp.get("/").await.text().contains("er is antwoord op de vraag om ondersteuning"));
    let twice = sends(&gp, &id, &[("doe", "gelezen"), ("nummer", &number)]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_nothing_is_written() {
    let server = server(30).await;
    let id = shared(&server).await;
    let nurse = Browser::of(&server, "district-nurse").await;
    let (long, over) = ("a".repeat(2001), "a".repeat(5001));
    for (fields, said) in [
        (vec![("doe", "afspraak"), ("afspraak-dag", "01-01-2020")], "Deze dag is al geweest"),
        (vec![("doe", "afspraak"), ("afspraak-dag", "31-02-2027")], "Dit is geen datum"),
        (vec![("doe", "afspraak"), ("afspraak-tijd", "half elf")], "Dit is geen tijd"),
        (vec![("doe", "afspraak"), ("afspraak-plaats", "other")], "Schrijf waar het gesprek is"),
        (vec![("doe", "afspraak"), ("afspraak-woorden", &long)], "in hoogstens 2000 tekens"),
        (vec![("doe", "aandacht"), ("tolk", "professional")], "Schrijf in welke taal"),
        (vec![("doe", "aandacht"), ("punt", "other")], "Schrijf wat er aandacht vraagt"),
        (vec![("doe", "feit"), ("feit", " "), ("feit-wie", "zoon")], "Schrijf op wat er gezegd of gezien is"),
        (vec![("doe", "feit"), ("feit", "iets"), ("feit-dag", "01-01-2099")], "Deze dag moet nog komen"),
        (vec![("doe", "steun"), ("steun-vraag", "wat nu?")], "Kies welke ondersteuning"),
        (vec![("doe", "steun"), ("steun-wie", "x/gp")], "Kies aan wie u het vraagt"),
        (vec![("doe", "steun"), ("steun-soort", "home-visit"), ("steun-buiten", "Laurens")], "Kies wie verwijst"),
    ] {
        let answer = sends(&nurse, &id, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        let text = answer.text();
        assert!(text.contains(said), "{said}: {text}");
        for (name, typed) in fields.iter().filter(|(n, v)| *n != "doe" && !v.trim().is_empty() && *v != "x/gp") {
            let kept = text.contains(&format!("value=\"{typed}\"")) || text.contains(&format!("\n{typed}</textarea>"));
            assert!(kept, "{name} keeps what was typed");
        }
    }
    let report = format!("{}/verslag", here(&id));
    for (fields, said) in [
        (vec![("soep-s", "iets")], "Kies of schrijf wie erbij waren"),
        (vec![("wie", "patient")], "minstens één van de vier"),
        (vec![("wie", "patient"), ("soep-e", &over)], "in hoogstens 5000 tekens"),
        (vec![("wie", "patient"), ("soep-s", "x"), ("verslag-dag", "01-01-2099")], "Deze dag moet nog komen"),
        (vec![("wie", "patient"), ("soep-s", "x"), ("afspraak-tijd", "10:30")], "Kies de dag van het gesprek"),
    ] {
        let answer = nurse.submit(&report, &report, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(answer.text().contains(said), "{said}");
    }
    let page = nurse.get(&here(&id)).await.text();
    assert!(page.contains("Er staat geen gesprek gepland.") && page.contains("Er is nog geen verslag"));
    assert!(page.contains("Er is nog geen ondersteuning gevraagd") && page.contains("Nog niemand schreef iets op"));
    let nothing = sends(&nurse, &id, &[("doe", "afzeggen"), ("afzeggen", "ziek"), ("afzeggen-opnieuw", "yes")]).await;
    assert_eq!(nothing.status, StatusCode::CONFLICT);
    assert!(nothing.text().contains("Er staat geen gesprek gepland"));
    assert_eq!(sends(&nurse, &id, &[("doe", "anders")]).await.status, StatusCode::BAD_REQUEST);
    let unknown = sends(&nurse, &id, &[("doe", "antwoord"), ("nummer", "99")]).await;
    assert_eq!(unknown.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn two_who_change_the_same_see_each_other_and_facts_never_collide() {
    let server = server(60).await;
    let id = shared(&server).await;
    let (nurse, gp) = (Browser::of(&server, "district-nurse").await, Browser::of(&server, "gp").await);
    let here = here(&id);
    let seen = gp.get(&here).await.hidden("gezien").unwrap();
    done(&nurse, &id, &[("doe", "aandacht"), ("punt", "dementia")]).await;
    let stale = [("doe", "aandacht"), ("taal", "Fries"), ("gezien", seen.as_str())];
    let answer = gp.submit(&here, &here, &stale).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let text = answer.text();
    assert!(text.contains("value=\"Fries\"") && text.contains("Dementie of problemen met geheugen"), "{text}");
    // What somebody heard stands beside what another heard.
    let fact = [("doe", "feit"), ("feit", "Slaapt slecht"), ("gezien", seen.as_str())];
    assert_eq!(gp.submit(&here, &here, &fact).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_carer_reports_no_conversation_and_asks_for_no_support() {
    let server = server(60).await;
    let id = shared(&server).await;
    let carer = Browser::of(&server, "carer").await;
    let page = carer.get(&here(&id)).await;
    assert!(page.text().contains("Schrijf op wat u hoorde of zag"));
    assert!(!page.text().contains("Schrijf een verslag") && !page.text().contains("Vraag ondersteuning"));
    let token = page.hidden("csrf").unwrap();
    let report = format!("{}/verslag", here(&id));
    assert_eq!(carer.get(&report).await.status, StatusCode::FORBIDDEN);
    let fields = [("csrf", token.as_str()), ("wie", "patient"), ("soep-s", "iets")];
    assert_eq!(carer.post(&report, &fields).await.status, StatusCode::FORBIDDEN);
    let asks = [("csrf", token.as_str()), ("doe", "steun"), ("steun-vraag", "?")];
    assert_eq!(carer.post(&here(&id), &asks).await.status, StatusCode::FORBIDDEN);
    for username in ["out-of-hours", "network-coordinator", "organisation-admin", "privacy-officer"] {
        let other = Browser::of(&server, username).await;
        for path in ["", "/verslag", "/gesprekswijzer", "/uitnodiging.pdf"] {
            let path = format!("{}{path}", here(&id));
            assert_eq!(other.get(&path).await.status, StatusCode::FORBIDDEN, "{username} {path}");
        }
    }
}
