//! How documents stand: the events of each, oldest first, and those that came with a plan from elsewhere.

use super::{Agrees, Copy, Document, Event, Kind, Name, Why};
use crate::path::{Step, What};
use crate::plan::{AdvanceDirective, Content, Recorder, Statement};
use crate::words;
use jiff::Timestamp;

/// A document as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its name.
    pub name: Name,
    /// What is said of it now.
    pub document: Document,
    /// What happened to it, oldest first.
    pub history: Vec<Noted>,
    /// Number of the last step about it; 0: none.
    pub last: u32,
    /// It counts no longer.
    pub ended: Option<Ending>,
}

/// Something that happened to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Recorder,
    /// What: `toegevoegd`, or each thing that is said otherwise since.
    pub what: Vec<String>,
}

/// Why it counts no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Recorder,
    /// In a word.
    pub why: Why,
    /// As it was told.
    pub reason: String,
}

impl Standing {
    /// In a line that tells how it is with plan and doctor: what is to be done about it stands first.
    pub fn flags(&self) -> Vec<String> {
        let mut flags = Vec::new();
        let d = &self.document;
        if d.agrees == Agrees::No || d.kind.is_for_doctor() {
            flags.push(d.agrees.dutch().to_owned());
        }
        if let Some(day) = d.discussed_on {
            flags.push(format!("met de arts besproken op {}", words::day(day)));
        } else if d.kind.is_for_doctor() {
            flags.push("nog niet met de arts besproken".to_owned());
        }
        if d.kind.is_for_doctor() || d.copy == Copy::Yes {
            flags.push(d.copy.dutch().to_owned());
        }
        flags
    }
}

fn events(steps: &[Step]) -> impl Iterator<Item = (&Step, &Event)> {
    steps.iter().filter_map(|step| match &step.what {
        What::Document(event) => Some((step, &**event)),
        _ => None,
    })
}

/// Number of the last step about a document; 0: none.
pub fn last_event(steps: &[Step], name: &Name) -> u32 {
    events(steps).filter(|(_, e)| e.name() == name).map(|(s, _)| s.number).max().unwrap_or(0)
}

/// Every document, the newest first; those that count no longer last.
pub fn standing(steps: &[Step], content: Option<&Content>) -> Vec<Standing> {
    let mut all: Vec<Standing> = Vec::new();
    for (step, event) in events(steps) {
        take(&mut all, step, event);
    }
    if let Some(content) = content {
        from_elsewhere(&mut all, content);
    }
    all.reverse();
    all.sort_by_key(|s| s.ended.is_some());
    all
}

fn take(all: &mut Vec<Standing>, step: &Step, event: &Event) {
    let at = all.iter().position(|s| s.name == *event.name());
    let noted = |what| Noted { at: step.at, by: step.by.clone(), what };
    match (event, at) {
        (Event::Added { name, document } | Event::Changed { name, document }, None) => {
            let what =
                if matches!(event, Event::Added { .. }) { vec!["toegevoegd".to_owned()] } else { told(document) };
            all.push(Standing {
                name: name.clone(),
                document: document.clone(),
                history: vec![noted(what)],
                last: step.number,
                ended: None,
            });
        }
        (Event::Added { document, .. } | Event::Changed { document, .. }, Some(at)) => {
            let standing = &mut all[at];
            standing.history.push(noted(changes(&standing.document, document)));
            standing.document = document.clone();
            standing.last = step.number;
        }
        (Event::Ended { why, reason, .. }, Some(at)) => {
            let standing = &mut all[at];
            standing.history.push(noted(vec![format!("{}: {reason}", why.dutch())]));
            standing.ended = Some(Ending { at: step.at, by: step.by.clone(), why: *why, reason: reason.clone() });
            standing.last = step.number;
        }
        // What was never added and is not in the plan any more has nothing to show.
        (Event::Ended { .. }, None) => {}
    }
}

