//! `/beheer/organisaties/{organisation}/koppelingen`: which systems exchange for an organisation. To read only: they
//! are made on the command line or by whoever runs the server.

use super::super::frame::Frame;
use super::super::render::{Answer, page};
use super::{desk, frame_at};
use crate::app::App;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use store::clients::Client;

/// The page.
#[derive(Template)]
#[template(path = "admin/clients.html")]
pub struct ClientsPage {
    /// Title, menu.
    pub frame: Frame,
    /// Name of the organisation.
    pub organisation: String,
    /// The systems.
    pub clients: Vec<ClientRow>,
}

/// A system.
#[derive(Debug, Clone, PartialEq, Eq)]
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
}

impl ClientRow {
    fn of(client: &Client) -> Self {
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
        }
    }
}

/// `GET …/koppelingen`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(organisation): Path<String>) -> Answer {
    let organisation = desk(&app, &who, &organisation).await?;
    let clients = app.store().clients().await?;
    Ok(page(&ClientsPage {
        frame: frame_at(&who, "Koppelingen", &organisation, "", "Beheer"),
        clients: clients.iter().filter(|c| c.organisation == organisation.id).map(ClientRow::of).collect(),
        organisation: organisation.name,
    }))
}
