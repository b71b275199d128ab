//! The ends of the log's chains on SQLite, as the writer knows them.
//!
//! Writing a chain's head to its table with every row would write a page somewhere for every read of a plan. So heads
//! that changed stay in memory, and go to the table when there are many, or when the store closes. `meta.heads_upto`
//! says up to which row of the log the table is complete; after a crash the rows behind it are looked through.

use super::open::{execute, rows};
use crate::Result;
use crate::log::row::{Entry, Head};
use crate::seal::Keyed;
use crate::value::params;
use rusqlite::Connection;
use std::collections::{HashMap, VecDeque};

/// More changed heads than this in memory go to the table.
const MOST_CHANGED: usize = 200_000;
/// A changed head further behind than this many rows goes to the table: the bound of the search after a crash.
const FURTHEST: i64 = 500_000;
/// At most this many go to the table with one group, so that no group is kept long.
const AT_ONCE: usize = 256;

/// Ends of chains, and where the whole log ends.
pub(crate) struct Heads {
    /// False: look in the database first.
    known: bool,
    last_id: i64,
    changed: HashMap<String, Head>,
    /// Chains in `changed`, with the first row of each that the table does not know of.
    order: VecDeque<(i64, String)>,
    /// What the job at hand changed, to be taken back where it fails: the chain with its state before.
    undo: Vec<(String, Option<Head>)>,
    last_id_before: i64,
}

impl Heads {
    pub fn new() -> Self {
        Self {
            known: false,
            last_id: 0,
            changed: HashMap::new(),
            order: VecDeque::new(),
            undo: Vec::new(),
            last_id_before: 0,
        }
    }

    /// Somebody else wrote, or a group failed: look again before the next row.
    pub fn forget(&mut self) {
        *self = Self::new();
    }

    fn load(&mut self, db: &Connection) -> Result<()> {
        if self.known {
            return Ok(());
        }
        self.forget();
        let upto = rows(db, "SELECT number FROM meta WHERE name = 'heads_upto'", &[])?;
        let mut id = upto.first().map_or(Ok(0), |r| r.int(0))?;
        loop {
            let mut page =
                rows(db, "SELECT id, chain, seq, mac FROM log WHERE id > ?1 ORDER BY id LIMIT 10000", params![id])?;
            for row in &mut page {
                id = row.int(0)?;
                let head = Head { seq: row.int(2)?, id, mac: row.blob(3)? };
                self.set(row.text(1)?, head);
            }
            if page.is_empty() {
                break;
            }
        }
        self.last_id = id;
        self.undo.clear();
        self.known = true;
        Ok(())
    }

    fn set(&mut self, chain: String, head: Head) {
        if let Some(changed) = self.changed.get_mut(&chain) {
            let before = std::mem::replace(changed, head);
            self.undo.push((chain, Some(before)));
        } else {
            self.order.push_back((head.id, chain.clone()));
            self.undo.push((chain.clone(), None));
            self.changed.insert(chain, head);
        }
    }

    /// A job begins.
    pub fn begin(&mut self) {
        self.undo.clear();
        self.last_id_before = self.last_id;
    }

    /// The job failed, and its rows are gone.
    pub fn take_back(&mut self) {
        while let Some((chain, before)) = self.undo.pop() {
            if let Some(before) = before {
                self.changed.insert(chain, before);
            } else {
                self.changed.remove(&chain);
                self.order.pop_back();
            }
        }
        if self.known {
            self.last_id = self.last_id_before;
        }
    }

    /// Where a chain ends.
    pub fn head(&mut self, db: &Connection, chain: &str) -> Result<Head> {
        if !self.known {
            self.load(db)?;
            self.begin();
        }
        match self.changed.get(chain) {
            Some(head) => Ok(head.clone()),
            None => in_table(db, chain),
        }
    }

    /// Puts a row at the end of its chain.
    pub fn append(&mut self, db: &Connection, key: &Keyed, entry: &Entry) -> Result<()> {
        let head = self.head(db, &entry.chain)?;
        let (id, seq) = (self.last_id + 1, head.seq + 1);
        let mac = entry.mac(key, &head.mac, id, seq);
        let row = params![
            id,
            &entry.chain,
            seq,
            head.id,
            entry.at,
            &entry.actor,
            entry.role.as_deref(),
            entry.organisation.as_deref(),
            entry.action.as_ref(),
            entry.data.as_ref(),
            entry.basis.as_deref(),
            entry.outcome.as_ref(),
            entry.patient.as_deref(),
            entry.digest.as_ref(),
            entry.detail.as_ref(),
            &mac,
            entry.behalf.as_deref(),
        ];
        execute(
            db,
            "INSERT INTO log (id, chain, seq, prev, at, actor, role, organisation, action, data, basis, outcome, \
             patient, digest, detail, mac, behalf) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
            row,
        )?;
        for reading in &entry.readings {
            let (sql, params) = reading.statement(&entry.chain, entry.at);
            execute(db, sql, &params)?;
        }
        self.last_id = id;
        self.set(entry.chain.clone(), Head { seq, id, mac: mac.to_vec() });
        Ok(())
    }

    /// Writes heads to the table while there are too many in memory; all of them where `all`.
    pub fn flush(&mut self, db: &Connection, all: bool) -> Result<()> {
        if all {
            self.load(db)?;
        }
        let mut written = 0;
        while let Some((since, _)) = self.order.front() {
            let much = self.changed.len() > MOST_CHANGED || self.last_id - since > FURTHEST;
            if !(all || much && written < AT_ONCE) {
                break;
            }
            if let Some((_, chain)) = self.order.pop_front()
                && let Some(head) = self.changed.remove(&chain)
            {
                execute(
                    db,
                    "INSERT INTO log_head (chain, seq, id, mac) VALUES (?1, ?2, ?3, ?4) \
                     ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, id = excluded.id, mac = excluded.mac",
                    params![&chain, head.seq, head.id, &head.mac],
                )?;
                written += 1;
            }
        }
        if written > 0 {
            let upto = self.order.front().map_or(self.last_id, |(since, _)| since - 1);
            execute(
                db,
                "INSERT INTO meta (name, number) VALUES ('heads_upto', ?1) \
                 ON CONFLICT (name) DO UPDATE SET number = excluded.number",
                params![upto],
            )?;
        }
        Ok(())
    }
}

fn in_table(db: &Connection, chain: &str) -> Result<Head> {
    let mut found = rows(db, "SELECT seq, id, mac FROM log_head WHERE chain = ?1", params![chain])?;
    found.first_mut().map_or(Ok(Head::NONE), |r| Ok(Head { seq: r.int(0)?, id: r.int(1)?, mac: r.blob(2)? }))
}
