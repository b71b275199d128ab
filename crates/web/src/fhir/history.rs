//! `_history` of a resource: it follows the plan's versions (DESIGN section 4).

use super::caller::Caller;
use super::failure::Failure;
use super::read::{etag, http_date, permit, whose};
use super::view::Loaded;
use super::{Ask, Reply};
use crate::app::App;
use crate::oauth::scope::Interaction;
use axum::http::header;
use domain::ident::PatientId;
use fhir::format::Version;
use fhir::r4::ResourceType;
use fhir::r4::search::{self, Handling, History, Options};
use serde_json::Value;

/// `GET {type}/{id}/_history`, newest first.
///
/// # Errors
/// As for a read.
pub async fn list(app: &App, caller: &Caller, ask: &Ask, kind: ResourceType, id: &str) -> Result<Reply, Failure> {
    caller.may(kind.as_str(), Interaction::Read)?;
    let (patient, local) = whose(kind, id)?;
    let base = ask.base(app);
    let prefer = ask.headers.get_all("prefer").iter().filter_map(|v| v.to_str().ok());
    let options =
        Options { base: &base, version: ask.version, handling: Handling::of_prefer(prefer), key: app.page_key() };
    let asked = History::parse(kind, id, &ask.params, &options).map_err(Failure::bad)?;
    let all = states(app, caller, ask.version, kind, &patient, local).await?;
    if all.is_empty() {
        return Err(Failure::not_found());
    }
    Ok(Reply::ok(search::history(&asked, all, app.page_key())))
}

/// `GET {type}/{id}/_history/{version}`.
///
/// # Errors
/// As for a read; 404 for a version that this resource did not have.
pub async fn one(
    app: &App,
    caller: &Caller,
    ask: &Ask,
    kind: ResourceType,
    id: &str,
    version: &str,
) -> Result<Reply, Failure> {
    caller.may(kind.as_str(), Interaction::Read)?;
    let (patient, local) = whose(kind, id)?;
    let all = states(app, caller, ask.version, kind, &patient, local).await?;
    let found = all.into_iter().find(|r| r["meta"]["versionId"] == version).ok_or_else(Failure::not_found)?;
    let (tag, modified) = (etag(&found), http_date(&found));
    let reply = Reply::ok(found).with(header::ETAG, tag);
    Ok(match modified {
        Some(date) => reply.with(header::LAST_MODIFIED, date),
        None => reply,
    })
}

/// Every state of a resource, newest first: as it stood in each version of the plan that changed it, and the earlier
/// statements that came along with a newer one (decision 9).
async fn states(
    app: &App,
    caller: &Caller,
    fhir: Version,
    kind: ResourceType,
    patient: &PatientId,
    local: &str,
) -> Result<Vec<Value>, Failure> {
    let permit = permit(app, caller, patient).await?;
    let loaded = Loaded::load(app, &permit, fhir, kind.as_str(), &[kind]).await?;
    if matches!(kind, ResourceType::Patient | ResourceType::QuestionnaireResponse) {
        return Ok(loaded.resource(kind, local).into_iter().collect());
    }
    let versions = app.store().versions(&permit, app.clock().now(), kind.as_str()).await?;
    let mut states: Vec<Value> = Vec::new();
    for stored in versions.iter().rev() {
        states.extend(loaded.resource_in(&stored.version, kind, local));
    }
    states.dedup_by(|a, b| a["meta"]["versionId"] == b["meta"]["versionId"]);
    if kind == ResourceType::Consent {
        states.extend(loaded.filed(local));
    }
    Ok(states)
}
