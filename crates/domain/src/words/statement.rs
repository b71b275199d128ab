//! What a plan says on a topic: one line, the value behind the title, the explanation and the mark.

mod question;

use super::{
    Mark, agreement_state, capacity, capitalised, date, decision_line, decision_value, decision_words, document_kind,
    donor, earlier, euthanasia, goal, icd, icd_kind, informed, join, person, person_name, place, policy_differs,
    professional, set_by, sharing, title, trimmed, value,
};
use crate::code::{AdvanceDirectiveType, EuthanasiaPosition, YesNoUnknown};
use crate::date::FhirDateTime;
use crate::people::PersonKey;
use crate::plan::{
    AdvanceDirective, Agreement, AgreementState, Content, Directive, EarlierRecorded, Icd, InformRelatives,
    LegalCapacity, LifeWish, MedicalPolicyGoal, OrganDonationChoice, OtherLimit, OtherLimits,
    PositionRegardingEuthanasia, PreferredPlaceOfDeath, SenseOfPurpose, SharingConsent, SourceFacts,
    SpecificCareWishes, Topic, TopicId, Treatment, Why,
};
use question::{Answered, Current, Filed, IsProposed, OpenConflict, Proposed, ask};
use std::collections::BTreeSet;

/// What one statement says, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// A line that stands alone: `Niet reanimeren`.
    pub line: String,
    /// The value behind the topic's title, as inside a sentence: `niet uitvoeren`.
    pub value: String,
    /// The explanation given, to the letter.
    pub comment: Option<String>,
    /// The mark, where it is a decision, or where the answer is that nobody knows yet.
    pub mark: Option<Mark>,
    /// Who set or proposed it, where it is a limit: `vastgesteld door dr. Van Huissen, huisarts`.
    pub set_by: Option<String>,
    /// The day that counts for it.
    pub said_on: Option<FhirDateTime>,
    /// The plan version that brought it.
    pub version: u32,
}

/// A statement that is kept without counting, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledSaid {
    /// Why it does not count.
    pub why: Why,
    /// Version that filed it.
    pub filed_in: u32,
    /// What it says.
    pub said: Said,
}

/// Every topic of the form, and the life wishes and other agreements that the plan has, in the order in which a plan
/// is read: that of the form, with life wishes behind 5a and other agreements behind 6, where they stand in exchange
/// (decisions 20 and 21).
pub fn topics(content: &Content) -> Vec<TopicId> {
    topics_of_both(content, content)
}

/// The same for two plans at once.
pub(crate) fn topics_of_both(a: &Content, b: &Content) -> Vec<TopicId> {
    let wishes: BTreeSet<_> = a.life_wishes.keys().chain(b.life_wishes.keys()).copied().collect();
    let agreements: BTreeSet<_> = a.agreements.keys().chain(b.agreements.keys()).copied().collect();
    let mut all = Vec::with_capacity(TopicId::FORM.len() + wishes.len() + agreements.len());
    for topic in TopicId::FORM {
        all.push(topic);
        match topic {
            TopicId::CareWishes => all.extend(wishes.iter().map(|k| TopicId::LifeWish(*k))),
            TopicId::SenseOfPurpose => all.extend(agreements.iter().map(|k| TopicId::Agreement(*k))),
            _ => {}
        }
    }
    all
}

/// What the plan says on a topic; `None` where it was not discussed.
pub fn said(content: &Content, topic: TopicId) -> Option<Said> {
    match topic {
        TopicId::Attendance => attendance(content),
        TopicId::EarlierRecorded => with_documents(content),
        _ => ask(content, topic, &Current),
    }
}

/// What topic 7 says itself, without the written wishes.
pub(crate) fn earlier_itself(content: &Content) -> Option<Said> {
    ask(content, TopicId::EarlierRecorded, &Current)
}

/// What is proposed on a topic, not yet set.
pub fn proposed(content: &Content, topic: TopicId) -> Option<Said> {
    ask(content, topic, &Proposed)
}

/// What was filed on a topic, in order of arrival.
pub fn filed(content: &Content, topic: TopicId) -> Vec<FiledSaid> {
    ask(content, topic, &Filed)
}

/// Does something wait for a doctor on this topic?
pub(crate) fn is_proposed(content: &Content, topic: TopicId) -> bool {
    ask(content, topic, &IsProposed)
}

/// The topics on which something new is only words, where the plan has an answer: they would take it away from nobody, and
/// whoever wrote them may have meant to answer.
pub fn without_answer(plan: &Content, new: &Content) -> Vec<TopicId> {
    let words_only = |t: &TopicId| ask(new, *t, &Answered) == Some(false) && ask(plan, *t, &Answered) == Some(true);
    TopicId::FORM.into_iter().filter(words_only).collect()
}

