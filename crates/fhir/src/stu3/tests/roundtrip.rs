//! A plan told in STU3, delivered in STU3, and told again: everything that both can hold is still there.

use super::examples::receive;
use crate::format::{Version, check_as, from_xml_as, to_xml_as};
use crate::r4::receive::testing::{Record, now, recorded, somebody, transaction};
use crate::r4::{ResourceType, project};
use crate::stu3::project as stu3;
use domain::date::FhirDateTime;
use domain::form::{Answers, LimitsAs, ReadCtx, read, testing};
use domain::patient::Patient;
use domain::plan::{Arrival, Content, apply};
use proptest::prelude::*;
use serde_json::{Value, json};

fn of_form(answers: &Answers) -> Record {
    let ctx = ReadCtx {
        limits: LimitsAs::SetElsewhere,
        author: None,
        written_on: FhirDateTime::parse("2026-11-23").unwrap(),
        now: now(),
    };
    let form = read(answers, &ctx).unwrap();
    let patient = Patient { name: form.identity.name, birth_date: form.identity.birth_date.unwrap(), ..somebody() };
    Record::of(patient, apply(&Content::default(), &form.input, Arrival::Elsewhere, 1, now()).content)
}

fn blocks(record: &Record) -> Vec<Value> {
    record.with(|view| ResourceType::ALL.iter().flat_map(|kind| stu3::resources(view, *kind)).collect())
}

/// What R4 says of a plan, as far as STU3 can hold it (docs/stu3.md), in no order.
fn in_r4(record: &Record) -> Vec<Value> {
    let all: Vec<Value> =
        record.with(|view| ResourceType::ALL.iter().flat_map(|kind| project::resources(view, *kind)).collect());
    all.into_iter().map(shared).collect()
}

fn shared(mut resource: Value) -> Value {
    resource["meta"] = Value::Null;
    match resource["resourceType"].as_str().unwrap() {
        "RelatedPerson" => one_relation(&mut resource),
        "Consent" => unordered(&mut resource, "/provision/actor"),
        // When and by whom capacity was judged is not in the extension of the Patient.
        "Observation" if resource["code"]["coding"][0]["code"] == "665671000146101" => {
            for element in ["performer", "effectiveDateTime", "encounter"] {
                resource[element] = Value::Null;
            }
        }
        _ => {}
    }
    resource
}

/// Of more than one relation only the first.
fn one_relation(person: &mut Value) {
    let is_relation = |c: &Value| {
        let system = c["coding"][0]["system"].as_str().unwrap_or_default();
        system.ends_with("v3-RoleCode") || system.ends_with("v3-NullFlavor")
    };
    let Some(list) = person["relationship"].as_array() else { return };
    let roles = list.iter().filter(|c| !is_relation(c));
    let relation = list.iter().find(|c| is_relation(c));
    person["relationship"] = roles.chain(relation).cloned().collect();
}

fn unordered(resource: &mut Value, at: &str) {
    if let Some(list) = resource.pointer_mut(at).and_then(Value::as_array_mut) {
        list.sort_by_key(ToString::to_string);
    }
}

fn there_and_back(record: &Record) {
    let told = blocks(record);
    for resource in &told {
        assert_eq!(check_as(Version::Stu3, resource), [], "{resource:#}");
        let xml = to_xml_as(Version::Stu3, resource);
        assert_eq!(&from_xml_as(Version::Stu3, &xml).unwrap(), resource);
    }
    let delivery = receive(&transaction(&told)).unwrap_or_else(|p| panic!("{p:#?}\n{told:#?}"));
    assert_eq!(delivery.kept, [], "every element of our own is read");
    let (back, _) = recorded(&delivery);
    assert_eq!(
        blocks(&back).into_iter().map(without_meta).collect::<Vec<_>>(),
        told.into_iter().map(without_meta).collect::<Vec<_>>()
    );
    assert_eq!(in_r4(&back), in_r4(record));
}

fn without_meta(mut resource: Value) -> Value {
    resource["meta"] = json!(null);
    resource
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_survives_the_way_through_stu3(answers in testing::answers()) {
        there_and_back(&of_form(&answers));
    }
}
