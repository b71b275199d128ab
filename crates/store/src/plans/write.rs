//! Writing a version.

use super::projection::{self, Rendered};
use super::{
    WriteVersion, Written, file_digest, mark_place, plan_place, source_place, version_data, version_digest,
    version_place,
};
use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::outbox::{tell_by_mail, to_spread};
use crate::path::PLAN;
use crate::readings::{self, Reading};
use crate::retention::medical_change;
use crate::seal::PatientKeys;
use crate::sharing::{add_event, by_form, lock_patient};
use crate::tasks::follow::{Cause, follow_plan};
use crate::value::{micros, params};
use crate::{Error, Result, Store, drafts, hooks, permits};
use domain::access::{Action, Permit, Sharing};
use domain::ident::PersonId;
use domain::path::Spoken;
use domain::plan::{CurrentOf, CurrentPlan, Mark, VersionKind};
use domain::unread::{Limits, Shown, to_tell};
use jiff::Timestamp;
use std::sync::Arc;

/// A version ready to be written.
#[expect(clippy::struct_excessive_bools, reason = "four things that are each so or not, whatever the others are")]
pub(crate) struct NewVersion {
    id: String,
    keys: Arc<PatientKeys>,
    expected: u32,
    number: u32,
    recorded_at: i64,
    sealed: Vec<u8>,
    source: Option<Vec<u8>>,
    files: Vec<SealedFile>,
    same_as: Vec<[u8; 32]>,
    sharing: Option<Sharing>,
    current: Vec<u8>,
    projection: Option<Rendered>,
    ends_draft: bool,
    /// Organisation that delivers (decision 50).
    delivers: bool,
    organisation: String,
    /// What the path needs to know of it.
    spoken: Option<Spoken>,
    /// How it came to be.
    kind: VersionKind,
    /// The limits it leaves in force.
    limits: Limits,
    /// History that is put in at once is no news to anybody.
    is_news: bool,
    /// Somebody sends mail.
    mails: bool,
    cause: Cause,
    entry: Entry,
}

pub(super) struct SealedFile {
    pub id: String,
    pub media_type: Vec<u8>,
    pub sealed: Vec<u8>,
}

struct MarkVersion {
    number: u32,
    at: i64,
    sealed: Vec<u8>,
    then: NewVersion,
}

impl Store {
    /// Writes a version: plan, log row, consent, files, all or nothing.
    ///
    /// # Errors
    /// [`Error::Merged`] where the record was merged into another, [`Error::Died`] where the patient died and this would
    /// come of a new conversation (decision 22).
    pub async fn write_version(&self, permit: &Permit, write: WriteVersion<'_>, now: Timestamp) -> Result<Written> {
        let id = permit.patient().as_str();
        self.core.db.row("SELECT 1 FROM patient WHERE patient_id = ?1", params![id]).await?.ok_or(Error::NoPatient)?;
        let keys = self.keys(permit.patient()).await?;
        self.core.db.write(self.prepare_version(permit, &keys, write, now)?).await
    }

    /// Marks a version wrong or withdrawn (decision 5), and writes with it the version that says what counts from now
    /// on. [`Written::Same`]: it was marked before, nothing was written.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is no such version.
    pub async fn mark_version(
        &self,
        permit: &Permit,
        number: u32,
        mark: &Mark,
        then: WriteVersion<'_>,
        now: Timestamp,
    ) -> Result<Written> {
        let id = permit.patient().as_str();
        self.core.db.row("SELECT 1 FROM patient WHERE patient_id = ?1", params![id]).await?.ok_or(Error::NoPatient)?;
        let keys = self.keys(permit.patient()).await?;
        let mut then = self.prepare_version(permit, &keys, then, now)?;
        then.says(format!("{}, marks {number}", version_data(then.number)));
        let sealed = keys.seal_json(mark_place(id, number), mark)?;
        self.core.db.write(MarkVersion { number, at: micros(now), sealed, then }).await
    }

