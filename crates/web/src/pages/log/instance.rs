//! `/beheer/logboek`: signing in, searching, refusals, settings; for the privacy officer. Of their own organisation; of a
//! region also of its organisations, and what nobody known did.

use super::super::admin::refuse;
use super::super::field::{Field, Problem};
use super::super::frame::{Frame, Place};
use super::super::render::{Answer, page, refused};
use super::filters::{Asked, OF_INSTANCE};
use super::names::Names;
use super::patient::people;
use super::{Day, PAGE, days, export};
use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use domain::administration::may_read_instance_log;
use domain::ident::OrganisationId;
use domain::organisation::OrganisationKind;
use store::log::read::{Filter, LogPage};

/// The page.
#[derive(Template)]
#[template(path = "log/instance.html")]
pub struct InstanceLogPage {
    /// Title, menu.
    pub frame: Frame,
    /// Whose log it is.
    pub of: String,
    /// What is wrong with the filters.
    pub errors: Vec<Problem>,
    /// The filters.
    pub filters: Vec<Field>,
    /// What was done, by day.
    pub days: Vec<Day>,
    /// Address of the next page.
    pub next: Option<String>,
    /// It begins further down: address of the first page.
    pub first: Option<String>,
    /// Enough was looked at for one page.
    pub cut: bool,
    /// Address of the file.
    pub file: String,
}

const PATH: &str = "/beheer/logboek";

/// Of which organisations this person may see the log.
async fn scope(app: &App, who: &SignedIn) -> Result<Vec<OrganisationId>, PageError> {
    if !who.actor.role.is_some_and(may_read_instance_log) {
        return Err(refuse(app, who).await);
    }
    let mut all = vec![who.organisation.id.clone()];
    if who.organisation.kind == OrganisationKind::Region {
        all.extend(app.store().organisations_of(&who.organisation.id).await?.into_iter().map(|o| o.id));
    }
    Ok(all)
}

fn filter(asked: &Asked, scope: Vec<OrganisationId>, who: &SignedIn) -> Result<Filter, Vec<Problem>> {
    let nobody_too = who.organisation.kind == OrganisationKind::Region;
    Ok(Filter { organisations: Some(scope), nobody_too, ..asked.filter(OF_INSTANCE)? })
}

/// `GET /beheer/logboek`.
pub async fn get(State(app): State<App>, who: SignedIn, Query(asked): Query<Asked>) -> Answer {
    let filter = filter(&asked, scope(&app, &who).await?, &who);
    let found = match &filter {
        Ok(filter) => {
            app.store().instance_log(&who.actor, filter, asked.which(PAGE), "log", app.clock().real()).await?
        }
        Err(_) => LogPage::default(),
    };
    let errors = filter.err().unwrap_or_default();
    let names = Names::of(&app, &found.rows).await?;
    let people = people(&app, &asked, &names).await?;
    let view = InstanceLogPage {
        frame: Frame::signed(&who, "Logboek", Place::BelowAdmin)
            .back_to("/beheer", "Beheer")
            .failing(!errors.is_empty()),
        of: who.organisation.name.clone(),
        filters: asked.fields(OF_INSTANCE, &people, &errors),
        days: days(&found.rows, &names, None),
        next: asked.next(PATH, &found),
        first: asked.is_further().then(|| asked.at(PATH, None)),
        cut: found.cut,
        file: asked.at(&format!("{PATH}/logboek.csv"), None),
        errors,
    };
    Ok(if view.errors.is_empty() { page(&view) } else { refused(&view) })
}

/// `GET /beheer/logboek/logboek.csv`.
pub async fn csv(State(app): State<App>, who: SignedIn, Query(asked): Query<Asked>) -> Answer {
    let filter = filter(&asked, scope(&app, &who).await?, &who).map_err(|e| export::wrong(&e))?;
    let rows = export::all(&app, export::Log::Instance(&who.actor), &filter, "log export csv").await?;
    export::csv(&app, &rows).await
}
