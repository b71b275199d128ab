//! Building blocks becoming a part of a plan: what all readers share.

use super::index::{Entry, Index};
use super::rules::Held;
use crate::r4::parts::node::{Findings, Node};
use domain::date::FhirDateTime;
use domain::people::{PersonKey, ProfessionalKey};
use domain::plan::{Content, Conversation, ConversationKey, Filed, Origin, Party, SourceFacts, Statement, Topic, Why};
use jiff::Timestamp;
use jiff::civil::Date;
use std::cmp::Ordering;
use std::collections::HashMap;

/// How a received statement counts (decisions 7 and 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    /// In force.
    Current,
    /// Proposed.
    Proposed,
    /// Ended, withdrawn, rejected, drafted only, or wrong.
    Ended,
}

/// A statement as one resource tells it.
pub(super) struct Candidate<T> {
    pub statement: Statement<T>,
    pub stands: Stands,
    /// The resource.
    pub path: String,
}

/// Where an entry's content ended up, in keys of the delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// At a place with an id of its own.
    At(crate::r4::id::Local),
    /// Among the other limits, by its text.
    Other(Option<String>, crate::r4::id::Standing),
}

/// A delivery being read.
pub(super) struct Reading<'a, 'i> {
    pub index: &'i Index<'a>,
    pub findings: &'a Findings,
    pub now: Timestamp,
    pub today: Date,
    pub content: Content,
    /// Contact persons by their place among the entries.
    pub people: HashMap<usize, PersonKey>,
    /// Professionals by the place of their PractitionerRole or Practitioner.
    pub professionals: HashMap<usize, ProfessionalKey>,
    /// Conversations by the place of their Encounter or Procedure.
    pub conversations: HashMap<usize, ConversationKey>,
    /// Where each entry ended up.
    pub places: HashMap<usize, Place>,
    /// Statements that belong to no conversation of the delivery imply one.
    pub implied: bool,
    /// The newest date among those.
    pub newest_said: Option<FhirDateTime>,
}

/// The conversation of statements in a delivery without one.
pub(super) const IMPLIED: ConversationKey = ConversationKey(1);

impl<'a, 'i> Reading<'a, 'i> {
    pub fn new(index: &'i Index<'a>, findings: &'a Findings, now: Timestamp, today: Date) -> Self {
        Self {
            index,
            findings,
            now,
            today,
            content: Content::default(),
            people: HashMap::new(),
            professionals: HashMap::new(),
            conversations: HashMap::new(),
            places: HashMap::new(),
            implied: false,
            newest_said: None,
        }
    }

    /// The entries that hold this, with their place.
    pub fn held(&self, held: Held) -> Vec<(usize, &'i Entry<'a>)> {
        self.index.entries.iter().enumerate().filter(|(_, e)| e.held == Some(held)).collect()
    }

    /// A key of this delivery that was not given yet.
    pub fn fresh(&mut self) -> u32 {
        self.content.fresh_key()
    }

    /// The place of what a reference leads to, without taking it.
    pub fn target(&self, from: &Entry<'a>, reference: &Node<'a>) -> Option<usize> {
        self.index.resolve(from, reference.value).ok()?
    }

    /// Takes a reference to whoever takes part; one to somebody the plan cannot hold is left for naming.
    pub fn party(&self, from: &Entry<'a>, reference: &Node<'a>) -> Option<Party> {
        let at = self.target(from, reference)?;
        let party = if at == self.index.patient {
            Party::Patient
        } else if let Some(key) = self.people.get(&at) {
            Party::Person(*key)
        } else {
            Party::Professional(*self.professionals.get(&at)?)
        };
        reference.take();
        Some(party)
    }

    /// Takes the references of an element that may occur more than once.
    pub fn parties(&self, from: &Entry<'a>, element: &str) -> Vec<Party> {
        from.node.each(element).iter().filter_map(|r| self.party(from, r)).collect()
    }

    /// Takes a single reference.
    pub fn one_party(&self, from: &Entry<'a>, element: &str) -> Option<Party> {
        self.party(from, &from.node.get(element)?)
    }

    /// Takes a reference to the patient.
    pub fn take_patient(&self, from: &Entry<'a>, element: &str) {
        if let Some(node) = from.node.get(element) {
            self.party(from, &node);
        }
    }

