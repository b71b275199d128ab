//! `/praktijk/kandidaten`: who may be a candidate for a conversation by the practice's own system (S5), each with the code and
//! the day that caused it. A candidate becomes a signal in one step; who has a plan, an answer or a signal is not on the list.

mod rules;

#[cfg(test)]
pub use rules::{RulesPage, SetRow, form as rules_form};

use super::author::recorder;
use super::dutch;
use super::extract::sees_rows;
use super::field::Problem;
use super::frame::{Frame, Link, Notice, Place};
use super::render::{Answer, Told, done, show};
use super::rows::{leaves, visible};
use crate::access::{ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::forms::SignedForm;
use crate::routes::{Routes, get};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::access::Action;
use domain::candidates::{asks_for_check, check_by, signal};
use domain::path::What;
use domain::words::{self, number};
use jiff::civil::Date;
use serde::Deserialize;
use store::candidates::{After, Candidate, Standing};
use store::extracts::Subject;

/// Candidates on one page.
const PAGE: usize = 20;

/// The pages.
pub fn routes() -> Routes {
    Routes::new()
        .route("/praktijk/kandidaten", get(list).post(post))
        .route("/praktijk/kandidaten/regels", get(rules::get).post(rules::post))
}

/// The page.
#[derive(Template)]
#[template(path = "practice/candidates.html")]
pub struct CandidatesPage {
    /// Title, menu.
    pub frame: Frame,
    /// How many, and what that means.
    pub lead: String,
    /// When the list was last looked at, and by when it is again.
    pub checked: String,
    /// It is time to look at it again.
    pub is_due: bool,
    /// The candidates, newest cause first.
    pub rows: Vec<CandidateRow>,
    /// The next page.
    pub more: Option<String>,
    /// What an empty list means.
    pub empty: &'static str,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// A candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CandidateRow {
    /// Id in paths, where they are here.
    pub id: Option<String>,
    /// Who.
    pub name: String,
    /// Birth date or year, and the last contact under A20.
    pub fine: String,
    /// Why: code and day, with the set of rules.
    pub causes: Vec<String>,
}

/// What the address says: after which one. A day and a keyed hash, which tell nobody anything.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    #[serde(default)]
    na: String,
}

impl Which {
    fn after(&self) -> Option<After> {
        let (since, subject) = self.na.split_once('_')?;
        Some(After { since: since.parse().ok()?, subject: Subject::of_text(subject)? })
    }
}

/// How many there are, in a sentence.
pub fn lead(count: u64) -> String {
    match count {
        0 => "Er zijn geen kandidaten die nog niet op het pad staan.".to_owned(),
        1 => "Er is 1 kandidaat zonder plan, antwoord of signaal.".to_owned(),
        n => format!("Er zijn {} kandidaten zonder plan, antwoord of signaal.", number(n)),
    }
}

/// When the list was looked at, in a sentence.
pub fn checked_words(checked: Option<Date>, today: Date) -> String {
    match checked {
        None => "De lijst is nog niet nagekeken.".to_owned(),
        Some(on) => {
            format!("Nagekeken op {}; opnieuw uiterlijk {}.", words::day(on), words::day(check_by(checked, today)))
        }
    }
}

/// Why, and what else is known.
fn told(standing: &Standing) -> (String, Vec<String>) {
    let born = standing.born.map(|b| format!("geboren {}", b.words()));
    let contact = standing.last_a20.map(|d| format!("laatste contact over A20 op {}", words::day(d)));
    let causes = standing.causes.iter().map(|c| words::capitalised(&c.words)).collect();
    ([born, contact].into_iter().flatten().collect::<Vec<_>>().join("; "), causes)
}

/// The row of a candidate; `None` where somebody is in the practice's care no more, or on the path since.
async fn row(app: &App, who: &SignedIn, candidate: &Candidate) -> Result<Option<CandidateRow>, store::Error> {
    let Some(id) = &candidate.patient else {
        let Some(standing) = &candidate.standing else { return Ok(None) };
        let (fine, causes) = told(standing);
        let name = match &standing.number {
            Some(number) => format!("Nummer {number} in uw HIS"),
            None => format!("Rij {} van het laatste extract", number(standing.line)),
        };
        return Ok(Some(CandidateRow { id: None, name, fine, causes }));
    };
    let Some(record) = visible(app, &who.actor, vec![id.clone()], "candidates").await?.pop() else { return Ok(None) };
    let [Some(leave)] = leaves(app, &who.actor, [Action::ReadPlan], id).await? else { return Ok(None) };
    let Some(standing) = app.store().candidate(&leave, app.clock().now()).await? else { return Ok(None) };
    let (fine, causes) = told(&Standing { born: None, ..standing });
    let born = dutch::born(&record.patient, app.clock().today());
    let fine = if fine.is_empty() { born } else { format!("{born}; {fine}") };
    Ok(Some(CandidateRow { id: Some(id.to_string()), name: dutch::addressed(&record.patient), fine, causes }))
}

