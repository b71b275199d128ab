//! The log as a file: CSV for people, AuditEvents for other systems.

use super::super::field::Problem;
use super::names::Names;
use super::{attempted, part, role_words, words};
use crate::app::App;
use crate::error::PageError;
use crate::pages::table_file::{self, attached};
use axum::response::Response;
use domain::access::{Actor, Basis, Permit};
use domain::ident::PatientId;
use fhir::r4::audit::{self, Audit};
use store::log::read::{Filter, LogRow, Which};

/// Rows of a file, at most; more than anybody reads, and no more than memory takes.
const MOST: usize = 100_000;
/// Rows that are read in one go.
const STEP: usize = 2_000;
/// Heads of the columns.
const HEADS: [&str; 11] = [
    "tijdstip",
    "wie",
    "kenmerk",
    "rol",
    "organisatie",
    "namens",
    "handeling",
    "gegevens",
    "grondslag",
    "uitkomst",
    "toelichting",
];

/// What is wrong with the filters, for an address that has no page of its own.
pub fn wrong(problems: &[Problem]) -> PageError {
    let messages: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
    PageError::BadRequest(messages.join(" "))
}

/// Which log, and by what right.
#[derive(Clone, Copy)]
pub enum Log<'a> {
    /// A patient's.
    Patient(&'a Permit),
    /// The instance's.
    Instance(&'a Actor),
}

/// Page after page, until the end.
///
/// # Errors
/// Where there is more than a file may hold: a period makes it smaller.
pub async fn all(app: &App, log: Log<'_>, filter: &Filter, what: &'static str) -> Result<Vec<LogRow>, PageError> {
    let mut rows = Vec::new();
    let mut cursor = None;
    loop {
        let which = Which { cursor, limit: STEP };
        let found = match log {
            Log::Patient(permit) => app.store().patient_log(permit, filter, which, what, app.clock().now()).await?,
            Log::Instance(by) => app.store().instance_log(by, filter, which, what, app.clock().real()).await?,
        };
        rows.extend(found.rows);
        if rows.len() > MOST {
            let message = format!("Dit zijn meer dan {MOST} regels. Kies een kortere periode en probeer het opnieuw.");
            return Err(PageError::BadRequest(message));
        }
        match found.next {
            Some(next) => cursor = Some(next),
            None => return Ok(rows),
        }
    }
}

/// The rows as CSV.
pub async fn csv(app: &App, rows: &[LogRow]) -> Result<Response, PageError> {
    let names = Names::of(app, rows).await?;
    let cells = |row: &LogRow| {
        let role = row.role.as_deref().and_then(role_words).unwrap_or_default();
        let organisation = row.organisation.as_deref().map(|o| names.organisation(o)).unwrap_or_default();
        [
            row.at.to_string(),
            names.who(row),
            row.actor.clone(),
            role.to_owned(),
            organisation,
            row.behalf.as_ref().map(|_| "de patiënt".to_owned()).unwrap_or_default(),
            words::doing(attempted(row), &row.data).to_owned(),
            words::data(&row.data),
            row.basis.as_deref().map(Basis::dutch_of).unwrap_or_default().to_owned(),
            super::outcome(&row.outcome).unwrap_or("gedaan").to_owned(),
            row.detail.clone().unwrap_or_default(),
        ]
    };
    Ok(attached(table_file::csv(HEADS, rows.iter().map(cells))?, table_file::CSV, "logboek.csv"))
}

/// The rows as a Bundle of AuditEvents.
pub async fn fhir(app: &App, patient: &PatientId, rows: &[LogRow]) -> Result<Response, PageError> {
    let names = Names::of(app, rows).await?;
    // Names and parts live as long as what is made of them.
    let told: Vec<(String, String, String)> = rows
        .iter()
        .map(|row| {
            let organisation = row.organisation.as_deref().map(|o| names.organisation(o)).unwrap_or_default();
            (names.who(row), organisation, part(row, &names))
        })
        .collect();
    let audits: Vec<Audit<'_>> =
        rows.iter().zip(&told).map(|(row, (who, organisation, _))| audit(patient, row, who, organisation)).collect();
    let bundle = audit::bundle(&audits, &app.config().base_url, app.clock().now());
    let bytes = serde_json::to_vec(&bundle).map_err(|_| store::Error::Bug("a Bundle does not serialise"))?;
    Ok(attached(bytes, "application/fhir+json; charset=utf-8", "logboek.json"))
}

fn audit<'a>(patient: &'a PatientId, row: &'a LogRow, name: &'a str, organisation: &'a str) -> Audit<'a> {
    let action = attempted(row);
    let (is_person, id) = match row.actor.split_once(':') {
        Some(("person", id)) => (true, id),
        Some((_, id)) => (false, id),
        None => (false, row.actor.as_str()),
    };
    Audit {
        id: format!("{patient}-{}", row.seq),
        at: row.at,
        kind: words::kind(action, &row.data),
        action,
        outcome: match row.outcome.as_str() {
            "done" => audit::Outcome::Done,
            "refused" => audit::Outcome::Refused,
            _ => audit::Outcome::Failed,
        },
        who: audit::Who {
            id,
            name,
            is_person,
            role: row.role.as_deref().and_then(|code| Some((code, role_words(code)?))),
            organisation: row.organisation.as_deref().map(|o| (o, organisation)),
        },
        patient: Some(patient.as_str()),
        for_patient: row.behalf.is_some(),
        data: &row.data,
        basis: row.basis.as_deref().map(|b| (b, Basis::dutch_of(b), words::reason(b))),
        detail: row.detail.as_deref(),
    }
}
