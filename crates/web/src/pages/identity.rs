//! `/patienten/{id}/gegevens`: correct who the patient is, move to another practice, merge two records; each with a
//! reason that stays.

use super::care_team::propose_by_place;
use super::field::{Choice, Field, Problem};
use super::frame::{Frame, Notice, Tab};
use super::patient_form::{self, PatientForm};
use super::render::{Answer, Told, done, show};
use super::rows::PatientRow;
use crate::access::{Denied, ask, patient_id, quietly};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use domain::access::{Action, Permit};
use domain::happening::death;
use domain::ident::{Bsn, OrganisationId, PatientId};
use domain::patient::Patient;
use domain::words;
use store::organisations::OrganisationKind;
use store::patients::{Corrected, PatientRecord};
use store::team::Member;

mod merge;
#[cfg(test)]
pub use merge::MergePage;
pub use merge::{get as merge_get, post as merge_post};

/// The page.
#[derive(Template)]
#[template(path = "identity.html")]
pub struct IdentityPage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// Revision that was read.
    pub revision: u32,
    /// The questions.
    pub form: PatientForm,
    /// Why it is corrected.
    pub reason: Field,
    /// Practice to move from.
    pub practice_from: Field,
    /// Practice to move to.
    pub practice_to: Field,
    /// Why the patient moves.
    pub move_reason: Field,
    /// BSN of the record that ceases.
    pub other_bsn: Field,
    /// Why both are one.
    pub merge_reason: Field,
    /// What it was before, each in a sentence, newest first.
    pub earlier: Vec<String>,
    /// May this person correct?
    pub may_correct: bool,
}

/// What a page needs of the store.
struct Known {
    record: PatientRecord,
    earlier: Vec<PatientRecord>,
    practices: Vec<Choice>,
    current: Vec<Choice>,
}

async fn known(app: &App, permit: &Permit) -> Result<Known, PageError> {
    let now = app.clock().now();
    let record = app.store().read_patient(permit, now, "identity").await?.ok_or(PageError::Forbidden)?;
    let earlier = app.store().earlier_identities(permit, now).await?;
    let members: Vec<OrganisationId> = app
        .store()
        .team(permit, now)
        .await?
        .into_iter()
        .filter(|m| m.until.is_none_or(|u| u > now))
        .filter_map(|m| match m.member {
            Member::Organisation(id) => Some(id),
            Member::Person(_) => None,
        })
        .collect();
    let all = app.store().organisations().await?;
    let choice = |o: &store::organisations::Organisation| {
        let city = o.city.as_deref().map(|c| format!(", {c}")).unwrap_or_default();
        Choice::of(o.id.to_string(), format!("{}{city}", o.name))
    };
    let practice = |o: &&store::organisations::Organisation| o.kind == OrganisationKind::GpPractice;
    let inside = |o: &&store::organisations::Organisation| members.contains(&o.id);
    Ok(Known {
        record,
        earlier,
        practices: all.iter().filter(practice).filter(|o| !inside(o)).map(choice).collect(),
        current: all.iter().filter(practice).filter(inside).map(choice).collect(),
    })
}

