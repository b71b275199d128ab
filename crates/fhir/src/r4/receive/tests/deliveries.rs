//! What becomes of deliveries as other systems make them.

use super::super::testing::{receive, recorded, transaction};
use crate::r4::project::{self, samples};
use crate::r4::{ResourceType as R, id};
use domain::code::{ContactRole, EuthanasiaPosition, Place, PolicyGoal, YesNoUnknown};
use domain::plan::{Decision, SetBy, TopicId, Treatment, Why};
use serde_json::{Value, json};

const BSN: &str = "http://fhir.nl/fhir/NamingSystem/bsn";

fn patient() -> Value {
    json!({"resourceType": "Patient", "id": "p", "identifier": [{"system": BSN, "value": "999911120"}],
        "name": [{"use": "official", "family": "Vries"}], "birthDate": "1940-02-03"})
}

fn consent(id: &str, code: &str, on: Option<&str>, status: &str, provision_type: Option<&str>) -> Value {
    let mut consent = json!({"resourceType": "Consent", "id": id, "status": status,
        "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "treatment"}]},
        "category": [{"coding": [{"system": "http://snomed.info/sct", "code": "129125009"}]}],
        "patient": {"reference": "Patient/p"}, "policy": [{"uri": "https://wetten.overheid.nl/"}],
        "provision": {"code": [{"coding": [{"system": "http://snomed.info/sct", "code": code}]}]}});
    if let Some(on) = on {
        consent["dateTime"] = on.into();
    }
    if let Some(kind) = provision_type {
        consent["provision"]["type"] = kind.into();
    }
    consent
}

