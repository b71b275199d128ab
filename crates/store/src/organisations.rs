//! Organisations.

use crate::job::Statement;
use crate::log::row::Entry;
use crate::value::{Row, params};
use crate::{Error, Result, Store};
use domain::access::{Actor, Own};
use domain::administration::Place;
use domain::ident::{Agb, OrganisationId, Ura};
use domain::policy::Policy;
use domain::review::{groups_of, groups_text};
use domain::signal::Instruments;
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
    /// URA number.
    pub ura: Option<Ura>,
    /// Place.
    pub city: Option<String>,
    /// The region it belongs to, an organisation of that kind.
    pub region: Option<OrganisationId>,
    /// May nurse specialists and physician assistants set limits here (decision 2)?
    pub nurses_set_limits: bool,
    /// What else it decided for its own people.
    pub policy: Policy,
}

const ALL: &str = "SELECT organisation_id, name, kind, agb, ura, city, region, nurses_set_limits, review_months, \
                   break_glass, second_factor, review_groups, instruments FROM organisation ORDER BY name";
const ONE: &str = "SELECT organisation_id, name, kind, agb, ura, city, region, nurses_set_limits, review_months, \
                   break_glass, second_factor, review_groups, instruments FROM organisation WHERE organisation_id = ?1";
const OF_REGION: &str = "SELECT organisation_id, name, kind, agb, ura, city, region, nurses_set_limits, review_months, \
                         break_glass, second_factor, review_groups, instruments FROM organisation WHERE region = ?1 \
                         ORDER BY name";

impl Store {
    /// Adds an organisation. [`Error::Taken`] where the id is in use.
    pub async fn add_organisation(&self, by: &Actor, organisation: &Organisation, now: Timestamp) -> Result<()> {
        let sql = "INSERT INTO organisation (organisation_id, name, kind, agb, ura, city, region, nurses_set_limits, \
                   review_months, break_glass, second_factor, review_groups, instruments) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        let entry = organisation.entry(by, now, "add-organisation");
        let statement = organisation.statement(sql).logged(entry).unique("id of the organisation");
        self.core.db.write(statement).await.map(|_| ())
    }

    /// Changes one; everything but the id. The log holds what it became.
    pub async fn change_organisation(&self, by: &Actor, organisation: &Organisation, now: Timestamp) -> Result<()> {
        let sql = "UPDATE organisation SET name = ?2, kind = ?3, agb = ?4, ura = ?5, city = ?6, region = ?7, \
                   nurses_set_limits = ?8, review_months = ?9, break_glass = ?10, second_factor = ?11, \
                   review_groups = ?12, instruments = ?13 WHERE organisation_id = ?1";
        let entry = organisation.entry(by, now, "change-organisation");
        match self.core.db.write(organisation.statement(sql).logged(entry)).await? {
            0 => Err(Error::Missing("organisation")),
            _ => Ok(()),
        }
    }

    /// All, by name; without the one that stands for people of no organisation.
    pub async fn organisations(&self) -> Result<Vec<Organisation>> {
        let rows = self.core.db.many_rows(ALL, &[]).await?;
        let all = rows.into_iter().map(Organisation::of_row).collect::<Result<Vec<_>>>()?;
        Ok(all.into_iter().filter(|o| o.id != Own::organisation()).collect())
    }

    /// Those of a region, by name.
    pub async fn organisations_of(&self, region: &OrganisationId) -> Result<Vec<Organisation>> {
        self.core.db.rows(OF_REGION, params![region.as_str()]).await?.into_iter().map(Organisation::of_row).collect()
    }

    /// One. People of no organisation act for one that need not be added; where it was, that has its policy.
    pub async fn organisation(&self, id: &OrganisationId) -> Result<Option<Organisation>> {
        let found = self.core.db.row(ONE, params![id.as_str()]).await?.map(Organisation::of_row).transpose()?;
        let own = || Organisation::new(Own::organisation(), "Eigen toegang", OrganisationKind::Other);
        Ok(found.or_else(|| (*id == Own::organisation()).then(own)))
    }
}

impl Organisation {
    /// An organisation of which no more is known than its name and kind.
    pub fn new(id: OrganisationId, name: &str, kind: OrganisationKind) -> Self {
        Self {
            id,
            name: name.to_owned(),
            kind,
            agb: None,
            ura: None,
            city: None,
            region: None,
            nurses_set_limits: false,
            policy: Policy::default(),
        }
    }

    /// Its place in the region.
    pub fn place(&self) -> Place<'_> {
        Place { id: &self.id, kind: self.kind, region: self.region.as_ref() }
    }

    /// The row of the log for what it becomes.
    fn entry(&self, by: &Actor, now: Timestamp, action: &'static str) -> Entry {
        let mut entry = Entry::by(by, now, action, self.id.as_str().to_owned());
        let text = |t: Option<&str>| t.unwrap_or("-").to_owned();
        let detail = format!(
            "name={}; kind={}; agb={}; ura={}; city={}; region={}; nurses-set-limits={}; review-months={}; \
             break-glass={}; second-factor={}; review-groups={}; instruments={}",
            self.name,
            self.kind.code(),
            text(self.agb.as_ref().map(Agb::as_str)),
            text(self.ura.as_ref().map(Ura::as_str)),
            text(self.city.as_deref()),
            text(self.region.as_ref().map(OrganisationId::as_str)),
            self.nurses_set_limits,
            self.policy.review_months.map_or_else(|| "-".to_owned(), |m| m.to_string()),
            self.policy.break_glass_codes(),
            self.policy.second_factor,
            groups_text(&self.policy.review_groups),
            self.own_instruments(),
        );
        entry.detail = Some(detail.into_bytes());
        entry
    }

    /// What nobody changed follows the program.
    fn own_instruments(&self) -> String {
        let offered = &self.policy.instruments;
        if *offered == Instruments::default() {
            String::new()
        } else {
            serde_json::to_string(offered).unwrap_or_default()
        }
    }

    fn statement(&self, sql: &'static str) -> Statement {
        let break_glass = self.policy.break_glass_codes();
        let groups = groups_text(&self.policy.review_groups);
        let instruments = self.own_instruments();
        let params = params![
            self.id.as_str(),
            &self.name,
            self.kind.code(),
            self.agb.as_ref().map(Agb::as_str),
            self.ura.as_ref().map(Ura::as_str),
            self.city.as_ref(),
            self.region.as_ref().map(OrganisationId::as_str),
            self.nurses_set_limits,
            self.policy.review_months,
            &break_glass,
            self.policy.second_factor,
            &groups,
            &instruments,
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
            ura: row.opt_text(4)?.and_then(|t| Ura::parse(&t).ok()),
            city: row.opt_text(5)?,
            region: row.opt_text(6)?.map(|t| organisation_id(&t)).transpose()?,
            nurses_set_limits: row.flag(7)?,
            policy: Policy {
                review_months: row.opt_int(8)?.and_then(|m| u32::try_from(m).ok()),
                break_glass: Policy::break_glass_of(&row.text(9)?),
                second_factor: row.flag(10)?,
                review_groups: groups_of(&row.text(11)?),
                instruments: serde_json::from_str(&row.text(12)?).unwrap_or_default(),
            },
        })
    }
}

/// An id as it stands in a table.
pub(crate) fn organisation_id(text: &str) -> Result<OrganisationId> {
    OrganisationId::parse(text).map_err(|_| Error::Bug("a table holds what is no organisation's id"))
}
