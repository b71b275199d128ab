//! `/patienten/{id}/documenten/{naam}`: one document: what is said of it and what was said before, changing that, ending
//! it; and the file itself.

use super::form::{self, DocumentForm};
use super::row::DocumentRow;
use super::write::{Change, Outcome, write};
use super::{Room, file, file_ref};
use crate::access::{ask, patient_id, quietly};
use crate::app::App;
use crate::error::PageError;
use crate::forms::Fields;
use crate::pages::author;
use crate::pages::field::{Choice, Field, Problem};
use crate::pages::frame::{Frame, Notice, Tab};
use crate::pages::render::{Answer, Told, done, show};
use crate::session::SignedIn;
use crate::upload::{Sent, SignedUpload};
use askama::Template;
use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::access::Action;
use domain::document::file::media;
use domain::document::given::{Beside, Given, document, ended};
use domain::document::{Document, Event, Name, Standing, Why};
use domain::ident::PatientId;
use domain::words;
use jiff::civil::Date;

/// The page.
#[derive(Template)]
#[template(path = "document.html")]
pub struct DocumentPage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Where its forms go.
    pub here: String,
    /// How it stands.
    pub row: DocumentRow,
    /// What happened to it, newest first.
    pub history: Vec<String>,
    /// Number of the last step about it that this page shows.
    pub seen: u32,
    /// To say something else of it; absent: not for this person, or it counts no longer.
    pub form: Option<DocumentForm>,
    /// Why it counts no longer: in a word, and told.
    pub end: Option<[Field; 2]>,
    /// The part that failed is open.
    pub tried: String,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

fn end_form(fields: &Fields, errors: &[Problem]) -> [Field; 2] {
    let why = Why::ALL.iter().map(|w| Choice::of(w.code(), words::capitalised(w.dutch()))).collect();
    [
        Field::radios("waarom", "Waarom telt dit document niet meer?", fields.get("waarom"), why).checked(errors),
        Field::area("reden", "Wat is er gezegd of gebeurd?", fields.get("reden"))
            .hint("De reden blijft bij het document staan.")
            .checked(errors),
    ]
}

fn find<'a>(room: &'a Room, code: &str) -> Result<&'a Standing, PageError> {
    let name = Name::of_code(code).ok_or(PageError::NotFound)?;
    room.all.iter().find(|s| s.name == name).ok_or(PageError::NotFound)
}

async fn view(
    app: &App,
    who: &SignedIn,
    id: &PatientId,
    code: &str,
    typed: Option<&Fields>,
    errors: Vec<Problem>,
) -> Result<DocumentPage, PageError> {
    let permit = ask(app, &who.actor, Action::ReadPlan, id).await?;
    let room = Room::of(app, &permit).await?;
    let standing = find(&room, code)?;
    let may = quietly(app, &who.actor, Action::RecordPlan, id).await?.is_some() && standing.ended.is_none();
    let is_here = matches!(standing.name, Name::Here(_));
    let kept = form::typed(&standing.document, room.version());
    let fields = typed.filter(|f| f.get("doe") == "wijzig").unwrap_or(&kept);
    let row = DocumentRow::of(id, standing, room.plan());
    let history = standing
        .history
        .iter()
        .rev()
        .map(|n| format!("{}, {}: {}", words::moment(n.at), n.by.name, n.what.join("; ")))
        .collect();
    let has_file = standing.document.file.is_some();
    Ok(DocumentPage {
        frame: Frame::about(app, who, "Een document", id, &room.record.patient.patient, Tab::Beneath)
            .back_to(format!("/patienten/{id}/documenten"), "Documenten")
            .failing(!errors.is_empty()),
        here: row.href.clone(),
        row,
        history,
        seen: standing.last,
        form: may.then(|| DocumentForm::of(fields, room.plan(), is_here, is_here && !has_file, &errors)),
        end: may.then(|| end_form(typed.unwrap_or(&Fields::default()), &errors)),
        tried: typed.map(|f| f.get("doe").to_owned()).unwrap_or_default(),
        errors,
    })
}

/// `GET /patienten/{id}/documenten/{naam}`.
pub async fn get(
    State(app): State<App>,
    who: SignedIn,
    Path((id, code)): Path<(String, String)>,
    Query(told): Query<Told>,
) -> Answer {
    let id = patient_id(&id)?;
    let mut page = view(&app, &who, &id, &code, None, Vec::new()).await?;
    page.frame = page.frame.told(&told);
    Ok(show(StatusCode::OK, &page))
}

/// What of it may be said otherwise: all where it was added here; what came with a plan stays as the plan tells it.
fn given_for(standing: &Standing, fields: &Fields) -> Given {
    let typed = form::given(fields);
    if matches!(standing.name, Name::Here(_)) {
        return typed;
    }
    let kept = form::given(&form::typed(&standing.document, 0));
    Given {
        agrees: typed.agrees,
        discussed: typed.discussed,
        discussed_on: typed.discussed_on,
        copy: typed.copy,
        ..kept
    }
}

