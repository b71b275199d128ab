//! Tasks: what follows from the path is kept up by `follow` within each change; here is what somebody does with one.

mod crew;
pub(crate) mod follow;
mod list;

pub use list::{After, Asked, Draft, Waiting, Whose};

use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::organisations::organisation_id;
use crate::path;
use crate::seal::{PatientKeys, Place};
use crate::sharing::lock_patient;
use crate::value::{Row, params};
use crate::{Error, Result, Store, permits};
use domain::access::{Action, Actor, Permit};
use domain::ident::PersonId;
use domain::meeting::Event;
use domain::path::What;
use domain::plan::Recorder;
use domain::role::Role;
use domain::task::{Assignee, Crew, Deed, Kind, Refused, Task, deed};
use follow::{Cause, follow};
use jiff::Timestamp;
use jiff::civil::Date;

/// What became of a deed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Did {
    /// Done.
    Done,
    /// It waits no more: somebody did it meanwhile.
    Gone,
    /// Somebody changed it meanwhile: as it stands now. Nothing was written.
    Changed(Box<Task>),
    /// It may not be done, and why.
    Refused(Refused),
}

/// Columns of a task, as [`open_task`] reads them.
const ONE: &str = "SELECT number, kind, organisation_id, role, person_id, due_on, meant_for, made_at, sealed, about FROM task \
                   WHERE patient_id = ?1 AND number = ?2 AND done_at IS NULL";
pub(crate) const OPEN_TASKS: &str = "SELECT number, kind, organisation_id, role, person_id, due_on, meant_for, made_at, \
     sealed, about FROM task WHERE patient_id = ?1 AND done_at IS NULL ORDER BY due_on, number";

struct Do {
    number: u32,
    /// How many things had been done with it when it was read.
    seen: usize,
    deed: Deed,
    actor: Actor,
    by: Recorder,
    now: Timestamp,
    today: Date,
    cause: Cause,
    entry: Entry,
}

impl Store {
    /// A task that waits; `None` where it does so no more.
    pub async fn task(&self, permit: &Permit, number: u32, now: Timestamp) -> Result<Option<Task>> {
        permits::plan(permit)?;
        let id = permit.patient().as_str();
        let Some(row) = self.core.db.row(ONE, params![id, number]).await? else { return Ok(None) };
        let keys = self.keys(permit.patient()).await?;
        let task = open_task(&keys, id, row)?;
        self.spend(Entry::of(permit, now, "task")).await?;
        Ok(Some(task))
    }

    /// Who is there to give a task to.
    pub async fn crew(&self, permit: &Permit, now: Timestamp) -> Result<Crew> {
        permits::identity(permit)?;
        let crew = crew::read(&self.core.db, permit.patient().as_str(), now.as_microsecond()).await?;
        self.spend(Entry::of(permit, now, "team")).await?;
        Ok(crew)
    }

    /// Takes a task, passes it on, puts it off, or reports what came of it. `seen` is the number of its moves when it was read: who acts on what
    /// another changed meanwhile is shown that first. A signal that is taken is taken up on the path.
    #[expect(clippy::too_many_arguments, reason = "who, what, with what, and two readings of the clock")]
    pub async fn do_task(
        &self,
        permit: &Permit,
        number: u32,
        seen: usize,
        deed: &Deed,
        by: &Recorder,
        now: Timestamp,
        today: Date,
    ) -> Result<Did> {
        permits::exactly(permit, Action::FollowUp)?;
        let job = Do {
            number,
            seen,
            deed: deed.clone(),
            actor: permit.actor().clone(),
            by: by.clone(),
            now,
            today,
            cause: self.cause(permit).await?,
            entry: Entry::of(permit, now, "task"),
        };
        self.core.db.write(job).await
    }
}

fn task_place(id: &str, number: u32) -> Place<'_> {
    Place::of("task", id).number(number)
}

pub(crate) fn kind(code: &str) -> Result<Kind> {
    Kind::of_code(code).ok_or(Error::Bug("a table holds what is no kind of task"))
}

pub(crate) fn date(text: &str) -> Result<Date> {
    text.parse().map_err(|_| Error::Bug("a table holds what is no day"))
}

/// Organisation, role and person from three columns.
pub(crate) fn assignee(row: &mut Row, first: usize) -> Result<Assignee> {
    let bad = |_| Error::Bug("a table holds what is no person's id");
    Ok(Assignee {
        organisation: organisation_id(&row.text(first)?)?,
        role: Role::of_code(&row.text(first + 1)?),
        person: row.opt_text(first + 2)?.map(|p| PersonId::parse(&p)).transpose().map_err(bad)?,
    })
}

pub(crate) fn open_task(keys: &PatientKeys, id: &str, mut row: Row) -> Result<Task> {
    let number = row.count(0)?;
    Ok(Task {
        number,
        kind: kind(&row.text(1)?)?,
        about: row.count(9)?,
        assignee: assignee(&mut row, 2)?,
        due: date(&row.text(5)?)?,
        meant_for: date(&row.text(6)?)?,
        made_at: row.time(7)?,
        moves: row.opt_blob(8)?.map_or(Ok(Vec::new()), |sealed| keys.open_json(task_place(id, number), sealed))?,
    })
}

impl Job for Do {
    type Out = Did;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Did> {
        let Cause { id, keys, .. } = &self.cause;
        lock_patient(tx, id).await?;
        let Some(row) = tx.row(ONE, params![id, self.number]).await? else { return Ok(Did::Gone) };
        let task = open_task(keys, id, row)?;
        if task.moves.len() != self.seen {
            return Ok(Did::Changed(Box::new(task)));
        }
        let next = match deed(&task, &self.deed, &self.actor, &self.by, self.now, self.today) {
            Ok(next) => next,
            Err(refused) => return Ok(Did::Refused(refused)),
        };
        let sealed = keys.seal_json(task_place(id, self.number), &next.moves)?;
        let Assignee { organisation, role, person } = &next.assignee;
        tx.execute(
            "UPDATE task SET organisation_id = ?3, role = ?4, person_id = ?5, due_on = ?6, sealed = ?7 \
             WHERE patient_id = ?1 AND number = ?2",
            params![
                id,
                self.number,
                organisation.as_str(),
                role.map_or("", Role::code),
                person.as_ref().map(PersonId::as_str),
                &next.due.to_string(),
                &sealed
            ],
        )
        .await?;
        if task.kind == Kind::Signal && self.deed == Deed::Take {
            path::insert(tx, keys, id, (self.today, What::TakenUp), &self.by, self.now).await?;
            follow(tx, &self.cause, self.entry.at).await?;
        }
        if let Deed::Report { outcome, words } = &self.deed {
            let told = Event::Reported { task: task.about, outcome: *outcome, words: words.trim().to_owned() };
            path::insert(tx, keys, id, (self.today, What::Meeting(Box::new(told))), &self.by, self.now).await?;
            follow(tx, &self.cause, self.entry.at).await?;
        }
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(Did::Done)
    }
}
