//! What a system that exchanges may ask for: the purpose of use (NEN 7513, IHE 'purpose of use').

/// Purpose for which a system was registered; it stands in the log where a person's role stands.
///
/// A purpose never widens what may be seen: that is for relation and consent to say. A system that serves acute care
/// asks with the same basis as any other, and breaks no glass (decision 52).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// Treatment.
    #[default]
    Treatment,
    /// Acute care.
    Emergency,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 2] = [Self::Treatment, Self::Emergency];

    /// Code in tables, in the log and on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::Treatment => "treatment",
            Self::Emergency => "emergency",
        }
    }

    /// The purpose with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.code() == code)
    }

    /// What it means, for people.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Treatment => "systeem, voor behandeling",
            Self::Emergency => "systeem, voor spoedzorg",
        }
    }
}
