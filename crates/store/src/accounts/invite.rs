//! Invitations: a one-time code on paper, of which only a keyed hash is kept.

use super::{About, own};
use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::seal::{PatientKeys, Place};
use crate::sharing::lock_patient;
use crate::value::{Row, micros, params};
use crate::{Result, Store, permits, random};
use domain::access::{Action, Own, Permit};
use domain::people::Name;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// How long a code can be used.
pub const VALID: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Wrong birth dates after which a code is void.
pub const MOST_TRIES: u32 = 5;

/// Letters and digits of a code: none that look alike on paper.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Letters of a code: 60 bits.
const LENGTH: usize = 12;

/// A one-time code. It stands on the letter and nowhere else.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(Zeroizing<String>);

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code")
    }
}

impl Code {
    /// A new one.
    pub fn fresh() -> Self {
        let bytes: [u8; LENGTH] = random::bytes();
        Self(Zeroizing::new(bytes.iter().map(|b| char::from(LETTERS[usize::from(b % 32)])).collect()))
    }

    /// A code as somebody types it: lower case, blanks and hyphens pass. `None`: it cannot be one.
    pub fn parse(typed: &str) -> Option<Self> {
        let plain: String = typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
        let fits = plain.len() == LENGTH && plain.bytes().all(|b| LETTERS.contains(&b));
        fits.then(|| Self(Zeroizing::new(plain)))
    }

    /// In groups of four, as it is printed.
    pub fn groups(&self) -> String {
        let letters: Vec<char> = self.0.chars().collect();
        letters.chunks(4).map(|g| g.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }
}

/// Whom to invite, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// As what.
    pub own: Own,
    /// Who.
    pub name: Name,
    /// What they are to the patient, in words.
    pub relation: Option<String>,
    /// From when the access runs, as a representation does.
    pub from: Timestamp,
    /// Until when, exclusive; absent: without an end.
    pub until: Option<Timestamp>,
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Counts per patient, from 1.
    pub number: u32,
    /// As what.
    pub own: Own,
    /// When it was made.
    pub made_at: Timestamp,
    /// Until when the code can be used.
    pub valid_until: Timestamp,
    /// From when the access runs.
    pub from: Timestamp,
    /// Until when it runs.
    pub until: Option<Timestamp>,
    /// Who was invited.
    pub about: About,
    /// What became of it.
    pub stand: Stand,
}

/// What became of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// Waits to be used.
    Open,
    /// Was used.
    Used(Timestamp),
    /// Was withdrawn.
    Withdrawn(Timestamp),
    /// Nobody used it in time.
    Expired,
    /// Void after too many wrong birth dates.
    Void,
}

struct Add {
    id: String,
    keys: Arc<PatientKeys>,
    hash: [u8; 32],
    invite: Invite,
    valid_until: Timestamp,
    entry: Entry,
}

struct Withdraw {
    id: String,
    number: u32,
    entry: Entry,
}

impl Store {
    /// Invites somebody; an earlier invitation for the same name and as the same that is open falls. Its number.
    pub async fn invite(&self, permit: &Permit, code: &Code, invite: &Invite, now: Timestamp) -> Result<u32> {
        permits::exactly(permit, Action::Invite)?;
        let job = Add {
            id: permit.patient().as_str().to_owned(),
            keys: self.keys(permit.patient()).await?,
            hash: self.code_hash(code).await?,
            invite: invite.clone(),
            valid_until: now + VALID,
            entry: Entry::of(permit, now, format!("invitation: {}", invite.own.code())),
        };
        self.core.db.write(job).await
    }

    /// Every invitation for this patient, newest first.
    pub async fn invitations(&self, permit: &Permit, now: Timestamp) -> Result<Vec<Invitation>> {
        permits::identity(permit)?;
        let id = permit.patient().as_str();
        let rows = self.core.db.rows(ALL, params![id]).await?;
        let keys = self.keys(permit.patient()).await?;
        let all = rows.into_iter().map(|row| invitation(&keys, id, row, now)).collect::<Result<_>>()?;
        self.spend(Entry::of(permit, now, "invitations")).await?;
        Ok(all)
    }

    /// Withdraws an invitation; `false` where it was not open any more.
    pub async fn withdraw_invitation(&self, permit: &Permit, number: u32, now: Timestamp) -> Result<bool> {
        permits::exactly(permit, Action::Invite)?;
        let id = permit.patient().as_str().to_owned();
        let job = Withdraw { id, number, entry: Entry::of(permit, now, format!("invitation {number}: withdrawn")) };
        self.core.db.write(job).await
    }

    /// The hash under which a code is kept.
    pub(super) async fn code_hash(&self, code: &Code) -> Result<[u8; 32]> {
        let key = self.secret("invitation").await?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&*key).map_err(|_| crate::Error::Bug("a key of any size fits"))?;
        mac.update(code.0.as_bytes());
        Ok(mac.finalize().into_bytes().into())
    }
}

