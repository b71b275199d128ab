//! Who cares for whom: the care team of a patient, the caseload of an organisation.

use crate::patients::PatientRecord;
use crate::{Error, Result, Store};
use domain::access::{Actor, Permit, Relation};
use domain::ident::{OrganisationId, PatientId, PersonId};
use jiff::Timestamp;

/// A member of a care team.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Member {
    /// An organisation, with all who act for it.
    Organisation(OrganisationId),
    /// One person, whatever organisation they act for.
    Person(PersonId),
}

/// A membership and its period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Who.
    pub member: Member,
    /// From.
    pub from: Timestamp,
    /// Until, exclusive; absent: still.
    pub until: Option<Timestamp>,
}

impl Store {
    /// Joins the care team from `now`; nothing changes where the member is in it.
    pub async fn add_to_team(&self, _permit: &Permit, _member: &Member, _now: Timestamp) -> Result<()> {
        Err(Error::Bug("not filled in"))
    }
    /// Leaves the care team at `now`; `false` where the member was not in it.
    pub async fn leave_team(&self, _permit: &Permit, _member: &Member, _now: Timestamp) -> Result<bool> {
        Err(Error::Bug("not filled in"))
    }
    /// The care team, past memberships included, in order of joining.
    pub async fn team(&self, _permit: &Permit, _now: Timestamp) -> Result<Vec<Membership>> {
        Err(Error::Bug("not filled in"))
    }
    /// Moves a patient to another practice: `from` leaves the team, `to` joins it, with a reason for the log.
    pub async fn move_practice(
        &self,
        _permit: &Permit,
        _from: &OrganisationId,
        _to: &OrganisationId,
        _reason: &str,
        _now: Timestamp,
    ) -> Result<()> {
        Err(Error::Bug("not filled in"))
    }
    /// Patients in whose team the actor's organisation or person is now, by id; `after` is the last id of the page
    /// before.
    pub async fn caseload(
        &self,
        _actor: &Actor,
        _after: Option<&PatientId>,
        _limit: usize,
        _now: Timestamp,
    ) -> Result<Vec<PatientId>> {
        Err(Error::Bug("not filled in"))
    }
    /// The caseload with names: those for whom `permit` gives a permit and that `keep` wants, by id, up to `limit`.
    /// Only what is given is logged. This is also the search by name alone (decision 74).
    pub async fn caseload_names(
        &self,
        _actor: &Actor,
        _after: Option<&PatientId>,
        _limit: usize,
        _now: Timestamp,
        _permit: impl Fn(&PatientId, Relation) -> Option<Permit> + Send,
        _keep: impl Fn(&PatientRecord) -> bool + Send,
    ) -> Result<Vec<PatientRecord>> {
        Err(Error::Bug("not filled in"))
    }
}