/// Reads a change of what is said of it.
fn changed(
    room: &Room,
    standing: &Standing,
    fields: &Fields,
    new: Option<&store::plans::File>,
    today: Date,
) -> Result<Document, Vec<Problem>> {
    let kept = &standing.document;
    let file = kept.file.clone().or_else(|| new.map(file_ref));
    let beside = Beside { people: &room.people(), version: room.version(), today };
    let mut next = document(&given_for(standing, fields), file, beside).map_err(form::problems)?;
    // Who leaves that open did not compare it anew.
    if fields.get("komt-overeen").is_empty() {
        (next.agrees, next.compared_with) = (kept.agrees, kept.compared_with);
    }
    Ok(next)
}

/// `POST /patienten/{id}/documenten/{naam}`: says something else of it, or ends it.
pub async fn post(
    State(app): State<App>,
    Path((id, code)): Path<(String, String)>,
    who: SignedIn,
    request: Request,
) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::RecordPlan, &id).await?;
    let SignedUpload { who, fields, file: sent } = SignedUpload::read(&app, who, request).await?;
    let room = Room::of(&app, &permit).await?;
    let standing = find(&room, &code)?;
    let seen = fields.get("gezien").parse().unwrap_or(0);
    let again = async |errors, status| {
        let page = view(&app, &who, &id, &code, Some(&fields), errors).await?;
        Ok::<Response, PageError>(show(status, &page))
    };
    let name = standing.name.clone();
    let mut with_file = None;
    let event = match fields.get("doe") {
        "wijzig" => {
            let sent = if standing.document.file.is_none() { sent } else { Sent::Nothing };
            let read = match file(&app, &who, &id, sent).await? {
                Ok(new) => {
                    let read = changed(&room, standing, &fields, new.as_ref(), app.clock().today());
                    with_file = new;
                    read
                }
                Err(problem) => Err(vec![problem]),
            };
            match read {
                Ok(document) => Event::Changed { name, document },
                Err(errors) => return again(errors, StatusCode::UNPROCESSABLE_ENTITY).await,
            }
        }
        "eindig" => {
            let Some(why) = Why::of_code(fields.get("waarom")) else {
                let errors = vec![Problem::at("waarom", "Kies waarom dit document niet meer telt.")];
                return again(errors, StatusCode::UNPROCESSABLE_ENTITY).await;
            };
            match ended(&name, standing.document.title(), why, fields.get("reden")) {
                Ok(event) => event,
                Err(wrong) => return again(vec![form::problem(wrong)], StatusCode::UNPROCESSABLE_ENTITY).await,
            }
        }
        _ => return Err(PageError::BadRequest("Gebruik een van de knoppen op de bladzijde.".to_owned())),
    };
    let notice = if matches!(event, Event::Ended { .. }) { Notice::DocumentEnded } else { Notice::DocumentChanged };
    if standing.ended.is_none() {
        let change = Change { event, seen, file: with_file };
        let written =
            write(&app, &permit, &author::recorder(&who), &author::professional(&app, &who).await?, change).await?;
        if matches!(written, Outcome::Done) {
            return Ok(done(&format!("/patienten/{id}/documenten/{code}"), notice));
        }
    }
    let sentence = "Iemand anders legde intussen iets vast over dit document. Lees hieronder wat er veranderde. Wat u typte \
                    staat er nog; klopt het nog, bewaar het dan opnieuw.";
    again(vec![Problem::whole(sentence)], StatusCode::CONFLICT).await
}

/// A browser is to keep it as a file, and to run nothing of it, whatever is in it.
const SANDBOX: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// `GET /patienten/{id}/documenten/{naam}/bestand`.
pub async fn get_file(State(app): State<App>, who: SignedIn, Path((id, code)): Path<(String, String)>) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::ReadPlan, &id).await?;
    let room = Room::of(&app, &permit).await?;
    let standing = find(&room, &code)?;
    let mistaken = standing.ended.as_ref().is_some_and(|e| e.why == Why::Mistaken);
    // What does not belong here (it may be another patient's) is for nobody but those who can put that right.
    if mistaken && quietly(&app, &who.actor, Action::RecordPlan, &id).await?.is_none() {
        return Err(PageError::NotFound);
    }
    let file = standing.document.file.as_ref().ok_or(PageError::NotFound)?;
    let file = app.store().file(&permit, &file.id, app.clock().now()).await?.ok_or(PageError::NotFound)?;
    // What came from elsewhere may be anything, whatever it was called there.
    let (kind, ending) = media(&file.bytes).map_or(("application/octet-stream", "bin"), |m| (m.code(), m.ending()));
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        // Its name says nothing of whom it is about (FACTS, law and norms).
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"document.{ending}\"")),
        (header::CONTENT_SECURITY_POLICY, SANDBOX.to_owned()),
    ];
    Ok((headers, file.bytes).into_response())
}
