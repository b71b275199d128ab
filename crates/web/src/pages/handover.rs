//! `/patienten/{id}/overdracht`: the plan goes along at admission, discharge or a move (D6), as a sheet and as a FHIR
//! document; to whom, how, and whether it came is kept.

mod papers;

pub use papers::{document, sheet};

use super::author::recorder;
use super::field::{Choice, Field, Problem};
use super::frame::{Frame, Notice, Tab};
use super::render::{Answer, Told, done, show};
use super::rows::leaves;
use crate::access::{ask, patient_id, quietly};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::oauth::acting;
use crate::pages::dutch::typed_date;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{self, Path, Query};
use axum::http::StatusCode;
use domain::access::Action;
use domain::handover::given::{Field as At, Given, Wrong, acknowledged, made, undone};
use domain::handover::{self, Handover, Heard, Reason, Receiver, Way, handovers};
use domain::ident::{HookId, PatientId};
use domain::outbox::{Failure, State};
use domain::path::{Step, What};
use domain::words;
use jiff::civil::Date;

/// The page.
#[derive(Template)]
#[template(path = "handover.html")]
pub struct HandoverPage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Address of the page.
    pub here: String,
    /// What is open, each in a sentence.
    pub open: Vec<String>,
    /// There is no plan: that goes along too.
    pub without_plan: bool,
    /// To make one; absent: not for this person.
    pub form: Option<HandoverForm>,
    /// Those that were made, newest first.
    pub rows: Vec<HandoverRow>,
    /// What is wrong.
    pub errors: Vec<Problem>,
}

/// To make one.
pub struct HandoverForm {
    /// Why.
    pub reason: Field,
    /// What kind of receiver.
    pub to: Field,
    /// Which one.
    pub name: Field,
    /// How.
    pub way: Field,
    /// To which system; absent: there is none that may see the plan.
    pub system: Option<Field>,
    /// The day.
    pub day: Field,
}

/// One that was made.
pub struct HandoverRow {
    /// Number of its step.
    pub number: u32,
    /// What.
    pub what: String,
    /// How, by whom, which version.
    pub fine: String,
    /// Whether it came.
    pub came: String,
    /// May take it along.
    pub papers: bool,
    /// To say that it came; absent: not for this person, or said already.
    pub confirm: Option<Confirm>,
    /// To say that it was not so.
    pub undo: Option<Field>,
}

/// To say that it came.
pub struct Confirm {
    /// Who said so.
    pub by: Field,
    /// When.
    pub day: Field,
}

fn choices(all: impl Iterator<Item = (&'static str, &'static str)>) -> Vec<Choice> {
    all.map(|(code, dutch)| Choice::of(code, words::capitalised(dutch))).collect()
}

impl HandoverForm {
    /// The form with what was typed; `systems` are those that it may be sent to.
    pub fn of(systems: &[(HookId, String)], typed: &Fields, errors: &[Problem]) -> Self {
        let ways = Way::ALL.iter().filter(|w| **w != Way::Sent || !systems.is_empty());
        let of_systems = || {
            let all = systems.iter().map(|(id, name)| Choice::of(id.as_str(), name.clone()));
            let all = std::iter::once(Choice::of("", "Kies een systeem")).chain(all).collect();
            Field::select("systeem", "Naar welk systeem, als u het verstuurt?", typed.get("systeem"), all)
                .hint("Alleen systemen van organisaties die dit plan mogen zien.")
                .checked(errors)
        };
        let kinds = std::iter::once(Choice::of("", "Kies een soort"))
            .chain(choices(Receiver::ALL.iter().map(|r| (r.code(), r.dutch()))));
        Self {
            reason: Field::radios(
                "reden",
                "Waarom draagt u over?",
                typed.get("reden"),
                choices(Reason::ALL.iter().map(|r| (r.code(), r.dutch()))),
            )
            .checked(errors),
            to: Field::select("soort", "Aan wat voor zorgaanbieder?", typed.get("soort"), kinds.collect())
                .checked(errors),
            name: Field::text("naar", "Welke, en welke afdeling?", typed.get("naar"))
                .hint("Bijvoorbeeld: Rijnstate, cardiologie.")
                .checked(errors),
            way: Field::radios(
                "hoe",
                "Hoe gaat de overdracht mee?",
                typed.get("hoe"),
                choices(ways.map(|w| (w.code(), w.dutch()))),
            )
            .checked(errors),
            system: (!systems.is_empty()).then(of_systems),
            day: Field::short("dag", "Wanneer? (leeg: vandaag)", typed.get("dag"))
                .hint("Bijvoorbeeld 08-11-2026.")
                .checked(errors),
        }
    }
}

