//! Guessing is slowed down; its victim is not.

use crate::browser::Browser;
use crate::harness::server;
use axum::http::{StatusCode, header};

#[tokio::test]
async fn guessing_waits_and_the_owner_on_a_known_device_does_not() {
    let server = server(0).await;
    let owner = Browser::of(&server, "gp").await;
    let guesser = Browser::new(&server);
    for n in 0..10 {
        let answer = guesser.sign_in("gp", &format!("guess-{n}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "guess {n}");
    }
    let answer = guesser.sign_in("gp", "guess-11").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.header(header::RETRY_AFTER).parse::<u64>().unwrap() <= 30);
    // Not even the right one, or guessing would just go on.
    assert_eq!(guesser.sign_in("gp", &server.password("gp")).await.status, StatusCode::TOO_MANY_REQUESTS);
    // Somebody who is not there is treated alike.
    let nobody = Browser::new(&server);
    for n in 0..10 {
        assert_eq!(nobody.sign_in("nobody", &format!("{n}")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(nobody.sign_in("nobody", "x").await.status, StatusCode::TOO_MANY_REQUESTS);
    // The owner signed in here before.
    assert_eq!(owner.sign_in("gp", &server.password("gp")).await.status, StatusCode::SEE_OTHER);
    // Others at the same address go on.
    assert_eq!(
        guesser.sign_in("district-nurse", &server.password("district-nurse")).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn signing_in_rightly_never_counts() {
    let server = server(0).await;
    for _ in 0..15 {
        Browser::of(&server, "gp").await;
    }
}

#[tokio::test]
async fn a_list_of_names_is_not_worked_through() {
    let server = server(1).await;
    let gp = Browser::of(&server, "gp").await;
    let token = gp.get("/patienten").await.hidden("csrf").unwrap();
    let search = async || gp.post("/patienten", &[("csrf", &token), ("bsn", "999911120")]).await;
    for _ in 0..40 {
        assert_eq!(search().await.status, StatusCode::OK);
    }
    let answer = search().await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.text().contains("veel patiënten gezocht"));
    assert!(!answer.text().contains("999911120"));
    // Reading on is not searching.
    assert_eq!(gp.get("/patienten").await.status, StatusCode::OK);
}
