//! Documents: adding, opening, changing and ending them; what is no document; and who may.

use crate::browser::Browser;
use crate::harness::{Answer, Server, server};
use crate::sound::sound;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\nniet reanimeren\n%%EOF\n";

/// Posts a form with a file.
pub async fn send(browser: &Browser<'_>, path: &str, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Answer {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--grens\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let (called, bytes) = file.unwrap_or_default();
    let head = format!(
        "--grens\r\nContent-Disposition: form-data; name=\"bestand\"; filename=\"{called}\"\r\nContent-Type: application/pdf\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--grens--\r\n");
    let request = Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=grens");
    browser.send(request.body(Body::from(body)).unwrap()).await
}

/// A patient with a plan whom both see.
async fn of_both(server: &Server, one: &Browser<'_>, other: &Browser<'_>) -> String {
    for patient in &server.sheet.patients {
        let path = format!("/patienten/{}", patient.id);
        let page = one.get(&path).await;
        if page.text().contains("Lees het hele plan") && other.get(&path).await.status == StatusCode::OK {
            // Who reads by consent alone has no form.
            let documents = one.get(&format!("{path}/documenten")).await.text();
            if documents.contains("nog geen documenten") && documents.contains("Voeg een document toe") {
                return patient.id.clone();
            }
        }
    }
    panic!("no patient of both")
}

