//! People who sign in, and the roles they hold.

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

impl Store {
    /// Adds a person. [`Error::Taken`] where the user name is in use.
    pub async fn add_person(&self, _by: &Actor, _person: &Person, _password_hash: Option<&str>, _now: Timestamp) -> Result<()> {
        Err(Error::Bug("not filled in"))
    }
    /// Gives a new password hash.
    pub async fn set_password(&self, _by: &Actor, _person: &PersonId, _password_hash: &str, _now: Timestamp) -> Result<()> {
        Err(Error::Bug("not filled in"))
    }
    /// Grants a role.
    pub async fn grant_role(&self, _by: &Actor, _person: &PersonId, _grant: &RoleGrant, _now: Timestamp) -> Result<()> {
        Err(Error::Bug("not filled in"))
    }
    /// What signing in with this user name needs; roles as held at `now`.
    pub async fn login(&self, _username: &str, _now: Timestamp) -> Result<Option<Login>> {
        Err(Error::Bug("not filled in"))
    }
    /// One person.
    pub async fn person(&self, _id: &PersonId) -> Result<Option<Person>> {
        Err(Error::Bug("not filled in"))
    }
    /// Roles that a person holds at `now`.
    pub async fn roles(&self, _id: &PersonId, _now: Timestamp) -> Result<Vec<RoleGrant>> {
        Err(Error::Bug("not filled in"))
    }
    /// People who hold a role at an organisation at `now`, by user name.
    pub async fn people_of(&self, _organisation: &OrganisationId, _now: Timestamp) -> Result<Vec<(Person, Role)>> {
        Err(Error::Bug("not filled in"))
    }
}
