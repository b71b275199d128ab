//! Replacing keys while everybody goes on working (`tijdig keys rotate`): a new master key, under which every patient's
//! key is wrapped anew, and new keys for the hashes by which patients are found.
//!
//! Everything goes in small steps, and each step may be done again: after a kill the next call goes on where this one
//! was. What is half done shows by itself: the root secret is wrapped last of all, and `meta` says under which key
//! patients are to be found and which key all of them have.
//!
//! Other instances notice without being told. One that meets a key wrapped with a master key it does not know reads the
//! key file again, and each looks at the file with every anchor. Every search by hash is answered together with the
//! number of the key in use, and every write that makes a patient findable checks that number, and whether the master
//! key it wraps with was retired, in its own transaction: who has an older one loads the newer, and tries again.

use crate::db::Db;
use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::patients::patient_id;
use crate::patients::register::insert_names;
use crate::seal::{MasterKeys, Place, SearchKeys, append_key, wrapped_with};
use crate::store::{Core, ROOT};
use crate::value::{Value, params};
use crate::{Error, MasterKey, Result, Store, random};
use jiff::Timestamp;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Rows of one step.
const STEP: i64 = 200;

/// What rotating did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rotated {
    /// Number of the master key in use now.
    pub master: u8,
    /// It went on with what another call had begun.
    pub resumed: bool,
    /// Keys and secrets wrapped anew by this call.
    pub rewrapped: u64,
    /// Patients whose hashes were made anew by this call.
    pub rehashed: u64,
    /// Master keys in the file with which nothing is wrapped any more.
    pub unused: Vec<u8>,
}

/// What a call is doing, for who watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Wrapping keys under the new master key.
    Wrapping,
    /// Making the hashes of BSN and names with the new key.
    Hashing,
}

/// Told the stage, and how many are done of how many.
pub type Watch = Arc<dyn Fn(Stage, u64, u64) + Send + Sync>;

impl Store {
    /// Makes new keys and puts them to use, or finishes what was begun.
    ///
    /// # Errors
    /// [`Error::Settings`] where the master key is not in a file, to which a new one can be added.
    pub async fn rotate_keys(&self, now: Timestamp, watch: Watch) -> Result<Rotated> {
        let MasterKey::File(path) = &self.core.master_source else {
            return Err(Error::Settings(
                "the master key comes from the environment: only one in a file can be replaced".into(),
            ));
        };
        self.refresh_keys().await?;
        let root = self.root_is_wrapped_with().await?;
        let searching = self.core.search();
        let half_wrapped = root != self.core.masters().in_use();
        let resumed = half_wrapped || !searching.is_done();
        if !resumed {
            append_key(path, &self.core.masters())?;
            self.core.reload_masters()?;
        }
        let masters = self.core.masters();
        let mut rotated = Rotated { master: masters.in_use(), resumed, ..Rotated::default() };
        if !resumed || half_wrapped {
            self.spend(Entry::program(now, "rotate-keys", format!("master key {}: begun", rotated.master))).await?;
            rotated.rewrapped = self.wrap_anew(&masters, &watch).await?;
        }
        if !resumed || !searching.is_done() || half_wrapped {
            rotated.rehashed = self.hash_anew(&watch).await?;
        }
        rotated.unused = masters.others();
        self.spend(Entry::program(now, "rotate-keys", format!("master key {}: done", rotated.master))).await?;
        self.flush().await?;
        Ok(rotated)
    }

