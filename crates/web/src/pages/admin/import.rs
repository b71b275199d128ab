//! `/beheer/organisaties/{organisation}/inlezen`: people from a list. First what would be done, row by row; then, once
//! nothing is wrong and somebody says so, all of it at once.

use super::super::field::Problem;
use super::super::frame::{Frame, Notice};
use super::super::render::{Answer, done, page, show};
use super::{administered, desk, frame_at};
use crate::access::Denied;
use crate::app::App;
use crate::error::PageError;
use crate::forms::SignedForm;
use crate::people::import::{Desk, Report, decode, is_list, plan};
use crate::session::SignedIn;
use crate::upload::{Sent, SignedUpload};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use store::organisations::Organisation;

/// The page.
#[derive(Template)]
#[template(path = "admin/import.html")]
pub struct ImportPage {
    /// Title, menu.
    pub frame: Frame,
    /// Id of the organisation in paths.
    pub id: String,
    /// Its name.
    pub organisation: String,
    /// What is wrong with the whole.
    pub errors: Vec<Problem>,
    /// What would be done; absent: no list was given yet.
    pub trial: Option<Trial>,
}

/// What would be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// In a sentence.
    pub lead: String,
    /// Rows that cannot be, with the reason.
    pub wrong: Vec<(u64, String)>,
    /// Rows that change something, with what.
    pub changes: Vec<(u64, String)>,
    /// The list, to be sent back; absent: it cannot be brought in.
    pub list: Option<String>,
}

/// Rows that are shown of each kind.
const SHOWN: usize = 200;

fn rows(n: usize) -> String {
    if n == 1 { "1 rij".to_owned() } else { format!("{n} rijen") }
}

impl Trial {
    fn of(report: &Report, list: String) -> Self {
        let fine = report.wrong.is_empty();
        let count = rows(report.rows);
        let lead = match (fine, report.changes.len()) {
            (false, _) => format!(
                "{} in de lijst, {} met een fout. Er is niets veranderd. Verbeter de lijst en kies haar opnieuw.",
                count,
                report.wrong.len()
            ),
            (true, 0) => format!("{count} in de lijst. Alles staat er al zo: er verandert niets."),
            (true, n) => format!("{count} in de lijst: {} veranderen iets, {} niets.", rows(n), report.same),
        };
        Self {
            lead,
            wrong: report.wrong.iter().take(SHOWN).cloned().collect(),
            changes: report.changes.iter().take(SHOWN).cloned().collect(),
            list: (fine && !report.changes.is_empty()).then_some(list),
        }
    }
}

fn view(who: &SignedIn, organisation: &Organisation, errors: Vec<Problem>, trial: Option<Trial>) -> ImportPage {
    let failed = !errors.is_empty() || trial.as_ref().is_some_and(|t| !t.wrong.is_empty());
    ImportPage {
        frame: frame_at(who, "Medewerkers inlezen", organisation, "mensen", "Mensen").failing(failed),
        id: organisation.id.to_string(),
        organisation: organisation.name.clone(),
        errors,
        trial,
    }
}

async fn look(app: &App, who: &SignedIn, own: &Organisation, list: &str) -> Result<Report, PageError> {
    let organisations = administered(app, who).await?;
    let desk = Desk { organisations: &organisations, own: Some(own), me: Some(&who.person) };
    Ok(plan(app.store(), desk, list, app.clock().real()).await?)
}

/// `GET …/inlezen`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(organisation): Path<String>) -> Answer {
    let organisation = desk(&app, &who, &organisation).await?;
    Ok(page(&view(&who, &organisation, Vec::new(), None)))
}

/// `POST …/inlezen`: a file; tells what would be done and writes nothing.
pub async fn trial(
    State(app): State<App>,
    Path(organisation): Path<String>,
    SignedUpload { who, file, .. }: SignedUpload,
) -> Answer {
    let organisation = desk(&app, &who, &organisation).await?;
    let Sent::File(file) = file else {
        let errors = vec![Problem::at("lijst", "Kies een bestand met de lijst.")];
        return Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &view(&who, &organisation, errors, None)));
    };
    if !is_list(&file) {
        if let Denied::Broken(error) = crate::access::refuse(&app, &who.actor, "import-people", None).await {
            return Err(error.into());
        }
        let message = "Dit bestand is geen lijst. Kies een CSV-bestand waarvan de eerste rij de kolommen noemt.";
        let errors = vec![Problem::at("lijst", message)];
        return Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &view(&who, &organisation, errors, None)));
    }
    let list = decode(&file);
    let report = look(&app, &who, &organisation, &list).await?;
    let status = if report.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(show(status, &view(&who, &organisation, Vec::new(), Some(Trial::of(&report, list)))))
}

/// `POST …/inlezen/uitvoeren`: the list that was looked at, now for good. It is looked at again: who is here may have
/// changed.
pub async fn run(
    State(app): State<App>,
    Path(organisation): Path<String>,
    SignedForm { who, fields }: SignedForm,
) -> Answer {
    let organisation = desk(&app, &who, &organisation).await?;
    let list = fields.get("lijst");
    let report = look(&app, &who, &organisation, list).await?;
    if !report.wrong.is_empty() {
        let trial = Some(Trial::of(&report, String::new()));
        return Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &view(&who, &organisation, Vec::new(), trial)));
    }
    match app.store().import_people(&who.actor, &report.brought, app.clock().real()).await {
        Ok(()) => Ok(done(&format!("/beheer/organisaties/{}/mensen", organisation.id), Notice::PeopleImported)),
        Err(store::Error::Taken(_)) => {
            let message = "Een gebruikersnaam uit de lijst is net in gebruik genomen. Er is niets veranderd; kies de lijst opnieuw.";
            let errors = vec![Problem::whole(message)];
            Ok(show(StatusCode::CONFLICT, &view(&who, &organisation, errors, None)))
        }
        Err(error) => Err(error.into()),
    }
}
