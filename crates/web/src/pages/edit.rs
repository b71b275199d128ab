//! `/patienten/{id}/plan/bewerken`: the whole form on one page. Without JavaScript it is saved and recorded by its
//! buttons; with it, each part is saved as one types (`/patienten/{id}/plan/concept/{part}`).

mod desk;
mod extra;
mod node;
mod part;
mod save;
mod take;
mod typed;
mod view;

pub use desk::limits_of;
pub use save::post as autosave;
pub use take::{Taken, may_take, take_over};

use super::author;
use super::dutch;
use super::field::Problem;
use super::frame::{Frame, Notice, Tab};
use super::render::{Answer, Told, done, show};
use super::talks::guide::GUIDE;
use super::talks::known::Known;
use crate::access::{Denied, ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::forms::SignedForm;
use crate::record::{Beside, Recorded, record};
use crate::session::SignedIn;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use desk::Desk;
use domain::access::{Action, Permit};
use domain::happening::death;
use domain::ident::PatientId;
use domain::patient::Patient;
use domain::people::Professional;
use domain::plan::{DraftTopic, NextVersion, VersionKind, open_proposals};
use domain::prepare::Question;
use domain::unread::Shown;
use part::Part;
use store::preparations::Preparation;
pub use view::EditPage;

/// Everything a handler of this page has in hand.
struct Room {
    app: App,
    who: SignedIn,
    id: PatientId,
    permit: Permit,
    patient: Patient,
    writer: Professional,
    desk: Desk,
    known: Known,
    prepared: Vec<Preparation>,
}

impl Room {
    async fn enter(app: App, who: SignedIn, id: &str) -> Result<Self, PageError> {
        let id = patient_id(id)?;
        let permit = ask(&app, &who.actor, Action::RecordPlan, &id).await?;
        // Opening the form is no more than reading: who writes shows in the log when something is written.
        let reading = ask(&app, &who.actor, Action::ReadPlan, &id).await?;
        let now = app.clock().now();
        let record = app.store().read_shown(&reading, now, Shown::Form).await?.ok_or(PageError::Forbidden)?;
        if record.patient.merged_into.is_some() {
            return Err(PageError::BadRequest(
                "Dit dossier is samengevoegd met een ander. Zoek de patiënt opnieuw op.".to_owned(),
            ));
        }
        let draft = app.store().draft(&reading, now).await?;
        let path = app.store().path(&reading, now).await?;
        // Who died is planned nothing for any more (decision 22).
        if record.patient.patient.died_on.is_some() || death(&path.steps).is_some() {
            return Err(PageError::Broken(store::Error::Died));
        }
        let prepared = app.store().preparations(&permit, now).await?;
        let known = Known::of(&id, &path, record.plan.as_ref(), app.clock().today()).with(&prepared);
        let writer = author::professional(&app, &who).await?;
        let patient = record.patient.patient;
        let desk = Desk::new(record.plan, draft, &patient, &who.actor, &writer, app.clock().today());
        Ok(Self { app, who, id, permit, patient, writer, desk, known, prepared })
    }

    /// Takes an answer that was prepared at home over into its topic, behind what stands there, saying where it came from.
    fn take_prepared(&mut self, which: &str) -> Option<Part> {
        let (person, code) = which.split_once(':')?;
        let question = Question::of_code(code)?;
        let (topic, link) = question.taken_to()?;
        let prepared = &self.prepared.iter().find(|p| p.person.as_str() == person)?.prepared;
        let part = Part::Topic(topic);
        if !self.desk.is_filled(part) {
            self.desk.carry(part);
        }
        let text = prepared.taken_over(question, self.desk.typed(part).get(link))?;
        self.desk.write(part, link, text);
        Some(part)
    }

    fn page(&self, errors: Vec<Problem>, warning: Option<String>, theirs: &[DraftTopic]) -> EditPage {
        let today = self.app.clock().today();
        let saved = self.desk.draft.as_ref().and_then(|d| d.topics.iter().max_by_key(|t| t.saved_at));
        EditPage {
            frame: Frame::about(&self.app, &self.who, "Plan bijwerken", &self.id, &self.patient, Tab::Beneath)
                .back_to(format!("/patienten/{}/plan", self.id), "Terug naar het plan")
                .failing(!errors.is_empty()),
            id: self.id.to_string(),
            warning,
            progress: self.desk.progress(),
            sections: self.desk.sections(&errors, theirs, today),
            based_on: self.desk.plan.as_ref().map_or(0, |p| p.number),
            saved: saved.map_or_else(
                || "Nog geen concept bewaard.".to_owned(),
                |t| format!("Concept bewaard {} door {}.", dutch::recently(t.saved_at, today), t.saved_by),
            ),
            has_draft: self.desk.draft.is_some(),
            known: self.known.clone(),
            guide: GUIDE,
            errors,
        }
    }
}

/// `GET /patienten/{id}/plan/bewerken`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(told): Query<Told>) -> Answer {
    let room = Room::enter(app, who, &id).await?;
    let mut page = room.page(Vec::new(), None, &[]);
    page.frame = page.frame.told(&told);
    Ok(show(StatusCode::OK, &page))
}

