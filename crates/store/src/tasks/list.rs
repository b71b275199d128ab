//! The work list: keyed, bounded reads in order of the index, so that a page costs what it shows. Nothing of a patient is
//! unsealed here; whoever shows a name reads it by a permit of its own.

use super::{assignee, date, kind};
use crate::patients::patient_id;
use crate::value::{Param, Row, params};
use crate::{Result, Store};
use domain::access::{Actor, Who};
use domain::ident::PatientId;
use domain::task::{Assignee, Kind};
use jiff::Timestamp;
use jiff::civil::Date;

/// Whose work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// What I took, and what waits for somebody in my role at my organisation.
    Own,
    /// What waits, with whomever, for patients whom I lead or in whose team I am by name.
    Team,
    /// All that waits at my organisation.
    Organisation,
}

/// The last one of the page before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    /// Its rank.
    pub rank: u32,
    /// Its day.
    pub due: Date,
    /// Its patient.
    pub patient: PatientId,
    /// Its number.
    pub number: u32,
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Whose.
    pub whose: Whose,
    /// Of this kind only.
    pub kind: Option<Kind>,
    /// Due on this day at the latest.
    pub until: Date,
    /// After this one.
    pub after: Option<After>,
    /// At most so many.
    pub limit: usize,
}

/// A task in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Whose path.
    pub patient: PatientId,
    /// Number.
    pub number: u32,
    /// What.
    pub kind: Kind,
    /// Whose it is.
    pub assignee: Assignee,
    /// By which day.
    pub due: Date,
    /// The same before it was put off.
    pub meant_for: Date,
    /// Since when.
    pub made_at: Timestamp,
}

/// An open draft of the organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Whose plan.
    pub patient: PatientId,
    /// When it was begun.
    pub begun_at: Timestamp,
}

/// The last rank; they begin with 0.
const LAST: u32 = 1;

const MINE: &str = "SELECT patient_id, number, kind, organisation_id, role, person_id, due_on, meant_for, made_at \
     FROM task WHERE person_id = ?1 AND organisation_id = ?2 AND rank = ?9 AND done_at IS NULL AND due_on <= ?3 \
     AND (due_on, patient_id, number) > (?4, ?5, ?6) AND (?7 = '' OR kind = ?7) \
     ORDER BY due_on, patient_id, number LIMIT ?8";
const OF_ROLE: &str = "SELECT patient_id, number, kind, organisation_id, role, person_id, due_on, meant_for, made_at \
     FROM task WHERE organisation_id = ?2 AND role = ?1 AND rank = ?9 AND person_id IS NULL AND done_at IS NULL \
     AND due_on <= ?3 AND (due_on, patient_id, number) > (?4, ?5, ?6) AND (?7 = '' OR kind = ?7) \
     ORDER BY due_on, patient_id, number LIMIT ?8";
const OF_ORGANISATION: &str = "SELECT patient_id, number, kind, organisation_id, role, person_id, due_on, meant_for, \
     made_at FROM task WHERE organisation_id = ?1 AND rank = ?7 AND done_at IS NULL AND due_on <= ?2 \
     AND (due_on, patient_id, number) > (?3, ?4, ?5) ORDER BY due_on, patient_id, number LIMIT ?6";
const OF_KIND: &str = "SELECT patient_id, number, kind, organisation_id, role, person_id, due_on, meant_for, made_at \
     FROM task WHERE organisation_id = ?1 AND kind = ?7 AND done_at IS NULL AND due_on <= ?2 \
     AND (due_on, patient_id, number) > (?3, ?4, ?5) ORDER BY due_on, patient_id, number LIMIT ?6";
/// Of those whom one leads: in the order of the index, so that it costs what it shows.
const LED: &str = "SELECT patient_id, number, kind, organisation_id, role, person_id, due_on, meant_for, made_at \
     FROM task WHERE lead_id = ?1 AND rank = ?8 AND done_at IS NULL AND due_on <= ?2 \
     AND (due_on, patient_id, number) > (?3, ?4, ?5) AND (?7 = '' OR kind = ?7) \
     ORDER BY due_on, patient_id, number LIMIT ?6";
