//! `tijdig import people`.

use super::{Done, Failure, close, open_or_make};
use crate::args::Where;
use crate::output::{complain, say};
use std::path::Path;
use web::people::import::{Desk, decode, plan};
use web::{Clock, program};

/// People from a list: all rows or none; with `dry_run` it only tells what would be done. Exit 1 where a row cannot be.
pub async fn people(at: &Where, file: &Path, of: Option<&str>, dry_run: bool, json: bool) -> Done {
    let (_, store) = open_or_make(at).await?;
    let bytes = std::fs::read(file).map_err(|e| Failure::Failed(format!("{}: {e}", file.display())))?;
    let organisations = store.organisations().await?;
    let own = match of {
        Some(name) => Some(
            organisations
                .iter()
                .find(|o| o.name == name)
                .ok_or_else(|| Failure::Use(format!("Er is geen organisatie '{name}'.")))?,
        ),
        None => None,
    };
    let now = Clock::default().real();
    let report = plan(&store, Desk { organisations: &organisations, own, me: None }, &decode(&bytes), now).await?;
    let sound = report.wrong.is_empty();
    let writes = sound && !dry_run && !report.brought.is_empty();
    if writes && let Some(first) = report.brought.iter().flat_map(|b| &b.grants).map(|g| &g.organisation).next() {
        store.import_people(&program(first.clone()), &report.brought, now).await?;
    } else if writes && let Some(any) = organisations.first() {
        store.import_people(&program(any.id.clone()), &report.brought, now).await?;
    }
    if json {
        let rows = |rows: &[(u64, String)]| {
            rows.iter().map(|(row, text)| serde_json::json!({"row": row, "text": text})).collect::<Vec<_>>()
        };
        let told = serde_json::json!({
            "rows": report.rows, "same": report.same, "written": writes,
            "wrong": rows(&report.wrong), "changes": rows(&report.changes),
        });
        say(&told.to_string());
    } else {
        for (row, why) in &report.wrong {
            complain(&format!("rij {row}: {why}"));
        }
        for (row, what) in report.changes.iter().filter(|_| sound) {
            say(&format!("rij {row}: {what}"));
        }
        let done = if writes { "ingelezen" } else { "niets geschreven" };
        say(&format!("{} rijen, {} met een wijziging: {done}.", report.rows, report.changes.len()));
    }
    close(store).await?;
    if sound { Ok(()) } else { Err(Failure::Failed(format!("{} rijen kloppen niet.", report.wrong.len()))) }
}
