//! Sessions of people who signed in, found by the hash of their token.

use crate::{Error, Result, Store};
use domain::ident::{OrganisationId, PersonId};
use domain::role::Role;
use jiff::Timestamp;

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub person: PersonId,
    /// Role acted in; absent until chosen.
    pub role: Option<Role>,
    /// Organisation acted for; absent until chosen.
    pub organisation: Option<OrganisationId>,
    /// Token that forms carry back.
    pub csrf: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, as [`Store::touch`] was told.
    pub seen_at: Timestamp,
    /// Ends then if not used.
    pub idle_end: Timestamp,
    /// Ends then whatever happens.
    pub absolute_end: Timestamp,
}

impl Store {
    /// Keeps a session under the hash of its token, and clears away those that ended. Logs the sign-in.
    pub async fn create_session(&self, _token_hash: &[u8; 32], _session: &Session) -> Result<()> {
        Err(Error::Bug("not filled in"))
    }
    /// The session with this token hash, where it has not ended.
    pub async fn session(&self, _token_hash: &[u8; 32], _now: Timestamp) -> Result<Option<Session>> {
        Err(Error::Bug("not filled in"))
    }
    /// It was used now, and ends at `idle_end` if not used again. Once a minute is enough.
    pub async fn touch(&self, _token_hash: &[u8; 32], _now: Timestamp, _idle_end: Timestamp) -> Result<()> {
        Err(Error::Bug("not filled in"))
    }
    /// Acts in another role from now on.
    pub async fn choose_role(
        &self,
        _token_hash: &[u8; 32],
        _role: Role,
        _organisation: &OrganisationId,
        _now: Timestamp,
    ) -> Result<()> {
        Err(Error::Bug("not filled in"))
    }
    /// Signs out.
    pub async fn end_session(&self, _token_hash: &[u8; 32], _now: Timestamp) -> Result<()> {
        Err(Error::Bug("not filled in"))
    }
    /// Ends every session of a person; how many there were.
    pub async fn end_sessions_of(&self, _person: &PersonId, _now: Timestamp) -> Result<u64> {
        Err(Error::Bug("not filled in"))
    }
}
