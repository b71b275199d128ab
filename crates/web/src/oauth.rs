//! OAuth 2 client credentials at `/oauth/token`, and the discovery document of SMART Backend Services.

pub mod scope;
pub mod token;

use crate::app::App;
use crate::forms::Fields;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::access::{Actor, Who};
use domain::ident::{ClientId, OrganisationId};
use scope::Scopes;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::net::SocketAddr;
use store::log::{Event, Outcome};
use subtle::ConstantTimeEq;

/// An OAuth error answer (RFC 6749 section 5.2).
struct Refused {
    status: StatusCode,
    error: &'static str,
    description: &'static str,
}

impl Refused {
    fn bad(error: &'static str, description: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, description }
    }

    fn client() -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            error: "invalid_client",
            description: "Onbekende client, of het geheim klopt niet.",
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let body = Json(json!({"error": self.error, "error_description": self.description}));
        let mut response = (self.status, [(header::PRAGMA, "no-cache")], body).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Basic realm=\"tijdig\""));
        }
        response
    }
}

/// `POST /oauth/token`.
pub async fn token(
    State(app): State<App>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let address = crate::peer(peer.as_ref().map(|Extension(info)| info));
    match grant(&app, &headers, &body, &address).await {
        Ok(answer) => answer,
        Err(refused) => refused.into_response(),
    }
}

async fn grant(app: &App, headers: &HeaderMap, body: &[u8], address: &str) -> Result<Response, Refused> {
    let is_form = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.starts_with("application/x-www-form-urlencoded"));
    if !is_form {
        return Err(Refused::bad("invalid_request", "Stuur de aanvraag als application/x-www-form-urlencoded."));
    }
    let fields = Fields::parse(body);
    match fields.get("grant_type") {
        "client_credentials" => {}
        "" => return Err(Refused::bad("invalid_request", "grant_type ontbreekt.")),
        _ => return Err(Refused::bad("unsupported_grant_type", "Alleen client_credentials wordt ondersteund.")),
    }
    let (id, secret) = credentials(headers, &fields)?;
    let broken = |error: store::Error| {
        tracing::error!(%error, "token request failed");
        Refused {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            error: "server_error",
            description: "Er ging iets mis aan onze kant.",
        }
    };
    let client = match ClientId::parse(&id) {
        Ok(id) => app.store().client(&id).await.map_err(broken)?,
        Err(_) => None,
    };
    let given = secret_hash(&secret);
    // Compared against something of the same length for an unknown client too, so that both take the same time.
    let kept = client.as_ref().and_then(|c| c.secret_hash.clone()).unwrap_or_else(|| secret_text(&[0; 32]));
    let right: bool = given.as_bytes().ct_eq(kept.as_bytes()).into();
    let now = app.clock().real();
    let event =
        |actor, outcome| Event { at: now, actor, action: "token", data: "", patient: None, outcome, detail: None };
    let Some(client) = client.filter(|c| right && c.active) else {
        if app.throttle().attempt(&format!("client:{id}"), address).is_err() {
            return Err(Refused {
                status: StatusCode::TOO_MANY_REQUESTS,
                error: "slow_down",
                description: "Te veel pogingen; probeer het over een halve minuut opnieuw.",
            });
        }
        app.store().event(event(None, Outcome::Refused)).await.map_err(broken)?;
        return Err(Refused::client());
    };
    let registered = Scopes::parse(&client.scope);
    let granted = match fields.filled("scope") {
        None => registered,
        Some(asked) => {
            let asked = Scopes::parse(asked).within(&registered);
            if asked.is_empty() {
                return Err(Refused::bad("invalid_scope", "Geen van de gevraagde scopes hoort bij deze client."));
            }
            asked
        }
    };
    let access = token::issue(app, &client.id, &client.organisation, &granted, now).ok_or(Refused {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        error: "server_error",
        description: "Er ging iets mis aan onze kant.",
    })?;
    let actor = system(&client.id, &client.organisation);
    app.store().event(event(Some(&actor), Outcome::Done)).await.map_err(broken)?;
    let answer = json!({
        "access_token": access,
        "token_type": "bearer",
        "expires_in": token::LIFETIME.as_secs(),
        "scope": granted.to_string(),
    });
    Ok(([(header::PRAGMA, "no-cache")], Json(answer)).into_response())
}

/// A client's secret as it is kept: its SHA-256, since the secret itself is 256 random bits.
pub fn secret_hash(secret: &str) -> String {
    secret_text(&Sha256::digest(secret.as_bytes()).into())
}

fn secret_text(hash: &[u8; 32]) -> String {
    STANDARD.encode(hash)
}

/// A system as actor.
pub fn system(client: &ClientId, organisation: &OrganisationId) -> Actor {
    Actor {
        name: client.as_str().to_owned(),
        who: Who::Client(client.clone()),
        role: None,
        organisation: organisation.clone(),
        nurses_set_limits: false,
        breaks_glass: false,
    }
}

/// The client's id and secret: HTTP Basic, or in the body (decision 91); not both.
fn credentials(headers: &HeaderMap, fields: &Fields) -> Result<(String, String), Refused> {
    let basic = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Basic "));
    let Some(basic) = basic else {
        return match (fields.filled("client_id"), fields.filled("client_secret")) {
            (Some(id), Some(secret)) => Ok((id.to_owned(), secret.to_owned())),
            _ => Err(Refused::client()),
        };
    };
    if fields.has("client_secret") {
        return Err(Refused::bad("invalid_request", "Stuur het geheim op één manier: Basic of in de aanvraag."));
    }
    let text =
        STANDARD.decode(basic.trim()).ok().and_then(|b| String::from_utf8(b).ok()).ok_or_else(Refused::client)?;
    let (id, secret) = text.split_once(':').ok_or_else(Refused::client)?;
    let plain = |t: &str| percent_encoding::percent_decode_str(t).decode_utf8_lossy().into_owned();
    Ok((plain(id), plain(secret)))
}

/// `GET …/.well-known/smart-configuration`.
pub async fn smart_configuration(State(app): State<App>) -> impl IntoResponse {
    Json(smart_document(&app))
}

/// The discovery document.
pub fn smart_document(app: &App) -> serde_json::Value {
    let base = &app.config().base_url;
    json!({
        "issuer": base,
        "token_endpoint": format!("{base}/oauth/token"),
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "scopes_supported": scope::SUPPORTED,
        "capabilities": ["client-confidential-symmetric", "permission-v1", "permission-v2"],
    })
}
