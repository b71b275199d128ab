//! The search parameters of each resource type: the one table behind parsing, filtering, includes, the CapabilityStatement and each
//! SearchParameter (SPEC 4.1 to 4.3; FHIR R4, search parameter registry).

mod stu3;

use crate::format::Version;
use crate::r4::ResourceType;
use crate::r4::ResourceType::{
    Communication, CommunicationRequest, Consent, Device, DeviceUseStatement, Encounter, Goal, Observation, Patient,
    Practitioner, PractitionerRole, Procedure, Questionnaire, QuestionnaireResponse, RelatedPerson, SearchParameter,
    ValueSet,
};

/// Element names from the resource downwards; lists are walked through.
pub type Path = &'static [&'static str];

/// How a parameter's values are written and compared (FHIR R4, 3.1.1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// `system|code`.
    Token,
    /// `Type/id`.
    Reference,
    /// A reference to a canonical URL, with or without version.
    Canonical,
    /// A date with prefix.
    Date,
    /// Text, compared by its beginning.
    Text,
    /// A URI, to the letter.
    Uri,
}

impl Sort {
    /// FHIR's code in `search-param-type`.
    pub fn code(self) -> &'static str {
        match self {
            Sort::Token => "token",
            Sort::Reference | Sort::Canonical => "reference",
            Sort::Date => "date",
            Sort::Text => "string",
            Sort::Uri => "uri",
        }
    }
}

/// A search parameter of one resource type.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Name in the URL.
    pub name: &'static str,
    /// How its values are written.
    pub sort: Sort,
    /// Where the values stand; any of these.
    pub paths: &'static [Path],
    /// Types a reference may point at.
    pub targets: &'static [ResourceType],
    /// The definition: the last part of a canonical of FHIR's own, or of ours where `own`.
    pub definition: &'static str,
    /// Not one of FHIR R4's: this server defines it.
    pub own: bool,
    /// Names the patient whose resources are asked for, rather than filtering (decision 35).
    pub names_patient: bool,
    /// May hold what identifies a person: its value never stands in a link.
    pub private: bool,
    /// The code system that a plain code has by its binding; empty for none.
    pub system: &'static str,
}

const NONE: &[ResourceType] = &[];

const fn param(name: &'static str, sort: Sort, definition: &'static str, paths: &'static [Path]) -> Param {
    Param { name, sort, paths, targets: NONE, definition, own: false, names_patient: false, private: false, system: "" }
}

const fn token(name: &'static str, definition: &'static str, paths: &'static [Path]) -> Param {
    param(name, Sort::Token, definition, paths)
}

/// A plain code, such as a status, of this code system.
const fn code(name: &'static str, definition: &'static str, paths: &'static [Path], system: &'static str) -> Param {
    Param { system, ..param(name, Sort::Token, definition, paths) }
}

const fn date(name: &'static str, definition: &'static str, paths: &'static [Path]) -> Param {
    param(name, Sort::Date, definition, paths)
}

const fn reference(
    name: &'static str,
    definition: &'static str,
    paths: &'static [Path],
    targets: &'static [ResourceType],
) -> Param {
    Param { targets, ..param(name, Sort::Reference, definition, paths) }
}

/// The patient it is about.
const fn patient(name: &'static str, definition: &'static str, paths: &'static [Path]) -> Param {
    Param { names_patient: true, ..reference(name, definition, paths, &[Patient]) }
}

/// What may identify a person: not repeated in a link.
const fn private(param: Param) -> Param {
    Param { private: true, ..param }
}

const fn identifier(definition: &'static str) -> Param {
    private(token("identifier", definition, &[&["identifier"]]))
}

const fn own(param: Param) -> Param {
    Param { own: true, ..param }
}

const SUBJECT: &[Path] = &[&["subject"]];
const STATUS: &[Path] = &[&["status"]];
const PARTY: &[ResourceType] = &[Patient, PractitionerRole, Practitioner, RelatedPerson];
const GENDER: &str = "http://hl7.org/fhir/administrative-gender";
const PUBLICATION: &str = "http://hl7.org/fhir/publication-status";

/// Parameters that every type has.
pub static COMMON: &[Param] = &[
    token("_id", "Resource-id", &[&["id"]]),
    date("_lastUpdated", "Resource-lastUpdated", &[&["meta", "lastUpdated"]]),
    param("_profile", Sort::Uri, "Resource-profile", &[&["meta", "profile"]]),
];

