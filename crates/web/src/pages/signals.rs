//! `/patienten/{id}/signalen`: record a signal, what the patient answered, an end; and the path as a line with dates.
//! Conversations are planned and reported on their own page.

mod fields;
pub mod line;

pub use line::DotRow;

use super::author::recorder;
use super::field::{Choice, Field, Problem};
use super::frame::{Frame, Notice, Tab};
use super::render::{Answer, Told, done, show};
use super::rows::leaves;
use crate::access::{ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State as Has};
use axum::http::StatusCode;
use domain::access::Action;
use domain::ident::PatientId;
use domain::path::given::obstacle;
use domain::path::{What, stands};
use domain::signal::{Asks, Condition, Decline, Instruments, Reason, Scale};
use jiff::civil::Date;
use std::borrow::Cow;

/// The page.
#[derive(Template)]
#[template(path = "signals.html")]
pub struct SignalsPage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// Where the patient stands, in a sentence.
    pub state: String,
    /// Number of the last step that this page shows.
    pub seen: u32,
    /// What one may write here; `None`: nothing.
    pub signal: Option<SignalForm>,
    /// Is the patient open to a conversation?
    pub answer: Option<AnswerForm>,
    /// Why, when and words of an end.
    pub end: Option<[Field; 3]>,
    /// The part that failed is open.
    pub tried: String,
    /// The line, newest first.
    pub line: Vec<DotRow>,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// A choice of several, any number of which may be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// Value sent.
    pub value: Cow<'static, str>,
    /// Words.
    pub label: String,
    /// Taken.
    pub on: bool,
}

/// The form of a signal.
#[derive(Debug, Clone)]
pub struct SignalForm {
    /// Occasions.
    pub occasions: Vec<Tick>,
    /// Features of the person.
    pub features: Vec<Tick>,
    /// What is wrong with the reasons.
    pub wrong: Option<String>,
    /// Free text.
    pub words: Field,
    /// The day.
    pub noticed_on: Field,
    /// The Surprise Questions that are asked here: none, one or two.
    pub surprise: Vec<Field>,
    /// Signs of decline; empty where SPICT is not offered.
    pub signs: Vec<Tick>,
    /// Conditions.
    pub conditions: Vec<Tick>,
    /// Scale and score; absent where none is offered.
    pub score: Option<[Field; 2]>,
    /// Name and outcome of another instrument.
    pub other: [Field; 2],
    /// What the patient thought already, and with whom they would talk.
    pub known: [Field; 2],
    /// The instruments by name, as a heading.
    pub instruments: String,
    /// Something of an instrument was filled in.
    pub instruments_open: bool,
    /// Something of what the patient thinks was filled in.
    pub known_open: bool,
}

/// The form of an answer.
#[derive(Debug, Clone)]
pub struct AnswerForm {
    /// Yes, not now, no.
    pub open: Field,
    /// When to ask again, and whether material was given.
    pub later: [Field; 2],
    /// Why not.
    pub reason: Field,
}

fn ticks<T: Copy>(all: &[T], said: fn(T) -> (&'static str, &'static str), name: &str, fields: &Fields) -> Vec<Tick> {
    let taken = |value: &str| fields.0.iter().any(|(n, v)| n == name && v == value);
    all.iter()
        .map(|item| {
            let (value, words) = said(*item);
            Tick { value: value.into(), label: domain::words::capitalised(words), on: taken(value) }
        })
        .collect()
}

fn yes_no() -> Vec<Choice> {
    vec![Choice::of("yes", "Ja"), Choice::of("no", "Nee"), Choice::of("", "Niet gevraagd")]
}

fn choices<T: Copy>(all: &[T], said: fn(T) -> (&'static str, &'static str)) -> Vec<Choice> {
    all.iter().map(|i| said(*i)).map(|(value, words)| Choice::of(value, domain::words::capitalised(words))).collect()
}

/// The Surprise Questions as an organisation asks them.
fn surprise(asks: Asks, fields: &Fields, errors: &[Problem]) -> Vec<Field> {
    let ask = |name: &str, label: &str| Field::radios(name, label, fields.get(name), yes_no()).checked(errors);
    let first = || ask("overlijden", "Zou het u verbazen als deze patiënt binnen twaalf maanden overlijdt?");
    let second = || ask("leven", "Alleen na ‘nee’: zou het u verbazen als deze patiënt na twaalf maanden nog leeft?");
    match asks {
        Asks::Not => Vec::new(),
        Asks::Single => vec![first()],
        Asks::Double => vec![first(), second()],
    }
}

/// What is offered, by name.
fn named(offered: &Instruments) -> String {
    let all = [
        (offered.surprise != Asks::Not, "Surprise Question"),
        (offered.spict, "SPICT"),
        (!offered.scales.is_empty(), "score"),
    ];
    let names: Vec<&str> = all.into_iter().filter(|(there, _)| *there).map(|(_, name)| name).collect();
    if names.is_empty() { "een ander instrument".to_owned() } else { names.join(", ") }
}

