//! Correcting an identity.

use super::register::insert_names;
use super::{Corrected, KEY_TRIES, identity_place, patient_id};
use crate::job::{Job, Tx, taken};
use crate::log::row::Entry;
use crate::path::IDENTITY;
use crate::plans::projection;
use crate::rotate::generation_is;
use crate::seal::{PatientKeys, Place};
use crate::tasks::follow::{Cause, follow};
use crate::value::params;
use crate::{Error, Result, Store, permits};
use domain::access::{Action, Permit};
use domain::ident::PatientId;
use domain::patient::Patient;
use jiff::Timestamp;
use std::sync::Arc;

struct Correct {
    id: String,
    expected: u32,
    identity: Vec<u8>,
    bsn: [[u8; 32]; 2],
    generation: i64,
    names: Vec<[u8; 32]>,
    cause: Cause,
    entry: Entry,
}

enum Outcome {
    Done,
    Stale,
    Double(PatientId),
}

impl Store {
    /// Corrects the identity, with a reason for the log. The earlier one is kept.
    ///
    /// # Errors
    /// [`Error::Merged`] where the record was merged into another.
    pub async fn correct_patient(
        &self,
        permit: &Permit,
        expected: u32,
        patient: &Patient,
        reason: &str,
        now: Timestamp,
    ) -> Result<Corrected> {
        permits::exactly(permit, Action::CorrectPatient)?;
        let id = permit.patient();
        let record = self.identity(id).await?.ok_or(Error::NoPatient)?;
        let keys = self.keys(id).await?;
        let mut entry = Entry::of(permit, now, "patient");
        entry.detail = Some(keys.seal(Place::of("log.detail", id.as_str()), reason.as_bytes())?);
        let mut tries = 1;
        let outcome = loop {
            let search = self.core.search();
            let job = Correct {
                id: id.as_str().to_owned(),
                expected,
                identity: keys.seal_json(identity_place(id, expected + 1), patient)?,
                bsn: search.bsn(&patient.bsn),
                names: Self::name_hashes(&search, patient),
                generation: search.generation,
                cause: Cause::of(permit, Arc::clone(&keys), self.review_months()),
                entry: entry.clone(),
            };
            match self.core.db.write(job).await {
                Err(Error::Taken("BSN")) => {
                    let other = self.find_by_bsn(&patient.bsn).await?;
                    return other.map(Corrected::Double).ok_or(Error::Taken("BSN"));
                }
                Err(Error::KeysChanged) if tries < KEY_TRIES => {
                    tries += 1;
                    self.refresh_keys().await?;
                }
                other => break other?,
            }
        };
        match outcome {
            Outcome::Done => Ok(Corrected::Done(expected + 1)),
            Outcome::Double(other) => Ok(Corrected::Double(other)),
            Outcome::Stale => {
                // It is shown, so it is logged as seen.
                self.spend(Entry::of(permit, now, "patient, changed meanwhile")).await?;
                Ok(Corrected::Stale(Box::new(self.identity(id).await?.unwrap_or(record))))
            }
        }
    }
}

/// Changes who the patient is by what happened to them, and keeps the earlier identity; nothing by which they are found
/// may change. The patient's row is locked.
pub(crate) async fn amend(
    tx: &mut Tx<'_>,
    keys: &PatientKeys,
    id: &str,
    at: i64,
    change: impl FnOnce(&mut Patient),
) -> Result<()> {
    let mut row = tx.row(IDENTITY, params![id]).await?.ok_or(Error::NoPatient)?;
    let revision = row.count(0)?;
    let patient = patient_id(id)?;
    let before: Patient = keys.open_json(identity_place(&patient, revision), row.blob(1)?)?;
    let mut after = before.clone();
    change(&mut after);
    if after == before {
        return Ok(());
    }
    let sealed = keys.seal_json(identity_place(&patient, revision + 1), &after)?;
    keep_former(tx, id).await?;
    renew(tx, id, at, &sealed).await?;
    projection::remove(tx, id, 0).await
}

async fn keep_former(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let sql = "INSERT INTO patient_past (patient_id, revision, changed_at, identity) \
               SELECT patient_id, revision, changed_at, identity FROM patient WHERE patient_id = ?1";
    tx.execute(sql, params![id]).await.map(|_| ())
}

async fn renew(tx: &mut Tx<'_>, id: &str, at: i64, identity: &Vec<u8>) -> Result<()> {
    let sql = "UPDATE patient SET revision = revision + 1, changed_at = ?2, identity = ?3 WHERE patient_id = ?1";
    tx.execute(sql, params![id, at, identity]).await.map(|_| ())
}

impl Job for Correct {
    type Out = Outcome;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Outcome> {
        let id = &self.id;
        let sql = "SELECT revision, merged_into FROM patient WHERE patient_id = ?1 /*for update*/";
        let mut row = tx.row(sql, params![id]).await?.ok_or(Error::NoPatient)?;
        if let Some(into) = row.opt_text(1)? {
            return Err(Error::Merged(patient_id(&into)?));
        }
        if row.count(0)? != self.expected {
            return Ok(Outcome::Stale);
        }
        generation_is(tx, self.generation).await?;
        let sql = "SELECT patient_id FROM patient_bsn WHERE hash = ?1 OR hash = ?2";
        let other = tx.row(sql, params![&self.bsn[0], &self.bsn[1]]).await?;
        if let Some(other) = other.map(|mut r| r.text(0)).transpose()?.filter(|other| other != id) {
            return Ok(Outcome::Double(patient_id(&other)?));
        }
        keep_former(tx, id).await?;
        renew(tx, id, self.entry.at, &self.identity).await?;
        let bsn = "UPDATE patient_bsn SET hash = ?2, generation = ?3 WHERE patient_id = ?1";
        tx.execute(bsn, params![id, &self.bsn[0], self.generation]).await.map_err(|e| taken(e, "BSN"))?;
        tx.execute("DELETE FROM patient_name WHERE patient_id = ?1", params![id]).await?;
        insert_names(tx, id, &self.names).await?;
        projection::remove(tx, id, 0).await?;
        // Who died is asked nothing any more.
        follow(tx, &self.cause, self.entry.at).await?;
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(Outcome::Done)
    }
}
