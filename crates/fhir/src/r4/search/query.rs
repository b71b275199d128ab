//! A search that was understood, and what it selects.

use super::filter::{Around, Filter};
use super::include::{Include, included};
use super::page::Place;
use super::result::{Form, Order, sort};
use super::selector::PatientSelector;
use super::subset::subset;
use crate::format::{IssueType, Problem, Severity, Version};
use crate::r4::ResourceType;
use serde_json::Value;

/// A search.
#[derive(Clone, Debug)]
pub struct Query {
    pub(super) base: String,
    pub(super) version: Version,
    pub(super) patient: PatientSelector,
    pub(super) filters: Vec<Filter>,
    pub(super) includes: Vec<Include>,
    pub(super) order: Vec<Order>,
    pub(super) form: Form,
    pub(super) count: usize,
    pub(super) offset: usize,
    pub(super) total: bool,
    /// Parameters that were used, as they may stand in a link.
    pub(super) used: Vec<(String, String)>,
    /// Parameters about how the answer is written.
    pub(super) around: Vec<(String, String)>,
    /// The search as the client asked it, for the page token.
    pub(super) place: Place,
    pub(super) ignored: Vec<Problem>,
}

/// Why a resource is in the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It matches.
    Match,
    /// A match refers to it.
    Include,
}

/// A resource in the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The resource, or the part that was asked for.
    pub resource: Value,
    /// Why it is there.
    pub mode: Mode,
}

/// One page of the answer.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Page {
    /// How many match, on all pages.
    pub total: usize,
    /// The matches of this page, then what they refer to.
    pub entries: Vec<Entry>,
    /// Matches before the next page; absent on the last.
    pub(super) next: Option<usize>,
}

impl Page {
    /// Are there more matches after this page?
    pub fn has_next(&self) -> bool {
        self.next.is_some()
    }
}

impl Query {
    /// The type searched.
    pub fn kind(&self) -> ResourceType {
        self.place.kind
    }

    /// The version of FHIR in which it was asked.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Whose resources are asked for.
    pub fn patient(&self) -> &PatientSelector {
        &self.patient
    }

    /// What was not known and left aside ([`super::Handling::Lenient`]).
    pub fn ignored(&self) -> &[Problem] {
        &self.ignored
    }

    /// What to tell a client whose search names no patient where it has to.
    pub fn lacks_patient(&self) -> Option<Problem> {
        let text = match self.kind() {
            kind if !kind.is_of_patient() || self.patient != PatientSelector::Unnamed => return None,
            ResourceType::Patient => {
                "Zoek een patiënt met identifier (BSN), met birthdate (een hele dag) en family samen, of met _id."
            }
            ResourceType::Practitioner | ResourceType::PractitionerRole => {
                "Vraag een zorgverlener op met _id, uit de verwijzing in een plan."
            }
            _ => "Noem de patiënt: patient=Patient/[id], of patient.identifier met het BSN.",
        };
        Some(Problem::new(Severity::Error, IssueType::Required, "http.patient", text))
    }

    /// The page of resources that match, with what they refer to.
    ///
    /// `project` gives the resources of a type, of the patient named or of the server; it is called once, for the type searched.
    /// `resolve` gives the resource that a reference `Type/id` points at, for chains and includes.
    pub fn select(
        &self,
        project: &dyn Fn(ResourceType) -> Vec<Value>,
        resolve: &dyn Fn(&str) -> Option<Value>,
    ) -> Page {
        let around = Around { base: &self.base, resolve };
        let mut matches = if self.patient == PatientSelector::Nobody { Vec::new() } else { project(self.kind()) };
        matches.retain(|resource| self.filters.iter().all(|filter| filter.keeps(resource, &around)));
        let total = matches.len();
        if self.form == Form::Count {
            return Page { total, entries: Vec::new(), next: None };
        }
        let mut matches = sort(matches, &self.order);
        let end = self.offset.saturating_add(self.count);
        let next = (end < total).then_some(end);
        matches.truncate(end);
        matches.drain(..self.offset.min(matches.len()));
        let beside = included(&matches, &self.includes, (self.version, &self.base), resolve);
        let entry = |mode| move |resource| Entry { resource: subset(self.version, resource, &self.form), mode };
        let mut entries: Vec<Entry> = matches.into_iter().map(entry(Mode::Match)).collect();
        entries.extend(beside.into_iter().map(entry(Mode::Include)));
        Page { total, entries, next }
    }
}
