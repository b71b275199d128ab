//! A delivery in STU3: checked as STU3, put into the words of R4, and read as any other; what is wrong is told at the path where the
//! sender wrote it.

use super::names;
use super::up::Up;
use crate::format::{Problem, Version, check_as, has_errors};
use crate::r4::receive::{self, Delivery, ReceiveCtx};
use serde_json::Value;

/// Reads a delivery, as [`receive::bundle`].
///
/// # Errors
/// Everything that has it refused, each with its path in the STU3 Bundle and a sentence to act on.
pub fn bundle(bundle: &Value, ctx: &mut ReceiveCtx<'_>) -> Result<Delivery, Vec<Problem>> {
    let put = put_over(bundle)?;
    let said = |problems: Vec<Problem>| problems.into_iter().map(|p| put.told(p)).collect::<Vec<_>>();
    match receive::bundle(&put.bundle, ctx) {
        Ok(mut delivery) => {
            delivery.kept = [put.kept.clone(), said(delivery.kept)].concat();
            // The form is kept to the letter, as it came (decision 30).
            delivery.form =
                delivery.form.and(put.form.and_then(|at| bundle.pointer(&format!("/entry/{at}/resource")).cloned()));
            Ok(delivery)
        }
        Err(problems) => Err([put.kept.clone(), said(problems)].concat()),
    }
}

/// Puts a form that comes by itself into the words of R4.
///
/// # Errors
/// What has it refused, at its STU3 path.
pub fn response(form: &Value) -> Result<ResponseOver, Vec<Problem>> {
    let mut problems = check_as(Version::Stu3, form);
    if has_errors(&problems) {
        return Err(problems);
    }
    let mut up = Up::at("QuestionnaireResponse", &|_| None);
    let response = up.resource(form.clone());
    problems.extend(up.problems);
    if has_errors(&problems) { Err(problems) } else { Ok(ResponseOver { response, kept: problems, moved: up.moved }) }
}

/// A form in the words of R4.
#[derive(Debug, Clone)]
pub struct ResponseOver {
    /// The form.
    pub response: Value,
    /// What was kept beside it.
    pub kept: Vec<Problem>,
    moved: Vec<(String, String)>,
}

impl ResponseOver {
    /// A problem with the path that it has in the STU3 form.
    pub fn told(&self, problem: Problem) -> Problem {
        let Some(rest) = problem.path.strip_prefix("QuestionnaireResponse.") else { return problem };
        let path = format!("QuestionnaireResponse.{}", within("QuestionnaireResponse", rest, &self.moved));
        Problem { path, ..problem }
    }
}

/// Resource types of STU3 that R4 does not have: kept with the source and named, like any other that the plan has no place for.
const ONLY_STU3: [&str; 13] = [
    "BodySite",
    "DataElement",
    "DeviceComponent",
    "EligibilityRequest",
    "EligibilityResponse",
    "ExpansionProfile",
    "ImagingManifest",
    "ProcedureRequest",
    "ProcessRequest",
    "ProcessResponse",
    "ReferralRequest",
    "Sequence",
    "ServiceDefinition",
];

/// A Bundle in the words of R4.
struct Over {
    bundle: Value,
    kept: Vec<Problem>,
    /// Types of the entries.
    kinds: Vec<String>,
    /// Where the form stands.
    form: Option<usize>,
    moved: Vec<(String, String)>,
}

impl Over {
    fn told(&self, problem: Problem) -> Problem {
        let told = (|| {
            let rest = problem.path.strip_prefix("Bundle.entry[")?;
            let (n, rest) = rest.split_once("].resource.")?;
            let kind = self.kinds.get(n.parse::<usize>().ok()?)?;
            Some(format!("Bundle.entry[{n}].resource.{}", within(kind, rest, &self.moved)))
        })();
        match told {
            Some(path) => Problem { path, ..problem },
            None => problem,
        }
    }
}

