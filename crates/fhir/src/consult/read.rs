//! A plan out of what a source gave: read as a delivery is, without what cannot be read.

use super::gathered::{Gathered, Item};
use super::{Group, is_id};
use crate::format::{Problem, Severity, Version};
use crate::r4::receive::{self, Delivery, NewId, ReceiveCtx};
use crate::stu3;
use domain::date::FhirDateTime;
use domain::ident::Bsn;
use domain::patient::{Patient, normalise_family};
use domain::plan::{Arrival, Content, apply};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// How often a Bundle is tried again without what was wrong with it.
const TRIES: usize = 20;
/// Most forms of one patient, the newest.
const MOST_FORMS: usize = 10;
/// Types that say something of a plan.
const STATEMENTS: [&str; 9] = [
    "Consent",
    "Goal",
    "Observation",
    "DeviceUseStatement",
    "CommunicationRequest",
    "RelatedPerson",
    "Encounter",
    "Procedure",
    "QuestionnaireResponse",
];

/// How a source was asked, and of whom.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// In which version.
    pub version: Version,
    /// For which group.
    pub group: Group,
    /// The patient as they are known here.
    pub patient: &'a Patient,
    /// The source's own Patient.
    pub theirs: &'a Value,
}

/// What reading needs beside it.
pub struct Ctx<'a> {
    /// Now.
    pub now: Timestamp,
    /// Makes the id of a file.
    pub new_id: &'a mut NewId<'a>,
}

/// The plan of a source.
#[derive(Debug, Clone)]
pub struct Read {
    /// The plan; absent: it has none of this patient.
    pub content: Option<Content>,
    /// How many resources, or forms, could not be read.
    pub left_out: usize,
}

/// Is the source's patient the one that was asked for?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// As far as it tells.
    Same,
    /// The name is spelled otherwise there.
    OtherName,
    /// Another date of birth, or another BSN: nothing of it may be shown.
    Another,
}

