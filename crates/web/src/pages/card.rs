//! `/patienten/{id}/kaart`: the emergency card: whether it is to be printed anew, what was printed before, and the
//! withdrawing of what was lost. The patient's own page shows the same (`own::card`).

pub mod check;
mod sheet;

pub use sheet::{CardSheet, mark};

use super::frame::{Frame, Notice, Tab};
use super::render::{Answer, Told, done, page};
use super::rows::leaves;
use crate::access::{ask, patient_id};
use crate::app::App;
use crate::card::{self, ToPrint};
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::press::shown;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::{Action, Permit};
use domain::card::{Kind, Standing, decisions};
use domain::date::local_day;
use domain::patient::Patient;
use domain::plan::{CurrentPlan, emergency_view};
use domain::words;
use serde::Deserialize;
use store::cards::Issued;

/// The page.
#[derive(Template)]
#[template(path = "card/page.html")]
pub struct CardPage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Address of the page.
    pub here: String,
    /// Whether there is a card, and whether it is to be printed anew.
    pub lead: String,
    /// It is to be printed anew.
    pub stale: bool,
    /// Where the letter is, for who may print; there is a plan too.
    pub letter: Option<String>,
    /// May withdraw.
    pub may_withdraw: bool,
    /// What was printed.
    pub rows: Vec<CardRow>,
    /// For the patient and theirs.
    pub own: bool,
}

/// A card or a sheet that was printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardRow {
    /// Its number.
    pub number: u32,
    /// 'Noodkaart, versie 3'.
    pub what: String,
    /// When and by whom it was made.
    pub made: String,
    /// What it is worth.
    pub standing: String,
    /// It can be withdrawn.
    pub live: bool,
}

/// What a card is worth, within a sentence.
pub fn standing_words(standing: Standing) -> String {
    match standing {
        Standing::Current => "actueel".to_owned(),
        Standing::Replaced(day) => format!("vervangen op {}", words::day(day)),
        Standing::Withdrawn => "ingetrokken".to_owned(),
        Standing::Unknown => "niet van ons".to_owned(),
    }
}

impl CardRow {
    /// The row of one.
    pub fn of(issued: &Issued) -> Self {
        let what = match issued.kind {
            Kind::Card => "Noodkaart",
            Kind::Sheet => "Plan op papier",
        };
        Self {
            number: issued.number,
            what: format!("{what}, versie {}", issued.version),
            made: format!("{}, {}", words::day(local_day(issued.made_at)), issued.by),
            standing: standing_words(issued.standing),
            live: issued.standing != Standing::Withdrawn,
        }
    }
}

/// Is there a card that no longer holds, and none that does? Then it is to be printed anew: since when, and of which
/// version it is.
pub fn to_renew(cards: &[Issued]) -> Option<(u32, Standing)> {
    let mut own = cards.iter().filter(|c| c.kind == Kind::Card);
    if own.clone().any(|c| c.standing == Standing::Current) {
        return None;
    }
    own.find(|c| matches!(c.standing, Standing::Replaced(_))).map(|c| (c.version, c.standing))
}

/// What is told on the page of the patient, and on the patient's own, where a card is to be printed anew.
pub fn renew_sentence(cards: &[Issued]) -> Option<String> {
    let (version, standing) = to_renew(cards)?;
    Some(format!("De noodkaart (versie {version}) is {}: print een nieuwe.", standing_words(standing)))
}

/// Whether there is a card.
fn lead(plan: Option<&CurrentPlan>, cards: &[Issued]) -> String {
    let current = cards.iter().find(|c| c.kind == Kind::Card && c.standing == Standing::Current);
    match (plan, current, renew_sentence(cards)) {
        (None, ..) => "Er is nog geen plan, en dus ook nog geen noodkaart.".to_owned(),
        (_, Some(card), _) => {
            let day = words::day(local_day(card.made_at));
            format!("De noodkaart van {day} is actueel: hij toont versie {} van het plan.", card.version)
        }
        (_, None, Some(renew)) => renew,
        (_, None, None) => "Er is nog geen noodkaart.".to_owned(),
    }
}

impl CardPage {
    /// The page over what there is.
    pub fn new(frame: Frame, here: String, plan: Option<&CurrentPlan>, cards: &[Issued]) -> Self {
        Self {
            frame,
            here,
            lead: lead(plan, cards),
            stale: to_renew(cards).is_some(),
            letter: None,
            may_withdraw: false,
            rows: cards.iter().map(CardRow::of).collect(),
            own: false,
        }
    }
}

