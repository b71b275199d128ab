//! Backups: taken while sixteen write, put back where nothing is, and refused where anything is wrong.

use crate::world::{Place, at, bsn, fresh_id, gp, may, patient, registered, until, version};
use domain::access::{Action, Sharing};
use domain::consent::Said;
use domain::ident::{AttachmentId, PatientId};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use store::backup::{BackupKey, Progress, Restore, Restored, Unfit, What, restore};
use store::documents::Document;
use store::plans::{File, WriteVersion, Written};
use store::{Database, Error, Store};

fn quiet() -> Progress {
    Arc::new(|_, _| {})
}

/// A place with backups of data and key store, and their key.
struct Kept {
    data: PathBuf,
    keys: PathBuf,
    key: BackupKey,
}

impl Kept {
    async fn of(place: &Place, store: &Store) -> Self {
        let path = |name: &str| place.folder.join(name);
        let key = BackupKey::make(&path("backup.key")).unwrap();
        let kept = Self { data: path("data.backup"), keys: path("keys.backup"), key };
        let done = store.backup(What::Data, &kept.data, false, &kept.key, at(50), quiet()).await.unwrap();
        assert_eq!(done.bytes, std::fs::metadata(&kept.data).unwrap().len());
        store.backup(What::Keys, &kept.keys, false, &kept.key, at(51), quiet()).await.unwrap();
        kept
    }

    fn both(&self) -> Restore<'_> {
        Restore { data: Some(&self.data), keys: Some(&self.keys), key: &self.key }
    }
}

async fn refused(place: &Place, what: Restore<'_>) -> Error {
    let error = restore(&place.settings, what, at(60), quiet()).await.expect_err("it must be refused");
    assert_eq!(place.holds().await, 0, "something is left after: {error}");
    error
}

async fn put_back(place: &Place, what: Restore<'_>) -> Restored {
    let restored = restore(&place.settings, what, at(60), quiet()).await.unwrap();
    let log = restored.log.as_ref().unwrap();
    assert!(log.is_whole(), "{log:?}");
    assert!(log.proven_until.is_some());
    assert_eq!(log.rows_after, 0, "the anchor made at the end covers all");
    restored
}

