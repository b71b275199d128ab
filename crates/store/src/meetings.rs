//! Meetings about patients (S6): the meeting itself, sealed under a key of the installation (decision 76), and its list.
//! What a meeting says of a patient is written by [`Store::decide`] on that patient's path, with a permit of its own.

mod decide;
mod propose;

pub use propose::Candidate;

use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::patients::patient_id;
use crate::sharing::lock_patient;
use crate::value::{Row, micros, params};
use crate::{Error, Result, Store, permits};
use domain::access::{Action, Actor, Permit};
use domain::ident::{MeetingId, OrganisationId, PatientId};
use domain::meeting::Meeting;
use jiff::Timestamp;
use jiff::civil::Date;

/// A meeting as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// Its id.
    pub id: MeetingId,
    /// Counts its changes, from 1.
    pub revision: u32,
    /// What it is.
    pub meeting: Meeting,
}

/// A patient on the list, as far as everybody may know who opens the meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Number on the list, from 1.
    pub number: u32,
    /// Who.
    pub patient: PatientId,
    /// Was something decided?
    pub decided: bool,
}

/// Meetings before a day, or from it on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// From this day on, soonest first.
    From(Date),
    /// Before this day, newest first.
    Before(Date),
}

const ONE: &str = "SELECT m.meeting_id, m.revision, m.sealed FROM meeting m JOIN meeting_for f \
     ON f.meeting_id = m.meeting_id AND f.on_day = m.on_day WHERE m.meeting_id = ?1 AND f.organisation_id = ?2";
const COMING: &str = "SELECT m.meeting_id, m.revision, m.sealed FROM meeting_for f JOIN meeting m \
     ON m.meeting_id = f.meeting_id WHERE f.organisation_id = ?1 AND f.on_day >= ?2 \
     ORDER BY f.on_day, f.meeting_id LIMIT ?3";
const PAST: &str = "SELECT m.meeting_id, m.revision, m.sealed FROM meeting_for f JOIN meeting m \
     ON m.meeting_id = f.meeting_id WHERE f.organisation_id = ?1 AND f.on_day < ?2 \
     ORDER BY f.on_day DESC, f.meeting_id LIMIT ?3";

struct Write {
    id: String,
    organisation: String,
    on: String,
    with: Vec<String>,
    /// The revision that whoever changes it had read; 0: it is new.
    seen: u32,
    sealed: Vec<u8>,
    entry: Entry,
}

struct Put {
    meeting: String,
    patient: String,
    entry: Entry,
}

struct TakeOff {
    meeting: String,
    patient: String,
    entry: Entry,
}

impl Store {
    /// Keeps a new meeting; `seen` is the revision that whoever changes it had read, 0 for a new one. `false`: somebody
    /// changed it meanwhile, and nothing was written.
    pub async fn write_meeting(
        &self,
        by: &Actor,
        id: &MeetingId,
        meeting: &Meeting,
        seen: u32,
        now: Timestamp,
    ) -> Result<bool> {
        let json = serde_json::to_vec(meeting).map_err(|_| Error::Bug("a meeting does not serialise"))?;
        let text = |o: &OrganisationId| o.as_str().to_owned();
        let job = Write {
            id: id.as_str().to_owned(),
            organisation: text(&meeting.organisation),
            on: meeting.on.to_string(),
            with: std::iter::once(&meeting.organisation).chain(&meeting.with).map(text).collect(),
            seen,
            sealed: self.seal_sign_in("meeting", id.as_str(), "", &json).await?,
            entry: Entry::by(by, now, "meeting", "meeting"),
        };
        self.core.db.write(job).await
    }

    /// A meeting that the actor's organisation calls or takes part in; `None` for any other.
    pub async fn meeting(&self, by: &Actor, id: &MeetingId) -> Result<Option<Called>> {
        match self.core.db.row(ONE, params![id.as_str(), by.organisation.as_str()]).await? {
            Some(row) => self.called(row).await.map(Some),
            None => Ok(None),
        }
    }

