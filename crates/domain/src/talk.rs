//! Preparing and holding conversations (PROCESS V1 to V5, G1 to G4): the appointment, what asks for attention, what
//! carers wrote down, support, the report. Each is a step of the path; here is what it holds and what follows from it.

mod appointment;
mod attention;
pub mod given;
pub mod guide;
mod material;
mod report;
mod support;

pub use appointment::{Appointment, Place, time_words};
pub use attention::{Attention, Interpreter, Point, PointKind, attention};
pub use material::{GivenHow, GivenTo, MaterialGiven, materials};
pub use report::{Attended, LeftOpen, Report, StillOpen, still_open};
pub use support::{
    AskedOf, Referrer, Reply, ReplyKind, Request, SupportAsked, SupportKind, assignee, request, requests,
};

use crate::path::{Step, What};
use serde::{Deserialize, Serialize};

/// The longest part of a report, in characters.
pub const LONGEST_REPORT: usize = 5000;
/// The longest conversation that is believed, in minutes.
pub const LONGEST_TALK: u16 = 300;

/// What happened around a conversation, beside its appointment. Sealed at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Talk {
    /// What asks for attention in every conversation; the newest one holds (V5).
    Attention(Attention),
    /// What somebody heard or saw, written down as it was (a carer's part): never a decision.
    Fact(Fact),
    /// Support was asked (V4).
    Asked(SupportAsked),
    /// Whoever was asked answered.
    Replied(Reply),
    /// Whoever asked has read the answer.
    Read {
        /// Number of the step that asked.
        asked: u32,
        /// What they do with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        words: Option<String>,
    },
    /// The planned conversation is needed no more; nothing is to be planned in its place.
    NotNeeded {
        /// Why.
        reason: String,
    },
    /// A conversation was held, on the day of the step (G2).
    Held(Report),
    /// Material was given (V3).
    Given(MaterialGiven),
}

/// What somebody heard or saw, on the day of the step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Who said it: 'de heer', 'haar zoon'.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// What was said or seen.
    pub words: String,
}

impl Fact {
    /// As one reads it: 'de heer: ik wil niet meer naar het ziekenhuis'.
    pub fn sentence(&self) -> String {
        match &self.who {
            Some(who) => format!("{who}: {}", self.words),
            None => self.words.clone(),
        }
    }
}

impl Talk {
    /// Is it for those who hold conversations, or the part of their own field (PROCESS, 'Who takes part')? A carer writes
    /// down facts and passes them on.
    pub fn takes_a_converser(&self) -> bool {
        match self {
            Self::Attention(_) | Self::Fact(_) | Self::NotNeeded { .. } | Self::Given(_) => false,
            Self::Asked(_) | Self::Replied(_) | Self::Read { .. } | Self::Held(_) => true,
        }
    }

    /// What happened, in a few words, for the line.
    pub fn title(&self) -> String {
        match self {
            Self::Attention(a) if a.is_empty() => "Geen bijzondere aandacht meer nodig".to_owned(),
            Self::Attention(_) => "Bijzondere aandacht vastgelegd".to_owned(),
            Self::Fact(_) => "Opgeschreven wat er gezegd of gezien is".to_owned(),
            Self::Asked(asked) => format!("Ondersteuning gevraagd: {}", asked.kind.dutch()),
            Self::Replied(reply) => format!("Antwoord op de vraag om ondersteuning: {}", reply.kind.dutch()),
            Self::Read { .. } => "Antwoord op de vraag om ondersteuning gelezen".to_owned(),
            Self::NotNeeded { .. } => "Gepland gesprek is niet meer nodig".to_owned(),
            Self::Held(_) => "Gesprek gehouden".to_owned(),
            Self::Given(_) => "Materiaal gegeven".to_owned(),
        }
    }

    /// More about it, for the line. A report is read on its own page: here stands what is left to talk about.
    pub fn more(&self) -> Vec<String> {
        match self {
            Self::Attention(a) => a.lines(),
            Self::Fact(fact) => vec![fact.sentence()],
            Self::Asked(asked) => vec![asked.question.clone()],
            Self::Replied(reply) => vec![reply.words.clone()],
            Self::Read { words, .. } => words.iter().cloned().collect(),
            Self::NotNeeded { reason } => vec![reason.clone()],
            Self::Given(given) => {
                std::iter::once(format!("{}.", given.sentence())).chain(given.words.clone()).collect()
            }
            Self::Held(report) if report.left_open.is_empty() => Vec::new(),
            Self::Held(report) => {
                let open: Vec<String> = report.left_open.iter().map(LeftOpen::words).collect();
                vec![format!("Nog te bespreken: {}.", crate::words::join(&open))]
            }
        }
    }
}

/// What carers and others wrote down, newest first.
pub fn facts(steps: &[Step]) -> Vec<(&Step, &Fact)> {
    let mut all: Vec<_> = steps
        .iter()
        .filter_map(|step| match &step.what {
            What::Talk(Talk::Fact(fact)) => Some((step, fact)),
            _ => None,
        })
        .collect();
    all.sort_by_key(|(step, _)| std::cmp::Reverse((step.day, step.number)));
    all
}

/// Reports of conversations, newest first.
pub fn reports(steps: &[Step]) -> Vec<(&Step, &Report)> {
    let mut all: Vec<_> = steps
        .iter()
        .filter_map(|step| match &step.what {
            What::Talk(Talk::Held(report)) => Some((step, report)),
            _ => None,
        })
        .collect();
    all.sort_by_key(|(step, _)| std::cmp::Reverse((step.day, step.number)));
    all
}

#[cfg(test)]
mod tests;
