//! What the patient was given, for their own page; and a file of it, for who was given it.

use super::one::bytes;
use crate::app::App;
use crate::error::PageError;
use crate::pages::own::Visit;
use crate::pages::render::Answer;
use crate::session::SignedIn;
use axum::extract::{Path, State};
use domain::access::Own;
use domain::ident::PatientId;
use domain::path::Step;
use domain::talk::materials;
use domain::toolkit::Language;
use domain::words;

/// Material that was given, as the patient reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenRow {
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub href: String,
    /// Who made it, by whom it was given and when.
    pub fine: String,
}

/// What was given, newest first, each piece once.
pub fn rows(id: &PatientId, steps: &[Step]) -> Vec<GivenRow> {
    let mut all: Vec<GivenRow> = Vec::new();
    for (step, given) in materials(steps) {
        let href = given.address.clone().unwrap_or_else(|| format!("/mijn/{id}/materiaal/{}", given.key));
        if all.iter().any(|row| row.href == href) {
            continue;
        }
        let language = match given.language {
            Language::Dutch => String::new(),
            other => format!("; {}", other.dutch()),
        };
        let fine =
            format!("{}{language}; u kreeg dit van {} op {}", given.publisher, step.by.name, words::day(step.day));
        all.push(GivenRow { title: given.title.clone(), href, fine });
    }
    all
}

/// `GET /mijn/{id}/materiaal/{stuk}`: a file that was given.
pub async fn file(State(app): State<App>, who: SignedIn, Path((id, key)): Path<(String, String)>) -> Answer {
    let visit = Visit::of(&app, who, &id, "own page").await?;
    if visit.own == Own::Relative {
        return Err(PageError::Forbidden);
    }
    let (steps, _) = app.store().looking_back(&visit.read).await?;
    if !materials(&steps).iter().any(|(_, given)| given.key == key && given.address.is_none()) {
        return Err(PageError::NotFound);
    }
    bytes(&app, &key).await
}