/// The address of the document with this title.
fn link(page: &Answer, title: &str) -> String {
    let text = page.text();
    let end = text.find(&format!("\">{title}")).unwrap_or_else(|| panic!("{title}: {text}"));
    text[..end].rsplit('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_document_is_added_flagged_opened_and_withdrawn() {
    let server = server(30).await;
    let gp = Browser::of(&server, "gp").await;
    let carer = Browser::of(&server, "carer").await;
    let id = of_both(&server, &gp, &carer).await;
    let here = format!("/patienten/{id}/documenten");
    let page = gp.get(&here).await;
    sound(&here, &page.text());
    let token = page.hidden("csrf").unwrap();
    let fields = [
        ("csrf", token.as_str()),
        ("soort", "NR"),
        ("datum", "01-05-2020"),
        ("vertegenwoordiger-anders", "Piet <b>Smit</b>, broer"),
        ("komt-overeen", "no"),
        ("besproken", "no"),
        ("kopie", "no"),
    ];
    let added = send(&gp, &here, &fields, Some(("../../../etc/passwd.pdf", PDF))).await;
    assert_eq!(
        (added.status, added.location()),
        (StatusCode::SEE_OTHER, format!("{here}?gedaan=document-erbij").as_str())
    );
    let list = gp.get(&here).await;
    sound(&here, &list.text());
    let title = "Niet-reanimerenverklaring van 1 mei 2020";
    for said in
        [title, "zegt iets anders dan het plan", "Nog niet met de arts besproken", "nog geen kopie", "PDF, 1 kB"]
    {
        assert!(list.text().contains(said), "{said}: {}", list.text());
    }
    assert!(!list.text().contains("passwd"), "names of files are nobody's business");
    // The plan tells it, and that it is doubtful; so do the glance and the emergency view.
    let doubt = "Niet-reanimerenverklaring van 1 mei 2020 zegt iets anders dan dit plan.";
    for path in [format!("/patienten/{id}/plan"), format!("/patienten/{id}"), format!("/spoed/{id}")] {
        let text = gp.get(&path).await.text();
        assert!(text.contains(doubt), "{path}: {text}");
    }
    let plan = gp.get(&format!("/patienten/{id}/plan")).await.text();
    assert!(plan.contains("het stuk zelf is hier bewaard") && plan.contains(&format!("href=\"{here}/")));
    // A doctor has it as a task.
    let glance = gp.get(&format!("/patienten/{id}")).await.text();
    assert!(glance.contains("Een document is nog niet met de arts besproken"), "{glance}");
    // Opened as a file that runs nothing, under a name that tells nothing; a carer may read it too.
    let one = link(&list, title);
    let file = carer.get(&format!("{one}/bestand")).await;
    assert_eq!((file.status, file.bytes.as_slice()), (StatusCode::OK, PDF));
    assert_eq!(file.header(header::CONTENT_TYPE), "application/pdf");
    assert_eq!(file.header(header::CONTENT_DISPOSITION), "attachment; filename=\"document.pdf\"");
    assert_eq!(file.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    assert!(file.header(header::CONTENT_SECURITY_POLICY).starts_with("sandbox"));
    assert!(gp.get(&here).await.header(header::CONTENT_SECURITY_POLICY).starts_with("default-src 'none'; script-src"));
    changed(&gp, &carer, &one, title).await;
    // Withdrawn: with a reason, and out of the plan.
    let seen = gp.get(&one).await.hidden("gezien").unwrap();
    let end = [
        ("doe", "eindig"),
        ("waarom", "withdrawn"),
        ("reden", "Wil toch <i>gereanimeerd</i> worden"),
        ("gezien", &seen),
    ];
    let done = gp.submit(&one, &one, &end).await;
    assert_eq!(done.location(), format!("{one}?gedaan=document-vervalt"));
    let page = gp.get(&one).await;
    sound(&one, &page.text());
    assert!(page.text().contains("Wil toch &#60;i&#62;gereanimeerd") && page.hidden("doe").is_none());
    for path in [format!("/patienten/{id}/plan"), format!("/patienten/{id}")] {
        assert!(!gp.get(&path).await.text().contains(doubt), "{path}");
    }
    assert!(gp.get(&here).await.text().contains("Ingetrokken door de patiënt"));
    assert_eq!(gp.submit(&here, &one, &end).await.status, StatusCode::CONFLICT, "it ended already");
}

async fn changed(gp: &Browser<'_>, carer: &Browser<'_>, one: &str, title: &str) {
    let page = gp.get(one).await;
    sound(one, &page.text());
    assert!(page.text().contains(title) && page.text().contains("Piet &#60;b&#62;Smit"), "{}", page.text());
    assert!(carer.get(one).await.hidden("doe").is_none(), "a carer reads, and changes nothing");
    let seen = page.hidden("gezien").unwrap();
    let fields = |seen: &str, day: &str| {
        [
            ("doe", "wijzig"),
            ("soort", "NR"),
            ("datum", "01-05-2020"),
            ("vertegenwoordiger-anders", "Piet Smit, broer"),
            ("toelichting", "Origineel ligt thuis in de la"),
            ("komt-overeen", "no"),
            ("besproken", "yes"),
            ("besproken-op", day),
            ("kopie", "yes"),
            ("gezien", seen),
        ]
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
    };
    let say = async |seen: &str, day: &str| {
        let all = fields(seen, day);
        let pairs: Vec<(&str, &str)> = all.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        gp.submit(one, one, &pairs).await
    };
    let wrong = say(&seen, "morgen").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    sound(one, &wrong.text());
    assert!(wrong.text().contains("Dit is geen dag") && wrong.text().contains("value=\"morgen\""));
    assert_eq!(say(&seen, "08-11-2022").await.location(), format!("{one}?gedaan=document-bijgewerkt"));
    let page = gp.get(one).await.text();
    for said in ["Met de arts besproken op 8 november 2022", "vertegenwoordiger gewijzigd", "Origineel ligt thuis"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    // Another had it open meanwhile: what they typed is not lost, and what changed stands below.
    let stale = say(&seen, "09-11-2022").await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(
        stale.text().contains("Iemand anders legde intussen iets vast")
            && stale.text().contains("value=\"09-11-2022\"")
    );
    for (bad, said) in [
        (vec![("doe", "eindig"), ("reden", "x")], "Kies waarom dit document niet meer telt"),
        (
            vec![("doe", "eindig"), ("waarom", "mistaken"), ("reden", " ")],
            "Schrijf waarom dit document hier niet hoort",
        ),
    ] {
        let answer = gp.submit(one, one, &bad).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(answer.text().contains(said), "{said}");
    }
    assert_eq!(gp.submit(one, one, &[("doe", "anders")]).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_is_no_document_gets_a_clear_answer_and_keeps_what_was_typed() {
    let server = server(30).await;
    let gp = Browser::of(&server, "gp").await;
    let id = of_both(&server, &gp, &gp).await;
    let here = format!("/patienten/{id}/documenten");
    let token = gp.get(&here).await.hidden("csrf").unwrap();
    let typed =
        [("csrf", token.as_str()), ("soort", "EU"), ("datum", "2021"), ("toelichting", "Ligt bij \"de\" notaris")];
    let mut large = PDF.to_vec();
    large.resize((20 << 20) + 10, b'x');
    let files: [(&str, &[u8], &str); 7] = [
        ("leeg.pdf", b"", "Dit bestand is leeg"),
        ("groot.pdf", &large, "groter dan 20 MB"),
        ("brief.pdf", b"<!doctype html><script>alert(1)</script>", "geen PDF, JPEG of PNG"),
        ("foto.pdf", b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>", "geen PDF, JPEG of PNG"),
        ("programma.png", b"MZ\x90\x00\x03\x00", "geen PDF, JPEG of PNG"),
        ("../../x.pdf", b"#!/bin/sh\nrm -rf /\n", "geen PDF, JPEG of PNG"),
        ("half.pdf", b"%PDF-1.7\n1 0 obj\n", "het einde ontbreekt"),
    ];
    for (name, bytes, said) in files {
        let answer = send(&gp, &here, &typed, Some((name, bytes))).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        let text = answer.text();
        sound(&here, &text);
        assert!(text.contains(said), "{name}: {text}");
        assert!(text.contains("Ligt bij &#34;de&#34; notaris") && text.contains("value=\"2021\""), "{name} keeps it");
        assert!(text.contains("value=\"EU\" selected"), "{name} keeps the choice");
        assert!(!text.contains("<script>alert") && !text.contains("<svg xmlns=\"http://www.w3.org/2000/svg\" onload"));
    }
    // What was chosen well is to be chosen again where something else is wrong: a browser does not keep it.
    let answer = send(&gp, &here, &[("csrf", &token), ("soort", "")], Some(("goed.pdf", PDF))).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.text().contains("Kies wat voor document dit is") && answer.text().contains("Kies het bestand opnieuw")
    );
    assert!(gp.get(&here).await.text().contains("nog geen documenten"), "nothing of it was kept");
    // Without a file it can be told that there is one, and the file may follow.
    let told = send(&gp, &here, &typed, None).await;
    assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.text());
    let list = gp.get(&here).await;
    assert!(list.text().contains("het document zelf is hier niet bewaard"));
    let one = link(&list, "Euthanasieverzoek van 2021");
    assert_eq!(gp.get(&format!("{one}/bestand")).await.status, StatusCode::NOT_FOUND);
    let seen = gp.get(&one).await.hidden("gezien").unwrap();
    let follow = [("csrf", token.as_str()), ("doe", "wijzig"), ("soort", "EU"), ("datum", "2021"), ("gezien", &seen)];
    let done = send(&gp, &one, &follow, Some(("scan.jpg", b"\xFF\xD8\xFF\xE0 scan \xFF\xD9"))).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let file = gp.get(&format!("{one}/bestand")).await;
    assert_eq!(file.header(header::CONTENT_DISPOSITION), "attachment; filename=\"document.jpg\"");
}

#[tokio::test]
async fn a_document_without_a_plan_goes_in_exchange_and_in_the_patients_copy() {
    let server = server(30).await;
    let gp = Browser::of(&server, "gp").await;
    let mut found = None;
    for patient in &server.sheet.patients {
        let page = gp.get(&format!("/patienten/{}", patient.id)).await;
        if page.status == StatusCode::OK && page.text().contains("Er is nog geen plan") {
            found = Some(patient.id.clone());
            break;
        }
    }
    let id = found.expect("somebody without a plan");
    let here = format!("/patienten/{id}/documenten");
    let token = gp.get(&here).await.hidden("csrf").unwrap();
    let compared = [("csrf", token.as_str()), ("soort", "living-will"), ("komt-overeen", "yes")];
    let refused = send(&gp, &here, &compared, Some(("a.pdf", PDF))).await;
    assert!(refused.text().contains("Er is nog geen plan om het document mee te vergelijken"));
    let fields = [("csrf", token.as_str()), ("soort", "living-will"), ("datum", "2019")];
    assert_eq!(send(&gp, &here, &fields, Some(("a.pdf", PDF))).await.status, StatusCode::SEE_OTHER);
    let plan = gp.get(&format!("/patienten/{id}/plan")).await.text();
    assert!(plan.contains("Er is nog geen gesprek vastgelegd. Wel is er: Levenstestament van 2019."), "{plan}");
    for path in ["", "/plan/versies", "/plan/versies/1", "/plan.pdf"] {
        assert_eq!(gp.get(&format!("/patienten/{id}{path}")).await.status, StatusCode::OK, "{path}");
    }
    let version = gp.get(&format!("/patienten/{id}/plan/versies/1")).await.text();
    assert!(version.contains("leg dan bij het document vast dat het niet meer telt"), "{version}");
    let client = server.client("provider-test").await;
    let bundle = client.get(&format!("/Consent?patient={id}")).await;
    let directive = &bundle.entries("match")[0];
    assert_eq!(directive["provision"]["code"][0]["text"], "Levenstestament", "{directive}");
    assert_eq!(directive["sourceAttachment"]["contentType"], "application/pdf");
    let forms = client.get(&format!("/QuestionnaireResponse?patient={id}")).await;
    assert_eq!(forms.status, StatusCode::OK, "{}", forms.text());
}

#[tokio::test]
async fn who_may_not_is_refused() {
    let server = server(30).await;
    let (gp, carer) = (Browser::of(&server, "gp").await, Browser::of(&server, "carer").await);
    let id = of_both(&server, &gp, &carer).await;
    let here = format!("/patienten/{id}/documenten");
    let token = gp.get(&here).await.hidden("csrf").unwrap();
    let fields = [("csrf", token.as_str()), ("soort", "life-story")];
    assert_eq!(send(&gp, &here, &fields, Some(("a.pdf", PDF))).await.status, StatusCode::SEE_OTHER);
    let one = link(&gp.get(&here).await, "Levensverhaal");
    let page = carer.get(&here).await;
    assert!(page.status == StatusCode::OK && !page.text().contains("Voeg een document toe"));
    let theirs = carer.get("/account").await.hidden("csrf").unwrap();
    for path in [&here, &one] {
        let fields = [("csrf", theirs.as_str()), ("soort", "NR"), ("doe", "wijzig")];
        assert_eq!(send(&carer, path, &fields, None).await.status, StatusCode::FORBIDDEN);
    }
    for username in ["out-of-hours", "network-coordinator", "privacy-officer", "patient", "relative"] {
        let other = Browser::of(&server, username).await;
        for path in [here.clone(), one.clone(), format!("{one}/bestand")] {
            assert_eq!(other.get(&path).await.status, StatusCode::FORBIDDEN, "{username} {path}");
        }
    }
    // Another patient's address leads to nothing of this one, and what was added by mistake is not opened by readers.
    for patient in server.sheet.patients.iter().filter(|p| p.id != id) {
        let elsewhere = one.replace(&id, &patient.id);
        assert_ne!(gp.get(&elsewhere).await.status, StatusCode::OK);
        assert_ne!(gp.get(&format!("{elsewhere}/bestand")).await.status, StatusCode::OK);
    }
    let seen = gp.get(&one).await.hidden("gezien").unwrap();
    let end = [("doe", "eindig"), ("waarom", "mistaken"), ("reden", "van een ander"), ("gezien", seen.as_str())];
    assert_eq!(gp.submit(&one, &one, &end).await.status, StatusCode::SEE_OTHER);
    assert_eq!(carer.get(&format!("{one}/bestand")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(gp.get(&format!("{one}/bestand")).await.status, StatusCode::OK);
    assert_eq!(gp.get(&format!("{here}/plan-99")).await.status, StatusCode::NOT_FOUND);
}
