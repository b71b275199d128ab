//! FHIR's two wire formats and the structure they must have, driven by one table per version.
//!
//! A resource is a [`serde_json::Value`] in FHIR's JSON form; XML is a second spelling of the same value. What an element is
//! called, where it stands, what type it has and how often it may occur is read from a table of facts (`r4.tables`), so that
//! JSON, XML and the structural check can never disagree, and a later version is a table beside this one.
//!
//! ```text
//! bytes ── from_json ─┐                       ┌─ serde_json ── bytes
//!                     ├─ Value ── check ──────┤
//! text  ── from_xml ──┘     └─ Vec<Problem>   └─ to_xml ────── text
//! ```
//!
//! Nothing here knows a profile: patterns, slices and terminology are for the modules that do.

mod check;
mod json;
mod narrative;
mod path;
mod primitive;
mod problem;
mod table;
mod xml;

pub use check::{check, check_as};
pub use json::from_json;
pub use primitive::Primitive;
pub use problem::{IssueType, Kind, Problem, Severity, has_errors, outcome};
pub use table::{Element, Property, Shape, Sort, Tables, TypeDef, Version, tables};
pub use xml::{from_xml, from_xml_as, to_xml, to_xml_as};

/// How deep objects and arrays may be nested in what comes in, counted as JSON.
///
/// `serde_json` itself stops at 128, so that whatever is let in here can also be read back from where it is kept.
pub const MAX_DEPTH: usize = 100;
