//! Erasing: nothing of the patient is left in database, write-ahead log and attachments, nor in a backup that is older.

use crate::left::Traces;
use crate::world::{Place, at, bsn, fresh_id, gp, may, organisation, patient, recorder, registered, version};
use domain::access::{Action, Sharing};
use domain::consent::Said;
use domain::form::Answers;
use domain::ident::{AttachmentId, PatientId};
use domain::people::Telephone;
use domain::plan::DraftTopic;
use jiff::ToSpan;
use std::sync::Arc;
use store::backup::{BackupKey, Restore, What, restore};
use store::drafts::SaveTopic;
use store::erasure::Ground;
use store::plans::{File, WriteVersion};
use store::team::Member;
use store::{Error, Store};

/// Every table with rows of this patient, by any text or bytes in them.
async fn tables_with_rows_of(place: &Place, id: &str) -> Vec<String> {
    let tables = if place.is_sqlite() {
        "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c ON c.name = 'patient_id' WHERE m.type = 'table'"
    } else {
        "SELECT table_name::text FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'patient_id'"
    };
    let mut found = Vec::new();
    for table in place.texts(tables).await {
        if place.number(&format!("SELECT count(*) FROM {table} WHERE patient_id = '{id}'")).await > 0 {
            found.push(table);
        }
    }
    found.sort();
    found
}

async fn full_record(store: &Store, n: u32) -> PatientId {
    let (gp, id) = (gp(1), fresh_id());
    let mut who = patient(bsn(n), "Te", &format!("Wissen{n}"));
    store
        .register(&may(&gp, Action::RegisterPatient, &id), &who, &[Member::Organisation(organisation(1))], at(0))
        .await
        .unwrap();
    let record = may(&gp, Action::RecordPlan, &id);
    for number in 1..=3 {
        let next = version(number, &format!("wens {number}"), &gp, at(number.into()));
        let file = File {
            id: AttachmentId::from_bits(store::random::bits()),
            media_type: "text/plain".into(),
            bytes: vec![7; 30_000],
        };
        let write = WriteVersion {
            files: vec![file],
            same_as: vec![format!("bundel {number}")],
            ..WriteVersion::of(number - 1, &next)
        };
        store.write_version(&record, write, at(number.into())).await.unwrap();
    }
    let topic = DraftTopic {
        part: "reanimatie".into(),
        revision: 0,
        answers: Answers { items: vec![] },
        skipped: false,
        origin: None,
        saved_by: "dr. Tijdig".into(),
        saved_at: at(4),
    };
    let by = recorder(&gp);
    let save = SaveTopic { topic: &topic, expected: 0, based_on: 3, by: &by };
    store.save_draft_topic(&record, save, at(4)).await.unwrap();
    who.name.partner_family = Some("Gewist".into());
    store.correct_patient(&may(&gp, Action::CorrectPatient, &id), 1, &who, "getrouwd", at(5)).await.unwrap();
    id
}

