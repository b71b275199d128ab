//! Erasing a record for good (decision 70): the patient's key, the hashes by which the patient was found, and every
//! row of the patient's. What stays is the log, whose seals are over sealed bytes, and the proof that it was done.
//!
//! The order is such that a kill at any point leaves either everything or an erasure that the next start finishes: the
//! proof is written as begun, then the key is destroyed, then the rows go, then what was deleted is overwritten.

use crate::db::Db;
use crate::extracts::out::forget;
use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::patients::patient_id;
use crate::value::{Row, params};
use crate::{Error, Result, Store, cards, permits};
use domain::access::{Action, Permit};
use domain::ident::PatientId;
use jiff::Timestamp;

/// Why a record was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// The patient asked for it (article 7:455 BW).
    Request,
    /// It was kept long enough (article 7:454 BW).
    Retention,
    /// It should never have been here.
    Mistake,
    /// It had been erased, and came back with an older copy of the data.
    Restored,
}

impl Ground {
    /// Code in the table and the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Retention => "retention",
            Self::Mistake => "mistake",
            Self::Restored => "restored",
        }
    }

    /// The ground with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Request, Self::Retention, Self::Mistake, Self::Restored].into_iter().find(|g| g.code() == code)
    }
}

/// What erasing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erased {
    /// Records: more than one where others had been merged into it.
    pub records: u32,
    /// Is what was deleted overwritten already? If not, that is tried again each minute and at the next start.
    pub overwritten: bool,
}

/// Proof of an erasure, without content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// The id that the record had.
    pub patient: PatientId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub ground: Ground,
    /// By whom: as in the log.
    pub actor: String,
    /// In which role.
    pub role: Option<String>,
    /// For which organisation.
    pub organisation: Option<String>,
    /// The key and every row are gone, and what was deleted is overwritten.
    pub complete: bool,
}

const UNFINISHED: &str = "SELECT patient_id, at, ground, actor, role, organisation, basis FROM erasure WHERE done = 0";

/// Writes the proof, as begun, for a record and those merged into it.
struct Begin {
    id: String,
    ground: Ground,
    entry: Entry,
}

/// Destroys keys and rows of one record.
struct Destroy {
    id: String,
    entry: Entry,
}

impl Store {
    /// Erases the permit's record, and those that were merged into it. Cannot be undone.
    ///
    /// # Errors
    /// [`Error::NoPatient`]; [`Error::Merged`] where the record was merged into another: erase that one.
    pub async fn erase(&self, permit: &Permit, ground: Ground, now: Timestamp) -> Result<Erased> {
        permits::exactly(permit, Action::ErasePatient)?;
        let begin = Begin {
            id: permit.patient().as_str().to_owned(),
            ground,
            entry: Entry::of(permit, now, format!("record: {}", ground.code())),
        };
        let records = self.core.db.write(begin).await?;
        self.finish_erasures().await?;
        Ok(Erased { records, overwritten: self.sweep().await? })
    }

    /// What was erased, in order of the ids that the records had; `after` is the last of the page before.
    pub async fn erasures(&self, after: Option<&PatientId>, limit: u32) -> Result<Vec<Erasure>> {
        let sql = "SELECT patient_id, at, ground, actor, role, organisation, done, swept FROM erasure \
                   WHERE patient_id > ?1 ORDER BY patient_id LIMIT ?2";
        let rows = self.core.db.many_rows(sql, params![after.map_or("", PatientId::as_str), limit]).await?;
        let proof = |mut row: Row| {
            Ok(Erasure {
                patient: patient_id(&row.text(0)?)?,
                at: row.time(1)?,
                ground: Ground::of_code(&row.text(2)?).ok_or(Error::Bug("an erasure has no ground"))?,
                actor: row.text(3)?,
                role: row.opt_text(4)?,
                organisation: row.opt_text(5)?,
                complete: row.flag(6)? && row.flag(7)?,
            })
        };
        rows.into_iter().map(proof).collect()
    }

    /// Finishes what was begun, by this process or one that was stopped.
    pub(crate) async fn finish_erasures(&self) -> Result<()> {
        for mut row in self.core.db.rows(UNFINISHED, &[]).await? {
            let id = row.text(0)?;
            let mut entry = Entry::program(row.time(1)?, "erase-patient", format!("record: {}", row.text(2)?));
            entry.chain.clone_from(&id);
            entry.actor = row.text(3)?;
            entry.role = row.opt_text(4)?.map(Into::into);
            entry.organisation = row.opt_text(5)?;
            entry.basis = row.opt_text(6)?.map(Into::into);
            self.core.cache.forget(&id);
            self.core.db.write(Destroy { id, entry }).await?;
        }
        Ok(())
    }