static PATIENT: &[Param] = &[
    identifier("Patient-identifier"),
    private(date("birthdate", "individual-birthdate", &[&["birthDate"]])),
    private(param("family", Sort::Text, "individual-family", &[&["name", "family"]])),
    private(param("given", Sort::Text, "individual-given", &[&["name", "given"]])),
    code("gender", "individual-gender", &[&["gender"]], GENDER),
];

static RELATED_PERSON: &[Param] = &[
    patient("patient", "RelatedPerson-patient", &[&["patient"]]),
    identifier("RelatedPerson-identifier"),
    token("relationship", "RelatedPerson-relationship", &[&["relationship"]]),
    private(param(
        "name",
        Sort::Text,
        "RelatedPerson-name",
        &[&["name", "text"], &["name", "family"], &["name", "given"]],
    )),
];

static PRACTITIONER: &[Param] = &[
    identifier("Practitioner-identifier"),
    private(param(
        "name",
        Sort::Text,
        "Practitioner-name",
        &[&["name", "text"], &["name", "family"], &["name", "given"]],
    )),
    private(param("family", Sort::Text, "individual-family", &[&["name", "family"]])),
];

static PRACTITIONER_ROLE: &[Param] = &[
    identifier("PractitionerRole-identifier"),
    reference("practitioner", "PractitionerRole-practitioner", &[&["practitioner"]], &[Practitioner]),
    token("specialty", "PractitionerRole-specialty", &[&["specialty"]]),
];

static ENCOUNTER: &[Param] = &[
    patient("patient", "clinical-patient", SUBJECT),
    patient("subject", "Encounter-subject", SUBJECT),
    identifier("clinical-identifier"),
    code("status", "Encounter-status", STATUS, "http://hl7.org/fhir/encounter-status"),
    token("class", "Encounter-class", &[&["class"]]),
    token("type", "clinical-type", &[&["type"]]),
    date("date", "clinical-date", &[&["period"]]),
    token("reason-code", "Encounter-reason-code", &[&["reasonCode"]]),
    reference("reason-reference", "Encounter-reason-reference", &[&["reasonReference"]], &[Procedure, Observation]),
    reference(
        "participant",
        "Encounter-participant",
        &[&["participant", "individual"]],
        &[PractitionerRole, Practitioner, RelatedPerson],
    ),
];

static PROCEDURE: &[Param] = &[
    patient("patient", "clinical-patient", SUBJECT),
    patient("subject", "Procedure-subject", SUBJECT),
    identifier("clinical-identifier"),
    code("status", "Procedure-status", STATUS, "http://hl7.org/fhir/event-status"),
    token("code", "clinical-code", &[&["code"]]),
    token("category", "Procedure-category", &[&["category"]]),
    date("date", "clinical-date", &[&["performedPeriod"], &["performedDateTime"]]),
    reference("encounter", "clinical-encounter", &[&["encounter"]], &[Encounter]),
    reference("performer", "Procedure-performer", &[&["performer", "actor"]], PARTY),
];

static CONSENT: &[Param] = &[
    patient("patient", "clinical-patient", &[&["patient"]]),
    identifier("clinical-identifier"),
    code("status", "Consent-status", STATUS, "http://hl7.org/fhir/consent-state-codes"),
    token("scope", "Consent-scope", &[&["scope"]]),
    token("category", "Consent-category", &[&["category"]]),
    date("date", "clinical-date", &[&["dateTime"]]),
    reference("actor", "Consent-actor", &[&["provision", "actor", "reference"]], PARTY),
    reference("consentor", "Consent-consentor", &[&["performer"]], PARTY),
];

static GOAL: &[Param] = &[
    patient("patient", "clinical-patient", SUBJECT),
    patient("subject", "Goal-subject", SUBJECT),
    identifier("clinical-identifier"),
    code("lifecycle-status", "Goal-lifecycle-status", &[&["lifecycleStatus"]], "http://hl7.org/fhir/goal-status"),
    token("category", "Goal-category", &[&["category"]]),
    date("start-date", "Goal-start-date", &[&["startDate"]]),
    // Standard only since R5; rc1 of the guide asked for it (SPEC 4.1).
    own(token("description", "Goal-description", &[&["description"]])),
];

