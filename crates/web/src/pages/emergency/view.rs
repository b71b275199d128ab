//! `/spoed/{id}`: the emergency view. With team, delivery or consent it is always there; with a broken glass until the
//! time is over.

use super::{LOOK, enter, until};
use crate::access::{Denied, ask, quietly};
use crate::app::App;
use crate::pages::dutch;
use crate::pages::errors::FailurePage;
use crate::pages::frame::{Frame, Link, Place};
use crate::pages::looking_back::Back;
use crate::pages::mark::Mark;
use crate::pages::plan_view::people::{PersonView, contact};
use crate::pages::render::{Answer, page, show};
use crate::refused::{Trace, marked};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Action;
use domain::code::Gender;
use domain::ident::PatientId;
use domain::patient::Patient;
use domain::plan::{CurrentPlan, EmergencyLine, ReviewBy, emergency_view};
use domain::unread::Shown;
use jiff::civil::Date;

/// The page.
#[derive(Template)]
#[template(path = "emergency/view.html")]
pub struct ViewPage {
    /// Title, menu.
    pub frame: Frame,
    /// Who it is.
    pub who: String,
    /// Birth date and age, or what there is to check by.
    pub born: String,
    /// The plan; absent where there is none.
    pub plan: Option<PlanLines>,
    /// When the glass closes, where it was broken.
    pub open_until: Option<String>,
    /// The whole plan, for who may read it.
    pub whole: Option<String>,
}

/// A plan in an emergency.
pub struct PlanLines {
    /// When it was talked about.
    pub talked: String,
    /// What must be seen at once.
    pub first: Vec<Line>,
    /// Who set it, where that is the same for all.
    pub set: Option<String>,
    /// Goal.
    pub goal: Line,
    /// Whom to call.
    pub call: Vec<PersonView>,
    /// What is doubtful.
    pub doubts: Vec<String>,
    /// Antibiotics and so on, and the preferred place.
    pub more: Vec<Line>,
    /// Version and who recorded it.
    pub about: String,
}

/// One statement.
pub struct Line {
    /// Its mark.
    pub mark: Mark,
    /// In one line.
    pub text: String,
    /// Nothing is in force.
    pub quiet: bool,
    /// Who set it and since when.
    pub fine: String,
    /// What is proposed beside it.
    pub proposed: Option<String>,
}

impl From<EmergencyLine> for Line {
    fn from(line: EmergencyLine) -> Self {
        let EmergencyLine { mark, text, silent, fine, proposed, .. } = line;
        Self { mark: mark.into(), text, quiet: silent, fine, proposed }
    }
}

impl PlanLines {
    /// The lines of a plan.
    pub fn of(plan: &CurrentPlan, by: ReviewBy) -> Self {
        let view = emergency_view(&plan.content, by);
        let lines = |lines: Vec<EmergencyLine>| lines.into_iter().map(Line::from).collect();
        Self {
            talked: view.talked.unwrap_or_default(),
            first: lines(view.first),
            set: view.set,
            goal: view.goal.into(),
            call: view.call.into_iter().map(|p| contact(&plan.content, p)).collect(),
            doubts: view.doubts,
            more: lines(view.more.into_iter().chain([view.place]).collect()),
            about: crate::pages::patient::about(plan),
        }
    }
}

/// Who it is. Whoever broke the glass and looked by number gets no name and no birth date, which they would learn by
/// it; sex and year of birth are enough to see that the number was typed right.
pub fn introduced(patient: &Patient, today: Date, named: bool) -> (String, String) {
    if named {
        return (dutch::addressed(patient), dutch::born(patient, today));
    }
    let sex = match patient.gender {
        Some(Gender::Female) => "Vrouw",
        Some(Gender::Male) => "Man",
        _ => "Patiënt",
    };
    (sex.to_owned(), format!("geboren in {}", patient.birth_date.first_day().year()))
}

/// One answer for all who may not, and for nobody (decision 53); it leads back to where one looks for somebody.
fn shut(who: &SignedIn) -> Response {
    let what = "U kunt deze noodgegevens niet zien";
    let why = "De tijd van de noodknop is voorbij, u bent niet bij deze patiënt betrokken, of de patiënt is hier niet bekend.";
    let view = FailurePage {
        frame: Frame::signed(who, what, Place::BelowEmergency),
        what,
        why: why.to_owned(),
        how: "Hebt u de gegevens nu nodig? Zoek de patiënt dan opnieuw.",
        problems: Vec::new(),
        way: Link::to("/spoed", "Zoek de patiënt"),
    };
    show(StatusCode::FORBIDDEN, &view)
}

/// `GET /spoed/{id}`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>) -> Answer {
    enter(&who)?;
    let Ok(id) = PatientId::parse(&id) else { return Ok(shut(&who)) };
    let permit = match ask(&app, &who.actor, LOOK, &id).await {
        Ok(permit) => permit,
        Err(Denied::NoBasis) => return Ok(marked(shut(&who), Trace::Noted)),
        Err(Denied::Broken(error)) => return Err(error.into()),
    };
    let now = app.clock().now();
    let Some(record) = app.store().read_shown(&permit, now, Shown::Emergency).await? else { return Ok(shut(&who)) };
    if let Some(kept) = &record.patient.merged_into {
        return Ok(Redirect::to(&format!("/spoed/{kept}")).into_response());
    }
    let glass = app.store().open_glass(&permit, now).await?;
    let named = glass.is_none_or(|g| g.by_name);
    let (name, born) = introduced(&record.patient.patient, app.clock().today(), named);
    let back = Back::at(&app, &permit, record.plan.as_ref()).await?;
    let whole = quietly(&app, &who.actor, Action::ReadPlan, &id).await?;
    let view = ViewPage {
        frame: Frame {
            back: Some(Link::to("/spoed", "Zoek een ander")),
            ..Frame::signed(&who, "Noodgegevens", Place::BelowEmergency)
        },
        who: name,
        born,
        plan: record
            .plan
            .as_ref()
            .map(|p| PlanLines { doubts: back.doubts_in_emergency(&p.content), ..PlanLines::of(p, back.by()) }),
        open_until: glass.map(|g| until(g.until)),
        whole: whole.map(|_| format!("/patienten/{id}/plan")),
    };
    Ok(page(&view))
}
