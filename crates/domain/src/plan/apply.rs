//! Carrying over: what one conversation or delivery brought, laid upon the plan as it stood (decisions 1, 3 to 5, 9).

use super::content::TopicValue;
use super::keys::{KeyMap, Keyed};
use super::{Content, ConversationKey, DocumentKey, Filed, Statement, Topic, TopicId, Treatment, Why};
use crate::date::FhirDateTime;
use crate::people::{ContactPerson, PersonKey, Professional, ProfessionalKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// What one conversation or delivery brought: only the topics it touched. Keys of people, professionals,
/// conversations and documents that it lists are its own; others are those of the plan it is laid upon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanInput {
    /// The conversation behind it.
    pub conversation: ConversationKey,
    /// The touched topics, with the people they speak of.
    pub content: Content,
    /// Proposals that a doctor did not set, with the reason (decision 1).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<(TopicId, String)>,
    /// Topics deliberately not discussed (R2).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<TopicId>,
}

/// How an input arrives; equal dates mean something else for each (decision 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arrival {
    /// Written here, with the current plan in view: at equal dates the new statement replaces the old.
    Here,
    /// Delivered from elsewhere: at equal dates other content is a conflict.
    Elsewhere,
}

/// The plan after an input, and what became of its topics.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// The whole plan.
    pub content: Content,
    /// Topics that count from now on, or are proposed.
    pub touched: Vec<TopicId>,
    /// Topics filed because a newer statement was there (decision 3).
    pub older: Vec<TopicId>,
    /// Topics with equal date and other content, for the lead (decision 3).
    pub conflicts: Vec<TopicId>,
}

/// Lays an input upon a plan.
pub fn apply(base: &Content, input: &PlanInput, arrival: Arrival, number: u32, recorded_at: Timestamp) -> Applied {
    let mut content = base.clone();
    let mut delta = input.content.clone();
    let map = adopt_entities(&mut content, &mut delta, number);
    delta.remap(&map);
    content.conversations.append(&mut delta.conversations);
    let dates: Vec<_> = content.conversations.iter().map(|c| (c.key, c.date().clone())).collect();
    let mut merge = Merge { arrival, number, recorded_at, dates, out: Applied::default() };

    merge.topic(Some(TopicId::Capacity), &mut content.capacity, delta.capacity);
    merge.topic(Some(TopicId::Goal), &mut content.goal, delta.goal);
    for (treatment, topic) in delta.directives {
        merge.topic(Some(treatment.topic()), content.directives.entry(treatment).or_default(), topic);
    }
    merge.topic(Some(TopicId::OtherLimits), &mut content.other_limits, delta.other_limits);
    merge.topic(Some(TopicId::Icd), &mut content.icd, delta.icd);
    merge.topic(Some(TopicId::CareWishes), &mut content.care_wishes, delta.care_wishes);
    merge.topic(Some(TopicId::PlaceOfDeath), &mut content.place_of_death, delta.place_of_death);
    merge.topic(Some(TopicId::Euthanasia), &mut content.euthanasia, delta.euthanasia);
    merge.topic(Some(TopicId::OrganDonation), &mut content.organ_donation, delta.organ_donation);
    merge.topic(Some(TopicId::SenseOfPurpose), &mut content.sense_of_purpose, delta.sense_of_purpose);
    merge.topic(Some(TopicId::EarlierRecorded), &mut content.earlier, delta.earlier);
    for (key, topic) in delta.documents {
        merge.topic(None, content.documents.entry(key).or_default(), topic);
    }
    merge.topic(Some(TopicId::InformRelatives), &mut content.inform_relatives, delta.inform_relatives);
    merge.topic(Some(TopicId::Sharing), &mut content.sharing, delta.sharing);
    for (key, topic) in delta.life_wishes {
        content.last_key = content.last_key.max(key.0);
        merge.topic(Some(TopicId::LifeWish(key)), content.life_wishes.entry(key).or_default(), topic);
    }
    for (key, topic) in delta.agreements {
        content.last_key = content.last_key.max(key.0);
        merge.topic(Some(TopicId::Agreement(key)), content.agreements.entry(key).or_default(), topic);
    }
    for (topic, reason) in &input.rejected {
        merge.reject(&mut content, *topic, reason);
    }
    if content.conversations.iter().any(|c| c.version == number && c.attendance.is_some()) {
        merge.out.touched.push(TopicId::Attendance);
    }
    merge.out.touched.sort();
    Applied { content, ..merge.out }
}

