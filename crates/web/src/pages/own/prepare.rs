//! `/mijn/{id}/voorbereiden`: preparing the conversation at home, in one's own language (V3, decision 94). Kept as one
//! goes; never a decision by itself.

mod texts;

use super::{Id, Visit};
use crate::access::ask_own;
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::pages::field::{Field, Problem};
use crate::pages::frame::Frame;
use crate::pages::render::{Answer, page, show};
use crate::session::SignedIn;
use askama::Template;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use domain::access::{Action, Own, Permit};
use domain::prepare::{Language, Prepared, Question, answers};
use serde::Deserialize;
use serde_json::json;
use store::preparations::{Kept, Preparation};
use texts::{Texts, direction, texts};

/// The page.
#[derive(Template)]
#[template(path = "own/prepare.html")]
pub struct PreparePage {
    /// Title, menu.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// The words of the page.
    pub texts: &'static Texts,
    /// Code of the language.
    pub language: &'static str,
    /// Which way it is written.
    pub direction: &'static str,
    /// Every language: code, own name, whether it is this one.
    pub languages: Vec<(&'static str, &'static str, bool)>,
    /// Somebody else than the patient writes.
    pub for_another: bool,
    /// What is wrong, or that it was changed elsewhere.
    pub errors: Vec<Problem>,
    /// The questions with what was typed, and what stands on another device where that differs.
    pub fields: Vec<(Field, Option<String>)>,
    /// By which a save on another device is noticed.
    pub revision: u32,
    /// It was kept just now.
    pub kept: bool,
}

/// The page to print: the answers as text.
#[derive(Template)]
#[template(path = "own/prepared.html")]
pub struct PreparedPage {
    /// Title, menu.
    pub frame: Frame,
    /// The words of the page.
    pub texts: &'static Texts,
    /// Code of the language.
    pub language: &'static str,
    /// Which way it is written.
    pub direction: &'static str,
    /// Question and answer.
    pub answers: Vec<(&'static str, String)>,
}

/// Name of a question's field.
fn field(question: Question) -> String {
    format!("antwoord.{}", question.code())
}

/// A visit of who may prepare, their leave, and what they prepared.
async fn visit(app: &App, who: SignedIn, id: &str) -> Result<(Visit, Permit, Option<Preparation>), PageError> {
    let visit = Visit::of(app, who, id, "own page").await?;
    if visit.own == Own::Relative {
        return Err(PageError::Forbidden);
    }
    let permit = ask_own(app, &visit.who.actor, Action::OwnWords, &visit.id).await?;
    let all = app.store().preparations(&permit, app.clock().now()).await?;
    let mine = all.into_iter().find(|p| p.person == visit.who.person);
    Ok((visit, permit, mine))
}

/// What the page shows.
struct Shown<'a> {
    language: Language,
    typed: &'a dyn Fn(Question) -> String,
    elsewhere: Option<&'a Prepared>,
    errors: Vec<Problem>,
    revision: u32,
    kept: bool,
}

fn view(visit: &Visit, shown: Shown<'_>) -> PreparePage {
    let words = texts(shown.language);
    let fields = Question::ALL.iter().map(|q| {
        let (label, hint) = words.question(*q);
        let typed = (shown.typed)(*q);
        let theirs = shown.elsewhere.and_then(|p| p.answer(*q)).filter(|t| *t != typed.trim()).map(str::to_owned);
        (Field::area(&field(*q), label, &typed).hint(hint).checked(&shown.errors), theirs)
    });
    PreparePage {
        fields: fields.collect(),
        frame: visit.below(words.title).failing(!shown.errors.is_empty()),
        id: visit.id.to_string(),
        texts: words,
        language: shown.language.code(),
        direction: direction(shown.language),
        languages: Language::ALL.iter().map(|l| (l.code(), texts(*l).own_name, *l == shown.language)).collect(),
        for_another: !visit.is_me(),
        errors: shown.errors,
        revision: shown.revision,
        kept: shown.kept,
    }
}

/// What the address says.
#[derive(Deserialize)]
pub struct Which {
    /// It was kept just now.
    bewaard: Option<String>,
}

