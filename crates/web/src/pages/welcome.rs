//! `/welkom`: with the letter in hand: code and birth date, then an own user name and password; or, for who has a
//! sign-in from an earlier letter, the new plan beside the one they had.

use super::dutch;
use super::field::{Field, Problem};
use super::frame::{Frame, Notice};
use super::render::{Answer, done, page, refused};
use crate::access::is_own;
use crate::app::App;
use crate::error::PageError;
use crate::forms::Fields;
use crate::people::{self, SHORTEST_PASSWORD, new_person};
use crate::session::SignedIn;
use crate::throttle::Attempt;
use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, Query, State};
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use std::net::SocketAddr;
use std::time::Duration;
use store::accounts::{Code, Redeemed};
use store::log::{Event, Outcome};
use subtle::ConstantTimeEq;

/// What does not open answers no sooner than this, whatever it was that did not fit: a code that is there with another
/// birth date takes more looking up than one that is not.
const FLOOR: Duration = Duration::from_millis(400);

/// The page, in two steps.
#[derive(Template)]
#[template(path = "welcome.html")]
pub struct WelcomePage {
    /// Title.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// The code.
    pub code: Field,
    /// The birth date.
    pub born: Field,
    /// The second step; absent in the first.
    pub second: Option<Second>,
    /// Who is signed in from an earlier letter, and may have the new plan beside it.
    pub joins: Option<Joins>,
    /// Where to go to sign in, and come back from.
    pub sign_in: String,
}

/// Somebody who has a sign-in already.
#[derive(Debug, Clone)]
pub struct Joins {
    /// Their name.
    pub name: String,
    /// Token of their session.
    pub csrf: String,
}

impl Joins {
    /// Whoever came by a letter before; nobody else has anything to join.
    fn of(who: Result<SignedIn, PageError>) -> Option<Self> {
        who.ok().filter(|who| is_own(&who.actor)).map(|who| Self { name: who.actor.name, csrf: who.csrf })
    }
}

/// The second step.
pub struct Second {
    /// User name.
    pub username: Field,
    /// Password.
    pub password: Field,
    /// Once more.
    pub again: Field,
}

/// Query of the page.
#[derive(Debug, Default, Deserialize)]
pub struct FromPaper {
    #[serde(default)]
    code: String,
}

impl WelcomePage {
    /// The page with what was typed; passwords never come back.
    pub fn new(typed: &Fields, second: bool, joins: Option<Joins>, errors: Vec<Problem>) -> Self {
        let frame = Frame {
            title: if second { "Kies uw inlog" } else { "Welkom" }.to_owned(),
            failed: !errors.is_empty(),
            ..Frame::default()
        };
        let second = second.then(|| Second {
            username: Field::text("gebruikersnaam", "Gebruikersnaam", typed.get("gebruikersnaam"))
                .hint("Verzin een naam die u onthoudt. Kleine letters en cijfers, zonder spaties.")
                .completed_by("username")
                .checked(&errors),
            password: Field::password("wachtwoord", "Wachtwoord")
                .hint(&format!("Minstens {SHORTEST_PASSWORD} tekens. Een korte zin is goed te onthouden."))
                .completed_by("new-password")
                .checked(&errors),
            again: Field::password("nog-eens", "Hetzelfde wachtwoord nog een keer")
                .completed_by("new-password")
                .checked(&errors),
        });
        Self {
            frame,
            code: Field::text("code", "De code uit de brief", typed.get("code"))
                .hint("Drie groepjes van vier letters en cijfers.")
                .checked(&errors),
            born: Field::short("geboortedatum", "De geboortedatum van de patiënt", typed.get("geboortedatum"))
                .hint("Bijvoorbeeld 12-03-1941.")
                .checked(&errors),
            second,
            joins,
            sign_in: back_here(typed.get("code")),
            errors,
        }
    }
}

/// The way to sign in that leads back to this code.
fn back_here(code: &str) -> String {
    let encoded =
        |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    format!("/inloggen?naar={}", encoded(&format!("/welkom?code={}", encoded(code))))
}

/// `GET /welkom`.
pub async fn get(who: Result<SignedIn, PageError>, Query(paper): Query<FromPaper>) -> Response {
    let typed = Fields(vec![("code".to_owned(), paper.code)]);
    page(&WelcomePage::new(&typed, false, Joins::of(who), Vec::new()))
}

/// Code and birth date as typed.
fn key(fields: &Fields) -> Result<(Code, String), Vec<Problem>> {
    let mut wrong = Vec::new();
    let code = Code::parse(fields.get("code"));
    if code.is_none() {
        wrong.push(Problem::at("code", "Vul de hele code in: drie groepjes van vier letters en cijfers."));
    }
    let born = dutch::typed_date(fields.get("geboortedatum")).map(|d| d.date_part());
    if let Err(message) = &born {
        wrong.push(Problem::at("geboortedatum", *message));
    }
    match (code, born) {
        (Some(code), Ok(born)) => Ok((code, born)),
        _ => Err(wrong),
    }
}

/// What is wrong with the chosen sign-in.
fn sign_in(fields: &Fields) -> Vec<Problem> {
    let mut wrong = Vec::new();
    let (username, password) = (fields.get("gebruikersnaam").trim(), fields.get("wachtwoord"));
    if people::username(username).is_err() {
        let message = "Gebruik alleen kleine letters, cijfers, punt, streepje en @. Minstens twee tekens.";
        wrong.push(Problem::at("gebruikersnaam", message));
    }
    if password.chars().count() < SHORTEST_PASSWORD {
        wrong.push(Problem::at("wachtwoord", format!("Kies een wachtwoord van minstens {SHORTEST_PASSWORD} tekens.")));
    } else if password != fields.get("nog-eens") {
        wrong.push(Problem::at("nog-eens", "Dit is niet hetzelfde wachtwoord. Typ het nog een keer."));
    }
    wrong
}

