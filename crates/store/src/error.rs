//! What can go wrong in the store. No text here ever holds anything about a patient.

use domain::ident::PatientId;
use std::path::PathBuf;

/// Result of the store.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The store failed, or was asked something it must refuse. What a user can cause in the ordinary course of work (a
/// double BSN, a stale save) is not here: those are values of the functions concerned.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// SQLite said no.
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL said no.
    #[error("PostgreSQL: {}", Error::text_of(.0))]
    Postgres(#[from] tokio_postgres::Error),
    /// No connection could be had.
    #[error("no connection to the database: {0}")]
    NoConnection(String),
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The settings cannot be right.
    #[error("{0}")]
    Settings(String),
    /// The database was made by a newer program (DESIGN section 3).
    #[error(
        "the database has schema {found}, this program knows up to {known}: it was made by a newer version of the program"
    )]
    Newer {
        /// Number of the newest migration in the database.
        found: i64,
        /// Number of the newest migration in the program.
        known: i64,
    },
    /// A migration that was applied is not the one the program holds.
    #[error(
        "migration {0} in the database differs from the one in this program: the database was made by another build"
    )]
    OtherMigration(i64),
    /// The master key's file is not there, while there is data that needs it.
    #[error("the master key is missing: {0} does not exist, and the data cannot be read without it")]
    NoMasterKey(PathBuf),
    /// The master key's file is no key.
    #[error("the master key is not readable: {0}")]
    BadMasterKey(String),
    /// The data was sealed under another master key.
    #[error("the master key does not fit this data: it was sealed under another key")]
    WrongMasterKey,
    /// The key store and the database are not each other's.
    #[error("the key store does not belong to this database: {0}")]
    WrongKeyStore(&'static str),
    /// A patient's key is gone: erased, or the key store is an older copy.
    #[error("the key of this record is not in the key store")]
    NoKey,
    /// Sealed bytes do not open: changed, or moved to another row.
    #[error("a sealed value of table {0} does not open: it was changed or belongs elsewhere")]
    Unsealable(&'static str),
    /// Stored bytes open but cannot be read.
    #[error("a stored value of table {table} cannot be read (at byte {at})")]
    Unreadable {
        /// Table.
        table: &'static str,
        /// Where in the value.
        at: usize,
    },
    /// The permit is not for this: a mistake in the calling code.
    #[error("the permit does not cover this: {0}")]
    Permit(&'static str),
    /// No such patient.
    #[error("no such patient")]
    NoPatient,
    /// The record was merged into another; nothing may be written to it any more.
    #[error("this record was merged into another")]
    Merged(PatientId),
    /// The patient died: nothing new is planned (decision 22).
    #[error("the patient of this record died; no new plan is written")]
    Died,
    /// A name that must be one of a kind is in use.
    #[error("{0} is in use already")]
    Taken(&'static str),
    /// As many of this kind are kept as may be.
    #[error("no more of this kind are kept")]
    Full,
    /// A row that should be there is not.
    #[error("no such {0}")]
    Missing(&'static str),
    /// The group this write belonged to could not be put on disk; nothing of it was kept.
    #[error("the write could not be committed: {0}")]
    Commit(String),
    /// The log cannot be written, so nothing may be read either (decision 71).
    #[error("the log cannot be written; reading is refused until it can")]
    LogStalled,
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// A backup cannot be made or restored.
    #[error(transparent)]
    Unfit(#[from] crate::backup::Unfit),
    /// A key was replaced while this was being written: whoever called loads the newer one and tries again.
    #[error("the keys were replaced meanwhile; try again")]
    KeysChanged,
    /// A mistake in this program.
    #[error("mistake in the store: {0}")]
    Bug(&'static str),
}

impl Error {
    /// May the same request succeed when tried again in a moment?
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::NoConnection(_) | Self::Commit(_) | Self::KeysChanged | Self::LogStalled | Self::Closed => true,
            Self::Postgres(e) => e.is_closed() || is_conflict(e),
            Self::Sqlite(e) => {
                matches!(e.sqlite_error_code(), Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DiskFull))
            }
            _ => false,
        }
    }

    /// What PostgreSQL said. Its detail may hold values of a row, so only the message is taken.
    pub(crate) fn text_of(e: &tokio_postgres::Error) -> String {
        e.as_db_error().map_or_else(|| e.to_string(), |d| format!("{} ({})", d.message(), d.code().code()))
    }

    /// For mapping the errors of files.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}

/// Was it a deadlock or a serialization failure, which a retry resolves?
pub(crate) fn is_conflict(e: &tokio_postgres::Error) -> bool {
    use tokio_postgres::error::SqlState;
    matches!(e.code(), Some(c) if *c == SqlState::T_R_SERIALIZATION_FAILURE || *c == SqlState::T_R_DEADLOCK_DETECTED)
}
