//! Consent: a treatment directive or an earlier written wish. R4 says it with scope, category and provision; zib2017 with
//! extensions, a second category and the consenting party.

use super::codes::Permitted;
use super::up::Up;
use crate::format::{IssueType, Kind};
use crate::r4::project::{ICD_OFF_TEXT, NO_DECISION_YET, NOT_DISCUSSED, UNKNOWN_TEXT};
use domain::code::system;
use serde_json::{Map, Value, json};

type Object = Map<String, Value>;

/// The treatment: in a treatment directive.
const TREATMENT: &str = "http://nictiz.nl/fhir/StructureDefinition/zib-TreatmentDirective-Treatment";
/// Whether it is wanted; a modifier.
const PERMITTED: &str = "http://nictiz.nl/fhir/StructureDefinition/zib-TreatmentDirective-TreatmentPermitted";
/// Under which restriction.
const RESTRICTIONS: &str = "http://nictiz.nl/fhir/StructureDefinition/zib-TreatmentDirective-Restrictions";
/// With whom and when it was agreed.
const VERIFICATION: &str = "http://nictiz.nl/fhir/StructureDefinition/zib-TreatmentDirective-Verification";
const SPECIFICATION_OTHER: &str =
    "http://nictiz.nl/fhir/StructureDefinition/ext-TreatmentDirective2.SpecificationOther";
const DATA_ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
const SCOPE: &str = "http://terminology.hl7.org/CodeSystem/consentscope";
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/consentcategorycodes";

const DIRECTIVE: (&str, &str) = ("11291000146105", "Treatment instructions (record artifact)");
const WRITTEN: (&str, &str) = ("11341000146107", "Living will and advance directive record (record artifact)");
/// The patient, as one with whom a directive was agreed.
const PATIENT: &str = "116154003";
/// How the guide's examples begin the name of a relative with whom it was agreed.
const CONTACT: &str = "ContactPerson, ";

/// R4 to STU3. What R4 says in scope, category and provision is taken out of the resource, and given back in STU3's words.
pub(super) fn down(resource: &mut Object) -> Object {
    let scope = resource.remove("scope").unwrap_or_default();
    let provision = match resource.remove("provision") {
        Some(Value::Object(provision)) => provision,
        _ => Object::new(),
    };
    resource.remove("category");
    if scope.pointer("/coding/0/code").and_then(Value::as_str) == Some("adr") {
        return document_down(resource, provision);
    }
    directive_down(resource, provision)
}

fn document_down(resource: &Object, mut provision: Object) -> Object {
    let kind = provision.remove("code").and_then(first).unwrap_or_default();
    let mut out = Object::new();
    out.insert("category".into(), json!([snomed(WRITTEN), kind]));
    let representative = actors(&provision).into_iter().next();
    out.extend(representative.map(|person| ("consentingParty".to_owned(), json!([person]))));
    if !resource.contains_key("dateTime") {
        // The profile asks for a date; that there is none is said in its place.
        out.insert("_dateTime".into(), json!({"extension": [{"url": DATA_ABSENT, "valueCode": "unknown"}]}));
    }
    out
}

fn directive_down(resource: &mut Object, mut provision: Object) -> Object {
    let mut out = Object::new();
    out.insert("category".into(), json!([snomed(DIRECTIVE)]));
    let mut verified = vec![json!({"url": "Verified", "valueBoolean": true})];
    if let Some(date) = resource.get("dateTime") {
        verified.push(json!({"url": "VerificationDate", "valueDateTime": date}));
    }
    let mut parties = Vec::new();
    for party in actors(&provision) {
        let to = party["reference"].as_str().unwrap_or_default();
        if to.starts_with("Patient/") {
            verified.push(with(&snomed((PATIENT, "Patient"))));
            continue;
        }
        if to.starts_with("RelatedPerson/") {
            let name = party["display"].as_str().unwrap_or_default();
            let other = json!({"system": system::NULL_FLAVOR, "code": "OTH", "display": "Other"});
            verified.push(with(&json!({"coding": [other], "text": format!("{CONTACT}{name}")})));
        }
        parties.push(party);
    }
    if !parties.is_empty() {
        out.insert("consentingParty".into(), parties.into());
    }
    let mut extensions = take_list(resource, "extension");
    extensions.push(json!({"url": VERIFICATION, "extension": verified}));
    if let Some(treatment) = provision.remove("code").and_then(first) {
        extensions.push(json!({"url": TREATMENT, "valueCodeableConcept": treatment}));
    }
    out.insert("extension".into(), extensions.into());
    let (permitted, absent, restriction) = decision(resource, &provision);
    let mut concept = json!({"coding": [permitted.coding()]});
    if let Some(reason) = absent {
        concept["extension"] = json!([{"url": DATA_ABSENT, "valueCode": reason}]);
    }
    out.insert("modifierExtension".into(), json!([{"url": PERMITTED, "valueCodeableConcept": concept}]));
    let except = match permitted {
        Permitted::Yes => Some(json!({"type": "permit"})),
        Permitted::No => Some(json!({"type": "deny"})),
        Permitted::But => Some(match restriction {
            Some(text) => json!({"extension": [{"url": RESTRICTIONS, "valueString": text}], "type": "deny"}),
            None => json!({"type": "deny"}),
        }),
        _ => None,
    };
    out.extend(except.map(|e| ("except".to_owned(), json!([e]))));
    out.extend(provision.remove("period").map(|period| ("period".to_owned(), period)));
    out
}

