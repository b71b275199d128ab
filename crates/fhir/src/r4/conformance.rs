//! What this server says of itself, made from the tables that the code runs on: CapabilityStatement, Questionnaire, ValueSets and
//! SearchParameters (DESIGN section 4, decision 37).

mod sets;

pub use sets::{CodeList, Concept, GUIDE, GUIDE_VERSION, Part, Scope, list_by_id, list_by_url, lists};
