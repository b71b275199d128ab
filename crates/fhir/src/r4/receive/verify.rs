//! A resource against the rules of its profile.

use super::rules::{Profile, Rule};
use crate::format::{IssueType, Kind};
use crate::r4::parts::codeable;
use crate::r4::parts::node::Node;
use domain::date::FhirDateTime;
use jiff::civil::Date;
use serde_json::Value;

/// What a rule needs beside the resource.
pub(super) struct Against<'c> {
    /// Today in the Netherlands.
    pub today: Date,
    /// The type of what a reference leads to; `None` where it leads nowhere or says nothing.
    pub target: &'c dyn Fn(&Node<'_>) -> Option<&'c str>,
}

/// Refuses whatever breaks a rule.
pub(super) fn verify(resource: &Node<'_>, profile: &Profile, against: &Against<'_>) {
    for rule in profile.rules {
        apply(resource, rule, against);
    }
    modifiers(resource, profile.modifiers, true);
}

fn apply(resource: &Node<'_>, rule: &Rule, against: &Against<'_>) {
    match rule {
        Rule::Must(path) => {
            let (around, last) = path.rsplit_once('.').unwrap_or(("", path));
            for node in walk(resource, around) {
                if !is_there(node.value.get(last)) {
                    missing(&node, last);
                }
            }
        }
        Rule::MustEither(elements) => {
            if !elements.iter().any(|e| is_there(resource.value.get(*e))) {
                missing(resource, elements[0]);
            }
        }
        Rule::NeverBoth(a, b) => {
            if let (Some(first), false) = (walk(resource, a).first(), walk(resource, b).is_empty()) {
                let text = format!(
                    "Het element {} en het element {} sluiten elkaar uit. Laat er één weg.",
                    last_name(a),
                    last_name(b)
                );
                first.refuse(Kind::Invariant, IssueType::Invariant, text);
            }
        }
        Rule::Single(path) => {
            if let Some(second) = walk(resource, path).get(1) {
                second.refuse(
                    Kind::TooMany,
                    IssueType::Structure,
                    "Dit profiel staat hier één waarde toe. Laat er één staan.",
                );
            }
        }
        Rule::Is(path, system, code) => {
            for node in walk(resource, path).iter().filter(|n| !codeable::has(n.value, system, code)) {
                pattern(node, system, code);
            }
        }
        Rule::Has(path, system, code) => {
            let nodes = walk(resource, path);
            if let Some(first) = nodes.first().filter(|_| !nodes.iter().any(|n| codeable::has(n.value, system, code))) {
                pattern(first, system, code);
            }
        }
        Rule::In(path, set) => {
            for node in walk(resource, path) {
                if !codeable::codings(node.value).iter().any(set.has) {
                    codeable::outside_set(&node, set.name);
                }
            }
        }
        Rule::Only(choice, allowed) => only(resource, choice, allowed),
        Rule::To(path, kinds) => {
            for node in walk(resource, path) {
                if (against.target)(&node).is_some_and(|kind| !kinds.contains(&kind)) {
                    let text = format!("Hier kan alleen verwezen worden naar: {}.", kinds.join(", "));
                    node.refuse(Kind::Other, IssueType::Invalid, text);
                }
            }
        }
        Rule::Past(path) => {
            for node in walk(resource, path) {
                let date = node.value.as_str().and_then(|t| FhirDateTime::parse(t).ok());
                if date.is_some_and(|d| d.first_day() > against.today) {
                    node.refuse(
                        Kind::Other,
                        IssueType::BusinessRule,
                        "Deze datum ligt in de toekomst. Controleer de datum.",
                    );
                }
            }
        }
    }
}

fn last_name(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

fn is_there(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::Array(list)) => !list.is_empty(),
        Some(Value::Object(map)) => !map.is_empty(),
        Some(_) => true,
    }
}

fn missing(around: &Node<'_>, element: &str) {
    let text = format!("Het verplichte element {element} ontbreekt. Vul het in.");
    around.findings.refuse(Kind::Missing, IssueType::Required, format!("{}.{element}", around.path), text);
}

fn pattern(node: &Node<'_>, system: &str, code: &str) {
    let text = format!("Hier hoort de vaste code {code} van {system} te staan.");
    node.refuse(Kind::Other, IssueType::Value, text);
}

fn only(resource: &Node<'_>, choice: &str, allowed: &[&str]) {
    let Value::Object(map) = resource.value else { return };
    let is_of_choice = |key: &&String| {
        let name = key.strip_prefix('_').unwrap_or(key);
        name.strip_prefix(choice).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
    };
    for key in map.keys().filter(is_of_choice) {
        let name = key.strip_prefix('_').unwrap_or(key);
        if !allowed.contains(&name) {
            let text = format!("Dit profiel staat hier alleen {} toe.", allowed.join(", "));
            resource.findings.refuse(Kind::WrongType, IssueType::Structure, format!("{}.{key}", resource.path), text);
        }
    }
}

/// Every modifier extension that is not understood: who does not know it may not use the resource.
pub(super) fn modifiers(node: &Node<'_>, known: &[&str], root: bool) {
    for extension in node
        .each("modifierExtension")
        .iter()
        .filter(|e| !(root && e.peek("url").is_some_and(|url| known.contains(&url))))
    {
        let text =
            "Deze modifierExtension is hier niet bekend, en zonder haar is de betekenis niet zeker. Laat haar weg.";
        extension.refuse(Kind::Other, IssueType::Extension, text);
    }
    if root && node.value.get("implicitRules").is_some() {
        let text = "Er gelden regels (implicitRules) die hier niet bekend zijn. Laat dit element weg.";
        node.findings.refuse(Kind::Other, IssueType::NotSupported, format!("{}.implicitRules", node.path), text);
    }
    let below = |key: &str| key != "modifierExtension" && !(root && key == "contained");
    for (_, child) in node.objects().filter(|(key, _)| below(key)) {
        modifiers(&child, known, false);
    }
}

/// The nodes at a path; an element that may occur more often gives each.
pub(super) fn walk<'a>(from: &Node<'a>, path: &str) -> Vec<Node<'a>> {
    let mut nodes = vec![from.clone()];
    for name in path.split('.').filter(|n| !n.is_empty()) {
        nodes = nodes
            .iter()
            .flat_map(|n| match n.value.get(name) {
                Some(Value::Array(_)) => n.each(name),
                _ => n.get(name).into_iter().collect(),
            })
            .filter(|n| !n.value.is_null())
            .collect();
    }
    nodes
}
