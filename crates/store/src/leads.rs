//! Who leads: proposals, their answers, and who leads now.

use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::patients::patient_id;
use crate::seal::{PatientKeys, Place};
use crate::sharing::lock_patient;
use crate::tasks::follow::{Cause, new_lead};
use crate::team::member_codes;
use crate::value::{Row, micros, params};
use crate::{Error, Result, Store, permits};
use domain::access::{Action, Actor, Permit, Who};
use domain::ident::{OrganisationId, PatientId, PersonId};
use domain::lead::State;
use domain::role::Role;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Who is asked to lead: a person, or whoever of an organisation has the role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// For which organisation.
    pub organisation: OrganisationId,
    /// In which role.
    pub role: Role,
    /// Who; absent: anybody of that organisation in that role.
    pub person: Option<PersonId>,
}

/// A proposal and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// Counts per patient, from 1.
    pub number: u32,
    /// Who was asked; once accepted, the person is known.
    pub candidate: Candidate,
    /// What became of it.
    pub state: State,
    /// When it was proposed.
    pub proposed_at: Timestamp,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Why it was proposed, and why it was declined.
    pub words: Words,
}

/// What was said of a proposal; sealed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Words {
    /// Who proposed it: `person:{id}` or `program`.
    pub by: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What was answered with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// The leads of a patient.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Leads {
    /// Every proposal, newest first.
    pub all: Vec<Lead>,
    /// Since when nobody leads; absent where somebody does, or nothing is known yet.
    pub without_since: Option<Timestamp>,
}

impl Leads {
    /// Who leads now.
    pub fn now(&self) -> Option<&Lead> {
        self.all.iter().find(|l| l.state == State::Accepted)
    }

    /// Who is asked, and has not answered.
    pub fn asked(&self) -> Option<&Lead> {
        self.all.iter().find(|l| l.state == State::Proposed)
    }
}

/// How an answer to a proposal went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// Done.
    Done,
    /// There is no such open proposal any more.
    Gone,
    /// It was put to another.
    NotYours,
}

const ALL: &str = "SELECT number, organisation_id, role, person_id, state, proposed_at, answered_at, ended_at, sealed \
                   FROM lead WHERE patient_id = ?1 ORDER BY number DESC";

/// Who leads, within a statement whose first parameter is the patient. It stands with each open task and each change that
/// was not read, so that what a lead is shown costs what is shown; [`tell_team`] keeps it so.
macro_rules! who_leads {
    () => {
        "(SELECT min(l.person_id) FROM lead l WHERE l.patient_id = ?1 AND l.state = 'accepted')"
    };
}
pub(crate) use who_leads;

struct Propose {
    id: String,
    keys: Arc<PatientKeys>,
    candidate: Candidate,
    reason: Option<String>,
    entry: Entry,
}

struct Answer {
    id: String,
    keys: Arc<PatientKeys>,
    cause: Cause,
    number: u32,
    actor: Actor,
    accepts: bool,
    words: Option<String>,
    entry: Entry,
}

impl Store {
    /// Who leads, led, and was asked to.
    pub async fn leads(&self, permit: &Permit, now: Timestamp) -> Result<Leads> {
        permits::identity(permit)?;
        let id = permit.patient().as_str();
        let rows = self.core.db.rows(ALL, params![id]).await?;
        let keys = self.keys(permit.patient()).await?;
        let all = rows.into_iter().map(|row| lead(&keys, id, row)).collect::<Result<_>>()?;
        let sql = "SELECT without_since FROM lead_now WHERE patient_id = ?1";
        let without_since = self.core.db.row(sql, params![id]).await?.map_or(Ok(None), |r| r.opt_time(0))?;
        self.spend(Entry::of(permit, now, "lead")).await?;
        Ok(Leads { all, without_since })
    }

