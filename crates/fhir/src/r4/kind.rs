//! The resource types that this server knows in R4.

use std::fmt;
use std::str::FromStr;

macro_rules! resource_types {
    ($($(#[$doc:meta])* $name:ident)*) => {
        /// A resource type of R4 that can be asked for here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum ResourceType { $($(#[$doc])* $name,)* }

        impl ResourceType {
            /// Every type, those of a patient first.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name as in `resourceType` and in the URL.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }
        }

        impl FromStr for ResourceType {
            type Err = UnknownType;
            fn from_str(name: &str) -> Result<Self, UnknownType> {
                match name { $(stringify!($name) => Ok(Self::$name),)* _ => Err(UnknownType) }
            }
        }
    };
}

resource_types! {
    /// Who the plan is about.
    Patient
    /// A contact person or representative.
    RelatedPerson
    /// A professional as a person.
    Practitioner
    /// A professional in a role, which other resources refer to.
    PractitionerRole
    /// A conversation as a contact.
    Encounter
    /// A conversation as an act.
    Procedure
    /// A treatment directive or an advance directive.
    Consent
    /// The main goal of medical policy.
    Goal
    /// Legal capacity, wishes, place, position, donor register, what else matters.
    Observation
    /// That the patient has an ICD.
    DeviceUseStatement
    /// The ICD.
    Device
    /// That the patient was told to inform relatives.
    CommunicationRequest
    /// Not made here: an earlier form of the standard asks for it, and gets an empty Bundle (SPEC 4.1).
    Communication
    /// A version of the plan as the form.
    QuestionnaireResponse
    /// The form itself.
    Questionnaire
    /// A set of codes.
    ValueSet
    /// A search parameter outside those of FHIR itself.
    SearchParameter
    /// What this server can do.
    CapabilityStatement
}

/// The name is not one of a type known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownType;

impl fmt::Display for UnknownType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dit resourcetype is hier niet bekend.")
    }
}

impl std::error::Error for UnknownType {}

impl fmt::Display for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ResourceType {
    /// Is each resource of this type about one patient?
    pub fn is_of_patient(self) -> bool {
        !matches!(self, Self::Questionnaire | Self::ValueSet | Self::SearchParameter | Self::CapabilityStatement)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_means_one_type() {
        for kind in ResourceType::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
        assert_eq!("patient".parse::<ResourceType>(), Err(UnknownType));
        assert_eq!("MedicationRequest".parse::<ResourceType>(), Err(UnknownType));
    }
}
