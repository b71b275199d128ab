//! API clients: systems that get a token (OAuth 2 client credentials).

use crate::job::{Job, Statement, Tx};
use crate::log::row::Entry;
use crate::organisations::organisation_id;
use crate::seal::digest;
use crate::value::{Param, Row, micros, params};
use crate::{Error, Result, Store};
use domain::access::Actor;
use domain::ident::{ClientId, OrganisationId};
use domain::purpose::Purpose;
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
    /// For what it was registered.
    pub purpose: Purpose,
    /// Hash of its secret; absent: it has none.
    pub secret_hash: Option<String>,
    /// Its public keys; absent: it has none.
    pub keys: Option<ClientKeys>,
    /// May get a token.
    pub active: bool,
}

/// Where the public keys of a client are (SMART Backend Services: JWKS by value or by URL).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientKeys {
    /// A JWK set.
    Set(String),
    /// The address of one.
    Address(String),
}

/// Whether a client's tokens work, as asked with each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// May get a token and use it.
    pub active: bool,
    /// Counts up with every change; a token works under the number it was given under.
    pub generation: u32,
}

/// Notes that an assertion was used, and forgets those whose time is over.
struct Use {
    client: ClientId,
    jti_hash: [u8; 32],
    until: i64,
    now: i64,
}

impl Store {
    /// Adds a client. [`Error::Taken`] where the id is in use.
    pub async fn add_client(&self, by: &Actor, client: &Client, now: Timestamp) -> Result<()> {
        let sql = "INSERT INTO client (client_id, name, organisation_id, scope, secret_hash, jwks, active, purpose) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let entry = Entry::by(by, now, "add-client", client.id.as_str().to_owned());
        self.core.db.write(client.statement(sql).logged(entry).unique("id of the client")).await.map(|_| ())
    }

    /// Changes a client; everything but the id. Its tokens end with it, on every instance, at the next request.
    pub async fn change_client(&self, by: &Actor, client: &Client, now: Timestamp) -> Result<()> {
        let sql = "UPDATE client SET name = ?2, organisation_id = ?3, scope = ?4, secret_hash = ?5, jwks = ?6, active = ?7, \
                   purpose = ?8, generation = generation + 1 WHERE client_id = ?1";
        let entry = Entry::by(by, now, "change-client", client.id.as_str().to_owned());
        match self.core.db.write(client.statement(sql).logged(entry)).await? {
            0 => Err(Error::Missing("client")),
            _ => Ok(()),
        }
    }

    /// One client.
    pub async fn client(&self, id: &ClientId) -> Result<Option<Client>> {
        const SQL: &str = "SELECT client_id, name, organisation_id, scope, secret_hash, jwks, active, purpose FROM client \
                           WHERE client_id = ?1";
        self.core.db.row(SQL, params![id.as_str()]).await?.map(Client::of_row).transpose()
    }

    /// Whether a client's tokens work; `None` for one that is not there.
    pub async fn client_standing(&self, id: &ClientId) -> Result<Option<Standing>> {
        let sql = "SELECT active, generation FROM client WHERE client_id = ?1";
        let Some(row) = self.core.db.row(sql, params![id.as_str()]).await? else { return Ok(None) };
        Ok(Some(Standing { active: row.flag(0)?, generation: row.count(1)? }))
    }

    /// All clients, by id.
    pub async fn clients(&self) -> Result<Vec<Client>> {
        const SQL: &str = "SELECT client_id, name, organisation_id, scope, secret_hash, jwks, active, purpose FROM client \
                           ORDER BY client_id";
        self.core.db.many_rows(SQL, &[]).await?.into_iter().map(Client::of_row).collect()
    }

    /// Notes that a client signed in with the assertion of this id, which is good until then. `false` where it did so
    /// before, on whichever instance: a replay.
    pub async fn use_assertion(&self, client: &ClientId, jti: &str, until: Timestamp, now: Timestamp) -> Result<bool> {
        let jti_hash = digest(&[jti.as_bytes()]);
        let (until, now) = (micros(until), micros(now));
        self.core.db.write(Use { client: client.clone(), jti_hash, until, now }).await
    }
}

impl Job for Use {
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        tx.execute("DELETE FROM used_assertion WHERE until < ?1", &[Param::Int(self.now)]).await?;
        let sql = "INSERT INTO used_assertion (client_id, jti_hash, until) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        let added = tx.execute(sql, params![self.client.as_str(), &self.jti_hash, self.until]).await?;
        Ok(added == 1)
    }
}

impl ClientKeys {
    /// As the table holds it.
    fn text(&self) -> &str {
        match self {
            Self::Set(text) | Self::Address(text) => text,
        }
    }

    fn of_text(text: String) -> Self {
        if text.trim_start().starts_with('{') { Self::Set(text) } else { Self::Address(text) }
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
            self.keys.as_ref().map(ClientKeys::text),
            self.active,
            self.purpose.code(),
        ];
        Statement::new(sql, params)
    }

    fn of_row(mut row: Row) -> Result<Self> {
        let purpose = row.text(7)?;
        Ok(Self {
            id: ClientId::parse(&row.text(0)?).map_err(|_| Error::Bug("a table holds what is no client's id"))?,
            name: row.text(1)?,
            organisation: organisation_id(&row.text(2)?)?,
            scope: row.text(3)?,
            secret_hash: row.opt_text(4)?,
            keys: row.opt_text(5)?.map(ClientKeys::of_text),
            active: row.flag(6)?,
            purpose: Purpose::of_code(&purpose).ok_or(Error::Bug("a table holds what is no purpose"))?,
        })
    }
}
