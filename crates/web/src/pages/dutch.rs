//! Dutch around the words of the plan: dates as people say and type them, ages of statements, names.

use domain::code::Gender;
use domain::date::{FhirDateTime, TIME_ZONE};
use domain::patient::Patient;
use jiff::civil::Date;
use jiff::{Timestamp, ZonedDateTime, tz::TimeZone};

const MONTHS: [&str; 12] = [
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december",
];

fn month(number: i8) -> &'static str {
    usize::try_from(number - 1).ok().and_then(|i| MONTHS.get(i)).copied().unwrap_or_default()
}

/// '8 november 2022'.
pub fn day(day: Date) -> String {
    format!("{} {} {}", day.day(), month(day.month()), day.year())
}

/// A date as precise as it is known: '8 november 2022', 'november 2022' or '2022'.
pub fn date(date: &FhirDateTime) -> String {
    match (date.day(), date.as_str().len()) {
        (Some(known), _) => day(known),
        (None, 7) => {
            let first = date.first_day();
            format!("{} {}", month(first.month()), first.year())
        }
        _ => date.as_str().to_owned(),
    }
}

/// How long ago a day was, in the words people use for it: 'gisteren', '3 weken geleden', '2 jaar geleden'.
pub fn ago(then: Date, today: Date) -> String {
    let days = (today - then).get_days();
    let months = i32::from(today.year() - then.year()) * 12 + i32::from(today.month() - then.month())
        - i32::from(today.day() < then.day());
    let plural = |n: i32, one: &str, many: &str| format!("{n} {} geleden", if n == 1 { one } else { many });
    match (days, months) {
        (i32::MIN..0, _) => "in de toekomst".to_owned(),
        (0, _) => "vandaag".to_owned(),
        (1, _) => "gisteren".to_owned(),
        (2..14, _) => plural(days, "dag", "dagen"),
        (14.., 0..2) => plural(days / 7, "week", "weken"),
        (_, 2..24) => plural(months, "maand", "maanden"),
        _ => plural(months / 12, "jaar", "jaar"),
    }
}

/// How long ago a partial date was; a year alone is told in years.
pub fn age(date: &FhirDateTime, today: Date) -> String {
    ago(date.first_day(), today)
}

fn local(moment: Timestamp) -> ZonedDateTime {
    moment.to_zoned_datetime(TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC))
}

/// '14:03', in the Netherlands.
pub fn clock(moment: Timestamp) -> String {
    local(moment).strftime("%H:%M").to_string()
}

/// '8 november 2022 om 14:03', in the Netherlands.
pub fn moment(moment: Timestamp) -> String {
    format!("{} om {}", day(local(moment).date()), clock(moment))
}

/// The day a moment fell on: 'vandaag om 14:03', 'gisteren om 9:12', '8 november 2022'.
pub fn recently(then: Timestamp, today: Date) -> String {
    let on = local(then).date();
    match ago(on, today).as_str() {
        word @ ("vandaag" | "gisteren") => format!("{word} om {}", clock(then)),
        _ => day(on),
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
        Some(given.split_whitespace().filter_map(|n| n.chars().next()).map(|c| format!("{c}.")).collect())
    });
    let family = name.family_used();
    match (initials, family.is_empty()) {
        (_, true) => name.full(),
        (Some(initials), false) => format!("{title}{initials} {family}"),
        (None, false) => format!("{title}{family}"),
    }
}

/// Birth date and age: '12 maart 1941 (85 jaar)'.
pub fn born(patient: &Patient, today: Date) -> String {
    match patient.died_on {
        Some(died) => format!("{} – {} ({} jaar)", date(&patient.birth_date), day(died), patient.age_on(died)),
        None => format!("{} ({} jaar)", date(&patient.birth_date), patient.age_on(today)),
    }
}

/// A list as one says it: 'a, b en c'.
pub fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} en {last}", most.join(", ")),
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

    fn at(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn dates_read_as_people_say_them() {
        let d = |t| date(&FhirDateTime::parse(t).unwrap());
        assert_eq!(d("2022-11-08"), "8 november 2022");
        assert_eq!(d("2020-10-01T22:30:00Z"), "2 oktober 2020");
        assert_eq!(d("2022-11"), "november 2022");
        assert_eq!(d("2022"), "2022");
    }

    #[test]
    fn ages_are_told_in_the_unit_that_fits() {
        let today = at("2026-11-22");
        for (then, words) in [
            ("2026-11-22", "vandaag"),
            ("2026-11-21", "gisteren"),
            ("2026-11-19", "3 dagen geleden"),
            ("2026-11-01", "3 weken geleden"),
            ("2026-09-22", "2 maanden geleden"),
            ("2025-11-22", "12 maanden geleden"),
            ("2022-11-08", "4 jaar geleden"),
            ("2027-01-01", "in de toekomst"),
        ] {
            assert_eq!(ago(at(then), today), words, "{then}");
        }
    }

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
    fn lists_end_with_and() {
        let words = |n: usize| list(&["a", "b", "c"].iter().take(n).map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!([words(0), words(1), words(2), words(3)], ["", "a", "a en b", "a, b en c"]);
    }
}
