//! `Bundle/{id}`: the FHIR document of a handover (D6), for systems that may see the plan, and `$acknowledge`, by which the
//! system that it was sent to says that it came and who has it.

use super::caller::{Caller, recorder};
use super::failure::Failure;
use super::read::permit;
use super::{Ask, Reply, parse};
use crate::access;
use crate::app::App;
use crate::handed::Taken;
use crate::oauth::scope::Interaction;
use axum::http::Method;
use domain::access::Action;
use domain::handover::{Heard, given};
use domain::ident::PatientId;
use domain::path::What;
use fhir::format::{IssueType, Problem, Severity, outcome};

/// The name of the type.
pub const NAME: &str = "Bundle";

/// Answers whatever is asked of a handover's document.
///
/// # Errors
/// 403 without a basis, 404 for one that is not there or was sent to another system, 422 where nobody is named.
pub(super) async fn run(app: &App, caller: &Caller, ask: &Ask, rest: &[&str], body: &[u8]) -> Result<Reply, Failure> {
    match (&ask.method, rest) {
        (&Method::GET, [id]) => {
            caller.may(NAME, Interaction::Read)?;
            let (taken, _, _) = taken(app, caller, id).await?;
            Ok(Reply::ok(taken.document(app)))
        }
        (&Method::POST, [id, "$acknowledge"]) => acknowledge(app, caller, ask, id, body).await,
        _ => Err(Failure::method(
            "GET, POST",
            "Een overdracht wordt gelezen als Bundle/{id}, en bevestigd met POST Bundle/{id}/$acknowledge.",
        )),
    }
}

/// The handover with this id, of a patient whose plan the caller may see. One that was called off is not there.
async fn taken(app: &App, caller: &Caller, id: &str) -> Result<(Taken, PatientId, u32), Failure> {
    let (patient, number) = id.split_once('-').ok_or_else(Failure::no_basis)?;
    let patient = PatientId::parse(patient).map_err(|_| Failure::no_basis())?;
    let permit = permit(app, caller, &patient).await?;
    let number = number.strip_prefix("overdracht-").and_then(|n| n.parse().ok()).ok_or_else(Failure::not_found)?;
    let taken = Taken::of(app, &permit, number).await?.filter(|t| t.handover.undone.is_none());
    Ok((taken.ok_or_else(Failure::not_found)?, patient, number))
}

async fn acknowledge(app: &App, caller: &Caller, ask: &Ask, id: &str, body: &[u8]) -> Result<Reply, Failure> {
    caller.may(NAME, Interaction::Update)?;
    let sent = parse(ask, body)?;
    let (taken, patient, number) = taken(app, caller, id).await?;
    let hook = match &taken.handover.system {
        Some(system) => app.store().hook(system).await?,
        None => None,
    };
    if hook.is_none_or(|hook| hook.client != *caller.client()) {
        return Err(Failure::not_found());
    }
    // Told once is enough: who says it again gets the same answer.
    if taken.handover.waits() {
        let named = sent["parameter"].as_array().into_iter().flatten().find(|p| p["name"] == "by");
        let by = named.and_then(|p| p["valueString"].as_str()).unwrap_or_default();
        let today = app.clock().today();
        let (day, event) = given::acknowledged(number, by, Heard::BySystem, "", today).map_err(|wrong| {
            let say =
                |w: given::Wrong| Problem::new(Severity::Error, IssueType::Value, "Parameters.parameter", w.sentence);
            Failure::refused(wrong.into_iter().map(say).collect())
        })?;
        let permit = access::ask(app, &caller.actor, Action::Acknowledge, &patient).await?;
        let step = (day, What::Handover(Box::new(event)));
        app.store().add_steps(&permit, &[step], None, &recorder(app, &caller.actor).await?, app.clock().now()).await?;
    }
    let said = "De ontvangst is vastgelegd.";
    Ok(Reply::ok(outcome(&[Problem::new(Severity::Information, IssueType::Informational, "", said)])))
}