/// Holds the source's patient against the one here (decision 32).
pub fn identity(theirs: &Value, patient: &Patient) -> Identity {
    let born = theirs["birthDate"].as_str().and_then(|text| FhirDateTime::parse(text).ok());
    let mut numbers = list(&theirs["identifier"]).iter().filter(|i| i["system"] == Bsn::SYSTEM);
    let other = |i: &Value| i["value"].as_str().and_then(|v| Bsn::parse(v).ok()).is_some_and(|bsn| bsn != patient.bsn);
    if born.is_some_and(|born| born.cmp_common(&patient.birth_date) != Ordering::Equal) || numbers.any(other) {
        return Identity::Another;
    }
    let families: Vec<String> = list(&theirs["name"])
        .iter()
        .filter_map(|n| n["family"].as_str())
        .map(normalise_family)
        .filter(|n| !n.is_empty())
        .collect();
    let known = patient.search_names();
    let is_known =
        |theirs: &String| known.iter().any(|own| theirs.contains(own.as_str()) || own.contains(theirs.as_str()));
    if families.is_empty() || known.is_empty() || families.iter().any(is_known) {
        Identity::Same
    } else {
        Identity::OtherName
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

impl Gathered {
    /// The plan of it; `None` where nothing of it can be read.
    pub fn read(self, asked: Asked<'_>, ctx: &mut Ctx<'_>) -> Option<Read> {
        let id = asked.theirs["id"].as_str().filter(|id| is_id(id))?.to_owned();
        let (items, others): (Vec<Item>, Vec<Item>) =
            self.items.into_iter().partition(|item| is_about(&item.resource, &id, &asked.patient.bsn));
        let (forms, blocks): (Vec<Item>, Vec<Item>) =
            items.into_iter().partition(|item| item.resource["resourceType"] == "QuestionnaireResponse");
        let mut read = match asked.group {
            Group::Blocks => of_blocks(blocks, asked, ctx)?,
            Group::Form => of_forms(forms, &blocks, asked, ctx)?,
        };
        read.left_out += others.len();
        Some(read)
    }
}

fn of_blocks(items: Vec<Item>, asked: Asked<'_>, ctx: &mut Ctx<'_>) -> Option<Read> {
    let (delivery, left_out) = match lenient(items, asked, ctx)? {
        (Some(delivery), left_out) => (delivery, left_out),
        (None, left_out) => return Some(Read { content: None, left_out }),
    };
    let content = apply(&Content::default(), &delivery.input, Arrival::Elsewhere, 1, ctx.now).content;
    Some(Read { content: Some(content), left_out })
}

/// Each form is laid upon those before it, as they would have been delivered.
fn of_forms(mut forms: Vec<Item>, beside: &[Item], asked: Asked<'_>, ctx: &mut Ctx<'_>) -> Option<Read> {
    forms.retain(|f| matches!(f.resource["status"].as_str(), Some("completed" | "amended")));
    forms.sort_by(|a, b| a.resource["authored"].as_str().cmp(&b.resource["authored"].as_str()));
    let newest = forms.split_off(forms.len().saturating_sub(MOST_FORMS));
    let (total, mut left_out, mut content) = (newest.len(), 0, None);
    for (form, number) in newest.into_iter().zip(1..) {
        let people = beside.iter().filter(|i| {
            matches!(i.resource["resourceType"].as_str(), Some("Practitioner" | "PractitionerRole" | "RelatedPerson"))
        });
        let items = std::iter::once(form).chain(people.cloned()).collect();
        match lenient(items, asked, ctx) {
            Some((Some(delivery), _)) if delivery.form.is_some() => {
                let base = content.unwrap_or_default();
                content = Some(apply(&base, &delivery.input, Arrival::Elsewhere, number, ctx.now).content);
            }
            _ => left_out += 1,
        }
    }
    (left_out < total || total == 0).then_some(Read { content, left_out })
}

/// Reads a Bundle of these, without those that cannot be read; how many those were. Nothing where none says anything of a
/// plan; `None` where what is wrong is nowhere in particular.
fn lenient(mut items: Vec<Item>, asked: Asked<'_>, ctx: &mut Ctx<'_>) -> Option<(Option<Delivery>, usize)> {
    let mut left_out = 0;
    let mut patient = with_bsn(asked.theirs.clone(), &asked.patient.bsn);
    let mut plain = false;
    for _ in 0..TRIES {
        if !items.iter().any(|i| i.resource["resourceType"].as_str().is_some_and(|k| STATEMENTS.contains(&k))) {
            // Where all of it was wrong, that is no plan without anything in it.
            return (left_out == 0).then_some((None, 0));
        }
        let bundle = transaction(&patient, &items);
        let mut ctx =
            ReceiveCtx { now: ctx.now, written_on: FhirDateTime::of_moment(ctx.now), new_id: &mut *ctx.new_id };
        let read = match asked.version {
            Version::R4 => receive::bundle(&bundle, &mut ctx),
            Version::Stu3 => stu3::receive::bundle(&bundle, &mut ctx),
        };
        let problems = match read {
            Ok(delivery) => return Some((Some(delivery), left_out)),
            Err(problems) => problems,
        };
        let mut wrong: BTreeSet<usize> = problems.iter().filter_map(entry_of).collect();
        if wrong.remove(&0) {
            if plain {
                return None;
            }
            // What stands in their Patient beside who it is cannot be read; who it is, is known.
            (patient, plain) = (known(asked.theirs, asked.patient), true);
        } else if wrong.is_empty() {
            return None;
        }
        left_out += wrong.len();
        let mut at = 0;
        items.retain(|_| {
            at += 1;
            !wrong.contains(&at)
        });
    }
    None
}

/// In which entry of the Bundle an error stands.
fn entry_of(problem: &Problem) -> Option<usize> {
    let is_error = matches!(problem.severity, Severity::Fatal | Severity::Error);
    let rest = problem.path.strip_prefix("Bundle.entry[").filter(|_| is_error)?;
    rest.split_once(']')?.0.parse().ok()
}

/// The patient first, then what is told; references that lead nowhere say that it is not known to what.
fn transaction(patient: &Value, items: &[Item]) -> Value {
    let mut names = BTreeSet::new();
    let all = std::iter::once((None, patient)).chain(items.iter().map(|i| (i.address.as_ref(), &i.resource)));
    for (address, resource) in all.clone() {
        if let (Some(kind), Some(id)) = (resource["resourceType"].as_str(), resource["id"].as_str()) {
            names.insert(format!("{kind}/{id}"));
        }
        names.extend(address.cloned());
    }
    let own = format!("Patient/{}", patient["id"].as_str().unwrap_or_default());
    let entries: Vec<Value> = all
        .map(|(address, resource)| {
            let mut resource = resource.clone();
            untie(&mut resource, &names, &own);
            let kind = resource["resourceType"].clone();
            let mut entry = json!({"resource": resource, "request": {"method": "POST", "url": kind}});
            if let Some(address) = address {
                entry["fullUrl"] = address.as_str().into();
            }
            entry
        })
        .collect();
    json!({"resourceType": "Bundle", "type": "transaction", "entry": entries})
}

fn untie(value: &mut Value, names: &BTreeSet<String>, own: &str) {
    const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get("reference") {
                let bare = reference.split("/_history/").next().unwrap_or(reference).to_owned();
                if is_own(&bare, own) {
                    map.insert("reference".into(), own.into());
                } else if !bare.starts_with('#') && !names.contains(&bare) {
                    map.remove("reference");
                    if !["display", "identifier", "extension"].iter().any(|key| map.contains_key(*key)) {
                        map.insert("extension".into(), json!([{"url": ABSENT, "valueCode": "unknown"}]));
                    }
                }
            }
            // STU3 names the form by a reference to its canonical, which leads to no resource.
            map.iter_mut().filter(|(key, _)| *key != "questionnaire").for_each(|(_, v)| untie(v, names, own));
        }
        Value::Array(list) => list.iter_mut().for_each(|v| untie(v, names, own)),
        _ => {}
    }
}

