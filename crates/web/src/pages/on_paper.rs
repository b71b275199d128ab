//! `/patienten/{id}/plan.pdf`: the plan on paper, as it stands or, with `?versie=N`, as it stood. Printing is an act of
//! its own in the log, which names the version: whoever has paper can be told when it no longer holds (D4).

mod form;
pub mod letter;

pub use form::{Code, Printed, dated, form, person, sections};

use super::history::left_out;
use super::render::{Answer, review_by};
use crate::access::{ask, patient_id};
use crate::app::App;
use crate::card::{self, ToPrint};
use crate::error::PageError;
use crate::press::shown;
use crate::session::SignedIn;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use domain::access::Action;
use domain::card::Kind;
use domain::date::local_day;
use domain::plan::Content;
use serde::Deserialize;

/// What may be asked beside it.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Which version; the newest where none is named.
    versie: Option<String>,
}

/// `GET /patienten/{id}/plan.pdf`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let id = patient_id(&id)?;
    let print = ask(&app, &who.actor, Action::Print, &id).await?;
    let read = ask(&app, &who.actor, Action::ReadPlan, &id).await?;
    let now = app.clock().now();
    let record = app.store().read(&read, now, "plan").await?.ok_or(PageError::Forbidden)?;
    if let Some(kept) = &record.patient.merged_into {
        return Ok(Redirect::to(&format!("/patienten/{kept}/plan.pdf")).into_response());
    }
    let newest = record.plan.as_ref().map(|p| p.number).ok_or(PageError::NotFound)?;
    let number = match asked.versie.as_deref() {
        None => newest,
        Some(number) => number.parse().map_err(|_| PageError::NotFound)?,
    };
    let versions = app.store().versions(&read, now, "plan-history").await?;
    let at = versions.iter().position(|v| v.version.number == number).ok_or(PageError::NotFound)?;
    let stored = app.store().version(&print, number, now).await?.ok_or(PageError::NotFound)?;
    // What counts now heeds what was said of sharing since; an earlier version is shown as it stood.
    let current = record.plan.filter(|p| p.number == number).map(|p| p.content);
    let before: Vec<&Content> =
        versions[..at].iter().rev().filter(|v| v.mark.is_none()).map(|v| &v.version.content).collect();
    let to_print = ToPrint {
        kind: Kind::Sheet,
        version: number,
        day: local_day(stored.version.recorded_at),
        decisions: String::new(),
    };
    let issued = card::code(app.store(), &print, to_print, now, app.clock().real()).await?;
    let sheet = form(&Printed {
        patient: &record.patient.patient,
        version: &stored.version,
        content: current.as_ref().unwrap_or(&stored.version.content),
        before: &before,
        left_out: &left_out(&versions[..=at]),
        mark: stored.mark.as_ref(),
        newest: (number != newest).then_some(newest),
        interval_months: review_by(&app, &read).await?.interval_months,
        code: Some(Code {
            address: card::address(&app, &issued),
            typed: issued.token.groups(),
            typed_at: card::typed_at(&app),
        }),
    });
    let pdf = app.press().set(move || sheet.to_pdf()).await?;
    Ok(shown(pdf, &format!("plan-versie-{number}")))
}
