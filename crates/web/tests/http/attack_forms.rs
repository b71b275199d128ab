//! The attack list: forms that others send, files that are none, ways that lead elsewhere. Each is refused and stands in
//! the log.

use crate::browser::{Browser, encoded};
use crate::harness::{Answer, server};
use crate::people_list::upload;
use crate::visitor::filled;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use std::net::SocketAddr;

/// Posted without a session: what another site sends there is known by what the browser says of it.
const OPEN: [&str; 10] = [
    "/inloggen",
    "/inloggen/code",
    "/inloggen/passkey",
    "/inloggen/passkey/opties",
    "/herstel",
    "/welkom",
    "/kaart",
    "/vragenlijst/{link}",
    "/stellingen",
    "/stellingen/{ronde}",
];

/// Asked by systems, which show in the body who they are: no cookie counts there (`oauth.rs`, `connect.rs`).
const SIGNED: [&str; 2] = ["/oauth/token", "/koppelen/openen"];

#[tokio::test]
async fn no_form_is_taken_without_the_sessions_own_token() {
    let server = server(4).await;
    let own = Browser::of(&server, "gp").await;
    let foreign = Browser::of(&server, "district-nurse").await.get("/account").await.hidden("csrf").unwrap();
    // One of an earlier session of the same person.
    let earlier = Browser::of(&server, "gp").await.get("/account").await.hidden("csrf").unwrap();
    let right = own.get("/account").await.hidden("csrf").unwrap();
    let patient = server.sheet.patients[0].id.clone();
    let posts: Vec<String> = web::routes().into_iter().filter(|r| r.method == "POST").map(|r| r.path).collect();
    assert!(posts.len() > 35 && OPEN.iter().all(|o| posts.iter().any(|p| p == o)), "{posts:?}");
    let (mut seen, mut wrong) = (0, Vec::new());
    for (n, route) in (0_u16..).zip(posts.iter().filter(|p| !SIGNED.contains(&p.as_str()))) {
        // Each from an address of its own: of one address only so many refusals are noted in a minute.
        let [high, low] = n.to_be_bytes();
        let address = SocketAddr::from(([192, 0, high, low], 443));
        let path = filled(route, &patient);
        let send = async |token: Option<&str>| match token {
            _ if path.ends_with("/inlezen") => upload(&own, &path, token.unwrap_or(""), b"x").await,
            Some(token) => own.post(&path, &[("csrf", token), ("wat", "erbij")]).await,
            None => own.post(&path, &[("wat", "erbij")]).await,
        };
        let tokens = [None, Some(""), Some("raad"), Some(foreign.as_str()), Some(earlier.as_str())];
        for token in tokens.into_iter().filter(|_| !OPEN.contains(&route.as_str())) {
            server.refusals_since(&mut seen).await;
            let answer = send(token).await;
            let rows = server.refusals_since(&mut seen).await;
            let said = answer.text().contains("Dit formulier is verlopen");
            let noted = rows.iter().any(|r| {
                r.role.as_deref() == Some("gp")
                    && r.detail.as_deref().is_some_and(|d| d.contains("teken van deze sessie"))
            });
            if answer.status != StatusCode::FORBIDDEN || !said || !noted {
                wrong.push(format!("{route} with {token:?}: {} {rows:?}", answer.status));
            }
        }
        // Sent by another site's page, with the cookie and, somehow, the right token.
        let body = format!("csrf={}&naam=gp&wachtwoord={}", encoded(&right), encoded(&server.password("gp")));
        for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
            server.refusals_since(&mut seen).await;
            let request = Request::post(&path)
                .header(header::HOST, "localhost:8080")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(name, value)
                .extension(ConnectInfo(address));
            let answer = own.send(request.body(Body::from(body.clone())).unwrap()).await;
            let rows = server.refusals_since(&mut seen).await;
            let cookies = answer.headers.contains_key(header::SET_COOKIE);
            if answer.status != StatusCode::FORBIDDEN || rows.len() != 1 || cookies {
                wrong.push(format!("{route} from elsewhere: {} {rows:?}", answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(own.get("/account").await.status, StatusCode::OK, "nothing of it ended the session");
}

/// Sends a file under a name and as a kind of its own choice.
async fn sends(browser: &Browser<'_>, path: &str, name: &str, kind: &str, bytes: &[u8]) -> Answer {
    let token = browser.get(path).await.hidden("csrf").unwrap();
    let mut body =
        format!("--g\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n--g\r\n").into_bytes();
    let head =
        format!("Content-Disposition: form-data; name=\"lijst\"; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n");
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--g--\r\n");
    let request = Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=g");
    browser.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn a_file_that_is_no_list_is_refused_whatever_it_calls_itself() {
    let server = server(1).await;
    let manager = Browser::of(&server, "practice-manager").await;
    let page = manager.get("/beheer").await.text();
    let own = page.split("/mensen\"").next().unwrap().rsplit("href=\"").next().unwrap().to_owned();
    let (import, people) = (format!("{own}/inlezen"), format!("{own}/mensen"));
    let before = manager.get(&people).await.text();
    let marker = std::env::temp_dir().join("tijdig-disguised.csv");
    let climbing = format!("../../../../../..{}", marker.display());
    let (mut seen, csv) = (0, "text/csv");
    let disguised: [(&str, &str, &[u8]); 9] = [
        ("lijst.csv", csv, b"MZ\x90\x00\x03\x00\x00\x00"),
        ("lijst.csv", csv, b"\x7fELF\x02\x01\x01\x00"),
        ("lijst.csv", csv, b"PK\x03\x04\x14\x00\x06\x00"),
        ("lijst.csv", csv, b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj\n"),
        ("lijst.csv", "image/png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
        ("lijst.csv", csv, b"<!doctype html><script>alert(1)</script>"),
        ("lijst.csv.exe", csv, b"#!/bin/sh\nrm -rf /\n"),
        ("lijst.csv", csv, b"gebruikersnaam;achternaam;rol\n\x00\x01\x02;x;huisarts\n"),
        (&climbing, "application/x-php", b"<?php system($_GET['c']); ?>"),
    ];
    for (name, kind, bytes) in disguised {
        server.refusals_since(&mut seen).await;
        let answer = sends(&manager, &import, name, kind, bytes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", answer.text());
        assert!(answer.text().contains("Dit bestand is geen lijst"), "{name}: {}", answer.text());
        assert!(!answer.text().contains("<script>alert") && !answer.text().contains(name), "nothing of it comes back");
        let rows = server.refusals_since(&mut seen).await;
        assert!(rows.iter().any(|r| r.role.as_deref() == Some("practice-manager")), "{name}: {rows:?}");
    }
    // The name of a file is nobody's business: a right list under a crooked name is a list, and goes nowhere else.
    let list = b"gebruikersnaam;achternaam;rol\nnieuw.een;Goed;huisarts\n";
    let answer = sends(&manager, &import, &climbing, "application/x-msdownload", list).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert!(!marker.exists());
    // Larger than any form may be, and cut off halfway.
    server.refusals_since(&mut seen).await;
    let large = sends(&manager, &import, "l.csv", csv, &vec![b'a'; 3 << 20]).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(server.refusals_since(&mut seen).await.len(), 1);
    let half = Request::post(&import).header(header::CONTENT_TYPE, "multipart/form-data; boundary=g");
    let half = manager.send(half.body(Body::from("--g\r\nContent-Disposition: form-data; name=\"cs")).unwrap()).await;
    assert_eq!(half.status, StatusCode::BAD_REQUEST);
    assert_eq!(manager.get(&people).await.text(), before, "nobody was brought in");
}

#[tokio::test]
async fn a_way_that_leads_elsewhere_is_not_taken_and_noted() {
    let server = server(1).await;
    let password = server.password("gp");
    let mut seen = 0;
    for foreign in
        ["https://evil.example/", "//evil.example", "/\\evil.example", "/x\r\nSet-Cookie: a=b", "javascript:x"]
    {
        server.refusals_since(&mut seen).await;
        let browser = Browser::new(&server);
        let answer = browser.post("/inloggen", &[("naam", "gp"), ("wachtwoord", &password), ("naar", foreign)]).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/"), "{foreign}");
        assert!(server.refusals_since(&mut seen).await.iter().any(|r| r.data == "naar"), "{foreign}");
        let chosen = browser.get("/rol").await;
        let role = chosen.text().split("name=\"rol\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let answer = browser.submit("/rol", "/rol", &[("rol", &role), ("naar", foreign)]).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/"), "{foreign}");
        assert!(server.refusals_since(&mut seen).await.iter().any(|r| r.data == "naar"), "{foreign}");
        assert!(!browser.cookies.lock().unwrap().contains_key("a"));
    }
    // Nor does the name by which somebody calls the server come into what it says.
    let request = |path: &str| {
        let request =
            Request::get(path).header(header::HOST, "evil.example").header("x-forwarded-host", "evil.example");
        request.body(Body::empty()).unwrap()
    };
    let browser = Browser::of(&server, "gp").await;
    for path in ["/", "/account", "/inloggen", "/herstel", "/fhir/r4/metadata", "/.well-known/smart-configuration"] {
        let answer = browser.send(request(path)).await;
        assert!(!answer.text().contains("evil.example") && !answer.location().contains("evil"), "{path}");
    }
}
