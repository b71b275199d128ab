//! Consent to share, as a row of events with the value that holds now (decision 51).

use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::patients::patient_id;
use crate::seal::{PatientKeys, Place};
use crate::value::params;
use crate::{Error, Result, Store, permits};
use domain::access::{Permit, Sharing};
use domain::ident::PatientId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One event of consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharingEvent {
    /// When it was recorded.
    pub at: Timestamp,
    /// What was said.
    pub value: Sharing,
    /// Version of the plan that brought it; absent where it was recorded by itself.
    pub version: Option<u32>,
    /// What was said with it.
    pub note: Option<String>,
}

/// What is sealed of an event.
#[derive(Serialize, Deserialize)]
struct Said {
    value: Sharing,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

struct SetSharing {
    id: String,
    keys: Arc<PatientKeys>,
    value: Sharing,
    note: Option<String>,
    entry: Entry,
}

impl Store {
    /// Every event, oldest first; the last is what holds. None: nothing was ever said.
    pub async fn sharing(&self, permit: &Permit, now: Timestamp) -> Result<Vec<SharingEvent>> {
        permits::identity(permit)?;
        let id = permit.patient().as_str();
        let sql = "SELECT number, at, version, sealed FROM sharing_event WHERE patient_id = ?1 ORDER BY number";
        let rows = self.core.db.rows(sql, params![id]).await?;
        let mut events = Vec::with_capacity(rows.len());
        if !rows.is_empty() {
            let keys = self.keys(permit.patient()).await?;
            for mut row in rows {
                let said: Said = keys.open_json(place(id, row.count(0)?), row.blob(3)?)?;
                let version = row.opt_int(2)?.and_then(|v| u32::try_from(v).ok());
                events.push(SharingEvent { at: row.time(1)?, value: said.value, version, note: said.note });
            }
        }
        self.spend(Entry::of(permit, now, "sharing")).await?;
        Ok(events)
    }

    /// Records what the patient says about sharing.
    pub async fn set_sharing(&self, permit: &Permit, value: Sharing, note: Option<&str>, now: Timestamp) -> Result<()> {
        permits::change(permit)?;
        self.identity(permit.patient()).await?.ok_or(Error::NoPatient)?;
        let job = SetSharing {
            id: permit.patient().as_str().to_owned(),
            keys: self.keys(permit.patient()).await?,
            value,
            note: note.map(str::to_owned),
            entry: Entry::of(permit, now, "sharing"),
        };
        self.core.db.write(job).await
    }
}

impl Job for SetSharing {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        lock_patient(tx, &self.id).await?;
        add_event(tx, &self.keys, &self.id, self.entry.at, self.value, None, self.note.as_deref()).await?;
        tx.append(std::slice::from_ref(&self.entry))
    }
}

/// Locks a patient's row against others who write for the same patient; refuses one that was merged. The revision.
pub(crate) async fn lock_patient(tx: &mut Tx<'_>, id: &str) -> Result<u32> {
    let sql = "SELECT revision, merged_into FROM patient WHERE patient_id = ?1 /*for update*/";
    let mut row = tx.row(sql, params![id]).await?.ok_or(Error::NoPatient)?;
    match row.opt_text(1)? {
        Some(into) => Err(Error::Merged(patient_id(&into)?)),
        None => row.count(0),
    }
}

/// Adds an event, and makes it what holds; the patient's row is locked.
pub(crate) async fn add_event(
    tx: &mut Tx<'_>,
    keys: &PatientKeys,
    id: &str,
    at: i64,
    value: Sharing,
    version: Option<u32>,
    note: Option<&str>,
) -> Result<()> {
    let sql = "SELECT coalesce(max(number), 0) + 1 FROM sharing_event WHERE patient_id = ?1";
    let number = tx.row(sql, params![id]).await?.map_or(Ok(1), |r| r.count(0))?;
    let said = keys.seal_json(place(id, number), &Said { value, note: note.map(str::to_owned) })?;
    tx.execute(
        "INSERT INTO sharing_event (patient_id, number, at, version, sealed) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![id, number, at, version, &said],
    )
    .await?;
    let now = seal(keys, id, value)?;
    tx.execute("UPDATE patient SET sharing = ?2 WHERE patient_id = ?1", params![id, &now]).await?;
    Ok(())
}

fn place(id: &str, number: u32) -> Place<'_> {
    Place::of("sharing_event", id).number(number)
}

/// Seals what holds now: one byte, so that its length tells nothing.
pub(crate) fn seal(keys: &PatientKeys, id: &str, value: Sharing) -> Result<Vec<u8>> {
    let code: &[u8; 1] = match value {
        Sharing::Agreed => b"a",
        Sharing::Refused => b"r",
        Sharing::Unknown => b"u",
    };
    keys.seal(Place::of("patient.sharing", id), code)
}

/// Opens what holds now.
pub(crate) fn open(keys: &PatientKeys, id: &PatientId, sealed: Vec<u8>) -> Result<Sharing> {
    match keys.open(Place::of("patient.sharing", id.as_str()), sealed)?.as_slice() {
        b"a" => Ok(Sharing::Agreed),
        b"r" => Ok(Sharing::Refused),
        b"u" => Ok(Sharing::Unknown),
        _ => Err(Error::Unreadable { table: "patient.sharing", at: 0 }),
    }
}
