//! For tests: the standard's own files, where they are at hand.

use super::{Answer, Answers, Item, Value};
use crate::code::Coding;
use crate::date::FhirDateTime;
use serde_json::Value as Json;
use std::io::Write;
use std::path::PathBuf;

/// A file of the standard's folder; `None`, said on stderr, where the folder is absent.
pub fn load(file: &str) -> Option<Json> {
    let folder = std::env::var_os("TIJDIG_STANDARD")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/standard"), PathBuf::from);
    let path = folder.join(file);
    let Ok(bytes) = std::fs::read(&path) else {
        writeln!(std::io::stderr(), "SKIPPED: this test needs the standard's files ({file})").unwrap();
        return None;
    };
    Some(serde_json::from_slice(&bytes).unwrap())
}

/// The answers of a QuestionnaireResponse.
pub fn answers(response: &Json) -> Answers {
    Answers { items: items(response) }
}

fn items(of: &Json) -> Vec<Item> {
    let list = of["item"].as_array().map_or(&[][..], Vec::as_slice);
    list.iter()
        .map(|item| Item {
            link_id: item["linkId"].as_str().unwrap().to_owned(),
            answers: item["answer"].as_array().map_or(&[][..], Vec::as_slice).iter().map(answer).collect(),
            items: items(item),
        })
        .collect()
}

fn answer(answer: &Json) -> Answer {
    let date = |v: &Json| FhirDateTime::parse(v.as_str().unwrap()).unwrap();
    let object = answer.as_object().unwrap();
    let (kind, value) = object.iter().find(|(k, _)| k.starts_with("value")).unwrap();
    let value = match kind.as_str() {
        "valueString" => Value::Text(value.as_str().unwrap().to_owned()),
        "valueDate" => Value::Date(date(value)),
        "valueDateTime" => Value::DateTime(date(value)),
        "valueBoolean" => Value::Boolean(value.as_bool().unwrap()),
        "valueCoding" => Value::Coding(Coding {
            system: value["system"].as_str().map(str::to_owned),
            code: value["code"].as_str().unwrap().to_owned(),
            display: value["display"].as_str().map(str::to_owned),
        }),
        other => panic!("the form has no {other}"),
    };
    Answer { value, items: items(answer) }
}
