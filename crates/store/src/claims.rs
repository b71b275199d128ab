//! Claims (F1, F2): which conversations an organisation's people held, which lines were claimed for them, and what was
//! withdrawn. A line is written once; a correction withdraws it with a reason and may be followed by another.

mod contracts;

pub use contracts::{Agreed, Insurers};

use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::path::step_place;
use crate::patients::patient_id;
use crate::seal::{PatientKeys, Place};
use crate::sharing::lock_patient;
use crate::value::{Row, micros, params};
use crate::{Error, Result, Store, permits};
use domain::access::{Action, Actor, Permit};
use domain::claims::Line;
use domain::ident::PatientId;
use domain::path::{Step, What};
use domain::plan::Recorder;
use domain::talk::Talk;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A conversation that an organisation's people held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The day.
    pub on: Date,
    /// With whom.
    pub patient: PatientId,
    /// The record in which it was reported: the patient's, or one that was merged into it.
    pub record: PatientId,
    /// The step that reports it.
    pub step: u32,
}

/// A line that was claimed, or withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The record in which the conversation was reported.
    pub record: PatientId,
    /// What was written.
    pub written: Written,
}

/// What was written of a line. Sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Counts per record, from 1.
    pub number: u32,
    /// The day of the conversation.
    pub on: Date,
    /// The step that reports it.
    pub step: u32,
    /// When it was claimed.
    pub at: Timestamp,
    /// By whom.
    pub by: Recorder,
    /// What happened.
    pub what: ClaimEvent,
}

/// What happened to a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimEvent {
    /// It was claimed.
    Claimed(Line),
    /// An earlier line was withdrawn.
    Withdrawn {
        /// Its number.
        of: u32,
        /// Why.
        reason: String,
    },
}

/// What became of writing a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrote {
    /// Done.
    Done,
    /// There is a line for this patient and day already, there is none any more to withdraw, or the conversation is not this
    /// patient's (any more); nothing was written.
    Gone,
}

const HELD: &str = "SELECT on_day, patient_id, record_id, step FROM talk_held WHERE organisation_id = ?1 AND on_day >= ?2 \
     AND on_day <= ?3 ORDER BY on_day, patient_id, record_id, step LIMIT ?4 OFFSET ?5";
const IS_HELD: &str = "SELECT 1 FROM talk_held WHERE organisation_id = ?1 AND on_day = ?2 AND patient_id = ?3 \
     AND record_id = ?4 AND step = ?5";
const OF_PERIOD: &str = "SELECT DISTINCT patient_id FROM claim WHERE organisation_id = ?1 AND on_day >= ?2 \
     AND on_day <= ?3 ORDER BY patient_id";

struct Write {
    held: Held,
    keys: Arc<PatientKeys>,
    organisation: String,
    written: Written,
    entry: Entry,
}

fn place(id: &str, number: u32) -> Place<'_> {
    Place::of("claim", id).number(number)
}

/// Notes who held a conversation, when a report of one is written.
pub(crate) async fn note_held(tx: &mut Tx<'_>, id: &str, step: &Step) -> Result<()> {
    if let What::Talk(Talk::Held(_)) = &step.what {
        let sql = "INSERT INTO talk_held (organisation_id, on_day, patient_id, record_id, step) \
                   VALUES (?1, ?2, ?3, ?3, ?4) ON CONFLICT DO NOTHING";
        let day = step.day.to_string();
        tx.execute(sql, params![step.by.organisation.as_str(), &day, id, step.number]).await?;
    }
    Ok(())
}

impl Store {
    /// Conversations that the actor's organisation held in a period, in order of day; without the first so many.
    pub async fn held(&self, by: &Actor, (from, until): (Date, Date), skip: u32, limit: u32) -> Result<Vec<Held>> {
        let (from, until) = (from.to_string(), until.to_string());
        let params = params![by.organisation.as_str(), &from, &until, limit, skip];
        let held = |mut row: Row| {
            let (on, patient, record) = (self::day(&row.text(0)?)?, row.text(1)?, row.text(2)?);
            Ok(Held { on, patient: patient_id(&patient)?, record: patient_id(&record)?, step: row.count(3)? })
        };
        self.core.db.rows(HELD, params).await?.into_iter().map(held).collect()
    }

    /// The report of a conversation that the actor's organisation held with the patient; `None` where there is no such one
    /// (any more). It may stand in a record that was merged into the patient's.
    pub async fn held_report(&self, permit: &Permit, held: &Held, now: Timestamp) -> Result<Option<Step>> {
        permits::plan(permit)?;
        let (on, record) = (held.on.to_string(), held.record.as_str());
        let organisation = permit.actor().organisation.as_str();
        let params = params![organisation, &on, permit.patient().as_str(), record, held.step];
        if self.core.db.row(IS_HELD, params).await?.is_none() {
            return Ok(None);
        }
        let sql = "SELECT sealed FROM step WHERE patient_id = ?1 AND number = ?2";
        let Some(mut row) = self.core.db.row(sql, params![record, held.step]).await? else { return Ok(None) };
        let step = self.keys(&held.record).await?.open_json(step_place(record, held.step), row.blob(0)?)?;
        self.spend(Entry::of(permit, now, "path")).await?;
        Ok(Some(step))
    }

