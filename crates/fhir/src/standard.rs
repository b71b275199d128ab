//! The requests of the standard (SPEC sections 4.1, 4.2 and 8), each about one patient: what is rendered beforehand, what a
//! page tells integrators, what the self-test asks and what other sources are asked ([`crate::consult`]) are this one list.

use crate::format::Version;
use crate::r4::ResourceType;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// A request, without the patient.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// The type that is searched.
    pub kind: ResourceType,
    /// What it gives, in the words of who reads a plan.
    pub what: &'static str,
    /// The parameter that names the patient.
    pub patient: &'static str,
    /// The other parameters.
    pub params: &'static [(&'static str, &'static str)],
}

const fn asked(kind: ResourceType, what: &'static str, params: &'static [(&'static str, &'static str)]) -> Asked {
    Asked { kind, what, patient: "patient", params }
}

/// What may not stand in a parameter as it is.
const ESCAPED: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'&').add(b'+').add(b'<').add(b'>').add(b'|');

const ACP: &str = "http://snomed.info/sct|713603004";
const DIRECTIVES: &str = "http://snomed.info/sct|129125009";
const INFORM: &str = "http://snomed.info/sct|223449006";
const OBSERVATIONS: &str =
    "http://snomed.info/sct|665671000146101,153851000146100,395091006,340171000146104,247751003,570801000146104";
const ICDS: &str = "http://snomed.info/sct|72506001,465460004,468542000,704707009,1263462004,1236894001";

/// So many of [`R4`], counted from the first, are the standard's list of building blocks.
const BLOCKS: usize = 7;

/// In R4: the building blocks in the order of the standard, the conversation as an earlier version of the standard asks for
/// it, and the form.
const R4: [Asked; 9] = [
    asked(ResourceType::Procedure, "De gesprekken", &[("code", ACP), ("_include", "Procedure:encounter")]),
    asked(
        ResourceType::Consent,
        "De behandelgrenzen",
        &[
            ("scope", "http://terminology.hl7.org/CodeSystem/consentscope|treatment"),
            ("category", DIRECTIVES),
            ("_include", "Consent:actor"),
        ],
    ),
    asked(
        ResourceType::Consent,
        "De wilsverklaringen",
        &[
            ("scope", "http://terminology.hl7.org/CodeSystem/consentscope|adr"),
            ("category", "http://terminology.hl7.org/CodeSystem/consentcategorycodes|acd"),
            ("_include", "Consent:actor"),
        ],
    ),
    asked(ResourceType::Goal, "Het doel van de behandeling", &[("category", ACP)]),
    asked(ResourceType::Observation, "De wensen, en of de patiënt wilsbekwaam is", &[("code", OBSERVATIONS)]),
    asked(
        ResourceType::DeviceUseStatement,
        "De ICD",
        &[("device.type", ICDS), ("_include", "DeviceUseStatement:device")],
    ),
    asked(ResourceType::CommunicationRequest, "Of naasten worden ingelicht", &[("category", INFORM)]),
    asked(
        ResourceType::Encounter,
        "De contacten, zoals een eerdere versie van de standaard ernaar vraagt",
        &[("reason-reference:Procedure.code", ACP), ("_include", "Encounter:reason-reference")],
    ),
    Asked {
        kind: ResourceType::QuestionnaireResponse,
        what: "Het formulier, elke versie",
        patient: "subject",
        params: &[("questionnaire", domain::form::FORM_CANONICAL)],
    },
];

/// In STU3: as in R4, but for the categories of a Consent and how an Encounter tells its reason (SPEC section 8).
const STU3: [Asked; 9] = [
    asked(ResourceType::Procedure, "De gesprekken", &[("code", ACP), ("_include", "Procedure:encounter")]),
    asked(
        ResourceType::Consent,
        "De behandelgrenzen",
        &[("category", "http://snomed.info/sct|11291000146105"), ("_include", "Consent:actor")],
    ),
    asked(
        ResourceType::Consent,
        "De wilsverklaringen",
        &[("category", "http://snomed.info/sct|11341000146107"), ("_include", "Consent:actor")],
    ),
    asked(ResourceType::Goal, "Het doel van de behandeling", &[("category", ACP)]),
    asked(ResourceType::Observation, "De wensen, en of de patiënt wilsbekwaam is", &[("code", OBSERVATIONS)]),
    asked(
        ResourceType::DeviceUseStatement,
        "De ICD",
        &[("device.type", ICDS), ("_include", "DeviceUseStatement:device")],
    ),
    asked(ResourceType::CommunicationRequest, "Of naasten worden ingelicht", &[("category", INFORM)]),
    asked(ResourceType::Encounter, "De contacten", &[("reason", ACP), ("_include", "Encounter:diagnosis")]),
    Asked {
        kind: ResourceType::QuestionnaireResponse,
        what: "Het formulier, elke versie",
        patient: "subject",
        params: &[("questionnaire", crate::stu3::FORM_CANONICAL)],
    },
];

/// The building blocks of a version, which make a plan together.
pub fn blocks(version: Version) -> &'static [Asked] {
    match version {
        Version::R4 => &R4[..BLOCKS],
        Version::Stu3 => &STU3[..=BLOCKS],
    }
}

/// The form of a version.
pub fn form(version: Version) -> &'static Asked {
    match version {
        Version::R4 => &R4[BLOCKS + 1],
        Version::Stu3 => &STU3[BLOCKS + 1],
    }
}

/// Those of a version of FHIR.
pub fn of(version: Version) -> &'static [Asked] {
    match version {
        Version::R4 => &R4,
        Version::Stu3 => &STU3,
    }
}

impl Asked {
    /// Type and parameters, as they stand in an address: what would end it or a parameter is escaped.
    pub fn query(&self, patient: &str) -> String {
        let part = |text: &str| utf8_percent_encode(text, ESCAPED).to_string();
        let own = std::iter::once(format!("{}=Patient/{patient}", self.patient));
        let rest = self.params.iter().map(|(n, v)| format!("{}={}", part(n), part(v)));
        format!("{}?{}", self.kind, own.chain(rest).collect::<Vec<_>>().join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn building_blocks_and_the_form_are_told_apart() {
        for version in [Version::R4, Version::Stu3] {
            assert_eq!(form(version).kind, ResourceType::QuestionnaireResponse);
            assert!(blocks(version).iter().all(|a| a.kind != ResourceType::QuestionnaireResponse));
            assert!(of(version).iter().all(|a| !a.query("x").contains(['|', ' '])), "{version:?}");
        }
    }
}
