//! Codes for cards and plans on paper: made, signed with Ed25519, checked, and the public keys with which anybody checks
//! them without us (decision 54, `docs/card.md`).

use crate::app::App;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::access::Permit;
use domain::card::{Kind, PATH, Printed, Scanned, Standing};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;
use store::cards::{Issued, NewCard};
use store::{Error, Store};

/// A key to sign with, and its number.
struct Signer {
    number: u32,
    pair: Ed25519KeyPair,
}

impl Signer {
    /// The key in use; made where there is none, or where its private half is not here any more, as after putting back
    /// an older key store.
    async fn in_use(store: &Store, now: Timestamp) -> Result<Self, Error> {
        let keys = store.card_keys().await?;
        let Some(newest) = keys.last() else { return Self::next(store, 1, now).await };
        if let Some(seed) = store.card_seed(newest.number).await? {
            let pair = pair(&seed)?;
            if public(&pair)? == newest.public {
                return Ok(Self { number: newest.number, pair });
            }
        }
        Self::next(store, newest.number + 1, now).await
    }

    async fn next(store: &Store, number: u32, now: Timestamp) -> Result<Self, Error> {
        let pair = pair(&*store.make_card_seed(number).await?)?;
        store.put_card_key(number, public(&pair)?, now).await?;
        Ok(Self { number, pair })
    }
}

fn pair(seed: &[u8; 32]) -> Result<Ed25519KeyPair, Error> {
    Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| Error::Bug("any 32 bytes are a key"))
}

fn public(pair: &Ed25519KeyPair) -> Result<[u8; 32], Error> {
    pair.public_key().as_ref().try_into().map_err(|_| Error::Bug("a public key has 32 bytes"))
}

/// Puts a new key to use; its number. Cards that were signed before can still be checked.
///
/// # Errors
/// Where the store fails.
pub async fn renew_key(store: &Store, now: Timestamp) -> Result<u32, Error> {
    let newest = store.card_keys().await?.last().map_or(0, |k| k.number);
    Ok(Signer::next(store, newest + 1, now).await?.number)
}

/// What is to be printed.
#[derive(Debug, Clone)]
pub struct ToPrint {
    /// What bears the code.
    pub kind: Kind,
    /// Version of the plan.
    pub version: u32,
    /// Day on which that was recorded.
    pub day: Date,
    /// The decisions printed beside it, by [`domain::card::decisions`].
    pub decisions: String,
}

/// The code for a card or sheet: the one that was made for this version, or a new one. `real`: the moment by which a new
/// key is dated.
///
/// # Errors
/// Where the store fails.
pub async fn code(
    store: &Store,
    permit: &Permit,
    to_print: ToPrint,
    now: Timestamp,
    real: Timestamp,
) -> Result<Issued, Error> {
    let ToPrint { kind, version, day, decisions } = to_print;
    if let Some(made) = store.card(permit, kind, version, now).await? {
        return Ok(made);
    }
    let Signer { number, pair } = Signer::in_use(store, real).await?;
    let printed = Printed { token: Store::fresh_token(), kind, day, decisions, key: number };
    let message = printed.message();
    let signature = URL_SAFE_NO_PAD.encode(pair.sign(message.as_bytes()));
    let new = NewCard { kind, version, token: printed.token, code: format!("{message}.{signature}") };
    store.issue_card(permit, new, now).await
}

/// The address that a code is printed as.
pub fn address(app: &App, issued: &Issued) -> String {
    format!("{}{PATH}{}", app.config().base_url, issued.code)
}

/// Where a code is typed, as one reads it aloud.
pub fn typed_at(app: &App) -> String {
    let url = &app.config().base_url;
    let host = url.split_once("://").map_or(url.as_str(), |(_, host)| host);
    format!("{host}{}", PATH.trim_end_matches('/'))
}

/// What a code is worth. One whose signature is not ours is none of ours, whatever its token.
///
/// # Errors
/// Where the store fails.
pub async fn standing(app: &App, scanned: &Scanned) -> Result<Standing, Error> {
    if let Scanned::Whole { printed, signature } = scanned
        && !is_ours(app.store(), printed, signature).await?
    {
        return Ok(Standing::Unknown);
    }
    app.store().card_standing(scanned.token()).await
}

async fn is_ours(store: &Store, printed: &Printed, signature: &str) -> Result<bool, Error> {
    let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return Ok(false) };
    let keys = store.card_keys().await?;
    let Some(key) = keys.iter().find(|k| k.number == printed.key) else { return Ok(false) };
    let public = UnparsedPublicKey::new(&ED25519, key.public);
    Ok(public.verify(printed.message().as_bytes(), &signature).is_ok())
}

/// `GET /.well-known/tijdig-kaart.json`: the public keys, as a JSON Web Key Set (RFC 7517, RFC 8037).
pub async fn published(State(app): State<App>) -> Result<Response, crate::error::PageError> {
    let keys: Vec<_> = app
        .store()
        .card_keys()
        .await?
        .iter()
        .map(|key| {
            json!({
                "kty": "OKP",
                "crv": "Ed25519",
                "alg": "EdDSA",
                "use": "sig",
                "kid": key.number.to_string(),
                "x": URL_SAFE_NO_PAD.encode(key.public),
            })
        })
        .collect();
    let rules = [(header::CACHE_CONTROL, "public, max-age=3600"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    Ok((rules, Json(json!({ "keys": keys }))).into_response())
}
