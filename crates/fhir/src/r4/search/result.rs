//! How the result is to be: how many, in which order, how much of each (FHIR R4, 3.1.1.5).

use super::MOST;
use super::date::Stretch;
use super::filter::any;
use super::table::{self, Param, Sort};
use crate::format::Version;
use crate::r4::ResourceType;
use serde_json::Value;
use std::cmp::Ordering;

/// How much of each resource is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// All of it.
    Whole,
    /// Nothing but how many there are.
    Count,
    /// The elements that FHIR marks as summary.
    Summary,
    /// Narrative, id, meta and what is mandatory.
    Text,
    /// All but the narrative.
    Data,
    /// These elements, and what is mandatory.
    Elements(Vec<String>),
}

/// A page size; more than the most is the most.
pub(super) fn count(text: &str) -> Option<usize> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(MOST).min(MOST))
}

pub(super) fn summary(text: &str) -> Option<Form> {
    Some(match text {
        "true" => Form::Summary,
        "text" => Form::Text,
        "data" => Form::Data,
        "count" => Form::Count,
        "false" => Form::Whole,
        _ => return None,
    })
}

/// Names of elements at the top of the resource, with or without its type before them.
pub(super) fn elements(kind: ResourceType, text: &str) -> Option<Vec<String>> {
    let prefix = format!("{kind}.");
    let names: Vec<String> = text.split(',').map(|name| name.trim().trim_start_matches(&prefix).to_owned()).collect();
    let fits =
        |name: &String| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'[' || b == b']');
    names.iter().all(fits).then_some(names)
}

/// Whether the total is wanted; it is always accurate.
pub(super) fn total(text: &str) -> Option<bool> {
    match text {
        "none" => Some(false),
        "estimate" | "accurate" => Some(true),
        _ => None,
    }
}

/// One key of the order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    param: &'static Param,
    down: bool,
}

/// `-date,_id`; `None` where one of them cannot be sorted by.
pub(super) fn order(version: Version, kind: ResourceType, text: &str) -> Option<Vec<Order>> {
    text.split(',')
        .map(|part| {
            let (name, down) = part.strip_prefix('-').map_or((part, false), |name| (name, true));
            let param = table::find(version, kind, name)?;
            let sortable = param.name == "_id" || matches!(param.sort, Sort::Date | Sort::Text | Sort::Uri);
            sortable.then_some(Order { param, down })
        })
        .collect()
}

/// What a resource is sorted by; a resource without the value comes last, whichever way.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Date(jiff::Timestamp),
    Text(String),
    Absent,
}

/// Puts resources in order; equal ones stay as they stand.
pub(super) fn sort(resources: Vec<Value>, order: &[Order]) -> Vec<Value> {
    if order.is_empty() {
        return resources;
    }
    let mut keyed: Vec<(Vec<Key>, Value)> =
        resources.into_iter().map(|resource| (order.iter().map(|by| key(&resource, by)).collect(), resource)).collect();
    keyed.sort_by(|(a, _), (b, _)| {
        order
            .iter()
            .zip(a.iter().zip(b))
            .map(|(by, (a, b))| compare(a, b, by.down))
            .find(|o| o.is_ne())
            .unwrap_or(Ordering::Equal)
    });
    keyed.into_iter().map(|(_, resource)| resource).collect()
}

fn compare(a: &Key, b: &Key, down: bool) -> Ordering {
    match (a, b) {
        (Key::Absent, _) | (_, Key::Absent) => a.cmp(b),
        _ if down => b.cmp(a),
        _ => a.cmp(b),
    }
}

fn key(resource: &Value, by: &Order) -> Key {
    let mut found = Key::Absent;
    for path in by.param.paths {
        any(resource, path, &mut |value| {
            let key = if by.param.sort == Sort::Date {
                // Upwards what begins first, downwards what ends last.
                Stretch::of_element(value).map_or(Key::Absent, |s| Key::Date(if by.down { s.to } else { s.from }))
            } else {
                value.as_str().map_or(Key::Absent, |text| Key::Text(super::filter::fold(text)))
            };
            let better = found == Key::Absent || compare(&key, &found, by.down).is_lt();
            if better {
                found = key;
            }
            false
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_page_has_a_size() {
        assert_eq!((count("0"), count("20"), count("5000")), (Some(0), Some(20), Some(MOST)));
        assert_eq!(count("99999999999999999999999"), Some(MOST));
        for wrong in ["-1", "", "tien", "1.5", "+1"] {
            assert_eq!(count(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn order_by_date_both_ways_with_the_undated_last() {
        let of = |id: &str, date: Option<&str>| json!({"resourceType": "Consent", "id": id, "dateTime": date});
        let all = || {
            vec![
                of("b", Some("2020-10-01")),
                of("none", None),
                of("a", Some("2022-11-08")),
                of("c", Some("2020-10-01")),
            ]
        };
        let ids = |by: &str| {
            let sorted = sort(all(), &order(Version::R4, ResourceType::Consent, by).unwrap());
            sorted.iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(ids("date"), ["b", "c", "a", "none"]);
        assert_eq!(ids("-date"), ["a", "b", "c", "none"]);
        assert_eq!(ids("date,-_id"), ["c", "b", "a", "none"]);
        assert!(
            order(Version::R4, ResourceType::Consent, "scope").is_none()
                && order(Version::R4, ResourceType::Consent, "nothing").is_none()
        );
    }

    #[test]
    fn elements_may_carry_their_type() {
        assert_eq!(
            elements(ResourceType::Consent, "status, Consent.provision"),
            Some(vec!["status".into(), "provision".into()])
        );
        assert_eq!(elements(ResourceType::Consent, "a,,b"), None);
    }
}
