//! After each thing that happens: which tasks follow from the path now (`domain::task::wanted`), in the same
//! transaction. What is wanted no more is closed, what is new is opened and given to somebody, the rest stays.

use super::{crew, date, kind};
use crate::extracts::subjects::note_path;
use crate::job::{Job, Tx};
use crate::leads::who_leads;
use crate::log::row::Entry;
use crate::path::{IDENTITY, MONTHS, PLAN, STEPS, months_of, spoken, steps, who};
use crate::patients::patient_id;
use crate::seal::PatientKeys;
use crate::sharing::lock_patient;
use crate::value::params;
use crate::{Error, Result, Store, cards, leads};
use domain::access::{Actor, Permit, Who};
use domain::candidates::is_on_path;
use domain::date::local_day;
use domain::happening;
use domain::ident::{OrganisationId, PersonId};
use domain::path::{Past, Spoken};
use domain::role::Role;
use domain::task::{Assignee, Crew, Kind, Wanted, route, wanted};
use domain::{meeting, talk};
use jiff::Timestamp;
use jiff::civil::Date;
use std::sync::Arc;

/// What it follows from: whose path, and who caused it.
pub(crate) struct Cause {
    pub id: String,
    pub keys: Arc<PatientKeys>,
    pub by: Assignee,
    /// Months between reviews where neither organisation nor group says otherwise.
    pub months: u32,
}

impl Cause {
    pub fn of(permit: &Permit, keys: Arc<PatientKeys>, months: u32) -> Self {
        Self { id: permit.patient().as_str().to_owned(), keys, by: assignee(permit.actor()), months }
    }
}

fn assignee(actor: &Actor) -> Assignee {
    let person = match &actor.who {
        Who::Person(person) => Some(person.clone()),
        Who::Client(..) | Who::Program => None,
    };
    Assignee { organisation: actor.organisation.clone(), role: actor.role, person }
}

/// The same, where the plan is not at hand.
pub(crate) async fn follow(tx: &mut Tx<'_>, cause: &Cause, at: i64) -> Result<()> {
    let plan = tx.row(PLAN, params![&cause.id]).await?;
    let spoken = spoken(&cause.keys, &cause.id, plan)?;
    follow_plan(tx, cause, spoken.as_ref(), at).await.map(|_| ())
}

/// Opens and closes what follows from this plan and the steps that are written; the patient's row is locked. Whether the
/// patient died.
pub(crate) async fn follow_plan(tx: &mut Tx<'_>, cause: &Cause, spoken: Option<&Spoken>, at: i64) -> Result<bool> {
    let (id, keys) = (&cause.id, &cause.keys);
    let steps = steps(keys, id, tx.rows(STEPS, params![id]).await?)?;
    let months = tx.row(MONTHS, params![id]).await?;
    let patient = who(keys, id, tx.row(IDENTITY, params![id]).await?.ok_or(Error::NoPatient)?)?;
    let past = Past {
        steps: &steps,
        spoken,
        draft_since: None,
        died_on: patient.died_on,
        months: months_of(months, cause.months, &steps)?,
    };
    let died = happening::death(&steps).is_some() || patient.died_on.is_some();
    if died {
        cards::end_all(tx, id, at).await?;
        leads::rest(tx, id).await?;
    }
    note_path(tx, id, is_on_path(past, day_of(at)?)).await?;
    let mut new = wanted(past);
    let recorded_at = spoken.map(|s| s.recorded_at);
    let sql = "SELECT number, kind, meant_for, about, made_at FROM task WHERE patient_id = ?1 AND done_at IS NULL";
    for mut row in tx.rows(sql, params![id]).await? {
        let (number, meant_for, made_at) = (row.count(0)?, date(&row.text(2)?)?, row.time(4)?);
        let (kind, about) = (kind(&row.text(1)?)?, row.count(3)?);
        let still = new.iter().position(|w| (w.kind, w.about) == (kind, about));
        let stays = still.and_then(|i| Some((i, new[i].goes_on(meant_for, made_at, recorded_at)?)));
        if let Some((i, day)) = stays {
            new.remove(i);
            if day != meant_for {
                another_day(tx, id, number, day).await?;
            }
        } else {
            let sql = "UPDATE task SET done_at = ?3 WHERE patient_id = ?1 AND number = ?2";
            tx.execute(sql, params![id, number, at]).await?;
        }
    }
    if new.is_empty() {
        return Ok(died);
    }
    let crew = Crew { living: patient.living, ..crew::within(tx, id, at).await? };
    let sql = "SELECT coalesce(max(number), 0) FROM task WHERE patient_id = ?1";
    let mut number = tx.row(sql, params![id]).await?.map_or(Ok(0), |r| r.count(0))?;
    for Wanted { kind, about, due } in new {
        number += 1;
        // A question goes to whom it was put, as long as they are in the team and so see what it is about.
        let asked = match kind {
            Kind::Agreed => meeting::assignee(&steps, about),
            _ => talk::assignee(&steps, kind, about),
        };
        let to = asked
            .filter(|to| crew.posts.iter().any(|p| p.organisation == to.organisation))
            .unwrap_or_else(|| route(kind, &crew, &cause.by));
        let (role, person) = (to.role.map_or("", Role::code), to.person.as_ref().map(PersonId::as_str));
        let due = due.to_string();
        tx.execute(
            concat!(
                "INSERT INTO task (patient_id, number, kind, rank, organisation_id, role, person_id, due_on, meant_for, \
                 made_at, about, lead_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, ?10, ",
                who_leads!(),
                ")"
            ),
            params![id, number, kind.code(), kind.rank(), to.organisation.as_str(), role, person, &due, at, about],
        )
        .await?;
    }
    Ok(died)
}

