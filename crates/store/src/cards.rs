//! Codes on cards and on plans on paper (decision 54): made once for each version, told apart from forged ones, withdrawn.
//!
//! What a stranger may ask, [`Store::card_standing`], takes no permit: it gives nothing of the patient, and not even
//! whose the card is. It is no look at a record, so the log says nothing of it.

mod keys;

pub use keys::CardKey;

use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::patients::patient_id;
use crate::seal::{PatientKeys, Place};
use crate::sharing::lock_patient;
use crate::value::{Row, params};
use crate::{Error, Result, Store, permits, random};
use domain::access::{Action, Permit};
use domain::card::{Kind, Standing, Token};
use domain::date::local_day;
use domain::ident::PatientId;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::sync::Arc;

/// A card or sheet that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// Counts per patient, from 1.
    pub number: u32,
    /// What bears the code.
    pub kind: Kind,
    /// Version of the plan that it shows.
    pub version: u32,
    /// When it was first made.
    pub made_at: Timestamp,
    /// Its name.
    pub token: Token,
    /// The whole code, from the token on.
    pub code: String,
    /// Who made it.
    pub by: String,
    /// What it is worth.
    pub standing: Standing,
}

/// A code to keep.
#[derive(Debug, Clone)]
pub struct NewCard {
    /// What bears it.
    pub kind: Kind,
    /// Version of the plan that it shows.
    pub version: u32,
    /// Its name.
    pub token: Token,
    /// The whole code, from the token on.
    pub code: String,
}

/// What is sealed of it.
#[derive(Serialize, Deserialize)]
struct Sealed {
    token: String,
    code: String,
    by: String,
}

struct Issue {
    id: String,
    keys: Arc<PatientKeys>,
    hash: [u8; 32],
    new: NewCard,
    by: String,
    entry: Entry,
}

struct Withdraw {
    id: String,
    number: u32,
    entry: Entry,
}

/// Columns as [`standing`] reads them, from the first on.
macro_rules! standing {
    () => {
        "c.withdrawn_at, c.replaced_at, \
         (SELECT v.recorded_at FROM plan_version v WHERE v.patient_id = c.patient_id AND v.number = c.version + 1), \
         (SELECT m.at FROM mark m WHERE m.patient_id = c.patient_id AND m.number = c.version)"
    };
}

const OF_HASH: &str = concat!("SELECT ", standing!(), " FROM card c WHERE c.hash = ?1");
const ALL: &str = concat!(
    "SELECT ",
    standing!(),
    ", c.number, c.kind, c.version, c.made_at, c.sealed FROM card c WHERE c.patient_id = ?1 ORDER BY c.number DESC"
);
const LIVE: &str = concat!(
    "SELECT ",
    standing!(),
    ", c.number, c.kind, c.version, c.made_at, c.sealed FROM card c \
     WHERE c.patient_id = ?1 AND c.kind = ?2 AND c.version = ?3 AND c.withdrawn_at IS NULL ORDER BY c.number DESC"
);

impl Store {
    /// A name for a new card.
    pub fn fresh_token() -> Token {
        Token::of(random::bytes())
    }

    /// The code for this kind and version, where one was made and not withdrawn. It is printed with it, so the log says
    /// that.
    pub async fn card(&self, permit: &Permit, kind: Kind, version: u32, now: Timestamp) -> Result<Option<Issued>> {
        permits::exactly(permit, Action::Print)?;
        let id = permit.patient().as_str();
        let Some(row) = self.core.db.row(LIVE, params![id, kind.code(), version]).await? else { return Ok(None) };
        let issued = issued(self.keys(permit.patient()).await?.as_ref(), id, row)?;
        self.spend(Entry::of(permit, now, printed(kind, version))).await?;
        Ok(Some(issued))
    }

    /// Keeps a code. Where another was made for the same version meanwhile, that one is given.
    pub async fn issue_card(&self, permit: &Permit, new: NewCard, now: Timestamp) -> Result<Issued> {
        permits::exactly(permit, Action::Print)?;
        let job = Issue {
            id: permit.patient().as_str().to_owned(),
            keys: self.keys(permit.patient()).await?,
            hash: self.card_hash(&new.token).await?,
            by: permit.actor().name.clone(),
            entry: Entry::of(permit, now, printed(new.kind, new.version)),
            new,
        };
        self.core.db.write(job).await
    }

    /// Every card and sheet that was made, newest first.
    pub async fn cards(&self, permit: &Permit, now: Timestamp) -> Result<Vec<Issued>> {
        permits::plan(permit)?;
        let id = permit.patient().as_str();
        let rows = self.core.db.rows(ALL, params![id]).await?;
        let mut all = Vec::with_capacity(rows.len());
        if !rows.is_empty() {
            let keys = self.keys(permit.patient()).await?;
            for row in rows {
                all.push(issued(&keys, id, row)?);
            }
        }
        self.spend(Entry::of(permit, now, "cards")).await?;
        Ok(all)
    }

    /// Withdraws a card or sheet; `false` where there is no such one, or it was withdrawn before.
    pub async fn withdraw_card(&self, permit: &Permit, number: u32, now: Timestamp) -> Result<bool> {
        permits::exactly(permit, Action::WithdrawCard)?;
        let entry = Entry::of(permit, now, format!("card {number}"));
        let job = Withdraw { id: permit.patient().as_str().to_owned(), number, entry };
        self.core.db.write(job).await
    }

