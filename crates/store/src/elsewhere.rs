//! Asking other sources for what they hold of a patient (D7): nothing of the answer is kept here, only that it was asked.

use crate::log::{Outcome, row::Entry, short};
use crate::seal::Place;
use crate::{Result, Store, permits};
use domain::access::Permit;
use jiff::Timestamp;

impl Store {
    /// Writes in the patient's log that a source was asked for its plan, and how that ended. What came is sealed: whether
    /// somebody is known elsewhere tells about them.
    pub async fn note_asked(
        &self,
        permit: &Permit,
        source: &str,
        outcome: Outcome,
        came: &str,
        now: Timestamp,
    ) -> Result<()> {
        permits::plan(permit)?;
        let id = permit.patient().as_str();
        let mut entry = Entry::of(permit, now, short(&["elsewhere: ", source].concat()));
        entry.action = "ask-elsewhere".into();
        entry.outcome = outcome.code().into();
        let keys = self.keys(permit.patient()).await?;
        entry.detail = Some(keys.seal(Place::of("log.detail", id), short(came).as_bytes())?);
        self.spend(entry).await
    }
}
