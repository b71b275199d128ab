//! Looking into the log: of one patient, for whoever watches over it or leads the care; of the instance, for the
//! privacy officer; and in plain words for the patient. Every look is itself logged (NEN 7513).

mod export;
mod filters;
mod find;
mod instance;
pub mod names;
mod patient;
mod plain;
pub mod who_looked;
mod why;
mod words;

pub use patient::log_is_for;

use super::dutch;
use crate::routes::{Routes, get};
use domain::access::Basis;
use domain::date::local_day;
use domain::purpose::Purpose;
use domain::role::Role;
use domain::words as said;
use names::Names;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use store::log::read::LogRow;

/// The pages of the log.
pub fn routes() -> Routes {
    Routes::new()
        .route("/patienten/{id}/inzage", get(patient::get))
        .route("/patienten/{id}/inzage/gewone-taal", get(plain::get))
        .route("/patienten/{id}/inzage/waarom", get(why::get))
        .route("/patienten/{id}/inzage/logboek.csv", get(patient::csv))
        .route("/patienten/{id}/inzage/logboek.json", get(patient::fhir))
        .route("/beheer/inzage", get(find::get).post(find::post))
        .route("/beheer/logboek", get(instance::get))
        .route("/beheer/logboek/logboek.csv", get(instance::csv))
}

/// Rows on a page.
const PAGE: usize = 100;

/// A day with what was done on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// '23 november 2026'.
    pub title: String,
    /// What was done, newest first.
    pub rows: Vec<Line>,
}

/// One row, as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Time of the day.
    pub time: String,
    /// Name of who did it.
    pub who: String,
    /// Role and organisation.
    pub part: String,
    /// What was done.
    pub what: String,
    /// How it ended, where it was not done.
    pub outcome: Option<&'static str>,
    /// Data, ground, on whose behalf, detail.
    pub more: String,
    /// Where it is told why this person could see the record then.
    pub why: Option<String>,
}

/// Rows in days; of a patient's log with the address where one asks why.
fn days(rows: &[LogRow], names: &Names, why: Option<&str>) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for row in rows {
        let title = said::day(local_day(row.at));
        let line = line(row, names, why);
        match days.last_mut() {
            Some(day) if day.title == title => day.rows.push(line),
            _ => days.push(Day { title, rows: vec![line] }),
        }
    }
    days
}

fn line(row: &LogRow, names: &Names, why: Option<&str>) -> Line {
    let action = attempted(row);
    let mut more = Vec::new();
    let data = words::data(&row.data);
    // Of a refusal the data is what was asked; where that is an address, the words alone would not say which.
    if !data.is_empty() && (row.action != "refused" || data.contains(" /")) {
        more.push(data);
    }
    if let Some(basis) = &row.basis {
        more.push(format!("grond: {}", Basis::dutch_of(basis)));
    }
    if row.behalf.is_some() {
        more.push("namens de patiënt".to_owned());
    }
    if let Some(detail) = row.detail.as_ref().filter(|d| !d.is_empty()) {
        more.push(detail.clone());
    }
    Line {
        time: dutch::clock(row.at),
        who: names.who(row),
        part: part(row, names),
        what: words::doing(action, &row.data).to_owned(),
        outcome: outcome(&row.outcome),
        more: more.join(" · "),
        why: why.filter(|_| row.actor.starts_with("person:")).map(|path| {
            let who = utf8_percent_encode(&row.actor, NON_ALPHANUMERIC);
            let (day, time) = (local_day(row.at).strftime("%d-%m-%Y"), dutch::clock(row.at));
            format!("{path}?wie={who}&dag={day}&tijd={time}")
        }),
    }
}

/// What was done, or what was refused.
fn attempted(row: &LogRow) -> &str {
    if row.action == "refused" { &row.data } else { &row.action }
}

/// Role and organisation, as one says them.
fn part(row: &LogRow, names: &Names) -> String {
    let role = row.role.as_deref().and_then(role_words).map(str::to_owned);
    let organisation = row.organisation.as_deref().map(|o| names.organisation(o));
    [role, organisation].into_iter().flatten().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(", ")
}

/// A role as one says it; of a system: for what it was registered.
fn role_words(code: &str) -> Option<&'static str> {
    Role::of_code(code).map(Role::dutch).or_else(|| Purpose::of_code(code).map(Purpose::dutch))
}

fn outcome(code: &str) -> Option<&'static str> {
    match code {
        "refused" => Some("geweigerd"),
        "failed" => Some("mislukt"),
        _ => None,
    }
}
