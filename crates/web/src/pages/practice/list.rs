//! `/praktijk/lijst/{cijfer}`: the people behind a number, for who has a treatment relation with them: each with a permit and
//! a row of the log.

use super::{Which, allowed};
use crate::app::App;
use crate::error::PageError;
use crate::pages::frame::{Frame, Place};
use crate::pages::patients::Pages;
use crate::pages::render::{Answer, page, sees_patients};
use crate::pages::rows::{PatientRow, leaves};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::access::Action;
use domain::figures::{Counts, Definition, Figure, definition};
use domain::words::capitalised;
use serde::Deserialize;
use store::figures::Wanted;

/// People of the caseload who are looked at for one page: it shows those of them whom the figure counts, so it may be short
/// and still have a next.
const PAGE: u32 = 100;

/// Which part of the figure, and which page of it. Never who: an address is kept in places that nobody thinks of.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Part {
    deel: String,
    pagina: String,
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
    /// How many of the number do not stand on this page, and why.
    pub missing: Option<String>,
    /// Pages before and after.
    pub pages: Pages,
}

/// The answers of a part, and what it counts.
fn part(definition: &Definition, code: &str) -> Option<(Vec<u8>, String)> {
    let of = |wanted: &[Counts]| {
        (0_u8..).zip(definition.answers).filter(|(_, a)| wanted.contains(&a.counts)).map(|(n, _)| n).collect()
    };
    Some(match code {
        "teller" => (of(&[Counts::Above]), format!("Teller: {}.", definition.numerator)),
        "noemer" => (of(&[Counts::Above, Counts::Below]), format!("Noemer: {}.", definition.denominator)),
        "onbekend" => (of(&[Counts::Unknown]), "Zij tellen niet mee; bij ieder staat waarom.".to_owned()),
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
    let (today, now) = (app.clock().today(), app.clock().now());
    let year = which.year(today.year());
    let number = asked.pagina.parse::<u32>().unwrap_or(1).clamp(1, 1_000_000);
    let (all, ids) = app.store().caseload_ids(&who.actor, (number - 1) * PAGE, PAGE).await?;
    let mut rows = Vec::new();
    for id in ids {
        let wanted = [Action::ReadPlan, Action::ReadPatient];
        let [Some(plan), Some(person)] = leaves(&app, &who.actor, wanted, &id).await? else { continue };
        let Some(answer) = app.store().answer_of(&plan, (figure, year), &answers, now).await? else { continue };
        let Some(record) = app.store().read_patient(&person, now, "figures").await? else { continue };
        if record.merged_into.is_none() {
            let answer = definition.answers.get(usize::from(answer)).map_or("", |a| a.dutch);
            rows.push((PatientRow::of(&record.id, &record.patient, today), answer));
        }
    }
    let wanted = Wanted { figures: &[figure], from: year, to: year };
    let cells = app.store().figures_of(&who.organisation.id, wanted).await?;
    let people: usize = cells.iter().filter(|(_, c)| answers.contains(&c.answer)).map(|(_, c)| c.people as usize).sum();
    let at = |n: u32| format!("/praktijk/lijst/{}?jaar={year}&deel={}&pagina={n}", figure.code(), asked.deel);
    let pages =
        Pages { before: (number > 1).then(|| at(number - 1)), after: (number * PAGE < all).then(|| at(number + 1)) };
    let here = format!("/praktijk/cijfer/{}?jaar={year}", figure.code());
    Ok(page(&ListPage {
        frame: Frame::signed(&who, figure.dutch(), Place::BelowPractice).back_to(here, figure.dutch()),
        title: format!("{}, {year}", figure.dutch()),
        lead,
        missing: missing(people, rows.len(), pages.is_some_or_more()),
        rows,
        pages,
    }))
}

/// How many of the number do not stand on this page, and why.
fn missing(people: usize, listed: usize, several_pages: bool) -> Option<String> {
    let missing = people.saturating_sub(listed);
    let stand = if missing == 1 { "staat" } else { "staan" };
    let (is, them) = if missing == 1 { ("die persoon is", "die persoon") } else { ("zij zijn", "hen") };
    let why = format!("u hebt met {them} geen behandelrelatie, of {is} bij u niet meer in zorg");
    (missing > 0).then(|| {
        if several_pages {
            let other = if missing == 1 { "Die persoon staat" } else { "Zij staan" };
            format!("{missing} van de {people} mensen {stand} niet op deze bladzijde. {other} op een andere, {why}.")
        } else {
            format!("{missing} van de {people} mensen {stand} hier niet: {why}.")
        }
    })
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

    #[test]
    fn it_says_how_many_of_the_number_are_not_listed() {
        assert_eq!(missing(5, 5, true), None);
        assert_eq!(missing(4, 5, false), None, "the list is newer than the number");
        assert_eq!(
            missing(5, 3, false).unwrap(),
            "2 van de 5 mensen staan hier niet: u hebt met hen geen behandelrelatie, of zij zijn bij u niet meer in zorg."
        );
        let one = missing(5, 4, true).unwrap();
        assert!(one.starts_with("1 van de 5 mensen staat niet op deze bladzijde. Die persoon staat op"), "{one}");
    }
}
