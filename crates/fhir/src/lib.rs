//! fhir
pub mod format;
pub mod r4;