/// `GET /mijn/{id}/voorbereiden`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Id, Query(which): Query<Which>) -> Answer {
    let (visit, _, mine) = visit(&app, who, &id).await?;
    let typed = |q| mine.as_ref().and_then(|p| p.prepared.answer(q)).unwrap_or_default().to_owned();
    let language = mine.as_ref().map_or(Language::Dutch, |p| p.prepared.language);
    let revision = mine.as_ref().map_or(0, |p| p.revision);
    let shown =
        Shown { language, typed: &typed, elsewhere: None, errors: Vec::new(), revision, kept: which.bewaard.is_some() };
    Ok(page(&view(&visit, shown)))
}

/// The language that the button says, else the one that the page was in.
fn language(fields: &Fields) -> Language {
    let of = |name: &str| Language::of_code(fields.get(name));
    of("taal").or(of("in")).unwrap_or(Language::Dutch)
}

/// `POST /mijn/{id}/voorbereiden`: keeps what was typed, in the language that was chosen. A script that keeps as one
/// types gets the new revision as JSON.
pub async fn post(
    State(app): State<App>,
    Path(id): Id,
    headers: HeaderMap,
    SignedForm { who, fields }: SignedForm,
) -> Answer {
    let (visit, permit, mine) = visit(&app, who, &id).await?;
    let (language, words) = (language(&fields), texts(language(&fields)));
    let typed = |q| fields.get(&field(q)).replace("\r\n", "\n");
    let by_script = headers.get(header::ACCEPT).is_some_and(|a| a == "application/json");
    let told = |status: StatusCode, revision: u32, text: &str| {
        (status, Json(json!({"revision": revision, "text": text}))).into_response()
    };
    let expected: u32 = fields.get("revisie").parse().unwrap_or(0);
    let again = |errors: Vec<Problem>, revision, elsewhere: Option<&Prepared>| {
        view(&visit, Shown { language, typed: &typed, elsewhere, errors, revision, kept: false })
    };
    let answers = match answers(typed) {
        Ok(answers) => answers,
        Err(_) if by_script => return Ok(told(StatusCode::UNPROCESSABLE_ENTITY, expected, words.too_long)),
        Err(long) => {
            let errors = long.into_iter().map(|q| Problem::at(&field(q), words.too_long)).collect();
            return Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &again(errors, expected, None)));
        }
    };
    let name = visit.who.actor.name.clone();
    let now = app.clock().now();
    let prepared = Prepared { language, answers, name, represented: !visit.is_me(), at: now };
    // The same words twice, such as a page that was sent again, are nothing new and no conflict.
    let same = mine.filter(|p| p.prepared.answers == prepared.answers && p.prepared.language == language);
    let kept = match same {
        Some(same) => Kept::Done(same.revision),
        None => app.store().prepare(&permit, &prepared, expected, now).await?,
    };
    match kept {
        Kept::Done(revision) if by_script => Ok(told(StatusCode::OK, revision, words.kept)),
        Kept::Done(_) => Ok(Redirect::to(&format!("/mijn/{}/voorbereiden?bewaard=1", visit.id)).into_response()),
        // With the old revision, so that the button shows both texts.
        Kept::Stale(_) if by_script => Ok(told(StatusCode::CONFLICT, expected, words.elsewhere)),
        Kept::Stale(other) => {
            let errors = vec![Problem::whole(words.elsewhere)];
            let page = again(errors, other.revision, Some(&other.prepared));
            Ok(show(StatusCode::CONFLICT, &page))
        }
    }
}

/// `GET /mijn/{id}/voorbereiden/lezen`: to read again and to print.
pub async fn read(State(app): State<App>, who: SignedIn, Path(id): Id) -> Answer {
    let (visit, _, mine) = visit(&app, who, &id).await?;
    let language = mine.as_ref().map_or(Language::Dutch, |p| p.prepared.language);
    let words = texts(language);
    let said = |q: Question| mine.as_ref().and_then(|p| p.prepared.answer(q)).unwrap_or(words.nothing).to_owned();
    Ok(page(&PreparedPage {
        frame: visit.frame(words.title).back_to(format!("/mijn/{}/voorbereiden", visit.id), words.title),
        texts: words,
        language: language.code(),
        direction: direction(language),
        answers: Question::ALL.iter().map(|q| (words.question(*q).0, said(*q))).collect(),
    }))
}
