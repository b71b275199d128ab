//! The log (NEN 7513, decision 71): who did what to whom, when, on what ground; append-only, chained.

pub(crate) mod row;

use crate::job::{Job, Tx};
use crate::seal::{PatientKeys, Place};
use crate::value::{Row, params};
use crate::{Result, Store, permits};
use domain::access::{Actor, Permit};
use domain::ident::PatientId;
use jiff::Timestamp;
use row::{Entry, INSTANCE};

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// Refused.
    Refused,
    /// Failed.
    Failed,
}

impl Outcome {
    /// Code in the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// Something for the log that needs no permit: signing in, a refusal, a search, a change of settings.
#[derive(Debug, Clone)]
pub struct Event<'a> {
    /// When.
    pub at: Timestamp,
    /// Who; absent: nobody known, as with a failed sign-in.
    pub actor: Option<&'a Actor>,
    /// What was done: a short code such as `sign-in`, `search`, `read`.
    pub action: &'static str,
    /// With what: a resource type, a path's pattern. Never a name, birth date or BSN.
    pub data: &'a str,
    /// The patient it concerned, for a refusal; only in the instance's chain.
    pub patient: Option<&'a PatientId>,
    /// How it ended.
    pub outcome: Outcome,
    /// More; never about a patient.
    pub detail: Option<&'a str>,
}

/// A row of the log, as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// Place in its chain, from 1.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who: `person:{id}`, `client:{id}`, `program`, or empty.
    pub actor: String,
    /// Role acted in, as its code.
    pub role: Option<String>,
    /// Organisation acted for.
    pub organisation: Option<String>,
    /// What was done.
    pub action: String,
    /// With what.
    pub data: String,
    /// On what ground.
    pub basis: Option<String>,
    /// How it ended.
    pub outcome: String,
    /// In the instance's chain: the patient it concerned.
    pub patient: Option<String>,
    /// More.
    pub detail: Option<String>,
}

/// Walks a chain from a row back to the one after `?2`, and gives those up to `?3`.
const WALK: &str = "WITH RECURSIVE walk (id, prev, seq) AS ( \
     SELECT id, prev, seq FROM log WHERE id = ?1 \
     UNION ALL SELECT l.id, l.prev, l.seq FROM log l JOIN walk w ON l.id = w.prev WHERE l.seq > ?2) \
     SELECT l.seq, l.at, l.actor, l.role, l.organisation, l.action, l.data, l.basis, l.outcome, l.patient, l.detail \
     FROM walk w JOIN log l ON l.id = w.id WHERE l.seq > ?2 AND l.seq <= ?3 ORDER BY l.seq DESC";

/// Where a chain ends, asked in its turn among those who write; with the row for the asking, where it is logged.
struct HeadOf {
    chain: String,
    entry: Option<Entry>,
}

impl Store {
    /// Hands an event to the log of the instance; on disk with the next group.
    pub async fn event(&self, event: Event<'_>) -> Result<()> {
        let data = short(event.data);
        let mut entry = match event.actor {
            Some(actor) => Entry::by(actor, event.at, event.action, data),
            None => Entry::nobody(event.at, event.action, data),
        };
        entry.outcome = event.outcome.code().into();
        entry.patient = event.patient.map(|p| p.as_str().to_owned());
        entry.detail = event.detail.map(|d| short(d).into_bytes());
        self.spend(entry).await
    }

    /// The log of the permit's patient, newest first; `before` is the lowest `seq` of the page before. Looking is
    /// itself logged, after the rows it gives.
    pub async fn patient_log(
        &self,
        permit: &Permit,
        before: Option<u64>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<LogRow>> {
        permits::plan(permit)?;
        let chain = permit.patient().as_str().to_owned();
        let rows = self.walk(chain, before, limit, Some(Entry::of(permit, now, "log"))).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let keys = self.keys(permit.patient()).await?;
        rows.into_iter().map(|r| shown(r, Some((&keys, permit.patient())))).collect()
    }

    /// The log of what concerns no patient, newest first. Whether the reader may see it is the caller's to know.
    pub async fn instance_log(&self, before: Option<u64>, limit: usize) -> Result<Vec<LogRow>> {
        let rows = self.walk(INSTANCE.to_owned(), before, limit, None).await?;
        rows.into_iter().map(|r| shown(r, None)).collect()
    }

    async fn walk(&self, chain: String, before: Option<u64>, limit: usize, entry: Option<Entry>) -> Result<Vec<Row>> {
        // So that everything handed over before is seen.
        self.flush().await?;
        let (id, last) = self.core.db.write(HeadOf { chain, entry }).await?;
        let before = before.and_then(|b| i64::try_from(b).ok()).unwrap_or(i64::MAX);
        let newest = last.min(before - 1);
        let oldest = newest.saturating_sub(i64::try_from(limit).unwrap_or(i64::MAX));
        self.core.db.many_rows(WALK, params![id, oldest.max(0), newest]).await
    }
}

impl Job for HeadOf {
    type Out = (i64, i64);

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(i64, i64)> {
        let head = tx.head(&self.chain).await?;
        if let Some(entry) = &self.entry {
            tx.append(std::slice::from_ref(entry))?;
        }
        Ok((head.id, head.seq))
    }
}

/// A text as the log takes it: one that came from outside must not fill it, nor hold what PostgreSQL refuses.
fn short(text: &str) -> String {
    text.chars().filter(|c| *c != '\0').take(500).collect()
}

fn shown(mut row: Row, of: Option<(&PatientKeys, &PatientId)>) -> Result<LogRow> {
    let detail = match (row.opt_blob(10)?, of) {
        (Some(sealed), Some((keys, id))) => Some(keys.open(Place::of("log.detail", id.as_str()), sealed)?),
        (detail, _) => detail,
    };
    Ok(LogRow {
        seq: u64::from(row.count(0)?),
        at: row.time(1)?,
        actor: row.text(2)?,
        role: row.opt_text(3)?,
        organisation: row.opt_text(4)?,
        action: row.text(5)?,
        data: row.text(6)?,
        basis: row.opt_text(7)?,
        outcome: row.text(8)?,
        patient: row.opt_text(9)?,
        detail: detail.map(|d| String::from_utf8_lossy(&d).into_owned()),
    })
}
