//! Writing: an object whose elements stand in the order they are added, without those that have nothing to say.

use crate::r4::ResourceType;
use serde_json::{Map, Value};

/// A FHIR object being written.
#[derive(Debug, Default)]
pub(in crate::r4) struct Object(Map<String, Value>);

impl Object {
    /// An object without elements.
    pub fn new() -> Self {
        Self::default()
    }

    /// A resource, by its type.
    pub fn resource(kind: ResourceType) -> Self {
        Self::new().with("resourceType", kind.as_str())
    }

    /// Adds an element. A text without a visible character is left out: FHIR has no empty texts.
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        let empty = match &value {
            Value::Null => true,
            Value::String(text) => text.trim().is_empty(),
            Value::Object(map) => map.is_empty(),
            Value::Array(list) => list.is_empty(),
            Value::Bool(_) | Value::Number(_) => false,
        };
        if !empty {
            self.0.insert(key.to_owned(), value);
        }
        self
    }

    /// Adds an element where there is one.
    pub fn maybe(self, key: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// Adds a list where it holds anything.
    pub fn list(self, key: &str, values: impl IntoIterator<Item = Value>) -> Self {
        self.with(key, Value::Array(values.into_iter().collect()))
    }

    /// Nothing was added.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The object, or nothing where nothing was added.
    pub fn some(self) -> Option<Value> {
        (!self.is_empty()).then(|| self.build())
    }

    /// The object.
    pub fn build(self) -> Value {
        Value::Object(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_says_nothing_is_left_out() {
        let object = Object::resource(ResourceType::Goal)
            .with("a", " ")
            .maybe("b", None::<&str>)
            .list("c", [])
            .with("d", false)
            .maybe("e", Object::new().with("f", "").some())
            .with("g", "x");
        assert_eq!(object.build(), json!({"resourceType": "Goal", "d": false, "g": "x"}));
    }
}
