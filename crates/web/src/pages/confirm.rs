//! `/patienten/{id}/bevestigen`: the plan was talked about and is unchanged (PROCESS E3). One step, and a version: who
//! confirmed it, with whom, and when.

use super::author;
use super::emergency::view::{Line, PlanLines};
use super::field::{Field, Problem};
use super::frame::{Frame, Notice, Tab};
use super::looking_back::Back;
use super::render::{Answer, done, show};
use super::signals::Tick;
use crate::access::{Denied, ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::record::{Beside, record};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::access::{Action, Permit};
use domain::plan::confirm::{ConfirmField, ConfirmGiven, confirm, confirmed, obstacle};
use domain::plan::{Content, CurrentPlan, NextVersion, VersionKind, open_proposals, sum_up};
use domain::words;
use store::plans::Record;

/// The page.
#[derive(Template)]
#[template(path = "confirm.html")]
pub struct ConfirmPage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// Version that was read.
    pub version: u32,
    /// The sentence that sums the plan up.
    pub summary: String,
    /// What matters in an emergency, to read before confirming it.
    pub limits: Vec<Line>,
    /// Why the plan wants looking at, each in a sentence.
    pub doubts: Vec<String>,
    /// Proposals that stay proposals, in a sentence.
    pub waiting: Option<String>,
    /// Why it cannot be confirmed as it stands; the form is absent then.
    pub obstacle: Option<String>,
    /// Who may have been there.
    pub with: Vec<Tick>,
    /// What is wrong with who was there.
    pub wrong: Option<String>,
    /// The day, and words.
    pub more: [Field; 2],
    /// Something of it was filled in.
    pub more_open: bool,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// Who may have been there: the patient, and those whom the plan knows.
fn with(content: &Content, fields: &Fields) -> Vec<Tick> {
    let on = |value: &str| fields.0.iter().any(|(n, v)| n == "wie" && v == value);
    let mut all = vec![Tick { value: "patient".into(), label: "De patiënt".to_owned(), on: on("patient") }];
    all.extend(content.people.iter().map(|person| {
        let value = person.key.0.to_string();
        let part = words::role_in_plan(content, person.key).map(|part| format!(", {part}")).unwrap_or_default();
        Tick { on: on(&value), value: value.into(), label: format!("{}{part}", words::person(person)) }
    }));
    all
}

fn waiting(content: &Content) -> Option<String> {
    match open_proposals(content).len() {
        0 => None,
        1 => Some("Eén voorstel wacht op een arts. Het blijft een voorstel.".to_owned()),
        n => Some(format!("{n} voorstellen wachten op een arts. Het blijven voorstellen.")),
    }
}

/// The page of a plan.
pub fn view(
    frame: Frame,
    id: String,
    plan: Option<&CurrentPlan>,
    back: &Back,
    fields: &Fields,
    errors: Vec<Problem>,
) -> ConfirmPage {
    let empty = Content::default();
    let content = plan.map_or(&empty, |p| &p.content);
    let lines = plan.map(|p| PlanLines::of(p, back.by()));
    ConfirmPage {
        frame: frame.failing(!errors.is_empty()),
        id,
        version: plan.map_or(0, |p| p.number),
        summary: sum_up(content, Some(back.by().today)),
        limits: lines.map(|l| l.first).unwrap_or_default(),
        doubts: if plan.is_some() { back.doubts(content) } else { Vec::new() },
        waiting: waiting(content),
        obstacle: obstacle(content, back.past(), back.by().today),
        with: with(content, fields),
        wrong: errors.iter().find(|e| e.field == "wie").map(|e| e.message.clone()),
        more: [
            Field::text("woorden", "Wat wilt u erbij zeggen? (mag leeg blijven)", fields.get("woorden"))
                .checked(&errors),
            Field::short("dag", "Wanneer is het besproken?", fields.get("dag"))
                .hint("Leeg: vandaag. Anders bijvoorbeeld 08-11-2026.")
                .checked(&errors),
        ],
        more_open: ["woorden", "dag"].iter().any(|name| fields.filled(name).is_some()),
        errors,
    }
}

async fn read(app: &App, permit: &Permit) -> Result<Record, PageError> {
    app.store().read(permit, app.clock().now(), "confirm").await?.ok_or(PageError::Forbidden)
}

async fn answer(
    app: &App,
    who: &SignedIn,
    permit: &Permit,
    fields: &Fields,
    errors: Vec<Problem>,
    status: StatusCode,
) -> Answer {
    let record = read(app, permit).await?;
    let id = permit.patient();
    let back = Back::at(app, permit, record.plan.as_ref()).await?;
    let frame = Frame::about(app, who, "Bevestig ongewijzigd", id, &record.patient.patient, Tab::Beneath)
        .back_to(format!("/patienten/{id}/plan"), "Terug naar het plan");
    Ok(show(status, &view(frame, id.to_string(), record.plan.as_ref(), &back, fields, errors)))
}

/// `GET /patienten/{id}/bevestigen`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::ConfirmPlan, &id).await?;
    answer(&app, &who, &permit, &Fields::default(), Vec::new(), StatusCode::OK).await
}