    /// Takes the reference to the conversation of a statement.
    pub fn encounter(&self, from: &Entry<'a>) -> Option<ConversationKey> {
        let reference = from.node.get("encounter")?;
        let key = self.conversations.get(&self.target(from, &reference)?)?;
        reference.take();
        Some(*key)
    }

    /// A statement in its conversation: the one it names, else that of its date, else the newest, else an implied one.
    pub fn statement<T>(
        &mut self,
        value: T,
        said_on: Option<FhirDateTime>,
        by: Vec<Party>,
        source: SourceFacts,
        named: Option<ConversationKey>,
    ) -> Statement<T> {
        let conversation = named.or_else(|| self.of_date(said_on.as_ref())).unwrap_or_else(|| {
            self.implied = true;
            let newer =
                |d: &&FhirDateTime| self.newest_said.as_ref().is_none_or(|n| d.cmp_common(n) == Ordering::Greater);
            if let Some(date) = said_on.as_ref().filter(newer) {
                self.newest_said = Some(date.clone());
            }
            IMPLIED
        });
        Statement { value, said_on, by, origin: Origin { conversation, version: 0, recorded_at: self.now }, source }
    }

    fn of_date(&self, date: Option<&FhirDateTime>) -> Option<ConversationKey> {
        let newest =
            |list: Vec<&Conversation>| list.into_iter().max_by(|a, b| a.date().cmp_common(b.date())).map(|c| c.key);
        let all = &self.content.conversations;
        let same =
            date.and_then(|d| newest(all.iter().filter(|c| c.date().cmp_common(d) == Ordering::Equal).collect()));
        same.or_else(|| newest(all.iter().collect()))
    }

    /// The date that counts for the order of a statement (decision 3).
    fn date_of<T>(&self, statement: &Statement<T>) -> Option<FhirDateTime> {
        let conversation = || self.content.conversation(statement.origin.conversation).map(|c| c.date().clone());
        statement.said_on.clone().or_else(conversation)
    }

    fn order<T>(&self, a: &Statement<T>, b: &Statement<T>) -> Ordering {
        match (self.date_of(a), self.date_of(b)) {
            (Some(a), Some(b)) => a.cmp_common(&b),
            (Some(_), None) => Ordering::Greater,
            (None, Some(_)) => Ordering::Less,
            (None, None) => Ordering::Equal,
        }
    }

    /// One topic out of all that a delivery says on it: the newest counts, what is older or ended is filed (decision 9),
    /// and a second one of the same date that says something else is a conflict (decision 3).
    pub fn settle<T: PartialEq>(&self, candidates: Vec<Candidate<T>>) -> Topic<T> {
        let mut topic = Topic::default();
        let mut file = |why, statement| topic.filed.push(Filed { why, filed_in: 0, statement });
        let (mut current, mut proposed): (Option<Candidate<T>>, Option<Candidate<T>>) = (None, None);
        for candidate in candidates {
            let slot = match candidate.stands {
                Stands::Ended => {
                    file(Why::Ended, candidate.statement);
                    continue;
                }
                Stands::Current => &mut current,
                Stands::Proposed => &mut proposed,
            };
            let Some(best) = slot.take() else {
                *slot = Some(candidate);
                continue;
            };
            let order = self.order(&candidate.statement, &best.statement);
            *slot = Some(match order {
                Ordering::Greater => {
                    file(Why::Older, best.statement);
                    candidate
                }
                Ordering::Less => {
                    file(Why::Older, candidate.statement);
                    best
                }
                Ordering::Equal if candidate.statement.value == best.statement.value => {
                    let mut best = best;
                    best.statement.source.identifiers.extend(candidate.statement.source.identifiers);
                    best
                }
                Ordering::Equal => {
                    let text = "Over dit onderwerp staan er twee met dezelfde datum en een andere inhoud. De eerste telt, deze is bewaard als tegenspraak.";
                    self.findings.keep(candidate.path, text);
                    file(Why::Conflict, candidate.statement);
                    best
                }
            });
        }
        topic.filed.sort_by(|a, b| self.order(&a.statement, &b.statement));
        topic.current = current.map(|c| c.statement);
        topic.proposed = proposed.map(|c| c.statement);
        topic
    }
}

/// The status of the source, where it is not the usual one.
pub(super) fn unusual(status: Option<String>, usual: &str) -> Option<String> {
    status.filter(|s| s != usual)
}
