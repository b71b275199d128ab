//! A step of signing in that waits for the next: what it needs is sealed in the store, under a token in a cookie (or
//! under the session, where there is one). One token may have several kinds of step, one of each.

use crate::app::App;
use crate::session::token_text;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use domain::ident::PersonId;
use jiff::SignedDuration;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use store::Error;
use store::ceremonies::Ceremony;
use zeroize::Zeroizing;

/// How long a step waits.
const WAITS: SignedDuration = SignedDuration::from_mins(10);

/// The kinds of step.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A first proof was right; the second is asked.
    Second,
    /// A passkey is asked, alone or as second.
    Passkey,
    /// A passkey is being made.
    NewPasskey,
    /// A TOTP is being set up.
    NewTotp,
    /// Somebody is at the OpenID provider.
    OpenId,
    /// Somebody comes from a record system, which is asked for the patient.
    Launch,
    /// A patient to open, once somebody signed in.
    Open,
}

impl Kind {
    fn code(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Passkey => "passkey",
            Self::NewPasskey => "new-passkey",
            Self::NewTotp => "new-totp",
            Self::OpenId => "openid",
            Self::Launch => "launch",
            Self::Open => "open",
        }
    }
}

/// Under what a step is kept.
#[derive(Clone)]
pub struct Token(Zeroizing<String>);

fn name(app: &App) -> &'static str {
    if app.is_https() { "__Host-tijdig-stap" } else { "tijdig-stap" }
}

impl Token {
    /// The one this browser has.
    pub fn of(app: &App, jar: &CookieJar) -> Option<Self> {
        jar.get(name(app)).map(|c| Self(Zeroizing::new(c.value().to_owned())))
    }

    /// A new one, with its cookie.
    pub fn fresh(app: &App, jar: CookieJar) -> (Self, CookieJar) {
        let token = token_text(&store::random::bytes());
        let cookie = Cookie::build((name(app), token.clone()))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(app.is_https())
            .build();
        (Self(Zeroizing::new(token)), jar.add(cookie))
    }

    /// One that is in no cookie, with its text: whoever has the text goes on.
    pub fn apart() -> (Self, String) {
        let text = token_text(&store::random::bytes());
        (Self(Zeroizing::new(text.clone())), text)
    }

    /// The one with this text.
    pub fn of_text(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }

    /// The one of this browser for one question among several that it may have open at once.
    #[must_use]
    pub fn joined(&self, question: &str) -> Self {
        Self(Zeroizing::new(format!("{}.{question}", self.0.as_str())))
    }

    /// That of a session.
    pub fn session(hash: &[u8; 32]) -> Self {
        Self(Zeroizing::new(token_text(hash)))
    }

    fn key(&self, kind: Kind) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(kind.code());
        hash.update([0]);
        hash.update(self.0.as_bytes());
        hash.finalize().into()
    }
}

/// Takes the cookie away.
pub fn clear(app: &App, jar: CookieJar) -> CookieJar {
    jar.remove(Cookie::build((name(app), "")).path("/").secure(app.is_https()).build())
}

/// Keeps a step.
///
/// # Errors
/// Where the store fails.
pub async fn put(
    app: &App,
    token: &Token,
    kind: Kind,
    person: Option<&PersonId>,
    data: &impl Serialize,
) -> Result<(), Error> {
    let data = serde_json::to_vec(data).map_err(|_| Error::Bug("a step does not serialise"))?;
    let now = app.clock().real();
    let ceremony = Ceremony { person: person.cloned(), data: Zeroizing::new(data) };
    app.store().put_ceremony(&token.key(kind), kind.code(), &ceremony, now + WAITS, now).await
}

/// A step as it stands; it goes on waiting.
///
/// # Errors
/// Where the store fails.
pub async fn get<T: DeserializeOwned>(
    app: &App,
    token: &Token,
    kind: Kind,
) -> Result<Option<(Option<PersonId>, T)>, Error> {
    let found = app.store().ceremony(&token.key(kind), kind.code(), app.clock().real()).await?;
    Ok(found.and_then(|c| Some((c.person, serde_json::from_slice(&c.data).ok()?))))
}

/// A step, which is over with this.
///
/// # Errors
/// Where the store fails.
pub async fn take<T: DeserializeOwned>(
    app: &App,
    token: &Token,
    kind: Kind,
) -> Result<Option<(Option<PersonId>, T)>, Error> {
    let found = app.store().take_ceremony(&token.key(kind), kind.code(), app.clock().real()).await?;
    Ok(found.and_then(|c| Some((c.person, serde_json::from_slice(&c.data).ok()?))))
}
