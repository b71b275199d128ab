//! Tokens at a source: OAuth 2 client credentials, kept in memory for as long as they are good.

use super::Source;
use super::ask::{Failure, Fetch, body};
use crate::outward::{basic, form};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use tokio::sync::Mutex;
use zeroize::Zeroizing;

/// A token is not used so shortly before its end.
const SPARE: SignedDuration = SignedDuration::from_secs(30);
/// How long one is kept that does not say how long it is good.
const SHORT: i64 = 60;
/// Largest answer to a request for a token.
const MOST_BYTES: usize = 64 << 10;

/// The token of a source.
#[derive(Default)]
pub struct Token(Mutex<Option<(Zeroizing<String>, Timestamp)>>);

#[derive(Deserialize)]
struct Given {
    access_token: String,
    #[serde(default)]
    token_type: String,
    #[serde(default)]
    expires_in: Option<i64>,
}

impl Source {
    /// A token that is good now; `fresh`: another than the one that is kept.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) async fn token(
        &self,
        http: &reqwest::Client,
        fresh: bool,
        now: Timestamp,
    ) -> Result<Zeroizing<String>, Failure> {
        let mut kept = self.token.0.lock().await;
        if let Some((token, until)) = kept.as_ref().filter(|_| !fresh)
            && now + SPARE < *until
        {
            return Ok(token.clone());
        }
        *kept = None;
        let request = http
            .post(&self.token_address)
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("authorization", basic(&self.client_id, &self.secret))
            .body(form(&[("grant_type", "client_credentials"), ("scope", &self.scope)]));
        let answer = Fetch::send(request).await?;
        match answer.status().as_u16() {
            200 => {}
            400 | 401 | 403 => return Err(Failure::Refused),
            status => return Err(Failure::Answer(status)),
        }
        let bytes = Zeroizing::new(body(answer, MOST_BYTES).await?);
        let given: Given = serde_json::from_slice(&bytes).map_err(|_| Failure::Nonsense)?;
        let sound = given.access_token.bytes().all(|b| b.is_ascii_graphic()) && !given.access_token.is_empty();
        if !sound || !(given.token_type.is_empty() || given.token_type.eq_ignore_ascii_case("bearer")) {
            return Err(Failure::Nonsense);
        }
        let good_for = SignedDuration::from_secs(given.expires_in.unwrap_or(SHORT).clamp(0, 86_400));
        let token = Zeroizing::new(given.access_token);
        *kept = Some((token.clone(), now + good_for));
        Ok(token)
    }
}
