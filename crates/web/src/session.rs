//! Sessions of people who signed in: an opaque token in a cookie, its hash in the store.

use crate::app::App;
use crate::error::PageError;
use crate::refused::Asker;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::access::{Actor, Who};
use domain::ident::{OrganisationId, PersonId};
use domain::role::Role;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use store::organisations::Organisation;
use store::random;
use store::sessions::{Fresh, Session};

/// A session ends this long after it was last used.
pub const IDLE: SignedDuration = SignedDuration::from_mins(30);
/// A session ends this long after signing in, used or not.
pub const ABSOLUTE: SignedDuration = SignedDuration::from_hours(12);

/// Somebody who signed in, as every page's handler asks for.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// In which role and for which organisation they act.
    pub actor: Actor,
    /// The person.
    pub person: PersonId,
    /// The organisation acted for.
    pub organisation: Organisation,
    /// Token that every form of this session carries.
    pub csrf: String,
    /// Hash of the session's token, to end it.
    pub session: [u8; 32],
    /// When they signed in.
    pub since: Timestamp,
    /// Holds more than one role now.
    pub several_roles: bool,
}

/// Name of the session cookie (decision 56).
pub fn cookie_name(app: &App) -> &'static str {
    if app.is_https() { "__Host-tijdig" } else { "tijdig" }
}

/// The cookie that carries a session.
pub fn cookie(app: &App, token: String) -> Cookie<'static> {
    Cookie::build((cookie_name(app), token))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.is_https())
        .build()
}

/// Writes random bytes as a token.
pub fn token_text(bytes: &[u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Hash under which a token is kept; the token itself is nowhere but in the browser.
pub fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// A session to begin.
#[derive(Debug, Clone)]
pub struct Begin<'a> {
    /// Who signed in.
    pub person: &'a PersonId,
    /// Role to act in.
    pub role: Role,
    /// Organisation to act for.
    pub organisation: &'a OrganisationId,
    /// In which browser, in words.
    pub device: String,
    /// May do no more than set up a second factor.
    pub must_enrol: bool,
    /// How it was proven who it is, for the log.
    pub how: &'static str,
}

/// Begins a session under a token of its own; gives the cookie. One that this browser had before ends.
///
/// # Errors
/// Where the store fails.
pub async fn begin(app: &App, jar: &CookieJar, new: Begin<'_>) -> Result<Cookie<'static>, store::Error> {
    let token = token_text(&random::bytes());
    let now = app.clock().real();
    if let Some(before) = jar.get(cookie_name(app)) {
        app.store().end_session(&token_hash(before.value()), now).await?;
    }
    let session = Session {
        person: new.person.clone(),
        role: Some(new.role),
        organisation: Some(new.organisation.clone()),
        csrf: token_text(&random::bytes()),
        device: new.device,
        must_enrol: new.must_enrol,
        created_at: now,
        seen_at: now,
        idle_end: now + IDLE,
        absolute_end: now + ABSOLUTE,
    };
    app.store().create_session(&token_hash(&token), &session, new.how).await?;
    Ok(cookie(app, token))
}

/// A new token and form token for a session that goes on: what was seen of it before opens nothing any more.
pub fn fresh(app: &App) -> (Fresh, Cookie<'static>) {
    let token = token_text(&random::bytes());
    let fresh = Fresh { token_hash: token_hash(&token), csrf: token_text(&random::bytes()) };
    (fresh, cookie(app, token))
}

/// Somebody who signed in, and may have to set up a second factor before anything else.
pub struct Enrolling {
    /// Who.
    pub who: SignedIn,
    /// Nothing else may be done before a second factor is there.
    pub must_enrol: bool,
}

impl FromRequestParts<App> for Enrolling {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        find(parts, app).await
    }
}

impl<S> FromRequestParts<S> for SignedIn
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PageError> {
        let found = find(parts, &App::from_ref(state)).await?;
        if found.must_enrol { Err(PageError::MustEnrol) } else { Ok(found.who) }
    }
}

async fn find(parts: &Parts, app: &App) -> Result<Enrolling, PageError> {
    let back = || PageError::SignIn((parts.method == axum::http::Method::GET).then(|| parts.uri.to_string()));
    let jar = CookieJar::from_headers(&parts.headers);
    let token = jar.get(cookie_name(app)).ok_or_else(back)?.value();
    let hash = token_hash(token);
    let now = app.clock().real();
    let session = app.store().session(&hash, now).await?.ok_or_else(back)?;
    // Once a minute is enough to know that somebody is there; it spares a write for each page.
    if now.duration_since(session.seen_at) > SignedDuration::from_mins(1) {
        app.store().touch(&hash, now, now + IDLE).await?;
    }
    let person = app.store().person(&session.person).await?.ok_or_else(back)?;
    let (Some(role), Some(organisation)) = (session.role, session.organisation) else { return Err(back()) };
    let organisation = app.store().organisation(&organisation).await?.ok_or_else(back)?;
    // A role that has ended since then ends the session with it: leavers lose access at once.
    let roles = app.store().roles(&session.person, now).await?;
    if !person.active || !roles.iter().any(|g| g.role == role && g.organisation == organisation.id) {
        app.store().end_session(&hash, now).await?;
        return Err(back());
    }
    let who = SignedIn {
        actor: Actor {
            who: Who::Person(session.person.clone()),
            name: person.name.full(),
            role: Some(role),
            organisation: organisation.id.clone(),
            nurses_set_limits: organisation.nurses_set_limits,
            breaks_glass: organisation.policy.break_glass.contains(&role),
        },
        person: session.person,
        organisation,
        csrf: session.csrf,
        session: hash,
        since: session.created_at,
        several_roles: roles.len() > 1,
    };
    if let Some(asker) = parts.extensions.get::<Asker>() {
        asker.is(&who.actor);
    }
    Ok(Enrolling { who, must_enrol: session.must_enrol })
}
