//! Plans to send in: a transaction Bundle with building blocks (SPEC sections 2 and 6), and the form as a response (section 5).

use serde_json::{Value, json};

use super::random::Random;
use super::server::TODAY;

/// System of the citizen service number.
pub const BSN: &str = "http://fhir.nl/fhir/NamingSystem/bsn";

/// Canonical of the standard's form.
pub const QUESTIONNAIRE: &str = "https://api.iknl.nl/docs/pzp/r4/Questionnaire/ACP-zib2020";

const PROFILES: &str = "https://api.iknl.nl/docs/pzp/r4/StructureDefinition/";
const SNOMED: &str = "http://snomed.info/sct";
const DECISION: &str = "urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4.25.1";
const COMMENT: &str = "http://nictiz.nl/fhir/StructureDefinition/ext-Comment";
const OTHER: &str = "http://nictiz.nl/fhir/StructureDefinition/ext-TreatmentDirective2.SpecificationOther";

/// Treatments with the form's items for them: code, group, treatment, decision, explanation.
const TREATMENTS: [(&str, &str, &str, &str, &str); 6] = [
    ("89666000", "1409", "1410", "1386", "1002"),
    ("40617009", "1411", "1412", "1387", "1389"),
    ("305351004", "1413", "1414", "1390", "1392"),
    ("32485007", "1415", "1416", "1393", "1395"),
    ("281789004", "1417", "1418", "1396", "1398"),
    ("116762002", "1419", "1420", "1399", "1401"),
];

const GOALS: [&str; 2] = ["1351964001", "385987000"];

/// Stands for what differs between one sending and the next: in each text and each identifier, replaced by [`Template::salted`].
const SALT: &str = "5a17c0de";

/// Something to send again and again, never twice the same. Made once, since the client shares the server's cores.
#[derive(Debug)]
pub struct Template {
    text: Vec<u8>,
    places: Vec<usize>,
}

impl Template {
    /// Of a resource that has the salt in it.
    pub fn new(resource: &Value) -> Self {
        let text = resource.to_string();
        let places = text.match_indices(SALT).map(|(at, _)| at).collect();
        Self { text: text.into_bytes(), places }
    }

    /// The bytes of one sending.
    pub fn salted(&self, random: &mut Random) -> Vec<u8> {
        let salt = format!("{:08x}", random.next() >> 32);
        let mut text = self.text.clone();
        for at in &self.places {
            text[*at..*at + SALT.len()].copy_from_slice(salt.as_bytes());
        }
        text
    }
}

/// A UUID that is new in each sending.
fn uuid(random: &mut Random) -> String {
    format!("urn:uuid:{SALT}{}", &random.uuid()[SALT.len()..])
}

fn coded(system: &str, code: &str) -> Value {
    json!({"coding": [{"system": system, "code": code}]})
}

/// An entry that makes a resource, with an address that the others can point at.
struct Entry {
    address: String,
    resource: Value,
}

impl Entry {
    fn new(random: &mut Random, profile: &str, mut resource: Value) -> Self {
        resource["meta"] = json!({"profile": [format!("{PROFILES}{profile}")]});
        if resource["identifier"].is_null() {
            resource["identifier"] = json!([{"system": "urn:ietf:rfc:3986", "value": uuid(random)}]);
        }
        Self { address: uuid(random), resource }
    }

    fn reference(&self) -> Value {
        json!({"reference": self.address})
    }
}

