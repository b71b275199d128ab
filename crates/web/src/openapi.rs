//! `/openapi.json`: what is not FHIR, for programs (OpenAPI 3.1). One row for each route that a program may ask for; a test
//! holds them against the list of routes, so that none is missing and none is left over.

mod schemas;
mod table;

use crate::app::App;
use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};
use table::{Content, Lets, Row, Takes};

/// `GET /openapi.json`.
pub async fn get(State(app): State<App>) -> Json<Value> {
    Json(document(&app.config().base_url))
}

fn document(base: &str) -> Value {
    let mut paths = Map::new();
    for row in table::ROWS {
        let path = paths.entry(row.path).or_insert_with(|| json!({}));
        path[row.method.to_ascii_lowercase()] = operation(row);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Tijdig: wat geen FHIR is",
            "version": env!("CARGO_PKG_VERSION"),
            "description": format!(
                "Wat een programma van deze server kan vragen buiten FHIR om. FHIR beschrijft zichzelf: {base}{}/metadata en {base}{}/metadata.",
                crate::fhir::R4, crate::fhir::STU3
            ),
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": base}],
        "tags": table::TAGS.iter().map(|(name, about)| json!({"name": name, "description": about})).collect::<Vec<_>>(),
        "paths": paths,
        "webhooks": {"bericht": {"post": schemas::webhook()}},
        "components": {"schemas": schemas::all(), "securitySchemes": schemas::security()},
    })
}

fn operation(row: &Row) -> Value {
    let mut answers = Map::new();
    for (status, words, content) in row.gives {
        let mut answer = json!({"description": words});
        if let Some(content) = content_of(*content) {
            answer["content"] = content;
        }
        answers.insert(status.to_string(), answer);
    }
    let mut operation = json!({
        "tags": [row.tag],
        "summary": row.summary,
        "security": security(row.lets),
        "responses": answers,
    });
    let parameters: Vec<Value> = in_path(row.path)
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
        .chain(row.query.iter().map(|(name, about, required)| {
            json!({"name": name, "in": "query", "required": required, "description": about, "schema": {"type": "string"}})
        }))
        .collect();
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Takes::Form(schema) = row.takes {
        operation["requestBody"] = json!({
            "required": true,
            "content": {"application/x-www-form-urlencoded": {"schema": reference(schema)}},
        });
    }
    operation
}

fn security(lets: Lets) -> Value {
    match lets {
        // What is signed stands in the body.
        Lets::Anybody | Lets::Signed => json!([]),
        Lets::Client => json!([{"geheim": []}, {}]),
        Lets::Session => json!([{"sessie": []}]),
    }
}

fn content_of(content: Content) -> Option<Value> {
    Some(match content {
        Content::Nothing => return None,
        Content::Json(schema) => json!({"application/json": {"schema": reference(schema)}}),
        Content::Media(media) => json!({media: {"schema": {"type": "string"}}}),
    })
}

fn reference(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

/// The places of a path.
fn in_path(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn references(value: &Value, into: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => {
                into.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|v| references(v, into));
            }
            Value::Array(list) => list.iter().for_each(|v| references(v, into)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_resolves_and_every_schema_is_used() {
        let document = document("https://pzp.example");
        let mut used = BTreeSet::new();
        references(&document, &mut used);
        let there: BTreeSet<String> = document["components"]["schemas"]
            .as_object()
            .unwrap()
            .keys()
            .map(|name| format!("#/components/schemas/{name}"))
            .collect();
        assert_eq!(used, there);
    }

    #[test]
    fn every_row_has_a_tag_that_is_explained_and_no_row_is_said_twice() {
        let mut seen = BTreeSet::new();
        for row in table::ROWS {
            assert!(table::TAGS.iter().any(|(name, _)| *name == row.tag), "{}", row.path);
            assert!(seen.insert((row.method, row.path)), "{} {}", row.method, row.path);
            assert!(!row.gives.is_empty() && !row.summary.is_empty(), "{}", row.path);
        }
    }
}
