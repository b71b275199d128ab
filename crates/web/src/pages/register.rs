//! `/patienten/nieuw`: register a patient; a warning where it may be a double.

use super::care_team::propose_by_place;
use super::field::Problem;
use super::frame::{Frame, Notice, Place};
use super::patient_form::{self, PatientForm};
use super::render::{Answer, done, page, refused, show};
use super::rows::{PatientRow, visible};
use crate::access::{Denied, ask_new, refuse};
use crate::app::App;
use crate::forms::{Fields, SignedForm};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use domain::access::Action;
use domain::ident::PatientId;
use store::patients::Registered;
use store::team::Member;

/// The form.
#[derive(Template)]
#[template(path = "patient_new.html")]
pub struct RegisterPage {
    /// Title, menu, way back.
    pub frame: Frame,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// The questions.
    pub form: PatientForm,
    /// Somebody alike whom the actor may see.
    pub double: Option<Vec<PatientRow>>,
}

/// What is told of a BSN that is here already.
#[derive(Template)]
#[template(path = "patient_double.html")]
pub struct DoublePage {
    /// Title, menu, way back.
    pub frame: Frame,
    /// Who it is, for those who may know.
    pub known: Option<PatientRow>,
}

fn view(who: &SignedIn, fields: &Fields, errors: Vec<Problem>, double: Option<Vec<PatientRow>>) -> RegisterPage {
    RegisterPage {
        frame: Frame::signed(who, "Registreer een patiënt", Place::BelowPatients)
            .back_to("/patienten", "Patiënten")
            .failing(!errors.is_empty()),
        form: PatientForm::new(|name| fields.get(name), &errors),
        errors,
        double,
    }
}

/// `GET /patienten/nieuw`.
pub async fn get(State(app): State<App>, who: SignedIn) -> Answer {
    ask_new(&app, &who.actor, &PatientId::from_bits(0)).await?;
    Ok(page(&view(&who, &Fields::default(), Vec::new(), None)))
}

/// `POST /patienten/nieuw`.
pub async fn post(State(app): State<App>, SignedForm { who, fields }: SignedForm) -> Answer {
    let id = PatientId::from_bits(store::random::bits());
    let permit = ask_new(&app, &who.actor, &id).await?;
    let today = app.clock().today();
    let patient = match patient_form::read(|name| fields.get(name), None, today) {
        Ok(patient) => patient,
        Err(errors) => return Ok(refused(&view(&who, &fields, errors, None))),
    };
    if fields.get("toch") != "ja"
        && let Some(day) = patient.birth_date.day()
    {
        let mut alike = Vec::new();
        for name in patient.search_names() {
            alike.extend(app.store().find_by_name(day, &name).await?);
        }
        alike.sort();
        alike.dedup();
        let mut seen = visible(&app, &who.actor, alike, "possible-double").await?;
        // The same BSN is told of further on, and leaves nothing to choose.
        seen.retain(|r| r.patient.bsn != patient.bsn);
        if !seen.is_empty() {
            let rows = seen.iter().map(|r| PatientRow::of(&r.id, &r.patient, today)).collect();
            return Ok(show(StatusCode::CONFLICT, &view(&who, &fields, Vec::new(), Some(rows))));
        }
    }
    let team = [Member::Organisation(who.organisation.id.clone())];
    match app.store().register(&permit, &patient, &team, app.clock().now()).await? {
        Registered::New => {
            if let Some(permit) = crate::access::quietly(&app, &who.actor, Action::FollowUp, &id).await? {
                propose_by_place(&app, &permit, &patient, "Ingeschreven.").await?;
            }
            Ok(done(&format!("/patienten/{id}"), Notice::Registered))
        }
        Registered::Double(other) => {
            let known = visible(&app, &who.actor, vec![other.clone()], "double").await?;
            let known = known.first().map(|r| PatientRow::of(&r.id, &r.patient, today));
            if known.is_none() {
                // That it fails tells something: whoever tries one BSN after another is seen doing so, by the patient too.
                let denied = refuse(&app, &who.actor, Action::RegisterPatient.code(), Some(&other)).await;
                if let Denied::Broken(error) = denied {
                    return Err(error.into());
                }
            }
            let title = if known.is_some() { "Al geregistreerd" } else { "Registreren lukt hier niet" };
            let frame =
                Frame::signed(&who, title, Place::BelowPatients).back_to("/patienten/nieuw", "Registreer een patiënt");
            Ok(show(StatusCode::CONFLICT, &DoublePage { frame, known }))
        }
    }
}
