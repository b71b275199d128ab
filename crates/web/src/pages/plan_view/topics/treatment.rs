//! Section 4: treatment limits, in force and proposed, and the ICD.

use super::{changed_from, filed, fine, silent, view};
use crate::pages::mark::Mark;
use crate::pages::plan_view::{Line, Source, TopicView, lower_first, say};
use domain::code::{CodeSet, YesNoUnknown};
use domain::plan::{Directive, DocumentKey, OtherLimit, Party, Statement, TopicId, Treatment};

/// Every treatment with a question of its own, the other limits, and the ICD where there may be one.
pub fn limits(source: &Source) -> Vec<TopicView> {
    let mut topics: Vec<TopicView> =
        Treatment::ALL.into_iter().filter(|t| *t != Treatment::IcdDeactivation).map(|t| limit(source, t)).collect();
    topics.push(others(source));
    topics.push(icd(source));
    // Switching off is asked only where there is an ICD.
    let has_icd = source.content.icd.value().is_some_and(|i| i.present == YesNoUnknown::Yes);
    if has_icd || source.content.directive(Treatment::IcdDeactivation).is_some_and(|t| !t.is_empty()) {
        topics.push(limit(source, Treatment::IcdDeactivation));
    }
    topics
}

fn limit(source: &Source, treatment: Treatment) -> TopicView {
    let id = treatment.topic();
    let Some(topic) = source.content.directive(treatment) else { return view(id, Vec::new()) };
    let words = |v: &Directive| say::decision(treatment, &v.decision);
    let mut now: Vec<Line> = topic
        .current
        .iter()
        .map(|s| {
            let mut line = directive(source, s, &s.value, words(&s.value));
            line.fine.extend(changed_from(source, s, |c| c.directive(treatment)?.current.as_ref(), words));
            line
        })
        .collect();
    let proposals: Vec<Line> =
        topic.proposed.iter().map(|s| directive(source, s, &s.value, words(&s.value))).collect();
    if now.is_empty() && !proposals.is_empty() {
        now.push(Line { text: "Nog niets vastgesteld".to_owned(), ..silent() });
    }
    TopicView { proposals, earlier: filed(source, topic, words), ..view(id, now) }
}

/// One directive as a line: what was decided, why, and the small print that says how far it can be trusted.
fn directive<T>(source: &Source, statement: &Statement<T>, value: &Directive, text: String) -> Line {
    let content = source.content;
    let mut small: Vec<String> = source.since(statement).into_iter().collect();
    // Whoever proposed or set it is named by that; the other parties are those with whom it was agreed.
    let set_by = match &value.set_by {
        Some(domain::plan::SetBy::Here(key) | domain::plan::SetBy::Elsewhere { by: Some(key), .. }) => Some(*key),
        _ => None,
    };
    let parties: Vec<Party> = value
        .agreed_with
        .iter()
        .copied()
        .filter(|p| !matches!(p, Party::Professional(k) if Some(*k) == set_by || Some(*k) == value.proposed_by))
        .collect();
    if !parties.is_empty() {
        small.push(format!("afgesproken met {}", say::parties(content, &parties)));
    }
    if let Some(key) = value.proposed_by {
        small.push(format!("voorgesteld door {}", say::party(content, Party::Professional(key))));
    }
    if let Some(by) = &value.set_by {
        small.push(say::set_by(content, by));
    }
    for key in value.document.iter().chain(&value.more_documents) {
        small.push(format!("berust op {}", document(source, *key)));
    }
    Line { mark: Mark::of(&value.decision), text, why: value.comment.clone(), fine: small, ..Line::default() }
}

fn document(source: &Source, key: DocumentKey) -> String {
    let known = source.content.documents.get(&key).and_then(|t| t.value());
    known.map_or_else(|| "een wilsverklaring".to_owned(), |d| lower_first(d.kind.display()))
}

fn others(source: &Source) -> TopicView {
    let topic = &source.content.other_limits;
    let words = |limits: &domain::plan::OtherLimits| {
        limits.0.iter().map(|l| say::other_decision(l.text.as_deref(), &l.directive.decision)).collect::<Vec<_>>().join("; ")
    };
    let lines = |s: &Statement<domain::plan::OtherLimits>| -> Vec<Line> {
        s.value.0.iter().map(|l| other(source, s, l)).collect()
    };
    let mut now: Vec<Line> = topic.current.iter().flat_map(lines).collect();
    if let (Some(s), Some(last)) = (&topic.current, now.last_mut()) {
        last.fine.extend(changed_from(source, s, |c| c.other_limits.current.as_ref(), words));
    }
    let proposals: Vec<Line> = topic.proposed.iter().flat_map(lines).collect();
    if now.is_empty() && !proposals.is_empty() {
        now.push(Line { text: "Nog niets vastgesteld".to_owned(), ..silent() });
    }
    TopicView { proposals, earlier: filed(source, topic, words), ..view(TopicId::OtherLimits, now) }
}

fn other<T>(source: &Source, statement: &Statement<T>, limit: &OtherLimit) -> Line {
    let text = say::other_decision(limit.text.as_deref(), &limit.directive.decision);
    let mut line = directive(source, statement, &limit.directive, text);
    // The form has one field for both: what is told once is not told again as the reason.
    line.why = line.why.filter(|w| limit.text.as_deref() != Some(w.as_str()));
    line
}

fn icd(source: &Source) -> TopicView {
    let topic = &source.content.icd;
    let words = |v: &domain::plan::Icd| say::yes_no(v.present, "Er is een ICD", "Er is geen ICD");
    let lines = topic
        .current
        .iter()
        .map(|s| {
            let unknown = s.value.present == YesNoUnknown::Unknown;
            let mut small = fine(source, s);
            if let Some(kind) = s.value.kind {
                small.insert(0, kind.display().to_owned());
            }
            small.extend(s.value.product.clone());
            small.extend(changed_from(source, s, |c| c.icd.current.as_ref(), words));
            Line {
                mark: if unknown { Mark::Unknown } else { Mark::Plain },
                text: words(&s.value),
                quiet: unknown,
                told: s.value.comment.clone(),
                fine: small,
                ..Line::default()
            }
        })
        .collect();
    TopicView { earlier: filed(source, topic, words), ..view(TopicId::Icd, lines) }
}
