//! A resource put from one version's structure into the other's, by both tables: what both have stays, a list becomes one and one
//! becomes a list, and what the other does not have is left behind and named.

use crate::format::{Shape, Tables, TypeDef, Version, tables};
use serde_json::{Map, Value};

/// What was left behind: paths within the resource, in the terms of the version it came from.
pub(super) type Left = Vec<String>;

/// Puts the elements of a resource over. `names` gives an element's name on the other side, where it has another.
pub(super) fn shift(
    resource: Map<String, Value>,
    (from, to): (Version, Version),
    names: &dyn Fn(&str, &str) -> Option<&'static str>,
    left: &mut Left,
) -> Map<String, Value> {
    let kind = resource.get("resourceType").and_then(Value::as_str).unwrap_or_default().to_owned();
    let (from, to) = (tables(from), tables(to));
    match (from.resource(&kind), to.resource(&kind)) {
        (Some(a), Some(b)) => Shift { from, to, names, left }.object(resource, (a, b), ""),
        // A type that one of them does not know is nothing to put over.
        _ => resource,
    }
}

struct Shift<'a> {
    from: &'static Tables,
    to: &'static Tables,
    names: &'a dyn Fn(&str, &str) -> Option<&'static str>,
    left: &'a mut Left,
}

impl Shift<'_> {
    fn object(
        &mut self,
        object: Map<String, Value>,
        (from, to): (&'static TypeDef, &'static TypeDef),
        path: &str,
    ) -> Map<String, Value> {
        let mut out = Map::new();
        for (key, value) in object {
            if key == "resourceType" {
                out.insert(key, value);
                continue;
            }
            let (mark, name) = key.strip_prefix('_').map_or(("", key.as_str()), |name| ("_", name));
            let here = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            // What its own version does not know was named by the structural check.
            let Some((_, was)) = from.property(name) else { continue };
            let renamed = (self.names)(from.name, name).unwrap_or(name);
            let Some((_, is)) = to.property(renamed) else {
                self.left.push(here);
                continue;
            };
            let same = match (was.shape, is.shape) {
                (Shape::Complex(a), Shape::Complex(b)) => Self::same_type(self.from.at(a), self.to.at(b)),
                (Shape::Resource, Shape::Resource) | (Shape::Xhtml, Shape::Xhtml) => true,
                (a, b) => a.primitive().is_some() && b.primitive().is_some(),
            };
            if !same {
                self.left.push(here);
                continue;
            }
            let value = match (from.element(was).many, to.element(is).many) {
                (true, false) => match value {
                    Value::Array(mut list) => {
                        if list.len() > 1 {
                            self.left.push(format!("{here}[1]"));
                        }
                        if list.is_empty() {
                            continue;
                        }
                        list.swap_remove(0)
                    }
                    other => other,
                },
                (false, true) => Value::Array(vec![value]),
                _ => value,
            };
            let value = match (mark, was.shape, is.shape) {
                ("", Shape::Complex(a), Shape::Complex(b)) => {
                    self.value(value, (self.from.at(a), self.to.at(b)), &here)
                }
                _ => value,
            };
            out.insert(format!("{mark}{renamed}"), value);
        }
        out
    }

    fn value(&mut self, value: Value, types: (&'static TypeDef, &'static TypeDef), path: &str) -> Value {
        match value {
            Value::Object(object) => Value::Object(self.object(object, types, path)),
            Value::Array(list) => {
                let put = |(n, value)| self.value(value, types, &format!("{path}[{n}]"));
                Value::Array(list.into_iter().enumerate().map(put).collect())
            }
            other => other,
        }
    }

    /// Is it the same data type? A part of a type is the same whatever it is called.
    fn same_type(a: &TypeDef, b: &TypeDef) -> bool {
        a.name == b.name || (a.sort == b.sort && a.sort == crate::format::Sort::Part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn up(resource: Value) -> (Value, Left) {
        let Value::Object(map) = resource else { panic!("an object") };
        let mut left = Left::new();
        let out = shift(map, (Version::Stu3, Version::R4), &|_, _| None, &mut left);
        (Value::Object(out), left)
    }

    #[test]
    fn what_both_have_stays_and_what_only_one_has_is_named() {
        let (out, left) = up(json!({
            "resourceType": "Procedure", "status": "completed", "notDone": false, "subject": {"reference": "Patient/a"},
            "performer": [{"actor": {"reference": "Patient/a"}, "role": {"text": "x"}}], "nonsense": 1
        }));
        assert_eq!(
            out,
            json!({"resourceType": "Procedure", "status": "completed", "subject": {"reference": "Patient/a"},
                "performer": [{"actor": {"reference": "Patient/a"}}]})
        );
        assert_eq!(left, ["notDone", "performer[0].role"]);
    }

    #[test]
    fn one_becomes_a_list_and_a_list_becomes_one() {
        let (out, _) = up(json!({"resourceType": "Consent", "identifier": {"value": "1"}}));
        assert_eq!(out["identifier"], json!([{"value": "1"}]));
        let Value::Object(map) = json!({"resourceType": "Consent", "identifier": [{"value": "1"}, {"value": "2"}]})
        else {
            panic!("an object")
        };
        let mut left = Left::new();
        let out = shift(map, (Version::R4, Version::Stu3), &|_, _| None, &mut left);
        assert_eq!((&out["identifier"], left), (&json!({"value": "1"}), vec!["identifier[1]".to_owned()]));
    }

    #[test]
    fn another_type_under_the_same_name_is_left_behind() {
        let (out, left) = up(
            json!({"resourceType": "QuestionnaireResponse", "questionnaire": {"reference": "x"}, "status": "completed"}),
        );
        assert_eq!((out.get("questionnaire"), left), (None, vec!["questionnaire".to_owned()]));
    }
}