/// Scale and score.
fn score(scales: &[Scale], fields: &Fields, errors: &[Problem]) -> Option<[Field; 2]> {
    if scales.is_empty() {
        return None;
    }
    let mut choices = vec![Choice::of("", "Geen")];
    choices.extend(scales.iter().map(|s| {
        let label = format!("{} ({} tot {}; kwetsbaar vanaf {})", s.name, s.lowest, s.highest, s.frail_from);
        Choice::of(s.code.clone(), label)
    }));
    Some([
        Field::select("schaal", "Score op een schaal", fields.get("schaal"), choices).checked(errors),
        Field::shorter("score", "Score", fields.get("score")).digits(),
    ])
}

/// The form of a signal, with what was typed and the instruments that the organisation offers.
pub fn signal_form(offered: &Instruments, fields: &Fields, errors: &[Problem]) -> SignalForm {
    use domain::signal::{Part, Thought};
    let of = |part: Part| -> Vec<Reason> { Reason::ALL.iter().copied().filter(|r| r.part() == part).collect() };
    let text = |name: &str, label: &str| Field::text(name, label, fields.get(name)).checked(errors);
    let filled = |names: &[&str]| names.iter().any(|n| fields.0.iter().any(|(f, v)| f == n && !v.trim().is_empty()));
    let reason = |r: Reason| (r.code(), r.dutch());
    SignalForm {
        occasions: ticks(&of(Part::Occasion), reason, "reden", fields),
        features: ticks(&of(Part::Feature), reason, "reden", fields),
        wrong: errors.iter().find(|e| e.field == "reden").map(|e| e.message.clone()),
        words: Field::area("woorden", "Wat zag of hoorde u? (mag leeg blijven)", fields.get("woorden")).checked(errors),
        noticed_on: Field::short("dag", "Wanneer? (leeg: vandaag)", fields.get("dag"))
            .hint("Bijvoorbeeld 08-11-2026.")
            .checked(errors),
        surprise: surprise(offered.surprise, fields, errors),
        signs: ticks(
            if offered.spict { Decline::ALL } else { &[] },
            |d| (d.code(), d.dutch()),
            "achteruitgang",
            fields,
        ),
        conditions: ticks(
            if offered.spict { Condition::ALL } else { &[] },
            |c| (c.code(), c.dutch()),
            "ziekte",
            fields,
        ),
        score: score(&offered.scales, fields, errors),
        other: [
            text("instrument", "Ander instrument, bijvoorbeeld TraZAG of een signaleringskaart"),
            text("uitkomst", "Wat was de uitkomst?"),
        ],
        known: [
            Field::radios(
                "nagedacht",
                "Heeft de patiënt er al over nagedacht?",
                fields.get("nagedacht"),
                choices(Thought::ALL, |t| (t.code(), t.dutch())),
            )
            .checked(errors),
            text("praat-met", "Met wie wil de patiënt praten?"),
        ],
        instruments: format!("Instrumenten: {}", named(offered)),
        instruments_open: filled(&[
            "overlijden",
            "leven",
            "achteruitgang",
            "ziekte",
            "schaal",
            "score",
            "instrument",
            "uitkomst",
        ]),
        known_open: filled(&["nagedacht", "praat-met"]),
    }
}

/// The form of an answer, with what was typed.
pub fn answer_form(fields: &Fields, errors: &[Problem]) -> AnswerForm {
    use domain::signal::{Material, Open};
    AnswerForm {
        open: Field::radios(
            "open",
            "Staat de patiënt open voor een gesprek?",
            fields.get("open"),
            choices(Open::ALL, |o| (o.code(), o.dutch())),
        )
        .checked(errors),
        later: [
            Field::short("opnieuw", "Bij ‘nu niet’: vanaf welke dag mag u het opnieuw vragen?", fields.get("opnieuw"))
                .hint("Bijvoorbeeld 08-01-2027. Die dag komt de taak vanzelf terug.")
                .checked(errors),
            Field::radios(
                "materiaal",
                "Bij ‘nu niet’: gaf u informatiemateriaal?",
                fields.get("materiaal"),
                choices(Material::ALL, |m| (m.code(), m.dutch())),
            )
            .checked(errors),
        ],
        reason: Field::text("reden-nee", "Bij ‘nee’: waarom niet?", fields.get("reden-nee")).checked(errors),
    }
}

fn end_form(fields: &Fields, errors: &[Problem]) -> [Field; 3] {
    use domain::path::End;
    // Death is told among what happened.
    let chosen: Vec<End> = End::ALL.iter().copied().filter(|e| !matches!(e, End::Declined | End::Died)).collect();
    [
        Field::radios("einde", "Waarom eindigt dit?", fields.get("einde"), choices(&chosen, |e| (e.code(), e.dutch())))
            .checked(errors),
        Field::short("einde-dag", "Wanneer? (leeg: vandaag)", fields.get("einde-dag")).checked(errors),
        Field::text("einde-woorden", "Toelichting", fields.get("einde-woorden")).checked(errors),
    ]
}