static OBSERVATION: &[Param] = &[
    patient("patient", "clinical-patient", SUBJECT),
    patient("subject", "Observation-subject", SUBJECT),
    identifier("clinical-identifier"),
    code("status", "Observation-status", STATUS, "http://hl7.org/fhir/observation-status"),
    token("code", "clinical-code", &[&["code"]]),
    token("category", "Observation-category", &[&["category"]]),
    token("method", "Observation-method", &[&["method"]]),
    token("value-concept", "Observation-value-concept", &[&["valueCodeableConcept"]]),
    date("date", "clinical-date", &[&["effectiveDateTime"], &["effectivePeriod"], &["effectiveInstant"]]),
    reference("encounter", "clinical-encounter", &[&["encounter"]], &[Encounter]),
    reference("performer", "Observation-performer", &[&["performer"]], PARTY),
];

static DEVICE_USE_STATEMENT: &[Param] = &[
    patient("patient", "clinical-patient", SUBJECT),
    patient("subject", "DeviceUseStatement-subject", SUBJECT),
    identifier("DeviceUseStatement-identifier"),
    reference("device", "DeviceUseStatement-device", &[&["device"]], &[Device]),
];

static DEVICE: &[Param] = &[
    patient("patient", "Device-patient", &[&["patient"]]),
    identifier("Device-identifier"),
    code("status", "Device-status", STATUS, "http://hl7.org/fhir/device-status"),
    token("type", "Device-type", &[&["type"]]),
];

static COMMUNICATION_REQUEST: &[Param] = &[
    patient("patient", "CommunicationRequest-patient", SUBJECT),
    patient("subject", "CommunicationRequest-subject", SUBJECT),
    identifier("CommunicationRequest-identifier"),
    code("status", "CommunicationRequest-status", STATUS, "http://hl7.org/fhir/request-status"),
    token("category", "CommunicationRequest-category", &[&["category"]]),
    date("authored", "CommunicationRequest-authored", &[&["authoredOn"]]),
    reference("encounter", "CommunicationRequest-encounter", &[&["encounter"]], &[Encounter]),
    reference("requester", "CommunicationRequest-requester", &[&["requester"]], PARTY),
    reference("sender", "CommunicationRequest-sender", &[&["sender"]], PARTY),
];

static COMMUNICATION: &[Param] = &[
    patient("patient", "Communication-patient", SUBJECT),
    patient("subject", "Communication-subject", SUBJECT),
    // A parameter that rc1 of the guide defined and later dropped (SPEC 4.1).
    own(token("reason-code", "Communication-reason-code", &[&["reasonCode"]])),
];

static QUESTIONNAIRE_RESPONSE: &[Param] = &[
    patient("patient", "QuestionnaireResponse-patient", SUBJECT),
    patient("subject", "QuestionnaireResponse-subject", SUBJECT),
    identifier("QuestionnaireResponse-identifier"),
    code("status", "QuestionnaireResponse-status", STATUS, "http://hl7.org/fhir/questionnaire-answers-status"),
    date("authored", "QuestionnaireResponse-authored", &[&["authored"]]),
    param("questionnaire", Sort::Canonical, "QuestionnaireResponse-questionnaire", &[&["questionnaire"]]),
    reference("author", "QuestionnaireResponse-author", &[&["author"]], PARTY),
    reference("source", "QuestionnaireResponse-source", &[&["source"]], PARTY),
];

static QUESTIONNAIRE: &[Param] = &[
    param("url", Sort::Uri, "Questionnaire-url", &[&["url"]]),
    token("version", "Questionnaire-version", &[&["version"]]),
    param("name", Sort::Text, "Questionnaire-name", &[&["name"]]),
    param("title", Sort::Text, "Questionnaire-title", &[&["title"]]),
    code("status", "Questionnaire-status", STATUS, PUBLICATION),
];

static VALUE_SET: &[Param] = &[
    param("url", Sort::Uri, "conformance-url", &[&["url"]]),
    token("version", "conformance-version", &[&["version"]]),
    param("name", Sort::Text, "conformance-name", &[&["name"]]),
    param("title", Sort::Text, "conformance-title", &[&["title"]]),
    code("status", "conformance-status", STATUS, PUBLICATION),
    param("reference", Sort::Uri, "ValueSet-reference", &[&["compose", "include", "system"]]),
];

