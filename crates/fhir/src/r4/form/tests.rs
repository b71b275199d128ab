//! Forms in and out.

use super::*;
use crate::format::{IssueType, Problem, check, has_errors};
use crate::r4::standard_files;
use domain::code::Coding;
use domain::date::FhirDateTime;
use domain::form::{Answer, Answers, Item, Kind, Question, Value as FormValue, children};
use domain::ident::Bsn;
use domain::plan::Identifier;
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

fn response(change: impl FnOnce(&mut Value)) -> Value {
    let mut response = json!({
        "resourceType": "QuestionnaireResponse",
        "questionnaire": "https://api.iknl.nl/docs/pzp/r4/Questionnaire/ACP-zib2020|1.0.0-rc3",
        "status": "completed",
        "subject": {"reference": "Patient/a"},
        "authored": "2025-08-25T19:14:50.150Z",
        "item": [{"linkId": "963", "answer": [{"valueDateTime": "2020-10-01"}]}]
    });
    change(&mut response);
    response
}

fn read(change: impl FnOnce(&mut Value)) -> Result<ResponseIn, Vec<Problem>> {
    from_response(&response(change))
}

/// The one problem of a form, by path and code.
fn refused(change: impl FnOnce(&mut Value)) -> (String, IssueType) {
    let problems = read(change).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(has_errors(&problems) && problems[0].text.len() > 20);
    (problems[0].path.clone(), problems[0].code)
}

fn out<'a>(identifier: Option<&'a Identifier>, authored: &'a FhirDateTime) -> ResponseOut<'a> {
    ResponseOut {
        id: "p-v1",
        version_id: "1",
        last_updated: Timestamp::UNIX_EPOCH,
        identifier,
        wrong: false,
        subject: Who { reference: "Patient/p", display: Some("Hendrik Hartman") },
        author: Some(Who { reference: "PractitionerRole/p-z1", display: None }),
        authored,
    }
}

#[test]
fn what_stands_around_the_answers_is_read() {
    let read = read(|r| {
        r["author"] = json!({"reference": "PractitionerRole/z"});
        r["source"] = json!({"reference": "Patient/a"});
        r["identifier"] = json!({"system": "urn:x", "value": "1", "type": {"coding": [{"code": "RI"}]}});
    })
    .unwrap();
    assert_eq!(read.subject, Subject::Reference { kind: "Patient".into(), id: "a".into() });
    assert_eq!((read.author.as_deref(), read.source.as_deref()), (Some("PractitionerRole/z"), Some("Patient/a")));
    assert_eq!(read.identifier.unwrap().kind.unwrap().code, "RI");
    assert_eq!((read.status.as_str(), read.authored.unwrap().as_str()), ("completed", "2025-08-25T19:14:50.150Z"));
    assert_eq!(read.kept, []);
}

#[test]
fn the_form_goes_by_several_names_and_no_other() {
    for known in [
        "https://api.iknl.nl/docs/pzp/r4/Questionnaire/ACP-zib2020",
        "https://api.iknl.nl/docs/pzp/r4/Questionnaire/ACP-zib2020|1.0.0-rc2",
        "https://fhir.iknl.nl/fhir/Questionnaire/ACP-zib2020",
        "https://fhir.iknl.nl/fhir/Questionnaire/ACP-zib2020|0.1.3-beta3",
        "https://any.example/fhir/r4/Questionnaire/tijdig-pzp|1.0.0-rc3",
    ] {
        assert!(read(|r| r["questionnaire"] = known.into()).is_ok(), "{known}");
    }
    for unknown in [
        "https://api.iknl.nl/docs/pzp/stu3/Questionnaire/ACP-zib2017",
        "https://api.iknl.nl/docs/pzp/r4/Questionnaire/ACP-zib2020x",
        "https://any.example/tijdig-pzp",
        "http://example.org/Questionnaire/other|1",
    ] {
        assert_eq!(
            refused(|r| r["questionnaire"] = unknown.into()),
            ("QuestionnaireResponse.questionnaire".into(), IssueType::NotSupported)
        );
    }
    let unnamed = read(|r| drop(r.as_object_mut().unwrap().remove("questionnaire"))).unwrap();
    assert_eq!((unnamed.questionnaire, unnamed.kept.len()), (None, 1));
}

