//! Sessions of people who signed in, found by the hash of their token.

use crate::job::{Job, Statement, Tx};
use crate::log::row::Entry;
use crate::organisations::organisation_id;
use crate::people::role;
use crate::value::{Param, micros, params};
use crate::{Error, Result, Store};
use domain::ident::{OrganisationId, PersonId};
use domain::role::Role;
use jiff::Timestamp;

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub person: PersonId,
    /// Role acted in; absent until chosen.
    pub role: Option<Role>,
    /// Organisation acted for; absent until chosen.
    pub organisation: Option<OrganisationId>,
    /// Token that forms carry back.
    pub csrf: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, as [`Store::touch`] was told.
    pub seen_at: Timestamp,
    /// Ends then if not used.
    pub idle_end: Timestamp,
    /// Ends then whatever happens.
    pub absolute_end: Timestamp,
}

struct Begin {
    insert: Statement,
    now: i64,
}

impl Store {
    /// Keeps a session under the hash of its token, and clears away those that ended. Logs the sign-in.
    pub async fn create_session(&self, token_hash: &[u8; 32], session: &Session) -> Result<()> {
        let sql = "INSERT INTO session (token_hash, person_id, role, organisation_id, csrf, created_at, seen_at, idle_end, \
                   absolute_end) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let params = params![
            token_hash,
            session.person.as_str(),
            session.role.map(Role::code),
            session.organisation.as_ref().map(OrganisationId::as_str),
            &session.csrf,
            micros(session.created_at),
            micros(session.seen_at),
            micros(session.idle_end),
            micros(session.absolute_end),
        ];
        let mut entry = Entry::nobody(session.created_at, "sign-in", "session");
        entry.actor = format!("person:{}", session.person);
        entry.role = session.role.map(|r| r.code().into());
        entry.organisation = session.organisation.as_ref().map(|o| o.as_str().to_owned());
        let insert = Statement::new(sql, params).logged(entry).unique("session");
        self.core.db.write(Begin { insert, now: micros(session.created_at) }).await
    }

    /// The session with this token hash, where it has not ended.
    pub async fn session(&self, token_hash: &[u8; 32], now: Timestamp) -> Result<Option<Session>> {
        let sql = "SELECT person_id, role, organisation_id, csrf, created_at, seen_at, idle_end, absolute_end FROM session \
                   WHERE token_hash = ?1 AND idle_end > ?2 AND absolute_end > ?2";
        let Some(mut row) = self.core.db.row(sql, params![token_hash, micros(now)]).await? else { return Ok(None) };
        Ok(Some(Session {
            person: PersonId::parse(&row.text(0)?).map_err(|_| Error::Bug("a table holds what is no person's id"))?,
            role: row.opt_text(1)?.map(|t| role(&t)).transpose()?,
            organisation: row.opt_text(2)?.map(|t| organisation_id(&t)).transpose()?,
            csrf: row.text(3)?,
            created_at: row.time(4)?,
            seen_at: row.time(5)?,
            idle_end: row.time(6)?,
            absolute_end: row.time(7)?,
        }))
    }

    /// It was used now, and ends at `idle_end` if not used again. Once a minute is enough.
    pub async fn touch(&self, token_hash: &[u8; 32], now: Timestamp, idle_end: Timestamp) -> Result<()> {
        let sql = "UPDATE session SET seen_at = ?2, idle_end = ?3 WHERE token_hash = ?1";
        let statement = Statement::new(sql, params![token_hash, micros(now), micros(idle_end)]);
        self.core.db.write(statement).await.map(|_| ())
    }

    /// Acts in another role from now on. That the person holds it is the caller's to know.
    pub async fn choose_role(
        &self,
        token_hash: &[u8; 32],
        role: Role,
        organisation: &OrganisationId,
        now: Timestamp,
    ) -> Result<()> {
        let Some(session) = self.session(token_hash, now).await? else { return Err(Error::Missing("session")) };
        let mut entry = Entry::nobody(now, "choose-role", "session");
        entry.actor = format!("person:{}", session.person);
        entry.role = Some(role.code().into());
        entry.organisation = Some(organisation.as_str().to_owned());
        let sql = "UPDATE session SET role = ?2, organisation_id = ?3 WHERE token_hash = ?1";
        let statement = Statement::new(sql, params![token_hash, role.code(), organisation.as_str()]).logged(entry);
        self.core.db.write(statement).await.map(|_| ())
    }

    /// Signs out.
    pub async fn end_session(&self, token_hash: &[u8; 32], now: Timestamp) -> Result<()> {
        let Some(session) = self.session(token_hash, now).await? else { return Ok(()) };
        let statement = Statement::new("DELETE FROM session WHERE token_hash = ?1", params![token_hash]);
        self.core.db.write(statement.logged(signed_out(&session.person, now))).await.map(|_| ())
    }

    /// Ends every session of a person; how many there were.
    pub async fn end_sessions_of(&self, person: &PersonId, now: Timestamp) -> Result<u64> {
        let statement = Statement::new("DELETE FROM session WHERE person_id = ?1", params![person.as_str()]);
        self.core.db.write(statement.logged(signed_out(person, now))).await
    }
}

fn signed_out(person: &PersonId, now: Timestamp) -> Entry {
    let mut entry = Entry::nobody(now, "sign-out", "session");
    entry.actor = format!("person:{person}");
    entry
}

impl Job for Begin {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let ended = "DELETE FROM session WHERE idle_end <= ?1 OR absolute_end <= ?1";
        tx.execute(ended, &[Param::Int(self.now)]).await?;
        self.insert.run(tx).await.map(|_| ())
    }
}
