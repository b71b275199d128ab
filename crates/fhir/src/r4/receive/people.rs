//! Contact persons and professionals of a delivery.

use super::index::Entry;
use super::reading::{Place, Reading};
use super::rules::Held;
use crate::r4::id::Local;
use crate::r4::parts::node::Node;
use crate::r4::parts::{address, codeable, name, telecom};
use crate::r4::project::{FIRST_CONTACT_BY_PLAN, REPRESENTATIVE_BY_PLAN};
use domain::code::{CodeSet, ContactRole, RelationKind};
use domain::ident::{Agb, Big, Bsn, Uzi};
use domain::people::{ContactPerson, Name, PersonKey, Professional, ProfessionalKey, RelationOf, RoleOf};
use domain::plan::Identifier;

/// Who speaks for the patient and who is called first, as roles 24 and 01 tell.
#[derive(Debug, Default)]
pub(super) struct Roles {
    pub representative: Option<PersonKey>,
    pub first_contact: Option<PersonKey>,
    /// Everybody else with a name.
    pub others: Vec<PersonKey>,
}

impl<'a> Reading<'a, '_> {
    /// Takes every contact person.
    pub fn contact_persons(&mut self) -> Roles {
        let mut all: Vec<(PersonKey, Heard, &Entry<'a>)> = Vec::new();
        let mut named = Vec::new();
        for (at, entry) in self.held(Held::ContactPerson) {
            let key = PersonKey(self.fresh());
            let (person, heard) = contact_person(key, &entry.node);
            self.people.insert(at, key);
            self.places.insert(at, Place::At(Local::Person(key)));
            self.take_patient(entry, "patient");
            named.extend((!person.name.is_empty()).then_some(key));
            self.content.people.push(person);
            all.push((key, heard, entry));
        }
        let representative = one_of(&all, |h| h.speaks);
        let first_contact = one_of(&all, |h| h.first);
        named.retain(|key| ![representative, first_contact].contains(&Some(*key)));
        Roles { representative, first_contact, others: named }
    }

    /// Takes every professional: a PractitionerRole with its Practitioner, and a Practitioner that no role leads to.
    pub fn all_professionals(&mut self) {
        for (at, entry) in self.held(Held::PractitionerRole) {
            let practitioner = entry.node.get("practitioner");
            let person = practitioner.as_ref().and_then(|r| self.target(entry, r));
            if let (Some(reference), Some(_)) = (&practitioner, person) {
                reference.take();
            }
            let key = ProfessionalKey(self.fresh());
            let mut professional = Professional {
                specialty: entry
                    .node
                    .each("specialty")
                    .iter()
                    .flat_map(|c| c.each("coding"))
                    .filter_map(|c| codeable::take_coding(&c))
                    .collect(),
                organisation: self.organisation(entry),
                role_identifiers: codeable::take_identifiers(&entry.node),
                ..nobody(key)
            };
            if let Some(person) = person.and_then(|p| self.index.entries.get(p)) {
                read_practitioner(&mut professional, &person.node);
            } else if let Some(display) = practitioner.as_ref().and_then(|r| r.peek("display")) {
                // A role whose person is named only by a display still has somebody to call.
                professional.name = Name { family: Some(display.to_owned()), ..Name::default() };
            }
            self.content.professionals.push(professional);
            self.professionals.insert(at, key);
            self.places.insert(at, Place::At(Local::Professional(key)));
            if let Some(person) = person {
                self.professionals.entry(person).or_insert(key);
                self.places.entry(person).or_insert(Place::At(Local::Professional(key)));
            }
        }
        for (at, entry) in self.held(Held::Practitioner) {
            if self.professionals.contains_key(&at) {
                continue;
            }
            let key = ProfessionalKey(self.fresh());
            let mut professional = nobody(key);
            read_practitioner(&mut professional, &entry.node);
            self.content.professionals.push(professional);
            self.professionals.insert(at, key);
            self.places.insert(at, Place::At(Local::Professional(key)));
        }
    }

    fn organisation(&self, entry: &Entry<'a>) -> Option<String> {
        let reference = entry.node.get("organization")?;
        let found = self.target(entry, &reference).and_then(|at| self.index.entries.get(at));
        let name = found.and_then(|e| e.node.peek("name")).or(reference.peek("display"))?;
        reference.take();
        Some(name.to_owned())
    }
}

/// Who says that somebody has a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// The plan of a system like this one.
    Plan,
    /// The source.
    Source,
}

