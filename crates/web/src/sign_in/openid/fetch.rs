//! Asking the provider: what it is, its keys, and the token for a code.

use super::{About, Failed, Found, Provider};
use crate::outward::{Redeemed, Unanswered, is_sound};
use jiff::Timestamp;
use serde::Deserialize;

const JSON: &str = "application/json";

/// What comes for a code.
#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

impl From<Unanswered> for Failed {
    fn from(why: Unanswered) -> Self {
        Self::Provider(why.0)
    }
}

impl Provider {
    /// What the provider says of itself, and its keys.
    pub(super) async fn fetch(&self, now: Timestamp) -> Result<Found, Failed> {
        let issuer = self.settings.issuer.trim_end_matches('/');
        let about: About = self.http.get(&format!("{issuer}/.well-known/openid-configuration"), JSON, None).await?;
        // A document that names another is somebody else's (OpenID Connect Discovery section 4.3).
        if about.issuer != self.settings.issuer {
            return Err(Failed::Provider("it names another issuer".to_owned()));
        }
        if ![&about.authorization_endpoint, &about.token_endpoint, &about.jwks_uri].iter().all(|a| is_sound(a)) {
            return Err(Failed::Provider("one of its addresses is not https".to_owned()));
        }
        let keys = self.http.get(&about.jwks_uri, JSON, None).await?;
        Ok(Found { about, keys, at: now })
    }

    /// The id token for a code.
    pub(super) async fn redeem(&self, asked: &Redeemed<'_>) -> Result<String, Failed> {
        let tokens: Tokens = self.http.redeem(&self.credentials, asked).await?;
        Ok(tokens.id_token)
    }
}
