//! Signals (PROCESS S1 to S4): why somebody of the team thinks it is time to talk, what an instrument said, and whether
//! the patient is open to a conversation.

mod given;
mod instrument;
pub mod offered;
mod reason;

pub use given::{AnswerGiven, Field, SignalGiven, Wrong, answer, signal};
pub use instrument::{Asks, Condition, Decline, Finding, Instruments, Scale, Surprise, scale, scales};
pub use reason::{Part, Reason};

use crate::coded::coded;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The longest text that goes with a signal or an answer, in characters.
pub const LONGEST: usize = 2000;
/// A signal may be written down this many days after it was noticed.
pub const LATEST: i64 = 366;
/// 'Ask again' lies at most this many days ahead, so that nobody is put off for good.
pub const LONGEST_WAIT: i64 = 366;

/// What somebody noticed. Sealed at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// The day it was noticed.
    pub noticed_on: Date,
    /// Why; at least one.
    pub reasons: Vec<Reason>,
    /// What instruments said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// In the words of whoever noticed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// Has the patient thought about it already (S4)?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thought: Option<Thought>,
    /// With whom would the patient like to talk (S4)?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talks_with: Option<String>,
}

coded! {
    /// Whether the patient has thought about it already, and whether it stands somewhere (S4).
    pub enum Thought {
        Recorded "recorded" "ja, en er is al iets vastgelegd";
        Thought "thought" "ja, maar er is nog niets vastgelegd";
        NotYet "not-yet" "nog niet";
    }
}

coded! {
    /// Was information material given (S4)?
    pub enum Material {
        Given "given" "uitgereikt en uitgelegd";
        Declined "declined" "aangeboden, maar niet gewild";
        NotYet "not-yet" "nog niet aangeboden";
    }
}

coded! {
    /// The three answers, before what goes with them.
    pub enum Open {
        Yes "yes" "ja";
        NotNow "not-now" "nu niet";
        No "no" "nee";
    }
}

/// Is the patient open to a conversation (S4)? Sealed at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Openness {
    /// Yes.
    Yes,
    /// Not now.
    NotNow {
        /// The day from which we may ask again.
        ask_again_on: Date,
        /// Was information material given?
        material: Material,
    },
    /// No.
    No {
        /// Why, in the patient's words.
        reason: String,
    },
}

impl Openness {
    /// Which of the three.
    pub fn open(&self) -> Open {
        match self {
            Self::Yes => Open::Yes,
            Self::NotNow { .. } => Open::NotNow,
            Self::No { .. } => Open::No,
        }
    }
}

#[cfg(test)]
mod tests;