    /// Seals a version.
    pub(crate) fn prepare_version(
        &self,
        permit: &Permit,
        keys: &Arc<PatientKeys>,
        write: WriteVersion<'_>,
        now: Timestamp,
    ) -> Result<NewVersion> {
        permits::record(permit)?;
        let id = permit.patient().as_str();
        let number = write.version.number;
        if number != write.expected + 1 || write.projection.as_ref().is_some_and(|p| p.number != number) {
            return Err(Error::Bug("a version's number is one more than the one it was made on"));
        }
        let mut files = write.files.iter().map(|f| SealedFile::seal(keys, id, f)).collect::<Result<Vec<_>>>()?;
        files.sort_by(|a, b| a.id.cmp(&b.id));
        let same = |s: &String| keys.hash("tijdig same 1", &[s.as_bytes()]);
        let mut same_as = write.same_as.iter().map(same).collect::<Result<Vec<_>>>()?;
        same_as.sort_unstable();
        same_as.dedup();
        let projection = write.projection.map(|p| Rendered::seal(keys, id, &p)).transpose()?;
        Ok(NewVersion {
            id: id.to_owned(),
            keys: Arc::clone(keys),
            expected: write.expected,
            number,
            recorded_at: micros(write.version.recorded_at),
            sealed: keys.seal_json(version_place(id, number), write.version)?,
            source: write.source.map(|s| keys.seal(source_place(id, number), &s)).transpose()?,
            files,
            same_as,
            sharing: write.sharing,
            current: keys.seal_json(plan_place(id, number), &CurrentOf::from(write.version))?,
            spoken: Spoken::of(&write.version.content, write.version.recorded_at),
            kind: write.version.kind,
            limits: Limits::of(&write.version.content),
            is_news: true,
            mails: self.mails(),
            cause: Cause::of(permit, Arc::clone(keys), self.review_months()),
            projection,
            ends_draft: write.ends_draft,
            delivers: permit.action() == Action::DeliverPlan,
            organisation: permit.actor().organisation.as_str().to_owned(),
            entry: Entry {
                readings: Reading::looked(permit, Shown::Form, number).into_iter().collect(),
                ..Entry::of(permit, now, version_data(number))
            },
        })
    }
}

impl NewVersion {
    /// As one of many that are put in at once: nobody is told.
    pub fn into_history(self) -> Self {
        Self { is_news: false, ..self }
    }

    /// Says something else of it in the log.
    pub(super) fn says(&mut self, data: String) {
        self.entry.data = data.into();
    }

    /// Locks the patient, and says why this cannot be the next version, or else the revision of the identity.
    pub(super) async fn obstacle(&self, tx: &mut Tx<'_>) -> Result<std::result::Result<u32, Written>> {
        let revision = lock_patient(tx, &self.id).await?;
        for hash in &self.same_as {
            let sql = "SELECT number FROM same_as WHERE patient_id = ?1 AND hash = ?2";
            if let Some(row) = tx.row(sql, params![&self.id, hash]).await? {
                return Ok(Err(Written::Same(row.count(0)?)));
            }
        }
        let newest = tx.row("SELECT number FROM plan WHERE patient_id = ?1", params![&self.id]).await?;
        let newest = newest.map_or(Ok(0), |r| r.count(0))?;
        Ok(if newest == self.expected { Ok(revision) } else { Err(Written::Stale(newest)) })
    }