pub async fn under_load(place: Place) {
    let store = place.open().await;
    let mut ids = Vec::new();
    for n in 0..8 {
        ids.push(registered(&store, n, 1).await);
    }
    store.anchor(at(5)).await.unwrap();
    let (stop, wrote) = (Arc::new(AtomicBool::new(false)), Arc::new(std::sync::atomic::AtomicU64::new(0)));
    let writer = |n: usize| {
        let (store, ids, stop, wrote) = (store.clone(), ids.clone(), Arc::clone(&stop), Arc::clone(&wrote));
        tokio::spawn(async move {
            let id = &ids[n % ids.len()];
            let mut expected = 1;
            while !stop.load(Ordering::SeqCst) {
                let next = version(expected + 1, &format!("schrijver {n}"), &gp(1), at(10));
                let told = WriteVersion {
                    files: vec![File {
                        id: AttachmentId::from_bits(store::random::bits()),
                        media_type: "text/plain".into(),
                        bytes: vec![u8::try_from(n).unwrap(); 2_000],
                    }],
                    ..WriteVersion::of(expected, &next)
                };
                match store.write_version(&may(&gp(1), Action::RecordPlan, id), told, at(10)).await.unwrap() {
                    Written::Done(number) => {
                        expected = number;
                        wrote.fetch_add(1, Ordering::SeqCst);
                    }
                    Written::Stale(newest) => expected = newest,
                    Written::Same(_) => panic!("nothing is the same"),
                }
                store.read(&may(&gp(1), Action::ReadPlan, id), at(11), "plan").await.unwrap().unwrap();
            }
        })
    };
    let writers: Vec<_> = (0..16).map(writer).collect();
    until("60 versions", || wrote.load(Ordering::SeqCst) >= 60).await;
    store.anchor(at(12)).await.unwrap();
    let before = wrote.load(Ordering::SeqCst);
    let kept = Kept::of(&place, &store).await;
    until("30 versions more", || wrote.load(Ordering::SeqCst) >= before + 30).await;
    stop.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.unwrap();
    }
    store.anchor(at(55)).await.unwrap();

    let other = place.beside().await;
    let restored = put_back(&other, kept.both()).await;
    assert_eq!((restored.patients, restored.without_key), (8, 0));
    assert_eq!(restored.made_at, Some(at(50)));
    let again = other.open().await;
    let mut fewer = 0;
    for (n, id) in (0..).zip(&ids) {
        let read = may(&gp(1), Action::ReadPlan, id);
        let there = again.versions(&read, at(61), "versions").await.unwrap();
        let here = store.versions(&read, at(61), "versions").await.unwrap();
        assert!(!there.is_empty() && there.len() <= here.len());
        assert_eq!(there[..], here[..there.len()], "patient {n}");
        fewer += here.len() - there.len();
        let record = again.read(&read, at(61), "plan").await.unwrap().unwrap();
        assert_eq!(record.plan.unwrap().number as usize, there.len());
        assert_eq!(again.find_by_bsn(&bsn(n)).await.unwrap().as_ref(), Some(id));
        assert_eq!(
            again.find_by_name("1941-03-12".parse().unwrap(), &format!("bergsma{n}")).await.unwrap(),
            std::slice::from_ref(id)
        );
    }
    assert!(fewer > 0, "others went on writing after the moment of the backup");
    // Row by row the log is what it was, up to that moment.
    let hex = if place.is_sqlite() { "hex(mac)" } else { "upper(encode(mac, 'hex'))" };
    let rows = format!("SELECT id || ' ' || chain || ' ' || seq || ' ' || {hex} FROM log ORDER BY id");
    let (here, there) = (place.texts(&rows).await, other.texts(&rows).await);
    let here: std::collections::HashSet<_> = here.into_iter().collect();
    let new: Vec<_> = there.iter().filter(|row| !here.contains(*row)).collect();
    assert!(there.len() > 100);
    let after = other.number("SELECT id FROM log WHERE action = 'restore'").await;
    assert!(new.iter().all(|row| row.split(' ').next().unwrap().parse::<i64>().unwrap() >= after), "{new:?}");
    for store in [store, again] {
        assert!(store.verify().await.unwrap().is_whole());
        store.close().await.unwrap();
    }
}

