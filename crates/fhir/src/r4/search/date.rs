//! Dates in searches: a date is a stretch of time as long as it is precise, compared by prefix (FHIR R4, 3.1.1.4.5 and 3.1.1.4.6).

use domain::date::TIME_ZONE;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan, civil};
use serde_json::Value;
use std::sync::LazyLock;

/// The zone of dates without one: days are Dutch days, as everywhere in this system.
static ZONE: LazyLock<TimeZone> = LazyLock::new(|| TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC));

/// From a moment up to, but not including, another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Stretch {
    /// Reads a date, date with time, or instant at any precision that FHIR allows in a search.
    pub fn parse(text: &str) -> Option<Self> {
        // A `+` that was not percent-encoded arrives as a blank.
        let text = text.trim().replace(' ', "+");
        let Some((day, time)) = text.split_once('T') else { return Self::of_date(&text) };
        let day = whole_day(day)?;
        let (clock, zone) = match time.find(['Z', '+', '-']) {
            Some(at) => (&time[..at], Some(&time[at..])),
            None => (time, None),
        };
        let (time, length) = clock_time(clock)?;
        let local = day.to_datetime(time);
        let from = match zone {
            None => ZONE.to_timestamp(local).ok()?,
            Some(zone) => offset(zone)?.to_timestamp(local).ok()?,
        };
        Some(Self { from, to: from.checked_add(length).ok()? })
    }

    fn of_date(text: &str) -> Option<Self> {
        let (first, next) = match text.len() {
            4 => {
                let first = whole_day(&format!("{text}-01-01"))?;
                (first, first.checked_add(1.year()).ok()?)
            }
            7 => {
                let first = whole_day(&format!("{text}-01"))?;
                (first, first.checked_add(1.month()).ok()?)
            }
            10 => {
                let first = whole_day(text)?;
                (first, first.tomorrow().ok()?)
            }
            _ => return None,
        };
        let start = |day: civil::Date| ZONE.to_timestamp(day.to_datetime(civil::Time::midnight())).ok();
        Some(Self { from: start(first)?, to: start(next)? })
    }

    /// The stretch of an element: a date, a moment, or a Period, open where it has no begin or end.
    pub fn of_element(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Self::parse(text),
            Value::Object(period) => {
                let side = |name: &str| period.get(name).and_then(Value::as_str).map(Self::parse);
                let (start, end) = (side("start"), side("end"));
                if start.is_none() && end.is_none() {
                    return None;
                }
                let from = match start {
                    Some(start) => start?.from,
                    None => Timestamp::MIN,
                };
                let to = match end {
                    Some(end) => end?.to,
                    None => Timestamp::MAX,
                };
                Some(Self { from, to })
            }
            _ => None,
        }
    }

    fn contains(self, other: Self) -> bool {
        self.from <= other.from && other.to <= self.to
    }
}

fn whole_day(text: &str) -> Option<civil::Date> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(n, b)| if n == 4 || n == 7 { b == b'-' } else { b.is_ascii_digit() });
    if shape { text.parse().ok() } else { None }
}

/// `hh:mm`, `hh:mm:ss` or with a fraction, and how long that precision lasts.
fn clock_time(text: &str) -> Option<(civil::Time, Span)> {
    let number = |from: usize| text.get(from..from + 2)?.parse::<i8>().ok();
    let (hour, minute) = (number(0)?, number(3)?);
    if text.as_bytes().get(2) != Some(&b':') {
        return None;
    }
    match text.len() {
        5 => Some((civil::Time::new(hour, minute, 0, 0).ok()?, 1.minute())),
        n if n >= 8 && text.as_bytes()[5] == b':' => {
            let second = number(6)?;
            let (nanos, length) = match text[8..].strip_prefix('.') {
                None if n == 8 => (0, 1.second()),
                Some(digits) if (1..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) => {
                    let unit = 10_i64.pow(u32::try_from(9 - digits.len()).ok()?);
                    let nanos = digits.parse::<i64>().ok()? * unit;
                    (i32::try_from(nanos).ok()?, Span::new().nanoseconds(unit))
                }
                _ => return None,
            };
            Some((civil::Time::new(hour, minute, second, nanos).ok()?, length))
        }
        _ => None,
    }
}

/// `Z`, `+hh:mm` or `-hh:mm`.
fn offset(text: &str) -> Option<jiff::tz::Offset> {
    if text == "Z" {
        return Some(jiff::tz::Offset::UTC);
    }
    let bytes = text.as_bytes();
    if bytes.len() != 6 || bytes[3] != b':' || !text.is_ascii() {
        return None;
    }
    let number = |from: usize| text[from..from + 2].parse::<i32>().ok();
    let seconds = number(1)? * 3600 + number(4)? * 60;
    jiff::tz::Offset::from_seconds(if bytes[0] == b'-' { -seconds } else { seconds }).ok()
}

