//! Form item → FHIR element, row by row as SPEC section 6 has them, for a form of our own making.

use super::super::response;
use super::super::testing::{Record, now, somebody};
use crate::r4::{ResourceType as R, project};
use domain::date::FhirDateTime;
use domain::patient::Patient;
use domain::plan::{Arrival, Content, apply};
use serde_json::{Value, json};

fn text(link_id: &str, text: &str) -> Value {
    json!({"linkId": link_id, "answer": [{"valueString": text}]})
}

fn code(link_id: &str, system: &str, code: &str, below: Vec<Value>) -> Value {
    let mut answer = json!({"valueCoding": {"system": system, "code": code}});
    if !below.is_empty() {
        answer["item"] = below.into();
    }
    json!({"linkId": link_id, "answer": [answer]})
}

fn group(link_id: &str, items: impl Into<Value>) -> Value {
    json!({"linkId": link_id, "item": items.into()})
}

const SCT: &str = "http://snomed.info/sct";
const NULL: &str = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor";
const DECISION: &str = "urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4.25.1";
const ROLE: &str = "urn:oid:2.16.840.1.113883.2.4.3.11.22.472";
const RELATION: &str = "http://terminology.hl7.org/CodeSystem/v3-RoleCode";
const ADDRESS_USE: &str = "http://terminology.hl7.org/CodeSystem/v3-AddressUse";
const TELECOM: &str = "urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4.22.1";

fn form() -> Value {
    json!({"resourceType": "QuestionnaireResponse", "status": "completed",
        "questionnaire": "https://api.iknl.nl/docs/pzp/r4/Questionnaire/ACP-zib2020|1.0.0-rc3", "item": [
        {"linkId": "963", "answer": [{"valueDateTime": "2022-11-08"}]},
        group("7", vec![text("964", "Anna"), text("965", "de"), text("966", "Vries")]),
        {"linkId": "967", "answer": [{"valueDate": "1940-02-03"}]},
        group("8", vec![
            group("16", vec![text("968", "Sanne"), text("969", "van"), text("970", "Wit")]),
            code("1405", "http://fhir.nl/fhir/NamingSystem/uzi-rolcode", "01.015", vec![]),
        ]),
        group("26", vec![
            json!({"linkId": "1651", "answer": [{"valueBoolean": false, "item": [text("1407", "Delier")]}]}),
            group("29", vec![
                group("30", vec![text("973", "Els"), text("975", "Berg")]),
                group("39", vec![
                    group("40", vec![text("976", "030-1"), code("977", TELECOM, "LL", vec![]), code("978", ADDRESS_USE, "WP", vec![]), text("979", "ochtend")]),
                    group("41", vec![text("980", "els@voorbeeld.nl"), code("981", ADDRESS_USE, "HP", vec![])]),
                ]),
                code("982", ROLE, "09", vec![text("411", "buurvrouw")]),
                code("983", NULL, "OTH", vec![text("408", "nicht")]),
                json!({"linkId": "984", "answer": [{"valueBoolean": false}]}),
                group("53", vec![text("987", "Bos")]),
                code("995", RELATION, "SONC", vec![]),
            ]),
        ]),
        group("78", vec![
            json!({"linkId": "82", "answer": [{"valueCoding": {"code": "Patiënt"}}]}),
            group("1652", vec![code("997", ROLE, "15", vec![])]),
        ]),
        group("586", vec![code("999", SCT, "713148004", vec![])]),
        group("83", vec![
            group("1409", vec![code("1386", DECISION, "2", vec![text("1002", "Wil het niet")])]),
            group("1411", vec![code("1387", DECISION, "1", vec![text("1388", "Alleen kort")])]),
            group("1413", vec![code("1390", NULL, "UNK", vec![])]),
            group("1415", vec![code("1393", DECISION, "0", vec![])]),
            group("1421", vec![code("1402", DECISION, "2", vec![text("1404", "Geen dialyse")])]),
            code("1006", SCT, "373066001", vec![code("1008", SCT, "1236894001", vec![]), text("1009", "Links")]),
            group("1425", vec![code("1005", NULL, "NASK", vec![text("1010", "Volgende keer")])]),
        ]),
        group("107", vec![
            group("1427", vec![text("1190", "Rust")]),
            group("1429", vec![code("1191", SCT, "284546000", vec![text("1192", "De Linde")])]),
            group("1431", vec![code("1193", SCT, "340201000146103", vec![text("1194", "Geloof")])]),
            group("1433", vec![code("1435", NULL, "UNK", vec![])]),
        ]),
        group("598", vec![text("1196", "De tuin")]),
        group("115", vec![code("1197", SCT, "373066001", vec![text("1198", "In 2020")])]),
        group("119", vec![json!({"linkId": "1200", "answer": [{"valueBoolean": true}]})]),
    ]})
}