    /// Takes from the file the master keys with which nothing is wrapped any more: older copies of the key store are
    /// worth nothing from then on. Every running instance must have the newest key by then.
    ///
    /// # Errors
    /// [`Error::Settings`] where something is still wrapped with one of them.
    pub async fn forget_unused_masters(&self, now: Timestamp) -> Result<Vec<u8>> {
        let MasterKey::File(path) = &self.core.master_source else {
            return Err(Error::Settings("the master key comes from the environment".into()));
        };
        self.refresh_keys().await?;
        let masters = self.core.masters();
        let in_use = masters.in_use();
        let mut after = String::new();
        loop {
            let page = self.wrapped_page(&after).await?;
            let Some((last, ..)) = page.last() else { break };
            after.clone_from(last);
            if page.iter().any(|(.., wrapped)| wrapped_with(wrapped) != Some(in_use)) {
                return Err(Error::Settings("keys are still wrapped with an older master key: rotate first".into()));
            }
        }
        for (_, wrapped) in self.secrets().await? {
            if wrapped_with(&wrapped) != Some(in_use) {
                return Err(Error::Settings("secrets are still wrapped with an older master key: rotate first".into()));
            }
        }
        let gone = masters.others();
        if !gone.is_empty() {
            crate::seal::keep_newest(path, &masters)?;
            self.core.reload_masters()?;
            let list: Vec<_> = gone.iter().map(ToString::to_string).collect();
            self.spend(Entry::program(now, "rotate-keys", format!("master keys forgotten: {}", list.join(", "))))
                .await?;
            self.flush().await?;
        }
        Ok(gone)
    }

    /// Loads what another instance replaced.
    pub(crate) async fn refresh_keys(&self) -> Result<()> {
        self.core.reload_masters()?;
        let search = load_search(&self.core.db, &self.core.masters(), &self.core.hashes.first).await?;
        self.core.put_search(search);
        Ok(())
    }

    async fn root_is_wrapped_with(&self) -> Result<u8> {
        let mut found = self.core.db.key_rows("SELECT wrapped FROM secret WHERE name = ?1", params![ROOT]).await?;
        let wrapped = found.first_mut().ok_or(Error::Bug("the root secret is not there"))?.blob(0)?;
        wrapped_with(&wrapped).ok_or(Error::WrongMasterKey)
    }

    async fn wrapped_page(&self, after: &str) -> Result<Vec<(String, u8, Vec<u8>)>> {
        let sql = "SELECT patient_id, key_id, wrapped FROM data_key WHERE patient_id > ?1 ORDER BY patient_id LIMIT ?2";
        let mut page = Vec::new();
        for mut row in self.core.db.key_rows(sql, params![after, STEP]).await? {
            let key_id = u8::try_from(row.int(1)?).map_err(|_| Error::NoKey)?;
            page.push((row.text(0)?, key_id, row.blob(2)?));
        }
        Ok(page)
    }

    async fn secrets(&self) -> Result<Vec<(String, Vec<u8>)>> {
        let rows = self.core.db.key_rows("SELECT name, wrapped FROM secret ORDER BY name", &[]).await?;
        rows.into_iter().map(|mut r| Ok((r.text(0)?, r.blob(1)?))).collect()
    }

