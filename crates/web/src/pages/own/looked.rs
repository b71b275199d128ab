//! `/mijn/{id}/inzage`: 'Wie keek er in uw plan?' (D8): the log of the patient in plain Dutch, by day, and who broke the
//! glass.

use super::{Id, Visit};
use crate::access::ask_own;
use crate::app::App;
use crate::error::PageError;
use crate::pages::frame::Frame;
use crate::pages::glass::Told as ToldGlass;
use crate::pages::glass::told::STAYS;
use crate::pages::log::who_looked::{WhoLooked, who_looked};
use crate::pages::render::{Answer, page};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::access::{Action, Permit};
use jiff::Timestamp;
use serde::Deserialize;

/// The page.
#[derive(Template)]
#[template(path = "own/looked.html")]
pub struct OwnLookedPage {
    /// Title, menu.
    pub frame: Frame,
    /// Heading.
    pub title: String,
    /// Whom 'u' means, for who is not the patient.
    pub whose: String,
    /// Who broke the glass, newest first.
    pub glass: Vec<ToldGlass>,
    /// Who looked.
    pub looked: WhoLooked,
}

/// Query of the page.
#[derive(Debug, Default, Deserialize)]
pub struct Since {
    #[serde(default)]
    verder: String,
}

/// Who broke the glass since a moment, newest first; what nobody judged yet is told however long ago it was.
pub async fn glass(app: &App, permit: &Permit, since: Timestamp) -> Result<Vec<ToldGlass>, PageError> {
    let mut all = Vec::new();
    for broken in app.store().glass_of_patient(permit, app.clock().now()).await? {
        let last = broken.judgement.as_ref().map_or(Timestamp::MAX, |j| j.at);
        if last >= since {
            all.push((broken.at, ToldGlass::of(app, &broken).await?));
        }
    }
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    Ok(all.into_iter().map(|(_, told)| told).collect())
}

/// The same, of late: for the first page.
pub async fn glass_of_late(app: &App, permit: &Permit) -> Result<Vec<ToldGlass>, PageError> {
    let now = app.clock().now();
    glass(app, permit, now.checked_sub(STAYS).unwrap_or(now)).await
}

/// `GET /mijn/{id}/inzage`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Id, Query(from): Query<Since>) -> Answer {
    let visit = Visit::of(&app, who, &id, "own page").await?;
    let permit = ask_own(&app, &visit.who.actor, Action::ReadLog, &visit.id).await?;
    let path = format!("/mijn/{}/inzage", visit.id);
    let looked = who_looked(&app, &permit, from.verder.parse().ok(), &path).await?;
    let title = if visit.is_me() { "Wie keek er in mijn plan?" } else { "Wie keek er in het plan?" };
    Ok(page(&OwnLookedPage {
        frame: visit.below(title),
        title: title.to_owned(),
        whose: if visit.is_me() {
            String::new()
        } else {
            format!("Met ‘u’ en ‘uw’ wordt hier {} bedoeld.", visit.name())
        },
        glass: glass(&app, &permit, Timestamp::MIN).await?,
        looked,
    }))
}
