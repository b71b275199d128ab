//! The store itself: opening, the keys it works with, asking whether it lives, closing.

use crate::backup::Unfit;
use crate::db::Db;
use crate::log::row::Entry;
use crate::postgres::Postgres;
use crate::rotate::{load_search, search_by_newest};
use crate::seal::{Hashes, KeyCache, MasterKeys, PatientKeys, Place, SearchKeys};
use crate::sqlite::Files;
use crate::value::params;
use crate::{Database, Error, MasterKey, Result, Settings, random};
use domain::ident::PatientId;
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::sync::{Arc, PoisonError, RwLock};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Keys kept unwrapped; some 200 bytes each.
const KEYS_KEPT: usize = 250_000;
/// More rows of the log than this on their way: readers wait for the disk.
const ROWS_WAITING: usize = 50_000;
/// The secret from which every keyed hash comes.
pub(crate) const ROOT: &str = "root";

/// The store; cheap to clone, shared by all requests.
#[derive(Clone)]
pub struct Store {
    pub(crate) core: Arc<Core>,
}

pub(crate) struct Core {
    pub db: Db,
    pub hashes: Hashes,
    pub anchor_file: PathBuf,
    pub cache: KeyCache,
    pub master_source: MasterKey,
    masters: RwLock<Arc<MasterKeys>>,
    search: RwLock<Arc<SearchKeys>>,
    /// Months between reviews where nobody says otherwise (E1: twice a year).
    pub review_months: AtomicU32,
    /// Is there somebody who sends mail?
    pub sends_mail: AtomicBool,
}

