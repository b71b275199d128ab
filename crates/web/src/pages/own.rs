//! `/mijn`: the pages of the patient, a representative or a relative. What they may see of one patient is asked with
//! [`ask_own`]; the pages of professionals refuse them. Plain Dutch (B1), whole without JavaScript.

mod card;
mod consent;
mod copy;
mod copy_on_paper;
mod front;
mod looked;
mod plan;
mod prepare;
mod rights;
mod words;

pub use plan::{PlainSection, PlainTopic, plain};
pub use rights::{SaidRow, row as said_row};

use super::frame::{Frame, Link, Place};
use super::render::{Answer, page};
use crate::access::{ask_own, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::routes::{Routes, get};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use domain::access::{Action, Own, Permit};
use domain::consent::{Consent, Part, for_relatives};
use domain::ident::PatientId;
use domain::patient::Patient;
use domain::plan::CurrentPlan;
use std::collections::BTreeSet;

/// The pages.
pub fn routes() -> Routes {
    Routes::new()
        .route("/mijn", get(choose))
        .route("/mijn/{id}", get(front::get))
        .route("/mijn/{id}/plan", get(plan::get))
        .route("/mijn/{id}/kaart", get(card::get).post(card::post))
        .route("/mijn/{id}/kaart.pdf", get(card::pdf))
        .route("/mijn/{id}/brief.pdf", get(card::letter))
        .route("/mijn/{id}/inzage", get(looked::get))
        .route("/mijn/{id}/toestemming", get(consent::get).post(consent::post))
        .route("/mijn/{id}/rechten", get(rights::get).post(rights::post))
        .route("/mijn/{id}/voorbereiden", get(prepare::get).post(prepare::post))
        .route("/mijn/{id}/voorbereiden/lezen", get(prepare::read))
        .route("/mijn/{id}/kopie", get(copy::get))
        .route("/mijn/{id}/kopie.json", get(copy::json))
        .route("/mijn/{id}/kopie.pdf", get(copy_on_paper::get))
}

/// Page to choose a patient, for who belongs to several.
#[derive(Template)]
#[template(path = "own/choose.html")]
pub struct ChoosePage {
    /// Title, menu.
    pub frame: Frame,
    /// The patients, by name.
    pub patients: Vec<Link>,
}

/// Who looks, at whom, with leave to read.
pub struct Visit {
    /// Who.
    pub who: SignedIn,
    /// As what.
    pub own: Own,
    /// The patient.
    pub id: PatientId,
    /// Leave to read the plan.
    pub read: Permit,
    /// Who the patient is.
    pub patient: Patient,
    /// The plan; for a relative without what is not for relatives.
    pub plan: Option<CurrentPlan>,
    /// What the patient said about sharing.
    pub consent: Consent,
    /// For a relative: the parts that are kept from them.
    pub hidden: BTreeSet<Part>,
}

impl Visit {
    /// Asks leave and reads; what is not for a relative is gone from what it gives.
    pub async fn of(app: &App, who: SignedIn, id: &str, what: &'static str) -> Result<Self, PageError> {
        let own = who.actor.role.and_then(Own::of_role).ok_or(PageError::Forbidden)?;
        let id = patient_id(id)?;
        let read = ask_own(app, &who.actor, Action::ReadPlan, &id).await?;
        let now = app.clock().now();
        let record = app.store().read(&read, now, what).await?.ok_or(PageError::Forbidden)?;
        if record.patient.merged_into.is_some() {
            return Err(PageError::Forbidden);
        }
        let (consent, _) = app.store().sharing(&read, now).await?;
        let hidden = if own == Own::Relative { consent.not_for_relatives.clone() } else { BTreeSet::new() };
        let mut plan = record.plan;
        if let Some(plan) = plan.as_mut().filter(|_| own == Own::Relative) {
            plan.content = for_relatives(std::mem::take(&mut plan.content), &hidden);
        }
        Ok(Self { who, own, id, read, patient: record.patient.patient, plan, consent, hidden })
    }

    /// The patient, as the page calls them: 'u', or by name.
    pub fn is_me(&self) -> bool {
        self.own == Own::Patient
    }

    /// The name of the patient, as one says it.
    pub fn name(&self) -> String {
        super::dutch::addressed(&self.patient)
    }

    /// The frame of one of these pages.
    pub fn frame(&self, title: &str) -> Frame {
        Frame::signed(&self.who, title, Place::None)
    }

    /// The frame of a page below the first.
    pub fn below(&self, title: &str) -> Frame {
        let label = if self.is_me() { "Mijn plan" } else { "Het plan" };
        self.frame(title).back_to(format!("/mijn/{}", self.id), label)
    }
}

/// `GET /mijn`: to the one patient, or a choice.
async fn choose(State(app): State<App>, who: SignedIn) -> Answer {
    let role = who.actor.role.filter(|r| Own::of_role(*r).is_some()).ok_or(PageError::Forbidden)?;
    let ids = app.store().own_patients(&who.person, role, app.clock().now()).await?;
    if let [only] = ids.as_slice() {
        return Ok(Redirect::to(&format!("/mijn/{only}")).into_response());
    }
    let mut patients = Vec::new();
    for id in ids {
        let permit = ask_own(&app, &who.actor, Action::ReadPatient, &id).await?;
        if let Some(record) = app.store().read_patient(&permit, app.clock().now(), "own page").await? {
            patients.push(Link::to(format!("/mijn/{id}"), record.patient.name.full()));
        }
    }
    Ok(page(&ChoosePage { frame: Frame::signed(&who, "Wie wilt u zien?", Place::None), patients }))
}

/// The path's patient, for handlers.
pub type Id = Path<String>;