fn observation(id: &str, code: &str, value: (&str, Value)) -> Value {
    let mut o = json!({"resourceType": "Observation", "id": id, "status": "final", "subject": {"reference": "Patient/p"},
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": code}]}});
    o[value.0] = value.1;
    o
}

fn encounter(id: &str, on: &str) -> Value {
    json!({"resourceType": "Encounter", "id": id, "status": "finished", "class": {"code": "AMB"}, "period": {"start": on}})
}

const CPR: &str = "89666000";
const ICU: &str = "305351004";

#[test]
fn of_several_directives_the_newest_counts() {
    let mut ended = consent("3", ICU, Some("2021-01-01"), "inactive", Some("deny"));
    ended["provision"]["period"] = json!({"end": "2021-06-01"});
    let wrong = consent("4", ICU, Some("2023-01-01"), "entered-in-error", Some("deny"));
    let all = [
        patient(),
        consent("1", ICU, Some("2020-10-01"), "active", Some("permit")),
        consent("2", ICU, Some("2022-11-08"), "active", None),
        ended,
        wrong,
    ];
    let delivery = receive(&transaction(&all)).unwrap();
    let topic = &delivery.input.content.directives[&Treatment::Icu];
    assert_eq!(topic.value().unwrap().decision, Decision::Otherwise(None), "no type is never a yes or a no");
    let filed: Vec<(&Why, &str)> =
        topic.filed.iter().map(|f| (&f.why, f.statement.said_on.as_ref().unwrap().as_str())).collect();
    assert_eq!(filed, [(&Why::Older, "2020-10-01"), (&Why::Ended, "2021-01-01"), (&Why::Ended, "2023-01-01")]);
    assert_eq!(topic.filed[2].statement.source.status.as_deref(), Some("entered-in-error"));
    assert_eq!(topic.filed[1].statement.value.ended.as_ref().unwrap().as_str(), "2021-06-01");
    let (record, applied) = recorded(&delivery);
    let places = delivery.locations(&applied, 1);
    assert!(places[1..].iter().all(|p| p.as_ref() == Some(&(R::Consent, "icu".into()))));
    let statuses: Vec<Value> = record.with(|v| project::filed(v, "icu")).iter().map(|c| c["status"].clone()).collect();
    assert_eq!(statuses, ["inactive", "inactive", "entered-in-error"]);
}

#[test]
fn an_active_directive_whose_end_has_passed_is_over() {
    let mut over = consent("1", CPR, Some("2024-01-01"), "active", Some("deny"));
    over["provision"]["period"] = json!({"end": "2024-12-31"});
    let mut lasts = consent("2", ICU, Some("2024-01-01"), "active", Some("deny"));
    lasts["provision"]["period"] = json!({"end": "2026-12-31"});
    let content = receive(&transaction(&[patient(), over, lasts])).unwrap().input.content;
    assert!(content.directives[&Treatment::Cpr].current.is_none());
    assert_eq!(content.directives[&Treatment::Cpr].filed[0].why, Why::Ended);
    assert!(content.directives[&Treatment::Icu].current.is_some());
}

#[test]
fn two_of_one_date_that_differ_are_a_conflict() {
    let all = [
        patient(),
        consent("1", CPR, Some("2022-11-08"), "active", Some("permit")),
        consent("2", CPR, Some("2022-11-08"), "active", Some("deny")),
    ];
    let delivery = receive(&transaction(&all)).unwrap();
    let topic = &delivery.input.content.directives[&Treatment::Cpr];
    assert_eq!((topic.value().unwrap().decision.clone(), &topic.filed[0].why), (Decision::Perform, &Why::Conflict));
    assert_eq!(delivery.kept[0].path, "Bundle.entry[2].resource");
    assert_eq!(recorded(&delivery).1.conflicts, [TopicId::Cpr], "for the lead");

    let same = [
        patient(),
        consent("1", CPR, Some("2022-11-08"), "active", Some("deny")),
        consent("2", CPR, Some("2022-11-08"), "active", Some("deny")),
    ];
    let delivery = receive(&transaction(&same)).unwrap();
    assert!(delivery.kept.is_empty() && delivery.input.content.directives[&Treatment::Cpr].filed.is_empty());
}

#[test]
fn proposed_stays_proposed_and_active_is_set_elsewhere() {
    let actor = |to: &str| json!({"role": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "CONSENTER"}]}, "reference": {"reference": to}});
    let nurse = json!({"resourceType": "PractitionerRole", "id": "v", "practitioner": {"display": "W. Smit"},
        "specialty": [{"coding": [{"system": "http://fhir.nl/fhir/NamingSystem/uzi-rolcode", "code": "30.000"}]}]});
    let mut set = consent("1", CPR, Some("2022-11-08"), "active", Some("deny"));
    set["provision"]["actor"] = json!([actor("PractitionerRole/v")]);
    let mut proposed = consent("2", CPR, Some("2022-12-01"), "proposed", Some("permit"));
    proposed["provision"]["actor"] = json!([actor("Patient/p"), actor("PractitionerRole/v")]);
    let rejected = consent("3", CPR, Some("2022-12-02"), "rejected", Some("permit"));
    let draft = consent("4", CPR, Some("2022-12-03"), "draft", Some("permit"));
    let delivery = receive(&transaction(&[patient(), nurse, set, proposed, rejected, draft])).unwrap();
    let topic = &delivery.input.content.directives[&Treatment::Cpr];
    let nurse = delivery.input.content.professionals[0].key;
    assert_eq!(topic.value().unwrap().set_by, Some(SetBy::Elsewhere { by: Some(nurse), may: Some(false) }));
    let proposal = topic.proposed.as_ref().unwrap();
    assert_eq!((&proposal.value.set_by, proposal.value.proposed_by), (&None, Some(nurse)));
    assert_eq!(topic.filed.len(), 2);
    let (record, applied) = recorded(&delivery);
    assert_eq!(delivery.locations(&applied, 1)[3], Some((R::Consent, "cpr-proposed".into())));
    let statuses: Vec<Value> = record.with(|v| project::filed(v, "cpr")).iter().map(|c| c["status"].clone()).collect();
    assert_eq!(statuses, ["rejected", "draft"]);

    let nobody = receive(&transaction(&[patient(), consent("1", CPR, None, "active", Some("deny"))])).unwrap();
    let set_by = nobody.input.content.directives[&Treatment::Cpr].value().unwrap().set_by.clone();
    assert_eq!(set_by, Some(SetBy::Elsewhere { by: None, may: None }), "doubtful, not altered");
}

