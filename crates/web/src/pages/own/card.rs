//! `/mijn/{id}/kaart`: the emergency card and the letter about the plan, for the patient and the representative.

use super::{Id, Visit};
use crate::access::{ask_own, patient_id, quietly_own};
use crate::app::App;
use crate::error::PageError;
use crate::forms::SignedForm;
use crate::pages::card::{CardPage, Shape, printed, withdraw};
use crate::pages::on_paper::letter as about_plan;
use crate::pages::render::{Answer, Told, page};
use crate::session::SignedIn;
use axum::extract::{Path, Query, State};
use domain::access::{Action, Permit};

/// Who looks, with leave to take something along on paper; relatives have none.
async fn leave(app: &App, who: SignedIn, id: &str) -> Result<(Visit, Permit), PageError> {
    let print = ask_own(app, &who.actor, Action::Print, &patient_id(id)?).await?;
    Ok((Visit::of(app, who, id, "card").await?, print))
}

/// `GET /mijn/{id}/kaart`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Id, Query(told): Query<Told>) -> Answer {
    let (visit, _) = leave(&app, who, &id).await?;
    let cards = app.store().cards(&visit.read, app.clock().now()).await?;
    let may_withdraw = quietly_own(&app, &visit.who.actor, Action::WithdrawCard, &visit.id).await?;
    let here = format!("/mijn/{}/kaart", visit.id);
    let planned = visit.plan.is_some();
    Ok(page(&CardPage {
        may_withdraw: may_withdraw.is_some(),
        letter: planned.then(|| format!("/mijn/{}/brief.pdf", visit.id)),
        own: true,
        ..CardPage::new(visit.below("Noodkaart").told(&told), here, visit.plan.as_ref(), &cards)
    }))
}

/// `POST /mijn/{id}/kaart`: withdraws one.
pub async fn post(State(app): State<App>, Path(id): Id, SignedForm { who, fields }: SignedForm) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask_own(&app, &who.actor, Action::WithdrawCard, &id).await?;
    withdraw(&app, &permit, &fields, &format!("/mijn/{id}/kaart")).await
}

/// `GET /mijn/{id}/kaart.pdf`.
pub async fn pdf(State(app): State<App>, who: SignedIn, Path(id): Id, Query(shape): Query<Shape>) -> Answer {
    let (visit, print) = leave(&app, who, &id).await?;
    let plan = visit.plan.as_ref().ok_or(PageError::NotFound)?;
    printed(&app, &print, &visit.patient, plan, &shape).await
}

/// `GET /mijn/{id}/brief.pdf`.
pub async fn letter(State(app): State<App>, who: SignedIn, Path(id): Id) -> Answer {
    let id = patient_id(&id)?;
    let print = ask_own(&app, &who.actor, Action::Print, &id).await?;
    let record = app.store().read(&print, app.clock().now(), "letter").await?.ok_or(PageError::Forbidden)?;
    let plan = record.plan.ok_or(PageError::NotFound)?;
    let sender = plan.recorder.organisation_name.clone();
    about_plan::printed(&app, &print, &record.patient.patient, &plan, &sender).await
}
