//! What a meeting said of a patient, with the tasks that follow from it: one transaction.

use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::path::{STEPS, insert, steps};
use crate::sharing::lock_patient;
use crate::tasks::follow::{Cause, follow};
use crate::value::params;
use crate::{Error, Result, Store, permits};
use domain::access::{Action, Permit};
use domain::ident::MeetingId;
use domain::meeting::{Decision, Event, last_event};
use domain::path::What;
use domain::plan::Recorder;
use jiff::Timestamp;
use jiff::civil::Date;

struct Decide {
    meeting: MeetingId,
    on: Date,
    events: Vec<Event>,
    seen: u32,
    by: Recorder,
    now: Timestamp,
    cause: Cause,
    entry: Entry,
}

impl Store {
    /// Writes what a meeting said of a patient who is on its list, on the day of the meeting. `seen` is the number of the
    /// last step of this meeting that whoever writes had read; `false`: another wrote meanwhile, and nothing was written.
    ///
    /// # Errors
    /// [`Error::Missing`] where the patient is not on the list, [`Error::Merged`] where the record was merged into another.
    #[expect(clippy::too_many_arguments, reason = "which meeting, when, what, after what, by whom, and the clock")]
    pub async fn decide(
        &self,
        permit: &Permit,
        meeting: &MeetingId,
        on: Date,
        events: &[Event],
        seen: u32,
        by: &Recorder,
        now: Timestamp,
    ) -> Result<bool> {
        permits::exactly(permit, Action::Converse)?;
        let job = Decide {
            meeting: meeting.clone(),
            on,
            events: events.to_vec(),
            seen,
            by: by.clone(),
            now,
            cause: self.cause(permit).await?,
            entry: Entry::of(permit, now, "meeting"),
        };
        self.core.db.write(job).await
    }
}

impl Job for Decide {
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let (id, keys) = (&self.cause.id, &self.cause.keys);
        lock_patient(tx, id).await?;
        let so_far = steps(keys, id, tx.rows(STEPS, params![id]).await?)?;
        if last_event(&so_far, &self.meeting) != self.seen {
            return Ok(false);
        }
        for event in &self.events {
            if let Event::Discussed(said) = event {
                let again = said.decisions.contains(&Decision::Again);
                let sql =
                    "UPDATE meeting_patient SET decided = 1, again = ?3 WHERE meeting_id = ?1 AND patient_id = ?2";
                if tx.execute(sql, params![self.meeting.as_str(), id, again]).await? == 0 {
                    return Err(Error::Missing("patient on the list"));
                }
            }
            insert(tx, keys, id, (self.on, What::Meeting(Box::new(event.clone()))), &self.by, self.now).await?;
        }
        follow(tx, &self.cause, self.entry.at).await?;
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(true)
    }
}
