//! `/patienten/{id}/inzage`: who did what with a patient's record, for the privacy officer of an organisation in the
//! care team and for who leads the care; and the same as a file.

use super::super::field::{Field, Problem};
use super::super::frame::{Frame, Place, Tab};
use super::super::render::{Answer, page, refused};
use super::filters::{Asked, OF_PATIENT};
use super::names::{self, Names};
use super::{Day, PAGE, days, export};
use crate::access::{ask, patient_id, refuse};
use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::access::{Action, Permit, Who};
use domain::ident::PatientId;
use domain::role::Role;
use store::leads::Leads;
use store::log::read::{Filter, LogPage};
use store::patients::PatientRecord;

/// The page.
#[derive(Template)]
#[template(path = "log/patient.html")]
pub struct PatientLogPage {
    /// Title, menu.
    pub frame: Frame,
    /// Whose log it is, for who sees no patients otherwise.
    pub of: Option<String>,
    /// Path of this page.
    pub path: String,
    /// What is wrong with the filters.
    pub errors: Vec<Problem>,
    /// The filters.
    pub filters: Vec<Field>,
    /// What was done, by day.
    pub days: Vec<Day>,
    /// Address of the next page.
    pub next: Option<String>,
    /// It begins further down: address of the first page.
    pub first: Option<String>,
    /// Enough was looked at for one page.
    pub cut: bool,
    /// Addresses of the files.
    pub files: (String, String),
}

/// Leave to read this patient's log: the privacy officer's, or the lead's.
///
/// # Errors
/// The one refusal, which stands in the log.
pub async fn leave(app: &App, who: &SignedIn, id: &str) -> Result<(PatientId, Permit), PageError> {
    let id = patient_id(id)?;
    let permit = ask(app, &who.actor, Action::ReadLog, &id).await?;
    if who.actor.role == Some(Role::PrivacyOfficer) {
        return Ok((id, permit));
    }
    let leads = app.store().leads(&permit, app.clock().now()).await?;
    if log_is_for(who, &leads) {
        return Ok((id, permit));
    }
    Err(refuse(app, &who.actor, Action::ReadLog.code(), Some(&id)).await.into())
}

/// Is the log of a patient for this person, given leave to read it: one who watches over it, or who leads the care?
pub fn log_is_for(who: &SignedIn, leads: &Leads) -> bool {
    let role = who.actor.role;
    if role == Some(Role::PrivacyOfficer) {
        return true;
    }
    let Some(lead) = leads.now().map(|l| &l.candidate) else { return false };
    match &who.actor.who {
        Who::Person(person) => {
            lead.organisation == who.actor.organisation
                && lead.person.as_ref().is_none_or(|p| p == person)
                && Some(lead.role) == role
        }
        Who::Client(..) | Who::Program => false,
    }
}

/// Who the patient is, by leave to read their log.
///
/// # Errors
/// Where the store fails.
pub async fn identity(app: &App, permit: &Permit) -> Result<PatientRecord, PageError> {
    app.store().read_patient(permit, app.clock().now(), "identity").await?.ok_or(PageError::Forbidden)
}

/// `GET /patienten/{id}/inzage`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let (id, permit) = leave(&app, &who, &id).await?;
    let record = identity(&app, &permit).await?;
    let filter = asked.filter(OF_PATIENT);
    let found = match &filter {
        Ok(filter) => app.store().patient_log(&permit, filter, asked.which(PAGE), "log", app.clock().now()).await?,
        Err(_) => LogPage::default(),
    };
    let errors = filter.err().unwrap_or_default();
    let names = Names::of(&app, &found.rows).await?;
    let people = people(&app, &asked, &names).await?;
    let path = format!("/patienten/{id}/inzage");
    let sees_patient = super::super::render::sees_patients(&who);
    let frame = if sees_patient {
        Frame::about(&app, &who, "Wie keek er in dit dossier", &id, &record.patient, Tab::Beneath)
            .back_to(format!("/patienten/{id}"), "Overzicht")
    } else {
        Frame::signed(&who, "Wie keek er in dit dossier", Place::BelowAdmin)
            .back_to("/beheer/inzage", "Zoek een patiënt")
    };
    let today = app.clock().today();
    let of = format!(
        "{}, {}",
        super::super::dutch::addressed(&record.patient),
        super::super::dutch::born(&record.patient, today)
    );
    let view = PatientLogPage {
        of: (!sees_patient).then_some(of),
        filters: asked.fields(OF_PATIENT, &people, &errors),
        days: days(&found.rows, &names, Some(&format!("{path}/waarom"))),
        next: asked.next(&path, &found),
        first: asked.is_further().then(|| asked.at(&path, None)),
        cut: found.cut,
        files: (asked.at(&format!("{path}/logboek.csv"), None), asked.at(&format!("{path}/logboek.json"), None)),
        frame: frame.failing(!errors.is_empty()),
        path,
        errors,
    };
    Ok(if view.errors.is_empty() { page(&view) } else { refused(&view) })
}

/// Whom one can choose: everybody on the page, and who was chosen before.
pub async fn people(app: &App, asked: &Asked, names: &Names) -> Result<Vec<(String, String)>, store::Error> {
    let mut people = names.actors();
    if !asked.wie.is_empty() && !people.iter().any(|(id, _)| *id == asked.wie) {
        people.push((asked.wie.clone(), names::actor(app, &asked.wie).await?));
    }
    Ok(people)
}

/// `GET …/logboek.csv`.
pub async fn csv(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let (_, permit) = leave(&app, &who, &id).await?;
    let rows = all(&app, &permit, &asked, "log export csv").await?;
    export::csv(&app, &rows).await
}

/// `GET …/logboek.json`: a Bundle of AuditEvents.
pub async fn fhir(
    State(app): State<App>,
    who: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let (id, permit) = leave(&app, &who, &id).await?;
    let rows = all(&app, &permit, &asked, "log export fhir").await?;
    export::fhir(&app, &id, &rows).await
}

/// Everything that the filters want, newest first.
async fn all(
    app: &App,
    permit: &Permit,
    asked: &Asked,
    what: &'static str,
) -> Result<Vec<store::log::read::LogRow>, PageError> {
    let filter: Filter = asked.filter(OF_PATIENT).map_err(|e| export::wrong(&e))?;
    export::all(app, export::Log::Patient(permit), &filter, what).await
}
