//! Removing what was kept long enough: files and rows to mend with their key, and what files told. Looked for each minute along
//! indexes that hold nothing else.

use super::extract_id;
use crate::job::{Job, Statement, Tx};
use crate::log::row::Entry;
use crate::value::{micros, params};
use crate::{Result, Store};
use domain::access::Actor;
use domain::ident::ExtractId;
use jiff::{Timestamp, ToSpan};

/// Days for which a file that waits, and rows to mend, are kept (decision 76).
pub const KEPT_DAYS: i32 = 90;
/// Months for which what a file told is kept: it serves two half-yearly rounds, and the one after replaces it.
pub const FACT_MONTHS: i32 = 18;

const KEPT: &str = "SELECT extract_id FROM extract WHERE keeps = 1 AND made_at < ?1";
const OLD: &str = "SELECT extract_id FROM extract WHERE holds = 1 AND state IN ('tried', 'running', 'done') \
     AND made_at < ?1";
/// Taking back was broken off.
const HALF: &str = "SELECT extract_id FROM extract WHERE holds = 1 AND state = 'undone'";

struct Shred {
    id: String,
    at: i64,
    entry: Entry,
}

impl Store {
    /// Removes a file that waits and rows to mend, with the key under which they are sealed: nobody can read them again.
    pub async fn shred_extract(&self, by: &Actor, id: &ExtractId, now: Timestamp) -> Result<()> {
        let entry = Entry::by(by, now, "extract", "rows to mend removed");
        self.shred(id.as_str(), entry).await
    }

    /// Removes what was kept long enough: files and rows to mend, and what files told; and finishes what taking back left. How
    /// many files.
    pub async fn tidy_extracts(&self, now: Timestamp) -> Result<u64> {
        let before = micros(now) - i64::from(KEPT_DAYS) * 86_400_000_000;
        let mut count = 0;
        for mut row in self.core.db.rows(KEPT, params![before]).await? {
            self.shred(&row.text(0)?, Entry::program(now, "extract", "rows to mend removed")).await?;
            count += 1;
        }
        let zoned = now.to_zoned_datetime(jiff::tz::TimeZone::UTC);
        let old = zoned.checked_sub(FACT_MONTHS.months()).map_or(i64::MIN, |z| micros(z.timestamp()));
        for mut row in self.core.db.rows(OLD, params![old]).await? {
            let id = extract_id(&row.text(0)?)?;
            self.take_out(&id, now).await?;
            let sql = "UPDATE extract SET state = 'undone', holds = 0, touched_at = ?2 WHERE extract_id = ?1 \
                       AND state <> 'undone'";
            let statement = Statement::new(sql, params![id.as_str(), micros(now)]);
            self.core.db.write(statement.logged(Entry::program(now, "extract", "kept long enough"))).await?;
            count += 1;
        }
        for mut row in self.core.db.rows(HALF, &[]).await? {
            let id = extract_id(&row.text(0)?)?;
            self.take_out(&id, now).await?;
            self.holds_no_more(&id).await?;
            count += 1;
        }
        Ok(count)
    }

    /// Nothing is left of what a file told that was taken back.
    pub(super) async fn holds_no_more(&self, id: &ExtractId) -> Result<()> {
        let sql = "UPDATE extract SET holds = 0 WHERE extract_id = ?1 AND state = 'undone'";
        self.core.db.write(Statement::new(sql, params![id.as_str()])).await.map(|_| ())
    }

    async fn shred(&self, id: &str, entry: Entry) -> Result<()> {
        self.core.cache.forget(id);
        let at = entry.at;
        self.core.db.write(Shred { id: id.to_owned(), at, entry }).await
    }
}

/// Destroys the key of a file of which nothing is kept that is sealed under it; `false`: that was done before.
pub(super) async fn destroy(tx: &mut Tx<'_>, id: &str, at: i64) -> Result<bool> {
    let sql = "UPDATE extract SET keeps = 0 WHERE extract_id = ?1 AND keeps = 1";
    let kept = tx.execute(sql, params![id]).await? > 0;
    if kept {
        tx.destroy_key(id, at).await?;
    }
    Ok(kept)
}

impl Job for Shred {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.execute("DELETE FROM extract_file WHERE extract_id = ?1", params![&self.id]).await?;
        tx.execute("DELETE FROM extract_bad WHERE extract_id = ?1", params![&self.id]).await?;
        if destroy(tx, &self.id, self.at).await? {
            tx.append(std::slice::from_ref(&self.entry))?;
        }
        Ok(())
    }
}
