//! `/patienten/{id}/verzoeken`: what the patient asked about the record, to be weighed and answered (WGBO, articles
//! 7:454 and 7:455 BW).

use super::field::{Choice, Field, Problem};
use super::frame::{Frame, Notice, Tab};
use super::own::{SaidRow, said_row};
use super::render::{Answer, Told, done, page, refused};
use super::rows::leaves;
use crate::access::{ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::access::{Action, Permit};
use domain::date::local_day;
use domain::ident::PatientId;
use domain::patient::Patient;
use domain::rights::{Ground, Kind, State as Standing, keep_until};
use domain::words;
use jiff::civil::Date;
use store::erasure;
use store::rights::{OwnWords, Verdict, Went};

/// What is typed to destroy a record.
const MEANT: &str = "vernietig";

/// The page.
#[derive(Template)]
#[template(path = "requests.html")]
pub struct RequestsPage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// What waits.
    pub open: Vec<OpenRow>,
    /// The rest, newest first.
    pub rest: Vec<SaidRow>,
    /// Until when the record is kept, and why.
    pub kept: String,
    /// Where that day has come, for who may destroy the record: that it is meant.
    pub due: Option<Field>,
}

/// A request that waits.
pub struct OpenRow {
    /// What was said.
    pub said: SaidRow,
    /// What to think of before answering.
    pub weigh: &'static str,
    /// What to decide.
    pub verdict: Field,
    /// The answer.
    pub text: Field,
    /// Where it is an erasure: that it is meant.
    pub confirm: Option<Field>,
    /// Whether the reader may answer this one.
    pub may: bool,
}

struct Room {
    who: SignedIn,
    id: PatientId,
    permit: Permit,
    patient: Patient,
    words: Vec<OwnWords>,
    may_erase: bool,
    /// Day of the last medical change.
    last: Date,
    /// Until when the record is kept.
    until: Date,
}

impl Room {
    /// May whoever looks destroy the record, because it was kept long enough?
    fn due(&self, today: Date) -> bool {
        self.may_erase && self.until <= today
    }
}

async fn enter(app: &App, who: SignedIn, id: &str) -> Result<Room, PageError> {
    let id = patient_id(id)?;
    let permit = ask(app, &who.actor, Action::AnswerRequest, &id).await?;
    let (store, now) = (app.store(), app.clock().now());
    let record = store.read(&permit, now, "own words").await?.ok_or(PageError::Forbidden)?;
    if record.patient.merged_into.is_some() {
        return Err(PageError::Forbidden);
    }
    let words = store.own_words(&permit, now).await?;
    let [may_erase] = leaves(app, &who.actor, [Action::ErasePatient], &id).await?;
    let last = local_day(store.last_medical_change(&id).await?.unwrap_or(now));
    let until = keep_until(last);
    Ok(Room { who, id, permit, patient: record.patient.patient, words, may_erase: may_erase.is_some(), last, until })
}

fn name(field: &str, number: u32) -> String {
    format!("{field}.{number}")
}

/// The field in which one says that it is meant.
fn confirm(field: &str, typed: &Fields, errors: &[Problem]) -> Field {
    Field::short(field, "Vernietigt u het dossier? Typ dan: vernietig", typed.get(field)).checked(errors)
}

/// Whether that was said.
fn meant(field: &str, fields: &Fields) -> Result<(), Vec<Problem>> {
    match fields.get(field).trim() {
        MEANT => Ok(()),
        _ => Err(vec![Problem::at(field, format!("Typ hier {MEANT}. Daarna is het dossier voorgoed weg."))]),
    }
}

fn open_row(room: &Room, words: &OwnWords, said: SaidRow, typed: &Fields, errors: &[Problem]) -> OpenRow {
    let number = words.number;
    let erasure = words.said.kind == Kind::Erasure;
    let mut choices = vec![Choice::of("gedaan", if erasure { "Vernietigd, zoals gevraagd" } else { "Verbeterd" })];
    if erasure {
        choices.extend(Ground::ALL.map(|g| Choice::of(g.code(), format!("Afgewezen: {}", g.dutch()))));
    } else {
        choices.push(Choice::of("afgewezen", "Niet verbeterd"));
    }
    let verdict = name("besluit", number);
    let text = name("antwoord", number);
    OpenRow {
        weigh: if erasure {
            "Weeg: alleen een groot belang van een ander, of een wet, mag vernietigen tegenhouden. Wie vernietigt, \
             vernietigt voorgoed: het plan, alle versies, de documenten en de eigen toegang. Vertel het de patiënt zelf, \
             want er blijft geen pagina over om het antwoord op te lezen."
        } else {
            "Verbeter eerst in het plan of bij Gegevens wat niet klopt, en schrijf daarna hier uw antwoord."
        },
        verdict: Field::radios(&verdict, "Uw besluit", typed.get(&verdict), choices).checked(errors),
        text: Field::area(&text, "Antwoord aan de patiënt, in gewone woorden", typed.get(&text)).checked(errors),
        confirm: erasure.then(|| confirm(&name("zeker", number), typed, errors)),
        may: !erasure || room.may_erase,
        said,
    }
}