fn told() -> Record {
    let read = response(&form(), now(), &FhirDateTime::parse("2026-11-23").unwrap()).unwrap();
    assert_eq!(read.kept, []);
    let applied = apply(&Content::default(), &read.input, Arrival::Elsewhere, 1, now());
    Record::of(
        Patient { name: read.identity.name, birth_date: read.identity.birth_date.unwrap(), ..somebody() },
        applied.content,
    )
}

/// Item, resource, and what stands where in it.
const ROWS: [(&str, R, &str, &str, &str); 54] = [
    ("963", R::Encounter, "e", "/period/start", "2022-11-08"),
    ("963", R::Procedure, "c", "/performedPeriod/start", "2022-11-08"),
    ("963", R::Observation, "place", "/effectiveDateTime", "2022-11-08"),
    ("963", R::Goal, "goal", "/startDate", "2022-11-08"),
    ("963", R::Goal, "goal", "/statusDate", "2022-11-08"),
    ("963", R::Consent, "cpr", "/dateTime", "2022-11-08"),
    ("963", R::CommunicationRequest, "inform", "/authoredOn", "2022-11-08"),
    ("964", R::Patient, "", "/name/0/given/0", "Anna"),
    ("965", R::Patient, "", "/name/0/_family/extension/0/valueString", "de"),
    ("966", R::Patient, "", "/name/0/_family/extension/1/valueString", "Vries"),
    ("967", R::Patient, "", "/birthDate", "1940-02-03"),
    ("968", R::Practitioner, "z", "/name/1/given/0", "Sanne"),
    ("969", R::Practitioner, "z", "/name/0/_family/extension/0/valueString", "van"),
    ("970", R::Practitioner, "z", "/name/0/_family/extension/1/valueString", "Wit"),
    ("1405", R::PractitionerRole, "z", "/specialty/0/coding/0/code", "01.015"),
    ("1407", R::Observation, "capacity", "/note/0/text", "Delier"),
    ("973", R::RelatedPerson, "p1", "/name/0/given/0", "Els"),
    ("976", R::RelatedPerson, "p1", "/telecom/0/value", "030-1"),
    ("977", R::RelatedPerson, "p1", "/telecom/0/_system/extension/0/valueCodeableConcept/coding/0/code", "LL"),
    ("978", R::RelatedPerson, "p1", "/telecom/0/use", "work"),
    ("979", R::RelatedPerson, "p1", "/telecom/0/extension/0/valueString", "ochtend"),
    ("980", R::RelatedPerson, "p1", "/telecom/1/value", "els@voorbeeld.nl"),
    ("981", R::RelatedPerson, "p1", "/telecom/1/use", "home"),
    ("982", R::RelatedPerson, "p1", "/relationship/0/coding/0/code", "09"),
    ("411", R::RelatedPerson, "p1", "/relationship/0/text", "buurvrouw"),
    ("983", R::RelatedPerson, "p1", "/relationship/1/coding/0/code", "OTH"),
    ("408", R::RelatedPerson, "p1", "/relationship/1/text", "nicht"),
    ("982", R::RelatedPerson, "p1", "/relationship/2/coding/0/code", "24"),
    ("995", R::RelatedPerson, "p2", "/relationship/0/coding/0/code", "SONC"),
    ("1644", R::RelatedPerson, "p2", "/relationship/1/coding/0/code", "01"),
    ("1652/997", R::RelatedPerson, "p3", "/relationship/0/coding/0/code", "15"),
    ("999", R::Goal, "goal", "/description/coding/0/code", "713148004"),
    ("1410", R::Consent, "cpr", "/provision/code/0/coding/0/code", "89666000"),
    ("1386", R::Consent, "cpr", "/provision/type", "deny"),
    ("1002", R::Consent, "cpr", "/extension/0/valueString", "Wil het niet"),
    ("1388", R::Consent, "ventilation", "/modifierExtension/0/valueString", "Alleen kort"),
    ("1390", R::Consent, "icu", "/modifierExtension/0/valueString", "Onbekend"),
    ("1393", R::Consent, "hospital", "/provision/type", "permit"),
    ("1422", R::Consent, "other-1", "/provision/code/0/coding/0/code", "OTH"),
    ("1404", R::Consent, "other-1", "/provision/code/0/text", "Geen dialyse"),
    ("1404", R::Consent, "other-1", "/extension/0/valueString", "Geen dialyse"),
    ("1008", R::Device, "icd-device", "/type/coding/0/code", "1236894001"),
    ("1009", R::DeviceUseStatement, "icd", "/note/0/text", "Links"),
    ("1005", R::Consent, "icd-off", "/modifierExtension/0/valueString", "Niet besproken"),
    ("1010", R::Consent, "icd-off", "/extension/0/valueString", "Volgende keer"),
    ("1190", R::Observation, "wishes", "/valueString", "Rust"),
    ("1648", R::Observation, "wishes", "/method/coding/0/code", "370819000"),
    ("1191", R::Observation, "place", "/valueCodeableConcept/coding/0/code", "284546000"),
    ("1192", R::Observation, "place", "/note/0/text", "De Linde"),
    ("1193", R::Observation, "euthanasia", "/valueCodeableConcept/coding/0/code", "340201000146103"),
    ("1194", R::Observation, "euthanasia", "/note/0/text", "Geloof"),
    ("1435", R::Observation, "donor", "/valueCodeableConcept/coding/0/code", "UNK"),
    ("1196", R::Observation, "purpose", "/valueString", "De tuin"),
    ("1198", R::Consent, "ad-earlier", "/extension/0/valueString", "In 2020"),
];

