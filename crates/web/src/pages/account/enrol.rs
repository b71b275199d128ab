//! `/account/beveiligen`: a second factor is needed before anything else.

use super::super::frame::{Frame, Place};
use super::super::render::{Answer, page};
use crate::app::App;
use crate::session::{Enrolling, SignedIn};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect};

/// The page.
#[derive(Template)]
#[template(path = "account/enrol.html")]
pub struct EnrolPage {
    /// Title.
    pub frame: Frame,
    /// Passkeys can be bound to this server.
    pub passkeys: bool,
}

/// The frame of a page of setting up a factor: where that must be done first, there is no way around it.
pub fn frame(who: &SignedIn, must_enrol: bool, title: &str) -> Frame {
    let frame = Frame::signed(who, title, Place::Account);
    if must_enrol {
        frame.back_to("/account/beveiligen", "Kies een tweede stap")
    } else {
        frame.back_to("/account", "Uw account")
    }
}

/// `GET /account/beveiligen`.
pub async fn get(State(app): State<App>, enrolling: Enrolling) -> Answer {
    if !enrolling.must_enrol {
        return Ok(Redirect::to("/account").into_response());
    }
    let frame = Frame::signed(&enrolling.who, "Beveilig uw account", Place::Account);
    Ok(page(&EnrolPage { frame, passkeys: app.passkeys().is_some() }))
}
