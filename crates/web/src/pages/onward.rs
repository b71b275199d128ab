//! `/patienten/{id}/overnemen`: the plan as text for an organisation's own record, and what was done with it: where else it
//! was recorded, with whom it was shared, what the patient was told, and whether the doctor knows (R7, D1, D3).

use super::author::recorder;
use super::field::{Field, Problem};
use super::frame::{Frame, Link, Notice, Tab};
use super::render::{Answer, Told, done, show};
use super::rows::leaves;
use super::signals::Tick;
use crate::access::{ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::pages::dutch::typed_date;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::access::Action;
use domain::ident::PatientId;
use domain::onward::given::{Field as At, Given, Wrong, events, undone};
use domain::onward::{self, Channel, Doctor, System, doctor_knows, patient_told};
use domain::path::{Step, What};
use domain::plan::CurrentPlan;
use domain::words;
use jiff::civil::Date;

/// The page.
#[derive(Template)]
#[template(path = "onward.html")]
pub struct OnwardPage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// The plan as a SOEP report.
    pub soep: Option<String>,
    /// The line of the episode A20.
    pub episode: Option<String>,
    /// Where it is on paper, for who may take it along.
    pub on_paper: Option<String>,
    /// Whether the doctor knows, and what the patient was told.
    pub known: Known,
    /// To tick what was done; absent: not for this person, or there is no plan.
    pub form: Option<OnwardForm>,
    /// What was ticked, newest first.
    pub rows: Vec<OnwardRow>,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// Whether the doctor knows, and what the patient was told.
#[derive(Debug, Clone)]
pub struct Known {
    /// Where all of it stands.
    pub page: Link,
    /// Does the doctor know, in a sentence?
    pub doctor: String,
    /// That is still to be done.
    pub doctor_open: bool,
    /// What the patient was told or not yet, each in a sentence.
    pub patient: Vec<String>,
}

impl Known {
    /// Of a plan.
    pub fn of(id: &PatientId, steps: &[Step], plan: &CurrentPlan) -> Self {
        let knows = doctor_knows(steps, plan);
        let patient = patient_told(steps)
            .into_iter()
            .map(|(what, when)| match when {
                Some(when) => format!("Patiënt verteld {}: {when}.", what.dutch()),
                None => format!("Nog niet vastgelegd dat de patiënt is verteld {}.", what.dutch()),
            })
            .collect();
        Self {
            page: Link::to(format!("/patienten/{id}/overnemen"), "Overnemen en delen"),
            doctor: knows.sentence(),
            doctor_open: knows.is_open(),
            patient,
        }
    }
}

/// What can be ticked.
#[derive(Debug, Clone)]
pub struct OnwardForm {
    /// Each group: name of its fields, the question, what can be ticked, what is wrong with it.
    pub groups: Vec<Group>,
    /// The day.
    pub day: Field,
}

/// One group of it.
#[derive(Debug, Clone)]
pub struct Group {
    /// Name of the fields.
    pub name: &'static str,
    /// The question.
    pub label: &'static str,
    /// What can be ticked.
    pub ticks: Vec<Tick>,
    /// What is wrong with it.
    pub wrong: Option<String>,
    /// More about it, in words.
    pub words: Option<Field>,
}

/// One thing that was ticked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnwardRow {
    /// Number of its step.
    pub number: u32,
    /// What.
    pub what: String,
    /// When, by whom, about which version.
    pub fine: String,
    /// Why it was not so, and who says so.
    pub undone: Option<String>,
    /// To say that it was not so; absent: not for this person, or said already.
    pub undo: Option<UndoForm>,
}

/// To say that something was not so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoForm {
    /// Id of the reason's field.
    pub field: String,
    /// What was typed.
    pub typed: String,
    /// What is wrong with it.
    pub wrong: Option<String>,
}

impl OnwardForm {
    /// The form, with what was ticked and typed.
    pub fn of(fields: &Fields, errors: &[Problem]) -> Self {
        let ticks = |name: &str, all: Vec<(&'static str, &'static str)>| -> Vec<Tick> {
            let on = |value: &str| fields.all(name).any(|v| v == value);
            all.into_iter()
                .map(|(value, dutch)| Tick { value: value.into(), label: words::capitalised(dutch), on: on(value) })
                .collect()
        };
        let group = |name: &'static str, label, all, words: Option<Field>| Group {
            name,
            label,
            ticks: ticks(name, all),
            wrong: errors.iter().find(|e| e.field == name).map(|e| e.message.clone()),
            words: words.map(|w| w.checked(errors)),
        };
        let text = |name: &str, label: &str| Some(Field::text(name, label, fields.get(name)));
        let doctors = Doctor::ALL.iter().map(|d| (d.code(), d.dutch())).collect();
        let told = onward::Told::ALL.iter().map(|t| (t.code(), t.dutch())).collect();
        let systems = System::ALL.iter().map(|s| (s.code(), s.dutch())).collect();
        let channels = Channel::ALL.iter().map(|c| (c.code(), c.dutch())).collect();
        Self {
            groups: vec![
                group("arts", "Wie is er geïnformeerd?", doctors, None),
                group("verteld", "Wat is de patiënt verteld?", told, None),
                group(
                    "ook",
                    "Waarin is het ook vastgelegd?",
                    systems,
                    text("ook-anders", "Bij ‘een ander dossier’: welk?"),
                ),
                group("gedeeld", "Hoe is het gedeeld?", channels, text("met-wie", "Met wie? (mag leeg blijven)")),
            ],
            day: Field::short("dag", "Wanneer? (leeg: vandaag)", fields.get("dag"))
                .hint("Bijvoorbeeld 08-11-2026.")
                .checked(errors),
        }
    }
}

