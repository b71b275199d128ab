//! `/patienten/{id}/plan`: the plan, read as a letter.

use super::documents::{self, DocumentRow};
use super::frame::{Frame, Tab};
use super::history::left_out;
use super::looking_back::Back;
use super::mark::UNKNOWN;
use super::onward::Known;
use super::own::SaidRow;
use super::patient::about;
use super::plan_view::PlanView;
use super::render::{Answer, Told, page};
use super::requests::standing;
use super::rows::leaves;
use super::unread::Since;
use crate::access::{ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use domain::access::Action;
use domain::plan::Content;
use domain::unread::Shown;

/// The page.
#[derive(Template)]
#[template(path = "plan.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is something this person may do here, or not")]
pub struct PlanPage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// The letter; absent where there is no plan yet.
    pub plan: Option<PlanView>,
    /// Number, date and author of the newest version.
    pub about: String,
    /// Where to compare with the version before.
    pub compare: Option<String>,
    /// May this person record here?
    pub may_record: bool,
    /// May this person confirm that it is unchanged?
    pub may_confirm: bool,
    /// May this person set limits?
    pub may_set: bool,
    /// Where it is on paper, for who may take it along.
    pub on_paper: Option<String>,
    /// The organisation has a draft.
    pub draft: bool,
    /// What the patient's side wrote with the plan.
    pub statements: Vec<SaidRow>,
    /// What changed since this person read it.
    pub since: Option<Since>,
    /// The documents that count.
    pub papers: Vec<DocumentRow>,
    /// Whether doctor and patient know of it.
    pub known: Option<Known>,
    /// Other sources may be asked for their plan.
    pub elsewhere: bool,
}

/// `GET /patienten/{id}/plan`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(told): Query<Told>) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::ReadPlan, &id).await?;
    let now = app.clock().now();
    // Before the reading itself is noted.
    let reader = app.store().own_reading(&permit).await?;
    let record = app.store().read_shown(&permit, now, Shown::Plan).await?.ok_or(PageError::Forbidden)?;
    let patient = &record.patient.patient;
    if let Some(kept) = &record.patient.merged_into {
        return Ok(Redirect::to(&format!("/patienten/{kept}/plan")).into_response());
    }
    let number = record.plan.as_ref().map_or(0, |p| p.number);
    // The history tells what a statement changed from, and what was left out on purpose.
    let versions = if number > 0 { app.store().versions(&permit, now, "plan-history").await? } else { Vec::new() };
    let before: Vec<&Content> = versions
        .iter()
        .rev()
        .filter(|v| v.mark.is_none() && v.version.number < number)
        .map(|v| &v.version.content)
        .collect();
    let asked = [Action::RecordPlan, Action::ConfirmPlan, Action::SetLimits, Action::Print];
    let [may_record, may_confirm, may_set, may_print] = leaves(&app, &who.actor, asked, &id).await?;
    // Who died is planned nothing for any more (decision 22).
    let lives = patient.died_on.is_none();
    let draft = match &may_record {
        Some(permit) => app.store().draft(permit, now).await?.is_some(),
        None => false,
    };
    let back = Back::at(&app, &permit, record.plan.as_ref()).await?;
    let letter = record.plan.as_ref().map(|p| PlanView {
        doubts: back.doubts(&p.content),
        ..PlanView::with_history(p, &before, &left_out(&versions), back.by())
    });
    let since = record
        .plan
        .as_ref()
        .zip(reader)
        .and_then(|(plan, reader)| Since::of(&reader, &versions, plan.number, &plan.content, id.as_str()));
    let view = PlanPage {
        since,
        frame: Frame::about(&app, &who, "Plan", &id, patient, Tab::Plan).told(&told),
        compare: (number > 1).then(|| format!("/patienten/{id}/plan/vergelijk?van={}&tot={number}", number - 1)),
        about: record.plan.as_ref().map(about).unwrap_or_default(),
        plan: letter,
        id: id.to_string(),
        may_record: may_record.is_some() && lives,
        may_confirm: may_confirm.is_some() && lives && back.past().spoken.is_some(),
        may_set: may_set.is_some() && lives,
        on_paper: may_print.filter(|_| number > 0).map(|_| format!("/patienten/{id}/plan.pdf")),
        draft,
        elsewhere: !app.viewer().sources_of(&who.organisation).is_empty(),
        statements: standing(&app, &permit).await?,
        papers: documents::beside(&id, &back.steps, record.plan.as_ref()),
        known: record.plan.as_ref().map(|p| Known::of(&id, &back.steps, p)),
    };
    Ok(page(&view))
}
