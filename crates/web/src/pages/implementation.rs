//! `/invoering`: how an organisation anchors it in its own work (PROCESS T2, T3): who pulls it, who is trained, which agreements
//! stand, and statements for a team meeting. Who works there reads; who leads or manages writes. `/stellingen` is for the
//! colleagues who vote, by a code.

mod anchors;
mod backing;
mod over_time;
mod overview;
mod round;
mod rounds;
mod training;
mod vote;

#[cfg(test)]
pub use {
    anchors::{list_view as anchors_view, one_view as anchor_view},
    backing::view as backing_view,
    over_time::Past,
    overview::{Given, view as overview_view},
    round::view as round_view,
    rounds::{RoundsView, own_view, view as rounds_view},
    training::{list_view as trainings_view, one_view as training_view},
    vote::{EntryPage, Stand as VoteStand, view as vote_view},
};

use super::frame::{Frame, Place};
use crate::app::App;
use crate::error::PageError;
use crate::routes::{Routes, get};
use crate::session::SignedIn;
use domain::ident::PersonId;
use domain::implementation::given::Person;
use domain::implementation::{may_read, may_write};
use std::collections::BTreeMap;

/// Where it is.
pub const HERE: &str = "/invoering";

/// Every page of it.
pub fn routes() -> Routes {
    Routes::new()
        .route("/invoering", get(overview::get))
        .route("/invoering/kartrekkers", get(backing::get).post(backing::post))
        .route("/invoering/scholing", get(training::get).post(training::post))
        .route("/invoering/scholing/{scholing}", get(training::get_one).post(training::post_one))
        .route("/invoering/afspraken", get(anchors::get).post(anchors::post))
        .route("/invoering/afspraken/{afspraak}", get(anchors::get_one).post(anchors::post_one))
        .route("/invoering/stellingen", get(rounds::get).post(rounds::post))
        .route("/invoering/stellingen/eigen", get(rounds::get_own).post(rounds::post_own))
        .route("/invoering/stellingen/{ronde}", get(round::get).post(round::post))
        .route("/stellingen", get(vote::get).post(vote::post))
        .route("/stellingen/{ronde}", get(vote::get_round).post(vote::post_round))
}

/// May this person read how their organisation anchors it?
pub fn reads(who: &SignedIn) -> bool {
    who.actor.role.is_some_and(|role| may_read(role, who.organisation.kind))
}

/// May this person write it down?
fn writes(who: &SignedIn) -> bool {
    who.actor.role.is_some_and(|role| may_write(role, who.organisation.kind))
}

/// # Errors
/// The refusal that all get who may not.
fn reading(who: &SignedIn) -> Result<(), PageError> {
    if reads(who) { Ok(()) } else { Err(PageError::Forbidden) }
}

/// # Errors
/// The refusal that all get who may not.
fn writing(who: &SignedIn) -> Result<(), PageError> {
    if writes(who) { Ok(()) } else { Err(PageError::Forbidden) }
}

/// The frame of a page of it.
fn frame(who: &SignedIn, title: &str) -> Frame {
    Frame::signed(who, title, Place::BelowToolkit).back_to(HERE, "Invoering")
}

/// Who works at the organisation, by name, each once.
///
/// # Errors
/// Where the store fails.
async fn people(app: &App, who: &SignedIn) -> Result<Vec<Person>, store::Error> {
    let all = app.store().people_of(&who.organisation.id, app.clock().real()).await?;
    let once: BTreeMap<PersonId, String> =
        all.into_iter().filter(|(p, _)| p.active).map(|(p, _)| (p.id, p.name.full())).collect();
    let mut all: Vec<Person> = once.into_iter().collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(all)
}
