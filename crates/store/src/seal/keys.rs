//! Keys: the master keys from their file, the patients' keys that they wrap, and a bounded cache of the latter.

use super::aead::{Key, Place, open, seal};
use super::hashes::Keyed;
use crate::{Error, MasterKey, Result, random};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use zeroize::{Zeroize, Zeroizing};

/// What a master key's file says of itself.
const ABOUT: &str = "Master key of Tijdig. Without this file the data cannot be read; keep a copy apart from the data.";

/// The master keys, the one in use first.
pub(crate) struct MasterKeys(Vec<Key>);

/// A patient's keys, the one in use first.
pub(crate) struct PatientKeys(Vec<Key>);

/// Seals what is a patient's.
impl PatientKeys {
    /// A new key, and how it is kept: number and wrapped bytes.
    pub fn make(masters: &MasterKeys, patient: &str) -> Result<(Self, Vec<u8>)> {
        let key = Key { id: 1, bytes: Zeroizing::new(random::bytes()) };
        let wrapped = masters.wrap(Place::of("data_key", patient).number(key.id), &key.bytes)?;
        Ok((Self(vec![key]), wrapped))
    }

    /// The keys from their rows: number and wrapped bytes, newest first.
    pub fn unwrap_rows(masters: &MasterKeys, patient: &str, rows: Vec<(u8, Vec<u8>)>) -> Result<Self> {
        let unwrap = |(id, wrapped)| {
            let bytes = masters.unwrap_key(Place::of("data_key", patient).number(id), wrapped)?;
            Ok(Key { id, bytes })
        };
        let keys = rows.into_iter().map(unwrap).collect::<Result<Vec<_>>>()?;
        if keys.is_empty() { Err(Error::NoKey) } else { Ok(Self(keys)) }
    }

    /// A keyed hash that goes with the patient's key: where that is destroyed, nobody can tell what was hashed.
    pub fn hash(&self, purpose: &str, parts: &[&[u8]]) -> Result<[u8; 32]> {
        // The oldest, so that a newer key changes no hash.
        let key = self.0.last().ok_or(Error::NoKey)?;
        Ok(Keyed::derive(&key.bytes, purpose).of(parts))
    }

    pub fn seal(&self, place: Place<'_>, plain: &[u8]) -> Result<Vec<u8>> {
        seal(self.0.first().ok_or(Error::NoKey)?, place, plain)
    }

    pub fn open(&self, place: Place<'_>, sealed: Vec<u8>) -> Result<Vec<u8>> {
        open(&self.0, place, sealed)
    }

    /// Seals a value as JSON.
    pub fn seal_json(&self, place: Place<'_>, value: &impl serde::Serialize) -> Result<Vec<u8>> {
        // A plan takes some 16 KB.
        let mut plain = Vec::with_capacity(16 * 1024);
        serde_json::to_writer(&mut plain, value).map_err(|_| Error::Bug("a value does not serialise"))?;
        self.seal(place, &plain)
    }

    /// Opens a value and reads it as JSON. The error names the place only: the reader's own words may quote the value.
    pub fn open_json<T: serde::de::DeserializeOwned>(&self, place: Place<'_>, sealed: Vec<u8>) -> Result<T> {
        let plain = self.open(place, sealed)?;
        serde_json::from_slice(&plain).map_err(|e| Error::Unreadable { table: place.table, at: e.column() })
    }
}

impl MasterKeys {
    /// Reads the keys; makes the file first where `may_make` and it is not there.
    pub fn load(from: &MasterKey, may_make: bool) -> Result<Self> {
        let text = match from {
            MasterKey::Text(text) => text.clone(),
            MasterKey::File(path) => match std::fs::read_to_string(path) {
                Ok(text) => Zeroizing::new(text),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound && may_make => write_key_file(path, ABOUT)?,
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(Error::NoMasterKey(path.clone())),
                Err(e) => return Err(Error::file(path)(e)),
            },
        };
        parse_keys(&text).map(Self)
    }

    /// Number of the key in use.
    pub fn in_use(&self) -> u8 {
        self.0.first().map_or(0, |k| k.id)
    }

    /// Numbers of the keys before it.
    pub fn others(&self) -> Vec<u8> {
        self.0.iter().skip(1).map(|k| k.id).collect()
    }

