//! `_summary` and `_elements`: less of a resource, marked as such (FHIR R4, 3.1.1.5.8 and 3.1.1.5.9).

use super::result::Form;
use crate::format::{TypeDef, Version, tables};
use serde_json::{Map, Value, json};

/// Elements at the top of each resource that FHIR marks as summary, beside id, meta and implicitRules.
const SUMMARY: &[(&str, &str)] = &[
    ("Patient", "identifier active name telecom gender birthDate deceased address managingOrganization link"),
    ("RelatedPerson", "identifier active patient relationship name telecom gender birthDate address"),
    ("Practitioner", "identifier active name telecom address gender birthDate"),
    ("PractitionerRole", "identifier active period practitioner organization code specialty location telecom"),
    (
        "Encounter",
        "identifier status class type serviceType subject episodeOfCare participant appointment reasonCode reasonReference diagnosis",
    ),
    (
        "Procedure",
        "identifier instantiatesCanonical instantiatesUri basedOn partOf status statusReason category code subject encounter performed \
         recorder asserter performer location reasonCode reasonReference bodySite outcome",
    ),
    (
        "Consent",
        "identifier status scope category patient dateTime performer organization source policyRule verification provision",
    ),
    ("Goal", "lifecycleStatus achievementStatus category priority description subject start statusDate expressedBy"),
    (
        "Observation",
        "identifier basedOn partOf status code subject focus encounter effective issued performer value hasMember derivedFrom component",
    ),
    (
        "DeviceUseStatement",
        "identifier basedOn status subject derivedFrom timing recordedOn source device reasonCode reasonReference bodySite",
    ),
    ("Device", "udiCarrier status safety"),
    (
        "CommunicationRequest",
        "identifier basedOn replaces groupIdentifier status priority doNotPerform encounter occurrence authoredOn requester sender reasonCode \
         reasonReference",
    ),
    (
        "QuestionnaireResponse",
        "identifier basedOn partOf questionnaire status subject encounter authored author source",
    ),
    (
        "Questionnaire",
        "url identifier version name title status experimental subjectType date publisher contact useContext jurisdiction effectivePeriod code",
    ),
    (
        "ValueSet",
        "url identifier version name title status experimental date publisher contact useContext jurisdiction immutable",
    ),
    (
        "SearchParameter",
        "url version name status experimental date publisher contact description useContext jurisdiction code base type",
    ),
];

/// What STU3 calls otherwise of it. The treatment of a directive stands in an extension there, and a modifier without it would say
/// nothing.
const SUMMARY_STU3: &[(&str, &str)] = &[
    ("Encounter", "reason"),
    ("Procedure", "context notDone"),
    ("Consent", "consentingParty period except extension"),
    ("Goal", "status"),
    ("Observation", "context comment"),
    ("Device", "udi"),
    ("CommunicationRequest", "context"),
    ("QuestionnaireResponse", "context parent"),
];

/// The part of a resource that was asked for.
pub(super) fn subset(version: Version, resource: Value, form: &Form) -> Value {
    if matches!(form, Form::Whole | Form::Count) {
        return resource;
    }
    let Value::Object(map) = resource else { return resource };
    let kind = map.get("resourceType").and_then(Value::as_str).unwrap_or_default().to_owned();
    let type_def = tables(version).resource(&kind);
    let keep: Box<dyn Fn(&str) -> bool> = match form {
        Form::Whole | Form::Count => Box::new(|_| true),
        Form::Data => Box::new(|name| name != "text"),
        Form::Text => Box::new(|name| name == "text"),
        Form::Summary => {
            let of =
                |all: &'static [(&str, &str)]| all.iter().find(|(of, _)| *of == kind).map_or("", |(_, names)| names);
            let own = if version == Version::Stu3 { of(SUMMARY_STU3) } else { "" };
            let names = [of(SUMMARY), own];
            Box::new(move |name| names.iter().any(|names| names.split_ascii_whitespace().any(|listed| listed == name)))
        }
        Form::Elements(names) => Box::new(|name| names.iter().any(|wanted| wanted.trim_end_matches("[x]") == name)),
    };
    let mut out: Map<String, Value> = map.into_iter().filter(|(key, _)| stays(key, type_def, &*keep)).collect();
    mark(&mut out);
    Value::Object(out)
}

