//! `/patienten/{id}/documenten`: the documents about what a patient wants (R4): which there are, how each is with plan and
//! doctor, and adding one.

mod form;
pub mod one;
mod row;
mod write;

pub use form::DocumentForm;
pub use row::DocumentRow;

use super::author;
use super::field::Problem;
use super::frame::{Frame, Notice, Tab};
use super::render::{Answer, Told, done, show};
use crate::access::{Denied, ask, patient_id, quietly, refuse};
use crate::app::App;
use crate::error::PageError;
use crate::forms::Fields;
use crate::session::SignedIn;
use crate::upload::{Sent, SignedUpload};
use askama::Template;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::access::{Action, Permit};
use domain::document::file::{Unfit, media};
use domain::document::given::{Beside, document};
use domain::document::{Event, Name, Standing, standing};
use domain::ident::{AttachmentId, PatientId};
use domain::path::Step;
use domain::people::PersonKey;
use domain::plan::{CurrentPlan, FileRef};
use store::plans::{File, Record};
use store::random;
use write::{Change, Outcome, write};

/// The largest body that is read: a file that is somewhat too large is told so at its field.
pub const MOST_BYTES: usize = 64 << 20;

/// The page.
#[derive(Template)]
#[template(path = "documents.html")]
pub struct DocumentsPage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// How many there are, in a sentence.
    pub lead: String,
    /// Those that count, the newest first.
    pub rows: Vec<DocumentRow>,
    /// Those that count no longer.
    pub ended: Vec<DocumentRow>,
    /// To add one; absent: not for this person.
    pub form: Option<DocumentForm>,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// The record with its documents, as they stand.
struct Room {
    record: Record,
    all: Vec<Standing>,
}

impl Room {
    async fn of(app: &App, permit: &Permit) -> Result<Self, PageError> {
        let record = app.store().read(permit, app.clock().now(), "documents").await?.ok_or(PageError::Forbidden)?;
        let (steps, _) = app.store().looking_back(permit).await?;
        let all = standing(&steps, record.plan.as_ref().map(|p| &p.content));
        Ok(Self { record, all })
    }

    fn plan(&self) -> Option<&CurrentPlan> {
        self.record.plan.as_ref()
    }

    fn people(&self) -> Vec<PersonKey> {
        self.plan().map(|p| p.content.people.iter().map(|p| p.key).collect()).unwrap_or_default()
    }

    fn version(&self) -> u32 {
        self.plan().map_or(0, |p| p.number)
    }
}

/// The documents that count, for beside the plan.
pub fn beside(id: &PatientId, steps: &[Step], plan: Option<&CurrentPlan>) -> Vec<DocumentRow> {
    let all = standing(steps, plan.map(|p| &p.content));
    all.iter().filter(|s| s.ended.is_none()).map(|s| DocumentRow::of(id, s, plan)).collect()
}

fn lead(all: &[Standing]) -> String {
    let counts = all.iter().filter(|s| s.ended.is_none()).count();
    let waits = all.iter().filter(|s| s.ended.is_none() && s.document.waits_for_doctor()).count();
    let there = match counts {
        0 => return "Er zijn nog geen documenten over wat deze patiënt wil.".to_owned(),
        1 => "Er is één document over wat deze patiënt wil.".to_owned(),
        n => format!("Er zijn {n} documenten over wat deze patiënt wil."),
    };
    match waits {
        0 => there,
        1 => format!("{there} Eén is nog niet met de arts besproken."),
        n => format!("{there} Er zijn er {n} nog niet met de arts besproken."),
    }
}

async fn view(
    app: &App,
    who: &SignedIn,
    id: &PatientId,
    fields: &Fields,
    errors: Vec<Problem>,
) -> Result<DocumentsPage, PageError> {
    let permit = ask(app, &who.actor, Action::ReadPlan, id).await?;
    let room = Room::of(app, &permit).await?;
    let may_add = quietly(app, &who.actor, Action::RecordPlan, id).await?.is_some();
    let row = |s: &Standing| DocumentRow::of(id, s, room.plan());
    let (now, then): (Vec<_>, Vec<_>) = room.all.iter().partition(|s| s.ended.is_none());
    Ok(DocumentsPage {
        frame: Frame::about(app, who, "Documenten", id, &room.record.patient.patient, Tab::Documents)
            .failing(!errors.is_empty()),
        id: id.to_string(),
        lead: lead(&room.all),
        rows: now.into_iter().map(row).collect(),
        ended: then.into_iter().map(row).collect(),
        form: may_add.then(|| DocumentForm::of(fields, room.plan(), true, true, &errors)),
        errors,
    })
}

