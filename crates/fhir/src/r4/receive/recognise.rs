//! Which profile a resource is meant to follow: the one it names, else the one its content speaks of.

use super::rules::{Held, PROFILES, Profile, profile};
use crate::r4::ResourceType;
use crate::r4::parts::codeable;
use crate::r4::project::{ADVANCE_CARE_PLANNING, OBSERVATIONS};
use domain::code::{CodeSet, IcdType, PolicyGoal, ProcedureType, system};
use serde_json::Value;

/// How a profile was found.
#[derive(Clone, Copy)]
pub(super) enum Found {
    /// The resource names it.
    Named(&'static Profile),
    /// Its content speaks of it.
    ByContent(&'static Profile),
    /// It names a profile of another type.
    OfAnotherType,
    /// Nothing that the plan holds.
    Unknown,
}

/// Finds the profile of a resource.
pub(super) fn recognise(resource: &Value) -> Found {
    let kind = resource.get("resourceType").and_then(Value::as_str).unwrap_or_default();
    let named = named_profiles(resource).find_map(|name| PROFILES.iter().find(|p| p.name == name));
    match named {
        Some(profile) if profile.kind.as_str() == kind => Found::Named(profile),
        Some(_) => Found::OfAnotherType,
        None => kind
            .parse()
            .ok()
            .and_then(|kind| by_content(resource, kind))
            .and_then(profile)
            .map_or(Found::Unknown, Found::ByContent),
    }
}

/// The ends of the canonicals in `meta.profile`: the base moved between versions of the guide (SPEC section 0).
fn named_profiles(resource: &Value) -> impl Iterator<Item = &str> {
    let list = resource.pointer("/meta/profile").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Value::as_str).filter_map(|canonical| {
        let canonical = canonical.split('|').next()?;
        let ours = canonical.starts_with("https://api.iknl.nl/docs/pzp/")
            || canonical.starts_with("https://fhir.iknl.nl/fhir/");
        canonical.rsplit('/').next().filter(|_| ours)
    })
}

fn by_content(resource: &Value, kind: ResourceType) -> Option<Held> {
    use ResourceType as R;
    let has = |element: &str, system: &str, code: &str| match resource.get(element) {
        Some(Value::Array(list)) => list.iter().any(|c| codeable::has(c, system, code)),
        Some(one) => codeable::has(one, system, code),
        None => false,
    };
    let known = |element: &str, of: fn(&domain::code::Coding) -> bool| {
        resource.get(element).is_some_and(|c| codeable::codings(c).iter().any(of))
    };
    match kind {
        R::Patient => Some(Held::Patient),
        R::RelatedPerson => Some(Held::ContactPerson),
        R::Practitioner => Some(Held::Practitioner),
        R::PractitionerRole => Some(Held::PractitionerRole),
        R::Encounter => Some(Held::Encounter),
        R::Procedure => known("code", |c| ProcedureType::of(c).is_some()).then_some(Held::Procedure),
        R::Consent => {
            let scope = |code| has("scope", "http://terminology.hl7.org/CodeSystem/consentscope", code);
            if scope("treatment") || has("category", system::SNOMED, "129125009") {
                Some(Held::TreatmentDirective)
            } else {
                let directive = scope("adr")
                    || has("category", "http://terminology.hl7.org/CodeSystem/consentcategorycodes", "acd");
                directive.then_some(Held::AdvanceDirective)
            }
        }
        R::Goal => {
            let goal = has("category", system::SNOMED, ADVANCE_CARE_PLANNING)
                || known("description", |c| PolicyGoal::of(c).is_some());
            goal.then_some(Held::Goal)
        }
        R::Observation => {
            OBSERVATIONS.iter().find(|o| has("code", system::SNOMED, o.code.0)).map(|o| Held::Observation(o.subject))
        }
        R::DeviceUseStatement => Some(Held::DeviceUse),
        R::Device => known("type", |c| IcdType::of(c).is_some()).then_some(Held::Device),
        R::CommunicationRequest => has("category", system::SNOMED, "223449006").then_some(Held::Inform),
        R::QuestionnaireResponse => Some(Held::Form),
        R::Communication | R::Questionnaire | R::ValueSet | R::SearchParameter | R::CapabilityStatement => None,
    }
}
