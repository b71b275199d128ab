use serde_json::{Value, json};

use super::check;
use crate::format::{IssueType, Kind, Severity, has_errors};

/// Path and kind of every problem.
fn found(resource: &Value) -> Vec<(String, Kind)> {
    check(resource).into_iter().map(|problem| (problem.path, problem.kind)).collect()
}

#[track_caller]
fn one(resource: &Value, path: &str, kind: Kind) {
    assert_eq!(found(resource), [(path.to_owned(), kind)], "{resource}");
}

fn response(item: &Value) -> Value {
    json!({"resourceType": "QuestionnaireResponse", "status": "completed", "item": [{"linkId": "1"}, item]})
}

#[test]
fn a_sound_resource_has_no_problems() {
    let item = json!({"linkId": "2", "_text": {"id": "t"}, "answer": [{"valueCoding": {"system": "http://snomed.info/sct", "code": "1"}}]});
    assert_eq!(check(&response(&item)), []);
}

#[test]
fn a_problem_names_its_element_from_the_root() {
    let item = json!({"linkId": "2", "answer": [{"valueCoding": {"code": " 1"}}]});
    one(&response(&item), "QuestionnaireResponse.item[1].answer[0].valueCoding.code", Kind::Format);
    let bundle = json!({"resourceType": "Bundle", "type": "transaction", "entry": [{"resource": response(&item)}]});
    one(&bundle, "Bundle.entry[0].resource.item[1].answer[0].valueCoding.code", Kind::Format);
}

#[test]
fn what_is_not_a_resource_is_refused() {
    one(&json!({}), "resourceType", Kind::Missing);
    one(&json!([]), "", Kind::WrongType);
    one(&json!({"resourceType": 1}), "resourceType", Kind::WrongType);
    one(&json!({"resourceType": "Ambulance"}), "", Kind::UnknownResource);
    one(&json!({"resourceType": "HumanName", "family": "x"}), "", Kind::UnknownResource);
    one(&json!({"resourceType": "DomainResource"}), "", Kind::UnknownResource);
    one(
        &json!({"resourceType": "Patient", "contained": [{"id": "a"}]}),
        "Patient.contained[0].resourceType",
        Kind::Missing,
    );
    one(&json!({"resourceType": "Patient", "contained": ["a"]}), "Patient.contained[0]", Kind::WrongType);
}

#[test]
fn extra_elements_are_named_and_do_not_stand_in_the_way() {
    let resource = json!({"resourceType": "Patient", "colour": "red", "_colour": {"id": "x"}, "name": [{"family": "x", "resourceType": "HumanName"}]});
    let problems = check(&resource);
    assert_eq!(
        problems.iter().map(|p| p.path.as_str()).collect::<Vec<_>>(),
        ["Patient.colour", "Patient._colour", "Patient.name[0].resourceType"]
    );
    assert!(problems.iter().all(|p| p.kind == Kind::UnknownElement && p.severity == Severity::Warning));
    assert!(!has_errors(&problems));
    // Names differ by case, and a choice is only called by a type that it allows.
    for not in ["Active", "deceased", "deceasedString", "valueString"] {
        one(&json!({"resourceType": "Patient", not: true}), &format!("Patient.{not}"), Kind::UnknownElement);
    }
}

#[test]
fn mandatory_elements_are_there() {
    let problems = check(&json!({"resourceType": "Consent"}));
    let paths: Vec<_> = problems.iter().map(|p| p.path.as_str()).collect();
    assert_eq!(paths, ["Consent.status", "Consent.scope", "Consent.category"]);
    assert!(problems.iter().all(|p| p.kind == Kind::Missing && p.code == IssueType::Required && p.is_error()));
    one(&response(&json!({"text": "x"})), "QuestionnaireResponse.item[1].linkId", Kind::Missing);
    one(
        &json!({"resourceType": "Questionnaire", "status": "active", "item": [{"linkId": "1", "type": "string", "initial": [{"id": "a", "extension": [{"url": "u", "valueCode": "x"}]}]}]}),
        "Questionnaire.item[0].initial[0].value",
        Kind::Missing,
    );
}

