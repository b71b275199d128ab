//! `/inloggen/code` and `/inloggen/passkey`: the second proof, and the one that needs no first.

use super::field::{Field, Problem};
use super::frame::Frame;
use super::render::{Answer, page, refused};
use super::sign_in::SignInPage;
use crate::app::App;
use crate::error::PageError;
use crate::forms::Fields;
use crate::routes::{Routes, get, post};
use crate::sign_in::enter::{self, Entrant, First, Second, Waiting};
use crate::sign_in::step::{self, Kind, Token};
use crate::sign_in::{codes, device, passkey, totp};
use askama::Template;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use domain::ident::PersonId;
use std::fmt::Write;
use store::factors::FactorKind;
use webauthn_rs::prelude::{DiscoverableAuthentication, PasskeyAuthentication};

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .route("/inloggen/code", get(show).post(code))
        .route("/inloggen/passkey/opties", post(options))
        .route("/inloggen/passkey", post(with_passkey))
}

/// The page.
#[derive(Template)]
#[template(path = "second_step.html")]
pub struct SecondStepPage {
    /// Title.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// The code of the app; absent: there is no app.
    pub code: Option<Field>,
    /// A recovery code.
    pub recovery: Field,
    /// There is a passkey.
    pub passkey: bool,
}

impl SecondStepPage {
    /// The page for who has these kinds of factor.
    pub fn new(app: bool, passkey: bool, errors: Vec<Problem>) -> Self {
        let frame = Frame { title: "Tweede stap".to_owned(), failed: !errors.is_empty(), ..Frame::default() };
        let code = Field::short("code", "Code uit uw app", "")
            .digits()
            .completed_by("one-time-code")
            .hint("Zes cijfers. De app heet meestal Authenticator.");
        Self {
            frame: frame.back_to("/inloggen", "Opnieuw beginnen"),
            code: app.then(|| code.checked(&errors)),
            recovery: Field::text("herstelcode", "Een van uw herstelcodes", "")
                .hint("Zestien letters en cijfers, van het papier dat u bewaarde. Elke code werkt één keer.")
                .checked(&errors),
            passkey,
            errors,
        }
    }
}

