//! `/beheer/organisaties/{organisation}/koppelingen`: which systems exchange for an organisation, and where they are told of
//! changes. The systems themselves are made on the command line or by whoever runs the server.

mod hooks;

#[cfg(test)]
pub use hooks::HookAdded;
pub use hooks::{HookRow, post};

use super::super::field::{Choice, Field, Problem};
use super::super::frame::Frame;
use super::super::render::{Answer, Told, page};
use super::{desk, frame_at};
use crate::app::App;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use store::clients::Client;
use store::organisations::Organisation;

/// The page.
#[derive(Template)]
#[template(path = "admin/clients.html")]
pub struct ClientsPage {
    /// Title, menu.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// Name of the organisation.
    pub organisation: String,
    /// Where forms go.
    pub action: String,
    /// The systems.
    pub clients: Vec<ClientRow>,
    /// A new address.
    pub fields: Vec<Field>,
}

/// A system.
#[derive(Debug, Clone)]
pub struct ClientRow {
    /// Name.
    pub name: String,
    /// Id with which it asks for a token.
    pub id: String,
    /// What it may do.
    pub scope: String,
    /// How it shows who it is.
    pub proof: &'static str,
    /// May it get a token?
    pub active: bool,
    /// Where it is told of changes.
    pub hooks: Vec<HookRow>,
}

impl ClientRow {
    /// The row of a system.
    pub fn of(client: &Client, hooks: Vec<HookRow>) -> Self {
        Self {
            name: client.name.clone(),
            id: client.id.as_str().to_owned(),
            scope: client.scope.clone(),
            proof: match (&client.keys, &client.secret_hash) {
                (Some(_), _) => "eigen sleutel",
                (None, Some(_)) => "geheim",
                (None, None) => "nog niets: kan niet koppelen",
            },
            active: client.active,
            hooks,
        }
    }
}

/// What was typed for a new address.
#[derive(Debug, Clone, Copy, Default)]
pub struct Typed<'a> {
    /// For which system.
    pub client: &'a str,
    /// By what it is told.
    pub kind: &'a str,
    /// The address.
    pub address: &'a str,
}

/// The fields of a new address, for these systems.
pub fn fields(clients: &[ClientRow], typed: Typed<'_>, errors: &[Problem]) -> Vec<Field> {
    use domain::hook::Kind;
    let systems = clients.iter().map(|c| Choice::of(&c.id, &c.name)).collect();
    let kinds = vec![
        Choice::of(Kind::Webhook.code(), "webhook: Tijdig stuurt een ondertekend bericht naar dit adres"),
        Choice::of(Kind::Origin.code(), "FHIR-abonnementen: het systeem mag zelf adressen op deze server opgeven"),
    ];
    let first = clients.first().map_or("", |c| c.id.as_str());
    vec![
        Field::select("systeem", "Systeem", if typed.client.is_empty() { first } else { typed.client }, systems),
        Field::radios("soort", "Hoe", typed.kind, kinds),
        Field::text("adres", "Adres", typed.address).hint("Begint met https://."),
    ]
    .into_iter()
    .map(|f| f.checked(errors))
    .collect()
}

/// The systems of an organisation.
async fn of_organisation(app: &App, organisation: &Organisation) -> Result<Vec<Client>, store::Error> {
    Ok(app.store().clients().await?.into_iter().filter(|c| c.organisation == organisation.id).collect())
}

async fn view(
    app: &App,
    who: &SignedIn,
    organisation: &Organisation,
    typed: Typed<'_>,
    errors: Vec<Problem>,
) -> Result<ClientsPage, store::Error> {
    let mut clients = Vec::new();
    for client in of_organisation(app, organisation).await? {
        let hooks = hooks::rows(app, &client).await?;
        clients.push(ClientRow::of(&client, hooks));
    }
    Ok(ClientsPage {
        frame: frame_at(who, "Koppelingen", organisation, "", "Beheer").failing(!errors.is_empty()),
        organisation: organisation.name.clone(),
        action: path(organisation),
        fields: fields(&clients, typed, &errors),
        errors,
        clients,
    })
}

fn path(organisation: &Organisation) -> String {
    format!("/beheer/organisaties/{}/koppelingen", organisation.id)
}

/// `GET …/koppelingen`.
pub async fn get(
    State(app): State<App>,
    who: SignedIn,
    Path(organisation): Path<String>,
    Query(told): Query<Told>,
) -> Answer {
    let organisation = desk(&app, &who, &organisation).await?;
    let mut view = view(&app, &who, &organisation, Typed::default(), Vec::new()).await?;
    view.frame = view.frame.told(&told);
    Ok(page(&view))
}
