//! Consent to share, as a row of events with what holds now (decision 51).

use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::patients::patient_id;
use crate::seal::{PatientKeys, Place};
use crate::value::params;
use crate::{Error, Result, Store, permits};
use domain::access::{Action, Permit, Sharing};
use domain::consent::{Consent, Said, Scope};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One event of consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharingEvent {
    /// When it was recorded.
    pub at: Timestamp,
    /// What was said, for whom, by whom and how.
    pub said: Said,
    /// Version of the plan that brought it; absent where it was recorded by itself.
    pub version: Option<u32>,
    /// Who recorded it: `person:{id}`, `client:{id}` or `program`.
    pub recorded_by: String,
}

/// What is sealed of an event.
#[derive(Serialize, Deserialize)]
struct Sealed {
    #[serde(flatten)]
    said: Said,
    #[serde(default)]
    recorded_by: String,
}

struct SetSharing {
    id: String,
    keys: Arc<PatientKeys>,
    said: Vec<Said>,
    entry: Entry,
}

/// What holds is padded to a multiple of this, so that its length tells little.
const PAD: usize = 256;

impl Store {
    /// Every event, oldest first, and what holds now.
    pub async fn sharing(&self, permit: &Permit, now: Timestamp) -> Result<(Consent, Vec<SharingEvent>)> {
        permits::identity(permit)?;
        let id = permit.patient().as_str();
        let sql = "SELECT number, at, version, sealed FROM sharing_event WHERE patient_id = ?1 ORDER BY number";
        let rows = self.core.db.rows(sql, params![id]).await?;
        let mut events = Vec::with_capacity(rows.len());
        let mut consent = Consent::default();
        if !rows.is_empty() {
            let keys = self.keys(permit.patient()).await?;
            for mut row in rows {
                let Sealed { said, recorded_by } = keys.open_json(place(id, row.count(0)?), row.blob(3)?)?;
                let version = row.opt_int(2)?.and_then(|v| u32::try_from(v).ok());
                consent.hear(&said);
                events.push(SharingEvent { at: row.time(1)?, said, version, recorded_by });
            }
        }
        self.spend(Entry::of(permit, now, "sharing")).await?;
        Ok((consent, events))
    }

    /// Records what the patient says about sharing: everything together, or nothing.
    pub async fn set_sharing(&self, permit: &Permit, said: &[Said], now: Timestamp) -> Result<()> {
        permits::exactly(permit, Action::RecordConsent)?;
        self.identity(permit.patient()).await?.ok_or(Error::NoPatient)?;
        let job = SetSharing {
            id: permit.patient().as_str().to_owned(),
            keys: self.keys(permit.patient()).await?,
            said: said.to_vec(),
            entry: Entry::of(permit, now, "sharing"),
        };
        self.core.db.write(job).await
    }
}

impl Job for SetSharing {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        lock_patient(tx, &self.id).await?;
        for said in &self.said {
            add_event(tx, &self.keys, &self.id, self.entry.at, &self.entry.actor, said, None).await?;
        }
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

/// Adds an event, and makes it part of what holds; the patient's row is locked. `at` and `by` are those of the row of
/// the log that goes with it.
pub(crate) async fn add_event(
    tx: &mut Tx<'_>,
    keys: &PatientKeys,
    id: &str,
    at: i64,
    by: &str,
    said: &Said,
    version: Option<u32>,
) -> Result<()> {
    let sql = "SELECT coalesce(max(number), 0) + 1 FROM sharing_event WHERE patient_id = ?1";
    let number = tx.row(sql, params![id]).await?.map_or(Ok(1), |r| r.count(0))?;
    let sealed = Sealed { said: said.clone(), recorded_by: by.to_owned() };
    let sealed = keys.seal_json(place(id, number), &sealed)?;
    tx.execute(
        "INSERT INTO sharing_event (patient_id, number, at, version, sealed) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![id, number, at, version, &sealed],
    )
    .await?;
    let held = tx.row("SELECT sharing FROM patient WHERE patient_id = ?1", params![id]).await?;
    let mut consent = open(keys, id, held.ok_or(Error::NoPatient)?.blob(0)?)?;
    consent.hear(said);
    let now = seal(keys, id, &consent)?;
    tx.execute("UPDATE patient SET sharing = ?2 WHERE patient_id = ?1", params![id, &now]).await?;
    Ok(())
}

/// What a plan's form says with item 8b, as an event (decision 51).
pub(crate) fn by_form(value: Sharing) -> Said {
    Said { how: domain::consent::How::Form, scope: Scope::Everyone, ..Said::for_everyone(value) }
}

fn place(id: &str, number: u32) -> Place<'_> {
    Place::of("sharing_event", id).number(number)
}

/// Seals what holds now.
pub(crate) fn seal(keys: &PatientKeys, id: &str, consent: &Consent) -> Result<Vec<u8>> {
    let mut plain = serde_json::to_vec(consent).map_err(|_| Error::Bug("a consent does not serialise"))?;
    plain.resize(plain.len().next_multiple_of(PAD), b' ');
    keys.seal(Place::of("patient.sharing", id), &plain)
}

/// The JSON of what holds now.
pub(crate) fn unsealed(keys: &PatientKeys, id: &str, sealed: Vec<u8>) -> Result<Vec<u8>> {
    keys.open(Place::of("patient.sharing", id), sealed)
}

/// Opens what holds now.
pub(crate) fn open(keys: &PatientKeys, id: &str, sealed: Vec<u8>) -> Result<Consent> {
    keys.open_json(Place::of("patient.sharing", id), sealed)
}