/// `POST /patienten/{id}/plan/bewerken`: saves, and then does what the button says.
pub async fn post(State(app): State<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    let mut room = Room::enter(app, who, &id).await?;
    let path = format!("/patienten/{}/plan", room.id);
    let wish = fields.get("wat");
    if wish == "weg" {
        room.app.store().discard_draft(&room.permit, room.app.clock().now()).await?;
        return Ok(done(&path, Notice::Discarded));
    }
    room.desk.post(&fields);
    let changed = match wish.split_once(':') {
        Some(("neem", which)) => room.take_prepared(which),
        Some((what, code)) => Part::of_code(code)
            .inspect(|part| if what == "over" { room.desk.carry(*part) } else { room.desk.clear(*part) }),
        None => None,
    };
    let theirs = save::save_all(&mut room, &fields).await?;
    if !theirs.is_empty() {
        let page = room.page(Vec::new(), Some(BOTH.to_owned()), &theirs);
        return Ok(show(StatusCode::CONFLICT, &page));
    }
    if let Some(part) = changed {
        let mut page = room.page(Vec::new(), None, &[]);
        for shown in page.sections.iter_mut().flat_map(|s| &mut s.parts) {
            shown.open |= shown.code == part.code();
        }
        return Ok(show(StatusCode::OK, &page));
    }
    if wish == "vast" {
        let seen: u32 = fields.get("versie").parse().unwrap_or(0);
        return record_version(&room, seen, &path).await;
    }
    Ok(done(&format!("{path}/bewerken"), Notice::Drafted))
}

const BOTH: &str = "Iemand anders heeft tegelijk aan dit concept gewerkt. Bij die onderwerpen staan beide teksten; er is niets verloren.";

enum Refused {
    Newer(u32),
    Wrong(Vec<Problem>),
    Page(PageError),
}

impl From<Denied> for Refused {
    fn from(denied: Denied) -> Self {
        Self::Page(denied.into())
    }
}

async fn record_version(room: &Room, seen: u32, path: &str) -> Answer {
    let now = room.app.clock().now();
    let recorder = author::recorder(&room.who);
    let beside = Beside { ends_draft: true, ..Beside::default() };
    let outcome = record(&room.app, &room.permit, &beside, |record| {
        let current = record.plan.as_ref();
        let number = current.map_or(0, |c| c.number);
        if number != seen {
            return Err(Refused::Newer(number));
        }
        let input = room.desk.input(current, &room.writer, now).map_err(Refused::Wrong)?;
        Ok(NextVersion {
            kind: VersionKind::Recorded,
            recorder: recorder.clone(),
            reason: room.desk.reason(),
            input,
            kept_beside: Vec::new(),
        })
    })
    .await;
    match outcome {
        Ok(Recorded::New { version, .. }) => {
            let waits = version.touched.iter().any(|t| open_proposals(&version.content).contains(t));
            Ok(done(path, if waits { Notice::RecordedProposed } else { Notice::Recorded }))
        }
        Ok(Recorded::Same(_)) => Ok(done(path, Notice::Recorded)),
        Err(Refused::Page(error)) => Err(error),
        Err(Refused::Wrong(errors)) => Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &room.page(errors, None, &[]))),
        Err(Refused::Newer(number)) => {
            let warning = format!(
                "Intussen is versie {number} van het plan vastgelegd. Kijk of wat u invulde nog klopt bij wat er nu staat, en leg daarna opnieuw vast."
            );
            Ok(show(StatusCode::CONFLICT, &room.page(Vec::new(), Some(warning), &[])))
        }
    }
}

/// Answers from field names and values, for samples and tests.
#[cfg(test)]
pub fn answers_from(pairs: &[(&str, &str)]) -> domain::form::Answers {
    let mut all = typed::Typed::default();
    for (name, value) in pairs {
        all.add(name, (*value).to_owned());
    }
    domain::form::Answers { items: typed::items(domain::form::children(None), &all, typed::Unasked::Drop) }
}

/// The page of a sample patient, with what was posted; `record`: as it comes back from recording.
#[cfg(test)]
pub fn sample_page(
    frame: Frame,
    sample: &super::samples::Sample,
    plan: bool,
    posted: &crate::forms::Fields,
    actor: &domain::access::Actor,
    writer: &Professional,
    record: bool,
) -> EditPage {
    let current = plan.then(|| sample.current());
    let mut desk = Desk::new(current.clone(), None, &sample.patient, actor, writer, sample.today);
    desk.post(posted);
    let now = "2026-11-22T12:00:00Z".parse().unwrap();
    let errors = if record { desk.input(current.as_ref(), writer, now).unwrap_err() } else { Vec::new() };
    EditPage {
        id: sample.id.to_string(),
        warning: None,
        progress: desk.progress(),
        sections: desk.sections(&errors, &[], sample.today),
        based_on: current.as_ref().map_or(0, |p| p.number),
        saved: "Concept bewaard vandaag om 14:03 door Ayşe Yılmaz.".to_owned(),
        has_draft: true,
        frame: frame.failing(!errors.is_empty()),
        known: super::samples::known(sample),
        guide: GUIDE,
        errors,
    }
}
