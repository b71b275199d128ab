//! Who needs a second factor: what the organisation's policy says, unless it says otherwise of a role.

use crate::job::Statement;
use crate::log::row::Entry;
use crate::people::{RoleGrant, role};
use crate::value::{Row, params};
use crate::{Result, Store};
use domain::access::Actor;
use domain::ident::OrganisationId;
use domain::role::Role;
use jiff::Timestamp;

impl Store {
    /// Does somebody with these roles need a second factor? One role that does is enough, for roles are changed while
    /// signed in.
    pub async fn needs_second_factor(&self, roles: &[RoleGrant]) -> Result<bool> {
        for grant in roles {
            let said = self.second_factor_of_roles(&grant.organisation).await?;
            let of_role = said.iter().find(|(r, _)| *r == grant.role).map(|(_, required)| *required);
            let required = match of_role {
                Some(required) => required,
                // An organisation that is not there lets nobody in with less.
                None => self.organisation(&grant.organisation).await?.is_none_or(|o| o.policy.second_factor),
            };
            if required {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The roles of which an organisation says something else than of everybody, and what.
    pub async fn second_factor_of_roles(&self, organisation: &OrganisationId) -> Result<Vec<(Role, bool)>> {
        let sql = "SELECT role, required FROM second_factor_rule WHERE organisation_id = ?1";
        let rows = self.core.db.rows(sql, params![organisation.as_str()]).await?;
        let pair = |mut row: Row| Ok((role(&row.text(0)?)?, row.flag(1)?));
        rows.into_iter().map(pair).collect()
    }

    /// Says it of a role at the actor's organisation; `None`: as of everybody there.
    pub async fn set_second_factor_of_role(
        &self,
        by: &Actor,
        role: Role,
        required: Option<bool>,
        now: Timestamp,
    ) -> Result<()> {
        let organisation = by.organisation.as_str();
        let said = required.map_or("as everybody", |r| if r { "required" } else { "not required" });
        let entry = Entry::by(by, now, "second-factor-rule", format!("{}: {said}", role.code()));
        let statement = match required {
            Some(required) => Statement::new(
                "INSERT INTO second_factor_rule (organisation_id, role, required) VALUES (?1, ?2, ?3) \
                 ON CONFLICT (organisation_id, role) DO UPDATE SET required = excluded.required",
                params![organisation, role.code(), required],
            ),
            None => Statement::new(
                "DELETE FROM second_factor_rule WHERE organisation_id = ?1 AND role = ?2",
                params![organisation, role.code()],
            ),
        };
        self.core.db.write(statement.logged(entry)).await.map(|_| ())
    }
}
