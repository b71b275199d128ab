//! `/regio/cijfer/{cijfer}`: one figure: its number and sentence, then each chart with its table, and its definition.

use super::exhibits::{Exhibit, definition, exhibits, lead, more};
use super::{Found, Which, find};
use crate::app::App;
use crate::error::PageError;
use crate::pages::field::Field;
use crate::pages::frame::{Frame, Place};
use crate::pages::render::{Answer, page};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::figures::report::Told;
use domain::figures::{Figure, ONCE};

/// The page.
#[derive(Template)]
#[template(path = "region/figure.html")]
pub struct FigurePage {
    /// Title, menu.
    pub frame: Frame,
    /// What it is called.
    pub title: &'static str,
    /// For whom and when.
    pub about: String,
    /// The address of this page.
    pub here: String,
    /// The number in a sentence.
    pub lead: String,
    /// What more is known of it.
    pub more: String,
    /// What can be chosen.
    pub filters: Vec<Field>,
    /// What it counts: label and words.
    pub definition: Vec<(&'static str, String)>,
    /// How each counts.
    pub once: &'static str,
    /// Charts and tables.
    pub exhibits: Vec<Exhibit>,
    /// Groups of fewer are not shown.
    pub smallest: u32,
}

/// The page, of what was found.
pub fn view(frame: Frame, found: &Found, told: &Told, this_year: i16) -> FigurePage {
    let figure = told.definition.figure;
    FigurePage {
        frame,
        title: figure.dutch(),
        about: found.about(),
        here: format!("/regio/cijfer/{}", figure.code()),
        lead: lead(told),
        more: more(told),
        filters: found.filters(this_year),
        definition: definition(told),
        once: ONCE,
        exhibits: exhibits(told),
        smallest: found.report.smallest,
    }
}

/// `GET /regio/cijfer/{cijfer}`.
pub async fn get(
    State(app): State<App>,
    who: SignedIn,
    Path(figure): Path<String>,
    Query(which): Query<Which>,
) -> Answer {
    if !super::may_see(&who) {
        return Err(PageError::Forbidden);
    }
    let figure = Figure::of_code(&figure).ok_or(PageError::NotFound)?;
    let found = find(&app, &who, which, Some(figure)).await?;
    let told = found.report.figure(figure).ok_or(PageError::NotFound)?;
    let back = format!("/regio?{}", found.query());
    let frame = Frame::signed(&who, figure.dutch(), Place::BelowRegion).back_to(back, "Cijfers van de regio");
    Ok(page(&view(frame, &found, told, app.clock().today().year())))
}
