//! Writing what a file tells, some thousand patients at once, so that memory stays bounded and others get their turn.

use super::bad::{self, BadRow};
use super::subjects::{Subject, Told, Who};
use super::{Counts, Run, go_on, json};
use crate::job::{Job, Tx};
use crate::value::{Row, micros, params};
use crate::{Error, Result, Store};
use domain::ident::{Bsn, OrganisationId, PatientId};
use jiff::Timestamp;
use std::collections::HashMap;

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
/// Parts of what is sealed in one batch, at most: each of its subjects is one, as rows may name the same patient differently.
const PARTS: u32 = 32_768;

struct Put {
    run: Run,
    rows: Vec<OfSubject>,
    aliases: Vec<(String, [u8; 32], [u8; 32])>,
    bad: Vec<(i64, Vec<u8>)>,
    counts: String,
    at: i64,
}

struct OfSubject {
    organisation: String,
    subject: Subject,
    part: u32,
    patient: Option<String>,
    sealed: Vec<u8>,
}

/// The patient, or the record into which theirs was merged by now, where an organisation cares for them here. A record that was
/// merged into may have been merged itself since.
const CARED: &str = "WITH RECURSIVE by_now (id, merged_into) AS ( \
       SELECT patient_id, merged_into FROM patient WHERE patient_id = ?1 \
       UNION ALL SELECT p.patient_id, p.merged_into FROM by_now b JOIN patient p ON p.patient_id = b.merged_into) \
     SELECT k.id FROM by_now k WHERE k.merged_into IS NULL AND \
     (EXISTS (SELECT 1 FROM team t WHERE t.patient_id = k.id AND t.member = ?2 AND t.from_at <= ?3 \
        AND (t.until_at IS NULL OR t.until_at > ?3)) \
      OR EXISTS (SELECT 1 FROM delivered d WHERE d.patient_id = k.id AND d.organisation_id = ?4))";

impl Store {
    /// Who a patient is by now, where an organisation cares for them: has them in its care team, or delivered them. Of anybody
    /// else nothing is told, not even that they are known (decision 53).
    pub(crate) async fn cared_for(&self, id: &str, organisation: &str, at: i64) -> Result<Option<String>> {
        let member = ["organisation:", organisation].concat();
        let row = self.core.db.row(CARED, params![id, &member, at, organisation]).await?;
        row.map(|mut row| row.text(0)).transpose()
    }

    /// The patient with this BSN, where an organisation cares for them.
    pub async fn own_patient(
        &self,
        organisation: &OrganisationId,
        bsn: &Bsn,
        now: Timestamp,
    ) -> Result<Option<PatientId>> {
        let Some(found) = self.find_by_bsn(bsn).await? else { return Ok(None) };
        let cared = self.cared_for(found.as_str(), organisation.as_str(), micros(now)).await?;
        cared.map(|id| crate::patients::patient_id(&id)).transpose()
    }

    /// Writes a part of a file, and how far it is.
    ///
    /// # Errors
    /// [`Error::Missing`] where the file was taken back, or somebody began anew.
    pub async fn put_extract(&self, run: &Run, batch: Batch, counts: &Counts, now: Timestamp) -> Result<()> {
        let (id, vault) = (run.id.as_str(), self.extract_sealer().await?);
        let mut put = Self::empty_put(run, counts, now)?;
        if !batch.bad.is_empty() {
            let keys = self.keys_of(id).await?;
            put.bad = batch.bad.iter().map(|row| bad::seal(&keys, id, row)).collect::<Result<_>>()?;
        }
        let met = self.aliases_of(&batch.subjects);
        for (n, SubjectRows { organisation, who, mut told }) in batch.subjects.into_iter().enumerate() {
            let alias = self.alias(&organisation, &who);
            // Who came without a BSN is who they are known to be, by this batch or an earlier one.
            let bsn = who.bsn.as_ref().or_else(|| alias.as_ref().and_then(|alias| met.get(alias)));
            let (subject, patient) = if let Some(bsn) = bsn {
                let subject = self.subject_of_bsn(organisation.as_str(), bsn);
                (subject, self.own_patient(&organisation, bsn, now).await?)
            } else {
                let known = match &alias {
                    Some(alias) => self.aliased(&organisation, alias).await?,
                    None => None,
                };
                let subject = known.unwrap_or_else(|| self.subject(&organisation, &who));
                (subject, self.patient_of(&organisation, &subject, now).await?)
            };
            if let (Some(_), Some(alias)) = (&who.bsn, alias) {
                put.aliases.push((organisation.as_str().to_owned(), alias, subject.0));
            }
            if patient.is_none() {
                told.insurer = None;
            }
            let part = part(batch.part, n)?;
            let place = (organisation.as_str(), &subject, id, part);
            let sealed = match &patient {
                Some(patient) => vault.seal_told(Some(&*self.keys(patient).await?), place, &told)?,
                None => vault.seal_told(None, place, &told)?,
            };
            let patient = patient.map(|p| p.as_str().to_owned());
            put.rows.push(OfSubject { organisation: organisation.as_str().to_owned(), subject, part, patient, sealed });
            if put.rows.len() >= STEP {
                let next = Self::empty_put(run, counts, now)?;
                self.core.db.write(std::mem::replace(&mut put, next)).await?;
            }
        }
        self.core.db.write(put).await
    }

    /// Whom the rows of one batch say that a number with a birth date means.
    fn aliases_of(&self, all: &[SubjectRows]) -> HashMap<[u8; 32], Bsn> {
        let of = |one: &SubjectRows| Some((self.alias(&one.organisation, &one.who)?, one.who.bsn.clone()?));
        all.iter().filter(|one| one.who.bsn.is_some()).filter_map(of).collect()
    }

    fn empty_put(run: &Run, counts: &Counts, now: Timestamp) -> Result<Put> {
        Ok(Put {
            run: run.clone(),
            rows: Vec::new(),
            aliases: Vec::new(),
            bad: Vec::new(),
            counts: json(counts)?,
            at: micros(now),
        })
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
        let cared = self.cared_for(&id, organisation.as_str(), micros(now)).await?;
        cared.map(|id| crate::patients::patient_id(&id)).transpose()
    }

    async fn aliased(&self, organisation: &OrganisationId, alias: &[u8; 32]) -> Result<Option<Subject>> {
        let sql = "SELECT subject FROM extract_alias WHERE organisation_id = ?1 AND alias = ?2";
        let row = self.core.db.row(sql, params![organisation.as_str(), alias]).await?;
        row.map(|mut r| r.digest(0).map(Subject)).transpose()
    }
}

/// Which part of the file the n-th subject of a batch is.
fn part(batch: u32, n: usize) -> Result<u32> {
    let n = u32::try_from(n).ok().filter(|n| *n < PARTS);
    let part = batch.checked_mul(PARTS).zip(n).and_then(|(first, n)| first.checked_add(n));
    part.ok_or(Error::Bug("a file of too many parts"))
}

impl Job for Put {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        // First of all: it locks the file, and whoever takes it back waits or was first.
        go_on(tx, &self.run, Some(&self.counts), self.at).await?;
        let extract = self.run.id.as_str();
        for OfSubject { organisation, subject, part, patient, sealed } in &self.rows {
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
                params![organisation, &subject.0, extract, *part, patient.as_ref(), own, sealed],
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
            tx.execute(sql, params![extract, *line, sealed]).await?;
        }
        Ok(())
    }
}
