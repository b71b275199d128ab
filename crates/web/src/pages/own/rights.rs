//! `/mijn/{id}/rechten`: write something with the record, ask to correct or destroy it, and read what was answered
//! (WGBO, articles 7:454 and 7:455 BW).

use super::{Id, Visit};
use crate::access::ask_own;
use crate::app::App;
use crate::error::PageError;
use crate::forms::SignedForm;
use crate::pages::dutch;
use crate::pages::field::{Field, Problem};
use crate::pages::frame::{Frame, Notice};
use crate::pages::render::{Answer, Told, done, page, refused};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::access::{Action, Own};
use domain::rights::{KEEP_YEARS, Kind, State as Standing};
use store::rights::{OwnWords, Went};

/// Longest text.
const LONGEST: usize = 5_000;

/// The page.
#[derive(Template)]
#[template(path = "own/rights.html")]
pub struct OwnRightsPage {
    /// Title, menu.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// What can be said.
    pub forms: Vec<Form>,
    /// What was said, newest first.
    pub said: Vec<SaidRow>,
}

/// One thing that can be said.
#[derive(Debug, Clone)]
pub struct Form {
    /// Code.
    pub kind: &'static str,
    /// Heading.
    pub title: &'static str,
    /// What it is for.
    pub about: String,
    /// The text.
    pub text: Field,
    /// Words of the button.
    pub button: &'static str,
}

/// Something that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidRow {
    /// Number.
    pub number: u32,
    /// What, when and by whom.
    pub title: String,
    /// In their words.
    pub text: String,
    /// What became of it.
    pub state: String,
    /// The answer.
    pub answer: Option<String>,
    /// Can be taken back by the reader.
    pub mine: bool,
}

/// How something that was said is shown. `me`: the reader as the log writes them.
pub fn row(words: &OwnWords, me: &str, today: jiff::civil::Date) -> SaidRow {
    let said = &words.said;
    let when = dutch::recently(words.said_at, today);
    let as_whom = if said.represented { ", vertegenwoordiger" } else { "" };
    let answer = said.answer.as_ref().map(|a| {
        let ground = a.ground.map(|g| format!(" Reden in de wet: {}.", g.dutch())).unwrap_or_default();
        format!("Antwoord van {}, {}: {}{ground}", a.name, dutch::recently(a.at, today), a.text)
    });
    SaidRow {
        number: words.number,
        title: format!("{} van {}{as_whom}, {when}", domain::words::capitalised(said.kind.dutch()), said.name),
        text: said.text.clone(),
        state: domain::words::capitalised(said.state.dutch()),
        answer,
        mine: said.by == me && matches!(said.state, Standing::Open | Standing::Stands),
    }
}

fn forms(typed: Option<(Kind, &str)>, errors: &[Problem]) -> Vec<Form> {
    let form = |kind: Kind, title, about: String, label, button| {
        let text = typed.filter(|(k, _)| *k == kind).map_or("", |(_, t)| t);
        let text = Field::area(&format!("tekst.{}", kind.code()), label, text).checked(errors);
        Form { kind: kind.code(), title, about, text, button }
    };
    vec![
        form(
            Kind::Statement,
            "Zelf iets bij het plan schrijven",
            "Uw tekst komt bij het plan te staan. Zorgverleners lezen hem mee. Niemand verandert uw woorden."
                .to_owned(),
            "Wat wilt u dat zorgverleners lezen?",
            "Zet dit bij het plan",
        ),
        form(
            Kind::Correction,
            "Vragen om iets te verbeteren",
            "Klopt iets niet? Schrijf wat er staat en wat het moet zijn. U krijgt hier antwoord.".to_owned(),
            "Wat klopt er niet?",
            "Vraag om verbetering",
        ),
        form(
            Kind::Erasure,
            "Vragen om het dossier weg te halen",
            format!(
                "Een dossier blijft {KEEP_YEARS} jaar bewaard. U mag vragen om het eerder weg te halen. Een arts kijkt \
                 of dat mag. Soms verbiedt een wet het, of heeft een ander het dossier echt nodig. Is het eenmaal weg, \
                 dan kan niemand het terughalen."
            ),
            "Wat wilt u laten weghalen, en waarom?",
            "Vraag om weghalen",
        ),
    ]
}

async fn view(
    app: &App,
    visit: &Visit,
    typed: Option<(Kind, &str)>,
    errors: Vec<Problem>,
) -> Result<OwnRightsPage, PageError> {
    let today = app.clock().today();
    let me = format!("person:{}", visit.who.person);
    let said = app.store().own_words(&visit.read, app.clock().now()).await?;
    Ok(OwnRightsPage {
        frame: visit.below("Uw rechten").failing(!errors.is_empty()),
        id: visit.id.to_string(),
        forms: forms(typed, &errors),
        said: said.iter().map(|w| row(w, &me, today)).collect(),
        errors,
    })
}

/// These rights are the patient's, and the representative's for the patient.
async fn visit(app: &App, who: SignedIn, id: &str) -> Result<Visit, PageError> {
    let visit = Visit::of(app, who, id, "own page").await?;
    if visit.own == Own::Relative { Err(PageError::Forbidden) } else { Ok(visit) }
}

/// `GET /mijn/{id}/rechten`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Id, Query(told): Query<Told>) -> Answer {
    let visit = visit(&app, who, &id).await?;
    let mut view = view(&app, &visit, None, Vec::new()).await?;
    view.frame = view.frame.told(&told);
    Ok(page(&view))
}

/// `POST /mijn/{id}/rechten`.
pub async fn post(State(app): State<App>, Path(id): Id, SignedForm { who, fields }: SignedForm) -> Answer {
    let visit = visit(&app, who, &id).await?;
    let permit = ask_own(&app, &visit.who.actor, Action::OwnWords, &visit.id).await?;
    let now = app.clock().now();
    let back = format!("/mijn/{}/rechten", visit.id);
    if let Some(number) = fields.filled("terug") {
        let number = number.parse().unwrap_or(0);
        return match app.store().take_back(&permit, number, now).await? {
            Went::Done => Ok(done(&back, Notice::WordsTakenBack)),
            Went::Gone => {
                let errors = vec![Problem::whole("Dit kunt u niet meer terugnemen: er is al op geantwoord.")];
                Ok(refused(&view(&app, &visit, None, errors).await?))
            }
        };
    }
    let Some(kind) = Kind::of_code(fields.get("soort")) else {
        let errors = vec![Problem::whole("Kies wat u wilt doen, en probeer het nog een keer.")];
        return Ok(refused(&view(&app, &visit, None, errors).await?));
    };
    let name = format!("tekst.{}", kind.code());
    let text = fields.get(&name);
    let wrong = match text.trim().chars().count() {
        0 => Some("Schrijf eerst uw tekst.".to_owned()),
        n if n > LONGEST => Some(format!("Uw tekst is te lang. Er passen {LONGEST} tekens in.")),
        _ => None,
    };
    if let Some(wrong) = wrong {
        let errors = vec![Problem::at(&name, wrong)];
        return Ok(refused(&view(&app, &visit, Some((kind, text)), errors).await?));
    }
    app.store().say(&permit, kind, text.trim(), now).await?;
    let notice = if kind == Kind::Statement { Notice::WordsStand } else { Notice::Asked };
    Ok(done(&back, notice))
}
