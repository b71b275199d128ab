//! The guide's own STU3 resources of Hendrik Hartman as one delivery: what goes in comes out.

use crate::format::{Version, check_as};
use crate::r4::ResourceType;
use crate::r4::receive::testing::{now, recorded, transaction};
use crate::r4::receive::{Delivery, ReceiveCtx};
use crate::r4::standard_files::texts;
use crate::stu3::{project, receive};
use domain::date::FhirDateTime;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};

/// Differences that are meant: type or resource, element, and why.
const MEANT: [(&str, &str, &str); 12] = [
    (
        "Patient",
        "contact",
        "a copy of the RelatedPerson; who reads an identity need not learn who speaks for the patient",
    ),
    ("Patient", "_gender", "the exact code of the sex stands beside the plain one"),
    ("Procedure", "performedPeriod", "the act took place when the conversation did"),
    ("PractitionerRole", "specialty", "the version of the code system is kept with the source"),
    ("CommunicationRequest", "category", "the text beside the fixed code is the guide's"),
    ("Consent/ACP-AdvanceDirective-DNR-2025-Pat1", "extension", "the kind of document is said once, in its category"),
    ("Consent/ACP-AdvanceDirective-DNR-Pat1", "extension", "the kind of document is said once, in its category"),
    ("DeviceUseStatement", "bodySite", "where an ICD sits has no place in the plan, and is named"),
    ("DeviceUseStatement", "extension", "who implanted it has no place in the plan, and is named"),
    (
        "Consent/ACP-AdvanceDirective-DNR-2025-Pat1",
        "sourceAttachment",
        "when a file was made is kept with the source, and named",
    ),
    (
        "Consent/ACP-TreatmentDirective-HospitalAdmission-2025-Pat1",
        "status",
        "its end has passed: what is over is never told as in force",
    ),
    ("Procedure/ACP-Procedure-2025-Pat1", "context", "the contact that it was the reason of"),
];

pub(super) fn receive(of: &Value) -> Result<Delivery, Vec<crate::format::Problem>> {
    let mut last = 0;
    let mut new_id = || {
        last += 1;
        last
    };
    let written_on = FhirDateTime::parse("2026-11-23").unwrap();
    receive::bundle(of, &mut ReceiveCtx { now: now(), written_on, new_id: &mut new_id })
}

pub(super) fn examples() -> Option<Vec<Value>> {
    let all: Vec<Value> = texts("stu3/examples", "the round trip of the guide's STU3 examples")?
        .iter()
        .map(|t| serde_json::from_str(t).unwrap())
        .collect();
    Some(all.into_iter().filter(|r| !r["resourceType"].as_str().unwrap().starts_with("Questionnaire")).collect())
}

/// The examples of one conversation: the guide's are of 2020 and 2025, with one directive of 2022.
fn of_year(examples: &[Value], is_2025: bool) -> Vec<Value> {
    let later = |r: &Value| {
        let id = r["id"].as_str().unwrap();
        id.contains("-2025-") || id.ends_with("TreatmentDirective-Other-Pat1")
    };
    let about_all = |r: &Value| {
        matches!(
            r["resourceType"].as_str().unwrap(),
            "Patient" | "RelatedPerson" | "Practitioner" | "PractitionerRole" | "Device" | "DeviceUseStatement"
        )
    };
    examples.iter().filter(|r| about_all(r) || later(r) == is_2025).cloned().collect()
}

/// A resource without what differs by nature: ids, times, narrative, displays, and with references put over.
fn plain(value: &Value, root: bool, names: &HashMap<String, String>) -> Value {
    match value {
        Value::Object(map) => {
            let mut out = Map::new();
            let kept = |key: &str| !(key == "display" || (root && matches!(key, "id" | "text" | "meta")));
            for (key, value) in map.iter().filter(|(k, _)| kept(k)) {
                let value = match (key.as_str(), value) {
                    ("reference", Value::String(to)) => names.get(to).cloned().unwrap_or_else(|| to.clone()).into(),
                    ("system", Value::String(system)) => {
                        system.replace("http://hl7.org/fhir/v3/", "http://terminology.hl7.org/CodeSystem/v3-").into()
                    }
                    _ => plain(value, false, names),
                };
                out.insert(key.clone(), value);
            }
            // In one order, so that lists of extensions can be put in one order too.
            out.into_iter().collect::<BTreeMap<_, _>>().into_iter().collect::<Map<_, _>>().into()
        }
        Value::Array(list) => {
            let mut list: Vec<Value> = list.iter().map(|v| plain(v, false, names)).collect();
            // Extensions have no order.
            if list.iter().all(|v| v.get("url").is_some()) {
                list.sort_by_key(ToString::to_string);
            }
            list.into()
        }
        other => other.clone(),
    }
}

fn differing(ours: &Value, theirs: &Value) -> Vec<String> {
    let keys = |v: &Value| v.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let mut all = [keys(ours), keys(theirs)].concat();
    all.sort();
    all.dedup();
    all.retain(|k| ours.get(k) != theirs.get(k));
    all
}

/// Everything that was said of a name is still said; how it is written out in one line is made from its parts.
fn is_name_kept(ours: &Value, theirs: &Value) -> bool {
    fn leaves(value: &Value, out: &mut Vec<String>) {
        match value {
            Value::Array(list) => list.iter().for_each(|v| leaves(v, out)),
            Value::Object(map) => map.iter().filter(|(k, _)| *k != "family").for_each(|(_, v)| leaves(v, out)),
            Value::String(text) => out.push(text.replace('-', " ")),
            _ => {}
        }
    }
    let of = |v: &Value| {
        let mut all = Vec::new();
        leaves(&v["name"], &mut all);
        all
    };
    let ours = of(ours);
    // The guide writes out a name with all its given names or in another order.
    let is_whole = |text: &String| {
        text.contains(' ') && text.split(' ').all(|w| ours.iter().any(|o| o.split(' ').any(|o| o == w)))
    };
    of(theirs).iter().all(|text| ours.contains(text) || is_whole(text))
}

