//! Dates as people say them, and how long ago they are.

use crate::date::{FhirDateTime, TIME_ZONE};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];
const SHORT_MONTHS: [&str; 12] = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"];

fn month_of<'a>(day: Date, names: &[&'a str; 12]) -> &'a str {
    usize::try_from(day.month() - 1).ok().and_then(|i| names.get(i)).copied().unwrap_or_default()
}

/// `8 november 2022`.
pub fn day(day: Date) -> String {
    format!("{} {} {}", day.day(), month_of(day, &MONTHS), day.year())
}

/// `8 nov 2022`, where there is little room.
pub fn short_day(day: Date) -> String {
    format!("{} {} {}", day.day(), month_of(day, &SHORT_MONTHS), day.year())
}

/// A date as precise as it is known: `8 november 2022`, `november 2022`, `2022`.
pub fn date(date: &FhirDateTime) -> String {
    partial(date, &MONTHS, day)
}

/// The same, where there is little room: `8 nov 2022`.
pub fn short_date(date: &FhirDateTime) -> String {
    partial(date, &SHORT_MONTHS, short_day)
}

fn partial(date: &FhirDateTime, months: &[&str; 12], whole: fn(Date) -> String) -> String {
    let first = date.first_day();
    match (date.day(), date.as_str().len()) {
        (Some(d), _) => whole(d),
        (None, 7) => format!("{} {}", month_of(first, months), first.year()),
        (None, _) => first.year().to_string(),
    }
}

/// A moment in the Netherlands: `8 november 2022 om 14:03`.
pub fn moment(moment: Timestamp) -> String {
    let local = moment.to_zoned_datetime(TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC));
    format!("{} om {:02}:{:02}", day(local.date()), local.hour(), local.minute())
}

/// Whole months from one day to a later one; negative where it is earlier.
pub fn months_between(from: Date, to: Date) -> i32 {
    if to < from {
        return -months_between(to, from);
    }
    let months = (i32::from(to.year()) - i32::from(from.year())) * 12 + i32::from(to.month()) - i32::from(from.month());
    // The 31st of a month is reached on the last day of a shorter one.
    let short = to.day() < from.day() && to.day() < to.days_in_month();
    months - i32::from(short)
}

fn days_between(from: Date, to: Date) -> i64 {
    i64::from(from.until(to).map_or(0, |span| span.get_days()))
}

enum Length {
    Days(i64),
    Weeks(i64),
    Months(i32),
    Years(i32),
}

impl Length {
    /// The unit in which one would say it: days for two weeks, weeks for two months, months for two years.
    fn between(from: Date, to: Date) -> Self {
        let (days, months) = (days_between(from, to), months_between(from, to));
        match (days, months) {
            (..14, _) => Self::Days(days),
            (_, ..2) => Self::Weeks(days / 7),
            (_, ..24) => Self::Months(months),
            _ => Self::Years(months / 12),
        }
    }

    fn words(&self) -> String {
        match *self {
            Self::Days(1) => "1 dag".to_owned(),
            Self::Days(n) => format!("{n} dagen"),
            Self::Weeks(n) => format!("{n} weken"),
            Self::Months(n) => format!("{n} maanden"),
            Self::Years(n) => format!("{n} jaar"),
        }
    }
}

/// How long ago a day is, seen from today: `vandaag`, `2 weken geleden`, `3 jaar geleden`; `over 3 dagen` for a day
/// to come.
pub fn age(since: Date, today: Date) -> String {
    match days_between(since, today) {
        0 => "vandaag".to_owned(),
        1 => "gisteren".to_owned(),
        -1 => "morgen".to_owned(),
        2.. => format!("{} geleden", Length::between(since, today).words()),
        _ => format!("over {}", Length::between(today, since).words()),
    }
}

/// The same for a date that may be no more than a month or a year.
pub fn age_of(since: &FhirDateTime, today: Date) -> String {
    if let Some(day) = since.day() {
        return age(day, today);
    }
    let first = since.first_day();
    let years = i32::from(today.year()) - i32::from(first.year());
    if since.as_str().len() == 7 {
        let months = years * 12 + i32::from(today.month()) - i32::from(first.month());
        return match months {
            0 => "deze maand".to_owned(),
            1 => "vorige maand".to_owned(),
            2..24 => format!("{months} maanden geleden"),
            24.. => format!("{} jaar geleden", months / 12),
            _ => format!("in {}", date(since)),
        };
    }
    match years {
        0 => "dit jaar".to_owned(),
        1 => "vorig jaar".to_owned(),
        2.. => format!("{years} jaar geleden"),
        _ => format!("in {}", date(since)),
    }
}

/// How old something is: `12 maanden oud`; `van vandaag` on the day itself.
pub fn old(since: Date, today: Date) -> String {
    if since >= today { "van vandaag".to_owned() } else { format!("{} oud", Length::between(since, today).words()) }
}

/// How often, for an interval in months: `elke 6 maanden`, `elk jaar`.
pub(crate) fn every(months: u32) -> String {
    match months {
        1 => "elke maand".to_owned(),
        12 => "elk jaar".to_owned(),
        n if n.is_multiple_of(12) => format!("elke {} jaar", n / 12),
        n => format!("elke {n} maanden"),
    }
}