/// What the directive says, why it says nothing, and under which restriction.
fn decision(resource: &mut Object, provision: &Object) -> (Permitted, Option<String>, Option<String>) {
    let modifiers = take_list(resource, "modifierExtension");
    let text = modifiers.iter().find_map(|m| m["valueString"].as_str()).map(str::to_owned);
    match provision.get("type").and_then(Value::as_str) {
        Some("permit") => return (Permitted::Yes, None, None),
        Some("deny") => return (Permitted::No, None, None),
        _ => {}
    }
    let absent = provision.get("_type").and_then(|t| t.pointer("/extension/0/valueCode")).and_then(Value::as_str);
    match (text.as_deref(), absent) {
        (None, Some(reason)) => (Permitted::Unknown, Some(reason.to_owned()), None),
        (Some(UNKNOWN_TEXT), _) => (Permitted::Unknown, None, None),
        (Some(NO_DECISION_YET), _) => (Permitted::Undecided, None, None),
        (Some(NOT_DISCUSSED), _) => (Permitted::NotDiscussed, None, None),
        _ => (Permitted::But, None, text),
    }
}

/// STU3 to R4: the elements that only STU3 has are taken out of the resource, and given back in R4's words.
pub(super) fn up(resource: &mut Object, to: &mut Up<'_>) -> Object {
    if let Some(rule) = resource.remove("policyRule") {
        let mut policies = take_list(resource, "policy");
        policies.push(json!({"uri": rule}));
        put_list(resource, "policy", policies);
    }
    let categories = resource.get("category").and_then(Value::as_array).cloned().unwrap_or_default();
    let has =
        |code: &str| categories.iter().any(|c| codings(c).any(|c| c["system"] == system::SNOMED && c["code"] == code));
    if has(DIRECTIVE.0) {
        return directive_up(resource, to);
    }
    if has(WRITTEN.0) {
        return document_up(resource, &categories, to);
    }
    Object::new()
}

fn document_up(resource: &mut Object, categories: &[Value], to: &mut Up<'_>) -> Object {
    resource.remove("category");
    let is_fixed = |concept: &&Value| codings(concept).any(|c| c["code"] == WRITTEN.0);
    let kinds: Vec<&Value> = categories.iter().filter(|c| !is_fixed(c)).collect();
    if kinds.len() > 1 {
        to.left("category[2]");
    }
    let kind = kinds.first().map(|k| (*k).clone());
    // The guide's examples say the kind once more as a treatment.
    let mut extensions = take_list(resource, "extension");
    let repeats =
        |e: &Value| e["url"] == TREATMENT && kind.as_ref().is_some_and(|k| same_code(&e["valueCodeableConcept"], k));
    extensions.retain(|e| !repeats(e));
    put_list(resource, "extension", extensions);
    let mut out = fixed("adr", &json!({"coding": [{"system": CATEGORY, "code": "acd"}]}));
    let actors: Vec<Value> = take_list(resource, "consentingParty")
        .into_iter()
        .map(|person| json!({"role": role("RESPRSN"), "reference": person}))
        .collect();
    let mut provision = Object::new();
    put_list(&mut provision, "actor", actors);
    put_list(&mut provision, "code", kind.into_iter().collect());
    out.extend((!provision.is_empty()).then(|| ("provision".to_owned(), Value::Object(provision))));
    let is_unknown = |e: &Value| e["url"] == DATA_ABSENT;
    if resource.get("_dateTime").and_then(|d| d.pointer("/extension/0")).is_some_and(is_unknown) {
        resource.remove("_dateTime");
    }
    out
}