#[test]
fn statements_find_their_conversation() {
    let first = encounter("e1", "2020-10-01");
    let second = encounter("e2", "2022-11-08T10:00:00+01:00");
    let act = json!({"resourceType": "Procedure", "id": "c2", "status": "completed", "subject": {"reference": "Patient/p"}, "encounter": {"reference": "Encounter/e2"},
        "code": {"coding": [{"system": "urn:oid:2.16.840.1.113883.2.4.3.27.15.5", "code": "190099"}]}});
    let mut named = observation("o", "247751003", ("valueString", "x".into()));
    named["encounter"] = json!({"reference": "Encounter/e1"});
    let all = [
        patient(),
        first,
        second,
        act,
        named,
        consent("1", CPR, Some("2020-10-01"), "active", Some("deny")),
        consent("2", ICU, None, "active", Some("deny")),
    ];
    let input = receive(&transaction(&all)).unwrap().input;
    let content = &input.content;
    assert_eq!(content.conversations.len(), 2);
    let (old, new) = (content.conversations[0].key, content.conversations[1].key);
    assert_eq!(content.conversations[1].procedure.code, Some(domain::code::ProcedureType::Nza));
    assert_eq!(content.sense_of_purpose.current.as_ref().unwrap().origin.conversation, old);
    assert_eq!(content.directives[&Treatment::Cpr].current.as_ref().unwrap().origin.conversation, old);
    assert_eq!(
        content.directives[&Treatment::Icu].current.as_ref().unwrap().origin.conversation,
        new,
        "undated: the newest"
    );
    assert_eq!(input.conversation, new);
}

#[test]
fn without_a_conversation_none_is_invented() {
    let all = [
        patient(),
        consent("1", CPR, Some("2020-10-01"), "active", Some("deny")),
        consent("2", ICU, Some("2022-11-08"), "active", Some("deny")),
    ];
    let delivery = receive(&transaction(&all)).unwrap();
    let implied = &delivery.input.content.conversations[0];
    assert_eq!((implied.held_on.as_ref(), implied.date().as_str()), (None, "2022-11-08"));
    let (record, _) = recorded(&delivery);
    assert_eq!(record.with(|v| project::resources(v, R::Encounter)), Vec::<Value>::new());
}

#[test]
fn a_conversation_that_did_not_take_place_is_only_kept() {
    let mut cancelled = encounter("e1", "2020-10-01");
    cancelled["status"] = "cancelled".into();
    let mut o = observation("o", "247751003", ("valueString", "x".into()));
    o["encounter"] = json!({"reference": "Encounter/e1"});
    let delivery = receive(&transaction(&[patient(), cancelled, o])).unwrap();
    assert_eq!(delivery.kept[0].path, "Bundle.entry[1].resource");
    assert!(delivery.input.content.conversations.iter().all(|c| c.held_on.is_none()));
}

#[test]
fn who_was_there_is_who_the_encounter_names() {
    let daughter = json!({"resourceType": "RelatedPerson", "id": "d", "patient": {"reference": "Patient/p"}, "name": [{"use": "official", "family": "Berg"}]});
    let mut talk = encounter("e1", "2020-10-01");
    talk["participant"] = json!([{"individual": {"reference": "RelatedPerson/d"}}]);
    let content = receive(&transaction(&[patient(), daughter.clone(), talk.clone()])).unwrap().input.content;
    let there = content.conversations[0].attendance.as_ref().unwrap();
    assert_eq!((there.patient, there.people.as_slice()), (false, &[content.people[0].key][..]));
    assert!(content.capacity.is_empty(), "who was there need not speak for the patient");

    talk["subject"] = json!({"reference": "Patient/p"});
    let content = receive(&transaction(&[patient(), daughter, talk])).unwrap().input.content;
    assert!(content.conversations[0].attendance.as_ref().unwrap().patient);
}

#[test]
fn roles_24_and_01_say_who_speaks_for_the_patient() {
    let role = |code: &str| json!({"coding": [{"system": "urn:oid:2.16.840.1.113883.2.4.3.11.22.472", "code": code}]});
    let person = |id: &str, roles: &[&str]| {
        let relationship: Vec<Value> = roles.iter().map(|r| role(r)).collect();
        json!({"resourceType": "RelatedPerson", "id": id, "patient": {"reference": "Patient/p"}, "name": [{"use": "official", "family": id}], "relationship": relationship})
    };
    let delivery = receive(&transaction(&[
        patient(),
        person("Een", &["01", "24"]),
        person("Twee", &["24"]),
        person("Drie", &["15"]),
    ]))
    .unwrap();
    let content = &delivery.input.content;
    let capacity = content.capacity.value().unwrap();
    let key = |name: &str| content.people.iter().find(|p| p.name.full() == name).unwrap().key;
    assert_eq!(
        (capacity.representative, capacity.first_contact, capacity.capable),
        (Some(key("Een")), Some(key("Een")), None)
    );
    assert_eq!(capacity.others, [key("Twee"), key("Drie")]);
    assert_eq!(delivery.kept[0].path, "Bundle.entry[2].resource", "a second representative is named");
    assert_eq!(content.person(key("Een")).unwrap().roles[1].role, ContactRole::LegalRepresentative);
}

