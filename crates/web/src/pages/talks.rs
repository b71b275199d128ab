//! `/patienten/{id}/gesprekken`: prepare a conversation (PROCESS V1 to V5), hold it (G1 to G4), and what is known
//! already, first. The report has a page of its own (`verslag`), and so has the guide (`gesprekswijzer`).

pub mod fields;
pub mod forms;
pub mod guide;
pub mod known;
pub mod letter;
pub mod report;
pub mod support;

use super::author::recorder;
use super::field::Problem;
use super::frame::{Frame, Notice, Tab};
use super::render::{Answer, Told, done, show};
use super::rows::leaves;
use super::work::task;
use crate::access::{ask, patient_id, quietly};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State as Has};
use axum::http::StatusCode;
use domain::access::Action;
use domain::ident::PatientId;
use domain::path::given::obstacle;
use domain::path::{What, planned, stands};
use domain::patient::Patient;
use domain::plan::CurrentPlan;
use domain::talk;
use domain::talk::Appointment;
use domain::task::Kind;
use forms::{AppointmentForm, AttentionForm, FactForm, OffForm, SupportForm};
use jiff::civil::Date;
use known::Known;
use store::preparations::Preparation;
use support::RequestView;

/// Somebody else wrote meanwhile.
const MEANWHILE: &str = "Iemand anders legde hier intussen iets vast. Lees wat er veranderde. Wat u typte staat er nog; klopt het nog, bevestig het dan opnieuw.";

/// The page.
#[derive(Template)]
#[template(path = "talks/page.html")]
pub struct TalksPage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// Where the patient stands, in a sentence.
    pub state: String,
    /// Number of the last step that this page shows.
    pub seen: u32,
    /// What is known already.
    pub known: Known,
    /// The appointment that stands.
    pub next: Option<NextView>,
    /// To plan one, or to move it.
    pub appointment: Option<AppointmentForm>,
    /// It does not take place.
    pub off: Option<OffForm>,
    /// To say what asks for attention.
    pub attention: Option<AttentionForm>,
    /// To write down what was said.
    pub fact: Option<FactForm>,
    /// Questions for support, newest first.
    pub requests: Vec<RequestView>,
    /// To ask for support.
    pub support: Option<SupportForm>,
    /// Reports, newest first.
    pub reports: Vec<report::ReportView>,
    /// May this person report a conversation?
    pub may_report: bool,
    /// The part that failed is open.
    pub tried: String,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

impl TalksPage {
    /// Is a report what is to be written next, rather than an appointment made?
    fn report_first(&self) -> bool {
        self.next.is_some()
    }
}

/// The appointment that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextView {
    /// Day and hour.
    pub when: String,
    /// The rest, each in a sentence.
    pub lines: Vec<String>,
    /// What to bring, in the words of the letter.
    pub bring: Option<String>,
    /// Its day is over.
    pub over: bool,
    /// What helps, for whoever prepares it.
    pub helps: Vec<String>,
    /// Where its letter is; absent where nobody may print it, or its day is over.
    pub letter: Option<String>,
}

/// Everything that the pages of conversations read.
pub struct Room {
    app: App,
    who: SignedIn,
    id: PatientId,
    patient: Patient,
    plan: Option<CurrentPlan>,
    path: store::path::Path,
    prepared: Vec<Preparation>,
    today: Date,
}

impl Room {
    /// Reads it, with leave to see the plan.
    ///
    /// # Errors
    /// [`PageError`] for who may not, and where the store fails.
    pub async fn enter(app: &App, who: &SignedIn, id: &PatientId) -> Result<Self, PageError> {
        let now = app.clock().now();
        let permit = ask(app, &who.actor, Action::ReadPlan, id).await?;
        let record = app.store().read(&permit, now, "path").await?.ok_or(PageError::Forbidden)?;
        let path = app.store().path(&permit, now).await?;
        // What was prepared is for who may hold the conversation.
        let prepared = match quietly(app, &who.actor, Action::Converse, id).await? {
            Some(permit) => app.store().preparations(&permit, now).await?,
            None => Vec::new(),
        };
        Ok(Self {
            app: app.clone(),
            who: who.clone(),
            id: id.clone(),
            patient: record.patient.patient,
            plan: record.plan,
            path,
            prepared,
            today: app.clock().today(),
        })
    }

    fn seen(&self) -> u32 {
        self.path.steps.last().map_or(0, |s| s.number)
    }

    fn known(&self) -> Known {
        Known::of(&self.id, &self.path, self.plan.as_ref(), self.today).with(&self.prepared).without_taking()
    }

    fn frame(&self, title: &str, tab: Tab) -> Frame {
        Frame::about(&self.app, &self.who, title, &self.id, &self.patient, tab)
    }
}

/// The appointment as the page shows it.
pub fn next_view(id: &PatientId, next: &Appointment, helps: Vec<String>, today: Date, may_print: bool) -> NextView {
    let over = next.on < today;
    let lines = Appointment { at: None, ..next.clone() }.lines();
    NextView {
        when: next.when(),
        lines,
        bring: next.bring.clone(),
        over,
        helps,
        letter: (may_print && !over).then(|| format!("/patienten/{id}/gesprekken/uitnodiging.pdf")),
    }
}

