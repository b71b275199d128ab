//! A wide region has something to see on the pages of its coordinator and of each practice.

use crate::browser::Browser;
use crate::harness::with_practices;
use axum::http::StatusCode;

#[tokio::test]
async fn a_wide_region_has_something_on_every_page() {
    let server = with_practices(420, 6).await;
    assert_eq!(server.sheet.patients.len(), 420);
    let user = |name: &str| server.sheet.users.iter().find(|u| u.username == name).unwrap();
    assert_eq!(user("gp-6").organisation, user("practice-nurse-4").organisation, "the last practice has both");
    let coordinator = Browser::of(&server, "network-coordinator").await;
    coordinator.submit("/regio", "/regio", &[]).await;
    let page = coordinator.get("/regio").await.text();
    assert!(page.contains("Geteld tot") && page.contains("Huisartsen Marktplein"), "{page}");
    let visits = coordinator.get("/praktijk/bezoeken").await.text();
    assert!(visits.contains("Huisartsen Marktplein") && visits.contains("goed voorbeeld"), "{visits}");
    let doctor = Browser::of(&server, "gp-5").await;
    for (path, holds) in [
        ("/praktijk", "Doel: ten minste"),
        ("/praktijk/kandidaten", "HIS-extract"),
        ("/declaraties", "Contracten en verzekeraars"),
        ("/patienten", "</html>"),
        ("/", "</html>"),
    ] {
        let answer = doctor.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        assert!(answer.text().contains(holds), "{path} has no {holds}: {}", answer.text());
    }
    let report = server.store.verify().await.unwrap();
    assert!(report.is_whole(), "{report:?}");
}
