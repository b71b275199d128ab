//! Writing what a file tells, some thousand patients at once, so that memory stays bounded and others get their turn.

use super::bad::{self, BadRow};
use super::subjects::{Subject, Told, Who};
use super::{Counts, json};
use crate::job::{Job, Tx};
use crate::value::{Row, micros, params};
use crate::{Result, Store};
use domain::ident::{Bsn, ExtractId, OrganisationId, PatientId};
use jiff::Timestamp;

/// What some rows tell of one patient.
#[derive(Debug, Clone)]
pub struct SubjectRows {
    /// Of which practice.
    pub organisation: OrganisationId,
    /// Who; the BSN is used to find them and not kept.
    pub who: Who,
    /// What.
    pub told: Told,
}

/// A part of a file.
#[derive(Debug, Default)]
pub struct Batch {
    /// Counts from 0.
    pub part: u32,
    /// What is kept, by patient.
    pub subjects: Vec<SubjectRows>,
    /// Rows to mend.
    pub bad: Vec<BadRow>,
}

/// Subjects in one transaction.
const STEP: usize = 500;

#[derive(Default)]
struct Put {
    extract: String,
    part: u32,
    rows: Vec<OfSubject>,
    aliases: Vec<(String, [u8; 32], [u8; 32])>,
    bad: Vec<(i64, Vec<u8>)>,
    counts: String,
    at: i64,
}

struct OfSubject {
    organisation: String,
    subject: Subject,
    patient: Option<String>,
    sealed: Vec<u8>,
}

/// Is a patient in the care of an organisation here?
const CARED: &str = "SELECT 1 FROM patient p WHERE p.patient_id = ?1 AND p.merged_into IS NULL AND \
     (EXISTS (SELECT 1 FROM team t WHERE t.patient_id = p.patient_id AND t.member = ?2 AND t.from_at <= ?3 \
        AND (t.until_at IS NULL OR t.until_at > ?3)) \
      OR EXISTS (SELECT 1 FROM delivered d WHERE d.patient_id = p.patient_id AND d.organisation_id = ?4))";

impl Store {
    /// Is a patient in the care of an organisation: in its team, or delivered by it? Of anybody else nothing is told, not
    /// even that they are known (decision 53).
    pub(crate) async fn is_cared_for(&self, id: &str, organisation: &str, at: i64) -> Result<bool> {
        let member = ["organisation:", organisation].concat();
        Ok(self.core.db.row(CARED, params![id, &member, at, organisation]).await?.is_some())
    }

    /// The patient with this BSN, where an organisation cares for them.
    pub async fn own_patient(
        &self,
        organisation: &OrganisationId,
        bsn: &Bsn,
        now: Timestamp,
    ) -> Result<Option<PatientId>> {
        let Some(found) = self.find_by_bsn(bsn).await? else { return Ok(None) };
        let cared = self.is_cared_for(found.as_str(), organisation.as_str(), micros(now)).await?;
        Ok(cared.then_some(found))
    }

    /// Writes a part of a file, and how far it is.
    pub async fn put_extract(&self, id: &ExtractId, batch: Batch, counts: &Counts, now: Timestamp) -> Result<()> {
        let vault = self.extract_sealer().await?;
        let mut put = Self::empty_put(id, batch.part, counts, now)?;
        if !batch.bad.is_empty() {
            let keys = self.keys_of(id.as_str()).await?;
            put.bad = batch.bad.iter().map(|row| bad::seal(&keys, id.as_str(), row)).collect::<Result<_>>()?;
        }
        for SubjectRows { organisation, who, told } in batch.subjects {
            let patient = match &who.bsn {
                Some(bsn) => self.own_patient(&organisation, bsn, now).await?,
                None => None,
            };
            let mut subject = self.subject(&organisation, &who);
            if let Some(alias) = self.alias(&organisation, &who) {
                if who.bsn.is_some() {
                    put.aliases.push((organisation.as_str().to_owned(), alias, subject.0));
                } else if who.linked
                    && let Some(known) = self.aliased(&organisation, &alias).await?
                {
                    subject = known;
                }
            }
            // Who came without a BSN is who they are known to be.
            let patient = match patient {
                None if who.bsn.is_none() => self.patient_of(&organisation, &subject, now).await?,
                other => other,
            };
            let place = (organisation.as_str(), &subject, id.as_str(), batch.part);
            let sealed = match &patient {
                Some(patient) => vault.seal_told(Some(&*self.keys(patient).await?), place, &told)?,
                None => vault.seal_told(None, place, &told)?,
            };
            let patient = patient.map(|p| p.as_str().to_owned());
            put.rows.push(OfSubject { organisation: organisation.as_str().to_owned(), subject, patient, sealed });
            if put.rows.len() >= STEP {
                let next = Self::empty_put(id, batch.part, counts, now)?;
                self.core.db.write(std::mem::replace(&mut put, next)).await?;
            }
        }
        self.core.db.write(put).await
    }

