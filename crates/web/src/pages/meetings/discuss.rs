//! `/overleg/{overleg}/patient/{id}`: one patient of the list: what is known in short, what was decided, and the
//! samenwerkingsplan.

use super::fields::{discussed_typed, head_problems};
use super::form::{DiscussForm, begins, discuss_form};
use super::said::{Said, task_views};
use super::{find, may_call};
use crate::access::{ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::pages::author::recorder;
use crate::pages::care_team::{Names, leads_sentence};
use crate::pages::field::{Choice, Problem};
use crate::pages::frame::{Frame, Link, Notice, Tab};
use crate::pages::render::{Answer, Told, done, show};
use crate::pages::rows::leaves;
use crate::pages::work::task;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::access::{Action, Permit};
use domain::ident::PatientId;
use domain::meeting::given::{discussed as read, events};
use domain::meeting::{discussed, last_event};
use domain::path::stands;
use domain::plan::sum_up;
use domain::task::Kind;
use domain::words;
use store::meetings::Called;

/// Somebody else wrote meanwhile.
const MEANWHILE: &str = "Iemand anders legde hier intussen iets vast. Lees wat er veranderde. Wat u typte staat er nog; klopt het nog, bevestig het dan opnieuw.";

/// The page.
#[derive(Template)]
#[template(path = "meetings/discuss.html")]
pub struct DiscussPage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Its own address.
    pub here: String,
    /// Kind and day of the meeting.
    pub title: String,
    /// Number of the last step of this meeting that this page shows.
    pub seen: u32,
    /// What is known in short.
    pub known: Known,
    /// What this meeting said.
    pub said: Option<Said>,
    /// What earlier meetings decided, newest first.
    pub earlier: Vec<String>,
    /// To write it down.
    pub form: Option<DiscussForm>,
    /// The meeting is still to come.
    pub to_come: bool,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// What is known of a patient in short.
#[derive(Debug, Clone)]
pub struct Known {
    /// Where the patient stands.
    pub state: String,
    /// Who leads.
    pub leads: String,
    /// The last conversation.
    pub last: String,
    /// The plan in a sentence, and where it is.
    pub plan: Option<(String, Link)>,
}

/// Everything that the page reads.
struct Room {
    app: App,
    who: SignedIn,
    called: Called,
    id: PatientId,
    record: store::plans::Record,
    path: store::path::Path,
    leads: String,
    /// Who leads, as the choices of the page call them.
    lead: Option<String>,
}

impl Room {
    async fn enter(app: &App, who: &SignedIn, called: Called, id: PatientId) -> Result<Self, PageError> {
        let now = app.clock().now();
        let permit = ask(app, &who.actor, Action::ReadPlan, &id).await?;
        if !app.store().listed(&called.id).await?.iter().any(|l| l.patient == id) {
            return Err(PageError::NotFound);
        }
        let record = app.store().read(&permit, now, "meeting").await?.ok_or(PageError::Forbidden)?;
        let path = app.store().path(&permit, now).await?;
        let all = app.store().leads(&permit, now).await?;
        let names = Names::of(app);
        let leads = leads_sentence(&names, &all, now).await?.0;
        let lead = match all.now() {
            Some(lead) => Some(names.candidate(&lead.candidate).await?),
            None => None,
        };
        Ok(Self { app: app.clone(), who: who.clone(), called, id, record, path, leads, lead })
    }

    fn seen(&self) -> u32 {
        last_event(&self.path.steps, &self.called.id)
    }

    fn known(&self) -> Known {
        let today = self.app.clock().today();
        let last = self.path.spoken.as_ref().map(domain::path::Spoken::last);
        let sum = |content| {
            (sum_up(content, Some(today)), Link::to(format!("/patienten/{}/plan", self.id), "Lees het hele plan"))
        };
        Known {
            state: stands(self.path.past(), today).sentence(),
            leads: self.leads.clone(),
            last: last.map_or_else(
                || "Er is nog geen gesprek vastgelegd.".to_owned(),
                |day| format!("Het laatste gesprek was op {} ({}).", words::day(day), words::age(day, today)),
            ),
            plan: self.record.plan.as_ref().map(|p| sum(&p.content)),
        }
    }

    /// May this person write here, and with whom of the team?
    async fn writes(&self) -> Result<Option<Vec<Choice>>, store::Error> {
        let [leave] = leaves(&self.app, &self.who.actor, [Action::Converse], &self.id).await?;
        match leave {
            Some(permit) if may_call(&self.who) && !self.is_to_come() && !self.is_dead() => {
                Ok(Some(task::choices(&self.app, &permit, Kind::Agreed).await?))
            }
            _ => Ok(None),
        }
    }

    fn is_to_come(&self) -> bool {
        self.called.meeting.on > self.app.clock().today()
    }

    fn is_dead(&self) -> bool {
        self.path.died_on.is_some()
    }

    async fn view(&self, fields: Option<&Fields>, errors: Vec<Problem>) -> Result<DiscussPage, PageError> {
        let steps = &self.path.steps;
        let all = discussed(steps);
        let said = all.iter().find(|(_, d)| d.meeting == self.called.id).copied();
        let earlier = all.iter().filter(|(_, d)| d.meeting != self.called.id);
        let meeting = &self.called.meeting;
        let form = self.writes().await?.map(|team| {
            let begin = begins(said.map(|(_, d)| d), meeting, &team, self.lead.as_deref());
            let tasks = task_views(steps, |_| false);
            discuss_form(meeting, &team, &tasks, fields.unwrap_or(&begin), &errors)
        });
        let here = format!("/overleg/{}", self.called.id);
        Ok(DiscussPage {
            frame: Frame::about(
                &self.app,
                &self.who,
                "Overleg over een patiënt",
                &self.id,
                &self.record.patient.patient,
                Tab::Beneath,
            )
            .back_to(here.clone(), "Het overleg")
            .failing(!errors.is_empty()),
            here: format!("{here}/patient/{}", self.id),
            title: meeting.title(),
            seen: self.seen(),
            known: self.known(),
            said: said.map(|(step, d)| Said::of(step, d, steps)),
            earlier: earlier
                .map(|(step, d)| format!("{}, {}: {}", d.kind.short(), words::day(step.day), d.sentence()))
                .collect(),
            form,
            to_come: self.is_to_come(),
            errors,
        })
    }
}

/// `GET /overleg/{overleg}/patient/{id}`.
pub async fn get(
    State(app): State<App>,
    who: SignedIn,
    Path((overleg, id)): Path<(String, String)>,
    Query(told): Query<Told>,
) -> Answer {
    let called = find(&app, &who, &overleg).await?;
    let room = Room::enter(&app, &who, called, patient_id(&id)?).await?;
    let mut page = room.view(None, Vec::new()).await?;
    page.frame = page.frame.told(&told);
    Ok(show(StatusCode::OK, &page))
}

/// `POST /overleg/{overleg}/patient/{id}`.
pub async fn post(
    State(app): State<App>,
    Path((overleg, id)): Path<(String, String)>,
    SignedForm { who, fields }: SignedForm,
) -> Answer {
    let called = find(&app, &who, &overleg).await?;
    let id = patient_id(&id)?;
    let permit: Permit = ask(&app, &who.actor, Action::Converse, &id).await?;
    let room = Room::enter(&app, &who, called, id).await?;
    let again =
        async |room: &Room, status, errors| -> Answer { Ok(show(status, &room.view(Some(&fields), errors).await?)) };
    if room.is_to_come() || room.is_dead() {
        let sentence = if room.is_dead() {
            "De patiënt is overleden. Hier wordt niets meer vastgelegd."
        } else {
            "Dit overleg is nog niet geweest. Leg besluiten vast op de dag zelf, of daarna."
        };
        return again(&room, StatusCode::CONFLICT, vec![Problem::whole(sentence)]).await;
    }
    let team = task::choices(&app, &permit, Kind::Agreed).await?;
    let meeting = &room.called.meeting;
    let offered: Vec<String> = meeting.attends.iter().map(|a| a.words.clone()).collect();
    let given = discussed_typed(&fields, &offered, &team);
    let (said, tasks) = match read(&given, &room.called.id, meeting, app.clock().today()) {
        Ok(read) => read,
        Err(flaws) => return again(&room, StatusCode::UNPROCESSABLE_ENTITY, head_problems(flaws)).await,
    };
    let steps = &room.path.steps;
    let before = discussed(steps).into_iter().find(|(_, d)| d.meeting == room.called.id).map(|(_, d)| d);
    let open = domain::meeting::open(steps);
    let dropped: Vec<u32> = fields
        .all("vervalt")
        .filter_map(|n| n.parse().ok())
        .filter(|n| open.iter().any(|t| t.step.number == *n))
        .collect();
    let events = events(before, said, tasks, &dropped);
    let here = format!("/overleg/{}/patient/{}", room.called.id, room.id);
    let seen = fields.get("gezien").parse().unwrap_or(u32::MAX);
    let (on, now) = (meeting.on, app.clock().now());
    if events.is_empty()
        || app.store().decide(&permit, &room.called.id, on, &events, seen, &recorder(&who), now).await?
    {
        return Ok(done(&here, Notice::MeetingSaid));
    }
    let room = Room::enter(&app, &who, room.called, room.id).await?;
    again(&room, StatusCode::CONFLICT, vec![Problem::whole(MEANWHILE)]).await
}
