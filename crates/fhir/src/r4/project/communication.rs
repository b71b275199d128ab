//! ACP-InformRelativesRequest: only where the patient was told (SPEC section 2); 'no' lives in the form.

use super::{ADVANCE_CARE_PLANNING, Told, conversation, filed_of};
use crate::r4::id::{Local, Subject};
use crate::r4::parts::{codeable, extension, meta, reference};
use crate::r4::{ResourceType, View};
use domain::code::system;
use domain::date::FhirDateTime;
use domain::plan::{InformRelatives, Statement};
use serde_json::{Value, json};

/// That the patient was asked to inform relatives.
pub(super) fn write(view: &View<'_>) -> Option<Value> {
    let statement = view.content()?.inform_relatives.current.as_ref().filter(|s| s.value.informed)?;
    Some(request(view, statement, Told::Now))
}

/// The same of before.
pub(super) fn earlier(view: &View<'_>) -> Vec<Value> {
    let Some(content) = view.content() else { return Vec::new() };
    let filed = filed_of(view, &content.inform_relatives).into_iter().filter(|(s, _)| s.value.informed);
    filed.map(|(statement, told)| request(view, statement, told)).collect()
}

fn request(view: &View<'_>, statement: &Statement<InformRelatives>, told: Told<'_>) -> Value {
    let (said, source) = (&statement.value, &statement.source);
    // Decision 35: somebody told the patient, and nobody is named.
    let unnamed = || json!({"extension": [extension::code(extension::DATA_ABSENT, "unknown")]});
    let requester = said.told_by.and_then(|key| reference::professional(view, key)).unwrap_or_else(unnamed);
    let encounter = conversation::refer(view, statement.origin.conversation);
    // A request needs a date of its own or that of an encounter (invariant cr-date-required).
    let written_on =
        || view.content()?.conversation(statement.origin.conversation).map(domain::plan::Conversation::date);
    let authored_on = statement.said_on.as_ref().or_else(|| if encounter.is_none() { written_on() } else { None });
    let own = source.status.as_deref();
    let status = match told {
        Told::Now | Told::Proposed => own.unwrap_or("active"),
        Told::Filed { .. } => own.filter(|s| *s != "active").unwrap_or("revoked"),
    };
    meta::begin(
        view,
        ResourceType::CommunicationRequest,
        Local::of(Subject::Inform),
        "ACP-InformRelativesRequest",
        told.edition(statement),
        told.history(),
    )
    .list("identifier", meta::identifiers(source))
    .with("status", status)
    .list("category", [codeable::fixed(system::SNOMED, "223449006", Some("adviseren om iemand te informeren"))])
    .with("subject", reference::patient(view))
    .maybe("encounter", encounter)
    .maybe("authoredOn", authored_on.map(FhirDateTime::as_str))
    .with("requester", requester)
    .list("recipient", said.recipients.iter().filter_map(|key| reference::person(view, *key)))
    .with("sender", reference::patient(view))
    .list("reasonCode", [codeable::fixed(system::SNOMED, ADVANCE_CARE_PLANNING, Some("advance care planning"))])
    .list("note", codeable::notes(source.notes.iter().map(String::as_str)))
    .build()
}
