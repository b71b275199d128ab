//! Who a delivery is about.

use super::reading::Reading;
use crate::format::{IssueType, Problem, Severity};
use crate::r4::parts::{address, codeable, extension, name, telecom};
use domain::code::Gender;
use domain::date::FhirDateTime;
use domain::ident::Bsn;
use domain::patient::{Patient, normalise_family};
use domain::people::{Address, Email, Name, Telephone};
use jiff::civil::Date;
use std::cmp::Ordering;

/// The patient of a delivery: what there is of an identity, which may be less than is needed to register somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveredPatient {
    /// BSN, checked.
    pub bsn: Bsn,
    /// Name.
    pub name: Name,
    /// Date of birth, where given.
    pub birth_date: Option<FhirDateTime>,
    /// Sex for administration.
    pub gender: Option<Gender>,
    /// Address.
    pub address: Option<Address>,
    /// Telephone numbers.
    pub telephones: Vec<Telephone>,
    /// E-mail addresses.
    pub emails: Vec<Email>,
    /// Day of death.
    pub died_on: Option<Date>,
    /// Where the Patient stands in the Bundle: `Bundle.entry[0].resource`.
    pub path: String,
}

impl DeliveredPatient {
    /// The identity to register, where the patient is not known yet (decision 32: one that is known is not overwritten).
    ///
    /// # Errors
    /// What is missing for that: a surname or a date of birth.
    pub fn to_register(&self) -> Result<Patient, Problem> {
        let missing = |element: &str, text: &str| {
            Problem::new(Severity::Error, IssueType::Required, format!("{}.{element}", self.path), text)
        };
        if self.name.family_used().trim().is_empty() {
            return Err(missing(
                "name",
                "De achternaam ontbreekt. Zonder achternaam kan een patiënt niet worden ingeschreven.",
            ));
        }
        let text = "De geboortedatum ontbreekt. Zonder geboortedatum kan een patiënt niet worden ingeschreven.";
        let birth_date = self.birth_date.clone().ok_or_else(|| missing("birthDate", text))?;
        Ok(Patient {
            bsn: self.bsn.clone(),
            name: self.name.clone(),
            birth_date,
            gender: self.gender,
            address: self.address.clone(),
            telephones: self.telephones.clone(),
            emails: self.emails.clone(),
            living: None,
            general_practitioner: None,
            insurer: None,
            died_on: self.died_on,
        })
    }

    /// What differs from the patient who is known by this BSN: another date of birth has the delivery refused, another
    /// spelling of the name is a warning (decision 32).
    pub fn differs_from(&self, known: &Patient) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.birth_date.as_ref().is_some_and(|date| date.cmp_common(&known.birth_date) != Ordering::Equal) {
            let text =
                "De geboortedatum is een andere dan die bij dit BSN bekend is. Controleer of het om deze patiënt gaat.";
            problems.push(Problem::new(
                Severity::Error,
                IssueType::BusinessRule,
                format!("{}.birthDate", self.path),
                text,
            ));
        }
        let surnames = |name: &Name| {
            let both = [&name.family, &name.partner_family].into_iter().flatten().map(|n| normalise_family(n));
            both.filter(|n| !n.is_empty()).collect::<Vec<_>>()
        };
        let (here, there) = (surnames(&known.name), surnames(&self.name));
        if !there.is_empty() && !there.iter().any(|n| here.contains(n)) {
            let text =
                "De achternaam is anders geschreven dan die bij dit BSN bekend is. De bekende naam blijft staan.";
            problems.push(Problem::new(
                Severity::Warning,
                IssueType::BusinessRule,
                format!("{}.name", self.path),
                text,
            ));
        }
        problems
    }
}

/// Takes the patient. `Patient.contact` that points at a contact person of the delivery is a copy of it.
pub(super) fn take(reading: &Reading<'_, '_>) -> DeliveredPatient {
    let entry = &reading.index.entries[reading.index.patient];
    let node = &entry.node;
    let (telephones, emails) = telecom::take(node);
    let exact = node.get("_gender").and_then(|beside| {
        let specification = extension::all(&beside, extension::CODE_SPECIFICATION).into_iter().next()?;
        let gender = codeable::take_member::<Gender>(&specification.get("valueCodeableConcept")?)?;
        specification.text("url");
        Some(gender)
    });
    let gender = exact.or(match node.peek("gender") {
        Some("male") => Some(Gender::Male),
        Some("female") => Some(Gender::Female),
        Some("other") => Some(Gender::Undifferentiated),
        Some("unknown") => Some(Gender::Unknown),
        _ => None,
    });
    node.text("gender");
    let died_on = node.date("deceasedDateTime").and_then(|d| d.day());
    for element in ["deceasedBoolean", "active"] {
        // Alive and in use is what is taken for granted.
        if node.get(element).is_some_and(|n| n.value.as_bool() == Some(element == "active")) {
            node.boolean(element);
        }
    }
    for contact in node.each("contact") {
        let is_copy = contact
            .each("extension")
            .iter()
            .any(|e| e.get("valueReference").is_some_and(|r| reading.target(entry, &r).is_some()));
        if is_copy {
            contact.take();
        }
    }
    DeliveredPatient {
        bsn: reading.index.bsn.clone(),
        name: name::take(node, name::Of::Person),
        birth_date: node.date("birthDate"),
        gender,
        address: address::take(node),
        telephones,
        emails,
        died_on,
        path: node.path.to_string(),
    }
}