async fn view(room: &Room, fields: &Fields, errors: Vec<Problem>) -> Result<TalksPage, PageError> {
    let actions = [Action::FollowUp, Action::Converse, Action::Print];
    let [follows, converses, prints] = leaves(&room.app, &room.who.actor, actions, &room.id).await?;
    let past = room.path.past();
    let state = stands(past, room.today);
    let alive = obstacle(state, &What::TakenUp).is_none();
    let (may_follow, may_converse) = (follows.is_some() && alive, converses.is_some() && alive);
    let next = planned(past).filter(|_| alive);
    let steps = &room.path.steps;
    let attention = talk::attention(steps).map(|(_, a)| a.clone()).unwrap_or_default();
    let of_team = match &converses {
        Some(permit) if alive => task::choices(&room.app, permit, Kind::Support).await?,
        _ => Vec::new(),
    };
    Ok(TalksPage {
        frame: room.frame("Gesprekken", Tab::Talks).failing(!errors.is_empty()),
        id: room.id.to_string(),
        state: state.sentence(),
        seen: room.seen(),
        known: room.known(),
        next: next.map(|a| next_view(&room.id, a, attention.helps(), room.today, prints.is_some())),
        appointment: may_follow.then(|| forms::appointment(next, &room.who.actor, fields, &errors)),
        off: (may_follow && next.is_some()).then(|| forms::off(fields, &errors)),
        attention: may_follow.then(|| forms::attention(&attention, fields, &errors)),
        fact: may_follow.then(|| forms::fact(fields, &errors)),
        requests: support::views(steps, may_converse, fields, &errors),
        support: may_converse.then(|| forms::support(of_team, room.who.actor.role, fields, &errors)),
        reports: talk::reports(steps).into_iter().map(|(step, r)| report::view_of(step, r)).collect(),
        may_report: may_converse,
        tried: fields.get("doe").to_owned(),
        errors,
    })
}

/// `GET /patienten/{id}/gesprekken`.
pub async fn get(Has(app): Has<App>, who: SignedIn, Path(id): Path<String>, Query(told): Query<Told>) -> Answer {
    let room = Room::enter(&app, &who, &patient_id(&id)?).await?;
    let mut page = view(&room, &Fields::default(), Vec::new()).await?;
    page.frame = page.frame.told(&told);
    Ok(show(StatusCode::OK, &page))
}

/// What may be written here, and the leave that each takes.
fn action(doe: &str) -> Option<Action> {
    match doe {
        "afspraak" | "afzeggen" | "aandacht" | "feit" => Some(Action::FollowUp),
        "steun" | "antwoord" | "gelezen" => Some(Action::Converse),
        _ => None,
    }
}

/// What happened, with the day it is about; or what is wrong with it.
type Happened = Result<(Date, What), Vec<Problem>>;

fn read(room: &Room, fields: &Fields, of_team: &[super::field::Choice]) -> Happened {
    let (past, today) = (room.path.past(), room.today);
    let on_day = |what: Result<What, Vec<Problem>>| what.map(|what| (today, what));
    match fields.get("doe") {
        "afspraak" => on_day(fields::appointment(fields, today)),
        "afzeggen" if planned(past).is_none() => Err(vec![Problem::whole("Er staat geen gesprek gepland.")]),
        "afzeggen" => on_day(fields::off(fields)),
        "aandacht" => on_day(fields::attention(fields)),
        "feit" => fields::fact(fields, today),
        "steun" => on_day(fields::support(fields, of_team, today)),
        _ => on_day(support::read(&room.path.steps, fields)),
    }
}

/// `POST /patienten/{id}/gesprekken`.
pub async fn post(Has(app): Has<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    let id = patient_id(&id)?;
    let doe = fields.get("doe");
    let action = action(doe);
    let permit = ask(&app, &who.actor, action.unwrap_or(Action::FollowUp), &id).await?;
    if action.is_none() {
        return Err(PageError::BadRequest("Gebruik een van de knoppen op de bladzijde.".to_owned()));
    }
    let room = Room::enter(&app, &who, &id).await?;
    let again = async |room: &Room, status, errors| -> Answer { Ok(show(status, &view(room, &fields, errors).await?)) };
    if let Some(sentence) = obstacle(stands(room.path.past(), room.today), &What::TakenUp) {
        return again(&room, StatusCode::CONFLICT, vec![Problem::whole(sentence)]).await;
    }
    let of_team = if doe == "steun" { task::choices(&app, &permit, Kind::Support).await? } else { Vec::new() };
    let happened = match read(&room, &fields, &of_team) {
        Ok(happened) => happened,
        Err(errors) => {
            let gone = errors.iter().all(|e| e.field.is_empty());
            let status = if gone { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            return again(&room, status, errors).await;
        }
    };
    // Two may write down what they heard at once; whatever changes what is there is done after reading it.
    let seen = (doe != "feit").then(|| fields.get("gezien").parse().unwrap_or(0));
    let now = app.clock().now();
    if app.store().add_steps(&permit, &[happened], seen, &recorder(&who), now).await?.is_some() {
        return Ok(done(&format!("/patienten/{id}/gesprekken"), Notice::PathKept));
    }
    let room = Room::enter(&app, &who, &id).await?;
    again(&room, StatusCode::CONFLICT, vec![Problem::whole(MEANWHILE)]).await
}
