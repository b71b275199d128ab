//! What this server says of itself, made from the tables that the code runs on: CapabilityStatement, Questionnaire, each ValueSet
//! and each SearchParameter (DESIGN section 4, decision 37).

mod capability;
mod questionnaire;
mod search_parameters;
mod sets;
mod value_sets;

pub use capability::{About, capability_statement, profiles};
pub use questionnaire::{questionnaire, questionnaire_canonical};
pub use search_parameters::search_parameters;
pub use sets::{CodeList, Concept, GUIDE, GUIDE_VERSION, Part, Scope, list_by_id, list_by_url, lists};
pub use value_sets::{expand, operation_params, value_set, value_sets};

use super::ResourceType;
use serde_json::Value;

/// The resources of a type that describe this server; empty for types about patients. What [`super::search`] searches.
pub fn resources(kind: ResourceType, about: &About<'_>) -> Vec<Value> {
    match kind {
        ResourceType::CapabilityStatement => vec![capability_statement(about)],
        ResourceType::Questionnaire => vec![questionnaire(about.base)],
        ResourceType::ValueSet => value_sets(),
        ResourceType::SearchParameter => search_parameters(about.base),
        _ => Vec::new(),
    }
}

/// One of them by its logical id.
pub fn resource(kind: ResourceType, id: &str, about: &About<'_>) -> Option<Value> {
    match kind {
        ResourceType::ValueSet => list_by_id(id).map(value_set),
        _ => resources(kind, about).into_iter().find(|resource| resource.get("id").and_then(Value::as_str) == Some(id)),
    }
}

#[cfg(test)]
mod tests;
