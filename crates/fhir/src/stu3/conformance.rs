//! What this server says of itself in STU3: made from the tables that R4's is made from, in STU3's structure.

use super::form::{set_down, set_up};
use super::{GUIDE, GUIDE_VERSION, down, names, shift};
use crate::format::{Problem, Version};
use crate::r4::ResourceType;
use crate::r4::conformance::{self as r4, About, lists};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// The set of decisions that only STU3 has.
const DECISIONS: &str = "ACP-YesNoYesWithRestrictionsUnknownVS";

/// The resources of a type that describe this server; empty for types about patients.
pub fn resources(kind: ResourceType, about: &About<'_>) -> Vec<Value> {
    match kind {
        ResourceType::CapabilityStatement => vec![capability_statement(about)],
        ResourceType::Questionnaire => down(r4::questionnaire(about.base)).into_iter().collect(),
        ResourceType::ValueSet => {
            lists().iter().filter_map(|list| value_set(r4::value_set(list))).chain([decisions()]).collect()
        }
        _ => Vec::new(),
    }
}

/// One of them by its logical id.
pub fn resource(kind: ResourceType, id: &str, about: &About<'_>) -> Option<Value> {
    resources(kind, about).into_iter().find(|resource| resource["id"] == id)
}

/// The codes of a set, as [`r4::expand`].
///
/// # Errors
/// The set is not known, nothing of it is held here, or a parameter is wrong.
pub fn expand(id: Option<&str>, params: &[(String, String)], now: Timestamp) -> Result<Value, Vec<Problem>> {
    let named = |end: &str| {
        params.iter().any(|(name, value)| name == "url" && value.split('|').next().is_some_and(|u| u.ends_with(end)))
    };
    if id == Some(DECISIONS) || (id.is_none() && named(&format!("/{DECISIONS}"))) {
        let mut set = decisions();
        let listed: Vec<Value> =
            set["compose"]["include"].as_array().into_iter().flatten().flat_map(concepts).collect();
        set["expansion"] = json!({"total": listed.len(), "offset": 0, "contains": listed});
        return Ok(stamped(set, now));
    }
    let over = |(name, value): &(String, String)| match name.as_str() {
        "url" => (name.clone(), set_up(value)),
        _ => (name.clone(), value.clone()),
    };
    let params: Vec<(String, String)> = params.iter().filter(|(name, _)| name != "valueSetVersion").map(over).collect();
    let id = id.map(|id| set_up(&format!("{GUIDE}/ValueSet/{id}")));
    let id = id.as_deref().and_then(|url| url.rsplit('/').next());
    let expanded = r4::expand(id, &params, now)?;
    let missing = || {
        vec![Problem::new(
            crate::format::Severity::Error,
            crate::format::IssueType::NotFound,
            "http.url",
            "Deze ValueSet is hier niet bekend. Welke er zijn geeft een zoekvraag naar ValueSet.",
        )]
    };
    Ok(stamped(value_set(expanded).ok_or_else(missing)?, now))
}

fn concepts(include: &Value) -> Vec<Value> {
    let with_system = |concept: &Value| {
        let mut concept = concept.clone();
        concept["system"] = include["system"].clone();
        concept
    };
    include["concept"].as_array().into_iter().flatten().map(with_system).collect()
}

/// STU3 asks for an identifier of each expansion.
fn stamped(mut set: Value, now: Timestamp) -> Value {
    let at = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    set["expansion"]["identifier"] = format!("{}#{at}", set["url"].as_str().unwrap_or_default()).into();
    set["expansion"]["timestamp"] = at.into();
    set
}

/// A set of R4 as STU3 has it; `None` for the one that STU3 does not have.
fn value_set(set: Value) -> Option<Value> {
    let mut set = over(set)?;
    let url = set["url"].as_str()?.to_owned();
    if url.ends_with("/ACP-ProcedureTypeVS") {
        return None;
    }
    let named = set_down(&url);
    if named.starts_with(GUIDE) {
        set["id"] = named.rsplit('/').next()?.into();
        set["version"] = GUIDE_VERSION.into();
        set["url"] = named.into();
    }
    Some(set)
}

fn over(resource: Value) -> Option<Value> {
    let Value::Object(map) = resource else { return None };
    let out: Map<String, Value> =
        shift::shift(map, (Version::R4, Version::Stu3), &names::element_down, &mut Vec::new());
    Some(Value::Object(out))
}

/// Whether a treatment is wanted.
fn decisions() -> Value {
    use super::codes::{PERMITTED, permitted_codes};
    let of = |national: bool| -> Vec<Value> {
        permitted_codes()
            .filter(|coding| (coding["system"] == PERMITTED) == national)
            .map(|coding| json!({"code": coding["code"], "display": coding["display"]}))
            .collect()
    };
    json!({
        "resourceType": "ValueSet", "id": DECISIONS, "url": format!("{GUIDE}/ValueSet/{DECISIONS}"), "version": GUIDE_VERSION,
        "name": "ACPYesNoYesWithRestrictionsUnknownVS", "title": "ACPYesNoYesWithRestrictionsUnknownVS", "status": "draft",
        "experimental": false,
        "compose": {"include": [
            {"system": PERMITTED, "concept": of(true)},
            {"system": domain::code::system::NULL_FLAVOR, "concept": of(false)}
        ]}
    })
}

