//! A practice and its figures over HTTP: the numbers with the lists behind them, what others of the region show, goals, steps and
//! visits; who may, who may not, and what was typed wrong.

use crate::browser::Browser;
use crate::figures_world::{YEAR, a, add, b};
use crate::harness::{Answer, Server, server};
use axum::http::StatusCode;
use domain::access::{Action, Relation, permit};
use domain::ident::{OrganisationId, PatientId};
use store::log::read::{Filter, Which};
use store::organisations::OrganisationKind;

async fn ok(browser: &Browser<'_>, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    answer.text()
}

async fn told(browser: &Browser<'_>, path: &str, fields: &[(&str, &str)], notice: &str) -> Answer {
    let answer = browser.submit(path, path, fields).await;
    assert_eq!(answer.location(), format!("{path}?gedaan={notice}"), "{fields:?}: {}", answer.text());
    answer
}

/// Every page of a list, from the first one on, by the links that it shows: a number, and nobody's id.
async fn pages(browser: &Browser<'_>, first: &str) -> Vec<String> {
    let mut all = vec![ok(browser, first).await];
    loop {
        let page = all.last().unwrap();
        let ids: Vec<&str> = page.split("href=\"/patienten/").skip(1).filter_map(|p| p.split('"').next()).collect();
        let links = page.split("href=\"/praktijk/lijst/").skip(1).filter_map(|p| p.split('"').next());
        for link in links {
            assert!(ids.iter().all(|id| !link.contains(*id)), "{link} tells who counts for a figure");
        }
        let next = format!("{first}&pagina={}", all.len() + 1);
        if !page.contains(&format!("href=\"{}\" rel=\"next\"", next.replace('&', "&#38;"))) {
            assert!(!page.contains("rel=\"next\""), "the next page has another address than {next}: {page}");
            return all;
        }
        all.push(ok(browser, &next).await);
    }
}

fn listed(pages: &[String]) -> usize {
    pages.iter().map(|page| page.matches("Bekijk<span").count()).sum()
}

async fn practices(server: &Server) -> Vec<(OrganisationId, String)> {
    let all = server.store.organisations().await.unwrap();
    let is_practice = |o: &store::organisations::Organisation| o.kind == OrganisationKind::GpPractice;
    all.into_iter().filter(is_practice).map(|o| (o.id, o.name)).collect()
}

/// The first practice of the demo with a hundred patients whose outcomes are known, another with sixty.
async fn counted() -> Server {
    let server = server(10).await;
    let all = practices(&server).await;
    let of = |part: &str| all.iter().find(|(_, name)| name.contains(part)).unwrap().0.clone();
    let mut next = 0;
    add(&server, &of("De Linde"), &a(), &mut next).await;
    add(&server, &of("Molenzicht"), &b(), &mut next).await;
    let clock = web::Clock::default();
    server.store.refresh_figures(store::figures::Pace::Full, clock.today(), clock.real()).await.unwrap();
    server
}