/// The two roles that the plan itself knows, as far as a contact person's resource tells them.
#[derive(Debug, Clone, Copy, Default)]
struct Heard {
    speaks: Option<By>,
    first: Option<By>,
}

/// Who has a role: the one of whom a plan says so, else the first of whom the source does. A second one is named.
fn one_of(all: &[(PersonKey, Heard, &Entry<'_>)], role: impl Fn(&Heard) -> Option<By>) -> Option<PersonKey> {
    let with = |by| all.iter().filter(|(_, heard, _)| role(heard) == Some(by)).collect::<Vec<_>>();
    let (by_plan, by_source) = (with(By::Plan), with(By::Source));
    let candidates = if by_plan.is_empty() { by_source } else { by_plan };
    for (_, _, entry) in candidates.iter().skip(1) {
        let text = "Er is al een ander met deze rol (vertegenwoordiger of eerste contactpersoon). Die telt; deze blijft contactpersoon.";
        entry.node.findings.keep(entry.node.path.clone(), text);
    }
    candidates.first().map(|(key, ..)| *key)
}

fn contact_person(key: PersonKey, node: &Node<'_>) -> (ContactPerson, Heard) {
    let (telephones, emails) = telecom::take(node);
    let mut heard = Heard::default();
    let (mut roles, mut relations) = (Vec::new(), Vec::new());
    for concept in node.each("relationship") {
        let text = concept.peek("text");
        let by_plan = matches!(text, Some(REPRESENTATIVE_BY_PLAN | FIRST_CONTACT_BY_PLAN));
        let of_other = |is_other: bool| if is_other { concept.text("text") } else { None };
        for coding in concept.each("coding") {
            let Some(code) =
                codeable::take_if(&coding, |c| ContactRole::of(c).is_some() || RelationKind::of(c).is_some())
            else {
                continue;
            };
            if let Some(role) = ContactRole::of(&code) {
                let by = Some(if by_plan { By::Plan } else { By::Source });
                match role {
                    ContactRole::LegalRepresentative => heard.speaks = heard.speaks.or(by),
                    ContactRole::FirstContact => heard.first = heard.first.or(by),
                    _ => {}
                }
                if by_plan {
                    concept.text("text");
                } else {
                    roles.push(RoleOf { role, text: of_other(role == ContactRole::Other) });
                }
            } else if let Some(relation) = RelationKind::of(&code) {
                relations.push(RelationOf { relation, text: of_other(relation == RelationKind::Other) });
            }
        }
    }
    let person = ContactPerson {
        key,
        name: name::take(node, name::Of::Person),
        telephones,
        emails,
        address: address::take(node),
        roles,
        relations,
        identifiers: identifiers_of_person(node),
        changed_in: 0,
    };
    (person, heard)
}

/// The identifiers of a contact person but for a BSN: there is no ground to keep that (FACTS, law and norms).
fn identifiers_of_person(node: &Node<'_>) -> Vec<Identifier> {
    let mut kept = Vec::new();
    for identifier in node.each("identifier") {
        if identifier.peek("system") == Some(Bsn::SYSTEM) {
            identifier.keep("Het BSN van een contactpersoon komt niet in het plan: daar is geen grondslag voor.");
        } else {
            kept.extend(codeable::take_identifier(&identifier));
        }
    }
    kept
}

fn read_practitioner(professional: &mut Professional, node: &Node<'_>) {
    professional.name = name::take(node, name::Of::Professional);
    for identifier in codeable::take_identifiers(node) {
        let value = identifier.value.as_deref().unwrap_or_default();
        let system = identifier.system.as_deref();
        // A second number, or one that does not read as what it says it is, stays an identifier like any other.
        match system {
            Some(Agb::SYSTEM) if professional.agb.is_none() && Agb::parse(value).is_ok() => {
                professional.agb = Agb::parse(value).ok();
            }
            Some(Uzi::SYSTEM) if professional.uzi.is_none() && Uzi::parse(value).is_ok() => {
                professional.uzi = Uzi::parse(value).ok();
            }
            Some(Big::SYSTEM) if professional.big.is_none() && Big::parse(value).is_ok() => {
                professional.big = Big::parse(value).ok();
            }
            _ => professional.identifiers.push(identifier),
        }
    }
}

fn nobody(key: ProfessionalKey) -> Professional {
    Professional {
        key,
        name: Name::default(),
        agb: None,
        uzi: None,
        big: None,
        specialty: Vec::new(),
        organisation: None,
        identifiers: Vec::new(),
        role_identifiers: Vec::new(),
        person: None,
        changed_in: 0,
    }
}