#[test]
fn older_versions_of_the_guide_are_read() {
    // rc2: capacity in the Patient. rc1: the goal's old code. Up to beta3: another base.
    let mut before = patient();
    before["extension"] = json!([{"url": "https://api.iknl.nl/docs/pzp/r4/StructureDefinition/ext-Patient.LegallyCapableMedicalTreatmentDecisions",
        "extension": [{"url": "legallyCapable", "valueBoolean": false}, {"url": "legallyCapableComment", "valueString": "Delier"}]}]);
    let goal = json!({"resourceType": "Goal", "id": "g", "meta": {"profile": ["https://fhir.iknl.nl/fhir/StructureDefinition/ACP-MedicalPolicyGoal"]},
        "lifecycleStatus": "active", "category": [{"coding": [{"system": "http://snomed.info/sct", "code": "713603004"}]}],
        "description": {"coding": [{"system": "http://snomed.info/sct", "code": "225353007"}]}, "subject": {"reference": "Patient/p"}, "startDate": "2020-10-01"});
    let delivery = receive(&transaction(&[before.clone(), goal])).unwrap();
    let content = &delivery.input.content;
    let capacity = content.capacity.value().unwrap();
    assert_eq!((capacity.capable, capacity.comment.as_deref()), (Some(false), Some("Delier")));
    assert_eq!(content.goal.value().unwrap().goal, PolicyGoal::RelieveSymptoms);
    assert_eq!(delivery.kept, []);

    let new = observation("o", "665671000146101", ("valueBoolean", true.into()));
    let delivery = receive(&transaction(&[before, new])).unwrap();
    assert_eq!(
        delivery.input.content.capacity.value().unwrap().capable,
        Some(true),
        "the Observation is the current way"
    );
    assert_eq!(delivery.kept[0].path, "Bundle.entry[0].resource.extension[0]");
}

#[test]
fn what_is_unknown_keeps_its_way_of_saying_so() {
    let absent = |code: &str| {
        (
            "dataAbsentReason",
            json!({"coding": [{"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": code}]}),
        )
    };
    let all = [
        patient(),
        observation("1", "395091006", absent("asked-declined")),
        observation("2", "340171000146104", absent("not-asked")),
        observation("3", "665671000146101", absent("temp-unknown")),
    ];
    let (record, _) = recorded(&receive(&transaction(&all)).unwrap());
    for (local, code) in [("place", "asked-declined"), ("euthanasia", "not-asked"), ("capacity", "temp-unknown")] {
        let told = record.with(|v| project::resource(v, R::Observation, local)).unwrap();
        assert_eq!(told["dataAbsentReason"]["coding"][0]["code"], code);
        assert_eq!(told["valueCodeableConcept"], Value::Null);
    }
    assert_eq!(record.plan.content.euthanasia.value().unwrap().position, EuthanasiaPosition::Unknown);
}

#[test]
fn a_place_outside_the_list_is_other_with_its_name() {
    let mut place = observation(
        "1",
        "395091006",
        (
            "valueCodeableConcept",
            json!({"coding": [{"system": "http://snomed.info/sct", "code": "1", "display": "bij haar dochter"}]}),
        ),
    );
    place["note"] = json!([{"text": "Kamer is er"}, {"text": "Bed besteld"}]);
    let delivery = receive(&transaction(&[patient(), place])).unwrap();
    let said = delivery.input.content.place_of_death.current.as_ref().unwrap();
    assert_eq!(
        (said.value.place, said.value.comment.as_deref()),
        (Place::Other, Some("bij haar dochter\nKamer is er"))
    );
    assert_eq!(said.source.notes, ["Bed besteld"]);
    assert_eq!(delivery.kept[0].path, "Bundle.entry[1].resource.valueCodeableConcept");
}

