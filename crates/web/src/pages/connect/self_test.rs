//! `/koppelen/zelftest`: does what the standard asks work for a system of ours, and how fast? For whoever administers the
//! system's organisation. It asks as the system, under its scopes and its basis, and of a test patient alone: whoever
//! administers sees no patients.

use super::super::admin::{administered, refuse};
use super::super::field::{Choice, Field, Problem};
use super::super::frame::{Frame, Place};
use super::super::render::{Answer, page, refused};
use super::name;
use crate::app::App;
use crate::error::PageError;
use crate::forms::SignedForm;
use crate::self_test::{Tried, run};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::State;
use domain::administration::administers;
use domain::ident::Bsn;
use store::clients::Client;
use store::log::{Event, Outcome};

/// The page.
#[derive(Template)]
#[template(path = "connect/self_test.html")]
pub struct SelfTestPage {
    /// Title, menu.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// The fields; none where there is no system to test.
    pub fields: Vec<Field>,
    /// How it went, where it was run.
    pub outcome: Option<Ran>,
    /// Record systems that may open a patient here.
    pub ehrs: Vec<(String, String)>,
}

/// How a test went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// In a sentence.
    pub sentence: String,
    /// Where the patient was not found: what that means.
    pub unknown: bool,
    /// Each request.
    pub rows: Vec<Row>,
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Version of FHIR, and what was asked for.
    pub what: String,
    /// The request.
    pub request: String,
    /// How it ended.
    pub ended: String,
    /// How many there were.
    pub found: String,
    /// How long it took.
    pub took: String,
}

impl Ran {
    /// What is told of a test.
    pub fn of(all: &[Tried]) -> Self {
        let good = all.iter().filter(|t| t.is_good()).count();
        let sentence = match all.len() {
            n if n == good => format!("Alle {n} vragen zijn beantwoord."),
            n => format!("{good} van de {n} vragen zijn beantwoord."),
        };
        let unknown = all.iter().any(|t| t.request.starts_with("Patient/_search") && t.found == Some(0));
        Self { sentence, unknown, rows: all.iter().map(Row::of).collect() }
    }
}

impl Row {
    fn of(tried: &Tried) -> Self {
        let ended = match tried.status {
            200 => "beantwoord".to_owned(),
            401 => "geweigerd: het token geldt niet (401)".to_owned(),
            403 => "geweigerd: dit systeem mag dit niet (403)".to_owned(),
            status => format!("niet beantwoord ({status})"),
        };
        let tenths = tried.took.as_micros() / 100;
        Self {
            what: format!("{}: {}", name(tried.version), tried.what),
            request: tried.request.clone(),
            ended,
            found: tried.found.map_or_else(|| "–".to_owned(), |n| n.to_string()),
            took: format!("{},{}\u{a0}ms", tenths / 10, tenths % 10),
        }
    }
}

/// The fields, for these systems.
pub fn fields(clients: &[Client], client: &str, bsn: &str, errors: &[Problem]) -> Vec<Field> {
    if clients.is_empty() {
        return Vec::new();
    }
    let systems = clients.iter().map(|c| Choice::of(c.id.as_str(), &c.name)).collect();
    let first = clients[0].id.as_str();
    vec![
        Field::select("systeem", "Systeem", if client.is_empty() { first } else { client }, systems).checked(errors),
        Field::short("bsn", "BSN van een testpatiënt", bsn)
            .digits()
            .hint("Begint met een 9: zulke nummers heeft niemand.")
            .checked(errors),
    ]
}

/// The systems of the organisations that this person administers.
async fn clients(app: &App, who: &SignedIn) -> Result<Vec<Client>, PageError> {
    if !who.actor.role.is_some_and(administers) {
        return Err(refuse(app, who).await);
    }
    let organisations = administered(app, who).await?;
    let own = |c: &Client| organisations.iter().any(|o| o.id == c.organisation);
    Ok(app.store().clients().await?.into_iter().filter(|c| c.active && own(c)).collect())
}

fn view(app: &App, who: &SignedIn, fields: Vec<Field>, errors: Vec<Problem>) -> SelfTestPage {
    SelfTestPage {
        frame: Frame::signed(who, "Zelftest van een koppeling", Place::BelowAdmin)
            .back_to("/koppelen", "Koppelen")
            .failing(!errors.is_empty()),
        errors,
        fields,
        outcome: None,
        ehrs: app.ehrs().iter().map(|e| (e.settings.name.clone(), e.settings.issuer.clone())).collect(),
    }
}

/// `GET /koppelen/zelftest`.
pub async fn get(State(app): State<App>, who: SignedIn) -> Answer {
    let clients = clients(&app, &who).await?;
    Ok(page(&view(&app, &who, fields(&clients, "", "", &[]), Vec::new())))
}

/// `POST /koppelen/zelftest`.
pub async fn post(State(app): State<App>, SignedForm { who, fields: typed }: SignedForm) -> Answer {
    let clients = clients(&app, &who).await?;
    let (system, number) = (typed.get("systeem"), typed.get("bsn"));
    let mut errors = Vec::new();
    let client = clients.iter().find(|c| c.id.as_str() == system);
    if client.is_none() {
        errors.push(Problem::at("systeem", "Kies een systeem."));
    }
    let bsn = Bsn::parse(number);
    match &bsn {
        Err(wrong) => errors.push(Problem::at("bsn", wrong.0)),
        Ok(bsn) if !bsn.is_for_tests() => errors.push(Problem::at(
            "bsn",
            "Dit kan het nummer van iemand zijn. Gebruik een testpatiënt: een BSN dat met een 9 begint.",
        )),
        Ok(_) => {}
    }
    let again = fields(&clients, system, number, &errors);
    let (Some(client), Ok(bsn), true) = (client, bsn, errors.is_empty()) else {
        return Ok(refused(&view(&app, &who, again, errors)));
    };
    let event = Event {
        at: app.clock().now(),
        actor: Some(&who.actor),
        action: "self-test",
        data: client.id.as_str(),
        patient: None,
        outcome: Outcome::Done,
        detail: None,
    };
    app.store().event(event).await?;
    let all = run(&app, client, &bsn).await?;
    let mut view = view(&app, &who, again, errors);
    view.outcome = Some(Ran::of(&all));
    Ok(page(&view))
}