fn view(
    app: &App,
    who: &SignedIn,
    id: &PatientId,
    known: Known,
    fields: &Fields,
    errors: Vec<Problem>,
    may_correct: bool,
) -> IdentityPage {
    let patient = &known.record.patient;
    let form = if fields.has("achternaam") {
        PatientForm::new(|n| fields.get(n), &errors).about(patient, |n| fields.get(n), &errors)
    } else {
        PatientForm::of(patient)
    };
    let first = |choices: &[Choice]| choices.first().map(|c| c.value.clone()).unwrap_or_default();
    let from = fields.filled("praktijk-van").map_or_else(|| first(&known.current), str::to_owned);
    let mut to = vec![Choice::of("", "Kies een praktijk")];
    to.extend(known.practices);
    let mut earlier: Vec<String> = known
        .earlier
        .iter()
        .map(|r| {
            let day = words::day(domain::date::local_day(r.changed_at));
            format!("Vanaf {day}: {}, geboren {}", r.patient.name.full(), words::date(&r.patient.birth_date))
        })
        .collect();
    earlier.reverse();
    IdentityPage {
        frame: Frame::about(app, who, "Gegevens van een patiënt", id, patient, Tab::Identity)
            .failing(!errors.is_empty()),
        id: id.to_string(),
        revision: known.record.revision,
        form,
        reason: Field::area("reden", "Waarom verbetert u dit?", fields.get("reden"))
            .hint("Bijvoorbeeld: naam gecontroleerd op paspoort.")
            .checked(&errors),
        practice_from: Field::select("praktijk-van", "Van praktijk", &from, known.current).checked(&errors),
        practice_to: Field::select("praktijk-naar", "Naar praktijk", fields.get("praktijk-naar"), to).checked(&errors),
        move_reason: Field::text("verhuisreden", "Reden van de overgang", fields.get("verhuisreden")).checked(&errors),
        other_bsn: Field::short("ander-bsn", "BSN van het dossier dat vervalt", fields.get("ander-bsn"))
            .digits()
            .checked(&errors),
        merge_reason: Field::text("samenvoegreden", "Waarom is dit dezelfde persoon?", fields.get("samenvoegreden"))
            .checked(&errors),
        earlier,
        may_correct,
        errors,
    }
}

/// `GET /patienten/{id}/gegevens`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(told): Query<Told>) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::ReadPatient, &id).await?;
    let may = quietly(&app, &who.actor, Action::CorrectPatient, &id).await?.is_some();
    let known = known(&app, &permit).await?;
    let mut page_view = view(&app, &who, &id, known, &Fields::default(), Vec::new(), may);
    page_view.frame = page_view.frame.told(&told);
    Ok(show(StatusCode::OK, &page_view))
}

async fn again(
    app: &App,
    who: &SignedIn,
    permit: &Permit,
    id: &PatientId,
    fields: &Fields,
    errors: Vec<Problem>,
    status: StatusCode,
) -> Answer {
    let known = known(app, permit).await?;
    Ok(show(status, &view(app, who, id, known, fields, errors, true)))
}

/// Was death told in what happened? Then it is taken back there, so that both say the same.
async fn told_in_course(app: &App, who: &SignedIn, id: &PatientId) -> Result<bool, PageError> {
    let Some(read) = quietly(app, &who.actor, Action::ReadPlan, id).await? else { return Ok(false) };
    Ok(death(&app.store().path(&read, app.clock().now()).await?.steps).is_some())
}

