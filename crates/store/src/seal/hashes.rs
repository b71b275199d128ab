//! Keyed hashes, by which sealed data is found, and the keys they use (decisions 71 and 74).
//!
//! Keys come by HKDF from one root secret in the key store, which the master key wraps: so the master key can be
//! replaced without hashing everything again. Those by which patients are found can be replaced too, by a secret of
//! their own (`rotate`).

use domain::ident::Bsn;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// A keyed hash, ready to use.
#[derive(Clone)]
pub(crate) struct Keyed(Hmac<Sha256>);

impl Keyed {
    pub fn derive(root: &[u8; 32], purpose: &str) -> Self {
        let key = derive_key(root, None, &[purpose.as_bytes()]);
        // HMAC takes keys of any size: it cannot fail.
        Self(Hmac::new_from_slice(&*key).expect("any size fits"))
    }

    /// The hash over parts, each with its length so that they cannot run into each other.
    pub fn of(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// The hash over bytes that are unambiguous already.
    pub fn raw(&self, previous: &[u8], bytes: &[u8]) -> [u8; 32] {
        let mut mac = self.0.clone();
        mac.update(previous);
        mac.update(bytes);
        mac.finalize().into_bytes().into()
    }
}

/// Every keyed hash of the store that keeps its key.
pub(crate) struct Hashes {
    /// The first by which patients are found.
    pub first: SearchPair,
    /// Seals the rows of the log.
    pub log: Keyed,
    /// Seals the anchors.
    pub anchor: Keyed,
    /// By which the patients of a practice's own system are told apart, and files known again.
    pub extract: Keyed,
    /// Shows that database and key store belong together.
    pub check: [u8; 32],
}

impl Hashes {
    pub fn new(root: &[u8; 32]) -> Self {
        let keyed = |purpose| Keyed::derive(root, purpose);
        Self {
            first: SearchPair::of(root),
            log: keyed("tijdig log 1"),
            anchor: keyed("tijdig anchor 1"),
            extract: keyed("tijdig extract 1"),
            check: keyed("tijdig check 1").of(&[]),
        }
    }
}

/// By which patients are found: one key for the BSN, one for the names.
#[derive(Clone)]
pub(crate) struct SearchPair {
    bsn: Keyed,
    name: Keyed,
}

impl SearchPair {
    pub fn of(secret: &[u8; 32]) -> Self {
        Self { bsn: Keyed::derive(secret, "tijdig bsn 1"), name: Keyed::derive(secret, "tijdig name 1") }
    }
}

/// The keys by which patients are found: the one in use and, while it is being replaced, the one before.
pub(crate) struct SearchKeys {
    /// Number of the one in use.
    pub generation: i64,
    /// The one in use first.
    pairs: Vec<SearchPair>,
}

impl SearchKeys {
    pub fn new(generation: i64, pairs: Vec<SearchPair>) -> Self {
        Self { generation, pairs }
    }

    /// Have all patients the key in use?
    pub fn is_done(&self) -> bool {
        self.pairs.len() < 2
    }

    /// By which a patient is found by BSN: under the key in use, and under the one before (the same where there is
    /// none).
    pub fn bsn(&self, bsn: &Bsn) -> [[u8; 32]; 2] {
        self.both(|pair| pair.bsn.of(&[bsn.as_str().as_bytes()]))
    }

    /// By which a patient is found by birth date (`YYYY-MM-DD`, or less where no more is known) and surname.
    pub fn name(&self, born: &str, family: &str) -> [[u8; 32]; 2] {
        self.both(|pair| pair.name.of(&[born.as_bytes(), family.as_bytes()]))
    }

    fn both(&self, hash: impl Fn(&SearchPair) -> [u8; 32]) -> [[u8; 32]; 2] {
        let first = self.pairs.first().map_or([0; 32], &hash);
        [first, self.pairs.get(1).map_or(first, &hash)]
    }
}

/// A key for a purpose, from another: HKDF-SHA256.
pub(crate) fn derive_key(from: &[u8; 32], salt: Option<&[u8; 32]>, purpose: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    // 32 bytes is one block of HKDF-SHA256: it cannot fail.
    Hkdf::<Sha256>::new(salt.map(<[u8; 32]>::as_slice), from)
        .expand_multi_info(purpose, &mut *key)
        .expect("32 bytes fit");
    key
}

/// SHA-256 over parts, each with its length.
pub(crate) fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_depend_on_key_purpose_and_every_part() {
        let keys = |n| SearchKeys::new(1, vec![SearchPair::of(&[n; 32])]);
        let (a, b) = (keys(1), keys(2));
        let bsn = Bsn::parse("999911120").unwrap();
        assert_eq!(a.bsn(&bsn), keys(1).bsn(&bsn));
        assert_ne!(a.bsn(&bsn), b.bsn(&bsn));
        assert_ne!(a.name("1940-01-01", "berg"), a.name("1940-01-0", "1berg"));
        assert_ne!(Hashes::new(&[1; 32]).check, Hashes::new(&[2; 32]).check);
    }

    #[test]
    fn while_a_key_is_replaced_both_find() {
        let (old, new) = (SearchPair::of(&[1; 32]), SearchPair::of(&[2; 32]));
        let bsn = Bsn::parse("999911120").unwrap();
        let of = |pair: &SearchPair| SearchKeys::new(1, vec![pair.clone()]).bsn(&bsn)[0];
        let both = SearchKeys::new(2, vec![new.clone(), old.clone()]);
        assert_eq!(both.bsn(&bsn), [of(&new), of(&old)]);
        assert!(!both.is_done());
    }

    #[test]
    fn the_keyed_hash_is_hmac_sha256() {
        // RFC 4231, test case 1, shows that the library is used as meant.
        let mac = Keyed(Hmac::new_from_slice(&[0x0b; 20]).unwrap()).raw(b"Hi ", b"There");
        assert_eq!(mac[..4], [0xb0, 0x34, 0x4c, 0x61]);
    }
}
