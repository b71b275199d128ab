//! The plan on paper: for those who read it, and nobody else; and the log tells.

use crate::browser::Browser;
use crate::harness::{Server, server};
use axum::http::{StatusCode, header};

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
