//! The unit of carrying over: a topic with the statement that counts, a proposal beside it, and what was filed
//! (decisions 1, 3, 4 and 9).

use super::{AgreementKey, ConversationKey, WishKey};
use crate::code::Coding;
use crate::date::FhirDateTime;
use crate::people::{PersonKey, ProfessionalKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a statement is about: the topics of the form and the two kinds outside it, in clinical order (decision 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TopicId {
    /// 1: legal capacity, representative and first contact.
    Capacity,
    /// 2: who was present.
    Attendance,
    /// 3: main goal of medical policy.
    Goal,
    /// 4a: cardiopulmonary resuscitation.
    Cpr,
    /// 4b: ventilation.
    Ventilation,
    /// 4c: intensive care.
    Icu,
    /// 4d: hospital.
    Hospital,
    /// 4e: antibiotics.
    Antibiotics,
    /// 4f: blood product.
    BloodProduct,
    /// 4g: other limits.
    OtherLimits,
    /// 4h: whether there is an ICD.
    Icd,
    /// 4i: switching the ICD off.
    IcdDeactivation,
    /// 5a: what carers should know.
    CareWishes,
    /// 5b: preferred place of death.
    PlaceOfDeath,
    /// 5c: position regarding euthanasia.
    Euthanasia,
    /// 5d: donor register.
    OrganDonation,
    /// 6: what else matters.
    SenseOfPurpose,
    /// 7: what was recorded earlier.
    EarlierRecorded,
    /// 8a: the patient was told to inform relatives.
    InformRelatives,
    /// 8b: consent to share.
    Sharing,
    /// A life wish (decision 20).
    LifeWish(WishKey),
    /// Another agreement (decision 21).
    Agreement(AgreementKey),
}

impl TopicId {
    /// The topics of the form, in clinical order.
    pub const FORM: [Self; 20] = [
        Self::Capacity,
        Self::Attendance,
        Self::Goal,
        Self::Cpr,
        Self::Ventilation,
        Self::Icu,
        Self::Hospital,
        Self::Antibiotics,
        Self::BloodProduct,
        Self::OtherLimits,
        Self::Icd,
        Self::IcdDeactivation,
        Self::CareWishes,
        Self::PlaceOfDeath,
        Self::Euthanasia,
        Self::OrganDonation,
        Self::SenseOfPurpose,
        Self::EarlierRecorded,
        Self::InformRelatives,
        Self::Sharing,
    ];

    /// Number in the form, `4a`; life wishes and other agreements have none.
    pub fn number(self) -> &'static str {
        match self {
            Self::Capacity => "1",
            Self::Attendance => "2",
            Self::Goal => "3",
            Self::Cpr => "4a",
            Self::Ventilation => "4b",
            Self::Icu => "4c",
            Self::Hospital => "4d",
            Self::Antibiotics => "4e",
            Self::BloodProduct => "4f",
            Self::OtherLimits => "4g",
            Self::Icd => "4h",
            Self::IcdDeactivation => "4i",
            Self::CareWishes => "5a",
            Self::PlaceOfDeath => "5b",
            Self::Euthanasia => "5c",
            Self::OrganDonation => "5d",
            Self::SenseOfPurpose => "6",
            Self::EarlierRecorded => "7",
            Self::InformRelatives => "8a",
            Self::Sharing => "8b",
            Self::LifeWish(_) | Self::Agreement(_) => "",
        }
    }

    /// The form's topic with this number.
    pub fn of_number(number: &str) -> Option<Self> {
        Self::FORM.into_iter().find(|t| t.number() == number)
    }

    /// Is it a treatment limit, which a doctor sets (R3)? The ICD's presence is a fact, not a limit.
    pub fn is_limit(self) -> bool {
        matches!(
            self,
            Self::Cpr
                | Self::Ventilation
                | Self::Icu
                | Self::Hospital
                | Self::Antibiotics
                | Self::BloodProduct
                | Self::OtherLimits
                | Self::IcdDeactivation
        )
    }
}

/// Somebody who takes part: the patient, a contact person or a professional of the same plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// The patient.
    Patient,
    /// A contact person.
    Person(PersonKey),
    /// A professional.
    Professional(ProfessionalKey),
}

