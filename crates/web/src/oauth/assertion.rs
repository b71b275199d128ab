//! `private_key_jwt`: a system shows who it is by signing an assertion (RFC 7523, SMART Backend Services).

use super::keys;
use super::refusal::Refused;
use crate::app::App;
use crate::forms::Fields;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ident::ClientId;
use jiff::Timestamp;
use jsonwebtoken::Algorithm;
use jsonwebtoken::crypto::verify;
use serde_json::Value;
use store::clients::{Client, ClientKeys};

/// The one value of `client_assertion_type`.
pub const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Signatures that are taken: those that every SMART client can make. Others, `none` and shared secrets among them,
/// are refused before anything else is looked at.
pub const ALGORITHMS: [(&str, Algorithm); 2] = [("RS384", Algorithm::RS384), ("ES384", Algorithm::ES384)];

/// What an assertion has to be for.
#[derive(Debug, Clone, Copy)]
pub struct Meant<'a> {
    /// The address that it is sent to: its audience.
    pub endpoint: &'a str,
    /// Furthest that its end may lie ahead, in seconds.
    pub longest: i64,
}

/// For the token endpoint: furthest that an assertion's end may lie ahead, in seconds.
pub const LONGEST: i64 = 300;
/// How far ahead another's clock may be where it says when it signed, in seconds.
const SKEW: i64 = 60;
/// Longest assertion that is read.
const MOST_BYTES: usize = 8192;
/// Longest id of an assertion.
const LONGEST_JTI: usize = 255;

/// An assertion as it came; nothing of it is proven yet.
#[derive(Debug)]
pub struct Assertion {
    /// Who it says signed it.
    pub client: String,
    algorithm: Algorithm,
    kid: String,
    jku: Option<String>,
    signed: String,
    signature: String,
    claims: Value,
}

impl Assertion {
    /// Reads the assertion of a token request apart.
    ///
    /// # Errors
    /// What is wrong with its shape; that depends on the request alone, and tells nothing about any client.
    pub fn of(fields: &Fields) -> Result<Self, Refused> {
        if fields.get("client_assertion_type") != TYPE {
            return Err(Refused::bad("invalid_request", "client_assertion_type is een ander dan jwt-bearer."));
        }
        Self::read(fields.get("client_assertion"), fields.filled("client_id"))
    }

    /// Reads an assertion apart; `named` is who the request beside it says that it comes from.
    ///
    /// # Errors
    /// As [`Assertion::of`].
    pub fn read(text: &str, named: Option<&str>) -> Result<Self, Refused> {
        let shape = || Refused::client("Het bewijs is geen ondertekend JWT.");
        if text.len() > MOST_BYTES {
            return Err(shape());
        }
        let (signed, signature) = text.rsplit_once('.').ok_or_else(shape)?;
        let (head, body) = signed.split_once('.').ok_or_else(shape)?;
        let part = |t: &str| -> Option<Value> {
            let value: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(t).ok()?).ok()?;
            value.is_object().then_some(value)
        };
        let (head, claims) = (part(head).ok_or_else(shape)?, part(body).ok_or_else(shape)?);
        let wanted = head["alg"].as_str().unwrap_or("");
        let Some((_, algorithm)) = ALGORITHMS.into_iter().find(|(name, _)| *name == wanted) else {
            return Err(Refused::client("Onderteken het bewijs met RS384 of ES384."));
        };
        if !head["typ"].as_str().is_some_and(|t| t.eq_ignore_ascii_case("JWT")) || head.get("crit").is_some() {
            return Err(Refused::client("De kop van het bewijs moet typ JWT hebben, en geen crit."));
        }
        let Some(kid) = head["kid"].as_str() else {
            return Err(Refused::client("De kop van het bewijs noemt geen sleutel (kid)."));
        };
        let (iss, sub) = (claims["iss"].as_str().unwrap_or(""), claims["sub"].as_str().unwrap_or(""));
        if iss.is_empty() || iss != sub || named.is_some_and(|named| named != iss) {
            return Err(Refused::client("iss en sub van het bewijs moeten allebei het client_id zijn."));
        }
        Ok(Self {
            client: iss.to_owned(),
            algorithm,
            kid: kid.to_owned(),
            jku: head["jku"].as_str().map(str::to_owned),
            signed: signed.to_owned(),
            signature: signature.to_owned(),
            claims,
        })
    }

    /// The client that signed it, where the signature is its own, the assertion is meant for this server and now, and
    /// was not shown before.
    ///
    /// # Errors
    /// One and the same answer for an unknown client, one without keys, and a signature that is not theirs; whoever
    /// signed well is told what else is wrong.
    pub async fn prove(&self, app: &App, meant: Meant<'_>, now: Timestamp) -> Result<Client, Refused> {
        let broken = |error: store::Error| Refused::broken(&error);
        let client = match ClientId::parse(&self.client) {
            Ok(id) => app.store().client(&id).await.map_err(broken)?,
            Err(_) => None,
        };
        let client = client.filter(|c| c.active).ok_or_else(Refused::unknown)?;
        let registered = client.keys.as_ref().ok_or_else(Refused::unknown)?;
        let elsewhere = |jku: &String| !matches!(registered, ClientKeys::Address(address) if address == jku);
        if self.jku.as_ref().is_some_and(elsewhere) {
            return Err(Refused::unknown());
        }
        let keys = keys::find(app, registered, &self.kid, self.algorithm, now).await.map_err(|e| {
            tracing::warn!(client = client.id.as_str(), error = %e, "keys of a client could not be had");
            Refused::unknown()
        })?;
        let signed = |key: &jsonwebtoken::DecodingKey| {
            verify(&self.signature, self.signed.as_bytes(), key, self.algorithm).unwrap_or(false)
        };
        if !keys.iter().any(|k| signed(&k.key)) {
            return Err(Refused::unknown());
        }
        let (jti, until) = self.check(meant, now)?;
        if app.store().use_assertion(&client.id, jti, until, now).await.map_err(broken)? {
            Ok(client)
        } else {
            Err(Refused::client("Dit bewijs is al eens gebruikt: maak er voor elke aanvraag een, met een eigen jti."))
        }
    }

    /// What it says under a name of ours, as text.
    pub fn claim(&self, name: &str) -> Option<&str> {
        self.claims[name].as_str()
    }

    /// Meant for us, now; gives its id and when it ends.
    fn check(&self, meant: Meant<'_>, now: Timestamp) -> Result<(&str, Timestamp), Refused> {
        let Meant { endpoint, longest } = meant;
        let claims = &self.claims;
        let meant = match &claims["aud"] {
            Value::String(one) => one == endpoint,
            Value::Array(several) => several.iter().any(|a| a == endpoint),
            _ => false,
        };
        if !meant {
            return Err(Refused::client(
                "Het bewijs is voor een ander bedoeld: aud moet het adres van dit eindpunt zijn.",
            ));
        }
        let now = now.as_second();
        let exp = number(&claims["exp"]).ok_or_else(|| Refused::client("Het bewijs heeft geen exp."))?;
        if exp <= now {
            return Err(Refused::client("Het bewijs is verlopen."));
        }
        if exp > now + longest {
            return Err(Refused::client(
                "Het bewijs geldt te lang: exp mag voor een token hoogstens vijf minuten, en om te openen één minuut vooruit liggen.",
            ));
        }
        let ahead = |name: &str| claims.get(name).is_some_and(|v| number(v).is_none_or(|t| t > now + SKEW));
        if ahead("nbf") || ahead("iat") {
            return Err(Refused::client("Het bewijs geldt nog niet: kijk of de klok van uw systeem gelijk loopt."));
        }
        let jti = claims["jti"].as_str().filter(|j| !j.is_empty() && j.len() <= LONGEST_JTI);
        let jti = jti.ok_or_else(|| Refused::client("Het bewijs heeft geen bruikbare jti."))?;
        let until =
            Timestamp::from_second(exp).map_err(|_| Refused::client("De exp van het bewijs is geen tijdstip."))?;
        Ok((jti, until))
    }
}

