//! `/herstel`: back in with the code that two people of the organisation gave.

use super::account::{new_fields, new_problems};
use super::field::{Field, Problem};
use super::frame::{Frame, Notice};
use super::render::{Answer, done, page, refused};
use crate::app::App;
use crate::error::PageError;
use crate::forms::Fields;
use crate::password;
use crate::sign_in::{codes, device, enter};
use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use axum_extra::extract::cookie::CookieJar;
use domain::ident::PersonId;
use std::net::SocketAddr;

/// The page.
#[derive(Template)]
#[template(path = "recover.html")]
pub struct RecoverPage {
    /// Title.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// User name.
    pub name: Field,
    /// The code.
    pub code: Field,
    /// The new password, twice.
    pub new: [Field; 2],
}

impl RecoverPage {
    /// The page; what was typed as name stays.
    pub fn new(name: &str, errors: Vec<Problem>) -> Self {
        let frame = Frame { title: "Nieuw wachtwoord".to_owned(), failed: !errors.is_empty(), ..Frame::default() };
        Self {
            frame: frame.back_to("/inloggen", "Inloggen"),
            name: Field::text("naam", "Gebruikersnaam", name).completed_by("username").checked(&errors),
            code: Field::text("code", "Code die u van uw organisatie kreeg", "")
                .hint("Zestien letters en cijfers. De code werkt één uur en één keer.")
                .checked(&errors),
            new: new_fields(&errors),
            errors,
        }
    }
}

/// `GET /herstel`.
pub async fn get() -> Response {
    page(&RecoverPage::new("", Vec::new()))
}

/// `POST /herstel`.
pub async fn post(
    State(app): State<App>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    jar: CookieJar,
    body: Bytes,
) -> Answer {
    let fields = Fields::parse(&body);
    let (name, typed) = (fields.get("naam").trim(), fields.get("code").trim());
    let mut errors = Vec::new();
    if name.is_empty() {
        errors.push(Problem::at("naam", "Vul uw gebruikersnaam in."));
    }
    if typed.is_empty() {
        errors.push(Problem::at("code", "Vul de code in."));
    }
    errors.extend(new_problems(name, fields.get("nieuw"), fields.get("nogmaals")));
    if !errors.is_empty() {
        return Ok(refused(&RecoverPage::new(name, errors)));
    }
    let address = crate::peer(peer.as_ref().map(|Extension(info)| info));
    let known = device::known(&app, &jar, name);
    let attempt = match app.throttle().password(name, &address, known.as_deref()) {
        Ok(attempt) => attempt,
        Err(wait) => {
            enter::refused(&app, None, "too many attempts").await?;
            return Err(PageError::TooMany(wait.as_secs() + 1));
        }
    };
    let now = app.clock().real();
    // The same work whether the name is known or not.
    let hash = password::make(fields.get("nieuw")).await;
    let login = app.store().login(name, now).await?;
    let person = login.map_or_else(|| PersonId::from_bits(0), |l| l.person.id);
    if hash.is_empty() || !app.store().redeem_recovery(&person, &codes::hash(&person, typed), &hash, now).await? {
        enter::refused(&app, None, "recovery").await?;
        let problem = Problem {
            target: super::field::id_of("naam"),
            ..Problem::whole(
                "Deze gebruikersnaam en code horen niet bij elkaar, of de code is verlopen. Vraag uw organisatie om een nieuwe.",
            )
        };
        return Ok(refused(&RecoverPage::new(name, vec![problem])));
    }
    app.throttle().succeeded(attempt);
    Ok(done("/inloggen", Notice::Recovered))
}