    fn empty_put(id: &ExtractId, part: u32, counts: &Counts, now: Timestamp) -> Result<Put> {
        Ok(Put { extract: id.as_str().to_owned(), part, counts: json(counts)?, at: micros(now), ..Put::default() })
    }

    /// Whom a subject is known to be.
    async fn patient_of(
        &self,
        organisation: &OrganisationId,
        subject: &Subject,
        now: Timestamp,
    ) -> Result<Option<PatientId>> {
        let sql = "SELECT patient_id FROM extract_subject WHERE organisation_id = ?1 AND subject = ?2";
        let row = self.core.db.row(sql, params![organisation.as_str(), &subject.0]).await?;
        let Some(id) = row.map_or(Ok(None), |mut r: Row| r.opt_text(0))? else { return Ok(None) };
        let cared = self.is_cared_for(&id, organisation.as_str(), micros(now)).await?;
        cared.then(|| crate::patients::patient_id(&id)).transpose()
    }

    async fn aliased(&self, organisation: &OrganisationId, alias: &[u8; 32]) -> Result<Option<Subject>> {
        let sql = "SELECT subject FROM extract_alias WHERE organisation_id = ?1 AND alias = ?2";
        let row = self.core.db.row(sql, params![organisation.as_str(), alias]).await?;
        row.map(|mut r| r.digest(0).map(Subject)).transpose()
    }
}

impl Job for Put {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        for OfSubject { organisation, subject, patient, sealed } in &self.rows {
            let own = patient.is_some();
            tx.execute(
                "INSERT INTO extract_subject (organisation_id, subject, patient_id, on_path, own) \
                 VALUES (?1, ?2, ?3, 0, 0) ON CONFLICT (organisation_id, subject) DO UPDATE SET \
                 patient_id = coalesce(excluded.patient_id, extract_subject.patient_id)",
                params![organisation, &subject.0, patient.as_ref()],
            )
            .await?;
            tx.execute(
                "INSERT INTO extract_fact (organisation_id, subject, extract_id, part, patient_id, own, sealed) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![organisation, &subject.0, &self.extract, self.part, patient.as_ref(), own, sealed],
            )
            .await?;
        }
        for (organisation, alias, subject) in &self.aliases {
            let sql = "INSERT INTO extract_alias (organisation_id, alias, subject) VALUES (?1, ?2, ?3) \
                       ON CONFLICT (organisation_id, alias) DO UPDATE SET subject = excluded.subject";
            tx.execute(sql, params![organisation, alias, subject]).await?;
        }
        for (line, sealed) in &self.bad {
            let sql = "INSERT INTO extract_bad (extract_id, line, sealed) VALUES (?1, ?2, ?3)";
            tx.execute(sql, params![&self.extract, *line, sealed]).await?;
        }
        let sql = "UPDATE extract SET counts = ?2, touched_at = ?3 WHERE extract_id = ?1";
        tx.execute(sql, params![&self.extract, &self.counts, self.at]).await.map(|_| ())
    }
}
