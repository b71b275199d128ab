//! What the server says of itself, held against FHIR, the standard's own statement and form, and the code.

use super::*;
use crate::format::{check, from_xml, to_xml};
use crate::r4::search::table;
use crate::r4::search::{Handling, Options, PageKey, parse};
use crate::r4::{ResourceType, standard_files};
use domain::form::{QUESTIONS, question};
use serde_json::{Value, json};

const ABOUT: About<'static> = About {
    fhir: crate::format::Version::R4,
    base: "https://here.example/fhir/r4",
    token_url: "https://here.example/oauth/token",
    version: "0.1.0",
    date: "2026-11-22",
};

const KINDS: [ResourceType; 4] = [
    ResourceType::CapabilityStatement,
    ResourceType::Questionnaire,
    ResourceType::ValueSet,
    ResourceType::SearchParameter,
];

#[test]
fn every_resource_is_sound_and_can_be_read_by_its_id() {
    for kind in KINDS {
        let all = resources(kind, &ABOUT);
        assert!(!all.is_empty(), "{kind}");
        for one in all {
            assert_eq!(check(&one), [], "{kind}");
            assert_eq!(from_xml(&to_xml(&one)), Ok(one.clone()), "{kind}");
            assert_eq!(resource(kind, one["id"].as_str().unwrap(), &ABOUT).as_ref(), Some(&one));
        }
    }
    assert!(resources(ResourceType::Consent, &ABOUT).is_empty());
    assert_eq!(resource(ResourceType::ValueSet, "nothing", &ABOUT), None);
}

#[test]
fn every_resource_is_found_by_its_canonical() {
    let key = PageKey::new(&[1; 32]);
    for kind in [ResourceType::Questionnaire, ResourceType::ValueSet, ResourceType::SearchParameter] {
        for one in resources(kind, &ABOUT) {
            let params = [("url".to_owned(), one["url"].as_str().unwrap().to_owned())];
            let query = parse(
                kind,
                &params,
                &Options {
                    version: crate::format::Version::R4,
                    base: ABOUT.base,
                    handling: Handling::Strict,
                    key: &key,
                },
            )
            .unwrap();
            let page = query.select(&|kind| resources(kind, &ABOUT), &|_| None);
            assert_eq!((page.total, &page.entries[0].resource), (1, &one));
        }
    }
}

/// A list of objects or texts at a place in a JSON value.
fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

#[test]
fn the_statement_offers_all_that_the_standards_provider_asks() {
    let Some(text) = standard_files::text(
        "definitions/CapabilityStatement-ACP-CapabilityStatementProvider.json",
        "our CapabilityStatement against the guide's",
    ) else {
        return;
    };
    let theirs: Value = serde_json::from_str(&text).unwrap();
    let ours = capability_statement(&ABOUT);
    assert_eq!(ours["instantiates"][0], theirs["url"]);
    for format in list(&theirs, "format") {
        assert!(list(&ours, "format").contains(format));
    }
    let mut params = 0;
    for asked in list(&theirs["rest"][0], "resource") {
        let offered = list(&ours["rest"][0], "resource")
            .iter()
            .find(|r| r["type"] == asked["type"])
            .unwrap_or_else(|| panic!("{}", asked["type"]));
        for name in ["supportedProfile", "searchInclude", "referencePolicy"] {
            for wanted in list(asked, name) {
                assert!(list(offered, name).contains(wanted), "{} {name} {wanted}", asked["type"]);
            }
        }
        for interaction in list(asked, "interaction") {
            assert!(list(offered, "interaction").iter().any(|i| i["code"] == interaction["code"]), "{}", asked["type"]);
        }
        for param in list(asked, "searchParam") {
            let same = |p: &&Value| p["name"] == param["name"];
            let offered = list(offered, "searchParam")
                .iter()
                .find(same)
                .unwrap_or_else(|| panic!("{} {}", asked["type"], param["name"]));
            // FHIR's clinical-patient is not one of CommunicationRequest's parameters, though the guide names it there.
            let slip = asked["type"] == "CommunicationRequest" && param["name"] == "patient";
            let definition = if slip {
                &json!("http://hl7.org/fhir/SearchParameter/CommunicationRequest-patient")
            } else {
                &param["definition"]
            };
            assert_eq!((&offered["type"], &offered["definition"]), (&param["type"], definition), "{}", asked["type"]);
            params += 1;
        }
    }
    assert!(params > 15);
}

