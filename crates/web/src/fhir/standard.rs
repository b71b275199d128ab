//! The requests of the standard (SPEC sections 4.1, 4.2 and 8), each about one patient: what is rendered beforehand
//! ([`super::prepared`]), what a page tells integrators, and what the self-test asks are this one list.

use fhir::format::Version;
use fhir::r4::ResourceType;
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

/// So many of [`R4`], counted from the first, are the standard's list of building blocks.
pub const BLOCKS: usize = 7;

/// In R4: the building blocks in the order of the standard, the conversation as an earlier version of the standard asks for
/// it, and the form.
pub const R4: [Asked; 9] = [
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
    asked(
        ResourceType::Observation,
        "De wensen, en of de patiënt wilsbekwaam is",
        &[(
            "code",
            "http://snomed.info/sct|665671000146101,153851000146100,395091006,340171000146104,247751003,570801000146104",
        )],
    ),
    asked(
        ResourceType::DeviceUseStatement,
        "De ICD",
        &[
            ("device.type", "http://snomed.info/sct|72506001,465460004,468542000,704707009,1263462004,1236894001"),
            ("_include", "DeviceUseStatement:device"),
        ],
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

/// In STU3.
pub const STU3: [Asked; 9] = [
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
    asked(
        ResourceType::Observation,
        "De wensen",
        &[("code", "http://snomed.info/sct|153851000146100,395091006,340171000146104,247751003,570801000146104")],
    ),
    asked(
        ResourceType::DeviceUseStatement,
        "De ICD",
        &[
            ("device.type", "http://snomed.info/sct|72506001,465460004,468542000"),
            ("_include", "DeviceUseStatement:device"),
        ],
    ),
    asked(ResourceType::CommunicationRequest, "Of naasten worden ingelicht", &[("category", INFORM)]),
    asked(ResourceType::Encounter, "De contacten", &[("reason", ACP), ("_include", "Encounter:diagnosis")]),
    Asked {
        kind: ResourceType::QuestionnaireResponse,
        what: "Het formulier, elke versie",
        patient: "subject",
        params: &[("questionnaire", fhir::stu3::FORM_CANONICAL)],
    },
];

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
    fn a_request_reads_back_as_what_it_asks() {
        for asked in R4.iter().chain(&STU3) {
            let address = asked.query("x");
            let (kind, query) = address.split_once('?').unwrap();
            assert_eq!(kind, asked.kind.as_str());
            let fields = crate::forms::Fields::parse(query.as_bytes()).0;
            assert_eq!(fields[0], (asked.patient.to_owned(), "Patient/x".to_owned()));
            let rest: Vec<(&str, &str)> = fields[1..].iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            assert_eq!(rest, asked.params);
        }
    }
}
