//! Sealing one value: AES-256-GCM, bound to the row it stands in.
//!
//! A sealed value is: a byte for this format, a byte for the key, 12 bytes of nonce, the sealed bytes, 16 bytes of tag.

use crate::{Error, Result, random};
use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit};
use zeroize::Zeroizing;

const FORMAT: u8 = 1;
const NONCE: usize = 12;
const TAG: usize = 16;
const HEAD: usize = 2 + NONCE;

/// A key with the number that sealed values carry.
pub(crate) struct Key {
    pub id: u8,
    pub bytes: Zeroizing<[u8; 32]>,
}

/// The row a value stands in; a value moved to another row does not open.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// Table, with the column where a table has several sealed ones.
    pub table: &'static str,
    /// The patient, or whatever else leads the row's key.
    pub owner: &'a str,
    /// Number within that: version, revision.
    pub number: u64,
    /// Anything else of the row's key.
    pub part: &'a [u8],
}

impl<'a> Place<'a> {
    pub fn of(table: &'static str, owner: &'a str) -> Self {
        Self { table, owner, number: 0, part: &[] }
    }

    pub fn number(self, number: impl Into<u64>) -> Self {
        Self { number: number.into(), ..self }
    }

    pub fn part(self, part: &'a [u8]) -> Self {
        Self { part, ..self }
    }

    /// The parts cannot run into each other: tables and owners hold no zero byte.
    fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.table.len() + self.owner.len() + self.part.len() + 10);
        out.extend_from_slice(self.table.as_bytes());
        out.push(0);
        out.extend_from_slice(self.owner.as_bytes());
        out.push(0);
        out.extend_from_slice(&self.number.to_be_bytes());
        out.extend_from_slice(self.part);
        out
    }
}

/// Seals a value.
pub(crate) fn seal(key: &Key, place: Place<'_>, plain: &[u8]) -> Result<Vec<u8>> {
    let nonce: [u8; NONCE] = random::bytes();
    let mut out = Vec::with_capacity(HEAD + plain.len() + TAG);
    out.extend_from_slice(&[FORMAT, key.id]);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(plain);
    let tag = Aes256Gcm::new((&*key.bytes).into())
        .encrypt_inout_detached(&nonce.into(), &place.bytes(), (&mut out[HEAD..]).into())
        .map_err(|_| Error::Bug("a value is too large to seal"))?;
    out.extend_from_slice(&tag);
    Ok(out)
}

/// The number of the key that a value was sealed with.
pub(crate) fn wrapped_with(sealed: &[u8]) -> Option<u8> {
    sealed.get(1).copied()
}

/// Opens a value with whichever of the keys sealed it.
pub(crate) fn open(keys: &[Key], place: Place<'_>, mut sealed: Vec<u8>) -> Result<Vec<u8>> {
    let broken = || Error::Unsealable(place.table);
    if sealed.len() < HEAD + TAG || sealed[0] != FORMAT {
        return Err(broken());
    }
    let key = keys.iter().find(|k| k.id == sealed[1]).ok_or_else(broken)?;
    let nonce: [u8; NONCE] = sealed[2..HEAD].try_into().map_err(|_| broken())?;
    let end = sealed.len() - TAG;
    let tag: [u8; TAG] = sealed[end..].try_into().map_err(|_| broken())?;
    Aes256Gcm::new((&*key.bytes).into())
        .decrypt_inout_detached(&nonce.into(), &place.bytes(), (&mut sealed[HEAD..end]).into(), &tag.into())
        .map_err(|_| broken())?;
    sealed.truncate(end);
    sealed.drain(..HEAD);
    Ok(sealed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: u8) -> Key {
        Key { id, bytes: Zeroizing::new([id; 32]) }
    }

    #[test]
    fn what_is_sealed_opens_in_its_own_place_only() {
        let place = Place::of("plan", "0123").number(3_u32);
        let sealed = seal(&key(1), place, b"niet reanimeren").unwrap();
        assert!(!sealed.windows(4).any(|w| w == b"rean"));
        assert_eq!(open(&[key(2), key(1)], place, sealed.clone()).unwrap(), b"niet reanimeren");
        for elsewhere in [
            Place::of("plan", "0123").number(4_u32),
            Place::of("plan", "0124").number(3_u32),
            Place::of("draft", "0123").number(3_u32),
            place.part(b"x"),
        ] {
            assert!(matches!(open(&[key(1)], elsewhere, sealed.clone()), Err(Error::Unsealable(_))));
        }
        assert!(open(&[key(2)], place, sealed).is_err(), "another key");
    }

    #[test]
    fn any_changed_byte_is_noticed() {
        let place = Place::of("plan", "0123");
        let sealed = seal(&key(1), place, b"wel opnemen").unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(open(&[key(1)], place, changed).is_err(), "byte {at}");
        }
        for short in 0..sealed.len() {
            assert!(open(&[key(1)], place, sealed[..short].to_vec()).is_err(), "first {short} bytes");
        }
    }

    #[test]
    fn the_same_text_never_seals_the_same() {
        let place = Place::of("plan", "0123");
        assert_ne!(seal(&key(1), place, b"x").unwrap(), seal(&key(1), place, b"x").unwrap());
    }
}
