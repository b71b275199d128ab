//! Asking another source for its plan, as the standard has it (SPEC sections 4 and 8): which requests there are, and a plan
//! out of what came.
//!
//! A delivery is refused whole for one mistake (decision 31). Whoever consults has to make do with gaps (SPEC section 1): what
//! cannot be read is left out, counted, and told. What is about another patient is never looked at.

mod gathered;
mod read;

pub use gathered::Gathered;
pub use read::{Asked, Ctx, Identity, Read, identity};

use crate::format::Version;
use crate::stu3;
use domain::form::FORM_CANONICAL;
use domain::ident::Bsn;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// Which of the standard's two groups of transactions a source offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Separate building blocks.
    Blocks,
    /// The form as a QuestionnaireResponse.
    Form,
}

/// What stands in a query as it is: as in the standard's own requests, but for the bar.
const QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'|').add(b'&').add(b'+');

const SNOMED: &str = "http://snomed.info/sct";
const ACT: &str = "713603004";
const INFORM: &str = "223449006";
const OBSERVATIONS: &str = "153851000146100,395091006,340171000146104,247751003,570801000146104";
const CAPACITY: &str = "665671000146101";
const ICDS: &str = "72506001,465460004,468542000,704707009,1263462004,1236894001";

/// The search for a patient by BSN: the path behind the base, and the body to post, so that no address holds the BSN.
pub fn find_patient(bsn: &Bsn) -> (&'static str, String) {
    let token = format!("{}|{}", Bsn::SYSTEM, bsn.as_str());
    ("Patient/_search", format!("identifier={}", utf8_percent_encode(&token, NON_ALPHANUMERIC)))
}

/// The standard's requests for one patient, each as path and query behind the base. `patient` is the logical id that the
/// source gave.
pub fn searches(version: Version, group: Group, patient: &str) -> Vec<String> {
    let of = |kind: &str, params: &[(&str, String)]| {
        let rest: Vec<String> = params.iter().map(|(n, v)| format!("&{n}={}", utf8_percent_encode(v, QUERY))).collect();
        format!("{kind}?patient=Patient/{patient}{}", rest.concat())
    };
    let coded = |code: &str| format!("{SNOMED}|{code}");
    let include = |what: &str| ("_include", what.to_owned());
    let form =
        |canonical: &str| vec![format!("QuestionnaireResponse?subject=Patient/{patient}&questionnaire={canonical}")];
    match (version, group) {
        (Version::R4, Group::Form) => form(FORM_CANONICAL),
        (Version::Stu3, Group::Form) => form(stu3::FORM_CANONICAL),
        (Version::R4, Group::Blocks) => {
            let consent = |scope: &str, category: String| {
                let scope = format!("http://terminology.hl7.org/CodeSystem/consentscope|{scope}");
                of("Consent", &[("scope", scope), ("category", category), include("Consent:actor")])
            };
            let written = "http://terminology.hl7.org/CodeSystem/consentcategorycodes|acd".to_owned();
            vec![
                of("Procedure", &[("code", coded(ACT)), include("Procedure:encounter")]),
                consent("treatment", coded("129125009")),
                consent("adr", written),
                of("Goal", &[("category", coded(ACT))]),
                of("Observation", &[("code", coded(&format!("{CAPACITY},{OBSERVATIONS}")))]),
                of("DeviceUseStatement", &[("device.type", coded(ICDS)), include("DeviceUseStatement:device")]),
                of("CommunicationRequest", &[("category", coded(INFORM))]),
            ]
        }
        (Version::Stu3, Group::Blocks) => {
            let consent = |code: &str| of("Consent", &[("category", coded(code)), include("Consent:actor")]);
            vec![
                of("Procedure", &[("code", coded(ACT)), include("Procedure:encounter")]),
                of("Encounter", &[("reason", coded(ACT)), include("Encounter:diagnosis")]),
                consent("11291000146105"),
                consent("11341000146107"),
                of("Goal", &[("category", coded(ACT))]),
                of("Observation", &[("code", coded(OBSERVATIONS))]),
                of("DeviceUseStatement", &[("device.type", coded(ICDS)), include("DeviceUseStatement:device")]),
                of("CommunicationRequest", &[("category", coded(INFORM))]),
            ]
        }
    }
}

/// Is this the answer to a search?
pub fn is_answer(value: &Value) -> bool {
    value["resourceType"] == "Bundle" && value["type"] == "searchset"
}

/// Where the rest of an answer is.
pub fn next(bundle: &Value) -> Option<&str> {
    bundle["link"].as_array()?.iter().find(|link| link["relation"] == "next")?["url"].as_str()
}

/// The patients of an answer: those with a logical id that one can ask by.
pub fn patients(bundle: &Value) -> Vec<&Value> {
    let entries = bundle["entry"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_patient = |r: &&Value| r["resourceType"] == "Patient" && r["id"].as_str().is_some_and(is_id);
    entries.iter().map(|e| &e["resource"]).filter(is_patient).collect()
}

/// May this be a logical id (FHIR `id`)?
fn is_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
}

#[cfg(test)]
mod tests;
