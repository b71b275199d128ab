//! `POST [base]`: a transaction Bundle with a patient and a plan.

use super::caller::Caller;
use super::deliver::{self, Delivered, Placed, Places};
use super::failure::Failure;
use super::{Ask, Reply, parse};
use crate::app::App;
use crate::oauth::scope::Interaction;
use axum::http::StatusCode;
use fhir::format::{IssueType, outcome};
use fhir::r4::{ResourceType, id};
use serde_json::{Value, json};

/// Takes a transaction in, whole or not at all.
///
/// # Errors
/// 400 where it cannot be read, 422 where it may not be kept.
pub async fn transaction(app: &App, caller: &Caller, ask: &Ask, body: &[u8]) -> Result<Reply, Failure> {
    let value = parse(ask, body)?;
    if value["resourceType"] != "Bundle" {
        return Err(Failure::refused(vec![fhir::format::Problem::new(
            fhir::format::Severity::Error,
            IssueType::Invalid,
            "",
            "Stuur hier een Bundle van type transaction. Een los formulier gaat naar QuestionnaireResponse.",
        )]));
    }
    for kind in kinds(&value) {
        caller.may(kind, Interaction::Create)?;
    }
    let (delivered, places) = deliver::bundle(app, &caller.actor, ask.version, &value).await?;
    Ok(Reply::ok(response(&ask.base(app), &value, &delivered, &places)))
}

/// The resource types that a Bundle would create, each once.
fn kinds(bundle: &Value) -> Vec<&str> {
    let entries = bundle["entry"].as_array().map_or(&[][..], Vec::as_slice);
    let mut kinds: Vec<&str> = entries.iter().filter_map(|e| e["resource"]["resourceType"].as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// One entry per entry of the request, in its order: where it is now, and what was kept beside the plan.
fn response(base: &str, request: &Value, delivered: &Delivered, places: &Places) -> Value {
    let status = |new: bool| if new { StatusCode::CREATED.to_string() } else { StatusCode::OK.to_string() };
    let count = request["entry"].as_array().map_or(0, Vec::len);
    let mut entries: Vec<Value> = (0..count)
        .map(|i| {
            let mut answer = json!({"status": status(delivered.new)});
            if let Some(Placed { kind, local, edition }) = places.get(i).and_then(Option::as_ref) {
                answer["etag"] = format!("W/\"{edition}\"").into();
                answer["location"] = if *kind == ResourceType::Patient {
                    answer["status"] = status(delivered.registered).into();
                    format!("{base}/{kind}/{}", delivered.patient).into()
                } else {
                    let logical = id::resource_id(&delivered.patient, local);
                    format!("{base}/{kind}/{logical}/_history/{edition}").into()
                };
            }
            json!({"response": answer})
        })
        .collect();
    if let Some(first) = entries.first_mut().filter(|_| !delivered.kept.is_empty()) {
        first["response"]["outcome"] = outcome(&delivered.kept);
    }
    json!({"resourceType": "Bundle", "type": "transaction-response", "entry": entries})
}
