//! Reading: a place in a received resource that remembers what was taken from it, so that whatever nobody took can be
//! named (decision 31: nothing is dropped silently).

use crate::format::{IssueType, Kind, Problem, Severity};
use domain::date::FhirDateTime;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;
use std::rc::Rc;

/// What was taken from a delivery, and what is wrong with it.
#[derive(Debug, Default)]
pub(in crate::r4) struct Findings {
    taken: RefCell<HashSet<*const Value>>,
    problems: RefCell<Vec<Problem>>,
}

/// How many problems of each severity are told: enough to mend a delivery by, and no answer grows without bound.
const MOST: usize = 200;

impl Findings {
    /// Something that has the delivery refused.
    pub fn refuse(&self, kind: Kind, code: IssueType, path: impl Into<String>, text: impl Into<String>) {
        self.add(Problem { severity: Severity::Error, code, kind, path: path.into(), text: text.into() });
    }

    /// Something that is kept with the source and named.
    pub fn keep(&self, path: impl Into<String>, text: impl Into<String>) {
        self.add(Problem::new(Severity::Warning, IssueType::Informational, path, text));
    }

    /// A problem found elsewhere.
    pub fn add(&self, problem: Problem) {
        let mut list = self.problems.borrow_mut();
        let alike = list.iter().filter(|p| p.severity == problem.severity).count();
        if alike < MOST && !list.contains(&problem) {
            list.push(problem);
        }
    }

    /// Was anything found that has the delivery refused?
    pub fn refused(&self) -> bool {
        self.problems.borrow().iter().any(Problem::is_error)
    }

    /// Everything found, what is refused first.
    pub fn finish(self) -> Vec<Problem> {
        let mut list = self.problems.into_inner();
        list.sort_by_key(|p| !p.is_error());
        list
    }

    /// Is a problem told at this path already?
    fn told(&self, path: &str) -> bool {
        self.problems.borrow().iter().any(|p| p.path == path)
    }
}

/// Where something stands: `Bundle.entry[3].resource.provision.actor[0]`. Put into words only where it is told, which
/// in most deliveries is nowhere.
#[derive(Debug, Clone)]
pub(in crate::r4) struct Path<'a>(Rc<Step<'a>>);

#[derive(Debug)]
struct Step<'a> {
    up: Option<Path<'a>>,
    name: &'a str,
    at: Option<usize>,
}

impl<'a> Path<'a> {
    fn below(&self, name: &'a str, at: Option<usize>) -> Self {
        Self(Rc::new(Step { up: Some(self.clone()), name, at }))
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Step { up, name, at } = &*self.0;
        match up {
            Some(up) => write!(f, "{up}.{}", shown(name))?,
            None => f.write_str(name)?,
        }
        at.map_or(Ok(()), |i| write!(f, "[{i}]"))
    }
}

impl From<Path<'_>> for String {
    fn from(path: Path<'_>) -> Self {
        path.to_string()
    }
}

/// A place in a received resource.
#[derive(Debug, Clone)]
pub(in crate::r4) struct Node<'a> {
    /// What stands there.
    pub value: &'a Value,
    /// Where.
    pub path: Path<'a>,
    /// Where to say what was taken and what is wrong.
    pub findings: &'a Findings,
}

impl<'a> Node<'a> {
    /// The root of a resource.
    pub fn root(value: &'a Value, name: &'a str, findings: &'a Findings) -> Self {
        Self { value, path: Path(Rc::new(Step { up: None, name, at: None })), findings }
    }

    fn below(&self, value: &'a Value, name: &'a str, at: Option<usize>) -> Self {
        Self { value, path: self.path.below(name, at), findings: self.findings }
    }