    /// Patients for whom the actor's organisation claimed something in a period, in order of their ids. Who they are, and what,
    /// is read with a permit.
    pub async fn claimed_for(&self, by: &Actor, (from, until): (Date, Date)) -> Result<Vec<PatientId>> {
        let (from, until) = (from.to_string(), until.to_string());
        let rows = self.core.db.many_rows(OF_PERIOD, params![by.organisation.as_str(), &from, &until]).await?;
        rows.into_iter().map(|mut r: Row| patient_id(&r.text(0)?)).collect()
    }

    /// What the actor's organisation claimed and withdrew for a patient, in order of writing: in the patient's record, and in
    /// those that were merged into it.
    pub async fn claims(&self, permit: &Permit, now: Timestamp) -> Result<Vec<Claimed>> {
        permits::plan(permit)?;
        let sql = "SELECT record_id, number, sealed FROM claim WHERE patient_id = ?1 AND organisation_id = ?2 \
                   ORDER BY at, record_id, number";
        let params = params![permit.patient().as_str(), permit.actor().organisation.as_str()];
        let mut all = Vec::new();
        for mut row in self.core.db.rows(sql, params).await? {
            let id = row.text(0)?;
            let record = patient_id(&id)?;
            let keys = self.keys(&record).await?;
            let written = keys.open_json(place(&id, row.count(1)?), row.blob(2)?)?;
            all.push(Claimed { record, written });
        }
        self.spend(Entry::of(permit, now, "claim")).await?;
        Ok(all)
    }

    /// Writes a line for a conversation, or that an earlier one is withdrawn.
    pub async fn write_claim(
        &self,
        permit: &Permit,
        held: &Held,
        what: ClaimEvent,
        by: &Recorder,
        now: Timestamp,
    ) -> Result<Wrote> {
        permits::exactly(permit, Action::FollowUp)?;
        if held.patient != *permit.patient() {
            return Err(Error::Permit("a claim is for another patient"));
        }
        let job = Write {
            held: held.clone(),
            keys: self.keys(&held.record).await?,
            organisation: permit.actor().organisation.as_str().to_owned(),
            written: Written { number: 0, on: held.on, step: held.step, at: now, by: by.clone(), what },
            entry: Entry::of(permit, now, "claim"),
        };
        self.core.db.write(job).await
    }
}

/// A record was merged into another: its conversations and its lines are that one's now. They stay where they were written,
/// with their numbers and seals.
pub(crate) async fn merge(tx: &mut Tx<'_>, kept: &str, dropped: &str) -> Result<()> {
    for sql in [
        "UPDATE talk_held SET patient_id = ?1 WHERE patient_id = ?2",
        "UPDATE claim SET patient_id = ?1 WHERE patient_id = ?2",
        "UPDATE claim_counts SET patient_id = ?1 WHERE patient_id = ?2",
    ] {
        tx.execute(sql, params![kept, dropped]).await?;
    }
    Ok(())
}

fn day(text: &str) -> Result<Date> {
    text.parse().map_err(|_| Error::Bug("a table holds what is no day"))
}

impl Job for Write {
    type Out = Wrote;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Wrote> {
        let (id, record) = (self.held.patient.as_str(), self.held.record.as_str());
        let (organisation, on) = (&self.organisation, self.held.on.to_string());
        // Whoever writes for this patient does so one by one.
        lock_patient(tx, id).await?;
        if tx.row(IS_HELD, params![organisation, &on, id, record, self.held.step]).await?.is_none() {
            return Ok(Wrote::Gone);
        }
        let sql = "SELECT coalesce(max(number), 0) + 1 FROM claim WHERE record_id = ?1";
        let number = tx.row(sql, params![record]).await?.map_or(Ok(1), |r| r.count(0))?;
        match &self.written.what {
            ClaimEvent::Claimed(_) => {
                let sql =
                    "SELECT 1 FROM claim_counts WHERE patient_id = ?1 AND organisation_id = ?2 AND on_day = ?3 LIMIT 1";
                if tx.row(sql, params![id, organisation, &on]).await?.is_some() {
                    return Ok(Wrote::Gone);
                }
                let sql = "INSERT INTO claim_counts (patient_id, organisation_id, on_day, record_id, number) \
                           VALUES (?1, ?2, ?3, ?4, ?5)";
                tx.execute(sql, params![id, organisation, &on, record, number]).await?;
            }
            ClaimEvent::Withdrawn { of, .. } => {
                let sql = "DELETE FROM claim_counts WHERE patient_id = ?1 AND organisation_id = ?2 AND on_day = ?3 \
                           AND record_id = ?4 AND number = ?5";
                if tx.execute(sql, params![id, organisation, &on, record, *of]).await? == 0 {
                    return Ok(Wrote::Gone);
                }
            }
        }
        let written = Written { number, ..self.written.clone() };
        let sealed = self.keys.seal_json(place(record, number), &written)?;
        tx.execute(
            "INSERT INTO claim (patient_id, record_id, number, organisation_id, on_day, at, sealed) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![id, record, number, organisation, &on, micros(written.at), &sealed],
        )
        .await?;
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(Wrote::Done)
    }
}
