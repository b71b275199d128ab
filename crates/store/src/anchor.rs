//! Anchors: each minute all changed heads of the log are bound into one chain, whose head is also kept outside the
//! database (decision 71).

use crate::backup::Scrap;
use crate::job::Statement;
use crate::seal::{digest, hex};
use crate::value::{micros, params};
use crate::{Error, Result, Store};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

/// Rows of the log read in one go.
pub(crate) const PAGE: i64 = 20_000;

/// An anchor that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchored {
    /// Its number, from 1.
    pub number: u64,
    /// Rows of the log since the anchor before.
    pub rows: u64,
    /// Chains that changed.
    pub chains: u64,
}

/// An anchor as it stands in its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Anchor {
    pub number: i64,
    pub at: i64,
    /// Last row of the log that it covers.
    pub upto: i64,
    /// Rows until then.
    pub total: i64,
    /// Chains that changed since the anchor before.
    pub changed: i64,
    pub mac: [u8; 32],
}

/// The head of the anchor chain as it is kept outside the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Outside {
    pub number: i64,
    pub at: Timestamp,
    pub rows: i64,
    pub mac: String,
}

/// Ends of chains since an anchor.
#[derive(Default)]
pub(crate) struct Ends(BTreeMap<String, (i64, Vec<u8>)>);

impl Ends {
    /// A row that follows those before.
    pub fn row(&mut self, chain: &str, seq: i64, mac: &[u8]) {
        if let Some(end) = self.0.get_mut(chain) {
            *end = (seq, mac.to_vec());
        } else {
            self.0.insert(chain.to_owned(), (seq, mac.to_vec()));
        }
    }

    pub fn len(&self) -> i64 {
        i64::try_from(self.0.len()).unwrap_or(i64::MAX)
    }

    fn digest(&self) -> [u8; 32] {
        let seqs: Vec<[u8; 8]> = self.0.values().map(|(seq, _)| seq.to_be_bytes()).collect();
        let mut parts: Vec<&[u8]> = Vec::with_capacity(self.0.len() * 3);
        for ((chain, (_, mac)), seq) in self.0.iter().zip(&seqs) {
            parts.extend([chain.as_bytes(), seq, mac]);
        }
        digest(&parts)
    }
}

impl Store {
    /// Makes an anchor over what changed since the last; `None` where nothing did, or another instance made it just
    /// now. To be called each minute.
    pub async fn anchor(&self, now: Timestamp) -> Result<Option<Anchored>> {
        // What comes by each minute besides: a master key that was replaced, and what is to be overwritten still.
        self.core.reload_masters()?;
        self.sweep().await?;
        let upto = self.core.db.last_row().await?;
        let last = self.last_anchor().await?;
        let (mut id, number, total) = last.as_ref().map_or((0, 1, 0), |a| (a.upto, a.number + 1, a.total));
        if upto <= id {
            if let Some(last) = &last {
                self.write_outside(last).await?;
            }
            return Ok(None);
        }
        let mut ends = Ends::default();
        let mut rows = 0;
        while id < upto {
            let sql = "SELECT id, chain, seq, mac FROM log WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3";
            let page = self.core.db.many_rows(sql, params![id, upto, PAGE]).await?;
            let Some(end) = page.last() else { break };
            id = end.int(0)?;
            for mut row in page {
                rows += 1;
                ends.row(&row.text(1)?, row.int(2)?, &row.blob(3)?);
            }
        }
        let mut anchor =
            Anchor { number, at: micros(now), upto, total: total + rows, changed: ends.len(), mac: [0; 32] };
        anchor.mac = self.anchor_mac(last.as_ref().map(|a| &a.mac), &anchor, &ends);
        let statement = Statement::new(
            "INSERT INTO anchor (number, at, upto, total, changed, mac) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![number, anchor.at, upto, anchor.total, anchor.changed, &anchor.mac],
        );
        match self.core.db.write(statement.unique("number of the anchor")).await {
            Err(Error::Taken(_)) => {
                // Another instance was first; its anchor is kept outside here too.
                if let Some(last) = self.last_anchor().await? {
                    self.write_outside(&last).await?;
                }
                return Ok(None);
            }
            other => other?,
        };
        self.write_outside(&anchor).await?;
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        Ok(Some(Anchored { number: count(number), rows: count(rows), chains: count(ends.len()) }))
    }

    /// The seal of an anchor, which covers the one before.
    pub(crate) fn anchor_mac(&self, previous: Option<&[u8; 32]>, anchor: &Anchor, ends: &Ends) -> [u8; 32] {
        let numbers = [anchor.number, anchor.at, anchor.upto, anchor.total, anchor.changed].map(i64::to_be_bytes);
        let mut parts: Vec<&[u8]> = vec![previous.map_or(&[][..], <[u8; 32]>::as_slice)];
        parts.extend(numbers.iter().map(<[u8; 8]>::as_slice));
        let digest = ends.digest();
        parts.push(&digest);
        self.core.hashes.anchor.of(&parts)
    }

    async fn last_anchor(&self) -> Result<Option<Anchor>> {
        let sql = "SELECT number, at, upto, total, changed, mac FROM anchor ORDER BY number DESC LIMIT 1";
        self.core.db.row(sql, &[]).await?.map(Anchor::of_row).transpose()
    }

    async fn write_outside(&self, anchor: &Anchor) -> Result<()> {
        let path = self.core.anchor_file.clone();
        let outside = anchor.outside()?;
        let write = move || {
            if read_outside(&path).is_ok_and(|there| there.as_ref() == Some(&outside)) {
                return Ok(());
            }
            let text = serde_json::to_vec_pretty(&outside).map_err(|_| Error::Bug("an anchor does not serialise"))?;
            replace(&path, &text)
        };
        tokio::task::spawn_blocking(write).await.map_err(|_| Error::Bug("a writing thread stopped"))?
    }
}

impl Anchor {
    /// Number, time, last row, rows, chains, seal.
    pub fn of_row(mut row: crate::value::Row) -> Result<Self> {
        Ok(Self {
            number: row.int(0)?,
            at: row.int(1)?,
            upto: row.int(2)?,
            total: row.int(3)?,
            changed: row.int(4)?,
            mac: row.digest(5)?,
        })
    }

    /// As it is kept outside.
    pub fn outside(&self) -> Result<Outside> {
        let at = Timestamp::from_microsecond(self.at).map_err(|_| Error::Bug("an anchor has no time"))?;
        Ok(Outside { number: self.number, at, rows: self.total, mac: hex(&self.mac) })
    }
}

/// The head kept outside; `None` where there is no file.
pub(crate) fn read_outside(path: &Path) -> Result<Option<Outside>> {
    match std::fs::read(path) {
        Ok(text) => serde_json::from_slice(&text).map(Some).map_err(|e| Error::file(path)(e.into())),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Error::file(path)(e)),
    }
}

/// Puts a file in the place of another, whole or not at all.
pub(crate) fn replace(path: &Path, text: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(Error::file(folder))?;
    // A name of its own: two instances may keep it in one place.
    let new = Scrap::beside(path, "new");
    let mut file = std::fs::File::create_new(new.path()).map_err(Error::file(new.path()))?;
    file.write_all(text).and_then(|()| file.sync_all()).map_err(Error::file(new.path()))?;
    std::fs::rename(new.path(), path).map_err(Error::file(path))?;
    std::fs::File::open(folder).and_then(|f| f.sync_all()).map_err(Error::file(folder))
}
