//! Reading connections: one pair per thread and store, so that a bounded read needs no lock and no other thread.
//!
//! On a thread that says when it goes to sleep ([`hold_reads`]), one read transaction serves many reads: taking and
//! giving back the database's lock is a third of what a keyed read costs. It ends with the next change that this process
//! writes, after [`HOLD`], and when the thread sleeps; so whoever asks after a change was answered sees it, and what
//! another process changed shows a moment later.

use super::Files;
use super::open::{Use, connect, execute, rows};
use crate::value::{Param, Row};
use crate::{Error, Result};
use rusqlite::Connection;
use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

/// A read transaction is held no longer than this.
const HOLD: Duration = Duration::from_millis(50);

/// Counts what was written, by any store of this process.
static CHANGES: AtomicU64 = AtomicU64::new(0);

thread_local! {
    static READERS: RefCell<Vec<Reader>> = const { RefCell::new(Vec::new()) };
    static HOLDS: Cell<bool> = const { Cell::new(false) };
}

/// Which of the two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    Main,
    Keys,
}

/// A thread's connections to one store.
struct Reader {
    id: u128,
    store: Weak<Files>,
    main: Held,
    keys: Held,
}

/// A connection, and since when its transaction is open: the count of changes then, and the time.
struct Held {
    connection: Connection,
    since: Cell<Option<(u64, Instant)>>,
}

impl Held {
    fn open(path: &std::path::Path) -> Result<Self> {
        Ok(Self { connection: connect(path, Use::Read)?, since: Cell::new(None) })
    }

    /// The connection, with a transaction that knows of every change answered before now.
    fn fresh(&self) -> Result<&Connection> {
        if HOLDS.get() {
            // Looked at before the transaction begins: what comes between shows twice rather than not at all.
            let (changes, now) = (CHANGES.load(Ordering::Acquire), Instant::now());
            match self.since.get() {
                Some((then, at)) if then == changes && now.duration_since(at) < HOLD => {}
                _ => {
                    self.release()?;
                    execute(&self.connection, "BEGIN", &[])?;
                    self.since.set(Some((changes, now)));
                }
            }
        }
        Ok(&self.connection)
    }

    fn release(&self) -> Result<()> {
        match self.since.take() {
            Some(_) => execute(&self.connection, "COMMIT", &[]).map(|_| ()),
            None => Ok(()),
        }
    }
}

impl Reader {
    fn release(&self) {
        for held in [&self.main, &self.keys] {
            if let Err(e) = held.release() {
                tracing::error!(error = %e, "a read transaction did not end");
            }
        }
    }
}

/// Says that something was written; before the answer that tells of it.
pub(crate) fn changed() {
    CHANGES.fetch_add(1, Ordering::Release);
}

/// From now on this thread may keep a read transaction from one read to the next. It must call [`release_reads`]
/// whenever it goes to sleep.
pub fn hold_reads() {
    HOLDS.set(true);
}

/// Ends what this thread holds.
pub fn release_reads() {
    // At the end of a thread its connections may be gone already.
    let _ = READERS.try_with(|readers| readers.borrow().iter().for_each(Reader::release));
}

/// A bounded read with this thread's connection.
pub(crate) fn read(id: u128, files: &Arc<Files>, of: Of, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>> {
    let on = |reader: &Reader| {
        let held = if of == Of::Main { &reader.main } else { &reader.keys };
        rows(held.fresh()?, sql, params)
    };
    READERS.with_borrow_mut(|readers| {
        if let Some(reader) = readers.iter().find(|r| r.id == id) {
            return on(reader);
        }
        // Opening is the moment to close what belongs to stores that are gone.
        readers.retain(|r| r.store.strong_count() > 0);
        let (main, keys) = (Held::open(&files.main)?, Held::open(&files.keys)?);
        readers.push(Reader { id, store: Arc::downgrade(files), main, keys });
        readers.last().map_or(Err(Error::Bug("no reader")), on)
    })
}

/// Closes this thread's connections to a store.
pub(crate) fn forget(id: u128) {
    // At the end of a thread its connections may be gone already.
    let _ = READERS.try_with(|readers| readers.borrow_mut().retain(|r| r.id != id));
}
