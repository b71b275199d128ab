//! ACP-Encounter and ACP-Procedure: one of each per conversation.

use crate::r4::id::Local;
use crate::r4::parts::meta::{self, Edition};
use crate::r4::parts::object::Object;
use crate::r4::parts::{codeable, extension, reference};
use crate::r4::{ResourceType, View};
use domain::code::ProcedureType;
use domain::date::FhirDateTime;
use domain::plan::{Conversation, ConversationKey, EncounterFacts, Party, ProcedureFacts};
use serde_json::{Value, json};

const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

/// A conversation as a contact. The patient is its subject only where they were there (decision 35).
pub(super) fn encounter(view: &View<'_>, key: ConversationKey) -> Option<Value> {
    let conversation = view.content()?.conversation(key).filter(|c| is_known(c))?;
    let facts = &conversation.encounter;
    let class = facts
        .class
        .as_ref()
        .map_or_else(|| json!({"system": ACT_CODE, "code": "AMB", "display": "ambulatory"}), codeable::coding);
    let there = conversation.attendance.as_ref();
    let patient = there.is_some_and(|a| a.patient).then(|| reference::patient(view));
    let held_by = conversation.held_by.iter().filter_map(|h| {
        let participant = Object::new()
            .list("type", h.part.as_ref().map(codeable::concept))
            .with("individual", reference::professional(view, h.professional)?);
        Some(participant.build())
    });
    let people = there.map_or(&[][..], |a| &a.people).iter();
    let people = people.filter_map(|k| Some(json!({"individual": reference::person(view, *k)?})));
    let mut procedure = reference::to(view, "Procedure", Local::Procedure(key), "");
    if let Some(reason) = extension::text(extension::COMMENT, facts.reason.as_deref()) {
        procedure = Object::new()
            .list("extension", [reason])
            .with("reference", procedure["reference"].clone())
            .with("type", "Procedure")
            .build();
    }
    let resource = begin(view, conversation, ResourceType::Encounter, Local::Encounter(key), "ACP-Encounter")
        .list("identifier", meta::identifiers(&facts.source))
        .with("status", meta::status(&facts.source, "finished"))
        .with("class", class)
        .maybe("subject", patient)
        .list("participant", held_by.chain(people))
        .maybe("period", period(conversation.held_on.as_ref(), conversation.ended.as_ref()))
        .list("reasonReference", [procedure]);
    Some(resource.build())
}

/// The same conversation as an act.
pub(super) fn procedure(view: &View<'_>, key: ConversationKey) -> Option<Value> {
    let conversation = view.content()?.conversation(key).filter(|c| is_known(c))?;
    let facts = &conversation.procedure;
    let performers = facts.performers.clone().unwrap_or_else(|| took_part(conversation));
    let performers = reference::parties(view, &performers).into_iter().map(|actor| json!({"actor": actor}));
    let encounter =
        reference::to(view, "Encounter", Local::Encounter(key), &reference::conversation_display(conversation));
    let started = facts.started.as_ref().or(conversation.held_on.as_ref());
    let resource = begin(view, conversation, ResourceType::Procedure, Local::Procedure(key), "ACP-Procedure")
        .list("identifier", meta::identifiers(&facts.source))
        .with("status", meta::status(&facts.source, "completed"))
        .with("code", codeable::member(facts.code.unwrap_or(ProcedureType::AdvanceCarePlanning)))
        .with("subject", reference::patient(view))
        .with("encounter", encounter)
        .maybe("performedPeriod", period(started, facts.ended.as_ref().or(conversation.ended.as_ref())))
        .list("performer", performers)
        .list("note", codeable::notes(facts.source.notes.iter().map(String::as_str)));
    Some(resource.build())
}

/// A reference to the conversation of a statement, where anything is known of it.
pub(super) fn refer(view: &View<'_>, key: ConversationKey) -> Option<Value> {
    let conversation = view.content()?.conversation(key).filter(|c| is_known(c))?;
    Some(reference::to(view, "Encounter", Local::Encounter(key), &reference::conversation_display(conversation)))
}

/// Everybody who took part: who held it, who else was there, and the patient where present.
pub(in crate::r4) fn took_part(conversation: &Conversation) -> Vec<Party> {
    let there = conversation.attendance.as_ref();
    let held_by = conversation.held_by.iter().map(|h| Party::Professional(h.professional));
    let people = there.into_iter().flat_map(|a| &a.people).map(|k| Party::Person(*k));
    let patient = there.filter(|a| a.patient).map(|_| Party::Patient);
    held_by.chain(people).chain(patient).collect()
}

/// Is there anything to tell? A delivery without a conversation, or a form without head, has one by implication only;
/// an Encounter of it would be invented.
fn is_known(conversation: &Conversation) -> bool {
    conversation.held_on.is_some()
        || conversation.ended.is_some()
        || !conversation.held_by.is_empty()
        || conversation.attendance.is_some()
        || conversation.encounter != EncounterFacts::default()
        || conversation.procedure != ProcedureFacts::default()
}

fn begin(view: &View<'_>, conversation: &Conversation, kind: ResourceType, local: Local, profile: &str) -> Object {
    let edition = Edition { version: conversation.version, at: conversation.recorded_at };
    meta::begin(view, kind, local, profile, edition, None)
}

fn period(start: Option<&FhirDateTime>, end: Option<&FhirDateTime>) -> Option<Value> {
    Object::new().maybe("start", start.map(FhirDateTime::as_str)).maybe("end", end.map(FhirDateTime::as_str)).some()
}
