//! What a delivery says, whatever ids its sender gave: the same Bundle sent again, with new UUIDs and another order, gives
//! the same text.

use super::index::Index;
use serde_json::Value;
use std::fmt::Write;

/// The text to know a delivery by. It holds everything the delivery says.
pub(super) fn of(index: &Index<'_>) -> String {
    // First with references by type only, to put the resources in an order of their own; then with that order's numbers.
    let plain: Vec<String> = index.entries.iter().map(|e| text(e.node.value, true, &|_| None)).collect();
    let mut order: Vec<usize> = (0..plain.len()).collect();
    order.sort_by(|a, b| plain[*a].cmp(&plain[*b]));
    let mut place = vec![0; order.len()];
    order.iter().enumerate().for_each(|(n, at)| place[*at] = n);
    let mut whole = String::new();
    for at in &order {
        let entry = &index.entries[*at];
        let number = |reference: &Value| place.get(index.resolve(entry, reference).ok()??).copied();
        whole.push_str(&text(entry.node.value, true, &number));
        whole.push('\n');
    }
    whole
}

/// The text to know a form by that comes without a Bundle.
pub(super) fn of_form(form: &Value) -> String {
    text(form, true, &|_| None)
}

/// A value as text with its keys in order, without what a sender or a server gives anew each time.
fn text(value: &Value, root: bool, number: &dyn Fn(&Value) -> Option<usize>) -> String {
    match value {
        Value::Object(map) => {
            if map.get("reference").is_some_and(Value::is_string) {
                let kind = map.get("type").and_then(Value::as_str).unwrap_or_default();
                return number(value).map_or_else(|| format!("→{kind}"), |n| format!("→{n}"));
            }
            let mut keys: Vec<&String> =
                map.keys().filter(|k| !(root && matches!(k.as_str(), "id" | "meta" | "text" | "contained"))).collect();
            keys.sort();
            let mut out = String::from("{");
            for key in keys {
                let _ = write!(out, "{key:?}:{},", text(&map[key], false, number));
            }
            out.push('}');
            out
        }
        Value::Array(list) => {
            let items: Vec<String> = list.iter().map(|v| text(v, false, number)).collect();
            format!("[{}]", items.join(","))
        }
        other => other.to_string(),
    }
}
