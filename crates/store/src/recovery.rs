//! Back in after a lost password or second factor: an administrator of the organisation asks, another person approves,
//! and a code that counts for an hour lets somebody set a new password. Neither of the two can do it alone.

use crate::job::{Job, Statement, Tx};
use crate::log::row::Entry;
use crate::organisations::organisation_id;
use crate::value::{Param, Row, micros, params};
use crate::{Error, Result, Store};
use domain::access::{Actor, Who};
use domain::ident::{OrganisationId, PersonId};
use jiff::Timestamp;

/// A request to let somebody back in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// Id.
    pub id: String,
    /// Organisation that asks it.
    pub organisation: OrganisationId,
    /// Whom it is for.
    pub person: PersonId,
    /// Why.
    pub reason: String,
    /// Who asked it.
    pub asked_by: PersonId,
    /// When.
    pub asked_at: Timestamp,
    /// Who decided; absent: it waits.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Approved, until when the code counts; absent: it was refused, or waits.
    pub ends_at: Option<Timestamp>,
    /// When the code was used.
    pub used_at: Option<Timestamp>,
}

/// What came of deciding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// It is decided.
    Done,
    /// Whoever asked it, or whom it is for, does not decide.
    NotYou,
    /// It is not there, decided already, or older than a week.
    Gone,
}

struct Decide {
    id: String,
    organisation: String,
    by: String,
    /// Hash of the code and its end; absent: refused.
    code: Option<([u8; 32], i64)>,
    now: i64,
    entry: Entry,
}

struct Redeem {
    person: String,
    hash: [u8; 32],
    password_hash: String,
    now: i64,
    entry: Entry,
}

/// A request that nobody decided in a week is void.
const WEEK: i64 = 7 * 24 * 3600 * 1_000_000;

impl Store {
    /// Asks for recovery of a person of the actor's organisation. That they are of it is the caller's to know.
    pub async fn ask_recovery(
        &self,
        by: &Actor,
        id: &str,
        person: &PersonId,
        reason: &str,
        now: Timestamp,
    ) -> Result<()> {
        let sql = "INSERT INTO recovery (recovery_id, organisation_id, person_id, reason, asked_by, asked_at) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let params = params![id, by.organisation.as_str(), person.as_str(), reason, person_of(by)?, micros(now)];
        let entry = Entry::by(by, now, "ask-recovery", format!("person {person}"));
        self.core.db.write(Statement::new(sql, params).logged(entry)).await.map(|_| ())
    }

    /// Requests of an organisation of the last week, newest first.
    pub async fn recoveries(&self, organisation: &OrganisationId, now: Timestamp) -> Result<Vec<Recovery>> {
        let sql = "SELECT recovery_id, organisation_id, person_id, reason, asked_by, asked_at, decided_by, decided_at, \
                   ends_at, used_at FROM recovery WHERE organisation_id = ?1 AND asked_at > ?2 \
                   ORDER BY asked_at DESC, recovery_id";
        let rows = self.core.db.rows(sql, params![organisation.as_str(), micros(now) - WEEK]).await?;
        rows.into_iter().map(Recovery::of_row).collect()
    }

    /// Decides a request of the actor's organisation: approved with the hash of the code and its end, or refused.
    /// Approved, the person's sessions end at once.
    pub async fn decide_recovery(
        &self,
        by: &Actor,
        id: &str,
        code: Option<([u8; 32], Timestamp)>,
        now: Timestamp,
    ) -> Result<Decided> {
        let action = if code.is_some() { "approve-recovery" } else { "refuse-recovery" };
        let decide = Decide {
            id: id.to_owned(),
            organisation: by.organisation.as_str().to_owned(),
            by: person_of(by)?.to_owned(),
            code: code.map(|(hash, ends)| (hash, micros(ends))),
            now: micros(now),
            entry: Entry::by(by, now, action, ""),
        };
        self.core.db.write(decide).await
    }