    /// An element of this object, single.
    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        let (name, value) = self.value.as_object()?.get_key_value(key)?;
        Some(self.below(value, name, None))
    }

    /// The values of an element of this object that may occur more than once.
    pub fn each(&self, key: &str) -> Vec<Node<'a>> {
        let Some((name, Value::Array(list))) = self.value.as_object().and_then(|map| map.get_key_value(key)) else {
            return Vec::new();
        };
        list.iter().enumerate().map(|(i, value)| self.below(value, name, Some(i))).collect()
    }

    /// What stands below this object, single or in a list, where it has elements of its own.
    pub fn objects(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> {
        let below = self.value.as_object().into_iter().flatten().flat_map(|(name, value)| {
            let (single, list) = match value {
                Value::Object(_) => (Some((None, value)), &[][..]),
                Value::Array(list) => (None, list.as_slice()),
                _ => (None, &[][..]),
            };
            let many = list.iter().enumerate().filter(|(_, v)| v.is_object()).map(|(i, v)| (Some(i), v));
            single.into_iter().chain(many).map(move |(at, v)| (name.as_str(), at, v))
        });
        below.map(|(name, at, value)| (name, self.below(value, name, at)))
    }

    /// A text below this object, without taking it: for choosing.
    pub fn peek(&self, key: &str) -> Option<&'a str> {
        self.value.get(key).and_then(Value::as_str)
    }

    /// Takes this and all below it.
    pub fn take(&self) -> &'a Value {
        self.findings.taken.borrow_mut().insert(std::ptr::from_ref(self.value));
        self.value
    }

    /// Takes this and all below it, for what says nothing by itself.
    pub fn skip(&self) {
        self.take();
    }

    /// Takes the text of an element.
    pub fn text(&self, key: &str) -> Option<String> {
        let node = self.get(key)?;
        let text = node.value.as_str()?.to_owned();
        node.take();
        Some(text)
    }

    /// Takes a boolean.
    pub fn boolean(&self, key: &str) -> Option<bool> {
        let node = self.get(key)?;
        let value = node.value.as_bool()?;
        node.take();
        Some(value)
    }

    /// Takes a date; what does not read as one was refused with the structure.
    pub fn date(&self, key: &str) -> Option<FhirDateTime> {
        let node = self.get(key)?;
        let date = FhirDateTime::parse(node.value.as_str()?).ok()?;
        node.take();
        Some(date)
    }

    /// Refuses the delivery for what stands here.
    pub fn refuse(&self, kind: Kind, code: IssueType, text: impl Into<String>) {
        self.findings.refuse(kind, code, self.path.clone(), text);
    }

    /// Keeps what stands here with the source, and names it.
    pub fn keep(&self, text: impl Into<String>) {
        self.take();
        self.findings.keep(self.path.clone(), text);
    }

    /// Names all that nobody took, at the highest place of which nothing was taken: the resource itself, where that
    /// has a place in the plan, but nothing could be taken.
    pub fn name_the_rest(&self) {
        let mut rest = Vec::new();
        self.untouched(true, &mut rest);
        for path in rest {
            if !self.findings.told(&path) {
                self.findings.keep(
                    path,
                    "Dit element heeft geen plaats in het plan. Het is bewaard bij het bericht zoals het kwam.",
                );
            }
        }
    }

    /// Says whether anything was taken here, and adds what was not.
    fn untouched(&self, root: bool, rest: &mut Vec<String>) -> bool {
        if self.findings.taken.borrow().contains(&std::ptr::from_ref(self.value)) {
            return true;
        }
        let mut below = Vec::new();
        let mut touched = false;
        match self.value {
            Value::Object(map) => {
                for key in map.keys().filter(|key| is_element(key) && !is_wrapping(key, self.value, root)) {
                    for child in self.children(key) {
                        touched |= child.untouched(false, &mut below);
                    }
                }
            }
            // Values beside null hold a place in a list of primitives.
            Value::Null => return true,
            _ => {}
        }
        if touched {
            rest.append(&mut below);
        } else if !root || !below.is_empty() {
            rest.push(self.path.to_string());
        }
        touched
    }

    fn children(&self, key: &str) -> Vec<Node<'a>> {
        match self.value.get(key) {
            Some(Value::Array(_)) => self.each(key),
            _ => self.get(key).into_iter().collect(),
        }
    }
}

