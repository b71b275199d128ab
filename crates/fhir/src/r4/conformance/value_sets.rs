//! Each ValueSet and its expansion (decision 37; FHIR R4, operation `ValueSet-expand`).

use super::sets::{CodeList, Concept, GUIDE, Scope, list_by_id, list_by_url, lists};
use crate::format::{IssueType, Problem, Severity};
use crate::r4::search::fold;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// A list as ValueSet.
pub fn value_set(list: &CodeList) -> Value {
    let (mut include, mut exclude) = (Vec::new(), Vec::new());
    for part in &list.parts {
        let mut entry = Map::new();
        if !part.system.is_empty() {
            entry.insert("system".into(), part.system.into());
        }
        match part.scope {
            Scope::Listed | Scope::Except => {
                entry.insert("concept".into(), part.concepts.iter().map(|concept| coded(None, concept)).collect());
            }
            Scope::All | Scope::Whole => {}
            Scope::Filter { property, op, value } => {
                entry.insert("filter".into(), json!([{"property": property, "op": op, "value": value}]));
            }
        }
        if part.scope == Scope::Except { &mut exclude } else { &mut include }.push(Value::Object(entry));
    }
    let mut compose = json!({"include": include});
    if !exclude.is_empty() {
        compose["exclude"] = exclude.into();
    }
    // The guide is a draft, and so are its sets.
    let status = if list.url.starts_with(GUIDE) { "draft" } else { "active" };
    json!({
        "resourceType": "ValueSet", "id": list.id, "url": list.url, "version": list.version, "name": list.name.replace('.', "_"),
        "title": list.name, "status": status, "experimental": false, "compose": compose
    })
}

fn coded(system: Option<&str>, concept: &Concept) -> Value {
    let mut out = Map::new();
    if let Some(system) = system.filter(|system| !system.is_empty()) {
        out.insert("system".into(), system.into());
    }
    out.insert("code".into(), concept.code.into());
    if !concept.display.is_empty() {
        out.insert("display".into(), concept.display.into());
    }
    Value::Object(out)
}

/// Every list as ValueSet.
pub fn value_sets() -> Vec<Value> {
    lists().iter().map(value_set).collect()
}

/// What is asked of an expansion.
#[derive(Default)]
struct Asked<'a> {
    url: Option<&'a str>,
    version: Option<&'a str>,
    filter: Option<String>,
    offset: usize,
    count: Option<usize>,
    echo: Vec<Value>,
}

impl<'a> Asked<'a> {
    fn read(params: &'a [(String, String)]) -> Result<Self, Vec<Problem>> {
        let mut asked = Self::default();
        let mut problems = Vec::new();
        for (name, value) in params.iter().filter(|(_, value)| !value.is_empty()) {
            let number = || value.parse::<u32>().ok().map(|n| n as usize);
            match name.as_str() {
                "url" => asked.url = Some(value),
                "valueSetVersion" => asked.version = Some(value),
                "filter" => {
                    asked.filter = Some(fold(value));
                    asked.echo.push(json!({"name": name, "valueString": value}));
                }
                "offset" | "count" => match number() {
                    Some(n) => {
                        if name == "offset" {
                            asked.offset = n;
                        } else {
                            asked.count = Some(n);
                        }
                        asked.echo.push(json!({"name": name, "valueInteger": n}));
                    }
                    None => problems.push(fault(IssueType::Value, name, "Geef hier een geheel getal van 0 of meer.")),
                },
                "valueSet" => problems.push(fault(
                    IssueType::NotSupported,
                    name,
                    "Een meegestuurde ValueSet wordt hier niet uitgewerkt. Gebruik url.",
                )),
                // What else the operation knows does not change which codes these lists have.
                _ => {}
            }
        }
        if problems.is_empty() { Ok(asked) } else { Err(problems) }
    }

    fn wants(&self, concept: &Concept) -> bool {
        let Some(filter) = &self.filter else { return true };
        let display = fold(concept.display);
        fold(concept.code).starts_with(filter.as_str()) || filter.split_whitespace().all(|word| display.contains(word))
    }
}

