//! Second factors of people: TOTP secrets and passkeys, sealed, and recovery codes, hashed.

use crate::job::{Job, Statement, Tx};
use crate::log::row::Entry;
use crate::seal::Place;
use crate::seal::aead::{self, Key};
use crate::value::{Param, Row, micros, params};
use crate::{Error, Result, Store};
use domain::ident::PersonId;
use jiff::Timestamp;
use std::fmt;
use zeroize::Zeroizing;

/// What kind of factor it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorKind {
    /// Codes by time (RFC 6238).
    Totp,
    /// WebAuthn.
    Passkey,
}

impl FactorKind {
    /// Code in tables and the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Passkey => "passkey",
        }
    }

    fn of_code(code: &str) -> Result<Self> {
        match code {
            "totp" => Ok(Self::Totp),
            "passkey" => Ok(Self::Passkey),
            _ => Err(Error::Bug("a table holds an unknown kind of factor")),
        }
    }
}

/// A factor of somebody.
pub struct Factor {
    /// Id: any text without a zero byte; random.
    pub id: String,
    /// Kind.
    pub kind: FactorKind,
    /// What its owner calls it.
    pub label: String,
    /// The secret of a TOTP; a passkey as its library keeps it.
    pub secret: Zeroizing<Vec<u8>>,
    /// Digest of a passkey's id.
    pub credential: Option<[u8; 32]>,
    /// The last step of a TOTP that was used.
    pub step: i64,
    /// Since when.
    pub created_at: Timestamp,
    /// Last used.
    pub used_at: Option<Timestamp>,
}

impl fmt::Debug for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Factor").field("kind", &self.kind).finish_non_exhaustive()
    }
}

struct SetCodes {
    person: String,
    hashes: Vec<[u8; 32]>,
    entry: Entry,
}

struct Remove {
    person: String,
    factor: String,
    entry: Entry,
}

