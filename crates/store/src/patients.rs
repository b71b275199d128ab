//! Patients: registering, finding, correcting, merging.

use crate::team::Member;
use crate::{Error, Result, Store};
use domain::access::{Actor, Permit, Relation};
use domain::ident::{Bsn, PatientId};
use domain::patient::Patient;
use jiff::{Timestamp, civil::Date};

/// A patient's identity as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct PatientRecord {
    /// Id.
    pub id: PatientId,
    /// Counts up with each correction, from 1.
    pub revision: u32,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// The record this one was merged into; nothing is written here any more.
    pub merged_into: Option<PatientId>,
    /// Who it is.
    pub patient: Patient,
}

/// What became of a registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registered {
    /// Done.
    New,
    /// This BSN belongs to this patient already; nothing was written.
    Double(PatientId),
}

/// What became of a correction.
#[derive(Debug, Clone, PartialEq)]
pub enum Corrected {
    /// Done; the new revision.
    Done(u32),
    /// Somebody corrected it meanwhile: the record as it stands; nothing was written.
    Stale(Box<PatientRecord>),
    /// The new BSN belongs to this other patient; nothing was written.
    Double(PatientId),
}

impl Store {
    /// The patient with this BSN. Log the search with [`Store::event`].
    pub async fn find_by_bsn(&self, _bsn: &Bsn) -> Result<Option<PatientId>> {
        Err(Error::Bug("not filled in"))
    }
    /// Patients born on this day with this family name, own or partner's, as [`domain::patient::normalise_family`]
    /// writes it (decision 74).
    pub async fn find_by_name(&self, _born: Date, _family: &str) -> Result<Vec<PatientId>> {
        Err(Error::Bug("not filled in"))
    }
    /// What ties this actor to this patient now; `None`: no such patient. One keyed read.
    pub async fn relation(&self, _patient: &PatientId, _actor: &Actor, _now: Timestamp) -> Result<Option<Relation>> {
        Err(Error::Bug("not filled in"))
    }
    /// Registers the permit's patient (id from `PatientId::from_bits(random::bits())`). The actor's organisation has
    /// delivered from now on (decision 50); `team` joins the care team.
    pub async fn register(&self, _permit: &Permit, _patient: &Patient, _team: &[Member], _now: Timestamp) -> Result<Registered> {
        Err(Error::Bug("not filled in"))
    }
    /// Who the patient is.
    pub async fn read_patient(&self, _permit: &Permit, _now: Timestamp, _what: &'static str) -> Result<Option<PatientRecord>> {
        Err(Error::Bug("not filled in"))
    }
    /// Corrects the identity. The earlier one is kept.
    pub async fn correct_patient(
        &self,
        _permit: &Permit,
        _expected: u32,
        _patient: &Patient,
        _reason: &str,
        _now: Timestamp,
    ) -> Result<Corrected> {
        Err(Error::Bug("not filled in"))
    }
    /// Identities before the current one, oldest first.
    pub async fn earlier_identities(&self, _permit: &Permit, _now: Timestamp) -> Result<Vec<PatientRecord>> {
        Err(Error::Bug("not filled in"))
    }
    /// Makes `dropped` an alias of `kept`: team and deliverers go along, the dropped BSN is free again, its name is no
    /// longer found. Its versions stay readable under its own id; laying them on `kept` is the caller's work.
    pub async fn merge(&self, _kept: &Permit, _dropped: &Permit, _reason: &str, _now: Timestamp) -> Result<()> {
        Err(Error::Bug("not filled in"))
    }
}
