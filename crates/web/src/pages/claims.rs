//! `/declaraties`: what the conversations of a month may be claimed for, with the evidence, or why not (F1, F2). Whoever gives
//! care sees the lines; who manages the practice sees its contracts.

mod contracts;
mod export;
mod row;

#[cfg(test)]
pub use {
    contracts::{ContractRow, ContractsPage, contract_form},
    row::{ClaimRow, Stands},
};

use super::author::recorder;
use super::field::Problem;
use super::frame::{Frame, Link, Notice, Place};
use super::render::{Answer, Told, show};
use crate::access::{ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::forms::SignedForm;
use crate::routes::{Routes, get};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use domain::access::Action;
use domain::claims::{may_claim, may_contract};
use domain::words;
use jiff::ToSpan;
use jiff::civil::Date;
use row::House;
use serde::Deserialize;
use store::claims::{ClaimEvent, Held, Wrote};

/// Conversations on one page.
const PAGE: u32 = 25;
/// Longest reason for withdrawing a line, in characters.
const LONGEST: usize = 300;

/// The pages.
pub fn routes() -> Routes {
    Routes::new()
        .route("/declaraties", get(list).post(post))
        .route("/declaraties/declaraties.csv", get(export::csv))
        .route("/declaraties/contracten", get(contracts::get).post(contracts::post))
}

/// The page.
#[derive(Template)]
#[template(path = "claims/list.html")]
pub struct ClaimsPage {
    /// Title, menu.
    pub frame: Frame,
    /// The month in words.
    pub month: String,
    /// The same as a code.
    pub code: String,
    /// The month before, and the one after where it has begun.
    pub months: Vec<Link>,
    /// The conversations.
    pub rows: Vec<row::ClaimRow>,
    /// The next page.
    pub more: Option<String>,
    /// What is to be filled in before anything can be claimed.
    pub lacks: Vec<String>,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// What the address says: which month, and which page of it. Nothing about a patient.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    #[serde(default)]
    maand: String,
    #[serde(default)]
    pagina: String,
}

impl Which {
    /// First and last day of the month; this month where none is named.
    pub fn period(&self, today: Date) -> (Date, Date) {
        let first: Date = format!("{}-01", self.maand).parse().unwrap_or_else(|_| today.first_of_month());
        (first, first.last_of_month())
    }

    /// Which page, from 1.
    fn page(&self) -> u32 {
        self.pagina.parse().unwrap_or(1).clamp(1, 100_000)
    }
}

/// A month as a code: `2026-11`.
pub fn code(month: Date) -> String {
    format!("{:04}-{:02}", month.year(), month.month())
}

fn month_words(month: Date) -> String {
    let day = words::day(month);
    day.split_once(' ').map_or(day.clone(), |(_, rest)| rest.to_owned())
}

/// Links to the month before, and to the one after where it has begun.
pub fn months(first: Date, today: Date) -> Vec<Link> {
    let link = |day: Date| Link::to(format!("/declaraties?maand={}", code(day)), month_words(day));
    let mut all: Vec<Link> = first.checked_sub(1.month()).ok().map(link).into_iter().collect();
    all.extend(first.checked_add(1.month()).ok().filter(|next| *next <= today).map(link));
    all
}

/// May this person see what is claimed for whom?
pub fn may_see(who: &SignedIn) -> bool {
    who.actor.role.is_some_and(|role| may_claim(role, who.organisation.kind))
}

/// May this person change contracts?
pub fn may_change(who: &SignedIn) -> bool {
    who.actor.role.is_some_and(|role| may_contract(role, who.organisation.kind))
}

async fn filled(app: &App, who: &SignedIn, which: &Which, errors: Vec<Problem>) -> Result<ClaimsPage, store::Error> {
    let today = app.clock().today();
    let period = which.period(today);
    let number = which.page();
    let mut held = app.store().held(&who.actor, period, (number - 1) * PAGE, PAGE + 1).await?;
    let mut more = None;
    if held.len() > PAGE as usize {
        held.truncate(PAGE as usize);
        more = Some(format!("/declaraties?maand={}&pagina={}", code(period.0), number + 1));
    }
    let house = House::of(app, who).await?;
    let mut rows = Vec::new();
    for one in &held {
        rows.extend(row::row(app, who, &house, one).await?);
    }
    Ok(ClaimsPage {
        frame: Frame::signed(who, "Declaraties", Place::BelowPractice).failing(!errors.is_empty()),
        month: month_words(period.0),
        code: code(period.0),
        months: months(period.0, today),
        rows,
        more,
        lacks: house.lacks(),
        errors,
    })
}

/// `GET /declaraties`.
async fn list(State(app): State<App>, who: SignedIn, Query(which): Query<Which>, Query(told): Query<Told>) -> Answer {
    if !may_see(&who) {
        // Who manages the practice has contracts, and sees no patients.
        if may_change(&who) {
            return Ok(Redirect::to("/declaraties/contracten").into_response());
        }
        return Err(PageError::Forbidden);
    }
    let mut view = filled(&app, &who, &which, Vec::new()).await?;
    view.frame = view.frame.told(&told);
    Ok(show(StatusCode::OK, &view))
}

/// `POST /declaraties`: a line is claimed, or withdrawn with a reason.
async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    if !may_see(&who) {
        return Err(PageError::Forbidden);
    }
    let which = Which { maand: fields.get("maand").to_owned(), pagina: String::new() };
    let again = async |status, message: String| -> Answer {
        Ok(show(status, &filled(&app, &who, &which, vec![Problem::whole(message)]).await?))
    };
    let Some(id) = fields.filled("patient") else {
        return again(StatusCode::UNPROCESSABLE_ENTITY, "Kies een gesprek.".to_owned()).await;
    };
    let id = patient_id(id)?;
    let leave = ask(&app, &who.actor, Action::FollowUp, &id).await?;
    let (Ok(on), Ok(step)) = (fields.get("dag").parse(), fields.get("stap").parse()) else {
        return again(StatusCode::UNPROCESSABLE_ENTITY, "Kies een gesprek.".to_owned()).await;
    };
    let held = Held { on, record: patient_id(fields.get("dossier"))?, patient: id, step };
    let house = House::of(&app, &who).await?;
    // The record may have been merged into another since the page was made: the conversation is that one's now.
    let Some(found) = row::found(&app, &who, &house, &held).await? else {
        return again(StatusCode::CONFLICT, MEANWHILE.to_owned()).await;
    };
    let what = match (fields.get("doe"), found.counts().map(|written| written.number)) {
        ("trek-terug", Some(of)) => match fields.filled("reden") {
            Some(reason) if reason.chars().count() <= LONGEST => {
                ClaimEvent::Withdrawn { of, reason: reason.to_owned() }
            }
            Some(_) => {
                let message = format!("Schrijf de reden korter: in hoogstens {LONGEST} tekens.");
                return again(StatusCode::UNPROCESSABLE_ENTITY, message).await;
            }
            None => {
                let message = "Schrijf waarom u deze declaratie terugtrekt.".to_owned();
                return again(StatusCode::UNPROCESSABLE_ENTITY, message).await;
            }
        },
        ("trek-terug", None) => return again(StatusCode::CONFLICT, MEANWHILE.to_owned()).await,
        _ => match found.outcome {
            Ok(line) => ClaimEvent::Claimed(line),
            Err(why) => return again(StatusCode::CONFLICT, why.join(" ")).await,
        },
    };
    let notice = match what {
        ClaimEvent::Claimed(_) => Notice::ClaimKept,
        ClaimEvent::Withdrawn { .. } => Notice::ClaimWithdrawn,
    };
    match app.store().write_claim(&leave, &held, what, &recorder(&who), app.clock().now()).await? {
        Wrote::Done => {
            let to =
                format!("/declaraties?maand={}&gedaan={}", code(which.period(app.clock().today()).0), notice.code());
            Ok(Redirect::to(&to).into_response())
        }
        Wrote::Gone => again(StatusCode::CONFLICT, MEANWHILE.to_owned()).await,
    }
}

const MEANWHILE: &str = "Iemand anders veranderde dit intussen. Lees hoe het er nu voor staat.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_begins_and_ends_and_has_neighbours() {
        let today = "2026-11-30".parse().unwrap();
        let which = Which { maand: "2026-02".into(), pagina: String::new() };
        assert_eq!(which.period(today), ("2026-02-01".parse().unwrap(), "2026-02-28".parse().unwrap()));
        assert_eq!(code(Which::default().period(today).0), "2026-11");
        assert_eq!(code(Which { maand: "x".into(), pagina: String::new() }.period(today).0), "2026-11");
        let names =
            |first: &str| months(first.parse().unwrap(), today).into_iter().map(|l| l.label).collect::<Vec<_>>();
        assert_eq!(names("2026-10-01"), ["september 2026", "november 2026"]);
        assert_eq!(names("2026-11-01"), ["oktober 2026"], "the next one has not begun");
        let page = |pagina: &str| Which { maand: String::new(), pagina: pagina.into() }.page();
        assert_eq!(["", "x", "0", "3", "-1"].map(page), [1, 1, 1, 3, 1]);
    }
}