/// A handover that was sent, by the number of its step: what became of it, and why the last try failed.
pub type Sent = (u32, State, Option<Failure>);

/// What became of sending, in a sentence without its full stop.
fn on_the_way(sent: &Sent) -> String {
    let why = sent.2.map(|f| format!(": {}", f.dutch())).unwrap_or_default();
    match sent.1 {
        State::Waiting => format!("Wordt verstuurd{why}"),
        State::Sent => "Verstuurd; nog niet bevestigd door de ontvanger".to_owned(),
        State::Dropped => {
            "Niet verstuurd: dit systeem mag het plan niet (meer) zien of staat stil. Geef het mee".to_owned()
        }
        State::Dead | State::GivenUp => format!("Versturen mislukt{why}. Geef het mee op papier of als bestand"),
    }
}

/// The rows, newest first; what was typed stands at the one it was typed for.
pub fn rows(
    all: Vec<Handover>,
    sent: &[Sent],
    (may, papers): (bool, bool),
    typed: &Fields,
    errors: &[Problem],
) -> Vec<HandoverRow> {
    let row = |h: Handover| {
        let at = |name: &str| format!("{name}-{}", h.number);
        let said = |name: &str| typed.get(&at(name)).to_owned();
        let came = match (&h.undone, &h.acknowledged) {
            (Some((reason, by)), _) => format!("Ging toch niet door ({by}): {reason}"),
            (None, Some(a)) => format!("Ontvangen op {} door {} ({})", words::day(a.day), a.by, a.heard.dutch()),
            (None, None) => match sent.iter().find(|s| s.0 == h.number) {
                Some(sent) => on_the_way(sent),
                None => "Nog niet bevestigd door de ontvanger".to_owned(),
            },
        };
        let version = if h.version == 0 { "zonder plan".to_owned() } else { format!("versie {}", h.version) };
        HandoverRow {
            number: h.number,
            what: h.sentence(),
            fine: format!("{}, {version}; {}", words::capitalised(h.way.dutch()), h.made_by.name),
            came,
            papers: papers && h.undone.is_none(),
            confirm: (may && h.waits()).then(|| Confirm {
                by: Field::text(&at("wie"), "Wie heeft het ontvangen?", &said("wie"))
                    .hint("Naam en functie.")
                    .checked(errors),
                day: Field::short(&at("dag"), "Wanneer? (leeg: vandaag)", &said("dag")).checked(errors),
            }),
            undo: (may && h.undone.is_none())
                .then(|| Field::text(&at("waarom"), "Wat klopt er niet?", &said("waarom")).checked(errors)),
        }
    };
    all.into_iter().map(row).collect()
}

/// The systems that this patient's plan may be sent to: those that are told of changes and may see it now.
async fn systems(app: &App, id: &PatientId) -> Result<Vec<(HookId, String)>, PageError> {
    let mut all = Vec::new();
    for (hook, client) in app.store().webhooks().await? {
        let Some(client) = app.store().client(&client).await? else { continue };
        if quietly(app, &acting(&client), Action::ReadPlan, id).await?.is_some() {
            let organisation = app.store().organisation(&client.organisation).await?;
            let of = organisation.map(|o| format!("{}, ", o.name)).unwrap_or_default();
            all.push((hook, format!("{of}{}", client.id.as_str())));
        }
    }
    Ok(all)
}

async fn view(
    app: &App,
    who: &SignedIn,
    id: &PatientId,
    typed: &Fields,
    errors: Vec<Problem>,
) -> Result<HandoverPage, PageError> {
    let permit = ask(app, &who.actor, Action::ReadPlan, id).await?;
    let record = app.store().read(&permit, app.clock().now(), "handover").await?.ok_or(PageError::Forbidden)?;
    let (steps, _) = app.store().looking_back(&permit).await?;
    let sent = app.store().sent_handovers(&permit).await?;
    let [may, print] = leaves(app, &who.actor, [Action::FollowUp, Action::Print], id).await?;
    let may = may.is_some();
    let systems = if may { systems(app, id).await? } else { Vec::new() };
    Ok(HandoverPage {
        frame: Frame::about(app, who, "Overdracht", id, &record.patient.patient, Tab::Beneath)
            .back_to(format!("/patienten/{id}"), "Terug naar het overzicht")
            .failing(!errors.is_empty()),
        here: format!("/patienten/{id}/overdracht"),
        open: handover::open(&steps, app.clock().today()),
        without_plan: record.plan.is_none(),
        form: may.then(|| HandoverForm::of(&systems, typed, &errors)),
        rows: rows(handovers(&steps), &sent, (may, print.is_some()), typed, &errors),
        errors,
    })
}

