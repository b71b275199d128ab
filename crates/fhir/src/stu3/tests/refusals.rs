//! What is refused in STU3, and where it says so.

use super::examples::{examples, receive};
use crate::r4::receive::testing::transaction;
use serde_json::{Value, json};

fn patient() -> Value {
    json!({"resourceType": "Patient", "id": "a", "identifier": [{"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": "999911120"}],
        "name": [{"family": "Vries", "given": ["Anna"]}], "birthDate": "1940-02-03"})
}

fn directive(change: impl Fn(&mut Value)) -> Value {
    let mut consent = json!({
        "resourceType": "Consent", "id": "c", "status": "active", "patient": {"reference": "Patient/a"}, "dateTime": "2025-07-29",
        "category": [{"coding": [{"system": "http://snomed.info/sct", "code": "11291000146105"}]}],
        "policy": [{"uri": "https://wetten.overheid.nl/"}],
        "extension": [
            {"url": "http://nictiz.nl/fhir/StructureDefinition/zib-TreatmentDirective-Verification", "extension": [{"url": "Verified", "valueBoolean": true}]},
            {"url": "http://nictiz.nl/fhir/StructureDefinition/zib-TreatmentDirective-Treatment", "valueCodeableConcept": {
                "coding": [{"system": "http://snomed.info/sct", "code": "89666000"}]}}
        ],
        "modifierExtension": [{"url": "http://nictiz.nl/fhir/StructureDefinition/zib-TreatmentDirective-TreatmentPermitted", "valueCodeableConcept": {
            "coding": [{"system": "urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4", "code": "NEE"}]}}],
        "except": [{"type": "deny"}]
    });
    change(&mut consent);
    consent
}

/// The paths of what has it refused.
fn refused(consent: Value) -> Vec<String> {
    let problems = receive(&transaction(&[patient(), consent])).expect_err("it is refused");
    problems.iter().filter(|p| p.is_error()).map(|p| p.path.replace("Bundle.entry[1].resource.", "")).collect()
}

#[test]
fn a_sound_directive_is_taken() {
    assert!(receive(&transaction(&[patient(), directive(|_| {})])).is_ok());
}

#[test]
fn what_only_stu3_has_is_kept_and_named() {
    let request = json!({"resourceType": "ProcedureRequest", "id": "r", "status": "active", "intent": "order"});
    let rule = directive(|c| {
        c.as_object_mut().unwrap().remove("policy");
        c["policyRule"] = "https://wetten.overheid.nl/".into();
    });
    let delivery = receive(&transaction(&[patient(), rule, request])).unwrap_or_else(|p| panic!("{p:#?}"));
    let kept: Vec<&str> = delivery.kept.iter().map(|p| p.path.as_str()).collect();
    assert_eq!(kept, ["Bundle.entry[2].resource"]);
}

/// What somebody does to a Consent, and the paths that the refusal names.
type Case = (fn(&mut Value), &'static [&'static str]);

#[test]
fn a_limit_that_is_not_understood_is_refused_where_the_sender_wrote_it() {
    let code = "/modifierExtension/0/valueCodeableConcept/coding/0/code";
    let cases: [Case; 7] = [
        (
            |c| c["modifierExtension"][0]["valueCodeableConcept"]["coding"][0]["code"] = "MISSCHIEN".into(),
            &["modifierExtension"],
        ),
        (|c| drop(c.as_object_mut().unwrap().remove("modifierExtension")), &["modifierExtension"]),
        (|c| c["except"][0]["type"] = "permit".into(), &["except[0].type"]),
        (|c| c["extension"][0]["extension"][0]["valueBoolean"] = false.into(), &["extension"]),
        (|c| c["extension"][1]["valueCodeableConcept"]["coding"][0]["code"] = "1".into(), &["extension"]),
        (|c| c["dateTime"] = "2999-01-01".into(), &["dateTime"]),
        (
            |c| {
                c["modifierExtension"]
                    .as_array_mut()
                    .unwrap()
                    .push(json!({"url": "http://a.nl/x", "valueBoolean": true}));
            },
            &["modifierExtension", "modifierExtension[0]"],
        ),
    ];
    for (n, (change, paths)) in cases.into_iter().enumerate() {
        assert_eq!(refused(directive(change)), paths, "case {n}");
    }
    assert!(directive(|_| {}).pointer(code).is_some());
}

#[test]
fn what_is_not_stu3_is_refused_as_such() {
    let r4 = directive(|c| c["scope"] = json!({"text": "x"}));
    let delivery = receive(&transaction(&[patient(), r4])).unwrap();
    assert!(
        delivery.kept.iter().any(|p| p.path.ends_with("resource.scope")),
        "an element of R4 is not STU3's: {:#?}",
        delivery.kept
    );
    let wrong = directive(|c| c["identifier"] = json!([{"value": "1"}]));
    assert_eq!(refused(wrong), ["identifier"]);
    assert_eq!(refused(directive(|c| c["status"] = "geldig".into())), ["status"]);
}

#[test]
fn a_form_is_refused_at_its_own_link_ids() {
    let form = |items: Value| {
        json!({"resourceType": "QuestionnaireResponse", "id": "f", "status": "completed", "source": {"reference": "Patient/a"},
            "questionnaire": {"reference": "https://api.iknl.nl/docs/pzp/stu3/Questionnaire/ACP-zib2017"}, "item": items})
    };
    let goal = |code: &str| json!([{"linkId": "586", "item": [{"linkId": "784", "answer": [{"valueCoding": {"system": "http://snomed.info/sct", "code": code}}]}]}]);
    assert!(receive(&transaction(&[patient(), form(goal("713148004"))])).is_ok());
    let paths = refused(form(goal("1")));
    assert_eq!(paths.len(), 1);
    assert!(paths[0].starts_with("item[0].item[0].answer[0]"), "{paths:?}");
    assert_eq!(refused(form(json!([{"linkId": "999"}]))), ["item[0].linkId"], "a linkId of R4's form is none here");
    let beside = json!([{"linkId": "78", "item": [
        {"linkId": "82", "answer": [{"valueCoding": {"code": "Patiënt"}}]},
        {"linkId": "80", "answer": [{"valueCoding": {"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "OOM"}}]}
    ]}]);
    let paths = refused(form(beside));
    assert!(paths[0].starts_with("item[0].item[1].answer[0]"), "{paths:?}");
    let mut other = form(goal("713148004"));
    other["questionnaire"]["reference"] = "https://elders.nl/Questionnaire/x".into();
    assert_eq!(refused(other), ["questionnaire.reference"]);
}

#[test]
fn a_reference_that_leads_nowhere_has_its_stu3_path() {
    let Some(examples) = examples() else { return };
    let without: Vec<Value> = examples.iter().filter(|r| r["resourceType"] != "Encounter").cloned().collect();
    let problems = receive(&transaction(&without)).unwrap_err();
    assert!(problems.iter().any(|p| p.path.ends_with("resource.context.reference")), "{problems:#?}");
}
