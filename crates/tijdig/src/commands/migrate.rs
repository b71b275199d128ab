//! `tijdig migrate`: opening a store brings it up to date.

use super::{Done, close, open_or_make};
use crate::args::Where;
use crate::output::say;

/// Runs the command.
pub async fn run(at: &Where) -> Done {
    let (_, store) = open_or_make(at).await?;
    say("De database is bij.");
    close(store).await
}