    /// Erases again what comes back with an older copy of the data: the key store remembers which keys it destroyed.
    pub(crate) async fn erase_what_was_erased(&self, now: Timestamp) -> Result<u64> {
        let mut erased = 0;
        for mut row in self.core.db.key_rows("SELECT patient_id FROM destroyed_key", &[]).await? {
            let id = row.text(0)?;
            if self.core.db.row("SELECT 1 FROM patient WHERE patient_id = ?1", params![&id]).await?.is_none() {
                continue;
            }
            let mut entry = Entry::program(now, "erase-patient", "record: restored");
            entry.basis = Some("administration".into());
            let begin = Begin { id, ground: Ground::Restored, entry };
            match self.core.db.write(begin).await {
                // It goes with the record it was merged into, whose key was destroyed too.
                Ok(_) | Err(Error::Merged(_)) => erased += 1,
                Err(other) => return Err(other),
            }
        }
        self.finish_erasures().await?;
        self.sweep().await?;
        Ok(erased)
    }

    /// Overwrites what was deleted, where that was not done yet; `false` where somebody was in the way.
    pub(crate) async fn sweep(&self) -> Result<bool> {
        let pending = "SELECT patient_id FROM erasure WHERE swept = 0 AND done = 1";
        let pending = self.core.db.rows(pending, &[]).await?.into_iter().map(|mut row| row.text(0));
        let pending = pending.collect::<Result<Vec<_>>>()?;
        if pending.is_empty() {
            return Ok(true);
        }
        let swept = match &self.core.db {
            Db::Sqlite(db) => db.overwrite().await?,
            Db::Postgres(db) => db.overwrite().await?,
        };
        if swept {
            self.core.db.write(Swept(pending)).await?;
        }
        Ok(swept)
    }
}

/// Notes that what was deleted of these is overwritten; of what was erased meanwhile it may not be.
struct Swept(Vec<String>);

impl Job for Swept {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        for id in &self.0 {
            tx.execute("UPDATE erasure SET swept = 1 WHERE patient_id = ?1 AND done = 1", params![id]).await?;
        }
        Ok(())
    }
}

impl Job for Begin {
    type Out = u32;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<u32> {
        let sql = "SELECT merged_into FROM patient WHERE patient_id = ?1 /*for update*/";
        let mut row = tx.row(sql, params![&self.id]).await?.ok_or(Error::NoPatient)?;
        if let Some(into) = row.opt_text(0)? {
            return Err(Error::Merged(patient_id(&into)?));
        }
        // Merged records may have been merged into before.
        let mut ids = vec![self.id.clone()];
        let mut next = 0;
        while let Some(id) = ids.get(next).cloned() {
            let aliases = "SELECT patient_id FROM patient WHERE merged_into = ?1 ORDER BY patient_id";
            for mut row in tx.rows(aliases, params![&id]).await? {
                ids.push(row.text(0)?);
            }
            next += 1;
        }
        let e = &self.entry;
        for id in &ids {
            tx.execute(
                "INSERT INTO erasure (patient_id, at, ground, actor, role, organisation, basis, done, swept) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0) ON CONFLICT (patient_id) DO UPDATE SET done = 0, swept = 0",
                params![
                    id,
                    e.at,
                    self.ground.code(),
                    &e.actor,
                    e.role.as_deref(),
                    e.organisation.as_deref(),
                    e.basis.as_deref(),
                ],
            )
            .await?;
        }
        u32::try_from(ids.len()).map_err(|_| Error::Bug("too many records"))
    }
}

impl Job for Destroy {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let done = "UPDATE erasure SET done = 1 WHERE patient_id = ?1 AND done = 0";
        if tx.execute(done, params![&self.id]).await? == 0 {
            // Another instance was first.
            return Ok(());
        }
        // On disk before the rest: what is left without it is noise.
        tx.destroy_key(&self.id, self.entry.at).await?;
        self.people(tx).await?;
        cards::leave_behind(tx, &self.id).await?;
        forget(tx, &self.id).await?;
        for table in tx.tables_with("patient_id").await? {
            if table != "erasure" {
                tx.execute(&format!("DELETE FROM {table} WHERE patient_id = ?1"), params![&self.id]).await?;
            }
        }
        tx.append(std::slice::from_ref(&self.entry))
    }
}

impl Destroy {
    /// Those who sign in only as this patient, or as somebody of this patient's, go with the record: with name,
    /// password, sessions and whatever else is theirs.
    async fn people(&self, tx: &mut Tx<'_>) -> Result<()> {
        let only_here = "SELECT DISTINCT o.person_id FROM own_account o WHERE o.patient_id = ?1 \
             AND NOT EXISTS (SELECT 1 FROM own_account e WHERE e.person_id = o.person_id AND e.patient_id <> ?1) \
             AND NOT EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = o.person_id)";
        let people = tx.rows(only_here, params![&self.id]).await?;
        if people.is_empty() {
            return Ok(());
        }
        let of_patients = tx.tables_with("patient_id").await?;
        let tables: Vec<_> =
            tx.tables_with("person_id").await?.into_iter().filter(|t| !of_patients.contains(t)).collect();
        for mut person in people {
            let person = person.text(0)?;
            for table in &tables {
                tx.execute(&format!("DELETE FROM {table} WHERE person_id = ?1"), params![&person]).await?;
            }
        }
        Ok(())
    }
}