    /// Are they the same keys?
    pub fn same(&self, other: &Self) -> bool {
        self.0.iter().map(|k| (k.id, &*k.bytes)).eq(other.0.iter().map(|k| (k.id, &*k.bytes)))
    }

    /// Wraps a key.
    pub fn wrap(&self, place: Place<'_>, bytes: &[u8; 32]) -> Result<Vec<u8>> {
        seal(self.0.first().ok_or(Error::WrongMasterKey)?, place, bytes)
    }

    /// Unwraps a key.
    pub fn unwrap_key(&self, place: Place<'_>, wrapped: Vec<u8>) -> Result<Zeroizing<[u8; 32]>> {
        let mut plain = open(&self.0, place, wrapped).map_err(|_| Error::WrongMasterKey)?;
        let bytes = <[u8; 32]>::try_from(plain.as_slice()).map_err(|_| Error::WrongMasterKey);
        plain.zeroize();
        Ok(Zeroizing::new(bytes?))
    }
}

/// Reads the text of a key file: one line per key with its number, a blank and 64 hexadecimal digits. The last line comes
/// first in the answer: it is the one in use.
pub(crate) fn parse_keys(text: &str) -> Result<Vec<Key>> {
    let mut keys = Vec::new();
    let lines =
        text.lines().enumerate().map(|(i, l)| (i + 1, l.trim())).filter(|(_, l)| !l.is_empty() && !l.starts_with('#'));
    for (number, line) in lines {
        let bad = |why: &str| Error::BadMasterKey(format!("line {number}: {why}"));
        let (id, hex) = line
            .split_once(char::is_whitespace)
            .ok_or_else(|| bad("a number, a blank, and 64 hexadecimal digits are expected"))?;
        let id: u8 = id.parse().map_err(|_| bad("the number of a key is 0 to 255"))?;
        let bytes = unhex(hex.trim()).ok_or_else(|| bad("a key is 64 hexadecimal digits"))?;
        if keys.iter().any(|k: &Key| k.id == id) {
            return Err(bad("this number was used before"));
        }
        keys.insert(0, Key { id, bytes });
    }
    if keys.is_empty() { Err(Error::BadMasterKey("there is no key in it".into())) } else { Ok(keys) }
}

/// Makes a key file that only its owner may read, on disk before anything is sealed with it.
pub(crate) fn write_key_file(path: &Path, about: &str) -> Result<Zeroizing<String>> {
    let bytes = Zeroizing::new(random::bytes::<32>());
    let text = Zeroizing::new(format!("# {about}\n1 {}\n", *Zeroizing::new(hex(&*bytes))));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(Error::file(folder))?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(Error::file(path))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(Error::file(path))?;
    Ok(text)
}

/// Adds a new key to the end of a key file, whole or not at all.
pub(crate) fn append_key(path: &Path, keys: &MasterKeys) -> Result<()> {
    let number = (1..=u8::MAX).find(|n| keys.0.iter().all(|k| k.id != *n));
    let number = number.ok_or_else(|| Error::Settings("the key file has no number left for a new key".into()))?;
    let mut text = Zeroizing::new(std::fs::read_to_string(path).map_err(Error::file(path))?);
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let bytes = Zeroizing::new(random::bytes::<32>());
    let line = Zeroizing::new(format!("{number} {}\n", *Zeroizing::new(hex(&*bytes))));
    text.push_str(&line);
    replace_key_file(path, &text)
}

/// Takes every key but the newest out of a key file.
pub(crate) fn keep_newest(path: &Path, keys: &MasterKeys) -> Result<()> {
    let key = keys.0.first().ok_or(Error::WrongMasterKey)?;
    let text = Zeroizing::new(format!("# {ABOUT}\n{} {}\n", key.id, *Zeroizing::new(hex(&*key.bytes))));
    replace_key_file(path, &text)
}

/// Puts a key file in the place of another; who reads meanwhile sees the one or the other.
fn replace_key_file(path: &Path, text: &str) -> Result<()> {
    let new = crate::backup::Scrap::beside(path, "new");
    let mut file = crate::backup::private_file(new.path())?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(Error::file(new.path()))?;
    std::fs::rename(new.path(), path).map_err(Error::file(path))?;
    crate::backup::sync_folder(path)
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// 64 hexadecimal digits as bytes.
pub(crate) fn unhex(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut out = Zeroizing::new([0; 32]);
    if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    for (i, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).ok()?;
    }
    Some(out)
}

