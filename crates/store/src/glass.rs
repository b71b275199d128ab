//! Broken glasses (decision 52): breaking one, what is open now, who has to judge, and the judgement.

mod figures;

pub use figures::{AboutPatients, Figure};

use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::organisations::organisation_id;
use crate::patients::patient_id;
use crate::seal::{PatientKeys, Place};
use crate::sharing::lock_patient;
use crate::team::member_codes;
use crate::value::{Row, micros, params};
use crate::{Error, Result, Store, permits, random};
use domain::access::{Action, Actor, Basis, Permit, Who};
use domain::date::local_day;
use domain::glass::{OPEN_FOR, Reason, Verdict, may_judge};
use domain::ident::{OrganisationId, PatientId, PersonId, id_text};
use domain::role::Role;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A broken glass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Counts per patient, from 1.
    pub number: u32,
    /// Who broke it.
    pub person: PersonId,
    /// In which role.
    pub role: Option<Role>,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// When.
    pub at: Timestamp,
    /// Until when it showed the emergency view, exclusive.
    pub until: Timestamp,
    /// Why.
    pub reason: Reason,
    /// The patient had objected to sharing.
    pub despite: bool,
    /// What was thought of it; absent: not judged yet.
    pub judgement: Option<Judgement>,
}

/// What was thought of a broken glass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// Was there good reason?
    pub verdict: Verdict,
    /// What was said with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// Who judged.
    pub by: PersonId,
    /// In which role.
    pub role: Option<Role>,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// When.
    pub at: Timestamp,
}

/// The glass that is open for whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// Until when, exclusive.
    pub until: Timestamp,
    /// The patient was found by name and birth date, so who broke it knew those already.
    pub by_name: bool,
}

/// A broken glass in a list: nothing of what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The patient.
    pub patient: PatientId,
    /// Number of the glass.
    pub number: u32,
    /// Whoever asks broke it.
    pub own: bool,
    /// Whoever asks leads this patient's care.
    pub leads: bool,
    /// Judged already.
    pub judged: bool,
}

/// What became of a judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// Done.
    Done,
    /// There is no such glass.
    Gone,
    /// Somebody judged it before; that stays.
    Before,
    /// It is one's own.
    Own,
}

/// What is sealed of a broken glass.
#[derive(Serialize, Deserialize)]
struct Sealed {
    reason: Reason,
    role: Option<Role>,
    despite: bool,
    by_name: bool,
    /// Its row among the figures.
    figure: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    judgement: Option<Judgement>,
}

struct Break {
    id: String,
    keys: Arc<PatientKeys>,
    person: PersonId,
    actor: Actor,
    until: i64,
    month: String,
    sealed: Sealed,
    entry: Entry,
}

struct Judge {
    id: String,
    keys: Arc<PatientKeys>,
    number: u32,
    judgement: Judgement,
    entry: Entry,
}

/// A glass as [`of_row`] reads it.
const OF: &str = "SELECT number, person_id, organisation_id, broken_at, until_at, sealed FROM glass \
                  WHERE patient_id = ?1 AND (?2 = 0 OR organisation_id = ?3 OR EXISTS (SELECT 1 FROM team t \
                  WHERE t.patient_id = ?1 AND t.member = ?4 AND t.from_at <= ?5 \
                  AND (t.until_at IS NULL OR t.until_at > ?5))) ORDER BY number DESC";
const ONE: &str = "SELECT number, person_id, organisation_id, broken_at, until_at, sealed FROM glass \
                   WHERE patient_id = ?1 AND number = ?2 /*for update*/";
const OPEN: &str = "SELECT number, until_at, sealed FROM glass WHERE patient_id = ?1 AND person_id = ?2 \
                    AND until_at > ?3 ORDER BY until_at DESC LIMIT 1";