fn within(kind: &str, path: &str, moved: &[(String, String)]) -> String {
    if kind == "QuestionnaireResponse" {
        let place = moved.iter().rev().find_map(|(at, was)| {
            let rest = path.strip_prefix(at.as_str())?;
            (rest.is_empty() || rest.starts_with('.')).then(|| format!("{was}{rest}"))
        });
        if let Some(place) = place {
            return place;
        }
    }
    names::path_down(kind, path)
}

fn put_over(bundle: &Value) -> Result<Over, Vec<Problem>> {
    let entries = bundle.get("entry").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut kept = structure(bundle);
    if has_errors(&kept) {
        return Err(kept);
    }
    let people = people(entries);
    let person = |name: &str| {
        let mut found = people.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name.trim()));
        found.next().map(|(_, reference)| reference.clone())
    };
    let mut over = bundle.clone();
    let (mut kinds, mut form, mut moved) = (Vec::new(), None, Vec::new());
    let list = over.get_mut("entry").and_then(Value::as_array_mut).map(Vec::as_mut_slice).unwrap_or_default();
    for (n, entry) in list.iter_mut().enumerate() {
        let kind = entry.pointer("/resource/resourceType").and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut up = Up::at(&format!("Bundle.entry[{n}].resource"), &person);
        if ONLY_STU3.contains(&kind.as_str()) {
            let id = entry["resource"]["id"].take();
            entry["resource"] = serde_json::json!({"resourceType": "Basic", "id": id});
            if let Some(url) = entry.pointer_mut("/request/url") {
                *url = "Basic".into();
            }
        } else if let Some(resource) = entry.get_mut("resource") {
            *resource = up.resource(resource.take());
        }
        kept.extend(up.problems);
        moved.extend(up.moved);
        if kind == "QuestionnaireResponse" {
            form = form.or(Some(n));
        }
        kinds.push(kind);
    }
    if has_errors(&kept) { Err(kept) } else { Ok(Over { bundle: over, kept, kinds, form, moved }) }
}

/// The structure of the Bundle by STU3; resources of types that are not in the table are only kept, and not looked into.
fn structure(bundle: &Value) -> Vec<Problem> {
    let tables = crate::format::tables(Version::Stu3);
    let mut plain = bundle.clone();
    let list = plain.get_mut("entry").and_then(Value::as_array_mut).map(Vec::as_mut_slice).unwrap_or_default();
    for entry in list {
        let kind = entry.pointer("/resource/resourceType").and_then(Value::as_str).unwrap_or_default();
        if !kind.is_empty()
            && tables.resource(kind).is_none()
            && let Some(entry) = entry.as_object_mut()
        {
            entry.remove("resource");
        }
    }
    check_as(Version::Stu3, &plain)
}

/// The contact persons of the delivery: what each is called, with a reference to them.
fn people(entries: &[Value]) -> Vec<(String, Value)> {
    let mut people = Vec::new();
    for entry in entries {
        let resource = &entry["resource"];
        let reference = match (resource["resourceType"].as_str(), resource["id"].as_str(), entry["fullUrl"].as_str()) {
            // As the other references of the Bundle will have it.
            (Some("RelatedPerson"), _, Some(url)) if url.starts_with("urn:") => url.to_owned(),
            (Some("RelatedPerson"), Some(id), _) => format!("RelatedPerson/{id}"),
            (Some("RelatedPerson"), None, Some(url)) => url.to_owned(),
            _ => continue,
        };
        let reference = serde_json::json!({"reference": reference});
        for name in resource["name"].as_array().into_iter().flatten() {
            let given: Vec<&str> = name["given"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let whole =
                [given.last().copied(), name["family"].as_str()].into_iter().flatten().collect::<Vec<_>>().join(" ");
            people.extend(name["text"].as_str().map(|text| (text.to_owned(), reference.clone())));
            people.push((whole, reference.clone()));
        }
        let relation = resource.pointer("/relationship/coding/0/display").and_then(Value::as_str);
        people.extend(relation.map(|relation| (relation.to_owned(), reference.clone())));
    }
    people
}
