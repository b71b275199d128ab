//! Asking another source for its plan, as the standard has it (SPEC sections 4 and 8): which requests there are, and a plan
//! out of what came.
//!
//! A delivery is refused whole for one mistake (decision 31). Whoever consults has to make do with gaps (SPEC section 1): what
//! cannot be read is left out, counted, and told. What is about another patient is never looked at.

mod gathered;
mod read;

pub use gathered::Gathered;
pub use read::{Asked, Ctx, Identity, Read, identity};

use crate::format::Version;
use crate::r4::search::is_id;
use crate::standard;
use domain::ident::Bsn;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// Which of the standard's two groups of transactions a source offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Separate building blocks.
    Blocks,
    /// The form as a QuestionnaireResponse.
    Form,
}

/// The search for a patient by BSN: the path behind the base, and the body to post, so that no address holds the BSN.
pub fn find_patient(bsn: &Bsn) -> (&'static str, String) {
    let token = format!("{}|{}", Bsn::SYSTEM, bsn.as_str());
    ("Patient/_search", format!("identifier={}", utf8_percent_encode(&token, NON_ALPHANUMERIC)))
}

/// The standard's requests for one patient, each as path and query behind the base. `patient` is the logical id that the
/// source gave.
pub fn searches(version: Version, group: Group, patient: &str) -> Vec<String> {
    match group {
        Group::Form => vec![standard::form(version).query(patient)],
        Group::Blocks => standard::blocks(version).iter().map(|asked| asked.query(patient)).collect(),
    }
}

/// Is this the answer to a search?
pub fn is_answer(value: &Value) -> bool {
    value["resourceType"] == "Bundle" && value["type"] == "searchset"
}

/// Where the rest of an answer is.
pub fn next(bundle: &Value) -> Option<&str> {
    bundle["link"].as_array()?.iter().find(|link| link["relation"] == "next")?["url"].as_str()
}

/// The patients of an answer: those with a logical id that one can ask by.
pub fn patients(bundle: &Value) -> Vec<&Value> {
    let entries = bundle["entry"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_patient = |r: &&Value| r["resourceType"] == "Patient" && r["id"].as_str().is_some_and(is_id);
    entries.iter().map(|e| &e["resource"]).filter(is_patient).collect()
}

#[cfg(test)]
mod tests;
