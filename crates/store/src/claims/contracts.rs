//! Contracts and tariffs of an organisation, and its list of insurers. Each change of a contract is a row of its own, so that a
//! line that rests on an earlier one can still be understood.

use crate::job::{Job, Statement, Tx};
use crate::log::row::Entry;
use crate::value::{Row, params};
use crate::{Error, Result, Store};
use domain::access::Actor;
use domain::claims::{Contract, Insurer};
use domain::ident::{ContractId, OrganisationId};
use jiff::Timestamp;

/// A contract as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// Its id.
    pub id: ContractId,
    /// Counts its changes, from 1.
    pub revision: u32,
    /// When it was last changed.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// What it is.
    pub contract: Contract,
}

/// The list of insurers as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Insurers {
    /// Counts its changes; 0: there is none yet.
    pub revision: u32,
    /// The insurers.
    pub all: Vec<Insurer>,
}

struct Agree {
    organisation: String,
    id: String,
    seen: u32,
    by: String,
    json: String,
    entry: Entry,
}

const OF: &str = "SELECT contract_id, revision, at, by_name, json FROM contract WHERE organisation_id = ?1 AND current = 1 \
     ORDER BY contract_id";
const PAST: &str = "SELECT contract_id, revision, at, by_name, json FROM contract WHERE organisation_id = ?1 \
     AND contract_id = ?2 ORDER BY revision DESC";

impl Store {
    /// Contracts and tariffs of an organisation, those that were withdrawn too.
    pub async fn contracts(&self, organisation: &OrganisationId) -> Result<Vec<Agreed>> {
        self.core.db.rows(OF, params![organisation.as_str()]).await?.into_iter().map(agreed).collect()
    }

    /// All that one was, newest first.
    pub async fn contract_past(&self, organisation: &OrganisationId, id: &ContractId) -> Result<Vec<Agreed>> {
        self.core.db.rows(PAST, params![organisation.as_str(), id.as_str()]).await?.into_iter().map(agreed).collect()
    }

    /// Keeps a contract of the actor's organisation; `seen` is the revision that whoever changes it had read, 0 for a new one.
    /// `false`: somebody changed it meanwhile, and nothing was written.
    pub async fn write_contract(
        &self,
        by: &Actor,
        id: &ContractId,
        contract: &Contract,
        seen: u32,
        now: Timestamp,
    ) -> Result<bool> {
        let job = Agree {
            organisation: by.organisation.as_str().to_owned(),
            id: id.as_str().to_owned(),
            seen,
            by: by.name.clone(),
            json: serde_json::to_string(contract).map_err(|_| Error::Bug("a contract does not serialise"))?,
            entry: Entry::by(by, now, "contract", id.as_str().to_owned()),
        };
        self.core.db.write(job).await
    }

    /// The list of insurers of an organisation.
    pub async fn insurers(&self, organisation: &OrganisationId) -> Result<Insurers> {
        let sql = "SELECT revision, json FROM insurer_list WHERE organisation_id = ?1";
        let Some(mut row) = self.core.db.row(sql, params![organisation.as_str()]).await? else {
            return Ok(Insurers::default());
        };
        let all = serde_json::from_str(&row.text(1)?)
            .map_err(|e| Error::Unreadable { table: "insurer_list", at: e.column() })?;
        Ok(Insurers { revision: row.count(0)?, all })
    }

    /// Keeps the list of the actor's organisation; `insurers.revision` is the one that whoever writes had read. `false`: somebody
    /// changed it meanwhile.
    pub async fn write_insurers(&self, by: &Actor, insurers: &Insurers, now: Timestamp) -> Result<bool> {
        let json = serde_json::to_string(&insurers.all).map_err(|_| Error::Bug("insurers do not serialise"))?;
        let organisation = by.organisation.as_str();
        let statement = if insurers.revision == 0 {
            let sql = "INSERT INTO insurer_list (organisation_id, revision, json) VALUES (?1, 1, ?2) \
                       ON CONFLICT DO NOTHING";
            Statement::new(sql, params![organisation, &json])
        } else {
            let sql = "UPDATE insurer_list SET revision = ?3 + 1, json = ?2 \
                       WHERE organisation_id = ?1 AND revision = ?3";
            Statement::new(sql, params![organisation, &json, insurers.revision])
        };
        Ok(self.core.db.write(statement.logged(Entry::by(by, now, "contract", "insurers"))).await? > 0)
    }
}

fn agreed(mut row: Row) -> Result<Agreed> {
    let id = row.text(0)?;
    Ok(Agreed {
        id: ContractId::parse(&id).map_err(|_| Error::Bug("a table holds what is no id of a contract"))?,
        revision: row.count(1)?,
        at: row.time(2)?,
        by: row.text(3)?,
        contract: serde_json::from_str(&row.text(4)?)
            .map_err(|e| Error::Unreadable { table: "contract", at: e.column() })?,
    })
}

impl Job for Agree {
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let (organisation, id) = (&self.organisation, &self.id);
        if self.seen > 0 {
            let sql = "UPDATE contract SET current = 0 WHERE organisation_id = ?1 AND contract_id = ?2 \
                       AND revision = ?3 AND current = 1";
            if tx.execute(sql, params![organisation, id, self.seen]).await? == 0 {
                return Ok(false);
            }
        }
        let sql = "INSERT INTO contract (organisation_id, contract_id, revision, current, at, by_name, json) \
                   VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6)";
        tx.execute(sql, params![organisation, id, self.seen + 1, self.entry.at, &self.by, &self.json]).await?;
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(true)
    }
}