/// `GET /patienten/{id}/documenten`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(told): Query<Told>) -> Answer {
    let id = patient_id(&id)?;
    let mut page = view(&app, &who, &id, &Fields::default(), Vec::new()).await?;
    page.frame = page.frame.told(&told);
    Ok(show(StatusCode::OK, &page))
}

/// The page as it was filled in, with what is wrong.
async fn again(
    app: &App,
    who: &SignedIn,
    id: &PatientId,
    fields: &Fields,
    status: StatusCode,
    errors: Vec<Problem>,
) -> Result<Response, PageError> {
    Ok(show(status, &view(app, who, id, fields, errors).await?))
}

/// A file that was sent, with what the plan says of it; what is none that is taken is a problem of its field.
async fn file(
    app: &App,
    who: &SignedIn,
    id: &PatientId,
    sent: Sent,
) -> Result<Result<Option<File>, Problem>, PageError> {
    let unfit = |unfit: Unfit| Ok(Err(Problem::at("bestand", unfit.to_string())));
    let bytes = match sent {
        Sent::Nothing => return Ok(Ok(None)),
        Sent::Empty => return unfit(Unfit::Empty),
        Sent::TooLarge => return unfit(Unfit::TooLarge),
        Sent::File(bytes) => bytes,
    };
    match media(&bytes) {
        Ok(media) => Ok(Ok(Some(File {
            id: AttachmentId::from_bits(random::bits()),
            media_type: media.code().to_owned(),
            bytes,
        }))),
        Err(other) => {
            if other == Unfit::Other
                && let Denied::Broken(error) = refuse(app, &who.actor, "document", Some(id)).await
            {
                return Err(error.into());
            }
            unfit(other)
        }
    }
}

fn file_ref(file: &File) -> FileRef {
    FileRef { id: file.id.clone(), media_type: file.media_type.clone(), size: file.bytes.len() as u64, title: None }
}

/// `POST /patienten/{id}/documenten`: adds one.
pub async fn post(State(app): State<App>, Path(id): Path<String>, who: SignedIn, request: Request) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::RecordPlan, &id).await?;
    let SignedUpload { who, fields, file: sent } = SignedUpload::read(&app, who, request).await?;
    let room = Room::of(&app, &permit).await?;
    let was_sent = sent != Sent::Nothing;
    let file = file(&app, &who, &id, sent).await?;
    let beside = Beside { people: &room.people(), version: room.version(), today: app.clock().today() };
    let of_file = file.as_ref().ok().and_then(|f| f.as_ref()).map(file_ref);
    let read = document(&form::given(&fields), of_file, beside).map_err(form::problems);
    let (document, file) = match (read, file) {
        (Ok(document), Ok(file)) => (document, file),
        (read, file) => {
            let mut errors = read.err().unwrap_or_default();
            match file {
                Err(problem) => errors.push(problem),
                Ok(_) if was_sent => {
                    errors.push(Problem::at("bestand", "Kies het bestand opnieuw: uw browser bewaart die keuze niet."));
                }
                Ok(_) => {}
            }
            return again(&app, &who, &id, &fields, StatusCode::UNPROCESSABLE_ENTITY, errors).await;
        }
    };
    let name = Name::Here(AttachmentId::from_bits(random::bits()));
    let change = Change { event: Event::Added { name, document }, seen: 0, file };
    match write(&app, &permit, &author::recorder(&who), &author::professional(&app, &who).await?, change).await? {
        // Nobody else knows this name yet.
        Outcome::Done | Outcome::Changed => Ok(done(&format!("/patienten/{id}/documenten"), Notice::DocumentAdded)),
    }
}