#[test]
fn the_statement_names_every_parameter_of_the_table_and_no_other() {
    let ours = capability_statement(&ABOUT);
    let own: Vec<String> =
        search_parameters(ABOUT.base).iter().map(|p| p["url"].as_str().unwrap().to_owned()).collect();
    assert_eq!(own.len(), 2);
    for resource in list(&ours["rest"][0], "resource") {
        let Ok(kind) = resource["type"].as_str().unwrap().parse::<ResourceType>() else {
            // Of no plan, so not searched by that table.
            assert!(resource["type"] == "Subscription" || resource["type"] == "Bundle", "{resource}");
            continue;
        };
        let names: Vec<&str> = list(resource, "searchParam").iter().map(|p| p["name"].as_str().unwrap()).collect();
        assert_eq!(names, table::params(crate::format::Version::R4, kind).iter().map(|p| p.name).collect::<Vec<_>>());
        for param in list(resource, "searchParam") {
            let definition = param["definition"].as_str().unwrap();
            assert!(
                definition.starts_with("http://hl7.org/fhir/SearchParameter/") || own.contains(&definition.to_owned()),
                "{definition}"
            );
        }
    }
    assert_eq!(
        ours["rest"][0]["security"]["extension"][0]["extension"][0]["valueUri"],
        "https://here.example/oauth/token"
    );
}

/// Every item with the linkId of the one it stands under.
fn flat<'a>(items: &'a [Value], parent: Option<&'a str>, out: &mut Vec<(&'a Value, Option<&'a str>)>) {
    for item in items {
        out.push((item, parent));
        flat(list(item, "item"), item["linkId"].as_str(), out);
    }
}

#[test]
fn our_questionnaire_asks_each_question_once() {
    let ours = questionnaire(ABOUT.base);
    let mut items = Vec::new();
    flat(list(&ours, "item"), None, &mut items);
    assert_eq!(items.len(), QUESTIONS.len());
    for (item, parent) in items {
        let row = question(item["linkId"].as_str().unwrap()).unwrap();
        assert_eq!((item["text"].as_str(), parent), (Some(row.label), row.parent));
        // FHIR: a choice has options or a set, never both; only what can be answered may be required.
        let (options, set) = (item.get("answerOption").is_some(), item.get("answerValueSet").is_some());
        assert_eq!(options != set, item["type"] == "choice", "{}", row.link_id);
        if let Some(url) = item.get("answerValueSet") {
            assert!(list_by_url(url.as_str().unwrap()).is_some(), "{url}");
        }
        let selected = list(item, "answerOption").iter().filter(|o| o["initialSelected"] == true).count();
        assert_eq!(selected, usize::from(row.initial.is_some()), "{}", row.link_id);
    }
    assert_eq!(ours["url"], "https://here.example/fhir/r4/Questionnaire/tijdig-pzp");
    assert!(crate::r4::form::is_form(ours["url"].as_str().unwrap()));
}

