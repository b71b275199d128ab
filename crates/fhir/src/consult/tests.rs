//! Asking a source, and reading what it gives: whole, in both versions and groups, and without what cannot be read.

use super::*;
use crate::r4::receive::testing::{Record, now, somebody};
use crate::r4::{ResourceType, project};
use crate::stu3::project as stu3_project;
use domain::date::FhirDateTime;
use domain::form::{LimitsAs, ReadCtx, read as read_form, testing::filled};
use domain::patient::Patient;
use domain::plan::{Arrival, Content, Decision, TopicId, Treatment, apply};
use domain::words;
use serde_json::json;

fn record() -> Record {
    let answers = filled(&[("963", "2025-11-08"), ("1386", "2"), ("1002", "Genoeg geweest."), ("999", "713148004")]);
    let written_on = FhirDateTime::parse("2025-11-08").unwrap();
    let ctx = ReadCtx { limits: LimitsAs::SetElsewhere, author: None, written_on, now: now() };
    let input = read_form(&answers, &ctx).unwrap().input;
    Record::of(somebody(), apply(&Content::default(), &input, Arrival::Elsewhere, 1, now()).content)
}

fn blocks(record: &Record, version: Version) -> Vec<Value> {
    let of = |view: &crate::r4::View<'_>, kind| match version {
        Version::R4 => project::resources(view, kind),
        Version::Stu3 => stu3_project::resources(view, kind),
    };
    record.with(|view| ResourceType::ALL.iter().flat_map(|kind| of(view, *kind)).collect())
}

/// An answer of these resources, as a server gives it.
fn answer(resources: &[Value]) -> Value {
    let address = |r: &Value| {
        format!("https://bron.example/fhir/{}/{}", r["resourceType"].as_str().unwrap(), r["id"].as_str().unwrap())
    };
    let entries: Vec<Value> =
        resources.iter().map(|r| json!({"fullUrl": address(r), "resource": r, "search": {"mode": "match"}})).collect();
    json!({"resourceType": "Bundle", "type": "searchset", "entry": entries})
}

fn read(resources: &[Value], version: Version, group: Group, patient: &Patient) -> Option<Read> {
    let theirs = resources.iter().find(|r| r["resourceType"] == "Patient").unwrap();
    let mut gathered = Gathered::default();
    gathered.take(answer(resources));
    let mut new_id = || 7;
    gathered.read(Asked { version, group, patient, theirs }, &mut Ctx { now: now(), new_id: &mut new_id })
}

fn cpr(content: &Content) -> Option<&Decision> {
    content.directive(Treatment::Cpr)?.value().map(|d| &d.decision)
}

#[test]
fn the_requests_are_those_of_the_standard() {
    for (version, group, count) in [
        (Version::R4, Group::Blocks, 7),
        (Version::Stu3, Group::Blocks, 8),
        (Version::R4, Group::Form, 1),
        (Version::Stu3, Group::Form, 1),
    ] {
        let all = searches(version, group, "abc");
        assert_eq!(all.len(), count);
        for search in &all {
            assert!(search.contains("=Patient/abc&") && !search.contains(['|', ' ']), "{search}");
        }
    }
    let all = searches(Version::R4, Group::Blocks, "abc");
    assert_eq!(
        all[1],
        "Consent?patient=Patient/abc&scope=http://terminology.hl7.org/CodeSystem/consentscope%7Ctreatment\
         &category=http://snomed.info/sct%7C129125009&_include=Consent:actor"
    );
    let (path, body) = find_patient(&somebody().bsn);
    assert!(!path.contains("999911120") && body.ends_with("%7C999911120"), "{path} {body}");
}

#[test]
fn building_blocks_give_the_plan_back_in_both_versions() {
    let record = record();
    for version in [Version::R4, Version::Stu3] {
        let read = read(&blocks(&record, version), version, Group::Blocks, &record.patient).unwrap();
        let content = read.content.unwrap();
        assert_eq!((cpr(&content), read.left_out), (Some(&Decision::DoNot), 0), "{version:?}");
        let said = words::said(&content, TopicId::Cpr).unwrap();
        assert_eq!(said.comment.as_deref(), Some("Genoeg geweest."));
        assert_eq!(said.said_on.unwrap().as_str(), "2025-11-08");
    }
}

#[test]
fn a_reference_that_leads_nowhere_loses_nothing() {
    let record = record();
    let few: Vec<Value> = blocks(&record, Version::R4)
        .into_iter()
        .filter(|r| !matches!(r["resourceType"].as_str(), Some("Encounter" | "PractitionerRole" | "Practitioner")))
        .collect();
    let mut gathered = Gathered::default();
    gathered.take(answer(&few));
    let missing = gathered.missing("https://bron.example/fhir");
    assert!(missing.iter().any(|r| r.starts_with("Encounter/")), "{missing:?}");
    assert!(missing.iter().all(|r| !r.starts_with("Patient/")), "{missing:?}");
    let read = read(&few, Version::R4, Group::Blocks, &record.patient).unwrap();
    assert_eq!((cpr(&read.content.unwrap()), read.left_out), (Some(&Decision::DoNot), 0));
}

