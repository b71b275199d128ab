//! The one place that reads the clock. Care dates can be set to a day (`--today`); tokens and sessions use real time
//! (decision 90).

use domain::date::local_day;
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

/// Where time comes from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    /// Added to real time for everything that concerns care.
    shift: SignedDuration,
}

impl Clock {
    /// A clock whose care day is `today`, or the real day where that is absent.
    pub fn new(today: Option<Date>) -> Self {
        let Some(today) = today else { return Self::default() };
        let zone = TimeZone::get(domain::date::TIME_ZONE).unwrap_or(TimeZone::UTC);
        let midnight = |day: Date| day.to_zoned_datetime(zone.clone()).map_or(Timestamp::UNIX_EPOCH, |z| z.timestamp());
        let real = real_now();
        Self { shift: midnight(today).duration_since(midnight(local_day(real))) }
    }

    /// Real time: for tokens, sessions and what measures.
    pub fn real(self) -> Timestamp {
        real_now()
    }

    /// Time of care: what a version, a statement or a log row about a patient bears.
    pub fn now(self) -> Timestamp {
        real_now().checked_add(self.shift).unwrap_or_else(|_| real_now())
    }

    /// The day of care in the Netherlands.
    pub fn today(self) -> Date {
        local_day(self.now())
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
fn real_now() -> Timestamp {
    Timestamp::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_care_day_can_be_set() {
        let day: Date = "2021-05-03".parse().unwrap();
        assert_eq!(Clock::new(Some(day)).today(), day);
        let clock = Clock::default();
        assert!((clock.now().duration_since(clock.real())).as_secs().abs() < 2);
    }
}
