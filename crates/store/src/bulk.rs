//! Many patients at once, for a demo or an import on the command line: the same functions, one transaction for all.

use crate::job::{Job, Tx};
use crate::leads::{self, Candidate};
use crate::path::AddSteps;
use crate::patients::KEY_TRIES;
use crate::patients::register::NewPatient;
use crate::plans::write::NewVersion;
use crate::plans::{WriteVersion, Written};
use crate::seal::PatientKeys;
use crate::sharing::add_event;
use crate::tasks::follow::Cause;
use crate::team::Member;
use crate::value::micros;
use crate::{Error, Result, Store};
use domain::access::{Permit, Sharing};
use domain::consent::Said;
use domain::path::What;
use domain::patient::Patient;
use domain::plan::Recorder;
use jiff::Timestamp;
use jiff::civil::Date;
use std::sync::Arc;

/// A patient with everything that comes at once.
#[derive(Debug, Clone)]
pub struct BulkPatient<'a> {
    /// Permit of [`domain::access::Action::RegisterPatient`].
    pub permit: &'a Permit,
    /// Who it is.
    pub patient: &'a Patient,
    /// When registered.
    pub at: Timestamp,
    /// The care team, from then.
    pub team: &'a [Member],
    /// Consent to share, if anything was said about it when registering.
    pub sharing: Option<Sharing>,
    /// Who leads from then.
    pub lead: Option<Candidate>,
    /// The versions in order, each with the permit and the time of its writing.
    pub versions: Vec<(&'a Permit, WriteVersion<'a>, Timestamp)>,
    /// What happened beside the versions, in the order of writing.
    pub happened: Vec<Happened<'a>>,
}

/// What somebody wrote down at one time.
#[derive(Debug, Clone)]
pub struct Happened<'a> {
    /// Permit for what is written, as for [`Store::add_steps`].
    pub permit: &'a Permit,
    /// What, each with the day it is about.
    pub what: &'a [(Date, What)],
    /// Who wrote it.
    pub by: &'a Recorder,
    /// When.
    pub at: Timestamp,
}

struct Bulk(Vec<One>);

struct One {
    patient: NewPatient,
    keys: Arc<PatientKeys>,
    at: i64,
    sharing: Option<Sharing>,
    lead: Option<Candidate>,
    versions: Vec<NewVersion>,
    happened: Vec<AddSteps>,
}

impl Store {
    /// Writes all or nothing, in one transaction; a few hundred at once are right. Sealing happens in the calling task,
    /// so that several tasks may prepare at once.
    ///
    /// # Errors
    /// [`Error::Taken`] where a BSN is in use; [`Error::Bug`] where versions do not follow each other.
    pub async fn bulk(&self, patients: &[BulkPatient<'_>]) -> Result<()> {
        for _ in 0..KEY_TRIES {
            match self.core.db.write(self.prepare_bulk(patients)?).await {
                Err(Error::KeysChanged) => self.refresh_keys().await?,
                other => return other,
            }
        }
        Err(Error::KeysChanged)
    }

    fn prepare_bulk(&self, patients: &[BulkPatient<'_>]) -> Result<Bulk> {
        let mut all = Vec::with_capacity(patients.len());
        for one in patients {
            let patient = self.prepare_patient(one.permit, one.patient, one.team, one.at)?;
            let keys = Arc::clone(&patient.keys);
            let mut versions = Vec::with_capacity(one.versions.len());
            for (permit, write, now) in &one.versions {
                if permit.patient() != one.permit.patient() {
                    return Err(Error::Permit("a version is of another patient"));
                }
                versions.push(self.prepare_version(permit, &keys, write.clone(), *now)?.into_history());
            }
            let mut happened = Vec::with_capacity(one.happened.len());
            for Happened { permit, what, by, at } in &one.happened {
                if permit.patient() != one.permit.patient() {
                    return Err(Error::Permit("what happened is of another patient"));
                }
                let cause = Cause::of(permit, Arc::clone(&keys), self.review_months());
                happened.push(AddSteps::of(permit, what, None, by, *at, cause)?);
            }
            let (at, lead) = (micros(one.at), one.lead.clone());
            all.push(One { patient, keys, at, sharing: one.sharing, lead, versions, happened });
        }
        Ok(Bulk(all))
    }
}

impl Job for Bulk {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        for one in &self.0 {
            if one.patient.double(tx).await?.is_some() {
                return Err(Error::Taken("BSN"));
            }
        }
        let keys: Vec<_> = self.0.iter().map(|o| o.patient.key()).collect();
        tx.put_keys(&keys).await?;
        for one in &self.0 {
            one.patient.insert(tx).await?;
            if let Some(value) = one.sharing {
                add_event(tx, &one.keys, &one.patient.id, one.at, "program", &Said::for_everyone(value), None).await?;
            }
            if let Some(lead) = &one.lead {
                leads::from_start(tx, &one.keys, &one.patient.id, one.at, lead).await?;
            }
            for version in &one.versions {
                if !matches!(version.run(tx).await?, Written::Done(_)) {
                    return Err(Error::Bug("versions written at once do not follow each other"));
                }
            }
            for steps in &one.happened {
                steps.run(tx).await?;
            }
        }
        Ok(())
    }
}
