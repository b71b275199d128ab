//! What the patient says about their record: a statement that stands with it, a request to correct or destroy; and how
//! long a record must be kept (issue row 9).

use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::patients::patient_id;
use crate::seal::{PatientKeys, Place};
use crate::sharing::lock_patient;
use crate::team::member_codes;
use crate::value::{Row, micros, params};
use crate::{Error, Result, Store, permits};
use domain::access::{Action, Actor, Basis, Permit};
use domain::ident::{OrganisationId, PatientId};
use domain::rights::{Ground, Kind, State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A statement or request, with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnWords {
    /// Counts per patient, from 1.
    pub number: u32,
    /// When it was said.
    pub said_at: Timestamp,
    /// What was said.
    pub said: Said,
}

/// What is sealed of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// What it is.
    pub kind: Kind,
    /// What became of it.
    pub state: State,
    /// In the words of who said it.
    pub text: String,
    /// Who said it: `person:{id}`.
    pub by: String,
    /// Their name.
    pub name: String,
    /// Said by the representative.
    #[serde(default)]
    pub represented: bool,
    /// The answer, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
}

/// An answer to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// When.
    pub at: Timestamp,
    /// Who: `person:{id}`.
    pub by: String,
    /// Their name.
    pub name: String,
    /// In words.
    pub text: String,
    /// The law's ground, where an erasure was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<Ground>,
}

/// What somebody decides about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It was done.
    Done,
    /// It is refused; for an erasure on this ground.
    Refused(Option<Ground>),
}

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Went {
    /// Done.
    Done,
    /// It does not wait any more.
    Gone,
}

/// A record that need be kept no longer, or will soon need not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Falling {
    /// Whose.
    pub patient: PatientId,
    /// When something medical last changed.
    pub last_change: Timestamp,
}

struct Say {
    id: String,
    keys: Arc<PatientKeys>,
    said: Said,
    entry: Entry,
}

/// Changes one that stands or waits.
struct Settle {
    id: String,
    keys: Arc<PatientKeys>,
    number: u32,
    to: State,
    answer: Option<Answer>,
    /// Only its own words may one take back.
    by: Option<String>,
    entry: Entry,
}

const ALL: &str = "SELECT number, said_at, sealed FROM own_words WHERE patient_id = ?1 ORDER BY number DESC";

impl Store {
    /// Adds words of the patient's side to the record. Their number.
    pub async fn say(&self, permit: &Permit, kind: Kind, text: &str, now: Timestamp) -> Result<u32> {
        permits::exactly(permit, Action::OwnWords)?;
        if permit.basis() == Basis::Relative {
            return Err(Error::Permit("these rights are the patient's"));
        }
        let entry = Entry::of(permit, now, format!("own words: {}", kind.code()));
        let said = Said {
            kind,
            state: kind.first_state(),
            text: text.to_owned(),
            by: entry.actor.clone(),
            name: permit.actor().name.clone(),
            represented: permit.basis() == Basis::Representative,
            answer: None,
        };
        let keys = self.keys(permit.patient()).await?;
        self.core.db.write(Say { id: permit.patient().as_str().to_owned(), keys, said, entry }).await
    }

    /// Everything the patient's side said, newest first.
    pub async fn own_words(&self, permit: &Permit, now: Timestamp) -> Result<Vec<OwnWords>> {
        permits::plan(permit)?;
        let id = permit.patient().as_str();
        let rows = self.core.db.rows(ALL, params![id]).await?;
        let keys = self.keys(permit.patient()).await?;
        let all = rows.into_iter().map(|row| words(&keys, id, row)).collect::<Result<_>>()?;
        self.spend(Entry::of(permit, now, "own words")).await?;
        Ok(all)
    }

    /// Takes back what one said oneself, as long as it stands or waits.
    pub async fn take_back(&self, permit: &Permit, number: u32, now: Timestamp) -> Result<Went> {
        permits::exactly(permit, Action::OwnWords)?;
        let entry = Entry::of(permit, now, format!("own words {number}: taken back"));
        let by = Some(entry.actor.clone());
        self.settle(permit, Settle { to: State::Withdrawn, by, ..self.settling(permit, number, entry).await? }).await
    }

    /// Answers a request. That an erasure is refused for no other reason than the law knows is the caller's to see to.
    pub async fn answer_words(
        &self,
        permit: &Permit,
        number: u32,
        verdict: &Verdict,
        text: &str,
        now: Timestamp,
    ) -> Result<Went> {
        permits::exactly(permit, Action::AnswerRequest)?;
        let (to, ground) = match verdict {
            Verdict::Done => (State::Done, None),
            Verdict::Refused(ground) => (State::Refused, *ground),
        };
        let data = if to == State::Done { "done" } else { "refused" };
        let entry = Entry::of(permit, now, format!("own words {number}: {data}"));
        let (by, name) = (entry.actor.clone(), permit.actor().name.clone());
        let answer = Some(Answer { at: now, by, name, text: text.to_owned(), ground });
        self.settle(permit, Settle { to, answer, ..self.settling(permit, number, entry).await? }).await
    }

