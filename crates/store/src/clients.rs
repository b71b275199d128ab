//! API clients: systems that get a token (OAuth 2 client credentials).

use crate::job::Statement;
use crate::log::row::Entry;
use crate::organisations::organisation_id;
use crate::value::{Row, params};
use crate::{Error, Result, Store};
use domain::access::Actor;
use domain::ident::{ClientId, OrganisationId};
use jiff::Timestamp;

/// A system that may get a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Id.
    pub id: ClientId,
    /// Name to show.
    pub name: String,
    /// Organisation it acts for.
    pub organisation: OrganisationId,
    /// Scopes it may ask for, separated by blanks.
    pub scope: String,
    /// Hash of its secret; absent: it has none.
    pub secret_hash: Option<String>,
    /// Its public keys as a JWK set, or the address of one; absent: it has none.
    pub jwks: Option<String>,
    /// May get a token.
    pub active: bool,
}

impl Store {
    /// Adds a client. [`Error::Taken`] where the id is in use.
    pub async fn add_client(&self, by: &Actor, client: &Client, now: Timestamp) -> Result<()> {
        let sql = "INSERT INTO client (client_id, name, organisation_id, scope, secret_hash, jwks, active) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let entry = Entry::by(by, now, "add-client", client.id.as_str().to_owned());
        self.core.db.write(client.statement(sql).logged(entry).unique("id of the client")).await.map(|_| ())
    }

    /// Changes a client; everything but the id.
    pub async fn change_client(&self, by: &Actor, client: &Client, now: Timestamp) -> Result<()> {
        let sql = "UPDATE client SET name = ?2, organisation_id = ?3, scope = ?4, secret_hash = ?5, jwks = ?6, active = ?7 \
                   WHERE client_id = ?1";
        let entry = Entry::by(by, now, "change-client", client.id.as_str().to_owned());
        match self.core.db.write(client.statement(sql).logged(entry)).await? {
            0 => Err(Error::Missing("client")),
            _ => Ok(()),
        }
    }

    /// One client.
    pub async fn client(&self, id: &ClientId) -> Result<Option<Client>> {
        let sql = "SELECT client_id, name, organisation_id, scope, secret_hash, jwks, active FROM client WHERE client_id = ?1";
        self.core.db.row(sql, params![id.as_str()]).await?.map(Client::of_row).transpose()
    }

    /// All clients, by id.
    pub async fn clients(&self) -> Result<Vec<Client>> {
        let sql =
            "SELECT client_id, name, organisation_id, scope, secret_hash, jwks, active FROM client ORDER BY client_id";
        self.core.db.many_rows(sql, &[]).await?.into_iter().map(Client::of_row).collect()
    }
}

impl Client {
    fn statement(&self, sql: &'static str) -> Statement {
        let params = params![
            self.id.as_str(),
            &self.name,
            self.organisation.as_str(),
            &self.scope,
            self.secret_hash.as_ref(),
            self.jwks.as_ref(),
            self.active,
        ];
        Statement::new(sql, params)
    }

    fn of_row(mut row: Row) -> Result<Self> {
        Ok(Self {
            id: ClientId::parse(&row.text(0)?).map_err(|_| Error::Bug("a table holds what is no client's id"))?,
            name: row.text(1)?,
            organisation: organisation_id(&row.text(2)?)?,
            scope: row.text(3)?,
            secret_hash: row.opt_text(4)?,
            jwks: row.opt_text(5)?,
            active: row.flag(6)?,
        })
    }
}