#[tokio::test]
async fn a_practice_sees_its_figures_and_who_is_behind_them() {
    let server = counted().await;
    let nurse = Browser::of(&server, "practice-nurse").await;
    let page = ok(&nurse, &format!("/praktijk?jaar={YEAR}")).await;
    for said in ["Plan: voorbereiden", "Act: bijwerken", "Heeft een plan", "Te laat"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let one = ok(&nurse, &format!("/praktijk/cijfer/coverage?jaar={YEAR}")).await;
    assert!(one.contains("Bekijk de lijst") && one.contains("Hele regio:"), "{one}");
    // Numerator and denominator each open a list, by pages; each look stands in the log of whom it is about.
    let list = format!("/praktijk/lijst/coverage?jaar={YEAR}&deel=");
    let asked = pages(&nurse, &format!("{list}1")).await;
    assert_eq!(listed(&asked), 10, "who said 'not now': {asked:?}");
    let above = pages(&nurse, &format!("{list}teller")).await;
    assert!(above.len() > 1 && listed(&above) >= 70, "{} pages, {} people", above.len(), listed(&above));
    let beyond = ok(&nurse, &format!("{list}teller&pagina=999")).await;
    for said in ["Op deze bladzijde staat niemand.", "niet op deze bladzijde."] {
        assert!(beyond.contains(said), "{said}: {beyond}");
    }
    let asked = asked.concat();
    let id = asked.split("href=\"/patienten/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let leave = permit(
        &web::program(OrganisationId::from_bits(0)),
        Action::ReadLog,
        &PatientId::parse(&id).unwrap(),
        Relation::default(),
    );
    let (filter, which, now) = (Filter::default(), Which { cursor: None, limit: 50 }, web::Clock::default().now());
    let log = server.store.patient_log(&leave.unwrap(), &filter, which, "log", now).await.unwrap().rows;
    assert!(log.iter().any(|r| r.role.as_deref() == Some("practice-nurse")), "the look is in the log: {log:?}");
    for path in [format!("{list}9"), format!("{list}%3Cb%3E"), "/praktijk/lijst/what?deel=teller".to_owned()] {
        assert_eq!(nurse.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn who_sees_no_patients_sees_numbers_only_and_who_is_elsewhere_nothing() {
    let server = counted().await;
    let manager = Browser::of(&server, "practice-manager").await;
    let one = ok(&manager, &format!("/praktijk/cijfer/coverage?jaar={YEAR}")).await;
    assert!(!one.contains("Bekijk de lijst"), "{one}");
    let list = format!("/praktijk/lijst/coverage?jaar={YEAR}&deel=teller");
    assert_eq!(manager.get(&list).await.status, StatusCode::FORBIDDEN);
    for username in ["district-nurse", "network-coordinator", "out-of-hours", "organisation-admin", "patient"] {
        let browser = Browser::of(&server, username).await;
        for path in ["/praktijk", "/praktijk/doelen", "/praktijk/cijfer/coverage", list.as_str()] {
            assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN, "{username} {path}");
        }
    }
}

#[tokio::test]
async fn steps_and_goals_are_kept_with_who_and_when_and_nothing_is_overwritten() {
    let server = counted().await;
    let nurse = Browser::of(&server, "practice-nurse").await;
    told(&nurse, "/praktijk", &[("actie", "mdo"), ("stand", "busy"), ("woorden", "eerst <b>samen</b>")], "praktijk")
        .await;
    told(&nurse, "/praktijk", &[("actie", "mdo"), ("stand", "done")], "praktijk").await;
    let page = ok(&nurse, "/praktijk").await;
    assert!(page.contains("✓ gedaan") && !page.contains("<b>samen"), "{page}");
    let wrong =
        nurse.submit("/praktijk", "/praktijk", &[("actie", "mdo"), ("stand", "x"), ("woorden", "blijft staan")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("Kies hoe ver het is.") && wrong.text().contains("blijft staan"), "{}", wrong.text());

    let goal = |percent, day| [("cijfer", "coverage"), ("procent", percent), ("dag", day), ("woorden", "met de wijk")];
    told(&nurse, "/praktijk/doelen", &goal("60", "30-06-2199"), "praktijk").await;
    told(&nurse, "/praktijk/doelen", &goal("75", "31-12-2199"), "praktijk").await;
    let page = ok(&nurse, "/praktijk/doelen").await;
    assert!(page.contains("Ten minste 75%, uiterlijk 31 december 2199"), "{page}");
    assert!(page.contains("ten minste 60%, uiterlijk 30 juni 2199"), "what was said before stays: {page}");
    for (percent, day, says) in [
        ("veel", "31-12-2199", "Vul een heel getal van 0 tot en met 100 in."),
        ("50", "01-01-2001", "Kies een dag die nog komt."),
        ("50", "morgen", "morgen"),
    ] {
        let wrong = nurse.submit("/praktijk/doelen", "/praktijk/doelen", &goal(percent, day)).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{percent} {day}");
        assert!(wrong.text().contains(says) && wrong.text().contains("met de wijk"), "{}", wrong.text());
    }
    told(&nurse, "/praktijk/doelen", &[("doe", "weg"), ("cijfer", "coverage")], "praktijk").await;
    assert!(ok(&nurse, "/praktijk/doelen").await.contains("geen doel meer"));
    // Another practice has steps and goals of its own.
    let other = ok(&Browser::of(&server, "gp-2").await, "/praktijk/doelen").await;
    assert!(other.contains("Er is nog geen doel gesteld.") && !other.contains("75%"), "{other}");
}

#[tokio::test]
async fn a_visit_goes_from_agenda_to_feedback_and_into_the_report() {
    let server = counted().await;
    let coordinator = Browser::of(&server, "network-coordinator").await;
    let (nurse, stranger) = (Browser::of(&server, "practice-nurse").await, Browser::of(&server, "gp-2").await);
    let all = practices(&server).await;
    let linde = all.iter().find(|(_, name)| name.contains("De Linde")).unwrap();
    let new = "/praktijk/bezoeken/nieuw";
    let wrong = coordinator.submit(new, new, &[("praktijk", "x"), ("dag", "ooit"), ("wie", "wij <b>")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let (day, long) = (web::Clock::default().today().strftime("%d-%m-%Y").to_string(), "wij ".repeat(600));
    let cut = coordinator.submit(new, new, &[("praktijk", linde.0.as_str()), ("dag", &day), ("wie", &long)]).await;
    assert_eq!(cut.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing is cut off in silence");
    assert!(cut.text().contains("Schrijf het korter") && cut.text().contains(long.trim_end()));
    assert!(wrong.text().contains("Kies welke praktijk u bezoekt.") && wrong.text().contains("wij &#60;b&#62;"));
    let due = async || ok(&coordinator, "/praktijk/bezoeken").await.contains(&format!("<li>{}</li>", linde.1));
    assert!(due().await);
    let today = web::Clock::default().today();
    let day = today.strftime("%d-%m-%Y").to_string();
    let made = coordinator.submit(new, new, &[("praktijk", linde.0.as_str()), ("dag", &day), ("wie", "Hanneke")]).await;
    let here = made.location().split('?').next().unwrap().to_owned();
    assert!(here.starts_with("/praktijk/bezoeken/"), "{}", made.text());
    assert!(due().await, "planning it is no visit");
    let page = ok(&nurse, &here).await;
    assert!(page.contains("Agenda") && !page.contains("name=\"goed\""), "the practice reads: {page}");
    assert_eq!(stranger.get(&here).await.status, StatusCode::FORBIDDEN, "another practice does not");

    let seen = ok(&coordinator, &here)
        .await
        .split("name=\"gezien\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let report = [
        ("gezien", seen.as_str()),
        ("dag", day.as_str()),
        ("goed", "Elke maand MDO <b>"),
        ("terug", "Dank"),
        ("rapport", "ja"),
        ("wat.0", "Folder in de wachtkamer"),
        ("wie.0", "Marja"),
        ("voor.0", "15-01-2199"),
    ];
    let without_day: Vec<_> = report.iter().copied().filter(|(n, _)| *n != "voor.0").collect();
    let wrong = coordinator.submit(&here, &here, &without_day).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("Vul in uiterlijk wanneer.") && wrong.text().contains("Folder in de wachtkamer"));
    told(&coordinator, &here, &report, "bezoek").await;
    assert!(!due().await, "it was held");
    let again = coordinator.submit(&here, &here, &report).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "what was read is not what is there any more");
    let written: Vec<_> = report.iter().copied().filter(|(n, _)| *n != "terug").chain([("terug", "Prima")]).collect();
    let forged = nurse.submit("/praktijk", &here, &written).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN, "the practice does not write it");
    assert!(!forged.text().contains("Dit formulier is verlopen"), "whatever it sends along: {}", forged.text());
    let page = ok(&nurse, &here).await;
    assert!(!page.contains("Prima"), "{page}");
    assert!(page.contains("Marja") && page.contains("Dank") && !page.contains("MDO <b>"), "{page}");
    let region = ok(&coordinator, "/regio").await;
    assert!(region.contains("Elke maand MDO") && region.contains("De Linde"), "{region}");
    let none = ok(&coordinator, &format!("/regio?jaar={}", today.year() - 1)).await;
    assert!(!none.contains("Elke maand MDO"), "of another year");
}