    /// Asks somebody to lead. An earlier proposal that was not answered falls; who leads now does so until the new one
    /// accepts.
    pub async fn propose_lead(
        &self,
        permit: &Permit,
        candidate: &Candidate,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Result<()> {
        permits::lead(permit)?;
        let job = Propose {
            id: permit.patient().as_str().to_owned(),
            keys: self.keys(permit.patient()).await?,
            candidate: candidate.clone(),
            reason: reason.map(str::to_owned),
            entry: Entry::of(permit, now, "lead: proposed"),
        };
        self.core.db.write(job).await
    }

    /// Takes the lead, or declines it; only whom it was put to may answer.
    pub async fn answer_lead(
        &self,
        permit: &Permit,
        number: u32,
        accepts: bool,
        answer: Option<&str>,
        now: Timestamp,
    ) -> Result<Answered> {
        permits::exactly(permit, Action::ManageTeam)?;
        let data = if accepts { "lead: accepted" } else { "lead: declined" };
        let keys = self.keys(permit.patient()).await?;
        let job = Answer {
            id: permit.patient().as_str().to_owned(),
            cause: Cause::of(permit, Arc::clone(&keys), self.review_months()),
            keys,
            number,
            actor: permit.actor().clone(),
            accepts,
            words: answer.map(str::to_owned),
            entry: Entry::of(permit, now, data),
        };
        self.core.db.write(job).await
    }

    /// Patients of the actor's caseload whom nobody leads since before `since`, by id.
    pub async fn without_lead(&self, actor: &Actor, since: Timestamp, limit: usize) -> Result<Vec<PatientId>> {
        // One member at a time, in the order of the index: it costs what is shown.
        let sql = "SELECT t.patient_id FROM team t JOIN patient p ON p.patient_id = t.patient_id \
             WHERE t.member = ?1 AND t.until_at IS NULL AND t.without_since IS NOT NULL \
             AND t.without_since <= ?2 AND p.merged_into IS NULL ORDER BY t.patient_id LIMIT ?3";
        let (organisation, person) = member_codes(actor);
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut all = std::collections::BTreeSet::new();
        for member in [&organisation, &person] {
            for mut row in self.core.db.many_rows(sql, params![member, micros(since), most]).await? {
                all.insert(patient_id(&row.text(0)?)?);
            }
        }
        Ok(all.into_iter().take(limit).collect())
    }

    /// Patients for whom the lead is asked of the actor, by id.
    pub async fn asked_to_lead(&self, actor: &Actor, limit: usize) -> Result<Vec<PatientId>> {
        let Who::Person(person) = &actor.who else { return Ok(Vec::new()) };
        let sql = "SELECT patient_id FROM lead WHERE organisation_id = ?1 AND state = 'proposed' AND role = ?2 \
             AND (person_id = ?3 OR person_id IS NULL) ORDER BY patient_id LIMIT ?4";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let role = actor.role.map_or("", Role::code);
        let rows =
            self.core.db.many_rows(sql, params![actor.organisation.as_str(), role, person.as_str(), limit]).await?;
        rows.into_iter().map(|mut r| patient_id(&r.text(0)?)).collect()
    }
}

fn place(id: &str, number: u32) -> Place<'_> {
    Place::of("lead", id).number(number)
}

fn lead(keys: &PatientKeys, id: &str, mut row: Row) -> Result<Lead> {
    let bad = Error::Bug("a table holds what is no lead");
    let number = row.count(0)?;
    let person = row.opt_text(3)?;
    Ok(Lead {
        number,
        candidate: Candidate {
            organisation: OrganisationId::parse(&row.text(1)?).map_err(|_| bad)?,
            role: Role::of_code(&row.text(2)?).ok_or(Error::Bug("a table holds no role"))?,
            person: person
                .map(|p| PersonId::parse(&p))
                .transpose()
                .map_err(|_| Error::Bug("a table holds no person"))?,
        },
        state: State::of_code(&row.text(4)?).ok_or(Error::Bug("a table holds no state of a lead"))?,
        proposed_at: row.time(5)?,
        answered_at: row.opt_time(6)?,
        ended_at: row.opt_time(7)?,
        words: keys.open_json(place(id, number), row.blob(8)?)?,
    })
}

/// Begins to count the days without a lead, where nothing is known yet. For a patient who is registered.
pub(crate) async fn begin(tx: &mut Tx<'_>, id: &str, at: i64) -> Result<()> {
    let sql = "INSERT INTO lead_now (patient_id, without_since) VALUES (?1, ?2) ON CONFLICT (patient_id) DO NOTHING";
    tx.execute(sql, params![id, at]).await.map(|_| ())
}

/// Somebody leads from the beginning; for a patient who is written with everything at once.
pub(crate) async fn from_start(
    tx: &mut Tx<'_>,
    keys: &PatientKeys,
    id: &str,
    at: i64,
    candidate: &Candidate,
) -> Result<()> {
    let words = Words { by: "program".to_owned(), ..Words::default() };
    let sealed = keys.seal_json(place(id, 1), &words)?;
    let Candidate { organisation, role, person } = candidate;
    tx.execute(
        "INSERT INTO lead (patient_id, number, organisation_id, role, person_id, state, proposed_at, answered_at, sealed) \
         VALUES (?1, 1, ?2, ?3, ?4, 'accepted', ?5, ?5, ?6)",
        params![id, organisation.as_str(), role.code(), person.as_ref().map(PersonId::as_str), at, &sealed],
    )
    .await?;
    let sql = "UPDATE lead_now SET number = 1, without_since = NULL WHERE patient_id = ?1";
    tx.execute(sql, params![id]).await?;
    tell_team(tx, id).await
}

/// Writes with each membership of today since when nobody leads, and with what waits for a lead who that is: after every
/// change of lead or team.
pub(crate) async fn tell_team(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let sql = "UPDATE team SET without_since = (SELECT n.without_since FROM lead_now n WHERE n.patient_id = ?1) \
               WHERE patient_id = ?1 AND until_at IS NULL";
    tx.execute(sql, params![id]).await?;
    for sql in [
        concat!("UPDATE task SET lead_id = ", who_leads!(), " WHERE patient_id = ?1 AND done_at IS NULL"),
        concat!("UPDATE seen SET lead_id = ", who_leads!(), " WHERE patient_id = ?1 AND told_at IS NOT NULL"),
    ] {
        tx.execute(sql, params![id]).await?;
    }
    Ok(())
}