#[test]
fn what_cannot_be_read_is_left_out_and_counted() {
    let record = record();
    let mut all = blocks(&record, Version::R4);
    let goal = all.iter_mut().find(|r| r["resourceType"] == "Goal").unwrap();
    goal["description"]["coding"][0]["code"] = "0".into();
    let read_all = read(&all, Version::R4, Group::Blocks, &record.patient).unwrap();
    let content = read_all.content.unwrap();
    assert_eq!((read_all.left_out, cpr(&content)), (1, Some(&Decision::DoNot)));
    assert!(content.goal.value().is_none());
    // Of another patient nothing is looked at.
    for consent in all.iter_mut().filter(|r| r["resourceType"] == "Consent") {
        consent["patient"] = json!({"reference": "Patient/een-ander"});
    }
    let read_none = read(&all, Version::R4, Group::Blocks, &record.patient);
    assert!(read_none.is_none_or(|r| r.content.is_none_or(|c| cpr(&c).is_none())));
}

#[test]
fn a_patient_with_much_else_is_the_patient_all_the_same() {
    let record = record();
    let mut all = blocks(&record, Version::R4);
    let theirs = all.iter_mut().find(|r| r["resourceType"] == "Patient").unwrap();
    theirs["identifier"] = json!([{"system": "https://bron.example/nummers", "value": "12"}]);
    theirs["maritalStatus"] =
        json!({"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "?"}]});
    let read = read(&all, Version::R4, Group::Blocks, &record.patient).unwrap();
    assert_eq!(cpr(&read.content.unwrap()), Some(&Decision::DoNot));
}

#[test]
fn a_source_without_a_plan_is_no_failure_and_nonsense_is() {
    let record = record();
    let all = blocks(&record, Version::R4);
    let patient: Vec<Value> = all.into_iter().filter(|r| r["resourceType"] == "Patient").collect();
    for group in [Group::Blocks, Group::Form] {
        let read = read(&patient, Version::R4, group, &record.patient).unwrap();
        assert!(read.content.is_none() && read.left_out == 0);
    }
    let nonsense = [patient, vec![json!({"resourceType": "Consent", "id": "x", "what": 1})]].concat();
    assert!(read(&nonsense, Version::R4, Group::Blocks, &record.patient).is_none());
}

#[test]
fn forms_are_laid_upon_each_other_the_newest_last() {
    let record = record();
    let form = |id: &str, day: &str, status: &str, code: &str| {
        let decision =
            json!({"system": "urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4.25.1", "code": code, "display": "x"});
        json!({
            "resourceType": "QuestionnaireResponse", "id": id, "status": status, "authored": day,
            "questionnaire": "https://api.iknl.nl/docs/pzp/r4/Questionnaire/ACP-zib2020|1.0.0-rc3",
            "subject": {"reference": "Patient/p"}, "author": {"reference": "PractitionerRole/nergens"},
            "item": [
                {"linkId": "963", "answer": [{"valueDateTime": day}]},
                {"linkId": "83", "item": [{"linkId": "1409", "item": [{"linkId": "1386", "answer": [{"valueCoding": decision}]}]}]},
            ],
        })
    };
    let patient = json!({"resourceType": "Patient", "id": "p", "identifier": [{"system": Bsn::SYSTEM, "value": "999911120"}],
        "name": [{"use": "official", "family": "de Vries"}], "birthDate": "1940-02-03"});
    let all = [
        patient,
        form("2", "2025-02-02", "completed", "0"),
        form("1", "2024-01-01", "completed", "2"),
        form("3", "2026-01-01", "entered-in-error", "2"),
        form("4", "2026-02-01", "completed", "9"),
    ];
    let read = read(&all, Version::R4, Group::Form, &record.patient).unwrap();
    let content = read.content.unwrap();
    assert_eq!((cpr(&content), read.left_out), (Some(&Decision::Perform), 1));
    assert_eq!(words::said(&content, TopicId::Cpr).unwrap().said_on.unwrap().as_str(), "2025-02-02");
}

#[test]
fn another_date_of_birth_or_number_is_another_patient() {
    let patient = somebody();
    let theirs = |born: &str, family: &str| {
        json!({"resourceType": "Patient", "id": "p", "birthDate": born, "name": [{"family": family}],
            "identifier": [{"system": Bsn::SYSTEM, "value": "999911120"}]})
    };
    assert_eq!(identity(&theirs("1940-02-03", "de Vries"), &patient), Identity::Same);
    assert_eq!(identity(&theirs("1940", "Vries-Jansen"), &patient), Identity::Same);
    assert_eq!(identity(&theirs("1940-02-03", "Bakker"), &patient), Identity::OtherName);
    assert_eq!(identity(&theirs("1940-02-04", "de Vries"), &patient), Identity::Another);
    let mut other = theirs("1940-02-03", "de Vries");
    other["identifier"][0]["value"] = "999900006".into();
    assert_eq!(identity(&other, &patient), Identity::Another);
}
