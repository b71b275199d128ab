//! What may be asked of a topic, whatever the type of what it says.

use super::{FiledSaid, Said, Worded};
use crate::plan::{self, Content, Statement, Topic, TopicId, Treatment, Why};

/// Something to ask of a topic, whatever its type.
pub(super) trait Question {
    type Answer;
    fn of<T: Worded>(&self, content: &Content, id: TopicId, topic: &Topic<T>) -> Self::Answer;
}

pub(super) struct Current;
pub(super) struct Proposed;
pub(super) struct Filed;
pub(super) struct IsProposed;
pub(super) struct OpenConflict;
pub(super) struct Answered;

impl Question for Current {
    type Answer = Option<Said>;
    fn of<T: Worded>(&self, content: &Content, id: TopicId, topic: &Topic<T>) -> Option<Said> {
        topic.current.as_ref().map(|s| in_words(content, id, s))
    }
}

impl Question for Proposed {
    type Answer = Option<Said>;
    fn of<T: Worded>(&self, content: &Content, id: TopicId, topic: &Topic<T>) -> Option<Said> {
        topic.proposed.as_ref().map(|s| in_words(content, id, s))
    }
}

impl Question for Filed {
    type Answer = Vec<FiledSaid>;
    fn of<T: Worded>(&self, content: &Content, id: TopicId, topic: &Topic<T>) -> Vec<FiledSaid> {
        let filed = |f: &plan::Filed<T>| FiledSaid {
            why: f.why.clone(),
            filed_in: f.filed_in,
            said: in_words(content, id, &f.statement),
        };
        topic.filed.iter().map(filed).collect()
    }
}

impl Question for IsProposed {
    type Answer = bool;
    fn of<T: Worded>(&self, _: &Content, _: TopicId, topic: &Topic<T>) -> bool {
        topic.proposed.is_some()
    }
}

impl Question for Answered {
    /// `false` where there are only words.
    type Answer = Option<bool>;
    fn of<T: Worded>(&self, _: &Content, _: TopicId, topic: &Topic<T>) -> Option<bool> {
        topic.current.as_ref().or(topic.proposed.as_ref()).map(|s| !s.source.is_words_only())
    }
}

impl Question for OpenConflict {
    type Answer = Option<usize>;
    fn of<T: Worded>(&self, _: &Content, _: TopicId, topic: &Topic<T>) -> Option<usize> {
        let settled_in = topic.current.as_ref().map_or(0, |s| s.origin.version);
        let is_open = |why: &Why| matches!(why, Why::Conflict | Why::WordsOnly);
        topic.filed.iter().rposition(|f| is_open(&f.why) && f.filed_in > settled_in)
    }
}

fn in_words<T: Worded>(content: &Content, id: TopicId, statement: &Statement<T>) -> Said {
    Said {
        said_on: content.said_on(statement).cloned(),
        version: statement.origin.version,
        ..statement.value.said(content, id, &statement.source)
    }
}

pub(super) fn ask<Q: Question<Answer: Default>>(content: &Content, id: TopicId, question: &Q) -> Q::Answer {
    fn some<T: Worded, Q: Question<Answer: Default>>(
        content: &Content,
        id: TopicId,
        topic: Option<&Topic<T>>,
        question: &Q,
    ) -> Q::Answer {
        topic.map(|t| question.of(content, id, t)).unwrap_or_default()
    }
    match id {
        // It stands with the conversations: nothing is proposed or filed of it.
        TopicId::Attendance => Q::Answer::default(),
        TopicId::Capacity => question.of(content, id, &content.capacity),
        TopicId::Goal => question.of(content, id, &content.goal),
        TopicId::OtherLimits => question.of(content, id, &content.other_limits),
        TopicId::Icd => question.of(content, id, &content.icd),
        TopicId::CareWishes => question.of(content, id, &content.care_wishes),
        TopicId::PlaceOfDeath => question.of(content, id, &content.place_of_death),
        TopicId::Euthanasia => question.of(content, id, &content.euthanasia),
        TopicId::OrganDonation => question.of(content, id, &content.organ_donation),
        TopicId::SenseOfPurpose => question.of(content, id, &content.sense_of_purpose),
        TopicId::EarlierRecorded => question.of(content, id, &content.earlier),
        TopicId::InformRelatives => question.of(content, id, &content.inform_relatives),
        TopicId::Sharing => question.of(content, id, &content.sharing),
        TopicId::LifeWish(key) => some(content, id, content.life_wishes.get(&key), question),
        TopicId::Agreement(key) => some(content, id, content.agreements.get(&key), question),
        TopicId::Cpr
        | TopicId::Ventilation
        | TopicId::Icu
        | TopicId::Hospital
        | TopicId::Antibiotics
        | TopicId::BloodProduct
        | TopicId::IcdDeactivation => {
            some(content, id, Treatment::of_topic(id).and_then(|t| content.directive(t)), question)
        }
    }
}
