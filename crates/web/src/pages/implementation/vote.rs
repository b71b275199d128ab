//! `/stellingen`: colleagues take part in a round on their phones, by its code; nobody signs in, and no name is kept. A cookie
//! tells that a phone took part; what it said is nowhere.

use crate::app::App;
use crate::error::PageError;
use crate::forms::Fields;
use crate::pages::field::{Choice, Field, Problem};
use crate::pages::frame::{Frame, Notice};
use crate::pages::note_form::problems;
use crate::pages::render::{Answer, Told, done, page, refused, show};
use crate::session::token_text;
use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use domain::statements::{Code, Vote, votes as given};
use domain::words::capitalised;
use std::net::SocketAddr;
use store::random;
use store::rounds::{Held, Voted};

type Peer = Option<Extension<ConnectInfo<SocketAddr>>>;

/// Name of the cookie that tells that a phone took part.
const COOKIE: &str = "tijdig-stellingen";

/// Where a code is typed.
#[derive(Template)]
#[template(path = "implementation/enter.html")]
pub struct EntryPage {
    /// Title.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// The code.
    pub code: Field,
}

/// How a phone stands to a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// It may vote.
    Open,
    /// It voted.
    Voted,
    /// The round is over.
    Closed,
}

/// The statements.
#[derive(Template)]
#[template(path = "implementation/vote.html")]
pub struct VotePage {
    /// Title.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// Where it is sent.
    pub here: String,
    /// Which team.
    pub team: String,
    /// The statements; none where one may not vote.
    pub statements: Vec<Field>,
    /// Why one may not vote.
    pub closed: Option<&'static str>,
}

fn titled(title: &str) -> Frame {
    Frame { title: title.to_owned(), ..Frame::default() }
}

fn entry(typed: &str, errors: Vec<Problem>) -> EntryPage {
    EntryPage {
        frame: titled("Stellingen").failing(!errors.is_empty()),
        code: Field::short("code", "De code", typed).hint("Zes letters en cijfers, van het scherm.").checked(&errors),
        errors,
    }
}

/// The page of a round, as it is for a phone.
pub fn view(
    team: &str,
    code: &Code,
    statements: &[String],
    stand: Stand,
    (typed, errors): (&Fields, Vec<Problem>),
) -> VotePage {
    let choices = || Vote::ALL.iter().map(|v| Choice::of(v.code(), capitalised(v.dutch()))).collect();
    let field = |(n, statement): (usize, &String)| {
        let name = format!("stelling.{n}");
        Field::radios(&name, statement, typed.get(&name), choices()).checked(&errors)
    };
    VotePage {
        here: format!("/stellingen/{}", code.as_str()),
        team: team.to_owned(),
        statements: if stand == Stand::Open { statements.iter().enumerate().map(field).collect() } else { Vec::new() },
        closed: match stand {
            Stand::Open => None,
            Stand::Voted => Some("Uw antwoorden zijn geteld. Op het scherm van wie de ronde leidt, ziet u de uitslag."),
            Stand::Closed => Some("Deze ronde is gesloten. Vraag wie de ronde leidt naar de uitslag."),
        },
        frame: titled("Stellingen").failing(!errors.is_empty()),
        errors,
    }
}

/// The cookie of this phone; made where there is none.
fn phone(app: &App, jar: CookieJar) -> CookieJar {
    if jar.get(COOKIE).is_some() {
        return jar;
    }
    let cookie = Cookie::build((COOKIE, token_text(&random::bytes())))
        .path("/stellingen")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.is_https())
        .build();
    jar.add(cookie)
}

/// The round of a code. Who tries codes that are not there is slowed down.
async fn find(app: &App, typed: &str, peer: &Peer) -> Result<Option<Held>, PageError> {
    let address = crate::peer(peer.as_ref().map(|Extension(info)| info));
    let attempt = app.throttle().door("statement", &address).map_err(|wait| PageError::TooMany(wait.as_secs() + 1))?;
    let Some(code) = Code::parse(typed) else { return Ok(None) };
    let found = app.store().round_of(&code, app.clock().now()).await?;
    if found.is_some() {
        app.throttle().succeeded(attempt);
    }
    Ok(found)
}

