//! Carrying over: what one conversation or delivery brought, laid upon the plan as it stood (decisions 1, 3 to 5, 9).

mod adopt;
mod carried;
mod known;

use super::{Content, ConversationKey, Filed, KeyMap, Statement, Topic, TopicId, Treatment, Why};
use crate::date::FhirDateTime;
use adopt::{Adopted, adopt};
use carried::Carried;
use jiff::Timestamp;
pub use known::KnownAs;
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
    /// Topics with equal date and other content (decision 3), or with words but no answer, for the lead.
    pub conflicts: Vec<TopicId>,
    /// Which of the plan's keys each of the input's own became.
    pub keys: KeyMap,
}

/// Lays an input upon a plan.
pub fn apply(base: &Content, input: &PlanInput, arrival: Arrival, number: u32, recorded_at: Timestamp) -> Applied {
    let mut content = base.clone();
    let Adopted { delta, mentioned, keys } = adopt(&mut content, input, number, recorded_at, true);
    let dates = content.conversations.iter().map(|c| (c.key, c.date().clone())).collect();
    let mut merge = Merge { arrival, number, recorded_at, dates, out: Applied::default() };

    // First: a proposal that comes with the same input is not the one that was rejected.
    for (topic, reason) in &input.rejected {
        merge.reject(&mut content, *topic, reason);
    }
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
        merge.topic(Some(TopicId::LifeWish(key)), content.life_wishes.entry(key).or_default(), topic);
    }
    for (key, topic) in delta.agreements {
        merge.topic(Some(TopicId::Agreement(key)), content.agreements.entry(key).or_default(), topic);
    }
    content.directives.retain(|_, t| !t.is_empty());
    content.documents.retain(|_, t| !t.is_empty());
    content.life_wishes.retain(|_, t| !t.is_empty());
    content.agreements.retain(|_, t| !t.is_empty());
    merge.attendance(&content, input);
    mentioned.settle(&mut content);

    let mut out = merge.out;
    for topics in [&mut out.touched, &mut out.older, &mut out.conflicts] {
        topics.sort();
        topics.dedup();
    }
    Applied { content, keys, ..out }
}