/// Where what was filed last as a conflict stands among the filed, while nothing newer was said on the topic.
pub(crate) fn open_conflict(content: &Content, topic: TopicId) -> Option<usize> {
    ask(content, topic, &OpenConflict)
}

/// What the plan says on a topic in one line; `None` where it was not discussed.
pub fn statement_line(content: &Content, topic: TopicId) -> Option<String> {
    said(content, topic).map(|s| s.line)
}

/// What is proposed in one line: `Voorgesteld: niet reanimeren`.
pub fn proposed_line(content: &Content, topic: TopicId) -> Option<String> {
    let said = proposed(content, topic)?;
    Some(format!("Voorgesteld: {}", phrase_of(content, topic).unwrap_or(said.value)))
}

/// A proposal as it stands inside a sentence, without its title.
pub(crate) fn phrase_of(content: &Content, topic: TopicId) -> Option<String> {
    let treatment = Treatment::of_topic(topic)?;
    let open = content.directive(treatment)?.proposed.as_ref()?;
    Some(super::decision_phrase(treatment, &open.value.decision))
}

/// The explanation given on a topic, to the letter.
pub fn comment(content: &Content, topic: TopicId) -> Option<String> {
    said(content, topic)?.comment
}

/// The mark of a topic, where it has one.
pub fn mark(content: &Content, topic: TopicId) -> Option<Mark> {
    said(content, topic)?.mark
}

impl Said {
    fn new(line: String, value: String, comment: Option<&String>) -> Self {
        let comment = comment.filter(|c| !c.trim().is_empty()).cloned();
        let mark = (value == super::UNKNOWN).then_some(Mark::Unknown);
        Self { line, value, comment, mark, set_by: None, said_on: None, version: 0 }
    }

    /// A line of title and value.
    fn titled(topic: TopicId, value: &str, comment: Option<&String>) -> Self {
        Self::new(format!("{}: {value}", title(topic)), value.to_owned(), comment)
    }

    /// A value that is a sentence by itself.
    fn plain(value: String, comment: Option<&String>) -> Self {
        Self::new(capitalised(&value), value, comment)
    }
}

/// A value that can be put into words.
trait Worded {
    fn said(&self, content: &Content, topic: TopicId, source: &SourceFacts) -> Said;
}

impl Worded for LegalCapacity {
    fn said(&self, content: &Content, _: TopicId, source: &SourceFacts) -> Said {
        let who = |key| content.person(key).map_or_else(|| "een naaste".to_owned(), person);
        Said::plain(capacity_parts(self, source, who).join("; "), self.comment.as_ref())
    }
}

/// Topic 1 part by part, with people told as `who` tells them.
pub(crate) fn capacity_parts(
    value: &LegalCapacity,
    source: &SourceFacts,
    who: impl Fn(PersonKey) -> String,
) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(capacity(value.capable, source.absent_reason.as_deref()).map(str::to_owned));
    match (value.representative, value.first_contact) {
        (Some(r), Some(c)) if r == c => parts.push(format!("vertegenwoordiger en eerste contactpersoon: {}", who(r))),
        (r, c) => {
            parts.extend(r.map(|k| format!("vertegenwoordiger: {}", who(k))));
            if r.is_none() && value.capable == Some(false) {
                parts.push("nog geen vertegenwoordiger vastgelegd".to_owned());
            }
            parts.extend(c.map(|k| format!("eerste contactpersoon: {}", who(k))));
        }
    }
    if !value.others.is_empty() {
        let others: Vec<String> = value.others.iter().map(|k| who(*k)).collect();
        parts.push(format!("verdere contactpersonen: {}", join(&others)));
    }
    if parts.is_empty() {
        parts.push("wilsbekwaamheid niet besproken".to_owned());
    }
    parts
}

impl Worded for MedicalPolicyGoal {
    fn said(&self, _: &Content, _: TopicId, _: &SourceFacts) -> Said {
        let value = goal(self.goal);
        Said::new(format!("Doel: {value}"), value.to_owned(), self.comment.as_ref())
    }
}

/// A limit that has an end says so.
fn until(directive: &Directive, text: &str) -> String {
    directive.ended.as_ref().map_or_else(|| text.to_owned(), |end| format!("{text} (tot {})", date(end)))
}

