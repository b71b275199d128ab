//! ACP-Patient. `Patient.contact` is left out: contacts live in RelatedPerson, and who reads an identity need not learn
//! who speaks for the patient.

use crate::r4::id::Local;
use crate::r4::parts::meta::{self, Edition};
use crate::r4::parts::{address, codeable, extension, name, telecom};
use crate::r4::{ResourceType, View};
use domain::code::Gender;
use domain::ident::Bsn;
use serde_json::{Value, json};

/// The patient.
pub(super) fn write(view: &View<'_>) -> Value {
    let patient = view.patient;
    let edition = Edition { version: view.revision, at: view.changed_at };
    let exact = |gender| json!({"extension": [extension::of(extension::CODE_SPECIFICATION, "valueCodeableConcept", codeable::member(gender))]});
    meta::begin(view, ResourceType::Patient, Local::Patient, "ACP-Patient", edition, None)
        .list("identifier", [json!({"system": Bsn::SYSTEM, "value": patient.bsn.as_str()})])
        .list("name", name::write(&patient.name, name::Of::Person))
        .list("telecom", telecom::write(&patient.telephones, &patient.emails))
        .maybe("gender", patient.gender.map(administrative))
        .maybe("_gender", patient.gender.map(exact))
        .with("birthDate", patient.birth_date.date_part())
        .maybe("deceasedDateTime", patient.died_on.map(|d| d.to_string()))
        .list("address", patient.address.as_ref().and_then(address::write))
        .build()
}

fn administrative(gender: Gender) -> &'static str {
    match gender {
        Gender::Male => "male",
        Gender::Female => "female",
        Gender::Undifferentiated => "other",
        Gender::Unknown => "unknown",
    }
}
