//! The broken glass ('noodknop', D5, decision 52): why somebody without a relation had to see the emergency view, for
//! how long that holds, and what was thought of it afterwards.

use crate::access::Who;
use crate::ident::PersonId;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// A broken glass shows the emergency view this long; whoever needs it longer gives a reason again.
pub const OPEN_FOR: SignedDuration = SignedDuration::from_mins(60);

/// A reason says at least this much: a word is none.
pub const SHORTEST: usize = 10;

/// The longest text that a reason or a judgement may have, in characters.
pub const LONGEST: usize = 2000;

/// The kind of a reason; the words stand beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The patient is in acute need.
    Acute,
    /// Stands in for the patient's own doctor or nurse.
    StandIn,
    /// The patient has just come into this organisation's care.
    New,
    /// Something else.
    Other,
}

/// Why the glass was broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Its kind.
    pub kind: Kind,
    /// In the words of whoever broke it.
    pub words: String,
}

/// What is wrong with a reason; each in a sentence for the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreasonable {
    /// No kind.
    #[error("Kies waarom u de gegevens nu nodig hebt.")]
    NoKind,
    /// Too few words.
    #[error("Schrijf in een zin waarom u de gegevens nu nodig hebt. De patiënt en het zorgteam lezen dit.")]
    NoWords,
    /// Too many words.
    #[error("Schrijf het korter: in hoogstens 2000 tekens.")]
    TooLong,
}

/// What was thought of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// There was good reason.
    Justified,
    /// There was none.
    Unjustified,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Acute, Self::StandIn, Self::New, Self::Other];

    /// Code in forms and tables.
    pub fn code(self) -> &'static str {
        match self {
            Self::Acute => "acute",
            Self::StandIn => "stand-in",
            Self::New => "new",
            Self::Other => "other",
        }
    }

    /// The kind with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.code() == code)
    }

    /// As one answers the question why.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Acute => "Spoed: de patiënt is nu ernstig ziek of in gevaar",
            Self::StandIn => "Waarneming: ik vervang de eigen zorgverlener",
            Self::New => "De patiënt komt nu bij ons in zorg",
            Self::Other => "Anders",
        }
    }

    /// Where there is little room, as in a table.
    pub fn short(self) -> &'static str {
        match self {
            Self::Acute => "spoed",
            Self::StandIn => "waarneming",
            Self::New => "nieuw in zorg",
            Self::Other => "anders",
        }
    }
}

impl Reason {
    /// A reason as given.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn given(kind: &str, words: &str) -> Result<Self, Vec<Unreasonable>> {
        let words = words.trim();
        let mut wrong = Vec::new();
        let kind = Kind::of_code(kind);
        if kind.is_none() {
            wrong.push(Unreasonable::NoKind);
        }
        match words.chars().count() {
            n if n < SHORTEST => wrong.push(Unreasonable::NoWords),
            n if n > LONGEST => wrong.push(Unreasonable::TooLong),
            _ => {}
        }
        match kind {
            Some(kind) if wrong.is_empty() => Ok(Self { kind, words: words.to_owned() }),
            _ => Err(wrong),
        }
    }
}

impl Verdict {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Justified, Self::Unjustified];

    /// Code in forms and tables.
    pub fn code(self) -> &'static str {
        match self {
            Self::Justified => "justified",
            Self::Unjustified => "unjustified",
        }
    }

    /// The verdict with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.code() == code)
    }

    /// In words.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Justified => "met goede reden",
            Self::Unjustified => "zonder goede reden",
        }
    }
}

/// May this one judge it? Not who broke the glass; whether they may judge at all is for the permit to say.
pub fn may_judge(broken_by: &PersonId, judge: &Who) -> bool {
    matches!(judge, Who::Person(person) if person != broken_by)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_has_a_kind_and_a_sentence() {
        let words = " Gevallen, niet aanspreekbaar. ";
        let given = Reason::given("acute", words).unwrap();
        assert_eq!((given.kind, given.words.as_str()), (Kind::Acute, "Gevallen, niet aanspreekbaar."));
        assert_eq!(Reason::given("", "spoed"), Err(vec![Unreasonable::NoKind, Unreasonable::NoWords]));
        assert_eq!(Reason::given("acute", "          "), Err(vec![Unreasonable::NoWords]));
        assert_eq!(Reason::given("acute", &"a".repeat(LONGEST + 1)), Err(vec![Unreasonable::TooLong]));
    }

    #[test]
    fn nobody_judges_their_own() {
        let (one, two) = (PersonId::from_bits(1), PersonId::from_bits(2));
        assert!(!may_judge(&one, &Who::Person(one.clone())));
        assert!(may_judge(&one, &Who::Person(two)));
        assert!(!may_judge(&one, &Who::Program));
    }

    #[test]
    fn codes_are_told_apart() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of_code(kind.code()), Some(kind));
        }
        for verdict in Verdict::ALL {
            assert_eq!(Verdict::of_code(verdict.code()), Some(verdict));
        }
    }
}
