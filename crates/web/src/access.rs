//! From an actor to a [`Permit`]: the store tells the relation, the domain decides, refusals are logged.

use crate::app::App;
use crate::error::PageError;
use domain::access::{Action, Actor, Own, Permit, Relation, permit};
use domain::ident::PatientId;
use store::log::{Event, Outcome};

/// Leave to do something with a patient, or the one refusal that all strangers get (decision 53).
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// No basis, unknown patient, or the role may not. It stands in the log.
    #[error("no basis")]
    NoBasis,
    /// The store failed.
    #[error("{0}")]
    Broken(#[from] store::Error),
}

impl From<Denied> for PageError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NoBasis => Self::Denied,
            Denied::Broken(error) => Self::Broken(error),
        }
    }
}

/// Asks leave for somebody who gives care or watches over it. The patient and theirs have pages of their own, where
/// what is not for them is left out: here they are refused, whatever tie they have.
///
/// # Errors
/// [`Denied`]; every refusal stands in the log.
pub async fn ask(app: &App, actor: &Actor, action: Action, patient: &PatientId) -> Result<Permit, Denied> {
    decide(app, actor, action, patient, false).await
}

/// Asks leave for the patient, a representative or a relative: for their own pages only.
///
/// # Errors
/// [`Denied`]; every refusal stands in the log.
pub async fn ask_own(app: &App, actor: &Actor, action: Action, patient: &PatientId) -> Result<Permit, Denied> {
    decide(app, actor, action, patient, true).await
}

/// As [`ask_own`], for what is shown only to those who have it: nothing is refused, so nothing is logged.
///
/// # Errors
/// Where the store fails.
pub async fn quietly_own(
    app: &App,
    actor: &Actor,
    action: Action,
    patient: &PatientId,
) -> Result<Option<Permit>, store::Error> {
    let relation = app.store().relation(patient, actor, app.clock().now()).await?;
    Ok(relation.filter(|_| is_own(actor)).and_then(|relation| permit(actor, action, patient, relation).ok()))
}

/// As [`ask`], for what is shown or done only for those who have it: nothing is refused to anybody, so nothing is logged.
///
/// # Errors
/// Where the store fails.
pub async fn quietly(
    app: &App,
    actor: &Actor,
    action: Action,
    patient: &PatientId,
) -> Result<Option<Permit>, store::Error> {
    let relation = app.store().relation(patient, actor, app.clock().now()).await?;
    Ok(relation.filter(|_| !is_own(actor)).and_then(|relation| permit(actor, action, patient, relation).ok()))
}

/// Does this actor act as the patient, a representative or a relative?
pub fn is_own(actor: &Actor) -> bool {
    actor.role.and_then(Own::of_role).is_some()
}

/// Asks leave. An unknown patient takes the same way and gets the same answer as one without a basis.
///
async fn decide(app: &App, actor: &Actor, action: Action, patient: &PatientId, own: bool) -> Result<Permit, Denied> {
    let now = app.clock().now();
    let relation = app.store().relation(patient, actor, now).await?;
    let known = relation.is_some() || action == Action::RegisterPatient;
    let decision = permit(actor, action, patient, relation.unwrap_or_default());
    match decision {
        Ok(permit) if known && is_own(actor) == own => Ok(permit),
        _ => Err(refuse(app, actor, action.code(), known.then_some(patient)).await),
    }
}

/// Writes a refusal in the log and gives it: of what, and of whom where it is a patient who is here.
pub async fn refuse(app: &App, actor: &Actor, what: &'static str, patient: Option<&PatientId>) -> Denied {
    let event = Event {
        at: app.clock().now(),
        actor: Some(actor),
        action: "refused",
        data: what,
        patient,
        outcome: Outcome::Refused,
        detail: None,
    };
    metrics::counter!("tijdig_refusals_total").increment(1);
    match app.store().event(event).await {
        Ok(()) => Denied::NoBasis,
        Err(error) => Denied::Broken(error),
    }
}

/// Leave for a patient who is not here yet.
///
/// # Errors
/// [`Denied`] where the role may not register; it stands in the log.
pub async fn ask_new(app: &App, actor: &Actor, patient: &PatientId) -> Result<Permit, Denied> {
    match permit(actor, Action::RegisterPatient, patient, Relation::default()) {
        Ok(permit) => Ok(permit),
        Err(_) => Err(refuse(app, actor, Action::RegisterPatient.code(), None).await),
    }
}

/// A patient's id in a path, or the same answer as for an unknown one.
///
/// # Errors
/// The refusal that strangers get, where it is no id.
pub fn patient_id(text: &str) -> Result<PatientId, PageError> {
    PatientId::parse(text).map_err(|_| PageError::Forbidden)
}
