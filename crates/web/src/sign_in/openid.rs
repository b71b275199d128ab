//! Signing in through an OpenID provider (authorization code with PKCE): an organisation's own, or a broker in front of
//! UZI, DigiD and the like.
//!
//! Built on `jsonwebtoken` and `reqwest`, which are here already, and not on the crate `openidconnect`: that one brings
//! `rsa` 0.9 with its open advisory, which this project keeps out (`deny.toml`).

pub mod check;
mod fetch;

use crate::outward::{Credentials, Outward, is_sound};
use domain::role::Role;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::JwkSet;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use store::known::KnownAs;
use tokio::sync::Mutex;

/// What the provider says of itself is asked anew after this.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// A key that is not known makes us look again, but not more often than this.
const AGAIN: SignedDuration = SignedDuration::from_secs(10);

/// How a person is known to the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KnownBy {
    /// The claim is the user name here.
    #[default]
    Username,
    /// The claim is the UZI number.
    Uzi,
    /// The claim is the AGB code.
    Agb,
}

impl From<KnownBy> for KnownAs {
    fn from(by: KnownBy) -> Self {
        match by {
            KnownBy::Username => Self::Username,
            KnownBy::Uzi => Self::Uzi,
            KnownBy::Agb => Self::Agb,
        }
    }
}

/// The part `[openid]` of the configuration file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The provider, exactly as it names itself: https, or http on this machine.
    pub issuer: String,
    /// What this server is called there.
    pub client_id: String,
    /// File with the secret; absent: a public client, which PKCE alone protects.
    #[serde(default)]
    pub client_secret_file: Option<PathBuf>,
    /// Words on the button.
    #[serde(default = "button")]
    pub button: String,
    /// Scopes beside `openid`.
    #[serde(default)]
    pub scope: Vec<String>,
    /// Claim that tells who it is.
    #[serde(default = "person_claim")]
    pub person_claim: String,
    /// What that claim is here.
    #[serde(default)]
    pub person_is: KnownBy,
    /// Claim that tells the role; absent: one chooses here, among the roles one holds.
    #[serde(default)]
    pub role_claim: Option<String>,
    /// Values of that claim and the roles they are here.
    #[serde(default)]
    pub roles: BTreeMap<String, String>,
    /// Values of `acr` that say a second factor was asked. Without them it is asked here.
    #[serde(default)]
    pub acr: Vec<String>,
}

fn button() -> String {
    "Log in via uw organisatie".to_owned()
}

fn person_claim() -> String {
    "preferred_username".to_owned()
}

/// A provider that people may sign in through.
pub struct Provider {
    /// How it was configured.
    pub settings: Settings,
    credentials: Credentials,
    roles: BTreeMap<String, Role>,
    http: Outward,
    found: Mutex<Option<Found>>,
}

/// What the provider says of itself.
#[derive(Debug, Clone)]
struct Found {
    about: About,
    keys: JwkSet,
    at: Timestamp,
}

/// Its discovery document, as far as it is used.
#[derive(Debug, Clone, Deserialize)]
struct About {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// Why somebody could not be let in. Nothing of it holds what the provider said of a person.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The provider does not answer, or not as it should.
    #[error("the provider: {0}")]
    Provider(String),
    /// What came back is not right.
    #[error("the answer: {0}")]
    Answer(&'static str),
    /// The token is not right.
    #[error("the token: {0}")]
    Token(String),
}

impl Provider {
    /// Checks the settings, and reads the secret.
    ///
    /// # Errors
    /// A Dutch sentence that says what is wrong.
    pub fn new(settings: Settings) -> Result<Self, String> {
        if !is_sound(&settings.issuer) {
            return Err("openid.issuer begint met https://".to_owned());
        }
        let credentials = Credentials::read(&settings.client_id, settings.client_secret_file.as_deref())
            .map_err(|why| format!("openid.{why}"))?;
        let mut roles = BTreeMap::new();
        for (value, code) in &settings.roles {
            let role = Role::of_code(code).ok_or_else(|| format!("openid.roles: de rol '{code}' is er niet"))?;
            roles.insert(value.clone(), role);
        }
        Ok(Self { settings, credentials, roles, http: Outward::default(), found: Mutex::default() })
    }

    /// The roles among these that the provider names; `None` where it is not asked to name any.
    pub fn roles_named(&self, claims: &serde_json::Value) -> Option<Vec<Role>> {
        let claim = &claims[self.settings.role_claim.as_ref()?];
        let words: Vec<&str> = match claim {
            serde_json::Value::String(one) => vec![one],
            serde_json::Value::Array(many) => many.iter().filter_map(|v| v.as_str()).collect(),
            _ => Vec::new(),
        };
        Some(words.iter().filter_map(|w| self.roles.get(*w).copied()).collect())
    }

    /// Does this `acr` say that a second factor was asked?
    pub fn asked_second(&self, claims: &serde_json::Value) -> bool {
        claims["acr"].as_str().is_some_and(|acr| self.settings.acr.iter().any(|a| a == acr))
    }

    /// What it says of itself; `kid` is a key that has to be among its keys.
    async fn found(&self, kid: Option<&str>, now: Timestamp) -> Result<Found, Failed> {
        let mut kept = self.found.lock().await;
        if let Some(found) = kept.as_ref() {
            let age = now.duration_since(found.at);
            let known = kid.is_none_or(|kid| found.keys.find(kid).is_some());
            if age < FRESH && (known || age < AGAIN) {
                return Ok(found.clone());
            }
        }
        let fetched = self.fetch(now).await?;
        *kept = Some(fetched.clone());
        Ok(fetched)
    }
}