impl Core {
    /// The master keys as they are now.
    pub fn masters(&self) -> Arc<MasterKeys> {
        Arc::clone(&self.masters.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn put_masters(&self, masters: MasterKeys) {
        *self.masters.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(masters);
    }

    /// The keys by which patients are found, as they are now.
    pub fn search(&self) -> Arc<SearchKeys> {
        Arc::clone(&self.search.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn put_search(&self, search: SearchKeys) {
        *self.search.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(search);
    }

    /// Unwraps a key; where it is wrapped with a master key that came since, that is read first.
    pub fn unwrap_key(&self, place: Place<'_>, wrapped: Vec<u8>) -> Result<Zeroizing<[u8; 32]>> {
        match self.masters().unwrap_key(place, wrapped.clone()) {
            Err(Error::WrongMasterKey) => {
                self.reload_masters()?;
                self.masters().unwrap_key(place, wrapped)
            }
            other => other,
        }
    }
}

/// What migrating did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migrated {
    /// Schema before; 0 where the database was new.
    pub from: i64,
    /// Schema now.
    pub to: i64,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

impl Store {
    /// Opens the store: makes a new database where there is none, migrates an older one, checks that the master key
    /// and the key store fit.
    ///
    /// # Errors
    /// Among others [`Error::Newer`], [`Error::NoMasterKey`], [`Error::WrongMasterKey`], [`Error::WrongKeyStore`].
    pub async fn open(settings: &Settings) -> Result<Self> {
        let (db, _) = Db::open(&settings.database).await?;
        whole(&db).await?;
        Self::over(db, settings, false).await
    }

    /// The store over a database that is open, into which a backup was restored just now or not.
    pub(crate) async fn over(db: Db, settings: &Settings, restored: bool) -> Result<Self> {
        let (masters, hashes) = unlock(&db, settings).await?;
        if restored {
            search_by_newest(&db).await?;
        }
        let search = load_search(&db, &masters, &hashes.first).await?;
        db.start(hashes.log.clone())?;
        let core = Core {
            db,
            hashes,
            anchor_file: settings.anchor_file.clone(),
            cache: KeyCache::new(KEYS_KEPT),
            master_source: settings.master_key.clone(),
            masters: RwLock::new(Arc::new(masters)),
            search: RwLock::new(Arc::new(search)),
            review_months: AtomicU32::new(6),
            sends_mail: AtomicBool::new(false),
        };
        let store = Self { core: Arc::new(core) };
        store.finish_erasures().await?;
        Ok(store)
    }

    /// Brings the schema up to date and closes again (`tijdig migrate`); `open` does this too.
    pub async fn migrate(settings: &Settings) -> Result<Migrated> {
        let (db, migrated) = Db::open(&settings.database).await?;
        whole(&db).await?;
        unlock(&db, settings).await?;
        Ok(migrated)
    }

    /// Does the folder or database hold nothing yet? Makes nothing (decision 90).
    pub async fn is_empty(settings: &Settings) -> Result<bool> {
        match &settings.database {
            Database::Sqlite { folder } => {
                let files = Files::of(folder);
                Ok(!files.main.exists() && !files.keys.exists())
            }
            Database::Postgres { url, .. } => Postgres::is_empty(url).await,
        }
    }

    /// Can the database be read and written, and the log too (`/readyz`)?
    pub async fn ping(&self) -> Result<()> {
        let found = self.core.db.row("SELECT value FROM meta WHERE name = 'key_check'", &[]).await?;
        found.ok_or(Error::Missing("row in the database"))?;
        self.flush().await
    }

    /// Waits until every row of the log that was handed over is on disk.
    pub async fn flush(&self) -> Result<()> {
        self.core.db.flush().await
    }

    /// Puts on disk what waits, and stops; later calls give [`Error::Closed`].
    pub async fn close(&self) -> Result<()> {
        self.core.db.close().await
    }

    /// A patient's keys; only asked for where the patient's row was seen, so that a key left by a registration that
    /// failed is never kept in memory.
    pub(crate) async fn keys(&self, patient: &PatientId) -> Result<Arc<PatientKeys>> {
        self.keys_of(patient.as_str()).await
    }

    /// The same for whatever else has a key of its own, by its id.
    pub(crate) async fn keys_of(&self, id: &str) -> Result<Arc<PatientKeys>> {
        if let Some(keys) = self.core.cache.get(id) {
            return Ok(keys);
        }
        let sql = "SELECT key_id, wrapped FROM data_key WHERE patient_id = ?1 ORDER BY key_id DESC";
        let mut rows = Vec::new();
        for mut row in self.core.db.key_rows(sql, params![id]).await? {
            let key_id = u8::try_from(row.int(0)?).map_err(|_| Error::NoKey)?;
            rows.push((key_id, row.blob(1)?));
        }
        let keys = match PatientKeys::unwrap_rows(&self.core.masters(), id, rows.clone()) {
            Err(Error::WrongMasterKey) => {
                self.core.reload_masters()?;
                PatientKeys::unwrap_rows(&self.core.masters(), id, rows)?
            }
            other => other?,
        };
        let keys = Arc::new(keys);
        self.core.cache.put(id, &keys);
        Ok(keys)
    }

    /// Spends a permit: hands its row to the writer (decision 71).
    pub(crate) async fn spend(&self, entry: Entry) -> Result<()> {
        if self.core.db.hand_over(entry)? > ROWS_WAITING {
            self.flush().await?;
        }
        Ok(())
    }
}

/// Refuses a database into which a backup was being restored when it was broken off.
async fn whole(db: &Db) -> Result<()> {
    match db.row("SELECT number FROM meta WHERE name = 'restoring'", &[]).await? {
        Some(_) => Err(Unfit::BrokenOff.into()),
        None => Ok(()),
    }
}

/// Loads the master key, and opens the root secret with it; makes both where everything is new.
async fn unlock(db: &Db, settings: &Settings) -> Result<(MasterKeys, Hashes)> {
    let place = Place::of("secret", ROOT);
    let root = wrapped_root(db).await?;
    let check = key_check(db).await?;
    let masters = MasterKeys::load(&settings.master_key, root.is_none() && check.is_none())?;
    let root = match (root, &check) {
        (Some(root), _) => root,
        (None, Some(_)) => return Err(Error::WrongKeyStore("it is empty, and the database is not")),
        (None, None) => {
            let made = masters.wrap(place, &Zeroizing::new(random::bytes()))?;
            let sql = "INSERT INTO secret (name, wrapped) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING";
            db.key_execute(sql, params![ROOT, &made]).await?;
            // Another instance may have been first.
            wrapped_root(db).await?.ok_or(Error::Bug("the root secret is not there"))?
        }
    };
    let hashes = Hashes::new(&*masters.unwrap_key(place, root)?);
    match check {
        Some(check) if bool::from(check.ct_eq(&hashes.check)) => {}
        Some(_) => return Err(Error::WrongKeyStore("it was made with another one")),
        None => {
            let sql = "INSERT INTO meta (name, value) VALUES ('key_check', ?1) ON CONFLICT (name) DO NOTHING";
            db.first_execute(sql, params![&hashes.check]).await?;
        }
    }
    Ok((masters, hashes))
}

async fn wrapped_root(db: &Db) -> Result<Option<Vec<u8>>> {
    let mut found = db.key_rows("SELECT wrapped FROM secret WHERE name = ?1", params![ROOT]).await?;
    found.first_mut().map(|r| r.blob(0)).transpose()
}

async fn key_check(db: &Db) -> Result<Option<Vec<u8>>> {
    let found = db.row("SELECT value FROM meta WHERE name = 'key_check'", &[]).await?;
    found.map(|mut r| r.blob(0)).transpose()
}