async fn view(
    app: &App,
    who: &SignedIn,
    id: &PatientId,
    fields: &Fields,
    errors: Vec<Problem>,
) -> Result<SignalsPage, PageError> {
    let now = app.clock().now();
    let permit = ask(app, &who.actor, Action::ReadPlan, id).await?;
    let record = app.store().read_patient(&permit, now, "path").await?.ok_or(PageError::Forbidden)?;
    let path = app.store().path(&permit, now).await?;
    let today = app.clock().today();
    let state = stands(path.past(), today);
    let [may_signal, may_follow] = leaves(app, &who.actor, [Action::Signal, Action::FollowUp], id).await?;
    let alive = obstacle(state, &What::TakenUp).is_none();
    let follows = may_follow.is_some() && alive;
    let mut line = line::rows(path.past(), today);
    line.reverse();
    Ok(SignalsPage {
        frame: Frame::about(app, who, "Signalen", id, &record.patient, Tab::Signals).failing(!errors.is_empty()),
        id: id.to_string(),
        state: state.sentence(),
        seen: path.steps.last().map_or(0, |s| s.number),
        signal: (may_signal.is_some() && alive)
            .then(|| signal_form(&who.organisation.policy.instruments, fields, &errors)),
        answer: follows.then(|| answer_form(fields, &errors)),
        end: follows.then(|| end_form(fields, &errors)),
        tried: fields.get("doe").to_owned(),
        line,
        errors,
    })
}

/// `GET /patienten/{id}/signalen`.
pub async fn get(Has(app): Has<App>, who: SignedIn, Path(id): Path<String>, Query(told): Query<Told>) -> Answer {
    let id = patient_id(&id)?;
    let mut page = view(&app, &who, &id, &Fields::default(), Vec::new()).await?;
    page.frame = page.frame.told(&told);
    Ok(show(StatusCode::OK, &page))
}

/// What happened, each with the day it is about; or what is wrong with it.
type Happened = Result<Vec<(Date, What)>, Vec<Problem>>;

/// What was asked, and the action it needs.
fn read(fields: &Fields, offered: &Instruments, today: Date) -> Option<(Action, Happened)> {
    let one = |what: Result<What, Vec<Problem>>| what.map(|what| vec![(today, what)]);
    Some(match fields.get("doe") {
        "signaal" => (Action::Signal, fields::signal(fields, offered, today)),
        "antwoord" => (Action::FollowUp, one(fields::answer(fields, today).map(What::Asked))),
        "einde" => (Action::FollowUp, fields::ended(fields, today).map(|step| vec![step])),
        _ => return None,
    })
}

/// `POST /patienten/{id}/signalen`.
pub async fn post(Has(app): Has<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    let id = patient_id(&id)?;
    let today = app.clock().today();
    let offered = &who.organisation.policy.instruments;
    let (action, read) =
        read(&fields, offered, today).map_or((Action::Signal, None), |(action, read)| (action, Some(read)));
    let permit = ask(&app, &who.actor, action, &id).await?;
    let read = read.ok_or_else(|| PageError::BadRequest("Gebruik een van de knoppen op de bladzijde.".to_owned()))?;
    let steps = match read {
        Ok(steps) => steps,
        Err(errors) => return again(&app, &who, &id, &fields, StatusCode::UNPROCESSABLE_ENTITY, errors).await,
    };
    let now = app.clock().now();
    let path = app.store().path(&permit, now).await?;
    let state = stands(path.past(), today);
    if let Some(sentence) = steps.iter().find_map(|(_, what)| obstacle(state, what)) {
        return again(&app, &who, &id, &fields, StatusCode::CONFLICT, vec![Problem::whole(sentence)]).await;
    }
    // Two may signal at once; who answers, plans or ends does so after reading what others wrote.
    let seen = (action == Action::FollowUp).then(|| fields.get("gezien").parse().unwrap_or(0));
    if app.store().add_steps(&permit, &steps, seen, &recorder(&who), now).await?.is_some() {
        let notice = if action == Action::Signal { Notice::Signalled } else { Notice::PathKept };
        return Ok(done(&format!("/patienten/{id}/signalen"), notice));
    }
    let sentence = "Iemand anders legde hier intussen iets vast. Lees onderaan wat er veranderde. Wat u typte staat er \
                    nog; klopt het nog, bevestig het dan opnieuw.";
    again(&app, &who, &id, &fields, StatusCode::CONFLICT, vec![Problem::whole(sentence)]).await
}

/// The page as it was filled in, with what is wrong.
async fn again(
    app: &App,
    who: &SignedIn,
    id: &PatientId,
    fields: &Fields,
    status: StatusCode,
    errors: Vec<Problem>,
) -> Answer {
    Ok(show(status, &view(app, who, id, fields, errors).await?))
}
