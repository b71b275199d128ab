//! Encounters and Procedures of a delivery, paired into conversations.

use super::index::Entry;
use super::reading::{IMPLIED, Place, Reading, unusual};
use super::rules::Held;
use crate::r4::id::Local;
use crate::r4::parts::node::Node;
use crate::r4::parts::{codeable, extension};
use crate::r4::project::took_part;
use domain::code::ProcedureType;
use domain::date::FhirDateTime;
use domain::plan::{
    Attendance, Conversation, ConversationKey, EncounterFacts, HeldBy, Party, ProcedureFacts, SourceFacts,
};

/// States of an Encounter or Procedure in which no conversation took place.
const NOT_HELD: [&str; 5] = ["cancelled", "entered-in-error", "not-done", "planned", "preparation"];

impl<'a> Reading<'a, '_> {
    /// Takes every conversation. A Procedure belongs to the Encounter that gives it as its reason, or that it names.
    pub fn all_conversations(&mut self, written_on: &FhirDateTime) {
        let mut procedures = self.held(Held::Procedure);
        procedures.retain(|(_, entry)| took_place(entry));
        for (at, entry) in self.held(Held::Encounter) {
            if !took_place(entry) {
                continue;
            }
            let reasons: Vec<usize> =
                entry.node.each("reasonReference").iter().filter_map(|r| self.target(entry, r)).collect();
            let names_it = |p: &Entry<'a>| p.node.get("encounter").and_then(|e| self.target(p, &e)) == Some(at);
            let pair = procedures.iter().position(|(p, procedure)| reasons.contains(p) || names_it(procedure));
            let procedure = pair.map(|i| procedures.remove(i));
            let key = ConversationKey(self.fresh());
            let mut conversation = conversation(key, written_on, self.now);
            self.encounter_facts(entry, &mut conversation);
            self.conversations.insert(at, key);
            self.places.insert(at, Place::At(Local::Encounter(key)));
            if let Some((at, procedure)) = procedure {
                self.conversations.insert(at, key);
                self.places.insert(at, Place::At(Local::Procedure(key)));
                procedure.node.get("encounter").iter().for_each(Node::skip);
                self.procedure_facts(procedure, &mut conversation);
            }
            self.content.conversations.push(conversation);
        }
        for (at, procedure) in procedures {
            let encounter = procedure.node.get("encounter").and_then(|e| self.target(procedure, &e));
            if encounter.is_some_and(|e| self.conversations.contains_key(&e)) {
                procedure
                    .node
                    .keep("Bij dit contact hoort al een verrichting. Deze is bewaard bij het bericht zoals zij kwam.");
                continue;
            }
            let key = ConversationKey(self.fresh());
            let mut conversation = conversation(key, written_on, self.now);
            self.conversations.insert(at, key);
            self.places.insert(at, Place::At(Local::Procedure(key)));
            self.procedure_facts(procedure, &mut conversation);
            self.content.conversations.push(conversation);
        }
        self.content.conversations.sort_by(|a, b| a.date().cmp_common(b.date()));
    }

    /// The conversation behind the delivery: the newest, or the one that its statements imply. Of an implied one nothing
    /// is known, so that no Encounter is invented for it.
    pub fn main_conversation(&mut self, written_on: &FhirDateTime) -> ConversationKey {
        if self.implied || self.content.conversations.is_empty() {
            let date = self.newest_said.clone().unwrap_or_else(|| written_on.clone());
            self.content.conversations.push(conversation(IMPLIED, &date, self.now));
        }
        self.content.newest_conversation().map_or(IMPLIED, |c| c.key)
    }

    fn encounter_facts(&self, entry: &Entry<'a>, conversation: &mut Conversation) {
        let node = &entry.node;
        let present = node.get("subject").is_some_and(|s| self.party(entry, &s) == Some(Party::Patient));
        let mut people = Vec::new();
        for participant in node.each("participant") {
            let Some(individual) = participant.get("individual") else { continue };
            match self.party(entry, &individual) {
                Some(Party::Professional(professional)) => {
                    let part = participant
                        .each("type")
                        .first()
                        .and_then(|t| t.each("coding").first().and_then(codeable::take_coding));
                    conversation.held_by.push(HeldBy { professional, part });
                }
                Some(Party::Person(key)) => people.push(key),
                Some(Party::Patient) | None => {}
            }
        }
        if present || !people.is_empty() {
            conversation.attendance = Some(Attendance { patient: present, people });
        }
        if let Some(period) = node.get("period") {
            conversation.held_on = period.date("start");
            conversation.ended = period.date("end");
        }
        conversation.encounter = EncounterFacts {
            class: node.get("class").and_then(|c| codeable::take_coding(&c)),
            reason: self.reason(entry),
            source: SourceFacts {
                identifiers: codeable::take_identifiers(node),
                status: unusual(node.text("status"), "finished"),
                ..SourceFacts::default()
            },
        };
    }

    /// Why the contact took place, in words; the reference to the conversation's act is taken with it.
    fn reason(&self, entry: &Entry<'a>) -> Option<String> {
        let mut reason = None;
        for reference in entry.node.each("reasonReference") {
            if reason.is_none() {
                reason = extension::take_text(&reference, extension::COMMENT);
            }
            let target = self.target(entry, &reference).and_then(|at| self.index.entries.get(at));
            if target.is_some_and(|t| t.held == Some(Held::Procedure)) {
                reference.text("reference");
            }
        }
        for concept in entry.node.each("reasonCode") {
            if reason.is_none() {
                reason = extension::take_text(&concept, extension::COMMENT).or_else(|| concept.text("text"));
            }
        }
        reason
    }

    fn procedure_facts(&self, entry: &Entry<'a>, conversation: &mut Conversation) {
        let node = &entry.node;
        self.take_patient(entry, "subject");
        let (mut started, mut ended) = (node.date("performedDateTime"), None);
        if let Some(period) = node.get("performedPeriod") {
            started = period.date("start");
            ended = period.date("end");
        }
        if conversation.held_on.is_none() {
            conversation.held_on.clone_from(&started);
        }
        let mut performers = Vec::new();
        for performer in node.each("performer") {
            performers.extend(performer.get("actor").and_then(|a| self.party(entry, &a)));
        }
        let alike = performers == took_part(conversation);
        let code = node.get("code").and_then(|c| codeable::take_member::<ProcedureType>(&c));
        conversation.procedure = ProcedureFacts {
            code: code.filter(|c| *c != ProcedureType::AdvanceCarePlanning),
            started: started.filter(|s| conversation.held_on.as_ref() != Some(s)),
            ended: ended.filter(|e| conversation.ended.as_ref() != Some(e)),
            performers: (!alike).then_some(performers),
            source: SourceFacts {
                identifiers: codeable::take_identifiers(node),
                status: unusual(node.text("status"), "completed"),
                notes: codeable::take_notes(node),
                ..SourceFacts::default()
            },
        };
    }
}

/// Did it take place? What did not is kept with the source.
fn took_place(entry: &Entry<'_>) -> bool {
    let held = !entry.node.peek("status").is_some_and(|s| NOT_HELD.contains(&s));
    if !held {
        entry.node.keep("Dit gesprek heeft niet plaatsgevonden of is een vergissing. Het is bewaard bij het bericht, niet in het plan.");
    }
    held
}

fn conversation(key: ConversationKey, written_on: &FhirDateTime, now: jiff::Timestamp) -> Conversation {
    Conversation {
        key,
        held_on: None,
        ended: None,
        written_on: written_on.clone(),
        held_by: Vec::new(),
        attendance: None,
        encounter: EncounterFacts::default(),
        procedure: ProcedureFacts::default(),
        version: 0,
        recorded_at: now,
    }
}
