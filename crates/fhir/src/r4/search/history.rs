//! `_history` of one resource as a Bundle (FHIR R4, 3.1.0.10; decision 9).

use super::bundle::{full_url, history_place, link, page_link};
use super::date::{DateTest, Stretch};
use super::page::{PARAM, Place};
use super::{Handling, Options, PAGE, PageKey, result};
use crate::format::{IssueType, Problem, Severity};
use crate::r4::ResourceType;
use serde_json::{Map, Value, json};

/// What is asked of a history.
#[derive(Clone, Debug)]
pub struct History {
    base: String,
    id: String,
    place: Place,
    count: usize,
    offset: usize,
    since: Option<DateTest>,
    used: Vec<(String, String)>,
    around: Vec<(String, String)>,
}

impl History {
    /// Reads the parameters of `[base]/[kind]/[id]/_history`: `_count`, `_since` and the page token.
    pub fn parse(
        kind: ResourceType,
        id: &str,
        params: &[(String, String)],
        options: &Options<'_>,
    ) -> Result<Self, Vec<Problem>> {
        let fault =
            |name: &str, code, text: &str| vec![Problem::new(Severity::Error, code, format!("http.{name}"), text)];
        if let Some((_, token)) = params.iter().find(|(name, _)| name == PARAM) {
            let mine = |place: &Place| {
                place.kind == kind && place.params.iter().any(|(name, value)| name == "_history" && value == id)
            };
            let place = options.key.open(token).filter(mine).ok_or_else(|| {
                fault(
                    PARAM,
                    IssueType::Value,
                    "Deze vervolglink is niet van deze server of niet meer geldig. Vraag de geschiedenis opnieuw op.",
                )
            })?;
            let mut all: Vec<_> = place
                .params
                .into_iter()
                .filter(|(name, _)| !matches!(name.as_str(), "_history" | "_format" | "_pretty"))
                .collect();
            all.extend(params.iter().filter(|(name, _)| matches!(name.as_str(), "_format" | "_pretty")).cloned());
            return Ok(Self { offset: place.offset, ..Self::parse(kind, id, &all, options)? });
        }
        let mut history = Self {
            base: options.base.trim_end_matches('/').to_owned(),
            id: id.to_owned(),
            place: history_place(kind, id, params),
            count: PAGE,
            offset: 0,
            since: None,
            used: Vec::new(),
            around: Vec::new(),
        };
        for (name, value) in params.iter().filter(|(_, value)| !value.is_empty()) {
            match name.as_str() {
                "_count" => {
                    history.count = result::count(value).ok_or_else(|| {
                        fault(name, IssueType::Value, "Geef bij _count een geheel getal van 0 of meer.")
                    })?;
                }
                "_since" => {
                    let test = DateTest::parse(&format!("ge{value}"));
                    history.since =
                        Some(test.ok_or_else(|| {
                            fault(name, IssueType::Value, "Geef bij _since een tijdstip met tijdzone.")
                        })?);
                }
                "_format" | "_pretty" => {
                    history.around.push((name.clone(), value.clone()));
                    continue;
                }
                _ if options.handling == Handling::Strict => {
                    return Err(fault(
                        "_history",
                        IssueType::NotSupported,
                        "Bij _history zijn alleen _count en _since bekend.",
                    ));
                }
                _ => continue,
            }
            history.used.push((name.clone(), value.clone()));
        }
        Ok(history)
    }
}

/// The Bundle of type `history`; `versions` is all of it, newest first.
///
/// Each version was written in its own time: the first by POST, later ones by PUT.
pub fn history(asked: &History, versions: Vec<Value>, key: &PageKey) -> Value {
    let kind = asked.place.kind;
    let oldest = versions.len().saturating_sub(1);
    let last_updated =
        |resource: &Value| resource.pointer("/meta/lastUpdated").and_then(Value::as_str).map(str::to_owned);
    let mut kept: Vec<(usize, Value)> = versions.into_iter().enumerate().collect();
    if let Some(since) = asked.since {
        kept.retain(|(_, resource)| {
            resource.pointer("/meta/lastUpdated").and_then(Stretch::of_element).is_none_or(|at| since.matches(at))
        });
    }
    let total = kept.len();
    let end = asked.offset.saturating_add(asked.count);
    let path = format!("{kind}/{}/_history", asked.id);
    let own = if asked.offset == 0 {
        let params: Vec<_> = asked.used.iter().chain(&asked.around).cloned().collect();
        Some(link(&asked.base, &path, &params))
    } else {
        page_link(&asked.base, &path, &asked.place, asked.offset, &asked.around, key)
    };
    let mut links: Vec<Value> = own.map(|url| json!({"relation": "self", "url": url})).into_iter().collect();
    if end < total && asked.count > 0 {
        let next = page_link(&asked.base, &path, &asked.place, end, &asked.around, key);
        links.extend(next.map(|url| json!({"relation": "next", "url": url})));
    }
    let entries: Vec<Value> = kept
        .into_iter()
        .skip(asked.offset)
        .take(asked.count)
        .map(|(n, resource)| {
            let first = n == oldest;
            let mut response = Map::new();
            response.insert("status".into(), if first { "201 Created" } else { "200 OK" }.into());
            if let Some(version) = resource.pointer("/meta/versionId").and_then(Value::as_str) {
                response.insert("etag".into(), format!("W/\"{version}\"").into());
            }
            if let Some(at) = last_updated(&resource) {
                response.insert("lastModified".into(), at.into());
            }
            let url = if first { kind.to_string() } else { format!("{kind}/{}", asked.id) };
            json!({
                "fullUrl": full_url(&asked.base, &resource),
                "resource": resource,
                "request": {"method": if first { "POST" } else { "PUT" }, "url": url},
                "response": response,
            })
        })
        .collect();
    let mut bundle = json!({"resourceType": "Bundle", "type": "history", "total": total, "link": links});
    if !entries.is_empty() {
        bundle["entry"] = entries.into();
    }
    bundle
}
