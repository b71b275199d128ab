//! `/beheer/herstel`: somebody of the organisation lost a password or a phone. An administrator asks, another person
//! (an administrator or the privacy officer) approves and hands over a code that counts for an hour.

use super::dutch;
use super::field::{Field, Problem};
use super::frame::{Frame, Notice, Place};
use super::render::{Answer, Told, done, page, refused};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::session::SignedIn;
use crate::sign_in::codes;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::administration::administers;
use domain::ident::PersonId;
use domain::role::Role;
use jiff::SignedDuration;
use store::recovery::{Decided, Recovery};

/// How long a code counts.
const COUNTS: SignedDuration = SignedDuration::from_hours(1);
/// Longest reason.
const REASON: usize = 500;

/// The page.
#[derive(Template)]
#[template(path = "recoveries.html")]
pub struct RecoveriesPage {
    /// Title, menu.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// Organisation.
    pub organisation: String,
    /// May ask.
    pub may_ask: bool,
    /// For whom.
    pub name: Field,
    /// Why.
    pub reason: Field,
    /// What was asked in the last week.
    pub requests: Vec<RequestRow>,
}

/// A request.
#[derive(Debug, Clone)]
pub struct RequestRow {
    /// Id.
    pub id: String,
    /// For whom.
    pub person: String,
    /// Why.
    pub reason: String,
    /// By whom and when, and what came of it.
    pub about: String,
    /// Waits, and this person may decide.
    pub may_decide: bool,
}

/// The code, once.
#[derive(Template)]
#[template(path = "recovery_code.html")]
pub struct CodePage {
    /// Title, menu.
    pub frame: Frame,
    /// For whom.
    pub person: String,
    /// The code.
    pub code: String,
    /// Address where it is used.
    pub address: String,
    /// Until when.
    pub until: String,
}

/// May this person ask it for somebody of the own organisation?
pub fn may_ask(who: &SignedIn) -> bool {
    who.actor.role.is_some_and(administers)
}

/// May this person ask, or decide on what another asked?
pub fn may_see(who: &SignedIn) -> bool {
    may_ask(who) || who.actor.role == Some(Role::PrivacyOfficer)
}

/// `GET /beheer/herstel`.
pub async fn get(State(app): State<App>, who: SignedIn, Query(told): Query<Told>) -> Answer {
    if !may_see(&who) {
        return Err(PageError::Forbidden);
    }
    let mut view = view(&app, &who, &Fields::default(), Vec::new()).await?;
    view.frame.notice = told.notice();
    Ok(page(&view))
}

/// `POST /beheer/herstel`: asks.
pub async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    if !may_ask(&who) {
        return Err(PageError::Forbidden);
    }
    let now = app.clock().real();
    let mut errors = Vec::new();
    let people = app.store().people_of(&who.organisation.id, now).await?;
    let name = fields.get("naam").trim().to_lowercase();
    let found = people.into_iter().map(|(p, _)| p).find(|p| p.username.to_lowercase() == name);
    match &found {
        Some(person) if person.id == who.person => {
            errors.push(Problem::at("naam", "Voor uzelf vraagt iemand anders het aan."));
        }
        Some(_) => {}
        None => errors.push(Problem::at("naam", "Bij uw organisatie werkt niemand met deze gebruikersnaam.")),
    }
    match fields.filled("reden").map(|r| r.chars().count()) {
        None => errors.push(Problem::at("reden", "Schrijf waarom, en hoe u weet dat deze persoon het zelf vraagt.")),
        Some(long) if long > REASON => errors.push(Problem::at("reden", "Schrijf het in minder dan 500 tekens.")),
        Some(_) => {}
    }
    let (Some(person), true) = (found, errors.is_empty()) else {
        return Ok(refused(&view(&app, &who, &fields, errors).await?));
    };
    let id = super::second_step::factor_id();
    app.store().ask_recovery(&who.actor, &id, &person.id, fields.get("reden").trim(), now).await?;
    Ok(done("/beheer/herstel", Notice::RecoveryAsked))
}

