//! `/account/herstelcodes`: codes on paper for when the phone is lost. They are shown once.

use super::super::field::{Field, Problem};
use super::super::frame::{Frame, Notice, Place};
use super::super::render::{Answer, done, page, refused};
use crate::app::App;
use crate::error::PageError;
use crate::forms::SignedForm;
use crate::session::{self, SignedIn};
use crate::sign_in::{codes, confirm};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;

/// Page that asks for new ones.
#[derive(Template)]
#[template(path = "account/codes.html")]
pub struct CodesPage {
    /// Title, menu.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// How many are left.
    pub left: u32,
    /// Password, where the session is not fresh.
    pub password: Option<Field>,
}

/// The codes, once.
#[derive(Template)]
#[template(path = "account/codes_shown.html")]
pub struct CodesShown {
    /// Title, menu.
    pub frame: Frame,
    /// The codes.
    pub codes: Vec<String>,
}

async fn asking(app: &App, who: &SignedIn, errors: Vec<Problem>) -> Result<CodesPage, PageError> {
    Ok(CodesPage {
        frame: Frame::signed(who, "Herstelcodes", Place::Account)
            .back_to("/account", "Uw account")
            .failing(!errors.is_empty()),
        left: app.store().recovery_codes_left(&who.person).await?,
        password: confirm::field(app, who, &errors),
        errors,
    })
}

/// `GET /account/herstelcodes`.
pub async fn get(State(app): State<App>, who: SignedIn) -> Answer {
    if app.store().factors(&who.person).await?.is_empty() {
        return Err(PageError::NotFound);
    }
    Ok(page(&asking(&app, &who, Vec::new()).await?))
}

/// `POST /account/herstelcodes`.
pub async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    if app.store().factors(&who.person).await?.is_empty() {
        return Err(PageError::NotFound);
    }
    if let Some(problem) = confirm::problem(&app, &who, fields.get(confirm::FIELD)).await? {
        return Ok(refused(&asking(&app, &who, vec![problem]).await?));
    }
    Ok(page(&made(&app, &who).await?))
}

async fn made(app: &App, who: &SignedIn) -> Result<CodesShown, PageError> {
    let codes: Vec<String> = (0..codes::MANY).map(|_| codes::fresh()).collect();
    let hashes = codes.iter().map(|c| codes::hash(&who.person, c)).collect();
    app.store().set_recovery_codes(&who.person, hashes, app.clock().real()).await?;
    Ok(CodesShown { frame: Frame::signed(who, "Uw herstelcodes", Place::Account), codes })
}

/// A factor was added: the session may do everything, under another token. Whoever has no recovery codes gets them.
///
/// # Errors
/// Where the store fails.
pub async fn after_adding(app: &App, jar: CookieJar, who: &SignedIn) -> Result<Response, PageError> {
    let (fresh, cookie) = session::fresh(app);
    app.store().renew_session(&who.session, &fresh).await?;
    let jar = jar.add(cookie);
    if app.store().recovery_codes_left(&who.person).await? > 0 {
        return Ok((jar, done("/account", Notice::FactorAdded)).into_response());
    }
    let who = SignedIn { csrf: fresh.csrf, ..who.clone() };
    Ok((jar, page(&made(app, &who).await?)).into_response())
}
