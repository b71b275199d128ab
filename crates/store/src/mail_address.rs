//! Where somebody wants to be told by mail: an address counts when a code that was sent to it came back.

use crate::factors::by_person;
use crate::job::{Job, Statement, Tx};
use crate::log::row::Entry;
use crate::outbox::{self, ToConfirm};
use crate::value::{micros, params};
use crate::{Error, Result, Store};
use domain::ident::PersonId;
use domain::outbox::Kind;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

/// A code counts this long.
pub const CODE_COUNTS: SignedDuration = SignedDuration::from_hours(1);
/// Between two codes at least so long: nobody's mailbox is filled from here.
const BETWEEN: SignedDuration = SignedDuration::from_secs(60);
/// Wrong codes before a new one is needed.
const TRIES: u32 = 5;

/// Somebody's address.
#[derive(Clone, PartialEq, Eq)]
pub struct MailAddress {
    /// The address.
    pub address: String,
    /// Since when it counts; absent: a code was sent there.
    pub confirmed_at: Option<Timestamp>,
}

/// What became of asking for a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// It is on its way.
    Sent,
    /// One was asked for a moment ago.
    TooSoon,
}

/// What became of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmed {
    /// The address counts.
    Done,
    /// It is another one.
    Wrong,
    /// It counts no more, or there is none: ask for a new one.
    Over,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    address: String,
    code: String,
}

struct Ask {
    person: String,
    sealed: Vec<u8>,
    message: String,
    words: Vec<u8>,
    now: Timestamp,
    entry: Entry,
}

struct Confirm {
    person: String,
    right: bool,
    at: i64,
    entry: Entry,
}

const ROW: &str = "SELECT sealed, code_until, tries, confirmed_at FROM person_mail WHERE person_id = ?1";

impl Store {
    /// Somebody's address.
    pub async fn mail_address(&self, person: &PersonId) -> Result<Option<MailAddress>> {
        let Some(mut row) = self.core.db.row(ROW, params![person.as_str()]).await? else { return Ok(None) };
        let sealed = self.open_address(person, row.blob(0)?).await?;
        Ok(Some(MailAddress { address: sealed.address, confirmed_at: row.opt_time(3)? }))
    }

    /// Sends a code to an address, which counts for nothing until the code comes back; one that was there before counts
    /// no more.
    pub async fn ask_mail_address(
        &self,
        person: &PersonId,
        address: &str,
        code: &str,
        now: Timestamp,
    ) -> Result<Asked> {
        let kept = Sealed { address: address.to_owned(), code: code.to_owned() };
        let json = serde_json::to_vec(&kept).map_err(|_| Error::Bug("an address cannot be written"))?;
        let message = outbox::fresh_id();
        let told = ToConfirm { address: address.to_owned(), code: code.to_owned() };
        let job = Ask {
            person: person.as_str().to_owned(),
            sealed: self.seal_sign_in("mail", person.as_str(), "", &json).await?,
            words: self.seal_message(&message, &told).await?,
            message,
            now,
            entry: by_person(person, now, "mail-address", "code asked"),
        };
        self.core.db.write(job).await
    }

    /// Takes the code.
    pub async fn confirm_mail_address(&self, person: &PersonId, code: &str, now: Timestamp) -> Result<Confirmed> {
        let Some(mut row) = self.core.db.row(ROW, params![person.as_str()]).await? else {
            return Ok(Confirmed::Over);
        };
        let sealed = self.open_address(person, row.blob(0)?).await?;
        let job = Confirm {
            person: person.as_str().to_owned(),
            right: bool::from(sealed.code.as_bytes().ct_eq(code.as_bytes())),
            at: micros(now),
            entry: by_person(person, now, "mail-address", "confirmed"),
        };
        self.core.db.write(job).await
    }

    /// Tells somebody nothing by mail any more.
    pub async fn remove_mail_address(&self, person: &PersonId, now: Timestamp) -> Result<bool> {
        let sql = "DELETE FROM person_mail WHERE person_id = ?1";
        let entry = by_person(person, now, "mail-address", "removed");
        let removed = Statement::new(sql, params![person.as_str()]).logged(entry);
        Ok(self.core.db.write(removed).await? > 0)
    }

    async fn open_address(&self, person: &PersonId, sealed: Vec<u8>) -> Result<Sealed> {
        let json = self.open_sign_in("mail", person.as_str(), "", sealed).await?;
        serde_json::from_slice(&json).map_err(|_| Error::Bug("an address cannot be read"))
    }
}

impl Job for Ask {
    type Out = Asked;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Asked> {
        let sql = "SELECT asked_at FROM person_mail WHERE person_id = ?1 /*for update*/";
        let since = self.now.checked_sub(BETWEEN).map_err(|_| Error::Bug("a moment too far away"))?;
        if let Some(row) = tx.row(sql, params![&self.person]).await?
            && row.time(0)? > since
        {
            return Ok(Asked::TooSoon);
        }
        let until = self.now.checked_add(CODE_COUNTS).map_err(|_| Error::Bug("a moment too far away"))?;
        let at = micros(self.now);
        tx.execute(
            "INSERT INTO person_mail (person_id, sealed, code_until, tries, asked_at) VALUES (?1, ?2, ?3, 0, ?4) \
             ON CONFLICT (person_id) DO UPDATE SET sealed = excluded.sealed, code_until = excluded.code_until, \
             tries = 0, asked_at = excluded.asked_at, confirmed_at = NULL",
            params![&self.person, &self.sealed, micros(until), at],
        )
        .await?;
        let once = format!("confirm:{}", self.message);
        let to = ["person:", &self.person].concat();
        let new = outbox::New {
            patient: "",
            kind: Kind::Confirm,
            to: &to,
            once: &once,
            version: 0,
            urgent: false,
            due_at: at,
            at,
        };
        outbox::put(tx, &self.message, &new, Some(&self.words)).await?;
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(Asked::Sent)
    }
}

impl Job for Confirm {
    type Out = Confirmed;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Confirmed> {
        let sql =
            "SELECT code_until, tries FROM person_mail WHERE person_id = ?1 AND confirmed_at IS NULL /*for update*/";
        let Some(row) = tx.row(sql, params![&self.person]).await? else { return Ok(Confirmed::Over) };
        if row.opt_int(0)?.is_none_or(|until| until <= self.at) || row.count(1)? >= TRIES {
            return Ok(Confirmed::Over);
        }
        if !self.right {
            let sql = "UPDATE person_mail SET tries = tries + 1 WHERE person_id = ?1";
            tx.execute(sql, params![&self.person]).await?;
            return Ok(Confirmed::Wrong);
        }
        let sql = "UPDATE person_mail SET confirmed_at = ?2, code_until = NULL WHERE person_id = ?1";
        tx.execute(sql, params![&self.person, self.at]).await?;
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(Confirmed::Done)
    }
}