/// Every table has as many rows as before, and what is written after goes on where it was.
pub async fn at_rest(place: Place) {
    let store = place.open().await;
    let (gp, id) = (gp(1), registered(&store, 3, 2).await);
    let dropped = registered(&store, 4, 1).await;
    let correct = |id: &PatientId| may(&gp, Action::CorrectPatient, id);
    store.merge(&correct(&id), &correct(&dropped), "dubbel", at(4)).await.unwrap();
    let said = [Said::for_everyone(Sharing::Refused)];
    store.set_sharing(&may(&gp, Action::RecordConsent, &id), &said, at(5)).await.unwrap();
    let document = Document {
        name: "vragenlijst".into(),
        media_type: "application/json".into(),
        changed_at: at(6),
        bytes: b"{}".to_vec(),
    };
    store.put_document(&gp, &document).await.unwrap();
    let token = store.secret("tokens").await.unwrap();
    store.anchor(at(7)).await.unwrap();
    let kept = Kept::of(&place, &store).await;
    let again = store.backup(What::Data, &kept.data, false, &kept.key, at(52), quiet()).await;
    assert!(matches!(again, Err(Error::Unfit(Unfit::Exists(_)))));
    store.backup(What::Data, &kept.data, true, &kept.key, at(53), quiet()).await.unwrap();
    store.close().await.unwrap();
    assert!(tidy(&place.folder), "nothing lies about beside the backups");

    let other = place.beside().await;
    put_back(&other, kept.both()).await;
    let tables = [
        "meta",
        "organisation",
        "person",
        "session",
        "document",
        "patient",
        "patient_past",
        "patient_bsn",
        "patient_name",
        "delivered",
        "team",
        "sharing_event",
        "plan",
        "plan_version",
        "mark",
        "attachment",
    ];
    for table in tables {
        let count = format!("SELECT count(*) FROM {table}");
        assert_eq!(place.number(&count).await, other.number(&count).await, "{table}");
    }
    let restored = other.open().await;
    assert_eq!(restored.secret("tokens").await.unwrap(), token);
    assert_eq!(restored.document("vragenlijst").await.unwrap().unwrap().bytes, b"{}");
    assert_eq!(restored.find_by_bsn(&bsn(4)).await.unwrap(), None, "a BSN that a merge set free stays free");
    let three = version(3, "na het terugzetten", &gp, at(70));
    let write = WriteVersion::of(2, &three);
    let written = restored.write_version(&may(&gp, Action::RecordPlan, &id), write, at(70)).await.unwrap();
    assert_eq!(written, Written::Done(3));
    restored.anchor(at(71)).await.unwrap();
    assert!(restored.verify().await.unwrap().is_whole());
    let said = "SELECT actor || ' ' || action || ' ' || data FROM log WHERE chain = 'instance' ORDER BY id";
    let said = other.texts(said).await;
    assert!(said.last().unwrap().starts_with("program restore data of "), "{said:?}");
    for row in ["program backup data", "program backup key store"] {
        assert!(said.iter().any(|s| s == row), "{said:?}");
    }
    restored.close().await.unwrap();
    // It is not empty now.
    let twice = restore(&other.settings, kept.both(), at(80), quiet()).await.expect_err("not empty");
    assert!(matches!(twice, Error::Unfit(Unfit::NotEmpty(_))), "{twice}");
}

fn tidy(folder: &Path) -> bool {
    let names = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    names.into_iter().all(|name| !name.starts_with('.'))
}

/// A damaged, foreign or lone file is refused with its reason, and nothing is left of it.
pub async fn refusals(place: Place) {
    let store = place.open().await;
    let id = registered(&store, 0, 1).await;
    let big = version(2, &"lang ".repeat(80_000), &gp(1), at(2));
    store.write_version(&may(&gp(1), Action::RecordPlan, &id), WriteVersion::of(1, &big), at(2)).await.unwrap();
    let kept = Kept::of(&place, &store).await;
    store.close().await.unwrap();
    let other = place.beside().await;
    let whole = std::fs::read(&kept.data).unwrap();
    let spoiled = place.folder.join("spoiled");
    let bad = Restore { data: Some(&spoiled), ..kept.both() };

    std::fs::write(&spoiled, &whole[..whole.len() - 1]).unwrap();
    assert!(matches!(refused(&other, bad).await, Error::Unfit(Unfit::CutOff(_))));
    let mut changed = whole.clone();
    let late = changed.len() - 100;
    changed[late] ^= 1;
    std::fs::write(&spoiled, &changed).unwrap();
    assert!(matches!(refused(&other, bad).await, Error::Unfit(Unfit::Changed(_))));
    std::fs::write(&spoiled, "geen back-up").unwrap();
    assert!(matches!(refused(&other, bad).await, Error::Unfit(Unfit::NoBackup)));
    let foreign = BackupKey::make(&place.folder.join("foreign.key")).unwrap();
    let wrong_key = refused(&other, Restore { key: &foreign, ..kept.both() }).await;
    assert!(wrong_key.to_string().contains("another key"), "{wrong_key}");
    let swapped = Restore { data: Some(&kept.keys), keys: Some(&kept.data), key: &kept.key };
    assert!(matches!(refused(&other, swapped).await, Error::Unfit(Unfit::OtherContent(_))));
    let lone = refused(&other, Restore { keys: None, ..kept.both() }).await;
    assert!(matches!(lone, Error::Unfit(Unfit::NoKeyStore)), "{lone}");

    // The other kind of database.
    let mut elsewhere = other.clone();
    elsewhere.settings.database = match &other.settings.database {
        Database::Sqlite { .. } => return finish(&place, &other, &kept, &id).await,
        Database::Postgres { .. } => Database::Sqlite { folder: other.folder.join("sqlite") },
    };
    let said = restore(&elsewhere.settings, kept.both(), at(60), quiet()).await.expect_err("another database");
    assert!(matches!(said, Error::Unfit(Unfit::OtherDatabase("PostgreSQL", "SQLite"))), "{said}");
    assert!(!other.folder.join("sqlite").exists());
    finish(&place, &other, &kept, &id).await;
}

