//! What the command line does with records by way of the program itself: a complete copy of one.

use crate::app::program;
use domain::access::{Action, Relation, permit};
use domain::ident::{OrganisationId, PatientId};
use jiff::Timestamp;
use serde_json::Value;
use store::Store;

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum NoCopy {
    /// The id cannot be one, or nobody has it.
    #[error("Er is geen patiënt met dit id.")]
    NoPatient,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// A complete copy of a record and its log, as JSON; the log says that the program made it.
///
/// # Errors
/// [`NoCopy`] where there is no such patient or the store fails.
pub async fn export_record(store: &Store, id: &str, now: Timestamp) -> Result<Value, NoCopy> {
    let id = PatientId::parse(id).map_err(|_| NoCopy::NoPatient)?;
    // On the command line nobody acts for an organisation.
    let actor = program(OrganisationId::from_bits(0));
    let permit = permit(&actor, Action::ExportRecord, &id, Relation::default()).map_err(|_| NoCopy::NoPatient)?;
    store.export(&permit, now).await?.ok_or(NoCopy::NoPatient)
}
