//! The plan as building blocks: every profile of the standard (SPEC section 2), one file per group of resources.
//!
//! A resource's place in the plan is its id ([`super::id`]), so that it stays through every version. What is told is what
//! counts now, with a proposal beside it as a resource of its own (decision 1); what was said before is in [`filed`].

mod communication;
mod conversation;
mod device;
mod directive;
mod document;
mod goal;
mod observation;
mod patient;
mod people;

use super::id::{Local, Standing, Subject};
use super::parts::meta::Edition;
use super::{ResourceType, View};
use domain::plan::{Filed, Statement, Topic, Why};
use serde_json::Value;
use std::collections::BTreeMap;

pub(super) use conversation::took_part;
pub(super) use device::UDI;
pub(crate) use directive::{ICD_OFF_TEXT, NO_DECISION_YET, NOT_DISCUSSED, UNKNOWN_TEXT};
pub(super) use directive::{OTHER_LIMITS_TEXT, other_texts};
pub(super) use observation::KINDS as OBSERVATIONS;
pub(super) use people::{FIRST_CONTACT_BY_PLAN, REPRESENTATIVE_BY_PLAN};

/// Text of `Device.type` where the kind of ICD is not known, so that reading it back gives no kind (decision 35).
pub(super) const ICD_KIND_NOT_SAID: &str = "ICD, soort niet opgegeven";
/// The act of every conversation, and the category of the goal: advance care planning.
pub(super) const ADVANCE_CARE_PLANNING: &str = "713603004";

/// Every resource of a type that counts now, with open proposals as resources of their own.
///
/// The form ([`ResourceType::QuestionnaireResponse`]) is made elsewhere, a version at a time; for it, and for a type
/// that is not about a patient, there is nothing here.
pub fn resources(view: &View<'_>, kind: ResourceType) -> Vec<Value> {
    locals(view, kind).into_iter().filter_map(|local| current(view, kind, local)).collect()
}

/// The resource at a place (the local part of its id). Where nothing counts there any more, what was filed last is
/// given, with the status that says so: a reference to it still leads somewhere.
pub fn resource(view: &View<'_>, kind: ResourceType, local: &str) -> Option<Value> {
    let local = Local::parse(local).filter(|l| l.is_of(kind))?;
    current(view, kind, local).or_else(|| earlier(view, local).pop())
}

/// The earlier statements at a place, oldest first: `_history` beside what counts (decision 9). Each has the version
/// that filed it and its number there as `versionId`, and never the status of something in force.
pub fn filed(view: &View<'_>, local: &str) -> Vec<Value> {
    Local::parse(local).map(|local| earlier(view, local)).unwrap_or_default()
}

/// The places of a type at which something may stand now, in clinical order.
fn locals(view: &View<'_>, kind: ResourceType) -> Vec<Local> {
    use ResourceType as R;
    let Some(content) = view.content() else {
        return if kind == R::Patient { vec![Local::Patient] } else { Vec::new() };
    };
    let topics = |subjects: &[Subject]| subjects.iter().map(|s| Local::of(*s)).collect();
    match kind {
        R::Patient => vec![Local::Patient],
        R::RelatedPerson => content.people.iter().map(|p| Local::Person(p.key)).collect(),
        R::Practitioner | R::PractitionerRole => {
            content.professionals.iter().map(|p| Local::Professional(p.key)).collect()
        }
        R::Encounter => content.conversations.iter().map(|c| Local::Encounter(c.key)).collect(),
        R::Procedure => content.conversations.iter().map(|c| Local::Procedure(c.key)).collect(),
        R::Consent => directive::locals(content).into_iter().chain(document::locals(content)).collect(),
        R::Goal => vec![Local::of(Subject::Goal), Local::Topic(Subject::Goal, Standing::Proposed)],
        R::Observation => topics(&observation::SUBJECTS),
        R::DeviceUseStatement => topics(&[Subject::Icd]),
        R::Device => topics(&[Subject::IcdDevice]),
        R::CommunicationRequest => topics(&[Subject::Inform]),
        R::Communication
        | R::QuestionnaireResponse
        | R::Questionnaire
        | R::ValueSet
        | R::SearchParameter
        | R::CapabilityStatement => Vec::new(),
    }
}

fn current(view: &View<'_>, kind: ResourceType, local: Local) -> Option<Value> {
    match local {
        Local::Patient => Some(patient::write(view)),
        Local::Person(key) => people::contact_person(view, key),
        Local::Professional(key) if kind == ResourceType::Practitioner => people::practitioner(view, key),
        Local::Professional(key) => people::practitioner_role(view, key),
        Local::Encounter(key) => conversation::encounter(view, key),
        Local::Procedure(key) => conversation::procedure(view, key),
        Local::Document(key) => document::current(view, key),
        Local::Form(_) => None,
        Local::Topic(subject, standing) => match subject {
            Subject::Goal => goal::current(view, standing),
            Subject::Treatment(treatment) => directive::current(view, treatment, standing),
            Subject::Other(n) => directive::other(view, n, standing),
            Subject::Icd => device::statement(view),
            Subject::IcdDevice => device::device(view),
            Subject::Earlier => document::earlier_recorded(view),
            Subject::Inform => communication::write(view),
            of_observation => observation::current(view, of_observation),
        },
    }
}

fn earlier(view: &View<'_>, local: Local) -> Vec<Value> {
    match local {
        Local::Document(key) => document::earlier(view, key),
        Local::Topic(subject, Standing::Current) => match subject {
            Subject::Goal => goal::earlier(view),
            Subject::Treatment(treatment) => directive::earlier(view, treatment),
            Subject::Other(n) => directive::earlier_other(view, n),
            Subject::Icd => device::earlier(view),
            Subject::Inform => communication::earlier(view),
            Subject::IcdDevice | Subject::Earlier => Vec::new(),
            of_observation => observation::earlier(view, of_observation),
        },
        _ => Vec::new(),
    }
}

/// Which version of its resource a statement is.
fn edition<T>(statement: &Statement<T>) -> Edition {
    Edition { version: statement.origin.version, at: statement.origin.recorded_at }
}

/// How a statement is told: as what counts, as a proposal, or as one that was filed.
#[derive(Debug, Clone, Copy)]
enum Told<'a> {
    Now,
    Proposed,
    Filed { why: &'a Why, edition: Edition, n: u32 },
}

impl Told<'_> {
    fn history(self) -> Option<u32> {
        match self {
            Self::Filed { n, .. } => Some(n),
            _ => None,
        }
    }

    fn edition<T>(self, statement: &Statement<T>) -> Edition {
        match self {
            Self::Filed { edition, .. } => edition,
            _ => edition(statement),
        }
    }
}

/// The filed statements of a topic with how each is told: numbered within the version that filed it.
fn filed_of<'a, T>(view: &View<'_>, topic: &'a Topic<T>) -> Vec<(&'a Statement<T>, Told<'a>)> {
    let mut counted: BTreeMap<u32, u32> = BTreeMap::new();
    let tell = |filed: &'a Filed<T>| {
        let n = counted.entry(filed.filed_in).and_modify(|n| *n += 1).or_insert(1);
        let edition = Edition { version: filed.filed_in, at: view.recorded_at(filed.filed_in) };
        (&filed.statement, Told::Filed { why: &filed.why, edition, n: *n })
    };
    topic.filed.iter().map(tell).collect()
}

#[cfg(test)]
pub(super) mod samples;
#[cfg(test)]
mod tests;