fn fault(code: IssueType, name: &str, text: &str) -> Problem {
    Problem::new(Severity::Error, code, format!("http.{name}"), text)
}

/// `ValueSet/$expand` and `ValueSet/[id]/$expand`: the codes of a set, by `filter`, from `offset`, at most `count`.
///
/// A set that also takes all of a code system that is not held here is marked unclosed: what is listed belongs, but there is more.
///
/// # Errors
///
/// The set is not known, nothing of it is held here, or a parameter is wrong.
pub fn expand(id: Option<&str>, params: &[(String, String)], now: Timestamp) -> Result<Value, Vec<Problem>> {
    let asked = Asked::read(params)?;
    let list = match (id, asked.url) {
        (Some(id), _) => list_by_id(id),
        (None, Some(url)) => list_by_url(url),
        (None, None) => {
            return Err(vec![fault(IssueType::Required, "url", "Noem de ValueSet: $expand?url=[canonical].")]);
        }
    };
    let list = list.filter(|list| asked.version.is_none_or(|version| version == list.version)).ok_or_else(|| {
        vec![fault(
            IssueType::NotFound,
            "url",
            "Deze ValueSet is hier niet bekend. Welke er zijn geeft een zoekvraag naar ValueSet.",
        )]
    })?;
    let mut contains: Vec<Value> = Vec::new();
    let mut total = 0;
    let mut held = false;
    for part in list.parts.iter().filter(|part| matches!(part.scope, Scope::Listed | Scope::All)) {
        held = true;
        for concept in
            part.concepts.iter().filter(|concept| list.contains(part.system, concept.code) && asked.wants(concept))
        {
            if total >= asked.offset && asked.count.is_none_or(|count| contains.len() < count) {
                contains.push(coded(Some(part.system), concept));
            }
            total += 1;
        }
    }
    if !held {
        let systems: Vec<&str> = list.not_held().collect();
        let text = format!(
            "Deze ValueSet neemt een codestelsel over dat hier niet aanwezig is: {}. Raadpleeg het daar.",
            systems.join(", ")
        );
        return Err(vec![fault(IssueType::NotSupported, "url", &text)]);
    }
    let mut expansion = Map::new();
    if !list.is_enumerable() {
        let unclosed = "http://hl7.org/fhir/StructureDefinition/valueset-unclosed";
        expansion.insert("extension".into(), json!([{"url": unclosed, "valueBoolean": true}]));
    }
    expansion.insert("timestamp".into(), now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string().into());
    expansion.insert("total".into(), total.into());
    expansion.insert("offset".into(), asked.offset.into());
    if !asked.echo.is_empty() {
        expansion.insert("parameter".into(), asked.echo.into());
    }
    if !contains.is_empty() {
        expansion.insert("contains".into(), contains.into());
    }
    let mut set = value_set(list);
    set["expansion"] = Value::Object(expansion);
    Ok(set)
}