#[test]
fn a_mandatory_element_may_say_why_it_has_no_value() {
    let absent = json!({"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]});
    assert_eq!(check(&json!({"resourceType": "QuestionnaireResponse", "_status": absent})), []);
}

#[test]
fn lists_are_lists_and_single_values_are_not() {
    one(&json!({"resourceType": "Patient", "birthDate": ["1950"]}), "Patient.birthDate", Kind::TooMany);
    one(&json!({"resourceType": "Patient", "name": {"family": "x"}}), "Patient.name", Kind::WrongType);
    one(&json!({"resourceType": "Patient", "name": [{"given": "x"}]}), "Patient.name[0].given", Kind::WrongType);
    one(&json!({"resourceType": "Patient", "name": [["x"]]}), "Patient.name[0]", Kind::WrongType);
    one(&json!({"resourceType": "Patient", "name": ["x"]}), "Patient.name[0]", Kind::WrongType);
    one(&json!({"resourceType": "Patient", "maritalStatus": "x"}), "Patient.maritalStatus", Kind::WrongType);
}

#[test]
fn values_have_the_type_and_form_of_their_element() {
    for (element, value, kind) in [
        ("birthDate", json!("31-12-1950"), Kind::Format),
        ("birthDate", json!("1950-02-30"), Kind::Format),
        ("birthDate", json!(1950), Kind::WrongType),
        ("birthDate", json!(null), Kind::WrongType),
        ("active", json!("true"), Kind::WrongType),
        ("deceasedDateTime", json!("2024-01-01T10:00"), Kind::Format),
        ("multipleBirthInteger", json!(1.5), Kind::Format),
        ("id", json!("a_b"), Kind::Format),
        ("language", json!(""), Kind::Empty),
        ("implicitRules", json!("a b"), Kind::Format),
        ("gender", json!("man"), Kind::CodeOutsideSet),
        ("gender", json!(" male"), Kind::Format),
    ] {
        one(&json!({"resourceType": "Patient", element: value}), &format!("Patient.{element}"), kind);
    }
}

#[test]
fn a_code_outside_its_set_is_told_what_can_be_chosen() {
    let problems = check(&json!({"resourceType": "Patient", "gender": "geheim"}));
    assert!(problems[0].text.contains("male, female, other, unknown"));
    assert!(!problems[0].to_string().contains("geheim"));
}

#[test]
fn a_choice_is_made_once() {
    one(
        &json!({"resourceType": "Patient", "deceasedBoolean": true, "deceasedDateTime": "2024"}),
        "Patient.deceasedDateTime",
        Kind::ChoiceRepeated,
    );
    one(
        &json!({"resourceType": "Patient", "_deceasedDateTime": {"id": "a", "extension": [{"url": "u", "valueCode": "x"}]}, "deceasedBoolean": true}),
        "Patient.deceasedBoolean",
        Kind::ChoiceRepeated,
    );
    assert_eq!(
        check(
            &json!({"resourceType": "Patient", "deceasedBoolean": true, "_deceasedBoolean": {"id": "a"}, "multipleBirthBoolean": true})
        ),
        []
    );
}

#[test]
fn nothing_is_empty() {
    one(&json!({"resourceType": "Patient", "name": []}), "Patient.name", Kind::Empty);
    one(&json!({"resourceType": "Patient", "name": [{}]}), "Patient.name[0]", Kind::Empty);
    one(&json!({"resourceType": "Patient", "name": [{"id": "a"}]}), "Patient.name[0]", Kind::Empty);
    one(&json!({"resourceType": "Patient", "name": [{"family": ""}]}), "Patient.name[0].family", Kind::Empty);
    one(&json!({"resourceType": "Patient", "_birthDate": {}}), "Patient._birthDate", Kind::Empty);
    assert_eq!(check(&json!({"resourceType": "Patient"})), []);
}

#[test]
fn what_stands_beside_a_value_belongs_to_it() {
    let name = |name: Value| json!({"resourceType": "Patient", "name": [name]});
    assert_eq!(check(&name(json!({"given": ["a", null], "_given": [null, {"id": "x"}]}))), []);
    assert_eq!(check(&name(json!({"_given": [{"id": "x"}]}))), []);
    one(&name(json!({"given": ["a", null]})), "Patient.name[0].given[1]", Kind::Pairing);
    one(&name(json!({"given": ["a", null], "_given": [{"id": "x"}, null]})), "Patient.name[0].given[1]", Kind::Pairing);
    one(&name(json!({"given": ["a", "b"], "_given": [{"id": "x"}]})), "Patient.name[0]._given", Kind::Pairing);
    one(&name(json!({"_given": [{"id": "x"}, null]})), "Patient.name[0]._given[1]", Kind::Pairing);
    one(&name(json!({"given": ["a"], "_given": [null]})), "Patient.name[0]._given", Kind::Empty);
    one(&name(json!({"given": ["a"], "_given": {"id": "x"}})), "Patient.name[0]._given", Kind::WrongType);
    one(&name(json!({"given": ["a"], "_given": ["x"]})), "Patient.name[0]._given[0]", Kind::WrongType);
    one(&name(json!({"family": "a", "_family": [{"id": "x"}]})), "Patient.name[0]._family", Kind::WrongType);
    one(&name(json!({"family": "a", "_period": {"id": "x"}})), "Patient.name[0]._period", Kind::Pairing);
    one(
        &json!({"resourceType": "Patient", "extension": [{"url": "u", "_url": {"id": "x"}, "valueCode": "a"}]}),
        "Patient.extension[0]._url",
        Kind::Pairing,
    );
    one(
        &json!({"resourceType": "Patient", "active": true, "_active": {"id": 5}}),
        "Patient._active.id",
        Kind::WrongType,
    );
    one(
        &json!({"resourceType": "Patient", "active": true, "_active": {"id": "a", "value": true}}),
        "Patient._active.value",
        Kind::UnknownElement,
    );
}

#[test]
fn an_extension_has_a_value_or_extensions() {
    let with = |extension: Value| json!({"resourceType": "Patient", "extension": [extension]});
    assert_eq!(check(&with(json!({"url": "u", "extension": [{"url": "v", "valueBoolean": true}]}))), []);
    one(&with(json!({"url": "u"})), "Patient.extension[0]", Kind::Invariant);
    one(
        &with(json!({"url": "u", "valueCode": "a", "extension": [{"url": "v", "valueCode": "a"}]})),
        "Patient.extension[0]",
        Kind::Invariant,
    );
    one(&with(json!({"valueCode": "a"})), "Patient.extension[0].url", Kind::Missing);
}

#[test]
fn narratives_are_looked_over() {
    let with = |div: &str| json!({"resourceType": "Patient", "text": {"status": "generated", "div": div}});
    assert_eq!(check(&with("<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>")), []);
    one(
        &with("<div xmlns=\"http://www.w3.org/1999/xhtml\"><script>x</script></div>"),
        "Patient.text.div",
        Kind::Narrative,
    );
}

#[test]
fn nesting_has_a_limit_here_too() {
    let mut item = json!({"linkId": "1"});
    for _ in 0..60 {
        item = json!({"linkId": "1", "item": [item]});
    }
    let problems = check(&response(&item));
    assert_eq!(problems.iter().map(|p| p.kind).collect::<Vec<_>>(), [Kind::TooDeep]);
}

#[test]
fn a_flood_of_extra_elements_hides_no_error_and_is_cut_off() {
    let mut resource = json!({"resourceType": "Patient"});
    for n in 0..500 {
        resource[format!("x{n}")] = json!(1);
    }
    resource["birthDate"] = json!("x");
    let problems = check(&resource);
    assert_eq!(problems.len(), 102);
    assert!(problems.iter().any(|p| p.path == "Patient.birthDate" && p.is_error()));
    assert!(problems[101].kind == Kind::Truncated && problems[101].text.contains("400"));
}

#[test]
fn nothing_from_the_patient_is_repeated() {
    let secret = "999990019";
    let resource = json!({"resourceType": "Patient", "id": format!("{secret}_"), "gender": secret, "birthDate": secret, secret: secret,
        format!("bsn{secret}"): 1, "identifier": [{"use": secret, "system": format!("{secret} "), "value": ""}], "name": secret,
        "contained": [{"resourceType": secret}, {"resourceType": format!("X{secret}")}], "text": {"status": secret, "div": secret}});
    let problems = check(&resource);
    assert!(problems.len() > 10, "{problems:?}");
    assert!(problems.iter().all(|problem| !problem.to_string().contains(secret)), "{problems:?}");
}