/// The profiles of all types stand together here, and operations stand beside the resources.
fn capability_statement(about: &About<'_>) -> Value {
    let statement = r4::capability_statement(about);
    let mut profiles = Vec::new();
    let mut operations = Vec::new();
    for resource in statement["rest"][0]["resource"].as_array().into_iter().flatten() {
        let of_type = resource["supportedProfile"].as_array().into_iter().flatten();
        // Legal capacity stands in the Patient here.
        profiles.extend(
            of_type
                .filter(|p| !p.as_str().unwrap_or_default().ends_with("/ACP-LegallyCapable"))
                .map(|p| json!({"reference": p})),
        );
        for operation in resource["operation"].as_array().into_iter().flatten() {
            operations.push(json!({"name": operation["name"], "definition": {"reference": operation["definition"]}}));
        }
    }
    let mut out = over(statement).unwrap_or_default();
    out["acceptUnknown"] = "both".into();
    out["profile"] = profiles.into();
    out["rest"][0]["operation"] = operations.into();
    // STU3 has no set of sets: what only R4's clients once asked is not offered.
    if let Some(list) = out["rest"][0]["resource"].as_array_mut() {
        list.retain(|resource| resource["type"] != "SearchParameter");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{check_as, from_xml_as, to_xml_as};
    use crate::r4::search::table;
    use domain::form::QUESTIONS;

    const ABOUT: About<'static> = About {
        fhir: Version::Stu3,
        base: "https://here.example/fhir/stu3",
        token_url: "https://here.example/oauth/token",
        version: "0.1.0",
        date: "2026-11-22",
    };

    fn now() -> Timestamp {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn every_resource_is_sound_stu3_and_can_be_read_by_its_id() {
        for kind in [ResourceType::CapabilityStatement, ResourceType::Questionnaire, ResourceType::ValueSet] {
            let all = resources(kind, &ABOUT);
            assert!(!all.is_empty(), "{kind}");
            for resource in all {
                assert_eq!(check_as(Version::Stu3, &resource), [], "{resource:#}");
                assert_eq!(from_xml_as(Version::Stu3, &to_xml_as(Version::Stu3, &resource)).unwrap(), resource);
                assert_eq!(self::resource(kind, resource["id"].as_str().unwrap(), &ABOUT), Some(resource));
            }
        }
        assert_eq!(resources(ResourceType::Consent, &ABOUT), Vec::<Value>::new());
    }

    #[test]
    fn the_statement_is_that_of_stu3() {
        let statement = capability_statement(&ABOUT);
        assert_eq!(statement["fhirVersion"], "3.0.2");
        let of = |kind: &str| {
            let list = statement["rest"][0]["resource"].as_array().unwrap();
            list.iter().find(|r| r["type"] == kind).unwrap_or_else(|| panic!("{kind}"))["searchParam"].clone()
        };
        let names = |kind: &str| {
            of(kind).as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert!(!names("Consent").contains(&"scope".to_owned()));
        assert!(names("Encounter").contains(&"reason".to_owned()));
        assert_eq!(names("Goal").len(), table::params(Version::Stu3, ResourceType::Goal).len());
        let profiles = statement["profile"].as_array().unwrap();
        assert!(profiles.iter().all(|p| p["reference"].as_str().unwrap().starts_with(GUIDE)));
        assert_eq!(profiles.len(), 17);
    }

    #[test]
    fn the_questionnaire_asks_what_zib2017_asks() {
        fn count(items: &Value) -> usize {
            items.as_array().map_or(0, |list| list.iter().map(|i| 1 + count(&i["item"])).sum())
        }
        let form = resources(ResourceType::Questionnaire, &ABOUT).pop().unwrap();
        assert_eq!(form["url"], "https://here.example/fhir/stu3/Questionnaire/tijdig-pzp-zib2017");
        assert_eq!(count(&form["item"]), QUESTIONS.len() - 5);
        assert!(super::super::form::is_form(form["url"].as_str().unwrap()));
    }

    /// The sets that the questions refer to.
    fn referred(items: &Value, out: &mut Vec<String>) {
        for item in items.as_array().into_iter().flatten() {
            out.extend(item["options"]["reference"].as_str().map(str::to_owned));
            referred(&item["item"], out);
        }
    }

    #[test]
    fn every_set_of_a_question_is_expanded() {
        let form = resources(ResourceType::Questionnaire, &ABOUT).pop().unwrap();
        let mut sets = Vec::new();
        referred(&form["item"], &mut sets);
        assert!(sets.len() >= 5);
        sets.push(format!("{GUIDE}/ValueSet/{DECISIONS}"));
        for set in sets {
            let expanded =
                expand(None, &[("url".into(), set.clone())], now()).unwrap_or_else(|p| panic!("{set}: {p:?}"));
            assert_eq!(expanded["url"], set.as_str());
            assert_eq!(check_as(Version::Stu3, &expanded), [], "{set}");
            assert!(!expanded["expansion"]["contains"].as_array().unwrap().is_empty());
        }
        assert!(expand(Some("ACP-EuthanasiaStatement"), &[], now()).is_ok());
        assert!(expand(Some("ACP-ProcedureTypeVS"), &[], now()).is_err());
    }
}
