//! What is open in a plan, and what makes it doubtful.

use super::{Content, TopicId};
use crate::date::FhirDateTime;

/// A reason to doubt a plan, with the sentence that tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// The topic, where it is about one.
    pub topic: Option<TopicId>,
    /// Dutch sentence.
    pub sentence: String,
    /// Since when, where known.
    pub since: Option<FhirDateTime>,
}

/// The limits that wait for a doctor.
pub fn open_proposals(_content: &Content) -> Vec<TopicId> {
    Vec::new()
}

/// What makes the plan doubtful.
pub fn doubts(_content: &Content) -> Vec<Doubt> {
    Vec::new()
}
