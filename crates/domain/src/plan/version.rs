//! One version of a plan, the draft before it, and what is said of a version afterwards (decisions 5 and 6).

use super::{Content, ConversationKey, PlanInput, TopicId};
use crate::form::Answers;
use crate::ident::{ClientId, OrganisationId, PersonId};
use crate::role::Role;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Who put a version into this system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorder {
    /// The person, where a person did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// The system, where a system did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// Name to show.
    pub name: String,
    /// Role acted in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Organisation acted for.
    pub organisation: OrganisationId,
    /// Its name.
    pub organisation_name: String,
}

/// How a version came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VersionKind {
    /// Recorded here from a conversation.
    Recorded,
    /// A doctor set or rejected proposed limits.
    LimitsSet,
    /// Looked at again and confirmed unchanged (E3).
    Confirmed,
    /// A wrong entry was corrected, or a version marked wrong.
    Corrected,
    /// A written wish was added, changed or ended, outside a conversation (R4).
    Document,
    /// Recorded elsewhere, delivered as the whole form.
    DeliveredForm,
    /// Recorded elsewhere, delivered as building blocks.
    DeliveredBlocks,
}

impl VersionKind {
    /// It came of a conversation here, or of a doctor who decides on one.
    pub fn is_of_a_conversation(self) -> bool {
        matches!(self, Self::Recorded | Self::LimitsSet | Self::Confirmed)
    }

    /// It came from another system.
    pub fn is_delivered(self) -> bool {
        matches!(self, Self::DeliveredForm | Self::DeliveredBlocks)
    }
}

/// What is said of a version afterwards; the version itself never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MarkKind {
    /// It was wrong: it stops counting (decision 5).
    Wrong,
    /// The patient withdrew it.
    Withdrawn,
}

/// A mark on a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Wrong or withdrawn.
    pub kind: MarkKind,
    /// The reason, as given.
    pub reason: String,
    /// By whom.
    pub by: Recorder,
    /// When.
    pub at: Timestamp,
}

/// One immutable version of a plan; sealed at rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanVersion {
    /// Number by arrival, from 1 (decision 3).
    pub number: u32,
    /// How it came to be.
    pub kind: VersionKind,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Who recorded it.
    pub recorder: Recorder,
    /// Why it changed, where somebody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The conversation behind it.
    pub conversation: ConversationKey,
    /// What was said: the touched topics only.
    pub input: PlanInput,
    /// The whole plan as it stands from this version on.
    pub content: Content,
    /// Topics that this version brought and that count.
    pub touched: Vec<TopicId>,
    /// What of a delivered source has no place in the plan, named (decision 31).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept_beside: Vec<String>,
}

/// The plan as it stands now: what a read of one key gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CurrentPlan {
    /// Number of the newest version.
    pub number: u32,
    /// How the newest version came to be.
    pub kind: VersionKind,
    /// When the newest version was recorded.
    pub recorded_at: Timestamp,
    /// Who recorded it.
    pub recorder: Recorder,
    /// The conversation behind the newest version.
    pub conversation: ConversationKey,
    /// The whole plan.
    pub content: Content,
}

/// The [`CurrentPlan`] that a version makes, for writing it down without a copy of it.
#[derive(Debug, Serialize)]
pub struct CurrentOf<'a> {
    number: u32,
    kind: VersionKind,
    recorded_at: Timestamp,
    recorder: &'a Recorder,
    conversation: ConversationKey,
    content: &'a Content,
}

impl<'a> From<&'a PlanVersion> for CurrentOf<'a> {
    fn from(v: &'a PlanVersion) -> Self {
        Self {
            number: v.number,
            kind: v.kind,
            recorded_at: v.recorded_at,
            recorder: &v.recorder,
            conversation: v.conversation,
            content: &v.content,
        }
    }
}

impl From<PlanVersion> for CurrentPlan {
    fn from(v: PlanVersion) -> Self {
        Self {
            number: v.number,
            kind: v.kind,
            recorded_at: v.recorded_at,
            recorder: v.recorder,
            conversation: v.conversation,
            content: v.content,
        }
    }
}

impl From<&PlanVersion> for CurrentPlan {
    fn from(v: &PlanVersion) -> Self {
        Self {
            number: v.number,
            kind: v.kind,
            recorded_at: v.recorded_at,
            recorder: v.recorder.clone(),
            conversation: v.conversation,
            content: v.content.clone(),
        }
    }
}

/// A draft: what is being typed, before it is recorded; one per patient and organisation (decision 6). Sealed at rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// Version of the plan it was begun on; 0 where there was none.
    pub based_on: u32,
    /// Who began it.
    pub begun_by: Recorder,
    /// When.
    pub begun_at: Timestamp,
    /// The topics touched so far.
    pub topics: Vec<DraftTopic>,
}

/// One topic of a draft with a revision of its own, so that two people can work on it at once (decision 6).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DraftTopic {
    /// Which part of the form: a topic number such as `4a`, `head` for date and professional, or `life`/`other`.
    pub part: String,
    /// Counts up with each save.
    pub revision: u32,
    /// The answers as typed.
    pub answers: Answers,
    /// Deliberately not discussed.
    #[serde(default)]
    pub skipped: bool,
    /// Where it was taken over from, as the version will say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Who saved it last.
    pub saved_by: String,
    /// When.
    pub saved_at: Timestamp,
}