enum Refused {
    Changed,
    Page(PageError),
}

impl From<Denied> for Refused {
    fn from(denied: Denied) -> Self {
        Self::Page(denied.into())
    }
}

fn given(fields: &Fields) -> ConfirmGiven {
    ConfirmGiven {
        patient: fields.all("wie").any(|v| v == "patient"),
        people: fields.all("wie").filter(|v| *v != "patient").map(str::to_owned).collect(),
        on: super::talks::fields::day(fields.get("dag")),
        words: fields.get("woorden").to_owned(),
    }
}

fn place(field: ConfirmField) -> &'static str {
    match field {
        ConfirmField::With => "wie",
        ConfirmField::On => "dag",
        ConfirmField::Words => "woorden",
    }
}

/// `POST /patienten/{id}/bevestigen`.
pub async fn post(State(app): State<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::ConfirmPlan, &id).await?;
    let today = app.clock().today();
    let known = read(&app, &permit).await?;
    let back = Back::at(&app, &permit, known.plan.as_ref()).await?;
    let empty = Content::default();
    let content = known.plan.as_ref().map_or(&empty, |p| &p.content);
    if obstacle(content, back.past(), today).is_some() {
        // The page says why, and what to do instead.
        return answer(&app, &who, &permit, &fields, Vec::new(), StatusCode::CONFLICT).await;
    }
    let what = match confirmed(&given(&fields), content, today) {
        Ok(what) => what,
        Err(wrong) => {
            let errors = wrong.into_iter().map(|w| Problem::at(place(w.field), w.sentence)).collect();
            return answer(&app, &who, &permit, &fields, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let seen: u32 = fields.get("versie").parse().unwrap_or(0);
    let professional = author::professional(&app, &who).await?;
    let recorder = author::recorder(&who);
    let now = app.clock().now();
    let outcome = record(&app, &permit, &Beside::default(), |record| {
        // Nobody confirms what they did not read.
        let current = record.plan.as_ref().filter(|c| c.number == seen).ok_or(Refused::Changed)?;
        Ok(NextVersion {
            kind: VersionKind::Confirmed,
            recorder: recorder.clone(),
            reason: what.words.clone(),
            input: confirm(current, &what, &professional, now),
            kept_beside: Vec::new(),
        })
    })
    .await;
    match outcome {
        Ok(_) => Ok(done(&format!("/patienten/{id}/plan"), Notice::Confirmed)),
        Err(Refused::Page(error)) => Err(error),
        Err(Refused::Changed) => {
            let sentence = "Het plan is veranderd terwijl u las. Lees wat er nu staat; wat u koos staat er nog.";
            answer(&app, &who, &permit, &fields, vec![Problem::whole(sentence)], StatusCode::CONFLICT).await
        }
    }
}
