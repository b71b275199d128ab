//! Sends what is in the outbox: takes what is due, sends it, and writes what became of it. Whoever is killed in between
//! sends it again when the claim is over, under the same id.

use crate::app::App;
use domain::outbox::{Failure, State};
use std::time::Duration;
use store::outbox::{Message, Outcome, Outgoing};
use tokio::task::JoinSet;

/// How often the outbox is looked at.
const EVERY: Duration = Duration::from_secs(5);
/// Messages sent at once.
const AT_ONCE: usize = 8;
/// Sending one takes no longer, so that a claim is never over while it is sent.
const PATIENCE: Duration = Duration::from_secs(90);

/// Sends for as long as the server runs.
pub(crate) async fn run(app: App) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut rounds = 0_u32;
    loop {
        tick.tick().await;
        loop {
            match send_due(&app).await {
                Ok(AT_ONCE) => {}
                Ok(_) => break,
                Err(error) => {
                    tracing::error!(%error, "the outbox could not be read or written");
                    break;
                }
            }
        }
        // About once an hour.
        rounds = rounds.wrapping_add(1);
        if rounds.is_multiple_of(720)
            && let Err(error) = app.store().tidy_outbox(app.clock().now()).await
        {
            tracing::error!(%error, "the outbox could not be tidied");
        }
    }
}

/// Sends what is due now, as far as it goes at once; how many were tried.
///
/// # Errors
/// Where the store fails; what was sent and could not be settled goes again later.
pub async fn send_due(app: &App) -> Result<usize, store::Error> {
    let held = app.store().claim_outgoing(AT_ONCE, app.clock().now()).await?;
    let mut sending = JoinSet::new();
    for one in held {
        let app = app.clone();
        sending.spawn(async move {
            let tried = tokio::time::timeout(PATIENCE, deliver(&app, &one)).await;
            let outcome = tried.unwrap_or(Ok(Outcome::Failed(Failure::NoAnswer)))?;
            let dice = store::random::bytes::<1>()[0];
            let state = app.store().settle_outgoing(&one, outcome, dice, app.clock().now()).await?;
            metrics::counter!("tijdig_outgoing_total", "state" => state.code()).increment(1);
            if state == State::Dead {
                tracing::warn!(kind = one.kind.code(), "a message was not delivered; see /beheer/uitgaand");
            }
            Ok(())
        });
    }
    let mut count = 0;
    while let Some(done) = sending.join_next().await {
        done.unwrap_or(Err(store::Error::Bug("sending stopped halfway")))?;
        count += 1;
    }
    Ok(count)
}

async fn deliver(app: &App, one: &Outgoing) -> Result<Outcome, store::Error> {
    let Some(mailer) = app.mailer() else { return Ok(Outcome::Failed(Failure::NoAnswer)) };
    let sent = match &one.message {
        Message::Confirm(told) => mailer.code(&told.address, &one.id, &told.code, app.clock().real()).await,
        Message::Changed => {
            // Who read it meanwhile, left, or wants no mail any more is not bothered.
            let address = app.store().mail_address(&one.to).await?.filter(|a| a.confirmed_at.is_some());
            let active = app.store().person(&one.to).await?.is_some_and(|p| p.active);
            let Some(address) = address.filter(|_| active) else { return Ok(Outcome::Dropped) };
            if !app.store().is_still_unread(one).await? {
                return Ok(Outcome::Dropped);
            }
            mailer.changed(&address.address, &one.id, app.clock().real()).await
        }
    };
    Ok(sent.map_or_else(Outcome::Failed, |()| Outcome::Sent))
}