#[test]
fn only_a_finished_form_counts() {
    assert_eq!(read(|r| r["status"] = "amended".into()).unwrap().status, "amended");
    for status in ["in-progress", "entered-in-error", "stopped"] {
        assert_eq!(
            refused(|r| r["status"] = status.into()),
            ("QuestionnaireResponse.status".into(), IssueType::BusinessRule)
        );
    }
    assert_eq!(refused(|r| r["status"] = "done".into()).1, IssueType::CodeInvalid);
    assert_eq!(refused(|r| drop(r.as_object_mut().unwrap().remove("status"))).1, IssueType::Required);
}

#[test]
fn the_subject_may_be_named_in_each_way() {
    let subject = |subject: Value| read(|r| r["subject"] = subject).map(|read| (read.subject, read.subject_bsn));
    let patient = Subject::Reference { kind: "Patient".into(), id: "a".into() };
    let bsn = Bsn::parse("999911120").unwrap();
    let number = json!({"system": Bsn::SYSTEM, "value": "999911120"});
    assert_eq!(
        subject(json!({"reference": "https://here.example/fhir/r4/Patient/a/_history/2"})),
        Ok((patient.clone(), None))
    );
    assert_eq!(subject(json!({"reference": "urn:uuid:1"})), Ok((Subject::InBundle("urn:uuid:1".into()), None)));
    assert_eq!(subject(json!({"identifier": number})), Ok((Subject::Bsn(bsn.clone()), Some(bsn.clone()))));
    assert_eq!(subject(json!({"reference": "Patient/a", "identifier": number})), Ok((patient, Some(bsn))));
    assert_eq!(subject(json!({"display": "x"})), Ok((Subject::Missing, None)));
    assert_eq!(
        refused(|r| r["subject"] = json!({"reference": "Group/a"})).0,
        "QuestionnaireResponse.subject.reference"
    );
    let wrong = json!({"identifier": {"system": Bsn::SYSTEM, "value": "999911121"}});
    let problems = read(|r| r["subject"] = wrong).unwrap_err();
    assert_eq!(problems[0].path, "QuestionnaireResponse.subject.identifier.value");
    assert!(!format!("{problems:?}").contains("999911121"));
}

#[test]
fn each_problem_has_its_path() {
    let item = |item: Value| {
        move |r: &mut Value| r["item"] = json!([{"linkId": "963", "answer": [{"valueDateTime": "2020"}]}, item])
    };
    for (bad, path) in [
        (json!({"linkId": ""}), "item[1].linkId"),
        (json!("x"), "item[1]"),
        (json!({"linkId": "a", "answer": {}}), "item[1].answer"),
        (json!({"linkId": "a", "item": {}}), "item[1].item"),
        (json!({"linkId": "a", "answer": [{}]}), "item[1].answer[0].value[x]"),
        (json!({"linkId": "a", "answer": [{"valueString": "a", "valueBoolean": true}]}), "item[1].answer[0].value[x]"),
        (json!({"linkId": "a", "answer": [{"valueDecimal": 1}]}), "item[1].answer[0].valueDecimal"),
        (json!({"linkId": "a", "answer": [{"valueBoolean": "ja"}]}), "item[1].answer[0].valueBoolean"),
        (json!({"linkId": "a", "answer": [{"valueString": 1}]}), "item[1].answer[0].valueString"),
        (json!({"linkId": "a", "answer": [{"valueDate": "1 mei"}]}), "item[1].answer[0].valueDate"),
        (json!({"linkId": "a", "answer": [{"valueDate": "2020-10-01T10:00:00Z"}]}), "item[1].answer[0].valueDate"),
        (json!({"linkId": "a", "answer": [{"valueDateTime": "2020-13"}]}), "item[1].answer[0].valueDateTime"),
        (json!({"linkId": "a", "answer": [{"valueCoding": {"display": "x"}}]}), "item[1].answer[0].valueCoding.code"),
        (json!({"linkId": "a", "modifierExtension": [{"url": "x"}]}), "item[1].modifierExtension"),
        (
            json!({"linkId": "a", "item": [{"linkId": "b", "answer": [{"valueString": "x", "item": [{"linkId": "c", "answer": [{"valueInteger": 1}]}]}]}]}),
            "item[1].item[0].answer[0].item[0].answer[0].valueInteger",
        ),
    ] {
        assert_eq!(refused(item(bad)).0, format!("QuestionnaireResponse.{path}"));
    }
    assert_eq!(refused(|r| r["item"] = json!([])), ("QuestionnaireResponse.item".into(), IssueType::Required));
    assert_eq!(refused(|r| r["modifierExtension"] = json!([{"url": "x"}])).1, IssueType::Extension);
    assert_eq!(refused(|r| r["implicitRules"] = "x".into()).1, IssueType::Extension);
    assert_eq!(refused(|r| r["authored"] = "gisteren".into()).0, "QuestionnaireResponse.authored");
    assert!(from_response(&json!({"resourceType": "Patient"})).is_err() && from_response(&json!([])).is_err());
}

