//! FHIR's partial dates: a year, a month, a day, or a moment; kept to the letter, compared at the precision both have.

use crate::ident::Invalid;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::fmt;

/// Time zone of care in this system; days are days in it.
pub const TIME_ZONE: &str = "Europe/Amsterdam";

/// The day a moment falls on in the Netherlands.
pub fn local_day(moment: Timestamp) -> Date {
    moment.to_zoned_datetime(netherlands()).date()
}

/// The zone is bundled with the library, so the lookup cannot fail; UTC is the safe fall-back all the same.
fn netherlands() -> TimeZone {
    TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC)
}

/// The first moment of a day in the Netherlands.
pub fn begin_of_local_day(day: Date) -> Timestamp {
    day.to_zoned_datetime(netherlands()).map_or(Timestamp::MAX, |z| z.timestamp())
}

/// The last moment of a day in the Netherlands.
pub fn end_of_local_day(day: Date) -> Timestamp {
    let begins = begin_of_local_day(day.tomorrow().unwrap_or(day));
    begins.checked_sub(jiff::SignedDuration::from_micros(1)).unwrap_or(Timestamp::MAX)
}

/// A FHIR `dateTime` (or `date`): `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, or a moment with seconds and zone.
///
/// Kept to the letter as it came, so that it goes out as it came in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FhirDateTime(String);

impl FhirDateTime {
    /// Reads a FHIR `dateTime`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        const WRONG: Invalid =
            Invalid("Dit is geen datum: gebruik jjjj, jjjj-mm, jjjj-mm-dd, of een tijdstip met tijdzone.");
        let year_ok = |t: &str| t.len() == 4 && t.bytes().all(|b| b.is_ascii_digit()) && t != "0000";
        let fits = match text.len() {
            4 => year_ok(text),
            7 => {
                year_ok(text.get(..4).ok_or(WRONG)?)
                    && text.as_bytes()[4] == b'-'
                    && text.get(5..).and_then(|m| m.parse::<u8>().ok()).is_some_and(|m| (1..=12).contains(&m))
            }
            10 => text.parse::<Date>().is_ok(),
            n if n >= 20 => {
                let bytes = text.as_bytes();
                let zoned =
                    text.ends_with('Z') || (n > 6 && matches!(bytes[n - 6], b'+' | b'-') && bytes[n - 3] == b':');
                text.is_ascii() && bytes[10] == b'T' && bytes[16] == b':' && zoned && text.parse::<Timestamp>().is_ok()
            }
            _ => false,
        };
        if fits { Ok(Self(text.to_owned())) } else { Err(WRONG) }
    }

    /// A whole day.
    pub fn of_day(day: Date) -> Self {
        Self(day.to_string())
    }

    /// A moment, written in UTC with seconds.
    pub fn of_moment(moment: Timestamp) -> Self {
        Self(moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
    }

    /// As it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The day in the Netherlands, where the date is precise enough to have one.
    pub fn day(&self) -> Option<Date> {
        match self.0.len() {
            10 => self.0.parse().ok(),
            n if n > 10 => self.0.parse::<Timestamp>().ok().map(local_day),
            _ => None,
        }
    }

    /// The first day it may be: 1 January of a year, the first of a month.
    pub fn first_day(&self) -> Date {
        let padded = match self.0.len() {
            4 => format!("{}-01-01", self.0),
            7 => format!("{}-01", self.0),
            _ => return self.day().unwrap_or(Date::ZERO),
        };
        padded.parse().unwrap_or(Date::ZERO)
    }

    /// The part that a FHIR `date` may hold: at most a day.
    pub fn date_part(&self) -> String {
        self.day().map_or_else(|| self.0.clone(), |d| d.to_string())
    }

    /// Order at the precision that both have: `2020` and `2020-10-01` are equal, and so are two moments of one day
    /// (care dates are days: decision 3).
    pub fn cmp_common(&self, other: &Self) -> Ordering {
        let (a, b) = (self.date_part(), other.date_part());
        let n = a.len().min(b.len());
        a.as_bytes()[..n].cmp(&b.as_bytes()[..n])
    }
}

impl TryFrom<String> for FhirDateTime {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<FhirDateTime> for String {
    fn from(value: FhirDateTime) -> String {
        value.0
    }
}

impl fmt::Display for FhirDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_each_precision_and_nothing_else() {
        for good in ["2018", "2018-02", "2020-02-29", "2020-10-01T16:27:36.364Z", "2020-10-01T16:27:36+02:00"] {
            assert_eq!(FhirDateTime::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "18",
            "0000",
            "2018-13",
            "2019-02-29",
            "2020-10-01T16:27",
            "2020-10-01T16:27:36",
            "2020-10-01 16:27:36Z",
            "１２３４",
            "2020–10–01",
        ] {
            assert!(FhirDateTime::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_day_is_the_dutch_day() {
        assert_eq!(FhirDateTime::parse("2020-10-01T22:30:00Z").unwrap().date_part(), "2020-10-02");
    }

    #[test]
    fn compares_at_common_precision() {
        let d = |t| FhirDateTime::parse(t).unwrap();
        assert_eq!(d("2020").cmp_common(&d("2020-10-01")), Ordering::Equal);
        assert_eq!(d("2020-10-01T08:00:00Z").cmp_common(&d("2020-10-01T09:00:00Z")), Ordering::Equal);
        assert_eq!(d("2020-10-01").cmp_common(&d("2022-11-08")), Ordering::Less);
    }
}
