//! `/beheer/organisaties/{organisation}/bronnen`: which other sources an organisation may ask for their plans, and whether they
//! let us in. What they are stands in the configuration.

use super::super::field::Problem;
use super::super::frame::Frame;
use super::super::render::{Answer, page, refused};
use super::{desk, frame_at};
use crate::app::App;
use crate::forms::SignedForm;
use crate::session::SignedIn;
use crate::viewer::{Failure, Source, try_out};
use askama::Template;
use axum::extract::{Path, State};
use domain::words;
use std::sync::Arc;
use store::log::{Event, Outcome};
use store::organisations::Organisation;

/// The page.
#[derive(Template)]
#[template(path = "admin/sources.html")]
pub struct SourcesPage {
    /// Title, menu.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// Name of the organisation.
    pub organisation: String,
    /// Where forms go.
    pub action: String,
    /// The sources.
    pub sources: Vec<SourceRow>,
}

/// A source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    /// Name.
    pub name: String,
    /// Where it is.
    pub host: String,
    /// What it offers.
    pub offers: &'static str,
    /// How long it gets.
    pub limit: String,
    /// What came of trying it.
    pub told: Option<String>,
}

impl SourceRow {
    /// The row of a source.
    pub fn of(source: &Source) -> Self {
        let seconds = usize::try_from(source.limit.as_secs()).unwrap_or(0);
        Self {
            name: source.name.clone(),
            host: source.host.clone(),
            offers: source.offers(),
            limit: words::counted(seconds, "seconde", "seconden"),
            told: None,
        }
    }
}

fn view(who: &SignedIn, organisation: &Organisation, sources: &[Arc<Source>], errors: Vec<Problem>) -> SourcesPage {
    SourcesPage {
        frame: frame_at(who, "Bronnen: plannen elders", organisation, "", "Beheer").failing(!errors.is_empty()),
        organisation: organisation.name.clone(),
        action: format!("/beheer/organisaties/{}/bronnen", organisation.id),
        sources: sources.iter().map(|s| SourceRow::of(s)).collect(),
        errors,
    }
}

/// `GET …/bronnen`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(organisation): Path<String>) -> Answer {
    let organisation = desk(&app, &who, &organisation).await?;
    let sources = app.viewer().sources_of(&organisation);
    Ok(page(&view(&who, &organisation, &sources, Vec::new())))
}

/// `POST …/bronnen`: tries one.
pub async fn post(
    State(app): State<App>,
    Path(organisation): Path<String>,
    SignedForm { who, fields }: SignedForm,
) -> Answer {
    let organisation = desk(&app, &who, &organisation).await?;
    let sources = app.viewer().sources_of(&organisation);
    let chosen = fields.get("bron").parse::<usize>().ok().filter(|_| fields.get("doe") == "proef");
    let Some((n, source)) = chosen.and_then(|n| Some((n, sources.get(n)?))) else {
        let problem = Problem::at("bronnen", "Deze bron is er niet meer. Kijk opnieuw.");
        return Ok(refused(&view(&who, &organisation, &sources, vec![problem])));
    };
    let tried = try_out(app.viewer(), source, app.clock().real()).await;
    let event = Event {
        at: app.clock().now(),
        actor: Some(&who.actor),
        action: "try-source",
        data: &source.name,
        patient: None,
        outcome: tried.map_or_else(Failure::outcome, |()| Outcome::Done),
        detail: None,
    };
    app.store().event(event).await?;
    let mut view = view(&who, &organisation, &sources, Vec::new());
    if let Some(row) = view.sources.get_mut(n) {
        row.told = Some(match tried {
            Ok(()) => "Laat ons toe en spreekt FHIR.".to_owned(),
            Err(failure) => failure.sentence(source),
        });
    }
    Ok(page(&view))
}
