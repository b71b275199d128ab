//! What each profile asks of a resource (SPEC section 2), as one table that is both rule and documentation. What base
//! FHIR asks already (mandatory elements, types, FHIR's own codes) is checked with the structure.
//!
//! Refused for breaking a rule is the whole delivery (decision 31). What is not in the table is free: profiles are open.

use crate::r4::ResourceType;
use crate::r4::id::Subject;
use crate::r4::parts::extension;
use domain::code::{
    AdvanceDirectiveType, CodeSet, Coding, EuthanasiaPosition, Gender, IcdType, PolicyGoal, ProcedureType,
    YesNoUnknown, system,
};
use domain::plan::Treatment;

/// What of a delivery the plan holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    /// Who it is about.
    Patient,
    /// A contact person.
    ContactPerson,
    /// A professional as a person.
    Practitioner,
    /// A professional in a role.
    PractitionerRole,
    /// A conversation as a contact.
    Encounter,
    /// A conversation as an act.
    Procedure,
    /// A treatment limit.
    TreatmentDirective,
    /// An earlier written wish.
    AdvanceDirective,
    /// The main goal of medical policy.
    Goal,
    /// One of the six Observations.
    Observation(Subject),
    /// That there is an ICD.
    DeviceUse,
    /// The ICD.
    Device,
    /// That relatives are to be informed.
    Inform,
    /// The form.
    Form,
}

impl Held {
    /// Does it say something on a topic of the plan?
    pub fn is_statement(self) -> bool {
        use Held as H;
        matches!(
            self,
            H::TreatmentDirective | H::AdvanceDirective | H::Goal | H::Observation(_) | H::DeviceUse | H::Inform
        )
    }
}

/// A required set of codes.
pub(super) struct Set {
    /// Its name in SPEC section 3.
    pub name: &'static str,
    /// Is a code in it? Older codes that are still read are (SPEC section 9).
    pub has: fn(&Coding) -> bool,
}