/// A business identifier as the source gave it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Identifier {
    /// Kind of identifier, such as v2-0203 RI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Coding>,
    /// Name space.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// What of an exchanged source is kept beside the typed value, to go out as it came in (decision 36).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceFacts {
    /// Business identifiers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
    /// Status code of the source resource, where it is not the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Why a value is absent (code of data-absent-reason), where the source said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absent_reason: Option<String>,
    /// Notes beyond the one the plan has a place for, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl SourceFacts {
    /// Nothing to keep.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Was the question left open, with only words beneath it?
    pub fn is_words_only(&self) -> bool {
        self.absent_reason.as_deref() == Some(VALUE_IN_TEXT)
    }
}

/// Absent reason (code of data-absent-reason) of a statement whose question has no answer, but an explanation: the
/// form can say 'why' beneath a question that nobody answered. Its value then is 'unknown', and writing leaves the
/// question unanswered again.
pub const VALUE_IN_TEXT: &str = "as-text";

/// Where a statement comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The conversation it was said in.
    pub conversation: ConversationKey,
    /// The plan version that brought it.
    pub version: u32,
    /// When that version was recorded.
    pub recorded_at: Timestamp,
}

/// Something said, with when, by whom recorded, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement<T> {
    /// What was said.
    pub value: T,
    /// When it was said; from the form this is the date filled in (963).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_on: Option<FhirDateTime>,
    /// Who recorded it (the performer).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<Party>,
    /// Where it comes from.
    pub origin: Origin,
    /// What the source had beside it.
    #[serde(default, skip_serializing_if = "SourceFacts::is_empty")]
    pub source: SourceFacts,
}

/// Why a statement is kept without counting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// It arrived when a newer one was there already (decision 3), or came with a newer one (decision 9).
    Older,
    /// It came as ended, withdrawn or wrong.
    Ended,
    /// Same date, other content: the lead decides (decision 3).
    Conflict,
    /// Only an explanation, where something was answered before: that stays in force, and the lead decides.
    WordsOnly,
    /// A proposal that a doctor did not set.
    Rejected {
        /// The reason given.
        reason: String,
    },
    /// A proposal that a later statement made void.
    Overtaken,
}

/// A statement that is kept without counting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filed<T> {
    /// Why it does not count.
    pub why: Why,
    /// Version that filed it.
    pub filed_in: u32,
    /// The statement.
    pub statement: Statement<T>,
}

/// One topic: what counts, what is proposed beside it, and what was filed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"), default)]
pub struct Topic<T> {
    /// The statement that counts; absent: not discussed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<Statement<T>>,
    /// Proposed, not yet set medically.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Statement<T>>,
    /// Kept, not counting; in order of arrival.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filed: Vec<Filed<T>>,
}

impl<T> Default for Topic<T> {
    fn default() -> Self {
        Self { current: None, proposed: None, filed: Vec::new() }
    }
}

impl<T> Topic<T> {
    /// A topic with just what counts.
    pub fn said(statement: Statement<T>) -> Self {
        Self { current: Some(statement), ..Self::default() }
    }

    /// Nothing was ever said.
    pub fn is_empty(&self) -> bool {
        self.current.is_none() && self.proposed.is_none() && self.filed.is_empty()
    }

    /// The value that counts.
    pub fn value(&self) -> Option<&T> {
        self.current.as_ref().map(|s| &s.value)
    }

    /// Every statement of the topic.
    pub fn statements(&self) -> impl Iterator<Item = &Statement<T>> {
        self.current.iter().chain(&self.proposed).chain(self.filed.iter().map(|f| &f.statement))
    }

    /// Every statement of the topic, to change.
    pub fn statements_mut(&mut self) -> impl Iterator<Item = &mut Statement<T>> {
        self.current.iter_mut().chain(&mut self.proposed).chain(self.filed.iter_mut().map(|f| &mut f.statement))
    }
}
