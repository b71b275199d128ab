//! Many people at once: all of them or nobody.

use super::members::{Steps, end_sessions, grant};
use super::{ADD, CHANGE, Person, RoleGrant};
use crate::{Result, Store};
use domain::access::Actor;
use jiff::Timestamp;

/// One person of an import, with the roles that are new or end otherwise.
#[derive(Debug, Clone)]
pub struct Brought {
    /// The person, as they are to be.
    pub person: Person,
    /// Not here yet.
    pub is_new: bool,
    /// Something about the person changes.
    pub is_changed: bool,
    /// Roles to give, or to give another end.
    pub grants: Vec<RoleGrant>,
}

impl Store {
    /// Writes an import in one transaction, with a row of the log for each change and one for the whole.
    ///
    /// # Errors
    /// [`crate::Error::Taken`] where a user name came into use meanwhile: nothing is written then.
    pub async fn import_people(&self, by: &Actor, brought: &[Brought], now: Timestamp) -> Result<()> {
        let mut statements = Vec::new();
        for one in brought {
            let person = &one.person;
            if one.is_new {
                let add = person.statement(ADD, None)?.logged(person.entry(by, now, "add-person"));
                statements.push(add.unique("user name"));
            } else if one.is_changed {
                let change = person.statement(CHANGE, None)?.logged(person.entry(by, now, "change-person"));
                statements.push(change.unique("user name"));
            }
            for given in &one.grants {
                statements.push(grant(by, &person.id, given, now));
            }
            // Whose role has ended by this is signed out; who still holds another signs in again.
            if one.grants.iter().any(|g| g.until.is_some_and(|u| u <= now)) {
                statements.push(end_sessions(&person.id, now));
            }
        }
        self.core.db.write(Steps::all(statements)).await.map(|_| ())
    }
}
