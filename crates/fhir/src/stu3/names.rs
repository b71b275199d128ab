//! What the same thing is called in R4 and in STU3: elements, states, URLs; and where in STU3 a path of R4 stands.

/// Elements that only changed their name: type, R4, STU3.
pub(super) const ELEMENTS: [(&str, &str, &str); 7] = [
    ("CommunicationRequest", "encounter", "context"),
    ("Device", "udiCarrier", "udi"),
    ("Goal", "lifecycleStatus", "status"),
    ("Observation", "encounter", "context"),
    ("Procedure", "encounter", "context"),
    ("QuestionnaireResponse", "encounter", "context"),
    ("QuestionnaireResponse", "partOf", "parent"),
];

/// States that changed their name: type, R4, STU3. Each way the first that fits; a state that stands here more than once has no
/// equal on the other side.
pub(super) const STATES: [(&str, &str, &str); 11] = [
    ("CommunicationRequest", "on-hold", "suspended"),
    ("CommunicationRequest", "revoked", "cancelled"),
    ("Goal", "active", "in-progress"),
    ("Goal", "active", "on-target"),
    ("Goal", "active", "ahead-of-target"),
    ("Goal", "active", "behind-target"),
    ("Goal", "active", "sustaining"),
    ("Goal", "completed", "achieved"),
    ("Procedure", "on-hold", "suspended"),
    ("Procedure", "stopped", "aborted"),
    ("Procedure", "not-done", "aborted"),
];

/// URLs and beginnings of URLs: R4, STU3.
pub(super) const URLS: [(&str, &str); 5] = [
    ("https://api.iknl.nl/docs/pzp/r4/StructureDefinition/", "https://api.iknl.nl/docs/pzp/stu3/StructureDefinition/"),
    (
        "http://nictiz.nl/fhir/StructureDefinition/ext-CodeSpecification",
        "http://nictiz.nl/fhir/StructureDefinition/code-specification",
    ),
    ("http://nictiz.nl/fhir/StructureDefinition/ext-Comment", "http://nictiz.nl/fhir/StructureDefinition/Comment"),
    (
        "http://nictiz.nl/fhir/StructureDefinition/ext-AddressInformation.AddressType",
        "http://nictiz.nl/fhir/StructureDefinition/zib-AddressInformation-AddressType",
    ),
    (
        "http://nictiz.nl/fhir/StructureDefinition/ext-TreatmentDirective2.AdvanceDirective",
        "http://nictiz.nl/fhir/StructureDefinition/consent-additionalSources",
    ),
];

/// HL7's code systems had other URLs in STU3; the guide's examples use both.
pub(super) const OLD_SYSTEM: &str = "http://hl7.org/fhir/v3/";
/// The beginning of the same systems' URLs since.
pub(super) const NEW_SYSTEM: &str = "http://terminology.hl7.org/CodeSystem/v3-";

/// The name in STU3 of an R4 element, where it has another.
pub(super) fn element_down(kind: &str, name: &str) -> Option<&'static str> {
    ELEMENTS.iter().find(|(of, r4, _)| *of == kind && *r4 == name).map(|(.., stu3)| *stu3)
}

/// The name in R4 of an STU3 element, where it has another.
pub(super) fn element_up(kind: &str, name: &str) -> Option<&'static str> {
    ELEMENTS.iter().find(|(of, _, stu3)| *of == kind && *stu3 == name).map(|(_, r4, _)| *r4)
}

/// A state of R4 as STU3 says it.
pub(super) fn state_down<'a>(kind: &str, state: &'a str) -> &'a str {
    STATES.iter().find(|(of, r4, _)| *of == kind && *r4 == state).map_or(state, |(.., stu3)| *stu3)
}

/// A state of STU3 as R4 says it.
pub(super) fn state_up<'a>(kind: &str, state: &'a str) -> &'a str {
    STATES.iter().find(|(of, _, stu3)| *of == kind && *stu3 == state).map_or(state, |(_, r4, _)| *r4)
}

