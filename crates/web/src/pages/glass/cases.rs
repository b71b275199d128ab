//! `/beheer/noodknop`: what waits to be judged, and what was judged lately.

use super::told::{Notice, notices, open_cases};
use crate::app::App;
use crate::error::PageError;
use crate::pages::admin::has_entry;
use crate::pages::frame::{Frame, Place};
use crate::pages::render::{Answer, Told, page};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use domain::role::Role;

/// The page.
#[derive(Template)]
#[template(path = "glass/cases.html")]
pub struct CasesPage {
    /// Title, menu.
    pub frame: Frame,
    /// What waits.
    pub waiting: Vec<Notice>,
    /// What was judged lately.
    pub judged: Vec<Notice>,
    /// Where the figures are, for who may see them.
    pub figures: bool,
}

/// May this role judge at all? Whether it may judge this one is for the permit to say.
pub fn may_enter(who: &SignedIn) -> bool {
    who.actor.role.is_some_and(|r| r.is_care_professional() || r == Role::PrivacyOfficer)
}

/// The way in for those who may judge.
///
/// # Errors
/// [`PageError::Forbidden`] for all others.
pub fn enter(who: &SignedIn) -> Result<(), PageError> {
    if may_enter(who) { Ok(()) } else { Err(PageError::Forbidden) }
}

/// The frame: below administration for who comes from there, else below one's work.
pub fn frame(who: &SignedIn, title: &str) -> Frame {
    if has_entry(who.actor.role) {
        Frame::signed(who, title, Place::BelowAdmin).back_to("/beheer", "Beheer")
    } else {
        Frame::signed(who, title, Place::None).back_to("/", "Mijn werk")
    }
}

/// `GET /beheer/noodknop`.
pub async fn get(State(app): State<App>, who: SignedIn, Query(told): Query<Told>) -> Answer {
    enter(&who)?;
    let cases = open_cases(&app, &who).await?;
    let (judged, waiting): (Vec<_>, Vec<_>) =
        notices(&app, &who, &cases).await?.into_iter().partition(|n| n.told.judgement.is_some());
    let view = CasesPage {
        frame: frame(&who, "Noodknop").told(&told),
        waiting,
        judged,
        figures: super::report::may_see(&who),
    };
    Ok(page(&view))
}
