//! Sealing at rest (decisions 70, 73 and 74): what identifies or describes a patient is kept under that patient's key,
//! which the master key wraps.

pub(crate) mod aead;
pub(crate) mod hashes;
pub(crate) mod keys;

pub(crate) use aead::{Key, Place, cipher, wrapped_with};
pub(crate) use hashes::{Hashes, Keyed, SearchKeys, SearchPair, derive_key, digest};
pub(crate) use keys::{
    KeyCache, MasterKeys, PatientKeys, append_key, hex, keep_newest, parse_keys, unhex, write_key_file,
};
