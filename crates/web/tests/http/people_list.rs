//! Bringing in people from a list.

use crate::browser::Browser;
use crate::harness::{Answer, server};
use crate::sound::sound;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};

/// Sends a file by the form of a page.
pub async fn upload(browser: &Browser<'_>, path: &str, token: &str, file: &[u8]) -> Answer {
    let mut body = Vec::new();
    body.extend_from_slice(b"--grens\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n");
    body.extend_from_slice(token.as_bytes());
    body.extend_from_slice(
        b"\r\n--grens\r\nContent-Disposition: form-data; name=\"lijst\"; filename=\"l.csv\"\r\n\r\n",
    );
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--grens--\r\n");
    let request = Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=grens");
    browser.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn a_list_is_tried_first_and_then_brought_in_whole() {
    let server = server(1).await;
    let manager = Browser::of(&server, "practice-manager").await;
    let page = manager.get("/beheer").await.text();
    let own = page.split("/mensen\"").next().unwrap().rsplit("href=\"").next().unwrap().to_owned();
    let (import, run) = (format!("{own}/inlezen"), format!("{own}/inlezen/uitvoeren"));
    let form = manager.get(&import).await;
    sound(&import, &form.text());
    let token = form.hidden("csrf").unwrap();

    let none = upload(&manager, &import, &token, b"").await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text().contains("Kies een bestand"));
    let bad = b"gebruikersnaam;achternaam;rol\nnieuw.een;Goed;huisarts\nnieuw.twee;;kapitein\n";
    let refused = upload(&manager, &import, &token, bad).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    sound(&import, &refused.text());
    assert!(
        refused
            .text()
            .contains("<strong>Rij 3</strong>: De achternaam ontbreekt. De rol &#39;kapitein&#39; is er niet."),
        "{}",
        refused.text()
    );
    assert!(refused.hidden("lijst").is_none(), "what is wrong cannot be brought in");

    // As a spreadsheet here writes it: windows-1252.
    let list = b"gebruikersnaam;achternaam;rol\nnieuw.een;\xD6zil;huisarts\nnieuw.twee;<b>Vet</b>;verzorgende\n";
    let trial = upload(&manager, &import, &token, list).await;
    assert_eq!(trial.status, StatusCode::OK);
    assert!(trial.text().contains("Özil komt erbij; huisarts") && !trial.text().contains("<b>Vet"), "{}", trial.text());
    let people = format!("{own}/mensen");
    assert!(!manager.get(&people).await.text().contains("Özil"), "a trial writes nothing");
    let kept = "gebruikersnaam;achternaam;rol\nnieuw.een;Özil;huisarts\nnieuw.twee;Vet;verzorgende\n";
    assert!(trial.hidden("lijst").unwrap().starts_with("gebruikersnaam;achternaam;rol\nnieuw.een;Özil"));
    let done = manager.submit(&import, &run, &[("lijst", kept)]).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, format!("{people}?gedaan=ingelezen").as_str()));
    let list = manager.get(&people).await.text();
    assert!(list.contains("Özil") && list.contains("Vet"));
    let again = upload(&manager, &import, &token, kept.as_bytes()).await;
    assert!(again.text().contains("er verandert niets") && again.hidden("lijst").is_none());

    // A list that went wrong meanwhile writes nothing; neither does one without the session's token, or from another.
    let wrong = manager.submit(&import, &run, &[("lijst", "gebruikersnaam;achternaam;rol\nx;;\n")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(upload(&manager, &import, "ander", kept.as_bytes()).await.status, StatusCode::FORBIDDEN);
    let gp = Browser::of(&server, "gp").await;
    let theirs = gp.get("/").await.hidden("csrf").unwrap();
    assert_eq!(gp.get(&import).await.status, StatusCode::FORBIDDEN);
    assert_eq!(upload(&gp, &import, &theirs, kept.as_bytes()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(gp.submit("/", &run, &[("lijst", kept)]).await.status, StatusCode::FORBIDDEN);
}
