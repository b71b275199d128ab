//! `/patienten/{id}/verloop`: what happened to the patient (PROCESS E1, E4; decision 22): changes, diagnoses, capacity,
//! admission, discharge and moving, home care, treatment that goes on, and death.

mod forms;
mod read;
mod rows;

pub use forms::{KindForm, aftercare_form, kind_forms};
pub use rows::{CourseRow, HappenedRow, courses, happened};

use super::author::recorder;
use super::care_team::propose_by_place;
use super::field::{Field, Problem};
use super::frame::{Frame, Notice, Tab};
use super::render::{Answer, Told, done, show};
use super::rows::leaves;
use crate::access::{ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State as Has};
use axum::http::StatusCode;
use domain::access::{Action, Permit};
use domain::happening::given::Known;
use domain::happening::{Kind, death, is_death, is_move, taken_back};
use domain::ident::PatientId;
use domain::path::given::obstacle;
use domain::path::{What, stands};
use domain::patient::Patient;
use domain::plan::CurrentPlan;
use domain::words;
use jiff::civil::Date;

/// Somebody else wrote meanwhile.
const MEANWHILE: &str = "Iemand anders legde hier intussen iets vast. Lees wat er veranderde. Wat u typte staat er nog; klopt het nog, leg het dan opnieuw vast.";

/// The page.
#[derive(Template)]
#[template(path = "course.html")]
pub struct CoursePage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// Where the patient stands, in a sentence.
    pub state: String,
    /// Where the patient is, by the record.
    pub living: Option<&'static str>,
    /// Number of the last step that this page shows.
    pub seen: u32,
    /// One form for each kind of thing that may be told here.
    pub forms: Vec<KindForm>,
    /// Treatment and care that goes on.
    pub courses: Vec<CourseRow>,
    /// Day and words of a talk with those who stay behind; absent: nobody died, or not for this person.
    pub aftercare: Option<[Field; 2]>,
    /// What happened, newest first.
    pub happened: Vec<HappenedRow>,
    /// The part that failed is open.
    pub tried: String,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// Everything that the page reads.
struct Room {
    patient: Patient,
    plan: Option<CurrentPlan>,
    path: store::path::Path,
    today: Date,
}

impl Room {
    async fn enter(app: &App, who: &SignedIn, id: &PatientId) -> Result<Self, PageError> {
        let now = app.clock().now();
        let permit = ask(app, &who.actor, Action::ReadPlan, id).await?;
        let record = app.store().read(&permit, now, "happening").await?.ok_or(PageError::Forbidden)?;
        let path = app.store().path(&permit, now).await?;
        Ok(Self { patient: record.patient.patient, plan: record.plan, path, today: app.clock().today() })
    }

    fn known(&self) -> Known<'_> {
        let content = self.plan.as_ref().map(|p| &p.content);
        Known {
            today: self.today,
            steps: &self.path.steps,
            last_talk: self.path.spoken.as_ref().map(domain::path::Spoken::last),
            wished: content.and_then(|c| c.place_of_death.value()).map(|p| p.place),
            living: self.patient.living,
        }
    }

    fn seen(&self) -> u32 {
        self.path.steps.last().map_or(0, |s| s.number)
    }
}

async fn view(
    app: &App,
    who: &SignedIn,
    id: &PatientId,
    room: &Room,
    fields: &Fields,
    errors: Vec<Problem>,
) -> Result<CoursePage, PageError> {
    let [follows, corrects] = leaves(app, &who.actor, [Action::FollowUp, Action::CorrectPatient], id).await?;
    let state = stands(room.path.past(), room.today);
    let alive = obstacle(state, &What::TakenUp).is_none();
    let draft = room.path.draft_since.map(words::day);
    let may = |kind: &Kind| alive && if *kind == Kind::Died { corrects.is_some() } else { follows.is_some() };
    let kinds: Vec<Kind> = Kind::ALL.iter().copied().filter(may).collect();
    let steps = &room.path.steps;
    Ok(CoursePage {
        frame: Frame::about(app, who, "Verloop", id, &room.patient, Tab::Course).failing(!errors.is_empty()),
        id: id.to_string(),
        state: state.sentence(),
        living: room.patient.living.filter(|_| alive).map(domain::patient::Living::dutch),
        seen: room.seen(),
        forms: kind_forms(&kinds, steps, draft.as_deref(), fields, &errors),
        courses: courses(steps, room.today, follows.is_some() && alive, fields, &errors),
        aftercare: (follows.is_some() && death(steps).is_some()).then(|| aftercare_form(fields, &errors)),
        happened: happened(steps, corrects.is_some(), fields, &errors),
        tried: fields.get("doe").to_owned(),
        errors,
    })
}