    async fn settling(&self, permit: &Permit, number: u32, entry: Entry) -> Result<Settle> {
        let id = permit.patient().as_str().to_owned();
        let keys = self.keys(permit.patient()).await?;
        Ok(Settle { id, keys, number, to: State::Withdrawn, answer: None, by: None, entry })
    }

    async fn settle(&self, permit: &Permit, job: Settle) -> Result<Went> {
        permits::change(permit)?;
        self.core.db.write(job).await
    }

    /// Patients of the actor's caseload who wait for an answer, by id.
    pub async fn waiting_for_answer(&self, actor: &Actor, limit: usize, now: Timestamp) -> Result<Vec<PatientId>> {
        let sql = "SELECT DISTINCT w.patient_id FROM own_words w JOIN patient p ON p.patient_id = w.patient_id \
             WHERE w.open = 1 AND p.merged_into IS NULL AND EXISTS (SELECT 1 FROM team t \
               WHERE t.patient_id = w.patient_id AND t.member IN (?1, ?2) AND t.from_at <= ?3 \
               AND (t.until_at IS NULL OR t.until_at > ?3)) ORDER BY w.patient_id LIMIT ?4";
        let (organisation, person) = member_codes(actor);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.core.db.many_rows(sql, params![&organisation, &person, micros(now), limit]).await?;
        rows.into_iter().map(|mut r| patient_id(&r.text(0)?)).collect()
    }

    /// Records in whose team this organisation is or was, and in which nothing medical changed since `before`
    /// ([`Store::last_medical_change`]): oldest first. Tells ids and days only; asking is logged.
    pub async fn falling_due(
        &self,
        by: &Actor,
        organisation: &OrganisationId,
        before: Timestamp,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<Falling>> {
        let sql = "SELECT r.patient_id, r.medical_at FROM retention r JOIN patient p ON p.patient_id = r.patient_id \
             WHERE r.medical_at < ?2 AND p.merged_into IS NULL \
             AND EXISTS (SELECT 1 FROM team t WHERE t.patient_id = r.patient_id AND t.member = ?1) \
             ORDER BY r.medical_at, r.patient_id LIMIT ?3";
        let member = format!("organisation:{organisation}");
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.core.db.many_rows(sql, params![&member, micros(before), limit]).await?;
        let falling = |mut r: Row| Ok(Falling { patient: patient_id(&r.text(0)?)?, last_change: r.time(1)? });
        let all = rows.into_iter().map(falling).collect::<Result<_>>()?;
        self.spend(Entry::by(by, now, "search", "records to keep no longer")).await?;
        Ok(all)
    }
}

fn place(id: &str, number: u32) -> Place<'_> {
    Place::of("own_words", id).number(number)
}

fn words(keys: &PatientKeys, id: &str, mut row: Row) -> Result<OwnWords> {
    let number = row.count(0)?;
    Ok(OwnWords { number, said_at: row.time(1)?, said: keys.open_json(place(id, number), row.blob(2)?)? })
}

impl Job for Say {
    type Out = u32;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<u32> {
        let id = &self.id;
        lock_patient(tx, id).await?;
        let sql = "SELECT coalesce(max(number), 0) + 1 FROM own_words WHERE patient_id = ?1";
        let number = tx.row(sql, params![id]).await?.map_or(Ok(1), |r| r.count(0))?;
        let sealed = self.keys.seal_json(place(id, number), &self.said)?;
        let sql = "INSERT INTO own_words (patient_id, number, said_at, open, sealed) VALUES (?1, ?2, ?3, ?4, ?5)";
        let open = self.said.state == State::Open;
        tx.execute(sql, params![id, number, self.entry.at, open, &sealed]).await?;
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(number)
    }
}

impl Job for Settle {
    type Out = Went;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Went> {
        let (id, number) = (&self.id, self.number);
        lock_patient(tx, id).await?;
        let row = tx.rows(ALL, params![id]).await?.into_iter().find(|r| r.count(0).is_ok_and(|n| n == number));
        let Some(row) = row else { return Ok(Went::Gone) };
        let OwnWords { mut said, .. } = words(&self.keys, id, row)?;
        // Who answers, answers what waits; who takes back, takes back their own that stands or waits.
        let fits = match &self.by {
            Some(by) => matches!(said.state, State::Open | State::Stands) && said.by == *by,
            None => said.state == State::Open,
        };
        if !fits {
            return Ok(Went::Gone);
        }
        said.state = self.to;
        said.answer.clone_from(&self.answer);
        let sealed = self.keys.seal_json(place(id, number), &said)?;
        let sql = "UPDATE own_words SET open = 0, sealed = ?3 WHERE patient_id = ?1 AND number = ?2";
        tx.execute(sql, params![id, number, &sealed]).await?;
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(Went::Done)
    }
}
