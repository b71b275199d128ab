//! Which system asks: the token in the Authorization header (every FHIR request needs one).

use super::failure::Failure;
use crate::app::App;
use crate::oauth::scope::{Interaction, Scopes};
use crate::oauth::system;
use crate::oauth::token::{self, BadToken};
use axum::http::{HeaderMap, header};
use domain::access::Actor;
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
    /// When its token's time is over.
    until: Timestamp,
}

/// Callers whose tokens were good a moment ago: a system sends the same token with each of thousands of requests.
pub type Known = Cache<String, Arc<Caller>>;

impl Caller {
    /// Reads the token of a request.
    ///
    /// # Errors
    /// 401 without a token, with a broken one, or an expired one.
    pub fn of(app: &App, headers: &HeaderMap) -> Result<Arc<Self>, Failure> {
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
        if let Some(known) = app.callers().get(bearer).filter(|k| k.until > now) {
            return Ok(known);
        }
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
        let actor = system(&access.client, &access.organisation);
        let caller = Arc::new(Self { actor, scopes: access.scopes, until: access.until });
        app.callers().insert(bearer.to_owned(), Arc::clone(&caller));
        Ok(caller)
    }

    /// Does the token allow this?
    ///
    /// # Errors
    /// 403 that names the scope which is missing.
    pub fn may(&self, kind: &str, interaction: Interaction) -> Result<(), Failure> {
        if self.scopes.allows(kind, interaction) { Ok(()) } else { Err(Failure::scope(kind, interaction.letter())) }
    }
}