/// Of those in whose team one is by name and whom another leads. Grows with them, never with those of an organisation.
const OF_TEAM: &str = "SELECT patient_id, number, kind, organisation_id, role, person_id, due_on, meant_for, made_at \
     FROM task WHERE patient_id IN (SELECT t.patient_id FROM team t WHERE t.member = ?1 AND t.from_at <= ?8 \
       AND (t.until_at IS NULL OR t.until_at > ?8)) AND (lead_id IS NULL OR lead_id <> ?9) \
     AND rank = ?10 AND done_at IS NULL AND due_on <= ?2 AND (due_on, patient_id, number) > (?3, ?4, ?5) \
     AND (?7 = '' OR kind = ?7) ORDER BY due_on, patient_id, number LIMIT ?6";
const DRAFTS: &str = "SELECT patient_id, begun_at FROM draft WHERE organisation_id = ?1 ORDER BY begun_at LIMIT ?2";

impl Store {
    /// What waits: what matters in an emergency first, and then soonest first.
    pub async fn tasks(&self, actor: &Actor, asked: &Asked, now: Timestamp) -> Result<Vec<Waiting>> {
        let mut all = Vec::new();
        let first = asked.after.as_ref().map_or(0, |a| a.rank);
        for rank in first..=LAST {
            let left = asked.limit.saturating_sub(all.len());
            if left == 0 || asked.kind.is_some_and(|k| k.rank() != rank) {
                continue;
            }
            let after = asked.after.as_ref().filter(|a| a.rank == rank);
            all.extend(self.tasks_of_rank(actor, asked, rank, after, left, now).await?);
        }
        Ok(all)
    }

    async fn tasks_of_rank(
        &self,
        actor: &Actor,
        asked: &Asked,
        rank: u32,
        after: Option<&After>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<Waiting>> {
        let Who::Person(person) = &actor.who else { return Ok(Vec::new()) };
        let until = asked.until.to_string();
        let day = after.map_or_else(String::new, |a| a.due.to_string());
        let patient = after.map_or("", |a| a.patient.as_str());
        let number = after.map_or(0, |a| a.number);
        let code = asked.kind.map_or("", Kind::code);
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let organisation = actor.organisation.as_str();
        let db = &self.core.db;
        let rows = match asked.whose {
            Whose::Own => {
                let with = |first| {
                    [
                        Param::Text(first),
                        Param::Text(organisation),
                        Param::Text(&until),
                        Param::Text(&day),
                        Param::Text(patient),
                        Param::Int(i64::from(number)),
                        Param::Text(code),
                        Param::Int(most),
                        Param::Int(i64::from(rank)),
                    ]
                };
                let mut rows = db.rows(MINE, &with(person.as_str())).await?;
                rows.extend(db.rows(OF_ROLE, &with("")).await?);
                if let Some(role) = actor.role {
                    rows.extend(db.rows(OF_ROLE, &with(role.code())).await?);
                }
                rows
            }
            Whose::Organisation if asked.kind.is_some() => {
                db.rows(OF_KIND, params![organisation, &until, &day, patient, number, most, code]).await?
            }
            Whose::Organisation => {
                db.rows(OF_ORGANISATION, params![organisation, &until, &day, patient, number, most, rank]).await?
            }
            Whose::Team => {
                let member = ["person:", person.as_str()].concat();
                let at = now.as_microsecond();
                let params = params![&member, &until, &day, patient, number, most, code, at, person.as_str(), rank];
                let mut rows = db.many_rows(OF_TEAM, params).await?;
                let params = params![person.as_str(), &until, &day, patient, number, most, code, rank];
                rows.extend(db.rows(LED, params).await?);
                rows
            }
        };
        let mut all = rows.into_iter().map(waiting).collect::<Result<Vec<_>>>()?;
        all.sort_by(|a, b| (a.due, &a.patient, a.number).cmp(&(b.due, &b.patient, b.number)));
        all.truncate(limit);
        Ok(all)
    }

    /// Drafts that the actor's organisation began and did not record, oldest first.
    pub async fn drafts_of(&self, actor: &Actor, limit: usize) -> Result<Vec<Draft>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.core.db.rows(DRAFTS, params![actor.organisation.as_str(), limit]).await?;
        let draft = |mut row: Row| Ok(Draft { patient: patient_id(&row.text(0)?)?, begun_at: row.time(1)? });
        rows.into_iter().map(draft).collect()
    }
}

fn waiting(mut row: Row) -> Result<Waiting> {
    Ok(Waiting {
        patient: patient_id(&row.text(0)?)?,
        number: row.count(1)?,
        kind: kind(&row.text(2)?)?,
        assignee: assignee(&mut row, 3)?,
        due: date(&row.text(6)?)?,
        meant_for: date(&row.text(7)?)?,
        made_at: row.time(8)?,
    })
}
