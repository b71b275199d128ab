//! `/patienten/{id}/gesprekken/verslag`: the report of a conversation (G2), what remains to be talked about (G4), and in
//! one go the further appointment.

use super::fields::has;
use super::forms::{AppointmentForm, appointment_of, introduced};
use super::guide::{GUIDE, Guide};
use super::known::Known;
use super::{MEANWHILE, Room, fields};
use crate::access::{ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::pages::author::recorder;
use crate::pages::dutch::date_to_type;
use crate::pages::field::{Choice, Field, Problem};
use crate::pages::frame::{Frame, Notice, Tab};
use crate::pages::render::{Answer, done, show};
use crate::pages::signals::Tick;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::access::Action;
use domain::date::FhirDateTime;
use domain::path::given::obstacle;
use domain::path::{Step, What, planned, stands};
use domain::plan::TopicId;
use domain::talk::{LeftOpen, Place, Report, still_open};
use domain::words;

/// The page.
#[derive(Template)]
#[template(path = "talks/report.html")]
pub struct ReportPage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// Number of the last step that this page shows.
    pub seen: u32,
    /// What is known already.
    pub known: Known,
    /// The guide.
    pub guide: Guide,
    /// The day.
    pub on: Field,
    /// How long it lasted, and where.
    pub how: [Field; 2],
    /// The patient and the representative.
    pub who: Vec<Tick>,
    /// The others.
    pub others: Field,
    /// The four letters.
    pub soep: [Field; 4],
    /// Topics of the form that remain.
    pub topics: Vec<Tick>,
    /// Some of them remain.
    pub topics_open: bool,
    /// What else remains.
    pub left_open: Field,
    /// The further appointment.
    pub next: AppointmentForm,
    /// Something of it was filled in.
    pub next_open: bool,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// A report, as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportView {
    /// Its number.
    pub number: u32,
    /// The day.
    pub day: String,
    /// Who was there.
    pub who: String,
    /// The letters that say something: letter, what it stands for, words.
    pub soep: Vec<(&'static str, &'static str, String)>,
    /// What remained.
    pub left_open: Vec<String>,
    /// By whom.
    pub by: String,
}

/// What a letter stands for.
fn stands_for(letter: &str) -> &'static str {
    match letter {
        "S" => "wat de patiënt en naasten zeggen",
        "O" => "wat u zag en wist",
        "E" => "wat u daaruit opmaakt",
        _ => "wat is afgesproken of voorgesteld",
    }
}

