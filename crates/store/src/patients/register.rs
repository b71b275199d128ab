//! Registering a patient.

use super::{KEY_TRIES, Registered, identity_place, patient_id};
use crate::extracts::subjects::{Subject, link};
use crate::job::{Job, Tx, taken};
use crate::log::row::Entry;
use crate::retention::medical_change;
use crate::rotate::generation_is;
use crate::seal::{PatientKeys, SearchKeys};
use crate::team::Member;
use crate::value::params;
use crate::{Error, Result, Store, leads, permits, sharing};
use domain::access::{Action, Permit};
use domain::consent::Consent;
use domain::patient::Patient;
use jiff::Timestamp;
use std::sync::Arc;

/// A patient ready to be written.
pub(crate) struct NewPatient {
    pub id: String,
    /// Under which everything of the patient's is sealed.
    pub keys: Arc<PatientKeys>,
    wrapped: Vec<u8>,
    identity: Vec<u8>,
    sharing: Vec<u8>,
    /// Under the key in use, and under the one before.
    bsn: [[u8; 32]; 2],
    /// The key in use.
    generation: i64,
    names: Vec<[u8; 32]>,
    organisation: String,
    /// As whom files of the registering practice may have told of them.
    subject: Subject,
    team: Vec<String>,
    entry: Entry,
}

impl Store {
    /// Registers the permit's patient (id from `PatientId::from_bits(random::bits())`). The actor's organisation has
    /// delivered from now on (decision 50); `team` joins the care team.
    pub async fn register(
        &self,
        permit: &Permit,
        patient: &Patient,
        team: &[Member],
        now: Timestamp,
    ) -> Result<Registered> {
        for _ in 0..KEY_TRIES {
            let new = self.prepare_patient(permit, patient, team, now)?;
            match self.core.db.write(new).await {
                // Two registrations met, and the other was first.
                Err(Error::Taken("BSN")) => {
                    let first = self.find_by_bsn(&patient.bsn).await?;
                    return first.map(Registered::Double).ok_or(Error::Taken("BSN"));
                }
                Err(Error::KeysChanged) => self.refresh_keys().await?,
                other => return other,
            }
        }
        Err(Error::KeysChanged)
    }

    /// Seals a new patient.
    pub(crate) fn prepare_patient(
        &self,
        permit: &Permit,
        patient: &Patient,
        team: &[Member],
        now: Timestamp,
    ) -> Result<NewPatient> {
        permits::exactly(permit, Action::RegisterPatient)?;
        let id = permit.patient();
        let search = self.core.search();
        let (keys, wrapped) = PatientKeys::make(&self.core.masters(), id.as_str())?;
        Ok(NewPatient {
            id: id.as_str().to_owned(),
            wrapped,
            identity: keys.seal_json(identity_place(id, 1), patient)?,
            sharing: sharing::seal(&keys, id.as_str(), &Consent::default())?,
            bsn: search.bsn(&patient.bsn),
            names: Self::name_hashes(&search, patient),
            generation: search.generation,
            organisation: permit.actor().organisation.as_str().to_owned(),
            subject: self.subject_of_bsn(permit.actor().organisation.as_str(), &patient.bsn),
            team: team.iter().map(Member::code).collect(),
            entry: Entry::of(permit, now, "patient"),
            keys: Arc::new(keys),
        })
    }

    /// By which a patient is found by birth date and name (decision 74).
    pub(crate) fn name_hashes(search: &SearchKeys, patient: &Patient) -> Vec<[u8; 32]> {
        let born = patient.birth_date.day().map_or_else(|| patient.birth_date.as_str().to_owned(), |d| d.to_string());
        let mut hashes: Vec<_> = patient.search_names().iter().map(|n| search.name(&born, n)[0]).collect();
        hashes.sort_unstable();
        hashes.dedup();
        hashes
    }
}

impl NewPatient {
    /// The key that must be in the key store before anything is written.
    pub fn key(&self) -> (&str, &[u8]) {
        (&self.id, &self.wrapped)
    }

    /// The patient who has this BSN already.
    pub async fn double(&self, tx: &mut Tx<'_>) -> Result<Option<String>> {
        generation_is(tx, self.generation).await?;
        let sql = "SELECT patient_id FROM patient_bsn WHERE hash = ?1 OR hash = ?2";
        let found = tx.row(sql, params![&self.bsn[0], &self.bsn[1]]).await?;
        found.map(|mut r| r.text(0)).transpose()
    }

    /// Writes the patient, whose key is kept already.
    pub async fn insert(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (id, at) = (&self.id, self.entry.at);
        let bsn = "INSERT INTO patient_bsn (hash, patient_id, generation) VALUES (?1, ?2, ?3)";
        tx.execute(bsn, params![&self.bsn[0], id, self.generation]).await.map_err(|e| taken(e, "BSN"))?;
        tx.execute(
            "INSERT INTO patient (patient_id, revision, changed_at, sharing, identity) VALUES (?1, 1, ?2, ?3, ?4)",
            params![id, at, &self.sharing, &self.identity],
        )
        .await
        .map_err(|e| taken(e, "id of the patient"))?;
        insert_names(tx, id, &self.names).await?;
        leads::begin(tx, id, at).await?;
        medical_change(tx, id, at).await?;
        tx.execute(
            "INSERT INTO delivered (patient_id, organisation_id, at) VALUES (?1, ?2, ?3)",
            params![id, &self.organisation, at],
        )
        .await?;
        link(tx, &self.organisation, &self.subject, id).await?;
        for member in &self.team {
            tx.execute(
                "INSERT INTO team (patient_id, member, from_at, without_since) VALUES (?1, ?2, ?3, ?3) \
                 ON CONFLICT DO NOTHING",
                params![id, member, at],
            )
            .await?;
        }
        tx.append(std::slice::from_ref(&self.entry))
    }
}

/// Makes a patient findable by these hashes.
pub(crate) async fn insert_names(tx: &mut Tx<'_>, id: &str, names: &[[u8; 32]]) -> Result<()> {
    for hash in names {
        tx.execute("INSERT INTO patient_name (hash, patient_id) VALUES (?1, ?2)", params![hash, id]).await?;
    }
    Ok(())
}

impl Job for NewPatient {
    type Out = Registered;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Registered> {
        if let Some(other) = self.double(tx).await? {
            return Ok(Registered::Double(patient_id(&other)?));
        }
        // A key of a patient who is here must never be replaced.
        if tx.row("SELECT 1 FROM patient WHERE patient_id = ?1", params![&self.id]).await?.is_some() {
            return Err(Error::Taken("id of the patient"));
        }
        tx.put_keys(&[self.key()]).await?;
        self.insert(tx).await?;
        Ok(Registered::New)
    }
}