/// `GET /patienten/{id}/kaart`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(told): Query<Told>) -> Answer {
    let id = patient_id(&id)?;
    let read = ask(&app, &who.actor, Action::ReadPlan, &id).await?;
    let now = app.clock().now();
    let record = app.store().read(&read, now, "card").await?.ok_or(PageError::Forbidden)?;
    if let Some(kept) = &record.patient.merged_into {
        return Ok(Redirect::to(&format!("/patienten/{kept}/kaart")).into_response());
    }
    let cards = app.store().cards(&read, now).await?;
    let [may_print, may_withdraw] = leaves(&app, &who.actor, [Action::Print, Action::WithdrawCard], &id).await?;
    let frame = Frame::about(&app, &who, "Noodkaart", &id, &record.patient.patient, Tab::Beneath).told(&told);
    let plan = record.plan.as_ref();
    Ok(page(&CardPage {
        may_withdraw: may_withdraw.is_some(),
        letter: may_print.filter(|_| plan.is_some()).map(|_| format!("/patienten/{id}/plan/brief.pdf")),
        ..CardPage::new(frame, format!("/patienten/{id}/kaart"), plan, &cards)
    }))
}

/// `POST /patienten/{id}/kaart`: withdraws one.
pub async fn post(State(app): State<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::WithdrawCard, &id).await?;
    withdraw(&app, &permit, &fields, &format!("/patienten/{id}/kaart")).await
}

/// Withdraws the one that the form names.
pub async fn withdraw(app: &App, permit: &Permit, fields: &Fields, here: &str) -> Answer {
    let number = fields.get("nummer").parse().ok().filter(|number| *number > 0);
    let number = number.ok_or_else(|| {
        PageError::BadRequest("Kies welke kaart of afdruk u wilt intrekken: gebruik de knop ernaast.".to_owned())
    })?;
    // Withdrawn before: that is what was asked.
    app.store().withdraw_card(permit, number, app.clock().now()).await?;
    Ok(done(here, Notice::CardWithdrawn))
}

/// How the card is printed.
#[derive(Debug, Default, Deserialize)]
pub struct Shape {
    /// `los`: without a sheet around it.
    #[serde(default)]
    vorm: String,
}

/// `GET /patienten/{id}/kaart.pdf`.
pub async fn pdf(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(shape): Query<Shape>) -> Answer {
    let id = patient_id(&id)?;
    let print = ask(&app, &who.actor, Action::Print, &id).await?;
    let read = ask(&app, &who.actor, Action::ReadPlan, &id).await?;
    let record = app.store().read(&read, app.clock().now(), "card").await?.ok_or(PageError::Forbidden)?;
    if let Some(kept) = &record.patient.merged_into {
        return Ok(Redirect::to(&format!("/patienten/{kept}/kaart.pdf")).into_response());
    }
    let plan = record.plan.ok_or(PageError::NotFound)?;
    printed(&app, &print, &record.patient.patient, &plan, &shape).await
}

/// The card of this plan, as a file.
///
/// # Errors
/// Where the store or the press fails.
pub async fn printed(
    app: &App,
    print: &Permit,
    patient: &Patient,
    plan: &CurrentPlan,
    shape: &Shape,
) -> Result<Response, PageError> {
    let day = local_day(plan.recorded_at);
    // Nothing on a card depends on the day it is printed.
    let view = emergency_view(&plan.content, domain::plan::ReviewBy { today: day, interval_months: 0 });
    let to_print = ToPrint { kind: Kind::Card, version: plan.number, day, decisions: decisions(&view.first) };
    let issued = card::code(app.store(), print, to_print, app.clock().now(), app.clock().real()).await?;
    let sheet = CardSheet {
        patient,
        content: &plan.content,
        view: &view,
        number: plan.number,
        day,
        issued: &issued,
        address: &card::address(app, &issued),
        typed_at: &card::typed_at(app),
        bare: shape.vorm == "los",
    }
    .card();
    let pdf = app.press().set(move || sheet.to_pdf()).await?;
    Ok(shown(pdf, &format!("noodkaart-versie-{}", plan.number)))
}