async fn finish(place: &Place, other: &Place, kept: &Kept, id: &PatientId) {
    // Another master key.
    let key = other.folder.join("master.key");
    let own = std::fs::read(&key).unwrap();
    std::fs::write(&key, format!("1 {}", "5a".repeat(32))).unwrap();
    assert!(matches!(refused(other, kept.both()).await, Error::WrongMasterKey));
    // Another key store.
    std::fs::write(&key, &own).unwrap();
    let stranger = place.beside_as("c").await;
    let store = stranger.open().await;
    let keys = place.folder.join("stranger.keys");
    store.backup(What::Keys, &keys, false, &kept.key, at(55), quiet()).await.unwrap();
    store.close().await.unwrap();
    let foreign = refused(other, Restore { keys: Some(&keys), ..kept.both() }).await;
    assert!(matches!(foreign, Error::WrongKeyStore(_) | Error::WrongMasterKey), "{foreign}");
    // Then it still goes well; and an anchor that stood outside is put aside.
    std::fs::write(&other.settings.anchor_file, "{}").unwrap();
    let restored = put_back(other, kept.both()).await;
    assert_eq!(std::fs::read(restored.other_anchor.unwrap()).unwrap(), b"{}");
    let store = other.open().await;
    assert!(store.read(&may(&gp(1), Action::ReadPlan, id), at(61), "plan").await.unwrap().is_some());
    store.close().await.unwrap();
}

/// The key store goes back by itself where only it was lost; one that misses a patient leaves that record closed.
pub async fn key_store_alone(place: Place) {
    let store = place.open().await;
    let id = registered(&store, 0, 1).await;
    let kept = Kept::of(&place, &store).await;
    let later = fresh_id();
    store
        .register(&may(&gp(1), Action::RegisterPatient, &later), &patient(bsn(9), "N", "Na"), &[], at(52))
        .await
        .unwrap();
    store.close().await.unwrap();
    let Database::Sqlite { folder } = &place.settings.database else {
        place.behind("DROP SCHEMA keys CASCADE").await;
        return key_store_back(&place, &kept, &id, &later).await;
    };
    for file in ["keys.db", "keys.db-wal", "keys.db-shm"] {
        let _ = std::fs::remove_file(folder.join(file));
    }
    key_store_back(&place, &kept, &id, &later).await;
}

async fn key_store_back(place: &Place, kept: &Kept, id: &PatientId, later: &PatientId) {
    let only = Restore { data: None, ..kept.both() };
    let restored = restore(&place.settings, only, at(60), quiet()).await.unwrap();
    assert_eq!((restored.made_at, restored.keys_made_at, restored.log), (None, Some(at(51)), None));
    let store = place.open().await;
    let read = |id| may(&gp(1), Action::ReadPlan, id);
    assert!(store.read(&read(id), at(61), "plan").await.unwrap().is_some());
    assert!(matches!(store.read(&read(later), at(61), "plan").await, Err(Error::NoKey)));
    assert!(store.verify().await.unwrap().is_whole());
    store.close().await.unwrap();
}
