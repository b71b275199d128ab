//! `/patienten/{id}/materiaal`: what the patient and theirs were given, and giving something (V3).

use super::{all, choices};
use crate::access::{ask, patient_id, quietly};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::pages::author::recorder;
use crate::pages::field::{Choice, Field, Problem};
use crate::pages::frame::{Frame, Notice, Tab};
use crate::pages::render::{Answer, done, show};
use crate::pages::talks::known;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::access::Action;
use domain::ident::PatientId;
use domain::path::given::obstacle;
use domain::path::{What, stands};
use domain::talk::{GivenHow, GivenTo, materials};
use domain::toolkit::given::{Flaw, GaveGiven, Part, gave};
use domain::toolkit::{Language, Material};
use serde::Deserialize;

/// The page.
#[derive(Template)]
#[template(path = "toolkit/give.html")]
pub struct GivePage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// What was given, newest first.
    pub given: Vec<String>,
    /// To give something: what, language, to whom, how, words; absent where this person may not.
    pub form: Option<[Field; 5]>,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// What may be asked beside it.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Which piece is chosen already.
    #[serde(default)]
    stuk: String,
}

/// The form, of what may be given.
pub fn form(to_give: &[Material], fields: &Fields, errors: &[Problem]) -> [Field; 5] {
    let get = |name: &str| fields.get(name);
    let pieces = to_give.iter().map(|m| Choice::of(m.key.clone(), format!("{} ({})", m.title, m.publisher)));
    let pieces = std::iter::once(Choice::of("", "Kies materiaal")).chain(pieces).collect();
    let languages = choices(Language::ALL, "De taal van het materiaal", |l| (l.code(), l.dutch()));
    let to = choices(GivenTo::ALL, "", |t| (t.code(), t.dutch())).split_off(1);
    let how = choices(GivenHow::ALL, "", |h| (h.code(), h.dutch())).split_off(1);
    [
        Field::select("stuk", "Wat gaf u?", get("stuk"), pieces).checked(errors),
        Field::select("taal", "In welke taal?", get("taal"), languages)
            .hint("Kies dit als het materiaal er in meer talen is.")
            .checked(errors),
        Field::radios("aan", "Aan wie?", get("aan"), to).checked(errors),
        Field::radios("hoe", "Hoe?", get("hoe"), how).checked(errors),
        Field::area("woorden", "Wat zei u erbij, of wat vroegen zij? (mag leeg blijven)", get("woorden"))
            .checked(errors),
    ]
}

fn name(part: Part) -> &'static str {
    match part {
        Part::To => "aan",
        Part::How => "hoe",
        Part::Language => "taal",
        Part::Words => "woorden",
        _ => "stuk",
    }
}

fn problems(flaws: Vec<Flaw>) -> Vec<Problem> {
    flaws.into_iter().map(|f| Problem::at(name(f.part), f.sentence)).collect()
}

async fn to_give(app: &App, who: &SignedIn) -> Result<Vec<Material>, store::Error> {
    Ok(all(app, who).await?.into_iter().filter(Material::is_to_give).collect())
}

async fn view(
    app: &App,
    who: &SignedIn,
    id: &PatientId,
    fields: &Fields,
    errors: Vec<Problem>,
) -> Result<GivePage, PageError> {
    let now = app.clock().now();
    let permit = ask(app, &who.actor, Action::ReadPlan, id).await?;
    let record = app.store().read_patient(&permit, now, "material").await?.ok_or(PageError::Forbidden)?;
    let path = app.store().path(&permit, now).await?;
    let alive = obstacle(stands(path.past(), app.clock().today()), &What::TakenUp).is_none();
    let gives = alive && quietly(app, &who.actor, Action::FollowUp, id).await?.is_some();
    let form = if gives { Some(form(&to_give(app, who).await?, fields, &errors)) } else { None };
    Ok(GivePage {
        frame: Frame::about(app, who, "Materiaal", id, &record.patient, Tab::Beneath)
            .back_to(format!("/patienten/{id}/gesprekken"), "Gesprekken")
            .failing(!errors.is_empty()),
        id: id.to_string(),
        given: materials(&path.steps).into_iter().map(known::material).collect(),
        form,
        errors,
    })
}

/// `GET /patienten/{id}/materiaal`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let chosen = Fields(vec![("stuk".to_owned(), asked.stuk)]);
    Ok(show(StatusCode::OK, &view(&app, &who, &patient_id(&id)?, &chosen, Vec::new()).await?))
}

/// `POST /patienten/{id}/materiaal`.
pub async fn post(State(app): State<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::FollowUp, &id).await?;
    let (now, today) = (app.clock().now(), app.clock().today());
    let again = async |status, errors| -> Answer { Ok(show(status, &view(&app, &who, &id, &fields, errors).await?)) };
    let path = app.store().path(&permit, now).await?;
    if let Some(sentence) = obstacle(stands(path.past(), today), &What::TakenUp) {
        return again(StatusCode::CONFLICT, vec![Problem::whole(sentence)]).await;
    }
    let chosen = to_give(&app, &who).await?.into_iter().find(|m| m.key == fields.get("stuk"));
    let Some(material) = chosen else {
        let wrong = vec![Problem::at("stuk", "Kies welk materiaal u gaf.")];
        return again(StatusCode::UNPROCESSABLE_ENTITY, wrong).await;
    };
    let text = |name: &str| fields.get(name).to_owned();
    let given = GaveGiven { to: text("aan"), how: text("hoe"), language: text("taal"), words: text("woorden") };
    match gave(&given, &material) {
        // Two may give something at once: the one takes nothing of the other away.
        Ok(what) => {
            app.store().add_steps(&permit, &[(today, what)], None, &recorder(&who), now).await?;
            Ok(done(&format!("/patienten/{id}/gesprekken"), Notice::MaterialGiven))
        }
        Err(flaws) => again(StatusCode::UNPROCESSABLE_ENTITY, problems(flaws)).await,
    }
}
