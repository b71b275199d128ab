//! Documents: the file, what is said of it, and the version of the plan that it makes where it belongs there; one
//! transaction.

use super::write::{NewVersion, SealedFile};
use super::{File, WriteVersion, Written, file_digest, file_place, version_data};
use crate::job::{Job, Tx, taken};
use crate::log::row::Entry;
use crate::path::{STEPS, insert, steps};
use crate::retention::medical_change;
use crate::seal::PatientKeys;
use crate::sharing::lock_patient;
use crate::tasks::follow::{Cause, follow};
use crate::value::params;
use crate::{Error, Result, Store, permits};
use domain::access::Permit;
use domain::document::{Event, last_event};
use domain::ident::AttachmentId;
use domain::path::What;
use domain::plan::Recorder;
use jiff::Timestamp;
use jiff::civil::Date;
use std::sync::Arc;

/// Files that belong to no version of the plan stand under this number.
pub(super) const BESIDE: u32 = 0;

/// Something about a document.
#[derive(Debug, Clone)]
pub struct WriteDocument<'a> {
    /// What happened.
    pub event: &'a Event,
    /// Number of the last step about this document that whoever writes had read; 0: none.
    pub seen: u32,
    /// By whom.
    pub by: &'a Recorder,
    /// The day it is about.
    pub day: Date,
    /// A file that comes with it.
    pub file: Option<File>,
    /// The version that it makes of the plan, where it belongs there.
    pub version: Option<WriteVersion<'a>>,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// On disk.
    Done,
    /// Somebody else wrote about this document since; nothing was written.
    Changed,
    /// The plan has another newest version than expected: make the version anew. Nothing was written.
    Stale(u32),
}

struct AddDocument {
    event: Event,
    seen: u32,
    by: Recorder,
    day: Date,
    at: Timestamp,
    keys: Arc<PatientKeys>,
    /// Where it makes no version.
    beside: Option<SealedFile>,
    version: Option<NewVersion>,
    cause: Cause,
    entry: Entry,
}

impl Store {
    /// Writes down something about a document.
    ///
    /// # Errors
    /// [`Error::Merged`] where the record was merged into another.
    pub async fn write_document(&self, permit: &Permit, write: WriteDocument<'_>, now: Timestamp) -> Result<Noted> {
        permits::record(permit)?;
        let id = permit.patient();
        let cause = self.cause(permit).await?;
        let keys = self.keys(id).await?;
        let mut beside = None;
        let version = if let Some(version) = write.version {
            let version = WriteVersion { files: write.file.into_iter().collect(), ..version };
            let number = version.version.number;
            let mut prepared = self.prepare_version(permit, &keys, version, now)?;
            prepared.says(format!("{}, document", version_data(number)));
            Some(prepared)
        } else {
            beside = write.file.map(|file| SealedFile::seal(&keys, id.as_str(), &file)).transpose()?;
            None
        };
        let entry = Entry {
            digest: beside.as_ref().map(|f| file_digest(&f.id, &f.media_type, &f.sealed)),
            ..Entry::of(permit, now, "document")
        };
        let (event, by) = (write.event.clone(), write.by.clone());
        let job =
            AddDocument { event, seen: write.seen, by, day: write.day, at: now, keys, beside, version, cause, entry };
        self.core.db.write(job).await
    }

    /// Every file of a patient, with the number of the version that brought it (0: none did), oldest version first.
    pub async fn files(&self, permit: &Permit, now: Timestamp) -> Result<Vec<(u32, File)>> {
        permits::plan(permit)?;
        let sql = "SELECT attachment_id, number FROM attachment WHERE patient_id = ?1 ORDER BY number, attachment_id";
        let mut files = Vec::new();
        for mut row in self.core.db.rows(sql, params![permit.patient().as_str()]).await? {
            let (id, version) = (row.text(0)?, row.count(1)?);
            let id = AttachmentId::parse(&id).map_err(|_| Error::Bug("a table holds what is no file's id"))?;
            files.extend(self.file(permit, &id, now).await?.map(|file| (version, file)));
        }
        Ok(files)
    }
}

impl SealedFile {
    /// Seals a file.
    pub(super) fn seal(keys: &PatientKeys, id: &str, file: &File) -> Result<Self> {
        let name = file.id.as_str();
        Ok(Self {
            id: name.to_owned(),
            media_type: keys.seal(file_place(id, name, false), file.media_type.as_bytes())?,
            sealed: keys.seal(file_place(id, name, true), &file.bytes)?,
        })
    }

    /// Puts it down under a version's number.
    pub(super) async fn put(&self, tx: &mut Tx<'_>, patient: &str, number: u32) -> Result<()> {
        let sql = "INSERT INTO attachment (patient_id, attachment_id, number, media_type, sealed) \
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        tx.execute(sql, params![patient, &self.id, number, &self.media_type, &self.sealed])
            .await
            .map_err(|e| taken(e, "id of the file"))?;
        Ok(())
    }
}

impl Job for AddDocument {
    type Out = Noted;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Noted> {
        let id = &self.cause.id;
        lock_patient(tx, id).await?;
        let so_far = steps(&self.keys, id, tx.rows(STEPS, params![id]).await?)?;
        if last_event(&so_far, self.event.name()) != self.seen {
            return Ok(Noted::Changed);
        }
        let revision = match &self.version {
            Some(version) => match version.obstacle(tx).await? {
                Ok(revision) => Some((version, revision)),
                Err(Written::Stale(newest)) => return Ok(Noted::Stale(newest)),
                Err(_) => return Err(Error::Bug("a document is not delivered twice")),
            },
            None => None,
        };
        // Before the version, so that what follows from both follows once.
        let step = (self.day, What::Document(Box::new(self.event.clone())));
        insert(tx, &self.keys, id, step, &self.by, self.at).await?;
        if let Some((version, revision)) = revision {
            version.insert(tx, revision).await?;
            return Ok(Noted::Done);
        }
        if let Some(file) = &self.beside {
            file.put(tx, id, BESIDE).await?;
        }
        medical_change(tx, id, self.entry.at).await?;
        follow(tx, &self.cause, self.entry.at).await?;
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(Noted::Done)
    }
}
