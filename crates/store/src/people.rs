//! People who sign in, and the roles they hold.

pub mod import;
pub mod members;

use crate::job::Statement;
use crate::log::row::Entry;
use crate::organisations::organisation_id;
use crate::value::{Row, micros, params};
use crate::{Error, Result, Store};
use domain::access::Actor;
use domain::ident::{Agb, Big, OrganisationId, PersonId, Uzi};
use domain::people::Name;
use domain::role::Role;
use jiff::Timestamp;

/// A person who can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Id.
    pub id: PersonId,
    /// Name to sign in with; upper and lower case are the same.
    pub username: String,
    /// Name.
    pub name: Name,
    /// AGB code.
    pub agb: Option<Agb>,
    /// UZI number.
    pub uzi: Option<Uzi>,
    /// BIG number.
    pub big: Option<Big>,
    /// May sign in.
    pub active: bool,
}

/// A role held at an organisation, for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleGrant {
    /// Where.
    pub organisation: OrganisationId,
    /// Role.
    pub role: Role,
    /// From.
    pub from: Timestamp,
    /// Until, exclusive; absent: still.
    pub until: Option<Timestamp>,
}

/// What signing in needs.
#[derive(Clone)]
pub struct Login {
    /// Who.
    pub person: Person,
    /// Hash of the password, as [`Store::add_person`] was given it; absent: cannot sign in with one.
    pub password_hash: Option<String>,
    /// Roles held now.
    pub roles: Vec<RoleGrant>,
}

const CHANGE: &str = "UPDATE person SET username = ?2, username_key = ?3, name = ?4, agb = ?5, uzi = ?6, big = ?7, \
                      active = ?8, password_hash = coalesce(?9, password_hash) WHERE person_id = ?1";
pub(crate) const ADD: &str = "INSERT INTO person (person_id, username, username_key, name, agb, uzi, big, active, password_hash) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

impl Store {
    /// Adds a person. [`Error::Taken`] where the user name or id is in use.
    pub async fn add_person(
        &self,
        by: &Actor,
        person: &Person,
        password_hash: Option<&str>,
        now: Timestamp,
    ) -> Result<()> {
        let entry = person.entry(by, now, "add-person");
        let statement = person.statement(ADD, password_hash)?.logged(entry).unique("user name");
        self.core.db.write(statement).await.map(|_| ())
    }

    /// Changes a person; everything but the id and the password. Who is not active any more is signed out everywhere, and
    /// leads nobody.
    pub async fn change_person(&self, by: &Actor, person: &Person, now: Timestamp) -> Result<()> {
        let change = person.statement(CHANGE, None)?.logged(person.entry(by, now, "change-person")).unique("user name");
        let mut job = members::Steps::of(change).must("person");
        if !person.active {
            job = job.then(members::end_sessions(&person.id, now));
        }
        self.core.db.write(job).await?;
        if person.active { Ok(()) } else { self.relieve_leavers(now).await.map(|_| ()) }
    }

    /// Gives a new password hash.
    pub async fn set_password(&self, by: &Actor, person: &PersonId, password_hash: &str, now: Timestamp) -> Result<()> {
        let sql = "UPDATE person SET password_hash = ?2 WHERE person_id = ?1";
        let entry = Entry::by(by, now, "set-password", person.as_str().to_owned());
        found(self.core.db.write(Statement::new(sql, params![person.as_str(), password_hash]).logged(entry)).await?)
    }

    /// Grants a role; one that was granted from the same moment gets the new end.
    pub async fn grant_role(&self, by: &Actor, person: &PersonId, grant: &RoleGrant, now: Timestamp) -> Result<()> {
        self.core.db.write(members::grant(by, person, grant, now)).await.map(|_| ())
    }

    /// What signing in with this user name needs; roles as held at `now`.
    pub async fn login(&self, username: &str, now: Timestamp) -> Result<Option<Login>> {
        let sql = "SELECT person_id, username, name, agb, uzi, big, active, password_hash FROM person WHERE username_key = ?1";
        let Some(mut row) = self.core.db.row(sql, params![&key(username)]).await? else { return Ok(None) };
        let password_hash = row.opt_text(7)?;
        let person = Person::of_row(row)?;
        let roles = self.roles(&person.id, now).await?;
        Ok(Some(Login { person, password_hash, roles }))
    }

    /// One person. The name of somebody of no organisation is sealed under their patient's key.
    pub async fn person(&self, id: &PersonId) -> Result<Option<Person>> {
        let sql = "SELECT person_id, username, name, agb, uzi, big, active FROM person WHERE person_id = ?1";
        let mut person = self.core.db.row(sql, params![id.as_str()]).await?.map(Person::of_row).transpose()?;
        if let Some(nameless) = person.as_mut().filter(|p| p.name.is_empty()) {
            nameless.name = self.own_name(id).await?.unwrap_or_default();
        }
        Ok(person)
    }

