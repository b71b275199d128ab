//! Keyed hashes, by which sealed data is found, and the keys they use (decisions 71 and 74).
//!
//! All keys come by HKDF from one root secret in the key store, which the master key wraps: so the master key can be
//! replaced without hashing everything again.

use domain::ident::{Bsn, OrganisationId, PatientId};
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

/// Every keyed hash of the store.
pub(crate) struct Hashes {
    bsn: Keyed,
    name: Keyed,
    same: Keyed,
    part: Keyed,
    /// Seals the rows of the log.
    pub log: Keyed,
    /// Seals the anchors.
    pub anchor: Keyed,
    /// Shows that database and key store belong together.
    pub check: [u8; 32],
}

impl Hashes {
    pub fn new(root: &[u8; 32]) -> Self {
        let keyed = |purpose| Keyed::derive(root, purpose);
        Self {
            bsn: keyed("tijdig bsn 1"),
            name: keyed("tijdig name 1"),
            same: keyed("tijdig same 1"),
            part: keyed("tijdig draft part 1"),
            log: keyed("tijdig log 1"),
            anchor: keyed("tijdig anchor 1"),
            check: keyed("tijdig check 1").of(&[]),
        }
    }

    /// By which a patient is found by BSN.
    pub fn bsn(&self, bsn: &Bsn) -> [u8; 32] {
        self.bsn.of(&[bsn.as_str().as_bytes()])
    }

    /// By which a patient is found by birth date (`YYYY-MM-DD`, or less where no more is known) and surname.
    pub fn name(&self, born: &str, family: &str) -> [u8; 32] {
        self.name.of(&[born.as_bytes(), family.as_bytes()])
    }

    /// By which a second delivery is known.
    pub fn same(&self, patient: &PatientId, key: &str) -> [u8; 32] {
        self.same.of(&[patient.as_str().as_bytes(), key.as_bytes()])
    }

    /// By which a part of a draft is found: which topics are being written about is nobody's business.
    pub fn part(&self, patient: &PatientId, organisation: &OrganisationId, part: &str) -> [u8; 32] {
        self.part.of(&[patient.as_str().as_bytes(), organisation.as_str().as_bytes(), part.as_bytes()])
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
        let (a, b) = (Hashes::new(&[1; 32]), Hashes::new(&[2; 32]));
        let bsn = Bsn::parse("999911120").unwrap();
        assert_eq!(a.bsn(&bsn), Hashes::new(&[1; 32]).bsn(&bsn));
        assert_ne!(a.bsn(&bsn), b.bsn(&bsn));
        assert_ne!(a.name("1940-01-01", "berg"), a.name("1940-01-0", "1berg"));
        assert_ne!(a.check, b.check);
        let id = PatientId::from_bits(1);
        assert_ne!(a.same(&id, "x"), a.same(&PatientId::from_bits(2), "x"));
    }

    #[test]
    fn the_keyed_hash_is_hmac_sha256() {
        // RFC 4231, test case 1, shows that the library is used as meant.
        let mac = Keyed(Hmac::new_from_slice(&[0x0b; 20]).unwrap()).raw(b"Hi ", b"There");
        assert_eq!(mac[..4], [0xb0, 0x34, 0x4c, 0x61]);
    }
}
