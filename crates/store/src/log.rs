//! The log (NEN 7513, decision 71): who did what to whom, when, on what ground; append-only, chained.

use crate::{Error, Result, Store};
use domain::access::{Actor, Permit};
use domain::ident::PatientId;
use jiff::Timestamp;

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// Refused.
    Refused,
    /// Failed.
    Failed,
}

impl Outcome {
    /// Code in the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// Something for the log that needs no permit: signing in, a refusal, a search, a change of settings.
#[derive(Debug, Clone)]
pub struct Event<'a> {
    /// When.
    pub at: Timestamp,
    /// Who; absent: nobody known, as with a failed sign-in.
    pub actor: Option<&'a Actor>,
    /// What was done: a short code such as `sign-in`, `search`, `read`.
    pub action: &'static str,
    /// With what: a resource type, a path's pattern. Never a name, birth date or BSN.
    pub data: &'a str,
    /// The patient it concerned, for a refusal; only in the instance's chain.
    pub patient: Option<&'a PatientId>,
    /// How it ended.
    pub outcome: Outcome,
    /// More; never about a patient.
    pub detail: Option<&'a str>,
}

/// A row of the log, as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// Place in its chain, from 1.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who: `person:{id}`, `client:{id}`, `program`, or empty.
    pub actor: String,
    /// Role acted in, as its code.
    pub role: Option<String>,
    /// Organisation acted for.
    pub organisation: Option<String>,
    /// What was done.
    pub action: String,
    /// With what.
    pub data: String,
    /// On what ground.
    pub basis: Option<String>,
    /// How it ended.
    pub outcome: String,
    /// More.
    pub detail: Option<String>,
}

impl Store {
    /// Hands an event to the log of the instance; on disk with the next group.
    pub async fn event(&self, _event: Event<'_>) -> Result<()> {
        Err(Error::Bug("not filled in"))
    }
    /// The log of the permit's patient, newest first; `before` is the lowest `seq` of the page before.
    pub async fn patient_log(
        &self,
        _permit: &Permit,
        _before: Option<u64>,
        _limit: usize,
        _now: Timestamp,
    ) -> Result<Vec<LogRow>> {
        Err(Error::Bug("not filled in"))
    }
    /// The log of what concerns no patient, newest first. Whether the reader may see it is the caller's to know.
    pub async fn instance_log(&self, _before: Option<u64>, _limit: usize) -> Result<Vec<LogRow>> {
        Err(Error::Bug("not filled in"))
    }
}