fn view(app: &App, room: &Room, typed: &Fields, errors: Vec<Problem>) -> RequestsPage {
    let today = app.clock().today();
    let waits = |w: &&OwnWords| w.said.state == Standing::Open;
    let open = room.words.iter().rev().filter(waits);
    RequestsPage {
        frame: Frame::about(app, &room.who, "Verzoeken van de patiënt", &room.id, &room.patient, Tab::Beneath)
            .back_to(format!("/patienten/{}", room.id), "Overzicht")
            .failing(!errors.is_empty()),
        id: room.id.to_string(),
        open: open.map(|w| open_row(room, w, said_row(w, "", today), typed, &errors)).collect(),
        rest: room.words.iter().filter(|w| !waits(w)).map(|w| said_row(w, "", today)).collect(),
        kept: format!(
            "Dit dossier blijft bewaard tot {}: twintig jaar na de laatste medische wijziging ({}).",
            words::day(room.until),
            words::day(room.last)
        ),
        due: room.due(today).then(|| confirm("zeker", typed, &errors)),
        errors,
    }
}

/// `GET /patienten/{id}/verzoeken`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(told): Query<Told>) -> Answer {
    let room = enter(&app, who, &id).await?;
    let mut view = view(&app, &room, &Fields::default(), Vec::new());
    view.frame = view.frame.told(&told);
    Ok(page(&view))
}

/// What was decided about a request of this kind.
fn read(kind: Kind, number: u32, fields: &Fields) -> Result<(Verdict, String), Vec<Problem>> {
    let (verdict, text) = (name("besluit", number), name("antwoord", number));
    let mut wrong = Vec::new();
    if fields.get(&verdict) == "gedaan" && kind == Kind::Erasure {
        return meant(&name("zeker", number), fields).map(|()| (Verdict::Done, String::new()));
    }
    let decided = match (fields.get(&verdict), kind) {
        ("gedaan", _) => Some(Verdict::Done),
        ("afgewezen", Kind::Correction) => Some(Verdict::Refused(None)),
        (code, Kind::Erasure) => Ground::of_code(code).map(|g| Verdict::Refused(Some(g))),
        _ => None,
    };
    if decided.is_none() {
        wrong.push(Problem::at(&verdict, "Kies wat u besluit."));
    }
    let Some(answer) = fields.filled(&text) else {
        wrong.push(Problem::at(&text, "Schrijf een antwoord: de patiënt leest het op de eigen pagina."));
        return Err(wrong);
    };
    decided.map(|d| (d, answer.to_owned())).ok_or(wrong)
}

/// Destroys the record for good.
async fn erase(app: &App, room: &Room, ground: erasure::Ground) -> Answer {
    let permit = ask(app, &room.who.actor, Action::ErasePatient, &room.id).await?;
    app.store().erase(&permit, ground, app.clock().now()).await?;
    Ok(done("/", Notice::Erased))
}

/// `POST /patienten/{id}/verzoeken`: answers one, or destroys what was kept long enough.
pub async fn post(State(app): State<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    let room = enter(&app, who, &id).await?;
    if fields.get("wat") == "bewaartermijn" {
        if !room.due(app.clock().today()) {
            return Err(PageError::Forbidden);
        }
        return match meant("zeker", &fields) {
            Ok(()) => erase(&app, &room, erasure::Ground::Retention).await,
            Err(errors) => Ok(refused(&view(&app, &room, &fields, errors))),
        };
    }
    let number: u32 = fields.get("nummer").parse().unwrap_or(0);
    let gone =
        || vec![Problem::whole("Hierop is al geantwoord, of de patiënt nam het terug. Hieronder staat hoe het nu is.")];
    let asked = room.words.iter().find(|w| w.number == number && w.said.state == Standing::Open);
    let Some(asked) = asked else { return Ok(refused(&view(&app, &room, &fields, gone()))) };
    // Only a doctor weighs whether a record may be destroyed.
    if asked.said.kind == Kind::Erasure && !room.may_erase {
        return Err(PageError::Forbidden);
    }
    let (verdict, text) = match read(asked.said.kind, number, &fields) {
        Ok(decided) => decided,
        Err(errors) => return Ok(refused(&view(&app, &room, &fields, errors))),
    };
    if asked.said.kind == Kind::Erasure && verdict == Verdict::Done {
        return erase(&app, &room, erasure::Ground::Request).await;
    }
    match app.store().answer_words(&room.permit, number, &verdict, &text, app.clock().now()).await? {
        Went::Done => Ok(done(&format!("/patienten/{}/verzoeken", room.id), Notice::Answered)),
        Went::Gone => {
            let room = enter(&app, room.who, room.id.as_str()).await?;
            Ok(refused(&view(&app, &room, &fields, gone())))
        }
    }
}

/// The statements that stand with the record, for the page of the plan: title and text.
///
/// # Errors
/// Where the store fails.
pub async fn standing(app: &App, permit: &Permit) -> Result<Vec<SaidRow>, store::Error> {
    let words = app.store().own_words(permit, app.clock().now()).await?;
    let today = app.clock().today();
    Ok(words.iter().filter(|w| w.said.state == Standing::Stands).map(|w| said_row(w, "", today)).collect())
}
