//! What changed between two plans, by topic, in clinical order.

use super::{Content, TopicId};

/// How a topic changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// Said for the first time.
    Added,
    /// Says something else.
    Changed,
    /// Only the wording or explanation differs.
    Wording,
    /// No longer counts.
    Removed,
    /// Proposed, not yet set.
    Proposed,
    /// A proposal was set medically.
    Set,
    /// A proposal was rejected or overtaken.
    ProposalEnded,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which topic.
    pub topic: TopicId,
    /// How.
    pub kind: ChangeKind,
    /// What it said, in Dutch.
    pub before: Option<String>,
    /// What it says, in Dutch.
    pub after: Option<String>,
    /// One Dutch sentence that tells the change.
    pub sentence: String,
}

/// The changes from `a` to `b`.
pub fn diff(_a: &Content, _b: &Content) -> Vec<Change> {
    Vec::new()
}

/// One sentence that sums the changes up.
pub fn summary(_changes: &[Change]) -> String {
    String::new()
}