/// What a modifier says must never be lost with a subset: without it a directive would read as another (SPEC section 9, trap 1).
fn stays(key: &str, type_def: Option<&TypeDef>, keep: &dyn Fn(&str) -> bool) -> bool {
    let name = key.strip_prefix('_').unwrap_or(key);
    if matches!(name, "resourceType" | "id" | "meta" | "implicitRules" | "modifierExtension") {
        return true;
    }
    match type_def.and_then(|type_def| Some(type_def.element(type_def.property(name)?.1))) {
        Some(element) => element.required || keep(element.name) || keep(name),
        None => keep(name),
    }
}

/// Says that the resource is not whole.
fn mark(resource: &mut Map<String, Value>) {
    let tag = json!({"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"});
    let meta = resource.entry("meta").or_insert_with(|| json!({}));
    let Some(meta) = meta.as_object_mut() else { return };
    match meta.get_mut("tag").and_then(Value::as_array_mut) {
        Some(tags) => tags.push(tag),
        None => {
            meta.insert("tag".into(), json!([tag]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::check;

    fn consent() -> Value {
        json!({
            "resourceType": "Consent", "id": "a", "meta": {"versionId": "1", "tag": [{"code": "x"}]},
            "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},
            "modifierExtension": [{"url": "http://nictiz.nl/fhir/StructureDefinition/ext-TreatmentDirective2.SpecificationOther", "valueString": "Anders"}],
            "extension": [{"url": "http://nictiz.nl/fhir/StructureDefinition/ext-Comment", "valueString": "x"}],
            "status": "active", "scope": {"text": "x"}, "category": [{"text": "x"}], "patient": {"reference": "Patient/a"},
            "dateTime": "2020", "_dateTime": {"id": "d"}, "policy": [{"uri": "https://wetten.overheid.nl/"}], "provision": {"type": "permit"}
        })
    }

    fn names(form: &Form) -> Vec<String> {
        let part = subset(Version::R4, consent(), form);
        assert_eq!(check(&part), []);
        assert_eq!(part["meta"]["tag"][1]["code"], "SUBSETTED");
        assert_eq!(part["meta"]["versionId"], "1");
        part.as_object()
            .unwrap()
            .keys()
            .filter(|k| !["resourceType", "id", "meta"].contains(&k.as_str()))
            .cloned()
            .collect()
    }

    #[test]
    fn each_form_keeps_what_it_should_and_always_the_modifier() {
        let summary =
            ["modifierExtension", "status", "scope", "category", "patient", "dateTime", "_dateTime", "provision"];
        assert_eq!(names(&Form::Summary), summary);
        assert_eq!(names(&Form::Text), ["text", "modifierExtension", "status", "scope", "category"]);
        assert_eq!(
            names(&Form::Elements(vec!["policy".into()])),
            ["modifierExtension", "status", "scope", "category", "policy"]
        );
        assert!(!names(&Form::Data).contains(&"text".to_owned()) && names(&Form::Data).contains(&"policy".to_owned()));
        assert_eq!(subset(Version::R4, consent(), &Form::Whole), consent());
    }

    #[test]
    fn a_choice_is_one_element() {
        let observation = json!({"resourceType": "Observation", "id": "a", "status": "final", "code": {"text": "x"}, "valueString": "x", "note": []});
        let part = subset(Version::R4, observation.clone(), &Form::Summary);
        assert!(part.get("valueString").is_some() && part.get("note").is_none());
        assert!(
            subset(Version::R4, observation, &Form::Elements(vec!["value[x]".into()])).get("valueString").is_some()
        );
    }

    #[test]
    fn every_summary_element_exists() {
        let of =
            |version, all: &'static [(&str, &'static str)]| all.iter().map(move |(kind, names)| (version, kind, names));
        for (version, kind, names) in of(Version::R4, SUMMARY).chain(of(Version::Stu3, SUMMARY_STU3)) {
            let type_def = tables(version).resource(kind).unwrap();
            for name in names.split_ascii_whitespace() {
                assert!(type_def.elements.iter().any(|element| element.name == name), "{kind}.{name}");
            }
        }
    }
}
