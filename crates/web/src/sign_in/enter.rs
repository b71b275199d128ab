//! From a proof of who somebody is to a session, or to the question for the second proof.

use super::step::{self, Kind, Token};
use super::{agent, device};
use crate::app::App;
use crate::error::{PageError, is_own_path};
use crate::session;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use domain::ident::{OrganisationId, PersonId};
use domain::role::Role;
use serde::{Deserialize, Serialize};
use store::log::{Event, Outcome};
use store::people::{Person, RoleGrant};

/// The first proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum First {
    /// A password.
    Password,
    /// An OpenID provider, of which the second factor is not taken on its word.
    OpenId,
}

/// The second proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Second {
    /// A code by time.
    Totp,
    /// A recovery code.
    Recovery,
    /// A passkey.
    Passkey,
}

/// Somebody who may sign in.
#[derive(Debug, Clone)]
pub struct Entrant {
    /// Who.
    pub person: Person,
    /// Roles held now; at least one.
    pub roles: Vec<RoleGrant>,
}

/// What is known before the second proof.
#[derive(Debug, Serialize, Deserialize)]
pub struct Waiting {
    /// Where to go afterwards.
    pub to: String,
    /// What was the first proof.
    pub first: First,
    /// Role and organisation that the provider named.
    pub role: Option<(Role, OrganisationId)>,
}

impl Entrant {
    /// The person, where they may sign in now.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn of(app: &App, person: &PersonId) -> Result<Option<Self>, store::Error> {
        let Some(found) = app.store().person(person).await? else { return Ok(None) };
        let roles = app.store().roles(person, app.clock().real()).await?;
        Ok(Some(Self { person: found, roles }).filter(|e| e.person.active && !e.roles.is_empty()))
    }
}

/// The first proof is right: asks for the second where there is one, lets in otherwise.
///
/// # Errors
/// Where the store fails.
pub async fn first(
    app: &App,
    jar: CookieJar,
    headers: &HeaderMap,
    entrant: &Entrant,
    waiting: Waiting,
) -> Result<Response, PageError> {
    if app.store().factors(&entrant.person.id).await?.is_empty() {
        let must_enrol = app.store().needs_second_factor(&entrant.roles).await?;
        return enter(app, jar, headers, entrant, &waiting, how(waiting.first, None), must_enrol).await;
    }
    let (token, jar) = Token::fresh(app, jar);
    step::put(app, &token, Kind::Second, Some(&entrant.person.id), &waiting).await?;
    Ok((jar, Redirect::to("/inloggen/code")).into_response())
}

/// The second proof is right too.
///
/// # Errors
/// Where the store fails.
pub async fn second(
    app: &App,
    jar: CookieJar,
    headers: &HeaderMap,
    entrant: &Entrant,
    waiting: &Waiting,
    second: Second,
) -> Result<Response, PageError> {
    enter(app, jar, headers, entrant, waiting, how(waiting.first, Some(second)), false).await
}

/// One proof that is as good as two: a passkey with its user verified, or a provider that is trusted to have asked.
///
/// # Errors
/// Where the store fails.
pub async fn whole(
    app: &App,
    jar: CookieJar,
    headers: &HeaderMap,
    entrant: &Entrant,
    waiting: &Waiting,
    how: &'static str,
) -> Result<Response, PageError> {
    enter(app, jar, headers, entrant, waiting, how, false).await
}

async fn enter(
    app: &App,
    jar: CookieJar,
    headers: &HeaderMap,
    entrant: &Entrant,
    waiting: &Waiting,
    how: &'static str,
    must_enrol: bool,
) -> Result<Response, PageError> {
    let named = waiting.role.as_ref().and_then(|(role, organisation)| {
        entrant.roles.iter().find(|g| g.role == *role && g.organisation == *organisation)
    });
    let Some(grant) = named.or_else(|| entrant.roles.first()) else { return Err(PageError::SignIn(None)) };
    let new = session::Begin {
        person: &entrant.person.id,
        role: grant.role,
        organisation: &grant.organisation,
        device: agent::words(headers),
        must_enrol,
        how,
    };
    let cookie = session::begin(app, &jar, new).await?;
    let to = own_way(app, &entrant.person.id, &waiting.to).await;
    let target = match (must_enrol, named.is_none() && entrant.roles.len() > 1) {
        (true, _) => "/account/beveiligen".to_owned(),
        (false, true) => role_path(to),
        (false, false) => to.to_owned(),
    };
    let jar = device::remember(app, step::clear(app, jar), &entrant.person.username).add(cookie);
    Ok((jar, Redirect::to(&target)).into_response())
}

/// Where to go on to: a page of this server. A way that leads elsewhere is not taken, and stands in the log.
pub async fn own_way<'t>(app: &App, person: &PersonId, to: &'t str) -> &'t str {
    if is_own_path(to) {
        return to;
    }
    if !to.is_empty() {
        crate::refused::note(app, person.as_str(), "naar", "Een adres buiten deze server om heen te gaan.").await;
    }
    "/"
}

fn role_path(to: &str) -> String {
    format!("/rol?naar={}", percent_encoding::utf8_percent_encode(to, percent_encoding::NON_ALPHANUMERIC))
}

fn how(first: First, second: Option<Second>) -> &'static str {
    match (first, second) {
        (First::Password, None) => "password",
        (First::Password, Some(Second::Totp)) => "password and totp",
        (First::Password, Some(Second::Recovery)) => "password and recovery code",
        (First::Password, Some(Second::Passkey)) => "password and passkey",
        (First::OpenId, None) => "openid",
        (First::OpenId, Some(Second::Totp)) => "openid and totp",
        (First::OpenId, Some(Second::Recovery)) => "openid and recovery code",
        (First::OpenId, Some(Second::Passkey)) => "openid and passkey",
    }
}

/// Somebody was not let in. What was typed as a name is not told, for a password is easily typed as one; the person is,
/// where the first proof was right.
///
/// # Errors
/// Where the store fails.
pub async fn refused(app: &App, person: Option<&PersonId>, data: &str) -> Result<(), store::Error> {
    let detail = person.map(|p| format!("person {p}"));
    let event = Event {
        at: app.clock().real(),
        actor: None,
        action: "sign-in",
        data,
        patient: None,
        outcome: Outcome::Refused,
        detail: detail.as_deref(),
    };
    metrics::counter!("tijdig_sign_in_refused_total").increment(1);
    app.store().event(event).await
}