/// A `NumericDate`, in whole seconds; it may be written with a fraction.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a fraction of a second does not count, and a huge number is refused either way"
)]
fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_f64().map(|f| f as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(head: &str, body: &str) -> Fields {
        let text = format!("{}.{}.c2ln", URL_SAFE_NO_PAD.encode(head), URL_SAFE_NO_PAD.encode(body));
        Fields(vec![("client_assertion_type".into(), TYPE.into()), ("client_assertion".into(), text)])
    }

    #[test]
    fn what_no_key_can_mend_is_refused_before_any_key_is_looked_for() {
        let body = r#"{"iss":"his","sub":"his"}"#;
        assert_eq!(Assertion::of(&fields(r#"{"alg":"ES384","typ":"JWT","kid":"1"}"#, body)).unwrap().client, "his");
        for (head, body) in [
            (r#"{"alg":"none","typ":"JWT","kid":"1"}"#, body),
            (r#"{"alg":"HS256","typ":"JWT","kid":"1"}"#, body),
            (r#"{"alg":"HS384","typ":"JWT","kid":"1"}"#, body),
            (r#"{"alg":"RS256","typ":"JWT","kid":"1"}"#, body),
            (r#"{"alg":"ES256","typ":"JWT","kid":"1"}"#, body),
            (r#"{"typ":"JWT","kid":"1"}"#, body),
            (r#"{"alg":"ES384","typ":"JWT"}"#, body),
            (r#"{"alg":"ES384","kid":"1"}"#, body),
            (r#"{"alg":"ES384","typ":"JWT","kid":"1","crit":["b64"]}"#, body),
            (r#"{"alg":"ES384","typ":"JWT","kid":"1"}"#, r#"{"iss":"his","sub":"hap"}"#),
            (r#"{"alg":"ES384","typ":"JWT","kid":"1"}"#, r#"{"iss":"","sub":""}"#),
            (r#"{"alg":"ES384","typ":"JWT","kid":"1"}"#, "[]"),
            ("niets", body),
        ] {
            assert!(Assertion::of(&fields(head, body)).is_err(), "{head} {body}");
        }
        let mut other = fields(r#"{"alg":"ES384","typ":"JWT","kid":"1"}"#, body);
        other.0.push(("client_id".into(), "hap".into()));
        assert!(Assertion::of(&other).is_err());
    }
}