    /// Roles that a person holds at `now`; of people of no organisation what their own access lets them act as.
    pub async fn roles(&self, id: &PersonId, now: Timestamp) -> Result<Vec<RoleGrant>> {
        let sql = "SELECT organisation_id, role, from_at, until_at FROM person_role WHERE person_id = ?1 \
                   AND from_at <= ?2 AND (until_at IS NULL OR until_at > ?2) ORDER BY organisation_id, role, from_at";
        let rows = self.core.db.rows(sql, params![id.as_str(), micros(now)]).await?;
        let grant = |mut row: Row| {
            Ok(RoleGrant {
                organisation: organisation_id(&row.text(0)?)?,
                role: role(&row.text(1)?)?,
                from: row.time(2)?,
                until: row.opt_time(3)?,
            })
        };
        if rows.is_empty() {
            return self.own_roles(id, now).await;
        }
        rows.into_iter().map(grant).collect()
    }

    /// People who hold a role at an organisation at `now`, by user name.
    pub async fn people_of(&self, organisation: &OrganisationId, now: Timestamp) -> Result<Vec<(Person, Role)>> {
        let sql = "SELECT p.person_id, p.username, p.name, p.agb, p.uzi, p.big, p.active, r.role \
                   FROM person_role r JOIN person p ON p.person_id = r.person_id \
                   WHERE r.organisation_id = ?1 AND r.from_at <= ?2 AND (r.until_at IS NULL OR r.until_at > ?2) \
                   ORDER BY p.username_key, r.role";
        let rows = self.core.db.rows(sql, params![organisation.as_str(), micros(now)]).await?;
        let pair = |mut row: Row| {
            let role = role(&row.text(7)?)?;
            Ok((Person::of_row(row)?, role))
        };
        rows.into_iter().map(pair).collect()
    }
}

impl Person {
    /// The row of the log for what a person becomes.
    fn entry(&self, by: &Actor, now: Timestamp, action: &'static str) -> Entry {
        let mut entry = Entry::by(by, now, action, self.id.as_str().to_owned());
        let text = |t: Option<&str>| t.unwrap_or("-").to_owned();
        let detail = format!(
            "username={}; name={}; agb={}; uzi={}; big={}; active={}",
            self.username,
            self.name.full(),
            text(self.agb.as_ref().map(Agb::as_str)),
            text(self.uzi.as_ref().map(Uzi::as_str)),
            text(self.big.as_ref().map(Big::as_str)),
            self.active,
        );
        entry.detail = Some(detail.into_bytes());
        entry
    }

    pub(crate) fn statement(&self, sql: &'static str, password_hash: Option<&str>) -> Result<Statement> {
        let name = serde_json::to_string(&self.name).map_err(|_| Error::Bug("a name does not serialise"))?;
        let key = key(&self.username);
        let params = params![
            self.id.as_str(),
            &self.username,
            &key,
            &name,
            self.agb.as_ref().map(Agb::as_str),
            self.uzi.as_ref().map(Uzi::as_str),
            self.big.as_ref().map(Big::as_str),
            self.active,
            password_hash,
        ];
        Ok(Statement::new(sql, params))
    }

    /// Id, user name, name, AGB, UZI, BIG, active.
    fn of_row(mut row: Row) -> Result<Self> {
        let id = PersonId::parse(&row.text(0)?).map_err(|_| Error::Bug("a table holds what is no person's id"))?;
        Ok(Self {
            id,
            username: row.text(1)?,
            name: serde_json::from_str(&row.text(2)?)
                .map_err(|e| Error::Unreadable { table: "person", at: e.column() })?,
            agb: row.opt_text(3)?.and_then(|t| Agb::parse(&t).ok()),
            uzi: row.opt_text(4)?.and_then(|t| Uzi::parse(&t).ok()),
            big: row.opt_text(5)?.and_then(|t| Big::parse(&t).ok()),
            active: row.flag(6)?,
        })
    }
}

/// A user name as it is found: upper and lower case are the same.
fn key(username: &str) -> String {
    username.trim().to_lowercase()
}

/// A role as it stands in a table.
pub(crate) fn role(code: &str) -> Result<Role> {
    Role::of_code(code).ok_or(Error::Bug("a table holds an unknown role"))
}

fn found(changed: u64) -> Result<()> {
    if changed == 0 { Err(Error::Missing("person")) } else { Ok(()) }
}
