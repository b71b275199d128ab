//! `/regio`: every figure in a sentence, for the region, a kind of organisations or one, for a year or a part of it.

use super::{Found, Slice, Which, find, words};
use crate::app::App;
use crate::error::PageError;
use crate::figures::refresh;
use crate::forms::SignedForm;
use crate::pages::field::Field;
use crate::pages::frame::{Frame, Notice, Place};
use crate::pages::render::{Answer, Told as Done, done, page};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use domain::figures::report::{Part, Told};
use domain::figures::{Figure, ONCE, Shown};
use domain::words::{capitalised, moment, number};
use jiff::Timestamp;
use std::time::Duration;
use store::figures::Pace;

/// The page.
#[derive(Template)]
#[template(path = "region/overview.html")]
pub struct OverviewPage {
    /// Title, menu.
    pub frame: Frame,
    /// For whom and when.
    pub about: String,
    /// How each counts.
    pub once: &'static str,
    /// Up to when everything is counted.
    pub counted: String,
    /// Groups of fewer are not shown.
    pub smallest: u32,
    /// What can be chosen.
    pub filters: Vec<Field>,
    /// The question of the files that hold the same.
    pub query: String,
    /// The figures.
    pub rows: Vec<Row>,
    /// What went well at practices: practice and words.
    pub examples: Vec<(String, String)>,
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its page.
    pub href: String,
    /// What it is called.
    pub title: &'static str,
    /// The number, with a bar as wide; absent: too few people.
    pub number: Option<String>,
    /// Numbers beside it.
    pub fine: String,
    /// What it counts.
    pub sentence: &'static str,
}

fn of_slice(told: &Told, slice: Slice) -> Shown {
    let find =
        |parts: &[Part], code: &str| parts.iter().find(|p| p.code.ends_with(code)).map_or(Shown::Hidden, |p| p.shown);
    match slice {
        Slice::All => told.whole.shown,
        Slice::Group(group) => find(&told.groups, group.code()),
        Slice::Quarter(quarter) => find(&told.quarters, &format!("-{quarter}")),
    }
}

fn row(told: &Told, slice: Slice, query: &str) -> Row {
    let shown = of_slice(told, slice);
    let line = shown.line();
    let mut fine = match line {
        Some(line) if line.of > 0 => format!("{} van {}", number(line.above), number(line.of)),
        Some(_) => "Niemand telde mee.".to_owned(),
        None => capitalised(words::SHORT),
    };
    if let Some(line) = line.filter(|l| l.unknown > 0) {
        let tells = if line.unknown == 1 { " telt niet mee" } else { " tellen niet mee" };
        fine += &["; ", &number(line.unknown), tells].concat();
    }
    if let Some(weeks) = told.whole.weeks.filter(|_| slice == Slice::All) {
        fine += &["; de middelste wachtte ", &words::weeks(weeks)].concat();
    }
    let figure: Figure = told.definition.figure;
    Row {
        href: format!("/regio/cijfer/{}?{query}", figure.code()),
        title: figure.dutch(),
        number: line.and_then(words::percent),
        fine,
        sentence: told.definition.sentence,
    }
}

/// The page, of what was found.
pub fn view(frame: Frame, found: &Found, counted: Option<Timestamp>, this_year: i16) -> OverviewPage {
    let mut filters = found.filters(this_year);
    filters.push(found.slices());
    let (slice, query) = (found.slice(), found.query());
    OverviewPage {
        frame,
        about: found.about(),
        once: ONCE,
        counted: counted
            .map_or_else(|| "Er is nog niets geteld.".to_owned(), |at| format!("Geteld tot {}.", moment(at))),
        smallest: found.report.smallest,
        filters,
        rows: found.report.figures.iter().map(|told| row(told, slice, &query)).collect(),
        query,
        examples: found.examples.clone(),
    }
}

/// `GET /regio`.
pub async fn get(
    State(app): State<App>,
    who: SignedIn,
    Query(which): Query<Which>,
    Query(told): Query<Done>,
) -> Answer {
    let found = find(&app, &who, which, None).await?;
    let counted = app.store().figures_counted_at().await?;
    let frame = Frame::signed(&who, "Cijfers van de regio", Place::Region).told(&told);
    Ok(page(&view(frame, &found, counted, app.clock().today().year())))
}

/// How long somebody waits for the counting; after a day's changes it takes less than a second.
const PATIENCE: Duration = Duration::from_secs(8);

/// `POST /regio`: counts anew at once.
pub async fn post(State(app): State<App>, form: SignedForm) -> Answer {
    if !super::may_see(&form.who) {
        return Err(PageError::Forbidden);
    }
    let whole = app.clone();
    let counting = tokio::spawn(async move { refresh(&whole, Pace::Full).await });
    let notice = match tokio::time::timeout(PATIENCE, counting).await {
        Ok(counted) => {
            let counted = counted.map_err(|_| PageError::Broken(store::Error::Bug("counting stopped")))??;
            if counted.done { Notice::Counted } else { Notice::Counting }
        }
        // It goes on by itself.
        Err(_) => Notice::Counting,
    };
    Ok(done("/regio", notice))
}
