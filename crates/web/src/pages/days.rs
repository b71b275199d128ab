//! Days as people type them, and the moments at which they begin and end in the Netherlands.

use super::dutch;
use domain::date::TIME_ZONE;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The beginning of a day.
pub fn midnight(day: Date) -> Timestamp {
    let zone = TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC);
    day.to_zoned_datetime(zone).map_or(Timestamp::UNIX_EPOCH, |z| z.timestamp())
}

/// The first moment after a day.
pub fn end_of(day: Date) -> Timestamp {
    midnight(day.tomorrow().unwrap_or(day))
}

/// A whole day as typed.
///
/// # Errors
/// A Dutch sentence that says how to mend it.
pub fn typed_day(typed: &str) -> Result<Date, &'static str> {
    dutch::typed_date(typed)?.day().ok_or("Vul de hele datum in: dag, maand en jaar.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_and_ends_by_the_clock_of_the_netherlands() {
        let day: Date = "2026-12-31".parse().unwrap();
        assert_eq!(end_of(day).to_string(), "2026-12-31T23:00:00Z");
        assert_eq!(midnight(day).to_string(), "2026-12-30T23:00:00Z");
        assert_eq!(typed_day("31-12-2026"), Ok(day));
        assert!(typed_day("12-2026").is_err() && typed_day("morgen").is_err());
    }
}
