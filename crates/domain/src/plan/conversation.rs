//! A conversation: one Encounter and one Procedure in exchange.

use super::{HeldBy, Party, SourceFacts};
use crate::code::{Coding, ProcedureType};
use crate::date::FhirDateTime;
use crate::people::{PersonKey, plan_key};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

plan_key! {
    /// A conversation within one plan.
    ConversationKey
}

/// Topic 2: who was present beside the professional.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Attendance {
    /// The patient was there (82).
    pub patient: bool,
    /// Who else was; the form tells roles and relations, unpaired (decision 33).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonKey>,
}

/// What an Encounter says beside what the form asks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EncounterFacts {
    /// ContactType, such as AMB or IMP of v3-ActCode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<Coding>,
    /// Why the contact took place, in words (822).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Identifiers and status.
    #[serde(skip_serializing_if = "SourceFacts::is_empty")]
    pub source: SourceFacts,
}

/// What a Procedure says beside what the form asks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ProcedureFacts {
    /// Which act; the SNOMED code where nothing was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<ProcedureType>,
    /// Begin, where it is not that of the conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started: Option<FhirDateTime>,
    /// End.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<FhirDateTime>,
    /// Who took part, where it is not those of the conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub performers: Option<Vec<Party>>,
    /// Identifiers and status.
    #[serde(skip_serializing_if = "SourceFacts::is_empty")]
    pub source: SourceFacts,
}

/// One conversation about the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Key within the plan.
    pub key: ConversationKey,
    /// Date filled in (963); absent where the source has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_on: Option<FhirDateTime>,
    /// End.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<FhirDateTime>,
    /// Day to count from where `held_on` is absent: that of writing down.
    pub written_on: FhirDateTime,
    /// Who held it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_by: Vec<HeldBy>,
    /// Who was present; absent: not answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attendance: Option<Attendance>,
    /// What else the Encounter says.
    #[serde(default)]
    pub encounter: EncounterFacts,
    /// What else the Procedure says.
    #[serde(default)]
    pub procedure: ProcedureFacts,
    /// Plan version that brought it.
    #[serde(default)]
    pub version: u32,
    /// When that version was recorded.
    pub recorded_at: Timestamp,
}

impl Conversation {
    /// The date that counts for order (decision 3).
    pub fn date(&self) -> &FhirDateTime {
        self.held_on.as_ref().unwrap_or(&self.written_on)
    }

    /// Who was there, where anybody answered that.
    pub fn is_attended(&self) -> bool {
        self.attendance.as_ref().is_some_and(|a| a.patient || !a.people.is_empty())
    }
}
