//! Reading the log: a page at a time, newest first, with filters.
//!
//! What it costs: a chain is walked back row by row by its `prev`, each a lookup by key. A page begins where the page
//! before ended (the cursor is the id of the next row), so that a page deep down costs no more than the first. A
//! filter looks at no more than [`MOST_LOOKED_AT`] rows for one page, then says from where to look on; so a page
//! never costs more than that many lookups, whatever the filter and however long the chain.

use super::row::{Entry, INSTANCE};
use super::{HeadOf, Outcome};
use crate::seal::Place;
use crate::value::{Row, params};
use crate::{Result, Store, permits};
use domain::access::{Action, Actor, Permit};
use domain::ident::OrganisationId;
use jiff::{SignedDuration, Timestamp};

/// Rows that are looked at for one page, at most.
pub const MOST_LOOKED_AT: usize = 20_000;
/// Rows walked in one go.
const STEP: i64 = 500;
/// Clocks of several instances may differ, and a row is written a little after its moment: rows that are this much
/// older than what is asked for are sure to have none after them that is not.
const SLACK: SignedDuration = SignedDuration::from_hours(24);

/// A row of the log, as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// Place in its chain, from 1.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who: `person:{id}`, `client:{id}`, `program`, or empty.
    pub actor: String,
    /// Role acted in, as its code; of a system the code of its purpose (`domain::purpose`).
    pub role: Option<String>,
    /// Organisation acted for.
    pub organisation: Option<String>,
    /// On whose behalf: `patient:{id}`; absent: on no other's than the organisation's.
    pub behalf: Option<String>,
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

/// Which rows are wanted; what is empty does not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// From this moment.
    pub from: Option<Timestamp>,
    /// Until this moment, exclusive.
    pub until: Option<Timestamp>,
    /// Done by this actor, as the log writes it.
    pub actor: Option<String>,
    /// One of these actions. A refusal counts as the action that was refused.
    pub actions: Vec<&'static str>,
    /// With this outcome.
    pub outcome: Option<Outcome>,
    /// Done for one of these organisations; absent: for any, or none.
    pub organisations: Option<Vec<OrganisationId>>,
    /// Where organisations are asked for: also what nobody known did, such as a failed sign-in.
    pub nobody_too: bool,
}

/// A page of the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogPage {
    /// The rows, newest first.
    pub rows: Vec<LogRow>,
    /// Where the next page begins; absent: this was the end.
    pub next: Option<u64>,
    /// The page ended before it was full, because enough rows had been looked at.
    pub cut: bool,
}

/// Where a page begins and how long it is.
#[derive(Debug, Clone, Copy)]
pub struct Which {
    /// `next` of the page before; absent: the newest row.
    pub cursor: Option<u64>,
    /// Rows of a page.
    pub limit: usize,
}

/// Walks a chain back from a row, so many steps.
const WALK: &str = "WITH RECURSIVE walk (id, prev, n) AS ( \
     SELECT id, prev, CAST(1 AS BIGINT) FROM log WHERE id = ?1 AND chain = ?3 \
     UNION ALL SELECT l.id, l.prev, w.n + 1 FROM log l JOIN walk w ON l.id = w.prev WHERE w.n < ?2) \
     SELECT l.prev, l.seq, l.at, l.actor, l.role, l.organisation, l.behalf, l.action, l.data, l.basis, l.outcome, \
     l.patient, l.detail FROM walk w JOIN log l ON l.id = w.id ORDER BY w.n";

impl Filter {
    /// Is this row wanted?
    pub fn wants(&self, row: &LogRow) -> bool {
        let action = if row.action == "refused" { &row.data } else { &row.action };
        self.from.is_none_or(|from| row.at >= from)
            && self.until.is_none_or(|until| row.at < until)
            && self.actor.as_ref().is_none_or(|actor| row.actor == *actor)
            && (self.actions.is_empty() || self.actions.iter().any(|a| a == action))
            && self.outcome.is_none_or(|outcome| row.outcome == outcome.code())
            && self.organisations.as_ref().is_none_or(|those| {
                row.organisation.as_ref().map_or(self.nobody_too, |own| those.iter().any(|o| o.as_str() == own))
            })
    }

