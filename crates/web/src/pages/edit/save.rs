//! Keeping the draft: all of it at once by a button, or one part as one types. A stale save shows both texts and loses
//! neither (decision 6).

use super::desk::{Desk, answers_of};
use super::part::Part;
use super::typed::Typed;
use super::view::Theirs;
use super::{Room, author, dutch};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::plan::DraftTopic;
use serde::Serialize;
use store::drafts::{SaveTopic, Saved};

/// Saves every part that differs from what is kept; gives those that somebody else saved meanwhile.
pub async fn save_all(room: &mut Room, fields: &Fields) -> Result<Vec<DraftTopic>, PageError> {
    let mut theirs = Vec::new();
    for part in Part::all() {
        if room.desk.is_unsaved(part)
            && let Saved::Stale(topic) = save(room, part, fields).await?
        {
            theirs.push(*topic);
        }
    }
    // What is kept now, with its revisions, is what the next save goes out from.
    room.desk.draft = room.app.store().draft(&room.permit, room.app.clock().now()).await?;
    Ok(theirs)
}

/// Saves one part, as it was kept under the revision that the form names.
pub async fn save(room: &Room, part: Part, fields: &Fields) -> Result<Saved, PageError> {
    let now = room.app.clock().now();
    let topic = DraftTopic {
        part: part.code().to_owned(),
        revision: 0,
        answers: answers_of(part, room.desk.typed(part)),
        skipped: room.desk.is_skipped(part),
        origin: room.desk.origin(part).cloned(),
        saved_by: room.who.actor.name.clone(),
        saved_at: now,
    };
    let recorder = author::recorder(&room.who);
    let save = SaveTopic {
        topic: &topic,
        expected: fields.get(&format!("rev.{}", part.code())).parse().unwrap_or(0),
        based_on: room.desk.plan.as_ref().map_or(0, |p| p.number),
        by: &recorder,
    };
    let outcome = room.app.store().save_draft_topic(&room.permit, save, now).await?;
    // The same words twice, such as a save that was sent again, are no conflict.
    if let Saved::Stale(theirs) = &outcome
        && theirs.answers == topic.answers
        && theirs.skipped == topic.skipped
        && theirs.origin == topic.origin
    {
        return Ok(Saved::Done(theirs.revision));
    }
    Ok(outcome)
}

/// What the page is told after saving a part.
#[derive(Serialize)]
struct Told {
    revision: u32,
    saved: String,
    state: String,
    class: &'static str,
    progress: String,
    done: usize,
    of: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    theirs: Option<TheirText>,
}

#[derive(Serialize)]
struct TheirText {
    who: String,
    said: Vec<(String, String)>,
}

/// `POST /patienten/{id}/plan/concept/{part}`: keeps one part; 409 with the other text where somebody was first.
pub async fn post(
    State(app): State<App>,
    Path((id, code)): Path<(String, String)>,
    SignedForm { who, fields }: SignedForm,
) -> Result<Response, PageError> {
    let part = Part::of_code(&code).ok_or(PageError::NotFound)?;
    let mut room = Room::enter(app, who, &id).await?;
    room.desk.post_part(part, &Typed::posted(&fields), &fields);
    let outcome = save(&room, part, &fields).await?;
    let today = room.app.clock().today();
    let now = room.app.clock().now();
    let (state, class, _) = room.desk.state(part, false);
    let progress = Desk::progress(&room.desk);
    let (status, revision, theirs) = match &outcome {
        Saved::Done(revision) => (StatusCode::OK, *revision, None),
        Saved::Stale(topic) => {
            let Theirs { who, said } = Theirs::of(part, topic, today);
            (StatusCode::CONFLICT, topic.revision, Some(TheirText { who, said }))
        }
    };
    let told = Told {
        revision,
        saved: format!("Concept bewaard om {}.", dutch::clock(now)),
        state,
        class,
        progress: progress.sentence(),
        done: progress.done(),
        of: progress.of,
        theirs,
    };
    Ok((status, Json(told)).into_response())
}
