//! Organisations.

use crate::job::Statement;
use crate::log::row::Entry;
use crate::value::{Row, params};
use crate::{Error, Result, Store};
use domain::access::Actor;
use domain::ident::{Agb, OrganisationId};
use jiff::Timestamp;

pub use domain::organisation::OrganisationKind;

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Id.
    pub id: OrganisationId,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: OrganisationKind,
    /// AGB code.
    pub agb: Option<Agb>,
    /// Place.
    pub city: Option<String>,
    /// May nurse specialists and physician assistants set limits here (decision 2)?
    pub nurses_set_limits: bool,
}

const COLUMNS: &str =
    "SELECT organisation_id, name, kind, agb, city, nurses_set_limits FROM organisation ORDER BY name";

impl Store {
    /// Adds an organisation. [`Error::Taken`] where the id is in use.
    pub async fn add_organisation(&self, by: &Actor, organisation: &Organisation, now: Timestamp) -> Result<()> {
        let sql = "INSERT INTO organisation (organisation_id, name, kind, agb, city, nurses_set_limits) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let entry = Entry::by(by, now, "add-organisation", organisation.id.as_str().to_owned());
        let statement = organisation.statement(sql).logged(entry).unique("id of the organisation");
        self.core.db.write(statement).await.map(|_| ())
    }

    /// Changes one; everything but the id.
    pub async fn change_organisation(&self, by: &Actor, organisation: &Organisation, now: Timestamp) -> Result<()> {
        let sql = "UPDATE organisation SET name = ?2, kind = ?3, agb = ?4, city = ?5, nurses_set_limits = ?6 \
                   WHERE organisation_id = ?1";
        let entry = Entry::by(by, now, "change-organisation", organisation.id.as_str().to_owned());
        match self.core.db.write(organisation.statement(sql).logged(entry)).await? {
            0 => Err(Error::Missing("organisation")),
            _ => Ok(()),
        }
    }

    /// All, by name.
    pub async fn organisations(&self) -> Result<Vec<Organisation>> {
        self.core.db.many_rows(COLUMNS, &[]).await?.into_iter().map(Organisation::of_row).collect()
    }

    /// One.
    pub async fn organisation(&self, id: &OrganisationId) -> Result<Option<Organisation>> {
        let sql = "SELECT organisation_id, name, kind, agb, city, nurses_set_limits FROM organisation \
                   WHERE organisation_id = ?1";
        self.core.db.row(sql, params![id.as_str()]).await?.map(Organisation::of_row).transpose()
    }
}

impl Organisation {
    fn statement(&self, sql: &'static str) -> Statement {
        let params = params![
            self.id.as_str(),
            &self.name,
            self.kind.code(),
            self.agb.as_ref().map(Agb::as_str),
            self.city.as_ref(),
            self.nurses_set_limits,
        ];
        Statement::new(sql, params)
    }

    fn of_row(mut row: Row) -> Result<Self> {
        Ok(Self {
            id: organisation_id(&row.text(0)?)?,
            name: row.text(1)?,
            kind: OrganisationKind::of_code(&row.text(2)?)
                .ok_or(Error::Bug("a table holds an unknown kind of organisation"))?,
            agb: row.opt_text(3)?.and_then(|t| Agb::parse(&t).ok()),
            city: row.opt_text(4)?,
            nurses_set_limits: row.flag(5)?,
        })
    }
}

/// An id as it stands in a table.
pub(crate) fn organisation_id(text: &str) -> Result<OrganisationId> {
    OrganisationId::parse(text).map_err(|_| Error::Bug("a table holds what is no organisation's id"))
}