#[test]
fn our_questionnaire_has_the_standards_linkids_types_and_codes_and_not_its_words() {
    let Some(text) =
        standard_files::text("examples/Questionnaire-ACP-zib2020.json", "our Questionnaire against the standard's")
    else {
        return;
    };
    let theirs: Value = serde_json::from_str(&text).unwrap();
    let ours = questionnaire(ABOUT.base);
    assert_eq!(
        ours["derivedFrom"][0],
        format!("{}|{}", theirs["url"].as_str().unwrap(), theirs["version"].as_str().unwrap())
    );
    let (mut a, mut b) = (Vec::new(), Vec::new());
    flat(list(&ours, "item"), None, &mut a);
    flat(list(&theirs, "item"), None, &mut b);
    assert_eq!(a.len(), b.len());
    let codes = |item: &Value| -> Vec<(Value, Value, bool)> {
        let of = |o: &Value| {
            (o["valueCoding"]["system"].clone(), o["valueCoding"]["code"].clone(), o["initialSelected"] == true)
        };
        let mut codes: Vec<_> = list(item, "answerOption").iter().map(of).collect();
        codes.sort_by_key(|(system, code, _)| format!("{system}{code}"));
        codes
    };
    let conditions = |item: &Value| -> Vec<(Value, Value, Value)> {
        let answer = |c: &Value| {
            if c["answerCoding"].is_null() { c["answerBoolean"].clone() } else { c["answerCoding"]["code"].clone() }
        };
        list(item, "enableWhen").iter().map(|c| (c["question"].clone(), c["operator"].clone(), answer(c))).collect()
    };
    for ((ours, at), (theirs, there)) in a.iter().zip(&b) {
        let id = &theirs["linkId"];
        assert_eq!((&ours["linkId"], at), (id, there));
        assert_eq!(ours["type"], theirs["type"], "{id}");
        assert_eq!(ours["repeats"] == true, theirs["repeats"] == true, "{id}");
        assert_eq!(ours["readOnly"] == true, theirs["readOnly"] == true, "{id}");
        assert_eq!(ours.get("prefix"), theirs.get("prefix"), "{id}");
        assert_eq!(ours.get("answerValueSet"), theirs.get("answerValueSet"), "{id}");
        assert_eq!(codes(ours), codes(theirs), "{id}");
        assert_eq!(conditions(ours), conditions(theirs), "{id}");
    }
    // Decision 37: a sentence of the standard's is nowhere in ours.
    for (item, _) in b {
        let text = item["text"].as_str().unwrap();
        assert!(text.split(' ').count() < 6 || !a.iter().any(|(ours, _)| ours["text"] == text), "{text}");
    }
}

#[test]
fn the_value_sets_have_the_standards_codes() {
    let Some(folder) = standard_files::folder("our ValueSets against the standard's") else { return };
    let mut compared = 0;
    for list in lists() {
        let Some(theirs) = ["definitions", "definitions/nictiz", "definitions/core"].iter().find_map(|at| {
            let text = std::fs::read_to_string(folder.join(at).join(format!("ValueSet-{}.json", list.id))).ok()?;
            serde_json::from_str::<Value>(&text).ok()
        }) else {
            continue;
        };
        assert_eq!((&theirs["url"], &theirs["version"]), (&json!(list.url), &json!(list.version)));
        for include in theirs["compose"]["include"].as_array().unwrap() {
            for concept in include.get("concept").and_then(Value::as_array).map_or(&[][..], Vec::as_slice) {
                let (system, code) = (include["system"].as_str().unwrap(), concept["code"].as_str().unwrap());
                assert!(list.contains(system, code), "{} {system}|{code}", list.name);
                compared += 1;
            }
        }
    }
    assert!(compared > 150);
}

/// The third party's engine over everything at once.
#[test]
fn the_standards_validator_finds_no_error() {
    let out = std::env::temp_dir().join(format!("tijdig-conformance-{}", std::process::id()));
    std::fs::create_dir_all(&out).unwrap();
    for kind in KINDS {
        for one in resources(kind, &ABOUT) {
            let name = format!("{kind}-{}.json", one["id"].as_str().unwrap());
            std::fs::write(out.join(name), serde_json::to_vec(&one).unwrap()).unwrap();
        }
    }
    let right = standard_files::validate(&out, "the validation of what describes this server");
    std::fs::remove_dir_all(&out).unwrap();
    assert!(right.is_none_or(|right| right > 0));
}
