//! Claims (F1, F2): which conversations an organisation's people held, which lines were claimed for them, and what was
//! withdrawn. A line is written once; a correction withdraws it with a reason and may be followed by another.

mod contracts;

pub use contracts::{Agreed, Insurers};

use crate::job::{Job, Tx, taken};
use crate::log::row::Entry;
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
    /// The step that reports it.
    pub step: u32,
}

/// A line that was claimed, or withdrawn. Sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claimed {
    /// Counts per patient, from 1.
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
    /// There is a line for this patient and day already, or there is none any more to withdraw; nothing was written.
    Gone,
}

const HELD: &str = "SELECT on_day, patient_id, step FROM talk_held WHERE organisation_id = ?1 AND on_day >= ?2 \
     AND on_day <= ?3 ORDER BY on_day, patient_id, step LIMIT ?4 OFFSET ?5";
const OF_PERIOD: &str = "SELECT DISTINCT patient_id FROM claim WHERE organisation_id = ?1 AND on_day >= ?2 \
     AND on_day <= ?3 AND patient_id > ?4 ORDER BY patient_id LIMIT ?5";

struct Write {
    id: String,
    keys: Arc<PatientKeys>,
    organisation: String,
    claimed: Claimed,
    entry: Entry,
}

fn place(id: &str, number: u32) -> Place<'_> {
    Place::of("claim", id).number(number)
}

/// Notes who held a conversation, when a report of one is written.
pub(crate) async fn note_held(tx: &mut Tx<'_>, id: &str, step: &Step) -> Result<()> {
    if let What::Talk(Talk::Held(_)) = &step.what {
        let sql = "INSERT INTO talk_held (organisation_id, on_day, patient_id, step) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT DO NOTHING";
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
            Ok(Held { on: self::day(&row.text(0)?)?, patient: patient_id(&row.text(1)?)?, step: row.count(2)? })
        };
        self.core.db.rows(HELD, params).await?.into_iter().map(held).collect()
    }

    /// Patients for whom the actor's organisation claimed something in a period, in order of their ids; `after` is the last of
    /// the page before. Who they are, and what, is read with a permit.
    pub async fn claimed_for(
        &self,
        by: &Actor,
        (from, until): (Date, Date),
        after: Option<&PatientId>,
        limit: u32,
    ) -> Result<Vec<PatientId>> {
        let (from, until, after) = (from.to_string(), until.to_string(), after.map_or("", PatientId::as_str));
        let params = params![by.organisation.as_str(), &from, &until, after, limit];
        let rows = self.core.db.rows(OF_PERIOD, params).await?;
        rows.into_iter().map(|mut r: Row| patient_id(&r.text(0)?)).collect()
    }

    /// What the actor's organisation claimed and withdrew for a patient, in order of writing.
    pub async fn claims(&self, permit: &Permit, now: Timestamp) -> Result<Vec<Claimed>> {
        permits::plan(permit)?;
        let id = permit.patient().as_str();
        let sql = "SELECT number, sealed FROM claim WHERE patient_id = ?1 AND organisation_id = ?2 ORDER BY number";
        let rows = self.core.db.rows(sql, params![id, permit.actor().organisation.as_str()]).await?;
        let keys = self.keys(permit.patient()).await?;
        let open = |mut row: Row| keys.open_json(place(id, row.count(0)?), row.blob(1)?);
        let all = rows.into_iter().map(open).collect::<Result<_>>()?;
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
            id: permit.patient().as_str().to_owned(),
            keys: self.keys(permit.patient()).await?,
            organisation: permit.actor().organisation.as_str().to_owned(),
            claimed: Claimed { number: 0, on: held.on, step: held.step, at: now, by: by.clone(), what },
            entry: Entry::of(permit, now, "claim"),
        };
        match self.core.db.write(job).await {
            Err(Error::Taken(_)) => Ok(Wrote::Gone),
            other => other,
        }
    }
}

/// A record was merged into another: what was claimed for a day counts there too, so that no line is written twice, and its
/// conversations are claimed no more.
pub(crate) async fn merge(tx: &mut Tx<'_>, kept: &str, dropped: &str) -> Result<()> {
    let sql = "INSERT INTO claim_counts (patient_id, organisation_id, on_day, number) \
               SELECT CAST(?1 AS TEXT), organisation_id, on_day, 0 FROM claim_counts WHERE patient_id = ?2 \
               ON CONFLICT DO NOTHING";
    tx.execute(sql, params![kept, dropped]).await?;
    tx.execute("DELETE FROM talk_held WHERE patient_id = ?1", params![dropped]).await.map(|_| ())
}

fn day(text: &str) -> Result<Date> {
    text.parse().map_err(|_| Error::Bug("a table holds what is no day"))
}

impl Job for Write {
    type Out = Wrote;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Wrote> {
        let (id, organisation) = (&self.id, &self.organisation);
        lock_patient(tx, id).await?;
        let sql = "SELECT coalesce(max(number), 0) + 1 FROM claim WHERE patient_id = ?1";
        let number = tx.row(sql, params![id]).await?.map_or(Ok(1), |r| r.count(0))?;
        let claimed = Claimed { number, ..self.claimed.clone() };
        let on = claimed.on.to_string();
        match &claimed.what {
            ClaimEvent::Claimed(_) => {
                let sql = "INSERT INTO claim_counts (patient_id, organisation_id, on_day, number) \
                           VALUES (?1, ?2, ?3, ?4)";
                tx.execute(sql, params![id, organisation, &on, number]).await.map_err(|e| taken(e, "day"))?;
            }
            ClaimEvent::Withdrawn { of, .. } => {
                let sql = "DELETE FROM claim_counts WHERE patient_id = ?1 AND organisation_id = ?2 AND on_day = ?3 \
                           AND number = ?4";
                if tx.execute(sql, params![id, organisation, &on, *of]).await? == 0 {
                    return Ok(Wrote::Gone);
                }
            }
        }
        let sealed = self.keys.seal_json(place(id, number), &claimed)?;
        tx.execute(
            "INSERT INTO claim (patient_id, number, organisation_id, on_day, at, sealed) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![id, number, organisation, &on, micros(claimed.at), &sealed],
        )
        .await?;
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(Wrote::Done)
    }
}
