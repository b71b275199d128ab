//! The FHIR API: one entry, from which each interaction goes to its own file.

pub mod caller;
pub mod deliver;
pub mod failure;
mod form;
mod handed;
mod history;
mod negotiate;
pub mod prepared;
mod read;
mod receive;
mod search;
pub mod service;
mod subscription;
mod view;

use crate::app::App;
use crate::forms::Fields;
use crate::refused::{Asker, marked};
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use caller::Caller;
use failure::Failure;
use fhir::format::{IssueType, Version, outcome, to_xml_as};
use fhir::r4::ResourceType;
use http_body_util::{BodyExt, Limited};
use negotiate::Format;
use serde_json::Value;

/// Paths of the API below the server's address: one for each version of FHIR.
pub const PATHS: [(&str, Version); 2] = [(R4, Version::R4), (STU3, Version::Stu3)];
/// That of R4.
pub const R4: &str = "/fhir/r4";
/// That of STU3.
pub const STU3: &str = "/fhir/stu3";

/// The API that a path belongs to, with what stands behind its own path.
pub fn api_of(path: &str) -> Option<(&'static str, Version, &str)> {
    PATHS.iter().find_map(|(api, version)| path.strip_prefix(api).map(|rest| (*api, *version, rest)))
}

/// Largest body: a plan with documents of 20 MB, written as base64.
const MOST_BYTES: usize = 30 << 20;

/// What a request asks for, apart from its body.
struct Ask {
    /// In which version of FHIR.
    version: Version,
    method: Method,
    /// Segments below the API's path.
    path: Vec<String>,
    /// Parameters of the URL, and of a `_search` body.
    params: Vec<(String, String)>,
    headers: HeaderMap,
}

impl Ask {
    /// URL of the API that was asked.
    fn base(&self, app: &App) -> String {
        base(app, self.version)
    }

    /// First value of a parameter.
    fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }
}

/// What is answered.
#[derive(Debug)]
struct Reply {
    status: StatusCode,
    body: Option<Payload>,
    headers: Vec<(HeaderName, String)>,
}

/// A body, as a value or as JSON that is ready to go.
#[derive(Debug)]
enum Payload {
    Value(Value),
    Json(Vec<u8>),
}

impl Reply {
    fn ok(value: Value) -> Self {
        Self { status: StatusCode::OK, body: Some(Payload::Value(value)), headers: Vec::new() }
    }

    fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// URL of the API of a version.
fn base(app: &App, version: Version) -> String {
    let path = PATHS.iter().find(|(_, v)| *v == version).map_or(R4, |(path, _)| path);
    format!("{}{path}", app.config().base_url)
}

/// Answers a request to the API.
pub async fn api(State(app): State<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let asker = parts.extensions.get::<Asker>().cloned().unwrap_or_default();
    let (_, version, path) = api_of(parts.uri.path()).unwrap_or((R4, Version::R4, ""));
    let decode = |t: &str| percent_encoding::percent_decode_str(t).decode_utf8_lossy().into_owned();
    let mut ask = Ask {
        version,
        method: parts.method,
        path: path.split('/').filter(|s| !s.is_empty()).map(decode).collect(),
        params: Fields::parse(parts.uri.query().unwrap_or("").as_bytes()).0,
        headers: parts.headers,
    };
    let head = ask.method == Method::HEAD;
    if head {
        ask.method = Method::GET;
    }
    let format = Format::wanted(version, &ask.headers, ask.param("_format"));
    let shape = *format.as_ref().unwrap_or(&Format::Json);
    let reply = match format {
        Ok(_) => answer(&app, &mut ask, body, &asker).await,
        Err(failure) => Err(failure),
    };
    let mut response = render(version, shape, reply);
    if head {
        *response.body_mut() = Body::empty();
    }
    response
}

/// The answer to an address that no resource could have.
pub fn nowhere() -> Response {
    let failure = Failure::of(StatusCode::NOT_FOUND, IssueType::NotFound, "", "Dit adres is er niet.");
    render(Version::R4, Format::Json, Err(failure))
}

async fn answer(app: &App, ask: &mut Ask, body: Body, asker: &Asker) -> Result<Reply, Failure> {
    let segments: Vec<&str> = ask.path.iter().map(String::as_str).collect();
    // What everybody may know comes first: it tells how to get a token.
    match (&ask.method, segments.as_slice()) {
        (&Method::GET, ["metadata"]) => return Ok(service::capabilities(app, ask.version)),
        (_, ["metadata"]) => return Err(Failure::method("GET", "Het CapabilityStatement kan alleen gelezen worden.")),
        (&Method::GET, [".well-known", "smart-configuration"]) => return Ok(service::smart(app)),
        _ => {}
    }
    let caller = Caller::of(app, &ask.headers).await?;
    let reply = to_caller(app, ask, body, &caller).await;
    // Only for a refusal has it to be known who asked.
    if reply.as_ref().is_err_and(|failure| failure.status == StatusCode::FORBIDDEN) {
        asker.is(&caller.actor);
    }
    reply
}

async fn to_caller(app: &App, ask: &mut Ask, body: Body, caller: &Caller) -> Result<Reply, Failure> {
    let body = take(body).await?;
    if ask.version == Version::R4 && ask.path.first().is_some_and(|kind| kind == subscription::NAME) {
        if ask.method == Method::POST && ask.path.get(1).is_some_and(|rest| rest == "_search") {
            search_body(ask, &body)?;
        }
        return Box::pin(subscription::run(app, caller, ask, &body)).await;
    }
    if ask.method == Method::POST && ask.path.last().is_some_and(|s| s == "_search") {
        search_body(ask, &body)?;
        let kind = kind(ask.path.first().map_or("", String::as_str))?;
        return search::run(app, caller, ask, kind).await;
    }
    let segments: Vec<&str> = ask.path.iter().map(String::as_str).collect();
    match (&ask.method, segments.as_slice()) {
        (&Method::GET, [name]) if kind(name).is_ok_and(ResourceType::is_of_patient) => {
            search::run(app, caller, ask, kind(name)?).await
        }
        // What is asked less often does not make every request's state larger.
        (_, segments) => Box::pin(less_often(app, caller, ask, segments, &body)).await,
    }
}

async fn less_often(app: &App, caller: &Caller, ask: &Ask, segments: &[&str], body: &[u8]) -> Result<Reply, Failure> {
    match (&ask.method, segments) {
        (&Method::POST, []) => receive::transaction(app, caller, ask, body).await,
        (&Method::POST, ["QuestionnaireResponse"]) => form::create(app, caller, ask, body).await,
        (
            &Method::GET | &Method::POST,
            [kind @ ("ValueSet" | "Questionnaire" | "SearchParameter" | "CapabilityStatement"), rest @ ..],
        ) => service::run(app, caller, ask, kind, rest, body).await,
        (_, [handed::NAME, rest @ ..]) if ask.version == Version::R4 => handed::run(app, caller, ask, rest, body).await,
        (&Method::GET, [name]) => search::run(app, caller, ask, kind(name)?).await,
        (&Method::GET, [name, id]) => read::run(app, caller, ask, kind(name)?, id).await,
        (&Method::GET, [name, id, "_history"]) => history::list(app, caller, ask, kind(name)?, id).await,
        (&Method::GET, [name, id, "_history", version]) => {
            history::one(app, caller, ask, kind(name)?, id, version).await
        }
        (&Method::POST, [name]) => {
            kind(name)?;
            Err(Failure::method(
                "GET",
                "Losse onderdelen kunnen niet worden aangeleverd: stuur ze samen in een transaction Bundle, of stuur het formulier als QuestionnaireResponse.",
            ))
        }
        (&Method::PUT | &Method::PATCH | &Method::DELETE, [name, ..]) => {
            kind(name)?;
            Err(Failure::method(
                "GET",
                "Een plan wordt niet overschreven of verwijderd: elke wijziging is een nieuwe versie.",
            ))
        }
        _ => Err(Failure::of(StatusCode::NOT_FOUND, IssueType::NotFound, "", "Dit adres is er niet.")),
    }
}

fn kind(name: &str) -> Result<ResourceType, Failure> {
    name.parse().map_err(|_| {
        Failure::of(StatusCode::NOT_FOUND, IssueType::NotSupported, "", "Dit resourcetype is hier niet bekend.")
    })
}

fn search_body(ask: &mut Ask, body: &[u8]) -> Result<(), Failure> {
    let is_form = ask.header(header::CONTENT_TYPE).is_some_and(|v| v.starts_with("application/x-www-form-urlencoded"));
    if !is_form && !body.is_empty() {
        return Err(Failure::of(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            IssueType::NotSupported,
            "",
            "Stuur de zoekvraag als application/x-www-form-urlencoded.",
        ));
    }
    ask.params.extend(Fields::parse(body).0);
    Ok(())
}

async fn take(body: Body) -> Result<Bytes, Failure> {
    let collected = Limited::new(body, MOST_BYTES).collect().await;
    collected.map(http_body_util::Collected::to_bytes).map_err(|_| {
        Failure::of(
            StatusCode::PAYLOAD_TOO_LARGE,
            IssueType::TooLong,
            "",
            "De inhoud is te groot: hoogstens 30 MB, en 20 MB per document.",
        )
    })
}

/// Reads a resource from a body in the format that it says it has.
fn parse(ask: &Ask, body: &[u8]) -> Result<Value, Failure> {
    match Format::sent(ask.version, &ask.headers)? {
        Format::Json => fhir::format::from_json(body).map_err(Failure::bad),
        Format::Xml => {
            let text = std::str::from_utf8(body).map_err(|_| {
                Failure::of(StatusCode::BAD_REQUEST, IssueType::Structure, "", "De inhoud is geen geldige UTF-8.")
            })?;
            fhir::format::from_xml_as(ask.version, text).map_err(Failure::bad)
        }
    }
}

fn render(version: Version, format: Format, reply: Result<Reply, Failure>) -> Response {
    let mark = reply.as_ref().err().and_then(|failure| failure.mark);
    let reply = reply.unwrap_or_else(|failure| {
        let mut headers = Vec::new();
        headers.extend(failure.challenge.map(|c| (header::WWW_AUTHENTICATE, c.to_owned())));
        headers.extend(failure.allow.map(|a| (header::ALLOW, a.to_owned())));
        Reply { status: failure.status, body: Some(Payload::Value(outcome(&failure.problems))), headers }
    });
    let bytes = match reply.body {
        None => Bytes::new(),
        Some(Payload::Json(bytes)) if format == Format::Json => bytes.into(),
        Some(Payload::Json(bytes)) => to_xml_as(version, &serde_json::from_slice(&bytes).unwrap_or_default()).into(),
        Some(Payload::Value(value)) if format == Format::Json => serde_json::to_vec(&value).unwrap_or_default().into(),
        Some(Payload::Value(value)) => to_xml_as(version, &value).into(),
    };
    let mut response = (reply.status, bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    match mark {
        Some(mark) => marked(response, mark),
        None => response,
    }
}
