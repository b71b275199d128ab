//! Sealing one value: AES-256-GCM, bound to the row it stands in.
//!
//! A sealed value is: a byte for the format, a byte for the key, 12 bytes of nonce, the sealed bytes, 16 bytes of tag.
//! Values of some size are packed (LZ4) before they are sealed: plans are much alike in themselves, and what is a third
//! as long is read, written, copied and synced that much faster. How long a sealed value is told something about it
//! before, and tells something about it now.

use crate::{Error, Result, random};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use lz4_flex::block::{compress_prepend_size, decompress_size_prepended};
use zeroize::Zeroizing;

const PLAIN: u8 = 1;
const PACKED: u8 = 2;
/// Shorter values gain nothing by packing.
const WORTH_PACKING: usize = 512;
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

    /// With the format. The parts cannot run into each other: tables begin with a letter, and tables and owners hold no
    /// zero byte.
    fn bytes(&self, format: u8) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.table.len() + self.owner.len() + self.part.len() + 11);
        if format != PLAIN {
            out.push(format);
        }
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
    let packed = (plain.len() >= WORTH_PACKING).then(|| Zeroizing::new(compress_prepend_size(plain)));
    match packed.as_deref().filter(|packed| packed.len() < plain.len()) {
        Some(packed) => seal_as(PACKED, key, place, packed),
        None => seal_as(PLAIN, key, place, plain),
    }
}

fn seal_as(format: u8, key: &Key, place: Place<'_>, bytes: &[u8]) -> Result<Vec<u8>> {
    let nonce: [u8; NONCE] = random::bytes();
    let mut out = Vec::with_capacity(HEAD + bytes.len() + TAG);
    out.extend_from_slice(&[format, key.id]);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(bytes);
    let tag = cipher(&key.bytes)?
        .seal_in_place_separate_tag(Nonce::from(&nonce), Aad::from(place.bytes(format)), &mut out[HEAD..])
        .map_err(|_| Error::Bug("a value is too large to seal"))?;
    out.extend_from_slice(tag.as_ref());
    Ok(out)
}

/// AES-256-GCM with this key. It is 'less safe' in that who uses it sees to it that no nonce is used twice: here they are
/// random, and in a backup they count.
pub(crate) fn cipher(key: &[u8; 32]) -> Result<LessSafeKey> {
    let key = UnboundKey::new(&AES_256_GCM, key).map_err(|_| Error::Bug("a key of the wrong length"))?;
    Ok(LessSafeKey::new(key))
}

/// The number of the key that a value was sealed with.
pub(crate) fn wrapped_with(sealed: &[u8]) -> Option<u8> {
    sealed.get(1).copied()
}

/// Opens a value with whichever of the keys sealed it.
pub(crate) fn open(keys: &[Key], place: Place<'_>, mut sealed: Vec<u8>) -> Result<Vec<u8>> {
    let broken = || Error::Unsealable(place.table);
    if sealed.len() < HEAD + TAG || !matches!(sealed[0], PLAIN | PACKED) {
        return Err(broken());
    }
    let format = sealed[0];
    let key = keys.iter().find(|k| k.id == sealed[1]).ok_or_else(broken)?;
    let nonce: [u8; NONCE] = sealed[2..HEAD].try_into().map_err(|_| broken())?;
    let end = sealed.len() - TAG;
    cipher(&key.bytes)?
        .open_in_place(Nonce::from(&nonce), Aad::from(place.bytes(format)), &mut sealed[HEAD..])
        .map_err(|_| broken())?;
    if format == PACKED {
        return decompress_size_prepended(&sealed[HEAD..end]).map_err(|_| broken());
    }
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
        let long = b"wel opnemen, ".repeat(50);
        changes_are_noticed(place, &seal(&key(1), place, b"wel opnemen").unwrap());
        changes_are_noticed(place, &seal(&key(1), place, &long).unwrap());
    }

    fn changes_are_noticed(place: Place<'_>, sealed: &[u8]) {
        for at in 0..sealed.len() {
            for bits in [1, 3] {
                let mut changed = sealed.to_vec();
                changed[at] ^= bits;
                assert!(open(&[key(1)], place, changed).is_err(), "byte {at}");
            }
        }
        for short in 0..sealed.len() {
            assert!(open(&[key(1)], place, sealed[..short].to_vec()).is_err(), "first {short} bytes");
        }
    }

    #[test]
    fn what_is_alike_in_itself_is_kept_shorter_and_comes_back_the_same() {
        let place = Place::of("plan", "0123");
        let noise: Vec<u8> = (0..200).flat_map(|_| random::bytes::<32>()).collect();
        for plain in [vec![], b"x".repeat(WORTH_PACKING - 1), b"niet reanimeren; ".repeat(400), noise] {
            let sealed = seal(&key(1), place, &plain).unwrap();
            assert_eq!(open(&[key(1)], place, sealed.clone()).unwrap(), plain);
            assert!(sealed.len() <= plain.len() + HEAD + TAG, "packed only where that is shorter");
            assert_eq!(sealed[0] == PACKED, plain.len() == 6800);
        }
    }

    #[test]
    fn the_same_text_never_seals_the_same() {
        let place = Place::of("plan", "0123");
        assert_ne!(seal(&key(1), place, b"x").unwrap(), seal(&key(1), place, b"x").unwrap());
    }
}