/// `GET /patienten/{id}/verloop`.
pub async fn get(Has(app): Has<App>, who: SignedIn, Path(id): Path<String>, Query(told): Query<Told>) -> Answer {
    let id = patient_id(&id)?;
    let room = Room::enter(&app, &who, &id).await?;
    let mut page = view(&app, &who, &id, &room, &Fields::default(), Vec::new()).await?;
    page.frame = page.frame.told(&told);
    Ok(show(StatusCode::OK, &page))
}

/// What may be written here, and the leave that each takes.
fn action(doe: &str) -> Option<Action> {
    match (Kind::of_code(doe), doe) {
        (Some(Kind::Died), _) | (None, "terug") => Some(Action::CorrectPatient),
        (Some(_), _) | (None, "gestopt" | "nagesprek") => Some(Action::FollowUp),
        (None, _) => None,
    }
}

/// What to tell of what was just written.
fn notice(room: &Room, what: &What) -> Notice {
    let touched = taken_back(&room.path.steps, what);
    match what {
        What::Happened(happened) if happened.takes_correction() && !is_death(what) => Notice::TakenBack,
        what if is_death(what) => Notice::DeathKept,
        _ if touched.is_some_and(is_move) => Notice::HappenedElsewhere,
        _ => Notice::Happened,
    }
}

/// A change of place proposes the change of lead.
async fn moved(app: &App, permit: &Permit, room: &Room) -> Result<(), PageError> {
    let now = app.clock().now();
    let record = app.store().read_patient(permit, now, "happening").await?.ok_or(PageError::Forbidden)?;
    if let Some(living) = record.patient.living.filter(|living| Some(*living) != room.patient.living) {
        let reason = format!("De patiënt is nu hier: {}.", living.dutch());
        propose_by_place(app, permit, &record.patient, &reason).await?;
    }
    Ok(())
}

/// `POST /patienten/{id}/verloop`.
pub async fn post(Has(app): Has<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    let id = patient_id(&id)?;
    let action = action(fields.get("doe"));
    let permit = ask(&app, &who.actor, action.unwrap_or(Action::FollowUp), &id).await?;
    if action.is_none() {
        return Err(PageError::BadRequest("Gebruik een van de knoppen op de bladzijde.".to_owned()));
    }
    let room = Room::enter(&app, &who, &id).await?;
    let again = async |room: &Room, status, errors| -> Answer {
        Ok(show(status, &view(&app, &who, &id, room, &fields, errors).await?))
    };
    let (day, what) = match read::happened(&fields, room.known()) {
        Ok(happened) => happened,
        Err(errors) => return again(&room, StatusCode::UNPROCESSABLE_ENTITY, errors).await,
    };
    if let Some(sentence) = obstacle(stands(room.path.past(), room.today), &what) {
        return again(&room, StatusCode::CONFLICT, vec![Problem::whole(sentence)]).await;
    }
    let seen = Some(fields.get("gezien").parse().unwrap_or(0));
    let told = notice(&room, &what);
    let touches_place = taken_back(&room.path.steps, &what).is_some_and(is_move);
    let now = app.clock().now();
    if app.store().add_steps(&permit, &[(day, what)], seen, &recorder(&who), now).await?.is_some() {
        if touches_place {
            moved(&app, &permit, &room).await?;
        }
        return Ok(done(&format!("/patienten/{id}/verloop"), told));
    }
    let room = Room::enter(&app, &who, &id).await?;
    again(&room, StatusCode::CONFLICT, vec![Problem::whole(MEANWHILE)]).await
}
