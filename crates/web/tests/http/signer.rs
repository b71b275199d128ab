//! A system's own key, with which it signs assertions.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeySize, PublicKeyComponents};
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA384, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::sync::Arc;

/// Where the tests' server gives tokens.
pub const TOKEN_URL: &str = "http://localhost:8080/oauth/token";

enum Pair {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
}

/// A key pair with its name.
#[derive(Clone)]
pub struct Signer {
    kid: String,
    jku: Option<String>,
    pair: Arc<Pair>,
}

/// Part of a JWT.
pub fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// A token request with this assertion.
pub fn form(assertion: &str, more: &str) -> String {
    format!(
        "grant_type=client_credentials&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion={assertion}{more}"
    )
}

impl Signer {
    pub fn rsa(kid: &str) -> Self {
        Self { kid: kid.into(), jku: None, pair: Arc::new(Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())) }
    }

    pub fn ec(kid: &str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap();
        Self { kid: kid.into(), jku: None, pair: Arc::new(Pair::Ec(pair)) }
    }

    /// The same key under another name.
    pub fn named(&self, kid: &str) -> Self {
        Self { kid: kid.into(), ..self.clone() }
    }

    /// The same, saying where its keys are.
    pub fn pointing(&self, jku: &str) -> Self {
        Self { jku: Some(jku.into()), ..self.clone() }
    }

    fn algorithm(&self) -> &'static str {
        match *self.pair {
            Pair::Rsa(_) => "RS384",
            Pair::Ec(_) => "ES384",
        }
    }

    /// The public half as a JWK set.
    pub fn set(&self) -> String {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let mut jwk = match &*self.pair {
            Pair::Rsa(pair) => {
                let public = PublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                json!({"kty": "RSA", "n": text(&public.n), "e": text(&public.e)})
            }
            Pair::Ec(pair) => {
                let point = pair.public_key().as_ref();
                json!({"kty": "EC", "crv": "P-384", "x": text(&point[1..49]), "y": text(&point[49..])})
            }
        };
        jwk["kid"] = self.kid.clone().into();
        jwk["alg"] = self.algorithm().into();
        jwk["use"] = "sig".into();
        json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA", "kid": "anders"}, jwk]}).to_string()
    }

    /// What a right assertion says.
    pub fn claims(client: &str) -> Value {
        let now = web::Clock::default().real().as_second();
        let jti = web::fresh_secret();
        json!({"iss": client, "sub": client, "aud": TOKEN_URL, "iat": now, "exp": now + 240, "jti": jti})
    }

    pub fn sign(&self, claims: &Value) -> String {
        let mut head = json!({"alg": self.algorithm(), "typ": "JWT", "kid": self.kid});
        if let Some(jku) = &self.jku {
            head["jku"] = jku.clone().into();
        }
        let signed = format!("{}.{}", encode(&head), encode(claims));
        let random = SystemRandom::new();
        let signature = match &*self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA384, &random, signed.as_bytes(), &mut signature).unwrap();
                signature
            }
            Pair::Ec(pair) => pair.sign(&random, signed.as_bytes()).unwrap().as_ref().to_vec(),
        };
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Signs with a text that everybody has as if it were a shared secret.
    pub fn sign_hmac(&self, secret: &str, claims: &Value) -> String {
        let signed = format!("{}.{}", encode(&json!({"alg": "HS384", "typ": "JWT", "kid": self.kid})), encode(claims));
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA384, secret.as_bytes());
        let tag = aws_lc_rs::hmac::sign(&key, signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref()))
    }

    pub fn assertion(&self, client: &str) -> String {
        self.sign(&Self::claims(client))
    }
}