    pub(super) async fn insert(&self, tx: &mut Tx<'_>, revision: u32) -> Result<Written> {
        let (id, number, at) = (&self.id, self.number, self.entry.at);
        let sql = "SELECT digest FROM plan_version WHERE patient_id = ?1 AND number = ?2";
        let previous = tx.row(sql, params![id, self.expected]).await?;
        let previous = previous.map_or(Ok([0; 32]), |mut r| r.digest(0))?;
        let files: Vec<_> = self.files.iter().map(|f| file_digest(&f.id, &f.media_type, &f.sealed)).collect();
        let digest = version_digest(id, number, &previous, &self.sealed, self.source.as_deref(), &files);
        let (told, systems) = if self.is_news { self.tell(tx).await? } else { (Vec::new(), None) };
        tx.execute(
            "INSERT INTO plan_version (patient_id, number, recorded_at, previous_digest, digest, sealed, source) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![id, number, self.recorded_at, &previous, &digest, &self.sealed, self.source.as_ref()],
        )
        .await?;
        tx.execute(
            "INSERT INTO plan (patient_id, number, sealed) VALUES (?1, ?2, ?3) \
             ON CONFLICT (patient_id) DO UPDATE SET number = excluded.number, sealed = excluded.sealed",
            params![id, number, &self.current],
        )
        .await?;
        for file in &self.files {
            file.put(tx, id, number).await?;
        }
        for hash in &self.same_as {
            let sql = "INSERT INTO same_as (patient_id, hash, number) VALUES (?1, ?2, ?3)";
            tx.execute(sql, params![id, hash, number]).await?;
        }
        match &self.projection {
            Some(rendered) if rendered.revision() == revision => rendered.put(tx).await?,
            _ => projection::remove(tx, id, 0).await?,
        }
        medical_change(tx, id, at).await?;
        if let Some(value) = self.sharing {
            add_event(tx, &self.keys, id, at, &self.entry.actor, &by_form(value), Some(number)).await?;
        }
        if self.ends_draft {
            drafts::remove(tx, id, &self.organisation).await?;
        }
        if self.delivers {
            tx.execute(
                "INSERT INTO delivered (patient_id, organisation_id, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                params![id, &self.organisation, at],
            )
            .await?;
        }
        let died = follow_plan(tx, &self.cause, self.spoken.as_ref(), at).await?;
        // History that is put in at once may well be that of somebody who died since.
        if died && self.is_news && self.kind.is_of_a_conversation() {
            return Err(Error::Died);
        }
        let mut entry = Entry { digest: Some(digest), ..self.entry.clone() };
        if self.mails {
            tell_by_mail(tx, id, &told, at).await?;
        }
        if let Some(urgent) = systems {
            to_spread(tx, id, number, urgent, at).await?;
        }
        entry.readings.extend(told);
        tx.append(std::slice::from_ref(&entry))?;
        Ok(Written::Done(number))
    }
}

impl NewVersion {
    /// Who is told of it; and where systems may have to be, whether it changes what counts in an emergency. The plan that
    /// it follows is looked at only where there is somebody to tell.
    async fn tell(&self, tx: &mut Tx<'_>) -> Result<(Vec<Reading>, Option<bool>)> {
        let readers = readings::within(tx, &self.id, self.entry.at).await?;
        let systems = hooks::any(tx).await?;
        if readers.is_empty() && !systems {
            return Ok((Vec::new(), None));
        }
        let before = match tx.row(PLAN, params![&self.id]).await? {
            Some(mut row) => {
                let before: CurrentPlan = self.keys.open_json(plan_place(&self.id, row.count(0)?), row.blob(1)?)?;
                Limits::of(&before.content)
            }
            None => Limits::default(),
        };
        let urgent = before != self.limits;
        let by = self.entry.actor.strip_prefix("person:").and_then(|p| PersonId::parse(p).ok());
        let now = Timestamp::from_microsecond(self.entry.at).map_err(|_| Error::Bug("a moment too far away"))?;
        let told =
            |person: &PersonId| Reading::Told { person: person.as_str().to_owned(), number: self.number, urgent };
        Ok((to_tell(&readers, by.as_ref(), urgent, now).map(told).collect(), systems.then_some(urgent)))
    }
}

impl Job for NewVersion {
    type Out = Written;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Written> {
        match self.obstacle(tx).await? {
            Ok(revision) => self.insert(tx, revision).await,
            Err(obstacle) => Ok(obstacle),
        }
    }
}

impl Job for MarkVersion {
    type Out = Written;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Written> {
        let id = &self.then.id;
        let revision = match self.then.obstacle(tx).await? {
            Ok(revision) => revision,
            Err(obstacle) => return Ok(obstacle),
        };
        let there = "SELECT 1 FROM plan_version WHERE patient_id = ?1 AND number = ?2";
        tx.row(there, params![id, self.number]).await?.ok_or(Error::Missing("version"))?;
        let mark = "INSERT INTO mark (patient_id, number, at, sealed) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
        if tx.execute(mark, params![id, self.number, self.at, &self.sealed]).await? == 0 {
            return Ok(Written::Same(self.number));
        }
        self.then.insert(tx, revision).await
    }
}
