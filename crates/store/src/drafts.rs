//! Drafts: what is being typed, per patient and organisation, with a revision per topic (decision 6).

use crate::{Error, Result, Store};
use domain::access::Permit;
use domain::plan::{Draft, DraftTopic, Recorder};
use jiff::Timestamp;

/// What became of saving a topic.
#[derive(Debug, Clone, PartialEq)]
pub enum Saved {
    /// Kept, under this revision.
    Done(u32),
    /// Somebody saved it meanwhile: the topic as it stands; nothing was written.
    Stale(Box<DraftTopic>),
}

/// A topic to save. Its own `revision` is not looked at.
#[derive(Debug, Clone)]
pub struct SaveTopic<'a> {
    /// The topic.
    pub topic: &'a DraftTopic,
    /// Revision it was changed from; 0 where it was not in the draft.
    pub expected: u32,
    /// Version of the plan, for a draft that begins with this.
    pub based_on: u32,
    /// Who begins the draft, if it begins with this.
    pub by: &'a Recorder,
}

impl Store {
    /// The draft of the actor's organisation.
    pub async fn draft(&self, _permit: &Permit, _now: Timestamp) -> Result<Option<Draft>> {
        Err(Error::Bug("not filled in"))
    }
    /// Keeps one topic; begins the draft where there is none.
    pub async fn save_draft_topic(&self, _permit: &Permit, _save: SaveTopic<'_>, _now: Timestamp) -> Result<Saved> {
        Err(Error::Bug("not filled in"))
    }
    /// Takes the draft away; `false` where there was none.
    pub async fn discard_draft(&self, _permit: &Permit, _now: Timestamp) -> Result<bool> {
        Err(Error::Bug("not filled in"))
    }
}
