//! The key that seals backups: a file of its own, kept apart from data, key store and master key.

use crate::seal::{Key, parse_keys, write_key_file};
use crate::{Error, Result};
use std::path::Path;

/// Keys for backups, the one in use first.
pub struct BackupKey(pub(crate) Vec<Key>);

impl std::fmt::Debug for BackupKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BackupKey(…)")
    }
}

impl BackupKey {
    /// Reads the file: one line per key with a number, a blank and 64 hexadecimal digits; the last line seals new
    /// backups, all of them open older ones.
    ///
    /// # Errors
    /// [`Error::File`] where it cannot be read, [`Error::BadMasterKey`] where it is no key.
    pub fn read(path: &Path) -> Result<Self> {
        let text = zeroize::Zeroizing::new(std::fs::read_to_string(path).map_err(Error::file(path))?);
        parse_keys(&text).map(Self)
    }

    /// Makes a new file with a key, which only its owner may read.
    ///
    /// # Errors
    /// [`Error::File`] where it is there already.
    pub fn make(path: &Path) -> Result<Self> {
        let text = write_key_file(
            path,
            "Key of Tijdig's backups. Without this file no backup can be restored; keep a copy apart from them.",
        )?;
        parse_keys(&text).map(Self)
    }
}
