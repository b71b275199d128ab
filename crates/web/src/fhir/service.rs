//! What the server says of itself: CapabilityStatement, Questionnaires, ValueSets, SearchParameters, discovery.

use super::caller::Caller;
use super::failure::Failure;
use super::{Ask, Payload, Reply, parse};
use crate::app::App;
use crate::oauth::scope::Interaction;
use axum::http::{Method, StatusCode, header};
use domain::ident::OrganisationId;
use fhir::format::{IssueType, Version};
use fhir::r4::ResourceType;
use fhir::r4::conformance::{self, About};
use fhir::r4::search::{self, Handling, Options};
use fhir::stu3;
use serde_json::Value;
use store::Store;
use store::documents::Document;

/// Under this name the store keeps the standard's Questionnaire, where it was loaded (decision 37).
const QUESTIONNAIRE: &str = "questionnaire-r4";
/// And that on zib2017.
const QUESTIONNAIRE_STU3: &str = "questionnaire-stu3";

/// Day on which what the server says of itself last changed.
const CHANGED: &str = "2026-11-30";

fn with_about<T>(app: &App, fhir: Version, f: impl FnOnce(&About<'_>) -> T) -> T {
    let base = super::base(app, fhir);
    let token_url = format!("{}/oauth/token", app.config().base_url);
    f(&About { fhir, base: &base, token_url: &token_url, version: env!("CARGO_PKG_VERSION"), date: CHANGED })
}

/// `GET metadata`.
pub(super) fn capabilities(app: &App, fhir: Version) -> Reply {
    Reply::ok(statement(app, fhir))
}

/// The CapabilityStatement of a version.
pub fn statement(app: &App, fhir: Version) -> Value {
    resources(app, fhir, ResourceType::CapabilityStatement).pop().unwrap_or_default()
}

/// What describes the server, of a type.
fn resources(app: &App, fhir: Version, kind: ResourceType) -> Vec<Value> {
    with_about(app, fhir, |about| match fhir {
        Version::R4 => conformance::resources(kind, about),
        Version::Stu3 => stu3::conformance::resources(kind, about),
    })
}

fn resource(app: &App, fhir: Version, kind: ResourceType, id: &str) -> Option<Value> {
    with_about(app, fhir, |about| match fhir {
        Version::R4 => conformance::resource(kind, id, about),
        Version::Stu3 => stu3::conformance::resource(kind, id, about),
    })
}

/// `GET .well-known/smart-configuration`.
pub(super) fn smart(app: &App) -> Reply {
    Reply {
        status: StatusCode::OK,
        body: Some(Payload::Json(crate::oauth::smart_document(app).to_string().into_bytes())),
        headers: vec![(header::CONTENT_TYPE, "application/json".to_owned())],
    }
}

/// Read, search and `$expand` of what describes the server; whoever has a token may.
///
/// # Errors
/// 404 for what is not here, 400 for a question that cannot be understood.
pub(super) async fn run(
    app: &App,
    caller: &Caller,
    ask: &Ask,
    kind: &str,
    rest: &[&str],
    body: &[u8],
) -> Result<Reply, Failure> {
    let kind: ResourceType = super::kind(kind)?;
    let reads = [Interaction::Read, Interaction::Search].iter().any(|i| caller.scopes.allows(kind.as_str(), *i));
    let any = ["Consent", "QuestionnaireResponse", "Patient"]
        .iter()
        .any(|k| caller.scopes.allows(k, Interaction::Search) || caller.scopes.allows(k, Interaction::Read));
    if !reads && !any {
        return Err(Failure::scope(kind.as_str(), 'r'));
    }
    match (kind, rest) {
        (ResourceType::ValueSet, ["$expand"]) => expand(app, ask, None, body),
        (ResourceType::ValueSet, [id, "$expand"]) => expand(app, ask, Some(id), body),
        (_, []) if ask.method == Method::GET => find(app, ask, kind).await,
        (_, [id]) if ask.method == Method::GET => {
            let loaded = questionnaire(app, ask.version, kind).await?.filter(|q| q["id"] == *id);
            let own = resource(app, ask.version, kind, id);
            Ok(Reply::ok(loaded.or(own).ok_or_else(Failure::not_found)?))
        }
        _ => Err(Failure::method("GET", "Dit kan alleen gelezen worden.")),
    }
}

fn expand(app: &App, ask: &Ask, id: Option<&str>, body: &[u8]) -> Result<Reply, Failure> {
    let mut params = ask.params.clone();
    if ask.method == Method::POST && !body.is_empty() {
        params.extend(conformance::operation_params(&parse(ask, body)?));
    }
    params.retain(|(name, _)| name != "_format" && name != "_pretty");
    let expand = match ask.version {
        Version::R4 => conformance::expand,
        Version::Stu3 => stu3::conformance::expand,
    };
    expand(id, &params, app.clock().real()).map(Reply::ok).map_err(|problems| {
        let absent = problems.iter().all(|p| p.code == IssueType::NotFound);
        Failure::all(if absent { StatusCode::NOT_FOUND } else { StatusCode::BAD_REQUEST }, problems)
    })
}

async fn find(app: &App, ask: &Ask, kind: ResourceType) -> Result<Reply, Failure> {
    let base = ask.base(app);
    let prefer = ask.headers.get_all("prefer").iter().filter_map(|v| v.to_str().ok());
    let options =
        Options { base: &base, version: ask.version, handling: Handling::of_prefer(prefer), key: app.page_key() };
    let query = search::parse(kind, &ask.params, &options).map_err(Failure::bad)?;
    let mut all = resources(app, ask.version, kind);
    all.extend(questionnaire(app, ask.version, kind).await?);
    let page = query.select(&|_| all.clone(), &|_| None);
    Ok(Reply::ok(search::searchset(&query, page, app.page_key())))
}

/// The standard's Questionnaire, where it was loaded.
async fn questionnaire(app: &App, fhir: Version, kind: ResourceType) -> Result<Option<Value>, Failure> {
    if kind != ResourceType::Questionnaire {
        return Ok(None);
    }
    let name = match fhir {
        Version::R4 => QUESTIONNAIRE,
        Version::Stu3 => QUESTIONNAIRE_STU3,
    };
    let document = app.store().document(name).await?;
    Ok(document.and_then(|d| serde_json::from_slice(&d.bytes).ok()))
}

/// Loads the standard's Questionnaire, which is served under its own canonical from then on (decision 37).
///
/// # Errors
/// A Dutch sentence that says what is wrong with the file.
pub async fn import_questionnaire(store: &Store, bytes: &[u8]) -> Result<String, String> {
    let say =
        |problems: Vec<fhir::format::Problem>| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let is_xml = bytes.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'<');
    let text = || std::str::from_utf8(bytes).map_err(|_| "Het bestand is geen geldige UTF-8.".to_owned());
    // Which form it is says in which version of FHIR it stands.
    let is_stu3 = bytes.windows(stu3::FORM_CANONICAL.len()).any(|w| w == stu3::FORM_CANONICAL.as_bytes());
    let version = if is_stu3 { Version::Stu3 } else { Version::R4 };
    let value = if is_xml {
        fhir::format::from_xml_as(version, text()?).map_err(say)?
    } else {
        fhir::format::from_json(bytes).map_err(say)?
    };
    let problems = fhir::format::check_as(version, &value);
    if fhir::format::has_errors(&problems) {
        return Err(say(problems));
    }
    let canonical = value["url"].as_str().unwrap_or("").to_owned();
    let is_form = if is_stu3 { stu3::form::is_form(&canonical) } else { fhir::r4::form::is_form(&canonical) };
    if value["resourceType"] != "Questionnaire" || !is_form || !value["id"].is_string() {
        return Err("Dit is niet de vragenlijst ACP-zib2020 of ACP-zib2017 van de standaard.".to_owned());
    }
    let document = Document {
        name: if is_stu3 { QUESTIONNAIRE_STU3 } else { QUESTIONNAIRE }.to_owned(),
        media_type: "application/fhir+json".to_owned(),
        bytes: value.to_string().into_bytes(),
        changed_at: crate::Clock::default().real(),
    };
    let by = crate::program(OrganisationId::from_bits(0));
    store.put_document(&by, &document).await.map_err(|e| e.to_string())?;
    Ok(canonical)
}