fn directive_up(resource: &mut Object, to: &mut Up<'_>) -> Object {
    resource.remove("category");
    let mut out = fixed("treatment", &json!({"coding": [{"system": system::SNOMED, "code": "129125009"}]}));
    let mut provision = Object::new();
    let (mut kept, mut actors, mut treatment) = (Vec::new(), Vec::new(), None);
    for extension in take_list(resource, "extension") {
        match extension["url"].as_str() {
            Some(TREATMENT) if treatment.is_none() => treatment = extension.get("valueCodeableConcept").cloned(),
            Some(VERIFICATION) => actors.extend(verification(resource, &extension, to)),
            _ => kept.push(extension),
        }
    }
    put_list(resource, "extension", kept);
    for party in take_list(resource, "consentingParty") {
        if !actors.iter().any(|a: &Value| same_party(a, &party)) {
            actors.push(party);
        }
    }
    let actor = |party: Value| json!({"role": role("CONSENTER"), "reference": party});
    put_list(&mut provision, "actor", actors.into_iter().map(actor).collect());
    let is_icd = treatment.as_ref().is_some_and(|t| {
        let text = t["text"].as_str().unwrap_or_default();
        text.contains("400231000146108") || text == ICD_OFF_TEXT || codings(t).any(|c| c["code"] == "400231000146108")
    });
    put_list(&mut provision, "code", treatment.into_iter().collect());
    if let Some(specification) = permitted_up(resource, &mut provision, is_icd, to) {
        let other = json!({"url": SPECIFICATION_OTHER, "valueString": specification});
        let mut modifiers = take_list(resource, "modifierExtension");
        modifiers.push(other);
        put_list(&mut out, "modifierExtension", modifiers);
    }
    provision.extend(resource.remove("period").map(|period| ("period".to_owned(), period)));
    out.insert("provision".into(), Value::Object(provision));
    out
}

/// Reads whether the treatment is wanted into `provision.type`; what it says beyond that is given back.
fn permitted_up(resource: &mut Object, provision: &mut Object, is_icd: bool, to: &mut Up<'_>) -> Option<String> {
    let mut modifiers = take_list(resource, "modifierExtension");
    let at = modifiers.iter().position(|m| m["url"] == PERMITTED);
    let said = at.map(|at| modifiers.remove(at));
    put_list(resource, "modifierExtension", modifiers);
    let excepts = take_list(resource, "except");
    let Some(said) = said else {
        to.refuse(
            Kind::Missing,
            IssueType::Required,
            "modifierExtension",
            "Er staat niet of de behandeling gewenst is (TreatmentPermitted). Vul dat in.",
        );
        return None;
    };
    let concept = &said["valueCodeableConcept"];
    let Some(permitted) = codings(concept).find_map(Permitted::of) else {
        let text = "Deze code voor het al dan niet toestaan van de behandeling is hier niet bekend. Gebruik JA, JA_MAAR, NEE, UNK, ASKU of NASK.";
        to.refuse(Kind::CodeOutsideSet, IssueType::CodeInvalid, "modifierExtension", text);
        return None;
    };
    let mut restrictions = Vec::new();
    for (n, except) in excepts.iter().enumerate() {
        let kind = except["type"].as_str();
        let fits = match permitted {
            Permitted::Yes => kind == Some("permit"),
            Permitted::No | Permitted::But => kind == Some("deny"),
            _ => false,
        };
        if !fits {
            let text = "Deze uitzondering spreekt tegen wat er in TreatmentPermitted staat. Laat er één weg.";
            to.refuse(Kind::Invariant, IssueType::Invariant, &format!("except[{n}].type"), text);
        }
        for (key, value) in except.as_object().into_iter().flatten() {
            match key.as_str() {
                "type" => {}
                "extension" => {
                    for (m, extension) in value.as_array().into_iter().flatten().enumerate() {
                        match extension["valueString"].as_str().filter(|_| extension["url"] == RESTRICTIONS) {
                            Some(text) => restrictions.push(text.to_owned()),
                            None => to.left(&format!("except[{n}].extension[{m}]")),
                        }
                    }
                }
                other => to.left(&format!("except[{n}].{other}")),
            }
        }
    }
    let restriction = (!restrictions.is_empty()).then(|| restrictions.join("\n"));
    if restriction.is_some() && permitted != Permitted::But {
        let text =
            "Er staat een beperking bij, terwijl de behandeling niet op JA_MAAR staat. Controleer de behandelgrens.";
        to.refuse(Kind::Invariant, IssueType::Invariant, "except[0].extension", text);
    }
    let absent = concept.pointer("/extension/0").filter(|e| e["url"] == DATA_ABSENT).cloned();
    match permitted {
        Permitted::Yes => provision.insert("type".into(), "permit".into()),
        Permitted::No => provision.insert("type".into(), "deny".into()),
        Permitted::But => return restriction,
        Permitted::Unknown if absent.is_some() => provision.insert("_type".into(), json!({"extension": [absent]})),
        Permitted::Undecided if is_icd => return Some(NO_DECISION_YET.to_owned()),
        Permitted::NotDiscussed if is_icd => return Some(NOT_DISCUSSED.to_owned()),
        Permitted::Undecided | Permitted::NotDiscussed => {
            to.note(
                "modifierExtension",
                "Bij deze behandeling is 'nog geen besluit' of 'niet besproken' gelezen als onbekend.",
            );
            return Some(UNKNOWN_TEXT.to_owned());
        }
        Permitted::Unknown => return Some(UNKNOWN_TEXT.to_owned()),
    };
    None
}

