//! `/patienten/{id}`: one patient at a glance: the limits that matter at the door, who to call, the team, what is open.

use super::card;
use super::care_team::{Names, leads_sentence};
use super::dutch;
use super::frame::{Frame, Link, Tab};
use super::log::log_is_for;
use super::meetings::Said;
use super::plan_view::PlanView;
use super::render::{Answer, Told, page};
use super::rows::leaves;
use super::signals::{DotRow, line};
use super::unread::{self, ReaderRow};
use super::work::horizon;
use crate::access::{ask, patient_id, quietly};
use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use domain::access::{Action, Permit};
use domain::ident::PatientId;
use domain::meeting::discussed;
use domain::path::{Step, stands};
use domain::patient::Patient;
use domain::plan::{CurrentPlan, ReviewBy};
use domain::review::doubtful;
use domain::task::Kind;
use domain::words;
use store::team::Member;

/// The page.
#[derive(Template)]
#[template(path = "patient.html")]
pub struct GlancePage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// The plan; absent where there is none yet.
    pub plan: Option<PlanView>,
    /// Number, date and author of the newest version.
    pub about: String,
    /// What is open, the next action first.
    pub open: Vec<Open>,
    /// Where the patient stands, in a sentence.
    pub state: String,
    /// The path as a line.
    pub line: Vec<DotRow>,
    /// What the newest meeting decided, and the samenwerkingsplan.
    pub together: Option<Said>,
    /// May this person record a signal?
    pub may_signal: bool,
    /// Who leads, in a sentence.
    pub leads: String,
    /// Who is in the care team now.
    pub team: Vec<TeamRow>,
    /// Address, telephone and the like.
    pub facts: Vec<Fact>,
    /// May this person record here?
    pub may_record: bool,
    /// Who of the team read the plan.
    pub readers: Vec<ReaderRow>,
    /// What there is of the patient and theirs, as far as it is for this person.
    pub near: Vec<Link>,
    /// Other sources may be asked for their plan.
    pub elsewhere: bool,
}

/// Something that waits.
#[derive(Debug, Clone)]
pub struct Open {
    /// In a sentence.
    pub sentence: String,
    /// What to do about it.
    pub next: Option<Link>,
}

/// A member of the care team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamRow {
    /// Name.
    pub name: String,
    /// What they are.
    pub part: String,
    /// Since when.
    pub since: String,
}

/// One fact of the patient's identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub label: &'static str,
    /// The fact.
    pub value: String,
}

