//! The walk through the log in order of writing: each row's own seal, its place in its chain, and each anchor when its
//! last row has passed.

use super::{Report, Wrong};
use crate::anchor::{Anchor, Ends, PAGE};
use crate::log::row::Entry;
use crate::value::{Row, params};
use crate::{Result, Store};
use jiff::Timestamp;
use std::collections::{HashMap, VecDeque};
use subtle::ConstantTimeEq;

const ROWS: &str = "SELECT id, chain, seq, prev, at, actor, role, organisation, action, data, basis, outcome, patient, \
     digest, detail, mac, behalf FROM log WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3";

/// What was seen so far.
pub(super) struct Walk<'s> {
    pub store: &'s Store,
    pub report: Report,
    pub chains: HashMap<String, End>,
    /// Ends of what changed since the anchor before.
    since: Ends,
    anchors: VecDeque<Anchor>,
    /// The anchor before.
    last: Option<Anchor>,
    /// Nothing is wrong yet in what was walked.
    sound: bool,
    /// Rows, as the anchors count them.
    total: i64,
}

/// Where a chain stands.
#[derive(Default)]
pub(super) struct End {
    seq: i64,
    id: i64,
    mac: Vec<u8>,
    /// Last version of the plan that the log says was written, with its digest.
    pub version: Option<(u32, [u8; 32])>,
}

impl<'s> Walk<'s> {
    pub fn new(store: &'s Store, anchors: VecDeque<Anchor>, report: Report) -> Self {
        Self {
            store,
            report,
            chains: HashMap::new(),
            since: Ends::default(),
            anchors,
            last: None,
            sound: true,
            total: 0,
        }
    }

    /// Last place of a chain that was seen.
    pub fn end(&self, chain: &str) -> i64 {
        self.chains.get(chain).map_or(0, |e| e.seq)
    }

    /// Walks the rows after `from` up to `upto`.
    pub async fn rows(&mut self, from: i64, upto: i64) -> Result<()> {
        let mut id = from;
        while id < upto {
            let page = self.store.core.db.many_rows(ROWS, params![id, upto, PAGE]).await?;
            let Some(last) = page.last() else { break };
            id = last.int(0)?;
            for row in page {
                self.row(row)?;
            }
        }
        Ok(())
    }

    fn wrong(&mut self, wrong: Wrong, chain: &str, seq: i64) {
        self.sound = false;
        self.report.add(wrong, Some(chain), seq);
    }

    fn row(&mut self, mut row: Row) -> Result<()> {
        let (id, mut seq, prev) = (row.int(0)?, row.int(2)?, row.int(3)?);
        while self.anchors.front().is_some_and(|a| a.upto < id) {
            self.anchor();
        }
        let mac = row.blob(15)?;
        let entry = Entry {
            chain: row.text(1)?,
            at: row.int(4)?,
            actor: row.text(5)?,
            role: row.opt_text(6)?.map(Into::into),
            organisation: row.opt_text(7)?,
            action: row.text(8)?.into(),
            data: row.text(9)?.into(),
            basis: row.opt_text(10)?.map(Into::into),
            outcome: row.text(11)?.into(),
            patient: row.opt_text(12)?,
            digest: row.opt_blob(13)?.and_then(|d| d.try_into().ok()),
            detail: row.opt_blob(14)?,
            behalf: row.opt_text(16)?,
            readings: Vec::new(),
        };
        self.report.rows += 1;
        self.report.rows_after += 1;
        self.total += 1;

        let mut end = self.chains.remove(&entry.chain).unwrap_or_else(|| {
            self.report.chains += 1;
            End::default()
        });
        let (store, next) = (self.store, end.seq + 1);
        let belongs = |place| {
            let own = entry.mac(&store.core.hashes.log, &end.mac, id, place);
            prev == end.id && bool::from(own.ct_eq(&mac))
        };
        if seq != next && belongs(next) {
            self.wrong(Wrong::Moved, &entry.chain, next);
            seq = next;
        }
        self.since.row(&entry.chain, seq, &mac);
        if seq <= end.seq {
            self.wrong(Wrong::Inserted, &entry.chain, seq);
            self.chains.insert(entry.chain, end);
            return Ok(());
        }
        if seq > next {
            // Its seal covers a row that is not there, so nothing can be said of it but that.
            self.wrong(Wrong::Removed, &entry.chain, next);
        } else if !belongs(seq) {
            self.wrong(Wrong::Changed, &entry.chain, seq);
        }
        let number = entry.data.strip_prefix("version ").map(|t| t.split(',').next().unwrap_or(t)).map(str::parse);
        if let (Some(Ok(number)), Some(digest)) = (number, entry.digest) {
            end.version = Some((number, digest));
        }
        if entry.action == "erase-patient" && entry.outcome == "done" {
            // No version is to be there from here on.
            end.version = None;
        }
        self.chains.insert(entry.chain, End { seq, id, mac, ..end });
        Ok(())
    }

    /// The anchors after the last row; one that covers rows beyond it finds them cut off.
    pub fn rest_of_anchors(&mut self) {
        while !self.anchors.is_empty() {
            self.anchor();
        }
    }

    /// Checks the next anchor, all of whose rows were walked.
    fn anchor(&mut self) {
        let Some(anchor) = self.anchors.pop_front() else { return };
        self.report.anchors += 1;
        let since = std::mem::take(&mut self.since);
        let own = self.store.anchor_mac(self.last.as_ref().map(|a| &a.mac), &anchor, &since);
        let follows = anchor.number == self.last.as_ref().map_or(0, |a| a.number) + 1;
        let counts = anchor.total == self.total && anchor.changed == since.len();
        if !(follows && counts && bool::from(own.ct_eq(&anchor.mac))) {
            self.sound = false;
            self.report.add(Wrong::Anchor, None, anchor.number);
            // So that one thing wrong is not found again in every anchor after it.
            self.total = anchor.total;
        }
        if self.sound {
            let at = Timestamp::from_microsecond(anchor.at).unwrap_or_default();
            self.report.proven_until = u64::try_from(anchor.number).ok().map(|number| (number, at));
            self.report.rows_after = 0;
        }
        self.last = Some(anchor);
    }
}