/// A URL of R4 in STU3.
pub(super) fn url_down(url: &str) -> Option<String> {
    URLS.iter().find_map(|(r4, stu3)| url.strip_prefix(r4).map(|rest| format!("{stu3}{rest}")))
}

/// A URL of STU3 in R4.
pub(super) fn url_up(url: &str) -> Option<String> {
    URLS.iter()
        .find_map(|(r4, stu3)| url.strip_prefix(stu3).map(|rest| format!("{r4}{rest}")))
        .or_else(|| url.strip_prefix(OLD_SYSTEM).map(|name| format!("{NEW_SYSTEM}{name}")))
}

/// Where an element of R4 stands in STU3, beside those of [`ELEMENTS`]: type, R4, STU3, and whether what is beneath it is the same.
const PLACES: [(&str, &str, &str, bool); 11] = [
    ("CommunicationRequest", "requester", "requester.agent", true),
    ("Consent", "provision", "except", false),
    ("Consent", "provision.actor", "consentingParty", false),
    ("Consent", "provision.code", "extension", false),
    ("Consent", "provision.period", "period", true),
    ("Consent", "provision.type", "modifierExtension", false),
    ("Consent", "scope", "category", false),
    ("Encounter", "reasonReference", "diagnosis.condition", true),
    ("Observation", "note", "comment", false),
    ("QuestionnaireResponse", "questionnaire", "questionnaire.reference", false),
    ("RelatedPerson", "relationship", "relationship", false),
];

/// The path in STU3 of a path of R4 within a resource.
pub(super) fn path_down(kind: &str, path: &str) -> String {
    let steps: Vec<&str> = path.split('.').collect();
    let names: Vec<&str> = steps.iter().map(|s| s.split('[').next().unwrap_or(s)).collect();
    let renamed = ELEMENTS.iter().map(|(of, r4, stu3)| (*of, *r4, *stu3, true));
    let fits = |r4: &str| {
        let wanted: Vec<&str> = r4.split('.').collect();
        names.starts_with(&wanted).then_some(wanted.len())
    };
    let best = PLACES
        .iter()
        .copied()
        .chain(renamed)
        .filter(|(of, ..)| *of == kind)
        .filter_map(|(_, r4, stu3, beneath)| Some((fits(r4)?, stu3, beneath)))
        .max_by_key(|(length, ..)| *length);
    match best {
        Some((length, stu3, true)) => [&[stu3], &steps[length..]].concat().join("."),
        Some((_, stu3, false)) => stu3.to_owned(),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_both_ways() {
        assert_eq!(element_down("Goal", "lifecycleStatus"), Some("status"));
        assert_eq!(element_up("Observation", "context"), Some("encounter"));
        assert_eq!((state_down("Goal", "active"), state_up("Goal", "sustaining")), ("in-progress", "active"));
        assert_eq!((state_down("Procedure", "completed"), state_up("Consent", "active")), ("completed", "active"));
        assert_eq!(
            url_up("http://hl7.org/fhir/v3/NullFlavor").as_deref(),
            Some("http://terminology.hl7.org/CodeSystem/v3-NullFlavor")
        );
        for (r4, stu3) in URLS {
            assert_eq!((url_down(r4).as_deref(), url_up(stu3).as_deref()), (Some(stu3), Some(r4)));
        }
        assert_eq!(url_down("http://snomed.info/sct"), None);
    }

    #[test]
    fn a_path_is_told_where_the_sender_wrote_it() {
        for (kind, r4, stu3) in [
            ("Consent", "provision.code[0]", "extension"),
            ("Consent", "provision.actor[1].reference.reference", "consentingParty"),
            ("Consent", "provision.period.start", "period.start"),
            ("Consent", "dateTime", "dateTime"),
            ("Observation", "encounter.reference", "context.reference"),
            ("Observation", "note[0].text", "comment"),
            ("CommunicationRequest", "requester.reference", "requester.agent.reference"),
            ("Encounter", "reasonReference[0].reference", "diagnosis.condition.reference"),
        ] {
            assert_eq!(path_down(kind, r4), stu3);
        }
    }
}
