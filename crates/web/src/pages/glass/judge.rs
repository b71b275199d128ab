//! `/beheer/noodknop/{patient}/{number}`: what happened, and whether there was good reason.

use super::Told;
use super::cases::enter;
use super::told::nameless;
use crate::access::{ask, patient_id, quietly};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::pages::dutch;
use crate::pages::field::{Choice, Field, Problem};
use crate::pages::frame::{Frame, Notice, Place};
use crate::pages::render::{Answer, done, page, refused};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use domain::access::{Action, Who};
use domain::glass::{LONGEST, Verdict, may_judge};
use domain::ident::PatientId;
use store::glass::{Broken, Judged};
use store::log::read::{Filter, Which};

/// The page.
#[derive(Template)]
#[template(path = "glass/judge.html")]
pub struct JudgePage {
    /// Title, menu.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// Where it is posted.
    pub action: String,
    /// Whom it is about.
    pub about: String,
    /// What happened.
    pub told: Told,
    /// The same, as the patient is told.
    pub glass: Vec<Told>,
    /// Until when the view was open.
    pub until: String,
    /// How often it was looked at, in a sentence.
    pub looked: String,
    /// Whoever looks broke it.
    pub own: bool,
    /// The verdict.
    pub verdict: Field,
    /// What is said with it.
    pub words: Field,
}

/// The fields of the form.
pub fn fields(typed: &Fields, errors: &[Problem]) -> (Field, Field) {
    let choices = vec![
        Choice::of(Verdict::Justified.code(), "Ja, er was een goede reden"),
        Choice::of(Verdict::Unjustified.code(), "Nee, er was geen goede reden"),
    ];
    (
        Field::radios("oordeel", "Was er een goede reden?", typed.get("oordeel"), choices).checked(errors),
        Field::area("woorden", "Toelichting", typed.get("woorden"))
            .hint("De patiënt leest dit ook. Nodig als er geen goede reden was.")
            .checked(errors),
    )
}

/// How often something was looked at.
pub fn looked(times: &[jiff::Timestamp]) -> String {
    match times {
        [] => "De noodgegevens zijn daarna niet bekeken.".to_owned(),
        [one] => format!("De noodgegevens zijn één keer bekeken, om {}.", dutch::clock(*one)),
        [last, ..] => {
            format!("De noodgegevens zijn {} keer bekeken, het laatst om {}.", times.len(), dutch::clock(*last))
        }
    }
}

fn number(text: &str) -> Result<u32, PageError> {
    text.parse().map_err(|_| PageError::NotFound)
}

/// Leave to see the case, and the case.
async fn case(
    app: &App,
    who: &SignedIn,
    id: &PatientId,
    number: u32,
) -> Result<(Broken, Vec<jiff::Timestamp>), PageError> {
    let now = app.clock().now();
    let permit = ask(app, &who.actor, Action::ReadLog, id).await?;
    let all = app.store().glass_of_patient(&permit, now).await?;
    let broken = all.into_iter().find(|b| b.number == number).ok_or(PageError::NotFound)?;
    let filter = Filter {
        from: Some(broken.at),
        until: Some(broken.until),
        actor: Some(format!("person:{}", broken.person)),
        actions: vec![Action::ReadEmergency.code()],
        outcome: Some(store::log::Outcome::Done),
        ..Filter::default()
    };
    let rows = app.store().patient_log(&permit, &filter, Which { cursor: None, limit: 100 }, "glass", now).await?.rows;
    Ok((broken, rows.into_iter().map(|r| r.at).collect()))
}

async fn view(
    app: &App,
    who: &SignedIn,
    id: &PatientId,
    number: u32,
    typed: &Fields,
    errors: Vec<Problem>,
) -> Result<JudgePage, PageError> {
    let (broken, times) = case(app, who, id, number).await?;
    let name = match quietly(app, &who.actor, Action::ReadPatient, id).await? {
        Some(leave) => app.store().read_patient(&leave, app.clock().now(), "glass").await?,
        None => None,
    };
    let (verdict, words) = fields(typed, &errors);
    let told = Told::of(app, &broken).await?;
    Ok(JudgePage {
        frame: Frame::signed(who, "Noodknop beoordelen", Place::None)
            .back_to("/beheer/noodknop", "Noodknop")
            .failing(!errors.is_empty()),
        action: format!("/beheer/noodknop/{id}/{number}"),
        about: name.map_or_else(|| nameless(id), |r| dutch::addressed(&r.patient)),
        glass: vec![told.clone()],
        told,
        until: dutch::clock(broken.until),
        looked: looked(&times),
        own: !may_judge(&broken.person, &Who::Person(who.person.clone())),
        verdict,
        words,
        errors,
    })
}

/// `GET /beheer/noodknop/{patient}/{number}`.
pub async fn get(State(app): State<App>, who: SignedIn, Path((id, n)): Path<(String, String)>) -> Answer {
    enter(&who)?;
    let id = patient_id(&id)?;
    Ok(page(&view(&app, &who, &id, number(&n)?, &Fields::default(), Vec::new()).await?))
}

/// `POST /beheer/noodknop/{patient}/{number}`.
pub async fn post(
    State(app): State<App>,
    Path((id, n)): Path<(String, String)>,
    SignedForm { who, fields }: SignedForm,
) -> Answer {
    enter(&who)?;
    let id = patient_id(&id)?;
    let number = number(&n)?;
    let permit = ask(&app, &who.actor, Action::JudgeGlass, &id).await?;
    let words = fields.filled("woorden");
    let mut errors = Vec::new();
    let verdict = Verdict::of_code(fields.get("oordeel"));
    if verdict.is_none() {
        errors.push(Problem::at("oordeel", "Kies of er een goede reden was."));
    }
    if verdict == Some(Verdict::Unjustified) && words.is_none() {
        errors.push(Problem::at("woorden", "Schrijf waarom er geen goede reden was, en wat er nu gebeurt."));
    }
    if words.is_some_and(|w| w.chars().count() > LONGEST) {
        errors.push(Problem::at("woorden", "Schrijf het korter: in hoogstens 2000 tekens."));
    }
    let Some(verdict) = verdict.filter(|_| errors.is_empty()) else {
        return Ok(refused(&view(&app, &who, &id, number, &fields, errors).await?));
    };
    // Whoever sees none of it judges none of it.
    case(&app, &who, &id, number).await?;
    match app.store().judge_glass(&permit, number, verdict, words, app.clock().now()).await? {
        Judged::Done => Ok(done("/beheer/noodknop", Notice::Judged)),
        Judged::Before => Ok(done("/beheer/noodknop", Notice::JudgedBefore)),
        Judged::Gone => Err(PageError::NotFound),
        Judged::Own => Err(PageError::Forbidden),
    }
}
