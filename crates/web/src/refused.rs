//! Refusals of whoever is not known, for the log: each of them, but not so many that one address could fill it.

use crate::app::App;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use store::log::{Event, Outcome};

/// Rows for one address in one window of time; what comes above is counted in the figures only.
const MOST: u32 = 120;
const WINDOW: Duration = Duration::from_mins(1);
/// So many addresses, and those whose window is over are cleared away.
const SWEEP: usize = 4096;

/// How many refusals each address had lately.
#[derive(Debug, Default)]
pub struct Tally(Mutex<HashMap<String, (Instant, u32)>>);

impl Tally {
    fn takes(&self, address: &str, now: Instant) -> bool {
        let mut tally = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tally.len() >= SWEEP {
            tally.retain(|_, (since, _)| now.duration_since(*since) < WINDOW);
        }
        let (since, count) = tally.entry(address.to_owned()).or_insert((now, 0));
        if now.duration_since(*since) >= WINDOW {
            (*since, *count) = (now, 0);
        }
        *count += 1;
        *count <= MOST
    }
}

/// Notes a refusal; `data` says of what, `why` in words. Neither holds anything that came with the request.
pub async fn note(app: &App, address: &str, data: &'static str, why: &'static str) {
    metrics::counter!("tijdig_refusals_total").increment(1);
    if !app.tally().takes(address, Instant::now()) {
        return;
    }
    let event = Event {
        at: app.clock().real(),
        actor: None,
        action: "refused",
        data,
        patient: None,
        outcome: Outcome::Refused,
        detail: Some(why),
    };
    if let Err(error) = app.store().event(event).await {
        tracing::error!(%error, "a refusal could not be logged");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_does_not_fill_the_log() {
        let (tally, now) = (Tally::default(), Instant::now());
        let taken = (0..500).filter(|_| tally.takes("a", now)).count();
        assert_eq!(taken, usize::try_from(MOST).unwrap());
        assert!(tally.takes("b", now) && tally.takes("a", now + WINDOW));
    }
}