/// How a date is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prefix {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    StartsAfter,
    EndsBefore,
    Approximately,
}

impl Prefix {
    /// The prefixes with their codes in `search-comparator`.
    pub const ALL: [(&'static str, Self); 9] = [
        ("eq", Self::Equal),
        ("ne", Self::NotEqual),
        ("gt", Self::Greater),
        ("lt", Self::Less),
        ("ge", Self::GreaterOrEqual),
        ("le", Self::LessOrEqual),
        ("sa", Self::StartsAfter),
        ("eb", Self::EndsBefore),
        ("ap", Self::Approximately),
    ];
}

/// A date to compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DateTest {
    prefix: Prefix,
    wanted: Stretch,
}

impl DateTest {
    /// Reads `ge2020-10-01` and the like.
    pub fn parse(text: &str) -> Option<Self> {
        let (prefix, rest) = Prefix::ALL
            .into_iter()
            .find_map(|(code, prefix)| Some((prefix, text.strip_prefix(code)?)))
            .unwrap_or((Prefix::Equal, text));
        Some(Self { prefix, wanted: Stretch::parse(rest)? })
    }

    /// Does a stretch satisfy it?
    pub fn matches(self, is: Stretch) -> bool {
        let wanted = self.wanted;
        match self.prefix {
            Prefix::Equal => wanted.contains(is),
            Prefix::NotEqual => !wanted.contains(is),
            Prefix::Greater => is.to > wanted.to,
            Prefix::Less => is.from < wanted.from,
            Prefix::GreaterOrEqual => is.to > wanted.to || wanted.contains(is),
            Prefix::LessOrEqual => is.from < wanted.from || wanted.contains(is),
            Prefix::StartsAfter => is.from >= wanted.to,
            Prefix::EndsBefore => is.to <= wanted.from,
            Prefix::Approximately => {
                // FHIR leaves the margin to the server: as long as the date is precise, on either side.
                let margin = wanted.from.until(wanted.to).unwrap_or_default();
                let from = wanted.from.checked_sub(margin).unwrap_or(Timestamp::MIN);
                let to = wanted.to.checked_add(margin).unwrap_or(Timestamp::MAX);
                is.from < to && from < is.to
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fits(test: &str, value: &Value) -> bool {
        DateTest::parse(test).unwrap().matches(Stretch::of_element(value).unwrap())
    }

    #[test]
    fn each_prefix_as_fhir_says() {
        let day = json!("2020-10-01");
        for (test, expected) in [
            ("2020-10-01", true),
            ("eq2020-10", true),
            ("2020", true),
            ("2020-10-01T12:00:00Z", false), // the day is longer than the second
            ("ne2020-10-01", false),
            ("ne2020-10-02", true),
            ("gt2020-10-01", false),
            ("gt2020-09-30", true),
            ("ge2020-10-01", true),
            ("ge2020-10-02", false),
            ("lt2020-10-01", false),
            ("lt2020-10-02", true),
            ("le2020-10-01", true),
            ("le2020-09-30", false),
            ("sa2020-09-30", true),
            ("sa2020-10-01", false),
            ("eb2020-10-02", true),
            ("eb2020-10-01", false),
            ("ap2020-10-02", true),
            ("ap2020-10-05", false),
        ] {
            assert_eq!(fits(test, &day), expected, "{test}");
        }
    }

    #[test]
    fn a_period_without_an_end_goes_on() {
        let open = json!({"start": "2018"});
        assert!(fits("gt2030", &open) && fits("ge2018", &open));
        assert!(!fits("2018", &open) && !fits("lt2018", &open));
        assert!(fits("2020-10", &json!({"start": "2020-10-01", "end": "2020-10-01"})));
        assert!(Stretch::of_element(&json!({})).is_none());
    }

    #[test]
    fn a_day_is_a_dutch_day_and_a_moment_has_its_zone() {
        assert!(fits("2020-10-02", &json!("2020-10-01T22:30:00Z")));
        assert!(fits("2020-10-01T16:27:36.364Z", &json!("2020-10-01T18:27:36.364+02:00")));
        assert!(fits("2020-10-01T18:27", &json!("2020-10-01T16:27:36Z")));
        assert!(fits("2020-10-01T18:27:36 02:00", &json!("2020-10-01T16:27:36Z")));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for wrong in [
            "",
            "ge",
            "gisteren",
            "2020-13",
            "2020-02-30",
            "20201001",
            "2020-10-01T",
            "2020-10-01T25:00",
            "2020-10-01T10",
            "2020-10-01T10:00+2",
            "xx2020",
            "0",
        ] {
            assert!(DateTest::parse(wrong).is_none(), "{wrong}");
        }
    }
}
