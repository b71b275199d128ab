//! `/regio/inventarisatie`: the step plan of a region's coordinator (PROCESS M5): who takes part, how they work now, what they
//! wish, what is going to be done, who pulls it, and how far it is. `/vragenlijst` is for who answers, by a link.

mod actions;
mod answers;
mod files;
mod group;
mod overview;
mod parties;
mod party;
mod questionnaire;

#[cfg(test)]
pub use {
    actions::{list_view as actions_view, one_view as action_view},
    answers::view as answers_view,
    group::view as group_view,
    overview::view as overview_view,
    parties::view as parties_view,
    party::{LinkPage, PartyView, view as party_view},
    questionnaire::{Asked, ClosedPage, typed_of, view as questionnaire_view},
};

use super::field::Choice;
use super::frame::{Frame, Place};
use super::region;
use crate::app::App;
use crate::error::PageError;
use crate::routes::{Routes, get, post};
use crate::session::SignedIn;
use domain::ident::{NoteId, OrganisationId};
use domain::network::{Action, Aim, Answers, Group, Inventory, Party, Wish};
use domain::words::capitalised;
use std::collections::HashMap;
use store::notes::only;

/// Where it is.
pub const HERE: &str = "/regio/inventarisatie";

/// Every page of it.
pub fn routes() -> Routes {
    Routes::new()
        .route("/regio/inventarisatie", get(overview::get))
        .route("/regio/inventarisatie/plan.pdf", get(files::pdf))
        .route("/regio/inventarisatie/organisaties", get(parties::get).post(parties::post))
        .route("/regio/inventarisatie/organisaties/{partij}", get(party::get).post(party::post))
        .route("/regio/inventarisatie/organisaties/{partij}/link", post(party::post_link))
        .route("/regio/inventarisatie/antwoorden", get(answers::get).post(answers::post))
        .route("/regio/inventarisatie/acties", get(actions::get).post(actions::post))
        .route("/regio/inventarisatie/acties/acties.csv", get(files::csv))
        .route("/regio/inventarisatie/acties/{actie}", get(actions::get_one).post(actions::post_one))
        .route("/regio/inventarisatie/werkgroep", get(group::get).post(group::post))
        .route("/vragenlijst/{link}", get(questionnaire::get).post(questionnaire::post))
}

/// # Errors
/// The refusal that all get who may not.
fn allowed(who: &SignedIn) -> Result<(), PageError> {
    if region::may_see(who) { Ok(()) } else { Err(PageError::Forbidden) }
}

/// The frame of a page of it.
fn frame(who: &SignedIn, title: &str) -> Frame {
    Frame::signed(who, title, Place::BelowRegion).back_to(HERE, "Inventarisatie en plan van aanpak")
}

/// Everything of a region's inventory.
///
/// # Errors
/// Where the store fails.
async fn load(app: &App, region: &OrganisationId) -> Result<Inventory, store::Error> {
    let store = app.store();
    let given = store.notes::<Answers>(region).await?;
    let Inventory { mut parties, actions, .. } = load_actions(app, region).await?;
    let mut given: HashMap<NoteId, Answers> = given.into_iter().map(|k| (k.id, k.note)).collect();
    for (id, _, answers) in &mut parties {
        *answers = given.remove(id);
    }
    let aim = store.note::<Aim>(region, &only()).await?.map(|k| k.note).unwrap_or_default();
    let group = store.note::<Group>(region, &only()).await?.map(|k| k.note).unwrap_or_default();
    Ok(Inventory { parties, aim, actions, group })
}

/// What the actions of a region need: themselves, and who takes part; not what those answered, nor the rest.
///
/// # Errors
/// Where the store fails.
async fn load_actions(app: &App, region: &OrganisationId) -> Result<Inventory, store::Error> {
    let mut inventory = load_parties(app, region).await?;
    let actions = app.store().notes::<Action>(region).await?;
    inventory.actions = actions.into_iter().map(|k| (k.id, k.note)).collect();
    inventory.actions.sort_by(|a, b| (!a.1.is_open(), a.1.by, &a.1.what).cmp(&(!b.1.is_open(), b.1.by, &b.1.what)));
    Ok(inventory)
}

/// Who takes part, and nothing else.
///
/// # Errors
/// Where the store fails.
async fn load_parties(app: &App, region: &OrganisationId) -> Result<Inventory, store::Error> {
    let parties = app.store().notes::<Party>(region).await?;
    let mut parties: Vec<_> = parties.into_iter().map(|k| (k.id, k.note, None)).collect();
    parties.sort_by(|a, b| (a.1.left, a.1.sector, &a.1.name).cmp(&(b.1.left, b.1.sector, &b.1.name)));
    Ok(Inventory { parties, ..Inventory::default() })
}

/// The name of an organisation of the inventory.
fn name_of(inventory: &Inventory, id: &NoteId) -> Option<String> {
    inventory.parties.iter().find(|(party, ..)| party == id).map(|(_, party, _)| party.name.clone())
}

/// Where an action comes from, in words.
fn source(inventory: &Inventory, action: &Action) -> String {
    let wish = action.wish.map(|w: Wish| format!("wens: {}", w.dutch()));
    let party = action.party.as_ref().and_then(|id| name_of(inventory, id));
    [wish, party].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// Codes to choose from, with a first line that chooses none.
fn choices<'a>(none: &str, all: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Choice> {
    std::iter::once(Choice::of("", none)).chain(all.map(|(code, words)| Choice::of(code, capitalised(words)))).collect()
}
