//! `tijdig keys`: new keys, while the server goes on.

use super::{Done, close, open};
use crate::args::Where;
use crate::output::{progress, say};
use std::sync::Arc;
use web::Clock;
use web::rotate::{Stage, Watch};

/// Replaces the keys, or finishes what was broken off.
pub async fn rotate(at: &Where, forget_old: bool, json: bool) -> Done {
    let (_, store) = open(at).await?;
    let watch: Watch = Arc::new(move |stage, done, total| {
        if !json && std::io::IsTerminal::is_terminal(&std::io::stderr()) {
            let what = match stage {
                Stage::Wrapping => "sleutels",
                Stage::Hashing => "zoekgegevens",
            };
            progress(&format!("{what}: {done} van {total}"));
            if done >= total {
                progress("\n");
            }
        }
    });
    let rotated = store.rotate_keys(Clock::default().real(), watch).await;
    let forgotten = match (&rotated, forget_old) {
        (Ok(_), true) => store.forget_unused_masters(Clock::default().real()).await,
        _ => Ok(Vec::new()),
    };
    let closed = close(store).await;
    let (rotated, forgotten) = (rotated?, forgotten?);
    if json {
        say(&serde_json::json!({
            "master_key": rotated.master,
            "resumed": rotated.resumed,
            "rewrapped": rotated.rewrapped,
            "rehashed": rotated.rehashed,
            "unused": rotated.unused,
            "forgotten": forgotten,
        })
        .to_string());
        return closed;
    }
    if rotated.resumed {
        say("Afgemaakt wat eerder was afgebroken.");
    }
    say(&format!(
        "Hoofdsleutel {} is in gebruik: {} sleutels opnieuw verpakt, {} patiënten opnieuw vindbaar gemaakt.",
        rotated.master, rotated.rewrapped, rotated.rehashed
    ));
    let list = |keys: &[u8]| keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if !forgotten.is_empty() {
        say(&format!(
            "Hoofdsleutel {} is uit het bestand gehaald: oudere kopieën van de sleutelopslag zijn nu waardeloos.",
            list(&forgotten)
        ));
    } else if !rotated.unused.is_empty() {
        say(&format!(
            "Met hoofdsleutel {} is niets meer verpakt. Met --forget-old gaat hij uit het bestand.",
            list(&rotated.unused)
        ));
    }
    say("Maak nu een nieuwe back-up van de sleutelopslag (tijdig backup --keys).");
    closed
}

/// Puts a new key to sign cards with to use.
pub async fn card(at: &Where, json: bool) -> Done {
    let (_, store) = open(at).await?;
    let made = web::card::renew_key(&store, Clock::default().real()).await;
    let closed = close(store).await;
    let number = made?;
    if json {
        say(&serde_json::json!({ "card_key": number }).to_string());
        return closed;
    }
    say(&format!("Noodkaarten worden nu ondertekend met sleutel {number}. Kaarten van eerder blijven te controleren."));
    say("Maak nu een nieuwe back-up van de sleutelopslag (tijdig backup --keys).");
    closed
}
