//! Steps of signing in that wait for the next one: sealed, short, and used once. They are in the database because the
//! next step may come to another instance, and because what was used must be gone for all of them.

use crate::job::{Job, Statement, Tx};
use crate::value::{Param, micros, params};
use crate::{Error, Result, Store};
use domain::ident::PersonId;
use jiff::Timestamp;
use std::fmt::Write;
use zeroize::Zeroizing;

/// A step that waits.
pub struct Ceremony {
    /// Whom it is about, where that is known.
    pub person: Option<PersonId>,
    /// What it needs to know.
    pub data: Zeroizing<Vec<u8>>,
}

struct Put {
    insert: Statement,
    key: [u8; 32],
    now: i64,
}

struct Take {
    key: [u8; 32],
    kind: &'static str,
    now: i64,
}

type Found = Option<(Option<String>, Vec<u8>)>;

impl Store {
    /// Keeps a step under the hash of its token; one that was there before is replaced, those that ended are cleared.
    pub async fn put_ceremony(
        &self,
        key: &[u8; 32],
        kind: &'static str,
        ceremony: &Ceremony,
        ends: Timestamp,
        now: Timestamp,
    ) -> Result<()> {
        let sealed = self.seal_sign_in("ceremony", &id(key), kind, &ceremony.data).await?;
        let sql = "INSERT INTO ceremony (token_hash, kind, person_id, ends_at, sealed) VALUES (?1, ?2, ?3, ?4, ?5)";
        let person = ceremony.person.as_ref().map(PersonId::as_str);
        let insert = Statement::new(sql, params![key, kind, person, micros(ends), &sealed]);
        self.core.db.write(Put { insert, key: *key, now: micros(now) }).await
    }

    /// The step, left where it is.
    pub async fn ceremony(&self, key: &[u8; 32], kind: &'static str, now: Timestamp) -> Result<Option<Ceremony>> {
        let sql = "SELECT person_id, sealed FROM ceremony WHERE token_hash = ?1 AND kind = ?2 AND ends_at > ?3";
        let Some(mut row) = self.core.db.row(sql, params![key, kind, micros(now)]).await? else { return Ok(None) };
        self.opened_step(key, kind, Some((row.opt_text(0)?, row.blob(1)?))).await
    }

    /// Takes the step away; only one of those who ask at once gets it.
    pub async fn take_ceremony(&self, key: &[u8; 32], kind: &'static str, now: Timestamp) -> Result<Option<Ceremony>> {
        let found = self.core.db.write(Take { key: *key, kind, now: micros(now) }).await?;
        self.opened_step(key, kind, found).await
    }

    async fn opened_step(&self, key: &[u8; 32], kind: &'static str, found: Found) -> Result<Option<Ceremony>> {
        let Some((person, sealed)) = found else { return Ok(None) };
        let person = person
            .map(|p| PersonId::parse(&p).map_err(|_| Error::Bug("a table holds what is no person's id")))
            .transpose()?;
        Ok(Some(Ceremony { person, data: self.open_sign_in("ceremony", &id(key), kind, sealed).await? }))
    }
}

/// A row's key as text.
fn id(key: &[u8; 32]) -> String {
    key.iter().fold(String::new(), |mut out, b| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{b:02x}");
        out
    })
}

impl Job for Put {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let old = "DELETE FROM ceremony WHERE ends_at <= ?1 OR token_hash = ?2";
        tx.execute(old, &[Param::Int(self.now), Param::Blob(&self.key)]).await?;
        self.insert.run(tx).await.map(|_| ())
    }
}

impl Job for Take {
    type Out = Found;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Found> {
        let key = Param::Blob(&self.key);
        let sql = "SELECT person_id, sealed FROM ceremony WHERE token_hash = ?1 AND kind = ?2 AND ends_at > ?3";
        let Some(mut row) = tx.row(sql, &[key, Param::Text(self.kind), Param::Int(self.now)]).await? else {
            return Ok(None);
        };
        // On PostgreSQL two may have read it; one deletes it.
        if tx.execute("DELETE FROM ceremony WHERE token_hash = ?1", &[key]).await? == 0 {
            return Ok(None);
        }
        Ok(Some((row.opt_text(0)?, row.blob(1)?)))
    }
}
