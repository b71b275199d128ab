//! The plan on paper: for those who read it, and nobody else; and the log tells.

use crate::browser::Browser;
use crate::harness::{Server, server};
use crate::own::theirs;
use axum::http::{StatusCode, header};
use std::process::Command;

/// A patient of the general practitioner of De Linde who has a plan.
async fn patient(server: &Server, gp: &Browser<'_>) -> String {
    for patient in &server.sheet.patients {
        if gp.get(&format!("/patienten/{}/plan", patient.id)).await.text().contains("/plan.pdf\"") {
            return patient.id.clone();
        }
    }
    panic!("no patient of this practice with a plan")
}

#[tokio::test]
async fn whoever_reads_a_plan_prints_it_and_the_log_tells_which_version() {
    let server = server(12).await;
    let gp = Browser::of(&server, "gp").await;
    let id = patient(&server, &gp).await;
    let path = format!("/patienten/{id}/plan.pdf");
    let first = gp.get(&path).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    assert_eq!(first.header(header::CONTENT_TYPE), "application/pdf");
    assert_eq!(first.header(header::CACHE_CONTROL), "no-store");
    let name = first.header(header::CONTENT_DISPOSITION);
    let number = name.strip_prefix("inline; filename=\"plan-versie-").and_then(|n| n.strip_suffix(".pdf\""));
    let number: u32 = number.unwrap_or_else(|| panic!("{name}")).parse().unwrap();
    assert!(first.bytes.starts_with(b"%PDF-1.7") && first.text().contains("pdfuaid:part"), "{name}");
    assert!(gp.get(&path).await.bytes == first.bytes, "the same version, the same bytes");
    let same = gp.get(&format!("{path}?versie={number}")).await;
    assert!(same.bytes == first.bytes);
    // As it stood before.
    let version = format!("/patienten/{id}/plan/versies/1");
    assert!(gp.get(&version).await.text().contains(&format!("href=\"{path}?versie=1\"")));
    let old = gp.get(&format!("{path}?versie=1")).await;
    assert_eq!(old.header(header::CONTENT_DISPOSITION), "inline; filename=\"plan-versie-1.pdf\"");
    assert_eq!(old.bytes == first.bytes, number == 1);
    let log = gp.get(&format!("/patienten/{id}/inzage")).await.text();
    assert!(log.contains("afdrukken") && log.contains(&format!("versie {number}")), "{log}");
    let plain = gp.get(&format!("/patienten/{id}/inzage/gewone-taal")).await.text();
    assert!(plain.contains("maakte een afdruk van uw plan"), "{plain}");
}

#[tokio::test]
async fn what_is_not_there_is_not_printed() {
    let server = server(12).await;
    let gp = Browser::of(&server, "gp").await;
    let id = patient(&server, &gp).await;
    for asked in ["?versie=0", "?versie=99", "?versie=-1", "?versie=twee", "?versie="] {
        let answer = gp.get(&format!("/patienten/{id}/plan.pdf{asked}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{asked}");
        assert!(answer.header(header::CONTENT_TYPE).starts_with("text/html"), "{asked}");
    }
}

#[tokio::test]
async fn nobody_else_prints() {
    let server = server(12).await;
    let gp = Browser::of(&server, "gp").await;
    let id = patient(&server, &gp).await;
    let path = format!("/patienten/{id}/plan.pdf");
    assert!(Browser::new(&server).get(&path).await.location().starts_with("/inloggen"));
    for other in ["network-coordinator", "privacy-officer", "organisation-admin", "out-of-hours"] {
        let answer = Browser::of(&server, other).await.get(&path).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{other}");
    }
    let unknown = gp.get("/patienten/00000000000000000000000000/plan.pdf").await;
    assert_eq!(unknown.status, StatusCode::FORBIDDEN);
    let log = gp.get(&format!("/patienten/{id}/inzage")).await.text();
    assert!(log.contains("geweigerd") && log.contains("afdrukken"), "{log}");
}

/// What a PDF says, where there is a tool that reads it.
#[expect(clippy::print_stderr, reason = "a test that could not look says so")]
pub fn said(pdf: &[u8]) -> Option<String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let Ok(out) = Command::new("pdftotext").arg("-raw").arg(file.path()).arg("-").output() else {
        eprintln!("SKIPPED: reading a PDF back needs pdftotext");
        return None;
    };
    assert!(out.status.success());
    Some(String::from_utf8_lossy(&out.stdout).split_whitespace().collect::<Vec<_>>().join(" "))
}

#[tokio::test]
async fn the_patient_takes_everything_along_on_paper_and_a_relative_does_not() {
    let server = server(12).await;
    let (id, _) = theirs(&server);
    let path = format!("/mijn/{id}/kopie.pdf");
    let patient = Browser::of(&server, "patient").await;
    assert!(patient.get(&format!("/mijn/{id}/kopie")).await.text().contains(&format!("href=\"{path}\"")));
    let copy = patient.get(&path).await;
    assert_eq!(copy.status, StatusCode::OK, "{}", copy.text());
    assert_eq!(copy.header(header::CONTENT_TYPE), "application/pdf");
    assert_eq!(copy.header(header::CONTENT_DISPOSITION), "inline; filename=\"kopie-dossier.pdf\"");
    assert!(copy.text().contains("Alles wat over u is bewaard"), "its title");
    if let Some(said) = said(&copy.bytes) {
        for part in [
            "Het plan, elke versie",
            "Versie 1 van",
            "Keuzes over delen",
            "Zorgteam",
            "Huisartsenpraktijk De Linde",
            "Eigen woorden en verzoeken",
            "Wie deed wat met het dossier",
            "Waarom dit mocht",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
    let other = server.sheet.patients.iter().find(|p| p.id != id).unwrap();
    assert_eq!(patient.get(&format!("/mijn/{}/kopie.pdf", other.id)).await.status, StatusCode::FORBIDDEN);
    assert_eq!(Browser::of(&server, "representative").await.get(&path).await.status, StatusCode::OK);
    for other in ["relative", "gp"] {
        assert_eq!(Browser::of(&server, other).await.get(&path).await.status, StatusCode::FORBIDDEN, "{other}");
    }
    assert!(Browser::new(&server).get(&path).await.location().starts_with("/inloggen"));
}

#[tokio::test]
async fn an_invitation_is_a_letter_that_opens_the_door_and_names_no_number() {
    let server = server(12).await;
    let (id, born) = theirs(&server);
    let gp = Browser::of(&server, "gp").await;
    let at = format!("/patienten/{id}/eigen-toegang");
    let letter = gp.submit(&at, &at, &[("wat", "nodig-uit"), ("wie", "patient"), ("vorm", "pdf")]).await;
    assert_eq!(letter.status, StatusCode::OK, "{}", letter.text());
    assert_eq!(letter.header(header::CONTENT_DISPOSITION), "inline; filename=\"uitnodiging.pdf\"");
    assert!(letter.text().contains("Lees het plan voor uw zorg"), "its title");
    let wrong = gp.submit(&at, &at, &[("wat", "nodig-uit"), ("vorm", "pdf")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("Kies wie u uitnodigt."));
    let Some(said) = said(&letter.bytes) else { return };
    let patient = server.sheet.patients.iter().find(|p| p.id == id).unwrap();
    assert!(!said.replace(' ', "").contains(&patient.bsn) && !said.contains(&patient.birth_date), "{said}");
    let code = said.split("Uw code ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a code");
    let opened = server.form("/welkom", &format!("code={code}&geboortedatum={born}")).await;
    assert!(opened.status == StatusCode::OK && opened.text().contains("name=\"gebruikersnaam\""), "{code}: {said}");
}
