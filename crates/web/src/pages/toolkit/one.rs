//! `/toolkit/{stuk}`: one piece of material: what it is, whether it still answers, and finding the patient whom one gives it.

use super::{broken, find, fine, may_enter, may_give, place};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::pages::caseload::{Found, Wanted, named_in_caseload, search_fields};
use crate::pages::dutch;
use crate::pages::field::{Field, Problem};
use crate::pages::frame::{Frame, Place as At};
use crate::pages::patients::throttled;
use crate::pages::render::{Answer, show};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use domain::document::file::media;
use domain::ident::MaterialId;
use domain::toolkit::Material;

/// What a file may do in a browser: nothing.
pub const SANDBOX: &str = "sandbox; default-src 'none'";

/// The page.
#[derive(Template)]
#[template(path = "toolkit/one.html")]
pub struct OnePage {
    /// Title, menu.
    pub frame: Frame,
    /// Its own address.
    pub here: String,
    /// What it is called.
    pub title: String,
    /// Who made it, for whom, in which language, for which region.
    pub fine: String,
    /// Which document names it.
    pub source: String,
    /// Where it is.
    pub place: Option<(String, &'static str)>,
    /// Why it may not be there any more.
    pub broken: Option<String>,
    /// To find a patient; absent where it is not to be given, or not by this person.
    pub search: Option<[Field; 2]>,
    /// Whom the search found.
    pub found: Option<Found<FoundRow>>,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// A patient who was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRow {
    /// Where it is given.
    pub href: String,
    /// Name.
    pub name: String,
    /// Birth date and age.
    pub born: String,
}

async fn view(
    app: &App,
    who: &SignedIn,
    material: &Material,
    fields: &Fields,
    found: Option<Found<FoundRow>>,
    errors: Vec<Problem>,
) -> Result<OnePage, PageError> {
    let links = app.store().links().await?;
    let gives = material.is_to_give() && may_give(who);
    let label = "Achternaam van uw patiënt, of het begin ervan";
    Ok(OnePage {
        frame: Frame::signed(who, "Toolkit", At::BelowToolkit)
            .back_to("/toolkit", "Toolkit")
            .failing(!errors.is_empty()),
        here: format!("/toolkit/{}", material.key),
        title: material.title.clone(),
        fine: fine(material),
        source: material
            .source
            .map_or_else(|| "Van uw eigen organisatie.".to_owned(), |s| format!("Genoemd in: {}.", s.dutch())),
        place: place(material),
        broken: broken(material.address().and_then(|a| links.get(a))),
        search: gives.then(|| search_fields(label, fields, &errors)),
        found,
        errors,
    })
}

/// `GET /toolkit/{stuk}`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(key): Path<String>) -> Answer {
    may_enter(&who)?;
    let material = find(&app, &who, &key).await?;
    Ok(show(StatusCode::OK, &view(&app, &who, &material, &Fields::default(), None, Vec::new()).await?))
}

/// `POST /toolkit/{stuk}`: looks for a patient among one's own.
pub async fn post(State(app): State<App>, Path(key): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    if !may_give(&who) {
        return Err(PageError::Forbidden);
    }
    let material = find(&app, &who, &key).await?;
    let wanted = match Wanted::read(&fields) {
        Ok(wanted) => wanted,
        Err(wrong) => {
            let page = view(&app, &who, &material, &fields, None, vec![wrong]).await?;
            return Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
    };
    throttled(&app, &who).await?;
    let today = app.clock().today();
    let found = named_in_caseload(&app, &who, &wanted, &[]).await?.map(|r| FoundRow {
        href: format!("/patienten/{}/materiaal?stuk={}", r.id, material.key),
        name: dutch::addressed(&r.patient),
        born: dutch::born(&r.patient, today),
    });
    Ok(show(StatusCode::OK, &view(&app, &who, &material, &fields, Some(found), Vec::new()).await?))
}

/// `GET /toolkit/{stuk}/bestand`: the file of one's own organisation's material.
pub async fn file(State(app): State<App>, who: SignedIn, Path(key): Path<String>) -> Answer {
    may_enter(&who)?;
    let material = find(&app, &who, &key).await?;
    bytes(&app, &material.key).await
}

/// A file as an answer: by what is in it, and without leave to do anything.
pub async fn bytes(app: &App, key: &str) -> Answer {
    let id = MaterialId::parse(key).map_err(|_| PageError::NotFound)?;
    let (_, bytes) = app.store().material_file(&id).await?.ok_or(PageError::NotFound)?;
    let (kind, ending) = media(&bytes).map_or(("application/octet-stream", "bin"), |m| (m.code(), m.ending()));
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"materiaal.{ending}\"")),
        (header::CONTENT_SECURITY_POLICY, SANDBOX.to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
