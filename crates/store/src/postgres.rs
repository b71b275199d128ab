//! PostgreSQL: a pool for the data, a small one for the key store, and a task that writes the log's rows for reads.

mod anew;
mod convert;
mod log;
mod open;

pub(crate) use open::{KEYS_SCHEMA, lay_schema};

use crate::Migrated;
use crate::error::{Error, Result, is_conflict};
use crate::job::{Job, Tx as AnyTx};
use crate::log::row::{Entry, Head};
use crate::schema::{KEYS, MAIN};
use crate::seal::{Keyed, wrapped_with};
use crate::value::{Param, Row, Value, params};
use deadpool_postgres::{GenericClient, Object, Pool, Transaction};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::task::JoinHandle;

/// How often a transaction that met a conflict is tried.
const TRIES: u32 = 8;

/// The database behind an address.
pub(crate) struct Postgres {
    inner: Arc<Inner>,
    /// Writes rows of the log that were handed over.
    task: OnceLock<JoinHandle<()>>,
}

struct Inner {
    pool: Pool,
    keys: Pool,
    log_key: OnceLock<Keyed>,
    waiting: log::Waiting,
}

/// A job's view of its transaction.
pub(crate) struct Tx<'c> {
    transaction: Transaction<'c>,
    keys: &'c Pool,
    /// Rows of the log, put at the end of their chains when the job is done: a chain is locked only until the commit.
    entries: Vec<Entry>,
}

impl Tx<'_> {
    pub async fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64> {
        execute(&self.transaction, sql, params).await
    }

    pub async fn rows(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>> {
        rows(&self.transaction, sql, params).await
    }

    pub async fn put_keys(&mut self, keys: &[(&str, &[u8])]) -> Result<()> {
        let client = connection(self.keys).await?;
        let (patients, wrapped): (Vec<&str>, Vec<&[u8]>) = keys.iter().copied().unzip();
        // Nothing new is wrapped with a master key that was retired.
        for row in rows(&client, "SELECT id FROM retired_master", &[]).await? {
            let retired = row.int(0)?;
            if wrapped.iter().any(|w| wrapped_with(w).map(i64::from) == Some(retired)) {
                return Err(Error::KeysChanged);
            }
        }
        let statement = client
            .prepare_cached(
                "INSERT INTO data_key (patient_id, key_id, wrapped) \
                 SELECT k.patient, 1, k.wrapped FROM unnest($1::text[], $2::bytea[]) AS k (patient, wrapped) \
                 ON CONFLICT (patient_id, key_id) DO UPDATE SET wrapped = excluded.wrapped",
            )
            .await?;
        client.execute(&statement, &[&patients, &wrapped]).await?;
        Ok(())
    }

    pub async fn destroy_key(&mut self, patient: &str, at: i64) -> Result<()> {
        let mut client = connection(self.keys).await?;
        let tx = client.transaction().await?;
        execute(&tx, "DELETE FROM data_key WHERE patient_id = ?1", params![patient]).await?;
        let remember = "INSERT INTO destroyed_key (patient_id, at) VALUES (?1, ?2) ON CONFLICT (patient_id) DO NOTHING";
        execute(&tx, remember, params![patient, at]).await?;
        Ok(tx.commit().await?)
    }

    pub async fn head(&mut self, chain: &str) -> Result<Head> {
        let sql = "SELECT seq, id, mac FROM log_head WHERE chain = ?1";
        let mut found = self.rows(sql, params![chain]).await?;
        found.first_mut().map_or(Ok(Head::NONE), |r| Ok(Head { seq: r.int(0)?, id: r.int(1)?, mac: r.blob(2)? }))
    }

    pub fn append(&mut self, entries: &[Entry]) {
        self.entries.extend_from_slice(entries);
    }
}

impl Postgres {
    /// Connects and migrates; the log's task starts with [`Postgres::start`], when the keys are known.
    pub async fn open(url: &str, keys_url: Option<&str>, connections: usize) -> Result<(Self, Migrated)> {
        let pool = open::pool(url, None, connections)?;
        let migrated = open::migrate(&pool, MAIN, None).await?;
        let keys = open::pool(keys_url.unwrap_or(url), Some(open::KEYS_SCHEMA), connections.clamp(2, 8))?;
        open::migrate(&keys, KEYS, Some(open::KEYS_SCHEMA)).await?;
        let inner = Inner { pool, keys, log_key: OnceLock::new(), waiting: log::Waiting::default() };
        Ok((Self { inner: Arc::new(inner), task: OnceLock::new() }, migrated))
    }

    /// Is there no table in the database?
    pub async fn is_empty(url: &str) -> Result<bool> {
        let pool = open::pool(url, None, 1)?;
        let client = connection(&pool).await?;
        let sql = "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()";
        Ok(rows(&client, sql, &[]).await?.first().map_or(Ok(0), |r| r.int(0))? == 0)
    }

    /// A connection for a transaction of the caller's own.
    pub async fn data_connection(&self) -> Result<Object> {
        connection(&self.inner.pool).await
    }

    /// As [`Postgres::data_connection`], to the key store.
    pub async fn keys_connection(&self) -> Result<Object> {
        connection(&self.inner.keys).await
    }

