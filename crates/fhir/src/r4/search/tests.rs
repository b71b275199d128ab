//! Searches as clients write them, over one patient's resources.

mod answers;
mod projected;
mod refusals;
mod standard;

use super::*;
use crate::r4::ResourceType;
use domain::ident::PatientId;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

const BASE: &str = "https://here.example/fhir/r4";

fn key() -> PageKey {
    PageKey::new(&[3; 32])
}

fn patient() -> PatientId {
    PatientId::from_bits(0x1234_5678_9abc_def0)
}

/// `[id]` is the patient's id.
fn params(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8().unwrap().into_owned();
    query
        .replace("[id]", patient().as_str())
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            part.split_once('=').map_or((decode(part), String::new()), |(name, value)| (decode(name), decode(value)))
        })
        .collect()
}

fn kind_and_query(url: &str) -> (ResourceType, Vec<(String, String)>) {
    let (kind, query) = url.split_once('?').unwrap_or((url, ""));
    (kind.parse().unwrap(), params(query))
}

fn ask_with(url: &str, handling: Handling) -> Result<Query, Vec<crate::format::Problem>> {
    let (kind, params) = kind_and_query(url);
    parse(kind, &params, &Options { version: crate::format::Version::R4, base: BASE, handling, key: &key() })
}

fn ask(url: &str) -> Query {
    ask_with(url, Handling::Lenient).unwrap_or_else(|problems| panic!("{url}: {problems:?}"))
}

/// Resources of one patient.
struct World(Vec<Value>);

impl World {
    fn page(&self, query: &Query) -> Page {
        let project =
            |kind: ResourceType| self.0.iter().filter(|r| r["resourceType"] == kind.as_str()).cloned().collect();
        let resolve =
            |reference: &str| self.0.iter().find(|r| include::address(r).as_deref() == Some(reference)).cloned();
        query.select(&project, &resolve)
    }

    fn bundle(&self, url: &str) -> Value {
        let query = ask(url);
        let bundle = searchset(&query, self.page(&query), &key());
        assert_eq!(crate::format::check(&bundle), [], "{url}");
        bundle
    }

    /// Local ids of the matches, and of what was included.
    fn found(&self, url: &str) -> (Vec<String>, Vec<String>) {
        let page = self.page(&ask(url));
        let of = |mode| {
            let ids = page.entries.iter().filter(|e| e.mode == mode).map(|e| e.resource["id"].as_str().unwrap());
            ids.map(|id| {
                id.strip_prefix(patient().as_str())
                    .map_or(id, |rest| if rest.is_empty() { "patient" } else { &rest[1..] })
                    .to_owned()
            })
            .collect()
        };
        (of(Mode::Match), of(Mode::Include))
    }
}

fn id(local: &str) -> String {
    format!("{}-{local}", patient())
}

fn to(kind: &str, local: &str) -> Value {
    json!({"reference": if local.is_empty() { format!("{kind}/{}", patient()) } else { format!("{kind}/{}", id(local)) }})
}

fn sct(code: &str) -> Value {
    json!({"coding": [{"system": "http://snomed.info/sct", "code": code}]})
}

/// A resource with what every resource has.
fn resource(kind: &str, local: &str, changed: &str, content: &Value) -> Value {
    let id = if local.is_empty() { patient().to_string() } else { id(local) };
    let mut all = json!({
        "resourceType": kind, "id": id,
        "meta": {"versionId": "2", "lastUpdated": changed, "profile": [format!("https://api.iknl.nl/docs/pzp/r4/StructureDefinition/ACP-{kind}")]}
    });
    for (name, value) in content.as_object().unwrap() {
        all[name] = value.clone();
    }
    all
}

fn directive(local: &str, code: &str, kind: Option<&str>, date: &str) -> Value {
    let actor = |kind: &str, local: &str| json!({"reference": to(kind, local), "role": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "CONSENTER"}]}});
    let mut provision = json!({"actor": [actor("Patient", ""), actor("PractitionerRole", "z1")], "code": [sct(code)]});
    if let Some(kind) = kind {
        provision["type"] = kind.into();
    }
    let content = json!({
        "status": "active",
        "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "treatment"}]},
        "category": [sct("129125009")],
        "patient": to("Patient", ""), "dateTime": date, "policy": [{"uri": "https://wetten.overheid.nl/"}], "provision": provision
    });
    resource("Consent", local, "2022-11-08T18:00:00.000Z", &content)
}

fn observation(local: &str, code: &str, value: &Value) -> Value {
    let mut content = json!({
        "status": "final", "code": sct(code), "subject": to("Patient", ""), "encounter": to("Encounter", "e1"),
        "effectiveDateTime": "2020-10-01", "performer": [to("PractitionerRole", "z1")]
    });
    for (name, value) in value.as_object().unwrap() {
        content[name] = value.clone();
    }
    resource("Observation", local, "2020-10-01T16:30:00.000Z", &content)
}

