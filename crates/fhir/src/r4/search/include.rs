//! `_include`: the resources that the matches refer to.

use super::filter::{local, reference};
use super::parse::{Refusal, wrong};
use super::table::{self, Param};
use crate::format::Version;
use crate::r4::ResourceType;
use serde_json::Value;
use std::collections::HashSet;

/// Most rounds of `_include:iterate`.
const ROUNDS: usize = 5;

/// One `_include`.
#[derive(Clone, Debug)]
pub(super) struct Include {
    /// From resources of this type; absent: from any.
    source: Option<ResourceType>,
    /// Along this reference; absent: along all.
    param: Option<&'static Param>,
    /// To this type; absent: to any.
    target: Option<ResourceType>,
    /// Also from what was included.
    iterate: bool,
}

impl Include {
    /// Reads `*`, `Type:*`, `Type:param` or `Type:param:Target`; the modifier `:iterate` (in older versions `:recurse`) may be there.
    pub fn parse(version: Version, name: &str, value: &str) -> Result<Self, Refusal> {
        let iterate = match name.split_once(':') {
            None => false,
            Some((_, "iterate" | "recurse")) => true,
            Some(_) => return Err(wrong(name, "Achter _include kan hier alleen :iterate staan.")),
        };
        let all = |source| Self { source, param: None, target: None, iterate };
        let parts: Vec<&str> = value.split(':').collect();
        let (source, param, target) = match parts[..] {
            ["*"] => return Ok(all(None)),
            [source, param] => (source, param, None),
            [source, param, target] => (source, param, Some(target)),
            _ => return Err(wrong(name, "Gebruik _include=Soort:parameter, bijvoorbeeld Consent:actor.")),
        };
        let source: ResourceType = source.parse().map_err(|_| Refusal::Unknown)?;
        if param == "*" && target.is_none() {
            return Ok(all(Some(source)));
        }
        let param = table::includes(version, source).find(|p| p.name == param).ok_or(Refusal::Unknown)?;
        let target = match target {
            None => None,
            Some(of) => Some(of.parse().ok().filter(|kind| param.targets.contains(kind)).ok_or(Refusal::Unknown)?),
        };
        Ok(Self { source: Some(source), param: Some(param), target, iterate })
    }

    /// The references it follows from a resource.
    fn follow<'r>(&self, resource: &'r Value, (version, base): (Version, &str), found: &mut Vec<&'r str>) {
        let Some(kind) = kind_of(resource) else { return };
        if self.source.is_some_and(|source| source != kind) {
            return;
        }
        for param in table::includes(version, kind).filter(|p| self.param.is_none_or(|wanted| wanted.name == p.name)) {
            for path in param.paths {
                collect(resource, path, &mut |value| {
                    let Some(at) = reference(value).map(|r| local(r, base)) else { return };
                    if self.target.is_none_or(|target| at.split('/').next() == Some(target.as_str())) {
                        found.push(at);
                    }
                });
            }
        }
    }
}

fn collect<'r>(value: &'r Value, path: &[&str], take: &mut dyn FnMut(&'r Value)) {
    match (value, path) {
        (Value::Array(list), _) => list.iter().for_each(|value| collect(value, path, take)),
        (_, []) => take(value),
        (_, [name, rest @ ..]) => {
            if let Some(value) = value.get(name) {
                collect(value, rest, take);
            }
        }
    }
}

fn kind_of(resource: &Value) -> Option<ResourceType> {
    resource.get("resourceType")?.as_str()?.parse().ok()
}

/// `Type/id` of a resource.
pub(super) fn address(resource: &Value) -> Option<String> {
    let text = |name: &str| resource.get(name).and_then(Value::as_str);
    Some(format!("{}/{}", text("resourceType")?, text("id")?))
}

/// The resources that the matches refer to, each once, and none that is a match itself.
pub(super) fn included(
    matches: &[Value],
    includes: &[Include],
    around: (Version, &str),
    resolve: &dyn Fn(&str) -> Option<Value>,
) -> Vec<Value> {
    let mut out: Vec<Value> = Vec::new();
    if includes.is_empty() {
        return out;
    }
    let mut seen: HashSet<String> = matches.iter().filter_map(address).collect();
    let mut from = 0;
    for round in 0..=ROUNDS {
        let mut references = Vec::new();
        let sources: &[Value] = if round == 0 { matches } else { &out[from..] };
        for resource in sources {
            for include in includes.iter().filter(|include| round == 0 || include.iterate) {
                include.follow(resource, around, &mut references);
            }
        }
        let mut new = Vec::new();
        for reference in references {
            if !seen.contains(reference) {
                seen.insert(reference.to_owned());
                new.extend(resolve(reference));
            }
        }
        if new.is_empty() {
            break;
        }
        from = out.len();
        out.extend(new);
    }
    out
}