/// Who was there, how long it lasted and where.
fn who_and_how(report: &Report) -> String {
    let minutes = report.minutes.map(|m| format!("{m} minuten"));
    let place = report.place.filter(|p| *p != Place::Other).map(|p| p.dutch().to_owned());
    [Some(report.attended.sentence()), minutes, place].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// A report for the list.
pub fn view_of(step: &Step, report: &Report) -> ReportView {
    let letter = |(letter, said): (&'static str, &str)| (letter, stands_for(letter), said.to_owned());
    ReportView {
        number: step.number,
        day: words::day(step.day),
        who: words::capitalised(&who_and_how(report)),
        soep: report.soep().into_iter().map(letter).collect(),
        left_open: report.left_open.iter().map(|l| words::capitalised(&l.words())).collect(),
        by: step.by.name.clone(),
    }
}

/// What the form begins with: the appointment that was for now, and what the last conversation left.
fn begins(room: &Room) -> Fields {
    let mut fields: Vec<(&str, String)> = Vec::new();
    let next = planned(room.path.past()).filter(|a| a.on <= room.today);
    if let Some(next) = next {
        fields.push(("verslag-dag", date_to_type(&FhirDateTime::of_day(next.on))));
        fields.extend(next.place.map(|place| ("waar", place.code().to_owned())));
    }
    let people = next.map(|a| [a.team.as_slice(), &a.wished].concat()).unwrap_or_default();
    fields.push(("wie", "patient".to_owned()));
    let people = if people.is_empty() { vec![introduced(&room.who.actor)] } else { people };
    fields.push(("wie-anders", people.join("\n")));
    let mut words = Vec::new();
    for open in still_open(&room.path.steps, room.plan.as_ref().map(|p| &p.content)) {
        match open.what {
            LeftOpen::Topic(topic) => fields.push(("onderwerp", topic.number().to_owned())),
            LeftOpen::Words(text) => words.push(text),
        }
    }
    fields.push(("verder", words.join("\n")));
    fields.push(("afspraak-zorg", introduced(&room.who.actor)));
    Fields(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// Where a conversation may be held.
fn places() -> Vec<Choice> {
    let mut all = vec![Choice::of("", "Niet ingevuld")];
    all.extend(Place::ALL.iter().map(|p| Choice::of(p.code(), words::capitalised(p.dutch()))));
    all
}

/// The form, with what was typed.
pub fn form(frame: Frame, id: String, known: Known, seen: u32, typed: &Fields, errors: Vec<Problem>) -> ReportPage {
    let area =
        |name: &str, label: &str, hint: &str| Field::area(name, label, typed.get(name)).hint(hint).checked(&errors);
    let letter = |letter: &str| {
        let name = format!("soep-{}", letter.to_lowercase());
        let label = format!("{letter}: {}", stands_for(letter));
        match letter {
            "P" => area(
                &name,
                &label,
                "Ook een voorstel voor een behandelgrens mag hier. Het telt pas als het in het plan staat en een arts het vaststelt.",
            ),
            _ => Field::area(&name, &label, typed.get(&name)).checked(&errors),
        }
    };
    let tick = |name: &str, value: &'static str, label: String| Tick {
        value: value.into(),
        label,
        on: has(typed, name, value),
    };
    let topics: Vec<Tick> = TopicId::FORM
        .into_iter()
        .filter(|t| *t != TopicId::Attendance)
        .map(|t| tick("onderwerp", t.number(), words::title(t).to_owned()))
        .collect();
    ReportPage {
        frame: frame.failing(!errors.is_empty()),
        id,
        seen,
        known,
        guide: GUIDE,
        on: Field::short("verslag-dag", "Wanneer was het gesprek? (leeg: vandaag)", typed.get("verslag-dag"))
            .hint("Bijvoorbeeld 08-11-2026.")
            .checked(&errors),
        how: [
            Field::shorter("minuten", "Hoe lang duurde het, in minuten? (mag leeg)", typed.get("minuten"))
                .digits()
                .checked(&errors),
            Field::select("waar", "Waar was het? (mag leeg)", typed.get("waar"), places()).checked(&errors),
        ],
        who: vec![
            tick("wie", "patient", "De patiënt".to_owned()),
            tick("wie", "representative", "De vertegenwoordiger".to_owned()),
        ],
        others: area("wie-anders", "Wie waren er nog meer bij?", "Op elke regel één, met naam en wie het is."),
        soep: ["S", "O", "E", "P"].map(letter),
        topics_open: topics.iter().any(|t| t.on),
        topics,
        left_open: area(
            "verder",
            "Wat moet u verder nog bespreken?",
            "Op elke regel één. U ziet het terug bij het volgende gesprek.",
        ),
        next: appointment_of(typed, false, &errors),
        next_open: ["afspraak-dag", "afspraak-tijd"].iter().any(|n| typed.filled(n).is_some())
            || errors.iter().any(|e| e.field.starts_with("afspraak")),
        errors,
    }
}

fn page(room: &Room, typed: &Fields, errors: Vec<Problem>) -> ReportPage {
    let frame = room
        .frame("Verslag van een gesprek", Tab::Beneath)
        .back_to(format!("/patienten/{}/gesprekken", room.id), "Terug naar de gesprekken");
    form(frame, room.id.to_string(), room.known(), room.seen(), typed, errors)
}

/// `GET /patienten/{id}/gesprekken/verslag`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>) -> Answer {
    let id = patient_id(&id)?;
    ask(&app, &who.actor, Action::Converse, &id).await?;
    let room = Room::enter(&app, &who, &id).await?;
    Ok(show(StatusCode::OK, &page(&room, &begins(&room), Vec::new())))
}

/// `POST /patienten/{id}/gesprekken/verslag`.
pub async fn post(State(app): State<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::Converse, &id).await?;
    let room = Room::enter(&app, &who, &id).await?;
    let again =
        |room: &Room, status, errors| -> Result<_, PageError> { Ok(show(status, &page(room, &fields, errors))) };
    if let Some(sentence) = obstacle(stands(room.path.past(), room.today), &What::TakenUp) {
        return again(&room, StatusCode::CONFLICT, vec![Problem::whole(sentence)]);
    }
    let steps = match fields::report(&fields, room.today) {
        Ok(steps) => steps,
        Err(errors) => return again(&room, StatusCode::UNPROCESSABLE_ENTITY, errors),
    };
    let seen = fields.get("gezien").parse().unwrap_or(0);
    let now = app.clock().now();
    if app.store().add_steps(&permit, &steps, Some(seen), &recorder(&who), now).await?.is_some() {
        return Ok(done(&format!("/patienten/{id}/gesprekken"), Notice::Reported));
    }
    let room = Room::enter(&app, &who, &id).await?;
    again(&room, StatusCode::CONFLICT, vec![Problem::whole(MEANWHILE)])
}
