//! The writer thread: it alone writes, and puts everything that waits on disk together (decisions 71 and 72).

use super::Files;
use super::heads::Heads;
use super::open::{Use, connect, execute, rows};
use super::reader::changed;
use crate::log::row::{Entry, Head};
use crate::seal::{Keyed, wrapped_with};
use crate::value::{Param, Row, params};
use crate::{Error, Result};
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Rows of the log for reads wait at most this long for a write to go with. (Each group makes the readers look at the
/// database afresh, so groups for rows alone should not be many.)
const ROWS_WAIT: Duration = Duration::from_millis(80);
/// This many rows do not wait.
const ROWS_MANY: usize = 4096;
/// Jobs of one group.
const GROUP: usize = 1024;
/// After a failure the rows of the log are tried again after this.
const AFTER_FAILURE: Duration = Duration::from_millis(500);

/// A job that waits, with its caller.
pub(crate) trait Queued: Send {
    /// Runs it; whether its writes stay.
    fn run(&mut self, tx: Tx<'_>) -> bool;
    /// Tells its caller what it came to, or what made the whole group fail.
    fn answer(self: Box<Self>, failed: Option<Error>);
}

type Job = Box<dyn Queued>;

/// The end that others hold.
pub(crate) struct Writer {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    queue: Mutex<Queue>,
    wake: Condvar,
}

#[derive(Default)]
struct Queue {
    jobs: Vec<Job>,
    rows: Vec<Entry>,
    /// No more is taken; what waits is written, then the thread ends.
    closing: bool,
    /// The log could not be written: nothing may be read until it can.
    stalled: bool,
}

/// A job's view of the writer's connections.
pub(crate) struct Tx<'c> {
    main: &'c mut Connection,
    keys: &'c mut Keys,
    heads: &'c mut Heads,
    log_key: &'c Keyed,
}

/// The key store's connection; its transaction begins with the first key of a group.
struct Keys {
    connection: Connection,
    begun: bool,
}

impl Keys {
    fn begin(&mut self) -> Result<()> {
        if !self.begun {
            self.connection.execute_batch("BEGIN IMMEDIATE")?;
            self.begun = true;
        }
        Ok(())
    }
}

/// Nothing new is wrapped with a master key that was retired.
fn refuse_retired(keys: &Connection, wrapped: &[u8]) -> Result<()> {
    let Some(master) = wrapped_with(wrapped) else { return Err(Error::WrongMasterKey) };
    let retired = rows(keys, "SELECT 1 FROM retired_master WHERE id = ?1", params![i64::from(master)])?;
    if retired.is_empty() { Ok(()) } else { Err(Error::KeysChanged) }
}

impl Tx<'_> {
    pub fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64> {
        execute(self.main, sql, params)
    }

    pub fn rows(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>> {
        rows(self.main, sql, params)
    }

    pub fn put_keys(&mut self, keys: &[(&str, &[u8])]) -> Result<()> {
        self.keys.begin()?;
        for (patient, wrapped) in keys {
            refuse_retired(&self.keys.connection, wrapped)?;
            execute(
                &self.keys.connection,
                "INSERT INTO data_key (patient_id, key_id, wrapped) VALUES (?1, 1, ?2) \
                 ON CONFLICT (patient_id, key_id) DO UPDATE SET wrapped = excluded.wrapped",
                params![*patient, *wrapped],
            )?;
        }
        Ok(())
    }

    pub fn destroy_key(&mut self, patient: &str, at: i64) -> Result<()> {
        self.keys.begin()?;
        execute(&self.keys.connection, "DELETE FROM data_key WHERE patient_id = ?1", params![patient])?;
        execute(
            &self.keys.connection,
            "INSERT INTO destroyed_key (patient_id, at) VALUES (?1, ?2) ON CONFLICT (patient_id) DO NOTHING",
            params![patient, at],
        )?;
        Ok(())
    }

    pub fn head(&mut self, chain: &str) -> Result<Head> {
        self.heads.head(self.main, chain)
    }

    pub fn append(&mut self, entries: &[Entry]) -> Result<()> {
        entries.iter().try_for_each(|e| self.heads.append(self.main, self.log_key, e))
    }

    pub fn settle(&mut self) -> Result<()> {
        // Where it fails, what was taken from memory is in the log still.
        self.heads.flush(self.main, true).inspect_err(|_| self.heads.forget())
    }
}

impl Writer {
    /// Starts the thread.
    pub fn start(files: &Files, log_key: Keyed) -> Result<Self> {
        let main = connect(&files.main, Use::Write)?;
        let keys = Keys { connection: connect(&files.keys, Use::Write)?, begun: false };
        let shared = Arc::new(Shared { queue: Mutex::default(), wake: Condvar::new() });
        let worker = Worker { main, keys, heads: Heads::new(), log_key, seen: None, shared: Arc::clone(&shared) };
        let thread = std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || worker.run())
            .map_err(|e| Error::NoConnection(e.to_string()))?;
        Ok(Self { shared, thread: Mutex::new(Some(thread)) })
    }

    /// Queues a job.
    pub fn push(&self, job: Box<dyn Queued>) -> Result<()> {
        let mut queue = self.shared.lock();
        if queue.closing {
            return Err(Error::Closed);
        }
        queue.jobs.push(job);
        let first = queue.jobs.len() == 1;
        drop(queue);
        if first {
            self.shared.wake.notify_one();
        }
        Ok(())
    }

    /// Queues a row of the log; how many are waiting. Refused while the log cannot be written.
    pub fn hand_over(&self, entry: Entry) -> Result<usize> {
        let mut queue = self.shared.lock();
        if queue.closing {
            return Err(Error::Closed);
        }
        if queue.stalled {
            return Err(Error::LogStalled);
        }
        queue.rows.push(entry);
        let waiting = queue.rows.len();
        drop(queue);
        // The first sets the clock going, the many end the waiting; in between the writer need not be woken.
        if waiting == 1 || waiting == ROWS_MANY {
            self.shared.wake.notify_one();
        }
        Ok(waiting)
    }

    /// Takes no more, writes what waits, ends; the thread to join, once.
    pub fn stop(&self) -> Option<JoinHandle<()>> {
        self.shared.lock().closing = true;
        self.shared.wake.notify_one();
        self.thread.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// After a group: rows that could not be written wait on, and nothing is read until they are.
    fn after(&self, failed: bool, rows: Vec<Entry>) {
        let mut queue = self.lock();
        queue.stalled = failed;
        if failed && queue.closing {
            tracing::error!(rows = rows.len() + queue.rows.len(), "rows of the log are lost: the store closes");
            queue.rows.clear();
        } else if failed {
            let later = std::mem::replace(&mut queue.rows, rows);
            queue.rows.extend(later);
        }
    }

    /// Waits for work: jobs, or rows that have waited long enough. `None`: the end.
    fn next(&self, last_failed: bool) -> Option<(Vec<Job>, Vec<Entry>)> {
        let mut queue = self.lock();
        let mut deadline: Option<Instant> = None;
        loop {
            if !queue.jobs.is_empty() || queue.rows.len() >= ROWS_MANY && !last_failed {
                break;
            }
            if queue.closing {
                if queue.rows.is_empty() {
                    return None;
                }
                break;
            }
            if queue.rows.is_empty() {
                deadline = None;
                queue = self.wake.wait(queue).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let wait = if last_failed { AFTER_FAILURE } else { ROWS_WAIT };
            let left = deadline.get_or_insert_with(|| Instant::now() + wait).saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            queue = self.wake.wait_timeout(queue, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        let many = queue.jobs.len().min(GROUP);
        let rest = queue.jobs.split_off(many);
        Some((std::mem::replace(&mut queue.jobs, rest), std::mem::take(&mut queue.rows)))
    }
}

/// The thread's own.
struct Worker {
    main: Connection,
    keys: Keys,
    heads: Heads,
    log_key: Keyed,
    /// The database's own count of what others wrote, as last seen.
    seen: Option<i64>,
    shared: Arc<Shared>,
}

impl Worker {
    fn run(mut self) {
        let mut failed = false;
        while let Some((mut jobs, rows)) = self.shared.next(failed) {
            let result = self.group(&mut jobs, &rows);
            failed = result.is_err();
            if let Err(e) = &result {
                tracing::error!(error = %e, jobs = jobs.len(), rows = rows.len(), "a group could not be written");
                self.abandon();
            }
            self.shared.after(failed, rows);
            if !jobs.is_empty() {
                changed();
            }
            let why = result.err().map(|e| e.to_string());
            for job in jobs {
                job.answer(why.clone().map(Error::Commit));
            }
        }
    }

    fn group(&mut self, jobs: &mut [Job], rows: &[Entry]) -> Result<()> {
        self.begin()?;
        for job in jobs {
            self.one(job)?;
        }
        self.heads.begin();
        rows.iter().try_for_each(|e| self.heads.append(&self.main, &self.log_key, e))?;
        self.heads.flush(&self.main, false)?;
        // The key store first: data without its key would be lost, a key without data is nothing (decision 70).
        if std::mem::take(&mut self.keys.begun) {
            self.keys.connection.execute_batch("COMMIT")?;
        }
        execute(&self.main, "COMMIT", &[])?;
        Ok(())
    }

    fn begin(&mut self) -> Result<()> {
        execute(&self.main, "BEGIN IMMEDIATE", &[])?;
        let seen = rows(&self.main, "PRAGMA data_version", &[])?.first().map_or(Ok(0), |r| r.int(0))?;
        if self.seen.replace(seen) != Some(seen) {
            // Another process wrote: what this one remembers of the log's ends may be old.
            self.heads.forget();
        }
        Ok(())
    }

    /// Runs one job in its savepoint. An error means that the whole transaction is gone.
    fn one(&mut self, job: &mut Job) -> Result<()> {
        execute(&self.main, "SAVEPOINT job", &[])?;
        self.heads.begin();
        let tx = Tx { main: &mut self.main, keys: &mut self.keys, heads: &mut self.heads, log_key: &self.log_key };
        // A mistake in one job must not take the writer with it; the job then has no answer, and says so.
        let keep = catch_unwind(AssertUnwindSafe(|| job.run(tx))).unwrap_or(false);
        if self.main.is_autocommit() {
            // So it is when the disk is full: SQLite itself takes everything back.
            return Err(Error::Commit("the database ended the transaction".into()));
        }
        if !keep {
            self.heads.take_back();
            execute(&self.main, "ROLLBACK TO job", &[])?;
        }
        execute(&self.main, "RELEASE job", &[])?;
        Ok(())
    }

    /// Takes back a group that failed.
    fn abandon(&mut self) {
        self.keys.begun = false;
        for connection in [&self.keys.connection, &self.main] {
            if !connection.is_autocommit()
                && let Err(e) = connection.execute_batch("ROLLBACK")
            {
                tracing::error!(error = %e, "a failed group could not be taken back");
            }
        }
        self.heads.forget();
        self.seen = None;
    }
}
