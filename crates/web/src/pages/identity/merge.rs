//! `/patienten/{id}/samenvoegen`: two records of one person become one. First both are shown, then it is done.

use super::{again, other_record, row};
use crate::access::{ask, patient_id, quietly};
use crate::app::App;
use crate::error::PageError;
use crate::forms::SignedForm;
use crate::pages::field::Problem;
use crate::pages::frame::{Frame, Notice, Tab};
use crate::pages::render::{Answer, done, page};
use crate::pages::rows::PatientRow;
use crate::record::{Beside, record};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use domain::access::{Action, Permit};
use domain::plan::NextVersion;
use store::plans::{File, StoredVersion};

/// The page that asks whether it is right.
#[derive(Template)]
#[template(path = "merge.html")]
pub struct MergePage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// The record that stays.
    pub kept: PatientRow,
    /// The record that ceases.
    pub dropped: PatientRow,
    /// BSN of the record that ceases, to send again.
    pub bsn: String,
    /// Why, to send again.
    pub reason: String,
}

/// `GET /patienten/{id}/samenvoegen`: the form stands among the patient's data.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>) -> Answer {
    let id = patient_id(&id)?;
    ask(&app, &who.actor, Action::CorrectPatient, &id).await?;
    Ok(Redirect::to(&format!("/patienten/{id}/gegevens#samenvoegen")).into_response())
}

/// `POST /patienten/{id}/samenvoegen`.
pub async fn post(State(app): State<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::CorrectPatient, &id).await?;
    let other = other_record(&app, &who, fields.get("ander-bsn"), &id).await?;
    let reason = fields
        .filled("samenvoegreden")
        .ok_or_else(|| Problem::at("samenvoegreden", "Schrijf waaruit blijkt dat dit dezelfde persoon is."));
    let ((dropped_permit, dropped), reason) = match (other, reason) {
        (Ok(other), Ok(reason)) => (other, reason),
        (other, reason) => {
            let errors = other.err().into_iter().chain(reason.err()).collect();
            return again(&app, &who, &permit, &id, &fields, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let kept = app.store().read_patient(&permit, app.clock().now(), "merge").await?.ok_or(PageError::Forbidden)?;
    if fields.get("zeker") != "ja" {
        let view = MergePage {
            frame: Frame::about(&app, &who, "Dossiers samenvoegen", &id, &kept.patient, Tab::Beneath)
                .back_to(format!("/patienten/{id}/gegevens"), "Gegevens"),
            id: id.to_string(),
            kept: row(&kept, &app),
            dropped: row(&dropped, &app),
            bsn: fields.get("ander-bsn").to_owned(),
            reason: reason.to_owned(),
        };
        return Ok(page(&view));
    }
    let versions: Vec<StoredVersion> = app.store().versions(&dropped_permit, app.clock().now(), "merge").await?;
    if !versions.is_empty() {
        // What the other record says becomes versions of this one: only who records plans may do that.
        let Some(record) = quietly(&app, &who.actor, Action::RecordPlan, &id).await? else {
            let message =
                "Bij dat dossier hoort een plan. Vraag iemand die plannen vastlegt om de dossiers samen te voegen.";
            let errors = vec![Problem::at("ander-bsn", message)];
            return again(&app, &who, &permit, &id, &fields, errors, StatusCode::FORBIDDEN).await;
        };
        lay_over(&app, &record, &dropped_permit, versions, reason).await?;
    }
    app.store().merge(&permit, &dropped_permit, reason, app.clock().now()).await?;
    Ok(done(&format!("/patienten/{id}"), Notice::Merged))
}

/// Lays the versions of the record that ceases upon the one that stays, oldest first; the plan's own rules say what
/// counts (decision 3). A second attempt after a failure writes nothing twice.
async fn lay_over(
    app: &App,
    kept: &Permit,
    dropped: &Permit,
    versions: Vec<StoredVersion>,
    reason: &str,
) -> Result<(), PageError> {
    let now = app.clock().now();
    let mut sources = app.store().sources(dropped, now).await?;
    for stored in versions.into_iter().filter(|v| v.mark.is_none()) {
        let version = stored.version;
        let mut files = Vec::new();
        for reference in version
            .input
            .content
            .documents
            .values()
            .flat_map(domain::plan::Topic::statements)
            .filter_map(|s| s.value.file.as_ref())
        {
            if let Some(File { id, media_type, bytes }) = app.store().file(dropped, &reference.id, now).await? {
                files.push(File { id, media_type, bytes });
            }
        }
        let source = sources.iter().position(|(n, _)| *n == version.number).map(|i| sources.swap_remove(i).1);
        let from = dropped.patient();
        let beside =
            Beside { source, files, same_as: vec![format!("merge:{from}:{}", version.number)], ends_draft: false };
        let next = NextVersion {
            kind: version.kind,
            recorder: version.recorder,
            reason: Some(format!("Samengevoegd uit een ander dossier: {reason}")),
            input: version.input,
            kept_beside: version.kept_beside,
        };
        record(app, kept, &beside, |_| Ok::<_, PageError>(next.clone())).await?;
    }
    Ok(())
}