    /// What a card or sheet is worth. For anybody.
    pub async fn card_standing(&self, token: &Token) -> Result<Standing> {
        let hash = self.card_hash(token).await?;
        if let Some(row) = self.core.db.row(OF_HASH, params![&hash]).await? {
            return standing(&row);
        }
        let gone = self.core.db.row("SELECT 1 FROM card_gone WHERE hash = ?1", params![&hash]).await?;
        Ok(if gone.is_some() { Standing::Withdrawn } else { Standing::Unknown })
    }

    /// Whose card it is: an id to ask leave for, as from any other search.
    pub async fn find_by_card(&self, token: &Token) -> Result<Option<PatientId>> {
        let hash = self.card_hash(token).await?;
        let row = self.core.db.row("SELECT patient_id FROM card WHERE hash = ?1", params![&hash]).await?;
        row.map(|mut row| patient_id(&row.text(0)?)).transpose()
    }

    async fn card_hash(&self, token: &Token) -> Result<[u8; 32]> {
        let key = self.secret("card").await?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&*key).map_err(|_| Error::Bug("a key of any size fits"))?;
        mac.update(token.as_str().as_bytes());
        Ok(mac.finalize().into_bytes().into())
    }
}

/// What the log says of one that is printed.
fn printed(kind: Kind, version: u32) -> String {
    format!("{}: version {version}", kind.code())
}

fn place(id: &str, number: u32) -> Place<'_> {
    Place::of("card", id).number(number)
}

fn standing(row: &Row) -> Result<Standing> {
    if row.opt_int(0)?.is_some() || row.opt_int(3)?.is_some() {
        return Ok(Standing::Withdrawn);
    }
    Ok(match row.opt_time(1)?.or(row.opt_time(2)?) {
        Some(at) => Standing::Replaced(local_day(at)),
        None => Standing::Current,
    })
}

fn issued(keys: &PatientKeys, id: &str, mut row: Row) -> Result<Issued> {
    let number = row.count(4)?;
    let sealed: Sealed = keys.open_json(place(id, number), row.blob(8)?)?;
    Ok(Issued {
        standing: standing(&row)?,
        number,
        kind: Kind::of_code(&row.text(5)?).ok_or(Error::Bug("a card has no kind"))?,
        version: row.count(6)?,
        made_at: row.time(7)?,
        token: Token::parse(&sealed.token).ok_or(Error::Bug("a card has no token"))?,
        code: sealed.code,
        by: sealed.by,
    })
}

/// The patient died: what is still carried around holds no longer (decision 22).
pub(crate) async fn end_all(tx: &mut Tx<'_>, id: &str, at: i64) -> Result<()> {
    let sql = "UPDATE card SET withdrawn_at = ?2 WHERE patient_id = ?1 AND withdrawn_at IS NULL";
    tx.execute(sql, params![id, at]).await.map(|_| ())
}

/// The record was merged into another: what counts stands there.
pub(crate) async fn replace_all(tx: &mut Tx<'_>, id: &str, at: i64) -> Result<()> {
    let sql = "UPDATE card SET replaced_at = ?2 WHERE patient_id = ?1 AND replaced_at IS NULL";
    tx.execute(sql, params![id, at]).await.map(|_| ())
}

/// The record is erased: its codes stay known as ours.
pub(crate) async fn leave_behind(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let sql = "INSERT INTO card_gone (hash) SELECT hash FROM card WHERE patient_id = ?1 ON CONFLICT DO NOTHING";
    tx.execute(sql, params![id]).await.map(|_| ())
}

impl Job for Issue {
    type Out = Issued;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Issued> {
        let (id, new) = (&self.id, &self.new);
        lock_patient(tx, id).await?;
        if tx.row(LIVE, params![id, new.kind.code(), new.version]).await?.is_none() {
            let sql = "SELECT coalesce(max(number), 0) + 1 FROM card WHERE patient_id = ?1";
            let number = tx.row(sql, params![id]).await?.map_or(Ok(1), |r| r.count(0))?;
            let sealed = Sealed { token: new.token.as_str().to_owned(), code: new.code.clone(), by: self.by.clone() };
            let sealed = self.keys.seal_json(place(id, number), &sealed)?;
            tx.execute(
                "INSERT INTO card (patient_id, number, hash, kind, version, made_at, sealed) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![id, number, &self.hash, new.kind.code(), new.version, self.entry.at, &sealed],
            )
            .await?;
        }
        tx.append(std::slice::from_ref(&self.entry))?;
        let row = tx.row(LIVE, params![id, new.kind.code(), new.version]).await?;
        issued(&self.keys, id, row.ok_or(Error::Bug("a card was not kept"))?)
    }
}

impl Job for Withdraw {
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let sql = "UPDATE card SET withdrawn_at = ?3 WHERE patient_id = ?1 AND number = ?2 AND withdrawn_at IS NULL";
        if tx.execute(sql, params![&self.id, self.number, self.entry.at]).await? == 0 {
            return Ok(false);
        }
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(true)
    }
}
