//! The resources that a source gave, and those that they refer to.

use super::is_id;
use serde_json::Value;
use std::collections::BTreeSet;

/// Types that are worth a request of their own where something refers to them.
const WORTH_READING: [&str; 7] =
    ["Encounter", "Procedure", "RelatedPerson", "Practitioner", "PractitionerRole", "Device", "Consent"];
/// Most of them.
const MOST: usize = 40;

/// A resource, and its full address where the source gave one.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub address: Option<String>,
    pub resource: Value,
}

/// What a source gave, each resource once.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    pub(super) items: Vec<Item>,
    names: BTreeSet<String>,
}

impl Gathered {
    /// Takes the resources of an answer.
    pub fn take(&mut self, bundle: Value) {
        let Value::Object(mut bundle) = bundle else { return };
        let Some(Value::Array(entries)) = bundle.remove("entry") else { return };
        for mut entry in entries {
            let address = entry["fullUrl"].as_str().map(str::to_owned);
            if let Some(resource) = entry.get_mut("resource") {
                self.put(address, resource.take());
            }
        }
    }

    /// Takes one resource that was read by itself.
    pub fn add(&mut self, resource: Value) {
        self.put(None, resource);
    }

    fn put(&mut self, address: Option<String>, resource: Value) {
        let kind = resource["resourceType"].as_str().unwrap_or_default();
        // Who it is about is known; what went wrong there tells nothing of the plan.
        if matches!(kind, "" | "Patient" | "OperationOutcome") {
            return;
        }
        let name = resource["id"].as_str().map(|id| format!("{kind}/{id}")).or_else(|| address.clone());
        if name.is_none_or(|name| self.names.insert(name)) {
            self.items.push(Item { address, resource });
        }
    }

    /// What is referred to and did not come, as `Type/id`, to be read at the source, whose address is `base`.
    pub fn missing(&self, base: &str) -> Vec<String> {
        let mut all = BTreeSet::new();
        for item in &self.items {
            references(&item.resource, &mut |reference| {
                let own = reference.strip_prefix(base).map_or(reference, |rest| rest.trim_start_matches('/'));
                let own = own.split("/_history/").next().unwrap_or(own);
                let Some((kind, id)) = own.split_once('/') else { return };
                if WORTH_READING.contains(&kind) && is_id(id) && !self.names.contains(own) {
                    all.insert(own.to_owned());
                }
            });
        }
        all.into_iter().take(MOST).collect()
    }
}

/// Every literal reference below a value, but for those of what is contained.
pub(super) fn references(value: &Value, told: &mut impl FnMut(&str)) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get("reference") {
                told(reference);
            }
            map.iter().filter(|(key, _)| *key != "contained").for_each(|(_, v)| references(v, told));
        }
        Value::Array(list) => list.iter().for_each(|v| references(v, told)),
        _ => {}
    }
}
