//! Who works where: giving and ending roles. Whoever leaves is signed out in the same transaction; what they recorded
//! stays theirs, and drafts belong to the organisation anyway (decision 6).

use super::{ADD, Person, RoleGrant, role};
use crate::job::{Job, Statement, Tx};
use crate::log::row::Entry;
use crate::organisations::organisation_id;
use crate::value::{Row, micros, params};
use crate::{Error, Result, Store};
use domain::access::Actor;
use domain::ident::{OrganisationId, PersonId};
use jiff::Timestamp;

/// Statements that are one change: all of them or none.
pub(crate) struct Steps {
    statements: Vec<Statement>,
    /// What is missing where the first statement finds nothing to change.
    must: Option<&'static str>,
}

impl Steps {
    pub fn of(first: Statement) -> Self {
        Self { statements: vec![first], must: None }
    }

    pub fn all(statements: Vec<Statement>) -> Self {
        Self { statements, must: None }
    }

    pub fn must(self, what: &'static str) -> Self {
        Self { must: Some(what), ..self }
    }

    pub fn then(mut self, next: Statement) -> Self {
        self.statements.push(next);
        self
    }
}

impl Job for Steps {
    /// How many rows the first statement changed.
    type Out = u64;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<u64> {
        let mut first = None;
        for statement in &self.statements {
            let changed = statement.run(tx).await?;
            if first.is_none()
                && changed == 0
                && let Some(what) = self.must
            {
                return Err(Error::Missing(what));
            }
            first.get_or_insert(changed);
        }
        Ok(first.unwrap_or(0))
    }
}

/// Gives a role, or gives one that was given from the same moment a new end.
pub(crate) fn grant(by: &Actor, person: &PersonId, grant: &RoleGrant, now: Timestamp) -> Statement {
    let sql = "INSERT INTO person_role (person_id, organisation_id, role, from_at, until_at) \
               VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (person_id, organisation_id, role, from_at) \
               DO UPDATE SET until_at = excluded.until_at";
    let params = params![
        person.as_str(),
        grant.organisation.as_str(),
        grant.role.code(),
        micros(grant.from),
        grant.until.map(micros),
    ];
    let data = format!("{} to {person} at {}", grant.role.code(), grant.organisation);
    let mut entry = Entry::by(by, now, "grant-role", data);
    let until = grant.until.map_or_else(|| "-".to_owned(), |u| u.to_string());
    entry.detail = Some(format!("from={}; until={until}", grant.from).into_bytes());
    Statement::new(sql, params).logged(entry)
}

/// Signs a person out everywhere.
pub(crate) fn end_sessions(person: &PersonId, now: Timestamp) -> Statement {
    let mut entry = Entry::nobody(now, "sign-out", "session");
    entry.actor = format!("person:{person}");
    Statement::new("DELETE FROM session WHERE person_id = ?1", params![person.as_str()]).logged(entry)
}

/// Signs a person out wherever they act for an organisation, or have not chosen yet.
fn end_sessions_at(person: &PersonId, organisation: &OrganisationId, now: Timestamp) -> Statement {
    let sql = "DELETE FROM session WHERE person_id = ?1 AND (organisation_id = ?2 OR organisation_id IS NULL)";
    let mut entry = Entry::nobody(now, "sign-out", "session");
    entry.actor = format!("person:{person}");
    Statement::new(sql, params![person.as_str(), organisation.as_str()]).logged(entry)
}

impl Store {
    /// Adds a person with their first role, both or neither. [`Error::Taken`] where the user name is in use.
    pub async fn add_member(&self, by: &Actor, person: &Person, first: &RoleGrant, now: Timestamp) -> Result<()> {
        let add = person.statement(ADD, None)?.logged(person.entry(by, now, "add-person")).unique("user name");
        let job = Steps::of(add).then(grant(by, &person.id, first, now));
        self.core.db.write(job).await.map(|_| ())
    }

