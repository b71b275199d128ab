//! fhir
pub mod format;