/// The plan as it stands after a row of inputs; those that do not count (marked wrong, decision 5) give their people
/// keys all the same, so that nobody else's key ever changes.
pub fn fold<'a>(inputs: impl IntoIterator<Item = (u32, Timestamp, Arrival, bool, &'a PlanInput)>) -> Content {
    inputs.into_iter().fold(Content::default(), |base, (number, recorded_at, arrival, counts, input)| {
        let applied = apply(&base, input, arrival, number, recorded_at).content;
        if counts { applied } else { Content { last_key: applied.last_key, ..base } }
    })
}

struct Merge {
    arrival: Arrival,
    number: u32,
    recorded_at: Timestamp,
    dates: Vec<(ConversationKey, FhirDateTime)>,
    out: Applied,
}

impl Merge {
    fn date<T>(&self, s: &Statement<T>) -> Option<FhirDateTime> {
        let of_conversation = || self.dates.iter().find(|(k, _)| *k == s.origin.conversation).map(|(_, d)| d.clone());
        s.said_on.clone().or_else(of_conversation)
    }

    fn order<T>(&self, a: &Statement<T>, b: &Statement<T>) -> Ordering {
        match (self.date(a), self.date(b)) {
            (Some(a), Some(b)) => a.cmp_common(&b),
            (Some(_), None) => Ordering::Greater,
            (None, Some(_)) => Ordering::Less,
            (None, None) => Ordering::Equal,
        }
    }

    fn file<T>(&self, base: &mut Topic<T>, why: Why, statement: Statement<T>) {
        base.filed.push(Filed { why, filed_in: self.number, statement });
    }

    fn topic<T: TopicValue>(&mut self, id: Option<TopicId>, base: &mut Topic<T>, mut delta: Topic<T>) {
        for statement in delta.statements_mut() {
            // A statement that the plan holds already (a proposal now set) keeps the version it came with.
            if statement.origin.version == 0 {
                statement.origin.version = self.number;
                statement.origin.recorded_at = self.recorded_at;
            }
        }
        for filed in delta.filed {
            let known = base.filed.iter().any(|f| f.statement.value == filed.statement.value && f.statement.said_on == filed.statement.said_on);
            if !known {
                base.filed.push(Filed { filed_in: self.number, ..filed });
            }
        }
        if let Some(new) = delta.current {
            self.current(id, base, new);
        }
        if let Some(new) = delta.proposed {
            self.proposed(id, base, new);
        }
    }

    fn current<T: TopicValue>(&mut self, id: Option<TopicId>, base: &mut Topic<T>, mut new: Statement<T>) {
        let order = base.current.as_ref().map_or(Ordering::Greater, |old| self.order(&new, old));
        let same = base.current.as_ref().is_some_and(|old| old.value == new.value);
        match (order, self.arrival) {
            (Ordering::Less, _) => {
                self.out.older.extend(id);
                self.file(base, Why::Older, new);
            }
            (Ordering::Equal, Arrival::Elsewhere) if same => {}
            (Ordering::Equal, Arrival::Elsewhere) => {
                self.out.conflicts.extend(id);
                self.file(base, Why::Conflict, new);
            }
            _ => {
                if let Some(open) = base.proposed.take() {
                    if self.order(&open, &new) == Ordering::Greater {
                        base.proposed = Some(open);
                    } else if open.value != new.value && open.origin != new.origin {
                        self.file(base, Why::Overtaken, open);
                    }
                }
                new.origin.version = self.number;
                new.origin.recorded_at = self.recorded_at;
                base.current = Some(new);
                self.out.touched.extend(id);
            }
        }
    }

    fn proposed<T: TopicValue>(&mut self, id: Option<TopicId>, base: &mut Topic<T>, new: Statement<T>) {
        if base.current.as_ref().is_some_and(|old| self.order(&new, old) == Ordering::Less) {
            self.out.older.extend(id);
            self.file(base, Why::Older, new);
            return;
        }
        if let Some(open) = base.proposed.take() {
            self.file(base, Why::Overtaken, open);
        }
        base.proposed = Some(new);
        self.out.touched.extend(id);
    }

    fn reject(&mut self, content: &mut Content, topic: TopicId, reason: &str) {
        let why = || Why::Rejected { reason: reason.to_owned() };
        if topic == TopicId::OtherLimits {
            if let Some(open) = content.other_limits.proposed.take() {
                self.file(&mut content.other_limits, why(), open);
                self.out.touched.push(topic);
            }
        } else if let Some(entry) = Treatment::of_topic(topic).and_then(|t| content.directives.get_mut(&t))
            && let Some(open) = entry.proposed.take()
        {
            self.file(entry, why(), open);
            self.out.touched.push(topic);
        }
    }
}

