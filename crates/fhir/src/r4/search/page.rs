//! Page tokens: a search and how far it has come, sealed, so that a `next` link tells nothing and needs nothing kept (decision 36).

use crate::r4::ResourceType;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// Name of the parameter that carries a token.
pub(super) const PARAM: &str = "_page";

/// Key for page tokens; the caller keeps one secret for all instances of a server.
#[derive(Clone)]
pub struct PageKey {
    seal: [u8; 32],
    nonce: [u8; 32],
}

impl fmt::Debug for PageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageKey(…)")
    }
}

/// What a token holds: the type, the parameters as the client gave them, and how many matches to pass over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub kind: ResourceType,
    pub params: Vec<(String, String)>,
    pub offset: usize,
}

impl PageKey {
    /// Makes the keys from a secret.
    pub fn new(secret: &[u8; 32]) -> Self {
        Self { seal: keyed(secret, &[b"fhir page seal"]), nonce: keyed(secret, &[b"fhir page nonce"]) }
    }

    /// Writes a token.
    ///
    /// The nonce is a keyed hash of what is sealed: the same text gives the same token, different texts different nonces, and no
    /// randomness is needed. What is sealed may hold a BSN, which the token then does not show.
    pub(super) fn seal(&self, place: &Place) -> Option<String> {
        let mut text = serde_json::to_vec(&(place.kind.as_str(), place.offset, &place.params)).ok()?;
        let nonce: [u8; 12] = keyed(&self.nonce, &[&text]).first_chunk().copied()?;
        self.cipher()?.seal_in_place_append_tag(Nonce::from(&nonce), Aad::empty(), &mut text).ok()?;
        Some(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &text].concat()))
    }

    /// Reads a token; `None` for one that this key did not make.
    pub(super) fn open(&self, token: &str) -> Option<Place> {
        let mut bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk_mut::<12>()?;
        let text = self.cipher()?.open_in_place(Nonce::from(&*nonce), Aad::empty(), sealed).ok()?;
        let (kind, offset, params): (String, usize, Vec<(String, String)>) = serde_json::from_slice(text).ok()?;
        Some(Place { kind: kind.parse().ok()?, params, offset })
    }

    fn cipher(&self) -> Option<LessSafeKey> {
        UnboundKey::new(&AES_256_GCM, &self.seal).ok().map(LessSafeKey::new)
    }
}

fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes a key of any length, so this cannot fail; an all-zero key would only make tokens that open nowhere else.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(offset: usize) -> Place {
        let params = vec![("identifier".to_owned(), "http://fhir.nl/fhir/NamingSystem/bsn|999911120".to_owned())];
        Place { kind: ResourceType::Patient, params, offset }
    }

    #[test]
    fn a_token_opens_to_what_it_was_made_of_and_shows_nothing() {
        let key = PageKey::new(&[7; 32]);
        let token = key.seal(&place(100)).unwrap();
        assert_eq!(key.open(&token), Some(place(100)));
        assert_eq!(key.seal(&place(100)).unwrap(), token);
        assert_ne!(key.seal(&place(200)).unwrap()[..16], token[..16]);
        let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        assert!(!bytes.windows(9).any(|w| w == b"999911120") && !bytes.windows(10).any(|w| w == b"identifier"));
        assert!(!format!("{key:?}").contains('7'));
    }

    #[test]
    fn a_token_that_was_touched_or_made_elsewhere_does_not_open() {
        let key = PageKey::new(&[7; 32]);
        let token = key.seal(&place(1)).unwrap();
        for at in 0..token.len() {
            let mut other = token.clone().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(key.open(std::str::from_utf8(&other).unwrap()), None, "{at}");
        }
        assert_eq!(PageKey::new(&[8; 32]).open(&token), None);
        for broken in ["", "x", "not base64!", &token[..20]] {
            assert_eq!(key.open(broken), None);
        }
    }
}
