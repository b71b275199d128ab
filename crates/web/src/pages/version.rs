//! `/patienten/{id}/plan/versies/{n}`: the plan as it stood; and marking a version wrong (decision 5).

use super::author;
use super::field::{Choice, Field, Problem};
use super::frame::{Frame, Notice, Tab};
use super::history::{left_out, marked, who as by_whom};
use super::plan_view::{PlanView, Source};
use super::render::{Answer, done, review_by, show};
use super::rows::leaves;
use crate::access::{ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::access::{Action, Permit};
use domain::ident::PatientId;
use domain::plan::{
    Content, Mark as Marked, MarkKind, PlanInput, PlanVersion, Recorder, VersionKind, diff, may_mark, summary,
};
use domain::words;
use jiff::Timestamp;
use store::plans::{StoredVersion, WriteVersion, Written};

/// The page.
#[derive(Template)]
#[template(path = "version.html")]
pub struct VersionPage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// Number of the version.
    pub number: u32,
    /// What it changed, in a sentence.
    pub summary: String,
    /// Who recorded it, when, and why.
    pub about: String,
    /// It counts no longer: why.
    pub wrong: Option<String>,
    /// It is the newest.
    pub newest: bool,
    /// What of a source has no place in the plan.
    pub kept: Vec<String>,
    /// Address of the version before.
    pub before: Option<String>,
    /// Address of the version after.
    pub after: Option<String>,
    /// Where to compare with the version before.
    pub compare: Option<String>,
    /// The letter.
    pub plan: PlanView,
    /// May this person take it along on paper?
    pub may_print: bool,
    /// Marking it wrong or taken back; absent: not for this person, or done already.
    pub marking: Option<Marking>,
    /// What is wrong with the marking.
    pub errors: Vec<Problem>,
}

/// The form that marks a version.
#[derive(Debug, Clone)]
pub struct Marking {
    /// Why this person may not, and what to do instead.
    pub may_not: Option<String>,
    /// Wrong, or taken back.
    pub kind: Field,
    /// Why.
    pub reason: Field,
}

/// The longest reason, in characters.
const LONGEST: usize = 2000;

/// What may be said of a version.
pub fn kinds() -> Vec<Choice> {
    vec![
        Choice::of("onjuist", "Er staat iets onjuist in"),
        Choice::of("ingetrokken", "De patiënt neemt terug wat erin staat"),
    ]
}

fn kind_of(fields: &Fields) -> Option<MarkKind> {
    match fields.get("soort") {
        "onjuist" => Some(MarkKind::Wrong),
        "ingetrokken" => Some(MarkKind::Withdrawn),
        _ => None,
    }
}

async fn answer(
    app: &App,
    who: &SignedIn,
    id: &PatientId,
    number: u32,
    typed: &Fields,
    errors: Vec<Problem>,
    status: StatusCode,
) -> Answer {
    let permit = ask(app, &who.actor, Action::ReadPlan, id).await?;
    let now = app.clock().now();
    let patient = app.store().read_patient(&permit, now, "version").await?.ok_or(PageError::Forbidden)?.patient;
    let stored = app.store().versions(&permit, now, "version").await?;
    let at = stored.iter().position(|v| v.version.number == number).ok_or(PageError::NotFound)?;
    let [may_record, may_print] = leaves(app, &who.actor, [Action::RecordPlan, Action::Print], id).await?;
    let version = &stored[at].version;
    let unmarked = may_record.is_some() && stored[at].mark.is_none();
    let may_not = may_mark(version, &who.actor).err();
    let earlier: Vec<&Content> =
        stored[..at].iter().rev().filter(|v| v.mark.is_none()).map(|v| &v.version.content).collect();
    let empty = Content::default();
    let changes = diff(at.checked_sub(1).map_or(&empty, |i| &stored[i].version.content), &version.content);
    let path = |n: u32| format!("/patienten/{id}/plan/versies/{n}");
    let neighbour = |i: Option<usize>| i.and_then(|i| stored.get(i)).map(|v| path(v.version.number));
    let reason = version.reason.as_deref().map(|r| format!(" Reden: {r}")).unwrap_or_default();
    let by = review_by(app, &permit).await?;
    let view = VersionPage {
        frame: Frame::about(app, who, "Een versie van het plan", id, &patient, Tab::Beneath)
            .back_to(format!("/patienten/{id}/plan/versies"), "Versies van het plan")
            .failing(!errors.is_empty()),
        id: id.to_string(),
        number,
        summary: if changes.is_empty() { "Er is inhoudelijk niets veranderd.".to_owned() } else { summary(&changes) },
        about: format!("{}, {}.{reason}", by_whom(version), words::moment(version.recorded_at)),
        wrong: stored[at].mark.as_ref().map(marked),
        newest: at + 1 == stored.len(),
        kept: version.kept_beside.clone(),
        before: neighbour(at.checked_sub(1)),
        after: neighbour(Some(at + 1)),
        compare: at
            .checked_sub(1)
            .map(|i| format!("/patienten/{id}/plan/vergelijk?van={}&tot={number}", stored[i].version.number)),
        plan: PlanView::from_source(&Source {
            content: &version.content,
            before: &earlier,
            left_out: &left_out(&stored[..=at]),
            by,
            ages: true,
        }),
        may_print: may_print.is_some(),
        marking: unmarked.then(|| Marking {
            may_not: may_not.map(|m| m.to_string()),
            kind: Field::radios("soort", "Wat is er aan de hand?", typed.get("soort"), kinds()).checked(&errors),
            reason: Field::area("reden", "Wat klopt er niet?", typed.get("reden"))
                .hint("De reden blijft bij de versie staan.")
                .checked(&errors),
        }),
        errors,
    };
    Ok(show(status, &view))
}

