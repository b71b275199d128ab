//! Where the data is, and where the key to it is.

use std::fmt;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// What [`crate::Store::open`] needs to know.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The database.
    pub database: Database,
    /// The master key.
    pub master_key: MasterKey,
    /// File outside the database that holds the head of the anchor chain (decision 71). Keep it on another disk, or
    /// copy it away: it is what shows that the log was cut off.
    pub anchor_file: PathBuf,
}

/// Which database.
#[derive(Clone)]
pub enum Database {
    /// SQLite: `tijdig.db` and `keys.db` in this folder, which is made where it is not there.
    Sqlite {
        /// The data folder.
        folder: PathBuf,
    },
    /// PostgreSQL.
    Postgres {
        /// `postgres://user:password@host:port/database`.
        url: String,
        /// Another database for the key store (decision 70); without it, the schema `keys` of the same one.
        keys_url: Option<String>,
        /// Most connections at once for the data; the key store has a few of its own.
        connections: usize,
    },
}

impl fmt::Debug for Database {
    /// A database's address may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { folder } => f.debug_struct("Sqlite").field("folder", folder).finish(),
            Self::Postgres { connections, .. } => {
                f.debug_struct("Postgres").field("connections", connections).finish_non_exhaustive()
            }
        }
    }
}

/// Where the master key comes from (decision 70).
#[derive(Clone)]
pub enum MasterKey {
    /// A file, one line per key: number, blank, 64 hexadecimal digits; the last line is the one in use. Made with
    /// mode 0600 where the database is new and the file is not there.
    File(PathBuf),
    /// The text of such a file, from the environment or a secret store.
    Text(Zeroizing<String>),
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Text(_) => f.write_str("Text(…)"),
        }
    }
}

impl Settings {
    /// SQLite in a folder, with the master key (`master.key`) and the anchor's head (`anchor.json`) beside it there:
    /// right for a demo or a trial. In earnest the key belongs elsewhere.
    pub fn folder(folder: &Path) -> Self {
        Self {
            database: Database::Sqlite { folder: folder.to_owned() },
            master_key: MasterKey::File(folder.join("master.key")),
            anchor_file: folder.join("anchor.json"),
        }
    }

    /// PostgreSQL, with the master key and the anchor's head in a folder.
    pub fn postgres(url: &str, folder: &Path) -> Self {
        Self {
            database: Database::Postgres { url: url.to_owned(), keys_url: None, connections: 16 },
            ..Self::folder(folder)
        }
    }
}
