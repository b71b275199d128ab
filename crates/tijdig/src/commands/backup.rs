//! `tijdig backup`: the data, or the key store, in one sealed file (decision 70).

use super::{Done, Failure, close, open};
use crate::args::Backup;
use crate::config::Config;
use crate::output::{progress, say};
use std::path::PathBuf;
use std::sync::Arc;
use web::backup::{BackupKey, Progress, What};
use web::{Clock, StoreError};

/// Writes the backup; the server may go on meanwhile.
pub async fn run(command: Backup) -> Done {
    let Backup { at, file, keys, key, make_key, replace, json } = command;
    let key = key_of(&Config::of(&at).map_err(Failure::Use)?, key, make_key)?;
    let (_, store) = open(&at).await?;
    let what = if keys { What::Keys } else { What::Data };
    let done = store.backup(what, &file, replace, &key, Clock::default().real(), shown(json)).await;
    let closed = close(store).await;
    let done = done?;
    let name = file.display();
    say(&if json {
        serde_json::json!({
            "file": name.to_string(), "what": what, "bytes": done.bytes, "log_rows": done.log_rows, "anchor": done.anchor,
        })
        .to_string()
    } else if keys {
        format!("De sleutelopslag staat in {name} ({} bytes). Bewaar dit bestand apart van de gegevens.", done.bytes)
    } else {
        let anchor = done.anchor.map_or_else(|| "nog geen anker".to_owned(), |n| format!("tot en met anker {n}"));
        format!("De gegevens staan in {name} ({} bytes, {} regels logboek, {anchor}).", done.bytes, done.log_rows)
    });
    closed
}

/// The key of the backups, from the file that is named.
pub fn key_of(config: &Config, named: Option<PathBuf>, make: bool) -> Result<BackupKey, Failure> {
    let path = named.or_else(|| config.backup_key_file.clone()).ok_or_else(|| {
        Failure::Use("Noem het bestand met de sleutel van de back-ups: --key FILE, of backup_key_file.".to_owned())
    })?;
    if make {
        return Ok(BackupKey::make(&path)?);
    }
    BackupKey::read(&path).map_err(|e| match e {
        StoreError::BadMasterKey(why) => Failure::Failed(format!("{}: geen sleutel ({why}).", path.display())),
        StoreError::File { source, .. } if source.kind() == std::io::ErrorKind::NotFound => Failure::Failed(format!(
            "{} bestaat niet. Met --make-key maakt 'tijdig backup' daar een nieuwe sleutel.",
            path.display()
        )),
        other => other.into(),
    })
}

/// Progress on the terminal; silent where a program reads along.
pub fn shown(json: bool) -> Progress {
    Arc::new(move |done, total| {
        if !json && total > 0 && std::io::IsTerminal::is_terminal(&std::io::stderr()) {
            progress(&format!("{:>3}%", done.saturating_mul(100) / total));
            if done >= total {
                progress("\n");
            }
        }
    })
}