const ALL: &str = "SELECT number, own, made_at, valid_until, runs_from, runs_until, tries, used_at, withdrawn_at, sealed \
                   FROM invitation WHERE patient_id = ?1 ORDER BY number DESC";

/// Where it is sealed.
pub(super) fn place(id: &str, number: u32) -> Place<'_> {
    Place::of("invitation", id).number(number)
}

/// An invitation from a row of [`ALL`].
fn invitation(keys: &PatientKeys, id: &str, mut row: Row, now: Timestamp) -> Result<Invitation> {
    let number = row.count(0)?;
    let valid_until = row.time(3)?;
    let stand = match (row.opt_time(7)?, row.opt_time(8)?) {
        (Some(at), _) => Stand::Used(at),
        (None, Some(at)) => Stand::Withdrawn(at),
        (None, None) if row.count(6)? >= MOST_TRIES => Stand::Void,
        (None, None) if valid_until <= now => Stand::Expired,
        (None, None) => Stand::Open,
    };
    Ok(Invitation {
        number,
        own: own(&row.text(1)?)?,
        made_at: row.time(2)?,
        valid_until,
        from: row.time(4)?,
        until: row.opt_time(5)?,
        about: keys.open_json(place(id, number), row.blob(9)?)?,
        stand,
    })
}

impl Job for Add {
    type Out = u32;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<u32> {
        let (id, at) = (&self.id, self.entry.at);
        lock_patient(tx, id).await?;
        let mut number = 1;
        for row in tx.rows(ALL, params![id]).await? {
            let before = invitation(&self.keys, id, row, Timestamp::MIN)?;
            number = number.max(before.number + 1);
            if before.stand == Stand::Open && before.own == self.invite.own && before.about.name == self.invite.name {
                withdraw(tx, id, before.number, at).await?;
            }
        }
        let about = About {
            name: self.invite.name.clone(),
            relation: self.invite.relation.clone(),
            invited_by: self.entry.actor.clone(),
            ended_because: None,
        };
        let sealed = self.keys.seal_json(place(id, number), &about)?;
        tx.execute(
            "INSERT INTO invitation (patient_id, number, hash, own, made_at, valid_until, runs_from, runs_until, tries, \
             sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9)",
            params![
                id,
                number,
                &self.hash,
                self.invite.own.code(),
                at,
                micros(self.valid_until),
                micros(self.invite.from),
                self.invite.until.map(micros),
                &sealed,
            ],
        )
        .await?;
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(number)
    }
}

async fn withdraw(tx: &mut Tx<'_>, id: &str, number: u32, at: i64) -> Result<bool> {
    let sql = "UPDATE invitation SET hash = NULL, withdrawn_at = ?3 \
               WHERE patient_id = ?1 AND number = ?2 AND used_at IS NULL AND withdrawn_at IS NULL";
    tx.execute(sql, params![id, number, at]).await.map(|changed| changed > 0)
}

impl Job for Withdraw {
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        lock_patient(tx, &self.id).await?;
        let done = withdraw(tx, &self.id, self.number, self.entry.at).await?;
        if done {
            tx.append(std::slice::from_ref(&self.entry))?;
        }
        Ok(done)
    }
}

/// What of an invitation opens the door, to be sealed anew for the account that comes of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Found {
    pub number: u32,
    pub own: Own,
    pub from: Timestamp,
    pub until: Option<Timestamp>,
    pub about: About,
}

/// The open invitation of a patient with this number, for who redeems it; the patient is locked.
pub(super) async fn open_one(
    tx: &mut Tx<'_>,
    keys: &PatientKeys,
    id: &str,
    number: u32,
    now: Timestamp,
) -> Result<Option<Found>> {
    let row = tx.rows(ALL, params![id]).await?.into_iter().find(|r| r.count(0).is_ok_and(|n| n == number));
    let Some(row) = row else { return Ok(None) };
    let found = invitation(keys, id, row, now)?;
    Ok((found.stand == Stand::Open).then_some(Found {
        number,
        own: found.own,
        from: found.from,
        until: found.until,
        about: found.about,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_it_is_printed_and_as_people_type_it() {
        let code = Code::fresh();
        let printed = code.groups();
        assert_eq!(printed.len(), 14);
        assert_eq!(Code::parse(&printed).as_ref(), Some(&code));
        assert_eq!(Code::parse(&format!("  {} ", printed.to_lowercase().replace('-', " "))).as_ref(), Some(&code));
        assert_ne!(Code::fresh(), code);
        assert!(!format!("{code:?}").contains(&printed[..4]));
        for wrong in ["", "ABCD-EFGH-JKL", "ABCD-EFGH-JKL0", "ABCD-EFGH-JKLMN"] {
            assert_eq!(Code::parse(wrong), None, "{wrong}");
        }
    }
}
