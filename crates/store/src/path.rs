//! The path of a patient: what happened beside the plan, written once, and where that leaves them.

use crate::claims::note_held;
use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::patients::correct::amend;
use crate::patients::identity_place;
use crate::plans::plan_place;
use crate::seal::{PatientKeys, Place};
use crate::sharing::lock_patient;
use crate::tasks::follow::{Cause, follow};
use crate::tasks::{OPEN_TASKS, open_task};
use crate::value::{Row, params};
use crate::{Error, Result, Store, drafts, leads, outbox, permits};
use domain::access::{Action, Permit};
use domain::date::local_day;
use domain::handover;
use domain::happening;
use domain::path::{Past, Spoken, Step, What};
use domain::patient::Patient;
use domain::plan::{CurrentPlan, Recorder};
use domain::review;
use domain::task::Task;
use jiff::Timestamp;
use jiff::civil::Date;
use std::sync::Arc;

/// The path as it stands.
#[derive(Debug, Clone)]
pub struct Path {
    /// What happened, in order of writing.
    pub steps: Vec<Step>,
    /// What the plan tells.
    pub spoken: Option<Spoken>,
    /// Since when a draft is open, at any organisation.
    pub draft_since: Option<Date>,
    /// The day of death.
    pub died_on: Option<Date>,
    /// Months between reviews: by the lead's organisation, the instance and the patient's groups.
    pub months: u32,
    /// What waits, soonest first.
    pub tasks: Vec<Task>,
}

impl Path {
    /// What the state is computed from.
    pub fn past(&self) -> Past<'_> {
        Past {
            steps: &self.steps,
            spoken: self.spoken.as_ref(),
            draft_since: self.draft_since,
            died_on: self.died_on,
            months: self.months,
        }
    }
}

/// What happened, ready to be written.
pub(crate) struct AddSteps {
    steps: Vec<(Date, What)>,
    seen: Option<u32>,
    by: Recorder,
    at: Timestamp,
    cause: Cause,
    entry: Entry,
}

pub(crate) const STEPS: &str = "SELECT number, sealed FROM step WHERE patient_id = ?1 ORDER BY number";
const DRAFT: &str = "SELECT min(begun_at) FROM draft WHERE patient_id = ?1";
pub(crate) const IDENTITY: &str = "SELECT revision, identity FROM patient WHERE patient_id = ?1";
pub(crate) const PLAN: &str = "SELECT number, sealed FROM plan WHERE patient_id = ?1";
/// What the lead's organisation says about reviews.
pub(crate) const MONTHS: &str = "SELECT o.review_months, o.review_groups FROM lead l \
     JOIN organisation o ON o.organisation_id = l.organisation_id \
     WHERE l.patient_id = ?1 AND l.state = 'accepted'";

impl Store {
    /// Months between reviews where neither organisation nor group says otherwise; 0: never. Said once, at the start.
    pub fn review_every(&self, months: u32) {
        self.core.review_months.store(months, std::sync::atomic::Ordering::Relaxed);
    }