/// `GET /patienten/{id}/overdracht`.
pub async fn get(
    extract::State(app): extract::State<App>,
    who: SignedIn,
    Path(id): Path<String>,
    Query(told): Query<Told>,
) -> Answer {
    let id = patient_id(&id)?;
    let mut page = view(&app, &who, &id, &Fields::default(), Vec::new()).await?;
    page.frame = page.frame.told(&told);
    Ok(show(StatusCode::OK, &page))
}

fn name(field: At, number: u32) -> String {
    match (field, number) {
        (At::Reason, _) => "reden".to_owned(),
        (At::To, _) => "soort".to_owned(),
        (At::Name, _) => "naar".to_owned(),
        (At::Way, _) => "hoe".to_owned(),
        (At::System, _) => "systeem".to_owned(),
        (At::Day, 0) => "dag".to_owned(),
        (At::Day, number) => format!("dag-{number}"),
        (At::By, number) => format!("wie-{number}"),
        (At::Undone, number) => format!("waarom-{number}"),
    }
}

fn day(typed: &str) -> String {
    typed_date(typed).ok().and_then(|d| d.day()).map_or_else(|| typed.trim().to_owned(), |d| d.to_string())
}

/// What happened, with the day it is about; or what is wrong with it.
fn read(
    fields: &Fields,
    systems: &[HookId],
    steps: &[Step],
    version: u32,
    today: Date,
) -> Result<(Date, What), Vec<Problem>> {
    let number = fields.get("nummer").parse().unwrap_or(0);
    let problems = |wrong: Vec<Wrong>| -> Vec<Problem> {
        wrong.into_iter().map(|w| Problem::at(&name(w.field, number), w.sentence)).collect()
    };
    let stands = |open: fn(&Handover) -> bool| {
        let there = handovers(steps).iter().any(|h| h.number == number && open(h));
        let gone = "Dit staat er niet meer zo: een ander was u voor. Lees hieronder wat er nu staat.";
        if there { Ok(()) } else { Err(vec![Problem::whole(gone)]) }
    };
    let (day, event) = match fields.get("doe") {
        "ontvangen" => {
            stands(Handover::waits)?;
            let on = day(fields.get(&name(At::Day, number)));
            acknowledged(number, fields.get(&name(At::By, number)), Heard::ByHand, &on, today).map_err(problems)?
        }
        "ongedaan" => {
            stands(|h| h.undone.is_none())?;
            (today, undone(number, fields.get(&name(At::Undone, number))).map_err(problems)?)
        }
        _ => {
            let given = Given {
                reason: fields.get("reden").to_owned(),
                to: fields.get("soort").to_owned(),
                name: fields.get("naar").to_owned(),
                way: fields.get("hoe").to_owned(),
                system: fields.get("systeem").to_owned(),
                day: day(fields.get("dag")),
            };
            made(&given, systems, version, today).map_err(problems)?
        }
    };
    Ok((day, What::Handover(Box::new(event))))
}

/// `POST /patienten/{id}/overdracht`.
pub async fn post(
    extract::State(app): extract::State<App>,
    Path(id): Path<String>,
    SignedForm { who, fields }: SignedForm,
) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::FollowUp, &id).await?;
    let now = app.clock().now();
    let record = app.store().read(&permit, now, "handover").await?.ok_or(PageError::Forbidden)?;
    let (steps, _) = app.store().looking_back(&permit).await?;
    let version = record.plan.as_ref().map_or(0, |p| p.number);
    let systems: Vec<HookId> = systems(&app, &id).await?.into_iter().map(|(hook, _)| hook).collect();
    match read(&fields, &systems, &steps, version, app.clock().today()) {
        Ok(step) => {
            app.store().add_steps(&permit, &[step], None, &recorder(&who), now).await?;
            Ok(done(&format!("/patienten/{id}/overdracht"), Notice::HandedOver))
        }
        Err(errors) => {
            let page = view(&app, &who, &id, &fields, errors).await?;
            Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}
