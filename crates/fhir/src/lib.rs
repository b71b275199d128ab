//! fhir
pub mod consult;
pub mod format;
pub mod r4;
pub mod stu3;
