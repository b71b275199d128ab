//! `tijdig log verify`: is the log whole (decision 71)?

use super::{Done, Failure, close, open};
use crate::args::Where;
use crate::output::say;

/// Proves the log; exit 1 where anything was changed, removed, inserted or cut off.
pub async fn verify(at: &Where, json: bool) -> Done {
    let (_, store) = open(at).await?;
    let report = store.verify().await?;
    if json {
        say(&serde_json::to_string(&report)?);
    } else {
        for line in report.lines() {
            say(&line);
        }
    }
    close(store).await?;
    if report.is_whole() { Ok(()) } else { Err(Failure::Failed("Het logboek is niet heel.".to_owned())) }
}