impl Store {
    /// Adds a factor. [`Error::Taken`] where the passkey is somebody's already.
    pub async fn add_factor(&self, person: &PersonId, factor: &Factor, now: Timestamp) -> Result<()> {
        let sealed = self.seal_sign_in("factor", &factor.id, person.as_str(), &factor.secret).await?;
        let sql = "INSERT INTO factor (factor_id, person_id, kind, label, credential, step, created_at, sealed) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let params = params![
            &factor.id,
            person.as_str(),
            factor.kind.code(),
            &factor.label,
            factor.credential.as_ref(),
            factor.step,
            micros(factor.created_at),
            &sealed,
        ];
        let entry = by_person(person, now, "add-factor", factor.kind.code());
        self.core.db.write(Statement::new(sql, params).logged(entry).unique("passkey")).await.map(|_| ())
    }

    /// Somebody's factors, oldest first.
    pub async fn factors(&self, person: &PersonId) -> Result<Vec<Factor>> {
        let sql = "SELECT factor_id, person_id, kind, label, credential, step, created_at, used_at, sealed FROM factor \
                   WHERE person_id = ?1 ORDER BY created_at, factor_id";
        let rows = self.core.db.rows(sql, params![person.as_str()]).await?;
        let mut factors = Vec::with_capacity(rows.len());
        for row in rows {
            factors.push(self.factor(row).await?.1);
        }
        Ok(factors)
    }

    /// Whose passkey it is, by the digest of its id.
    pub async fn passkey(&self, credential: &[u8; 32]) -> Result<Option<(PersonId, Factor)>> {
        let sql = "SELECT factor_id, person_id, kind, label, credential, step, created_at, used_at, sealed FROM factor \
                   WHERE credential = ?1";
        match self.core.db.row(sql, params![credential]).await? {
            Some(row) => self.factor(row).await.map(Some),
            None => Ok(None),
        }
    }

    /// Uses a step of a TOTP; `false` where it, or a later one, was used before (RFC 6238 section 5.2).
    pub async fn use_step(&self, factor: &str, step: i64, now: Timestamp) -> Result<bool> {
        let sql = "UPDATE factor SET step = ?2, used_at = ?3 WHERE factor_id = ?1 AND kind = 'totp' AND step < ?2";
        Ok(self.core.db.write(Statement::new(sql, params![factor, step, micros(now)])).await? > 0)
    }

    /// A passkey was used; what its library keeps of it has changed.
    pub async fn use_passkey(&self, person: &PersonId, factor: &Factor, now: Timestamp) -> Result<()> {
        let sealed = self.seal_sign_in("factor", &factor.id, person.as_str(), &factor.secret).await?;
        let sql = "UPDATE factor SET sealed = ?2, used_at = ?3 WHERE factor_id = ?1";
        self.core.db.write(Statement::new(sql, params![&factor.id, &sealed, micros(now)])).await.map(|_| ())
    }

    /// Removes a factor of this person, and with the last one the recovery codes; `false` where it is not theirs.
    pub async fn remove_factor(&self, person: &PersonId, factor: &str, now: Timestamp) -> Result<bool> {
        let entry = by_person(person, now, "remove-factor", "factor");
        self.core.db.write(Remove { person: person.as_str().to_owned(), factor: factor.to_owned(), entry }).await
    }

    /// Gives new recovery codes, as hashes; those before count no more.
    pub async fn set_recovery_codes(&self, person: &PersonId, hashes: Vec<[u8; 32]>, now: Timestamp) -> Result<()> {
        let entry = by_person(person, now, "add-factor", "recovery codes");
        self.core.db.write(SetCodes { person: person.as_str().to_owned(), hashes, entry }).await
    }

    /// Uses a recovery code; `false` where it is none, or was used.
    pub async fn use_recovery_code(&self, person: &PersonId, hash: &[u8; 32], now: Timestamp) -> Result<bool> {
        let sql = "UPDATE recovery_code SET used_at = ?3 WHERE person_id = ?1 AND hash = ?2 AND used_at IS NULL";
        let entry = by_person(person, now, "use-factor", "recovery code");
        let statement = Statement::new(sql, params![person.as_str(), hash, micros(now)]).logged(entry);
        Ok(self.core.db.write(statement).await? > 0)
    }

    /// How many recovery codes are left.
    pub async fn recovery_codes_left(&self, person: &PersonId) -> Result<u32> {
        let sql = "SELECT count(*) FROM recovery_code WHERE person_id = ?1 AND used_at IS NULL";
        self.core.db.row(sql, params![person.as_str()]).await?.map_or(Ok(0), |r| r.count(0))
    }

    async fn factor(&self, mut row: Row) -> Result<(PersonId, Factor)> {
        let person = PersonId::parse(&row.text(1)?).map_err(|_| Error::Bug("a table holds what is no person's id"))?;
        let id = row.text(0)?;
        let secret = self.open_sign_in("factor", &id, person.as_str(), row.blob(8)?).await?;
        let factor = Factor {
            kind: FactorKind::of_code(&row.text(2)?)?,
            label: row.text(3)?,
            credential: match row.opt_blob(4)? {
                Some(bytes) => Some(bytes.try_into().map_err(|_| Error::Bug("a digest has 32 bytes"))?),
                None => None,
            },
            step: row.int(5)?,
            created_at: row.time(6)?,
            used_at: row.opt_time(7)?,
            secret,
            id,
        };
        Ok((person, factor))
    }

    /// Seals what signing in needs, bound to its row and to whose it is.
    pub(crate) async fn seal_sign_in(&self, table: &'static str, id: &str, of: &str, plain: &[u8]) -> Result<Vec<u8>> {
        let key = Key { id: 1, bytes: self.secret("factor").await? };
        aead::seal(&key, Place::of(table, id).part(of.as_bytes()), plain)
    }

    pub(crate) async fn open_sign_in(
        &self,
        table: &'static str,
        id: &str,
        of: &str,
        sealed: Vec<u8>,
    ) -> Result<Zeroizing<Vec<u8>>> {
        let key = Key { id: 1, bytes: self.secret("factor").await? };
        aead::open(&[key], Place::of(table, id).part(of.as_bytes()), sealed).map(Zeroizing::new)
    }
}

/// A row of the log for what a person does to their own way of signing in, whatever role they act in.
pub(crate) fn by_person(person: &PersonId, now: Timestamp, action: &'static str, data: &'static str) -> Entry {
    let mut entry = Entry::nobody(now, action, data);
    entry.actor = format!("person:{person}");
    entry
}

impl Job for SetCodes {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let person = Param::Text(&self.person);
        tx.execute("DELETE FROM recovery_code WHERE person_id = ?1", &[person]).await?;
        for hash in &self.hashes {
            let sql = "INSERT INTO recovery_code (person_id, hash) VALUES (?1, ?2)";
            tx.execute(sql, &[person, Param::Blob(hash)]).await?;
        }
        tx.append(std::slice::from_ref(&self.entry))
    }
}

impl Job for Remove {
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let (person, factor) = (Param::Text(&self.person), Param::Text(&self.factor));
        let sql = "DELETE FROM factor WHERE factor_id = ?1 AND person_id = ?2";
        if tx.execute(sql, &[factor, person]).await? == 0 {
            return Ok(false);
        }
        let without = "DELETE FROM recovery_code WHERE person_id = ?1 \
                       AND NOT EXISTS (SELECT 1 FROM factor f WHERE f.person_id = ?1)";
        tx.execute(without, &[person]).await?;
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(true)
    }
}
