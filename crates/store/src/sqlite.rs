//! SQLite: two files in the data folder, one writer thread, a reading connection per thread.

mod heads;
mod open;
mod reader;
mod writer;

pub(crate) use open::{connect_to_read, rows, truncate_log};
pub use reader::{hold_reads, release_reads};
pub(crate) use writer::Tx;

use crate::error::{Error, Result};
use crate::job::{Job, Tx as AnyTx};
use crate::log::row::Entry;
use crate::schema::{KEYS, MAIN};
use crate::seal::Keyed;
use crate::value::{Param, Row, Value};
use crate::{Migrated, random};
use reader::Of;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Waker};
use tokio::sync::oneshot;

/// The two files.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    pub main: PathBuf,
    pub keys: PathBuf,
}

/// The database in a folder.
pub(crate) struct Sqlite {
    files: Arc<Files>,
    /// Tells this store's connections from those of another store on the same thread.
    id: u128,
    writer: OnceLock<writer::Writer>,
}

impl Files {
    pub fn of(folder: &Path) -> Self {
        Self { main: folder.join("tijdig.db"), keys: folder.join("keys.db") }
    }
}

impl Sqlite {
    /// Opens and migrates; the writer starts with [`Sqlite::start`], when the keys are known.
    pub fn open(folder: &Path) -> Result<(Self, Migrated)> {
        std::fs::create_dir_all(folder).map_err(Error::file(folder))?;
        Self::open_files(Files::of(folder))
    }

    /// As [`Sqlite::open`], wherever the files are.
    pub fn open_files(files: Files) -> Result<(Self, Migrated)> {
        let migrated = open::migrate(&files.main, MAIN)?;
        open::migrate(&files.keys, KEYS)?;
        Ok((Self { files: Arc::new(files), id: random::bits(), writer: OnceLock::new() }, migrated))
    }

    /// Starts the writer.
    pub fn start(&self, log_key: Keyed) -> Result<()> {
        let writer = writer::Writer::start(&self.files, log_key)?;
        self.writer.set(writer).map_err(|_| Error::Bug("the writer was started twice"))
    }

    /// Where the two files are.
    pub fn files(&self) -> &Files {
        &self.files
    }

    fn writer(&self) -> Result<&writer::Writer> {
        self.writer.get().ok_or(Error::Bug("the writer was not started"))
    }

