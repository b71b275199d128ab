//! FHIR R4: a plan as building blocks and as form, and back; what may be asked of them, and how the server says so.

mod kind;
pub mod conformance;
pub mod search;

pub use kind::{ResourceType, UnknownType};
