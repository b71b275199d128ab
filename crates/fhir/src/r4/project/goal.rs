//! ACP-MedicalPolicyGoal.

use super::{ADVANCE_CARE_PLANNING, Told, filed_of};
use crate::r4::id::{Local, Standing, Subject};
use crate::r4::parts::{codeable, meta, reference};
use crate::r4::{ResourceType, View};
use domain::code::system;
use domain::date::FhirDateTime;
use domain::plan::{MedicalPolicyGoal, Statement, Why};
use serde_json::Value;

/// The goal in force, or the one proposed.
pub(super) fn current(view: &View<'_>, standing: Standing) -> Option<Value> {
    let topic = &view.content()?.goal;
    match standing {
        Standing::Current => Some(write(view, standing, topic.current.as_ref()?, Told::Now)),
        Standing::Proposed => Some(write(view, standing, topic.proposed.as_ref()?, Told::Proposed)),
    }
}

/// Goals of before.
pub(super) fn earlier(view: &View<'_>) -> Vec<Value> {
    let Some(content) = view.content() else { return Vec::new() };
    let filed = filed_of(view, &content.goal).into_iter();
    filed.map(|(statement, told)| write(view, Standing::Current, statement, told)).collect()
}

/// `statusDate` is the date of the statement, as in the guide's example; `startDate` the source's own, or the same date
/// where no other system made the resource, since the dataset's date is mapped there (SPEC section 2).
fn write(view: &View<'_>, standing: Standing, statement: &Statement<MedicalPolicyGoal>, told: Told<'_>) -> Value {
    let (goal, source) = (&statement.value, &statement.source);
    let said_on = statement.said_on.as_ref();
    let start = goal.start.as_ref().or(said_on.filter(|_| source.identifiers.is_empty()));
    let own = source.status.as_deref();
    let status = match told {
        Told::Now => own.unwrap_or("active"),
        Told::Proposed => own.unwrap_or("proposed"),
        Told::Filed { why: Why::Rejected { .. }, .. } => "rejected",
        Told::Filed { .. } => own
            .filter(|s| matches!(*s, "completed" | "cancelled" | "entered-in-error" | "rejected"))
            .unwrap_or("cancelled"),
    };
    let notes = goal.comment.iter().chain(&source.notes).map(String::as_str);
    let local = Local::Topic(Subject::Goal, standing);
    meta::begin(view, ResourceType::Goal, local, "ACP-MedicalPolicyGoal", told.edition(statement), told.history())
        .list("identifier", meta::identifiers(source))
        .with("lifecycleStatus", status)
        .list("category", [codeable::fixed(system::SNOMED, ADVANCE_CARE_PLANNING, Some("advance care planning"))])
        .with("description", codeable::member(goal.goal))
        .with("subject", reference::patient(view))
        .maybe("startDate", start.map(FhirDateTime::date_part))
        .maybe("statusDate", said_on.map(FhirDateTime::date_part))
        .maybe("expressedBy", statement.by.first().and_then(|p| reference::party(view, *p)))
        .list("note", codeable::notes(notes))
        .build()
}
