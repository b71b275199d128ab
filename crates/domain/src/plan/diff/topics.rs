//! The two topics that are more than one statement: 1 with the people it names, and 7 with the written wishes.

use super::sentences::of_parts;
use super::{Both, Change, ChangeKind, alike};
use crate::people::{ContactPerson, PersonKey};
use crate::plan::{Content, LegalCapacity, TopicId};
use crate::words::{self, Said, document_line, join, person, person_name, phones, title_is};

/// Topic 1: capacity, who speaks for the patient, and how to reach them.
pub(super) fn capacity(both: Both<'_>) -> Option<Change> {
    let (old, new) = (both.a.capacity.value(), both.b.capacity.value());
    let said = |content| words::said(content, TopicId::Capacity);
    let (before, after) = (said(both.a), said(both.b));
    let comment = |s: &Option<Said>| s.as_ref().and_then(|s| s.comment.clone());
    let (kind, sentence) = match (old, new) {
        (None, None) => return None,
        (None, Some(_)) => {
            let value = after.as_ref().map_or("", |s| &s.value);
            (ChangeKind::Added, format!("{} voor het eerst besproken: {value}.", title_is(TopicId::Capacity)))
        }
        (Some(_), None) => {
            let value = before.as_ref().map_or("", |s| &s.value);
            (ChangeKind::Removed, format!("Wilsbekwaamheid en vertegenwoordiging tellen niet meer: eerder {value}."))
        }
        (Some(old), Some(new)) => {
            let parts = capacity_changes(both, old, new);
            if !parts.is_empty() {
                (ChangeKind::Changed, of_parts(&parts))
            } else if comment(&before) != comment(&after) {
                (
                    ChangeKind::Wording,
                    "De toelichting bij wilsbekwaamheid en vertegenwoordiging is aangepast.".to_owned(),
                )
            } else {
                return None;
            }
        }
    };
    Some(Change {
        topic: TopicId::Capacity,
        kind,
        before: with_phones(both.a),
        after: with_phones(both.b),
        comment_before: comment(&before),
        comment_after: comment(&after),
        sentence,
    })
}

/// Topic 1 in one line, with the numbers to call.
fn with_phones(content: &Content) -> Option<String> {
    let statement = content.capacity.current.as_ref()?;
    let who = |key| {
        content.person(key).map_or_else(
            || "een naaste".to_owned(),
            |p| std::iter::once(person(p)).chain(phones(p)).collect::<Vec<_>>().join(", "),
        )
    };
    Some(words::capitalised(&words::capacity_parts(&statement.value, &statement.source, who).join("; ")))
}

fn capacity_changes(both: Both<'_>, old: &LegalCapacity, new: &LegalCapacity) -> Vec<String> {
    let mut parts = Vec::new();
    let capable = |content: &Content| {
        let statement = content.capacity.current.as_ref();
        let absent = statement.and_then(|s| s.source.absent_reason.as_deref());
        words::capacity(statement.and_then(|s| s.value.capable), absent).unwrap_or(words::NOT_DISCUSSED)
    };
    if capable(both.a) != capable(both.b) {
        parts.push(format!("wilsbekwaamheid: van {} naar {}", capable(both.a), capable(both.b)));
    }
    parts.extend(other_person(both, "vertegenwoordiger", old.representative, new.representative));
    parts.extend(other_person(both, "eerste contactpersoon", old.first_contact, new.first_contact));
    let mut told: Vec<PersonKey> = Vec::new();
    for key in new.representative.into_iter().chain(new.first_contact) {
        let was_named = [old.representative, old.first_contact].contains(&Some(key));
        if was_named && !told.contains(&key) {
            told.push(key);
            if let (Some(a), Some(b)) = (both.a.person(key), both.b.person(key)) {
                parts.extend(details(a, b));
            }
        }
    }
    let names = |content: &Content, keys: &[PersonKey]| -> Vec<String> {
        keys.iter().filter_map(|k| content.person(*k)).map(person).collect()
    };
    let (before, after) = (names(both.a, &old.others), names(both.b, &new.others));
    if before != after {
        parts.push(if after.is_empty() {
            "geen verdere contactpersonen meer".to_owned()
        } else {
            format!("verdere contactpersonen: {}", join(&after))
        });
    }
    parts
}

fn other_person(both: Both<'_>, role: &str, old: Option<PersonKey>, new: Option<PersonKey>) -> Option<String> {
    let name = |content: &Content, key| content.person(key).map_or_else(|| "een naaste".to_owned(), person);
    match (old, new) {
        (old, new) if old == new => None,
        (Some(o), Some(n)) => Some(format!("{role}: van {} naar {}", name(both.a, o), name(both.b, n))),
        (None, Some(n)) => Some(format!("{role} toegevoegd: {}", name(both.b, n))),
        (Some(o), None) => Some(format!("geen {role} meer (eerder {})", name(both.a, o))),
        (None, None) => None,
    }
}

