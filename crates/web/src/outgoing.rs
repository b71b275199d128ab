//! Sends what is in the outbox: takes what is due, sends it, and writes what became of it. Whoever is killed in between
//! sends it again when the claim is over, under the same id.

use crate::app::App;
use crate::{access, hooks, oauth};
use domain::access::Action;
use domain::hook;
use domain::ident::{HookId, PersonId};
use domain::outbox::{Failure, State, Target};
use jiff::Timestamp;
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
                Ok(0) => break,
                // What was spread made more.
                Ok(_) => {}
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
/// Where the store fails, after all were tried; what was sent and could not be settled goes again later.
pub async fn send_due(app: &App) -> Result<usize, store::Error> {
    send_due_at(app, app.clock().now()).await
}

/// As [`send_due`], as if it were this moment.
///
/// # Errors
/// As [`send_due`].
pub async fn send_due_at(app: &App, now: Timestamp) -> Result<usize, store::Error> {
    let held = app.store().claim_outgoing(AT_ONCE, now).await?;
    let mut sending = JoinSet::new();
    for one in held {
        let app = app.clone();
        sending.spawn(async move {
            let state = match &one.message {
                Message::Version(told) if one.to == Target::Spread => {
                    app.store().spread_outgoing(&one, told.version, told.urgent, now).await?
                }
                _ => {
                    let tried = tokio::time::timeout(PATIENCE, deliver(&app, &one, now)).await;
                    let outcome = tried.unwrap_or(Ok(Outcome::Failed(Failure::NoAnswer)))?;
                    let dice = store::random::bytes::<1>()[0];
                    app.store().settle_outgoing(&one, outcome, dice, now).await?
                }
            };
            metrics::counter!("tijdig_outgoing_total", "state" => state.code()).increment(1);
            if state == State::Dead {
                tracing::warn!(kind = one.kind.code(), "a message was not delivered; see /beheer/uitgaand");
            }
            Ok(())
        });
    }
    let (mut count, mut failed) = (0, None);
    while let Some(done) = sending.join_next().await {
        if let Err(error) = done.unwrap_or(Err(store::Error::Bug("sending stopped halfway"))) {
            failed = Some(error);
        }
        count += 1;
    }
    failed.map_or(Ok(count), Err)
}

async fn deliver(app: &App, one: &Outgoing, now: Timestamp) -> Result<Outcome, store::Error> {
    match &one.to {
        Target::Person(person) => to_person(app, one, person).await,
        Target::Hook(hook) => to_system(app, one, hook, now).await,
        Target::Spread => Err(store::Error::Bug("what is spread is not sent")),
    }
}

async fn to_person(app: &App, one: &Outgoing, person: &PersonId) -> Result<Outcome, store::Error> {
    let Some(mailer) = app.mailer() else { return Ok(Outcome::Failed(Failure::NoAnswer)) };
    let sent = match &one.message {
        Message::Confirm(told) => mailer.code(&told.address, &one.id, &told.code, app.clock().real()).await,
        Message::Changed => {
            // Who read it meanwhile, left, or wants no mail any more is not bothered.
            let address = app.store().mail_address(person).await?.filter(|a| a.confirmed_at.is_some());
            let active = app.store().person(person).await?.is_some_and(|p| p.active);
            let Some(address) = address.filter(|_| active) else { return Ok(Outcome::Dropped) };
            if !app.store().is_still_unread(one).await? {
                return Ok(Outcome::Dropped);
            }
            mailer.changed(&address.address, &one.id, app.clock().real()).await
        }
        Message::Version(_) | Message::Handover(_) | Message::Test => return Ok(Outcome::Dropped),
    };
    Ok(sent.map_or_else(Outcome::Failed, |()| Outcome::Sent))
}

/// Tells a system. Whether it may know is asked now, and not when the message was written.
async fn to_system(app: &App, one: &Outgoing, hook: &HookId, now: Timestamp) -> Result<Outcome, store::Error> {
    let store = app.store();
    let hook = store.hook(hook).await?.filter(|h| h.state_at(now) != hook::State::Off);
    let Some(hook) = hook else { return Ok(Outcome::Dropped) };
    let Some(client) = store.client(&hook.client).await?.filter(|c| c.active) else { return Ok(Outcome::Dropped) };
    let about = match &one.message {
        Message::Version(told) => Some((&told.patient, "version", told.version)),
        Message::Handover(handed) => Some((&handed.patient, "handover", handed.number)),
        Message::Test => None,
        Message::Changed | Message::Confirm(_) => return Ok(Outcome::Dropped),
    };
    let mut noted = None;
    if let Some((patient, what, number)) = about {
        match access::quietly(app, &oauth::acting(&client), Action::ReadPlan, patient).await? {
            Some(permit) => noted = Some((permit, what, number)),
            None => return Ok(Outcome::Dropped),
        }
    }
    let (headers, body) = match hook.kind {
        hook::Kind::Webhook => hooks::message(&one.id, &hook.at.secret, &one.message, one.made_at, app.clock().real()),
        hook::Kind::Subscription => (hooks::headers(&hook.at.headers), String::new()),
        hook::Kind::Origin => return Ok(Outcome::Dropped),
    };
    if let Err(failure) = app.hooks().post(&hook.at.address, headers, body).await {
        return Ok(Outcome::Failed(failure));
    }
    if let Some((permit, what, number)) = noted {
        store.note_told(&permit, what, number, now).await?;
    }
    Ok(Outcome::Sent)
}
