//! Codes, identifiers and notes.

use super::node::Node;
use super::object::Object;
use crate::format::{IssueType, Kind};
use domain::code::{CodeSet, Coding};
use domain::plan::Identifier;
use serde_json::{Value, json};

/// A coding.
pub(in crate::r4) fn coding(coding: &Coding) -> Value {
    Object::new()
        .maybe("system", coding.system.as_deref())
        .with("code", coding.code.as_str())
        .maybe("display", coding.display.as_deref())
        .build()
}

/// A concept of one coding.
pub(in crate::r4) fn concept(of: &Coding) -> Value {
    concept_with(of, None)
}

/// A concept of one coding, with a text of its own.
pub(in crate::r4) fn concept_with(of: &Coding, text: Option<&str>) -> Value {
    Object::new().list("coding", [coding(of)]).maybe("text", text).build()
}

/// A concept of the member of a closed set.
pub(in crate::r4) fn member<S: CodeSet>(of: S) -> Value {
    concept(&of.coding())
}

/// A concept that is always the same.
pub(in crate::r4) fn fixed(system: &str, code: &str, display: Option<&str>) -> Value {
    let coding = Object::new().with("system", system).with("code", code).maybe("display", display).build();
    json!({"coding": [coding]})
}

/// Takes a coding; `None` where it has no code.
pub(in crate::r4) fn take_coding(node: &Node<'_>) -> Option<Coding> {
    let code = node.text("code")?;
    Some(Coding { system: node.text("system"), code, display: node.peek("display").map(str::to_owned) })
}

/// The codings of a concept, without taking them.
pub(in crate::r4) fn codings(concept: &Value) -> Vec<Coding> {
    let list = concept.get("coding").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let text = |c: &Value, key: &str| c.get(key).and_then(Value::as_str).map(str::to_owned);
    list.iter()
        .filter_map(|c| Some(Coding { system: text(c, "system"), code: text(c, "code")?, display: text(c, "display") }))
        .collect()
}

/// Has a concept this code?
pub(in crate::r4) fn has(concept: &Value, system: &str, code: &str) -> bool {
    codings(concept).iter().any(|c| c.is(system, code))
}

/// Takes the first coding of a concept that a reader knows, with what it means.
pub(in crate::r4) fn take_known<T>(concept: &Node<'_>, known: impl Fn(&Coding) -> Option<T>) -> Option<T> {
    concept.each("coding").iter().find_map(|node| {
        let found = known(&peek_coding(node)?)?;
        take_coding(node);
        Some(found)
    })
}

/// Business identifiers as they came.
pub(in crate::r4) fn identifiers(list: &[Identifier]) -> Vec<Value> {
    list.iter().map(identifier).collect()
}

/// A business identifier as it came.
pub(in crate::r4) fn identifier(of: &Identifier) -> Value {
    Object::new()
        .maybe("type", of.kind.as_ref().map(concept))
        .maybe("system", of.system.as_deref())
        .maybe("value", of.value.as_deref())
        .build()
}

/// Takes the business identifiers of a resource.
pub(in crate::r4) fn take_identifiers(resource: &Node<'_>) -> Vec<Identifier> {
    resource.each("identifier").iter().filter_map(take_identifier).collect()
}

/// Takes a business identifier; `None` where it says nothing.
pub(in crate::r4) fn take_identifier(node: &Node<'_>) -> Option<Identifier> {
    let kind = node.get("type").and_then(|t| t.each("coding").first().and_then(take_coding));
    let found = Identifier { kind, system: node.text("system"), value: node.text("value") };
    (found.system.is_some() || found.value.is_some()).then_some(found)
}

/// Notes in their order.
pub(in crate::r4) fn notes<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<Value> {
    texts.into_iter().filter(|t| !t.trim().is_empty()).map(|t| json!({"text": t})).collect()
}

/// Takes the notes of a resource; who wrote them and when has no place in the plan.
pub(in crate::r4) fn take_notes(resource: &Node<'_>) -> Vec<String> {
    resource.each("note").iter().filter_map(|n| n.text("text")).collect()
}

/// The first of the notes, and those beyond it.
pub(in crate::r4) fn first_note(mut notes: Vec<String>) -> (Option<String>, Vec<String>) {
    if notes.is_empty() {
        return (None, notes);
    }
    let rest = notes.split_off(1);
    (notes.pop(), rest)
}

/// Takes the code that every concept of its kind has; what stands beside it is left for naming.
pub(in crate::r4) fn take_code(concept: &Node<'_>, system: &str, code: &str) {
    take_known(concept, |c| c.is(system, code).then_some(()));
}

/// Takes the member of a closed set that a concept means.
pub(in crate::r4) fn take_member<S: CodeSet>(concept: &Node<'_>) -> Option<S> {
    take_known(concept, S::of)
}

/// Refuses a concept for a code outside a required set.
pub(in crate::r4) fn outside_set(concept: &Node<'_>, set: &str) {
    concept.refuse(
        Kind::CodeOutsideSet,
        IssueType::CodeInvalid,
        format!("De code staat niet in de verplichte lijst {set}. Gebruik een code daaruit."),
    );
}

/// Takes a coding where a reader knows it.
pub(in crate::r4) fn take_if(node: &Node<'_>, known: impl Fn(&Coding) -> bool) -> Option<Coding> {
    known(&peek_coding(node)?).then(|| take_coding(node)).flatten()
}

/// A coding, without taking it.
fn peek_coding(node: &Node<'_>) -> Option<Coding> {
    let text = |key| node.peek(key).map(str::to_owned);
    Some(Coding { system: text("system"), code: text("code")?, display: text("display") })
}