/// What is said of it that is no part of the document itself.
fn told(document: &Document) -> Vec<String> {
    let mut all = vec![document.agrees.dutch().to_owned()];
    all.extend(document.discussed_on.map(|day| format!("met de arts besproken op {}", words::day(day))));
    all.push(document.copy.dutch().to_owned());
    all
}

fn changes(old: &Document, new: &Document) -> Vec<String> {
    let mut all = Vec::new();
    if old.title() != new.title() {
        all.push(format!("heet nu ‘{}’; eerst ‘{}’", new.title(), old.title()));
    }
    if (old.person, &old.representative) != (new.person, &new.representative) {
        all.push("vertegenwoordiger gewijzigd".to_owned());
    }
    if old.comment != new.comment {
        let was = old.comment.as_deref().map_or_else(String::new, |c| format!("; eerst {}", words::quoted(c)));
        all.push(format!("toelichting gewijzigd{was}"));
    }
    if old.file != new.file {
        all.push("bestand toegevoegd".to_owned());
    }
    if (old.agrees, old.compared_with) != (new.agrees, new.compared_with) {
        all.push(new.agrees.dutch().to_owned());
    }
    if old.discussed_on != new.discussed_on {
        all.push(match new.discussed_on {
            Some(day) => format!("met de arts besproken op {}", words::day(day)),
            None => "toch nog niet met de arts besproken".to_owned(),
        });
    }
    if old.copy != new.copy {
        all.push(new.copy.dutch().to_owned());
    }
    if all.is_empty() {
        all.push("opnieuw vastgelegd, zonder verandering".to_owned());
    }
    all
}

/// Was this written wish added here?
pub(super) fn is_of(statement: &Statement<AdvanceDirective>, name: &Name) -> bool {
    matches!(name, Name::Here(id)
        if statement.source.identifiers.iter().any(|i| i.system.is_none() && i.value.as_deref() == Some(id.as_str())))
}

/// What came with a plan: the plan says what it is, the events what is said of it beside.
fn from_elsewhere(all: &mut Vec<Standing>, content: &Content) {
    for (key, topic) in &content.documents {
        let Some(statement) = &topic.current else { continue };
        let (name, value) = (Name::InPlan(*key), &statement.value);
        if all.iter().any(|s| is_of(statement, &s.name)) {
            continue;
        }
        let of_plan = Document {
            kind: Kind::of_directive(value.kind),
            kind_text: value.kind_text.clone().filter(|_| Kind::of_directive(value.kind) == Kind::Other),
            dated_on: statement.said_on.clone(),
            person: value.representative,
            representative: None,
            comment: value.comment.clone(),
            file: value.file.clone(),
            agrees: Agrees::NotCompared,
            compared_with: None,
            discussed_on: None,
            copy: Copy::Unknown,
        };
        if let Some(known) = all.iter_mut().find(|s| s.name == name) {
            let said = &known.document;
            known.document = Document {
                agrees: said.agrees,
                compared_with: said.compared_with,
                discussed_on: said.discussed_on,
                copy: said.copy,
                ..of_plan
            };
        } else {
            all.push(Standing { name, document: of_plan, history: Vec::new(), last: 0, ended: None });
        }
    }
}

/// Since when a document waits to be discussed with a doctor: the one that waits longest (R4). Those of plans from
/// elsewhere wait once somebody here has said something of them.
pub fn to_discuss(steps: &[Step]) -> Option<Timestamp> {
    let waits = |s: &Standing| s.ended.is_none() && s.document.waits_for_doctor();
    let since = |s: Standing| s.history.first().map(|n| n.at);
    standing(steps, None).into_iter().filter(waits).filter_map(since).min()
}

/// Documents that say something else than the plan, each in a sentence: they make the plan doubtful (R4).
pub fn doubts(steps: &[Step], content: Option<&Content>) -> Vec<String> {
    standing(steps, content)
        .into_iter()
        .filter(|s| s.ended.is_none() && s.document.agrees == Agrees::No)
        .map(|s| format!("{} zegt iets anders dan dit plan.", s.document.title()))
        .collect()
}
