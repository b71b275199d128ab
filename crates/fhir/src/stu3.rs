//! FHIR STU3: the twin of the standard on zib2017 profiles (SPEC section 8), as another dialect of the same resources.
//!
//! What a plan means as FHIR is said once, in [`crate::r4`]. Here each resource of it is told in the words of STU3, and what comes
//! in STU3 is told in the words of R4 before it is read (`docs/adr/0006`):
//!
//! ```text
//! plan ── r4::project ── down ── STU3 resource ── search over STU3's own parameters
//! STU3 Bundle ── check_as(Stu3) ── up ── R4 Bundle ── r4::receive ── Delivery, problems at their STU3 paths
//! ```
//!
//! What the two do not share stands in `docs/stu3.md`.

mod codes;
pub mod conformance;
mod consent;
mod down;
pub mod form;
mod names;
pub mod project;
pub mod receive;
mod references;
mod shift;
mod up;

pub use down::down;

/// Canonical base of the guide.
pub const GUIDE: &str = "https://api.iknl.nl/docs/pzp/stu3";
/// Its version that is read and written.
pub const GUIDE_VERSION: &str = "1.0.0-rc2";
/// Canonical of the standard's form on zib2017.
pub const FORM_CANONICAL: &str = "https://api.iknl.nl/docs/pzp/stu3/Questionnaire/ACP-zib2017";

#[cfg(test)]
mod tests;