/// Who died needs nobody to lead: the days without one are counted no more, until that is taken back.
pub(crate) async fn rest(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let sql = "UPDATE lead_now SET without_since = NULL WHERE patient_id = ?1 AND without_since IS NOT NULL";
    tx.execute(sql, params![id]).await?;
    tell_team(tx, id).await
}

/// Counts again from now, where nobody leads a patient who is alive after all.
pub(crate) async fn count_again(tx: &mut Tx<'_>, id: &str, at: i64) -> Result<()> {
    let sql =
        "UPDATE lead_now SET without_since = ?2 WHERE patient_id = ?1 AND number IS NULL AND without_since IS NULL";
    tx.execute(sql, params![id, at]).await?;
    tell_team(tx, id).await
}

/// Whoever leads does so no more: the person, or all of an organisation, left the team.
pub(crate) async fn end_of(tx: &mut Tx<'_>, id: &str, member: &str, at: i64) -> Result<()> {
    let (_, who) = member.split_once(':').ok_or(Error::Bug("a member without a kind"))?;
    // An id is random, so no organisation has a person's.
    let sql = "UPDATE lead SET state = 'ended', ended_at = ?3 WHERE patient_id = ?1 AND ?2 IN (organisation_id, person_id) \
               AND state IN ('accepted', 'proposed')";
    tx.execute(sql, params![id, who, at]).await?;
    nobody_leads(tx, id, at).await
}

/// Counts the days without a lead, where nobody leads any more.
pub(crate) async fn nobody_leads(tx: &mut Tx<'_>, id: &str, at: i64) -> Result<()> {
    let sql = "UPDATE lead_now SET number = NULL, without_since = ?2 WHERE patient_id = ?1 AND number IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM lead l WHERE l.patient_id = ?1 AND l.state = 'accepted')";
    tx.execute(sql, params![id, at]).await.map(|_| ())
}

impl Job for Propose {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (id, at) = (&self.id, self.entry.at);
        lock_patient(tx, id).await?;
        begin(tx, id, at).await?;
        tell_team(tx, id).await?;
        let sql = "UPDATE lead SET state = 'withdrawn', answered_at = ?2 WHERE patient_id = ?1 AND state = 'proposed'";
        tx.execute(sql, params![id, at]).await?;
        let sql = "SELECT coalesce(max(number), 0) + 1 FROM lead WHERE patient_id = ?1";
        let number = tx.row(sql, params![id]).await?.map_or(Ok(1), |r| r.count(0))?;
        let words = Words { by: self.entry.actor.clone(), reason: self.reason.clone(), answer: None };
        let sealed = self.keys.seal_json(place(id, number), &words)?;
        let Candidate { organisation, role, person } = &self.candidate;
        tx.execute(
            "INSERT INTO lead (patient_id, number, organisation_id, role, person_id, state, proposed_at, sealed) \
             VALUES (?1, ?2, ?3, ?4, ?5, 'proposed', ?6, ?7)",
            params![id, number, organisation.as_str(), role.code(), person.as_ref().map(PersonId::as_str), at, &sealed],
        )
        .await?;
        tx.append(std::slice::from_ref(&self.entry))
    }
}

impl Job for Answer {
    type Out = Answered;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Answered> {
        let (id, at, number) = (&self.id, self.entry.at, self.number);
        lock_patient(tx, id).await?;
        let row = tx.rows(ALL, params![id]).await?.into_iter().find(|r| r.count(0).is_ok_and(|n| n == number));
        let Some(row) = row else { return Ok(Answered::Gone) };
        let mut asked = lead(&self.keys, id, row)?;
        let Who::Person(person) = &self.actor.who else { return Ok(Answered::NotYours) };
        if asked.state != State::Proposed {
            return Ok(Answered::Gone);
        }
        let to_me = asked.candidate.organisation == self.actor.organisation
            && Some(asked.candidate.role) == self.actor.role
            && asked.candidate.person.as_ref().is_none_or(|p| p == person);
        if !to_me {
            return Ok(Answered::NotYours);
        }
        asked.words.answer.clone_from(&self.words);
        let sealed = self.keys.seal_json(place(id, number), &asked.words)?;
        let state = if self.accepts { State::Accepted } else { State::Declined };
        if self.accepts {
            let sql = "UPDATE lead SET state = 'ended', ended_at = ?2 WHERE patient_id = ?1 AND state = 'accepted'";
            tx.execute(sql, params![id, at]).await?;
            tx.execute(
                "INSERT INTO lead_now (patient_id, number) VALUES (?1, ?2) \
                 ON CONFLICT (patient_id) DO UPDATE SET number = excluded.number, without_since = NULL",
                params![id, number],
            )
            .await?;
        }
        tx.execute(
            "UPDATE lead SET state = ?3, answered_at = ?4, person_id = ?5, sealed = ?6 \
             WHERE patient_id = ?1 AND number = ?2",
            params![id, number, state.code(), at, person.as_str(), &sealed],
        )
        .await?;
        if self.accepts {
            tell_team(tx, id).await?;
            new_lead(tx, &self.cause, at).await?;
        }
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(Answered::Done)
    }
}