    /// Meetings that the actor's organisation calls or takes part in.
    pub async fn meetings(&self, by: &Actor, span: Span, limit: usize) -> Result<Vec<Called>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let (sql, day) = match span {
            Span::From(day) => (COMING, day),
            Span::Before(day) => (PAST, day),
        };
        let mut all = Vec::new();
        for row in self.core.db.rows(sql, params![by.organisation.as_str(), &day.to_string(), limit]).await? {
            all.push(self.called(row).await?);
        }
        Ok(all)
    }

    /// The list: ids only. Who somebody is, is read with a permit of its own.
    pub async fn listed(&self, id: &MeetingId) -> Result<Vec<Listed>> {
        let sql = "SELECT number, patient_id, decided FROM meeting_patient WHERE meeting_id = ?1 ORDER BY number";
        let one = |mut row: Row| {
            Ok(Listed { number: row.count(0)?, patient: patient_id(&row.text(1)?)?, decided: row.flag(2)? })
        };
        self.core.db.rows(sql, params![id.as_str()]).await?.into_iter().map(one).collect()
    }

    /// Puts a patient on the list; `false` where they are on it.
    pub async fn put_on_list(&self, permit: &Permit, meeting: &MeetingId, now: Timestamp) -> Result<bool> {
        permits::exactly(permit, Action::FollowUp)?;
        let (meeting, patient) = (meeting.as_str().to_owned(), permit.patient().as_str().to_owned());
        self.core.db.write(Put { meeting, patient, entry: Entry::of(permit, now, "meeting") }).await
    }

    /// Takes a patient off the list; `false` where they are not on it, or something was decided.
    pub async fn take_off_list(&self, permit: &Permit, meeting: &MeetingId, now: Timestamp) -> Result<bool> {
        permits::exactly(permit, Action::FollowUp)?;
        let (meeting, patient) = (meeting.as_str().to_owned(), permit.patient().as_str().to_owned());
        self.core.db.write(TakeOff { meeting, patient, entry: Entry::of(permit, now, "meeting, off the list") }).await
    }

    async fn called(&self, mut row: Row) -> Result<Called> {
        let id = row.text(0)?;
        let json = self.open_sign_in("meeting", &id, "", row.blob(2)?).await?;
        Ok(Called {
            id: MeetingId::parse(&id).map_err(|_| Error::Bug("a table holds what is no meeting's id"))?,
            revision: row.count(1)?,
            meeting: serde_json::from_slice(&json)
                .map_err(|e| Error::Unreadable { table: "meeting", at: e.column() })?,
        })
    }
}

impl Job for Write {
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let id = &self.id;
        if self.seen == 0 {
            let sql = "INSERT INTO meeting (meeting_id, organisation_id, on_day, revision, made_at, sealed) \
                       VALUES (?1, ?2, ?3, 1, ?4, ?5)";
            tx.execute(sql, params![id, &self.organisation, &self.on, self.entry.at, &self.sealed]).await?;
        } else {
            let sql = "UPDATE meeting SET on_day = ?3, revision = ?2 + 1, sealed = ?4 \
                       WHERE meeting_id = ?1 AND revision = ?2";
            if tx.execute(sql, params![id, self.seen, &self.on, &self.sealed]).await? == 0 {
                return Ok(false);
            }
            tx.execute("DELETE FROM meeting_for WHERE meeting_id = ?1", params![id]).await?;
        }
        for organisation in &self.with {
            let sql = "INSERT INTO meeting_for (organisation_id, on_day, meeting_id) VALUES (?1, ?2, ?3) \
                       ON CONFLICT DO NOTHING";
            tx.execute(sql, params![organisation, &self.on, id]).await?;
        }
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(true)
    }
}

impl Job for Put {
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let (meeting, patient) = (&self.meeting, &self.patient);
        lock_patient(tx, patient).await?;
        // Locked, so that two who put somebody on the list give them numbers of their own.
        let sql = "SELECT revision FROM meeting WHERE meeting_id = ?1 /*for update*/";
        tx.row(sql, params![meeting]).await?.ok_or(Error::Missing("meeting"))?;
        let sql = "SELECT coalesce(max(number), 0) + 1 FROM meeting_patient WHERE meeting_id = ?1";
        let number = tx.row(sql, params![meeting]).await?.map_or(Ok(1), |r| r.count(0))?;
        let sql = "INSERT INTO meeting_patient (meeting_id, number, patient_id, decided, again) \
                   VALUES (?1, ?2, ?3, 0, 0) ON CONFLICT (patient_id, meeting_id) DO NOTHING";
        if tx.execute(sql, params![meeting, number, patient]).await? == 0 {
            return Ok(false);
        }
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(true)
    }
}

impl Job for TakeOff {
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let sql = "DELETE FROM meeting_patient WHERE meeting_id = ?1 AND patient_id = ?2 AND decided = 0";
        if tx.execute(sql, params![&self.meeting, &self.patient]).await? == 0 {
            return Ok(false);
        }
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(true)
    }
}

/// As a day is kept.
fn day(text: &str) -> Result<Date> {
    text.parse().map_err(|_| Error::Bug("a table holds what is no day"))
}

/// A moment as it is kept.
fn at(now: Timestamp) -> i64 {
    micros(now)
}
