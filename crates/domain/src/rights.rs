//! The rights of the patient: own words that stand with the record, correction, erasure, and how long a record is kept
//! (WGBO, articles 7:454, 7:455 and 7:456 BW).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Years for which a record is kept, from the last medical change (article 7:454 BW). A new address is none.
pub const KEEP_YEARS: i16 = 20;

/// The first day on which a record need be kept no longer.
pub fn keep_until(last_medical_change: Date) -> Date {
    let year = last_medical_change.year().saturating_add(KEEP_YEARS);
    // 29 February has no like in most years: then the day after.
    Date::new(year, last_medical_change.month(), last_medical_change.day())
        .or_else(|_| Date::new(year, 3, 1))
        .unwrap_or(Date::MAX)
}

/// What a patient says about their record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A statement of their own, which stands with the record (article 7:454 lid 2 BW). Nobody answers it.
    Statement,
    /// Something is wrong and should be put right (article 16 AVG).
    Correction,
    /// The record, or part of it, should be destroyed (article 7:455 BW).
    Erasure,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// A statement that stands.
    Stands,
    /// Asked, not answered.
    Open,
    /// Done as asked.
    Done,
    /// Refused, with a reason.
    Refused,
    /// Taken back by who said it.
    Withdrawn,
}

/// Why a record is not destroyed, though the patient asks it: the law knows no more than these (article 7:455 lid 2 BW).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// Another than the patient has a considerable interest in keeping it.
    AnotherPerson,
    /// A law forbids it.
    Law,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Statement, Self::Correction, Self::Erasure];

    /// Code in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Statement => "statement",
            Self::Correction => "correction",
            Self::Erasure => "erasure",
        }
    }

    /// The kind with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.code() == code)
    }

    /// In words.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Statement => "eigen verklaring",
            Self::Correction => "verzoek om verbetering",
            Self::Erasure => "verzoek om vernietiging",
        }
    }

    /// What it is when it was just said.
    pub fn first_state(self) -> State {
        if self == Self::Statement { State::Stands } else { State::Open }
    }
}

impl State {
    /// In words.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Stands => "staat bij het dossier",
            Self::Open => "wacht op antwoord",
            Self::Done => "gedaan",
            Self::Refused => "afgewezen",
            Self::Withdrawn => "teruggenomen",
        }
    }
}

impl Ground {
    /// Every ground.
    pub const ALL: [Self; 2] = [Self::AnotherPerson, Self::Law];

    /// Code in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::AnotherPerson => "another-person",
            Self::Law => "law",
        }
    }

    /// The ground with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|g| g.code() == code)
    }

    /// In words.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::AnotherPerson => "een ander dan de patiënt heeft er groot belang bij dat dit bewaard blijft",
            Self::Law => "een wet verbiedt het om dit te vernietigen",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_years_count_from_the_last_medical_change() {
        let until = |day: &str| keep_until(day.parse().unwrap()).to_string();
        assert_eq!(until("2026-11-23"), "2046-11-23");
        assert_eq!(until("2080-02-29"), "2100-03-01");
        assert_eq!(until("9999-01-01"), Date::MAX.to_string());
    }

    #[test]
    fn codes_lead_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of_code(kind.code()), Some(kind));
        }
        for ground in Ground::ALL {
            assert_eq!(Ground::of_code(ground.code()), Some(ground));
        }
        assert_eq!(Kind::Statement.first_state(), State::Stands);
        assert_eq!(Kind::Erasure.first_state(), State::Open);
    }
}