    pub(crate) fn review_months(&self) -> u32 {
        self.core.review_months.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// The path, with the tasks that are open. A few keyed reads, however long the path is elsewhere.
    pub async fn path(&self, permit: &Permit, now: Timestamp) -> Result<Path> {
        permits::plan(permit)?;
        let id = permit.patient().as_str();
        let db = &self.core.db;
        let identity = db.row(IDENTITY, params![id]).await?.ok_or(Error::NoPatient)?;
        let keys = self.keys(permit.patient()).await?;
        let steps = steps(&keys, id, db.rows(STEPS, params![id]).await?)?;
        let plan = db.row(PLAN, params![id]).await?;
        let draft = db.row(DRAFT, params![id]).await?;
        let months = db.row(MONTHS, params![id]).await?;
        let mut tasks = Vec::new();
        for row in db.rows(OPEN_TASKS, params![id]).await? {
            tasks.push(open_task(&keys, id, row)?);
        }
        self.spend(Entry::of(permit, now, "path")).await?;
        Ok(Path {
            spoken: spoken(&keys, id, plan)?,
            draft_since: draft.map_or(Ok(None), |r| r.opt_time(0))?.map(local_day),
            died_on: who(&keys, id, identity)?.died_on,
            months: months_of(months, self.review_months(), &steps)?,
            steps,
            tasks,
        })
    }

    /// What the plan's doubts need beside the plan: what happened, and the months between reviews. Two keyed reads.
    pub async fn looking_back(&self, permit: &Permit) -> Result<(Vec<Step>, u32)> {
        let id = permit.patient().as_str();
        let rows = self.core.db.rows(STEPS, params![id]).await?;
        let months = self.core.db.row(MONTHS, params![id]).await?;
        let mut all = Vec::new();
        if !rows.is_empty() {
            let keys = self.keys(permit.patient()).await?;
            all = steps(&keys, id, rows)?;
        }
        let months = months_of(months, self.review_months(), &all)?;
        Ok((all, months))
    }

    /// Writes what happened, each with the day it is about, and what follows from it; the number of the last one.
    /// `seen` is the number of the last step that whoever writes had read: where another wrote meanwhile, nothing is
    /// written, and the answer is `None`.
    ///
    /// # Errors
    /// [`Error::Merged`] where the record was merged into another.
    pub async fn add_steps(
        &self,
        permit: &Permit,
        happened: &[(Date, What)],
        seen: Option<u32>,
        by: &Recorder,
        now: Timestamp,
    ) -> Result<Option<u32>> {
        let cause = self.cause(permit).await?;
        self.core.db.write(AddSteps::of(permit, happened, seen, by, now, cause)?).await
    }

    pub(crate) async fn cause(&self, permit: &Permit) -> Result<Cause> {
        let id = permit.patient();
        self.core.db.row(IDENTITY, params![id.as_str()]).await?.ok_or(Error::NoPatient)?;
        Ok(Cause::of(permit, self.keys(id).await?, self.review_months()))
    }
}

fn is_acknowledged(what: &What) -> bool {
    matches!(what, What::Handover(event) if matches!(**event, handover::Event::Acknowledged { .. }))
}

pub(crate) fn step_place(id: &str, number: u32) -> Place<'_> {
    Place::of("step", id).number(number)
}

pub(crate) fn steps(keys: &PatientKeys, id: &str, rows: Vec<Row>) -> Result<Vec<Step>> {
    let step = |mut row: Row| keys.open_json(step_place(id, row.count(0)?), row.blob(1)?);
    rows.into_iter().map(step).collect()
}

pub(crate) fn spoken(keys: &PatientKeys, id: &str, row: Option<Row>) -> Result<Option<Spoken>> {
    let Some(mut row) = row else { return Ok(None) };
    let plan: CurrentPlan = keys.open_json(plan_place(id, row.count(0)?), row.blob(1)?)?;
    Ok(Spoken::of(&plan.content, plan.recorded_at))
}

pub(crate) fn who(keys: &PatientKeys, id: &str, mut row: Row) -> Result<Patient> {
    let revision = row.count(0)?;
    let patient =
        domain::ident::PatientId::parse(id).map_err(|_| Error::Bug("a table holds what is no patient's id"))?;
    keys.open_json(identity_place(&patient, revision), row.blob(1)?)
}

/// Months between reviews: what the lead's organisation says (a row of [`MONTHS`]), the instance, and the patient's groups.
pub(crate) fn months_of(said: Option<Row>, instance: u32, steps: &[Step]) -> Result<u32> {
    let (organisation, of_groups) = match said {
        Some(mut row) => (row.opt_int(0)?.and_then(|m| u32::try_from(m).ok()), review::groups_of(&row.text(1)?)),
        None => (None, Vec::new()),
    };
    Ok(review::months(organisation, &of_groups, instance, &review::groups(steps)))
}

/// Writes one step; the patient's row is locked.
pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    keys: &Arc<PatientKeys>,
    id: &str,
    (day, what): (Date, What),
    by: &Recorder,
    at: Timestamp,
) -> Result<u32> {
    let sql = "SELECT coalesce(max(number), 0) + 1 FROM step WHERE patient_id = ?1";
    let number = tx.row(sql, params![id]).await?.map_or(Ok(1), |r| r.count(0))?;
    let step = Step { number, at, day, by: by.clone(), what };
    let sealed = keys.seal_json(step_place(id, number), &step)?;
    let sql = "INSERT INTO step (patient_id, number, at, sealed) VALUES (?1, ?2, ?3, ?4)";
    tx.execute(sql, params![id, number, at.as_microsecond(), &sealed]).await?;
    note_held(tx, id, &step).await?;
    Ok(number)
}

