//! Sessions of people who signed in, found by the hash of their token.

use crate::factors::by_person;
use crate::job::{Job, Statement, Tx};
use crate::log::row::Entry;
use crate::organisations::organisation_id;
use crate::people::role;
use crate::value::{Param, Row, micros, params};
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
    /// In which browser, in words.
    pub device: String,
    /// May do no more than set up a second factor.
    pub must_enrol: bool,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, as [`Store::touch`] was told.
    pub seen_at: Timestamp,
    /// Ends then if not used.
    pub idle_end: Timestamp,
    /// Ends then whatever happens.
    pub absolute_end: Timestamp,
}

/// What a session gets when it is renewed.
pub struct Fresh {
    /// Hash of its new token.
    pub token_hash: [u8; 32],
    /// Token that forms carry back from now on.
    pub csrf: String,
}

struct Begin {
    insert: Statement,
    now: i64,
}

impl Store {
    /// Keeps a session under the hash of its token, and clears away those that ended. Logs the sign-in, with
    /// how it was proven who it is.
    pub async fn create_session(&self, token_hash: &[u8; 32], session: &Session, how: &'static str) -> Result<()> {
        let sql = "INSERT INTO session (token_hash, person_id, role, organisation_id, csrf, created_at, seen_at, idle_end, \
                   absolute_end, device, must_enrol) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
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
            &session.device,
            session.must_enrol,
        ];
        let mut entry = by_person(&session.person, session.created_at, "sign-in", how);
        entry.role = session.role.map(|r| r.code().into());
        entry.organisation = session.organisation.as_ref().map(|o| o.as_str().to_owned());
        let insert = Statement::new(sql, params).logged(entry).unique("session");
        self.core.db.write(Begin { insert, now: micros(session.created_at) }).await
    }

    /// The session with this token hash, where it has not ended.
    pub async fn session(&self, token_hash: &[u8; 32], now: Timestamp) -> Result<Option<Session>> {
        let sql = "SELECT person_id, role, organisation_id, csrf, created_at, seen_at, idle_end, absolute_end, device, \
                   must_enrol FROM session WHERE token_hash = ?1 AND idle_end > ?2 AND absolute_end > ?2";
        self.core.db.row(sql, params![token_hash, micros(now)]).await?.map(Session::of_row).transpose()
    }

    /// Somebody's sessions that have not ended, with the hashes of their tokens; last used first.
    pub async fn sessions_of(&self, person: &PersonId, now: Timestamp) -> Result<Vec<([u8; 32], Session)>> {
        let sql = "SELECT person_id, role, organisation_id, csrf, created_at, seen_at, idle_end, absolute_end, device, \
                   must_enrol, token_hash FROM session WHERE person_id = ?1 AND idle_end > ?2 AND absolute_end > ?2 \
                   ORDER BY seen_at DESC, created_at DESC";
        let rows = self.core.db.rows(sql, params![person.as_str(), micros(now)]).await?;
        rows.into_iter().map(|mut row| Ok((row.digest(10)?, Session::of_row(row)?))).collect()
    }

    /// It was used now, and ends at `idle_end` if not used again. Once a minute is enough.
    pub async fn touch(&self, token_hash: &[u8; 32], now: Timestamp, idle_end: Timestamp) -> Result<()> {
        let sql = "UPDATE session SET seen_at = ?2, idle_end = ?3 WHERE token_hash = ?1";
        let statement = Statement::new(sql, params![token_hash, micros(now), micros(idle_end)]);
        self.core.db.write(statement).await.map(|_| ())
    }

    /// Acts in another role from now on, under another token: one that was seen before the change opens nothing after
    /// it. That the person holds the role is the caller's to know.
    pub async fn choose_role(
        &self,
        token_hash: &[u8; 32],
        fresh: &Fresh,
        role: Role,
        organisation: &OrganisationId,
        now: Timestamp,
    ) -> Result<()> {
        let Some(session) = self.session(token_hash, now).await? else { return Err(Error::Missing("session")) };
        let mut entry = by_person(&session.person, now, "choose-role", "session");
        entry.role = Some(role.code().into());
        entry.organisation = Some(organisation.as_str().to_owned());
        let sql =
            "UPDATE session SET token_hash = ?2, csrf = ?3, role = ?4, organisation_id = ?5 WHERE token_hash = ?1";
        let params = params![token_hash, &fresh.token_hash, &fresh.csrf, role.code(), organisation.as_str()];
        renewed(self.core.db.write(Statement::new(sql, params).logged(entry)).await?)
    }

    /// The same session under another token, with all that its person may do: after a second factor was set up, or a
    /// password changed.
    pub async fn renew_session(&self, token_hash: &[u8; 32], fresh: &Fresh) -> Result<()> {
        let sql = "UPDATE session SET token_hash = ?2, csrf = ?3, must_enrol = 0 WHERE token_hash = ?1";
        let params = params![token_hash, &fresh.token_hash, &fresh.csrf];
        renewed(self.core.db.write(Statement::new(sql, params)).await?)
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

    /// Ends every session of a person but one; how many there were.
    pub async fn end_other_sessions(&self, person: &PersonId, kept: &[u8; 32], now: Timestamp) -> Result<u64> {
        let sql = "DELETE FROM session WHERE person_id = ?1 AND token_hash <> ?2";
        let statement = Statement::new(sql, params![person.as_str(), kept]);
        self.core.db.write(statement.logged(signed_out(person, now))).await
    }
}

fn renewed(changed: u64) -> Result<()> {
    if changed == 0 { Err(Error::Missing("session")) } else { Ok(()) }
}

impl Session {
    /// Person, role, organisation, csrf, created, seen, idle end, absolute end, device, must enrol.
    fn of_row(mut row: Row) -> Result<Self> {
        Ok(Self {
            person: PersonId::parse(&row.text(0)?).map_err(|_| Error::Bug("a table holds what is no person's id"))?,
            role: row.opt_text(1)?.map(|t| role(&t)).transpose()?,
            organisation: row.opt_text(2)?.map(|t| organisation_id(&t)).transpose()?,
            csrf: row.text(3)?,
            created_at: row.time(4)?,
            seen_at: row.time(5)?,
            idle_end: row.time(6)?,
            absolute_end: row.time(7)?,
            device: row.text(8)?,
            must_enrol: row.flag(9)?,
        })
    }
}

fn signed_out(person: &PersonId, now: Timestamp) -> Entry {
    by_person(person, now, "sign-out", "session")
}

impl Job for Begin {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let ended = "DELETE FROM session WHERE idle_end <= ?1 OR absolute_end <= ?1";
        tx.execute(ended, &[Param::Int(self.now)]).await?;
        self.insert.run(tx).await.map(|_| ())
    }
}