/// What was ticked, newest first.
pub fn rows(steps: &[Step], may: bool, fields: &Fields, errors: &[Problem]) -> Vec<OnwardRow> {
    onward::done(steps)
        .into_iter()
        .map(|d| {
            let name = format!("reden-{}", d.number);
            let version = d.event.version().map(|v| format!(", versie {v}")).unwrap_or_default();
            OnwardRow {
                number: d.number,
                what: d.event.sentence(),
                fine: format!("{}, {}{version}", words::day(d.day), d.by.name),
                undo: (may && d.undone.is_none()).then(|| {
                    let problem = errors.iter().find(|e| e.field == name);
                    UndoForm {
                        field: super::field::id_of(&name),
                        typed: if problem.is_some() { fields.get("reden").to_owned() } else { String::new() },
                        wrong: problem.map(|e| e.message.clone()),
                    }
                }),
                undone: d.undone.map(|(reason, by)| format!("Toch niet zo gegaan ({by}): {reason}")),
            }
        })
        .collect()
}

async fn view(
    app: &App,
    who: &SignedIn,
    id: &PatientId,
    fields: &Fields,
    errors: Vec<Problem>,
) -> Result<OnwardPage, PageError> {
    let permit = ask(app, &who.actor, Action::ReadPlan, id).await?;
    let record = app.store().read(&permit, app.clock().now(), "plan").await?.ok_or(PageError::Forbidden)?;
    let (steps, _) = app.store().looking_back(&permit).await?;
    let [may, print] = leaves(app, &who.actor, [Action::FollowUp, Action::Print], id).await?;
    let may = may.is_some();
    let plan = record.plan.as_ref();
    let known = plan.map_or_else(
        || Known {
            page: Link::to(format!("/patienten/{id}/plan"), "Plan"),
            doctor: "Er is nog geen plan om over te nemen of te delen.".to_owned(),
            doctor_open: false,
            patient: Vec::new(),
        },
        |plan| Known::of(id, &steps, plan),
    );
    Ok(OnwardPage {
        frame: Frame::about(app, who, "Overnemen en delen", id, &record.patient.patient, Tab::Beneath)
            .back_to(format!("/patienten/{id}/plan"), "Terug naar het plan")
            .failing(!errors.is_empty()),
        id: id.to_string(),
        soep: plan.and_then(|p| onward::soep(&p.content)),
        episode: plan.and_then(|p| onward::episode(&p.content)),
        on_paper: print.filter(|_| plan.is_some()).map(|_| format!("/patienten/{id}/plan.pdf")),
        known,
        form: (may && plan.is_some()).then(|| OnwardForm::of(fields, &errors)),
        rows: rows(&steps, may, fields, &errors),
        errors,
    })
}

/// `GET /patienten/{id}/overnemen`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(told): Query<Told>) -> Answer {
    let id = patient_id(&id)?;
    let mut page = view(&app, &who, &id, &Fields::default(), Vec::new()).await?;
    page.frame = page.frame.told(&told);
    Ok(show(StatusCode::OK, &page))
}

fn name(field: At, number: u32) -> String {
    match field {
        At::Systems => "ook".to_owned(),
        At::Other => "ook-anders".to_owned(),
        At::Channels => "gedeeld".to_owned(),
        At::With => "met-wie".to_owned(),
        At::Told => "verteld".to_owned(),
        At::Doctors => "arts".to_owned(),
        At::Day => "dag".to_owned(),
        At::Reason => format!("reden-{number}"),
    }
}

fn day(typed: &str) -> String {
    typed_date(typed).ok().and_then(|d| d.day()).map_or_else(|| typed.trim().to_owned(), |d| d.to_string())
}

/// What happened, each with the day it is about; or what is wrong with it.
fn read(fields: &Fields, steps: &[Step], version: u32, today: Date) -> Result<Vec<(Date, What)>, Vec<Problem>> {
    let number = fields.get("nummer").parse().unwrap_or(0);
    let problems = |wrong: Vec<Wrong>| -> Vec<Problem> {
        wrong.into_iter().map(|w| Problem::at(&name(w.field, number), w.sentence)).collect()
    };
    let (day, happened) = if fields.get("doe") == "ongedaan" {
        if !onward::done(steps).iter().any(|d| d.number == number && d.undone.is_none()) {
            return Err(vec![Problem::whole("Dit staat er niet meer zo. Lees hieronder wat er nu staat.")]);
        }
        (today, vec![undone(number, fields.get("reden")).map_err(problems)?])
    } else {
        let given = Given {
            systems: fields.every("ook"),
            other: fields.get("ook-anders").to_owned(),
            channels: fields.every("gedeeld"),
            with: fields.get("met-wie").to_owned(),
            told: fields.every("verteld"),
            doctors: fields.every("arts"),
            day: day(fields.get("dag")),
        };
        events(&given, version, today).map_err(problems)?
    };
    Ok(happened.into_iter().map(|e| (day, What::Onward(Box::new(e)))).collect())
}

/// `POST /patienten/{id}/overnemen`.
pub async fn post(State(app): State<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::FollowUp, &id).await?;
    let now = app.clock().now();
    let record = app.store().read(&permit, now, "plan").await?.ok_or(PageError::Forbidden)?;
    let (steps, _) = app.store().looking_back(&permit).await?;
    let read = match &record.plan {
        Some(plan) => read(&fields, &steps, plan.number, app.clock().today()),
        None => Err(vec![Problem::whole("Er is nog geen plan om over te nemen of te delen.")]),
    };
    match read {
        Ok(steps) => {
            app.store().add_steps(&permit, &steps, None, &recorder(&who), now).await?;
            Ok(done(&format!("/patienten/{id}/overnemen"), Notice::Onward))
        }
        Err(errors) => {
            let page = view(&app, &who, &id, &fields, errors).await?;
            Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}
