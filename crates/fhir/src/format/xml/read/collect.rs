//! The elements of one object while they come in: repetitions become lists, and ids and extensions of primitives go to `_name`.

use serde_json::{Map, Value};

/// An object that is being filled.
pub(super) struct Collected<'m> {
    map: &'m mut Map<String, Value>,
    /// Whether any primitive has something beside it, so that the lists have to be made equally long at the end.
    beside: bool,
}

impl<'m> Collected<'m> {
    pub fn new(map: &'m mut Map<String, Value>) -> Self {
        Collected { map, beside: false }
    }

    /// How many of an element there are so far.
    pub fn count(&self, name: &str) -> usize {
        self.map.get(name).and_then(Value::as_array).map_or(0, Vec::len)
    }

    /// Adds an object, resource or narrative. One too many of a single element makes a list, for the check to find.
    pub fn add(&mut self, name: &str, many: bool, value: Value) {
        match self.map.get_mut(name) {
            Some(Value::Array(list)) => list.push(value),
            Some(single) => {
                let first = single.take();
                *single = Value::Array(vec![first, value]);
            }
            None => {
                self.map.insert(name.to_owned(), if many { Value::Array(vec![value]) } else { value });
            }
        }
    }

    /// Adds an element that the table does not know: a list as soon as it repeats.
    pub fn add_unknown(&mut self, name: &str, value: Value) {
        self.add(name, false, value);
    }

    /// Adds a primitive with what stands beside its value. An element with neither leaves an empty `_name`, for the check to find.
    pub fn add_primitive(&mut self, name: &str, many: bool, value: Option<Value>, beside: Map<String, Value>) {
        let value = match value {
            Some(value) if beside.is_empty() && !self.beside => return self.add(name, many, value),
            value => value,
        };
        let key = format!("_{name}");
        let first = !self.map.contains_key(name) && !self.map.contains_key(&key);
        let beside = (value.is_none() || !beside.is_empty()).then_some(Value::Object(beside));
        self.beside |= beside.is_some();
        if first && !many {
            if let Some(value) = value {
                self.map.insert(name.to_owned(), value);
            }
            if let Some(beside) = beside {
                self.map.insert(key, beside);
            }
            return;
        }
        // Lists: a place in the one is the same place in the other.
        let at = listed(self.map, name).len();
        if let Some(beside) = beside {
            let besides = listed(self.map, &key);
            let at = at.max(besides.len());
            besides.resize(at, Value::Null);
            besides.push(beside);
            listed(self.map, name).resize(at, Value::Null);
        }
        listed(self.map, name).push(value.unwrap_or_default());
    }

    /// Makes each pair of lists equally long, and drops lists that hold nothing.
    pub fn finish(self) {
        if !self.beside {
            return;
        }
        let keys: Vec<String> = self
            .map
            .iter()
            .filter(|(key, value)| key.starts_with('_') && value.is_array())
            .map(|(key, _)| key.clone())
            .collect();
        for key in keys {
            let len = self.map.get(&key[1..]).and_then(Value::as_array).map_or(0, Vec::len);
            let list = listed(self.map, &key);
            let len = len.max(list.len());
            list.resize(len, Value::Null);
            let values = listed(self.map, &key[1..]);
            values.resize(len, Value::Null);
            if values.iter().all(Value::is_null) {
                self.map.shift_remove(&key[1..]);
            }
        }
    }
}

/// The list under a key, made where there is none or a single value.
fn listed<'a>(map: &'a mut Map<String, Value>, key: &str) -> &'a mut Vec<Value> {
    let value = map.entry(key).or_insert_with(|| Value::Array(Vec::new()));
    if !value.is_array() {
        let first = value.take();
        *value = Value::Array(vec![first]);
    }
    match value {
        Value::Array(list) => list,
        _ => unreachable!("made a list just above"),
    }
}
