//! Redeeming an invitation: the code on paper and the patient's birth date make a sign-in of one's own.

use super::invite::{self, Code, Found, MOST_TRIES};
use super::{Own, place};
use crate::job::{Job, Statement, Tx};
use crate::log::row::Entry;
use crate::patients::patient_id;
use crate::people::{ADD, Person};
use crate::seal::PatientKeys;
use crate::sharing::lock_patient;
use crate::value::{micros, params};
use crate::{Error, Result, Store};
use domain::ident::{PatientId, PersonId};
use domain::people::Name;
use jiff::Timestamp;
use std::sync::Arc;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redeemed {
    /// The person can sign in.
    Done(Own),
    /// Code and birth date do not open anything: unknown, used, withdrawn, too late, tried too often, or the birth date
    /// is another. Which of these is nobody's to know.
    No,
    /// Another has this user name; the code can still be used.
    NameTaken,
}

/// An invitation that code and birth date open.
struct Opened {
    id: PatientId,
    number: u32,
}

struct Redeem {
    id: String,
    keys: Arc<PatientKeys>,
    number: u32,
    person: Person,
    password_hash: String,
    now: Timestamp,
}

/// Gives the access to somebody who has a sign-in of this kind already.
struct Join {
    id: String,
    keys: Arc<PatientKeys>,
    number: u32,
    person: PersonId,
    now: Timestamp,
}

struct Missed {
    id: String,
    number: u32,
    entry: Entry,
}

impl Store {
    /// Do code and birth date (`YYYY-MM-DD`, or as precise as it is known) open an invitation? A wrong birth date
    /// counts as a try, and is logged with the patient.
    pub async fn may_redeem(&self, code: &Code, born: &str, now: Timestamp) -> Result<bool> {
        Ok(self.opened(code, born, now).await?.is_some())
    }

    /// Makes the person, and gives the access. The person's name is that of the invitation, whatever is given.
    pub async fn redeem(
        &self,
        code: &Code,
        born: &str,
        person: &Person,
        password_hash: &str,
        now: Timestamp,
    ) -> Result<Redeemed> {
        let Some(Opened { id, number }) = self.opened(code, born, now).await? else { return Ok(Redeemed::No) };
        let keys = self.keys(&id).await?;
        let person = Person { name: Name::default(), ..person.clone() };
        let password_hash = password_hash.to_owned();
        let job = Redeem { id: id.as_str().to_owned(), keys, number, person, password_hash, now };
        match self.core.db.write(job).await {
            Ok(Some(own)) => Ok(Redeemed::Done(own)),
            Ok(None) | Err(Error::Merged(_)) => Ok(Redeemed::No),
            Err(Error::Taken("user name")) => Ok(Redeemed::NameTaken),
            Err(e) => Err(e),
        }
    }

    /// Gives the access to a person who came by such a letter before: for a second patient, or as another than until
    /// now. Who works for an organisation is not one of them: their own affairs are none of their employer's.
    pub async fn redeem_as(&self, code: &Code, born: &str, person: &PersonId, now: Timestamp) -> Result<Redeemed> {
        let Some(Opened { id, number }) = self.opened(code, born, now).await? else { return Ok(Redeemed::No) };
        let keys = self.keys(&id).await?;
        let job = Join { id: id.as_str().to_owned(), keys, number, person: person.clone(), now };
        match self.core.db.write(job).await {
            Ok(Some(own)) => Ok(Redeemed::Done(own)),
            Ok(None) | Err(Error::Merged(_)) => Ok(Redeemed::No),
            Err(e) => Err(e),
        }
    }