#[test]
fn references_lead_where_their_kind_says() {
    let by_bsn = json!({"reference": format!("Patient?identifier={BSN}|999911120")});
    let encoded =
        json!({"reference": "Patient?identifier=http%3A%2F%2Ffhir.nl%2Ffhir%2FNamingSystem%2Fbsn%7C999911120"});
    let logical = json!({"type": "Patient", "identifier": {"system": BSN, "value": "999911120"}});
    for to in [
        by_bsn,
        encoded,
        logical,
        json!({"reference": "https://bron.voorbeeld.nl/fhir/Patient/p"}),
        json!({"reference": "Patient/p/_history/2"}),
    ] {
        let mut directive = consent("1", CPR, Some("2022-11-08"), "active", Some("deny"));
        directive["patient"] = to.clone();
        directive["provision"]["actor"] = json!([{"role": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "CONSENTER"}]}, "reference": to}]);
        let delivery = receive(&transaction(&[patient(), directive])).unwrap();
        assert_eq!(delivery.kept, [], "{to}");
        assert_eq!(
            delivery.input.content.directives[&Treatment::Cpr].value().unwrap().agreed_with,
            [domain::plan::Party::Patient]
        );
    }
}

#[test]
fn entries_by_uuid_and_conditional_create_are_read() {
    let uuid = "urn:uuid:6f9c1f1e-6a1b-4b0e-8c39-5f2b1b1f0001";
    let mut who = patient();
    who.as_object_mut().unwrap().remove("id");
    let mut directive = consent("1", CPR, Some("2022-11-08"), "active", Some("deny"));
    directive["patient"] = json!({"reference": uuid});
    let condition = format!("identifier={BSN}|999911120");
    let bundle = |request: Value| {
        json!({"resourceType": "Bundle", "type": "transaction", "entry": [
        {"fullUrl": uuid, "resource": who, "request": request},
        {"resource": directive, "request": {"method": "PUT", "url": "Consent/1"}}]})
    };
    let first = receive(&bundle(json!({"method": "POST", "url": "Patient", "ifNoneExist": condition}))).unwrap();
    let second = receive(&bundle(json!({"method": "PUT", "url": format!("Patient?{condition}")}))).unwrap();
    assert_eq!(first.same_as, second.same_as);
    let (_, applied) = recorded(&first);
    assert_eq!(first.locations(&applied, 1), [Some((R::Patient, String::new())), Some((R::Consent, "cpr".into()))]);
}

#[test]
fn contained_people_are_read() {
    let mut o = observation("1", "247751003", ("valueString", "x".into()));
    o["contained"] = json!([{"resourceType": "PractitionerRole", "id": "z", "practitioner": {"reference": "#w"}},
        {"resourceType": "Practitioner", "id": "w", "name": [{"use": "official", "family": "Wit"}]}]);
    o["performer"] = json!([{"reference": "#z"}]);
    let delivery = receive(&transaction(&[patient(), o])).unwrap();
    let content = &delivery.input.content;
    assert_eq!((content.professionals.len(), content.professionals[0].name.full().as_str()), (1, "Wit"));
    assert_eq!(
        content.sense_of_purpose.current.as_ref().unwrap().by,
        [domain::plan::Party::Professional(content.professionals[0].key)]
    );
    assert_eq!(delivery.kept, []);
}

#[test]
fn a_directive_rests_on_the_document_it_names() {
    let pdf = "JVBERi0=";
    let document = json!({"resourceType": "Consent", "id": "w", "status": "active", "dateTime": "2019-03",
        "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "adr"}]},
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentcategorycodes", "code": "acd"}]}],
        "patient": {"reference": "Patient/p"}, "policy": [{"uri": "https://wetten.overheid.nl/"}],
        "extension": [{"url": "http://nictiz.nl/fhir/StructureDefinition/ext-Comment", "valueString": "Ligt thuis"}],
        "sourceAttachment": {"contentType": "application/pdf", "data": pdf, "title": "Verklaring"},
        "provision": {"code": [{"coding": [{"system": "urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4.14.1", "code": "NR"}]}]}});
    let mut directive = consent("1", CPR, Some("2022-11-08"), "active", Some("deny"));
    directive["sourceReference"] = json!({"reference": "Consent/w"});
    let delivery = receive(&transaction(&[patient(), directive, document])).unwrap();
    assert_eq!(delivery.kept, []);
    assert_eq!(delivery.files[0].bytes, b"%PDF-");
    let content = &delivery.input.content;
    let (key, topic) = content.documents.first_key_value().unwrap();
    assert_eq!(content.directives[&Treatment::Cpr].value().unwrap().document, Some(*key));
    assert_eq!(topic.value().unwrap().file.as_ref().unwrap().size, 5);
    let earlier = content.earlier.value().unwrap();
    assert_eq!((earlier.recorded, earlier.comment.as_deref()), (YesNoUnknown::Yes, Some("Ligt thuis")));
    assert_eq!(content.conversations[0].date().as_str(), "2022-11-08", "a document's date is no conversation's");

    let (record, applied) = recorded(&delivery);
    let places = delivery.locations(&applied, 1);
    let told = record.with(|v| project::resource(v, R::Consent, &places[2].as_ref().unwrap().1)).unwrap();
    assert_eq!(told["sourceAttachment"]["data"], pdf);
    let cpr = record.with(|v| project::resource(v, R::Consent, "cpr")).unwrap();
    assert_eq!(
        cpr["sourceReference"]["reference"],
        format!("Consent/{}", id::resource_id(&record.id, &places[2].as_ref().unwrap().1))
    );
    assert!(!format!("{delivery:?}").contains("%PDF"));
}