    /// Starts the log's task.
    pub fn start(&self, log_key: Keyed) -> Result<()> {
        const TWICE: Error = Error::Bug("the store was started twice");
        self.inner.log_key.set(log_key).map_err(|_| TWICE)?;
        let task = tokio::spawn(log::run(Arc::clone(&self.inner)));
        self.task.set(task).map_err(|_| TWICE)
    }

    /// A read.
    pub async fn rows(&self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>> {
        rows(&connection(&self.inner.pool).await?, sql, params).await
    }

    /// A read of the key store.
    pub async fn key_rows(&self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>> {
        rows(&connection(&self.inner.keys).await?, sql, params).await
    }

    /// One statement on the key store.
    pub async fn key_execute(&self, sql: &str, params: &[Param<'_>]) -> Result<u64> {
        execute(&connection(&self.inner.keys).await?, sql, params).await
    }

    /// Statements on the key store, all or none; how many rows they changed.
    pub async fn key_batch(&self, batch: &[(&'static str, Vec<Value>)]) -> Result<u64> {
        let mut client = connection(&self.inner.keys).await?;
        let tx = client.transaction().await?;
        let mut changed = 0;
        for (sql, params) in batch {
            let params: Vec<Param<'_>> = params.iter().map(Param::from).collect();
            changed += execute(&tx, sql, &params).await?;
        }
        tx.commit().await?;
        Ok(changed)
    }

    /// Writes anew, without what was deleted, the table of keys and those that tell of a patient without one: hashes
    /// of BSN and names, which whoever has today's keys could guess from, and people with a name. `false` where
    /// somebody was in the way.
    pub async fn overwrite(&self) -> Result<bool> {
        let people = ["patient_bsn", "patient_name", "person"];
        Ok(anew::write(&self.keys_connection().await?, &["data_key"]).await?
            && anew::write(&self.data_connection().await?, &people).await?)
    }

    /// One statement on the data, before the first job.
    pub async fn first_execute(&self, sql: &str, params: &[Param<'_>]) -> Result<u64> {
        execute(&connection(&self.inner.pool).await?, sql, params).await
    }

    /// Runs a job in a transaction.
    pub async fn write<J: Job>(&self, job: J) -> Result<J::Out> {
        self.inner.write(&job).await
    }

    /// Hands a row of the log to the task; how many are waiting.
    pub fn hand_over(&self, entry: Entry) -> Result<usize> {
        self.inner.waiting.push(entry)
    }

    /// Writes what waits.
    pub async fn flush(&self) -> Result<()> {
        log::flush(&self.inner).await
    }

    /// The last row of the log, below which no more will come.
    pub async fn last_row(&self) -> Result<i64> {
        let mut client = connection(&self.inner.pool).await?;
        log::last_row(&mut client).await
    }

    /// Writes what waits, and stops.
    pub async fn close(&self) -> Result<()> {
        self.inner.waiting.close();
        let flushed = self.flush().await;
        if let Some(task) = self.task.get() {
            task.abort();
        }
        self.inner.pool.close();
        self.inner.keys.close();
        flushed
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(task) = self.task.get() {
            task.abort();
        }
    }
}

impl Inner {
    async fn write<J: Job>(&self, job: &J) -> Result<J::Out> {
        let log_key = self.log_key.get().ok_or(Error::Bug("the store was not started"))?;
        let mut client = connection(&self.pool).await?;
        let mut tries = 1;
        loop {
            match once(&mut client, &self.keys, log_key, job).await {
                Err(Error::Postgres(e)) if is_conflict(&e) && tries < TRIES => {
                    tokio::time::sleep(Duration::from_millis(1 << tries)).await;
                    tries += 1;
                }
                other => return other,
            }
        }
    }
}

async fn once<J: Job>(client: &mut Object, keys: &Pool, log_key: &Keyed, job: &J) -> Result<J::Out> {
    let transaction = client.transaction().await?;
    let mut tx = AnyTx::Postgres(Tx { transaction, keys, entries: Vec::new() });
    // Where anything fails, dropping the transaction takes it back.
    let out = job.run(&mut tx).await?;
    if let AnyTx::Postgres(tx) = tx {
        log::append(&tx.transaction, log_key, &tx.entries).await?;
        tx.transaction.commit().await?;
    }
    Ok(out)
}

/// One connection by itself.
pub(crate) async fn connect(url: &str, schema: Option<&str>) -> Result<Object> {
    connection(&open::pool(url, schema, 1)?).await
}

async fn connection(pool: &Pool) -> Result<Object> {
    pool.get().await.map_err(open::pool_error)
}

pub(crate) async fn execute(client: &impl GenericClient, sql: &str, params: &[Param<'_>]) -> Result<u64> {
    let statement = client.prepare_cached(&convert::sql(sql)).await?;
    Ok(client.execute(&statement, &convert::params(params)).await?)
}

pub(crate) async fn rows(client: &impl GenericClient, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>> {
    let statement = client.prepare_cached(&convert::sql(sql)).await?;
    let found = client.query(&statement, &convert::params(params)).await?;
    found.iter().map(convert::row).collect()
}
