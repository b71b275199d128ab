//! `/patienten/{id}/plan/versies`: every version, with what it changed.

use super::field::{Choice, Field};
use super::frame::{Frame, Tab};
use super::history::{VersionRow, rows};
use super::render::{Answer, Told, page};
use crate::access::{ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::access::Action;

/// The page.
#[derive(Template)]
#[template(path = "versions.html")]
pub struct VersionsPage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// The versions, newest first.
    pub versions: Vec<VersionRow>,
    /// Compare from.
    pub from: Field,
    /// Compare to.
    pub to: Field,
}

/// The two choices of what to compare.
pub fn pickers(numbers: &[u32], from: u32, to: u32) -> (Field, Field) {
    let choices: Vec<Choice> = numbers.iter().map(|n| Choice::of(n.to_string(), format!("Versie {n}"))).collect();
    let field = |name, label, chosen: u32| Field::select(name, label, &chosen.to_string(), choices.clone());
    (field("van", "Vergelijk versie", from), field("tot", "met versie", to))
}

/// `GET /patienten/{id}/plan/versies`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(told): Query<Told>) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::ReadPlan, &id).await?;
    let now = app.clock().now();
    let patient = app.store().read_patient(&permit, now, "versions").await?.ok_or(PageError::Forbidden)?.patient;
    let stored = app.store().versions(&permit, now, "versions").await?;
    let numbers: Vec<u32> = stored.iter().map(|v| v.version.number).collect();
    let last = numbers.last().copied().unwrap_or(0);
    let (from, to) = pickers(&numbers, last.saturating_sub(1), last);
    let view = VersionsPage {
        frame: Frame::about(&app, &who, "Versies van het plan", &id, &patient, Tab::Versions).told(&told),
        id: id.to_string(),
        versions: rows(&stored),
        from,
        to,
    };
    Ok(page(&view))
}
