//! A resource as XML text.

use serde_json::{Map, Value, json};

use super::FHIR;
use crate::format::narrative::{self, XHTML};
use crate::format::path::is_name;
use crate::format::primitive::printable;
use crate::format::table::{Shape, Tables, TypeDef, Version, tables};

/// An R4 resource as XML, on one line, with declaration and namespace.
///
/// Elements come out in the order of the standard, whatever their order in JSON. An element that the table does not know is written
/// after the others as well as can be (a text, number or boolean as `value`, a list as repetition), since dropping it silently would
/// be worse (only a name that XML cannot hold is left out). Characters that XML cannot hold become U+FFFD, and a narrative that is not XHTML is written as its text.
///
/// What has no usable `resourceType` cannot be written; an OperationOutcome that says so is given in its place.
pub fn to_xml(resource: &Value) -> String {
    to_xml_as(Version::R4, resource)
}

/// As [`to_xml`], for a version of FHIR.
pub fn to_xml_as(version: Version, resource: &Value) -> String {
    let mut writer = Writer { tables: tables(version), out: String::with_capacity(4096), entries: Vec::new() };
    writer.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    if writer.resource(resource, true) {
        return writer.out;
    }
    to_xml_as(
        version,
        &json!({"resourceType": "OperationOutcome", "issue": [{
            "severity": "fatal", "code": "exception", "details": {"text": "Dit is geen FHIR-resource en kan niet als XML worden gegeven."}
        }]}),
    )
}

/// An element as it is about to be written: its value and what stands beside that (`_name`), where the table puts it.
#[derive(Clone, Copy, Default)]
struct Entry<'a> {
    order: u16,
    name: &'a str,
    shape: Option<Shape>,
    attribute: bool,
    value: Option<&'a Value>,
    beside: Option<&'a Value>,
}

struct Writer<'a> {
    tables: &'static Tables,
    out: String,
    /// The entries of the objects that are open, innermost last; kept between objects so that a resource costs few allocations.
    entries: Vec<Entry<'a>>,
}

impl<'a> Writer<'a> {
    /// Writes a resource; false where the value is not one.
    fn resource(&mut self, value: &'a Value, root: bool) -> bool {
        let Value::Object(map) = value else { return false };
        let Some(name) = map.get("resourceType").and_then(Value::as_str).filter(|name| is_name(name)) else {
            return false;
        };
        self.out.push('<');
        self.out.push_str(name);
        if root {
            self.attribute("xmlns", FHIR);
        }
        let known = self.tables.resource(name);
        self.body(known, map, name, true);
        true
    }

    /// An element of a complex type.
    fn object(&mut self, type_def: Option<&'static TypeDef>, map: &'a Map<String, Value>, name: &str) {
        self.out.push('<');
        self.out.push_str(name);
        self.body(type_def, map, name, false);
    }

    /// What follows the name in a start tag: attributes, children, end tag.
    fn body(&mut self, type_def: Option<&'static TypeDef>, map: &'a Map<String, Value>, name: &str, resource: bool) {
        let from = self.gather(type_def, map, resource);
        let to = self.entries.len();
        for at in from..to {
            let entry = self.entries[at];
            if let (true, Some(Value::String(text))) = (entry.attribute, entry.value) {
                self.attribute(entry.name, text);
            }
        }
        let tag_end = self.out.len();
        self.out.push('>');
        for at in from..to {
            let entry = self.entries[at];
            if !entry.attribute {
                self.entry(entry);
            }
        }
        self.entries.truncate(from);
        self.close(name, tag_end);
    }

