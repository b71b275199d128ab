//! The codes that a plain code can have, by the code system of its element's required binding: a search for another one is a
//! mistake of the caller, not a search without results.

use super::table::Param;
use super::value::{System, Token};
use crate::format::Version;

/// Refuses a code that the parameter's element cannot have.
///
/// # Errors
///
/// Which codes there are.
pub(super) fn check(version: Version, param: &Param, any: &[Token]) -> Result<(), String> {
    let Some(known) = all(version, param.system) else { return Ok(()) };
    let strange = |token: &Token| {
        let ours = match &token.system {
            System::Any => true,
            System::Is(system) => system == param.system,
            System::Without => false,
        };
        ours && token.code.as_deref().is_some_and(|code| !known.contains(&code))
    };
    if any.iter().any(strange) {
        return Err(format!("Een code die {} hier niet kan hebben. Kies uit: {}.", param.name, known.join(", ")));
    }
    Ok(())
}

/// Every code of a code system; absent where the list is open or too long to be of use.
fn all(version: Version, system: &str) -> Option<&'static [&'static str]> {
    let name = system.strip_prefix("http://hl7.org/fhir/")?;
    Some(match (version, name) {
        (_, "administrative-gender") => &["male", "female", "other", "unknown"],
        (_, "publication-status") => &["draft", "active", "retired", "unknown"],
        (_, "device-status") => &["active", "inactive", "entered-in-error", "unknown"],
        (_, "encounter-status") => &[
            "planned",
            "arrived",
            "triaged",
            "in-progress",
            "onleave",
            "finished",
            "cancelled",
            "entered-in-error",
            "unknown",
        ],
        (_, "consent-state-codes") => &["draft", "proposed", "active", "rejected", "inactive", "entered-in-error"],
        (_, "observation-status") => {
            &["registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown"]
        }
        (_, "questionnaire-answers-status") => &["in-progress", "completed", "amended", "entered-in-error", "stopped"],
        (Version::R4, "event-status") => &[
            "preparation",
            "in-progress",
            "not-done",
            "on-hold",
            "stopped",
            "completed",
            "entered-in-error",
            "unknown",
        ],
        (Version::Stu3, "event-status") => {
            &["preparation", "in-progress", "suspended", "aborted", "completed", "entered-in-error", "unknown"]
        }
        (Version::R4, "request-status") => {
            &["draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"]
        }
        (Version::Stu3, "request-status") => {
            &["draft", "active", "suspended", "cancelled", "completed", "entered-in-error", "unknown"]
        }
        (Version::R4, "goal-status") => &[
            "proposed",
            "planned",
            "accepted",
            "active",
            "on-hold",
            "completed",
            "cancelled",
            "entered-in-error",
            "rejected",
        ],
        (Version::Stu3, "goal-status") => &[
            "proposed",
            "accepted",
            "planned",
            "in-progress",
            "on-target",
            "ahead-of-target",
            "behind-target",
            "sustaining",
            "achieved",
            "on-hold",
            "cancelled",
            "entered-in-error",
            "rejected",
        ],
        _ => return None,
    })
}
