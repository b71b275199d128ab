//! Writing: a job runs in a transaction of its own, on either database, from one text.
//!
//! On SQLite a job runs in the writer's thread and never waits; on PostgreSQL it waits for the server. Both are the
//! same `async` function: the writer's thread polls it once.

use crate::log::row::{Entry, Head};
use crate::value::{Param, Row, Value};
use crate::{Error, Result, postgres, sqlite};
use std::future::Future;

/// Something to write. It may run more than once (PostgreSQL retries what met a conflict), so it changes nothing but
/// the database.
pub(crate) trait Job: Send + Sync + 'static {
    /// What it answers when it is on disk.
    type Out: Send + 'static;

    /// Does it. An error takes back everything it wrote, and nothing of its neighbours (decision 72).
    fn run(&self, tx: &mut Tx<'_>) -> impl Future<Output = Result<Self::Out>> + Send;
}

/// The transaction a job runs in.
pub(crate) enum Tx<'c> {
    Sqlite(sqlite::Tx<'c>),
    Postgres(postgres::Tx<'c>),
}

impl Tx<'_> {
    /// Runs a statement; how many rows it changed.
    pub async fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64> {
        match self {
            Self::Sqlite(tx) => tx.execute(sql, params),
            Self::Postgres(tx) => tx.execute(sql, params).await,
        }
    }

    /// Every row of an answer.
    pub async fn rows(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(tx) => tx.rows(sql, params),
            Self::Postgres(tx) => tx.rows(sql, params).await,
        }
    }

    /// The first row of an answer.
    pub async fn row(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Option<Row>> {
        Ok(self.rows(sql, params).await?.into_iter().next())
    }

    /// Keeps new patients' keys: patient and wrapped key. They are on disk before the rest of the transaction; one
    /// that was left by a transaction that failed is replaced.
    pub async fn put_keys(&mut self, keys: &[(&str, &[u8])]) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.put_keys(keys),
            Self::Postgres(tx) => tx.put_keys(keys).await,
        }
    }

    /// Destroys a patient's key; on disk before the rest of the transaction. The key store remembers that it did.
    pub async fn destroy_key(&mut self, patient: &str, at: i64) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.destroy_key(patient, at),
            Self::Postgres(tx) => tx.destroy_key(patient, at).await,
        }
    }

    /// The tables that have a column of this name.
    pub async fn tables_with(&mut self, column: &str) -> Result<Vec<String>> {
        let sql = match self {
            Self::Sqlite(_) => {
                "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
                 WHERE m.type = 'table' AND c.name = ?1 ORDER BY m.name"
            }
            Self::Postgres(_) => {
                "SELECT c.table_name::text FROM information_schema.columns c \
                 JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
                 WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.column_name = ?1 \
                 ORDER BY 1"
            }
        };
        self.rows(sql, &[Param::Text(column)]).await?.into_iter().map(|mut r| r.text(0)).collect()
    }

    /// Where a chain of the log ends.
    pub async fn head(&mut self, chain: &str) -> Result<Head> {
        match self {
            Self::Sqlite(tx) => tx.head(chain),
            Self::Postgres(tx) => tx.head(chain).await,
        }
    }

    /// Puts rows at the end of their chains of the log.
    pub fn append(&mut self, entries: &[Entry]) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.append(entries),
            Self::Postgres(tx) => {
                tx.append(entries);
                Ok(())
            }
        }
    }
}

/// A job of one statement with its row of the log.
pub(crate) struct Statement {
    pub sql: &'static str,
    pub params: Vec<Value>,
    /// Not written where the statement changed nothing.
    pub entry: Option<Entry>,
    /// What is in use where the statement meets a row with the same key.
    pub unique: &'static str,
}

impl Statement {
    pub fn new(sql: &'static str, params: &[Param<'_>]) -> Self {
        Self { sql, params: params.iter().map(|p| Value::from(*p)).collect(), entry: None, unique: "this" }
    }

    pub fn logged(self, entry: Entry) -> Self {
        Self { entry: Some(entry), ..self }
    }

    pub fn unique(self, unique: &'static str) -> Self {
        Self { unique, ..self }
    }
}

impl Job for Statement {
    type Out = u64;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<u64> {
        let params: Vec<Param<'_>> = self.params.iter().map(Param::from).collect();
        let changed = tx.execute(self.sql, &params).await.map_err(|e| taken(e, self.unique))?;
        if changed > 0
            && let Some(entry) = &self.entry
        {
            tx.append(std::slice::from_ref(entry))?;
        }
        Ok(changed)
    }
}

/// An error that says a row with the same key is there, as [`Error::Taken`].
pub(crate) fn taken(e: Error, what: &'static str) -> Error {
    use tokio_postgres::error::SqlState;
    let unique = match &e {
        Error::Sqlite(rusqlite::Error::SqliteFailure(f, _)) => f.code == rusqlite::ErrorCode::ConstraintViolation,
        Error::Postgres(e) => e.code() == Some(&SqlState::UNIQUE_VIOLATION),
        _ => false,
    };
    if unique { Error::Taken(what) } else { e }
}
