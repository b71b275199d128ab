//! Search over a patient's projected resources, and over what describes this server (SPEC 4.1 to 4.3; FHIR R4, section 3.1.1), in R4
//! and in STU3: the versions differ in their table of parameters.
//!
//! ```text
//! params ── parse ── Query ── patient() ── the caller finds and permits the patient
//!                      └───── select(project, resolve) ── Page ── searchset ── Bundle
//! ```
//!
//! A search is about one patient: `patient`, `subject`, `patient.identifier` or the ids asked for name whose resources are projected;
//! everything else filters what the projection gives. One table ([`table`]) holds every parameter, and the CapabilityStatement is made
//! from it.

mod bundle;
mod codes;
mod date;
mod filter;
mod history;
mod include;
mod page;
mod parse;
mod query;
mod result;
mod selector;
mod subset;
pub mod table;
mod value;

pub use bundle::{link, searchset};
pub(in crate::r4) use filter::fold;
pub use history::{History, history};
pub use page::PageKey;
pub use parse::parse;
pub use query::{Entry, Mode, Page, Query};
pub use selector::PatientSelector;
pub use value::is_id;

use crate::format::Version;

/// Most resources on a page where the client does not say (decision 36).
pub const PAGE: usize = 100;
/// Most resources on a page, whatever the client says.
pub const MOST: usize = 1000;

/// What to do with parameters that are not known (header `Prefer`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Handling {
    /// Ignore them and say so in the Bundle.
    #[default]
    Lenient,
    /// Refuse the search.
    Strict,
}

impl Handling {
    /// Reads the values of a request's `Prefer` headers; anything but `handling=strict` is lenient.
    pub fn of_prefer<'a>(headers: impl IntoIterator<Item = &'a str>) -> Self {
        let strict = headers.into_iter().flat_map(|header| header.split([',', ';'])).any(|part| {
            part.split_once('=').is_some_and(|(name, value)| {
                name.trim().eq_ignore_ascii_case("handling")
                    && value.trim().trim_matches('"').eq_ignore_ascii_case("strict")
            })
        });
        if strict { Self::Strict } else { Self::Lenient }
    }
}

/// What a search needs to know of the server and the request.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// URL of the server's API of this version, such as `https://host/fhir/r4`.
    pub base: &'a str,
    /// The version of FHIR in which the resources stand.
    pub version: Version,
    /// What the client prefers.
    pub handling: Handling,
    /// Key of the page tokens.
    pub key: &'a PageKey,
}

#[cfg(test)]
mod tests;
