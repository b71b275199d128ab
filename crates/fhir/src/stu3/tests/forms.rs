//! The form on zib2017: the guide's own filled-in forms, read and written.

use crate::format::{Version, check_as, from_xml_as, to_xml_as};
use crate::r4::form::from_response;
use crate::r4::receive::testing::{now, recorded, transaction};
use crate::r4::standard_files::text;
use crate::stu3::{down, form, receive};
use domain::date::FhirDateTime;
use domain::form::{CurrentHead, LimitsAs, ReadCtx, modernise, read, write};
use domain::plan::{Arrival, Content, apply};
use serde_json::{Value, json};

const YEARS: [&str; 2] = ["20201001", "20221108"];

fn filled_in(year: &str) -> Option<Value> {
    let path = format!("stu3/examples/QuestionnaireResponse-HendrikHartman-{year}.json");
    Some(serde_json::from_str(&text(&path, "the guide's STU3 forms")?).unwrap())
}

/// Link ids with what was answered, in order; displays, blanks of time and the order of what is beside each other do not count.
fn answers(form: &Value) -> Vec<(String, Value)> {
    let mut out = Vec::new();
    for item in form["item"].as_array().into_iter().flatten() {
        for answer in item["answer"].as_array().into_iter().flatten() {
            let (key, value) = answer.as_object().unwrap().iter().find(|(k, _)| k.starts_with("value")).unwrap();
            let mut value = value.clone();
            if let Some(coding) = value.as_object_mut() {
                coding.remove("display");
            }
            out.push((item["linkId"].as_str().unwrap().to_owned(), json!({ key: value })));
            out.extend(answers(answer));
        }
        out.extend(answers(item));
    }
    out
}

#[test]
fn the_guides_forms_are_read_and_written_again() {
    for year in YEARS {
        let Some(form) = filled_in(year) else { return };
        assert!(form::is_stu3(&form));
        let over = receive::response(&form).unwrap_or_else(|p| panic!("{p:#?}"));
        assert_eq!(over.kept, []);
        let response = from_response(&over.response).unwrap_or_else(|p| panic!("{p:#?}"));
        let (current, notes) = modernise(response.answers.clone());
        assert_eq!((current == response.answers, notes), (true, vec![]), "nothing is left of an older form");
        let ctx = ReadCtx {
            limits: LimitsAs::SetElsewhere,
            author: None,
            written_on: FhirDateTime::parse("2026-11-23").unwrap(),
            now: now(),
        };
        let plan = read(&response.answers, &ctx).unwrap_or_else(|p| panic!("{p:#?}"));
        let applied = apply(&Content::default(), &plan.input, Arrival::Elsewhere, 1, now());
        let patient = domain::patient::Patient {
            name: plan.identity.name,
            birth_date: plan.identity.birth_date.unwrap(),
            ..crate::r4::receive::testing::somebody()
        };
        let head = CurrentHead { conversation: applied.content.newest_conversation().unwrap().key };
        let written = write(&applied.content, &head, &patient);
        let out = crate::r4::form::ResponseOut {
            id: "a",
            version_id: "1",
            last_updated: now(),
            identifier: None,
            wrong: false,
            subject: crate::r4::form::Who { reference: "Patient/a", display: None },
            author: None,
            authored: &FhirDateTime::of_moment(now()),
        };
        let told = down(crate::r4::form::to_response(&written, &out)).unwrap();
        assert_eq!(check_as(Version::Stu3, &told), []);
        assert_eq!(answers(&told), answers(&form), "{year}");
        assert_eq!(
            told["questionnaire"]["reference"],
            "https://api.iknl.nl/docs/pzp/stu3/Questionnaire/ACP-zib2017|1.0.0-rc2"
        );
    }
}

#[test]
fn a_form_in_a_bundle_is_kept_to_the_letter() {
    let Some(form) = filled_in("20221108") else { return };
    let patient: Value = serde_json::from_str(
        &text("stu3/examples/Patient-ACP-Patient-HendrikHartman-Pat1.json", "the patient").unwrap(),
    )
    .unwrap();
    let others = [
        "Practitioner-ACP-HealthProfessional-Practitioner",
        "PractitionerRole-ACP-HealthProfessional-PractitionerRole",
    ];
    let mut all = vec![patient, form.clone()];
    for other in others {
        let path = format!("stu3/examples/{other}-DrVanHuissen-Pat1.json");
        all.push(serde_json::from_str(&text(&path, "the professional").unwrap()).unwrap());
    }
    // The guide's form has another date of birth than its patient.
    all[1]["item"][2]["answer"][0]["valueDate"] = "1961-03-21".into();
    let delivery = super::examples::receive(&transaction(&all)).unwrap_or_else(|p| panic!("{p:#?}"));
    assert_eq!(delivery.form.as_ref(), Some(&all[1]));
    let (record, _) = recorded(&delivery);
    assert!(record.plan.content.goal.value().is_some());
}

#[test]
fn a_form_of_one_version_is_told_in_the_other() {
    let Some(stu3) = filled_in("20221108") else { return };
    let r4 = form::source_in_r4(&stu3);
    assert_eq!(crate::format::check(&r4), []);
    assert!(!form::is_stu3(&r4));
    assert_eq!(answers(&down(r4).unwrap()), answers(&stu3));
}

#[test]
fn forms_survive_xml() {
    for year in YEARS {
        let Some(form) = filled_in(year) else { return };
        let xml = to_xml_as(Version::Stu3, &form);
        assert_eq!(from_xml_as(Version::Stu3, &xml).unwrap(), form);
    }
}
