//! `/praktijk/lijst/{cijfer}`: the people behind a number, for who has a treatment relation with them: each with a permit and
//! a row of the log.

use super::{Which, allowed};
use crate::app::App;
use crate::error::PageError;
use crate::pages::frame::{Frame, Place};
use crate::pages::render::{Answer, page, sees_patients};
use crate::pages::rows::{PatientRow, visible};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::figures::{Counts, Definition, Figure, definition};
use domain::ident::PatientId;
use domain::words::{capitalised, counted};
use serde::Deserialize;

/// People on a page.
const SHOWN: usize = 50;

/// Which part of the figure, and where the page before ended.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Part {
    deel: String,
    na: String,
}

/// The page.
#[derive(Template)]
#[template(path = "practice/list.html")]
pub struct ListPage {
    /// Title, menu.
    pub frame: Frame,
    /// Which figure and part.
    pub title: String,
    /// What the part counts.
    pub lead: String,
    /// The people, each with the answer.
    pub rows: Vec<(PatientRow, &'static str)>,
    /// How many of them this person may not see.
    pub hidden: Option<String>,
    /// The next page.
    pub next: Option<String>,
}

/// The answers of a part, and what it counts.
fn part(definition: &Definition, code: &str) -> Option<(Vec<u8>, String)> {
    let of = |wanted: &[Counts]| {
        (0_u8..).zip(definition.answers).filter(|(_, a)| wanted.contains(&a.counts)).map(|(n, _)| n).collect()
    };
    Some(match code {
        "teller" => (of(&[Counts::Above]), format!("Teller: {}.", definition.numerator)),
        "noemer" => (of(&[Counts::Above, Counts::Below]), format!("Noemer: {}.", definition.denominator)),
        "onbekend" => (of(&[Counts::Unknown]), "Van wie het niet bekend is; zij tellen niet mee.".to_owned()),
        one => {
            let n: u8 = one.parse().ok()?;
            let answer = definition.answers.get(usize::from(n))?;
            (vec![n], format!("{}.", capitalised(answer.dutch)))
        }
    })
}

/// `GET /praktijk/lijst/{cijfer}`.
pub async fn get(
    State(app): State<App>,
    who: SignedIn,
    Path(figure): Path<String>,
    Query(which): Query<Which>,
    Query(asked): Query<Part>,
) -> Answer {
    allowed(&who)?;
    if !sees_patients(&who) {
        return Err(PageError::Forbidden);
    }
    let figure = Figure::of_code(&figure).ok_or(PageError::NotFound)?;
    let definition = definition(figure);
    let (answers, lead) = part(definition, &asked.deel).ok_or(PageError::NotFound)?;
    let (today, after) = (app.clock().today(), PatientId::parse(&asked.na).ok());
    let year = which.year(today.year());
    let found = app.store().figure_counts(&who.actor, (figure, year), &answers, after.as_ref(), SHOWN).await?;
    let answer = |id: &PatientId| {
        found.listed.iter().find(|l| l.patient == *id).and_then(|l| definition.answers.get(usize::from(l.answer)))
    };
    let ids: Vec<PatientId> = found.listed.iter().map(|l| l.patient.clone()).collect();
    let records = visible(&app, &who.actor, ids, "figures").await?;
    let hidden = found.listed.len() - records.len();
    let rows = records
        .iter()
        .map(|r| (PatientRow::of(&r.id, &r.patient, today), answer(&r.id).map_or("", |a| a.dutch)))
        .collect();
    let here = format!("/praktijk/cijfer/{}?jaar={year}", figure.code());
    Ok(page(&ListPage {
        frame: Frame::signed(&who, figure.dutch(), Place::BelowPractice).back_to(here, figure.dutch()),
        title: format!("{}, {year}", figure.dutch()),
        lead,
        rows,
        hidden: (hidden > 0).then(|| {
            format!(
                "{} ziet u niet: u hebt er geen behandelrelatie mee.",
                capitalised(&counted(hidden, "ander", "anderen"))
            )
        }),
        next: found.next.map(|id| format!("/praktijk/lijst/{}?jaar={year}&deel={}&na={id}", figure.code(), asked.deel)),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_the_answers_that_it_counts() {
        let of = definition(Figure::Wait);
        assert_eq!(part(of, "teller").unwrap().0, [0]);
        assert_eq!(part(of, "noemer").unwrap().0, [0, 1, 2]);
        assert_eq!(part(of, "onbekend").unwrap().0, [3]);
        assert_eq!(part(of, "2").unwrap().1, "Na zes weken nog geen gesprek.");
        assert!(part(of, "4").is_none() && part(of, "<b>").is_none());
    }
}
