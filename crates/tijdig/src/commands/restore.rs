//! `tijdig restore`: a backup goes back where nothing is yet.

use super::backup::{key_of, shown};
use super::{Done, Failure, log};
use crate::args::Restore;
use crate::config::Config;
use crate::output::say;
use web::backup::{Restored, restore};
use web::{Clock, backup};

/// Restores, and proves the log.
pub async fn run(command: Restore) -> Done {
    let Restore { at, file, keys, key, json } = command;
    let config = Config::of(&at).map_err(Failure::Use)?;
    let key = key_of(&config, key, false)?;
    let what = backup::Restore { data: file.as_deref(), keys: keys.as_deref(), key: &key };
    let restored = restore(&config.store(), what, Clock::default().real(), shown(json)).await?;
    if json {
        say(&as_json(&restored));
    } else {
        tell(&restored);
    }
    match &restored.log {
        Some(report) if !report.is_whole() => {
            Err(Failure::Failed("Teruggezet, maar het logboek is niet heel.".to_owned()))
        }
        _ => Ok(()),
    }
}

fn tell(restored: &Restored) {
    if let Some(at) = restored.keys_made_at {
        say(&format!("De sleutelopslag van {at} is teruggezet."));
    }
    if let Some(at) = restored.made_at {
        say(&format!("De gegevens van {at} zijn teruggezet; {} patiënten zijn vindbaar.", restored.patients));
    }
    if restored.without_key > 0 {
        say(&format!(
            "Van {} patiënten is er geen sleutel: hun dossier blijft dicht. Is deze sleutelopslag ouder dan de gegevens?",
            restored.without_key
        ));
    }
    if let Some(aside) = &restored.other_anchor {
        say(&format!(
            "Buiten de database stond een ander anker; het ligt nu in {}. Wat na de back-up is vastgelegd, is er niet.",
            aside.display()
        ));
    }
    if let Some(report) = &restored.log {
        log::tell(report);
    }
}

fn as_json(restored: &Restored) -> String {
    serde_json::json!({
        "data": restored.made_at.map(|at| at.to_string()),
        "keys": restored.keys_made_at.map(|at| at.to_string()),
        "patients": restored.patients,
        "without_key": restored.without_key,
        "other_anchor": restored.other_anchor.as_ref().map(|p| p.display().to_string()),
        "log": restored.log.as_ref().map(log::as_json),
    })
    .to_string()
}
