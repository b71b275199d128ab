//! Slows guessing down per account and per address, without locking the rightful owner out for long.

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;
use std::time::Duration;

/// Two limiters: one per account or client, one per address.
pub struct Throttle {
    account: DefaultKeyedRateLimiter<String>,
    address: DefaultKeyedRateLimiter<String>,
}

const TEN: NonZeroU32 = NonZeroU32::new(10).expect("not zero");
const HUNDRED: NonZeroU32 = NonZeroU32::new(100).expect("not zero");

impl Default for Throttle {
    /// Ten attempts at once, then one each 30 seconds per account; a hundred, then two a second per address, which
    /// many people behind one practice's router may share.
    fn default() -> Self {
        Self {
            account: RateLimiter::keyed(quota(Duration::from_secs(30), TEN)),
            address: RateLimiter::keyed(quota(Duration::from_millis(500), HUNDRED)),
        }
    }
}

fn quota(period: Duration, burst: NonZeroU32) -> Quota {
    Quota::with_period(period).unwrap_or_else(|| Quota::per_second(burst)).allow_burst(burst)
}

impl Throttle {
    /// Counts one attempt for an account at an address; `Err` tells how long to wait.
    ///
    /// # Errors
    /// The time to wait, where there were too many attempts.
    pub fn attempt(&self, account: &str, address: &str) -> Result<(), Duration> {
        let wait = |not_until: governor::NotUntil<_>| not_until.wait_time_from(DefaultClock::default().now());
        self.address.check_key(&address.to_owned()).map_err(wait)?;
        self.account.check_key(&account.to_lowercase()).map_err(wait)?;
        self.account.retain_recent();
        self.address.retain_recent();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_guess_waits_and_others_do_not() {
        let throttle = Throttle::default();
        for _ in 0..10 {
            assert!(throttle.attempt("Gp", "a").is_ok());
        }
        assert!(throttle.attempt("gp", "b").is_err());
        assert!(throttle.attempt("district-nurse", "a").is_ok());
    }
}
