//! What is done on the page of systems: where one is told of changes is added, tried, left to rest, and removed.

use super::super::super::dutch;
use super::super::super::field::Problem;
use super::super::super::frame::{Frame, Notice};
use super::super::super::render::{Answer, done, page, refused};
use super::super::{desk, frame_at};
use super::{Typed, of_organisation, path, view};
use crate::app::App;
use crate::error::PageError;
use crate::forms::SignedForm;
use crate::hooks::{MOST, added};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use domain::hook::{Kind, State as Stands};
use domain::ident::HookId;
use jiff::civil::Date;
use store::clients::Client;
use store::hooks::Hook;
use store::organisations::Organisation;

/// Where a system is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookRow {
    /// Id.
    pub id: String,
    /// By what.
    pub kind: &'static str,
    /// The address.
    pub address: String,
    /// How it stands with it.
    pub about: String,
    /// It may be tried.
    pub may_try: bool,
    /// It rests.
    pub rests: bool,
}

impl HookRow {
    /// The row of a hook.
    pub fn of(hook: &Hook, today: Date) -> Self {
        let last = match hook.last {
            Some((at, Some(failure))) => format!("; {}: {}", dutch::recently(at, today), failure.dutch()),
            Some((at, None)) => format!("; laatste bericht kwam aan {}", dutch::recently(at, today)),
            None if hook.kind == Kind::Webhook => "; er ging nog niets heen".to_owned(),
            None => String::new(),
        };
        Self {
            id: hook.id.to_string(),
            kind: hook.kind.dutch(),
            address: hook.at.address.clone(),
            about: format!("{}{last}", hook.state.dutch()),
            may_try: hook.kind == Kind::Webhook && hook.state != Stands::Off,
            rests: hook.state == Stands::Off,
        }
    }
}

/// The secret of a new webhook, once.
#[derive(Template)]
#[template(path = "admin/hook_added.html")]
pub struct HookAdded {
    /// Title, menu.
    pub frame: Frame,
    /// The system.
    pub client: String,
    /// Where messages go.
    pub address: String,
    /// What they are signed with.
    pub secret: String,
    /// The way back.
    pub back: String,
}

/// Where a system is told, as rows.
///
/// # Errors
/// Where the store fails.
pub async fn rows(app: &App, client: &Client) -> Result<Vec<HookRow>, store::Error> {
    let today = app.clock().today();
    Ok(app.store().hooks_of(&client.id).await?.iter().map(|hook| HookRow::of(hook, today)).collect())
}

/// `POST …/koppelingen`.
pub async fn post(
    State(app): State<App>,
    Path(organisation): Path<String>,
    SignedForm { who, fields }: SignedForm,
) -> Answer {
    let organisation = desk(&app, &who, &organisation).await?;
    let clients = of_organisation(&app, &organisation).await?;
    let client = clients.iter().find(|c| c.id.as_str() == fields.get("systeem"));
    if fields.get("doe") == "toevoegen" {
        let typed = Typed { client: fields.get("systeem"), kind: fields.get("soort"), address: fields.get("adres") };
        return add(&app, &who, &organisation, client, typed).await;
    }
    let what = change(&app, &who, client, fields.get("doe"), fields.get("adres-id")).await?;
    match what {
        Ok(notice) => Ok(done(&path(&organisation), notice)),
        Err(problem) => Ok(refused(&view(&app, &who, &organisation, Typed::default(), vec![problem]).await?)),
    }
}

/// Tries, rests or removes one.
async fn change(
    app: &App,
    who: &SignedIn,
    client: Option<&Client>,
    what: &str,
    id: &str,
) -> Result<Result<Notice, Problem>, PageError> {
    let gone = || Ok(Err(Problem::at("systemen", "Dit adres is er niet meer. Kijk opnieuw.")));
    let (Some(client), Ok(id)) = (client, HookId::parse(id)) else { return gone() };
    let (store, now) = (app.store(), app.clock().now());
    let done = match what {
        "proef" => {
            let hook = store.hook(&id).await?.filter(|h| h.client == client.id && h.kind == Kind::Webhook);
            if hook.is_none() {
                return gone();
            }
            store.try_hook(&who.actor, &id, now).await?;
            Notice::HookTried
        }
        "stil" | "aan" => {
            if !store.set_hook(&who.actor, &client.id, &id, what == "aan", now).await? {
                return gone();
            }
            if what == "aan" { Notice::HookResumed } else { Notice::HookPaused }
        }
        "weg" => {
            if !store.remove_hook(&who.actor, &client.id, &id, now).await? {
                return gone();
            }
            Notice::HookRemoved
        }
        _ => return Ok(Err(Problem::at("systemen", "Kies wat er met een adres moet gebeuren."))),
    };
    Ok(Ok(done))
}

async fn add(
    app: &App,
    who: &SignedIn,
    organisation: &Organisation,
    client: Option<&Client>,
    typed: Typed<'_>,
) -> Answer {
    let mut errors = Vec::new();
    let kind = Kind::of_code(typed.kind).filter(|k| *k != Kind::Subscription);
    match client {
        None => errors.push(Problem::at("systeem", "Kies een systeem van deze organisatie.")),
        Some(client) if app.store().hooks_of(&client.id).await?.len() >= MOST => {
            errors.push(Problem::at(
                "systeem",
                format!("Een systeem heeft hoogstens {MOST} adressen. Haal er eerst een weg."),
            ));
        }
        Some(_) => {}
    }
    if kind.is_none() {
        errors.push(Problem::at("soort", "Kies hoe dit systeem bericht krijgt."));
    }
    let url = app.hooks().checked(typed.address);
    if let Err(why) = &url {
        errors.push(Problem::at("adres", why));
    }
    let (Some(client), Some(kind), Ok(url), true) = (client, kind, url, errors.is_empty()) else {
        return Ok(refused(&view(app, who, organisation, typed, errors).await?));
    };
    let now = app.clock().now();
    let hook = added(client, kind, &url, now);
    app.store().add_hook(&who.actor, &hook, now).await?;
    if kind == Kind::Origin {
        return Ok(done(&path(organisation), Notice::HookAdded));
    }
    let back = path(organisation);
    Ok(page(&HookAdded {
        frame: frame_at(who, "Het geheim van deze webhook", organisation, "koppelingen", "Koppelingen"),
        client: client.name.clone(),
        address: hook.at.address,
        secret: hook.at.secret,
        back,
    }))
}