/// What changed of somebody who is still the same person.
fn details(a: &ContactPerson, b: &ContactPerson) -> Vec<String> {
    let mut parts = Vec::new();
    let name = person_name(b);
    if a.name != b.name && person_name(a) != name {
        parts.push(format!("{} heet nu {name}", person_name(a)));
    }
    let relations = |p: &ContactPerson| join(&p.relations.iter().map(words::relation_of).collect::<Vec<_>>());
    if relations(a) != relations(b) && !relations(b).is_empty() {
        parts.push(format!("{name} is {}", relations(b)));
    }
    let emails = |p: &ContactPerson| p.emails.iter().filter_map(|e| e.address.clone()).collect::<Vec<_>>();
    parts.extend(reached("telefoonnummer", &name, &phones(a), &phones(b)));
    parts.extend(reached("e-mailadres", &name, &emails(a), &emails(b)));
    parts
}

fn reached(what: &str, name: &str, old: &[String], new: &[String]) -> Option<String> {
    match (old.is_empty(), new.is_empty()) {
        _ if old == new => None,
        (true, _) => Some(format!("{what} van {name} toegevoegd: {}", join(new))),
        (_, true) => Some(format!("{what} van {name} vervallen: {}", join(old))),
        _ => Some(format!("{what} van {name}: van {} naar {}", join(old), join(new))),
    }
}

/// Topic 7: what was recorded earlier, with the written wishes themselves.
pub(super) fn earlier(both: Both<'_>) -> Option<Change> {
    let topic = TopicId::EarlierRecorded;
    let (before, after) = (words::said(both.a, topic), words::said(both.b, topic));
    let (old, new) = (words::earlier_itself(both.a), words::earlier_itself(both.b));
    let comment = |s: &Option<Said>| s.as_ref().and_then(|s| s.comment.clone());
    let (kind, sentence) = match (&before, &after) {
        (None, None) => return None,
        (None, Some(said)) => {
            (ChangeKind::Added, format!("{} voor het eerst besproken: {}.", title_is(topic), said.value))
        }
        (Some(said), None) => {
            (ChangeKind::Removed, format!("Eerder vastgelegde wensen tellen niet meer: eerder {}.", said.value))
        }
        (Some(_), Some(_)) => {
            let mut parts = Vec::new();
            match (&old, &new) {
                (Some(o), Some(n)) if !alike(&o.value, &n.value) => {
                    parts.push(format!("eerder vastgelegde wensen: van {} naar {}", o.value, n.value));
                }
                (None, Some(n)) => parts.push(format!("eerder vastgelegde wensen: {}", n.value)),
                (Some(o), None) => {
                    parts.push(format!("eerder vastgelegde wensen tellen niet meer: eerder {}", o.value));
                }
                _ => {}
            }
            let papers = papers(both);
            let small = parts.is_empty() && papers.iter().all(|p| p.small);
            parts.extend(papers.into_iter().map(|p| p.words));
            if comment(&before) != comment(&after) && parts.is_empty() {
                parts.push("de toelichting bij eerder vastgelegde wensen is aangepast".to_owned());
            }
            if parts.is_empty() {
                return None;
            }
            (if small { ChangeKind::Wording } else { ChangeKind::Changed }, of_parts(&parts))
        }
    };
    Some(Change {
        topic,
        kind,
        before: before.as_ref().map(|s| s.line.clone()),
        after: after.as_ref().map(|s| s.line.clone()),
        comment_before: comment(&before),
        comment_after: comment(&after),
        sentence,
    })
}

struct PaperChange {
    words: String,
    small: bool,
}

fn papers(both: Both<'_>) -> Vec<PaperChange> {
    let mut keys: Vec<_> = both.a.documents.keys().chain(both.b.documents.keys()).copied().collect();
    keys.sort_unstable();
    keys.dedup();
    let line = |content: &Content, key| content.documents.get(&key).and_then(|t| document_line(content, t));
    let mut changes = Vec::new();
    for key in keys {
        let change = |words, small| PaperChange { words, small };
        match (line(both.a, key), line(both.b, key)) {
            (None, None) => {}
            (None, Some(new)) => changes.push(change(format!("document toegevoegd: {new}"), false)),
            (Some(old), None) => changes.push(change(format!("document telt niet meer: {old}"), false)),
            (Some(old), Some(new)) if old != new => {
                changes.push(change(format!("document gewijzigd: van {old} naar {new}"), false));
            }
            (Some(_), Some(new)) => {
                let value = |content: &Content| content.documents.get(&key).and_then(|t| t.value().cloned());
                let (a, b) = (value(both.a), value(both.b));
                let file = |v: &Option<crate::plan::AdvanceDirective>| v.as_ref().and_then(|v| v.file.clone());
                let text = |v: &Option<crate::plan::AdvanceDirective>| v.as_ref().and_then(|v| v.comment.clone());
                if file(&a).is_none() && file(&b).is_some() {
                    changes.push(change(format!("bestand toegevoegd bij {new}"), true));
                } else if text(&a) != text(&b) {
                    changes.push(change(format!("toelichting aangepast bij {new}"), true));
                }
            }
        }
    }
    changes
}