/// One thing that a profile asks.
pub(super) enum Rule {
    /// At least one, in every element around it.
    Must(&'static str),
    /// At least one of these.
    MustEither(&'static [&'static str]),
    /// Never both.
    NeverBoth(&'static str, &'static str),
    /// At most one.
    Single(&'static str),
    /// Every one that is there has this code.
    Is(&'static str, &'static str, &'static str),
    /// One of them has this code.
    Has(&'static str, &'static str, &'static str),
    /// Every one that is there has a code of this set.
    In(&'static str, &'static Set),
    /// Of a choice, only these types.
    Only(&'static str, &'static [&'static str]),
    /// What is referred to has one of these types.
    To(&'static str, &'static [&'static str]),
    /// Not after today.
    Past(&'static str),
}

/// A profile and its rules.
pub(super) struct Profile {
    /// What the plan holds of it.
    pub held: Held,
    /// The end of its canonical.
    pub name: &'static str,
    /// Type.
    pub kind: ResourceType,
    /// Modifier extensions that are understood.
    pub modifiers: &'static [&'static str],
    /// What it asks.
    pub rules: &'static [Rule],
}

macro_rules! sets {
    ($($(#[$doc:meta])* $id:ident = $name:literal, $has:expr;)+) => { $($(#[$doc])* static $id: Set = Set { name: $name, has: $has };)+ };
}

sets! {
    GOALS = "ACPMedicalPolicyGoalVS", |c| PolicyGoal::of(c).is_some() || is_old_symptom_relief(c);
    POSITIONS = "ACPPositionRegardingEuthanasiaVS", |c| EuthanasiaPosition::of(c).is_some();
    YES_NO_UNKNOWN = "ACPYesNoUnknownVS", |c| YesNoUnknown::of(c).is_some();
    TREATMENTS = "BehandelingCodelijst", |c| is_other(c) || treatment(c).is_some();
    DOCUMENTS = "WilsverklaringTypeCodelijst", |c| AdvanceDirectiveType::of(c).is_some();
    ICDS = "ACPMedicalDeviceProductTypeICDVS", |c| IcdType::of(c).is_some();
    ACTS = "ACPProcedureTypeVS", |c| ProcedureType::of(c).is_some();
    GENDERS = "GeslachtCodelijst", |c| Gender::of(c).is_some();
    COUNTRIES = "LandCodelijsten", |c| matches!(c.system.as_deref(), Some("urn:oid:2.16.840.1.113883.2.4.4.16.34" | "urn:iso:std:iso:3166"));
    LANGUAGES = "CommunicatieTaalCodelijst", |c| c.system.as_deref() == Some("urn:oid:1.0.639.1");
    MARITAL = "BurgerlijkeStaatCodelijst", |c| {
        c.system.as_deref() == Some("http://terminology.hl7.org/CodeSystem/v3-MaritalStatus") && matches!(c.code.as_str(), "D" | "M" | "S" | "U" | "T" | "W")
    };
}

/// The code for symptom relief of builds labelled rc1 (SPEC section 9, trap 4).
pub(super) fn is_old_symptom_relief(coding: &Coding) -> bool {
    coding.is(system::SNOMED, "225353007")
}

/// 'Anders' of the list of treatments.
pub(super) fn is_other(coding: &Coding) -> bool {
    coding.is(system::NULL_FLAVOR, "OTH")
}

/// A treatment of that list; switching the ICD off is not in it.
pub(super) fn treatment(coding: &Coding) -> Option<Treatment> {
    Treatment::ALL.into_iter().find(|t| *t != Treatment::IcdDeactivation && coding.is(system::SNOMED, t.snomed().0))
}

const PATIENT: &[&str] = &["Patient"];
const ENCOUNTER: &[&str] = &["Encounter"];
const PROFESSIONALS: &[&str] = &["PractitionerRole", "Practitioner"];
const PERFORMERS: &[&str] =
    &["Practitioner", "PractitionerRole", "Organization", "CareTeam", "Patient", "RelatedPerson"];
const ACTORS: &[&str] =
    &["Device", "Group", "CareTeam", "Organization", "Patient", "Practitioner", "RelatedPerson", "PractitionerRole"];
const ACP: &str = crate::r4::project::ADVANCE_CARE_PLANNING;

use Rule::{Has, In, Is, Must, MustEither, NeverBoth, Only, Past, Single, To};

/// Every Observation asks the same beside its own rules.
macro_rules! observation {
    ($subject:ident, $name:literal, $code:literal, $value:literal $(, $rule:expr)*) => {
        Profile {
            held: Held::Observation(Subject::$subject),
            name: $name,
            kind: ResourceType::Observation,
            modifiers: &[],
            rules: &[
                Is("code", system::SNOMED, $code),
                Only("value", &[$value]),
                NeverBoth($value, "dataAbsentReason"),
                To("subject", PATIENT),
                To("encounter", ENCOUNTER),
                To("performer", PERFORMERS),
                Past("effectiveDateTime"),
                Past("effectivePeriod.start"),
                Past("effectiveInstant"),
                $($rule,)*
            ],
        }
    };
}

/// Every profile that the plan holds something of.
pub(super) static PROFILES: [Profile; 19] = [
    Profile {
        held: Held::Patient,
        name: "ACP-Patient",
        kind: ResourceType::Patient,
        modifiers: &[],
        rules: &[
            Must("identifier"),
            Must("name"),
            In("_gender.extension.valueCodeableConcept", &GENDERS),
            In("address._country.extension.valueCodeableConcept", &COUNTRIES),
            In("maritalStatus", &MARITAL),
            In("communication.language", &LANGUAGES),
            Past("birthDate"),
            Past("deceasedDateTime"),
        ],
    },
    Profile {
        held: Held::ContactPerson,
        name: "ACP-ContactPerson",
        kind: ResourceType::RelatedPerson,
        modifiers: &[],
        rules: &[To("patient", PATIENT), In("address._country.extension.valueCodeableConcept", &COUNTRIES)],
    },
    Profile {
        held: Held::Practitioner,
        name: "ACP-HealthProfessional-Practitioner",
        kind: ResourceType::Practitioner,
        modifiers: &[],
        rules: &[In("_gender.extension.valueCodeableConcept", &GENDERS)],
    },
    Profile {
        held: Held::PractitionerRole,
        name: "ACP-HealthProfessional-PractitionerRole",
        kind: ResourceType::PractitionerRole,
        modifiers: &[],
        rules: &[To("practitioner", &["Practitioner"]), To("organization", &["Organization"])],
    },
    Profile {
        held: Held::Encounter,
        name: "ACP-Encounter",
        kind: ResourceType::Encounter,
        modifiers: &[],
        rules: &[
            To("subject", PATIENT),
            To("participant.individual", &["PractitionerRole", "Practitioner", "RelatedPerson"]),
            To("reasonReference", &["Condition", "Procedure", "Observation", "ImmunizationRecommendation"]),
            Past("period.start"),
        ],
    },
    Profile {
        held: Held::Procedure,
        name: "ACP-Procedure",
        kind: ResourceType::Procedure,
        modifiers: &[],
        rules: &[
            Must("code"),
            In("code", &ACTS),
            To("subject", PATIENT),
            To("encounter", ENCOUNTER),
            To(
                "performer.actor",
                &["Practitioner", "PractitionerRole", "Organization", "Patient", "RelatedPerson", "Device"],
            ),
            Past("performedDateTime"),
            Past("performedPeriod.start"),
        ],
    },
    Profile {
        held: Held::TreatmentDirective,
        name: "ACP-TreatmentDirective",
        kind: ResourceType::Consent,
        modifiers: &[extension::SPECIFICATION_OTHER],
        rules: &[
            Is("scope", "http://terminology.hl7.org/CodeSystem/consentscope", "treatment"),
            Has("category", system::SNOMED, "129125009"),
            MustEither(&["policy", "policyRule"]),
            To("patient", PATIENT),
            To("sourceReference", &["Consent"]),
            To("provision.actor.reference", ACTORS),
            In("provision.code", &TREATMENTS),
            Single("provision.code"),
            NeverBoth("provision.type", "modifierExtension"),
            Past("dateTime"),
        ],
    },
    Profile {
        held: Held::AdvanceDirective,
        name: "ACP-AdvanceDirective",
        kind: ResourceType::Consent,
        modifiers: &[],
        rules: &[
            Is("scope", "http://terminology.hl7.org/CodeSystem/consentscope", "adr"),
            Has("category", "http://terminology.hl7.org/CodeSystem/consentcategorycodes", "acd"),
            MustEither(&["policy", "policyRule"]),
            To("patient", PATIENT),
            To("provision.actor.reference", ACTORS),
            In("provision.code", &DOCUMENTS),
            Single("provision.code"),
            Past("dateTime"),
        ],
    },
    Profile {
        held: Held::Goal,
        name: "ACP-MedicalPolicyGoal",
        kind: ResourceType::Goal,
        modifiers: &[],
        rules: &[
            Must("category"),
            Is("category", system::SNOMED, ACP),
            In("description", &GOALS),
            To("subject", PATIENT),
            To("expressedBy", &["Patient", "Practitioner", "PractitionerRole", "RelatedPerson"]),
            Past("statusDate"),
        ],
    },
    observation!(Capacity, "ACP-LegallyCapable", "665671000146101", "valueBoolean"),
    observation!(
        Wishes,
        "ACP-SpecificCareWishes",
        "153851000146100",
        "valueString",
        Must("method"),
        Is("method", system::SNOMED, "370819000")
    ),
    observation!(Place, "ACP-PreferredPlaceOfDeath", "395091006", "valueCodeableConcept"),
    observation!(
        Euthanasia,
        "ACP-PositionRegardingEuthanasia",
        "340171000146104",
        "valueCodeableConcept",
        In("valueCodeableConcept", &POSITIONS)
    ),
    observation!(
        Donor,
        "ACP-OrganDonationChoiceRegistration",
        "570801000146104",
        "valueCodeableConcept",
        In("valueCodeableConcept", &YES_NO_UNKNOWN),
        Must("method"),
        Is("method", system::SNOMED, "1156040003")
    ),
    observation!(Purpose, "ACP-SenseOfPurpose", "247751003", "valueString"),
    Profile {
        held: Held::DeviceUse,
        name: "ACP-MedicalDevice",
        kind: ResourceType::DeviceUseStatement,
        modifiers: &[],
        rules: &[
            To("subject", PATIENT),
            To("device", &["Device"]),
            To("source", &["Patient", "Practitioner", "PractitionerRole", "RelatedPerson"]),
            Past("recordedOn"),
        ],
    },
    Profile {
        held: Held::Device,
        name: "ACP-MedicalDevice.Product-ICD",
        kind: ResourceType::Device,
        modifiers: &[],
        rules: &[In("type", &ICDS)],
    },
    Profile {
        held: Held::Inform,
        name: "ACP-InformRelativesRequest",
        kind: ResourceType::CommunicationRequest,
        modifiers: &[],
        rules: &[
            Must("category"),
            Is("category", system::SNOMED, "223449006"),
            Must("subject"),
            To("subject", PATIENT),
            To("encounter", ENCOUNTER),
            MustEither(&["authoredOn", "encounter"]),
            Must("requester"),
            To("requester", PROFESSIONALS),
            To("recipient", &["RelatedPerson"]),
            Must("sender"),
            To("sender", PATIENT),
            Must("reasonCode"),
            Is("reasonCode", system::SNOMED, ACP),
            Past("authoredOn"),
        ],
    },
    Profile {
        held: Held::Form,
        name: "ACP-zib2020",
        kind: ResourceType::QuestionnaireResponse,
        modifiers: &[],
        rules: &[To("subject", PATIENT), Past("authored")],
    },
];

/// The profile of what is held.
pub(super) fn profile(held: Held) -> Option<&'static Profile> {
    PROFILES.iter().find(|p| p.held == held)
}
