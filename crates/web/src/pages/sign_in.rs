//! `/inloggen`, `/uitloggen` and `/rol`: who are you, and in which role do you act?

use super::field::{Choice, Field, Problem};
use super::frame::{Frame, Link, Notice, Place};
use super::render::{Answer, Told, done, page, refused};
use crate::access::is_own;
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::password;
use crate::session::{self, SignedIn, cookie_name};
use crate::sign_in::device;
use crate::sign_in::enter::{self, Entrant, First, Waiting};
use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use domain::access::Own;
use domain::ident::OrganisationId;
use domain::role::Role;
use serde::Deserialize;
use std::net::SocketAddr;

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
    /// Passkeys can be bound to this server.
    pub passkeys: bool,
    /// Words and address of the way through an OpenID provider.
    pub openid: Option<Link>,
}

impl SignInPage {
    /// The page; what was typed as name stays.
    pub fn new(app: &App, name: &str, to: &str, errors: Vec<Problem>, notice: Option<Notice>) -> Self {
        let to_provider = |words: &str| {
            let to = percent_encoding::utf8_percent_encode(to, percent_encoding::NON_ALPHANUMERIC);
            Link::to(format!("/inloggen/openid?naar={to}"), words)
        };
        let openid = app.openid().map(|provider| to_provider(&provider.settings.button));
        Self { openid, ..Self::with(app.passkeys().is_some(), name, to, errors, notice) }
    }

    /// As `new`, with or without passkeys.
    pub fn with(passkeys: bool, name: &str, to: &str, errors: Vec<Problem>, notice: Option<Notice>) -> Self {
        let frame = Frame { title: "Inloggen".to_owned(), notice, failed: !errors.is_empty(), ..Frame::default() };
        Self {
            frame,
            name: Field::text("naam", "Gebruikersnaam", name).completed_by("username").checked(&errors),
            password: Field::password("wachtwoord", "Wachtwoord").checked(&errors),
            to: to.to_owned(),
            passkeys,
            openid: None,
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
pub async fn get(State(app): State<App>, Query(query): Query<Where>) -> Response {
    page(&SignInPage::new(&app, "", &query.naar, Vec::new(), query.told.notice()))
}

/// `POST /inloggen`.
pub async fn post(
    State(app): State<App>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    jar: CookieJar,
    headers: HeaderMap,
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
        return Ok(refused(&SignInPage::new(&app, name, to, errors, None)));
    }
    let address = crate::peer(peer.as_ref().map(|Extension(info)| info));
    let device = device::known(&app, &jar, name);
    let attempt = match app.throttle().password(name, &address, device.as_deref()) {
        Ok(attempt) => attempt,
        Err(wait) => {
            enter::refused(&app, None, "too many attempts").await?;
            return Err(PageError::TooMany(wait.as_secs() + 1));
        }
    };
    let login = app.store().login(name, app.clock().real()).await?;
    let kept = login.as_ref().and_then(|l| l.password_hash.clone());
    let right = password::verify(given, kept.as_deref()).await;
    let Some(login) = login.filter(|l| right && l.person.active && !l.roles.is_empty()) else {
        enter::refused(&app, None, "password").await?;
        let problem = Problem {
            target: super::field::id_of("naam"),
            ..Problem::whole("Deze gebruikersnaam en dit wachtwoord horen niet bij elkaar. Controleer beide.")
        };
        return Ok(refused(&SignInPage::new(&app, name, to, vec![problem], None)));
    };
    app.throttle().succeeded(attempt);
    let entrant = Entrant { person: login.person, roles: login.roles };
    let waiting = Waiting { to: to.to_owned(), first: First::Password, role: None };
    enter::first(&app, jar, &headers, &entrant, waiting).await
}

/// `POST /uitloggen`.
pub async fn sign_out(State(app): State<App>, jar: CookieJar, form: SignedForm) -> Answer {
    app.store().end_session(&form.who.session, app.clock().real()).await?;
    let gone = Cookie::build((cookie_name(&app), "")).path("/").secure(app.is_https()).build();
    Ok((jar.remove(gone), done("/inloggen", Notice::SignedOut)).into_response())
}

/// `GET /rol`.
pub async fn role_get(State(app): State<App>, who: SignedIn, Query(query): Query<Where>) -> Answer {
    let mut view = role_page(&app, &who, &query.naar, Vec::new()).await?;
    view.frame = view.frame.told(&query.told);
    Ok(page(&view))
}

/// `POST /rol`.
pub async fn role_post(State(app): State<App>, jar: CookieJar, SignedForm { who, fields }: SignedForm) -> Answer {
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
    let (fresh, cookie) = session::fresh(&app);
    app.store().choose_role(&who.session, &fresh, role, &organisation, now).await?;
    let to = fields.get("naar");
    Ok((jar.add(cookie), Redirect::to(enter::own_way(&app, &who.person, to).await)).into_response())
}

async fn role_page(app: &App, who: &SignedIn, to: &str, errors: Vec<Problem>) -> Result<RolePage, PageError> {
    let mut choices = Vec::new();
    for grant in app.store().roles(&who.person, app.clock().real()).await? {
        let label = match Own::of_role(grant.role) {
            Some(Own::Patient) => "voor mijzelf".to_owned(),
            Some(Own::Representative) => "als vertegenwoordiger".to_owned(),
            Some(Own::Relative) => "als naaste".to_owned(),
            None => {
                let name = app.store().organisation(&grant.organisation).await?.map(|o| o.name).unwrap_or_default();
                format!("{}, {name}", grant.role.dutch())
            }
        };
        choices.push(Choice::of(format!("{}.{}", grant.role.code(), grant.organisation), label));
    }
    let now = format!("{}.{}", who.actor.role.map_or("", Role::code), who.organisation.id);
    let question = if is_own(&who.actor) { "Voor wie kijkt u nu?" } else { "In welke rol werkt u nu?" };
    Ok(RolePage {
        frame: Frame::signed(who, "Kies uw rol", Place::None).failing(!errors.is_empty()),
        role: Field::radios("rol", question, &now, choices).checked(&errors),
        to: to.to_owned(),
        errors,
    })
}
