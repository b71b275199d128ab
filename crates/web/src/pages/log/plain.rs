//! `/patienten/{id}/inzage/gewone-taal`: the log as the patient reads it, to show or print where somebody has no page of
//! their own (Wabvpz 15e).

use super::super::frame::{Frame, Place, Tab};
use super::super::render::{Answer, page, sees_patients};
use super::filters::Asked;
use super::patient::{identity, leave};
use super::who_looked::{WhoLooked, who_looked};
use crate::app::App;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};

/// The page.
#[derive(Template)]
#[template(path = "log/plain.html")]
pub struct PlainPage {
    /// Title, menu.
    pub frame: Frame,
    /// Whose log it is.
    pub of: String,
    /// Who looked.
    pub looked: WhoLooked,
}

/// `GET …/inzage/gewone-taal`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let (id, permit) = leave(&app, &who, &id).await?;
    let record = identity(&app, &permit).await?;
    let path = format!("/patienten/{id}/inzage");
    let title = "Wie keek er in uw plan";
    let frame = if sees_patients(&who) {
        Frame::about(&app, &who, title, &id, &record.patient, Tab::Beneath)
    } else {
        Frame::signed(&who, title, Place::BelowAdmin)
    };
    let looked = who_looked(&app, &permit, asked.cursor(), &format!("{path}/gewone-taal")).await?;
    Ok(page(&PlainPage {
        frame: frame.back_to(path, "Logboek"),
        of: super::super::dutch::addressed(&record.patient),
        looked,
    }))
}
