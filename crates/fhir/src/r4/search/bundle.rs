//! The answer to a search as a Bundle, with its links.

use super::PageKey;
use super::page::{PARAM, Place};
use super::query::{Mode, Page, Query};
use super::result::Form;
use crate::format::outcome;
use crate::r4::ResourceType;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// What stands as itself in a query string.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/')
    .remove(b':')
    .remove(b',')
    .remove(b'*');

/// `[base]/[path]?name=value&…`.
pub fn link<'a>(base: &str, path: &str, params: impl IntoIterator<Item = &'a (String, String)>) -> String {
    let mut url = format!("{base}/{path}");
    for (n, (name, value)) in params.into_iter().enumerate() {
        let mark = if n == 0 { '?' } else { '&' };
        // Writing to a String cannot fail.
        let _ = write!(url, "{mark}{}={}", utf8_percent_encode(name, PLAIN), utf8_percent_encode(value, PLAIN));
    }
    url
}

/// A link to the page of a search that begins after `offset` matches.
pub(super) fn page_link(
    base: &str,
    path: &str,
    place: &Place,
    offset: usize,
    around: &[(String, String)],
    key: &PageKey,
) -> Option<String> {
    let token = key.seal(&Place { offset, ..place.clone() })?;
    let mut params = vec![(PARAM.to_owned(), token)];
    params.extend_from_slice(around);
    Some(link(base, path, &params))
}

/// The address of a resource of this server.
pub(super) fn full_url(base: &str, resource: &Value) -> Option<String> {
    Some(format!("{base}/{}", super::include::address(resource)?))
}

/// Link of a search from its beginning, without what would tell a number or a name.
fn self_link(query: &Query) -> String {
    link(&query.base, query.kind().as_str(), query.used.iter().chain(&query.around))
}

/// The Bundle of type `searchset`: total, links, the page, and what was left aside.
///
/// Links hold no value of a parameter that may identify a person (decision 54): the `self` link leaves it out, the `next` link carries
/// the search in a sealed token.
pub fn searchset(query: &Query, page: Page, key: &PageKey) -> Value {
    let (base, path) = (&query.base, query.kind().as_str());
    let own = if query.offset == 0 {
        Some(self_link(query))
    } else {
        page_link(base, path, &query.place, query.offset, &query.around, key)
    };
    let mut links: Vec<Value> = own.map(|url| json!({"relation": "self", "url": url})).into_iter().collect();
    let next = page.next.and_then(|offset| page_link(base, path, &query.place, offset, &query.around, key));
    links.extend(next.map(|url| json!({"relation": "next", "url": url})));
    let mut entries: Vec<Value> = Vec::with_capacity(page.entries.len() + 1);
    for entry in page.entries {
        let mode = match entry.mode {
            Mode::Match => "match",
            Mode::Include => "include",
        };
        let mut out = Map::with_capacity(3);
        if let Some(url) = full_url(base, &entry.resource) {
            out.insert("fullUrl".into(), url.into());
        }
        out.insert("resource".into(), entry.resource);
        out.insert("search".into(), json!({"mode": mode}));
        entries.push(Value::Object(out));
    }
    if !query.ignored.is_empty() {
        entries.push(json!({"resource": outcome(&query.ignored), "search": {"mode": "outcome"}}));
    }
    let mut bundle = Map::with_capacity(5);
    bundle.insert("resourceType".into(), "Bundle".into());
    bundle.insert("type".into(), "searchset".into());
    if query.total || query.form == Form::Count {
        bundle.insert("total".into(), page.total.into());
    }
    bundle.insert("link".into(), links.into());
    if !entries.is_empty() {
        bundle.insert("entry".into(), entries.into());
    }
    Value::Object(bundle)
}

/// The place of a history, which belongs to one resource.
pub(super) fn history_place(kind: ResourceType, id: &str, params: &[(String, String)]) -> Place {
    let mut params = params.to_vec();
    params.push(("_history".into(), id.to_owned()));
    Place { kind, params, offset: 0 }
}
