//! `GET {type}/{id}`: one resource as it counts now.

use super::caller::Caller;
use super::failure::Failure;
use super::view::Loaded;
use super::{Ask, Reply};
use crate::access;
use crate::app::App;
use crate::oauth::scope::Interaction;
use axum::http::{StatusCode, header};
use domain::access::{Action, Permit};
use domain::ident::PatientId;
use fhir::r4::ResourceType;
use serde_json::Value;

/// Reads one resource.
///
/// # Errors
/// 403 without a basis or for an unknown patient, 404 for a part that this patient's plan does not have.
pub async fn run(app: &App, caller: &Caller, ask: &Ask, kind: ResourceType, id: &str) -> Result<Reply, Failure> {
    caller.may(kind.as_str(), Interaction::Read)?;
    let (patient, local) = whose(kind, id)?;
    let permit = permit(app, caller, &patient).await?;
    let loaded = Loaded::load(app, &permit, ask.version, kind.as_str(), &[kind]).await?;
    let resource = loaded.resource(kind, local).ok_or_else(Failure::not_found)?;
    Ok(conditional(ask, resource))
}

/// The patient that an id belongs to; an id that is none of ours is answered like a stranger's (decision 53).
pub fn whose(kind: ResourceType, text: &str) -> Result<(PatientId, &str), Failure> {
    let (patient, local) = match kind {
        ResourceType::Patient => (text, ""),
        _ => text.split_once('-').ok_or_else(Failure::no_basis)?,
    };
    Ok((PatientId::parse(patient).map_err(|_| Failure::no_basis())?, local))
}

/// Leave to see a patient's resources; the identity is part of the record that is read.
pub async fn permit(app: &App, caller: &Caller, patient: &PatientId) -> Result<Permit, Failure> {
    Ok(access::ask(app, &caller.actor, Action::ReadPlan, patient).await?)
}

/// Weak ETag of a resource.
pub fn etag(resource: &Value) -> String {
    format!("W/\"{}\"", resource["meta"]["versionId"].as_str().unwrap_or("1"))
}

/// The resource, or 304 where the client has it already.
fn conditional(ask: &Ask, resource: Value) -> Reply {
    let tag = etag(&resource);
    let known =
        ask.header(header::IF_NONE_MATCH).is_some_and(|v| v.split(',').any(|t| t.trim() == tag || t.trim() == "*"));
    let modified = http_date(&resource);
    let reply = if known {
        Reply { status: StatusCode::NOT_MODIFIED, body: None, headers: Vec::new() }
    } else {
        Reply::ok(resource)
    };
    let reply = reply.with(header::ETAG, tag);
    match modified {
        Some(date) => reply.with(header::LAST_MODIFIED, date),
        None => reply,
    }
}

/// `meta.lastUpdated` as an HTTP date.
pub fn http_date(resource: &Value) -> Option<String> {
    let moment: jiff::Timestamp = resource["meta"]["lastUpdated"].as_str()?.parse().ok()?;
    Some(moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}
