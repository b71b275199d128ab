//! The form in a Bundle.

use super::super::testing::{receive, recorded, transaction};
use crate::r4::standard_files::text;
use crate::r4::{ResourceType as R, project};
use domain::plan::{Decision, SetBy, Treatment, VersionKind};
use serde_json::{Value, json};

fn patient() -> Value {
    json!({"resourceType": "Patient", "id": "p", "identifier": [{"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": "999911120"}],
        "name": [{"use": "official", "family": "Vries"}], "birthDate": "1940-02-03"})
}

fn doctor() -> Value {
    json!({"resourceType": "PractitionerRole", "id": "z", "identifier": [{"system": "https://bron.voorbeeld.nl", "value": "z1"}], "practitioner": {"reference": "Practitioner/w"},
        "specialty": [{"coding": [{"system": "http://fhir.nl/fhir/NamingSystem/uzi-rolcode", "code": "01.015", "display": "Huisarts"}]}]})
}

fn practitioner() -> Value {
    json!({"resourceType": "Practitioner", "id": "w", "identifier": [{"system": "http://fhir.nl/fhir/NamingSystem/agb-z", "value": "01999999"}], "name": [{"use": "official", "family": "Wit"}]})
}

fn form() -> Value {
    json!({"resourceType": "QuestionnaireResponse", "id": "f", "questionnaire": "https://api.iknl.nl/docs/pzp/r4/Questionnaire/ACP-zib2020|1.0.0-rc3",
    "status": "completed", "subject": {"reference": "Patient/p"}, "authored": "2022-11-09T08:00:00Z", "author": {"reference": "PractitionerRole/z"},
    "item": [
        {"linkId": "963", "answer": [{"valueDateTime": "2022-11-08"}]},
        {"linkId": "7", "item": [{"linkId": "966", "answer": [{"valueString": "Vries"}]}]},
        {"linkId": "967", "answer": [{"valueDate": "1940-02-03"}]},
        {"linkId": "8", "item": [{"linkId": "16", "item": [{"linkId": "970", "answer": [{"valueString": "Wit"}]}]}]},
        {"linkId": "26", "item": [{"linkId": "29", "item": [{"linkId": "30", "item": [{"linkId": "975", "answer": [{"valueString": "Berg"}]}]}]}]},
        {"linkId": "83", "item": [{"linkId": "1409", "item": [{"linkId": "1386", "answer": [
            {"valueCoding": {"system": "urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4.25.1", "code": "2", "display": "Niet uitvoeren"}}]}]}]}
    ]})
}

#[test]
fn a_form_in_a_bundle_is_read_with_the_people_it_names() {
    let daughter = json!({"resourceType": "RelatedPerson", "id": "d", "patient": {"reference": "Patient/p"}, "identifier": [{"system": "https://bron.voorbeeld.nl", "value": "d1"}],
        "name": [{"use": "official", "family": "Berg"}], "address": [{"city": "Utrecht"}]});
    let stranger = json!({"resourceType": "RelatedPerson", "id": "s", "patient": {"reference": "Patient/p"}, "name": [{"use": "official", "family": "Bos"}]});
    let all = [patient(), form(), doctor(), practitioner(), daughter, stranger];
    let delivery = receive(&transaction(&all)).unwrap();
    assert_eq!((delivery.kind, delivery.form.as_ref()), (VersionKind::DeliveredForm, Some(&form())));
    let content = &delivery.input.content;
    let doctor = &content.professionals[0];
    assert_eq!((content.professionals.len(), doctor.agb.as_ref().unwrap().as_str()), (1, "01999999"));
    let cpr = content.directives[&Treatment::Cpr].value().unwrap();
    assert_eq!(
        (&cpr.decision, cpr.set_by.as_ref()),
        (&Decision::DoNot, Some(&SetBy::Elsewhere { by: Some(doctor.key), may: Some(true) }))
    );
    assert_eq!(
        (content.people.len(), content.people[0].address.as_ref().unwrap().city.as_deref()),
        (1, Some("Utrecht"))
    );
    assert_eq!(delivery.kept.iter().map(|p| p.path.as_str()).collect::<Vec<_>>(), ["Bundle.entry[5].resource"]);

    let (record, applied) = recorded(&delivery);
    let places = delivery.locations(&applied, 7);
    assert_eq!(places[1], Some((R::QuestionnaireResponse, "v7".into())));
    let person = record.with(|v| project::resource(v, R::RelatedPerson, &places[4].as_ref().unwrap().1)).unwrap();
    assert_eq!(person["identifier"][0]["value"], "d1");
    assert_eq!(places[5], None);
}

