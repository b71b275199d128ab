//! From a view to an answer.

use super::frame::{Frame, Me, Notice, Place, Subject, Tab};
use crate::access::is_own;
use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::access::Permit;
use domain::ident::PatientId;
use domain::patient::Patient;
use domain::plan::ReviewBy;
use domain::role::Reads;
use serde::Deserialize;

/// What a page's handler gives.
pub type Answer = Result<Response, PageError>;

/// Renders a page.
pub fn show(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a template failed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Does this person's role see patients at all (PROCESS, role table)?
pub fn sees_patients(who: &SignedIn) -> bool {
    who.actor.role.is_some_and(|r| r.reads() == Reads::Plan) && !is_own(&who.actor)
}

/// What one patient's plan is held against today: the interval of the lead's organisation and of the patient's groups.
///
/// # Errors
/// Where the store fails.
pub async fn review_by(app: &App, permit: &Permit) -> Result<ReviewBy, store::Error> {
    let (_, interval_months) = app.store().looking_back(permit).await?;
    Ok(ReviewBy { today: app.clock().today(), interval_months })
}

/// A page in the ordinary course.
pub fn page(page: &impl Template) -> Response {
    show(StatusCode::OK, page)
}

/// A form that comes back with errors.
pub fn refused(page: &impl Template) -> Response {
    show(StatusCode::UNPROCESSABLE_ENTITY, page)
}

/// To another page, after something was done.
pub fn done(path: &str, notice: Notice) -> Response {
    Redirect::to(&format!("{path}?gedaan={}", notice.code())).into_response()
}

/// What a page may be told in its address: only codes.
#[derive(Debug, Default, Deserialize)]
pub struct Told {
    /// What was just done.
    #[serde(default)]
    gedaan: String,
}

impl Told {
    /// What was just done, where the code is one of ours.
    pub fn notice(&self) -> Option<Notice> {
        Notice::of_code(&self.gedaan)
    }
}

impl Frame {
    /// The frame of a page for somebody who signed in.
    pub fn signed(who: &SignedIn, title: &str, place: Place) -> Self {
        Self {
            title: title.to_owned(),
            me: Some(Me {
                name: who.actor.name.clone(),
                role: who.actor.role.map_or("", domain::role::Role::dutch),
                organisation: who.organisation.name.clone(),
                sees_patients: sees_patients(who),
                sees_emergency: super::emergency::may_enter(who.actor.role),
                sees_practice: super::practice::may_see(who),
                sees_region: super::region::may_see(who),
                administers: super::admin::has_entry(who.actor.role),
                several_roles: who.several_roles,
                own: is_own(&who.actor),
            }),
            csrf: who.csrf.clone(),
            place,
            ..Self::default()
        }
    }

    /// The frame of a page about a patient.
    pub fn about(app: &App, who: &SignedIn, title: &str, id: &PatientId, patient: &Patient, tab: Tab) -> Self {
        Self {
            subject: Some(Subject::of(id, patient, app.clock().today(), tab)),
            ..Self::signed(who, title, Place::BelowPatients)
        }
    }

    /// With what was just done.
    pub fn told(self, told: &Told) -> Self {
        Self { notice: told.notice(), ..self }
    }

    /// With a way back.
    pub fn back_to(self, href: impl Into<String>, label: &str) -> Self {
        Self { back: Some(super::frame::Link::to(href, label)), ..self }
    }

    /// As it comes back with errors.
    pub fn failing(self, failed: bool) -> Self {
        Self { failed, ..self }
    }
}
