//! From a form to a version of the plan and back to a form.

use super::super::from_response;
use super::*;
use crate::format::check;
use domain::form::{LimitsAs, ReadCtx, read};
use domain::ident::OrganisationId;
use domain::people::Name;
use domain::plan::{NextVersion, Recorder, VersionKind};
use serde_json::json;

/// Somebody.
pub(in crate::r4) fn patient() -> Patient {
    Patient {
        name: Name::of("Hendrik", "", "Hartman"),
        ..serde_json::from_value(json!({"bsn": "999911120", "name": {}, "birth_date": "1961-01-01"})).unwrap()
    }
}

fn recorder() -> Recorder {
    Recorder {
        person: None,
        client: None,
        name: "Praktijk".into(),
        role: None,
        organisation: OrganisationId::from_bits(1),
        organisation_name: "Praktijk".into(),
    }
}

/// A form with a head, one limit and two remarks.
fn source() -> Value {
    let coding = |system: &str, code: &str, display: &str| json!({"valueCoding": {"system": system, "code": code, "display": display}});
    let decision = "urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4.25.1";
    json!({
        "resourceType": "QuestionnaireResponse", "id": "theirs",
        "questionnaire": "https://api.iknl.nl/docs/pzp/r4/Questionnaire/ACP-zib2020|1.0.0-rc3", "status": "completed",
        "subject": {"reference": "Patient/theirs"},
        "item": [
            {"linkId": "963", "text": "Dag", "answer": [{"valueDateTime": "2022-11-08"}]},
            {"linkId": "7", "item": [{"linkId": "964", "answer": [{"valueString": "Hendrik"}]}, {"linkId": "966", "answer": [{"valueString": "Hartman"}]}]},
            {"linkId": "967", "answer": [{"valueDate": "1961-01-01"}]},
            {"linkId": "8", "item": [
                {"linkId": "16", "item": [{"linkId": "969", "answer": [{"valueString": "van"}]}, {"linkId": "970", "answer": [{"valueString": "Huissen"}]}]},
                {"linkId": "1405", "answer": [coding("http://fhir.nl/fhir/NamingSystem/uzi-rolcode", "01.015", "Huisarts")]}
            ]},
            {"linkId": "83", "item": [{"linkId": "1409", "item": [
                {"linkId": "1410", "answer": [coding("http://snomed.info/sct", "89666000", "cardiopulmonale resuscitatie")]},
                {"linkId": "1386", "answer": [{
                    "valueCoding": {"system": decision, "code": "2", "display": "Niet uitvoeren"},
                    "item": [{"linkId": "1002", "answer": [{"valueString": "  te zwak "}]}]
                }]}
            ]}]}
        ]
    })
}

/// The first version of a plan, recorded here from a small form.
pub(in crate::r4) fn version() -> PlanVersion {
    version_of(&source())
}

/// The first version of a plan, recorded here from this form.
pub(in crate::r4) fn version_of(form: &Value) -> PlanVersion {
    let now = "2022-11-08T17:00:00Z".parse().unwrap();
    let written_on = FhirDateTime::parse("2022-11-08").unwrap();
    let ctx = ReadCtx { limits: LimitsAs::SetHere, author: None, written_on, now };
    let input = read(&from_response(form).unwrap().answers, &ctx).unwrap().input;
    let next =
        NextVersion { kind: VersionKind::Recorded, recorder: recorder(), reason: None, input, kept_beside: vec![] };
    next.after(None, now).0
}

fn told(version: &PlanVersion, mark: Option<&Mark>, source: Option<&Value>) -> Value {
    let id = PatientId::from_bits(5);
    let response = of_version(&VersionOut {
        base: "https://here.example/fhir/r4/",
        id: &id,
        patient: &patient(),
        version,
        mark,
        source,
    });
    assert_eq!(check(&response), []);
    response
}

#[test]
fn a_version_of_our_own_tells_the_whole_plan_and_who_recorded_it() {
    let version = version();
    let told = told(&version, None, None);
    let id = PatientId::from_bits(5);
    assert_eq!(told["id"], format!("{id}-v1"));
    assert_eq!(told["meta"], json!({"versionId": "1", "lastUpdated": "2022-11-08T17:00:00.000Z"}));
    assert_eq!(
        told["identifier"],
        json!({"system": "https://here.example/fhir/r4/QuestionnaireResponse", "value": format!("{id}-v1")})
    );
    assert_eq!(told["subject"], json!({"reference": format!("Patient/{id}"), "display": "Hendrik Hartman"}));
    assert_eq!(told["source"], told["subject"]);
    let author = told["author"]["reference"].as_str().unwrap();
    assert!(author.starts_with(&format!("PractitionerRole/{id}-z")), "{author}");
    assert_eq!(told["author"]["display"], "van Huissen");
    assert_eq!((&told["authored"], &told["status"]), (&json!("2022-11-08T17:00:00Z"), &json!("completed")));
    let (back, came) = (from_response(&told).unwrap().answers, from_response(&source()).unwrap().answers);
    for link_id in ["963", "964", "966", "967", "969", "970", "1405", "1386", "1002"] {
        assert_eq!(back.find(link_id), came.find(link_id), "{link_id}");
    }
}

#[test]
fn a_form_from_elsewhere_is_told_to_the_letter() {
    let version = version();
    let told = told(&version, None, Some(&source()));
    assert_eq!(told["item"], source()["item"]);
    assert_eq!(told.get("authored"), None);
    assert_eq!(told["id"], format!("{}-v1", PatientId::from_bits(5)));
}

#[test]
fn a_version_marked_wrong_says_so_and_one_withdrawn_does_not() {
    let version = version();
    let mark = |kind| Mark { kind, reason: "x".into(), by: recorder(), at: "2023-01-01T00:00:00Z".parse().unwrap() };
    for source in [None, Some(source())] {
        let wrong = told(&version, Some(&mark(MarkKind::Wrong)), source.as_ref());
        assert_eq!(wrong["status"], "entered-in-error");
        assert_eq!(wrong["meta"], json!({"versionId": "2", "lastUpdated": "2023-01-01T00:00:00.000Z"}));
        assert_eq!(told(&version, Some(&mark(MarkKind::Withdrawn)), source.as_ref())["status"], "completed");
    }
}