impl AddSteps {
    /// What is to be written; an error where the permit is not for that.
    pub fn of(
        permit: &Permit,
        happened: &[(Date, What)],
        seen: Option<u32>,
        by: &Recorder,
        now: Timestamp,
        cause: Cause,
    ) -> Result<Self> {
        let only_signals = happened.iter().all(|(_, what)| matches!(what, What::Signal(_) | What::Asked(_)));
        let converses = |what: &What| match what {
            What::Talk(talk) => talk.takes_a_converser(),
            What::Meeting(event) => event.takes_a_converser(),
            _ => false,
        };
        let corrects = |what: &What| matches!(what, What::Happened(happened) if happened.takes_correction());
        let tells = |what: &What| matches!(what, What::Happened(_));
        match permit.action() {
            // Death, and taking back what was written, is for those who may correct who the patient is.
            Action::CorrectPatient if happened.iter().all(|(_, what)| tells(what)) => {}
            _ if happened.iter().any(|(_, what)| corrects(what)) => {
                return Err(Error::Permit("leave to correct who the patient is is needed"));
            }
            Action::Converse => {}
            // The receiving system says that it came, and nothing else.
            Action::Acknowledge if happened.iter().all(|(_, what)| is_acknowledged(what)) => {}
            Action::FollowUp if !happened.iter().any(|(_, what)| converses(what)) => {}
            // Who signals may tell with it what the patient answered.
            Action::Signal if only_signals => {}
            _ => return Err(Error::Permit("leave to signal, to follow up or to converse is needed")),
        }
        let data = if happened.iter().all(|(_, what)| tells(what)) { "happening" } else { "path" };
        Ok(Self { steps: happened.to_vec(), seen, by: by.clone(), at: now, cause, entry: Entry::of(permit, now, data) })
    }

    /// Where the patient lives and whether they died is part of who they are: it follows from what happened, in the same
    /// transaction. Who died has no drafts any more.
    async fn amend(&self, tx: &mut Tx<'_>) -> Result<()> {
        let Cause { id, keys, .. } = &self.cause;
        if !self.steps.iter().any(|(_, what)| matches!(what, What::Happened(h) if h.is_of_identity())) {
            return Ok(());
        }
        let all = steps(keys, id, tx.rows(STEPS, params![id]).await?)?;
        // What is taken back is of the kind that it was.
        let touched: Vec<&What> = self.steps.iter().filter_map(|(_, what)| happening::taken_back(&all, what)).collect();
        let died = touched.iter().any(|what| happening::is_death(what)).then(|| happening::death(&all).map(|d| d.0));
        let moved = touched.iter().any(|what| happening::is_move(what)).then(|| happening::place_now(&all)).flatten();
        let change = |patient: &mut Patient| {
            patient.died_on = died.unwrap_or(patient.died_on);
            patient.living = moved.or(patient.living);
        };
        amend(tx, keys, id, self.entry.at, change).await?;
        let died = died.flatten();
        match (touched.iter().any(|what| happening::is_death(what)), died) {
            (_, Some(_)) => drafts::remove_all(tx, id).await?,
            (true, None) => leads::count_again(tx, id, self.entry.at).await?,
            (false, None) => {}
        }
        Ok(())
    }
}

impl Job for AddSteps {
    type Out = Option<u32>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<u32>> {
        let Cause { id, keys, .. } = &self.cause;
        lock_patient(tx, id).await?;
        let sql = "SELECT coalesce(max(number), 0) FROM step WHERE patient_id = ?1";
        let mut last = tx.row(sql, params![id]).await?.map_or(Ok(0), |r| r.count(0))?;
        if self.seen.is_some_and(|seen| seen != last) {
            return Ok(None);
        }
        for step in &self.steps {
            last = insert(tx, keys, id, step.clone(), &self.by, self.at).await?;
            if let What::Handover(event) = &step.1
                && let handover::Event::Made { system: Some(system), .. } = &**event
            {
                outbox::hand_over(tx, id, last, system, self.at.as_microsecond()).await?;
            }
        }
        self.amend(tx).await?;
        follow(tx, &self.cause, self.entry.at).await?;
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(Some(last))
    }
}