pub async fn erased(place: Place) {
    let store = place.open().await;
    let gp = gp(1);
    let other = registered(&store, 0, 2).await;
    let id = full_record(&store, 5).await;
    let double = full_record(&store, 6).await;
    let correct = |id: &PatientId| may(&gp, Action::CorrectPatient, id);
    let mut traces = Traces::of(&place, id.as_str()).await;
    traces.add(Traces::of(&place, double.as_str()).await);
    store.merge(&correct(&id), &correct(&double), "dubbel", at(6)).await.unwrap();
    store.anchor(at(7)).await.unwrap();

    // Before: PostgreSQL took samples of what it has, as it does by itself; and somebody kept a backup of everything.
    if !place.is_sqlite() {
        place.behind("ANALYZE").await;
    }
    let key = BackupKey::make(&place.folder.join("backup.key")).unwrap();
    let (before, keys) = (place.folder.join("before"), place.folder.join("keys-after"));
    store.backup(What::Data, &before, false, &key, at(8), Arc::new(|_, _| {})).await.unwrap();

    let erase = |id| may(&gp, Action::ErasePatient, id);
    let not_this = store.erase(&erase(&double), Ground::Request, at(9)).await.expect_err("it was merged");
    assert!(matches!(not_this, Error::Merged(into) if into == id));
    let wrong = store.erase(&correct(&id), Ground::Request, at(9)).await.expect_err("leave for another act");
    assert!(matches!(wrong, Error::Permit(_)));
    let done = store.erase(&erase(&id), Ground::Request, at(9)).await.unwrap();
    assert_eq!((done.records, done.overwritten), (2, true));

    for gone in [&id, &double] {
        assert_eq!(tables_with_rows_of(&place, gone.as_str()).await, ["erasure"]);
        let sql = format!("SELECT patient_id FROM data_key WHERE patient_id = '{gone}'");
        assert!(place.key_texts(&sql).await.is_empty());
        assert!(store.read(&may(&gp, Action::ReadPlan, gone), at(10), "plan").await.unwrap().is_none());
    }
    assert_eq!(store.find_by_bsn(&bsn(5)).await.unwrap(), None);
    assert!(store.find_by_name("1941-03-12".parse().unwrap(), "wissen5").await.unwrap().is_empty());
    let again = store.erase(&erase(&id), Ground::Request, at(10)).await.expect_err("there is none");
    assert!(matches!(again, Error::NoPatient));
    traces.are_gone(&place).await;

    // The proof, without content, and the log.
    let proof = store.erasures(None, 10).await.unwrap();
    assert_eq!(proof.len(), 2);
    assert!(proof.iter().all(|p| p.complete && p.ground == Ground::Request && p.at == at(9)));
    assert!(proof.iter().all(|p| p.role.as_deref() == Some("gp") && p.actor.starts_with("person:")));
    let report = store.verify().await.unwrap();
    assert!(report.is_whole(), "{report:?}");
    assert!(store.read(&may(&gp, Action::ReadPlan, &other), at(10), "plan").await.unwrap().is_some());
    // The BSN may come back, as somebody new.
    store
        .register(&may(&gp, Action::RegisterPatient, &fresh_id()), &patient(bsn(5), "N", "N"), &[], at(11))
        .await
        .unwrap();
    store.anchor(at(12)).await.unwrap();
    store.backup(What::Keys, &keys, false, &key, at(13), Arc::new(|_, _| {})).await.unwrap();
    store.close().await.unwrap();

    // The backup from before with the key store of today.
    let older = place.beside().await;
    let what = Restore { data: Some(&before), keys: Some(&keys), key: &key };
    let restored = restore(&older.settings, what, at(20), Arc::new(|_, _| {})).await.unwrap();
    assert_eq!((restored.erased_again, restored.patients, restored.without_key), (2, 1, 0));
    assert!(restored.log.unwrap().is_whole());
    let store = older.open().await;
    for gone in [&id, &double] {
        assert_eq!(tables_with_rows_of(&older, gone.as_str()).await, ["erasure"]);
        let sql = format!("SELECT patient_id FROM data_key WHERE patient_id = '{gone}'");
        assert!(older.key_texts(&sql).await.is_empty());
        assert!(store.read(&may(&gp, Action::ReadPlan, gone), at(21), "plan").await.unwrap().is_none());
    }
    traces.are_gone(&older).await;
    assert_eq!(store.find_by_bsn(&bsn(5)).await.unwrap(), None);
    assert!(store.erasures(None, 10).await.unwrap().iter().all(|p| p.ground == Ground::Restored && p.complete));
    assert!(store.read(&may(&gp, Action::ReadPlan, &other), at(21), "plan").await.unwrap().is_some());
    store.close().await.unwrap();
}

/// A kill after the proof was written as begun: the next start finishes.
pub async fn broken_off(place: Place) {
    let store = place.open().await;
    let id = full_record(&store, 5).await;
    store.close().await.unwrap();
    place
        .behind(&format!(
            "INSERT INTO erasure (patient_id, at, ground, actor, role, organisation, basis, done, swept) \
             VALUES ('{id}', 1795424400000000, 'retention', 'person:x', 'gp', NULL, 'team', 0, 0)"
        ))
        .await;
    let store = place.open().await;
    assert_eq!(tables_with_rows_of(&place, id.as_str()).await, ["erasure"]);
    assert!(!store.erasures(None, 10).await.unwrap()[0].complete, "not overwritten yet");
    store.anchor(at(10)).await.unwrap();
    assert!(store.erasures(None, 10).await.unwrap()[0].complete, "each minute that is tried");
    assert!(store.verify().await.unwrap().is_whole());
    store.close().await.unwrap();
}