impl Store {
    /// Breaks the glass: until when it is open. Who has one open already keeps that one, so that pressing twice is
    /// breaking once. The row of the log holds the reason, sealed.
    pub async fn break_glass(
        &self,
        permit: &Permit,
        reason: &Reason,
        by_name: bool,
        now: Timestamp,
    ) -> Result<Timestamp> {
        let despite = match permit.action() {
            Action::BreakGlass => false,
            Action::BreakGlassRefused => true,
            _ => return Err(Error::Permit("leave to break the glass is needed")),
        };
        let actor = permit.actor();
        let Who::Person(person) = &actor.who else { return Err(Error::Permit("only a person breaks the glass")) };
        let id = permit.patient().as_str();
        let keys = self.keys(permit.patient()).await?;
        let mut entry = Entry::of(permit, now, format!("glass: {}", reason.kind.code()));
        entry.detail = Some(keys.seal(Place::of("log.detail", id), reason.words.as_bytes())?);
        let until = now.checked_add(OPEN_FOR).map_err(|_| Error::Bug("a moment too far away"))?;
        let job = Break {
            id: id.to_owned(),
            keys,
            person: person.clone(),
            actor: actor.clone(),
            until: micros(until),
            month: local_day(now).strftime("%Y-%m").to_string(),
            sealed: Sealed {
                reason: reason.clone(),
                role: actor.role,
                despite,
                by_name,
                figure: id_text(random::bits()),
                judgement: None,
            },
            entry,
        };
        self.core.db.write(job).await
    }

    /// The glass by which this permit shows the emergency view; `None` where it rests on something else, or the time
    /// is over. What it shows is logged by reading it.
    pub async fn open_glass(&self, permit: &Permit, now: Timestamp) -> Result<Option<Open>> {
        permits::exactly(permit, Action::ReadEmergency)?;
        let (Basis::Glass, Who::Person(person)) = (permit.basis(), &permit.actor().who) else { return Ok(None) };
        let id = permit.patient().as_str();
        let row = self.core.db.row(OPEN, params![id, person.as_str(), micros(now)]).await?;
        let Some(mut row) = row else { return Ok(None) };
        let keys = self.keys(permit.patient()).await?;
        let sealed: Sealed = keys.open_json(place(id, row.count(0)?), row.blob(2)?)?;
        Ok(Some(Open { until: row.time(1)?, by_name: sealed.by_name }))
    }

    /// Every glass that was broken for this patient, newest first: for the team, for the patient's own page, and for
    /// who watches over use, who sees those of the own organisation where that is not in the team.
    pub async fn glass_of_patient(&self, permit: &Permit, now: Timestamp) -> Result<Vec<Broken>> {
        permits::log(permit)?;
        let id = permit.patient().as_str();
        let actor = permit.actor();
        let (organisation, _) = member_codes(actor);
        let narrowed = i64::from(permit.basis() == Basis::Oversight);
        let params = params![id, narrowed, actor.organisation.as_str(), &organisation, micros(now)];
        let rows = self.core.db.rows(OF, params).await?;
        let mut all = Vec::with_capacity(rows.len());
        if !rows.is_empty() {
            let keys = self.keys(permit.patient()).await?;
            for row in rows {
                all.push(of_row(&keys, id, row)?.0);
            }
        }
        self.spend(Entry::of(permit, now, "glass")).await?;
        Ok(all)
    }

    /// Glasses that were broken for patients in whose team the actor's organisation or person is now, and for a
    /// privacy officer those that people of the own organisation broke: those that wait for a judgement, and those
    /// judged since `judged_since`; newest first.
    pub async fn glass_cases(
        &self,
        actor: &Actor,
        judged_since: Timestamp,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Case>> {
        let Who::Person(own) = &actor.who else { return Ok(Vec::new()) };
        let sql = "SELECT g.patient_id, g.number, g.person_id, g.judged_at, \
             EXISTS (SELECT 1 FROM lead l WHERE l.patient_id = g.patient_id AND l.state = 'accepted' \
               AND l.person_id = ?1) \
             FROM glass g WHERE (g.judged_at IS NULL OR g.judged_at >= ?2) AND (?3 = 1 AND g.organisation_id = ?4 \
             OR EXISTS (SELECT 1 FROM team t WHERE t.patient_id = g.patient_id AND t.member IN (?5, ?6) \
               AND t.from_at <= ?7 AND (t.until_at IS NULL OR t.until_at > ?7))) \
             ORDER BY g.broken_at DESC LIMIT ?8";
        let officer = i64::from(actor.role == Some(Role::PrivacyOfficer));
        let (organisation, person) = member_codes(actor);
        let params = params![
            own.as_str(),
            micros(judged_since),
            officer,
            actor.organisation.as_str(),
            &organisation,
            &person,
            micros(now),
            i64::try_from(limit).unwrap_or(i64::MAX),
        ];
        let rows = self.core.db.many_rows(sql, params).await?;
        rows.into_iter()
            .map(|mut row| {
                Ok(Case {
                    patient: patient_id(&row.text(0)?)?,
                    number: row.count(1)?,
                    own: row.text(2)? == own.as_str(),
                    judged: row.opt_int(3)?.is_some(),
                    leads: row.flag(4)?,
                })
            })
            .collect()
    }

    /// Judges a broken glass, once and for all; never one's own.
    pub async fn judge_glass(
        &self,
        permit: &Permit,
        number: u32,
        verdict: Verdict,
        words: Option<&str>,
        now: Timestamp,
    ) -> Result<Judged> {
        permits::exactly(permit, Action::JudgeGlass)?;
        let actor = permit.actor();
        let Who::Person(by) = &actor.who else { return Err(Error::Permit("only a person judges")) };
        let job = Judge {
            id: permit.patient().as_str().to_owned(),
            keys: self.keys(permit.patient()).await?,
            number,
            judgement: Judgement {
                verdict,
                words: words.map(str::to_owned),
                by: by.clone(),
                role: actor.role,
                organisation: actor.organisation.clone(),
                at: now,
            },
            entry: Entry::of(permit, now, format!("glass {number}: {}", verdict.code())),
        };
        self.core.db.write(job).await
    }
}

fn place(id: &str, number: u32) -> Place<'_> {
    Place::of("glass", id).number(number)
}