static SEARCH_PARAMETER: &[Param] = &[
    param("url", Sort::Uri, "conformance-url", &[&["url"]]),
    param("name", Sort::Text, "conformance-name", &[&["name"]]),
    code("status", "conformance-status", STATUS, PUBLICATION),
    code("base", "SearchParameter-base", &[&["base"]], "http://hl7.org/fhir/resource-types"),
    token("code", "SearchParameter-code", &[&["code"]]),
    code("type", "SearchParameter-type", &[&["type"]], "http://hl7.org/fhir/search-param-type"),
];

/// The parameters of a type beside the common ones.
pub fn params(version: Version, kind: ResourceType) -> &'static [Param] {
    match version {
        Version::R4 => of_r4(kind),
        // What STU3 does not say otherwise is as in R4.
        Version::Stu3 => stu3::params(kind).unwrap_or_else(|| of_r4(kind)),
    }
}

fn of_r4(kind: ResourceType) -> &'static [Param] {
    match kind {
        Patient => PATIENT,
        RelatedPerson => RELATED_PERSON,
        Practitioner => PRACTITIONER,
        PractitionerRole => PRACTITIONER_ROLE,
        Encounter => ENCOUNTER,
        Procedure => PROCEDURE,
        Consent => CONSENT,
        Goal => GOAL,
        Observation => OBSERVATION,
        DeviceUseStatement => DEVICE_USE_STATEMENT,
        Device => DEVICE,
        CommunicationRequest => COMMUNICATION_REQUEST,
        Communication => COMMUNICATION,
        QuestionnaireResponse => QUESTIONNAIRE_RESPONSE,
        Questionnaire => QUESTIONNAIRE,
        ValueSet => VALUE_SET,
        SearchParameter => SEARCH_PARAMETER,
        ResourceType::CapabilityStatement => &[],
    }
}

/// A parameter by its name.
pub fn find(version: Version, kind: ResourceType, name: &str) -> Option<&'static Param> {
    params(version, kind).iter().chain(COMMON).find(|param| param.name == name)
}

/// The chain that a parameter stands for, where it asks for something that the resource only refers to.
pub(super) fn chain(version: Version, kind: ResourceType, name: &str) -> Option<&'static str> {
    (version == Version::Stu3 && kind == Encounter && name == "reason").then_some("diagnosis:Procedure.code")
}

/// The references of a type that can be followed by `_include`.
pub fn includes(version: Version, kind: ResourceType) -> impl Iterator<Item = &'static Param> {
    params(version, kind).iter().filter(|param| param.sort == Sort::Reference)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tables;

    const BOTH: [Version; 2] = [Version::R4, Version::Stu3];

    #[test]
    fn every_path_exists_in_the_resource() {
        use crate::format::Shape;
        for (version, kind) in BOTH.iter().flat_map(|v| ResourceType::ALL.iter().map(move |k| (*v, *k))) {
            let tables = tables(version);
            for param in params(version, kind).iter().chain(COMMON) {
                for path in param.paths {
                    let mut at = tables.resource(kind.as_str()).unwrap();
                    for (n, name) in path.iter().enumerate() {
                        let (_, property) = at.property(name).unwrap_or_else(|| panic!("{version:?} {kind}.{path:?}"));
                        match property.shape {
                            Shape::Complex(next) => at = tables.at(next),
                            _ => assert_eq!(n + 1, path.len(), "{kind}.{path:?}"),
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn names_are_unique_and_references_have_targets() {
        for (version, kind) in BOTH.iter().flat_map(|v| ResourceType::ALL.iter().map(move |k| (*v, *k))) {
            let all = params(version, kind);
            for param in all {
                assert_eq!(all.iter().filter(|p| p.name == param.name).count(), 1, "{kind} {}", param.name);
                assert_eq!(param.sort == Sort::Reference, !param.targets.is_empty(), "{kind} {}", param.name);
                let chained = chain(version, kind, param.name).and_then(|c| c.split([':', '.']).next());
                assert!(chained.is_none_or(|name| find(version, kind, name).is_some()), "{kind} {}", param.name);
            }
        }
    }

    #[test]
    fn every_type_about_a_patient_but_the_professionals_can_be_asked_for_by_patient() {
        for (version, kind) in BOTH.iter().flat_map(|v| ResourceType::ALL.iter().map(move |k| (*v, *k))) {
            let by_patient = params(version, kind).iter().any(|p| p.names_patient);
            let expected = kind.is_of_patient() && !matches!(kind, Patient | Practitioner | PractitionerRole);
            assert_eq!(by_patient, expected, "{kind}");
        }
    }
}
