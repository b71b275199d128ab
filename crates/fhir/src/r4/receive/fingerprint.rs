//! What a delivery says, whatever ids its sender gave: the same Bundle sent again, with new UUIDs and another order, gives
//! the same text.

use super::index::Index;
use serde_json::Value;
use std::fmt::Write;

/// The text to know a delivery by. It holds everything the delivery says.
pub(super) fn of(index: &Index<'_>) -> String {
    // Each resource without what its references lead to, which puts the resources in an order of their own; then, by
    // that order's numbers, what they lead to.
    let mut entries = Vec::with_capacity(index.entries.len());
    for (at, entry) in index.entries.iter().enumerate() {
        let mut text = Text::default();
        text.write(entry.node.value, true);
        entries.push((text, at));
    }
    entries.sort_by(|(a, _), (b, _)| a.said.cmp(&b.said));
    let mut place = vec![0; entries.len()];
    entries.iter().enumerate().for_each(|(n, (_, at))| place[*at] = n);
    let mut whole = String::with_capacity(entries.iter().map(|(text, _)| text.said.len() + 16).sum());
    for (text, at) in &entries {
        whole.push_str(&text.said);
        for reference in &text.references {
            let to = index.resolve(&index.entries[*at], reference).ok().flatten();
            whole.push('→');
            whole.push_str(&to.map(|to| place[to].to_string()).unwrap_or_default());
        }
        whole.push('\n');
    }
    whole
}

/// The text to know a form by that comes without a Bundle.
pub(super) fn of_form(form: &Value) -> String {
    let mut text = Text { said: String::with_capacity(1024), references: Vec::new() };
    text.write(form, true);
    text.said
}

/// A value with its keys in order, without what a sender or a server gives anew each time.
#[derive(Default)]
struct Text<'a> {
    said: String,
    /// The references in it, in the order of the text, which has only their type.
    references: Vec<&'a Value>,
}

impl<'a> Text<'a> {
    fn write(&mut self, value: &'a Value, root: bool) {
        match value {
            Value::Object(map) => {
                if map.get("reference").is_some_and(Value::is_string) {
                    self.said.push('→');
                    self.said.push_str(map.get("type").and_then(Value::as_str).unwrap_or_default());
                    self.references.push(value);
                    return;
                }
                let given_anew = |key: &str| root && matches!(key, "id" | "meta" | "text" | "contained");
                let mut elements: Vec<_> = map.iter().filter(|(key, _)| !given_anew(key)).collect();
                elements.sort_unstable_by_key(|(key, _)| *key);
                self.said.push('{');
                for (key, below) in elements {
                    quote(&mut self.said, key);
                    self.said.push(':');
                    self.write(below, false);
                    self.said.push(',');
                }
                self.said.push('}');
            }
            Value::Array(list) => {
                self.said.push('[');
                for (n, item) in list.iter().enumerate() {
                    if n > 0 {
                        self.said.push(',');
                    }
                    self.write(item, false);
                }
                self.said.push(']');
            }
            Value::String(text) => quote(&mut self.said, text),
            other => {
                // Writing to a String cannot fail.
                let _ = write!(self.said, "{other}");
            }
        }
    }
}

/// A text between quotes, so that no text can pass for two.
fn quote(out: &mut String, text: &str) {
    if text.bytes().all(|b| matches!(b, b' '..=b'~') && b != b'"' && b != b'\\' && b != b'\'') {
        // What most texts are needs no second look.
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        let _ = write!(out, "{text:?}");
    }
}
