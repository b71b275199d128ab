//! FHIR's XML: the same resource in its other spelling (FHIR R4, section 2.6.1).
//!
//! Values are attributes, ids of elements and urls of extensions too; elements stand in the order of the table; a narrative is
//! XHTML as it is. What a JSON array or number is, XML does not say: the table does.

mod read;
mod write;

pub use read::{from_xml, from_xml_as};
pub use write::{to_xml, to_xml_as};

/// The namespace of FHIR.
const FHIR: &str = "http://hl7.org/fhir";

#[cfg(test)]
mod tests;