/// A task is for another day now. Who put it off keeps that, unless it is asked for earlier than it was, or later than
/// they put it.
async fn another_day(tx: &mut Tx<'_>, id: &str, number: u32, day: Date) -> Result<()> {
    let sql = "UPDATE task SET meant_for = ?3, \
               due_on = CASE WHEN due_on = meant_for OR ?3 < meant_for OR ?3 > due_on THEN ?3 ELSE due_on END \
               WHERE patient_id = ?1 AND number = ?2";
    tx.execute(sql, params![id, number, &day.to_string()]).await.map(|_| ())
}

/// Somebody else leads now: how often a plan is looked at again may change with it, and what concerns the whole plan and
/// was not taken yet becomes theirs.
pub(crate) async fn new_lead(tx: &mut Tx<'_>, cause: &Cause, at: i64) -> Result<()> {
    follow(tx, cause, at).await?;
    let id = &cause.id;
    let crew = crew::within(tx, id, at).await?;
    let sql = "SELECT number, kind FROM task WHERE patient_id = ?1 AND person_id IS NULL AND done_at IS NULL \
               AND kind IN ('review', 'settle', 'elsewhere', 'representative')";
    for mut row in tx.rows(sql, params![id]).await? {
        let to = route(kind(&row.text(1)?)?, &crew, &cause.by);
        give(tx, id, row.count(0)?, &to).await?;
    }
    Ok(())
}

/// The day of a moment as it is kept.
fn day_of(at: i64) -> Result<Date> {
    let moment = Timestamp::from_microsecond(at).map_err(|_| Error::Bug("a moment that is none"))?;
    Ok(local_day(moment))
}

async fn give(tx: &mut Tx<'_>, id: &str, number: u32, to: &Assignee) -> Result<()> {
    let (role, person) = (to.role.map_or("", Role::code), to.person.as_ref().map(PersonId::as_str));
    let sql = "UPDATE task SET organisation_id = ?3, role = ?4, person_id = ?5 WHERE patient_id = ?1 AND number = ?2";
    tx.execute(sql, params![id, number, to.organisation.as_str(), role, person]).await.map(|_| ())
}

/// One patient's tasks after a change of policy.
struct Anew {
    cause: Cause,
    entry: Entry,
}

impl Job for Anew {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        match lock_patient(tx, &self.cause.id).await {
            // Merged or erased meanwhile: there is nothing to follow.
            Err(Error::Merged(_) | Error::NoPatient) => return Ok(()),
            other => other?,
        };
        follow(tx, &self.cause, self.entry.at).await?;
        tx.append(std::slice::from_ref(&self.entry))
    }
}

const LED: &str = "SELECT DISTINCT patient_id FROM lead WHERE organisation_id = ?1 AND state = 'accepted' \
                   AND patient_id > ?2 ORDER BY patient_id LIMIT 200";

impl Store {
    /// After an organisation changed how often plans are looked at again: the tasks of those whom its people lead. One
    /// transaction per patient, so that others get their turn; it may be done again. How many there were.
    pub async fn review_anew(&self, organisation: &OrganisationId, now: Timestamp) -> Result<u64> {
        let (mut after, mut count) = (String::new(), 0);
        loop {
            let page = self.core.db.many_rows(LED, params![organisation.as_str(), &after]).await?;
            if page.is_empty() {
                return Ok(count);
            }
            for mut row in page {
                after = row.text(0)?;
                let patient = patient_id(&after)?;
                let mut entry = Entry::program(now, "follow-up", "task");
                entry.chain.clone_from(&after);
                entry.basis = Some("administration".into());
                let keys = match self.keys(&patient).await {
                    Err(Error::NoKey) => continue,
                    other => other?,
                };
                let by = Assignee { organisation: organisation.clone(), role: None, person: None };
                let cause = Cause { id: after.clone(), keys, by, months: self.review_months() };
                self.core.db.write(Anew { cause, entry }).await?;
                count += 1;
            }
        }
    }
}

/// An organisation or a person left the team: what was theirs goes to those who are in it.
pub(crate) async fn hand_over(tx: &mut Tx<'_>, id: &str, member: &str, at: i64) -> Result<()> {
    let (sql, who) = match member.split_once(':') {
        Some(("organisation", who)) => (
            "SELECT number, kind, organisation_id, role, person_id FROM task \
             WHERE patient_id = ?1 AND organisation_id = ?2 AND done_at IS NULL",
            who,
        ),
        Some((_, who)) => (
            "SELECT number, kind, organisation_id, role, person_id FROM task \
             WHERE patient_id = ?1 AND person_id = ?2 AND done_at IS NULL",
            who,
        ),
        None => return Err(Error::Bug("a member without a kind")),
    };
    let left = tx.rows(sql, params![id, who]).await?;
    if left.is_empty() {
        return Ok(());
    }
    let crew = crew::within(tx, id, at).await?;
    for mut row in left {
        let by = Assignee { person: None, ..super::assignee(&mut row, 2)? };
        let to = route(kind(&row.text(1)?)?, &crew, &by);
        let (role, person) = (to.role.map_or("", Role::code), to.person.as_ref().map(PersonId::as_str));
        let sql =
            "UPDATE task SET organisation_id = ?3, role = ?4, person_id = ?5 WHERE patient_id = ?1 AND number = ?2";
        tx.execute(sql, params![id, row.count(0)?, to.organisation.as_str(), role, person]).await?;
    }
    Ok(())
}