/// The relatives with whom a directive was agreed stand among the consenting parties too, and not in the text alone.
fn is_relative_added(ours: &Value, theirs: &Value) -> bool {
    let of = |v: &Value| v["consentingParty"].as_array().cloned().unwrap_or_default();
    let is_relative = |p: &Value| p["reference"].as_str().is_some_and(|r| r.starts_with("RelatedPerson/"));
    let without: Vec<Value> = of(ours).into_iter().filter(|p| !is_relative(p)).collect();
    without == of(theirs)
}

fn in_and_out(examples: &[Value]) -> Vec<String> {
    for example in examples {
        assert_eq!(check_as(Version::Stu3, example), [], "{}", example["id"]);
    }
    let delivery = receive(&transaction(examples)).unwrap_or_else(|p| panic!("{p:#?}"));
    let (record, applied) = recorded(&delivery);
    let places = delivery.locations(&applied, 1);
    assert!(places.iter().all(Option::is_some), "each has its place: {places:?}");
    let names: HashMap<String, String> = examples
        .iter()
        .zip(&places)
        .map(|(r, place)| {
            let (kind, local) = place.as_ref().unwrap();
            let id = crate::r4::id::resource_id(&record.id, local);
            (format!("{}/{}", r["resourceType"].as_str().unwrap(), r["id"].as_str().unwrap()), format!("{kind}/{id}"))
        })
        .collect();
    let mut unexpected = Vec::new();
    for (example, place) in examples.iter().zip(&places) {
        let (kind, local) = place.as_ref().unwrap();
        let name = format!("{kind}/{}", example["id"].as_str().unwrap());
        let older = name.ends_with("AdmissionToICU-1-Pat1");
        let told = record
            .with(|view| if older { project::filed(view, local).pop() } else { project::resource(view, *kind, local) });
        let told = told.unwrap_or_else(|| panic!("{name} is not told"));
        assert_eq!(told["meta"]["profile"], example["meta"]["profile"], "{name}");
        assert_eq!(check_as(Version::Stu3, &told), [], "{name}: {told:#}");
        let (ours, theirs) = (plain(&told, true, &names), plain(example, true, &names));
        for key in differing(&ours, &theirs) {
            let meant = MEANT.iter().any(|(of, element, _)| (*of == name || *of == kind.as_str()) && *element == key);
            let superseded = older && key == "status";
            let written_out = key == "name" && is_name_kept(&ours, &theirs);
            if !(meant || superseded || written_out || (key == "consentingParty" && is_relative_added(&ours, &theirs)))
            {
                unexpected.push(format!("{name}.{key}: {} instead of {}", ours[&key], theirs[&key]));
            }
        }
    }
    unexpected
}

#[test]
fn the_guides_examples_come_out_as_they_went_in() {
    let Some(examples) = examples() else { return };
    assert!(examples.len() >= 40);
    for is_2025 in [false, true] {
        let unexpected = in_and_out(&of_year(&examples, is_2025));
        assert!(unexpected.is_empty(), "{}", unexpected.join("\n"));
    }
}

#[test]
fn all_of_them_at_once_are_one_plan_with_its_history() {
    let Some(examples) = examples() else { return };
    let (record, _) = recorded(&receive(&transaction(&examples)).unwrap());
    let consents = record.with(|view| project::resources(view, ResourceType::Consent));
    let icu = consents.iter().find(|c| c["id"].as_str().unwrap().ends_with("-icu")).unwrap();
    assert_eq!((&icu["dateTime"], &icu["except"][0]["type"]), (&json!("2025-07-29"), &json!("deny")));
    let earlier = record.with(|view| project::filed(view, "icu"));
    let dates: Vec<&Value> = earlier.iter().map(|c| &c["dateTime"]).collect();
    assert_eq!(dates, [&json!("2020-10-01"), &json!("2022-11-08")]);
    assert!(earlier.iter().all(|c| c["status"] == "inactive"));
}

#[test]
fn what_of_the_examples_has_no_place_is_named_where_it_stands() {
    let Some(examples) = examples() else { return };
    let delivery = receive(&transaction(&of_year(&examples, false))).unwrap();
    let mut kept: Vec<String> =
        delivery.kept.iter().map(|p| p.path.split_once(".resource").map_or("", |(_, rest)| rest).to_owned()).collect();
    kept.sort();
    let expected =
        [".bodySite", ".category[0].text", ".contact[0]", ".extension[0]", ".specialty[0].coding[0].version"];
    assert_eq!(kept, expected, "{:#?}", delivery.kept);
    assert!(delivery.kept.iter().all(|p| !p.is_error()));
}

#[test]
fn capacity_stands_in_the_patient_and_changes_its_version() {
    let Some(examples) = examples() else { return };
    let (record, _) = recorded(&receive(&transaction(&of_year(&examples, false))).unwrap());
    assert_eq!(record.plan.content.capacity.value().unwrap().capable, Some(false));
    let patient = record.with(|view| project::resources(view, ResourceType::Patient)).pop().unwrap();
    assert_eq!(patient["extension"][0]["extension"][0]["valueBoolean"], false);
    assert_eq!(patient["meta"]["versionId"], "3-1");
    let observed = record.with(|view| project::resources(view, ResourceType::Observation));
    assert!(observed.iter().all(|o| o["code"]["coding"][0]["code"] != "665671000146101"));
    assert_eq!(record.with(|view| project::resource(view, ResourceType::Observation, "capacity")), None);
}
