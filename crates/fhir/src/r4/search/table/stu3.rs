//! The search parameters of STU3 that are not as in R4 (SPEC section 8; FHIR STU3, search parameter registry).

use super::{PARTY, Param, Path, STATUS, SUBJECT, Sort, code, date, identifier, param, patient, reference, token};
use crate::r4::ResourceType;
use crate::r4::ResourceType::{
    CommunicationRequest, Consent, Device, DeviceUseStatement, Encounter, Goal, Observation, Practitioner,
    PractitionerRole, Procedure, QuestionnaireResponse, RelatedPerson,
};

const CONTEXT: &[Path] = &[&["context"]];
/// Who takes part, and the role that stands beside a professional.
const PERFORMER: &[Path] = &[&["performer"], &["performer", "extension", "valueReference"]];

static ENCOUNTER: &[Param] = &[
    patient("patient", "clinical-patient", SUBJECT),
    patient("subject", "Encounter-subject", SUBJECT),
    identifier("clinical-identifier"),
    code("status", "Encounter-status", STATUS, "http://hl7.org/fhir/encounter-status"),
    token("class", "Encounter-class", &[&["class"]]),
    token("type", "clinical-type", &[&["type"]]),
    date("date", "clinical-date", &[&["period"]]),
    // Answered through the act that the contact was for: the guide asks for its code here (SPEC section 8).
    token("reason", "Encounter-reason", &[&["reason"]]),
    reference("diagnosis", "Encounter-diagnosis", &[&["diagnosis", "condition"]], &[Procedure]),
    reference(
        "participant",
        "Encounter-participant",
        &[&["participant", "individual"], &["participant", "individual", "extension", "valueReference"]],
        &[Practitioner, PractitionerRole, RelatedPerson],
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
    reference("context", "Procedure-context", CONTEXT, &[Encounter]),
    reference("encounter", "clinical-encounter", CONTEXT, &[Encounter]),
    reference(
        "performer",
        "Procedure-performer",
        &[&["performer", "actor"], &["performer", "actor", "extension", "valueReference"]],
        PARTY,
    ),
];

/// Those with whom it was agreed; the guide's searches follow them as actor.
const AGREED: &[Path] = &[&["consentingParty"], &["consentingParty", "extension", "valueReference"]];

static CONSENT: &[Param] = &[
    patient("patient", "clinical-patient", &[&["patient"]]),
    identifier("clinical-identifier"),
    code("status", "Consent-status", STATUS, "http://hl7.org/fhir/consent-state-codes"),
    token("category", "Consent-category", &[&["category"]]),
    date("date", "clinical-date", &[&["dateTime"]]),
    reference("actor", "Consent-actor", AGREED, PARTY),
    reference("consentor", "Consent-consentor", AGREED, PARTY),
    reference("source", "Consent-source", &[&["sourceReference"]], &[Consent]),
];

static GOAL: &[Param] = &[
    patient("patient", "clinical-patient", SUBJECT),
    patient("subject", "Goal-subject", SUBJECT),
    identifier("clinical-identifier"),
    code("status", "Goal-status", STATUS, "http://hl7.org/fhir/goal-status"),
    token("category", "Goal-category", &[&["category"]]),
    date("start-date", "Goal-start-date", &[&["startDate"]]),
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
    date("date", "clinical-date", &[&["effectiveDateTime"], &["effectivePeriod"]]),
    reference("context", "Observation-context", CONTEXT, &[Encounter]),
    reference("encounter", "clinical-encounter", CONTEXT, &[Encounter]),
    reference("performer", "Observation-performer", PERFORMER, PARTY),
];

static DEVICE_USE_STATEMENT: &[Param] = &[
    patient("patient", "DeviceUseStatement-patient", SUBJECT),
    patient("subject", "DeviceUseStatement-subject", SUBJECT),
    identifier("DeviceUseStatement-identifier"),
    reference("device", "DeviceUseStatement-device", &[&["device"]], &[Device]),
];

static COMMUNICATION_REQUEST: &[Param] = &[
    patient("patient", "CommunicationRequest-patient", SUBJECT),
    patient("subject", "CommunicationRequest-subject", SUBJECT),
    identifier("CommunicationRequest-identifier"),
    code("status", "CommunicationRequest-status", STATUS, "http://hl7.org/fhir/request-status"),
    token("category", "CommunicationRequest-category", &[&["category"]]),
    date("authored", "CommunicationRequest-authored", &[&["authoredOn"]]),
    reference("context", "CommunicationRequest-context", CONTEXT, &[Encounter]),
    reference("encounter", "CommunicationRequest-encounter", CONTEXT, &[Encounter]),
    reference(
        "requester",
        "CommunicationRequest-requester",
        &[&["requester", "agent"], &["requester", "agent", "extension", "valueReference"]],
        PARTY,
    ),
    reference("sender", "CommunicationRequest-sender", &[&["sender"]], PARTY),
];

static QUESTIONNAIRE_RESPONSE: &[Param] = &[
    patient("patient", "QuestionnaireResponse-patient", SUBJECT),
    patient("subject", "QuestionnaireResponse-subject", SUBJECT),
    identifier("QuestionnaireResponse-identifier"),
    code("status", "QuestionnaireResponse-status", STATUS, "http://hl7.org/fhir/questionnaire-answers-status"),
    date("authored", "QuestionnaireResponse-authored", &[&["authored"]]),
    param("questionnaire", Sort::Canonical, "QuestionnaireResponse-questionnaire", &[&["questionnaire", "reference"]]),
    reference(
        "author",
        "QuestionnaireResponse-author",
        &[&["author"], &["author", "extension", "valueReference"]],
        PARTY,
    ),
    reference("source", "QuestionnaireResponse-source", &[&["source"]], PARTY),
];

/// The parameters of a type, where they are not those of R4.
pub(super) fn params(kind: ResourceType) -> Option<&'static [Param]> {
    Some(match kind {
        Encounter => ENCOUNTER,
        Procedure => PROCEDURE,
        Consent => CONSENT,
        Goal => GOAL,
        Observation => OBSERVATION,
        DeviceUseStatement => DEVICE_USE_STATEMENT,
        CommunicationRequest => COMMUNICATION_REQUEST,
        QuestionnaireResponse => QUESTIONNAIRE_RESPONSE,
        _ => return None,
    })
}
