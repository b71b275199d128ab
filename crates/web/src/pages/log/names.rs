//! Who is behind the ids of a page of the log. Each is looked up once, by key.

use crate::app::App;
use domain::ident::{ClientId, OrganisationId, PersonId};
use std::collections::BTreeMap;
use store::log::read::LogRow;

/// Names by what the log writes.
#[derive(Debug, Default)]
pub struct Names {
    actors: BTreeMap<String, String>,
    organisations: BTreeMap<String, String>,
}

impl Names {
    /// Looks up whoever these rows name.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn of(app: &App, rows: &[LogRow]) -> Result<Self, store::Error> {
        let mut names = Self::default();
        for row in rows {
            if !names.actors.contains_key(&row.actor) {
                let name = actor(app, &row.actor).await?;
                names.actors.insert(row.actor.clone(), name);
            }
            if let Some(id) = row.organisation.as_ref().filter(|id| !names.organisations.contains_key(*id)) {
                let found = match OrganisationId::parse(id) {
                    Ok(id) => app.store().organisation(&id).await?,
                    Err(_) => None,
                };
                names.organisations.insert(id.clone(), found.map(|o| o.name).unwrap_or_default());
            }
        }
        Ok(names)
    }

    /// Name of who did it.
    pub fn who(&self, row: &LogRow) -> String {
        self.actors.get(&row.actor).cloned().unwrap_or_default()
    }

    /// Name of an organisation.
    pub fn organisation(&self, id: &str) -> String {
        self.organisations.get(id).cloned().unwrap_or_default()
    }

    /// Everybody on the page: what the log writes, and the name; by name.
    pub fn actors(&self) -> Vec<(String, String)> {
        let mut all: Vec<_> =
            self.actors.iter().filter(|(id, _)| !id.is_empty()).map(|(i, n)| (i.clone(), n.clone())).collect();
        all.sort_by(|a, b| a.1.cmp(&b.1));
        all
    }
}

/// Name of an actor, as the log writes it.
///
/// # Errors
/// Where the store fails.
pub async fn actor(app: &App, code: &str) -> Result<String, store::Error> {
    let unknown = || "onbekend".to_owned();
    Ok(match code.split_once(':') {
        Some(("person", id)) => match PersonId::parse(id) {
            Ok(id) => app.store().person(&id).await?.map_or_else(unknown, |p| p.name.full()),
            Err(_) => unknown(),
        },
        Some(("client", id)) => match ClientId::parse(id) {
            Ok(id) => app.store().client(&id).await?.map_or_else(unknown, |c| c.name),
            Err(_) => unknown(),
        },
        _ if code == "program" => "Tijdig zelf".to_owned(),
        _ => unknown(),
    })
}
