//! The store itself: opening, asking whether it lives, closing.

use crate::{Error, Result, Settings};

/// The store; cheap to clone, shared by all requests.
#[derive(Clone)]
pub struct Store {}

/// What migrating did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migrated {
    /// Schema before; 0 where the database was new.
    pub from: i64,
    /// Schema now.
    pub to: i64,
}

impl Store {
    /// Opens the store: makes a new database where there is none, migrates an older one, checks that the master key
    /// and the key store fit.
    pub async fn open(_settings: &Settings) -> Result<Self> {
        Err(Error::Bug("not filled in"))
    }
    /// Brings the schema up to date and closes again (`tijdig migrate`); `open` does this too.
    pub async fn migrate(_settings: &Settings) -> Result<Migrated> {
        Err(Error::Bug("not filled in"))
    }
    /// Does the folder or database hold anything yet? Makes nothing (decision 90).
    pub async fn is_empty(_settings: &Settings) -> Result<bool> {
        Err(Error::Bug("not filled in"))
    }
    /// Can the database be read and written (`/readyz`)?
    pub async fn ping(&self) -> Result<()> {
        Err(Error::Bug("not filled in"))
    }
    /// Waits until every row of the log that was handed over is on disk.
    pub async fn flush(&self) -> Result<()> {
        Err(Error::Bug("not filled in"))
    }
    /// Flushes and stops; later calls give [`Error::Closed`].
    pub async fn close(&self) -> Result<()> {
        Err(Error::Bug("not filled in"))
    }
}
