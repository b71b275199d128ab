//! Which system asks: the token in the Authorization header (every FHIR request needs one).

use super::failure::Failure;
use crate::app::App;
use crate::oauth::scope::{Interaction, Scopes};
use crate::oauth::system;
use crate::oauth::token::{self, BadToken};
use axum::http::{HeaderMap, header};
use domain::access::{Actor, Who};
use domain::ident::ClientId;
use domain::plan::Recorder;
use fhir::format::IssueType;
use jiff::Timestamp;
use quick_cache::sync::Cache;
use std::sync::Arc;

/// A system with a good token.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who acts.
    pub actor: Actor,
    /// What its token allows.
    pub scopes: Scopes,
    client: ClientId,
    /// State of the client under which the token was given.
    generation: u32,
    /// When its token's time is over.
    until: Timestamp,
}

/// Callers whose tokens were good a moment ago: a system sends the same token with each of thousands of requests. What
/// is remembered is what the token says, which does not change; whether the client's tokens still work is asked of the
/// store with every request.
pub type Known = Cache<String, Arc<Caller>>;

impl Caller {
    /// Reads the token of a request.
    ///
    /// # Errors
    /// 401 without a token, with a broken one, an expired one, or one of a client that was changed or disabled since.
    pub async fn of(app: &App, headers: &HeaderMap) -> Result<Arc<Self>, Failure> {
        let value = headers.get(header::AUTHORIZATION).ok_or_else(|| {
            Failure::token(
                IssueType::Login,
                "Bearer",
                "Vraag eerst een token aan bij /oauth/token en stuur het mee als Bearer.",
            )
        })?;
        let text = value.to_str().unwrap_or("");
        let bearer = text.get(..7).filter(|p| p.eq_ignore_ascii_case("bearer ")).map(|_| text[7..].trim());
        let (bearer, now) = (bearer.unwrap_or(""), app.clock().real());
        let caller = match app.callers().get(bearer).filter(|k| k.until > now) {
            Some(known) => known,
            None => Self::read(app, bearer, now)?,
        };
        let standing = app.store().client_standing(&caller.client).await?;
        if standing.is_some_and(|s| s.active && s.generation == caller.generation) {
            return Ok(caller);
        }
        app.callers().remove(bearer);
        Err(Failure::token(
            IssueType::Login,
            "Bearer error=\"invalid_token\", error_description=\"revoked\"",
            "Dit token geldt niet meer; vraag een nieuw aan bij /oauth/token.",
        ))
    }

    fn read(app: &App, bearer: &str, now: Timestamp) -> Result<Arc<Self>, Failure> {
        let access = token::read(app, bearer, now).map_err(|bad| match bad {
            BadToken::Expired => Failure::token(
                IssueType::Expired,
                "Bearer error=\"invalid_token\", error_description=\"expired\"",
                "Het token is verlopen; vraag een nieuw aan bij /oauth/token.",
            ),
            BadToken::Invalid => Failure::token(
                IssueType::Login,
                "Bearer error=\"invalid_token\"",
                "Dit is geen geldig token van deze server.",
            ),
        })?;
        let caller = Arc::new(Self {
            actor: system(&access),
            scopes: access.scopes,
            client: access.client,
            generation: access.generation,
            until: access.until,
        });
        app.callers().insert(bearer.to_owned(), Arc::clone(&caller));
        Ok(caller)
    }

    /// The system.
    pub fn client(&self) -> &ClientId {
        &self.client
    }

    /// Does the token allow this?
    ///
    /// # Errors
    /// 403 that names the scope which is missing.
    pub fn may(&self, kind: &str, interaction: Interaction) -> Result<(), Failure> {
        if self.scopes.allows(kind, interaction) { Ok(()) } else { Err(Failure::scope(kind, interaction.letter())) }
    }
}

/// A system, or the program, as whoever writes something down.
///
/// # Errors
/// Where the store fails.
pub async fn recorder(app: &App, actor: &Actor) -> Result<Recorder, store::Error> {
    let organisation = app.store().organisation(&actor.organisation).await?;
    Ok(Recorder {
        person: None,
        client: match &actor.who {
            Who::Client(id, _) => Some(id.clone()),
            _ => None,
        },
        name: actor.name.clone(),
        role: None,
        organisation: actor.organisation.clone(),
        organisation_name: organisation.map(|o| o.name).unwrap_or_default(),
    })
}