/// `POST /beheer/herstel/{id}`: approves or refuses.
pub async fn decide(State(app): State<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    if !may_see(&who) {
        return Err(PageError::Forbidden);
    }
    let now = app.clock().real();
    let asked = app.store().recoveries(&who.organisation.id, now).await?.into_iter().find(|r| r.id == id);
    let Some(request) = asked else { return Err(PageError::NotFound) };
    let code = match fields.get("besluit") {
        "goed" => Some(codes::fresh()),
        "af" => None,
        _ => return Err(PageError::BadRequest("Kies of u de aanvraag goedkeurt of afwijst.".to_owned())),
    };
    let sealed = code.as_ref().map(|c| (codes::hash(&request.person, c), now + COUNTS));
    match app.store().decide_recovery(&who.actor, &id, sealed, now).await? {
        Decided::Done => {}
        Decided::NotYou => return Err(PageError::Forbidden),
        Decided::Gone => {
            return Err(PageError::BadRequest(
                "Over deze aanvraag is al besloten, of hij is ouder dan een week.".to_owned(),
            ));
        }
    }
    let Some(code) = code else { return Ok(done("/beheer/herstel", Notice::RecoveryRefused)) };
    Ok(page(&CodePage {
        frame: Frame::signed(&who, "Code voor herstel", Place::BelowAdmin).back_to("/beheer/herstel", "Herstel"),
        person: name(&app, &request.person).await?,
        code,
        address: format!("{}/herstel", app.config().base_url),
        until: dutch::clock(now + COUNTS),
    }))
}

async fn name(app: &App, person: &PersonId) -> Result<String, store::Error> {
    Ok(app.store().person(person).await?.map(|p| p.name.full()).unwrap_or_default())
}

async fn view(app: &App, who: &SignedIn, fields: &Fields, errors: Vec<Problem>) -> Result<RecoveriesPage, PageError> {
    let now = app.clock().real();
    let mut requests = Vec::new();
    for request in app.store().recoveries(&who.organisation.id, now).await? {
        requests.push(row(app, who, &request).await?);
    }
    Ok(RecoveriesPage {
        frame: Frame::signed(who, "Herstel van toegang", Place::BelowAdmin)
            .back_to("/beheer", "Beheer")
            .failing(!errors.is_empty()),
        organisation: who.organisation.name.clone(),
        may_ask: may_ask(who),
        name: Field::text("naam", "Gebruikersnaam", fields.get("naam")).checked(&errors),
        reason: Field::area("reden", "Waarom, en hoe weet u dat deze persoon het zelf vraagt?", fields.get("reden"))
            .hint("Bijvoorbeeld: nieuw hier; of: telefoon kwijt, ik zag haar vanmorgen op de praktijk.")
            .checked(&errors),
        requests,
        errors,
    })
}

async fn row(app: &App, who: &SignedIn, request: &Recovery) -> Result<RequestRow, PageError> {
    let now = app.clock().real();
    let today = domain::date::local_day(now);
    let asked =
        format!("Gevraagd door {}, {}", name(app, &request.asked_by).await?, dutch::recently(request.asked_at, today));
    let decided = match (&request.decided_by, request.ends_at, request.used_at) {
        (None, ..) => "wacht op een besluit".to_owned(),
        (Some(by), None, _) => format!("afgewezen door {}", name(app, by).await?),
        (Some(by), Some(_), Some(used)) => {
            format!("goedgekeurd door {}; de code is gebruikt {}", name(app, by).await?, dutch::recently(used, today))
        }
        (Some(by), Some(end), None) if end > now => {
            format!("goedgekeurd door {}; de code werkt tot {}", name(app, by).await?, dutch::clock(end))
        }
        (Some(by), Some(_), None) => format!("goedgekeurd door {}; de code is verlopen", name(app, by).await?),
    };
    Ok(RequestRow {
        id: request.id.clone(),
        person: name(app, &request.person).await?,
        reason: request.reason.clone(),
        about: format!("{asked}; {decided}."),
        may_decide: request.decided_by.is_none() && request.asked_by != who.person && request.person != who.person,
    })
}