    async fn opened(&self, code: &Code, born: &str, now: Timestamp) -> Result<Option<Opened>> {
        let hash = self.code_hash(code).await?;
        let sql = "SELECT patient_id, number FROM invitation WHERE hash = ?1 AND valid_until > ?2 AND tries < ?3";
        let Some(mut row) = self.core.db.row(sql, params![&hash, micros(now), MOST_TRIES]).await? else {
            return Ok(None);
        };
        let (id, number) = (patient_id(&row.text(0)?)?, row.count(1)?);
        let Some(record) = self.identity(&id).await?.filter(|r| r.merged_into.is_none()) else { return Ok(None) };
        if record.patient.birth_date.date_part() == born {
            return Ok(Some(Opened { id, number }));
        }
        let mut entry = Entry::nobody(now, "redeem", "invitation");
        id.as_str().clone_into(&mut entry.chain);
        entry.outcome = "refused".into();
        self.core.db.write(Missed { id: id.as_str().to_owned(), number, entry }).await?;
        Ok(None)
    }
}

impl Job for Missed {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        lock_patient(tx, &self.id).await?;
        let sql = "UPDATE invitation SET tries = tries + 1 WHERE patient_id = ?1 AND number = ?2";
        tx.execute(sql, params![&self.id, self.number]).await?;
        tx.append(std::slice::from_ref(&self.entry))
    }
}

/// The row of the log: done by who has just become somebody to this patient.
fn entry(id: &str, person: &PersonId, own: Own, now: Timestamp) -> Entry {
    let mut entry = Entry::nobody(now, "redeem", "invitation");
    id.clone_into(&mut entry.chain);
    entry.actor = format!("person:{person}");
    entry.role = Some(own.code().into());
    entry.organisation = Some(Own::organisation().as_str().to_owned());
    entry.basis = Some(own.basis().code().into());
    entry
}

/// Gives the person what the letter promised, and makes the letter void. A person is one thing to a patient: what was
/// given last.
async fn give(
    tx: &mut Tx<'_>,
    keys: &PatientKeys,
    id: &str,
    found: Found,
    person: &PersonId,
    now: Timestamp,
) -> Result<Own> {
    let Found { number, own, from, until, about } = found;
    let sealed = keys.seal_json(place(id, person), &about)?;
    tx.execute(
        "INSERT INTO own_account (person_id, patient_id, own, from_at, until_at, sealed) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (person_id, patient_id) DO UPDATE SET own = excluded.own, \
         from_at = excluded.from_at, until_at = excluded.until_at, sealed = excluded.sealed",
        params![person.as_str(), id, own.code(), micros(from.max(now)), until.map(micros), &sealed],
    )
    .await?;
    let sql = "UPDATE invitation SET hash = NULL, used_at = ?3 WHERE patient_id = ?1 AND number = ?2";
    tx.execute(sql, params![id, number, micros(now)]).await?;
    tx.append(&[entry(id, person, own, now)])?;
    Ok(own)
}

impl Job for Redeem {
    type Out = Option<Own>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<Own>> {
        let id = &self.id;
        lock_patient(tx, id).await?;
        // Another may have been first with the same letter.
        let Some(found) = invite::open_one(tx, &self.keys, id, self.number, self.now).await? else { return Ok(None) };
        let add: Statement = self.person.statement(ADD, Some(&self.password_hash))?.unique("user name");
        add.run(tx).await?;
        give(tx, &self.keys, id, found, &self.person.id, self.now).await.map(Some)
    }
}

impl Job for Join {
    type Out = Option<Own>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<Own>> {
        let id = &self.id;
        lock_patient(tx, id).await?;
        let fits = "SELECT 1 FROM person p WHERE p.person_id = ?1 AND p.active = 1 \
             AND EXISTS (SELECT 1 FROM own_account o WHERE o.person_id = p.person_id) \
             AND NOT EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = p.person_id)";
        if tx.row(fits, params![self.person.as_str()]).await?.is_none() {
            return Ok(None);
        }
        let Some(found) = invite::open_one(tx, &self.keys, id, self.number, self.now).await? else { return Ok(None) };
        give(tx, &self.keys, id, found, &self.person, self.now).await.map(Some)
    }
}
