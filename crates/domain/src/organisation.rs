//! What kinds of organisations take part; consent may be given by kind.

use serde::{Deserialize, Serialize};

/// What kind of organisation it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrganisationKind {
    /// General practice.
    GpPractice,
    /// Home care.
    HomeCare,
    /// Nursing home.
    NursingHome,
    /// Hospital.
    Hospital,
    /// Hospice.
    Hospice,
    /// Out-of-hours post, ambulance, emergency room.
    OutOfHours,
    /// Regional network: sees figures, never a patient.
    Region,
    /// Any other.
    Other,
}

impl OrganisationKind {
    /// May such an organisation be in a care team?
    pub fn gives_care(self) -> bool {
        !matches!(self, Self::Region | Self::Other)
    }

    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::GpPractice,
        Self::HomeCare,
        Self::NursingHome,
        Self::Hospital,
        Self::Hospice,
        Self::OutOfHours,
        Self::Region,
        Self::Other,
    ];

    /// Code in tables and files.
    pub fn code(self) -> &'static str {
        match self {
            Self::GpPractice => "gp-practice",
            Self::HomeCare => "home-care",
            Self::NursingHome => "nursing-home",
            Self::Hospital => "hospital",
            Self::Hospice => "hospice",
            Self::OutOfHours => "out-of-hours",
            Self::Region => "region",
            Self::Other => "other",
        }
    }

    /// What the field calls it.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::GpPractice => "huisartsenpraktijk",
            Self::HomeCare => "thuiszorg",
            Self::NursingHome => "verpleeghuis",
            Self::Hospital => "ziekenhuis",
            Self::Hospice => "hospice",
            Self::OutOfHours => "spoedzorg",
            Self::Region => "regionaal netwerk",
            Self::Other => "anders",
        }
    }

    /// The kind with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.code() == code)
    }
}
