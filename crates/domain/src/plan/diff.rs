//! What changed between two plans, by topic, in clinical order.
//!
//! The order is that of [`words::topics`]: the form's, with life wishes behind 5a and other agreements behind 6.

mod sentences;
mod topics;

use super::{Content, TopicId};
use crate::words::{self, Said, in_text, join};
use sentences::Told;

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
    /// The explanation that stood with it, to the letter.
    pub comment_before: Option<String>,
    /// The explanation that stands with it, to the letter.
    pub comment_after: Option<String>,
    /// One Dutch sentence that tells the change.
    pub sentence: String,
}

/// The changes from `a` to `b`. A topic may change twice: what counts, and what is proposed beside it.
pub fn diff(a: &Content, b: &Content) -> Vec<Change> {
    let both = Both { a, b };
    words::topics_of_both(a, b)
        .into_iter()
        .flat_map(|topic| match topic {
            TopicId::Capacity => topics::capacity(both).into_iter().collect(),
            TopicId::EarlierRecorded => topics::earlier(both).into_iter().collect(),
            _ => both.changes(topic),
        })
        .collect()
}

/// The plan before and after.
#[derive(Clone, Copy)]
struct Both<'a> {
    a: &'a Content,
    b: &'a Content,
}

impl Both<'_> {
    fn changes(self, topic: TopicId) -> Vec<Change> {
        let (old, new) = (words::said(self.a, topic), words::said(self.b, topic));
        let (open, now_open) = (words::proposed(self.a, topic), words::proposed(self.b, topic));
        let still_open = open.as_ref().is_some_and(|o| now_open.as_ref().is_some_and(|n| n.value == o.value));
        // The version tells a proposal that was set from one that was rejected in favour of the same words.
        let is_new = |n: &Said| old.as_ref().is_none_or(|o| o.version != n.version);
        let says_now = |o: &Said| new.as_ref().is_some_and(|n| n.value == o.value && is_new(n));
        let was_set = !still_open && open.as_ref().is_some_and(says_now);

        let mut changes = Vec::new();
        let kind = match (&old, &new) {
            (_, Some(_)) if was_set => Some(ChangeKind::Set),
            (old, new) => change_of(topic, old.as_ref(), new.as_ref()),
        };
        if let Some(kind) = kind {
            let told = Told { both: self, topic, kind, before: old.as_ref(), after: new.as_ref() };
            changes.push(told.change());
        }
        let kind = match (&open, &now_open) {
            (Some(_), None) if !was_set => Some(ChangeKind::ProposalEnded),
            (Some(o), Some(n)) if still_open => (o.comment != n.comment).then_some(ChangeKind::Wording),
            (_, Some(_)) => Some(ChangeKind::Proposed),
            _ => None,
        };
        if let Some(kind) = kind {
            let before = if kind == ChangeKind::Proposed { new.as_ref() } else { open.as_ref() };
            changes.push(Told { both: self, topic, kind, before, after: now_open.as_ref() }.proposal());
        }
        changes
    }
}

/// How what counts changed; `None` where it says the same.
fn change_of(topic: TopicId, old: Option<&Said>, new: Option<&Said>) -> Option<ChangeKind> {
    // The form has 'niet besproken' as an answer of its own to 4i; it is still not a discussion.
    let discussed = |s: &&Said| s.value != words::NOT_DISCUSSED;
    match (old.filter(discussed), new.filter(discussed)) {
        (None, None) => match (old, new) {
            (None, Some(_)) => Some(ChangeKind::Wording),
            (Some(o), Some(n)) => (o.comment != n.comment).then_some(ChangeKind::Wording),
            _ => None,
        },
        (None, Some(_)) => Some(ChangeKind::Added),
        (Some(_), None) if new.is_some() => Some(ChangeKind::Changed),
        (Some(_), None) => Some(ChangeKind::Removed),
        (Some(o), Some(n)) if !alike(&o.value, &n.value) => Some(ChangeKind::Changed),
        (Some(o), Some(n)) if o.comment != n.comment && sentences::is_agreed_in_comment(topic) => {
            Some(ChangeKind::Changed)
        }
        (Some(o), Some(n)) => (o.value != n.value || o.comment != n.comment).then_some(ChangeKind::Wording),
    }
}

/// Do two texts differ in no more than capitals, blanks and punctuation?
pub(crate) fn alike(a: &str, b: &str) -> bool {
    let plain = |t: &str| -> Vec<String> {
        t.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
    };
    plain(a) == plain(b)
}

/// One sentence that sums the changes up, for the list of versions.
pub fn summary(changes: &[Change]) -> String {
    let of = |kind: ChangeKind| -> Vec<TopicId> {
        changes.iter().filter(|c| c.kind == kind && c.topic != TopicId::Attendance).map(|c| c.topic).collect()
    };
    let mut parts: Vec<String> = Vec::new();
    let differing = of(ChangeKind::Changed);
    if !differing.is_empty() {
        let n = words::counted(differing.len(), "onderwerp", "onderwerpen");
        parts.push(format!("{n} gewijzigd: {}", names(&differing)));
    }
    let mut part = |topics: Vec<TopicId>, tell: &dyn Fn(String) -> String| {
        if !topics.is_empty() {
            parts.push(tell(names(&topics)));
        }
    };
    part(of(ChangeKind::Set), &|n| format!("{n} medisch vastgesteld"));
    let added = of(ChangeKind::Added);
    let many = added.len();
    part(added, &|n| match many {
        ..=4 => format!("{n} voor het eerst besproken"),
        _ => format!("{many} onderwerpen voor het eerst besproken"),
    });
    let removed = of(ChangeKind::Removed);
    let tell = if removed.len() == 1 { "telt niet meer" } else { "tellen niet meer" };
    part(removed, &|n| format!("{n} {tell}"));
    part(of(ChangeKind::Proposed), &|n| format!("voorgesteld, nog niet vastgesteld: {n}"));
    part(of(ChangeKind::ProposalEnded), &|n| format!("voorstel vervallen: {n}"));
    part(of(ChangeKind::Wording), &|n| format!("alleen tekst aangepast: {n}"));
    // Who was there differs with each conversation: worth a word only where nothing else is.
    if parts.is_empty() && !changes.is_empty() {
        parts.push("alleen wie bij het gesprek aanwezig waren is anders".to_owned());
    }
    if parts.is_empty() { "Niets gewijzigd.".to_owned() } else { format!("{}.", words::capitalised(&parts.join("; "))) }
}

/// `reanimatie, beademing en 2 levenswensen`.
fn names(topics: &[TopicId]) -> String {
    let wishes = topics.iter().filter(|t| matches!(t, TopicId::LifeWish(_))).count();
    let agreements = topics.iter().filter(|t| matches!(t, TopicId::Agreement(_))).count();
    let mut words: Vec<String> = Vec::new();
    for topic in topics {
        let name = match topic {
            TopicId::LifeWish(_) if wishes > 1 => format!("{wishes} levenswensen"),
            TopicId::Agreement(_) if agreements > 1 => format!("{agreements} andere afspraken"),
            topic => in_text(*topic),
        };
        if !words.contains(&name) {
            words.push(name);
        }
    }
    join(&words)
}

#[cfg(test)]
mod tests;
