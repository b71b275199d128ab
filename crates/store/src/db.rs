//! One of the two databases.

use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::postgres::Postgres;
use crate::seal::Keyed;
use crate::sqlite::Sqlite;
use crate::value::{Param, Row, Value};
use crate::{Database, Migrated, Result};

/// The database of a store.
pub(crate) enum Db {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Db {
    /// Opens and migrates.
    pub async fn open(settings: &Database) -> Result<(Self, Migrated)> {
        match settings {
            Database::Sqlite { folder } => Sqlite::open(folder).map(|(db, m)| (Self::Sqlite(db), m)),
            Database::Postgres { url, keys_url, connections } => {
                let (db, migrated) = Postgres::open(url, keys_url.as_deref(), *connections).await?;
                Ok((Self::Postgres(db), migrated))
            }
        }
    }

    /// Starts whatever writes.
    pub fn start(&self, log_key: Keyed) -> Result<()> {
        match self {
            Self::Sqlite(db) => db.start(log_key),
            Self::Postgres(db) => db.start(log_key),
        }
    }

    /// A read that is bounded by a key.
    pub async fn rows(&self, sql: &'static str, params: &[Param<'_>]) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(db) => db.rows(sql, params),
            Self::Postgres(db) => db.rows(sql, params).await,
        }
    }

    /// The first row of a read that is bounded by a key.
    pub async fn row(&self, sql: &'static str, params: &[Param<'_>]) -> Result<Option<Row>> {
        Ok(self.rows(sql, params).await?.into_iter().next())
    }

    /// A read whose cost grows with the table.
    pub async fn many_rows(&self, sql: &'static str, params: &[Param<'_>]) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(db) => db.many_rows(sql, params.iter().map(|p| Value::from(*p)).collect()).await,
            Self::Postgres(db) => db.rows(sql, params).await,
        }
    }

    /// A read of the key store.
    pub async fn key_rows(&self, sql: &'static str, params: &[Param<'_>]) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(db) => db.key_rows(sql, params),
            Self::Postgres(db) => db.key_rows(sql, params).await,
        }
    }

    /// One statement on the key store, outside any job.
    pub async fn key_execute(&self, sql: &'static str, params: &[Param<'_>]) -> Result<u64> {
        match self {
            Self::Sqlite(db) => db.key_execute(sql, params),
            Self::Postgres(db) => db.key_execute(sql, params).await,
        }
    }

    /// Statements on the key store, all or none; how many rows they changed.
    pub async fn key_batch(&self, batch: Vec<(&'static str, Vec<Value>)>) -> Result<u64> {
        if batch.is_empty() {
            return Ok(0);
        }
        match self {
            Self::Sqlite(db) => db.key_batch(&batch),
            Self::Postgres(db) => db.key_batch(&batch).await,
        }
    }

    /// One statement on the data, before anything else writes.
    pub async fn first_execute(&self, sql: &'static str, params: &[Param<'_>]) -> Result<u64> {
        match self {
            Self::Sqlite(db) => db.first_execute(sql, params),
            Self::Postgres(db) => db.first_execute(sql, params).await,
        }
    }

    /// Runs a job; answers when it is on disk.
    pub async fn write<J: Job>(&self, job: J) -> Result<J::Out> {
        match self {
            Self::Sqlite(db) => db.write(job).await,
            Self::Postgres(db) => db.write(job).await,
        }
    }

    /// Hands over a row of the log; how many are waiting.
    pub fn hand_over(&self, entry: Entry) -> Result<usize> {
        match self {
            Self::Sqlite(db) => db.hand_over(entry),
            Self::Postgres(db) => db.hand_over(entry),
        }
    }

    /// Waits until every row that was handed over is on disk.
    pub async fn flush(&self) -> Result<()> {
        struct Nothing;
        impl Job for Nothing {
            type Out = ();
            async fn run(&self, _: &mut Tx<'_>) -> Result<()> {
                Ok(())
            }
        }
        match self {
            // The rows go with the group of any job.
            Self::Sqlite(db) => db.write(Nothing).await,
            Self::Postgres(db) => db.flush().await,
        }
    }

    /// The last row of the log, below which no more will come; everything handed over before is in it.
    pub async fn last_row(&self) -> Result<i64> {
        self.flush().await?;
        match self {
            Self::Sqlite(db) => {
                db.rows("SELECT coalesce(max(id), 0) FROM log", &[])?.first().map_or(Ok(0), |r| r.int(0))
            }
            Self::Postgres(db) => db.last_row().await,
        }
    }

    /// Makes the table of heads complete, so that it can be compared with the log.
    pub async fn settle(&self) -> Result<()> {
        match self {
            Self::Sqlite(db) => db.settle().await,
            Self::Postgres(db) => db.flush().await,
        }
    }

    /// Writes what waits, and stops.
    pub async fn close(&self) -> Result<()> {
        match self {
            Self::Sqlite(db) => db.close().await,
            Self::Postgres(db) => db.close().await,
        }
    }
}
