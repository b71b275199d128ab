//! What can be said on each topic (SPEC sections 5 and 6).

use super::{Party, SourceFacts};
use crate::code::{
    AdvanceDirectiveType, Coding, EuthanasiaPosition, IcdType, Place, PolicyGoal, SharingAnswer, YesNoUnknown,
};
use crate::date::FhirDateTime;
use crate::ident::AttachmentId;
use crate::people::{PersonKey, ProfessionalKey, plan_key};
use serde::{Deserialize, Serialize};

plan_key! {
    /// A life wish within one plan.
    WishKey
}
plan_key! {
    /// Another agreement within one plan.
    AgreementKey
}
plan_key! {
    /// An earlier written wish (advance directive) within one plan.
    DocumentKey
}

/// Topic 1: capacity, and who speaks for the patient.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LegalCapacity {
    /// Capable of medical decisions? Absent: not asked; see `SourceFacts::absent_reason` for 'unknown'.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capable: Option<bool>,
    /// Explanation (1407).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The legal representative, now or when capacity is lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub representative: Option<PersonKey>,
    /// The first contact; the same person as the representative where 984 is true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_contact: Option<PersonKey>,
    /// Further contact persons that belong to the patient.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<PersonKey>,
}

/// Topic 3: main goal of medical policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MedicalPolicyGoal {
    /// The goal; 'unknown' is a value of its own.
    pub goal: PolicyGoal,
    /// Explanation; not asked by the form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Start date, where the source gave one beside the date of the statement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<FhirDateTime>,
}

/// The treatments of 4a to 4f and 4i that have a question of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Treatment {
    /// 4a.
    Cpr,
    /// 4b.
    Ventilation,
    /// 4c.
    Icu,
    /// 4d.
    Hospital,
    /// 4e.
    Antibiotics,
    /// 4f.
    BloodProduct,
    /// 4i.
    IcdDeactivation,
}

impl Treatment {
    /// All, in clinical order.
    pub const ALL: [Self; 7] = [
        Self::Cpr,
        Self::Ventilation,
        Self::Icu,
        Self::Hospital,
        Self::Antibiotics,
        Self::BloodProduct,
        Self::IcdDeactivation,
    ];

    /// Its topic.
    pub fn topic(self) -> super::TopicId {
        use super::TopicId as T;
        match self {
            Self::Cpr => T::Cpr,
            Self::Ventilation => T::Ventilation,
            Self::Icu => T::Icu,
            Self::Hospital => T::Hospital,
            Self::Antibiotics => T::Antibiotics,
            Self::BloodProduct => T::BloodProduct,
            Self::IcdDeactivation => T::IcdDeactivation,
        }
    }

    /// The treatment of a topic.
    pub fn of_topic(topic: super::TopicId) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.topic() == topic)
    }

    /// SNOMED CT code and display (BehandelingCodelijst; the ICD's stands outside that list).
    pub fn snomed(self) -> (&'static str, &'static str) {
        match self {
            Self::Cpr => ("89666000", "cardiopulmonale resuscitatie"),
            Self::Ventilation => ("40617009", "kunstmatige beademing"),
            Self::Icu => ("305351004", "opname op intensive care"),
            Self::Hospital => ("32485007", "opname in ziekenhuis"),
            Self::Antibiotics => ("281789004", "antibiotische therapie"),
            Self::BloodProduct => ("116762002", "toediening van bloedproduct"),
            Self::IcdDeactivation => {
                ("400231000146108", "uitzetten van cardioverter-defibrillator in laatste levensfase")
            }
        }
    }
}

/// What was decided about a treatment (BehandelBesluit). 'Not discussed' is the absence of a statement, except for
/// the ICD, where the form has it as an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// 0: do it.
    Perform,
    /// 1: under a condition, with the condition where it was given.
    Otherwise(Option<String>),
    /// 2: do not.
    DoNot,
    /// UNK: unknown.
    Unknown,
    /// ICD only, ASKU: asked, no decision yet.
    Undecided,
    /// ICD only, NASK: not discussed.
    NotDiscussed,
}

/// How a directive came to be in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SetBy {
    /// A doctor in this system set it.
    Here(ProfessionalKey),
    /// It came as set from elsewhere (decision 7), with who is named there, and whether that role may set limits;
    /// `None` where the source does not tell.
    Elsewhere {
        /// Who is named.
        by: Option<ProfessionalKey>,
        /// May that role set limits?
        may: Option<bool>,
    },
}

/// A treatment limit (ACP-TreatmentDirective).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directive {
    /// The decision.
    pub decision: Decision,
    /// Why, and further explanation (Toelichting).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// With whom it was agreed (agreementParty).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agreed_with: Vec<Party>,
    /// Who proposed it, where somebody proposed before it was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed_by: Option<ProfessionalKey>,
    /// Who set it; absent: not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_by: Option<SetBy>,
    /// When it ended (DatumBeeindigd).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<FhirDateTime>,
    /// Why it ended (RedenBeeindigd).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_reason: Option<String>,
    /// The written wish it rests on (Consent.source).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentKey>,
    /// Further written wishes (additionalAdvanceDirective).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more_documents: Vec<DocumentKey>,
}