    /// Wraps everything under the newest master key.
    async fn wrap_anew(&self, masters: &MasterKeys, watch: &Watch) -> Result<u64> {
        let retire = "INSERT INTO retired_master (id) VALUES (?1) ON CONFLICT (id) DO NOTHING";
        let mut first: Vec<(&'static str, Vec<Value>)> =
            masters.others().into_iter().map(|id| (retire, vec![Value::Int(id.into())])).collect();
        first.push(("DELETE FROM retired_master WHERE id = ?1", vec![Value::Int(masters.in_use().into())]));
        self.core.db.key_batch(first).await?;
        let total = self.core.db.key_rows("SELECT count(*) FROM data_key", &[]).await?;
        let total = u64::try_from(total.first().map_or(Ok(0), |r| r.int(0))?).unwrap_or(0);
        let mut wrapped = 0;
        loop {
            // Until a whole walk finds nothing: some may have been written while it went.
            let (mut after, mut found, mut seen) = (String::new(), 0, 0);
            loop {
                let page = self.wrapped_page(&after).await?;
                let Some((last, ..)) = page.last() else { break };
                after.clone_from(last);
                seen += page.len() as u64;
                let mut step = Vec::new();
                for (patient, key_id, old) in page {
                    if wrapped_with(&old) == Some(masters.in_use()) {
                        continue;
                    }
                    let place = Place::of("data_key", &patient).number(key_id);
                    let new = masters.wrap(place, &*masters.unwrap_key(place, old.clone())?)?;
                    // One that was destroyed meanwhile stays so.
                    let update = "UPDATE data_key SET wrapped = ?3 \
                                  WHERE patient_id = ?1 AND key_id = ?2 AND wrapped = ?4";
                    step.push((
                        update,
                        vec![Value::Text(patient), Value::Int(key_id.into()), Value::Blob(new), Value::Blob(old)],
                    ));
                }
                found += self.core.db.key_batch(step).await?;
                watch(Stage::Wrapping, seen.min(total), total);
            }
            wrapped += found;
            if found == 0 {
                break;
            }
        }
        // The root secret last: as long as it is under the older key, the work is not done.
        let mut secrets = self.secrets().await?;
        secrets.sort_by_key(|(name, _)| name == ROOT);
        for (name, old) in secrets {
            if wrapped_with(&old) != Some(masters.in_use()) {
                let place = Place::of("secret", &name);
                let new = masters.wrap(place, &*masters.unwrap_key(place, old.clone())?)?;
                let update = "UPDATE secret SET wrapped = ?2 WHERE name = ?1 AND wrapped = ?3";
                let step = vec![(update, vec![Value::Text(name), Value::Blob(new), Value::Blob(old)])];
                wrapped += self.core.db.key_batch(step).await?;
            }
        }
        Ok(wrapped)
    }

    /// Makes a new key for the hashes, and hashes every patient with it; goes on with one that was begun.
    async fn hash_anew(&self, watch: &Watch) -> Result<u64> {
        let mut search = self.core.search();
        if search.is_done() {
            let next = search.generation + 1;
            let name = search_secret(next);
            let made = self.core.masters().wrap(Place::of("secret", &name), &Zeroizing::new(random::bytes()))?;
            let insert = "INSERT INTO secret (name, wrapped) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING";
            self.core.db.key_execute(insert, params![&name, &made]).await?;
            // From here on who writes uses the new key.
            let begin = "UPDATE meta SET number = ?1 WHERE name = 'search_generation' AND number < ?1";
            self.core.db.write(crate::job::Statement::new(begin, params![next])).await?;
            self.refresh_keys().await?;
            search = self.core.search();
        }
        let generation = search.generation;
        let total = self.core.db.many_rows("SELECT count(*) FROM patient_bsn", &[]).await?;
        let total = u64::try_from(total.first().map_or(Ok(0), |r| r.int(0))?).unwrap_or(0);
        let mut hashed = 0;
        loop {
            let sql =
                "SELECT patient_id FROM patient_bsn WHERE generation < ?1 ORDER BY generation, patient_id LIMIT ?2";
            let page = self.core.db.many_rows(sql, params![generation, STEP]).await?;
            if page.is_empty() {
                break;
            }
            let mut step = Vec::with_capacity(page.len());
            for mut row in page {
                let id = patient_id(&row.text(0)?)?;
                step.push(match self.identity(&id).await {
                    Ok(Some(record)) => Step {
                        id: id.as_str().to_owned(),
                        revision: record.revision,
                        hashes: Some((search.bsn(&record.patient.bsn)[0], Self::name_hashes(&search, &record.patient))),
                    },
                    // Nobody can read this record: nobody need find it.
                    Ok(None) | Err(Error::NoKey) => Step { id: id.as_str().to_owned(), revision: 0, hashes: None },
                    Err(other) => return Err(other),
                });
            }
            hashed += self.core.db.write(Rehash { generation, step }).await?;
            watch(Stage::Hashing, hashed.min(total), total);
        }
        let done = "UPDATE meta SET number = ?1 WHERE name = 'search_done'";
        self.core.db.write(crate::job::Statement::new(done, params![generation])).await?;
        // What was hashed with the key before is in no table now; a copy that has it still is noise from here on.
        let before = search_secret(generation - 1);
        self.core.db.key_execute("DELETE FROM secret WHERE name = ?1", params![&before]).await?;
        self.refresh_keys().await?;
        Ok(hashed)
    }
}

impl Core {
    /// Reads the key file again.
    pub(crate) fn reload_masters(&self) -> Result<()> {
        if let MasterKey::File(_) = &self.master_source {
            let read = MasterKeys::load(&self.master_source, false)?;
            if !read.same(&self.masters()) {
                self.put_masters(read);
            }
        }
        Ok(())
    }
}

struct Rehash {
    generation: i64,
    step: Vec<Step>,
}

struct Step {
    id: String,
    revision: u32,
    /// BSN and names; nothing where the record cannot be opened.
    hashes: Option<([u8; 32], Vec<[u8; 32]>)>,
}

impl Job for Rehash {
    type Out = u64;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<u64> {
        let mut done = 0;
        for Step { id, revision, hashes } in &self.step {
            let now = "SELECT revision FROM patient WHERE patient_id = ?1 /*for update*/";
            let now = tx.row(now, params![id]).await?.map(|r| r.count(0)).transpose()?;
            let Some((bsn, names)) = hashes else {
                tx.execute("DELETE FROM patient_bsn WHERE patient_id = ?1", params![id]).await?;
                tx.execute("DELETE FROM patient_name WHERE patient_id = ?1", params![id]).await?;
                continue;
            };
            // Corrected meanwhile: that hashed with the new key, or comes by again with the next step.
            if now != Some(*revision) {
                continue;
            }
            let update = "UPDATE patient_bsn SET hash = ?2, generation = ?3 WHERE patient_id = ?1 AND generation < ?3";
            if tx.execute(update, params![id, bsn, self.generation]).await? > 0 {
                tx.execute("DELETE FROM patient_name WHERE patient_id = ?1", params![id]).await?;
                insert_names(tx, id, names).await?;
                done += 1;
            }
        }
        Ok(done)
    }
}

/// Is this the number of the key in use? Holds it in use until the transaction ends.
pub(crate) async fn generation_is(tx: &mut Tx<'_>, generation: i64) -> Result<()> {
    let sql = "SELECT number FROM meta WHERE name = 'search_generation' /*for share*/";
    match tx.row(sql, &[]).await?.map(|r| r.int(0)).transpose()? {
        Some(number) if number == generation => Ok(()),
        _ => Err(Error::KeysChanged),
    }
}

/// The keys by which patients are found, as `meta` says.
pub(crate) async fn load_search(db: &Db, masters: &MasterKeys, first: &crate::seal::SearchPair) -> Result<SearchKeys> {
    let sql = "SELECT name, number FROM meta WHERE name IN ('search_generation', 'search_done')";
    let (mut generation, mut done) = (1, 1);
    for mut row in db.rows(sql, &[]).await? {
        let number = row.int(1)?;
        if row.text(0)? == "search_done" { done = number } else { generation = number }
    }
    let mut pairs = Vec::new();
    for number in [generation, generation - 1] {
        if number == generation || done < generation {
            pairs.push(if number <= 1 {
                first.clone()
            } else {
                let name = search_secret(number);
                let sql = "SELECT wrapped FROM secret WHERE name = ?1";
                let mut found = db.key_rows(sql, params![&name]).await?;
                let wrapped = found.first_mut().ok_or(Error::WrongKeyStore(
                    "it is older than the data: a key is missing by which patients are found",
                ))?;
                let secret = masters.unwrap_key(Place::of("secret", &name), wrapped.blob(0)?)?;
                crate::seal::SearchPair::of(&secret)
            });
        }
    }
    Ok(SearchKeys::new(generation, pairs))
}

/// Makes a restored database, in which nobody can be found yet, use the newest key that the key store has.
pub(crate) async fn search_by_newest(db: &Db) -> Result<()> {
    let mut newest = 1;
    for mut row in db.key_rows("SELECT name FROM secret", &[]).await? {
        if let Some(Ok(number)) = row.text(0)?.strip_prefix("search:").map(str::parse::<i64>) {
            newest = newest.max(number);
        }
    }
    let sql = "UPDATE meta SET number = ?1 WHERE name IN ('search_generation', 'search_done')";
    db.first_execute(sql, params![newest]).await.map(|_| ())
}

fn search_secret(generation: i64) -> String {
    format!("search:{generation}")
}
