//! Putting a backup back where nothing is yet: the data, the key store, or both at once.

mod postgres;
mod sqlite;

use super::format::{Header, Opener};
use super::{BackupKey, End, Progress, Unfit, What, tag};
use crate::anchor::{read_outside, replace};
use crate::log::row::Entry;
use crate::verify::Report;
use crate::{Database, Error, Result, Settings, Store};
use jiff::Timestamp;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// What to restore; at least one of the two.
#[derive(Debug, Clone, Copy)]
pub struct Restore<'a> {
    /// Backup of the data.
    pub data: Option<&'a Path>,
    /// Backup of the key store; without it, the key store that is there is used.
    pub keys: Option<&'a Path>,
    /// Key of both backups.
    pub key: &'a BackupKey,
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// When the backup of the data was made.
    pub made_at: Option<Timestamp>,
    /// When the backup of the key store was made.
    pub keys_made_at: Option<Timestamp>,
    /// Patients who can be found by BSN and name.
    pub patients: u64,
    /// Patients whose key the key store does not hold: their records stay closed.
    pub without_key: u64,
    /// Records that had been erased since the backup, and were again.
    pub erased_again: u64,
    /// Another anchor stood outside the database, and was put aside here: the log went further than the backup.
    pub other_anchor: Option<PathBuf>,
    /// The log as it is now; absent where only the key store was restored.
    pub log: Option<Report>,
}

/// Restores. Where anything is wrong with a file, the key or the target, nothing is left of it.
///
/// # Errors
/// [`Unfit`] with the reason; [`Error::Newer`] for the backup of a newer program; [`Error::WrongMasterKey`] or
/// [`Error::WrongKeyStore`] where data, key store and master key are not each other's.
pub async fn restore(settings: &Settings, what: Restore<'_>, now: Timestamp, progress: Progress) -> Result<Restored> {
    match &settings.database {
        Database::Sqlite { folder } => sqlite::restore(folder, settings, what, now, progress).await,
        Database::Postgres { url, keys_url, .. } => {
            postgres::restore(url, keys_url.as_deref(), settings, what, now, progress).await
        }
    }
}

/// An opened backup.
struct Source {
    opener: Opener<BufReader<File>>,
    total: u64,
    progress: Progress,
    end: Option<End>,
}

impl Source {
    /// Opens the file, which must hold `what`, of this kind of database.
    fn open(path: &Path, key: &BackupKey, what: What, database: &'static str, progress: &Progress) -> Result<Self> {
        let file = File::open(path).map_err(Error::file(path))?;
        let total = file.metadata().map_err(Error::file(path))?.len();
        let opener = Opener::begin(BufReader::new(file), key)?;
        let Header { what: holds, database: of, .. } = opener.header();
        if *holds != what {
            return Err(Unfit::OtherContent(match what {
                What::Data => "this is a backup of the key store, not of the data",
                What::Keys => "this is a backup of the data, not of the key store",
            })
            .into());
        }
        if of != database {
            let name = |code: &str| if code == "sqlite" { "SQLite" } else { "PostgreSQL" };
            return Err(Unfit::OtherDatabase(name(of), name(database)).into());
        }
        Ok(Self { opener, total, progress: progress.clone(), end: None })
    }

    fn made_at(&self) -> Timestamp {
        self.opener.header().made_at
    }

    /// The next frame before the end.
    fn frame(&mut self) -> Result<Option<(u8, Vec<u8>)>> {
        match self.opener.frame()? {
            Some((tag::END, bytes)) => {
                self.end = Some(serde_json::from_slice(&bytes).map_err(|_| Unfit::NoBackup)?);
                match self.opener.frame()? {
                    None => Ok(None),
                    Some(_) => Err(Unfit::NoBackup.into()),
                }
            }
            Some(frame) => {
                (self.progress)(self.opener.bytes().min(self.total), self.total);
                Ok(Some(frame))
            }
            None => Err(Unfit::NoBackup.into()),
        }
    }
}

impl Store {
    /// What follows when the data is in its place: everybody findable, a row and an anchor, and the log proven.
    async fn after_restore(
        &self,
        end: &End,
        made_at: Timestamp,
        now: Timestamp,
        progress: &Progress,
    ) -> Result<Restored> {
        if let Some(anchor) = &end.anchor {
            let text = serde_json::to_vec_pretty(anchor).map_err(|_| Error::Bug("an anchor does not serialise"))?;
            replace(&self.core.anchor_file, &text)?;
        }
        let erased_again = self.erase_what_was_erased(now).await?;
        let found = self.make_findable(progress).await?;
        self.spend(Entry::program(now, "restore", format!("data of {made_at}, {} rows", end.log_rows))).await?;
        self.anchor(now).await?;
        let log = self.verify().await?;
        Ok(Restored {
            made_at: Some(made_at),
            keys_made_at: None,
            patients: found.patients,
            without_key: found.without_key,
            erased_again,
            other_anchor: None,
            log: Some(log),
        })
    }
}

/// Puts an anchor aside that stands outside the database and is not the one of the backup.
fn put_aside(path: &Path, end: &End, now: Timestamp) -> Result<Option<PathBuf>> {
    if matches!(read_outside(path), Ok(there) if there.is_none() || there == end.anchor) {
        return Ok(None);
    }
    let aside = path.with_extension(format!("before-{}.json", now.as_second()));
    std::fs::rename(path, &aside).map_err(Error::file(path))?;
    Ok(Some(aside))
}