/// The one answer for whatever does not open (no guessing which of the two was right).
fn closed() -> Vec<Problem> {
    let message = "Deze code en geboortedatum horen niet bij elkaar, of de code is al gebruikt of verlopen. Controleer \
                   beide. Lukt het niet? Vraag uw zorgverlener om een nieuwe brief.";
    vec![Problem { target: super::field::id_of("code"), ..Problem::whole(message) }]
}

/// `POST /welkom`: the first step shows the second; the second makes the sign-in, or joins the plan to the one there is.
pub async fn post(
    State(app): State<App>,
    who: Result<SignedIn, PageError>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    body: Bytes,
) -> Answer {
    let fields = Fields::parse(&body);
    let joins = who.as_ref().ok().filter(|who| is_own(&who.actor)).cloned();
    let asked = Asked { app: &app, fields: &fields, joins: Joins::of(who) };
    let (code, born) = match key(&fields) {
        Ok(key) => key,
        Err(errors) => return Ok(asked.page(false, errors)),
    };
    let address = crate::peer(peer.as_ref().map(|Extension(info)| info));
    let account = format!("welkom {}", code.groups());
    let attempt = match app.throttle().password(&account, &address, None) {
        Ok(attempt) => attempt,
        Err(wait) => {
            asked.refused("too many attempts").await?;
            return Err(PageError::TooMany(wait.as_secs() + 1));
        }
    };
    // Where the day of care is set, sessions still live in real time: access begins in both.
    let now = app.clock().now().min(app.clock().real());
    let (opens, ()) = tokio::join!(asked.opens(&code, &born, now, attempt), tokio::time::sleep(FLOOR));
    if !opens? {
        return Ok(asked.page(false, closed()));
    }
    match (fields.get("wat"), joins) {
        ("erbij", Some(who)) => join(&asked, &who, &code, &born, now).await,
        _ if fields.has("gebruikersnaam") => make(&asked, &code, &born, now).await,
        _ => Ok(page(&WelcomePage::new(&fields, true, asked.joins, Vec::new()))),
    }
}

/// What was posted, and by whom.
struct Asked<'a> {
    app: &'a App,
    fields: &'a Fields,
    joins: Option<Joins>,
}

impl Asked<'_> {
    /// The page again, with what is wrong.
    fn page(&self, second: bool, errors: Vec<Problem>) -> Response {
        refused(&WelcomePage::new(self.fields, second, self.joins.clone(), errors))
    }

    /// Do code and birth date open an invitation? If not, that is noted; if so, the attempt does not count.
    async fn opens(&self, code: &Code, born: &str, now: Timestamp, attempt: Attempt) -> Result<bool, PageError> {
        if self.app.store().may_redeem(code, born, now).await? {
            self.app.throttle().succeeded(attempt);
            return Ok(true);
        }
        self.refused("invitation").await?;
        Ok(false)
    }

    /// Notes that something was not let in. Which code it was is not told.
    async fn refused(&self, data: &'static str) -> Result<(), PageError> {
        let event = Event {
            at: self.app.clock().real(),
            actor: None,
            action: "redeem",
            data,
            patient: None,
            outcome: Outcome::Refused,
            detail: None,
        };
        Ok(self.app.store().event(event).await?)
    }
}

/// Makes a person with user name and password.
async fn make(asked: &Asked<'_>, code: &Code, born: &str, now: Timestamp) -> Answer {
    let fields = asked.fields;
    let errors = sign_in(fields);
    if !errors.is_empty() {
        return Ok(asked.page(true, errors));
    }
    let (username, password) = (fields.get("gebruikersnaam").trim().to_owned(), fields.get("wachtwoord").to_owned());
    // Hashing takes its time on purpose: off the threads that serve.
    let made = tokio::task::spawn_blocking(move || new_person(&username, "-", &password, None)).await;
    let Ok(Ok((person, hash))) = made else {
        let errors = vec![Problem::at("gebruikersnaam", "Deze gebruikersnaam kan niet. Kies een andere.")];
        return Ok(asked.page(true, errors));
    };
    match asked.app.store().redeem(code, born, &person, &hash, now).await? {
        Redeemed::Done(_) => Ok(done("/inloggen", Notice::OwnAccessMade)),
        Redeemed::No => Ok(asked.page(false, closed())),
        Redeemed::NameTaken => {
            let errors = vec![Problem::at("gebruikersnaam", "Deze gebruikersnaam heeft iemand al. Kies een andere.")];
            Ok(asked.page(true, errors))
        }
    }
}

/// Gives somebody who is signed in the new plan beside the one they had.
async fn join(asked: &Asked<'_>, who: &SignedIn, code: &Code, born: &str, now: Timestamp) -> Answer {
    let same: bool = asked.fields.get("csrf").as_bytes().ct_eq(who.csrf.as_bytes()).into();
    if !same {
        return Err(PageError::Csrf);
    }
    match asked.app.store().redeem_as(code, born, &who.person, now).await? {
        Redeemed::Done(own) if Some(own.role()) == who.actor.role => Ok(done("/mijn", Notice::OwnAccessAdded)),
        // As somebody else than until now: which of the two one is, one chooses.
        Redeemed::Done(_) => Ok(done("/rol", Notice::OwnAccessAdded)),
        Redeemed::No | Redeemed::NameTaken => Ok(asked.page(false, closed())),
    }
}
