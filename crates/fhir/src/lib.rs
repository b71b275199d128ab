//! fhir
pub mod consult;
pub mod format;
pub mod r4;
pub mod standard;
pub mod stu3;
