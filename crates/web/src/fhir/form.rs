//! `POST [base]/QuestionnaireResponse`: the form for a patient who is here already.

use super::caller::Caller;
use super::failure::Failure;
use super::view::Loaded;
use super::{Ask, Reply, deliver, parse};
use crate::access;
use crate::app::App;
use crate::oauth::scope::Interaction;
use axum::http::{StatusCode, header};
use domain::access::Action;
use fhir::format::{IssueType, outcome};
use fhir::r4::{ResourceType, id};

/// Takes a form in.
///
/// # Errors
/// 400 where it cannot be read, 422 where it may not be kept.
pub async fn create(app: &App, caller: &Caller, ask: &Ask, body: &[u8]) -> Result<Reply, Failure> {
    caller.may("QuestionnaireResponse", Interaction::Create)?;
    let value = parse(ask, body)?;
    if value["resourceType"] != "QuestionnaireResponse" {
        return Err(Failure::of(
            StatusCode::UNPROCESSABLE_ENTITY,
            IssueType::Invalid,
            "",
            "Hier hoort een QuestionnaireResponse.",
        ));
    }
    let delivered = deliver::form(app, &caller.actor, ask.version, &value).await?;
    let local = format!("v{}", delivered.version);
    let logical = id::resource_id(&delivered.patient, &local);
    let base = ask.base(app);
    let preference = ask.header("prefer").unwrap_or("");
    let is_short = preference.contains("return=minimal");
    // What was kept beside the plan is told (decision 31), but to who asks for the form itself.
    let told = preference.contains("return=OperationOutcome")
        || (!delivered.kept.is_empty() && !preference.contains("return=representation"));
    let form = if delivered.new && (is_short || told) {
        None
    } else {
        let permit = access::ask(app, &caller.actor, Action::ReadPlan, &delivered.patient).await?;
        let kind = ResourceType::QuestionnaireResponse;
        Loaded::load(app, &permit, ask.version, kind.as_str(), &[kind]).await?.resource(kind, &local)
    };
    // A form is a resource of its own with each version; one that came before may have been marked since.
    let edition = form.as_ref().and_then(|f| f["meta"]["versionId"].as_str()).unwrap_or("1").to_owned();
    let body = match form {
        _ if is_short => None,
        _ if told => Some(super::Payload::Value(outcome(&delivered.kept))),
        form => form.map(super::Payload::Value),
    };
    let status = if delivered.new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(Reply { status, body, headers: Vec::new() }
        .with(header::LOCATION, format!("{base}/QuestionnaireResponse/{logical}/_history/{edition}"))
        .with(header::ETAG, format!("W/\"{edition}\"")))
}
