//! OAuth 2 client credentials at `/oauth/token`, and the discovery document of SMART Backend Services.

pub mod assertion;
pub mod keys;
mod proof;
pub mod refusal;
pub mod scope;
pub mod token;

use crate::app::App;
use crate::forms::Fields;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::access::{Actor, Who};
use domain::ident::{ClientId, OrganisationId};
use domain::purpose::Purpose;
use proof::Proof;
use refusal::Refused;
use scope::Scopes;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::net::SocketAddr;
use store::clients::{Client, ClientKeys};
use store::log::{Event, Outcome};
use token::Access;

/// `POST /oauth/token`.
pub async fn token(
    State(app): State<App>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let address = crate::peer(peer.as_ref().map(|Extension(info)| info));
    let fields = Fields::parse(&body);
    let proof = Proof::of(&headers, &fields);
    let claimed = proof.as_ref().map_or("", Proof::client).to_owned();
    let refused = match proof {
        Ok(proof) => match grant(&app, &fields, &proof).await {
            Ok(answer) => return answer,
            Err(refused) => refused,
        },
        Err(refused) => refused,
    };
    if refused.is_broken() {
        return refused.into_response();
    }
    // Only after a refusal, so that whoever guesses does not keep the rightful client out.
    if app.throttle().attempt(&format!("client:{claimed}"), &address).is_err() {
        return Refused::slow_down().into_response();
    }
    // Only what can be an id goes into the log; nobody writes there what he likes.
    let client = ClientId::parse(&claimed).ok();
    let event = Event {
        at: app.clock().real(),
        actor: None,
        action: "token",
        data: client.as_ref().map_or("", ClientId::as_str),
        patient: None,
        outcome: Outcome::Refused,
        detail: Some(refused.description),
    };
    match app.store().event(event).await {
        Ok(()) => refused.into_response(),
        Err(error) => Refused::broken(&error).into_response(),
    }
}

async fn grant(app: &App, fields: &Fields, proof: &Proof) -> Result<Response, Refused> {
    match fields.get("grant_type") {
        "client_credentials" => {}
        "" => return Err(Refused::bad("invalid_request", "grant_type ontbreekt.")),
        _ => return Err(Refused::bad("unsupported_grant_type", "Alleen client_credentials wordt ondersteund.")),
    }
    let now = app.clock().real();
    let broken = |error: store::Error| Refused::broken(&error);
    let client = proof.check(app, now).await?;
    let standing = app.store().client_standing(&client.id).await.map_err(broken)?;
    let generation = standing.filter(|s| s.active).ok_or_else(Refused::unknown)?.generation;
    let registered = Scopes::parse(&client.scope);
    let scopes = match fields.filled("scope") {
        None => registered,
        Some(asked) => Scopes::parse(asked).within(&registered),
    };
    if scopes.is_empty() {
        return Err(Refused::bad("invalid_scope", "Geen van de gevraagde scopes hoort bij deze client."));
    }
    let access = Access {
        until: now + token::LIFETIME,
        client: client.id,
        organisation: client.organisation,
        purpose: client.purpose,
        generation,
        scopes,
    };
    let signed = token::issue(app, &access, now).map_err(|e| Refused::broken(&e))?;
    let actor = system(&access);
    let event = Event {
        at: now,
        actor: Some(&actor),
        action: "token",
        data: proof.method(),
        patient: None,
        outcome: Outcome::Done,
        detail: None,
    };
    app.store().event(event).await.map_err(broken)?;
    let answer = json!({
        "access_token": signed,
        "token_type": "bearer",
        "expires_in": token::LIFETIME.as_secs(),
        "scope": access.scopes.to_string(),
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

/// A new client as an administrator names it; `Ok` with everything checked.
///
/// # Errors
/// A Dutch sentence that says what to mend.
pub fn new_client(
    id: &str,
    organisation: &OrganisationId,
    scope: &str,
    purpose: &str,
    keys: Option<ClientKeys>,
) -> Result<Client, String> {
    let id = ClientId::parse(id).map_err(|_| "Een client-id bestaat uit letters, cijfers, -, _ en punt.".to_owned())?;
    let scopes = Scopes::parse(scope);
    if scope.split_ascii_whitespace().count() == 0
        || scope.split_ascii_whitespace().any(|s| Scopes::parse(s).is_empty())
    {
        return Err("Scopes zien eruit als system/Consent.rs of system/*.cruds, met een spatie ertussen.".to_owned());
    }
    let purpose = Purpose::of_code(purpose).ok_or_else(|| {
        let codes: Vec<_> = Purpose::ALL.iter().map(|p| p.code()).collect();
        format!("Dit doel is er niet. Doelen: {}.", codes.join(", "))
    })?;
    match &keys {
        Some(ClientKeys::Set(set)) => keys::checked_set(set)?,
        Some(ClientKeys::Address(address)) => drop(keys::checked_address(address)?),
        None => {}
    }
    Ok(Client {
        name: id.as_str().to_owned(),
        id,
        organisation: organisation.clone(),
        scope: scopes.to_string(),
        purpose,
        secret_hash: None,
        keys,
        active: true,
    })
}

/// The system that a token names, as actor.
pub fn system(access: &Access) -> Actor {
    Actor {
        name: access.client.as_str().to_owned(),
        who: Who::Client(access.client.clone(), access.purpose),
        role: None,
        organisation: access.organisation.clone(),
        nurses_set_limits: false,
        breaks_glass: false,
    }
}

/// A registered system as actor, where it does not ask itself but is told.
pub fn acting(client: &Client) -> Actor {
    Actor {
        name: client.id.as_str().to_owned(),
        who: Who::Client(client.id.clone(), client.purpose),
        role: None,
        organisation: client.organisation.clone(),
        nurses_set_limits: false,
        breaks_glass: false,
    }
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
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_basic", "client_secret_post"],
        "token_endpoint_auth_signing_alg_values_supported": assertion::ALGORITHMS.map(|(name, _)| name),
        "scopes_supported": scope::SUPPORTED,
        "capabilities": ["client-confidential-asymmetric", "client-confidential-symmetric", "permission-v1", "permission-v2"],
    })
}