    /// Lets a person in again: with the code, the password is the new one, second factors and sessions are gone, and
    /// the code is used. `false` where the code does not count (any more).
    pub async fn redeem_recovery(
        &self,
        person: &PersonId,
        hash: &[u8; 32],
        password_hash: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let redeem = Redeem {
            person: person.as_str().to_owned(),
            hash: *hash,
            password_hash: password_hash.to_owned(),
            now: micros(now),
            entry: crate::factors::by_person(person, now, "recover", "password and factors"),
        };
        self.core.db.write(redeem).await
    }
}

fn person_of(by: &Actor) -> Result<&str> {
    match &by.who {
        Who::Person(id) => Ok(id.as_str()),
        Who::Client(..) | Who::Program => Err(Error::Bug("recovery is asked and approved by people")),
    }
}

impl Recovery {
    fn of_row(mut row: Row) -> Result<Self> {
        let id = |text: String| PersonId::parse(&text).map_err(|_| Error::Bug("a table holds what is no person's id"));
        Ok(Self {
            id: row.text(0)?,
            organisation: organisation_id(&row.text(1)?)?,
            person: id(row.text(2)?)?,
            reason: row.text(3)?,
            asked_by: id(row.text(4)?)?,
            asked_at: row.time(5)?,
            decided_by: row.opt_text(6)?.map(id).transpose()?,
            decided_at: row.opt_time(7)?,
            ends_at: row.opt_time(8)?,
            used_at: row.opt_time(9)?,
        })
    }
}

impl Job for Decide {
    type Out = Decided;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Decided> {
        let sql = "SELECT person_id, asked_by FROM recovery WHERE recovery_id = ?1 AND organisation_id = ?2 \
                   AND decided_at IS NULL AND asked_at > ?3";
        let (id, by) = (Param::Text(&self.id), Param::Text(&self.by));
        let found = tx.row(sql, &[id, Param::Text(&self.organisation), Param::Int(self.now - WEEK)]).await?;
        let Some(mut row) = found else { return Ok(Decided::Gone) };
        let (person, asked_by) = (row.text(0)?, row.text(1)?);
        if asked_by == self.by || person == self.by {
            return Ok(Decided::NotYou);
        }
        let (hash, ends) = match &self.code {
            Some((hash, ends)) => (Param::Blob(hash), Param::Int(*ends)),
            None => (Param::Null, Param::Null),
        };
        let sql = "UPDATE recovery SET decided_by = ?2, decided_at = ?3, hash = ?4, ends_at = ?5 \
                   WHERE recovery_id = ?1 AND decided_at IS NULL";
        if tx.execute(sql, &[id, by, Param::Int(self.now), hash, ends]).await? == 0 {
            return Ok(Decided::Gone);
        }
        if self.code.is_some() {
            tx.execute("DELETE FROM session WHERE person_id = ?1", &[Param::Text(&person)]).await?;
        }
        let mut entry = self.entry.clone();
        entry.data = format!("person {person}").into();
        tx.append(&[entry])?;
        Ok(Decided::Done)
    }
}

impl Job for Redeem {
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let (person, now) = (Param::Text(&self.person), Param::Int(self.now));
        let sql =
            "UPDATE recovery SET used_at = ?3 WHERE person_id = ?1 AND hash = ?2 AND used_at IS NULL AND ends_at > ?3";
        if tx.execute(sql, &[person, Param::Blob(&self.hash), now]).await? == 0 {
            return Ok(false);
        }
        let sql = "UPDATE person SET password_hash = ?2 WHERE person_id = ?1";
        tx.execute(sql, &[person, Param::Text(&self.password_hash)]).await?;
        for sql in [
            "DELETE FROM factor WHERE person_id = ?1",
            "DELETE FROM recovery_code WHERE person_id = ?1",
            "DELETE FROM session WHERE person_id = ?1",
            "DELETE FROM ceremony WHERE person_id = ?1",
        ] {
            tx.execute(sql, &[person]).await?;
        }
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(true)
    }
}
