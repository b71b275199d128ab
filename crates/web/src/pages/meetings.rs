//! `/overleg`: meetings about patients, an MDO or a PaTz group (PROCESS S6, T2). Each has a page with its list; what it
//! says of a patient is written on a page of its own, and stands on that patient's page. Whoever opens a meeting sees of its
//! list whom they may see anyway, by a permit for each; of the others that they are there.

mod call;
mod discuss;
mod fields;
mod form;
mod one;
mod paper;
mod said;

pub use said::Said;
#[cfg(test)]
pub use {
    call::{CallPage, Offered, of_form},
    discuss::{DiscussPage, Known},
    form::discuss_form,
    one::{Candidate, MeetingPage, RowView},
    said::TaskView,
};

use super::frame::{Frame, Place};
use super::patient::Fact;
use super::render::{Answer, Told, page, sees_patients};
use crate::app::App;
use crate::error::PageError;
use crate::routes::{Routes, get};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use domain::ident::MeetingId;
use domain::role::Role;
use domain::words;
use store::meetings::{Called, Span};

/// Meetings of each kind on the page.
const SHOWN: usize = 20;

/// Every page of meetings.
pub fn routes() -> Routes {
    Routes::new()
        .route("/overleg", get(overview))
        .route("/overleg/nieuw", get(call::get_new).post(call::post_new))
        .route("/overleg/{overleg}", get(one::get).post(one::post))
        .route("/overleg/{overleg}/wijzigen", get(call::get).post(call::post))
        .route("/overleg/{overleg}/overleg.pdf", get(paper::get))
        .route("/overleg/{overleg}/patient/{id}", get(discuss::get).post(discuss::post))
        .route("/overleg/{overleg}/patient/{id}/samenwerkingsplan.pdf", get(paper::get_one))
}

/// The page.
#[derive(Template)]
#[template(path = "meetings/overview.html")]
pub struct MeetingsPage {
    /// Title, menu.
    pub frame: Frame,
    /// Today and later, soonest first.
    pub coming: Vec<MeetingRow>,
    /// Before today, newest first.
    pub past: Vec<MeetingRow>,
    /// May this person call one?
    pub may_call: bool,
}

/// A meeting in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingRow {
    /// Its page.
    pub href: String,
    /// Kind and day.
    pub title: String,
    /// Hour and place, who calls it, how many are on its list.
    pub fine: String,
}

/// May this person call a meeting, change it, and write down what it decides?
fn may_call(who: &SignedIn) -> bool {
    who.actor.role.is_some_and(Role::may_converse)
}

/// A meeting that this person may open, or the refusal that strangers get.
async fn find(app: &App, who: &SignedIn, id: &str) -> Result<Called, PageError> {
    let id = MeetingId::parse(id).map_err(|_| PageError::Forbidden)?;
    if !sees_patients(who) {
        return Err(PageError::Forbidden);
    }
    app.store().meeting(&who.actor, &id).await?.ok_or(PageError::Forbidden)
}

/// Facts of a meeting: when and where, who calls it, who chairs, who attends.
async fn facts(app: &App, called: &Called) -> Result<Vec<Fact>, store::Error> {
    let meeting = &called.meeting;
    let mut with = Vec::new();
    for id in std::iter::once(&meeting.organisation).chain(&meeting.with) {
        with.extend(app.store().organisation(id).await?.map(|o| o.name));
    }
    let attends: Vec<&str> = meeting.attends.iter().map(|a| a.words.as_str()).collect();
    let all = [
        ("Wanneer en waar", meeting.when_and_where()),
        ("Voorzitter", meeting.chair.clone().unwrap_or_default()),
        ("Organisaties", with.join("; ")),
        ("Wie erbij zijn", attends.join("; ")),
    ];
    Ok(all.into_iter().filter(|(_, v)| !v.is_empty()).map(|(label, value)| Fact { label, value }).collect())
}

async fn row(app: &App, called: &Called) -> Result<MeetingRow, store::Error> {
    let on_list = app.store().listed(&called.id).await?.len();
    let by = app.store().organisation(&called.meeting.organisation).await?.map(|o| o.name);
    let patients = words::counted(on_list, "patiënt op de lijst", "patiënten op de lijst");
    let parts = [Some(called.meeting.when_and_where()), by, Some(patients)];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|p| !p.is_empty()).collect();
    Ok(MeetingRow { href: format!("/overleg/{}", called.id), title: called.meeting.title(), fine: parts.join("; ") })
}

/// `GET /overleg`.
async fn overview(State(app): State<App>, who: SignedIn, Query(told): Query<Told>) -> Answer {
    if !sees_patients(&who) {
        return Err(PageError::Forbidden);
    }
    let today = app.clock().today();
    let mut both = [Vec::new(), Vec::new()];
    for (rows, span) in both.iter_mut().zip([Span::From(today), Span::Before(today)]) {
        for called in app.store().meetings(&who.actor, span, SHOWN).await? {
            rows.push(row(&app, &called).await?);
        }
    }
    let [coming, past] = both;
    let frame = Frame::signed(&who, "Overleg", Place::Meetings).told(&told);
    Ok(page(&MeetingsPage { frame, coming, past, may_call: may_call(&who) }))
}