    /// A bounded read, here and now on this thread's own connection.
    pub fn rows(&self, sql: &'static str, params: &[Param<'_>]) -> Result<Vec<Row>> {
        reader::read(self.id, &self.files, Of::Main, sql, params)
    }

    /// A bounded read of the key store.
    pub fn key_rows(&self, sql: &'static str, params: &[Param<'_>]) -> Result<Vec<Row>> {
        reader::read(self.id, &self.files, Of::Keys, sql, params)
    }

    /// A read whose cost grows with the table, on a thread of its own.
    pub async fn many_rows(&self, sql: &'static str, params: Vec<Value>) -> Result<Vec<Row>> {
        let (files, id) = (Arc::clone(&self.files), self.id);
        let read = move || {
            let params: Vec<Param<'_>> = params.iter().map(Param::from).collect();
            let found = reader::read(id, &files, Of::Main, sql, &params);
            // This thread may sleep for long without saying so.
            reader::release_reads();
            found
        };
        tokio::task::spawn_blocking(read).await.map_err(|_| Error::Bug("a reading thread stopped"))?
    }

    /// One statement on the key store, outside any job; for the secrets of the installation.
    pub fn key_execute(&self, sql: &'static str, params: &[Param<'_>]) -> Result<u64> {
        let changed = open::execute(&open::connect(&self.files.keys, open::Use::Write)?, sql, params);
        reader::changed();
        changed
    }

    /// Statements on the key store, all or none; how many rows they changed.
    pub fn key_batch(&self, batch: &[(&'static str, Vec<Value>)]) -> Result<u64> {
        let mut keys = open::connect(&self.files.keys, open::Use::Write)?;
        let tx = keys.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let mut changed = 0;
        for (sql, params) in batch {
            let params: Vec<Param<'_>> = params.iter().map(Param::from).collect();
            changed += open::execute(&tx, sql, &params)?;
        }
        tx.commit()?;
        reader::changed();
        Ok(changed)
    }

    /// Overwrites what was deleted, in the key store by writing it anew, and empties both write-ahead logs. `false`
    /// where somebody was in the way.
    pub async fn overwrite(&self) -> Result<bool> {
        let files = Arc::clone(&self.files);
        // Whoever holds an older state of the files gives it up at the next read, or when they sleep.
        reader::changed();
        let work = move || {
            let keys = open::connect(&files.keys, open::Use::Write)?;
            match keys.execute_batch("VACUUM") {
                Err(e) if e.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => return Ok(false),
                other => other?,
            }
            Ok(open::truncate_log(&files.keys)? && open::truncate_log(&files.main)?)
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Bug("a writing thread stopped"))?
    }

    /// One statement on the data, before the writer starts.
    pub fn first_execute(&self, sql: &'static str, params: &[Param<'_>]) -> Result<u64> {
        let changed = open::execute(&open::connect(&self.files.main, open::Use::Write)?, sql, params);
        reader::changed();
        changed
    }

    /// Runs a job with the next group; answers when it is on disk.
    pub async fn write<J: Job>(&self, job: J) -> Result<J::Out> {
        let (tell, told) = oneshot::channel();
        self.writer()?.push(Box::new(Call { job, out: None, tell }))?;
        told.await.map_err(|_| Error::Closed)?
    }

    /// Hands a row of the log to the writer; how many are waiting.
    pub fn hand_over(&self, entry: Entry) -> Result<usize> {
        self.writer()?.hand_over(entry)
    }

    /// Writes down what the log's heads are, so that the next start need not look for them.
    pub async fn settle(&self) -> Result<()> {
        struct Settle;
        impl Job for Settle {
            type Out = ();
            async fn run(&self, tx: &mut AnyTx<'_>) -> Result<()> {
                match tx {
                    AnyTx::Sqlite(tx) => tx.settle(),
                    AnyTx::Postgres(_) => Ok(()),
                }
            }
        }
        self.write(Settle).await
    }

    /// Writes what waits, and stops.
    pub async fn close(&self) -> Result<()> {
        // Rows that were handed over go with the same group as this job.
        let settled = match self.settle().await {
            Err(Error::Closed) => return Ok(()),
            other => other,
        };
        let stopped = self.writer.get().map(writer::Writer::stop);
        reader::forget(self.id);
        if let Some(thread) = stopped.flatten() {
            let joined = tokio::task::spawn_blocking(move || thread.join()).await;
            joined.ok().and_then(std::result::Result::ok).ok_or(Error::Bug("the writer stopped badly"))?;
        }
        settled
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        reader::forget(self.id);
        if let Some(thread) = self.writer.get().and_then(writer::Writer::stop) {
            // The writer puts on disk what was handed over before it stops.
            let _ = thread.join();
        }
    }
}

/// A job in the queue.
struct Call<J: Job> {
    job: J,
    out: Option<Result<J::Out>>,
    tell: oneshot::Sender<Result<J::Out>>,
}

impl<J: Job> writer::Queued for Call<J> {
    fn run(&mut self, tx: Tx<'_>) -> bool {
        let mut tx = AnyTx::Sqlite(tx);
        let out = self.out.insert(poll_once(self.job.run(&mut tx)));
        out.is_ok()
    }

    fn answer(self: Box<Self>, failed: Option<Error>) {
        // A job's own refusal is its answer, however the group fared; what it wrote counts only with the group.
        let out = match (self.out, failed) {
            (Some(Err(own)), _) => Err(own),
            (_, Some(failed)) => Err(failed),
            (Some(done), None) => done,
            (None, None) => Err(Error::Bug("a job stopped halfway")),
        };
        // Where nobody waits any more, what was written stays written.
        drop(self.tell.send(out));
    }
}

/// Runs a future that never waits. A job on SQLite only calls functions of the transaction, which are ready at once.
fn poll_once<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(out) => out,
        Poll::Pending => Err(Error::Bug("a job waited in the writer's thread")),
    }
}