/// A name as it may be repeated: one that no element can have may identify somebody.
fn shown(key: &str) -> &str {
    if is_element(key) { key } else { "(onbekende naam)" }
}

/// Can this be the name of an element? Any other name was named with the structure, without repeating what may identify
/// somebody.
fn is_element(key: &str) -> bool {
    let name = key.strip_prefix('_').unwrap_or(key);
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    name.bytes().all(|b| b.is_ascii_alphanumeric()) && name.len() <= 64 && digits < 4
}

/// What goes with every resource or value and says nothing of its own, or is looked at elsewhere.
fn is_wrapping(key: &str, of: &Value, root: bool) -> bool {
    match key {
        "resourceType" | "meta" | "contained" | "implicitRules" | "language" => root,
        // A narrative repeats the elements, unless it says that it does more.
        "text" => root && of.pointer("/text/status").and_then(Value::as_str) != Some("additional"),
        "id" => true,
        "display" => ["code", "reference", "identifier"].iter().any(|k| of.get(k).is_some()),
        "type" => of.get("reference").is_some_and(Value::is_string),
        "userSelected" => of.get("code").is_some(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_nobody_took_is_named_at_its_highest_place() {
        let resource = json!({
            "resourceType": "Goal", "id": "1", "meta": {"versionId": "1"}, "text": {"status": "generated", "div": "<div/>"},
            "lifecycleStatus": "active", "statusDate": "2020-10-01",
            "target": [{"dueDate": "2021-01-01"}],
            "description": {"coding": [{"system": "s", "code": "c", "display": "d", "version": "1"}], "text": "t"},
            "note": [{"text": "x"}, {"text": "y", "time": "2020-10-01"}],
        });
        let findings = Findings::default();
        let node = Node::root(&resource, "Goal", &findings);
        assert_eq!(node.text("lifecycleStatus").as_deref(), Some("active"));
        node.date("statusDate").unwrap();
        let coding = &node.get("description").unwrap().each("coding")[0];
        assert!(coding.text("system").is_some() && coding.text("code").is_some());
        node.each("note")[1].text("text").unwrap();
        node.name_the_rest();
        let mut paths: Vec<String> = findings.finish().into_iter().map(|p| p.path).collect();
        paths.sort();
        assert_eq!(
            paths,
            [
                "Goal.description.coding[0].version",
                "Goal.description.text",
                "Goal.note[0]",
                "Goal.note[1].time",
                "Goal.target[0]"
            ]
        );
    }

    #[test]
    fn what_was_not_touched_at_all_is_named_once() {
        let resource = json!({"resourceType": "Device", "id": "1", "type": {"text": "x"}, "status": "active"});
        let findings = Findings::default();
        Node::root(&resource, "Device", &findings).name_the_rest();
        let paths: Vec<String> = findings.finish().into_iter().map(|p| p.path).collect();
        assert_eq!(paths, ["Device"]);
    }

    #[test]
    fn a_name_that_may_identify_somebody_is_not_repeated() {
        let resource = json!({"a": {"bsn999990019": {"b": 1}}});
        let findings = Findings::default();
        let node = Node::root(&resource, "X", &findings).get("a").unwrap().get("bsn999990019").unwrap();
        assert_eq!(node.path.to_string(), "X.a.(onbekende naam)");
    }

    #[test]
    fn a_narrative_that_adds_something_is_named() {
        let resource = json!({"resourceType": "Goal", "text": {"status": "additional", "div": "<div/>"}, "lifecycleStatus": "active"});
        let findings = Findings::default();
        let node = Node::root(&resource, "Goal", &findings);
        node.text("lifecycleStatus").unwrap();
        node.name_the_rest();
        assert_eq!(findings.finish()[0].path, "Goal.text");
    }
}
