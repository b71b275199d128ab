//! Public keys of clients: a JWK set by value, or fetched from its address and kept for a while.

use crate::app::App;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey};
use reqwest::Url;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex as SyncMutex, OnceLock, PoisonError};
use std::time::Duration;
use store::clients::ClientKeys;
use tokio::sync::Mutex;

/// A set is fetched anew after this.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// While it cannot be fetched, the one at hand serves this long: care goes on when another's web server is down.
const STALE: SignedDuration = SignedDuration::from_hours(24);
/// A key that is not in the set makes us look again, but not more often than this: anybody can name an unknown key.
const AGAIN: SignedDuration = SignedDuration::from_secs(10);
/// Longest that fetching may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// Largest set.
const MOST_BYTES: usize = 64 << 10;
/// Most keys that are looked at.
const MOST_KEYS: usize = 50;
/// Shortest modulus of an RSA key, in bytes.
const SHORTEST_RSA: usize = 256;

/// One public key that can check signatures here.
#[derive(Clone)]
pub struct PublicKey {
    kid: String,
    algorithm: Algorithm,
    /// The key.
    pub key: DecodingKey,
}

/// Why no key could be had; never told to who asked.
#[derive(Debug, thiserror::Error)]
pub enum NoKeys {
    /// The address is not one that is fetched from.
    #[error("{0}")]
    Address(String),
    /// It could not be fetched.
    #[error("{0}")]
    Http(#[from] reqwest::Error),
    /// The answer was not a set of keys.
    #[error("{0}")]
    Set(String),
}

/// A set that was fetched.
struct Fetched {
    keys: Vec<PublicKey>,
    /// When it was last fetched.
    at: Timestamp,
    /// When fetching it was last tried.
    tried: Timestamp,
}

/// One address: one fetches at a time, and the others wait for it.
type Slot = Arc<Mutex<Option<Fetched>>>;

/// Sets that were fetched.
#[derive(Default)]
pub struct KeyRing {
    slots: SyncMutex<HashMap<String, Slot>>,
    /// Made when it is first needed: it wants the system's certificates, which not every machine has.
    http: OnceLock<reqwest::Client>,
}

impl KeyRing {
    fn http(&self) -> Result<&reqwest::Client, reqwest::Error> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        let http = reqwest::Client::builder()
            .user_agent(concat!("tijdig/", env!("CARGO_PKG_VERSION")))
            // The address was registered by an administrator; where it points on to was not.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(PATIENCE)
            .timeout(PATIENCE)
            .build()?;
        Ok(self.http.get_or_init(|| http))
    }

    fn slot(&self, address: &str) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(address.to_owned()).or_default())
    }

    async fn fetch(&self, address: &str) -> Result<Vec<PublicKey>, NoKeys> {
        let url = checked_address(address).map_err(NoKeys::Address)?;
        let mut answer = self.http()?.get(url).header("accept", "application/json").send().await?.error_for_status()?;
        if !answer.status().is_success() {
            return Err(NoKeys::Set(format!("status {}", answer.status())));
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            if body.len() + chunk.len() > MOST_BYTES {
                return Err(NoKeys::Set("the set is too large".to_owned()));
            }
            body.extend_from_slice(&chunk);
        }
        let text = String::from_utf8(body).map_err(|_| NoKeys::Set("the set is no text".to_owned()))?;
        let keys = read(&text).map_err(NoKeys::Set)?;
        if keys.is_empty() { Err(NoKeys::Set("the set holds no usable key".to_owned())) } else { Ok(keys) }
    }

    async fn at(&self, address: &str, kid: &str, now: Timestamp) -> Result<Vec<PublicKey>, NoKeys> {
        let slot = self.slot(address);
        let mut slot = slot.lock().await;
        if let Some(kept) = slot.as_ref() {
            let age = now.duration_since(kept.at);
            let known = kept.keys.iter().any(|k| k.kid == kid);
            let lately = now.duration_since(kept.tried) < AGAIN;
            if (known && age < FRESH) || (lately && age < STALE) {
                return Ok(kept.keys.clone());
            }
        }
        match self.fetch(address).await {
            Ok(keys) => {
                *slot = Some(Fetched { keys: keys.clone(), at: now, tried: now });
                Ok(keys)
            }
            Err(error) => match slot.as_mut().filter(|kept| now.duration_since(kept.at) < STALE) {
                Some(kept) => {
                    tracing::warn!(address, %error, "a JWK set could not be fetched; the one at hand is used");
                    kept.tried = now;
                    Ok(kept.keys.clone())
                }
                None => Err(error),
            },
        }
    }
}

/// The keys of a client that go by this name and make such signatures. A set from an address is fetched again where it
/// does not know the name: that is how keys are rolled over.
///
/// # Errors
/// [`NoKeys`].
pub async fn find(
    app: &App,
    registered: &ClientKeys,
    kid: &str,
    algorithm: Algorithm,
    now: Timestamp,
) -> Result<Vec<PublicKey>, NoKeys> {
    let mut keys = match registered {
        ClientKeys::Set(text) => read(text).map_err(NoKeys::Set)?,
        ClientKeys::Address(address) => app.key_ring().at(address, kid, now).await?,
    };
    keys.retain(|k| k.kid == kid && k.algorithm == algorithm);
    Ok(keys)
}