#[test]
fn what_has_no_place_is_kept_and_named() {
    let read = read(|r| {
        r["encounter"] = json!({"reference": "Encounter/1"});
        r["item"][0]["extension"] = json!([{"url": "x", "valueString": "y"}]);
        r["item"][0]["answer"][0]["extension"] = json!([{"url": "x", "valueString": "y"}]);
    })
    .unwrap();
    let paths: Vec<&str> = read.kept.iter().map(|p| p.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "QuestionnaireResponse.encounter",
            "QuestionnaireResponse.item[0].extension",
            "QuestionnaireResponse.item[0].answer[0].extension"
        ]
    );
    assert!(!has_errors(&read.kept));
}

#[test]
fn children_beside_an_answer_are_read_beneath_it_and_keep_their_path() {
    let choice = |system: &str, code: &str| json!({"valueCoding": {"system": system, "code": code}});
    let role = "urn:oid:2.16.840.1.113883.2.4.3.11.22.472";
    let read = read(|r| {
        r["item"] = json!([{"linkId": "26", "item": [
            {"linkId": "1651", "answer": [{"valueBoolean": true, "item": [{"linkId": "1407", "answer": [{"valueString": "a"}]}]}],
                "item": [{"linkId": "1407", "answer": [{"valueString": ""}]}]},
            {"linkId": "29", "item": [
                {"linkId": "982", "answer": [choice(role, "24"), choice(role, "09")], "item": [{"linkId": "411", "answer": [{"valueString": ""}]}]}
            ]}
        ]}]);
    })
    .unwrap();
    let capacity = &read.answers.items[0].items[0];
    assert_eq!((capacity.items.len(), capacity.answers[0].items.len()), (0, 2));
    let roles = &read.answers.items[0].items[1].items[0];
    // Beneath the answer that makes it asked.
    assert_eq!((roles.answers[0].items.len(), roles.answers[1].items[0].link_id.as_str()), (0, "411"));
    let problems: Vec<Problem> = domain::form::check(&read.answers, "2026-11-22".parse().unwrap())
        .iter()
        .map(|found| read.problem(found))
        .collect();
    let paths: Vec<&str> = problems.iter().map(|p| p.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            // Second beneath the answer, first beside it.
            "QuestionnaireResponse.item[0].item[0].item[0]",
            "QuestionnaireResponse.item[0].item[1].item[0].item[0].answer[0]",
        ]
    );
    assert!(has_errors(&problems));
}

#[test]
fn a_version_of_our_own_names_the_standards_form() {
    let answers = Answers {
        items: vec![
            Item::question("964", vec![Answer::of(FormValue::Text("  Hendrik ".into()))]),
            Item::group("8", vec![]),
        ],
    };
    let identifier = Identifier { kind: None, system: Some("urn:x".into()), value: Some("1".into()) };
    let authored = FhirDateTime::parse("2022-11-08").unwrap();
    let mut around = out(Some(&identifier), &authored);
    let response = to_response(&answers, &around);
    assert_eq!(check(&response), []);
    assert_eq!(
        response,
        json!({
            "resourceType": "QuestionnaireResponse", "id": "p-v1", "meta": {"versionId": "1", "lastUpdated": "1970-01-01T00:00:00.000Z"},
            "identifier": {"system": "urn:x", "value": "1"},
            "questionnaire": "https://api.iknl.nl/docs/pzp/r4/Questionnaire/ACP-zib2020|1.0.0-rc3", "status": "completed",
            "subject": {"reference": "Patient/p", "display": "Hendrik Hartman"}, "authored": "2022-11-08",
            "author": {"reference": "PractitionerRole/p-z1"}, "source": {"reference": "Patient/p", "display": "Hendrik Hartman"},
            // Blanks stay; an empty group has nothing to say.
            "item": [{"linkId": "964", "answer": [{"valueString": "  Hendrik "}]}]
        })
    );
    around.wrong = true;
    assert_eq!(to_response(&answers, &around)["status"], "entered-in-error");
}

