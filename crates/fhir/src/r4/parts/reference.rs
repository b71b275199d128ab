//! References within one patient's resources: relative, with type and a display that says no more than who or what.

use crate::r4::View;
use crate::r4::id::Local;
use domain::people::{ContactPerson, PersonKey, Professional, ProfessionalKey};
use domain::plan::{Conversation, Party};
use serde_json::{Value, json};

/// A reference to a resource of this patient.
pub(in crate::r4) fn to(view: &View<'_>, kind: &str, local: Local, display: &str) -> Value {
    let mut reference = json!({"reference": format!("{kind}/{}", view.id_of(local)), "type": kind});
    if !display.trim().is_empty() {
        reference["display"] = display.into();
    }
    reference
}

/// The patient.
pub(in crate::r4) fn patient(view: &View<'_>) -> Value {
    to(view, "Patient", Local::Patient, &view.patient.name.full())
}

/// A contact person; one without a name is called by the relation.
pub(in crate::r4) fn person(view: &View<'_>, key: PersonKey) -> Option<Value> {
    let person = view.content()?.person(key)?;
    Some(to(view, "RelatedPerson", Local::Person(key), &person_display(person)))
}

fn person_display(person: &ContactPerson) -> String {
    use domain::code::CodeSet;
    if !person.name.is_empty() {
        return person.name.full();
    }
    person.relations.first().map_or_else(|| "Contactpersoon".to_owned(), |r| r.relation.display().to_owned())
}

/// A professional, in the role that other resources refer to.
pub(in crate::r4) fn professional(view: &View<'_>, key: ProfessionalKey) -> Option<Value> {
    let professional = view.content()?.professional(key)?;
    Some(to(view, "PractitionerRole", Local::Professional(key), &professional_display(professional)))
}

/// What a professional is called: name, else specialty.
pub(in crate::r4) fn professional_display(professional: &Professional) -> String {
    let specialty = || professional.specialty.first().and_then(|s| s.display.clone());
    if professional.name.is_empty() {
        specialty().unwrap_or_else(|| "Zorgverlener".to_owned())
    } else {
        professional.name.full()
    }
}

/// Whoever takes part.
pub(in crate::r4) fn party(view: &View<'_>, party: Party) -> Option<Value> {
    match party {
        Party::Patient => Some(patient(view)),
        Party::Person(key) => person(view, key),
        Party::Professional(key) => professional(view, key),
    }
}

/// Those who take part.
pub(in crate::r4) fn parties(view: &View<'_>, list: &[Party]) -> Vec<Value> {
    list.iter().filter_map(|p| party(view, *p)).collect()
}

/// What a conversation is called: its day.
pub(in crate::r4) fn conversation_display(conversation: &Conversation) -> String {
    match conversation.held_on.as_ref().map(domain::date::FhirDateTime::date_part) {
        Some(day) => format!("Gesprek op {day}"),
        None => "Gesprek".to_owned(),
    }
}