/// The plan as it stands after a row of inputs. Those that do not count (marked wrong, decision 5) give their people
/// keys all the same, so that nobody else's key ever changes, and are remembered by them.
pub fn fold<'a>(inputs: impl IntoIterator<Item = (u32, Timestamp, Arrival, bool, &'a PlanInput)>) -> Content {
    inputs.into_iter().fold(Content::default(), |mut content, (number, recorded_at, arrival, counts, input)| {
        if counts {
            return apply(&content, input, arrival, number, recorded_at).content;
        }
        adopt(&mut content, input, number, recorded_at, false).mentioned.settle(&mut content);
        content
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
    fn date<'a, T>(&'a self, s: &'a Statement<T>) -> Option<&'a FhirDateTime> {
        let of_conversation = || self.dates.iter().find(|(k, _)| *k == s.origin.conversation).map(|(_, d)| d);
        s.said_on.as_ref().or_else(of_conversation)
    }

    fn order<T>(&self, a: &Statement<T>, b: &Statement<T>) -> Ordering {
        match (self.date(a), self.date(b)) {
            (Some(a), Some(b)) => a.cmp_common(b),
            (Some(_), None) => Ordering::Greater,
            (None, Some(_)) => Ordering::Less,
            (None, None) => Ordering::Equal,
        }
    }

    /// The order of the conversations in which two statements were told.
    fn told<T>(&self, a: &Statement<T>, b: &Statement<T>) -> Ordering {
        let day = |s: &Statement<T>| self.dates.iter().find(|(k, _)| *k == s.origin.conversation).map(|(_, d)| d);
        day(a).zip(day(b)).map_or(Ordering::Equal, |(a, b)| a.cmp_common(b))
    }

    /// Files a statement, unless it was filed before: the same delivery may come twice.
    fn file<T: Carried>(&self, base: &mut Topic<T>, why: Why, statement: Statement<T>) {
        let known = base.filed.iter().any(|f| {
            f.why == why
                && self.order(&f.statement, &statement) == Ordering::Equal
                && f.statement.value.says(&statement.value)
        });
        if !known {
            base.filed.push(Filed { why, filed_in: self.number, statement });
        }
    }

    fn topic<T: Carried>(&mut self, id: Option<TopicId>, base: &mut Topic<T>, mut delta: Topic<T>) {
        for statement in delta.statements_mut() {
            // What the plan holds already (a proposal that a doctor sets) has a version; it is renewed only if it counts.
            if statement.origin.version == 0 {
                statement.origin.version = self.number;
                statement.origin.recorded_at = self.recorded_at;
            }
        }
        for filed in &delta.filed {
            if self.ends(base, filed) {
                base.current = None;
                self.out.touched.extend(id);
            }
        }
        let told = delta.current.is_some();
        if let Some(new) = delta.current {
            self.current(id, base, new);
        }
        if let Some(new) = delta.proposed {
            self.proposed(id, base, new);
        }
        for filed in delta.filed {
            // One delivery may contradict itself: that too is for the lead.
            if filed.why == Why::Conflict {
                self.out.conflicts.extend(id);
            }
            self.file(base, filed.why.clone(), filed.statement.clone());
            if !told && self.contradicts(base, &filed) {
                self.out.conflicts.extend(id);
                self.file(base, Why::Conflict, filed.statement);
            }
        }
    }

    /// The very statement that counts comes back as ended: its source takes it back, or somebody here who has it in view.
    fn ends<T: Carried>(&self, base: &Topic<T>, filed: &Filed<T>) -> bool {
        filed.why == Why::Ended
            && base.current.as_ref().is_some_and(|current| {
                let ids = &current.source.identifiers;
                let in_view = self.arrival == Arrival::Here && filed.statement.value == current.value;
                (in_view || filed.statement.source.identifiers.iter().any(|i| ids.contains(i)))
                    && self.order(&filed.statement, current) != Ordering::Less
            })
    }

    /// Something came as ended with the date of what counts, and nothing in its place.
    fn contradicts<T: Carried>(&self, base: &Topic<T>, filed: &Filed<T>) -> bool {
        self.arrival == Arrival::Elsewhere
            && filed.why == Why::Ended
            && base.current.as_ref().is_some_and(|current| self.order(&filed.statement, current) == Ordering::Equal)
    }

    fn current<T: Carried>(&mut self, id: Option<TopicId>, base: &mut Topic<T>, mut new: Statement<T>) {
        let order = base.current.as_ref().map_or(Ordering::Greater, |old| match self.order(&new, old) {
            // A written wish keeps its own day; what is told of it later is what its source knows now.
            Ordering::Equal if id.is_none() => self.told(&new, old),
            order => order,
        });
        let same = base.current.as_ref().is_some_and(|old| old.value.says(&new.value));
        let elsewhere = self.arrival == Arrival::Elsewhere;
        match order {
            Ordering::Less => {
                self.out.older.extend(id);
                self.file(base, Why::Older, new);
                return;
            }
            Ordering::Equal if elsewhere && same => {
                if let Some(old) = &mut base.current {
                    complete(old, new);
                }
                return;
            }
            // A document told again is no second opinion.
            Ordering::Equal if elsewhere && id.is_some() => {
                self.out.conflicts.extend(id);
                self.file(base, Why::Conflict, new);
                return;
            }
            _ => {}
        }
        if is_silent(&new, base.current.as_ref()) {
            self.file_words(id, base, new);
            return;
        }
        if let Some(open) = base.proposed.take() {
            let later = match self.order(&open, &new) {
                Ordering::Greater => true,
                // From elsewhere, nobody who set this had the proposal in view.
                Ordering::Equal => elsewhere,
                Ordering::Less => false,
            };
            if open.value.says(&new.value) {
                new.value.take_over(&open.value);
            } else if later {
                base.proposed = Some(open);
            } else if is_silent(&new, Some(&open)) {
                base.proposed = Some(open);
                self.file_words(id, base, new);
                return;
            } else {
                self.file(base, Why::Overtaken, open);
            }
        }
        if let Some(old) = base.current.as_ref().filter(|_| id.is_none()) {
            new.value.take_over(&old.value);
        }
        new.origin.version = self.number;
        new.origin.recorded_at = self.recorded_at;
        base.current = Some(new);
        self.out.touched.extend(id);
    }

    fn proposed<T: Carried>(&mut self, id: Option<TopicId>, base: &mut Topic<T>, new: Statement<T>) {
        let elsewhere = self.arrival == Arrival::Elsewhere;
        if let Some(current) = &base.current {
            match self.order(&new, current) {
                Ordering::Less => {
                    self.out.older.extend(id);
                    self.file(base, Why::Older, new);
                    return;
                }
                Ordering::Equal if elsewhere && current.value.says(&new.value) => return,
                _ => {}
            }
        }
        if let Some(open) = base.proposed.take() {
            let same = open.value.says(&new.value);
            match self.order(&new, &open) {
                Ordering::Less => {
                    base.proposed = Some(open);
                    self.out.older.extend(id);
                    self.file(base, Why::Older, new);
                    return;
                }
                Ordering::Equal if same => {
                    base.proposed = Some(open);
                    return;
                }
                Ordering::Equal if elsewhere => {
                    base.proposed = Some(open);
                    self.out.conflicts.extend(id);
                    self.file(base, Why::Conflict, new);
                    return;
                }
                _ if is_silent(&new, Some(&open)) => {
                    base.proposed = Some(open);
                    self.file_words(id, base, new);
                    return;
                }
                _ if !same => self.file(base, Why::Overtaken, open),
                _ => {}
            }
        }
        if is_silent(&new, base.current.as_ref()) {
            self.file_words(id, base, new);
            return;
        }
        base.proposed = Some(new);
        self.out.touched.extend(id);
    }

    /// Keeps words without an answer beside the answer that stands; the lead is asked to choose.
    fn file_words<T: Carried>(&mut self, id: Option<TopicId>, base: &mut Topic<T>, new: Statement<T>) {
        self.out.conflicts.extend(id);
        self.file(base, Why::WordsOnly, new);
    }

    fn reject(&mut self, content: &mut Content, topic: TopicId, reason: &str) {
        let rejected = match Treatment::of_topic(topic) {
            Some(treatment) => content.directives.get_mut(&treatment).is_some_and(|t| self.reject_proposal(t, reason)),
            None => topic == TopicId::OtherLimits && self.reject_proposal(&mut content.other_limits, reason),
        };
        if rejected {
            self.out.touched.push(topic);
        }
    }

    fn reject_proposal<T: Carried>(&self, base: &mut Topic<T>, reason: &str) -> bool {
        let Some(open) = base.proposed.take() else { return false };
        self.file(base, Why::Rejected { reason: reason.to_owned() }, open);
        true
    }

    /// Topic 2 counts where its conversation is the newest that answers it.
    fn attendance(&mut self, content: &Content, input: &PlanInput) {
        if input.content.conversations.iter().any(|c| c.attendance.is_some()) {
            let counts = content.attended().is_some_and(|(c, _)| c.version == self.number);
            if counts { &mut self.out.touched } else { &mut self.out.older }.push(TopicId::Attendance);
        }
    }
}

/// Are these words beneath a question that nobody answered, where `old` is an answer? They take none away: least of all a
/// limit that somebody set.
fn is_silent<T>(new: &Statement<T>, old: Option<&Statement<T>>) -> bool {
    new.source.is_words_only() && old.is_some_and(|old| !old.source.is_words_only())
}

/// What says the same changes nothing, but tells where the statement is known from, and by whom, if nobody did before.
fn complete<T: Carried>(old: &mut Statement<T>, new: Statement<T>) {
    if old.source.identifiers.is_empty() {
        old.source.identifiers = new.source.identifiers;
    }
    if old.by.is_empty() {
        old.by = new.by;
    }
    old.value.complete(new.value);
}

#[cfg(test)]
mod tests;
