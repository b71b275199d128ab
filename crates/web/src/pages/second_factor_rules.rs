//! `/beheer/inloggen`: for which roles the organisation says something else about the second factor than for everybody.

use super::field::{Choice, Field};
use super::frame::{Frame, Notice, Place};
use super::render::{Answer, Told, done, page};
use crate::app::App;
use crate::error::PageError;
use crate::forms::SignedForm;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use domain::role::Role;
use store::organisations::Organisation;

/// The page.
#[derive(Template)]
#[template(path = "second_factor_rules.html")]
pub struct RulesPage {
    /// Title, menu.
    pub frame: Frame,
    /// Organisation.
    pub organisation: String,
    /// Everybody needs one, unless said otherwise.
    pub everybody: bool,
    /// Per role.
    pub roles: Vec<Field>,
}

impl RulesPage {
    /// The page with what is said now.
    pub fn new(frame: Frame, organisation: &Organisation, said: &[(Role, bool)]) -> Self {
        let typed = |role| match said.iter().find(|(r, _)| *r == role) {
            Some((_, true)) => "ja",
            Some((_, false)) => "nee",
            None => "",
        };
        let choices = || {
            vec![Choice::of("", "Zoals iedereen"), Choice::of("ja", "Verplicht"), Choice::of("nee", "Niet verplicht")]
        };
        let field = |r: &Role| Field::select(&format!("rol.{}", r.code()), r.dutch(), typed(*r), choices());
        Self {
            frame,
            organisation: organisation.name.clone(),
            everybody: organisation.policy.second_factor,
            roles: Role::ALL.iter().map(field).collect(),
        }
    }
}

/// May this person set them?
pub fn may(who: &SignedIn) -> bool {
    who.actor.role == Some(Role::OrganisationAdmin)
}

fn enter(who: &SignedIn) -> Result<(), PageError> {
    if may(who) { Ok(()) } else { Err(PageError::Forbidden) }
}

/// `GET /beheer/inloggen`.
pub async fn get(State(app): State<App>, who: SignedIn, Query(told): Query<Told>) -> Answer {
    enter(&who)?;
    let said = app.store().second_factor_of_roles(&who.organisation.id).await?;
    let frame = Frame::signed(&who, "Tweede stap bij inloggen", Place::BelowAdmin);
    let frame = frame.told(&told).back_to("/beheer", "Beheer");
    Ok(page(&RulesPage::new(frame, &who.organisation, &said)))
}

/// `POST /beheer/inloggen`. Only what changes is written and logged.
pub async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    enter(&who)?;
    let said = app.store().second_factor_of_roles(&who.organisation.id).await?;
    for role in Role::ALL.iter().copied() {
        let name = format!("rol.{}", role.code());
        let wanted = match (fields.has(&name), fields.get(&name)) {
            (false, _) => continue,
            (true, "") => None,
            (true, "ja") => Some(true),
            (true, "nee") => Some(false),
            (true, _) => return Err(PageError::BadRequest("Kies 'verplicht' of 'niet verplicht'.".to_owned())),
        };
        if wanted != said.iter().find(|(r, _)| *r == role).map(|(_, required)| *required) {
            app.store().set_second_factor_of_role(&who.actor, role, wanted, app.clock().real()).await?;
        }
    }
    Ok(done("/beheer/inloggen", Notice::RulesChanged))
}
