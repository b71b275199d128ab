//! The way there and back: what is asked, and whether the token that comes back is for this very question (OpenID
//! Connect Core section 3.1.3.7).

use super::{Failed, Provider};
use crate::outward::{Redeemed, with_query};
use crate::session::token_text;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, TokenData, Validation, decode, decode_header};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Signatures that are taken: made with a private key. What is made with a shared secret, or not at all, is none.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];
/// How far the provider's clock may be off, in seconds.
const SKEW: i64 = 60;
/// A token made longer ago is not for a question of now, in seconds.
const OLDEST: i64 = 600;

/// What is remembered while somebody is at the provider.
#[derive(Debug, Serialize, Deserialize)]
pub struct Asked {
    state: String,
    nonce: String,
    verifier: String,
    /// Where to go afterwards.
    pub to: String,
}

/// What came back in the address.
#[derive(Debug, Default, Deserialize)]
pub struct Back {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    iss: Option<String>,
    #[serde(default)]
    error: Option<String>,
}

impl Asked {
    /// A new question.
    pub fn fresh(to: &str) -> Self {
        let random = || token_text(&store::random::bytes());
        Self { state: random(), nonce: random(), verifier: random(), to: to.to_owned() }
    }
}

impl Provider {
    /// Where to send somebody to sign in.
    ///
    /// # Errors
    /// [`Failed`].
    pub async fn address(&self, asked: &Asked, redirect: &str, now: Timestamp) -> Result<String, Failed> {
        let about = self.found(None, now).await?.about;
        let scope = std::iter::once("openid").chain(self.settings.scope.iter().map(String::as_str));
        let scope = scope.collect::<Vec<_>>().join(" ");
        let challenge = challenge(&asked.verifier);
        let acr = self.settings.acr.join(" ");
        let mut pairs = vec![
            ("response_type", "code"),
            ("client_id", self.settings.client_id.as_str()),
            ("redirect_uri", redirect),
            ("scope", &scope),
            ("state", &asked.state),
            ("nonce", &asked.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        if !acr.is_empty() {
            pairs.push(("acr_values", &acr));
        }
        Ok(with_query(&about.authorization_endpoint, &pairs))
    }

    /// What the provider says of who came back.
    ///
    /// # Errors
    /// [`Failed`].
    pub async fn claims(&self, asked: &Asked, back: &Back, redirect: &str, now: Timestamp) -> Result<Value, Failed> {
        let same: bool = back.state.as_bytes().ct_eq(asked.state.as_bytes()).into();
        if !same {
            return Err(Failed::Answer("another state"));
        }
        let about = self.found(None, now).await?.about;
        // An answer of another provider, mixed in (RFC 9207).
        let named = back.iss.as_deref();
        if named.is_some_and(|iss| iss != about.issuer)
            || (named.is_none() && about.authorization_response_iss_parameter_supported)
        {
            return Err(Failed::Answer("another issuer"));
        }
        if back.error.is_some() {
            return Err(Failed::Answer("the provider let nobody in"));
        }
        if back.code.is_empty() {
            return Err(Failed::Answer("no code"));
        }
        let endpoint = &about.token_endpoint;
        let redeemed = Redeemed { endpoint, code: &back.code, verifier: &asked.verifier, redirect };
        let token = self.redeem(&redeemed).await?;
        let kid = decode_header(&token).map_err(|e| wrong(&e))?.kid;
        let keys = self.found(kid.as_deref(), now).await?.keys;
        let key = match &kid {
            Some(kid) => keys.find(kid),
            None if keys.keys.len() == 1 => keys.keys.first(),
            None => None,
        };
        let key = key.ok_or(Failed::Answer("a token of an unknown key"))?;
        let key = DecodingKey::from_jwk(key).map_err(|e| wrong(&e))?;
        checked(&token, &key, &self.settings.issuer, &self.settings.client_id, &asked.nonce, now)
    }
}

/// The half of PKCE that is told (RFC 7636, `S256`).
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

fn wrong(error: &jsonwebtoken::errors::Error) -> Failed {
    Failed::Token(error.to_string())
}

fn checked(
    token: &str,
    key: &DecodingKey,
    issuer: &str,
    client: &str,
    nonce: &str,
    now: Timestamp,
) -> Result<Value, Failed> {
    let algorithm = decode_header(token).map_err(|e| wrong(&e))?.alg;
    if !ALGORITHMS.contains(&algorithm) {
        return Err(Failed::Answer("a signature of a kind that is not taken"));
    }
    let mut rules = Validation::new(algorithm);
    rules.set_audience(&[client]);
    rules.set_issuer(&[issuer]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // Time is a parameter here; what the library would read from the clock is looked at below.
    rules.validate_exp = false;
    let TokenData { claims, .. } = decode::<Value>(token, key, &rules).map_err(|e| wrong(&e))?;
    let now = now.as_second();
    let time = |name: &str| claims[name].as_i64();
    if time("exp").is_none_or(|exp| exp + SKEW <= now) || time("nbf").is_some_and(|nbf| nbf > now + SKEW) {
        return Err(Failed::Answer("a token of another time"));
    }
    if time("iat").is_none_or(|iat| iat > now + SKEW || iat < now - OLDEST) {
        return Err(Failed::Answer("a token that was not made just now"));
    }
    let same: bool = claims["nonce"].as_str().unwrap_or_default().as_bytes().ct_eq(nonce.as_bytes()).into();
    if !same {
        return Err(Failed::Answer("a token for another question"));
    }
    let several = claims["aud"].as_array().is_some_and(|a| a.len() > 1);
    let party = claims["azp"].as_str();
    if party.is_some_and(|azp| azp != client) || (several && party.is_none()) {
        return Err(Failed::Answer("a token made for another party"));
    }
    Ok(claims)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;
    use jsonwebtoken::{EncodingKey, Header, encode};
    use serde_json::json;

    const NOW: i64 = 1_800_000_000;

    /// A key pair on P-256, made for this test: PKCS #8, and the two halves of the point.
    const PRIVATE: &str = concat!(
        "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg/ZF/PcBgQ8DOSNmG",
        "DUqI06Ac9h7s5TJ3SE4lPwP1VAihRANCAAQ6UdOY7bNNnzy06x9BMdAvmWpoRKQT",
        "UfU3H/zPsLhtAzvznHHPn3RH+P1aCyWG0MT34BrDbtMp5QNqeR3gBbu0"
    );
    const PUBLIC: [&str; 2] =
        ["OlHTmO2zTZ88tOsfQTHQL5lqaESkE1H1Nx_8z7C4bQM", "O_Occc-fdEf4_VoLJYbQxPfgGsNu0ynlA2p5HeAFu7Q"];

    fn private() -> EncodingKey {
        EncodingKey::from_ec_der(&STANDARD.decode(PRIVATE).unwrap())
    }

    fn public() -> DecodingKey {
        DecodingKey::from_ec_components(PUBLIC[0], PUBLIC[1]).unwrap()
    }

    fn claims() -> Value {
        json!({"iss": "https://login.example", "aud": "tijdig", "sub": "1", "nonce": "n", "iat": NOW, "exp": NOW + 60})
    }

    fn verdict(header: &Header, key: &EncodingKey, claims: &Value) -> Result<Value, Failed> {
        let token = encode(header, claims, key).unwrap();
        let now = Timestamp::from_second(NOW).unwrap();
        checked(&token, &public(), "https://login.example", "tijdig", "n", now)
    }

    #[test]
    fn a_token_is_for_this_question_from_this_provider_to_this_server_now() {
        let key = private();
        let header = Header::new(Algorithm::ES256);
        assert_eq!(verdict(&header, &key, &claims()).unwrap()["sub"], "1");
        let mut several = claims();
        several["aud"] = json!(["tijdig", "other"]);
        several["azp"] = "tijdig".into();
        assert!(verdict(&header, &key, &several).is_ok());
        for (name, value) in [
            ("iss", json!("https://evil.example")),
            ("aud", json!("other")),
            ("aud", json!(["tijdig", "other"])),
            ("azp", json!("other")),
            ("nonce", json!("m")),
            ("nonce", Value::Null),
            ("exp", json!(NOW - 61)),
            ("exp", Value::Null),
            ("iat", json!(NOW + 120)),
            ("iat", json!(NOW - 3600)),
            ("iat", Value::Null),
            ("nbf", json!(NOW + 120)),
            ("sub", Value::Null),
        ] {
            let mut changed = claims();
            if value.is_null() {
                changed.as_object_mut().unwrap().remove(name);
            } else {
                changed[name] = value.clone();
            }
            assert!(verdict(&header, &key, &changed).is_err(), "{name} {value}");
        }
    }

    #[test]
    fn a_token_signed_otherwise_is_none() {
        // With the public key as shared secret, the old trick.
        let secret = EncodingKey::from_secret(PUBLIC.concat().as_bytes());
        assert!(verdict(&Header::new(Algorithm::HS256), &secret, &claims()).is_err());
        // Not signed at all.
        let part = |v: &Value| URL_SAFE_NO_PAD.encode(v.to_string());
        let none = format!("{}.{}.", part(&json!({"alg": "none", "typ": "JWT"})), part(&claims()));
        let now = Timestamp::from_second(NOW).unwrap();
        assert!(checked(&none, &public(), "https://login.example", "tijdig", "n", now).is_err());
        // Changed after it was signed.
        let key = private();
        let token = encode(&Header::new(Algorithm::ES256), &claims(), &key).unwrap();
        let mut other = claims();
        other["sub"] = "2".into();
        let parts: Vec<&str> = token.split('.').collect();
        let forged = format!("{}.{}.{}", parts[0], part(&other), parts[2]);
        assert!(checked(&forged, &public(), "https://login.example", "tijdig", "n", now).is_err());
    }
}