/// `GET /patienten/{id}/plan/versies/{n}`.
pub async fn get(State(app): State<App>, who: SignedIn, Path((id, number)): Path<(String, String)>) -> Answer {
    let number = number.parse().map_err(|_| PageError::NotFound)?;
    answer(&app, &who, &patient_id(&id)?, number, &Fields::default(), Vec::new(), StatusCode::OK).await
}

/// `POST /patienten/{id}/plan/versies/{n}`: marks it wrong.
pub async fn post(
    State(app): State<App>,
    Path((id, number)): Path<(String, String)>,
    SignedForm { who, fields }: SignedForm,
) -> Answer {
    let id = patient_id(&id)?;
    let number: u32 = number.parse().map_err(|_| PageError::NotFound)?;
    let permit = ask(&app, &who.actor, Action::RecordPlan, &id).await?;
    let now = app.clock().now();
    let version = app.store().version(&permit, number, now).await?.ok_or(PageError::NotFound)?.version;
    if let Err(may_not) = may_mark(&version, &who.actor) {
        let errors = vec![Problem::whole(may_not.to_string())];
        return answer(&app, &who, &id, number, &fields, errors, StatusCode::FORBIDDEN).await;
    }
    let mut errors = Vec::new();
    let kind = kind_of(&fields);
    if kind.is_none() {
        errors.push(Problem::at("soort", "Kies wat er met deze versie aan de hand is."));
    }
    let reason = fields.filled("reden");
    match reason {
        None => errors.push(Problem::at("reden", "Schrijf wat er niet klopt aan deze versie.")),
        Some(reason) if reason.chars().count() > LONGEST => {
            errors.push(Problem::at("reden", "Schrijf het korter: in hoogstens 2000 tekens."));
        }
        Some(_) => {}
    }
    match (kind, reason) {
        (Some(kind), Some(reason)) if errors.is_empty() => mark(&app, &who, &permit, &id, (number, kind, reason)).await,
        _ => answer(&app, &who, &id, number, &fields, errors, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

async fn mark(
    app: &App,
    who: &SignedIn,
    permit: &Permit,
    id: &PatientId,
    (number, kind, reason): (u32, MarkKind, &str),
) -> Result<Response, PageError> {
    const TRIES: usize = 8;
    for _ in 0..TRIES {
        let now = app.clock().now();
        let stored = app.store().versions(permit, now, "version").await?;
        if !stored.iter().any(|v| v.version.number == number) {
            return Err(PageError::NotFound);
        }
        let recorder = author::recorder(who);
        let mark = Marked { kind, reason: reason.to_owned(), by: recorder.clone(), at: now };
        let then = without(&stored, (number, kind), recorder, reason, now);
        let write = WriteVersion::of(then.number - 1, &then);
        match app.store().mark_version(permit, number, &mark, write, now).await? {
            Written::Done(_) | Written::Same(_) => {
                return Ok(done(&format!("/patienten/{id}/plan/versies"), Notice::MarkedWrong));
            }
            Written::Stale(_) => {}
        }
    }
    Err(PageError::Broken(store::Error::Commit("too many writers at once".to_owned())))
}

/// The version that says what counts once another one does not: everything folded anew without it (decision 5).
fn without(
    stored: &[StoredVersion],
    (wrong, kind): (u32, MarkKind),
    recorder: Recorder,
    reason: &str,
    now: Timestamp,
) -> PlanVersion {
    let inputs = stored.iter().map(|s| {
        let v = &s.version;
        let counts = s.mark.is_none() && v.number != wrong;
        let arrival =
            if v.kind.is_delivered() { domain::plan::Arrival::Elsewhere } else { domain::plan::Arrival::Here };
        (v.number, v.recorded_at, arrival, counts, &v.input)
    });
    let content = domain::plan::fold(inputs);
    let last = stored.last().map(|s| &s.version);
    let before = last.map(|v| v.content.clone()).unwrap_or_default();
    let conversation = content
        .newest_conversation()
        .map(|c| c.key)
        .or_else(|| last.map(|v| v.conversation))
        .unwrap_or(domain::plan::ConversationKey(0));
    let mut touched: Vec<_> = diff(&before, &content).into_iter().map(|c| c.topic).collect();
    touched.sort();
    touched.dedup();
    PlanVersion {
        number: last.map_or(0, |v| v.number) + 1,
        kind: VersionKind::Corrected,
        recorded_at: now,
        recorder,
        reason: Some(match kind {
            MarkKind::Wrong => format!("Versie {wrong} is onjuist: {reason}"),
            MarkKind::Withdrawn => format!("Versie {wrong} is door de patiënt teruggenomen: {reason}"),
        }),
        conversation,
        input: PlanInput { conversation, content: Content::default(), rejected: Vec::new(), skipped: Vec::new() },
        content,
        touched,
        kept_beside: Vec::new(),
    }
}
