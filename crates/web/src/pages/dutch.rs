//! Dutch around the words of the plan: dates as people type them, patients as one addresses them.

use domain::code::Gender;
use domain::date::{FhirDateTime, TIME_ZONE, local_day};
use domain::patient::Patient;
use domain::words;
use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};

/// '14:03', in the Netherlands.
pub fn clock(moment: Timestamp) -> String {
    moment.to_zoned_datetime(TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC)).strftime("%H:%M").to_string()
}

/// When something was done, as near as one says it: 'vandaag om 14:03', 'gisteren om 9:12', '8 november 2022'.
pub fn recently(then: Timestamp, today: Date) -> String {
    let on = local_day(then);
    match words::age(on, today).as_str() {
        word @ ("vandaag" | "gisteren") => format!("{word} om {}", clock(then)),
        _ => words::day(on),
    }
}

/// How long ago something was done: 'vandaag om 14:03', 'gisteren om 9:12', '3 dagen geleden'.
pub fn recently_ago(then: Timestamp, today: Date) -> String {
    match words::age(local_day(then), today) {
        word if word == "vandaag" || word == "gisteren" => format!("{word} om {}", clock(then)),
        ago => ago,
    }
}

/// A patient as one says it: 'Mw. S. Jansen'.
pub fn addressed(patient: &Patient) -> String {
    let name = &patient.name;
    let title = match patient.gender {
        Some(Gender::Female) => "Mw. ",
        Some(Gender::Male) => "Dhr. ",
        _ => "",
    };
    let initials = name.initials.clone().or_else(|| {
        let given = name.given.as_deref().or(name.called.as_deref())?;
        Some(given.split_whitespace().filter_map(|n| n.chars().next()).flat_map(|c| [c, '.']).collect())
    });
    let family = name.family_used();
    match (initials, family.is_empty()) {
        (_, true) => name.full(),
        (Some(initials), false) => format!("{title}{initials} {family}"),
        (None, false) => format!("{title}{family}"),
    }
}

/// The same inside a sentence: 'mw. S. Jansen'.
pub fn within(addressed: &str) -> String {
    match addressed.split_once(". ") {
        Some((title @ ("Mw" | "Dhr"), rest)) => format!("{}. {rest}", title.to_lowercase()),
        _ => addressed.to_owned(),
    }
}

/// Birth date and age: '12 maart 1941 (85 jaar)'.
pub fn born(patient: &Patient, today: Date) -> String {
    match patient.died_on {
        Some(died) => {
            format!("{} – {} ({} jaar)", words::date(&patient.birth_date), words::day(died), patient.age_on(died))
        }
        None => format!("{} ({} jaar)", words::date(&patient.birth_date), patient.age_on(today)),
    }
}

/// A date as typed: jjjj-mm-dd or dd-mm-jjjj, or only a year, or a month with its year. Dots and slashes pass for
/// hyphens.
///
/// # Errors
/// A Dutch sentence that says what was expected.
pub fn typed_date(text: &str) -> Result<FhirDateTime, &'static str> {
    const WRONG: &str = "Dit is geen datum. Schrijf bijvoorbeeld 08-11-2022 of 2022-11-08.";
    let plain: String = text.trim().chars().map(|c| if matches!(c, '/' | '.' | ' ') { '-' } else { c }).collect();
    let parts: Vec<&str> = plain.split('-').collect();
    if !parts.iter().all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit())) {
        return Err(WRONG);
    }
    let built = match parts.as_slice() {
        [year] if year.len() == 4 => (*year).to_owned(),
        [year, month] if year.len() == 4 => format!("{year}-{month:0>2}"),
        [month, year] if year.len() == 4 => format!("{year}-{month:0>2}"),
        [year, month, day] if year.len() == 4 => format!("{year}-{month:0>2}-{day:0>2}"),
        [day, month, year] if year.len() == 4 => format!("{year}-{month:0>2}-{day:0>2}"),
        _ => return Err(WRONG),
    };
    FhirDateTime::parse(&built).map_err(|_| WRONG)
}

/// A date as it is typed: 'dd-mm-jjjj', or as precise as it is known.
pub fn date_to_type(date: &FhirDateTime) -> String {
    match (date.day(), date.as_str().len()) {
        (Some(d), _) => format!("{:02}-{:02}-{:04}", d.day(), d.month(), d.year()),
        (None, 7) => {
            let first = date.first_day();
            format!("{:02}-{:04}", first.month(), first.year())
        }
        _ => date.as_str().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_taken_as_people_type_them() {
        for (typed, meant) in [
            ("08-11-2022", "2022-11-08"),
            ("8-11-2022", "2022-11-08"),
            ("2022-11-08", "2022-11-08"),
            ("8/11/2022", "2022-11-08"),
            (" 8.11.2022 ", "2022-11-08"),
            ("1941", "1941"),
            ("03-1941", "1941-03"),
            ("1941-3", "1941-03"),
        ] {
            assert_eq!(typed_date(typed).unwrap().as_str(), meant, "{typed}");
            let typed_again = date_to_type(&typed_date(typed).unwrap());
            assert_eq!(typed_date(&typed_again).unwrap().as_str(), meant, "{typed_again}");
        }
        for wrong in ["", "31-02-2022", "gisteren", "8-11-22", "2022-13-01", "1-1-1-2022", "-"] {
            assert!(typed_date(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_was_done_today_is_told_with_its_time() {
        let today: Date = "2026-11-22".parse().unwrap();
        let said = |t: &str| recently(t.parse().unwrap(), today);
        assert_eq!(said("2026-11-22T13:03:00Z"), "vandaag om 14:03");
        assert_eq!(said("2026-11-21T08:12:00Z"), "gisteren om 09:12");
        assert_eq!(said("2022-11-08T08:12:00Z"), "8 november 2022");
    }
}
