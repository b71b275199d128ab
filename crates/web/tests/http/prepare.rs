//! Preparing at home: in one's own language, kept as one goes, nobody's decision; and taken over answer by answer.

use crate::harness::server;
use crate::own::{Browser, hidden, theirs};
use axum::http::StatusCode;

/// Keeps it, and follows to the page that says so.
async fn kept(who: &Browser<'_>, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = who.post(path, fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    who.page(&format!("{path}?bewaard=1")).await
}

#[tokio::test]
async fn what_the_patient_prepares_in_their_language_is_read_beside_the_form_and_taken_over() {
    let server = server(12).await;
    let (id, _) = theirs(&server);
    let path = format!("/mijn/{id}/voorbereiden");
    let patient = Browser::user(&server, "patient").await;
    let gp = Browser::user(&server, "gp").await;
    assert!(patient.page(&format!("/mijn/{id}")).await.contains(&path));
    let page = patient.page(&path).await;
    assert!(
        page.contains("Wat is belangrijk in uw leven?")
            && page.contains("Türkçe")
            && page.contains("nog geen afspraak")
    );

    // Another language keeps what was typed, and says everything in that language.
    let typed = [("revisie", "0"), ("in", "nl"), ("taal", "ar"), ("antwoord.matters", "الأحفاد <3")];
    let text = kept(&patient, &path, &typed).await;
    assert!(text.contains("dir=\"rtl\"") && text.contains("الأحفاد &#60;3") && text.contains("تم الحفظ"), "{text}");
    let revision = hidden(&text, "revisie").unwrap();
    let answers = [
        ("revisie", revision.as_str()),
        ("taal", "tr"),
        ("antwoord.matters", "Torunlarım ve bahçem."),
        ("antwoord.worries", "Ağrı."),
        ("antwoord.speaks", "Kızım Elif, 06-12345678"),
    ];
    assert!(kept(&patient, &path, &answers).await.contains("Kaydedildi."));
    assert!(patient.page(&format!("{path}/lezen")).await.contains("Torunlarım ve bahçem."));
    assert!(patient.page(&path).await.contains("Hayatınızda sizin için önemli olan nedir?"), "it stays in Turkish");

    // A save that another device overtook loses neither text.
    let late = [("revisie", revision.as_str()), ("in", "tr"), ("antwoord.matters", "Deniz.")];
    let both = patient.post(&path, &late).await;
    assert_eq!(both.status, StatusCode::CONFLICT);
    assert!(both.text().contains("Deniz.") && both.text().contains("Torunlarım ve bahçem."), "{}", both.text());

    // Too long is said in the language of the page, and stays.
    let long = "a".repeat(3_001);
    let refused = patient.post(&path, &[("revisie", "2"), ("in", "tr"), ("antwoord.ask", &long)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Bu metin çok uzun") && refused.text().contains(&long));

    // Nothing of it is in the plan; whoever records reads it with Dutch labels beside the form.
    assert!(!gp.page(&format!("/patienten/{id}/plan")).await.contains("Torunlarım"));
    let form = format!("/patienten/{id}/plan/bewerken");
    let page = gp.page(&form).await;
    assert!(page.contains("Thuis voorbereid") && page.contains("Wat belangrijk is in het leven"), "{page}");
    assert!(page.contains("in het Turks") && page.contains("Kızım Elif, 06-12345678"));
    let buttons: Vec<String> =
        page.split("value=\"neem:").skip(1).map(|t| t.split('"').next().unwrap().to_owned()).collect();
    assert_eq!(buttons.len(), 2, "people are asked for by name in the form: {buttons:?}");
    for button in &buttons {
        let taken = gp.post(&form, &[("wat", &format!("neem:{button}"))]).await;
        assert_eq!(taken.status, StatusCode::OK);
        assert!(taken.text().contains("zelf opgeschreven door de patiënt, in het Turks"), "{}", taken.text());
    }
    let page = gp.page(&form).await;
    assert!(page.matches("zelf opgeschreven door de patiënt, in het Turks").count() >= 3, "it stands in the draft");
    let nothing = gp.post(&form, &[("wat", "neem:iemand:matters")]).await;
    assert_eq!(nothing.status, StatusCode::SEE_OTHER, "who is not there is nobody: the draft is kept as it was");
    assert_eq!(
        gp.page(&form).await.matches("zelf opgeschreven door").count(),
        page.matches("zelf opgeschreven door").count()
    );
    assert!(gp.page(&format!("/patienten/{id}/gesprekken")).await.contains("Torunlarım ve bahçem."));
}

#[tokio::test]
async fn only_the_patients_side_prepares_and_a_relative_reads_none_of_it() {
    let server = server(12).await;
    let (id, _) = theirs(&server);
    let path = format!("/mijn/{id}/voorbereiden");
    let own = Browser::user(&server, "representative").await;
    assert!(own.page(&path).await.contains("U schrijft dit voor iemand anders"));
    kept(&own, &path, &[("revisie", "0"), ("in", "nl"), ("antwoord.matters", "Haar tuin.")]).await;
    let gp = Browser::user(&server, "gp").await;
    let page = gp.page(&format!("/patienten/{id}/plan/bewerken")).await;
    assert!(page.contains("zelf opgeschreven door de vertegenwoordiger"), "{page}");
    for other in ["relative", "gp", "privacy-officer"] {
        let other = Browser::user(&server, other).await;
        for path in [path.clone(), format!("{path}/lezen")] {
            let answer = other.get(&path).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
            assert!(!answer.text().contains("Haar tuin."));
        }
        let answer = other.post(&path, &[("revisie", "0"), ("antwoord.matters", "x")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
}
