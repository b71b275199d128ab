//! `/account`: how somebody signs in, and where they are signed in now.

mod app;
mod codes;
mod enrol;
pub mod mail;
mod passkey;
mod password;

pub use passkey::told;
pub use password::{new_fields, new_problems};

use super::dutch;
use super::field::{Field, Problem};
use super::frame::{Frame, Notice, Place};
use super::render::{Answer, Told, done, page, refused};
use crate::access::is_own;
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::routes::{Routes, get, post};
use crate::session::{self, SignedIn, cookie_name};
use crate::sign_in::confirm;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use axum_extra::extract::cookie::{Cookie, CookieJar};
use sha2::{Digest, Sha256};
use store::factors::{Factor, FactorKind};

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .route("/account", get(show))
        .route("/account/sessie", post(end_one))
        .route("/account/andere-sessies", post(end_others))
        .route("/account/overal-uitloggen", post(end_all))
        .route("/account/verwijderen", get(remove_get).post(remove_post))
        .route("/account/wachtwoord", get(password::get).post(password::post))
        .route("/account/beveiligen", get(enrol::get))
        .route("/account/app", get(app::get).post(app::post))
        .route("/account/passkey", get(passkey::get).post(passkey::post))
        .route("/account/passkey/opties", post(passkey::options))
        .route("/account/mail", get(mail::get).post(mail::post))
        .route("/account/herstelcodes", get(codes::get).post(codes::post))
}

/// The page.
#[derive(Template)]
#[template(path = "account/page.html")]
#[expect(clippy::struct_excessive_bools, reason = "what somebody has and may, each shown by itself")]
pub struct AccountPage {
    /// Title, menu.
    pub frame: Frame,
    /// Role and organisation acted for.
    pub acting: String,
    /// Holds more than one role.
    pub several_roles: bool,
    /// Second factors.
    pub factors: Vec<FactorRow>,
    /// Whether a second factor is needed, in a sentence.
    pub rule: &'static str,
    /// Recovery codes that are left; absent: there is no factor they would stand in for.
    pub codes_left: Option<u32>,
    /// Passkeys can be bound to this server.
    pub passkeys: bool,
    /// Has a password to change.
    pub has_password: bool,
    /// May be told of changes by mail.
    pub mails: bool,
    /// Where they are signed in.
    pub sessions: Vec<SessionRow>,
}

/// A second factor.
#[derive(Debug, Clone)]
pub struct FactorRow {
    /// Id, for removing it.
    pub id: String,
    /// What its owner calls it.
    pub label: String,
    /// What it is.
    pub kind: &'static str,
    /// Since when, and last used.
    pub about: String,
}

/// A session.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// By which it is ended; opens nothing.
    pub id: String,
    /// In which browser.
    pub device: String,
    /// Since when, and last seen.
    pub about: String,
    /// This one.
    pub here: bool,
}

/// Page to remove a second factor.
#[derive(Template)]
#[template(path = "account/remove.html")]
pub struct RemovePage {
    /// Title, menu.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// Which.
    pub factor: FactorRow,
    /// Password, where the session is not fresh.
    pub password: Option<Field>,
}

/// Query of the page that removes.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Which {
    #[serde(default)]
    stap: String,
}

/// `GET /account`.
pub async fn show(State(app): State<App>, who: SignedIn, Query(told): Query<Told>) -> Answer {
    let now = app.clock().real();
    let today = domain::date::local_day(now);
    let store = app.store();
    let factors = store.factors(&who.person).await?;
    let roles = store.roles(&who.person, now).await?;
    let required = store.needs_second_factor(&roles).await?;
    let has_password = password::has_one(&app, &who).await?;
    let sessions = store.sessions_of(&who.person, now).await?;
    let role = who.actor.role.map_or("", domain::role::Role::dutch);
    // The patient and theirs act for no organisation, and have a plan where others have work.
    let (begin, acting) = if is_own(&who.actor) {
        ("Mijn plan", role.to_owned())
    } else {
        ("Mijn werk", format!("{role} bij {}", who.organisation.name))
    };
    Ok(page(&AccountPage {
        frame: Frame::signed(&who, "Uw account", Place::Account).told(&told).back_to("/", begin),
        acting,
        several_roles: who.several_roles,
        rule: match (required, factors.is_empty()) {
            (true, _) => "Voor uw rol is een tweede stap bij het inloggen verplicht.",
            (false, true) => {
                "U logt in met alleen een wachtwoord. Met een tweede stap is uw account veel beter beveiligd."
            }
            (false, false) => "U logt in met een tweede stap. Zo heeft niemand genoeg aan uw wachtwoord alleen.",
        },
        codes_left: if factors.is_empty() { None } else { Some(store.recovery_codes_left(&who.person).await?) },
        factors: factors.iter().map(|f| factor_row(f, today)).collect(),
        passkeys: app.passkeys().is_some(),
        has_password,
        mails: mail::is_for(&app, &who),
        sessions: sessions
            .iter()
            .map(|(hash, s)| SessionRow {
                id: session_id(hash),
                device: if s.device.is_empty() { "Een onbekende browser".to_owned() } else { s.device.clone() },
                about: format!(
                    "sinds {}, laatst gezien {}",
                    dutch::recently(s.created_at, today),
                    dutch::recently(s.seen_at, today)
                ),
                here: *hash == who.session,
            })
            .collect(),
    }))
}