fn unknown(status: StatusCode, typed: &str) -> Response {
    let sentence = "Deze code kennen wij niet. Kijk op het scherm en typ hem opnieuw.";
    show(status, &entry(typed, vec![Problem::at("code", sentence)]))
}

/// `GET /stellingen`.
pub async fn get() -> Answer {
    Ok(page(&entry("", Vec::new())))
}

/// `POST /stellingen`: a code that was typed.
pub async fn post(State(app): State<App>, peer: Peer, body: Bytes) -> Answer {
    let fields = Fields::parse(&body);
    let typed = fields.get("code");
    if Code::parse(typed).is_none() {
        let errors = vec![Problem::at("code", "Een code heeft zes letters en cijfers. Typ hem over van het scherm.")];
        return Ok(refused(&entry(typed, errors)));
    }
    match find(&app, typed, &peer).await? {
        Some(held) => Ok(Redirect::to(&format!("/stellingen/{}", held.round.code.as_str())).into_response()),
        None => Ok(unknown(StatusCode::UNPROCESSABLE_ENTITY, typed)),
    }
}

/// How this phone stands to a round.
async fn stand(app: &App, held: &Held, jar: &CookieJar) -> Result<Stand, store::Error> {
    if let Some(cookie) = jar.get(COOKIE)
        && app.store().has_voted(&held.id, cookie.value().as_bytes()).await?
    {
        return Ok(Stand::Voted);
    }
    Ok(if held.closes > app.clock().now() { Stand::Open } else { Stand::Closed })
}

fn of(held: &Held, stand: Stand, typed: (&Fields, Vec<Problem>)) -> VotePage {
    view(&held.round.team, &held.round.code, &held.round.statements, stand, typed)
}

/// `GET /stellingen/{ronde}`.
pub async fn get_round(
    State(app): State<App>,
    peer: Peer,
    jar: CookieJar,
    Path(code): Path<String>,
    Query(told): Query<Told>,
) -> Answer {
    let Some(held) = find(&app, &code, &peer).await? else { return Ok(unknown(StatusCode::NOT_FOUND, "")) };
    let stand = stand(&app, &held, &jar).await?;
    let mut view = of(&held, stand, (&Fields::default(), Vec::new()));
    view.frame = view.frame.told(&told);
    Ok((phone(&app, jar), page(&view)).into_response())
}

/// `POST /stellingen/{ronde}`: what a phone says of each statement.
pub async fn post_round(
    State(app): State<App>,
    peer: Peer,
    jar: CookieJar,
    Path(code): Path<String>,
    body: Bytes,
) -> Answer {
    let Some(held) = find(&app, &code, &peer).await? else { return Ok(unknown(StatusCode::NOT_FOUND, "")) };
    let fields = Fields::parse(&body);
    let stand = stand(&app, &held, &jar).await?;
    if stand != Stand::Open {
        return Ok(show(StatusCode::CONFLICT, &of(&held, stand, (&fields, Vec::new()))));
    }
    let Some(cookie) = jar.get(COOKIE).map(|c| c.value().to_owned()) else {
        let sentence = "Uw telefoon bewaarde geen cookie, en daardoor weten wij niet of u al antwoordde. Sta cookies toe voor \
                        deze pagina, en stuur opnieuw. Wat u koos, staat er nog.";
        let view = of(&held, stand, (&fields, vec![Problem::whole(sentence)]));
        return Ok((phone(&app, jar), refused(&view)).into_response());
    };
    let votes = match given(held.round.statements.len(), &|n| fields.get(&format!("stelling.{n}")).to_owned()) {
        Ok(votes) => votes,
        Err(flaws) => return Ok(refused(&of(&held, stand, (&fields, problems(flaws))))),
    };
    match app.store().vote(&held.id, cookie.as_bytes(), &votes, app.clock().now()).await? {
        Voted::Done => Ok(done(&format!("/stellingen/{}", held.round.code.as_str()), Notice::Voted)),
        Voted::Before => Ok(show(StatusCode::CONFLICT, &of(&held, Stand::Voted, (&fields, Vec::new())))),
        Voted::Closed => Ok(show(StatusCode::CONFLICT, &of(&held, Stand::Closed, (&fields, Vec::new())))),
    }
}
