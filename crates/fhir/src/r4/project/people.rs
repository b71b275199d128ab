//! ACP-ContactPerson, ACP-HealthProfessional-PractitionerRole and ACP-HealthProfessional-Practitioner.

use crate::r4::id::Local;
use crate::r4::parts::meta::{self, Edition};
use crate::r4::parts::object::Object;
use crate::r4::parts::{address, codeable, name, reference, telecom};
use crate::r4::{ResourceType, View};
use domain::code::{CodeSet, Coding, ContactRole, system};
use domain::ident::{Agb, Big, Uzi};
use domain::people::{ContactPerson, PersonKey, Professional, ProfessionalKey};
use serde_json::{Value, json};

/// Text of role 24 where the plan says it and the sender did not (decision 33): it tells the two apart when the
/// resource is read back.
pub(in crate::r4) const REPRESENTATIVE_BY_PLAN: &str = "Wettelijke vertegenwoordiger volgens het plan";
/// The same for role 01 of the first contact.
pub(in crate::r4) const FIRST_CONTACT_BY_PLAN: &str = "Eerste contactpersoon volgens het plan";

/// A contact person. The representative has role 24 and the first contact role 01, whether the source said so or the
/// plan does.
pub(super) fn contact_person(view: &View<'_>, key: PersonKey) -> Option<Value> {
    let content = view.content()?;
    let person = content.person(key)?;
    let capacity = content.capacity.current.as_ref();
    // Whether somebody speaks for the patient is said in topic 1, and changes with it.
    let version = capacity.map_or(0, |s| s.origin.version).max(person.changed_in);
    let edition = Edition { version, at: view.recorded_at(version) };
    let added = [
        (capacity.and_then(|c| c.value.representative), ContactRole::LegalRepresentative, REPRESENTATIVE_BY_PLAN),
        (capacity.and_then(|c| c.value.first_contact), ContactRole::FirstContact, FIRST_CONTACT_BY_PLAN),
    ];
    let added = added
        .into_iter()
        .filter(|(who, role, _)| *who == Some(key) && person.roles.iter().all(|r| r.role != *role))
        .map(|(_, role, text)| codeable::concept_with(&role.coding(), Some(text)));
    let resource =
        meta::begin(view, ResourceType::RelatedPerson, Local::Person(key), "ACP-ContactPerson", edition, None)
            .list("identifier", codeable::identifiers(&person.identifiers))
            .with("patient", reference::patient(view))
            .list("relationship", said_relationships(person).chain(added))
            .list("name", name::write(&person.name, name::Of::Person))
            .list("telecom", telecom::write(&person.telephones, &person.emails))
            .list("address", person.address.as_ref().and_then(address::write));
    Some(resource.build())
}

fn said_relationships(person: &ContactPerson) -> impl Iterator<Item = Value> {
    let roles = person.roles.iter().map(|r| codeable::concept_with(&r.role.coding(), r.text.as_deref()));
    let relations = person.relations.iter().map(|r| codeable::concept_with(&r.relation.coding(), r.text.as_deref()));
    roles.chain(relations)
}

fn begin(view: &View<'_>, professional: &Professional, kind: ResourceType, profile: &str) -> Object {
    let edition = Edition { version: professional.changed_in, at: view.recorded_at(professional.changed_in) };
    meta::begin(view, kind, Local::Professional(professional.key), profile, edition, None)
}

/// A professional as a person.
pub(super) fn practitioner(view: &View<'_>, key: ProfessionalKey) -> Option<Value> {
    let professional = view.content()?.professional(key)?;
    let national = [
        (Agb::SYSTEM, professional.agb.as_ref().map(Agb::as_str)),
        (Uzi::SYSTEM, professional.uzi.as_ref().map(Uzi::as_str)),
        (Big::SYSTEM, professional.big.as_ref().map(Big::as_str)),
    ];
    let national = national.into_iter().filter_map(|(system, value)| Some(json!({"system": system, "value": value?})));
    let resource = begin(view, professional, ResourceType::Practitioner, "ACP-HealthProfessional-Practitioner")
        .list("identifier", national.chain(codeable::identifiers(&professional.identifiers)))
        .list("name", name::write(&professional.name, name::Of::Professional));
    Some(resource.build())
}

/// A professional in the role that other resources refer to.
pub(super) fn practitioner_role(view: &View<'_>, key: ProfessionalKey) -> Option<Value> {
    let professional = view.content()?.professional(key)?;
    let display = reference::professional_display(professional);
    let resource = begin(view, professional, ResourceType::PractitionerRole, "ACP-HealthProfessional-PractitionerRole")
        .list("identifier", codeable::identifiers(&professional.role_identifiers))
        .with("practitioner", reference::to(view, "Practitioner", Local::Professional(key), &display))
        .maybe("organization", professional.organisation.as_deref().map(|name| json!({"display": name})))
        .list("specialty", specialties(&professional.specialty));
    Some(resource.build())
}

/// The standard has one concept for the specialty; the same one in both of its code systems is two codings of it.
fn specialties(all: &[Coding]) -> Vec<Value> {
    let of_standard = |c: &&Coding| matches!(c.system.as_deref(), Some(system::UZI_ROLE | system::AGB_SPECIALTY));
    let (standard, others): (Vec<&Coding>, Vec<&Coding>) = all.iter().partition(of_standard);
    let standard = Object::new().list("coding", standard.into_iter().map(codeable::coding)).some();
    standard.into_iter().chain(others.into_iter().map(codeable::concept)).collect()
}