fn of_row(keys: &PatientKeys, id: &str, mut row: Row) -> Result<(Broken, Sealed)> {
    let number = row.count(0)?;
    let sealed: Sealed = keys.open_json(place(id, number), row.blob(5)?)?;
    let broken = Broken {
        number,
        person: PersonId::parse(&row.text(1)?).map_err(|_| Error::Bug("a table holds what is no person's id"))?,
        role: sealed.role,
        organisation: organisation_id(&row.text(2)?)?,
        at: row.time(3)?,
        until: row.time(4)?,
        reason: sealed.reason.clone(),
        despite: sealed.despite,
        judgement: sealed.judgement.clone(),
    };
    Ok((broken, sealed))
}

impl Job for Break {
    type Out = Timestamp;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Timestamp> {
        let (id, at) = (self.id.as_str(), self.entry.at);
        lock_patient(tx, id).await?;
        if let Some(open) = tx.row(OPEN, params![id, self.person.as_str(), at]).await? {
            return open.time(1);
        }
        let sql = "SELECT coalesce(max(number), 0) + 1 FROM glass WHERE patient_id = ?1";
        let number = tx.row(sql, params![id]).await?.map_or(Ok(1), |r| r.count(0))?;
        let organisation = self.actor.organisation.as_str();
        let sealed = self.keys.seal_json(place(id, number), &self.sealed)?;
        tx.execute(
            "INSERT INTO glass (patient_id, number, person_id, organisation_id, broken_at, until_at, sealed) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![id, number, self.person.as_str(), organisation, at, self.until, &sealed],
        )
        .await?;
        let Sealed { figure, reason, despite, .. } = &self.sealed;
        tx.execute(
            "INSERT INTO glass_figure (figure_id, organisation_id, month, kind, despite) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![figure, organisation, &self.month, reason.kind.code(), *despite],
        )
        .await?;
        tx.append(std::slice::from_ref(&self.entry))?;
        Timestamp::from_microsecond(self.until).map_err(|_| Error::Bug("a moment too far away"))
    }
}

impl Job for Judge {
    type Out = Judged;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Judged> {
        // The patient's own row is not locked: what was broken for a record that was merged is judged all the same.
        let (id, number) = (self.id.as_str(), self.number);
        let Some(row) = tx.row(ONE, params![id, number]).await? else { return Ok(Judged::Gone) };
        let (broken, mut sealed) = of_row(&self.keys, id, row)?;
        if broken.judgement.is_some() {
            return Ok(Judged::Before);
        }
        if !may_judge(&broken.person, &Who::Person(self.judgement.by.clone())) {
            return Ok(Judged::Own);
        }
        sealed.judgement = Some(self.judgement.clone());
        let kept = self.keys.seal_json(place(id, number), &sealed)?;
        let sql = "UPDATE glass SET judged_at = ?3, sealed = ?4 WHERE patient_id = ?1 AND number = ?2";
        tx.execute(sql, params![id, number, self.entry.at, &kept]).await?;
        let sql = "UPDATE glass_figure SET verdict = ?2 WHERE figure_id = ?1";
        tx.execute(sql, params![&sealed.figure, self.judgement.verdict.code()]).await?;
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(Judged::Done)
    }
}
