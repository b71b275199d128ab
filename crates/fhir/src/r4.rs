//! FHIR R4: a plan as building blocks and as form, and back; what may be asked of them, and how the server says so.

pub mod audit;
pub mod conformance;
pub mod form;
pub mod handed;
pub mod id;
mod kind;
pub mod measure;
mod parts;
pub mod project;
pub mod receive;
pub mod search;
#[cfg(test)]
pub(crate) mod standard_files;
mod view;

pub use kind::{ResourceType, UnknownType};
pub use view::View;
