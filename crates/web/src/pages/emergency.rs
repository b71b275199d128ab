//! `/spoed`: find somebody and see at once what counts in an emergency (D5); without a relation, break the glass.
//!
//! What a stranger learns (decisions 52 to 54). Looking for somebody tells one thing only: whether there is a basis
//! already. With one, the emergency view opens. Without one, and with nobody known, the answer is the same page to the
//! letter, which offers to break the glass, and to a role that its organisation does not let, one that says so. Breaking
//! it is an act with a name and a reason to it, told to the patient and the lead; only that tells whether there is a
//! plan. Who breaks it for somebody unknown, or in a role other than acute care's for somebody who objected, or with a
//! name and birth date that two share, gets one and the same page: nothing is known here. That an objection stands is
//! told to acute care alone, after the reason was given, because they have to confirm that the patient cannot be asked.
//! Every step is logged: under the patient where there is one, and among what concerns nobody where there is none.
//!
//! What is left: an unknown number takes some tens of microseconds less to answer, for no consent has to be unsealed;
//! over a network that does not show. Trying many numbers is slowed down per person, and each try that hits is told.

pub mod find;
pub mod glass;
pub mod view;

use super::card::check::NOT_OURS;
use super::dutch;
use super::field::{Field, Problem};
use super::frame::{Frame, Place};
use super::render::{Answer, page, refused};
use super::rows::PatientRow;
use crate::app::App;
use crate::card;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect};
use domain::access::Action;
use domain::card::Standing;
use domain::role::{Reads, Role};
use find::{Wanted, candidates, wanted};

/// The page.
#[derive(Template)]
#[template(path = "emergency/search.html")]
pub struct SearchPage {
    /// Title, menu.
    pub frame: Frame,
    /// What is wrong with the search.
    pub errors: Vec<Problem>,
    /// BSN.
    pub bsn: Field,
    /// Surname.
    pub family: Field,
    /// Birth date.
    pub birth_date: Field,
    /// Code of a card.
    pub code: Field,
    /// Several who are to be seen, and go by this name and birth date.
    pub found: Vec<PatientRow>,
}

/// May this role come here: who gives care, and who comes in an emergency?
pub fn may_enter(role: Option<Role>) -> bool {
    role.is_some_and(|r| r.reads() != Reads::Nothing && (r.is_care_professional() || r == Role::OutOfHours))
}

/// The way in for every page here.
///
/// # Errors
/// [`PageError::Forbidden`] for all others.
pub fn enter(who: &SignedIn) -> Result<(), PageError> {
    if may_enter(who.actor.role) { Ok(()) } else { Err(PageError::Forbidden) }
}

impl SearchPage {
    /// The page with what was typed.
    pub fn new(frame: Frame, fields: &Fields, errors: Vec<Problem>, found: Vec<PatientRow>) -> Self {
        Self {
            frame: frame.failing(!errors.is_empty()),
            bsn: Field::short("bsn", "BSN", fields.get("bsn")).digits().checked(&errors),
            family: Field::text("achternaam", "Of achternaam", fields.get("achternaam")).growing().checked(&errors),
            birth_date: Field::short("geboortedatum", "en geboortedatum", fields.get("geboortedatum"))
                .hint("Bijvoorbeeld 12-03-1941")
                .checked(&errors),
            code: Field::text("code", "Of de code van een noodkaart", fields.get("code"))
                .hint("Scan de code, of typ de vier groepjes van vier over.")
                .checked(&errors),
            found,
            errors,
        }
    }

    fn of(who: &SignedIn, fields: &Fields, errors: Vec<Problem>, found: Vec<PatientRow>) -> Self {
        Self::new(Frame::signed(who, "Spoed", Place::Emergency), fields, errors, found)
    }
}

/// `GET /spoed`.
pub async fn get(who: SignedIn) -> Answer {
    enter(&who)?;
    Ok(page(&SearchPage::of(&who, &Fields::default(), Vec::new(), Vec::new())))
}

/// `POST /spoed`: looks for somebody. Never a GET, so that nothing of it stands in an address (decision 54).
pub async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    enter(&who)?;
    let wanted = match wanted(&fields) {
        Ok(wanted) => wanted,
        Err(problem) => return Ok(refused(&SearchPage::of(&who, &fields, vec![problem], Vec::new()))),
    };
    find::log(&app, &who, &wanted).await?;
    if let Some(problem) = forged(&app, &who, &wanted).await? {
        return Ok(refused(&SearchPage::of(&who, &fields, vec![problem], Vec::new())));
    }
    let (seen, _) = candidates(&app, &who, &wanted).await?;
    match &seen[..] {
        [] => Ok(page(&glass::GlassPage::new(&who, &wanted, &Fields::default(), Vec::new()))),
        [one] => Ok(Redirect::to(&format!("/spoed/{}", one.patient())).into_response()),
        many => {
            let today = app.clock().today();
            let mut rows = Vec::new();
            for permit in many {
                let record = app.store().read_patient(permit, app.clock().now(), "search").await?;
                rows.extend(record.map(|r| PatientRow::of(&r.id, &r.patient, today)));
            }
            Ok(page(&SearchPage::of(&who, &fields, Vec::new(), rows)))
        }
    }
}

/// What is wrong with a card that is none of ours; whoever goes through codes is slowed down.
async fn forged(app: &App, who: &SignedIn, wanted: &Wanted) -> Result<Option<Problem>, PageError> {
    let Wanted::Card(scanned) = wanted else { return Ok(None) };
    let attempt = app.throttle().card(who.person.as_str()).map_err(|wait| PageError::TooMany(wait.as_secs() + 1))?;
    if card::standing(app, scanned).await? == Standing::Unknown {
        return Ok(Some(Problem::at("code", NOT_OURS)));
    }
    app.throttle().succeeded(attempt);
    Ok(None)
}

impl Wanted {
    /// What was looked for, in words, as it was typed.
    pub fn dutch(&self) -> String {
        match self {
            Self::Bsn(bsn) => format!("BSN {}", bsn.as_str()),
            Self::Card(scanned) => format!("code {}", scanned.token().groups()),
            Self::Name { family, born } => {
                format!("{family}, geboren op {}", domain::words::day(*born))
            }
        }
    }
}

/// An hour of the day, for 'geldt tot'.
fn until(moment: jiff::Timestamp) -> String {
    dutch::clock(moment)
}

/// What a look rests on is one action everywhere here.
const LOOK: Action = Action::ReadEmergency;
