//! API clients: systems that get a token (OAuth 2 client credentials).

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
    pub async fn add_client(&self, _by: &Actor, _client: &Client, _now: Timestamp) -> Result<()> {
        Err(Error::Bug("not filled in"))
    }
    /// Changes a client; everything but the id.
    pub async fn change_client(&self, _by: &Actor, _client: &Client, _now: Timestamp) -> Result<()> {
        Err(Error::Bug("not filled in"))
    }
    /// One client.
    pub async fn client(&self, _id: &ClientId) -> Result<Option<Client>> {
        Err(Error::Bug("not filled in"))
    }
    /// All clients, by id.
    pub async fn clients(&self) -> Result<Vec<Client>> {
        Err(Error::Bug("not filled in"))
    }
}
