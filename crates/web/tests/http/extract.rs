//! What a practice's own system gives: sent, tried, brought in, mended, taken back; and the candidates that come of it.

use crate::browser::{Browser, encoded};
use crate::harness::{Answer, Server, server};
use crate::sound::sound;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::ident::ExtractId;
use store::extracts::Extract;

const HERE: &str = "/praktijk/extract";
const LIST: &str = "/praktijk/kandidaten";

/// Sends a file by the form of the page.
async fn send(browser: &Browser<'_>, file: Option<&[u8]>, mapping: &str) -> Answer {
    let token = browser.get(HERE).await.hidden("csrf").unwrap();
    let mut body = Vec::new();
    for (name, value) in [("csrf", token.as_str()), ("indeling", mapping)] {
        let part = format!("--grens\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    body.extend_from_slice(b"--grens\r\nContent-Disposition: form-data; name=\"bestand\"; filename=\"");
    body.extend_from_slice(if file.is_some() { b"uit.csv" } else { b"" });
    body.extend_from_slice(b"\"\r\n\r\n");
    body.extend_from_slice(file.unwrap_or_default());
    body.extend_from_slice(b"\r\n--grens--\r\n");
    let request = Request::post(HERE).header(header::CONTENT_TYPE, "multipart/form-data; boundary=grens");
    browser.send(request.body(Body::from(body)).unwrap()).await
}

/// A patient of the first practice who has no plan, no answer and no signal.
async fn without_a_path(server: &Server, gp: &Browser<'_>) -> (String, String) {
    for patient in &server.sheet.patients {
        let page = gp.get(&format!("/patienten/{}", patient.id)).await;
        if page.status == StatusCode::OK && page.text().contains("Er is nog geen signaal dat het tijd is") {
            return (patient.id.clone(), patient.bsn.clone());
        }
    }
    panic!("nobody without a path");
}

#[tokio::test]
async fn a_file_is_tried_brought_in_and_taken_back() {
    let server = server(80).await;
    let gp = Browser::of(&server, "gp").await;
    let manager = Browser::of(&server, "practice-manager").await;
    let (id, bsn) = without_a_path(&server, &gp).await;
    sound(HERE, &gp.get(HERE).await.text());

    let none = send(&gp, None, "").await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text().contains("Kies een bestand."));
    let unfit = send(&gp, Some(b"x"), "kolom = 1 <b>").await;
    assert_eq!(unfit.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unfit.text().contains("Regel 1 van de indeling") && !unfit.text().contains("1 <b>"));

    let file = format!(
        "bsn;patientnummer;geboortejaar;icpc;episode_begin\n{bsn};11;;P70;2024-03-03\n;<b>;1930;;\n;13;;P7;2024-03-03\n"
    );
    let sent = send(&gp, Some(file.as_bytes()), "").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let here = sent.location().to_owned();
    let trial = gp.get(&here).await;
    sound(&here, &trial.text());
    assert!(trial.text().contains("3 rijen gelezen, 1 met een fout. Er is nog niets ingelezen."), "{}", trial.text());
    assert!(trial.text().contains("<strong>Rij 4</strong>: icpc: Dit is geen ICPC-code"));
    let before = gp.get(LIST).await.text();
    assert!(!before.contains("in uw HIS</strong>"), "a trial writes nothing");

    // The rows themselves are for who gives care; the manager sees which, and why.
    let faults = gp.get(&format!("{here}/fouten.csv")).await;
    assert_eq!(
        faults.text(),
        "\u{feff}rij;reden;bsn;patientnummer;geboortejaar;icpc;episode_begin\n\
                               4;icpc: Dit is geen ICPC-code, zoals A20 of N99.01.;;13;;P7;2024-03-03\n"
    );
    let shown = manager.get(&here).await.text();
    assert!(shown.contains("Rij 4") && !shown.contains("fouten.csv"));
    assert_eq!(manager.get(&format!("{here}/fouten.csv")).await.status, StatusCode::FORBIDDEN);
    for stranger in ["gp-2", "district-nurse", "network-coordinator"] {
        let stranger = Browser::of(&server, stranger).await;
        assert_eq!(stranger.get(&here).await.status, StatusCode::FORBIDDEN, "another practice's file");
    }

    let done = gp.submit(&here, &here, &[("doe", "inlezen")]).await;
    assert_eq!(done.location(), format!("{here}?gedaan=extract-ingelezen"), "{}", done.text());
    let after = gp.get(done.location()).await.text();
    sound(&here, &after);
    assert!(after.contains("Ingelezen: 1 nieuw, 0 stond er al."), "{after}");
    let twice = gp.submit(&here, &here, &[("doe", "inlezen")]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    let same = send(&gp, Some(file.as_bytes()), "").await;
    assert!(same.text().contains("Dit bestand is al ingelezen op"), "{}", same.text());

    // The candidates: one of the practice's own, and one whom only the practice's own system knows.
    let list = gp.get(LIST).await.text();
    sound(LIST, &list);
    assert!(
        list.contains(&format!("/patienten/{id}\"")) && list.contains("Dementie (P70, episode sinds 3 maart 2024)")
    );
    assert!(list.contains("Nummer &#60;b&#62; in uw HIS") && list.contains("Leeftijd (96 jaar)"), "{list}");
    assert_eq!(manager.get(LIST).await.status, StatusCode::FORBIDDEN, "a manager sees no patient");

    // Mended and sent again, it completes the first.
    let mended = faults.text().replace(";P7;", ";P70;");
    let sent = send(&gp, Some(mended.as_bytes()), "").await.location().to_owned();
    let done = gp.submit(&sent, &sent, &[("doe", "inlezen")]).await;
    assert!(gp.get(done.location()).await.text().contains("Ingelezen: 1 nieuw, 0 stond er al."));
    assert!(gp.get(LIST).await.text().contains("Nummer 13 in uw HIS"));

    let back = gp.submit(&here, &here, &[("doe", "terugdraaien")]).await;
    assert_eq!(back.location(), format!("{here}?gedaan=extract-teruggedraaid"));
    let list = gp.get(LIST).await.text();
    assert!(!list.contains(&format!("/patienten/{id}\"")) && list.contains("Nummer 13 in uw HIS"));
    assert_eq!(gp.submit(&here, &here, &[("doe", "x")]).await.status, StatusCode::CONFLICT);
    assert!(server.log_holds("extract", "done").await >= 6);
}

/// A file as it is kept.
async fn kept(server: &Server, here: &str) -> Extract {
    let id = ExtractId::parse(here.rsplit('/').next().unwrap()).unwrap();
    for organisation in server.store.organisations().await.unwrap() {
        if let Some(found) = server.store.extract(&organisation.id, &id).await.unwrap() {
            return found;
        }
    }
    panic!("no such file");
}

#[tokio::test]
async fn what_is_at_work_is_left_alone_until_it_was_broken_off() {
    let server = server(80).await;
    let gp = Browser::of(&server, "gp").await;
    let file = b"patientnummer;icpc;episode_begin\n71;P70;2024-03-03\n";
    let here = send(&gp, Some(file), "").await.location().to_owned();
    let tried = kept(&server, &here).await;
    let by = web::program(tried.organisation.clone());
    let now = web::Clock::default().now();
    let run = server.store.start_extract(&by, &tried.run(), now).await.unwrap().unwrap();
    for what in ["inlezen", "terugdraaien", "klaar"] {
        let busy = gp.submit(HERE, &here, &[("doe", what)]).await;
        assert_eq!(busy.status, StatusCode::CONFLICT, "{what}");
        assert!(busy.text().contains("Dit bestand wordt op dit moment gelezen."), "{what}");
    }
    // Whoever was at work gave no sign of life for minutes.
    let long_ago = now - jiff::SignedDuration::from_mins(5);
    server.store.start_extract(&by, &run, long_ago).await.unwrap().unwrap();
    assert!(gp.get(&here).await.text().contains("Het inlezen is afgebroken."));
    let done = gp.submit(HERE, &here, &[("doe", "inlezen")]).await;
    assert_eq!(done.location(), format!("{here}?gedaan=extract-ingelezen"), "{}", done.text());
    assert!(gp.get(LIST).await.text().contains("Nummer 71 in uw HIS"));
}

#[tokio::test]
async fn a_candidate_becomes_a_signal_in_one_step() {
    let server = server(80).await;
    let gp = Browser::of(&server, "gp").await;
    let (id, bsn) = without_a_path(&server, &gp).await;
    let file = format!("bsn;icpc;episode_begin\n{bsn};N87;2025-05-05\n");
    let here = send(&gp, Some(file.as_bytes()), "").await.location().to_owned();
    gp.submit(&here, &here, &[("doe", "inlezen")]).await;
    assert!(gp.get(LIST).await.text().contains("De lijst is nog niet nagekeken."), "bringing in is not looking");
    let none = gp.submit(LIST, LIST, &[]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let other = Browser::of(&server, "gp-2").await;
    assert_eq!(other.submit(LIST, LIST, &[("patient", &id)]).await.status, StatusCode::FORBIDDEN);
    let made = gp.submit(LIST, LIST, &[("patient", &id)]).await;
    assert_eq!(made.location(), format!("{LIST}?gedaan=gesignaleerd"), "{}", made.text());
    let signals = gp.get(&format!("/patienten/{id}/signalen")).await.text();
    assert!(signals.contains("Uit het HIS-extract: ziekte van Parkinson (N87, episode sinds 5 mei 2025)"), "{signals}");
    assert!(!gp.get(LIST).await.text().contains(&format!("/patienten/{id}\"")), "on the path, and so not on the list");
    let twice = gp.submit(LIST, LIST, &[("patient", &id)]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT, "one step makes one signal");
    let looked = gp.submit(LIST, LIST, &[("doe", "nagekeken")]).await;
    assert_eq!(looked.location(), format!("{LIST}?gedaan=lijst-nagekeken"));
    let today = domain::words::day(web::Clock::default().today());
    assert!(gp.get(LIST).await.text().contains(&format!("Nagekeken op {today}")));
}

#[tokio::test]
async fn a_practice_chooses_its_rules_and_writes_its_own() {
    let server = server(80).await;
    let gp = Browser::of(&server, "gp").await;
    let rules = format!("{LIST}/regels");
    sound(&rules, &gp.get(&rules).await.text());
    let base = [("doe", "bewaar"), ("naam", "Onze set <b>"), ("bron", "eigen afspraak"), ("gezien", "0")];
    let with = |lines: &'static str| base.into_iter().chain([("regels", lines)]).collect::<Vec<_>>();
    let wrong = gp.submit(&rules, &rules, &with("icpc K77\nhuisdier")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("Regel 2: Dit is geen regel.") && wrong.text().contains("huisdier"));
    assert!(!wrong.text().contains("set <b>"));
    let kept = gp.submit(&rules, &rules, &with("icpc X99: wat wij zoeken")).await;
    assert_eq!(kept.location(), format!("{rules}?gedaan=regels"), "{}", kept.text());
    // What a new rule asks for is found when the file is read again.
    let (_, bsn) = without_a_path(&server, &gp).await;
    let file = format!("bsn;icpc;episode_begin\n{bsn};X99;2025-05-05\n");
    let here = send(&gp, Some(file.as_bytes()), "").await.location().to_owned();
    gp.submit(&here, &here, &[("doe", "inlezen")]).await;
    assert!(gp.get(LIST).await.text().contains("Wat wij zoeken (X99, episode sinds 5 mei 2025)"));
    let page = gp.get(&rules).await.text();
    let at = page.find("wijzig=").unwrap() + 7;
    let code = page[at..].split('#').next().unwrap().to_owned();
    let form = gp.get(&format!("{rules}?wijzig={}", encoded(&code))).await.text();
    assert!(form.contains("icpc X99: wat wij zoeken = incurable"), "{form}");
    let off = |seen: &'static str| [("doe", "uit"), ("set", code.as_str()), ("gezien", seen)].to_vec();
    assert_eq!(gp.submit(&rules, &rules, &off("7")).await.status, StatusCode::CONFLICT);
    assert_eq!(gp.submit(&rules, &rules, &off("1")).await.status, StatusCode::SEE_OTHER);
    assert!(!gp.get(LIST).await.text().contains("Wat wij zoeken"));
    let other = Browser::of(&server, "gp-2").await;
    assert!(!other.get(&rules).await.text().contains("Onze set"), "each practice its own");
}

/// Who is insured with whom stands in the practice's own system; nobody types it over to claim.
#[tokio::test]
async fn the_insurer_that_a_file_tells_counts_for_claims_until_it_is_taken_back() {
    let server = server(12).await;
    let gp = Browser::of(&server, "gp").await;
    let new = "/patienten/nieuw";
    let who = [("bsn", "111222333"), ("voornamen", "Jan"), ("achternaam", "Onverzekerd")];
    let made =
        gp.submit(new, new, &[&who[..], &[("geboortedatum", "01-02-1940"), ("geslacht", "male")]].concat()).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let id = made.location().split('/').nth(2).unwrap().split('?').next().unwrap().to_owned();
    let report = format!("/patienten/{id}/gesprekken/verslag");
    let seen = gp.get(&report).await.hidden("gezien").unwrap();
    let held = [("gezien", seen.as_str()), ("wie", "patient"), ("soep-s", "Wil thuis blijven")];
    assert_eq!(gp.submit(&report, &report, &held).await.status, StatusCode::SEE_OTHER);
    let row = async || {
        let page = gp.get("/declaraties").await.text();
        let at = page.find(&format!("/patienten/{id}/")).unwrap_or_else(|| panic!("{page}"));
        page[at..].split("</li>").next().unwrap().to_owned()
    };
    let unknown = "De verzekeraar is niet bekend";
    assert!(row().await.contains(unknown));
    let file = b"bsn;icpc;episode_begin;uzovi\n111222333;A20;2026-01-05;7095\n";
    let here = send(&gp, Some(file), "").await.location().to_owned();
    let done = gp.submit(&here, &here, &[("doe", "inlezen")]).await;
    assert_eq!(done.location(), format!("{here}?gedaan=extract-ingelezen"), "{}", done.text());
    let told = row().await;
    assert!(!told.contains(unknown) && told.contains("UZOVI-code 7095"), "{told}");
    gp.submit(&here, &here, &[("doe", "terugdraaien")]).await;
    assert!(row().await.contains(unknown));
}
