//! The patient and theirs: people of no organisation, who reach one patient's own page (issue row 5). They are invited
//! on paper (`invite`), make a sign-in of their own (`redeem`), and may be ended at any time.
//!
//! Their names are sealed under the patient's key, for they tell who the patient is; `person` holds none.

mod invite;
mod redeem;

pub use invite::{Code, Invitation, Invite, MOST_TRIES, Stand, VALID};
pub use redeem::Redeemed;

use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::patients::patient_id;
use crate::people::RoleGrant;
use crate::people::members::end_sessions;
use crate::seal::{PatientKeys, Place};
use crate::sharing::lock_patient;
use crate::value::{Row, micros, params};
use crate::{Error, Result, Store, permits};
use domain::access::{Action, Own, Permit};
use domain::ident::{PatientId, PersonId};
use domain::people::Name;
use domain::role::Role;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Somebody who has access, or had it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Who.
    pub person: PersonId,
    /// As what.
    pub own: Own,
    /// From.
    pub from: Timestamp,
    /// Until, exclusive; absent: without an end.
    pub until: Option<Timestamp>,
    /// What is said of it.
    pub about: About,
}

/// What is said of an access; sealed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// Name.
    pub name: Name,
    /// What they are to the patient, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
    /// Who invited them: `person:{id}` or `program`.
    pub invited_by: String,
    /// Why it ended, where that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_because: Option<String>,
}

/// Changes until when an access runs.
struct End {
    id: String,
    keys: Arc<PatientKeys>,
    person: PersonId,
    until: Timestamp,
    now: Timestamp,
    reason: Option<String>,
    entry: Entry,
}

impl Store {
    /// Everybody who has or had access to this patient's own page, in order of beginning.
    pub async fn accounts(&self, permit: &Permit, now: Timestamp) -> Result<Vec<Account>> {
        permits::identity(permit)?;
        let id = permit.patient().as_str();
        let sql = "SELECT person_id, own, from_at, until_at, sealed FROM own_account WHERE patient_id = ?1 \
                   ORDER BY from_at, person_id";
        let rows = self.core.db.rows(sql, params![id]).await?;
        let keys = self.keys(permit.patient()).await?;
        let accounts = rows.into_iter().map(|row| account(&keys, id, row)).collect::<Result<_>>()?;
        self.spend(Entry::of(permit, now, "own access")).await?;
        Ok(accounts)
    }

    /// Lets an access run until a moment and no longer; where that has come, the person is signed out at once.
    /// `false`: no such access, or it had ended.
    pub async fn end_account(
        &self,
        permit: &Permit,
        person: &PersonId,
        until: Timestamp,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Result<bool> {
        permits::exactly(permit, Action::Invite)?;
        let job = End {
            id: permit.patient().as_str().to_owned(),
            keys: self.keys(permit.patient()).await?,
            person: person.clone(),
            until,
            now,
            reason: reason.map(str::to_owned),
            entry: Entry::of(permit, now, format!("own access: ends for {person}")),
        };
        self.core.db.write(job).await
    }

    /// The patients whom a person reaches in this role now, by id: whoever signs in is shown the page of the first, or
    /// asked. Tells no more than ids.
    pub async fn own_patients(&self, person: &PersonId, role: Role, now: Timestamp) -> Result<Vec<PatientId>> {
        let sql = "SELECT a.patient_id FROM own_account a JOIN patient p ON p.patient_id = a.patient_id \
                   WHERE a.person_id = ?1 AND a.own = ?2 AND a.from_at <= ?3 \
                   AND (a.until_at IS NULL OR a.until_at > ?3) AND p.merged_into IS NULL ORDER BY a.patient_id";
        let rows = self.core.db.rows(sql, params![person.as_str(), role.code(), micros(now)]).await?;
        rows.into_iter().map(|mut r| patient_id(&r.text(0)?)).collect()
    }

    /// What somebody of no organisation may act as now, as roles are held: at [`Own::organisation`].
    pub(crate) async fn own_roles(&self, person: &PersonId, now: Timestamp) -> Result<Vec<RoleGrant>> {
        let sql = "SELECT own, from_at, until_at FROM own_account WHERE person_id = ?1 AND from_at <= ?2 \
                   AND (until_at IS NULL OR until_at > ?2) ORDER BY own, from_at";
        let mut grants: Vec<RoleGrant> = Vec::new();
        for mut row in self.core.db.rows(sql, params![person.as_str(), micros(now)]).await? {
            let own = own(&row.text(0)?)?;
            // Of several patients in one role there is one grant: the role is held as long as one of them runs.
            if grants.iter().all(|g| g.role != own.role()) {
                let (from, until) = (row.time(1)?, row.opt_time(2)?);
                grants.push(RoleGrant { organisation: Own::organisation(), role: own.role(), from, until });
            }
        }
        Ok(grants)
    }

    /// The name of somebody of no organisation.
    pub(crate) async fn own_name(&self, person: &PersonId) -> Result<Option<Name>> {
        let sql = "SELECT patient_id, sealed FROM own_account WHERE person_id = ?1 ORDER BY from_at LIMIT 1";
        let Some(mut row) = self.core.db.row(sql, params![person.as_str()]).await? else { return Ok(None) };
        let id = patient_id(&row.text(0)?)?;
        let about: About = self.keys(&id).await?.open_json(place(id.as_str(), person), row.blob(1)?)?;
        Ok(Some(about.name))
    }
}

/// Where an access is sealed.
fn place<'a>(id: &'a str, person: &'a PersonId) -> Place<'a> {
    Place::of("own_account", id).part(person.as_str().as_bytes())
}

fn own(code: &str) -> Result<Own> {
    Own::of_code(code).ok_or(Error::Bug("a table holds what is no own access"))
}

fn account(keys: &PatientKeys, id: &str, mut row: Row) -> Result<Account> {
    let person = PersonId::parse(&row.text(0)?).map_err(|_| Error::Bug("a table holds what is no person's id"))?;
    let about = keys.open_json(place(id, &person), row.blob(4)?)?;
    Ok(Account { own: own(&row.text(1)?)?, from: row.time(2)?, until: row.opt_time(3)?, about, person })
}

impl Job for End {
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let (id, person) = (&self.id, self.person.as_str());
        lock_patient(tx, id).await?;
        let sql = "SELECT person_id, own, from_at, until_at, sealed FROM own_account \
                   WHERE patient_id = ?1 AND person_id = ?2 AND (until_at IS NULL OR until_at > ?3)";
        let Some(row) = tx.row(sql, params![id, person, micros(self.now)]).await? else { return Ok(false) };
        let mut found = account(&self.keys, id, row)?;
        found.about.ended_because.clone_from(&self.reason);
        let sealed = self.keys.seal_json(place(id, &self.person), &found.about)?;
        let sql = "UPDATE own_account SET until_at = ?3, sealed = ?4 WHERE patient_id = ?1 AND person_id = ?2";
        tx.execute(sql, params![id, person, micros(self.until), &sealed]).await?;
        tx.append(std::slice::from_ref(&self.entry))?;
        if self.until <= self.now {
            end_sessions(&self.person, self.now).run(tx).await?;
        }
        Ok(true)
    }
}