#[test]
fn another_device_is_only_kept() {
    let device = json!({"resourceType": "Device", "id": "d", "type": {"coding": [{"system": "http://snomed.info/sct", "code": "6012004"}]}});
    let used = json!({"resourceType": "DeviceUseStatement", "id": "u", "status": "active", "subject": {"reference": "Patient/p"}, "device": {"reference": "Device/d"}});
    let delivery =
        receive(&transaction(&[patient(), consent("1", CPR, None, "active", Some("deny")), device, used])).unwrap();
    assert!(delivery.input.content.icd.is_empty());
    let paths: Vec<&str> = delivery.kept.iter().map(|p| p.path.as_str()).collect();
    assert_eq!(paths, ["Bundle.entry[3].resource", "Bundle.entry[2].resource"]);
}

#[test]
fn the_same_delivery_again_is_known() {
    let bundle = transaction(&samples::full().blocks());
    let first = receive(&bundle).unwrap().same_as;
    let mut again = bundle.clone();
    again["entry"].as_array_mut().unwrap().reverse();
    let renamed = again.to_string().replace("0000000000000000000000001a-z2", "een-ander-id");
    let again: Value = serde_json::from_str(&renamed).unwrap();
    assert_eq!(receive(&again).unwrap().same_as, first);

    let mut other = bundle;
    let cpr = other["entry"]
        .as_array()
        .unwrap()
        .iter()
        .position(|e| e["resource"]["id"].as_str().unwrap().ends_with("-cpr"))
        .unwrap();
    other["entry"][cpr]["resource"]["provision"]["type"] = "permit".into();
    assert_ne!(receive(&other).unwrap().same_as, first);
}

#[test]
fn the_whole_plan_survives_the_way() {
    let record = samples::full();
    let delivery = receive(&transaction(&record.blocks())).unwrap();
    let (back, _) = recorded(&delivery);
    let plain = |blocks: Vec<Value>| {
        let mut texts: Vec<String> = blocks
            .into_iter()
            .map(|mut b| {
                b.as_object_mut().unwrap().remove("id");
                b.as_object_mut().unwrap().remove("meta");
                b
            })
            .map(|b| {
                // Keys of people and documents are given anew.
                let mut text = b.to_string();
                for word in text.clone().split('"').filter(|w| w.contains("0000000000000000000000001a-")) {
                    text = text.replace(
                        word,
                        word.split_once("1a-").map_or("", |(_, l)| l.trim_end_matches(|c: char| c.is_ascii_digit())),
                    );
                }
                text
            })
            .collect();
        texts.sort();
        texts
    };
    assert_eq!(plain(back.blocks()), plain(record.blocks()));
    assert_eq!(back.patient, record.patient);
}

#[test]
fn who_is_known_is_not_overwritten() {
    let delivery = receive(&transaction(&[patient(), consent("1", CPR, None, "active", Some("deny"))])).unwrap();
    let known = delivery.patient.to_register().unwrap();
    assert_eq!(delivery.patient.differs_from(&known), []);
    let mut other = known.clone();
    other.birth_date = samples::date("1941-02-03");
    assert!(delivery.patient.differs_from(&other)[0].is_error());
    let mut spelt = known;
    spelt.name.family = Some("de Vriès-Bos".into());
    let problems = delivery.patient.differs_from(&spelt);
    assert!(!problems[0].is_error() && problems[0].path == "Bundle.entry[0].resource.name");

    let mut nobody = patient();
    nobody.as_object_mut().unwrap().remove("birthDate");
    let delivery = receive(&transaction(&[nobody, consent("1", CPR, None, "active", Some("deny"))])).unwrap();
    assert_eq!(delivery.patient.to_register().unwrap_err().path, "Bundle.entry[0].resource.birthDate");
}
