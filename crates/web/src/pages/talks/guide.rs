//! `/patienten/{id}/gesprekken/gesprekswijzer`: the guide for a conversation (G1, G3), to read and to print. The same
//! guide lies folded beside the form and beside the report.

use super::Room;
use super::known::Known;
use crate::access::patient_id;
use crate::app::App;
use crate::pages::frame::{Frame, Tab};
use crate::pages::render::{Answer, show};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::talk::guide;
use domain::talk::guide::Subject;

/// The page.
#[derive(Template)]
#[template(path = "talks/guide.html")]
pub struct GuidePage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// What is known already.
    pub known: Known,
    /// The guide.
    pub guide: Guide,
}

/// The guide, as templates read it.
#[derive(Debug, Clone, Copy)]
pub struct Guide {
    /// What to be sure of first.
    pub first: &'static [&'static str],
    /// What helps in every conversation.
    pub style: &'static [&'static str],
    /// The two parts: life, and treatment.
    pub parts: [(&'static str, &'static [Subject]); 2],
}

/// The guide.
pub const GUIDE: Guide = Guide {
    first: &guide::FIRST,
    style: &guide::STYLE,
    parts: [
        ("Deel 1: wat het leven goed maakt", &guide::LIFE),
        ("Deel 2: behandelwensen en grenzen", &guide::TREATMENT),
    ],
};

/// `GET /patienten/{id}/gesprekken/gesprekswijzer`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>) -> Answer {
    let room = Room::enter(&app, &who, &patient_id(&id)?).await?;
    let page = GuidePage {
        frame: room
            .frame("Gesprekswijzer", Tab::Beneath)
            .back_to(format!("/patienten/{}/gesprekken", room.id), "Terug naar de gesprekken"),
        known: room.known(),
        guide: GUIDE,
    };
    Ok(show(StatusCode::OK, &page))
}