/// What is known of a patient beside the plan.
pub fn facts(patient: &Patient) -> Vec<Fact> {
    let address = patient.address.as_ref().map(|a| {
        let street = [a.street.clone(), a.house_number.clone(), a.addition.clone()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
        let place = [a.postcode.as_ref().map(|p| p.as_str().to_owned()), a.city.clone()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
        [street, place].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(", ")
    });
    let phones: Vec<String> = patient.telephones.iter().filter_map(|t| t.number.clone()).collect();
    let living = patient.living.map(|l| l.dutch().to_owned());
    [
        ("Naam", Some(patient.name.full())),
        ("BSN", Some(patient.bsn.as_str().to_owned())),
        ("Adres", address.filter(|a| !a.is_empty())),
        ("Telefoon", (!phones.is_empty()).then(|| phones.join(", "))),
        ("Verblijf", living),
        ("Huisarts", patient.general_practitioner.clone()),
        ("Verzekeraar", patient.insurer.as_ref().map(|u| format!("UZOVI {}", u.as_str()))),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some(Fact { label, value: value? }))
    .collect()
}

/// 'Versie 4, vastgelegd op 8 november 2025 door S. de Wit, huisarts (Praktijk Zuid)'.
pub fn about(plan: &CurrentPlan) -> String {
    let by = &plan.recorder;
    let role = by.role.map(|r| format!(", {}", r.dutch())).unwrap_or_default();
    let how = if plan.kind.is_delivered() { "elders vastgelegd en hier ontvangen" } else { "vastgelegd" };
    let day = domain::date::local_day(plan.recorded_at);
    format!("Versie {}, {how} op {} door {}{role} ({})", plan.number, words::day(day), by.name, by.organisation_name)
}

/// `GET /patienten/{id}`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(told): Query<Told>) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::ReadPlan, &id).await?;
    let now = app.clock().now();
    let record = app.store().read(&permit, now, "overview").await?.ok_or(PageError::Forbidden)?;
    if let Some(kept) = &record.patient.merged_into {
        return Ok(Redirect::to(&format!("/patienten/{kept}")).into_response());
    }
    let today = app.clock().today();
    let patient = &record.patient.patient;
    let path = app.store().path(&permit, now).await?;
    let by = ReviewBy { today, interval_months: path.months };
    let plan = record
        .plan
        .as_ref()
        .map(|p| PlanView { doubts: doubtful(&p.content, path.past(), today), ..PlanView::of(p, by) });
    let may_record = quietly(&app, &who.actor, Action::RecordPlan, &id).await?;
    let draft = match &may_record {
        Some(permit) => app.store().draft(permit, now).await?,
        None => None,
    };
    let mut open = Vec::new();
    let at = |path: &str| format!("/patienten/{id}/plan{path}");
    if let Some(draft) = draft {
        let sentence =
            format!("Een concept van {}, begonnen {}.", draft.begun_by.name, dutch::recently(draft.begun_at, today));
        open.push(Open { sentence, next: Some(Link::to(at("/bewerken"), "Ga verder")) });
    }
    if let Some(plan) = &plan {
        if !plan.waiting.is_empty() {
            let next = who.actor.may_set_limits().then(|| Link::to(at("/vaststellen"), "Lees en stel vast"));
            open.push(Open { sentence: plan.waiting_sentence(), next });
        }
        open.extend(plan.doubts.iter().map(|d| Open { sentence: d.clone(), next: None }));
    }
    open.extend(domain::handover::open(&path.steps, today).into_iter().map(|sentence| Open {
        sentence,
        next: Some(Link::to(format!("/patienten/{id}/overdracht"), "Naar de overdracht")),
    }));
    if let Some(sentence) = card::renew_sentence(&app.store().cards(&permit, now).await?) {
        open.push(Open { sentence, next: Some(Link::to(format!("/patienten/{id}/kaart"), "Naar de noodkaart")) });
    }
    // Limits that wait stand above; a review that is not near is no work yet.
    let tasks = path.tasks.iter().filter(|t| t.kind != Kind::SetLimits && t.due <= horizon(today));
    open.extend(tasks.map(|task| Open {
        sentence: format!("{} (uiterlijk {}).", words::capitalised(task.kind.sentence()), words::day(task.due)),
        next: Some(Link::to(format!("/patienten/{id}/taken/{}", task.number), "Naar de taak")),
    }));
    let leads = app.store().leads(&permit, now).await?;
    let (leads_now, too_long) = leads_sentence(&Names::of(&app), &leads, now).await?;
    if too_long || leads.asked().is_some() {
        let sentence = if leads.asked().is_some() {
            "Er staat een vraag open wie de regie neemt.".to_owned()
        } else {
            leads_now.clone()
        };
        open.push(Open { sentence, next: Some(Link::to(format!("/patienten/{id}/zorgteam"), "Naar het zorgteam")) });
    }
    let is_lead = leads.now().is_some_and(|l| l.candidate.person.as_ref() == Some(&who.person));
    let (readers, late) = unread::readers(&app, &who, &permit, is_lead).await?;
    open.extend(late);
    let may = [Action::Signal, Action::Invite, Action::AnswerRequest, Action::ReadLog];
    let [may_signal, may_invite, may_answer, reads_log] = leaves(&app, &who.actor, may, &id).await?;
    let near = [
        may_invite.map(|_| Link::to(format!("/patienten/{id}/eigen-toegang"), "Eigen toegang")),
        may_answer.map(|_| Link::to(format!("/patienten/{id}/verzoeken"), "Verzoeken van de patiënt")),
        reads_log
            .filter(|_| log_is_for(&who, &leads))
            .map(|_| Link::to(format!("/patienten/{id}/inzage"), "Wie keek er in dit dossier?")),
    ];
    let near = near.into_iter().flatten().collect();
    let page_view = GlancePage {
        frame: Frame::about(&app, &who, "Overzicht van een patiënt", &id, patient, Tab::Overview)
            .back_to("/patienten", "Patiënten")
            .told(&told),
        id: id.to_string(),
        about: record.plan.as_ref().map(about).unwrap_or_default(),
        plan,
        open,
        state: stands(path.past(), today).sentence(),
        line: line::rows(path.past(), today),
        together: together(&app, &who, &id, &path.steps).await?,
        may_signal: may_signal.is_some(),
        near,
        elsewhere: !app.viewer().sources_of(&who.organisation).is_empty(),
        readers,
        leads: leads_now,
        team: team(&app, &permit).await?,
        facts: facts(patient),
        may_record: may_record.is_some() && patient.died_on.is_none(),
    };
    Ok(page(&page_view))
}

/// What the newest meeting decided, with a way to it for who may open it.
async fn together(app: &App, who: &SignedIn, id: &PatientId, steps: &[Step]) -> Result<Option<Said>, store::Error> {
    let Some(((_, newest), said)) = discussed(steps).first().copied().zip(Said::newest(id, steps)) else {
        return Ok(None);
    };
    let opens = app.store().meeting(&who.actor, &newest.meeting).await?.is_some();
    Ok(Some(Said { link: said.link.filter(|_| opens), ..said }))
}

async fn team(app: &App, permit: &Permit) -> Result<Vec<TeamRow>, store::Error> {
    let now = app.clock().now();
    let today = app.clock().today();
    let mut rows = Vec::new();
    for membership in app.store().team(permit, now).await? {
        if membership.until.is_some_and(|until| until <= now) {
            continue;
        }
        let (name, part) = match &membership.member {
            Member::Organisation(id) => match app.store().organisation(id).await? {
                Some(o) => (o.name, o.kind.dutch().to_owned()),
                None => continue,
            },
            Member::Person(id) => match app.store().person(id).await? {
                Some(p) => (p.name.full(), "persoonlijk betrokken".to_owned()),
                None => continue,
            },
        };
        let day = domain::date::local_day(membership.from);
        let since = format!("sinds {}", if day == today { "vandaag".to_owned() } else { words::day(day) });
        rows.push(TeamRow { name, part, since });
    }
    Ok(rows)
}
