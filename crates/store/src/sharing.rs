//! Consent to share, as a row of events with the value that holds now (decision 51).

use crate::{Error, Result, Store};
use domain::access::{Permit, Sharing};
use jiff::Timestamp;

/// One event of consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharingEvent {
    /// When it was recorded.
    pub at: Timestamp,
    /// What was said.
    pub value: Sharing,
    /// Version of the plan that brought it; absent where it was recorded by itself.
    pub version: Option<u32>,
    /// What was said with it.
    pub note: Option<String>,
}

impl Store {
    /// Every event, oldest first; the last is what holds.
    pub async fn sharing(&self, _permit: &Permit, _now: Timestamp) -> Result<Vec<SharingEvent>> {
        Err(Error::Bug("not filled in"))
    }
    /// Records what the patient says about sharing.
    pub async fn set_sharing(&self, _permit: &Permit, _value: Sharing, _note: Option<&str>, _now: Timestamp) -> Result<()> {
        Err(Error::Bug("not filled in"))
    }
}