impl Worded for Directive {
    fn said(&self, content: &Content, topic: TopicId, _: &SourceFacts) -> Said {
        let (line, value) = match Treatment::of_topic(topic) {
            Some(t) => (decision_line(t, &self.decision), decision_value(t, &self.decision)),
            None => (format!("{}: {}", title(topic), decision_words(&self.decision)), decision_words(&self.decision)),
        };
        Said {
            mark: Some(Mark::of(&self.decision)),
            set_by: set_by(content, self),
            ..Said::new(until(self, &line), until(self, &value), self.comment.as_ref())
        }
    }
}

impl OtherLimit {
    fn value(&self) -> String {
        let decision = until(&self.directive, &decision_words(&self.directive.decision));
        match self.text.as_deref().map(trimmed).filter(|t| !t.is_empty()) {
            Some(text) => format!("{text}: {decision}"),
            None => decision,
        }
    }

    /// The explanation, where it is more than the text that names the treatment (decision 34).
    fn own_comment(&self) -> Option<&str> {
        self.directive.comment.as_deref().filter(|c| Some(*c) != self.text.as_deref() && !c.trim().is_empty())
    }
}

impl Worded for OtherLimits {
    fn said(&self, content: &Content, topic: TopicId, _: &SourceFacts) -> Said {
        let values: Vec<String> = self.0.iter().map(OtherLimit::value).collect();
        let value = values.join("; ");
        let named =
            !self.0.is_empty() && self.0.iter().all(|l| l.text.as_deref().is_some_and(|t| !t.trim().is_empty()));
        let line = if named { capitalised(&value) } else { format!("{}: {value}", title(topic)) };
        let comments: Vec<&str> = self.0.iter().filter_map(OtherLimit::own_comment).collect();
        let comment = comments.join("\n");
        let mut marks = self.0.iter().map(|l| Mark::of(&l.directive.decision));
        let first = marks.next();
        Said {
            mark: first.filter(|f| marks.all(|m| m == *f)),
            set_by: self.0.first().and_then(|l| set_by(content, &l.directive)),
            ..Said::new(line, value, Some(&comment))
        }
    }
}

impl Worded for Icd {
    fn said(&self, _: &Content, topic: TopicId, _: &SourceFacts) -> Said {
        let mut details: Vec<String> = Vec::new();
        details.extend(self.kind.map(|k| icd_kind(k).to_owned()));
        details.extend(self.product.as_deref().map(trimmed).filter(|p| !p.is_empty()).map(str::to_owned));
        details.extend(self.since.as_ref().map(|d| format!("sinds {}", date(d))));
        details.extend(self.until.as_ref().map(|d| format!("tot {}", date(d))));
        let mut value = icd(self.present).to_owned();
        if !details.is_empty() {
            value = format!("{value} ({})", details.join(", "));
        }
        match self.present {
            YesNoUnknown::Unknown => Said::titled(topic, &value, self.comment.as_ref()),
            _ => Said::plain(value, self.comment.as_ref()),
        }
    }
}

/// Free text stands for itself; where there is none, the source's reason does.
fn free_text(topic: TopicId, text: Option<&String>, source: &SourceFacts) -> Said {
    match text.filter(|t| !t.trim().is_empty()) {
        Some(text) => Said::new(text.clone(), text.clone(), None),
        None => Said::titled(topic, value::absent(source.absent_reason.as_deref().unwrap_or("unknown")), None),
    }
}

impl Worded for SpecificCareWishes {
    fn said(&self, _: &Content, topic: TopicId, source: &SourceFacts) -> Said {
        free_text(topic, self.text.as_ref(), source)
    }
}

impl Worded for SenseOfPurpose {
    fn said(&self, _: &Content, topic: TopicId, source: &SourceFacts) -> Said {
        free_text(topic, self.text.as_ref(), source)
    }
}

impl Worded for PreferredPlaceOfDeath {
    fn said(&self, _: &Content, topic: TopicId, _: &SourceFacts) -> Said {
        Said::titled(topic, place(self.place), self.comment.as_ref())
    }
}

impl Worded for PositionRegardingEuthanasia {
    fn said(&self, _: &Content, topic: TopicId, _: &SourceFacts) -> Said {
        match self.position {
            EuthanasiaPosition::Unknown => Said::titled(topic, euthanasia(self.position), self.comment.as_ref()),
            _ => Said::plain(euthanasia(self.position).to_owned(), self.comment.as_ref()),
        }
    }
}

impl Worded for OrganDonationChoice {
    fn said(&self, _: &Content, topic: TopicId, _: &SourceFacts) -> Said {
        match self.registered {
            YesNoUnknown::Unknown => Said::titled(topic, donor(self.registered), None),
            _ => Said::plain(donor(self.registered).to_owned(), None),
        }
    }
}

