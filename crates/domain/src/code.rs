//! Codes: a coding as exchanged, and the closed sets of the standard as enumerations (SPEC section 3).

use serde::{Deserialize, Serialize};

mod sets;
pub use sets::*;

/// Code systems by name, so that each URL stands in one place.
pub mod system {
    /// SNOMED CT.
    pub const SNOMED: &str = "http://snomed.info/sct";
    /// HL7 v3 NullFlavor.
    pub const NULL_FLAVOR: &str = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor";
    /// HL7 v3 RoleCode: relation to the patient, consenter, representative.
    pub const ROLE_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-RoleCode";
    /// HL7 v3 AddressUse.
    pub const ADDRESS_USE: &str = "http://terminology.hl7.org/CodeSystem/v3-AddressUse";
    /// zib BehandelBesluit: 0 wel uitvoeren, 1 anders, 2 niet uitvoeren.
    pub const DECISION: &str = "urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4.25.1";
    /// Vektis COD472: role of a contact person.
    pub const CONTACT_ROLE: &str = "urn:oid:2.16.840.1.113883.2.4.3.11.22.472";
    /// zib roles of a contact person outside COD472.
    pub const CONTACT_ROLE_ZIB: &str = "urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4.23.1";
    /// zib TelecomType.
    pub const TELECOM_TYPE: &str = "urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4.22.1";
    /// zib WilsverklaringType.
    pub const ADVANCE_DIRECTIVE: &str = "urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4.14.1";
    /// UZI rolcode.
    pub const UZI_ROLE: &str = "http://fhir.nl/fhir/NamingSystem/uzi-rolcode";
    /// Vektis COD016: specialty.
    pub const AGB_SPECIALTY: &str = "urn:oid:2.16.840.1.113883.2.4.6.7";
    /// Reasons why a value is absent.
    pub const DATA_ABSENT: &str = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
    /// DHD CBV procedures.
    pub const CBV: &str = "urn:oid:2.16.840.1.113883.2.4.3.120.5.3";
    /// NZa care activities.
    pub const NZA: &str = "urn:oid:2.16.840.1.113883.2.4.3.27.15.5";
}

/// One code as exchanged.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Coding {
    /// Code system; the form has codes without one (SPEC section 9, trap 6).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub system: Option<String>,
    /// The code.
    pub code: String,
    /// What the sender calls it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub display: Option<String>,
}

impl Coding {
    /// A coding with system and display.
    pub fn new(system: &str, code: &str, display: &str) -> Self {
        Self { system: Some(system.to_owned()), code: code.to_owned(), display: Some(display.to_owned()) }
    }

    /// Same system and code; displays do not matter.
    pub fn same(&self, other: &Self) -> bool {
        self.system == other.system && self.code == other.code
    }

    /// Is this that code of that system?
    pub fn is(&self, system: &str, code: &str) -> bool {
        self.system.as_deref() == Some(system) && self.code == code
    }
}

/// A closed set of the standard: each member has one system, code and display.
pub trait CodeSet: Sized + Copy + PartialEq + 'static {
    /// All members, in the order in which they are offered.
    const ALL: &'static [Self];
    /// Code system.
    fn system(self) -> &'static str;
    /// Code.
    fn code(self) -> &'static str;
    /// Display of the value set.
    fn display(self) -> &'static str;
    /// The coding to send.
    fn coding(self) -> Coding {
        Coding::new(self.system(), self.code(), self.display())
    }
    /// The member with this system and code.
    fn find(system: Option<&str>, code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|m| system == Some(m.system()) && m.code() == code)
    }
    /// The member that a coding means.
    fn of(coding: &Coding) -> Option<Self> {
        Self::find(coding.system.as_deref(), &coding.code)
    }
}