    /// Nothing before this moment can be wanted.
    fn ends_before(&self) -> Option<Timestamp> {
        self.from.and_then(|from| from.checked_sub(SLACK).ok())
    }
}

impl Store {
    /// The log of the permit's patient, newest first. Looking is itself logged, with what it is for (`log`, `log
    /// export`), after the rows it gives.
    pub async fn patient_log(
        &self,
        permit: &Permit,
        filter: &Filter,
        which: Which,
        what: &'static str,
        now: Timestamp,
    ) -> Result<LogPage> {
        permits::log(permit)?;
        let id = permit.patient();
        let entry = Entry::of(permit, now, what);
        let keys = self.keys(id).await?;
        self.page(id.as_str(), filter, which, entry, |detail| keys.open(Place::of("log.detail", id.as_str()), detail))
            .await
    }

    /// The log of what concerns no patient, newest first; looking is logged. Whether the reader may see it, and of
    /// which organisations, is the caller's to know.
    pub async fn instance_log(
        &self,
        by: &Actor,
        filter: &Filter,
        which: Which,
        what: &'static str,
        now: Timestamp,
    ) -> Result<LogPage> {
        let entry = Entry::by(by, now, Action::ReadLog.code(), what);
        self.page(INSTANCE, filter, which, entry, Ok).await
    }

    async fn page(
        &self,
        chain: &str,
        filter: &Filter,
        which: Which,
        entry: Entry,
        open: impl Fn(Vec<u8>) -> Result<Vec<u8>> + Send,
    ) -> Result<LogPage> {
        // So that everything handed over before is seen.
        self.flush().await?;
        let (newest, _) = self.core.db.write(HeadOf { chain: chain.to_owned(), entry: Some(entry) }).await?;
        let mut next = which.cursor.and_then(|c| i64::try_from(c).ok()).unwrap_or(newest);
        let ends_before = filter.ends_before();
        let all = *filter == Filter::default();
        let step = if all { i64::try_from(which.limit).unwrap_or(STEP) } else { STEP };
        let mut page = LogPage::default();
        let mut looked = 0;
        while next > 0 {
            if looked >= MOST_LOOKED_AT {
                page.cut = true;
                break;
            }
            let rows = self.core.db.many_rows(WALK, params![next, step, chain]).await?;
            if rows.is_empty() {
                next = 0;
            }
            let mut newest_seen: Option<Timestamp> = None;
            for row in rows {
                looked += 1;
                let (prev, row) = shown(row, &open)?;
                newest_seen = newest_seen.max(Some(row.at));
                next = prev;
                if filter.wants(&row) {
                    page.rows.push(row);
                    if page.rows.len() >= which.limit {
                        page.next = u64::try_from(next).ok().filter(|n| *n > 0);
                        return Ok(page);
                    }
                }
            }
            if ends_before.is_some_and(|end| newest_seen.is_some_and(|seen| seen < end)) {
                next = 0;
            }
        }
        page.next = u64::try_from(next).ok().filter(|n| *n > 0);
        Ok(page)
    }
}

/// The row before it in its chain, and the row.
fn shown(mut row: Row, open: impl Fn(Vec<u8>) -> Result<Vec<u8>>) -> Result<(i64, LogRow)> {
    let detail = row.opt_blob(12)?.map(open).transpose()?;
    let shown = LogRow {
        seq: u64::from(row.count(1)?),
        at: row.time(2)?,
        actor: row.text(3)?,
        role: row.opt_text(4)?,
        organisation: row.opt_text(5)?,
        behalf: row.opt_text(6)?,
        action: row.text(7)?,
        data: row.text(8)?,
        basis: row.opt_text(9)?,
        outcome: row.text(10)?,
        patient: row.opt_text(11)?,
        detail: detail.map(|d| String::from_utf8_lossy(&d).into_owned()),
    };
    Ok((row.int(0)?, shown))
}
