//! How a client shows who it is: a signed assertion, or a secret.

use super::assertion::{Assertion, LONGEST, Meant};
use super::refusal::Refused;
use super::{secret_hash, secret_text};
use crate::app::App;
use crate::forms::Fields;
use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::ident::ClientId;
use jiff::Timestamp;
use store::clients::Client;
use subtle::ConstantTimeEq;

/// What came with a token request.
#[derive(Debug)]
pub enum Proof {
    /// `private_key_jwt`.
    Assertion(Box<Assertion>),
    /// `client_secret_basic` or `client_secret_post` (decision 91).
    Secret(Secret),
}

/// An id and a secret.
pub struct Secret {
    id: String,
    secret: String,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secret").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Proof {
    /// Finds it in a request: one way, and nothing twice (RFC 6749 sections 2.3 and 3.2).
    ///
    /// # Errors
    /// A request that shows nothing, or shows it in more ways than one.
    pub fn of(headers: &HeaderMap, fields: &Fields) -> Result<Self, Refused> {
        let is_form = headers
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|v| v.starts_with("application/x-www-form-urlencoded"));
        if !is_form {
            return Err(Refused::bad("invalid_request", "Stuur de aanvraag als application/x-www-form-urlencoded."));
        }
        let names = || fields.0.iter().map(|(name, _)| name);
        if names().any(|name| names().filter(|n| *n == name).count() > 1) {
            return Err(Refused::bad("invalid_request", "Een parameter komt meer dan eens voor."));
        }
        let basic = headers.get(header::AUTHORIZATION);
        let ways = [basic.is_some(), fields.has("client_secret"), fields.has("client_assertion")];
        match ways.into_iter().filter(|way| *way).count() {
            0 => Err(Refused::client("Stuur een client_assertion mee, of een geheim.")),
            1 if ways[2] => Assertion::of(fields).map(|a| Self::Assertion(Box::new(a))),
            1 => Secret::of(basic.and_then(|v| v.to_str().ok()), fields).map(Self::Secret),
            _ => Err(Refused::bad(
                "invalid_request",
                "Laat op één manier zien wie u bent: met een bewijs of met een geheim.",
            )),
        }
    }

    /// Who it says it is.
    pub fn client(&self) -> &str {
        match self {
            Self::Assertion(assertion) => &assertion.client,
            Self::Secret(secret) => &secret.id,
        }
    }

    /// Which way, for the log.
    pub fn method(&self) -> &'static str {
        match self {
            Self::Assertion(_) => "private_key_jwt",
            Self::Secret(_) => "client_secret",
        }
    }

    /// The client that it proves.
    ///
    /// # Errors
    /// Where it proves nothing.
    pub async fn check(&self, app: &App, now: Timestamp) -> Result<Client, Refused> {
        match self {
            Self::Assertion(assertion) => {
                let endpoint = &format!("{}/oauth/token", app.config().base_url);
                assertion.prove(app, Meant { endpoint, longest: LONGEST }, now).await
            }
            Self::Secret(secret) => secret.check(app).await,
        }
    }
}

impl Secret {
    fn of(basic: Option<&str>, fields: &Fields) -> Result<Self, Refused> {
        let Some(basic) = basic else {
            return match (fields.filled("client_id"), fields.filled("client_secret")) {
                (Some(id), Some(secret)) => Ok(Self { id: id.to_owned(), secret: secret.to_owned() }),
                _ => Err(Refused::unknown()),
            };
        };
        let basic = basic.strip_prefix("Basic ").ok_or_else(Refused::unknown)?;
        let text =
            STANDARD.decode(basic.trim()).ok().and_then(|b| String::from_utf8(b).ok()).ok_or_else(Refused::unknown)?;
        let (id, secret) = text.split_once(':').ok_or_else(Refused::unknown)?;
        let plain = |t: &str| percent_encoding::percent_decode_str(t).decode_utf8_lossy().into_owned();
        Ok(Self { id: plain(id), secret: plain(secret) })
    }

    async fn check(&self, app: &App) -> Result<Client, Refused> {
        let client = match ClientId::parse(&self.id) {
            Ok(id) => app.store().client(&id).await.map_err(|e| Refused::broken(&e))?,
            Err(_) => None,
        };
        let given = secret_hash(&self.secret);
        // Compared against something of the same length for an unknown client too, so that both take the same time.
        let kept = client.as_ref().and_then(|c| c.secret_hash.clone()).unwrap_or_else(|| secret_text(&[0; 32]));
        let right: bool = given.as_bytes().ct_eq(kept.as_bytes()).into();
        client.filter(|c| right && c.active && c.secret_hash.is_some()).ok_or_else(Refused::unknown)
    }
}
