//! Reading connections: one pair per thread and store, so that a bounded read needs no lock and no other thread.

use super::Files;
use super::open::{Use, connect};
use crate::Result;
use rusqlite::Connection;
use std::cell::RefCell;
use std::sync::{Arc, Weak};

/// A thread's connections to one store.
pub(crate) struct Reader {
    id: u128,
    store: Weak<Files>,
    pub main: Connection,
    pub keys: Connection,
}

thread_local! {
    static READERS: RefCell<Vec<Reader>> = const { RefCell::new(Vec::new()) };
}

/// Does something with this thread's connections; `f` must not read through this again.
pub(crate) fn with<T>(id: u128, files: &Arc<Files>, f: impl FnOnce(&Reader) -> Result<T>) -> Result<T> {
    READERS.with_borrow_mut(|readers| {
        if let Some(reader) = readers.iter().find(|r| r.id == id) {
            return f(reader);
        }
        // Opening is the moment to close what belongs to stores that are gone.
        readers.retain(|r| r.store.strong_count() > 0);
        let main = connect(&files.main, Use::Read)?;
        let keys = connect(&files.keys, Use::Read)?;
        readers.push(Reader { id, store: Arc::downgrade(files), main, keys });
        readers.last().map_or(Err(crate::Error::Bug("no reader")), f)
    })
}

/// Closes this thread's connections to a store.
pub(crate) fn forget(id: u128) {
    // At the end of a thread its connections may be gone already.
    let _ = READERS.try_with(|readers| readers.borrow_mut().retain(|r| r.id != id));
}
