//! Access tokens: signed, short-lived, naming client, organisation and scope; they hold nothing about a patient.

use super::scope::Scopes;
use crate::app::App;
use domain::ident::{ClientId, OrganisationId};
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
pub fn issue(
    app: &App,
    client: &ClientId,
    organisation: &OrganisationId,
    scopes: &Scopes,
    now: Timestamp,
) -> Option<String> {
    let base = app.config().base_url.clone();
    let lifetime = i64::try_from(LIFETIME.as_secs()).unwrap_or(0);
    let claims = Claims {
        iss: base.clone(),
        aud: base,
        sub: client.as_str().to_owned(),
        org: organisation.as_str().to_owned(),
        scope: scopes.to_string(),
        iat: now.as_second(),
        exp: now.as_second() + lifetime,
    };
    encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(app.token_key())).ok()
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
        scopes: Scopes::parse(&claims.scope),
    })
}