/// A whole plan about this patient (as the server gave it): the building blocks of one conversation.
pub fn building_blocks(patient: &Value, random: &mut Random) -> Value {
    let bsn = patient["identifier"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|id| id["system"] == BSN)
        .map_or(Value::Null, |id| id["value"].clone());
    let person = Entry {
        address: uuid(random),
        resource: json!({
            "resourceType": "Patient",
            "meta": {"profile": [format!("{PROFILES}ACP-Patient")]},
            "identifier": [{"system": BSN, "value": bsn}],
            "name": patient["name"],
            "birthDate": patient["birthDate"],
        }),
    };
    let subject = person.reference();
    let practitioner = Entry::new(
        random,
        "ACP-HealthProfessional-Practitioner",
        json!({
            "resourceType": "Practitioner",
            "identifier": [{"system": "http://fhir.nl/fhir/NamingSystem/agb-z", "value": "01999999"}],
            "name": [name("Meting")],
        }),
    );
    let role = Entry::new(
        random,
        "ACP-HealthProfessional-PractitionerRole",
        json!({
            "resourceType": "PractitionerRole",
            "practitioner": practitioner.reference(),
            "specialty": [coded("urn:oid:2.16.840.1.113883.2.4.6.7", "0100")],
        }),
    );
    let contact = Entry::new(
        random,
        "ACP-ContactPerson",
        json!({
            "resourceType": "RelatedPerson",
            "patient": subject,
            "relationship": [coded("urn:oid:2.16.840.1.113883.2.4.3.11.22.472", "01"), coded("http://terminology.hl7.org/CodeSystem/v3-RoleCode", "DAUC")],
            "name": [name("Naaste")],
            "telecom": [{"system": "phone", "value": "0612345678", "use": "home"}],
        }),
    );
    let encounter_address = uuid(random);
    let procedure = Entry::new(
        random,
        "ACP-Procedure",
        json!({
            "resourceType": "Procedure",
            "status": "completed",
            "code": coded(SNOMED, "713603004"),
            "subject": subject,
            "encounter": {"reference": encounter_address},
            "performedPeriod": {"start": TODAY},
            "performer": [{"actor": role.reference()}],
        }),
    );
    let mut encounter = Entry::new(
        random,
        "ACP-Encounter",
        json!({
            "resourceType": "Encounter",
            "status": "finished",
            "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "HH"},
            "subject": subject,
            "participant": [{"individual": role.reference()}, {"individual": contact.reference()}],
            "period": {"start": TODAY, "end": TODAY},
            "reasonReference": [procedure.reference()],
        }),
    );
    encounter.address = encounter_address;
    let purpose = random.pick(&GOALS).copied().unwrap_or(GOALS[0]);
    let goal = Entry::new(
        random,
        "ACP-MedicalPolicyGoal",
        json!({
            "resourceType": "Goal",
            "lifecycleStatus": "active",
            "category": [coded(SNOMED, "713603004")],
            "description": coded(SNOMED, purpose),
            "subject": subject,
            "statusDate": TODAY,
        }),
    );

    let mut entries = vec![practitioner, role, contact, encounter, procedure, goal];
    for (treatment, ..) in TREATMENTS {
        let role = entries[1].reference();
        entries.push(directive(treatment, &subject, &role, random));
    }
    for (profile, code, method, value) in observations() {
        let mut observation = json!({
            "resourceType": "Observation",
            "status": "final",
            "code": coded(SNOMED, code),
            "subject": subject,
            "encounter": entries[3].reference(),
            "effectiveDateTime": TODAY,
            "performer": [entries[1].reference()],
        });
        observation[value.0] = value.1;
        if let Some(method) = method {
            observation["method"] = coded(SNOMED, method);
        }
        entries.push(Entry::new(random, profile, observation));
    }

    let if_none =
        format!("identifier={BSN}|{}", person.resource["identifier"][0]["value"].as_str().unwrap_or_default());
    let mut all = vec![json!({
        "fullUrl": person.address,
        "resource": person.resource,
        "request": {"method": "POST", "url": "Patient", "ifNoneExist": if_none},
    })];
    all.extend(entries.into_iter().map(|entry| {
        let url = entry.resource["resourceType"].clone();
        json!({"fullUrl": entry.address, "resource": entry.resource, "request": {"method": "POST", "url": url}})
    }));
    json!({"resourceType": "Bundle", "type": "transaction", "entry": all})
}

fn directive(treatment: &str, subject: &Value, role: &Value, random: &mut Random) -> Entry {
    let consenter = coded("http://terminology.hl7.org/CodeSystem/v3-RoleCode", "CONSENTER");
    let mut consent = json!({
        "resourceType": "Consent",
        "status": "active",
        "scope": coded("http://terminology.hl7.org/CodeSystem/consentscope", "treatment"),
        "category": [coded(SNOMED, "129125009")],
        "patient": subject,
        "dateTime": TODAY,
        "policy": [{"uri": "https://wetten.overheid.nl/"}],
        "extension": [{"url": COMMENT, "valueString": format!("Besproken in de meting, {SALT}.")}],
        "provision": {
            "actor": [{"role": consenter, "reference": subject}, {"role": consenter, "reference": role}],
            "code": [coded(SNOMED, treatment)],
        },
    });
    match random.next() % 3 {
        0 => consent["provision"]["type"] = json!("permit"),
        1 => consent["provision"]["type"] = json!("deny"),
        _ => consent["modifierExtension"] = json!([{"url": OTHER, "valueString": "Alleen bij een omkeerbare oorzaak"}]),
    }
    Entry::new(random, "ACP-TreatmentDirective", consent)
}

type Observed = (&'static str, &'static str, Option<&'static str>, (&'static str, Value));

fn observations() -> [Observed; 3] {
    let wish = format!("Ik wil graag thuis blijven en mijn tuin zien. Meting {SALT}.");
    [
        ("ACP-LegallyCapable", "665671000146101", None, ("valueBoolean", json!(true))),
        ("ACP-SpecificCareWishes", "153851000146100", Some("370819000"), ("valueString", json!(wish))),
        ("ACP-SenseOfPurpose", "247751003", None, ("valueString", json!("De kleinkinderen en de muziek."))),
    ]
}

