//! Which patient a search is about.

use super::Options;
use super::filter::Test;
use super::value::{System, Target, Token, alternatives};
use crate::format::{IssueType, Problem, Severity};
use domain::date::FhirDateTime;
use domain::ident::{Bsn, PatientId};

/// The patient whose resources are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatientSelector {
    /// None is named.
    Unnamed,
    /// By logical id.
    Id(PatientId),
    /// By citizen service number.
    Bsn(Bsn),
    /// By birth date and surname: only in a search for patients. The caller finds the candidates; prefix, case and diacritics of the
    /// surname do not matter (decision 74).
    Named {
        /// A whole day.
        birth_date: FhirDateTime,
        /// Surname as written.
        family: String,
    },
    /// Somebody who cannot be a patient of this server: another server's reference, an id that is none of ours, two patients at once.
    Nobody,
}

/// The BSN's other name.
const BSN_OID: &str = "urn:oid:2.16.840.1.113883.2.4.6.3";

impl PatientSelector {
    /// Reads the value of `patient` and the like.
    pub(super) fn of_reference(name: &str, value: &str, options: &Options<'_>) -> Result<Self, Problem> {
        let [one] = alternatives(value)[..] else { return Err(one_patient(name)) };
        match Target::parse(one, options.base) {
            Some(Target::Here { kind, id }) if kind.as_deref().is_none_or(|kind| kind == "Patient") => {
                Ok(PatientId::parse(&id).map_or(Self::Nobody, Self::Id))
            }
            Some(_) => Ok(Self::Nobody),
            None => Err(wrong(name, "Dit is geen verwijzing naar een patiënt. Gebruik Patient/[id].")),
        }
    }

    /// Reads the value of `patient.identifier`, or of a patient's `identifier`.
    pub(super) fn of_identifier(name: &str, value: &str) -> Result<Self, Problem> {
        let [one] = alternatives(value)[..] else { return Err(one_patient(name)) };
        let Some(Token { system, code: Some(code) }) = Token::parse(one) else {
            return Err(wrong(name, "Geef het nummer met zijn systeem: http://fhir.nl/fhir/NamingSystem/bsn|[BSN]."));
        };
        match system {
            System::Is(system) if system == Bsn::SYSTEM || system == BSN_OID => {
                Bsn::parse(&code).map(Self::Bsn).map_err(|invalid| wrong(name, invalid.0))
            }
            System::Any => Ok(Bsn::parse(&code).map_or(Self::Nobody, Self::Bsn)),
            System::Is(_) | System::Without => Ok(Self::Nobody),
        }
    }

    /// The patient whose resources have these ids: each begins with the patient's.
    pub(super) fn of_ids(tokens: &[Token]) -> Option<PatientId> {
        one_of(tokens.iter().map(|token| of_resource_id(token.code.as_deref()?)))
    }

    /// The patient whose resources the references of a condition belong to.
    pub(super) fn of_test(test: &Test) -> Option<PatientId> {
        let Test::References(targets) = test else { return None };
        one_of(targets.iter().map(|target| match target {
            Target::Here { id, .. } => of_resource_id(id),
            Target::Elsewhere(_) => None,
        }))
    }
}

/// The patient, where all say the same one.
fn one_of(mut patients: impl Iterator<Item = Option<PatientId>>) -> Option<PatientId> {
    let first = patients.next()??;
    patients.all(|other| other.as_ref() == Some(&first)).then_some(first)
}

/// A resource's id begins with that of its patient: `{patient}` or `{patient}-{local}`.
fn of_resource_id(id: &str) -> Option<PatientId> {
    PatientId::parse(id.split_once('-').map_or(id, |(patient, _)| patient)).ok()
}

fn one_patient(name: &str) -> Problem {
    let text = "Een zoekvraag gaat over één patiënt. Stel per patiënt een eigen vraag.";
    Problem::new(Severity::Error, IssueType::NotSupported, format!("http.{name}"), text)
}

fn wrong(name: &str, text: &str) -> Problem {
    Problem::new(Severity::Error, IssueType::Value, format!("http.{name}"), text)
}
