//! What goes along: the sheet, and the FHIR document. Taking either along is printing, and stands in the log.

use crate::access::{ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::handed::Taken;
use crate::pages::history::left_out;
use crate::pages::on_paper::{Printed, form};
use crate::pages::render::{Answer, review_by};
use crate::press::shown;
use crate::session::SignedIn;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use domain::access::{Action, Permit};
use domain::handover::Handover;
use domain::plan::{Content, PlanVersion};
use domain::words;
use paper::Notice;

async fn taken(app: &App, who: &SignedIn, id: &str, number: &str) -> Result<(Permit, Taken), PageError> {
    let print = ask(app, &who.actor, Action::Print, &patient_id(id)?).await?;
    let number = number.parse().map_err(|_| PageError::NotFound)?;
    let taken = Taken::of(app, &print, number).await?.ok_or(PageError::NotFound)?;
    Ok((print, taken))
}

/// Why, to whom and from whom.
fn about(handover: &Handover) -> Notice {
    let by = &handover.made_by;
    let role = by.role.map(|r| format!(", {}", r.dutch())).unwrap_or_default();
    Notice {
        title: format!("Overdracht bij {}", handover.reason.dutch()),
        lines: vec![
            format!("Aan: {} ({}).", handover.name, handover.to.dutch()),
            format!("Van: {}{role}, {}, {}.", by.name, by.organisation_name, words::day(handover.day)),
            "Wilt u laten weten dat u dit hebt ontvangen? Wie u dit gaf, legt dat vast.".to_owned(),
        ],
    }
}

/// `GET /patienten/{id}/overdracht/{number}/blad.pdf`.
pub async fn sheet(State(app): State<App>, who: SignedIn, Path((id, number)): Path<(String, String)>) -> Answer {
    let (print, taken) = taken(&app, &who, &id, &number).await?;
    let months = review_by(&app, &print).await?.interval_months;
    let empty = without_plan(&taken);
    let version = taken.version().unwrap_or(&empty);
    let earlier = taken.versions.len().saturating_sub(1);
    let before: Vec<&Content> =
        taken.versions[..earlier].iter().rev().filter(|v| v.mark.is_none()).map(|v| &v.version.content).collect();
    let mut sheet = form(&Printed {
        patient: &taken.record.patient,
        version,
        content: &version.content,
        before: &before,
        left_out: &left_out(&taken.versions),
        mark: taken.versions.last().and_then(|v| v.mark.as_ref()),
        newest: None,
        interval_months: months,
        code: None,
    });
    "Overdracht proactieve zorgplanning".clone_into(&mut sheet.title);
    sheet.notices.insert(0, about(&taken.handover));
    if taken.versions.is_empty() {
        "Er is nog geen plan".clone_into(&mut sheet.edition);
        sheet.about = vec!["Er is nog niets besproken of vastgelegd".to_owned()];
    }
    let pdf = app.press().set(move || sheet.to_pdf()).await?;
    Ok(shown(pdf, "overdracht"))
}

/// What a sheet says where nothing was recorded: that nothing was discussed.
fn without_plan(taken: &Taken) -> PlanVersion {
    let conversation = domain::plan::ConversationKey(0);
    PlanVersion {
        number: 0,
        kind: domain::plan::VersionKind::Recorded,
        recorded_at: taken.handover.at,
        recorder: taken.handover.made_by.clone(),
        reason: None,
        conversation,
        input: domain::plan::PlanInput {
            conversation,
            content: Content::default(),
            rejected: Vec::new(),
            skipped: Vec::new(),
        },
        content: Content::default(),
        touched: Vec::new(),
        kept_beside: Vec::new(),
    }
}

/// `GET /patienten/{id}/overdracht/{number}/document.json`: the FHIR document.
pub async fn document(State(app): State<App>, who: SignedIn, Path((id, number)): Path<(String, String)>) -> Answer {
    let (_, taken) = taken(&app, &who, &id, &number).await?;
    let made = taken.document(&app);
    let headers = [
        (header::CONTENT_TYPE, "application/fhir+json; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"overdracht.json\""),
    ];
    Ok((headers, made.to_string()).into_response())
}
