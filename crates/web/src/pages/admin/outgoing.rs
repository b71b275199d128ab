//! `/beheer/uitgaand`: what waits to leave this system, what failed and why; send again, or give up with a reason.

use super::super::dutch;
use super::super::field::{Field, Problem};
use super::super::frame::{Frame, Notice, Place};
use super::super::render::{Answer, Told, done, page, refused};
use super::refuse;
use crate::app::App;
use crate::forms::SignedForm;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use domain::administration::may_run;
use domain::outbox::Target;
use jiff::civil::Date;
use store::outbox::{InOutbox, Overview};

/// Messages of each kind on the page.
const SHOWN: usize = 50;
/// Longest reason.
const LONGEST_REASON: usize = 200;

/// The page.
#[derive(Template)]
#[template(path = "admin/outgoing.html")]
pub struct OutgoingPage {
    /// Title, menu.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// Is there a mail server?
    pub mails: bool,
    /// What failed.
    pub dead: Vec<MessageRow>,
    /// What waits.
    pub waiting: Vec<MessageRow>,
    /// How many were sent in the last day.
    pub sent: u64,
}

/// A message in the list.
#[derive(Debug, Clone)]
pub struct MessageRow {
    /// Id.
    pub id: String,
    /// What it is, and to whom.
    pub what: String,
    /// Since when, how often tried, why it failed.
    pub about: String,
    /// Why it is given up.
    pub reason: Field,
}

impl MessageRow {
    /// The row of a message.
    pub fn of(message: &InOutbox, to: &str, today: Date, typed: &str, errors: &[Problem]) -> Self {
        let tried = match message.tries {
            0 => "nog niet geprobeerd".to_owned(),
            1 => "één keer geprobeerd".to_owned(),
            n => format!("{n} keer geprobeerd"),
        };
        let why = message.failure.map(|f| format!("; {}", f.dutch())).unwrap_or_default();
        let name = format!("reden-{}", message.id);
        Self {
            id: message.id.clone(),
            what: match to {
                "" => domain::words::capitalised(message.kind.dutch()),
                to => format!("{} voor {to}", domain::words::capitalised(message.kind.dutch())),
            },
            about: format!("gemaakt {}; {tried}{why}", dutch::recently(message.made_at, today)),
            reason: Field::text(&name, "Waarom geeft u dit op?", typed)
                .hint("Komt in het logboek. Schrijf niets over een patiënt.")
                .checked(errors),
        }
    }
}

async fn view(
    app: &App,
    who: &SignedIn,
    frame: Frame,
    (given_up, typed): (&str, &str),
    errors: Vec<Problem>,
) -> Result<OutgoingPage, store::Error> {
    let Overview { dead, waiting, sent } = app.store().outbox(&who.actor, SHOWN, app.clock().now()).await?;
    let today = app.clock().today();
    let mut lists = [Vec::new(), Vec::new()];
    for (rows, messages) in lists.iter_mut().zip([dead, waiting]) {
        for message in messages {
            let to = name_of(app, &message.to).await?;
            let typed = if message.id == given_up { typed } else { "" };
            rows.push(MessageRow::of(&message, &to, today, typed, &errors));
        }
    }
    let [dead, waiting] = lists;
    let frame = frame.failing(!errors.is_empty());
    Ok(OutgoingPage { frame, errors, mails: app.mailer().is_some(), dead, waiting, sent })
}

/// Whom a message is for; empty where it is for nobody in particular.
async fn name_of(app: &App, target: &Target) -> Result<String, store::Error> {
    Ok(match target {
        Target::Person(id) => {
            let person = app.store().person(id).await?;
            person.map_or_else(|| "iemand die hier niet meer is".to_owned(), |p| p.name.full())
        }
        Target::Hook(id) => {
            let hook = app.store().hook(id).await?;
            hook.map_or_else(
                || "een adres dat hier niet meer is".to_owned(),
                |h| format!("het systeem {}", h.client.as_str()),
            )
        }
        Target::Spread => String::new(),
    })
}

fn frame(who: &SignedIn) -> Frame {
    Frame::signed(who, "Uitgaande berichten", Place::BelowAdmin).back_to("/beheer", "Beheer")
}

/// Is this page for whoever asks?
pub fn may(who: &SignedIn) -> bool {
    who.actor.role.is_some_and(|role| may_run(role, who.organisation.place()))
}

/// `GET /beheer/uitgaand`.
pub async fn get(State(app): State<App>, who: SignedIn, Query(told): Query<Told>) -> Answer {
    if !may(&who) {
        return Err(refuse(&app, &who).await);
    }
    Ok(page(&view(&app, &who, frame(&who).told(&told), ("", ""), Vec::new()).await?))
}

/// `POST /beheer/uitgaand`: sends one again, or gives it up.
pub async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    if !may(&who) {
        return Err(refuse(&app, &who).await);
    }
    let (store, now, id) = (app.store(), app.clock().now(), fields.get("bericht"));
    let name = format!("reden-{id}");
    let typed = fields.get(&name).trim();
    let gone = || Problem::at("berichten", "Dit bericht wacht niet meer, of wordt nu verstuurd. Kijk opnieuw.");
    let problem = match fields.get("doe") {
        "opnieuw" if store.send_again(&who.actor, id, now).await? => {
            return Ok(done("/beheer/uitgaand", Notice::SentAgain));
        }
        "opgeven" if typed.is_empty() => Problem::at(&name, "Schrijf waarom u dit bericht opgeeft."),
        "opgeven" if typed.chars().count() > LONGEST_REASON => {
            Problem::at(&name, format!("Houd de reden op hoogstens {LONGEST_REASON} tekens."))
        }
        "opgeven" if store.give_up(&who.actor, id, typed, now).await? => {
            return Ok(done("/beheer/uitgaand", Notice::GivenUp));
        }
        "opnieuw" | "opgeven" => gone(),
        _ => Problem::at("berichten", "Kies wat er met een bericht moet gebeuren."),
    };
    Ok(refused(&view(&app, &who, frame(&who), (id, typed), vec![problem]).await?))
}

/// A row for the samples of templates.
#[cfg(test)]
pub fn sample(id: &str, failure: Option<domain::outbox::Failure>, errors: &[Problem]) -> MessageRow {
    let at = jiff::Timestamp::UNIX_EPOCH;
    let message = InOutbox {
        id: id.to_owned(),
        kind: domain::outbox::Kind::Urgent,
        to: Target::Person(domain::ident::PersonId::from_bits(1)),
        state: domain::outbox::State::Dead,
        made_at: at,
        due_at: at,
        tries: 14,
        failure,
    };
    MessageRow::of(&message, "Saskia de Wit", domain::date::local_day(at), "", errors)
}