/// The parameters of an operation that came in the body, as a Parameters resource.
pub fn operation_params(parameters: &Value) -> Vec<(String, String)> {
    let list = parameters.get("parameter").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let pair = |parameter: &Value| {
        let name = parameter.get("name")?.as_str()?.to_owned();
        let value = parameter.as_object()?.iter().find_map(|(key, value)| match value {
            Value::String(text) if key.starts_with("value") => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) if key.starts_with("value") => Some(value.to_string()),
            Value::Object(_) if key == "resource" => Some("resource".to_owned()),
            _ => None,
        })?;
        Some((name, value))
    };
    list.iter().filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::check;

    const ICD: &str = "https://api.iknl.nl/docs/pzp/r4/ValueSet/ACP-MedicalDeviceProductType-ICD";
    const SPECIALTIES: &str = "2.16.840.1.113883.2.4.3.11.60.121.11.22--20200901000000";

    fn asked(id: Option<&str>, params: &[(&str, &str)]) -> Result<Value, Vec<Problem>> {
        let params: Vec<_> = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let expanded = expand(id, &params, Timestamp::UNIX_EPOCH);
        if let Ok(set) = &expanded {
            assert_eq!(check(set), []);
        }
        expanded
    }

    fn codes(set: &Value) -> Vec<&str> {
        let contains = set["expansion"]["contains"].as_array().map(Vec::as_slice).unwrap_or_default();
        contains.iter().map(|c| c["code"].as_str().unwrap()).collect()
    }

    #[test]
    fn every_set_is_a_sound_resource() {
        for list in lists() {
            assert_eq!(check(&value_set(list)), [], "{}", list.name);
        }
    }

    #[test]
    fn every_set_that_a_question_uses_expands() {
        for set in domain::form::VALUE_SETS {
            let expanded = asked(None, &[("url", set.canonical)]).unwrap();
            for choice in set.choices {
                assert!(codes(&expanded).contains(&choice.code), "{} {}", set.name, choice.code);
            }
        }
    }

    #[test]
    fn filter_offset_and_count() {
        let all = asked(None, &[("url", ICD)]).unwrap();
        assert_eq!((codes(&all).len(), &all["expansion"]["total"]), (6, &json!(6)));
        let some = asked(Some("ACP-MedicalDeviceProductType-ICD"), &[("filter", "subcut")]).unwrap();
        assert_eq!((codes(&some), &some["expansion"]["total"]), (vec!["1236894001"], &json!(1)));
        assert_eq!(codes(&asked(None, &[("url", ICD), ("filter", "4654")]).unwrap()), ["465460004"]);
        let page = asked(None, &[("url", ICD), ("offset", "4"), ("count", "1")]).unwrap();
        assert_eq!(
            (codes(&page), &page["expansion"]["total"], &page["expansion"]["offset"]),
            (vec!["1263462004"], &json!(6), &json!(4))
        );
        assert!(codes(&asked(None, &[("url", ICD), ("count", "0")]).unwrap()).is_empty());
        let none = asked(None, &[("url", ICD), ("filter", "bestaat niet")]).unwrap();
        assert_eq!((codes(&none).len(), &none["expansion"]["total"]), (0, &json!(0)));
    }

    #[test]
    fn a_set_with_more_than_is_held_says_so() {
        let set = asked(Some(SPECIALTIES), &[("filter", "huisarts")]).unwrap();
        assert!(codes(&set).contains(&"01.015"));
        assert_eq!(set["expansion"]["extension"][0]["valueBoolean"], true);
        assert!(asked(None, &[("url", ICD)]).unwrap()["expansion"].get("extension").is_none());
        let countries = lists().iter().find(|list| list.name == "LandCodelijsten").unwrap();
        let problems = asked(Some(countries.id), &[]).unwrap_err();
        assert_eq!(problems[0].code, IssueType::NotSupported);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (params, code) in [
            (&[][..], IssueType::Required),
            (&[("url", "http://unknown")], IssueType::NotFound),
            (&[("url", ICD), ("valueSetVersion", "0.1")], IssueType::NotFound),
            (&[("url", ICD), ("count", "-1")], IssueType::Value),
            (&[("url", ICD), ("offset", "x")], IssueType::Value),
            (&[("url", ICD), ("valueSet", "resource")], IssueType::NotSupported),
        ] {
            assert_eq!(asked(None, params).unwrap_err()[0].code, code, "{params:?}");
        }
        assert!(asked(None, &[("url", &format!("{ICD}|1.0.0-rc3")), ("valueSetVersion", "1.0.0-rc3")]).is_ok());
    }

    #[test]
    fn a_posted_operation_has_the_same_parameters() {
        let body = json!({"resourceType": "Parameters", "parameter": [
            {"name": "url", "valueUri": ICD}, {"name": "count", "valueInteger": 2}, {"name": "activeOnly", "valueBoolean": true},
            {"name": "valueSet", "resource": {"resourceType": "ValueSet"}}
        ]});
        let params = operation_params(&body);
        assert_eq!(params[1], ("count".to_owned(), "2".to_owned()));
        assert_eq!(params.len(), 4);
    }
}
