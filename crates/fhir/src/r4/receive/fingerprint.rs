//! What a delivery says, whatever ids its sender gave: the same Bundle sent again, with new UUIDs and another order, gives
//! the same text.

use super::index::Index;
use serde_json::Value;
use std::fmt::Write;

/// The text to know a delivery by. It holds everything the delivery says.
pub(super) fn of(index: &Index<'_>) -> String {
    // First with references by type only, to put the resources in an order of their own; then with that order's numbers.
    let plain: Vec<String> = index.entries.iter().map(|e| of_form(e.node.value)).collect();
    let mut order: Vec<usize> = (0..plain.len()).collect();
    order.sort_by(|a, b| plain[*a].cmp(&plain[*b]));
    let mut place = vec![0; order.len()];
    order.iter().enumerate().for_each(|(n, at)| place[*at] = n);
    let mut whole = String::new();
    for at in &order {
        let entry = &index.entries[*at];
        let number = |reference: &Value| place.get(index.resolve(entry, reference).ok()??).copied();
        write(&mut whole, entry.node.value, true, &number);
        whole.push('\n');
    }
    whole
}

/// The text to know a form by that comes without a Bundle.
pub(super) fn of_form(form: &Value) -> String {
    let mut text = String::with_capacity(1024);
    write(&mut text, form, true, &|_| None);
    text
}

/// Writes a value with its keys in order, without what a sender or a server gives anew each time.
fn write(out: &mut String, value: &Value, root: bool, number: &dyn Fn(&Value) -> Option<usize>) {
    // Writing to a String cannot fail.
    match value {
        Value::Object(map) => {
            if map.get("reference").is_some_and(Value::is_string) {
                let kind = map.get("type").and_then(Value::as_str).unwrap_or_default();
                let _ = match number(value) {
                    Some(n) => write!(out, "→{n}"),
                    None => write!(out, "→{kind}"),
                };
                return;
            }
            let mut keys: Vec<&String> =
                map.keys().filter(|k| !(root && matches!(k.as_str(), "id" | "meta" | "text" | "contained"))).collect();
            keys.sort_unstable();
            out.push('{');
            for key in keys {
                quote(out, key);
                out.push(':');
                write(out, &map[key], false, number);
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(list) => {
            out.push('[');
            for (n, item) in list.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                write(out, item, false, number);
            }
            out.push(']');
        }
        Value::String(text) => quote(out, text),
        other => {
            let _ = write!(out, "{other}");
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