fn form(number: u32, authored: &str, changed: &str) -> Value {
    let content = json!({
        "questionnaire": "https://api.iknl.nl/docs/pzp/r4/Questionnaire/ACP-zib2020|1.0.0-rc3", "status": "completed",
        "subject": to("Patient", ""), "authored": authored, "author": to("PractitionerRole", "z1"),
        "item": [{"linkId": "963", "answer": [{"valueDateTime": "2020-10-01"}]}]
    });
    let mut form = resource("QuestionnaireResponse", &format!("v{number}"), changed, &content);
    form["meta"].as_object_mut().unwrap().remove("profile");
    form
}

/// A small plan, made by hand.
fn world() -> World {
    let bsn = json!([{"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": "999911120"}]);
    let name = json!([{"use": "official", "text": "Hendrik van Hárt-de Vries", "family": "van Hárt-de Vries", "given": ["Hendrik"]}]);
    let conversation = |local: &str, act: &str, day: &str, subject: bool| {
        let mut encounter = json!({
            "status": "finished", "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
            "period": {"start": day, "end": day}, "reasonReference": [to("Procedure", act)], "participant": [{"individual": to("PractitionerRole", "z1")}]
        });
        // Decision 35: without an answer to 82 the Encounter has no subject.
        if subject {
            encounter["subject"] = to("Patient", "");
        }
        resource("Encounter", local, "2022-11-08T18:00:00.000Z", &encounter)
    };
    let procedure = |local: &str, encounter: &str, code: Value| {
        let content = json!({"status": "completed", "code": code, "subject": to("Patient", ""), "encounter": to("Encounter", encounter), "performedPeriod": {"start": "2020-10-01"}});
        resource("Procedure", local, "2020-10-01T16:30:00.000Z", &content)
    };
    let role = json!([{"coding": [{"system": "urn:oid:2.16.840.1.113883.2.4.3.11.22.472", "code": "01"}]}]);
    let will = json!({
        "status": "active",
        "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "adr"}]},
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentcategorycodes", "code": "acd"}]}],
        "patient": to("Patient", ""), "dateTime": "2018", "policy": [{"uri": "https://wetten.overheid.nl/"}],
        "provision": {"actor": [{"reference": to("RelatedPerson", "p1"), "role": {"text": "x"}}]}
    });
    let goal = json!({
        "lifecycleStatus": "active", "category": [sct("713603004")], "description": sct("1351964001"), "subject": to("Patient", ""),
        "startDate": "2020-10-01", "statusDate": "2020-10-01"
    });
    World(vec![
        resource(
            "Patient",
            "",
            "2020-10-01T16:30:00.000Z",
            &json!({"identifier": bsn, "name": name, "birthDate": "1961-01-01", "gender": "male"}),
        ),
        resource(
            "RelatedPerson",
            "p1",
            "2020-10-01T16:30:00.000Z",
            &json!({"patient": to("Patient", ""), "relationship": role, "name": [{"family": "Yüksel"}]}),
        ),
        resource("Practitioner", "z1", "2020-10-01T16:30:00.000Z", &json!({"name": [{"family": "van Huissen"}]})),
        resource(
            "PractitionerRole",
            "z1",
            "2020-10-01T16:30:00.000Z",
            &json!({"practitioner": to("Practitioner", "z1")}),
        ),
        conversation("e2", "c2", "2022-11-08", true),
        conversation("e1", "c1", "2020-10-01", false),
        procedure("c1", "e1", sct("713603004")),
        procedure(
            "c2",
            "e2",
            json!({"coding": [{"system": "urn:oid:2.16.840.1.113883.2.4.3.120.5.3", "code": "411600B"}]}),
        ),
        directive("cpr", "89666000", None, "2022-11-08"),
        directive("icu", "305351004", Some("deny"), "2020-10-01"),
        resource("Consent", "ad1", "2020-10-01T16:30:00.000Z", &will),
        resource("Goal", "goal", "2020-10-01T16:30:00.000Z", &goal),
        observation("capacity", "665671000146101", &json!({"valueBoolean": true})),
        observation("wishes", "153851000146100", &json!({"valueString": "x", "method": sct("370819000")})),
        observation("place", "395091006", &json!({"valueCodeableConcept": sct("264362003")})),
        observation("heart", "8867-4", &json!({"valueString": "x"})),
        resource(
            "DeviceUseStatement",
            "icd",
            "2020-10-01T16:30:00.000Z",
            &json!({"status": "active", "subject": to("Patient", ""), "device": to("Device", "icd-device")}),
        ),
        resource(
            "Device",
            "icd-device",
            "2020-10-01T16:30:00.000Z",
            &json!({"type": sct("465460004"), "patient": to("Patient", "")}),
        ),
        resource(
            "CommunicationRequest",
            "inform",
            "2020-10-01T16:30:00.000Z",
            &json!({"status": "active", "subject": to("Patient", ""), "category": [sct("223449006")], "reasonCode": [sct("713603004")]}),
        ),
        form(2, "2022-11-08T18:27:36+01:00", "2022-11-08T18:00:00.000Z"),
        form(1, "2020-10-01", "2020-10-01T16:30:00.000Z"),
    ])
}
