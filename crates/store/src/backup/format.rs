//! The file of a backup.
//!
//! ```text
//! TIJDIG-BACKUP 1⏎
//! {"what":"data","database":"sqlite","made_at":"…","key":1,"salt":"…","check":"…"}⏎
//! block, block, …, last block
//! ```
//!
//! The file's own key is HKDF-SHA256 of the backup key over the salt and both lines, so that no letter of them can be
//! changed unseen. A block is a length (4 bytes, big-endian; the highest bit marks the last block) and that many bytes
//! of AES-256-GCM, tag included. The nonce is the block's number (8 bytes, big-endian, from 0), three zeros, and 1 for
//! the last block: blocks cannot be swapped, left out or added, and a file that was cut off has no last block. What the
//! blocks hold, joined, is a row of frames: a letter, a length (4 bytes, big-endian), and that many bytes.

use super::{BackupKey, Unfit, What};
use crate::seal::{Keyed, cipher, derive_key, hex, unhex};
use crate::{Error, Result, random};
use aws_lc_rs::aead::{Aad, LessSafeKey, Nonce};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};
use subtle::ConstantTimeEq;

const MAGIC: &str = "TIJDIG-BACKUP ";
const FORMAT: &str = "1";
/// Plain bytes of a block.
const BLOCK: usize = 256 * 1024;
const TAG: usize = 16;
const LAST: u32 = 1 << 31;
/// No frame is longer; a row of a table is one.
const LONGEST_FRAME: u32 = 1 << 30;

/// The readable lines of a backup.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Header {
    /// What it holds.
    pub what: What,
    /// `sqlite` or `postgres`.
    pub database: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// Number of the backup key.
    #[serde(default)]
    pub key: u8,
    /// 64 hexadecimal digits.
    #[serde(default)]
    salt: String,
    /// Shows whether a key is the right one; 64 hexadecimal digits.
    #[serde(default)]
    check: String,
}

impl Header {
    pub(crate) fn new(what: What, database: &str, made_at: Timestamp) -> Self {
        Self { what, database: database.to_owned(), made_at, key: 0, salt: String::new(), check: String::new() }
    }
}

/// Writes a backup.
pub(crate) struct Sealer<W> {
    out: W,
    cipher: LessSafeKey,
    plain: Vec<u8>,
    block: u64,
}

impl<W: Write> Sealer<W> {
    /// Writes the header.
    pub fn begin(mut out: W, mut header: Header, key: &BackupKey) -> io::Result<Self> {
        let key = key.0.first().ok_or_else(|| io::Error::other("no key"))?;
        let salt: [u8; 32] = random::bytes();
        header.key = key.id;
        header.salt = hex(&salt);
        header.check = hex(&check(&key.bytes, &salt));
        let lines = format!("{MAGIC}{FORMAT}\n{}\n", serde_json::to_string(&header)?);
        out.write_all(lines.as_bytes())?;
        let cipher = file_cipher(&key.bytes, &salt, lines.as_bytes()).map_err(io::Error::other)?;
        Ok(Self { out, cipher, plain: Vec::with_capacity(2 * BLOCK), block: 0 })
    }

    /// Writes a frame.
    pub fn frame(&mut self, tag: u8, bytes: &[u8]) -> io::Result<()> {
        let length = u32::try_from(bytes.len()).ok().filter(|l| *l <= LONGEST_FRAME);
        let length = length.ok_or_else(|| io::Error::other("a row is too large for a backup"))?;
        self.plain.push(tag);
        self.plain.extend_from_slice(&length.to_be_bytes());
        let mut rest = bytes;
        loop {
            let room = (BLOCK.saturating_sub(self.plain.len())).min(rest.len());
            self.plain.extend_from_slice(&rest[..room]);
            rest = &rest[room..];
            if rest.is_empty() {
                return Ok(());
            }
            self.block(false)?;
        }
    }