impl Worded for EarlierRecorded {
    fn said(&self, _: &Content, topic: TopicId, _: &SourceFacts) -> Said {
        let mut value = earlier(self.recorded).to_owned();
        if let Some(differs) = self.differs {
            value = format!("{value}, {}", policy_differs(differs));
        }
        match self.recorded {
            YesNoUnknown::Unknown => Said::titled(topic, &value, self.comment.as_ref()),
            _ => Said::plain(value, self.comment.as_ref()),
        }
    }
}

impl Worded for InformRelatives {
    fn said(&self, content: &Content, _: TopicId, _: &SourceFacts) -> Said {
        let mut value = informed(self.informed).to_owned();
        if !self.recipients.is_empty() {
            let names: Vec<String> =
                self.recipients.iter().filter_map(|k| content.person(*k)).map(person_name).collect();
            value = format!("{value}, te weten {}", join(&names));
        }
        if let Some(by) = self.told_by.and_then(|k| content.professional(k)) {
            value = format!("{value} (verteld door {})", professional(by));
        }
        Said::plain(value, None)
    }
}

impl Worded for SharingConsent {
    fn said(&self, _: &Content, topic: TopicId, _: &SourceFacts) -> Said {
        Said::titled(topic, sharing(self.answer), None)
    }
}

impl Worded for LifeWish {
    fn said(&self, _: &Content, _: TopicId, _: &SourceFacts) -> Said {
        let mut value = format!("{}: {}", self.domain.dutch(), self.wish.trim());
        if self.withdrawn {
            value.push_str(" (losgelaten)");
        }
        let mut agreed: Vec<String> = Vec::new();
        agreed.extend(self.action.as_deref().map(|a| trimmed(a).to_owned()).filter(|a| !a.is_empty()));
        agreed.extend(self.by_whom.as_deref().map(|w| format!("door {}", trimmed(w))));
        agreed.extend(self.until.as_ref().map(|d| format!("tot {}", date(d))));
        Said::new(value.clone(), value, Some(&agreed.join(", ")))
    }
}

impl Worded for Agreement {
    fn said(&self, _: &Content, _: TopicId, _: &SourceFacts) -> Said {
        let value = match self.state {
            AgreementState::Current => self.text.trim().to_owned(),
            state => format!("{} ({})", trimmed(&self.text), agreement_state(state)),
        };
        Said::new(value.clone(), value, self.condition.as_ref())
    }
}

/// Topic 2: who was there at the newest conversation that tells it.
fn attendance(content: &Content) -> Option<Said> {
    let (conversation, attendance) = content.attended()?;
    let mut who: Vec<String> = attendance.patient.then(|| "de patiënt".to_owned()).into_iter().collect();
    who.extend(attendance.people.iter().filter_map(|k| content.person(*k)).map(person));
    let value = if who.is_empty() { "niemand naast de zorgverlener".to_owned() } else { join(&who) };
    let said = Said::new(format!("Aanwezig: {value}"), value, None);
    Some(Said { said_on: Some(conversation.date().clone()), version: conversation.version, ..said })
}

/// A written wish in one line: `Niet-reanimerenverklaring van 1 mei 2020`.
pub fn document_line(content: &Content, topic: &Topic<AdvanceDirective>) -> Option<String> {
    let statement = topic.current.as_ref()?;
    let value = &statement.value;
    let kind = value.kind_text.as_deref().map(trimmed);
    let kind = kind.filter(|t| value.kind == AdvanceDirectiveType::Other && !t.is_empty());
    let kind = kind.unwrap_or_else(|| document_kind(value.kind));
    // A written wish has the day it was written, not that of the conversation that mentions it.
    let day = statement.said_on.as_ref().map(|d| format!(" van {}", date(d)));
    let by = value.representative.and_then(|k| content.person(k)).map(|p| format!(", vertegenwoordiger {}", person(p)));
    Some(capitalised(&format!("{kind}{}{}", day.unwrap_or_default(), by.unwrap_or_default())))
}

/// Topic 7 with the written wishes that belong to it.
fn with_documents(content: &Content) -> Option<Said> {
    let said = earlier_itself(content);
    let papers: Vec<String> = content.documents.values().filter_map(|t| document_line(content, t)).collect();
    if papers.is_empty() {
        return said;
    }
    let papers = papers.join("; ");
    Some(match said {
        Some(said) => {
            Said { line: format!("{}: {papers}", said.line), value: format!("{}: {papers}", said.value), ..said }
        }
        None => Said::plain(papers, None),
    })
}