    /// Ends a role at a moment, and signs the person out there where that moment has come.
    ///
    /// # Errors
    /// [`Error::Missing`] where this role was not given from this moment, or had ended already.
    pub async fn end_role(&self, by: &Actor, person: &PersonId, grant: &RoleGrant, now: Timestamp) -> Result<()> {
        let until = grant.until.unwrap_or(now);
        let sql = "UPDATE person_role SET until_at = ?5 WHERE person_id = ?1 AND organisation_id = ?2 AND role = ?3 \
                   AND from_at = ?4 AND (until_at IS NULL OR until_at > ?6)";
        let params = params![
            person.as_str(),
            grant.organisation.as_str(),
            grant.role.code(),
            micros(grant.from),
            micros(until),
            micros(now),
        ];
        let data = format!("{} of {person} at {}", grant.role.code(), grant.organisation);
        let mut entry = Entry::by(by, now, "end-role", data);
        entry.detail = Some(format!("until={until}").into_bytes());
        let mut job = Steps::of(Statement::new(sql, params).logged(entry)).must("role");
        if until <= now {
            job = job.then(end_sessions_at(person, &grant.organisation, now));
        }
        self.core.db.write(job).await?;
        self.relieve_leavers(now).await.map(|_| ())
    }

    /// Leaves an organisation now: every role there ends, one that was to begin later never begins, and every session
    /// that acts for it ends.
    ///
    /// # Errors
    /// [`Error::Missing`] where the person holds no role there.
    pub async fn leave(
        &self,
        by: &Actor,
        person: &PersonId,
        organisation: &OrganisationId,
        now: Timestamp,
    ) -> Result<()> {
        // One that has not begun ends as it begins: nobody ever held it, and the row says that it was given.
        let sql = "UPDATE person_role SET until_at = CASE WHEN from_at > ?3 THEN from_at ELSE ?3 END \
                   WHERE person_id = ?1 AND organisation_id = ?2 \
                   AND (until_at IS NULL OR (until_at > ?3 AND until_at > from_at))";
        let end = Statement::new(sql, params![person.as_str(), organisation.as_str(), micros(now)]);
        let entry = Entry::by(by, now, "leave", format!("{person} from {organisation}"));
        let job = Steps::of(end.logged(entry)).must("role").then(end_sessions_at(person, organisation, now));
        self.core.db.write(job).await?;
        self.relieve_leavers(now).await.map(|_| ())
    }

    /// Everybody who holds, held or will hold a role at an organisation, by user name, with each of those roles in
    /// order of beginning.
    pub async fn members(&self, organisation: &OrganisationId) -> Result<Vec<(Person, Vec<RoleGrant>)>> {
        let sql = "SELECT p.person_id, p.username, p.name, p.agb, p.uzi, p.big, p.active, r.organisation_id, r.role, \
                   r.from_at, r.until_at FROM person_role r JOIN person p ON p.person_id = r.person_id \
                   WHERE r.organisation_id = ?1 ORDER BY p.username_key, r.from_at, r.role";
        let mut members: Vec<(Person, Vec<RoleGrant>)> = Vec::new();
        for mut row in self.core.db.many_rows(sql, params![organisation.as_str()]).await? {
            let grant = grant_of(&mut row, 7)?;
            let person = Person::of_row(row)?;
            match members.last_mut() {
                Some((last, grants)) if last.id == person.id => grants.push(grant),
                _ => members.push((person, vec![grant])),
            }
        }
        Ok(members)
    }

    /// Every role a person holds, held or will hold, wherever; in order of beginning.
    pub async fn all_roles(&self, person: &PersonId) -> Result<Vec<RoleGrant>> {
        let sql = "SELECT organisation_id, role, from_at, until_at FROM person_role WHERE person_id = ?1 \
                   ORDER BY from_at, organisation_id, role";
        let rows = self.core.db.rows(sql, params![person.as_str()]).await?;
        rows.into_iter().map(|mut r| grant_of(&mut r, 0)).collect()
    }

    /// The person with this user name; upper and lower case are the same.
    pub async fn person_named(&self, username: &str) -> Result<Option<Person>> {
        let sql = "SELECT person_id, username, name, agb, uzi, big, active FROM person WHERE username_key = ?1";
        self.core.db.row(sql, params![&super::key(username)]).await?.map(Person::of_row).transpose()
    }
}

/// Organisation, role, from, until, beginning at a column.
fn grant_of(row: &mut Row, first: usize) -> Result<RoleGrant> {
    Ok(RoleGrant {
        organisation: organisation_id(&row.text(first)?)?,
        role: role(&row.text(first + 1)?)?,
        from: row.time(first + 2)?,
        until: row.opt_time(first + 3)?,
    })
}
