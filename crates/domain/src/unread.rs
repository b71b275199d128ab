//! Telling people that a plan changed (PROCESS D4): who is told, what they are told, and who has not looked yet.
//!
//! Told is who is in the team by name, who leads, and whoever acts for an organisation of the team and has opened the
//! plan before. An organisation as such is not told: a hospital of thousands would be told of each plan, and then nobody
//! reads. Whoever opened it there has the patient in hand; whoever did not reads the newest version anyway.

mod news;

pub use news::{News, SHOWN, news};

use crate::access::{Own, Permit};
use crate::code::YesNoUnknown;
use crate::ident::PersonId;
use crate::plan::{Content, Decision, Directive, OtherLimits, Topic, TopicId, Treatment};
use crate::role::Reads;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// Who has not seen a change after this long is named to the lead.
pub const LATE: SignedDuration = SignedDuration::from_hours(3 * 24);
/// Who looked this long ago is still told when a limit changes: about half a year.
pub const LOOKED_LATELY: SignedDuration = SignedDuration::from_hours(183 * 24);

/// What of a plan was shown to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The plan as a letter.
    Plan,
    /// The form with what stands in it.
    Form,
    /// The emergency view.
    Emergency,
    /// The sheet of paper.
    Paper,
}

impl Shown {
    /// What the log calls it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Plan | Self::Paper => "plan",
            Self::Form => "form",
            Self::Emergency => "emergency view",
        }
    }
}

/// Has this person now read version `number`? `None`: nobody who is told of changes, such as a system, the patient or
/// theirs; `Some(0)`: they looked, and did not read all that they may.
pub fn has_read(permit: &Permit, shown: Shown, number: u32) -> Option<u32> {
    let role = permit.actor().role.filter(|r| Own::of_role(*r).is_none())?;
    Some(match shown {
        // Whoever may see the whole plan has not read it in the emergency view.
        Shown::Emergency if role.reads() == Reads::Plan => 0,
        _ => number,
    })
}

/// Why somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tie {
    /// Leads.
    Leads,
    /// In the team by name.
    Named,
    /// Acts for an organisation of the team, and opened the plan.
    Opened,
}

/// What somebody was told and has not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// The first version that they have not read.
    pub first: u32,
    /// The newest of them.
    pub newest: u32,
    /// When the first of them was recorded.
    pub at: Timestamp,
    /// One of them changes a limit that counts in an emergency.
    pub urgent: bool,
}

/// One person and one patient's plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// Who.
    pub person: PersonId,
    /// Why they are told; absent: not any more.
    pub tie: Option<Tie>,
    /// The newest version they read; 0: none.
    pub read: u32,
    /// When they first read that one.
    pub read_at: Option<Timestamp>,
    /// When they last looked, as near as a day.
    pub looked_at: Option<Timestamp>,
    /// What they have not read.
    pub told: Option<Told>,
}

impl Reader {
    /// Somebody of whom nothing is known but why they are told.
    pub fn new(person: PersonId) -> Self {
        Self { person, tie: None, read: 0, read_at: None, looked_at: None, told: None }
    }

    /// Is the lead to hear that they have not looked?
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.tie.is_some() && self.told.is_some_and(|t| now.duration_since(t.at) >= LATE)
    }

    /// Did they look, print or read lately?
    pub fn looked_lately(&self, now: Timestamp) -> bool {
        self.looked_at.is_some_and(|at| now.duration_since(at) <= LOOKED_LATELY)
    }

    /// The version against which changes are told to them: the one they read, else the one before the first they were
    /// told of; 0: that was the first plan.
    pub fn knows(&self) -> u32 {
        match self.told {
            Some(told) if self.read == 0 => told.first.saturating_sub(1),
            _ => self.read,
        }
    }
}

/// Who of these is told of a new version: those with a tie, and where a limit changes everybody who looked lately. Not
/// who made it.
pub fn to_tell<'a>(
    readers: &'a [Reader],
    by: Option<&'a PersonId>,
    urgent: bool,
    now: Timestamp,
) -> impl Iterator<Item = &'a PersonId> {
    readers
        .iter()
        .filter(move |r| r.tie.is_some() || urgent && r.looked_lately(now))
        .map(|r| &r.person)
        .filter(move |p| Some(*p) != by)
}

/// The limits that count in an emergency: what is decided, without its explanation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    decided: BTreeMap<Treatment, Decision>,
    other: Option<Vec<(Option<String>, Decision)>>,
    icd: Option<YesNoUnknown>,
}

impl Limits {
    /// Those that are in force in this plan; proposals are none (decision 1).
    pub fn of(content: &Content) -> Self {
        // The form can answer that it was not discussed; that is no decision.
        let decision = |(t, topic): (&Treatment, &Topic<Directive>)| {
            topic.value().map(|d| (*t, d.decision.clone())).filter(|(_, d)| *d != Decision::NotDiscussed)
        };
        let other = |o: &OtherLimits| o.0.iter().map(|l| (l.text.clone(), l.directive.decision.clone())).collect();
        Self {
            decided: content.directives.iter().filter_map(decision).collect(),
            other: content.other_limits.value().map(other),
            icd: content.icd.value().map(|i| i.present),
        }
    }
}

/// Does a topic count in an emergency?
pub fn counts_in_emergency(topic: TopicId) -> bool {
    topic.is_limit() || topic == TopicId::Icd
}

#[cfg(test)]
mod tests;