/// Somebody looks at an older state, as a backup does: what was erased stays on the disk for as long as they do, and is
/// not called overwritten before.
pub async fn seen_still(place: Place) {
    let store = place.open().await;
    let gp = gp(1);
    let id = full_record(&store, 5).await;
    let traces = Traces::of(&place, id.as_str()).await;
    let looking = place.looking().await;
    let done = store.erase(&may(&gp, Action::ErasePatient, &id), Ground::Request, at(9)).await.unwrap();
    assert!(!done.overwritten);
    assert!(!store.erasures(None, 10).await.unwrap()[0].complete);
    drop(looking);
    store.anchor(at(10)).await.unwrap();
    assert!(store.erasures(None, 10).await.unwrap()[0].complete);
    traces.are_gone(&place).await;
    store.close().await.unwrap();
}

/// Twenty years count from the last medical change; an address does not move it.
pub async fn retention(place: Place) {
    let store = place.open().await;
    let gp = gp(1);
    let (old, young) = (registered(&store, 1, 2).await, registered(&store, 2, 5).await);
    assert_eq!(store.last_medical_change(&old).await.unwrap(), Some(at(2)));
    let mut moved = patient(bsn(1), "Aaltje", "Bergsma1");
    moved.telephones.push(Telephone { number: Some("0612345678".into()), kind: None, purpose: None, comment: None });
    store.correct_patient(&may(&gp, Action::CorrectPatient, &old), 1, &moved, "ander nummer", at(60)).await.unwrap();
    assert_eq!(store.last_medical_change(&old).await.unwrap(), Some(at(2)));
    let due = |before| store.kept_since_before(before, None, 10);
    assert!(due(at(2)).await.unwrap().is_empty());
    let ids = |kept: Vec<store::retention::Kept>| kept.into_iter().map(|k| k.patient).collect::<Vec<_>>();
    assert_eq!(ids(due(at(3)).await.unwrap()), std::slice::from_ref(&old));
    let first = store.kept_since_before(at(9), None, 1).await.unwrap();
    let rest = store.kept_since_before(at(9), first.last(), 10).await.unwrap();
    assert_eq!((ids(first), ids(rest)), (vec![old.clone()], vec![young.clone()]));
    // A merged record counts with the one that is kept.
    let correct = |id: &PatientId| may(&gp, Action::CorrectPatient, id);
    store.merge(&correct(&old), &correct(&young), "dubbel", at(61)).await.unwrap();
    assert_eq!(store.last_medical_change(&old).await.unwrap(), Some(at(5)));
    let twenty_years_on = at(5).checked_add((20 * 365 * 24).hours()).unwrap();
    assert_eq!(ids(due(twenty_years_on).await.unwrap()), [old]);
    store.close().await.unwrap();
}

/// The patient's copy holds everything, and the log in it tells of the copy.
pub async fn copy(place: Place) {
    let store = place.open().await;
    let gp = gp(1);
    let id = full_record(&store, 5).await;
    let consent = may(&gp, Action::RecordConsent, &id);
    store.set_sharing(&consent, &[Said::for_everyone(Sharing::Refused)], at(6)).await.unwrap();
    let not_this = store.export(&may(&gp, Action::ReadPlan, &id), at(7)).await.expect_err("leave for another act");
    assert!(matches!(not_this, Error::Permit(_)));
    let export = |id: &PatientId| may(&gp, Action::ExportRecord, id);
    assert_eq!(store.export(&export(&fresh_id()), at(7)).await.unwrap(), None);
    let copy = store.export(&export(&id), at(7)).await.unwrap().unwrap();
    let many = |part: &str| copy[part].as_array().unwrap().len();
    assert_eq!((many("versions"), many("documents"), many("earlier_identities"), many("team")), (3, 3, 1, 1));
    assert_eq!(copy["identity"]["patient"]["name"]["partner_family"], "Gewist");
    assert_eq!(copy["documents"][0]["media_type"], "text/plain");
    assert_eq!(copy["consent"]["events"][0]["said"]["value"], "refused");
    assert!(copy["versions"][2].to_string().contains("wens 3"));
    assert_eq!(copy["last_medical_change"], at(3).to_string());
    let log = copy["log"].as_array().unwrap();
    assert!(log.iter().any(|row| row["action"] == "record-plan" && row["data"] == "version 3"));
    assert!(log.iter().any(|row| row["detail"] == "getrouwd"));
    let copies = place.number("SELECT count(*) FROM log WHERE action = 'export-record'").await;
    assert!(copies >= 8, "{copies} rows tell of the copy");
    assert_eq!(log.last().unwrap()["action"], "register-patient");
    assert!(log.iter().any(|row| row["action"] == "export-record" && row["data"] == "copy: versions"));
    store.close().await.unwrap();
}
