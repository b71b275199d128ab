//! A patient in a list: as much as it takes to recognise somebody, no more.

use super::dutch;
use crate::access::{is_own, quietly};
use crate::app::App;
use domain::access::{Action, Actor, Permit, permit};
use domain::ident::PatientId;
use domain::patient::Patient;
use jiff::civil::Date;
use store::patients::PatientRecord;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatientRow {
    /// Id in paths.
    pub id: String,
    /// Name as one says it.
    pub name: String,
    /// Birth date and age.
    pub born: String,
    /// Place of living.
    pub address: String,
    /// Where the patient lives, in a word.
    pub state: String,
}

impl PatientRow {
    /// The row of a patient.
    pub fn of(id: &PatientId, patient: &Patient, today: Date) -> Self {
        Self {
            id: id.to_string(),
            name: dutch::addressed(patient),
            born: dutch::born(patient, today),
            address: patient.address.as_ref().and_then(|a| a.city.clone()).unwrap_or_default(),
            state: patient.living.map(|l| l.dutch().to_owned()).unwrap_or_default(),
        }
    }
}

/// The patients among these whom the actor may see; the others pass as unknown (decision 53).
///
/// # Errors
/// Where the store fails.
pub async fn visible(
    app: &App,
    actor: &Actor,
    ids: Vec<PatientId>,
    what: &'static str,
) -> Result<Vec<PatientRecord>, store::Error> {
    let mut seen = Vec::new();
    for id in ids {
        if let Some(permit) = quietly(app, actor, Action::ReadPatient, &id).await?
            && let Some(record) = app.store().read_patient(&permit, app.clock().now(), what).await?
            && record.merged_into.is_none()
        {
            seen.push(record);
        }
    }
    Ok(seen)
}

/// Leave for each of these actions, or nothing; for what is shown only to those who have it.
///
/// # Errors
/// Where the store fails.
pub async fn leaves<const N: usize>(
    app: &App,
    actor: &Actor,
    actions: [Action; N],
    id: &PatientId,
) -> Result<[Option<Permit>; N], store::Error> {
    let relation = app.store().relation(id, actor, app.clock().now()).await?;
    let relation = relation.filter(|_| !is_own(actor));
    Ok(actions.map(|action| relation.and_then(|relation| permit(actor, action, id, relation).ok())))
}