/// With whom it was agreed; the date stands in for that of the directive where that is absent.
fn verification(resource: &mut Object, extension: &Value, to: &mut Up<'_>) -> Vec<Value> {
    let mut parties = Vec::new();
    let patient = resource.get("patient").cloned().unwrap_or_default();
    for part in extension["extension"].as_array().into_iter().flatten() {
        match part["url"].as_str() {
            Some("Verified") if part["valueBoolean"] == true => {}
            Some("Verified") => {
                let text =
                    "Een behandelgrens die niet geverifieerd is, kan niet worden aangeleverd. Verifieer haar eerst.";
                to.refuse(Kind::Other, IssueType::Value, "extension", text);
            }
            Some("VerificationDate") => match resource.get("dateTime") {
                Some(date) if *date == part["valueDateTime"] => {}
                Some(_) => to.left("extension"),
                None => {
                    resource.insert("dateTime".into(), part["valueDateTime"].clone());
                }
            },
            Some("VerifiedWith") => {
                let concept = &part["valueCodeableConcept"];
                if codings(concept).any(|c| c["code"] == PATIENT) {
                    parties.push(patient.clone());
                } else if let Some(person) = concept["text"].as_str().and_then(|name| to.person(name)) {
                    parties.push(person);
                } else {
                    to.left("extension");
                }
            }
            _ => to.left("extension"),
        }
    }
    parties
}

/// The name in the text of a VerifiedWith.
pub(super) fn name_in(text: &str) -> &str {
    text.split_once(", ")
        .filter(|(before, _)| before.eq_ignore_ascii_case("contactperson"))
        .map_or(text, |(_, name)| name)
}

fn same_party(a: &Value, b: &Value) -> bool {
    a["reference"].is_string() && a["reference"] == b["reference"]
}

fn same_code(a: &Value, b: &Value) -> bool {
    codings(a).any(|a| codings(b).any(|b| a["code"] == b["code"] && a["system"] == b["system"]))
}

fn codings(concept: &Value) -> impl Iterator<Item = &Value> {
    concept.get("coding").and_then(Value::as_array).into_iter().flatten()
}

fn actors(provision: &Object) -> Vec<Value> {
    let list = provision.get("actor").and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|actor| actor.get("reference").cloned()).collect()
}

fn fixed(scope: &str, category: &Value) -> Object {
    let scope = json!({"coding": [{"system": SCOPE, "code": scope}]});
    Object::from_iter([("scope".to_owned(), scope), ("category".to_owned(), json!([category]))])
}

fn role(code: &str) -> Value {
    json!({"coding": [{"system": system::ROLE_CODE, "code": code}]})
}

fn snomed((code, display): (&str, &str)) -> Value {
    json!({"coding": [{"system": system::SNOMED, "code": code, "display": display}]})
}

fn with(concept: &Value) -> Value {
    json!({"url": "VerifiedWith", "valueCodeableConcept": concept})
}

fn first(list: Value) -> Option<Value> {
    match list {
        Value::Array(list) => list.into_iter().next(),
        _ => None,
    }
}

fn take_list(from: &mut Object, name: &str) -> Vec<Value> {
    match from.remove(name) {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    }
}

fn put_list(to: &mut Object, name: &str, list: Vec<Value>) {
    if !list.is_empty() {
        to.insert(name.to_owned(), list.into());
    }
}