/// Does a reference lead to this patient, relative or by a whole address?
fn is_own(reference: &str, own: &str) -> bool {
    reference.strip_suffix(own).is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

/// Is a resource about this patient, or about nobody?
fn is_about(resource: &Value, id: &str, bsn: &Bsn) -> bool {
    let own = format!("Patient/{id}");
    ["subject", "patient"].iter().all(|key| {
        let who = &resource[*key];
        let reference = who["reference"].as_str().map(|r| r.split("/_history/").next().unwrap_or(r));
        let number = (who["identifier"]["system"] == Bsn::SYSTEM).then(|| who["identifier"]["value"].as_str());
        let number = number.flatten().and_then(|v| Bsn::parse(v).ok());
        reference.is_none_or(|r| is_own(r, &own)) && number.is_none_or(|n| n == *bsn)
    })
}

/// Their Patient with the BSN that it was found by.
fn with_bsn(mut theirs: Value, bsn: &Bsn) -> Value {
    if !list(&theirs["identifier"]).iter().any(|i| i["system"] == Bsn::SYSTEM) {
        let own = json!({"system": Bsn::SYSTEM, "value": bsn.as_str()});
        match theirs["identifier"].as_array_mut() {
            Some(all) => all.push(own),
            None => theirs["identifier"] = json!([own]),
        }
    }
    theirs
}

/// The patient as they are known here, under the id that the source has for them.
fn known(theirs: &Value, patient: &Patient) -> Value {
    json!({
        "resourceType": "Patient",
        "id": theirs["id"],
        "identifier": [{"system": Bsn::SYSTEM, "value": patient.bsn.as_str()}],
        "name": [{"use": "official", "text": patient.name.full()}],
        "birthDate": patient.birth_date.as_str(),
    })
}