#[test]
fn a_form_from_elsewhere_comes_back_to_the_letter() {
    let source = response(|r| {
        r["id"] = "theirs".into();
        r["meta"] = json!({"versionId": "9", "lastUpdated": "2020-01-01T00:00:00Z", "tag": [{"code": "lformsVersion: 42.2.0"}]});
        r["item"][0]["text"] = "  Dag  van het gesprek ".into();
        r["author"] = json!({"reference": "PractitionerRole/theirs"});
    });
    let authored = FhirDateTime::parse("2030").unwrap();
    let mut around = out(None, &authored);
    let back = from_source(&source, &around);
    let mut expected = source.clone();
    expected["id"] = "p-v1".into();
    expected["meta"] = json!({"versionId": "1", "lastUpdated": "1970-01-01T00:00:00.000Z", "tag": [{"code": "lformsVersion: 42.2.0"}]});
    expected["subject"] = json!({"reference": "Patient/p", "display": "Hendrik Hartman"});
    assert_eq!(back, expected);
    let keys: Vec<&String> = back.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        ["resourceType", "id", "meta", "questionnaire", "status", "subject", "authored", "item", "author"]
    );
    around.wrong = true;
    assert_eq!(from_source(&source, &around)["status"], "entered-in-error");
    let nobody = response(|r| drop(r.as_object_mut().unwrap().remove("subject")));
    assert_eq!(from_source(&nobody, &around)["subject"]["reference"], "Patient/p");
}

#[test]
fn the_guides_forms_are_read_whole_and_come_back() {
    for name in ["20201001", "20221108"] {
        let path = format!("examples/QuestionnaireResponse-HendrikHartman-{name}.json");
        let Some(text) = standard_files::text(&path, "reading the guide's filled-in forms") else { return };
        let source: Value = serde_json::from_str(&text).unwrap();
        let read = from_response(&source).unwrap();
        assert_eq!(read.kept, []);
        assert_eq!(domain::form::check(&read.answers, "2026-11-22".parse().unwrap()), []);
        let authored = read.authored.clone().unwrap();
        let ours = to_response(&read.answers, &out(None, &authored));
        assert_eq!(check(&ours), []);
        let mut theirs = source.clone();
        without_texts(&mut theirs["item"]);
        assert_eq!(ours["item"], theirs["item"]);
        assert_eq!(from_source(&source, &out(None, &authored))["item"], source["item"]);
    }
}

/// Without the wording that our own items leave out.
fn without_texts(items: &mut Value) {
    for item in items.as_array_mut().into_iter().flatten() {
        let map = item.as_object_mut().unwrap();
        map.remove("text");
        if let Some(items) = map.get_mut("item") {
            without_texts(items);
        }
        for answer in map.get_mut("answer").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(items) = answer.get_mut("item") {
                without_texts(items);
            }
        }
    }
}

/// Answers to some of the questions beneath one, by a stream of numbers.
fn some(parent: Option<&str>, numbers: &mut impl Iterator<Item = u16>) -> Vec<Item> {
    children(parent).iter().filter_map(|question| some_of(question, numbers)).collect()
}

fn some_of(question: &'static Question, numbers: &mut impl Iterator<Item = u16>) -> Option<Item> {
    let n = usize::from(numbers.next()?);
    if question.is_group() {
        return Some(Item::group(question.link_id, some(Some(question.link_id), numbers)))
            .filter(|item| !item.is_empty());
    }
    if n % 3 == 0 {
        return None;
    }
    let value = match question.kind {
        Kind::Boolean => FormValue::Boolean(n % 2 == 0),
        Kind::Date => FormValue::Date(FhirDateTime::parse("1961-01-01").unwrap()),
        Kind::DateTime => FormValue::DateTime(FhirDateTime::parse("2020-10-01T16:27:36.364Z").unwrap()),
        Kind::Choice { .. } => {
            let options = question.options();
            let choice = options[n % options.len()];
            FormValue::Coding(Coding { display: (n % 2 == 0).then(|| choice.display.into()), ..choice.coding() })
        }
        Kind::Text | Kind::Group { .. } => FormValue::Text([" a  b\n", "é✓", "x"][n % 3].into()),
    };
    Some(Item::question(question.link_id, vec![Answer { value, items: some(Some(question.link_id), numbers) }]))
}

proptest! {
    #[test]
    fn whatever_is_answered_survives_both_ways(numbers in proptest::collection::vec(any::<u16>(), 129)) {
        let answers = Answers { items: some(None, &mut numbers.into_iter()) };
        prop_assume!(!answers.is_empty());
        let authored = FhirDateTime::parse("2020").unwrap();
        let response = to_response(&answers, &out(None, &authored));
        prop_assert_eq!(check(&response), vec![]);
        prop_assert_eq!(from_response(&response).unwrap().answers, answers);
    }
}
