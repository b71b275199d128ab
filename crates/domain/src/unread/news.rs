//! What is told of a change: the sentences of the comparison, those that count in an emergency first.

use super::counts_in_emergency;
use crate::plan::{Change, ChangeKind, TopicId};
use crate::words;

/// Sentences told at once; the comparison has all.
pub const SHOWN: usize = 3;

/// A change in a few sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// The weightiest, in clinical order.
    pub sentences: Vec<String>,
    /// How many more topics changed.
    pub more: usize,
}

impl News {
    /// As one text: `Reanimatie: van … naar …. En nog 2 onderwerpen.`
    pub fn text(&self) -> String {
        let rest =
            (self.more > 0).then(|| format!("En nog {}.", words::counted(self.more, "onderwerp", "onderwerpen")));
        let all: Vec<&str> = self.sentences.iter().map(String::as_str).chain(rest.as_deref()).collect();
        all.join(" ")
    }
}

/// Tells changes: emergency limits first, another wording last; who was there only where nothing else is. Nothing
/// changed is worth a sentence too: somebody confirmed the plan.
pub fn news(changes: &[Change]) -> News {
    let weight = |c: &&Change| match (c.kind, c.topic) {
        (_, TopicId::Attendance) => 3,
        (ChangeKind::Wording, _) => 2,
        (_, topic) => u8::from(!counts_in_emergency(topic)),
    };
    let mut told: Vec<&Change> = changes.iter().collect();
    if told.iter().any(|c| c.topic != TopicId::Attendance) {
        told.retain(|c| c.topic != TopicId::Attendance);
    }
    // Stable: the clinical order stays within each weight.
    told.sort_by_key(weight);
    let mut sentences: Vec<String> = told.iter().take(SHOWN).map(|c| c.sentence.clone()).collect();
    if sentences.is_empty() {
        sentences.push("Opnieuw besproken; de afspraken zijn gelijk gebleven.".to_owned());
    }
    News { sentences, more: told.len().saturating_sub(SHOWN) }
}