/// Keys unwrapped lately. Bounded: two generations, of which the older is dropped when the younger is full. Everything
/// works without it, more slowly.
pub(crate) struct KeyCache {
    half: usize,
    generations: Mutex<Generations>,
}

#[derive(Default)]
struct Generations {
    young: HashMap<String, Arc<PatientKeys>>,
    old: HashMap<String, Arc<PatientKeys>>,
}

impl KeyCache {
    /// Holds this one no longer.
    pub fn forget(&self, patient: &str) {
        let mut guard = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        guard.young.remove(patient);
        guard.old.remove(patient);
    }

    /// Holds at most `bound` keys, some 200 bytes each.
    pub fn new(bound: usize) -> Self {
        Self { half: bound / 2, generations: Mutex::default() }
    }

    pub fn get(&self, patient: &str) -> Option<Arc<PatientKeys>> {
        let mut guard = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        let Generations { young, old } = &mut *guard;
        if let Some(keys) = young.get(patient) {
            return Some(Arc::clone(keys));
        }
        let (id, keys) = old.remove_entry(patient)?;
        young.insert(id, Arc::clone(&keys));
        Some(keys)
    }

    pub fn put(&self, patient: &str, keys: &Arc<PatientKeys>) {
        let mut guard = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        let Generations { young, old } = &mut *guard;
        if young.len() >= self.half {
            *old = std::mem::take(young);
        }
        young.insert(patient.to_owned(), Arc::clone(keys));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masters(text: &str) -> Result<MasterKeys> {
        MasterKeys::load(&MasterKey::Text(Zeroizing::new(text.to_owned())), false)
    }

    #[test]
    fn a_patients_key_opens_under_the_master_key_that_wrapped_it_and_after_rotation() {
        let old = masters(&format!("1 {}", "ab".repeat(32))).unwrap();
        let both = masters(&format!("# kept\n1 {}\n2 {}\n", "ab".repeat(32), "cd".repeat(32))).unwrap();
        let other = masters(&format!("1 {}", "ef".repeat(32))).unwrap();
        let (keys, wrapped) = PatientKeys::make(&old, "p").unwrap();
        let place = Place::of("plan", "p");
        let sealed = keys.seal(place, b"x").unwrap();
        for masters in [&old, &both] {
            let again = PatientKeys::unwrap_rows(masters, "p", vec![(1, wrapped.clone())]).unwrap();
            assert_eq!(again.open(place, sealed.clone()).unwrap(), b"x");
        }
        assert!(matches!(
            PatientKeys::unwrap_rows(&other, "p", vec![(1, wrapped.clone())]),
            Err(Error::WrongMasterKey)
        ));
        assert!(PatientKeys::unwrap_rows(&old, "q", vec![(1, wrapped)]).is_err(), "another patient's row");
        assert_eq!(both.0[0].id, 2, "the last line is in use");
    }

    #[test]
    fn a_bad_key_file_is_named_by_line_and_never_quoted() {
        for (text, says) in
            [("", "no key"), ("1", "line 1"), ("x y", "line 1"), ("1 zz", "64 hexadecimal"), ("\n300 00", "line 2")]
        {
            let said = masters(text).err().map(|e| e.to_string()).unwrap_or_default();
            assert!(said.contains(says), "{text:?}: {said}");
        }
    }

    #[test]
    fn the_file_is_made_once_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deeper/master.key");
        let from = MasterKey::File(path.clone());
        assert!(matches!(MasterKeys::load(&from, false), Err(Error::NoMasterKey(_))));
        let made = MasterKeys::load(&from, true).unwrap();
        let again = MasterKeys::load(&from, true).unwrap();
        assert_eq!(made.0[0].bytes, again.0[0].bytes);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn the_cache_stays_bounded_and_keeps_what_is_used() {
        let masters = masters(&format!("1 {}", "ab".repeat(32))).unwrap();
        let cache = KeyCache::new(8);
        let keys = Arc::new(PatientKeys::make(&masters, "p").unwrap().0);
        cache.put("used", &keys);
        for i in 0..100 {
            cache.put(&i.to_string(), &keys);
            assert!(cache.get("used").is_some(), "after {i}");
        }
        let guard = cache.generations.lock().unwrap();
        assert!(guard.young.len() + guard.old.len() <= 9);
    }
}
