//! Extensions of the standard and of the Dutch core, each URL in one place.

use super::node::Node;
use super::object::Object;
use serde_json::{Value, json};

/// Explanation at an element.
pub(in crate::r4) const COMMENT: &str = "http://nictiz.nl/fhir/StructureDefinition/ext-Comment";
/// The exact code behind a FHIR code.
pub(in crate::r4) const CODE_SPECIFICATION: &str = "http://nictiz.nl/fhir/StructureDefinition/ext-CodeSpecification";
/// What 'other' means in a treatment directive; a modifier.
pub(in crate::r4) const SPECIFICATION_OTHER: &str =
    "http://nictiz.nl/fhir/StructureDefinition/ext-TreatmentDirective2.SpecificationOther";
/// A further written wish behind a treatment directive.
pub(in crate::r4) const ADVANCE_DIRECTIVE: &str =
    "http://nictiz.nl/fhir/StructureDefinition/ext-TreatmentDirective2.AdvanceDirective";
/// Why a treatment directive ended.
pub(in crate::r4) const REASON_FOR_ENDING: &str =
    "http://nictiz.nl/fhir/StructureDefinition/ext-TreatmentDirective2.ReasonForEnding";
/// Kind of address.
pub(in crate::r4) const ADDRESS_TYPE: &str =
    "http://nictiz.nl/fhir/StructureDefinition/ext-AddressInformation.AddressType";
/// Why a value is absent.
pub(in crate::r4) const DATA_ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// An extension with a text, where there is a text.
pub(in crate::r4) fn text(url: &str, value: Option<&str>) -> Option<Value> {
    let value = value.filter(|v| !v.trim().is_empty())?;
    Some(json!({"url": url, "valueString": value}))
}

/// An extension with a code.
pub(in crate::r4) fn code(url: &str, value: &str) -> Value {
    json!({"url": url, "valueCode": value})
}

/// An extension with any value, under its typed name such as `valueReference`.
pub(in crate::r4) fn of(url: &str, name: &str, value: Value) -> Value {
    Object::new().with("url", url).with(name, value).build()
}

/// The extensions of an element with this URL.
pub(in crate::r4) fn all<'a>(node: &Node<'a>, url: &str) -> Vec<Node<'a>> {
    node.each("extension").into_iter().filter(|e| e.peek("url") == Some(url)).collect()
}

/// Takes the text of the first extension with this URL; the URL goes with it.
pub(in crate::r4) fn take_text(node: &Node<'_>, url: &str) -> Option<String> {
    let extension = all(node, url).into_iter().next()?;
    let text = extension.text("valueString")?;
    extension.take();
    Some(text)
}
