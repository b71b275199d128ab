//! What a permit must be for, per kind of function. The rules of care are in `domain::access`; these catch mistakes in
//! the calling code.

use crate::{Error, Result};
use domain::access::{Action, Permit};

/// To see who the patient is.
pub(crate) fn identity(permit: &Permit) -> Result<()> {
    if permit.action() == Action::RegisterPatient {
        return Err(Error::Permit("registering a patient is no leave to read"));
    }
    Ok(())
}

/// To see the plan, its versions, files or drafts.
pub(crate) fn plan(permit: &Permit) -> Result<()> {
    match permit.action() {
        Action::ReadPatient | Action::RegisterPatient | Action::ReadLog => {
            Err(Error::Permit("leave to read the plan is needed"))
        }
        _ => Ok(()),
    }
}

/// To write anything.
pub(crate) fn change(permit: &Permit) -> Result<()> {
    if permit.action().writes() { Ok(()) } else { Err(Error::Permit("leave to change something is needed")) }
}

/// To write a version.
pub(crate) fn record(permit: &Permit) -> Result<()> {
    match permit.action() {
        Action::RecordPlan | Action::ConfirmPlan | Action::SetLimits | Action::DeliverPlan => Ok(()),
        _ => Err(Error::Permit("leave to record or deliver a plan is needed")),
    }
}

/// To see who looked: by itself, or as part of a complete copy.
pub(crate) fn log(permit: &Permit) -> Result<()> {
    match permit.action() {
        Action::ReadLog | Action::ExportRecord => Ok(()),
        _ => Err(Error::Permit("leave to read the log is needed")),
    }
}

/// To ask somebody to lead: by itself, because the patient moves, or because somebody of whatever role brought them in.
pub(crate) fn lead(permit: &Permit) -> Result<()> {
    match permit.action() {
        Action::ManageTeam | Action::CorrectPatient | Action::FollowUp => Ok(()),
        _ => Err(Error::Permit("leave to change the care team is needed")),
    }
}

/// For exactly this.
pub(crate) fn exactly(permit: &Permit, action: Action) -> Result<()> {
    if permit.action() == action { Ok(()) } else { Err(Error::Permit("leave for another act is needed")) }
}