#[test]
fn each_item_stands_where_section_6_has_it() {
    let record = told();
    let content = &record.plan.content;
    let there = content.conversations[0].attendance.as_ref().unwrap().people[0];
    let local = |short: &str| match short {
        "e" | "c" => format!("{short}{}", content.conversations[0].key.0),
        "z" => format!("z{}", content.professionals[0].key.0),
        "p1" => format!("p{}", content.representative().unwrap().key.0),
        "p2" => format!("p{}", content.first_contact().unwrap().key.0),
        "p3" => format!("p{}", there.0),
        other => other.to_owned(),
    };
    let mut wrong = Vec::new();
    for (link_id, kind, short, at, expected) in ROWS {
        let resource = record.with(|view| project::resource(view, kind, &local(short)));
        let found = resource.as_ref().and_then(|r| r.pointer(at)).cloned().unwrap_or_default();
        if found != expected {
            wrong.push(format!("{link_id}: {kind} {short} {at} is {found} instead of {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn who_took_part_and_what_is_left_out() {
    let record = told();
    let one = |kind, local: &str| record.with(|view| project::resource(view, kind, local)).unwrap();
    let talk = record.plan.content.conversations[0].key.0;
    let encounter = one(R::Encounter, &format!("e{talk}"));
    assert_eq!(encounter["subject"]["reference"], format!("Patient/{}", record.id), "82");
    assert_eq!(encounter["participant"].as_array().unwrap().len(), 2, "842 and 554");
    assert_eq!(one(R::Observation, "capacity")["valueBoolean"], false, "1651");
    assert_eq!(one(R::Consent, "ventilation")["provision"]["type"], Value::Null, "'Anders' is neither yes nor no");
    assert_eq!(one(R::Consent, "icu")["provision"]["type"], Value::Null);
    assert_eq!(one(R::Goal, "goal")["category"][0]["coding"][0]["code"], "713603004", "1408 is not carried");
    let request = one(R::CommunicationRequest, "inform");
    assert_eq!(request["requester"]["type"], "PractitionerRole", "1200");
    assert_eq!(request["sender"]["reference"], format!("Patient/{}", record.id));
}
