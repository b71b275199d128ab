//! `/inloggen`, `/uitloggen` and `/rol`: who are you, and in which role do you act?

use super::field::{Choice, Field, Problem};
use super::frame::{Frame, Notice, Place};
use super::render::{Answer, Told, done, page, refused};
use crate::app::App;
use crate::error::{PageError, is_own_path};
use crate::forms::{Fields, SignedForm};
use crate::password;
use crate::session::{self, SignedIn, cookie_name};
use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use domain::ident::OrganisationId;
use domain::role::Role;
use serde::Deserialize;
use std::net::SocketAddr;
use store::log::{Event, Outcome};
use store::people::RoleGrant;

/// Page to sign in.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    /// Title.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// User name.
    pub name: Field,
    /// Password.
    pub password: Field,
    /// Where to go afterwards.
    pub to: String,
}

impl SignInPage {
    /// The page; what was typed as name stays.
    pub fn new(name: &str, to: &str, errors: Vec<Problem>, notice: Option<Notice>) -> Self {
        let frame = Frame { title: "Inloggen".to_owned(), notice, failed: !errors.is_empty(), ..Frame::default() };
        Self {
            frame,
            name: Field::text("naam", "Gebruikersnaam", name).completed_by("username").checked(&errors),
            password: Field::password("wachtwoord", "Wachtwoord").checked(&errors),
            to: to.to_owned(),
            errors,
        }
    }
}

/// Page to choose a role, for who has several.
#[derive(Template)]
#[template(path = "role.html")]
pub struct RolePage {
    /// Title.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// The roles.
    pub role: Field,
    /// Where to go afterwards.
    pub to: String,
}

/// Query of these pages.
#[derive(Debug, Default, Deserialize)]
pub struct Where {
    #[serde(default)]
    naar: String,
    #[serde(flatten)]
    told: Told,
}

/// `GET /inloggen`.
pub async fn get(Query(query): Query<Where>) -> Response {
    page(&SignInPage::new("", &query.naar, Vec::new(), query.told.notice()))
}

/// `POST /inloggen`.
pub async fn post(
    State(app): State<App>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    jar: CookieJar,
    body: Bytes,
) -> Answer {
    let fields = Fields::parse(&body);
    let (name, to) = (fields.get("naam").trim(), fields.get("naar"));
    let given = fields.get("wachtwoord");
    let mut errors = Vec::new();
    if name.is_empty() {
        errors.push(Problem::at("naam", "Vul uw gebruikersnaam in."));
    }
    if given.is_empty() {
        errors.push(Problem::at("wachtwoord", "Vul uw wachtwoord in."));
    }
    if !errors.is_empty() {
        return Ok(refused(&SignInPage::new(name, to, errors, None)));
    }
    let address = crate::peer(peer.as_ref().map(|Extension(info)| info));
    app.throttle().attempt(name, &address).map_err(|wait| PageError::TooMany(wait.as_secs() + 1))?;
    let now = app.clock().real();
    let login = app.store().login(name, now).await?;
    let kept = login.as_ref().and_then(|l| l.password_hash.clone());
    let (typed, known) = (given.to_owned(), kept.clone());
    // Hashing takes its time on purpose: off the threads that serve.
    let right =
        tokio::task::spawn_blocking(move || password::is_right(&typed, known.as_deref())).await.unwrap_or(false);
    let Some(login) = login.filter(|l| right && l.person.active && !l.roles.is_empty()) else {
        let event = Event {
            at: now,
            actor: None,
            action: "sign-in",
            data: "password",
            patient: None,
            outcome: Outcome::Refused,
            detail: None,
        };
        app.store().event(event).await?;
        let problem = Problem {
            target: super::field::id_of("naam"),
            ..Problem::whole("Deze gebruikersnaam en dit wachtwoord horen niet bij elkaar. Controleer beide.")
        };
        return Ok(refused(&SignInPage::new(name, to, vec![problem], None)));
    };
    let RoleGrant { role, organisation, .. } = &login.roles[0];
    let cookie = session::begin(&app, &login.person.id, *role, organisation).await?;
    let to = if is_own_path(to) { to } else { "/" };
    let target = if login.roles.len() > 1 { role_path(to) } else { to.to_owned() };
    Ok((jar.add(cookie), Redirect::to(&target)).into_response())
}

fn role_path(to: &str) -> String {
    format!("/rol?naar={}", percent_encoding::utf8_percent_encode(to, percent_encoding::NON_ALPHANUMERIC))
}

/// `POST /uitloggen`.
pub async fn sign_out(State(app): State<App>, jar: CookieJar, form: SignedForm) -> Answer {
    app.store().end_session(&form.who.session, app.clock().real()).await?;
    let gone = Cookie::build((cookie_name(&app), "")).path("/").secure(app.is_https()).build();
    Ok((jar.remove(gone), done("/inloggen", Notice::SignedOut)).into_response())
}

/// `GET /rol`.
pub async fn role_get(State(app): State<App>, who: SignedIn, Query(query): Query<Where>) -> Answer {
    Ok(page(&role_page(&app, &who, &query.naar, Vec::new()).await?))
}

/// `POST /rol`.
pub async fn role_post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    let now = app.clock().real();
    let chosen = fields
        .get("rol")
        .split_once('.')
        .and_then(|(role, organisation)| Some((Role::of_code(role)?, OrganisationId::parse(organisation).ok()?)));
    let roles = app.store().roles(&who.person, now).await?;
    let held =
        chosen.filter(|(role, organisation)| roles.iter().any(|g| g.role == *role && g.organisation == *organisation));
    let Some((role, organisation)) = held else {
        let errors = vec![Problem::at("rol", "Kies in welke rol u nu werkt.")];
        return Ok(refused(&role_page(&app, &who, fields.get("naar"), errors).await?));
    };
    app.store().choose_role(&who.session, role, &organisation, now).await?;
    let to = fields.get("naar");
    Ok(Redirect::to(if is_own_path(to) { to } else { "/" }).into_response())
}

async fn role_page(app: &App, who: &SignedIn, to: &str, errors: Vec<Problem>) -> Result<RolePage, PageError> {
    let mut choices = Vec::new();
    for grant in app.store().roles(&who.person, app.clock().real()).await? {
        let name = app.store().organisation(&grant.organisation).await?.map(|o| o.name).unwrap_or_default();
        choices.push(Choice::of(
            format!("{}.{}", grant.role.code(), grant.organisation),
            format!("{}, {name}", grant.role.dutch()),
        ));
    }
    let now = format!("{}.{}", who.actor.role.map_or("", Role::code), who.organisation.id);
    Ok(RolePage {
        frame: Frame::signed(who, "Kies uw rol", Place::None).failing(!errors.is_empty()),
        role: Field::radios("rol", "In welke rol werkt u nu?", &now, choices).checked(&errors),
        to: to.to_owned(),
        errors,
    })
}