    /// Writes what is left, as the last block.
    pub fn finish(mut self) -> io::Result<W> {
        self.block(true)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn block(&mut self, last: bool) -> io::Result<()> {
        let tag = self
            .cipher
            .seal_in_place_separate_tag(nonce(self.block, last), Aad::empty(), &mut self.plain)
            .map_err(|_| io::Error::other("a block cannot be sealed"))?;
        let length = u32::try_from(self.plain.len() + TAG).map_err(io::Error::other)?;
        self.out.write_all(&(if last { length | LAST } else { length }).to_be_bytes())?;
        self.out.write_all(&self.plain)?;
        self.out.write_all(tag.as_ref())?;
        self.plain.clear();
        self.block += 1;
        Ok(())
    }
}

/// Reads a backup.
pub(crate) struct Opener<R> {
    file: R,
    cipher: LessSafeKey,
    header: Header,
    plain: Vec<u8>,
    at: usize,
    block: u64,
    ended: bool,
}

impl<R: Read> Opener<R> {
    /// Reads the header and fits the key.
    pub fn begin(mut file: R, keys: &BackupKey) -> Result<Self> {
        let first = line(&mut file)?;
        let format = first.strip_prefix(MAGIC).ok_or(Unfit::NoBackup)?;
        if format.trim_end() != FORMAT {
            return Err(Unfit::Newer.into());
        }
        let second = line(&mut file)?;
        let header: Header = serde_json::from_str(&second).map_err(|_| Unfit::NoBackup)?;
        let salt = unhex(&header.salt).ok_or(Unfit::NoBackup)?;
        let told = unhex(&header.check).ok_or(Unfit::NoBackup)?;
        let fits = |k: &&crate::seal::Key| bool::from(check(&k.bytes, &salt).ct_eq(&*told));
        let key = keys.0.iter().find(fits).ok_or(Unfit::WrongKey)?;
        let cipher = file_cipher(&key.bytes, &salt, format!("{first}{second}").as_bytes())?;
        Ok(Self { file, cipher, header, plain: Vec::new(), at: 0, block: 0, ended: false })
    }

    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Bytes read so far, about.
    pub fn bytes(&self) -> u64 {
        self.block * BLOCK as u64
    }

    /// The next frame; `None` at the end.
    pub fn frame(&mut self) -> Result<Option<(u8, Vec<u8>)>> {
        while self.at == self.plain.len() {
            if self.ended {
                return Ok(None);
            }
            self.next_block()?;
        }
        let mut head = [0; 5];
        self.fill(&mut head)?;
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
        if length > LONGEST_FRAME {
            return Err(Unfit::Changed(self.block).into());
        }
        let mut bytes = vec![0; length as usize];
        self.fill(&mut bytes)?;
        Ok(Some((head[0], bytes)))
    }

    fn fill(&mut self, mut into: &mut [u8]) -> Result<()> {
        while !into.is_empty() {
            if self.at == self.plain.len() {
                if self.ended {
                    return Err(Unfit::Changed(self.block).into());
                }
                self.next_block()?;
                continue;
            }
            let many = into.len().min(self.plain.len() - self.at);
            let (now, later) = into.split_at_mut(many);
            now.copy_from_slice(&self.plain[self.at..self.at + many]);
            self.at += many;
            into = later;
        }
        Ok(())
    }

    fn next_block(&mut self) -> Result<()> {
        let (changed, cut) = (Unfit::Changed(self.block + 1), Unfit::CutOff(self.block));
        let mut length = [0; 4];
        self.file.read_exact(&mut length).map_err(|e| ended(&e, &cut))?;
        let length = u32::from_be_bytes(length);
        let (last, length) = (length & LAST != 0, (length & !LAST) as usize);
        if !(TAG..=2 * BLOCK + TAG).contains(&length) {
            return Err(changed.into());
        }
        self.plain.resize(length, 0);
        self.file.read_exact(&mut self.plain).map_err(|e| ended(&e, &cut))?;
        self.cipher
            .open_in_place(nonce(self.block, last), Aad::empty(), &mut self.plain)
            .map_err(|_| changed.clone())?;
        self.plain.truncate(length - TAG);
        self.block += 1;
        self.at = 0;
        if last {
            self.ended = true;
            if self.file.read(&mut [0]).map_err(|e| ended(&e, &cut))? > 0 {
                return Err(changed.into());
            }
        }
        Ok(())
    }
}

fn ended(e: &io::Error, cut: &Unfit) -> Error {
    if e.kind() == io::ErrorKind::UnexpectedEof {
        cut.clone().into()
    } else {
        Error::Settings(format!("the backup cannot be read: {e}"))
    }
}

/// One line with its end, of a file that may be anything.
fn line(file: &mut impl Read) -> Result<String> {
    let mut line = Vec::new();
    let mut byte = [0];
    while line.len() < 4096 {
        file.read_exact(&mut byte).map_err(|e| ended(&e, &Unfit::NoBackup))?;
        line.push(byte[0]);
        if byte[0] == b'\n' {
            return String::from_utf8(line).map_err(|_| Unfit::NoBackup.into());
        }
    }
    Err(Unfit::NoBackup.into())
}

fn nonce(block: u64, last: bool) -> Nonce {
    let mut nonce = [0; 12];
    nonce[..8].copy_from_slice(&block.to_be_bytes());
    nonce[11] = u8::from(last);
    Nonce::from(&nonce)
}

fn check(key: &[u8; 32], salt: &[u8; 32]) -> [u8; 32] {
    Keyed::derive(key, "tijdig backup check 1").of(&[salt])
}

fn file_cipher(key: &[u8; 32], salt: &[u8; 32], header: &[u8]) -> Result<LessSafeKey> {
    cipher(&derive_key(key, Some(salt), &[b"tijdig backup 1", header]))
}

#[cfg(test)]
mod tests;
