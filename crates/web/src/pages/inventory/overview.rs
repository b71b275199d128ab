//! `/regio/inventarisatie`: the steps on one page, and which of them one is at.

use super::{HERE, allowed, load};
use crate::app::App;
use crate::pages::frame::{Frame, Place};
use crate::pages::render::{Answer, page};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::State;
use domain::network::{Inventory, Stage};
use jiff::civil::Date;

/// The page.
#[derive(Template)]
#[template(path = "inventory/overview.html")]
pub struct OverviewPage {
    /// Title, menu.
    pub frame: Frame,
    /// Of which region.
    pub region: String,
    /// Which step one is at, in a sentence.
    pub at: String,
    /// The steps.
    pub steps: Vec<Step>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its page.
    pub href: String,
    /// What it asks.
    pub title: &'static str,
    /// How it stands.
    pub sentence: String,
    /// Done?
    pub done: bool,
    /// Is it the step that one is at?
    pub here: bool,
}

/// The page of a step.
fn page_of(stage: Stage) -> String {
    let part = match stage {
        Stage::Parties => "organisaties",
        Stage::Now => "antwoorden",
        Stage::Wish => "antwoorden#samen",
        Stage::Actions | Stage::Follow => "acties",
        Stage::Group => "werkgroep",
    };
    format!("{HERE}/{part}")
}

/// Which step one is at, in a sentence.
pub fn at(inventory: &Inventory, today: Date) -> String {
    let done = inventory.stands(today).iter().filter(|s| s.done).count();
    let many = Stage::ALL.len();
    match inventory.stage(today) {
        Some(stage) => {
            let number = Stage::ALL.iter().position(|s| *s == stage).unwrap_or_default() + 1;
            format!("U bent bij stap {number}: {} {done} van de {many} stappen zijn klaar.", stage.dutch())
        }
        None => format!("Alle {many} stappen zijn klaar."),
    }
}

/// The page, of an inventory.
pub fn view(frame: Frame, region: &str, inventory: &Inventory, today: Date) -> OverviewPage {
    let stage = inventory.stage(today);
    let step = |s: domain::network::Stands| Step {
        href: page_of(s.stage),
        title: s.stage.dutch(),
        sentence: s.sentence,
        done: s.done,
        here: stage == Some(s.stage),
    };
    OverviewPage {
        frame,
        region: region.to_owned(),
        at: at(inventory, today),
        steps: inventory.stands(today).into_iter().map(step).collect(),
    }
}

/// `GET /regio/inventarisatie`.
pub async fn get(State(app): State<App>, who: SignedIn) -> Answer {
    allowed(&who)?;
    let inventory = load(&app, &who.organisation.id).await?;
    let frame = Frame::signed(&who, "Inventarisatie en plan van aanpak", Place::BelowRegion)
        .back_to("/regio", "Cijfers van de regio");
    Ok(page(&view(frame, &who.organisation.name, &inventory, app.clock().today())))
}
