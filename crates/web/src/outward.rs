//! Asking a server that whoever runs this one named: an OpenID provider, the FHIR server of a record system. JSON, over
//! https, with an end in time and size.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use std::sync::OnceLock;
use std::time::Duration;
use url::Url;
use zeroize::Zeroizing;

const PATIENCE: Duration = Duration::from_secs(8);
const MOST_BYTES: usize = 256 << 10;

/// Why there is no answer; without the address, which may hold a code.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unanswered(pub String);

/// What this server is called elsewhere, and the secret that goes with it; without one, PKCE alone protects.
pub struct Credentials {
    /// Its id there.
    pub client_id: String,
    /// Its secret there.
    pub secret: Option<Zeroizing<String>>,
}

impl Credentials {
    /// With the secret that stands in a file.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn read(client_id: &str, secret: Option<&std::path::Path>) -> Result<Self, String> {
        let secret = secret.map(|path| {
            std::fs::read_to_string(path)
                .map(|text| Zeroizing::new(text.trim().to_owned()))
                .map_err(|e| format!("client_secret_file: {}: {e}", path.display()))
        });
        Ok(Self { client_id: client_id.to_owned(), secret: secret.transpose()? })
    }
}

/// The answer to a code: who asks for it, with what.
pub struct Redeemed<'a> {
    /// The token endpoint.
    pub endpoint: &'a str,
    /// The code.
    pub code: &'a str,
    /// The half of PKCE that was kept here.
    pub verifier: &'a str,
    /// Where the code was sent.
    pub redirect: &'a str,
}

/// Who asks; a connection is kept for the next time.
#[derive(Default)]
pub struct Outward {
    /// Made when it is first needed: it wants the system's certificates, which not every machine has.
    http: OnceLock<reqwest::Client>,
}

impl Outward {
    fn http(&self) -> Result<&reqwest::Client, Unanswered> {
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

    /// Asks for what stands at an address; `media` is what is wanted, `token` what lets us in.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub async fn get<T: DeserializeOwned>(
        &self,
        address: &str,
        media: &str,
        token: Option<&str>,
    ) -> Result<T, Unanswered> {
        let request = self.http()?.get(address).header("accept", media);
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        read(request.send().await.map_err(broken)?).await
    }

    /// Gives a code for what it stands for (RFC 6749 section 4.1.3).
    ///
    /// # Errors
    /// [`Unanswered`].
    pub async fn redeem<T: DeserializeOwned>(
        &self,
        credentials: &Credentials,
        asked: &Redeemed<'_>,
    ) -> Result<T, Unanswered> {
        let mut pairs = vec![
            ("grant_type", "authorization_code"),
            ("code", asked.code),
            ("redirect_uri", asked.redirect),
            ("code_verifier", asked.verifier),
        ];
        if credentials.secret.is_none() {
            pairs.push(("client_id", &credentials.client_id));
        }
        let mut request = self
            .http()?
            .post(asked.endpoint)
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form(&pairs));
        if let Some(secret) = &credentials.secret {
            request = request.header("authorization", basic(&credentials.client_id, secret));
        }
        read(request.send().await.map_err(broken)?).await
    }
}

/// How a client shows who it is: each half is encoded as in a form before it is joined (RFC 6749 section 2.3.1).
pub fn basic(client_id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{}:{}", part(client_id), part(secret))))
}

/// An address that is asked: https, or http on this machine itself; without a name or password in it.
pub fn is_sound(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let bare = url.username().is_empty() && url.password().is_none();
    bare && !host.is_empty() && (url.scheme() == "https" || (url.scheme() == "http" && here))
}

fn part(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// `name=value&…` for a body or a query.
pub fn form(pairs: &[(&str, &str)]) -> String {
    pairs.iter().map(|(n, v)| format!("{}={}", part(n), part(v))).collect::<Vec<_>>().join("&")
}

/// An address with a query behind it.
pub fn with_query(address: &str, pairs: &[(&str, &str)]) -> String {
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}{}", form(pairs))
}

async fn read<T: DeserializeOwned>(mut answer: reqwest::Response) -> Result<T, Unanswered> {
    if !answer.status().is_success() {
        return Err(Unanswered(format!("it answered {}", answer.status().as_u16())));
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(broken)? {
        if body.len() + chunk.len() > MOST_BYTES {
            return Err(Unanswered("its answer is too large".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&body).map_err(|_| Unanswered("its answer is not what it should be".to_owned()))
}

fn broken(error: reqwest::Error) -> Unanswered {
    Unanswered(error.without_url().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_asked_over_https_or_on_this_machine() {
        for good in ["https://login.example", "http://127.0.0.1:9", "http://localhost/x", "http://[::1]:9"] {
            assert!(is_sound(good), "{good}");
        }
        for bad in ["http://login.example", "https://a:b@login.example", "file:///etc/passwd", "", "login.example"] {
            assert!(!is_sound(bad), "{bad}");
        }
        assert_eq!(form(&[("a", "b c&d"), ("e", "é")]), "a=b%20c%26d&e=%C3%A9");
        assert_eq!(with_query("https://x/a?b=1", &[("c", "2")]), "https://x/a?b=1&c=2");
    }
}