/// A random id for a factor.
pub fn factor_id() -> String {
    store::random::bytes::<16>().iter().fold(String::new(), |mut out, b| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// Who gave the first proof in this browser, and may still sign in.
async fn waiting(app: &App, jar: &CookieJar) -> Result<Option<(Token, Entrant, Waiting)>, PageError> {
    let Some(token) = Token::of(app, jar) else { return Ok(None) };
    let Some((Some(person), waiting)) = step::get::<Waiting>(app, &token, Kind::Second).await? else { return Ok(None) };
    Ok(Entrant::of(app, &person).await?.map(|entrant| (token, entrant, waiting)))
}

async fn view(app: &App, person: &PersonId, errors: Vec<Problem>) -> Result<SecondStepPage, PageError> {
    let factors = app.store().factors(person).await?;
    let has = |kind| factors.iter().any(|f| f.kind == kind);
    Ok(SecondStepPage::new(has(FactorKind::Totp), has(FactorKind::Passkey) && app.passkeys().is_some(), errors))
}

/// `GET /inloggen/code`.
pub async fn show(State(app): State<App>, jar: CookieJar) -> Answer {
    match waiting(&app, &jar).await? {
        Some((_, entrant, _)) => Ok(page(&view(&app, &entrant.person.id, Vec::new()).await?)),
        None => Ok(Redirect::to("/inloggen").into_response()),
    }
}

/// `POST /inloggen/code`: a code of the app, or a recovery code.
pub async fn code(State(app): State<App>, jar: CookieJar, headers: HeaderMap, body: Bytes) -> Answer {
    let Some((token, entrant, waits)) = waiting(&app, &jar).await? else {
        return Ok(Redirect::to("/inloggen").into_response());
    };
    let fields = Fields::parse(&body);
    let person = &entrant.person.id;
    let (second, field, typed) = match fields.filled("herstelcode") {
        Some(typed) => (Second::Recovery, "herstelcode", typed),
        None => (Second::Totp, "code", fields.get("code")),
    };
    if typed.is_empty() {
        let problem = Problem::at(field, "Vul de code in.");
        return Ok(refused(&view(&app, person, vec![problem]).await?));
    }
    let known = device::known(&app, &jar, &entrant.person.username);
    let attempt = match app.throttle().code(person.as_str(), known.as_deref()) {
        Ok(attempt) => attempt,
        Err(wait) => {
            enter::refused(&app, Some(person), "too many codes").await?;
            return Err(PageError::TooMany(wait.as_secs() + 1));
        }
    };
    let right = match second {
        Second::Recovery => {
            app.store().use_recovery_code(person, &codes::hash(person, typed), app.clock().real()).await?
        }
        _ => uses_code(&app, person, typed).await?,
    };
    if !right {
        enter::refused(&app, Some(person), field).await?;
        let message = "Deze code klopt niet, of is al gebruikt. Wacht op de volgende code van de app en vul die in.";
        let recovery = "Deze herstelcode klopt niet, of is al gebruikt.";
        let problem = Problem::at(field, if second == Second::Recovery { recovery } else { message });
        return Ok(refused(&view(&app, person, vec![problem]).await?));
    }
    app.throttle().succeeded(attempt);
    step::take::<Waiting>(&app, &token, Kind::Second).await?;
    enter::second(&app, jar, &headers, &entrant, &waits, second).await
}

/// Is it the code of one of their apps now, and not used before?
async fn uses_code(app: &App, person: &PersonId, typed: &str) -> Result<bool, store::Error> {
    let now = app.clock().real();
    for factor in app.store().factors(person).await?.iter().filter(|f| f.kind == FactorKind::Totp) {
        if let Some(step) = totp::step(&factor.secret, typed, now.as_second())
            && app.store().use_step(&factor.id, step, now).await?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `POST /inloggen/passkey/opties`: what the browser needs to use a passkey, as JSON: one of somebody's where the first
/// proof was given, else one of anybody's.
pub async fn options(State(app): State<App>, jar: CookieJar) -> Answer {
    let told = |message| super::account::told(StatusCode::UNPROCESSABLE_ENTITY, message);
    let Some(party) = app.passkeys() else { return Ok(told("Op dit adres kan niet met een passkey worden ingelogd.")) };
    if let Some((token, entrant, _)) = waiting(&app, &jar).await? {
        let factors = app.store().factors(&entrant.person.id).await?;
        let Some((options, state)) = passkey::request(party, &factors) else {
            return Ok(told("U hebt nog geen passkey."));
        };
        step::put(&app, &token, Kind::Passkey, Some(&entrant.person.id), &state).await?;
        return Ok(Json(options).into_response());
    }
    let Some((options, state)) = passkey::request_any(party) else { return Ok(told("Dit lukt nu niet.")) };
    let (token, jar) = Token::fresh(&app, jar);
    step::put(&app, &token, Kind::Passkey, None, &state).await?;
    Ok((jar, Json(options)).into_response())
}

/// `POST /inloggen/passkey`: what the browser answered.
pub async fn with_passkey(State(app): State<App>, jar: CookieJar, headers: HeaderMap, body: Bytes) -> Answer {
    let fields = Fields::parse(&body);
    let given = passkey::answer(fields.get("antwoord"));
    if let Some((token, entrant, waits)) = waiting(&app, &jar).await? {
        let person = &entrant.person.id;
        let state = step::take::<PasskeyAuthentication>(&app, &token, Kind::Passkey).await?;
        let used = match (app.passkeys(), state, given) {
            (Some(party), Some((_, state)), Some((answer, digest))) => app
                .store()
                .passkey(&digest)
                .await?
                .filter(|(owner, _)| owner == person)
                .and_then(|(_, factor)| passkey::used(party, &answer, &state, factor)),
            _ => None,
        };
        let Some(factor) = used else {
            enter::refused(&app, Some(person), "passkey").await?;
            let problem = Problem::whole("Dat lukte niet met deze passkey. Probeer het nog eens, of gebruik een code.");
            return Ok(refused(&view(&app, person, vec![problem]).await?));
        };
        app.store().use_passkey(person, &factor, app.clock().real()).await?;
        step::take::<Waiting>(&app, &token, Kind::Second).await?;
        return enter::second(&app, jar, &headers, &entrant, &waits, Second::Passkey).await;
    }
    let Some((person, factor)) = discovered(&app, &jar, given).await? else {
        return not_known(&app, fields.get("naar")).await;
    };
    let Some(entrant) = Entrant::of(&app, &person).await? else { return not_known(&app, fields.get("naar")).await };
    app.store().use_passkey(&person, &factor, app.clock().real()).await?;
    let waits = Waiting { to: fields.get("naar").to_owned(), first: First::Password, role: None };
    enter::whole(&app, jar, &headers, &entrant, &waits, "passkey").await
}

type Given = Option<(webauthn_rs::prelude::PublicKeyCredential, [u8; 32])>;

async fn discovered(
    app: &App,
    jar: &CookieJar,
    given: Given,
) -> Result<Option<(PersonId, store::factors::Factor)>, PageError> {
    let (Some(party), Some(token), Some((answer, digest))) = (app.passkeys(), Token::of(app, jar), given) else {
        return Ok(None);
    };
    let Some((_, state)) = step::take::<DiscoverableAuthentication>(app, &token, Kind::Passkey).await? else {
        return Ok(None);
    };
    let Some((person, factor)) = app.store().passkey(&digest).await? else { return Ok(None) };
    Ok(passkey::used_any(party, &answer, state, &person, factor).map(|factor| (person, factor)))
}

async fn not_known(app: &App, to: &str) -> Result<Response, PageError> {
    enter::refused(app, None, "passkey").await?;
    let message = "Dat lukte niet met deze passkey. Log in met uw gebruikersnaam en wachtwoord.";
    Ok(refused(&SignInPage::new(app, "", to, vec![Problem::whole(message)], None)))
}
