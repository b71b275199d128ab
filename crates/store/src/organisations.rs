//! Organisations.

use crate::{Error, Result, Store};
use domain::access::Actor;
use domain::ident::{Agb, OrganisationId};
use jiff::Timestamp;

/// What kind of organisation it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    /// Regional network or any other.
    Other,
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Id.
    pub id: OrganisationId,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: OrganisationKind,
    /// AGB code.
    pub agb: Option<Agb>,
    /// Place.
    pub city: Option<String>,
    /// May nurse specialists and physician assistants set limits here (decision 2)?
    pub nurses_set_limits: bool,
}

impl OrganisationKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::GpPractice,
        Self::HomeCare,
        Self::NursingHome,
        Self::Hospital,
        Self::Hospice,
        Self::OutOfHours,
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
            Self::Other => "anders",
        }
    }

    /// The kind with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.code() == code)
    }
}

impl Store {
    /// Adds an organisation.
    pub async fn add_organisation(&self, _by: &Actor, _organisation: &Organisation, _now: Timestamp) -> Result<()> {
        Err(Error::Bug("not filled in"))
    }
    /// Changes one; everything but the id.
    pub async fn change_organisation(&self, _by: &Actor, _organisation: &Organisation, _now: Timestamp) -> Result<()> {
        Err(Error::Bug("not filled in"))
    }
    /// All, by name.
    pub async fn organisations(&self) -> Result<Vec<Organisation>> {
        Err(Error::Bug("not filled in"))
    }
    /// One.
    pub async fn organisation(&self, _id: &OrganisationId) -> Result<Option<Organisation>> {
        Err(Error::Bug("not filled in"))
    }
}
