//! `/patienten`: find somebody by BSN, or by surname and birth date; and the own caseload. Searching is a POST, so that
//! nothing of it stands in an address (decision 54).

use super::caseload::{Found, PAGE, Wanted, caseload, named_in_caseload};
use super::dutch;
use super::field::{Field, Problem};
use super::frame::{Frame, Place};
use super::render::{Answer, page, refused, sees_patients};
use super::rows::{PatientRow, visible};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Query, State};
use domain::ident::{Bsn, PatientId};
use serde::Deserialize;
use store::log::{Event, Outcome};

/// The page.
#[derive(Template)]
#[template(path = "patients.html")]
pub struct PatientsPage {
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
    /// Who was found; absent: nothing was searched.
    pub found: Option<Found<PatientRow>>,
    /// Heading of the list.
    pub list_title: String,
    /// The own caseload.
    pub caseload: Vec<PatientRow>,
    /// Pages before and after.
    pub pages: Pages,
    /// May this role register patients?
    pub may_register: bool,
}

/// Where the pages before and after are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pages {
    /// Address of the page before.
    pub before: Option<String>,
    /// Address of the page after.
    pub after: Option<String>,
}

impl Pages {
    /// Is there more than one page?
    pub fn is_some_or_more(&self) -> bool {
        self.before.is_some() || self.after.is_some()
    }
}

/// Query of the page.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    #[serde(default)]
    pagina: String,
}

/// `GET /patienten`.
pub async fn get(State(app): State<App>, who: SignedIn, Query(which): Query<Which>) -> Answer {
    if !sees_patients(&who) {
        return Err(PageError::Forbidden);
    }
    let view = view(&app, &who, &Fields::default(), Vec::new(), None, which.pagina.parse().unwrap_or(1)).await?;
    Ok(page(&view))
}

/// `POST /patienten`.
pub async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    if !sees_patients(&who) {
        return Err(PageError::Forbidden);
    }
    throttled(&app, &who).await?;
    match search(&app, &who, &fields).await? {
        Ok(found) => Ok(page(&view(&app, &who, &fields, Vec::new(), Some(found), 1).await?)),
        Err(errors) => Ok(refused(&view(&app, &who, &fields, errors, None, 1).await?)),
    }
}

async fn search(
    app: &App,
    who: &SignedIn,
    fields: &Fields,
) -> Result<Result<Found<PatientRow>, Vec<Problem>>, PageError> {
    let today = app.clock().today();
    let row = |r: store::patients::PatientRecord| PatientRow::of(&r.id, &r.patient, today);
    let (bsn, family, born) = (fields.filled("bsn"), fields.filled("achternaam"), fields.filled("geboortedatum"));
    let (ids, how): (Vec<PatientId>, _) = match (bsn, family, born) {
        (Some(text), ..) => match Bsn::parse(text) {
            Ok(bsn) => (app.store().find_by_bsn(&bsn).await?.into_iter().collect(), "bsn"),
            Err(wrong) => return Ok(Err(vec![Problem::at("bsn", wrong.0)])),
        },
        (None, Some(family), Some(born)) => match dutch::typed_date(born).map(|d| d.day()) {
            Ok(Some(day)) => (app.store().find_by_typed_name(day, family).await?, "name-and-birth-date"),
            Ok(None) => {
                return Ok(Err(vec![Problem::at(
                    "geboortedatum",
                    "Vul de hele geboortedatum in: dag, maand en jaar.",
                )]));
            }
            Err(message) => return Ok(Err(vec![Problem::at("geboortedatum", message)])),
        },
        (None, Some(family), None) => {
            let wanted = Wanted { family, born: None };
            return Ok(Ok(named_in_caseload(app, who, &wanted, &[]).await?.map(row)));
        }
        (None, None, Some(_)) => {
            return Ok(Err(vec![Problem::at("achternaam", "Vul bij de geboortedatum ook de achternaam in.")]));
        }
        (None, None, None) => {
            return Ok(Err(vec![Problem::at("bsn", "Vul een BSN in, of een achternaam met geboortedatum.")]));
        }
    };
    log(app, who, how, Outcome::Done).await?;
    Ok(Ok(Found::all(visible(app, &who.actor, ids, "search").await?).map(row)))
}

/// A search in the log: by what, not for whom.
pub(super) async fn log(app: &App, who: &SignedIn, how: &str, outcome: Outcome) -> Result<(), store::Error> {
    let event = Event {
        at: app.clock().now(),
        actor: Some(&who.actor),
        action: "search",
        data: how,
        patient: None,
        outcome,
        detail: None,
    };
    app.store().event(event).await
}

/// Counts a search; too many are refused, and that is logged.
///
/// # Errors
/// Where there were too many, and where the store fails.
pub async fn throttled(app: &App, who: &SignedIn) -> Result<(), PageError> {
    if let Err(wait) = app.throttle().search(who.person.as_str()) {
        log(app, who, "too many searches", Outcome::Refused).await?;
        return Err(PageError::TooManySearches(wait.as_secs() + 1));
    }
    Ok(())
}

async fn view(
    app: &App,
    who: &SignedIn,
    fields: &Fields,
    errors: Vec<Problem>,
    found: Option<Found<PatientRow>>,
    number: usize,
) -> Result<PatientsPage, PageError> {
    let number = number.clamp(1, 1_000_000);
    let own = caseload(app, who, |_| true, (number - 1) * PAGE).await?;
    let total = own.total;
    let today = app.clock().today();
    let at = |n: usize| format!("/patienten?pagina={n}");
    Ok(PatientsPage {
        frame: Frame::signed(who, "Patiënten", Place::Patients).failing(!errors.is_empty()),
        bsn: Field::short("bsn", "BSN", fields.get("bsn")).digits().checked(&errors),
        family: Field::text("achternaam", "Of achternaam", fields.get("achternaam")).growing().checked(&errors),
        birth_date: Field::short("geboortedatum", "en geboortedatum", fields.get("geboortedatum")).checked(&errors),
        found,
        list_title: match total {
            0 => "Uw patiënten".to_owned(),
            1 => "Uw patiënt".to_owned(),
            n => format!("Uw {n} patiënten"),
        },
        caseload: own.map(|r| PatientRow::of(&r.id, &r.patient, today)).rows,
        pages: Pages {
            before: (number > 1).then(|| at(number - 1)),
            after: (number * PAGE < total).then(|| at(number + 1)),
        },
        may_register: who.actor.role.is_some_and(domain::role::Role::is_care_professional),
        errors,
    })
}
