//! A version of the plan as QuestionnaireResponse: one per version (decision 30).

use super::write::{ResponseOut, Who, from_source, to_response};
use crate::r4::id::{Local, resource_id};
use crate::r4::parts::reference::professional_display;
use domain::date::FhirDateTime;
use domain::form::{CurrentHead, write};
use domain::ident::PatientId;
use domain::patient::Patient;
use domain::plan::{Identifier, Mark, MarkKind, PlanVersion};
use serde_json::Value;

/// A version to be told, with what came with it and what was said of it afterwards.
#[derive(Clone, Copy, Debug)]
pub struct VersionOut<'a> {
    /// URL of the server's R4 API: the name space of the identifier of a form of our own.
    pub base: &'a str,
    /// The patient's id.
    pub id: &'a PatientId,
    /// The patient as known now.
    pub patient: &'a Patient,
    /// The version.
    pub version: &'a PlanVersion,
    /// The mark on it, where it has one.
    pub mark: Option<&'a Mark>,
    /// The form as it came from elsewhere; `None` for a version of our own, or one delivered as building blocks.
    pub source: Option<&'a Value>,
}

/// The version as form: one from elsewhere to the letter, one of our own as the whole plan as it stood.
///
/// `meta.versionId` counts the editions of this resource: 1, and 2 once it is marked wrong (decision 5).
pub fn of_version(out: &VersionOut<'_>) -> Value {
    let VersionOut { base, id, patient, version, mark, source } = *out;
    let wrong = mark.filter(|mark| mark.kind == MarkKind::Wrong);
    let own_id = resource_id(id, &Local::Form(version.number).to_string());
    let subject = format!("Patient/{id}");
    let name = patient.name.full();
    let author = version.content.conversation(version.conversation).and_then(|c| {
        let professional = version.content.professional(c.held_by.first()?.professional)?;
        let role = resource_id(id, &Local::Professional(professional.key).to_string());
        Some((format!("PractitionerRole/{role}"), professional_display(professional)))
    });
    let identifier = Identifier {
        kind: None,
        system: Some(format!("{}/QuestionnaireResponse", base.trim_end_matches('/'))),
        value: Some(own_id.clone()),
    };
    let around = ResponseOut {
        id: &own_id,
        version_id: if wrong.is_some() { "2" } else { "1" },
        last_updated: wrong.map_or(version.recorded_at, |mark| mark.at),
        identifier: Some(&identifier),
        wrong: wrong.is_some(),
        subject: Who { reference: &subject, display: Some(&name) },
        author: author.as_ref().map(|(reference, display)| Who { reference, display: Some(display) }),
        authored: &FhirDateTime::of_moment(version.recorded_at),
    };
    if let Some(source) = source {
        return from_source(source, &around);
    }
    let head = CurrentHead { conversation: version.conversation };
    to_response(&write(&version.content, &head, patient), &around)
}

#[cfg(test)]
pub(in crate::r4) mod tests;