impl Directive {
    /// A directive with just a decision.
    pub fn of(decision: Decision) -> Self {
        Self {
            decision,
            comment: None,
            agreed_with: Vec::new(),
            proposed_by: None,
            set_by: None,
            ended: None,
            end_reason: None,
            document: None,
            more_documents: Vec::new(),
        }
    }
}

/// Topic 4g: limits for treatments without a question of their own; a plan may hold several (decision 34).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OtherLimits(pub Vec<OtherLimit>);

/// One other limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherLimit {
    /// Which treatment, in words; absent where the form says no more than the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// When it was said, where that differs from the topic's date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_on: Option<FhirDateTime>,
    /// The limit.
    pub directive: Directive,
    /// What the source had beside it.
    #[serde(default, skip_serializing_if = "SourceFacts::is_empty")]
    pub source: SourceFacts,
}

/// Topic 4h: the ICD.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Icd {
    /// Is there one?
    pub present: YesNoUnknown,
    /// Kind, where known (1008).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<IcdType>,
    /// Explanation (1009).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// In use since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<FhirDateTime>,
    /// In use until.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<FhirDateTime>,
    /// Description of the product (Device.note).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Identifiers of the product: GS1, HIBC, and the source's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub product_identifiers: Vec<super::Identifier>,
}

/// Topic 5a: what carers should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecificCareWishes {
    /// The wishes, in words; absent where a source says only that there are none to tell (see absent reason).
    pub text: Option<String>,
}

/// Topic 5b: preferred place of death.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreferredPlaceOfDeath {
    /// The place; 'unknown' is a value of its own.
    pub place: Place,
    /// Explanation (1192).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Topic 5c: position regarding euthanasia.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PositionRegardingEuthanasia {
    /// The position.
    pub position: EuthanasiaPosition,
    /// Explanation (1194).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Topic 5d: choice registered in the donor register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganDonationChoice {
    /// Registered?
    pub registered: YesNoUnknown,
}

/// Topic 6: what else matters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenseOfPurpose {
    /// In words.
    pub text: Option<String>,
}

/// Topic 7: what was recorded earlier; the written wishes themselves are [`AdvanceDirective`]s of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierRecorded {
    /// Was anything recorded earlier (1197)?
    pub recorded: YesNoUnknown,
    /// Explanation (1198).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Does it say something else than this plan (1199)?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub differs: Option<YesNoUnknown>,
}

/// Topic 8a: the patient was told that informing relatives is their own task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InformRelatives {
    /// Was the patient told (1200)?
    pub informed: bool,
    /// Whom to inform, where named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<PersonKey>,
    /// Who told the patient; absent where nobody is named (decision 35).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_by: Option<ProfessionalKey>,
}

/// Topic 8b: consent to share, as answered in the form (decision 51: the record of consent is elsewhere).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharingConsent {
    /// The answer.
    pub answer: SharingAnswer,
}

/// An earlier written wish (ACP-AdvanceDirective).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdvanceDirective {
    /// Kind.
    pub kind: AdvanceDirectiveType,
    /// What an 'other' kind is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind_text: Option<String>,
    /// Explanation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Who represents the patient in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub representative: Option<PersonKey>,
    /// The file itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileRef>,
}

/// A sealed file that belongs to a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// Where it is kept.
    pub id: AttachmentId,
    /// Media type.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// Title, where given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// The domains of the conversation guide (decision 20).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LifeDomain {
    /// Lichamelijk.
    Physical,
    /// Psychologisch.
    Psychological,
    /// Sociaal.
    Social,
    /// Zorgverlening.
    Care,
    /// Spiritueel en zingeving.
    Spiritual,
    /// Dagelijks leven.
    DailyLife,
}

impl LifeDomain {
    /// All, in the guide's order.
    pub const ALL: [Self; 6] =
        [Self::Physical, Self::Psychological, Self::Social, Self::Care, Self::Spiritual, Self::DailyLife];

    /// What the field calls it.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Physical => "Lichamelijk",
            Self::Psychological => "Psychologisch",
            Self::Social => "Sociaal",
            Self::Care => "Zorgverlening",
            Self::Spiritual => "Spiritueel en zingeving",
            Self::DailyLife => "Dagelijks leven",
        }
    }

    /// Code in form fields.
    pub fn code(self) -> &'static str {
        match self {
            Self::Physical => "physical",
            Self::Psychological => "psychological",
            Self::Social => "social",
            Self::Care => "care",
            Self::Spiritual => "spiritual",
            Self::DailyLife => "daily-life",
        }
    }
}

/// A life wish or goal (decision 20).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifeWish {
    /// Domain.
    pub domain: LifeDomain,
    /// The wish or goal.
    pub wish: String,
    /// What was agreed to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_whom: Option<String>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<FhirDateTime>,
    /// The patient let go of it.
    #[serde(default)]
    pub withdrawn: bool,
}

/// Where another agreement stands (decision 21).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AgreementState {
    /// Holds now.
    Current,
    /// Made, not current yet.
    NotYetCurrent,
    /// Withdrawn.
    Withdrawn,
}

/// An agreement outside the form (decision 21).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// The agreement.
    pub text: String,
    /// Under which condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Where it stands.
    pub state: AgreementState,
}

/// Who held the conversation beyond the form's one name: their part in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldBy {
    /// The professional.
    pub professional: ProfessionalKey,
    /// Their part (ZorgverlenerRolCodelijst), where said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Coding>,
}
