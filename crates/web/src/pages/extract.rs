//! `/praktijk/extract`: what the practice's own system (HIS) gives, twice a year (M1): sent as a file, tried first, brought in
//! when somebody says so, and taken back where that was wrong.

mod one;
mod send;

#[cfg(test)]
pub use one::{TalkedRow, view as one_view};
#[cfg(test)]
pub use view as overview_view;

use super::field::{Field, Problem};
use super::frame::{Frame, Place};
use super::render::{Answer, Told, page};
use crate::app::App;
use crate::error::PageError;
use crate::forms::Fields;
use crate::routes::{Routes, get};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use domain::date::local_day;
use domain::extract::{Column, DateForm, may_import, works_with_list};
use domain::words::{self, number};
use store::extracts::{Extract, State as Stands};

/// Files in the list.
const SHOWN: u32 = 12;

/// The pages.
pub fn routes() -> Routes {
    Routes::new()
        .route("/praktijk/extract", get(overview).post(send::post).at_most(send::MOST_BYTES))
        .route("/praktijk/extract/{extract}", get(one::get).post(one::post))
        .route("/praktijk/extract/{extract}/fouten.csv", get(one::csv))
}

/// The page.
#[derive(Template)]
#[template(path = "practice/extracts.html")]
pub struct ExtractsPage {
    /// Title, menu.
    pub frame: Frame,
    /// The practice.
    pub organisation: String,
    /// Does this person work with the list of candidates?
    pub sees_list: bool,
    /// Files, newest first.
    pub rows: Vec<ExtractRow>,
    /// The file.
    pub file: Field,
    /// A mapping file, as it is written.
    pub mapping: Field,
    /// The mapping stands open.
    pub mapping_open: bool,
    /// Our columns, and what each is.
    pub columns: Vec<(&'static str, &'static str)>,
    /// Ways to write days.
    pub dates: Vec<(&'static str, &'static str)>,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// A file in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtractRow {
    /// Its page.
    pub href: String,
    /// The day, and how it stands.
    pub title: String,
    /// How many rows.
    pub fine: String,
}

/// May this person bring in what the practice's own system gives?
pub fn may(who: &SignedIn) -> bool {
    who.actor.role.is_some_and(|role| may_import(role, who.organisation.kind))
}

/// May this person see the rows themselves: who gives care?
pub fn sees_rows(who: &SignedIn) -> bool {
    who.actor.role.is_some_and(|role| works_with_list(role, who.organisation.kind))
}

/// How a file stands, in a word.
pub fn state_words(state: Stands) -> &'static str {
    match state {
        Stands::Tried => "proef, nog niet ingelezen",
        Stands::Running => "wordt ingelezen",
        Stands::Done => "ingelezen",
        Stands::Undone => "teruggedraaid",
    }
}

fn row(extract: &Extract) -> ExtractRow {
    let counts = extract.counts;
    let wrong = if counts.wrong == 0 { String::new() } else { format!(", {} met een fout", number(counts.wrong)) };
    ExtractRow {
        href: format!("/praktijk/extract/{}", extract.id),
        title: format!("{}: {}", words::day(local_day(extract.made_at)), state_words(extract.state)),
        fine: format!("{} rijen{wrong}; door {}", number(counts.rows), extract.about.by),
    }
}

/// The page, with what was typed.
pub fn view(
    frame: Frame,
    organisation: &str,
    sees_list: bool,
    extracts: &[Extract],
    typed: &Fields,
    errors: Vec<Problem>,
) -> ExtractsPage {
    ExtractsPage {
        frame: frame.failing(!errors.is_empty()),
        organisation: organisation.to_owned(),
        sees_list,
        rows: extracts.iter().map(row).collect(),
        file: Field::file("bestand", "Bestand (CSV)", ".csv,.txt,text/csv")
            .hint("De uitdraai van uw HIS, tot 20 MB. U ziet eerst wat erin staat; er wordt nog niets ingelezen.")
            .checked(&errors),
        mapping: Field::area("indeling", "Indeling", typed.get("indeling"))
            .hint("Leeg: de kolommen heten zoals hieronder.")
            .checked(&errors),
        mapping_open: typed.filled("indeling").is_some(),
        columns: Column::ALL.iter().map(|c| (c.code(), c.dutch())).collect(),
        dates: DateForm::ALL.iter().map(|d| (d.code(), d.dutch())).collect(),
        errors,
    }
}

async fn filled(app: &App, who: &SignedIn, typed: &Fields, errors: Vec<Problem>) -> Result<ExtractsPage, store::Error> {
    let extracts = app.store().extracts_of(&who.organisation.id, SHOWN).await?;
    let frame = Frame::signed(who, "HIS-extract", Place::BelowPractice);
    Ok(view(frame, &who.organisation.name, sees_rows(who), &extracts, typed, errors))
}

/// `GET /praktijk/extract`.
async fn overview(State(app): State<App>, who: SignedIn, Query(told): Query<Told>) -> Answer {
    if !may(&who) {
        return Err(PageError::Forbidden);
    }
    let mut view = filled(&app, &who, &Fields::default(), Vec::new()).await?;
    view.frame = view.frame.told(&told);
    Ok(page(&view))
}
