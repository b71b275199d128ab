//! `/beheer/inzage`: the privacy officer finds the patient whose log is asked for, by BSN or by surname and birth date.
//! Finding is by POST (decision 54), and leads on only where the officer may read that log.

use super::super::admin::refuse;
use super::super::dutch;
use super::super::field::{Field, Problem};
use super::super::frame::{Frame, Place};
use super::super::render::{Answer, page, refused};
use crate::access::quietly;
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect};
use domain::access::Action;
use domain::administration::may_read_instance_log;
use domain::ident::{Bsn, PatientId};
use store::log::{Event, Outcome};

/// The page.
#[derive(Template)]
#[template(path = "log/find.html")]
pub struct FindPage {
    /// Title, menu.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// BSN.
    pub bsn: Field,
    /// Surname.
    pub family: Field,
    /// Birth date.
    pub birth_date: Field,
}

fn view(who: &SignedIn, fields: &Fields, errors: Vec<Problem>) -> FindPage {
    FindPage {
        frame: Frame::signed(who, "Logboek van een patiënt", Place::BelowAdmin)
            .back_to("/beheer", "Beheer")
            .failing(!errors.is_empty()),
        bsn: Field::short("bsn", "BSN", fields.get("bsn")).digits().checked(&errors),
        family: Field::text("achternaam", "Of achternaam", fields.get("achternaam")).growing().checked(&errors),
        birth_date: Field::short("geboortedatum", "en geboortedatum", fields.get("geboortedatum")).checked(&errors),
        errors,
    }
}

async fn allowed(app: &App, who: &SignedIn) -> Result<(), PageError> {
    if who.actor.role.is_some_and(may_read_instance_log) { Ok(()) } else { Err(refuse(app, who).await) }
}

/// `GET /beheer/inzage`.
pub async fn get(State(app): State<App>, who: SignedIn) -> Answer {
    allowed(&app, &who).await?;
    Ok(page(&view(&who, &Fields::default(), Vec::new())))
}

/// Whom the search means, and by what; or what is wrong with it.
async fn search(app: &App, fields: &Fields) -> Result<Result<(Vec<PatientId>, &'static str), Problem>, store::Error> {
    if let Some(typed) = fields.filled("bsn") {
        return Ok(match Bsn::parse(typed) {
            Ok(bsn) => Ok((app.store().find_by_bsn(&bsn).await?.into_iter().collect(), "bsn")),
            Err(wrong) => Err(Problem::at("bsn", wrong.0)),
        });
    }
    let (Some(family), Some(born)) = (fields.filled("achternaam"), fields.filled("geboortedatum")) else {
        return Ok(Err(Problem::at("bsn", "Vul een BSN in, of een achternaam met geboortedatum.")));
    };
    Ok(match dutch::typed_date(born).map(|d| d.day()) {
        Ok(Some(day)) => Ok((app.store().find_by_typed_name(day, family).await?, "name-and-birth-date")),
        Ok(None) => Err(Problem::at("geboortedatum", "Vul de hele geboortedatum in: dag, maand en jaar.")),
        Err(wrong) => Err(Problem::at("geboortedatum", wrong)),
    })
}

/// `POST /beheer/inzage`.
pub async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    allowed(&app, &who).await?;
    let (found, how) = match search(&app, &fields).await? {
        Ok(found) => found,
        Err(problem) => return Ok(refused(&view(&who, &fields, vec![problem]))),
    };
    let event = Event {
        at: app.clock().now(),
        actor: Some(&who.actor),
        action: "search",
        data: how,
        patient: None,
        outcome: Outcome::Done,
        detail: None,
    };
    app.store().event(event).await?;
    for id in found {
        if quietly(&app, &who.actor, Action::ReadLog, &id).await?.is_some() {
            return Ok(Redirect::to(&format!("/patienten/{id}/inzage")).into_response());
        }
    }
    let nobody = Problem::whole(
        "Uw organisatie is bij geen patiënt met deze gegevens betrokken. Controleer wat u hebt ingevuld.",
    );
    Ok(refused(&view(&who, &fields, vec![nobody])))
}
