//! Rows of a file that are to be mended: kept as they came, with what is wrong, under the file's own key.

use super::extract_id;
use crate::log::row::Entry;
use crate::seal::{PatientKeys, Place};
use crate::value::{Row, params};
use crate::{Error, Result, Store};
use domain::access::Actor;
use domain::ident::ExtractId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A row that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub reasons: Vec<String>,
    /// Its cells, as they came; a cell that is far too long is cut.
    pub cells: Vec<String>,
}

pub(super) fn file_place(id: &str) -> Place<'_> {
    Place::of("extract_file", id)
}

fn place(id: &str, line: u64) -> Place<'_> {
    Place::of("extract_bad", id).number(line)
}

/// Seals a row.
pub(super) fn seal(keys: &PatientKeys, id: &str, row: &BadRow) -> Result<(i64, Vec<u8>)> {
    let line = i64::try_from(row.line).map_err(|_| Error::Bug("a file of too many lines"))?;
    Ok((line, keys.seal_json(place(id, row.line), row)?))
}

impl Store {
    /// Rows that are to be mended, in order of the file, after a line; and that somebody looked, in the log. The file is one
    /// of the actor's organisation.
    pub async fn bad_rows(
        &self,
        by: &Actor,
        id: &ExtractId,
        after: u64,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<BadRow>> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let sql = "SELECT b.line, b.sealed FROM extract_bad b JOIN extract e ON e.extract_id = b.extract_id \
                   WHERE b.extract_id = ?1 AND e.organisation_id = ?2 AND b.line > ?3 ORDER BY b.line LIMIT ?4";
        let rows = self.core.db.rows(sql, params![id.as_str(), by.organisation.as_str(), after, limit]).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let keys = self.keys_of(extract_id(id.as_str())?.as_str()).await?;
        let open = |mut row: Row| {
            let line = u64::try_from(row.int(0)?).map_err(|_| Error::Bug("a line below one"))?;
            keys.open_json(place(id.as_str(), line), row.blob(1)?)
        };
        let all = rows.into_iter().map(open).collect::<Result<Vec<_>>>()?;
        self.spend(Entry::by(by, now, "extract", "rows to mend read")).await?;
        Ok(all)
    }
}
