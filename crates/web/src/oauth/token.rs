//! Access tokens: signed, short-lived, naming client, organisation, purpose and scope; they hold nothing about a patient.

use super::scope::Scopes;
use crate::app::App;
use domain::ident::{ClientId, OrganisationId};
use domain::purpose::Purpose;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a token is good for.
pub const LIFETIME: Duration = Duration::from_mins(15);

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    org: String,
    purpose: String,
    generation: u32,
    scope: String,
    iat: i64,
    exp: i64,
}

/// What a good token says.
#[derive(Debug, Clone)]
pub struct Access {
    /// The client.
    pub client: ClientId,
    /// The organisation it acts for.
    pub organisation: OrganisationId,
    /// For what the client was registered.
    pub purpose: Purpose,
    /// State of the client under which the token was given; good while that is its state.
    pub generation: u32,
    /// What it may do.
    pub scopes: Scopes,
    /// When its time is over.
    pub until: Timestamp,
}

/// Why a token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadToken {
    /// Its time is over.
    Expired,
    /// Not ours, changed, or broken.
    Invalid,
}

/// Makes a token.
///
/// # Errors
/// Where it cannot be signed.
pub fn issue(app: &App, access: &Access, now: Timestamp) -> Result<String, jsonwebtoken::errors::Error> {
    let base = app.config().base_url.clone();
    let claims = Claims {
        iss: base.clone(),
        aud: base,
        sub: access.client.as_str().to_owned(),
        org: access.organisation.as_str().to_owned(),
        purpose: access.purpose.code().to_owned(),
        generation: access.generation,
        scope: access.scopes.to_string(),
        iat: now.as_second(),
        exp: access.until.as_second(),
    };
    encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(app.token_key()))
}

/// Reads a token.
///
/// # Errors
/// [`BadToken`]: expired, or not one of ours.
pub fn read(app: &App, token: &str, now: Timestamp) -> Result<Access, BadToken> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[&app.config().base_url]);
    validation.set_issuer(&[&app.config().base_url]);
    // Expiry is checked here, by the clock that everything else goes by.
    validation.validate_exp = false;
    let claims = decode::<Claims>(token, &DecodingKey::from_secret(app.token_key()), &validation)
        .map_err(|_| BadToken::Invalid)?
        .claims;
    let until = Timestamp::from_second(claims.exp).map_err(|_| BadToken::Invalid)?;
    if until <= now {
        return Err(BadToken::Expired);
    }
    Ok(Access {
        until,
        client: ClientId::parse(&claims.sub).map_err(|_| BadToken::Invalid)?,
        organisation: OrganisationId::parse(&claims.org).map_err(|_| BadToken::Invalid)?,
        purpose: Purpose::of_code(&claims.purpose).ok_or(BadToken::Invalid)?,
        generation: claims.generation,
        scopes: Scopes::parse(&claims.scope),
    })
}