#[test]
fn a_form_about_somebody_else_is_refused() {
    let mut other = form();
    other["item"][2]["answer"][0]["valueDate"] = "1941-02-03".into();
    let problems = receive(&transaction(&[patient(), other, doctor(), practitioner()])).unwrap_err();
    assert_eq!(problems[0].path, "Bundle.entry[1].resource.item[2]");

    let mut spelt = form();
    spelt["item"][1]["item"][0]["answer"][0]["valueString"] = "Fries".into();
    let delivery = receive(&transaction(&[patient(), spelt, doctor(), practitioner()])).unwrap();
    assert_eq!(delivery.kept[0].path, "Bundle.entry[1].resource.item[1].item[0]");
}

#[test]
fn a_problem_of_the_form_has_its_place_in_the_bundle() {
    let mut wrong = form();
    wrong["item"][5]["item"][0]["item"][0]["answer"][0]["valueCoding"]["code"] = "7".into();
    let problems = receive(&transaction(&[patient(), wrong, doctor(), practitioner()])).unwrap_err();
    assert!(problems[0].path.starts_with("Bundle.entry[1].resource.item[5].item[0].item[0]"), "{}", problems[0].path);
    let mut draft = form();
    draft["status"] = "in-progress".into();
    let problems = receive(&transaction(&[patient(), draft, doctor(), practitioner()])).unwrap_err();
    assert_eq!(problems[0].path, "Bundle.entry[1].resource.status");
}

#[test]
fn the_guides_forms_are_read() {
    let of = |file: &str| {
        text(&format!("examples/{file}"), "the guide's forms").map(|t| serde_json::from_str::<Value>(&t).unwrap())
    };
    let (Some(patient), Some(role), Some(doctor)) = (
        of("Patient-ACP-Patient-HendrikHartman-Pat1.json"),
        of("PractitionerRole-ACP-HealthProfessional-PractitionerRole-DrVanHuissen-Pat1.json"),
        of("Practitioner-ACP-HealthProfessional-Practitioner-DrVanHuissen-Pat1.json"),
    ) else {
        return;
    };
    let person = of("RelatedPerson-ACP-ContactPerson-MichielHartman-Pat1.json").unwrap();
    for date in ["20201001", "20221108"] {
        let form = of(&format!("QuestionnaireResponse-HendrikHartman-{date}.json")).unwrap();
        let delivery =
            receive(&transaction(&[patient.clone(), role.clone(), doctor.clone(), person.clone(), form.clone()]))
                .unwrap();
        assert_eq!(delivery.form.as_ref(), Some(&form));
        assert!(delivery.input.content.directives.len() >= 6);
        let (record, _) = recorded(&delivery);
        assert!(record.blocks().len() > 20);
    }
}

#[test]
fn a_form_by_itself_is_read_the_same() {
    let written_on = domain::date::FhirDateTime::parse("2026-11-23").unwrap();
    let of = |form: &Value| super::super::response(form, super::super::testing::now(), &written_on);
    let read = of(&form()).unwrap();
    assert_eq!(read.identity.birth_date.as_ref().unwrap().as_str(), "1940-02-03");
    assert_eq!(read.input.content.directives.len(), 1);
    assert_eq!(read.kept, []);
    let mut again = form();
    again["id"] = "ander".into();
    again["meta"] = json!({"versionId": "9"});
    assert_eq!(of(&again).unwrap().same_as, read.same_as);
    let mut future = form();
    future["authored"] = "2027-01-01T00:00:00Z".into();
    assert_eq!(of(&future).unwrap_err()[0].path, "QuestionnaireResponse.authored");
    future["authored"] = "gisteren".into();
    assert_eq!(of(&future).unwrap_err()[0].path, "QuestionnaireResponse.authored");
    assert!(of(&json!({"resourceType": "Patient"})).is_err());
}
