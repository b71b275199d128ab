//! The four marks of a decision: shape and word beside the colour (LOOK, colours).

use crate::plan::Decision;

/// What a decision comes down to at one glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mark {
    /// Do it.
    Do,
    /// Do not.
    DoNot,
    /// Under a condition.
    But,
    /// Not known, not decided, not discussed.
    Unknown,
}

impl Mark {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Do, Self::DoNot, Self::But, Self::Unknown];

    /// The mark of a decision.
    pub fn of(decision: &Decision) -> Self {
        match decision {
            Decision::Perform => Self::Do,
            Decision::DoNot => Self::DoNot,
            Decision::Otherwise(_) => Self::But,
            Decision::Unknown | Decision::Undecided | Decision::NotDiscussed => Self::Unknown,
        }
    }

    /// The sign before the line.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Do => "✓",
            Self::DoNot => "✕",
            Self::But => "≈",
            Self::Unknown => "?",
        }
    }

    /// The word for who does not see the sign.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Do => "wel uitvoeren",
            Self::DoNot => "niet uitvoeren",
            Self::But => "onder voorwaarde",
            Self::Unknown => "nog onbekend",
        }
    }

    /// Name of its colour.
    pub fn token(self) -> &'static str {
        match self {
            Self::Do => "do",
            Self::DoNot => "do-not",
            Self::But => "but",
            Self::Unknown => "unknown",
        }
    }
}