/// Takes the people, professionals, conversations and documents of the part into the whole: those that are there
/// already keep their key, the others get a fresh one.
fn adopt_entities(content: &mut Content, delta: &mut Content, number: u32) -> KeyMap {
    let mut map = KeyMap::default();
    for mut person in std::mem::take(&mut delta.people) {
        let known = content.people.iter().position(|p| same_person(p, &person));
        let key = match known {
            Some(i) => content.people[i].key,
            None => PersonKey(content.fresh_key()),
        };
        map.people.insert(person.key, key);
        person.key = key;
        person.changed_in = number;
        match known {
            Some(i) => {
                let old = &mut content.people[i];
                person.address = person.address.or_else(|| old.address.clone());
                if person.identifiers.is_empty() {
                    person.identifiers.clone_from(&old.identifiers);
                }
                person.changed_in = old.changed_in;
                if *old != person {
                    *old = ContactPerson { changed_in: number, ..person };
                }
            }
            None => content.people.push(person),
        }
    }
    for mut professional in std::mem::take(&mut delta.professionals) {
        let known = content.professionals.iter().position(|p| same_professional(p, &professional));
        let key = match known {
            Some(i) => content.professionals[i].key,
            None => ProfessionalKey(content.fresh_key()),
        };
        map.professionals.insert(professional.key, key);
        professional.key = key;
        professional.changed_in = number;
        match known {
            Some(i) => complete(&mut content.professionals[i], professional, number),
            None => content.professionals.push(professional),
        }
    }
    for conversation in &mut delta.conversations {
        let ids = &conversation.encounter.source.identifiers;
        let known = content.conversations.iter().position(|c| {
            !ids.is_empty() && c.encounter.source.identifiers.iter().any(|i| ids.contains(i))
        });
        let key = match known {
            Some(i) => content.conversations.remove(i).key,
            None => ConversationKey(content.fresh_key()),
        };
        map.conversations.insert(conversation.key, key);
        conversation.version = number;
    }
    for (key, topic) in &delta.documents {
        let known = content.documents.iter().find(|(_, t)| same_document(t, topic)).map(|(k, _)| *k);
        let key_in_plan = known.unwrap_or_else(|| DocumentKey(content.fresh_key()));
        map.documents.insert(*key, key_in_plan);
    }
    map
}

fn same_person(a: &ContactPerson, b: &ContactPerson) -> bool {
    if !a.identifiers.is_empty() && a.identifiers.iter().any(|i| b.identifiers.contains(i)) {
        return true;
    }
    if a.name.is_empty() || b.name.is_empty() {
        return a.name.is_empty()
            && b.name.is_empty()
            && (&a.telephones, &a.emails, &a.roles, &a.relations) == (&b.telephones, &b.emails, &b.roles, &b.relations);
    }
    let related = a.relations.is_empty() || b.relations.is_empty() || a.relations.iter().any(|r| b.relations.contains(r));
    a.name.full().to_lowercase() == b.name.full().to_lowercase() && related
}

fn same_professional(a: &Professional, b: &Professional) -> bool {
    fn both<T: PartialEq>(a: Option<&T>, b: Option<&T>) -> Option<bool> {
        Some(a? == b?)
    }
    both(a.person.as_ref(), b.person.as_ref())
        .or_else(|| both(a.uzi.as_ref(), b.uzi.as_ref()))
        .or_else(|| both(a.agb.as_ref(), b.agb.as_ref()))
        .unwrap_or_else(|| {
            a.name.full().to_lowercase() == b.name.full().to_lowercase()
                && (a.specialty.is_empty() || b.specialty.is_empty() || a.specialty.iter().any(|s| b.specialty.iter().any(|o| o.same(s))))
        })
}

fn complete(old: &mut Professional, new: Professional, number: u32) {
    let before = old.clone();
    if !new.name.is_empty() {
        old.name = new.name;
    }
    old.agb = new.agb.or(old.agb.take());
    old.uzi = new.uzi.or(old.uzi.take());
    old.big = new.big.or(old.big.take());
    old.person = new.person.or(old.person.take());
    old.organisation = new.organisation.or(old.organisation.take());
    if !new.specialty.is_empty() {
        old.specialty = new.specialty;
    }
    if !new.identifiers.is_empty() {
        old.identifiers = new.identifiers;
    }
    if !new.role_identifiers.is_empty() {
        old.role_identifiers = new.role_identifiers;
    }
    if *old != before {
        old.changed_in = number;
    }
}

fn same_document(a: &Topic<super::AdvanceDirective>, b: &Topic<super::AdvanceDirective>) -> bool {
    let (Some(a), Some(b)) = (a.statements().next(), b.statements().next()) else { return false };
    let shared_id = a.source.identifiers.iter().any(|i| b.source.identifiers.contains(i));
    shared_id || (a.source.identifiers.is_empty() && b.source.identifiers.is_empty() && a.value.kind == b.value.kind && a.said_on == b.said_on)
}
