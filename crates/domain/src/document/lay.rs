//! What of a document belongs in the plan: it is laid there, changed there, or ended there.

use super::standing::is_of;
use super::{Document, Kind, Name};
use crate::people::{Professional, ProfessionalKey};
use crate::plan::{
    AdvanceDirective, Content, ConversationKey, CurrentPlan, DocumentKey, Filed, Identifier, Origin, Party, PlanInput,
    SourceFacts, Statement, Topic, Why,
};
use jiff::Timestamp;

/// The written wish as the plan holds it.
fn of_plan<'a>(content: &'a Content, name: &Name) -> Option<&'a Statement<AdvanceDirective>> {
    match name {
        Name::InPlan(key) => content.documents.get(key)?.current.as_ref(),
        Name::Here(_) => content.documents.values().filter_map(|t| t.current.as_ref()).find(|s| is_of(s, name)),
    }
}

fn directive(document: &Document) -> Option<AdvanceDirective> {
    let kind = document.kind.directive()?;
    let kind_text = match document.kind {
        Kind::LivingWill => Some(crate::words::capitalised(Kind::LivingWill.dutch())),
        _ => document.kind_text.clone(),
    };
    // The plan knows its representatives by their keys; somebody whom it does not know is told in words.
    let represents = document.representative.as_deref().map(|r| format!("Vertegenwoordiger: {r}."));
    let comment: Vec<String> = document.comment.clone().into_iter().chain(represents).collect();
    Some(AdvanceDirective {
        kind,
        kind_text,
        comment: (!comment.is_empty()).then(|| comment.join("\n")),
        representative: document.person,
        file: document.file.clone(),
    })
}

/// What a document brings to the plan, as it is from now on (`None`: it counts no longer). `None` where that changes
/// nothing in the plan: it does not belong there, or stands there so already.
pub fn laid(
    name: &Name,
    document: Option<&Document>,
    current: Option<&CurrentPlan>,
    author: &Professional,
    now: Timestamp,
) -> Option<PlanInput> {
    let empty = Content::default();
    let base = current.map_or(&empty, |c| &c.content);
    let former = of_plan(base, name);
    let new = document.and_then(|d| directive(d).map(|value| (value, d.dated_on.clone())));
    let conversation = current.map_or(ConversationKey(0), |c| c.conversation);
    let mut content = Content::default();
    let mut topic = Topic::default();
    let ended =
        |statement: &Statement<AdvanceDirective>| Filed { why: Why::Ended, filed_in: 0, statement: statement.clone() };
    match (former, new) {
        (None, None) => return None,
        (Some(old), None) => topic.filed.push(ended(old)),
        (old, Some((value, said_on))) => {
            if old.is_some_and(|o| o.value == value && o.said_on == said_on) {
                return None;
            }
            // Another day than it was thought to bear is no older or newer wish: the former entry ends.
            topic.filed.extend(old.filter(|o| o.said_on != said_on).map(ended));
            let key = ProfessionalKey(base.last_key + 1);
            content.professionals.push(Professional { key, ..author.clone() });
            topic.current = Some(Statement {
                value,
                said_on,
                by: vec![Party::Professional(key)],
                origin: Origin { conversation, version: 0, recorded_at: now },
                source: SourceFacts { identifiers: identifiers(name, old), ..SourceFacts::default() },
            });
        }
    }
    let key = base.documents.iter().find(|(_, t)| t.current.as_ref() == former).map(|(k, _)| *k);
    let key = key.filter(|_| former.is_some()).unwrap_or(DocumentKey(base.last_key + 2));
    content.documents.insert(key, topic);
    Some(PlanInput { conversation, content, rejected: Vec::new(), skipped: Vec::new() })
}

fn identifiers(name: &Name, old: Option<&Statement<AdvanceDirective>>) -> Vec<Identifier> {
    match name {
        Name::Here(id) => vec![Identifier { kind: None, system: None, value: Some(id.to_string()) }],
        Name::InPlan(_) => old.map(|o| o.source.identifiers.clone()).unwrap_or_default(),
    }
}