async fn filled(
    app: &App,
    who: &SignedIn,
    which: &Which,
    errors: Vec<Problem>,
) -> Result<CandidatesPage, store::Error> {
    let (store, today) = (app.store(), app.clock().today());
    let limit = u32::try_from(PAGE + 1).unwrap_or(u32::MAX);
    let mut found = store.candidates(&who.actor, which.after(), limit, app.clock().now()).await?;
    let mut more = None;
    if found.len() > PAGE {
        found.truncate(PAGE);
        more = found.last().map(|c| format!("/praktijk/kandidaten?na={}_{}", c.since, c.subject.text()));
    }
    let mut rows = Vec::new();
    for candidate in &found {
        rows.extend(row(app, who, candidate).await?);
    }
    let checked = store.candidates_checked(&who.organisation.id).await?;
    let empty = if store.has_subjects(&who.organisation.id).await? {
        "Wie volgens uw regels een kandidaat is, heeft hier al een plan, een antwoord of een signaal."
    } else {
        "Lees eerst een uitdraai van uw HIS in. Daarna staat hier wie misschien toe is aan een gesprek."
    };
    Ok(CandidatesPage {
        frame: Frame::signed(who, "Kandidaten", Place::BelowPractice).failing(!errors.is_empty()),
        lead: lead(store.count_candidates(&who.organisation.id).await?),
        checked: checked_words(checked, today),
        is_due: asks_for_check(checked, today),
        rows,
        more,
        empty,
        errors,
    })
}

/// `GET /praktijk/kandidaten`.
async fn list(State(app): State<App>, who: SignedIn, Query(which): Query<Which>, Query(said): Query<Told>) -> Answer {
    if !sees_rows(&who) {
        return Err(PageError::Forbidden);
    }
    let mut view = filled(&app, &who, &which, Vec::new()).await?;
    view.frame = view.frame.told(&said);
    Ok(show(StatusCode::OK, &view))
}

/// `POST /praktijk/kandidaten`: a candidate becomes a signal, or the list was looked at.
async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    if !sees_rows(&who) {
        return Err(PageError::Forbidden);
    }
    let (store, now, today) = (app.store(), app.clock().now(), app.clock().today());
    if fields.get("doe") == "nagekeken" {
        store.work_out_practice(&who.organisation.id, now).await?;
        store.check_candidates(&who.actor, today, now).await?;
        return Ok(done("/praktijk/kandidaten", Notice::ListChecked));
    }
    let Some(id) = fields.filled("patient") else {
        let errors = vec![Problem::whole("Kies bij wie u een signaal vastlegt.")];
        let view = filled(&app, &who, &Which::default(), errors).await?;
        return Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &view));
    };
    let id = patient_id(id)?;
    let leave = ask(&app, &who.actor, Action::Signal, &id).await?;
    let reading = ask(&app, &who.actor, Action::ReadPlan, &id).await?;
    // What stands on the path is read first: whoever writes after that is told of by the number.
    let seen = store.path(&reading, now).await?.steps.last().map_or(0, |step| step.number);
    let meanwhile = async || -> Answer {
        let errors = vec![Problem::whole("Deze patiënt staat niet meer op de lijst: iemand legde intussen iets vast.")];
        Ok(show(StatusCode::CONFLICT, &filled(&app, &who, &Which::default(), errors).await?))
    };
    let Some(standing) = store.candidate(&reading, now).await? else { return meanwhile().await };
    let signal = What::Signal(signal(&standing.causes, today));
    if store.add_steps(&leave, &[(today, signal)], Some(seen), &recorder(&who), now).await?.is_none() {
        return meanwhile().await;
    }
    Ok(done("/praktijk/kandidaten", Notice::Signalled))
}

/// What asks for attention on the page of work: the half-yearly look at the list.
///
/// # Errors
/// Where the store fails.
pub async fn reminder(app: &App, who: &SignedIn) -> Result<Option<Link>, store::Error> {
    if !sees_rows(who) || !app.store().has_subjects(&who.organisation.id).await? {
        return Ok(None);
    }
    let today = app.clock().today();
    let checked = app.store().candidates_checked(&who.organisation.id).await?;
    let by = words::day(check_by(checked, today));
    let sentence = format!("Lees een nieuw HIS-extract in en kijk de kandidaten na, uiterlijk {by}");
    Ok(asks_for_check(checked, today).then(|| Link::to("/praktijk/kandidaten", sentence)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_where_the_list_goes_on() {
        let subject = "ab".repeat(32);
        let which = Which { na: format!("2026-11-24_{subject}") };
        let after = which.after().unwrap();
        assert_eq!((after.since.to_string(), after.subject.text()), ("2026-11-24".to_owned(), subject));
        for na in ["", "x", "2026-11-24_", "2026-11-24_zz", "_ab"] {
            assert_eq!(Which { na: na.into() }.after(), None, "{na}");
        }
        assert_eq!(lead(1_200), "Er zijn 1.200 kandidaten zonder plan, antwoord of signaal.");
        let today = "2026-11-30".parse().unwrap();
        assert!(checked_words(Some(today), today).ends_with("opnieuw uiterlijk 30 mei 2027."));
    }
}