    /// Ends an element whose start tag lacks its `>` from `tag_end` on: as an empty one where nothing was written since.
    fn close(&mut self, name: &str, tag_end: usize) {
        if self.out.len() == tag_end + 1 {
            self.out.truncate(tag_end);
            self.out.push_str("/>");
        } else {
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
    }

    /// Puts the entries of an object at the end of the list, in the order of XML, `_name` merged with `name`; gives where they start.
    fn gather(&mut self, type_def: Option<&'static TypeDef>, map: &'a Map<String, Value>, resource: bool) -> usize {
        let from = self.entries.len();
        let pairs = map.keys().any(|key| key.starts_with('_'));
        for (key, value) in map {
            if resource && key == "resourceType" {
                continue;
            }
            let entry = match key.strip_prefix('_') {
                Some(name) if map.contains_key(name) => continue,
                Some(name) => Entry { name, beside: Some(value), ..Entry::default() },
                None => Entry {
                    name: key,
                    value: Some(value),
                    beside: if pairs { map.get(&format!("_{key}")) } else { None },
                    ..Entry::default()
                },
            };
            self.entries.push(match type_def.and_then(|type_def| Some((type_def, type_def.property(entry.name)?.1))) {
                Some((type_def, property)) => Entry {
                    order: property.element,
                    shape: Some(property.shape),
                    attribute: type_def.element(property).attribute,
                    ..entry
                },
                None => Entry { order: u16::MAX, ..entry },
            });
        }
        self.entries[from..].sort_by_key(|entry| entry.order);
        from
    }

    /// Writes an element with all its repetitions.
    fn entry(&mut self, entry: Entry<'a>) {
        if !is_name(entry.name) {
            return;
        }
        let values = entry
            .value
            .map(|value| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice))
            .unwrap_or_default();
        let besides = entry
            .beside
            .map(|value| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice))
            .unwrap_or_default();
        for at in 0..values.len().max(besides.len()) {
            self.one(entry.name, entry.shape, values.get(at), besides.get(at));
        }
    }

    /// Writes one value of an element.
    fn one(&mut self, name: &str, shape: Option<Shape>, value: Option<&'a Value>, beside: Option<&'a Value>) {
        match (shape, value) {
            (Some(Shape::Complex(at)), Some(Value::Object(map))) => self.object(Some(self.tables.at(at)), map, name),
            (Some(Shape::Resource), Some(value @ Value::Object(_))) => {
                let start = self.out.len();
                self.start(name);
                if self.resource(value, false) {
                    self.end(name);
                } else {
                    self.out.truncate(start);
                    self.one(name, None, Some(value), beside);
                }
            }
            (Some(Shape::Xhtml), Some(Value::String(div))) if narrative::can_be_embedded(div) => {
                self.out.push_str(div.trim());
            }
            (Some(Shape::Xhtml), Some(Value::String(text))) => {
                self.out.push('<');
                self.out.push_str(name);
                self.attribute("xmlns", XHTML);
                self.out.push('>');
                escape(text, &mut self.out);
                self.end(name);
            }
            // What does not fit its place is written as what it looks like.
            (_, Some(Value::Object(map))) => self.object(None, map, name),
            (_, Some(Value::Array(list))) => list.iter().for_each(|value| self.one(name, shape, Some(value), None)),
            (_, value) => self.primitive(name, value, beside),
        }
    }

    fn primitive(&mut self, name: &str, value: Option<&'a Value>, beside: Option<&'a Value>) {
        let beside = beside.and_then(Value::as_object);
        let value = value.filter(|value| !value.is_null());
        if value.is_none() && beside.is_none() {
            return;
        }
        self.out.push('<');
        self.out.push_str(name);
        if let Some(id) = beside.and_then(|beside| beside.get("id")).and_then(Value::as_str) {
            self.attribute("id", id);
        }
        match value {
            Some(Value::String(text)) => self.attribute("value", text),
            Some(Value::Bool(value)) => self.attribute("value", if *value { "true" } else { "false" }),
            Some(Value::Number(number)) => self.attribute("value", &number.to_string()),
            _ => {}
        }
        let tag_end = self.out.len();
        self.out.push('>');
        if let Some(beside) = beside {
            let from = self.gather(Some(self.tables.at(self.tables.beside)), beside, false);
            for at in from..self.entries.len() {
                let entry = self.entries[at];
                if !entry.attribute {
                    self.entry(entry);
                }
            }
            self.entries.truncate(from);
        }
        self.close(name, tag_end);
    }

    fn start(&mut self, name: &str) {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push('>');
    }

    fn end(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(value, &mut self.out);
        self.out.push('"');
    }
}

/// Text as it can stand in an attribute: tabs and line ends as references, since a reader turns bare ones into spaces.
fn escape(text: &str, out: &mut String) {
    let mut written = 0;
    // All that has to change is one of these bytes, or starts with the byte EF (U+FFFE and U+FFFF).
    for (at, b) in text.bytes().enumerate() {
        if b > b'>' && b != 0xef {
            continue;
        }
        let (with, len) = match b {
            b'&' => ("&amp;", 1),
            b'<' => ("&lt;", 1),
            b'>' => ("&gt;", 1),
            b'"' => ("&quot;", 1),
            b'\t' => ("&#9;", 1),
            b'\n' => ("&#10;", 1),
            b'\r' => ("&#13;", 1),
            0..b' ' => ("\u{fffd}", 1),
            0xef if text[at..].chars().next().is_some_and(|c| !printable(c)) => ("\u{fffd}", 3),
            _ => continue,
        };
        out.push_str(&text[written..at]);
        out.push_str(with);
        written = at + len;
    }
    out.push_str(&text[written..]);
}
