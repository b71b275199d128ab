//! `/overleg/{overleg}`: one meeting with its list. Who is on it is read by a permit each; of those whom this person may not
//! see only their number is told.

use super::said::task_views;
use super::{facts, find, may_call};
use crate::access::{ask, quietly};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::pages::caseload::{Found, Wanted, named_in_caseload, search_fields};
use crate::pages::dutch;
use crate::pages::field::{Field, Problem};
use crate::pages::frame::{Frame, Notice, Place};
use crate::pages::patient::Fact;
use crate::pages::patients::throttled;
use crate::pages::render::{Answer, Told, done, show};
use crate::pages::rows::leaves;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::access::Action;
use domain::ident::PatientId;
use domain::meeting::discussed;
use domain::path::stands;
use domain::words;
use store::meetings::Called;
use store::patients::PatientRecord;

/// Patients on one list.
const LONGEST: usize = 60;
/// Candidates shown at once.
const PROPOSED: usize = 30;

/// The page.
#[derive(Template)]
#[template(path = "meetings/one.html")]
pub struct MeetingPage {
    /// Title, menu.
    pub frame: Frame,
    /// Its own address.
    pub here: String,
    /// Kind and day.
    pub title: String,
    /// When, where, who.
    pub facts: Vec<Fact>,
    /// Its list, as far as this person may see who is on it.
    pub rows: Vec<RowView>,
    /// What is told of the others.
    pub hidden: Option<String>,
    /// Whom to put on the list.
    pub candidates: Vec<Candidate>,
    /// Whom a search by name found.
    pub found: Option<Found<Candidate>>,
    /// To search by name.
    pub search: [Field; 2],
    /// May this person put patients on the list?
    pub may_list: bool,
    /// May this person change the meeting?
    pub may_change: bool,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// A patient on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowView {
    /// Id in forms, to take them off.
    pub id: String,
    /// Name as one says it.
    pub name: String,
    /// Birth date and age.
    pub born: String,
    /// Where the patient stands.
    pub state: String,
    /// What was decided.
    pub said: Option<String>,
    /// How many tasks wait.
    pub open: String,
    /// Where it is discussed.
    pub href: String,
    /// May they be taken off the list?
    pub may_remove: bool,
}

/// Somebody to put on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Value sent.
    pub id: String,
    /// Name and birth date.
    pub name: String,
    /// Why.
    pub why: String,
}

/// The rows that this person may see, and how many there are beside.
async fn rows(app: &App, who: &SignedIn, called: &Called) -> Result<(Vec<RowView>, usize), PageError> {
    let (now, today) = (app.clock().now(), app.clock().today());
    let (mut rows, mut hidden) = (Vec::new(), 0);
    for listed in app.store().listed(&called.id).await? {
        let [reads, follows] = leaves(app, &who.actor, [Action::ReadPlan, Action::FollowUp], &listed.patient).await?;
        let record = match &reads {
            Some(permit) => app.store().read_patient(permit, now, "meeting").await?,
            None => None,
        };
        let (Some(permit), Some(record)) = (reads, record.filter(|r| r.merged_into.is_none())) else {
            hidden += 1;
            continue;
        };
        let path = app.store().path(&permit, now).await?;
        let said = discussed(&path.steps).into_iter().find(|(_, d)| d.meeting == called.id);
        let open = task_views(&path.steps, |_| false).len();
        rows.push(RowView {
            id: listed.patient.to_string(),
            name: dutch::addressed(&record.patient),
            born: dutch::born(&record.patient, today),
            state: stands(path.past(), today).sentence(),
            said: said.map(|(_, d)| d.sentence()),
            open: if open == 0 { String::new() } else { words::counted(open, "open taak", "open taken") },
            href: format!("/overleg/{}/patient/{}", called.id, listed.patient),
            may_remove: follows.is_some() && !listed.decided,
        });
    }
    Ok((rows, hidden))
}

/// Whom the paths propose, but for those who are on the list.
async fn candidates(app: &App, who: &SignedIn, called: &Called) -> Result<Vec<Candidate>, store::Error> {
    let (now, today) = (app.clock().now(), app.clock().today());
    let on: Vec<PatientId> = app.store().listed(&called.id).await?.into_iter().map(|l| l.patient).collect();
    let until = called.meeting.on.max(today);
    let mut all = Vec::new();
    for candidate in app.store().meeting_candidates(&who.actor, until, PROPOSED + on.len(), now).await? {
        if all.len() == PROPOSED || on.contains(&candidate.patient) {
            continue;
        }
        let Some(permit) = quietly(app, &who.actor, Action::ReadPatient, &candidate.patient).await? else { continue };
        let Some(record) = app.store().read_patient(&permit, now, "meeting").await? else { continue };
        if record.merged_into.is_some() {
            continue;
        }
        let why = match candidate.asks {
            Some((kind, due)) => format!("{}, uiterlijk {}", kind.dutch(), words::day(due)),
            None => "terug van een eerder overleg".to_owned(),
        };
        all.push(Candidate { id: candidate.patient.to_string(), name: named(&record.patient, today), why });
    }
    Ok(all)
}