/// `POST /patienten/{id}/gegevens`: corrects the identity.
pub async fn post(State(app): State<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::CorrectPatient, &id).await?;
    let now = app.clock().now();
    let before = app.store().read_patient(&permit, now, "identity").await?.ok_or(PageError::Forbidden)?;
    let reason = fields.filled("reden").ok_or_else(|| Problem::at("reden", "Schrijf waarom u de gegevens verbetert."));
    let read = patient_form::read(|n| fields.get(n), Some(&before.patient), app.clock().today());
    let read = match read {
        // A form without the question says nothing of it.
        Ok(patient) if !fields.has("overleden") => Ok(Patient { died_on: before.patient.died_on, ..patient }),
        Ok(patient) if patient.died_on != before.patient.died_on && told_in_course(&app, &who, &id).await? => {
            Err(vec![Problem::at("overleden", "Het overlijden staat in het verloop: verbeter het daar.")])
        }
        other => other,
    };
    let (patient, reason) = match (read, reason) {
        (Ok(patient), Ok(reason)) => (patient, reason),
        (read, reason) => {
            let errors = read.err().unwrap_or_default().into_iter().chain(reason.err()).collect();
            return again(&app, &who, &permit, &id, &fields, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let expected = fields.get("revisie").parse().unwrap_or(0);
    let refused = match app.store().correct_patient(&permit, expected, &patient, reason, now).await? {
        Corrected::Done(_) => {
            if let Some(living) = patient.living.filter(|_| patient.living != before.patient.living) {
                let reason = format!("De patiënt woont nu: {}.", living.dutch());
                propose_by_place(&app, &permit, &patient, &reason).await?;
            }
            return Ok(done(&format!("/patienten/{id}/gegevens"), Notice::Corrected));
        }
        Corrected::Stale(_) => Problem::whole(
            "Iemand anders heeft deze gegevens intussen verbeterd. Uw tekst staat er nog: vergelijk, en bewaar dan opnieuw.",
        ),
        Corrected::Double(_) => {
            Problem::at("bsn", "Dit BSN hoort bij een ander dossier. Controleer het, of voeg de dossiers samen.")
        }
    };
    again(&app, &who, &permit, &id, &fields, vec![refused], StatusCode::CONFLICT).await
}

/// `GET /patienten/{id}/verhuizen`: the form stands among the patient's data.
pub async fn move_get(State(app): State<App>, who: SignedIn, Path(id): Path<String>) -> Answer {
    let id = patient_id(&id)?;
    ask(&app, &who.actor, Action::CorrectPatient, &id).await?;
    Ok(Redirect::to(&format!("/patienten/{id}/gegevens#verhuizen")).into_response())
}

/// `POST /patienten/{id}/verhuizen`: to another practice.
pub async fn move_post(
    State(app): State<App>,
    Path(id): Path<String>,
    SignedForm { who, fields }: SignedForm,
) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::CorrectPatient, &id).await?;
    let known = known(&app, &permit).await?;
    let patient = known.record.patient.clone();
    let listed = |field: &str, choices: &[Choice]| {
        let value = fields.get(field);
        choices.iter().any(|c| c.value == value).then(|| OrganisationId::parse(value).ok()).flatten()
    };
    let from = listed("praktijk-van", &known.current);
    let to = listed("praktijk-naar", &known.practices);
    let reason = fields.filled("verhuisreden");
    let (Some(from), Some(to), Some(reason)) = (&from, &to, reason) else {
        let mut errors = Vec::new();
        if from.is_none() {
            errors.push(Problem::at("praktijk-van", "Kies de praktijk waar de patiënt nu hoort."));
        }
        if to.is_none() {
            errors.push(Problem::at("praktijk-naar", "Kies de praktijk waar de patiënt naartoe gaat."));
        }
        if reason.is_none() {
            errors.push(Problem::at("verhuisreden", "Schrijf waarom de patiënt van praktijk verandert."));
        }
        return Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &view(&app, &who, &id, known, &fields, errors, true)));
    };
    app.store().move_practice(&permit, from, to, reason, app.clock().now()).await?;
    propose_by_place(&app, &permit, &patient, "De patiënt is naar een andere praktijk gegaan.").await?;
    // Whoever moved the patient out of their own practice may not see the record any more.
    let still = quietly(&app, &who.actor, Action::ReadPatient, &id).await?.is_some();
    let target = if still { format!("/patienten/{id}") } else { "/".to_owned() };
    Ok(done(&target, Notice::Moved))
}

/// The record with this BSN, as far as the actor may see and change it.
async fn other_record(
    app: &App,
    who: &SignedIn,
    bsn: &str,
    id: &PatientId,
) -> Result<Result<(Permit, PatientRecord), Problem>, PageError> {
    let wrong = |message: &str| Ok(Err(Problem::at("ander-bsn", message)));
    let bsn = match Bsn::parse(bsn) {
        Ok(bsn) => bsn,
        Err(error) => return wrong(error.0),
    };
    let found = app.store().find_by_bsn(&bsn).await?.filter(|other| other != id);
    // Asked aloud: who tries a number of somebody they do not care for stands in the log, and is told what they would be
    // of a number that nobody has.
    let permit = match found {
        Some(other) => match ask(app, &who.actor, Action::CorrectPatient, &other).await {
            Err(Denied::Broken(error)) => return Err(error.into()),
            asked => asked.ok(),
        },
        None => None,
    };
    let Some(permit) = permit else {
        return wrong("U bent bij geen ander dossier met dit BSN betrokken. Controleer het BSN.");
    };
    match app.store().read_patient(&permit, app.clock().now(), "merge").await? {
        Some(record) if record.merged_into.is_none() => Ok(Ok((permit, record))),
        _ => wrong("Dit dossier is al samengevoegd."),
    }
}

fn row(record: &PatientRecord, app: &App) -> PatientRow {
    PatientRow::of(&record.id, &record.patient, app.clock().today())
}
