//! Restoring SQLite: made ready in a folder beside, and moved into place when all is well.

use super::{Restore, Restored, Source, put_aside};
use crate::backup::{Progress, Scrap, Unfit, What, private_file, sync_folder, tag};
use crate::db::Db;
use crate::sqlite::{Files, Sqlite};
use crate::{Error, Result, Settings, Store};
use jiff::Timestamp;
use std::io::Write;
use std::path::{Path, PathBuf};

pub(super) async fn restore(
    folder: &Path,
    settings: &Settings,
    what: Restore<'_>,
    now: Timestamp,
    progress: Progress,
) -> Result<Restored> {
    let there = Files::of(folder);
    if what.data.is_some() && there.main.exists() {
        return Err(Unfit::NotEmpty("the data folder").into());
    }
    if what.keys.is_some() && there.keys.exists() {
        return Err(Unfit::NotEmpty("the key store").into());
    }
    if what.keys.is_none() && !there.keys.exists() {
        return Err(Unfit::NoKeyStore.into());
    }
    // Before anything is made, so that a file that does not fit leaves not even a folder.
    let open =
        |path: Option<&Path>, which| path.map(|p| Source::open(p, what.key, which, "sqlite", &progress)).transpose();
    let (data, keys) = (open(what.data, What::Data)?, open(what.keys, What::Keys)?);
    // Only what is made here may be taken away again.
    let mut made = (!folder.exists()).then(|| Scrap::of(folder.to_owned()));
    std::fs::create_dir_all(folder).map_err(Error::file(folder))?;
    let staging = Scrap::beside(&folder.join("restore"), "d");
    std::fs::create_dir(staging.path()).map_err(Error::file(staging.path()))?;
    let restored = restore_by(staging.path(), &there, settings, (data, keys), now, &progress).await;
    if restored.is_ok()
        && let Some(made) = made.take()
    {
        made.keep();
    }
    restored
}

async fn restore_by(
    staging: &Path,
    there: &Files,
    settings: &Settings,
    (data, keys): (Option<Source>, Option<Source>),
    now: Timestamp,
    progress: &Progress,
) -> Result<Restored> {
    let ready = Files::of(staging);
    let made_at = data.as_ref().map(Source::made_at);
    let keys_made_at = keys.as_ref().map(Source::made_at);
    let data = unpacked(data, &ready.main).await?;
    let keys = unpacked(keys, &ready.keys).await?;
    // With what is not restored as it stands. A key store alone is tried on the data that is there, or else on nothing.
    let files = Files {
        main: if data.is_some() || !there.main.exists() { ready.main.clone() } else { there.main.clone() },
        keys: if keys.is_some() { ready.keys.clone() } else { there.keys.clone() },
    };
    let tried = Settings { anchor_file: staging.join("anchor.json"), ..settings.clone() };
    let (db, _) = Sqlite::open_files(files)?;
    let store = Store::over(Db::Sqlite(db), &tried, data.is_some()).await?;
    let restored = match (&data, made_at) {
        (Some(end), Some(made_at)) => store.after_restore(end, made_at, now, progress).await,
        _ => Ok(Restored {
            made_at,
            keys_made_at,
            patients: 0,
            without_key: 0,
            erased_again: 0,
            other_anchor: None,
            log: None,
        }),
    };
    store.close().await?;
    let mut restored = Restored { keys_made_at, ..restored? };
    if let Some(end) = &data {
        restored.other_anchor = put_aside(&settings.anchor_file, end, now)?;
        place(&tried.anchor_file, &settings.anchor_file)?;
    }
    // The key store first: data without it would not open, and what is half done would look whole.
    for (file, to, moved) in [(&ready.keys, &there.keys, keys.is_some()), (&ready.main, &there.main, data.is_some())] {
        if moved {
            crate::sqlite::truncate_log(file)?;
            std::fs::rename(file, to).map_err(Error::file(to))?;
        }
    }
    sync_folder(&there.main)?;
    Ok(restored)
}

/// Writes out the file that a backup holds.
async fn unpacked(source: Option<Source>, to: &Path) -> Result<Option<super::End>> {
    let Some(mut source) = source else { return Ok(None) };
    let to: PathBuf = to.to_owned();
    let work = move || {
        let mut file = private_file(&to)?;
        while let Some((tag, bytes)) = source.frame()? {
            if tag != tag::FILE {
                return Err(Unfit::NoBackup.into());
            }
            file.write_all(&bytes).map_err(Error::file(&to))?;
        }
        file.sync_all().map_err(Error::file(&to))?;
        Ok(source.end)
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Bug("a copying thread stopped"))?
}

/// Moves a file that may go to another disk.
fn place(from: &Path, to: &Path) -> Result<()> {
    let text = std::fs::read(from).map_err(Error::file(from))?;
    crate::anchor::replace(to, &text)
}
