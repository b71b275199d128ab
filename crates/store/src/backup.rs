//! Backups: the data in one sealed file, and the key store in another (decision 70).
//!
//! A backup is taken while others work, and shows one moment. The file holds no keyed hash of a BSN or a name: whoever
//! restores makes those anew from the identities that can still be opened, so that a backup tells nothing of a patient
//! who was erased since. How the file is made up is in `backup::format`.

pub mod format;
mod key;
mod postgres;
mod restore;
mod search;
mod sqlite;

pub use key::BackupKey;
pub use restore::{Restore, Restored, restore};

use crate::db::Db;
use crate::log::row::Entry;
use crate::{Error, Result, Store};
use format::{Header, Sealer};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a backup holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Everything but the key store.
    Data,
    /// The key store; worth nothing without the master key.
    Keys,
}

/// Why a backup cannot be made or restored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The file is something else.
    #[error("this file is no backup of Tijdig")]
    NoBackup,
    /// A later program wrote it.
    #[error("this backup was made by a newer version of the program")]
    Newer,
    /// It was sealed with another key.
    #[error("the key does not fit this backup: it was sealed with another key")]
    WrongKey,
    /// The file was changed.
    #[error("this backup is damaged: block {0} of it was changed")]
    Changed(u64),
    /// The file ends too early.
    #[error("this backup is cut off: it ends after block {0}")]
    CutOff(u64),
    /// It holds the other thing.
    #[error("{0}")]
    OtherContent(&'static str),
    /// It is of the other kind of database.
    #[error("this backup is of {0}, and the target is {1}: a backup goes back to the kind of database it was made of")]
    OtherDatabase(&'static str, &'static str),
    /// The target holds something.
    #[error("{0} is not empty: a backup is restored where nothing is yet")]
    NotEmpty(&'static str),
    /// The key store is neither given nor there.
    #[error("the key store is missing: give its backup along, the data cannot be read without it")]
    NoKeyStore,
    /// A restore was broken off here.
    #[error("a restore into this database was broken off: empty the database and restore again")]
    BrokenOff,
    /// The file to write is there already.
    #[error("{0} is there already")]
    Exists(PathBuf),
}

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    /// Bytes of the file.
    pub bytes: u64,
    /// Rows of the log in it; none for the key store.
    pub log_rows: u64,
    /// The newest anchor in it.
    pub anchor: Option<u64>,
}

/// Told how far it is: done and total, in units of its own; the total is 0 where it is not known.
pub type Progress = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// What ends a backup's content: how far it goes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct End {
    pub log_rows: u64,
    pub anchor: Option<crate::anchor::Outside>,
}

/// Frames of a backup's content.
pub(crate) mod tag {
    /// A part of the SQLite file.
    pub const FILE: u8 = b'F';
    /// A table of PostgreSQL begins: its name and columns.
    pub const TABLE: u8 = b'T';
    /// A part of PostgreSQL's own binary form of the table.
    pub const ROWS: u8 = b'D';
    /// Migrations that were applied, by number and checksum.
    pub const MIGRATIONS: u8 = b'M';
    /// A sequence and where it stands.
    pub const SEQUENCE: u8 = b'S';
    /// The end, with [`super::End`].
    pub const END: u8 = b'Z';
}

/// Tables that a backup leaves empty: what is in them follows from the sealed identities.
pub(crate) const LEFT_OUT: [&str; 2] = ["patient_bsn", "patient_name"];

impl Store {
    /// Writes a backup to a new file, sealed with `key`, and a row of the log. Others go on working. Where it fails
    /// there is no file.
    ///
    /// # Errors
    /// [`Unfit::Exists`] where the file is there and `replace` is not said.
    pub async fn backup(
        &self,
        what: What,
        to: &Path,
        replace: bool,
        key: &BackupKey,
        now: Timestamp,
        progress: Progress,
    ) -> Result<BackedUp> {
        if !replace && to.exists() {
            return Err(Unfit::Exists(to.to_owned()).into());
        }
        // What was handed over before belongs in it.
        self.core.db.settle().await?;
        let part = Scrap::beside(to, "part");
        let written = self.write_backup(what, part.path(), key, now, progress).await;
        let done = written.and_then(|done| {
            std::fs::rename(part.path(), to).map_err(Error::file(to))?;
            sync_folder(to)?;
            Ok(done)
        });
        let named = match what {
            What::Data => "data",
            What::Keys => "key store",
        };
        let mut entry = Entry::program(now, "backup", named);
        match &done {
            Ok(done) => entry.detail = Some(format!("{} bytes, {} rows", done.bytes, done.log_rows).into_bytes()),
            Err(_) => entry.outcome = "failed".into(),
        }
        self.spend(entry).await?;
        self.flush().await?;
        done
    }

    async fn write_backup(
        &self,
        what: What,
        part: &Path,
        key: &BackupKey,
        now: Timestamp,
        progress: Progress,
    ) -> Result<BackedUp> {
        let file = private_file(part)?;
        let (sealer, end) = match &self.core.db {
            Db::Sqlite(db) => {
                let sealer = Sealer::begin(BufWriter::new(file), Header::new(what, "sqlite", now), key)
                    .map_err(Error::file(part))?;
                sqlite::write(db, what, part, sealer, progress).await?
            }
            Db::Postgres(db) => {
                let sealer = Sealer::begin(BufWriter::new(file), Header::new(what, "postgres", now), key)
                    .map_err(Error::file(part))?;
                postgres::write(db, what, part, sealer, progress).await?
            }
        };
        let end_json = serde_json::to_vec(&end).map_err(|_| Error::Bug("the end of a backup does not serialise"))?;
        let write = |mut sealer: Sealer<BufWriter<File>>| -> std::io::Result<u64> {
            sealer.frame(tag::END, &end_json)?;
            let file = sealer.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
            file.sync_all()?;
            Ok(file.metadata()?.len())
        };
        let bytes = write(sealer).map_err(Error::file(part))?;
        let anchor = end.anchor.as_ref().and_then(|a| u64::try_from(a.number).ok());
        Ok(BackedUp { bytes, log_rows: end.log_rows, anchor })
    }
}

/// A file or folder that goes when it is not needed any more, whatever happened.
pub(crate) struct Scrap(PathBuf, bool);

impl Scrap {
    /// A name beside a file.
    pub fn beside(path: &Path, kind: &str) -> Self {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let rare = domain::ident::id_text(crate::random::bits());
        Self::of(path.with_file_name(format!(".{name}.{rare}.{kind}")))
    }

    /// This very file or folder.
    pub fn of(path: PathBuf) -> Self {
        Self(path, false)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// It stays.
    pub fn keep(mut self) {
        self.1 = true;
    }
}

impl Drop for Scrap {
    fn drop(&mut self) {
        // Where it was renamed, or never made, there is nothing to take away.
        if self.1 {
            return;
        }
        if self.0.is_dir() {
            let _ = std::fs::remove_dir_all(&self.0);
        } else {
            let _ = std::fs::remove_file(&self.0);
        }
    }
}

/// A new file that only its owner may read.
pub(crate) fn private_file(path: &Path) -> Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(Error::file(path))
}

/// Makes a rename in the folder of this path last.
pub(crate) fn sync_folder(path: &Path) -> Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|f| f.sync_all()).map_err(Error::file(folder))
}
