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
    let body = if preference.contains("return=minimal") {
        None
    } else if preference.contains("return=OperationOutcome")
        || (!delivered.kept.is_empty() && !preference.contains("return=representation"))
    {
        // What was kept beside the plan is told (decision 31), but to who asks for the form itself.
        Some(super::Payload::Value(outcome(&delivered.kept)))
    } else {
        let permit = access::ask(app, &caller.actor, Action::ReadPlan, &delivered.patient).await?;
        let kind = ResourceType::QuestionnaireResponse;
        let loaded = Loaded::load(app, &permit, ask.version, kind.as_str(), &[kind]).await?;
        loaded.resource(kind, &local).map(super::Payload::Value)
    };
    let status = if delivered.new { StatusCode::CREATED } else { StatusCode::OK };
    let reply = Reply { status, body, headers: Vec::new() }
        .with(header::LOCATION, format!("{base}/QuestionnaireResponse/{logical}/_history/{}", delivered.version))
        .with(header::ETAG, format!("W/\"{}\"", delivered.version));
    Ok(reply)
}
