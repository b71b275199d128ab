//! QuestionnaireResponse ↔ answers (SPEC sections 4.2, 5 and 9; decisions 30, 31, 32, 37).
//!
//! What comes in is read item by item without looking at what the form asks: that is the domain's
//! ([`domain::form::check`]), whose problems [`ResponseIn::problem`] gives back with the path that FHIR has for them.

mod read;
mod version;
mod write;

pub use read::{ResponseIn, Subject, from_response};
#[cfg(test)]
pub(in crate::r4) use version::tests as testing;
pub use version::{VersionOut, of_version};
pub use write::{ResponseOut, Who, from_source, to_response};

/// Last part of the canonical of this server's own Questionnaire; before it stands the base of whichever server wrote it.
pub const OWN_FORM: &str = "tijdig-pzp";

/// Canonicals under which the standard published the form, the current one first (SPEC section 0).
pub const CANONICALS: [&str; 2] = [domain::form::FORM_CANONICAL, "https://fhir.iknl.nl/fhir/Questionnaire/ACP-zib2020"];

/// Is this the form, whatever its version? The standard's canonicals, and our own Questionnaire's.
pub fn is_form(canonical: &str) -> bool {
    let url = canonical.split_once('|').map_or(canonical, |(url, _)| url);
    let own = url.strip_suffix(OWN_FORM).is_some_and(|before| before.ends_with("/Questionnaire/"));
    own || CANONICALS.contains(&url)
}

#[cfg(test)]
mod tests;
