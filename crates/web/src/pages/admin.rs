//! `/beheer`: who works where, what an organisation decided, which systems are connected. For whoever manages an
//! organisation, and for the administrator of a region its organisations too.

pub mod clients;
mod import;
pub(crate) mod instruments;
pub mod outgoing;
mod people;
mod person;
mod policy;
pub mod sources;

use super::frame::{Frame, Link, Place};
use super::glass::{cases, report};
use super::render::{Answer, Told, page};
use super::{recoveries, second_factor_rules};
use crate::app::App;
use crate::error::PageError;
use crate::routes::{Routes, get, post};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use domain::administration::{administers, is_region_of, may_administer, may_read_instance_log};
use domain::ident::OrganisationId;
use domain::role::Role;
use store::organisations::Organisation;

/// The pages of administration.
pub fn routes() -> Routes {
    const AT: &str = "/beheer/organisaties/{organisation}";
    let at = |rest: &str| format!("{AT}{rest}");
    Routes::new()
        .route("/beheer", get(overview))
        .route("/beheer/organisaties/nieuw", get(policy::new_get).post(policy::new_post))
        .route("/beheer/uitgaand", get(outgoing::get).post(outgoing::post))
        .route(&at("/beleid"), get(policy::get).post(policy::post))
        .route(&at("/instrumenten"), get(instruments::get).post(instruments::post))
        .route(&at("/inlezen"), get(import::get).post(import::trial))
        .route(&at("/inlezen/uitvoeren"), post(import::run))
        .route(&at("/koppelingen"), get(clients::get).post(clients::post))
        .route(&at("/bronnen"), get(sources::get).post(sources::post))
        .route(&at("/mensen"), get(people::get))
        .route(&at("/mensen/nieuw"), get(people::new_get).post(people::new_post))
        .route(&at("/mensen/{person}"), get(person::get).post(person::post))
        .route(&at("/mensen/{person}/rol"), post(person::give))
        .route(&at("/mensen/{person}/rol-einde"), post(person::end))
        .route(&at("/mensen/{person}/vertrek"), post(person::leave))
}

/// What is there to administer.
#[derive(Template)]
#[template(path = "admin/overview.html")]
pub struct OverviewPage {
    /// Title, menu.
    pub frame: Frame,
    /// The organisations, the own one first.
    pub organisations: Vec<OrganisationRow>,
    /// May organisations be added?
    pub may_add: bool,
    /// May this role look into the log?
    pub may_read_log: bool,
    /// What there is about signing in, as far as it is for this person.
    pub sign_in: Vec<Link>,
    /// What there is about the broken glass.
    pub glass: Vec<Link>,
    /// What there is about the installation.
    pub running: Vec<Link>,
}

/// An organisation in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationRow {
    /// Id in paths.
    pub id: String,
    /// Name.
    pub name: String,
    /// What it is, and where.
    pub about: String,
}

impl OrganisationRow {
    /// The row of an organisation.
    pub fn of(organisation: &Organisation) -> Self {
        let city = organisation.city.as_deref().map(|c| format!(", {c}")).unwrap_or_default();
        Self {
            id: organisation.id.to_string(),
            name: organisation.name.clone(),
            about: format!("{}{city}", organisation.kind.dutch()),
        }
    }
}

/// Does this person find anything under 'Beheer'?
pub fn has_entry(role: Option<Role>) -> bool {
    role.is_some_and(|role| administers(role) || may_read_instance_log(role))
}

/// `GET /beheer`.
pub async fn overview(State(app): State<App>, who: SignedIn, Query(told): Query<Told>) -> Answer {
    if !has_entry(who.actor.role) {
        return Err(refuse(&app, &who).await);
    }
    let organisations = administered(&app, &who).await?;
    Ok(page(&OverviewPage {
        frame: Frame::signed(&who, "Beheer", Place::Admin).told(&told),
        organisations: organisations.iter().map(OrganisationRow::of).collect(),
        may_add: may_add(&who),
        may_read_log: who.actor.role.is_some_and(may_read_instance_log),
        sign_in: links([
            (recoveries::may_see(&who), "/beheer/herstel", "Herstel van toegang: een nieuw wachtwoord"),
            (second_factor_rules::may(&who), "/beheer/inloggen", "Tweede stap bij inloggen, per rol"),
        ]),
        glass: links([
            (cases::may_enter(&who), "/beheer/noodknop", "Gebruik van de noodknop beoordelen"),
            (report::may_see(&who), "/beheer/noodknop/overzicht", "Noodknop per maand"),
        ]),
        running: links([
            (outgoing::may(&who), "/beheer/uitgaand", "Uitgaande berichten: wat wacht en wat mislukte"),
            (who.actor.role.is_some_and(administers), "/koppelen/zelftest", "Zelftest van een koppeling"),
        ]),
    }))
}

/// The links that are for whoever looks.
fn links<const N: usize>(all: [(bool, &str, &str); N]) -> Vec<Link> {
    all.into_iter().filter(|(may, ..)| *may).map(|(_, href, label)| Link::to(href, label)).collect()
}

/// The organisations that this person administers, the own one first.
pub async fn administered(app: &App, who: &SignedIn) -> Result<Vec<Organisation>, store::Error> {
    let Some(role) = who.actor.role.filter(|r| administers(*r)) else { return Ok(Vec::new()) };
    let own = &who.organisation;
    let mut all = vec![own.clone()];
    let members = app.store().organisations_of(&own.id).await?;
    all.extend(members.into_iter().filter(|o| o.id != own.id && may_administer(role, own.place(), o.place())));
    Ok(all)
}

/// May this person add organisations: the administrator of a region, to it?
fn may_add(who: &SignedIn) -> bool {
    // An organisation that does not exist yet will belong to the own region.
    let own = who.organisation.place();
    let new = domain::administration::Place { region: Some(own.id), ..own };
    who.actor.role == Some(Role::OrganisationAdmin) && is_region_of(own, new)
}

/// The organisation in a path, for whoever may administer it; a stranger learns nothing of whether it exists.
///
/// # Errors
/// [`PageError::Denied`], which stands in the log.
pub async fn desk(app: &App, who: &SignedIn, organisation: &str) -> Result<Organisation, PageError> {
    let found = match OrganisationId::parse(organisation) {
        Ok(id) if id == who.organisation.id => Some(who.organisation.clone()),
        Ok(id) => app.store().organisation(&id).await?,
        Err(_) => None,
    };
    let may = |o: &Organisation| who.actor.role.is_some_and(|r| may_administer(r, who.organisation.place(), o.place()));
    match found.filter(may) {
        Some(organisation) => Ok(organisation),
        None => Err(refuse(app, who).await),
    }
}

/// Puts a refusal in the log, and gives it.
pub async fn refuse(app: &App, who: &SignedIn) -> PageError {
    crate::access::refuse(app, &who.actor, "administer", None).await.into()
}

/// The frame of a page about an organisation.
pub fn frame_at(who: &SignedIn, title: &str, organisation: &Organisation, back: &str, label: &str) -> Frame {
    let at =
        if back.is_empty() { "/beheer".to_owned() } else { format!("/beheer/organisaties/{}/{back}", organisation.id) };
    Frame::signed(who, title, Place::BelowAdmin).back_to(at, label)
}
