//! A patient opened from another system: by a signed message that counts once (`POST /koppelen/openen`), and the step that
//! both ways have in common, which waits until somebody signed in (`/koppelen/verder/{token}`).
//!
//! The system says whom its user looks at; who that user is, they prove here themselves. Whether the patient is known is
//! told to nobody who has no basis: the answer to the system is the same, and so is the page afterwards (decision 53). No
//! number is kept: what waits is the patient's own id, or that there is none, sealed and for ten minutes.

use crate::access::{Denied, is_own, quietly, refuse};
use crate::app::App;
use crate::error::PageError;
use crate::forms::Fields;
use crate::oauth::assertion::{Assertion, Meant};
use crate::oauth::refusal::Refused;
use crate::oauth::scope::{Interaction, Scopes};
use crate::pages::emergency::may_enter;
use crate::pages::errors::FailurePage;
use crate::pages::frame::{Frame, Link, Place};
use crate::pages::render::{Answer, page, sees_patients, show};
use crate::refused::note;
use crate::session::SignedIn;
use crate::sign_in::step::{self, Kind, Token};
use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::{Action, Actor};
use domain::ident::{Bsn, PatientId};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use store::log::{Event, Outcome};

/// Furthest that the end of a message may lie ahead, in seconds.
const LONGEST: i64 = 60;

/// What waits for somebody to sign in.
#[derive(Debug, Serialize, Deserialize)]
struct Waiting {
    /// The patient, where there is one with this number.
    patient: Option<String>,
}

/// Nothing could be opened for this person.
#[derive(Template)]
#[template(path = "connect/not_opened.html")]
pub struct NotOpenedPage {
    /// Title, menu.
    pub frame: Frame,
    /// May look in an emergency.
    pub emergency: bool,
    /// May look among patients.
    pub patients: bool,
}

/// Keeps whom to open, and gives the address at which that goes on. It holds nothing of the patient.
///
/// # Errors
/// Where the store fails.
pub async fn wait(app: &App, bsn: &Bsn) -> Result<String, store::Error> {
    let patient = app.store().find_by_bsn(bsn).await?.map(|id| id.to_string());
    let (token, text) = Token::apart();
    step::put(app, &token, Kind::Open, None, &Waiting { patient }).await?;
    Ok(format!("/koppelen/verder/{text}"))
}

/// `POST /koppelen/openen`: a message in the field `jwt`, signed with the key of a registered system.
pub async fn post(
    State(app): State<App>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let address = crate::peer(peer.as_ref().map(|Extension(info)| info));
    let fields = Fields::parse(&body);
    let refused = match open(&app, &fields).await {
        Ok(to) => return (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response(),
        Err(refused) => refused,
    };
    if !refused.is_broken() {
        // Only after a refusal, so that whoever guesses does not keep the rightful system out.
        let claimed = Assertion::read(fields.get("jwt"), None).map(|a| a.client).unwrap_or_default();
        if app.throttle().attempt(&format!("client:{claimed}"), &address).is_err() {
            return told(&headers, Refused::slow_down());
        }
        note(&app, &address, "launch", refused.description).await;
    }
    crate::refused::marked(told(&headers, refused), crate::refused::Trace::Noted)
}

async fn open(app: &App, fields: &Fields) -> Result<String, Refused> {
    let broken = |error: store::Error| Refused::broken(&error);
    let message = Assertion::read(fields.get("jwt"), None)?;
    let endpoint = &format!("{}{}", app.config().base_url, super::OPEN);
    let now = app.clock().real();
    let client = message.prove(app, Meant { endpoint, longest: LONGEST }, now).await?;
    if !Scopes::parse(&client.scope).allows("Patient", Interaction::Search) {
        return Err(Refused::scope("Dit systeem mag geen patiënten zoeken (system/Patient.s)."));
    }
    let bsn = message.claim("bsn").and_then(|text| Bsn::parse(text).ok());
    let bsn = bsn.ok_or(Refused::bad("invalid_request", "Het bericht noemt geen geldig BSN (bsn)."))?;
    let to = wait(app, &bsn).await.map_err(broken)?;
    log(app, Some(&crate::oauth::acting(&client)), "signed message").await.map_err(broken)?;
    Ok(to)
}

/// Notes that a patient was asked for from another system, the same whether there is one.
///
/// # Errors
/// Where the store fails.
pub async fn log(app: &App, actor: Option<&Actor>, how: &str) -> Result<(), store::Error> {
    let event = Event {
        at: app.clock().now(),
        actor,
        action: "launch",
        data: how,
        patient: None,
        outcome: Outcome::Done,
        detail: None,
    };
    app.store().event(event).await
}

/// A browser is shown a page; a program gets what it can read.
fn told(headers: &HeaderMap, refused: Refused) -> Response {
    let in_browser =
        headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|accept| accept.contains("text/html"));
    if in_browser { failed(refused.status, refused.description) } else { refused.into_response() }
}

/// The page that says why nothing was opened.
pub fn failed(status: StatusCode, why: &str) -> Response {
    let what = "De patiënt kon niet worden geopend";
    let page = FailurePage {
        frame: Frame { title: what.to_owned(), ..Frame::default() },
        what,
        why: why.to_owned(),
        how: "Open de patiënt opnieuw vanuit uw systeem. Blijft het misgaan, vraag dan uw beheerder.",
        problems: Vec::new(),
        way: Link::to("/", "Naar het begin"),
    };
    show(status, &page)
}

/// `GET /koppelen/verder/{token}`: whoever signed in is led to the patient, by what they may see.
pub async fn go_on(State(app): State<App>, who: Result<SignedIn, PageError>, Path(token): Path<String>) -> Answer {
    let who = match who {
        Ok(who) => who,
        // Who signs in once a day elsewhere is not asked for a password here.
        Err(PageError::SignIn(Some(back))) if app.openid().is_some() => {
            let to = percent_encoding::utf8_percent_encode(&back, percent_encoding::NON_ALPHANUMERIC);
            return Ok(Redirect::to(&format!("/inloggen/openid?naar={to}")).into_response());
        }
        Err(other) => return Err(other),
    };
    let (patients, emergency) = (sees_patients(&who), may_enter(who.actor.role));
    if is_own(&who.actor) || !(patients || emergency) {
        return Err(PageError::Forbidden);
    }
    let Some((_, waiting)) = step::take::<Waiting>(&app, &Token::of_text(&token), Kind::Open).await? else {
        return Ok(failed(StatusCode::NOT_FOUND, "Deze verwijzing is al gebruikt, of is ouder dan tien minuten."));
    };
    let patient = waiting.patient.and_then(|id| PatientId::parse(&id).ok());
    if let Some(id) = &patient {
        for (may, action, place) in
            [(patients, Action::ReadPlan, "/patienten"), (emergency, Action::ReadEmergency, "/spoed")]
        {
            if may && quietly(&app, &who.actor, action, id).await?.is_some() {
                log(&app, Some(&who.actor), "open").await?;
                return Ok(Redirect::to(&format!("{place}/{id}")).into_response());
            }
        }
    }
    // Who tries without a basis is seen by whom it is about, and learns no more than where there is nobody.
    if let Denied::Broken(error) = refuse(&app, &who.actor, "open", patient.as_ref()).await {
        return Err(error.into());
    }
    let frame = Frame::signed(&who, "Deze patiënt is niet te openen", Place::BelowPatients);
    Ok(page(&NotOpenedPage { frame, emergency, patients }))
}
