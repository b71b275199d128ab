//! What the patient's side prepares at home (V3): theirs to write, for the team to read.

use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::seal::Place;
use crate::sharing::lock_patient;
use crate::value::params;
use crate::{Error, Result, Store, permits};
use domain::access::{Action, Basis, Permit, Who};
use domain::ident::PersonId;
use domain::prepare::Prepared;
use jiff::Timestamp;

/// What one person prepared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preparation {
    /// Who.
    pub person: PersonId,
    /// Counts up with each save.
    pub revision: u32,
    /// What.
    pub prepared: Prepared,
}

/// What became of saving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// Kept, under this revision.
    Done(u32),
    /// The same person saved it meanwhile, on another device: how it stands; nothing was written.
    Stale(Box<Preparation>),
}

struct Save {
    id: String,
    person: String,
    expected: u32,
    sealed: Vec<u8>,
    entry: Entry,
}

fn place<'a>(id: &'a str, person: &'a str, revision: u32) -> Place<'a> {
    Place::of("preparation", id).number(revision).part(person.as_bytes())
}

impl Store {
    /// What was prepared for this patient, the newest first: for the patient's side itself, and for whoever holds or
    /// records the conversation. A relative prepares nothing and reads none of it.
    ///
    /// # Errors
    /// [`Error::Permit`] for anybody else.
    pub async fn preparations(&self, permit: &Permit, now: Timestamp) -> Result<Vec<Preparation>> {
        let is_for =
            matches!(permit.action(), Action::RecordPlan | Action::Converse | Action::OwnWords | Action::ExportRecord);
        if !is_for || permit.basis() == Basis::Relative {
            return Err(Error::Permit("what is prepared is for the conversation"));
        }
        let id = permit.patient().as_str();
        let sql = "SELECT person_id, revision, sealed FROM preparation WHERE patient_id = ?1";
        let rows = self.core.db.rows(sql, params![id]).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let keys = self.keys(permit.patient()).await?;
        let mut all = Vec::new();
        for mut row in rows {
            let (person, revision) = (row.text(0)?, row.count(1)?);
            let prepared = keys.open_json(place(id, &person, revision), row.blob(2)?)?;
            let person = PersonId::parse(&person).map_err(|_| Error::Bug("a table holds what is no person's id"))?;
            all.push(Preparation { person, revision, prepared });
        }
        all.sort_by_key(|p| std::cmp::Reverse(p.prepared.at));
        self.spend(Entry::of(permit, now, "preparation")).await?;
        Ok(all)
    }

    /// Keeps what was prepared, where it stands as whoever writes last saw it (revision 0: there was none).
    ///
    /// # Errors
    /// [`Error::Permit`] for anybody but the patient and the representative.
    pub async fn prepare(&self, permit: &Permit, prepared: &Prepared, expected: u32, now: Timestamp) -> Result<Kept> {
        permits::exactly(permit, Action::OwnWords)?;
        let Who::Person(person) = &permit.actor().who else { return Err(Error::Permit("only people prepare")) };
        if permit.basis() == Basis::Relative {
            return Err(Error::Permit("what is prepared is the patient's"));
        }
        let id = permit.patient().as_str();
        let keys = self.keys(permit.patient()).await?;
        let revision = expected + 1;
        let job = Save {
            id: id.to_owned(),
            person: person.as_str().to_owned(),
            expected,
            sealed: keys.seal_json(place(id, person.as_str(), revision), prepared)?,
            entry: Entry::of(permit, now, "preparation"),
        };
        Ok(match self.core.db.write(job).await? {
            None => Kept::Done(revision),
            Some((revision, sealed)) => {
                let prepared = keys.open_json(place(id, person.as_str(), revision), sealed)?;
                self.spend(Entry::of(permit, now, "preparation, changed meanwhile")).await?;
                Kept::Stale(Box::new(Preparation { person: person.clone(), revision, prepared }))
            }
        })
    }
}

impl Job for Save {
    /// What stands there instead of what was expected.
    type Out = Option<(u32, Vec<u8>)>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Out> {
        lock_patient(tx, &self.id).await?;
        let sql = "SELECT revision, sealed FROM preparation WHERE patient_id = ?1 AND person_id = ?2";
        let stands = tx.row(sql, params![&self.id, &self.person]).await?;
        if let Some(mut row) = stands
            && row.count(0)? != self.expected
        {
            return Ok(Some((row.count(0)?, row.blob(1)?)));
        }
        tx.execute(
            "INSERT INTO preparation (patient_id, person_id, revision, sealed) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (patient_id, person_id) DO UPDATE SET revision = excluded.revision, sealed = excluded.sealed",
            params![&self.id, &self.person, self.expected + 1, &self.sealed],
        )
        .await?;
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(None)
    }
}
