//! Opening what does not fit is refused, with a reason.

use crate::world::{Place, at, gp, may, registered};
use domain::access::Action;
use store::{Error, MasterKey, Settings, Store};
use zeroize::Zeroizing;

async fn refused(settings: &Settings) -> Error {
    Store::open(settings).await.expect_err("it must be refused")
}

pub async fn newer(place: Place) {
    place.open().await.close().await.unwrap();
    let checksum = if place.is_sqlite() { "x'00'" } else { "'\\x00'::bytea" };
    let tomorrow = format!(
        "INSERT INTO migration (number, checksum) SELECT 99, checksum FROM migration WHERE number = 1 AND checksum <> {checksum}"
    );
    place.behind(&tomorrow).await;
    let e = refused(&place.settings).await;
    assert!(matches!(e, Error::Newer { found: 99, .. }), "{e}");
    assert!(e.to_string().contains("newer version"));
    place.behind("DELETE FROM migration WHERE number = 99").await;
    place.behind_in(&tomorrow, true).await;
    assert!(matches!(refused(&place.settings).await, Error::Newer { found: 99, .. }), "the key store's schema too");
}

pub async fn other_master_key(place: Place) {
    let store = place.open().await;
    let id = registered(&store, 0, 1).await;
    store.close().await.unwrap();
    let with = |key: MasterKey| Settings { master_key: key, ..place.settings.clone() };

    let other = format!("1 {}", "5a".repeat(32));
    let e = refused(&with(MasterKey::Text(Zeroizing::new(other.clone())))).await;
    assert!(matches!(e, Error::WrongMasterKey) && e.to_string().contains("does not fit"), "{e}");
    let e = refused(&with(MasterKey::File(place.folder.join("elsewhere.key")))).await;
    assert!(matches!(e, Error::NoMasterKey(_)) && e.to_string().contains("elsewhere.key"), "{e}");
    assert!(!place.folder.join("elsewhere.key").exists(), "no new key is made for old data");
    let e = refused(&with(MasterKey::Text(Zeroizing::new("not a key".into())))).await;
    assert!(matches!(e, Error::BadMasterKey(_)), "{e}");

    // The right one, with a newer behind it, opens.
    let own = std::fs::read_to_string(place.folder.join("master.key")).unwrap();
    let both = format!("{own}2 {}\n", "77".repeat(32));
    let store = Store::open(&with(MasterKey::Text(Zeroizing::new(both)))).await.unwrap();
    assert!(store.read(&may(&gp(1), Action::ReadPlan, &id), at(1), "plan").await.unwrap().is_some());
    store.close().await.unwrap();
}

pub async fn lost_key_store(place: Place) {
    let store = place.open().await;
    let id = registered(&store, 0, 1).await;
    store.close().await.unwrap();
    // One patient's key gone (as erasing does): that record is gone, and nothing else.
    place.behind_in(&format!("DELETE FROM data_key WHERE patient_id = '{id}'"), true).await;
    let store = place.open().await;
    let other = registered(&store, 1, 1).await;
    let read = |id| may(&gp(1), Action::ReadPlan, id);
    assert!(matches!(store.read(&read(&id), at(1), "plan").await, Err(Error::NoKey)));
    assert!(store.read(&read(&other), at(1), "plan").await.unwrap().is_some());
    assert!(store.verify().await.unwrap().is_whole(), "the log needs no patient's key");
    store.close().await.unwrap();
    // All of it gone.
    place.behind_in("DELETE FROM secret", true).await;
    assert!(matches!(refused(&place.settings).await, Error::WrongKeyStore(_)));
}

pub async fn secrets(place: Place) {
    let store = place.open().await;
    let tokens = store.secret("tokens").await.unwrap();
    assert_eq!(store.secret("tokens").await.unwrap(), tokens);
    assert_ne!(store.secret("root").await.unwrap(), tokens, "names do not meet the store's own");
    let second = place.open().await;
    assert_eq!(second.secret("tokens").await.unwrap(), tokens, "another instance has the same");
    second.close().await.unwrap();
    store.close().await.unwrap();
    let store = place.open().await;
    assert_eq!(store.secret("tokens").await.unwrap(), tokens);
    store.close().await.unwrap();
}