fn named(patient: &domain::patient::Patient, today: jiff::civil::Date) -> String {
    format!("{}, {}", dutch::addressed(patient), dutch::born(patient, today))
}

async fn view(
    app: &App,
    who: &SignedIn,
    called: &Called,
    fields: &Fields,
    found: Option<Found<Candidate>>,
    errors: Vec<Problem>,
) -> Result<MeetingPage, PageError> {
    let (rows, hidden) = rows(app, who, called).await?;
    let may_list = may_call(who) && rows.len() + hidden < LONGEST;
    let hidden = (hidden > 0).then(|| {
        let them = words::counted(hidden, "andere patiënt", "andere patiënten");
        let stand = if hidden == 1 { "staat" } else { "staan" };
        format!(
            "Er {stand} nog {them} op de lijst. U hebt daar geen behandelrelatie mee; daarom ziet u niet wie dat is."
        )
    });
    Ok(MeetingPage {
        frame: Frame::signed(who, "Overleg", Place::BelowMeetings)
            .back_to("/overleg", "Overleg")
            .failing(!errors.is_empty()),
        here: format!("/overleg/{}", called.id),
        title: called.meeting.title(),
        facts: facts(app, called).await?,
        candidates: if may_list { candidates(app, who, called).await? } else { Vec::new() },
        rows,
        hidden,
        found,
        search: search_fields("Achternaam, of het begin ervan", fields, &errors),
        may_list,
        may_change: may_call(who) && called.meeting.organisation == who.organisation.id,
        errors,
    })
}

/// `GET /overleg/{overleg}`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(told): Query<Told>) -> Answer {
    let called = find(&app, &who, &id).await?;
    let mut page = view(&app, &who, &called, &Fields::default(), None, Vec::new()).await?;
    page.frame = page.frame.told(&told);
    Ok(show(StatusCode::OK, &page))
}

/// `POST /overleg/{overleg}`.
pub async fn post(State(app): State<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    let called = find(&app, &who, &id).await?;
    if !may_call(&who) {
        return Err(PageError::Forbidden);
    }
    let here = format!("/overleg/{}", called.id);
    let again = async |found, problem: Option<Problem>| -> Answer {
        let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        Ok(show(status, &view(&app, &who, &called, &fields, found, problem.into_iter().collect()).await?))
    };
    let now = app.clock().now();
    match fields.get("doe") {
        "lijst" => {
            let chosen = fields.all("patient");
            let Ok(chosen) = chosen.map(PatientId::parse).collect::<Result<Vec<_>, _>>() else {
                return Err(PageError::Forbidden);
            };
            if chosen.is_empty() {
                return again(None, Some(Problem::at("patient", "Kies wie er op de lijst komt."))).await;
            }
            if app.store().listed(&called.id).await?.len() + chosen.len() > LONGEST {
                let sentence = format!("Op één lijst staan hoogstens {LONGEST} patiënten. Kies er minder.");
                return again(None, Some(Problem::at("patient", sentence))).await;
            }
            let mut leaves = Vec::new();
            for patient in &chosen {
                leaves.push(ask(&app, &who.actor, Action::FollowUp, patient).await?);
            }
            for leave in &leaves {
                app.store().put_on_list(leave, &called.id, now).await?;
            }
            Ok(done(&here, Notice::MeetingListed))
        }
        "zoek" => {
            let wanted = match Wanted::read(&fields) {
                Ok(wanted) => wanted,
                Err(wrong) => return again(None, Some(wrong)).await,
            };
            throttled(&app, &who).await?;
            let today = app.clock().today();
            let on: Vec<PatientId> = app.store().listed(&called.id).await?.into_iter().map(|l| l.patient).collect();
            let found = named_in_caseload(&app, &who, &wanted, &on).await?;
            let candidate = |r: PatientRecord| Candidate {
                id: r.id.to_string(),
                name: named(&r.patient, today),
                why: String::new(),
            };
            again(Some(found.map(candidate)), None).await
        }
        "eraf" => {
            let patient = PatientId::parse(fields.get("patient")).map_err(|_| PageError::Forbidden)?;
            let leave = ask(&app, &who.actor, Action::FollowUp, &patient).await?;
            if app.store().take_off_list(&leave, &called.id, now).await? {
                return Ok(done(&here, Notice::MeetingUnlisted));
            }
            let sentence = "Over deze patiënt is al iets besloten, of de patiënt staat niet meer op de lijst.";
            let page = view(&app, &who, &called, &fields, None, vec![Problem::whole(sentence)]).await?;
            Ok(show(StatusCode::CONFLICT, &page))
        }
        _ => Err(PageError::BadRequest("Gebruik een van de knoppen op de bladzijde.".to_owned())),
    }
}