fn factor_row(factor: &Factor, today: jiff::civil::Date) -> FactorRow {
    let since = dutch::recently(factor.created_at, today);
    FactorRow {
        id: factor.id.clone(),
        label: factor.label.clone(),
        kind: match factor.kind {
            FactorKind::Totp => "codes van een app",
            FactorKind::Passkey => "passkey",
        },
        about: match factor.used_at {
            Some(used) => format!("sinds {since}, laatst gebruikt {}", dutch::recently(used, today)),
            None => format!("sinds {since}"),
        },
    }
}

/// By which a session is named on the page: the hash of its hash, which opens nothing.
fn session_id(hash: &[u8; 32]) -> String {
    session::token_text(&Sha256::digest(hash).into())
}

/// `POST /account/sessie`: one of one's own sessions ends. One that is not there (any more) is as good as ended.
pub async fn end_one(State(app): State<App>, jar: CookieJar, SignedForm { who, fields }: SignedForm) -> Answer {
    let now = app.clock().real();
    let wanted = fields.get("sessie");
    for (hash, _) in app.store().sessions_of(&who.person, now).await? {
        if session_id(&hash) == wanted {
            app.store().end_session(&hash, now).await?;
            if hash == who.session {
                return Ok((gone(&app, jar), done("/inloggen", Notice::SignedOut)).into_response());
            }
        }
    }
    Ok(done("/account", Notice::SessionEnded))
}

/// `POST /account/andere-sessies`.
pub async fn end_others(State(app): State<App>, SignedForm { who, .. }: SignedForm) -> Answer {
    app.store().end_other_sessions(&who.person, &who.session, app.clock().real()).await?;
    Ok(done("/account", Notice::OthersEnded))
}

/// `POST /account/overal-uitloggen`.
pub async fn end_all(State(app): State<App>, jar: CookieJar, SignedForm { who, .. }: SignedForm) -> Answer {
    app.store().end_sessions_of(&who.person, app.clock().real()).await?;
    Ok((gone(&app, jar), done("/inloggen", Notice::SignedOut)).into_response())
}

fn gone(app: &App, jar: CookieJar) -> CookieJar {
    jar.remove(Cookie::build((cookie_name(app), "")).path("/").secure(app.is_https()).build())
}

/// `GET /account/verwijderen?stap=…`.
pub async fn remove_get(State(app): State<App>, who: SignedIn, Query(which): Query<Which>) -> Answer {
    Ok(page(&remove_page(&app, &who, &which.stap, Vec::new()).await?))
}

/// `POST /account/verwijderen`.
pub async fn remove_post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    let id = fields.get("stap");
    let errors = remove_errors(&app, &who, &fields).await?;
    if !errors.is_empty() {
        return Ok(refused(&remove_page(&app, &who, id, errors).await?));
    }
    if !app.store().remove_factor(&who.person, id, app.clock().real()).await? {
        return Err(PageError::NotFound);
    }
    Ok(done("/account", Notice::FactorRemoved))
}

async fn remove_errors(app: &App, who: &SignedIn, fields: &Fields) -> Result<Vec<Problem>, PageError> {
    let store = app.store();
    let left = store.factors(&who.person).await?.len();
    let roles = store.roles(&who.person, app.clock().real()).await?;
    if left <= 1 && store.needs_second_factor(&roles).await? {
        let message =
            "Voor uw rol is een tweede stap verplicht. Voeg eerst een andere toe, dan kunt u deze verwijderen.";
        return Ok(vec![Problem::whole(message)]);
    }
    Ok(confirm::problem(app, who, fields.get(confirm::FIELD)).await?.into_iter().collect())
}

async fn remove_page(app: &App, who: &SignedIn, id: &str, errors: Vec<Problem>) -> Result<RemovePage, PageError> {
    let factors = app.store().factors(&who.person).await?;
    let factor = factors.iter().find(|f| f.id == id).ok_or(PageError::NotFound)?;
    Ok(RemovePage {
        frame: Frame::signed(who, "Verwijder een stap", Place::Account)
            .back_to("/account", "Uw account")
            .failing(!errors.is_empty()),
        factor: factor_row(factor, domain::date::local_day(app.clock().real())),
        password: confirm::field(app, who, &errors),
        errors,
    })
}
