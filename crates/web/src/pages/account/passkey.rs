//! `/account/passkey`: a key on the device, opened by finger, face or its code. The one thing that needs JavaScript,
//! because a browser makes a passkey only when a script asks for it.

use super::codes::after_adding;
use super::enrol::frame;
use crate::app::App;
use crate::error::PageError;
use crate::forms::EnrolForm;
use crate::pages::field::{Field, Problem};
use crate::pages::frame::Frame;
use crate::pages::render::{Answer, page, refused};
use crate::session::Enrolling;
use crate::sign_in::step::{self, Kind, Token};
use crate::sign_in::{confirm, passkey};
use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;
use serde_json::json;
use store::factors::{Factor, FactorKind};
use webauthn_rs::prelude::PasskeyRegistration;

/// The page.
#[derive(Template)]
#[template(path = "account/passkey.html")]
pub struct PasskeyPage {
    /// Title, menu.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// What to call it.
    pub label: Field,
    /// Password, where the session is not fresh.
    pub password: Option<Field>,
}

impl PasskeyPage {
    /// The page with what is wrong.
    pub fn new(frame: Frame, label: &str, password: Option<Field>, errors: Vec<Problem>) -> Self {
        Self {
            frame: frame.failing(!errors.is_empty()),
            label: Field::text("naam", "Hoe noemt u dit apparaat?", label)
                .hint("Bijvoorbeeld: laptop van de praktijk.")
                .checked(&errors),
            password,
            errors,
        }
    }
}

fn view(app: &App, enrolling: &Enrolling, label: &str, errors: Vec<Problem>) -> PasskeyPage {
    let password = confirm::field(app, &enrolling.who, &errors);
    PasskeyPage::new(frame(&enrolling.who, enrolling.must_enrol, "Een passkey"), label, password, errors)
}

/// `GET /account/passkey`.
pub async fn get(State(app): State<App>, enrolling: Enrolling) -> Answer {
    if app.passkeys().is_none() {
        return Err(PageError::NotFound);
    }
    Ok(page(&view(&app, &enrolling, "", Vec::new())))
}

/// `POST /account/passkey/opties`: what the browser needs to make one, as JSON.
pub async fn options(State(app): State<App>, EnrolForm { who: enrolling, fields }: EnrolForm) -> Answer {
    let who = &enrolling.who;
    if let Some(problem) = confirm::problem(&app, who, fields.get(confirm::FIELD)).await? {
        return Ok(told(StatusCode::UNPROCESSABLE_ENTITY, &problem.message));
    }
    let factors = app.store().factors(&who.person).await?;
    let person = app.store().person(&who.person).await?.ok_or(PageError::SignIn(None))?;
    let made =
        app.passkeys().and_then(|party| passkey::creation(party, &person.id, &person.username, &person.name, &factors));
    let Some((options, state)) = made else {
        return Ok(told(StatusCode::UNPROCESSABLE_ENTITY, "Op dit adres kan geen passkey worden gemaakt."));
    };
    step::put(&app, &Token::session(&who.session), Kind::NewPasskey, Some(&who.person), &state).await?;
    Ok(Json(options).into_response())
}

/// An answer for the script.
pub fn told(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "melding": message }))).into_response()
}

/// `POST /account/passkey`: the key that the browser made.
pub async fn post(State(app): State<App>, jar: CookieJar, EnrolForm { who: enrolling, fields }: EnrolForm) -> Answer {
    let who = &enrolling.who;
    let now = app.clock().real();
    let label = fields.filled("naam").unwrap_or("Passkey").chars().take(60).collect::<String>();
    let state = step::take::<PasskeyRegistration>(&app, &Token::session(&who.session), Kind::NewPasskey).await?;
    let made = app
        .passkeys()
        .zip(state)
        .and_then(|(party, (_, state))| passkey::created(party, fields.get("antwoord"), &state));
    let Some((secret, credential)) = made else {
        let message = if fields.get("antwoord").is_empty() {
            "Voor een passkey is JavaScript nodig. Kies anders voor codes van een app."
        } else {
            "De passkey is niet gemaakt. Probeer het nog eens, of kies voor codes van een app."
        };
        return Ok(refused(&view(&app, &enrolling, &label, vec![Problem::whole(message)])));
    };
    let factor = Factor {
        id: super::super::second_step::factor_id(),
        kind: FactorKind::Passkey,
        label: label.clone(),
        secret,
        credential: Some(credential),
        step: 0,
        created_at: now,
        used_at: None,
    };
    match app.store().add_factor(&who.person, &factor, now).await {
        Err(store::Error::Taken(_)) => {
            let problem = Problem::whole("Deze passkey is al in gebruik.");
            Ok(refused(&view(&app, &enrolling, &label, vec![problem])))
        }
        outcome => {
            outcome?;
            after_adding(&app, jar, who).await
        }
    }
}
