//! Sending a file: kept sealed, and tried.

use super::{filled, may};
use crate::app::App;
use crate::error::PageError;
use crate::extract::{self, Desk, Work, digest_for};
use crate::forms::Fields;
use crate::pages::field::Problem;
use crate::pages::render::{Answer, show};
use crate::session::SignedIn;
use crate::upload::{Sent, SignedUpload};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use domain::date::local_day;
use domain::document::file::LARGEST;
use domain::extract::Layout;
use domain::ident::ExtractId;
use domain::words;
use std::io::Cursor;
use std::time::Duration;
use store::extracts::{About, Run};

/// The largest form: a file, and what goes with it.
pub const MOST_BYTES: usize = LARGEST + (64 << 10);
/// Longest mapping that is kept, in bytes.
const LONGEST_MAPPING: usize = 20_000;
/// So long an answer waits for the work to be done; then the page says how far it is.
const PATIENCE: Duration = Duration::from_secs(3);

/// `POST /praktijk/extract`.
pub async fn post(State(app): State<App>, SignedUpload { who, fields, file }: SignedUpload) -> Answer {
    if !may(&who) {
        return Err(PageError::Forbidden);
    }
    let (layout, file) = match (layout(&fields), read(file)) {
        (Ok(layout), Ok(file)) => (layout, file),
        (layout, file) => {
            let errors = [layout.err(), file.err()].into_iter().flatten().collect();
            return again(&app, &who, &fields, errors).await;
        }
    };
    let digest = extract::digest(Cursor::new(&file)).map_err(|_| store::Error::Bug("memory cannot be read"))?;
    let desk = Desk::of(&who.organisation);
    let digest = digest_for(app.store(), &desk, &digest, fields.get("indeling")).await?;
    if let Some(known) = app.store().same_extract(&who.organisation.id, &digest).await? {
        let day = words::day(local_day(known.made_at));
        let message =
            format!("Dit bestand is al ingelezen op {day}. Er is niets veranderd. Kies een nieuwere uitdraai.");
        return again(&app, &who, &fields, vec![Problem::at("bestand", message)]).await;
    }
    let id = ExtractId::from_bits(store::random::bits());
    let about = About {
        layout: layout.name.clone(),
        mapping: fields.get("indeling").trim().to_owned(),
        by: who.actor.name.clone(),
        ..About::default()
    };
    let now = app.clock().now();
    let run = app.store().begin_extract(&who.actor, &id, &digest, &about, Some(&file), now).await?;
    work(&app, &who, &run, layout, about, file, false).await;
    Ok(Redirect::to(&format!("/praktijk/extract/{id}")).into_response())
}

async fn again(app: &App, who: &SignedIn, fields: &Fields, errors: Vec<Problem>) -> Answer {
    Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &filled(app, who, fields, errors).await?))
}

/// The layout that was written with a file.
fn layout(fields: &Fields) -> Result<Layout, Problem> {
    let text = fields.get("indeling");
    if text.len() > LONGEST_MAPPING {
        return Err(Problem::at("indeling", "De indeling is te lang."));
    }
    extract::layout(text).map_err(|wrong| Problem::at("indeling", wrong.join(" ")))
}

fn read(file: Sent) -> Result<Vec<u8>, Problem> {
    let wrong = match file {
        Sent::File(bytes) => return Ok(bytes),
        Sent::Nothing => "Kies een bestand.",
        Sent::Empty => "Dit bestand is leeg.",
        Sent::TooLarge => {
            "Dit bestand is te groot: hier kan hoogstens 20 MB. Vraag uw beheerder het in te lezen met ‘tijdig import his’."
        }
    };
    Err(Problem::at("bestand", wrong))
}

/// Tries a file or brings it in, in a task of its own; waits for a short while, so that a small one is done when the page comes.
pub async fn work(app: &App, who: &SignedIn, run: &Run, layout: Layout, about: About, file: Vec<u8>, writes: bool) {
    let (now, today) = (app.clock().now(), app.clock().today());
    let work = Work {
        store: app.store().clone(),
        by: who.actor.clone(),
        run: Some(run.clone()),
        writes,
        keeps_bad: true,
        desk: Desk::of(&who.organisation),
        layout,
        about: About { reasons: Vec::new(), failed: None, whole: false, ..about },
        bytes: file.len() as u64,
        now,
        clock: Some(app.clock()),
        today,
        tells: None,
    };
    let running = tokio::spawn(async move {
        if let Err(error) = extract::run(&work, Cursor::new(file)).await {
            // What was written stays until it is brought in again, which begins with taking it out.
            let id = work.run.as_ref().map(|run| run.id.as_str());
            tracing::error!(%error, extract = id, "an extract failed");
        }
    });
    // It goes on whether or not the answer waited for it.
    let _ = tokio::time::timeout(PATIENCE, running).await;
}