/// The address of a JWK set, where it is one that is fetched from: https, or http on this machine itself.
///
/// # Errors
/// A Dutch sentence that says what is wrong with it.
pub fn checked_address(address: &str) -> Result<Url, String> {
    let url = Url::parse(address).map_err(|_| "Dit is geen adres van een JWKS.".to_owned())?;
    let host = url.host_str().unwrap_or("").trim_matches(['[', ']']);
    let here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let sound = match url.scheme() {
        "https" => !host.is_empty(),
        "http" => here,
        _ => false,
    };
    let bare = url.username().is_empty() && url.password().is_none();
    if sound && bare { Ok(url) } else { Err("Het adres van een JWKS begint met https://.".to_owned()) }
}

/// Checks a JWK set that an administrator brings.
///
/// # Errors
/// A Dutch sentence: no set, a private key in it, or no key that can be used here.
pub fn checked_set(text: &str) -> Result<(), String> {
    let value: Value = serde_json::from_str(text).map_err(|_| "Het bestand is geen JSON.".to_owned())?;
    let keys = value["keys"].as_array().ok_or_else(|| "Dit is geen JWK Set: 'keys' ontbreekt.".to_owned())?;
    if keys.iter().any(|k| ["d", "p", "q", "k"].iter().any(|name| k.get(name).is_some())) {
        return Err(
            "Hierin staat een geheime sleutel. Lever alleen de openbare helft aan, en vervang deze sleutel.".to_owned()
        );
    }
    if read(text)?.is_empty() {
        return Err("Geen bruikbare sleutel: nodig is RSA (vanaf 2048 bits) of EC P-384, met een kid.".to_owned());
    }
    Ok(())
}

/// The keys of a set that can be used here; others are passed over, since a set may serve more than us.
fn read(text: &str) -> Result<Vec<PublicKey>, String> {
    let value: Value = serde_json::from_str(text).map_err(|_| "the set is no JSON".to_owned())?;
    let keys = value["keys"].as_array().ok_or_else(|| "no JWK set".to_owned())?;
    Ok(keys.iter().take(MOST_KEYS).filter_map(public_key).collect())
}

fn public_key(jwk: &Value) -> Option<PublicKey> {
    let text = |name: &str| jwk[name].as_str();
    let (algorithm, key) = match (text("kty")?, text("crv")) {
        ("RSA", _) => {
            let (n, e) = (text("n")?, text("e")?);
            let long = URL_SAFE_NO_PAD.decode(n).ok()?.iter().skip_while(|b| **b == 0).count() >= SHORTEST_RSA;
            (Algorithm::RS384, DecodingKey::from_rsa_components(n, e).ok().filter(|_| long)?)
        }
        ("EC", Some("P-384")) => (Algorithm::ES384, DecodingKey::from_ec_components(text("x")?, text("y")?).ok()?),
        _ => return None,
    };
    let name = if algorithm == Algorithm::RS384 { "RS384" } else { "ES384" };
    let signs = text("use").is_none_or(|u| u == "sig")
        && text("alg").is_none_or(|a| a == name)
        && jwk["key_ops"].as_array().is_none_or(|ops| ops.iter().any(|o| o == "verify"));
    signs.then_some(PublicKey { kid: text("kid")?.to_owned(), algorithm, key })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_fetched_over_https_or_from_this_machine() {
        for good in ["https://his.example/jwks.json", "http://127.0.0.1:9/jwks", "http://localhost/x", "http://[::1]/x"]
        {
            assert!(checked_address(good).is_ok(), "{good}");
        }
        for bad in [
            "http://his.example/jwks",
            "file:///etc/passwd",
            "https://a:b@his.example/",
            "jwks",
            "http://127.0.0.1.example/",
        ] {
            assert!(checked_address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_set_holds_public_keys_that_can_be_used() {
        let (x, y) = ("A".repeat(64), "B".repeat(64));
        let ec =
            |more: &str| format!(r#"{{"keys":[{{"kty":"EC","crv":"P-384","x":"{x}","y":"{y}","kid":"1"{more}}}]}}"#);
        assert!(checked_set(&ec("")).is_ok() && checked_set(&ec(r#","use":"sig","alg":"ES384""#)).is_ok());
        for bad in [r#","d":"x""#, r#","use":"enc""#, r#","alg":"ES256""#, r#","key_ops":["sign"]"#] {
            assert!(checked_set(&ec(bad)).is_err(), "{bad}");
        }
        assert!(checked_set(&ec("").replace(r#","kid":"1""#, "")).is_err());
        let short = format!(r#"{{"keys":[{{"kty":"RSA","n":"{}","e":"AQAB","kid":"1"}}]}}"#, "x".repeat(172));
        assert!(checked_set(&short).is_err());
        let long = "x".repeat(341) + "w";
        assert!(checked_set(&short.replace(&"x".repeat(172), &long)).is_ok());
        assert!(checked_set("[]").is_err() && checked_set("geen").is_err());
    }
}