fn name(family: &str) -> Value {
    json!({
        "use": "official",
        "text": family,
        "family": family,
        "_family": {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/humanname-own-name", "valueString": family}]},
    })
}

/// The form about this patient (as the server gave it).
pub fn form(patient: &Value, random: &mut Random) -> Value {
    let group = |link: &str, items: Vec<Value>| json!({"linkId": link, "item": items});
    let answer = |link: &str, value: Value| json!({"linkId": link, "answer": [value]});
    let treatments = TREATMENTS.map(|(code, outer, what, decision, why)| {
        let choice = random.pick(&["0", "2"]).copied().unwrap_or("0");
        let because = answer(why, json!({"valueString": format!("Besproken in de meting, {SALT}.")}));
        let decided = json!({"valueCoding": {"system": DECISION, "code": choice}, "item": [because]});
        group(
            outer,
            vec![answer(what, json!({"valueCoding": {"system": SNOMED, "code": code}})), answer(decision, decided)],
        )
    });
    let wish = group(
        "1427",
        vec![
            answer("1428", json!({"valueCoding": {"system": SNOMED, "code": "153851000146100"}})),
            answer("1190", json!({"valueString": format!("Ik wil graag thuis blijven. Meting {SALT}.")})),
            answer("1648", json!({"valueCoding": {"system": SNOMED, "code": "370819000"}})),
        ],
    );
    json!({
        "resourceType": "QuestionnaireResponse",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": uuid(random)},
        "questionnaire": QUESTIONNAIRE,
        "status": "completed",
        "subject": {"reference": format!("Patient/{}", patient["id"].as_str().unwrap_or_default())},
        "authored": TODAY,
        "item": [
            answer("963", json!({"valueDateTime": TODAY})),
            answer("967", json!({"valueDate": patient["birthDate"]})),
            group("26", vec![answer("1651", json!({"valueBoolean": true}))]),
            group("83", treatments.to_vec()),
            group("107", vec![wish]),
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn patient() -> Value {
        json!({"resourceType": "Patient", "id": "abc", "birthDate": "1940-02-03", "name": [name("Meting")],
            "identifier": [{"system": "http://elsewhere", "value": "1"}, {"system": BSN, "value": "999911120"}]})
    }

    /// Every value of this key, anywhere.
    fn all<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(name, inner)| {
                found.extend(inner.as_str().filter(|_| name == key));
                all(inner, key, found);
            }),
            Value::Array(items) => items.iter().for_each(|item| all(item, key, found)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_in_the_bundle_leads_to_an_entry() {
        let bundle = building_blocks(&patient(), &mut Random::new(1));
        let (mut references, mut entries) = (Vec::new(), Vec::new());
        all(&bundle, "reference", &mut references);
        all(&bundle, "fullUrl", &mut entries);
        let entries: BTreeSet<&str> = entries.into_iter().collect();
        assert_eq!(entries.len(), bundle["entry"].as_array().unwrap().len(), "no address twice");
        assert!(references.len() > 20 && references.iter().all(|r| entries.contains(r)), "{references:?}");
        assert_eq!(bundle["entry"][0]["request"]["ifNoneExist"], format!("identifier={BSN}|999911120"));
        assert_eq!(bundle["entry"][0]["resource"]["birthDate"], "1940-02-03");
    }

    #[test]
    fn no_two_sendings_are_the_same_and_the_same_seed_gives_the_same() {
        for resource in [building_blocks(&patient(), &mut Random::new(1)), form(&patient(), &mut Random::new(1))] {
            let template = Template::new(&resource);
            let mut random = Random::new(2);
            let sent = [template.salted(&mut random), template.salted(&mut random)];
            assert_ne!(sent[0], sent[1]);
            assert_eq!(sent[0], template.salted(&mut Random::new(2)));
            let [first, second] = sent.map(|bytes| serde_json::from_slice::<Value>(&bytes).unwrap());
            let identifiers = |resource: &Value| {
                let (mut values, mut texts) = (Vec::new(), Vec::new());
                all(resource, "value", &mut values);
                all(resource, "valueString", &mut texts);
                values.extend(texts);
                values.into_iter().map(str::to_owned).collect::<BTreeSet<_>>()
            };
            let same: Vec<_> = identifiers(&first).intersection(&identifiers(&second)).cloned().collect();
            assert!(same.len() < 8, "only what belongs to the patient stays: {same:?}");
        }
        assert_eq!(form(&patient(), &mut Random::new(1))["subject"]["reference"], "Patient/abc");
    }
}
