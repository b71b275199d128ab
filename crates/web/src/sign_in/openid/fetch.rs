//! Asking the provider: what it is, its keys, and the token for a code.

use super::{About, Failed, Found, Provider};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::time::Duration;
use url::Url;

const PATIENCE: Duration = Duration::from_secs(8);
const MOST_BYTES: usize = 256 << 10;

/// What comes for a code.
#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

/// An address that is asked: https, or http on this machine itself; without a name or password in it.
pub fn is_sound(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let bare = url.username().is_empty() && url.password().is_none();
    bare && !host.is_empty() && (url.scheme() == "https" || (url.scheme() == "http" && here))
}

/// `name=value&…` for a body or a query.
pub fn form(pairs: &[(&str, &str)]) -> String {
    let part = |text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    pairs.iter().map(|(n, v)| format!("{}={}", part(n), part(v))).collect::<Vec<_>>().join("&")
}

impl Provider {
    fn http(&self) -> Result<&reqwest::Client, Failed> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        let http = reqwest::Client::builder()
            .user_agent(concat!("tijdig/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(PATIENCE)
            .timeout(PATIENCE)
            .build()
            .map_err(broken)?;
        Ok(self.http.get_or_init(|| http))
    }

    /// What the provider says of itself, and its keys.
    pub(super) async fn fetch(&self, now: Timestamp) -> Result<Found, Failed> {
        let issuer = self.settings.issuer.trim_end_matches('/');
        let about: About = self.get(&format!("{issuer}/.well-known/openid-configuration")).await?;
        // A document that names another is somebody else's (OpenID Connect Discovery section 4.3).
        if about.issuer != self.settings.issuer {
            return Err(Failed::Provider("it names another issuer".to_owned()));
        }
        if ![&about.authorization_endpoint, &about.token_endpoint, &about.jwks_uri].iter().all(|a| is_sound(a)) {
            return Err(Failed::Provider("one of its addresses is not https".to_owned()));
        }
        let keys = self.get(&about.jwks_uri).await?;
        Ok(Found { about, keys, at: now })
    }

    async fn get<T: DeserializeOwned>(&self, address: &str) -> Result<T, Failed> {
        let request = self.http()?.get(address).header("accept", "application/json");
        read(request.send().await.map_err(broken)?).await
    }

    /// The id token for a code.
    pub(super) async fn redeem(
        &self,
        endpoint: &str,
        code: &str,
        verifier: &str,
        redirect: &str,
    ) -> Result<String, Failed> {
        let mut pairs = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect),
            ("code_verifier", verifier),
        ];
        if self.secret.is_none() {
            pairs.push(("client_id", &self.settings.client_id));
        }
        let mut request = self
            .http()?
            .post(endpoint)
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form(&pairs));
        if let Some(secret) = &self.secret {
            // Each half is encoded as in a form before it is joined (RFC 6749 section 2.3.1).
            let part = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
            let both = format!("{}:{}", part(&self.settings.client_id), part(secret));
            request = request.header("authorization", format!("Basic {}", STANDARD.encode(both)));
        }
        let tokens: Tokens = read(request.send().await.map_err(broken)?).await?;
        Ok(tokens.id_token)
    }
}

async fn read<T: DeserializeOwned>(mut answer: reqwest::Response) -> Result<T, Failed> {
    if !answer.status().is_success() {
        return Err(Failed::Provider(format!("it answered {}", answer.status().as_u16())));
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(broken)? {
        if body.len() + chunk.len() > MOST_BYTES {
            return Err(Failed::Provider("its answer is too large".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&body).map_err(|_| Failed::Provider("its answer is not what it should be".to_owned()))
}

/// Without the address, which may hold a code.
fn broken(error: reqwest::Error) -> Failed {
    Failed::Provider(error.without_url().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_are_asked_over_https_or_on_this_machine() {
        for good in ["https://login.example", "http://127.0.0.1:9", "http://localhost/x", "http://[::1]:9"] {
            assert!(is_sound(good), "{good}");
        }
        for bad in ["http://login.example", "https://a:b@login.example", "file:///etc/passwd", "", "login.example"] {
            assert!(!is_sound(bad), "{bad}");
        }
        assert_eq!(form(&[("a", "b c&d"), ("e", "é")]), "a=b%20c%26d&e=%C3%A9");
    }
}
