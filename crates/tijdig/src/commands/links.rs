//! `tijdig links check`: do the addresses of the toolkit still answer (T1)?

use super::{Done, close, open};
use crate::args::Where;
use crate::output::say;
use web::{Asker, Clock, Round, check_links};

/// Asks them, and marks those that do not answer. A link that is broken is no failure of this command; no network is told,
/// and marks nothing.
pub async fn check(at: &Where, json: bool) -> Done {
    let (_, store) = open(at).await?;
    let round = check_links(&store, Asker::new()?, Clock::default().real()).await?;
    if json {
        say(&as_json(&round).to_string());
    } else {
        tell(&round);
    }
    close(store).await
}

fn tell(round: &Round) {
    if round.no_network {
        say("Niets antwoordt: er is geen netwerk. Er is niets gemarkeerd.");
        return;
    }
    say(&format!("{} adressen gevraagd, {} antwoorden niet.", round.asked, round.failed.len()));
    for (address, why) in &round.failed {
        say(&format!("  {address}: {why}"));
    }
    for address in &round.passed_over {
        say(&format!("  {address}: niet gevraagd, want dit staat niet op het openbare web"));
    }
}

fn as_json(round: &Round) -> serde_json::Value {
    let failed: Vec<_> =
        round.failed.iter().map(|(address, why)| serde_json::json!({"address": address, "why": why})).collect();
    serde_json::json!({
        "asked": round.asked,
        "failed": failed,
        "passed_over": round.passed_over,
        "no_network": round.no_network,
    })
}
