//! The report of a conversation (G2): who was there, SOEP, and what remains to be talked about (G4).

use super::{Place, Talk};
use crate::path::{Step, What};
use crate::plan::{Content, Topic, TopicId, TopicValue, TopicVisitor};
use crate::words;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Who was there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Attended {
    /// The patient.
    pub patient: bool,
    /// The legal representative.
    pub representative: bool,
    /// The others, each by name and what they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<String>,
}

impl Attended {
    /// 'de patiënt, Mirjam (dochter) en S. de Wit'; empty where nobody is named.
    pub fn sentence(&self) -> String {
        let mut all: Vec<String> = Vec::new();
        all.extend(self.patient.then(|| "de patiënt".to_owned()));
        all.extend(self.representative.then(|| "de vertegenwoordiger".to_owned()));
        all.extend(self.others.iter().cloned());
        words::join(&all)
    }
}

/// Something that was not talked about, or not to the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeftOpen {
    /// A topic of the form.
    Topic(TopicId),
    /// Something else.
    Words(String),
}

impl LeftOpen {
    /// As it stands in a list.
    pub fn words(&self) -> String {
        match self {
            Self::Topic(topic) => words::in_text(*topic),
            Self::Words(words) => words.clone(),
        }
    }
}

/// The report; at least one of the four letters says something.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// Who was there.
    pub attended: Attended,
    /// How long it lasted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u16>,
    /// Where it was held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// S: what the patient and theirs say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subjective: Option<String>,
    /// O: what was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub objective: Option<String>,
    /// E: what the professional makes of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evaluation: Option<String>,
    /// P: what was agreed or is proposed; a limit counts when a doctor sets it in the plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// What remains to be talked about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_open: Vec<LeftOpen>,
}

impl Report {
    /// The letters with their words, those that say something.
    pub fn soep(&self) -> Vec<(&'static str, &str)> {
        [("S", &self.subjective), ("O", &self.objective), ("E", &self.evaluation), ("P", &self.plan)]
            .into_iter()
            .filter_map(|(letter, said)| Some((letter, said.as_deref()?)))
            .collect()
    }
}

/// Something that remains to be talked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StillOpen {
    /// What.
    pub what: LeftOpen,
    /// The conversation that left it first.
    pub since: Date,
}

/// What remains to be talked about: what the newest report left open, but for topics that the plan has since. What one
/// conversation leaves, the next is shown, and says again where it still remains.
pub fn still_open(steps: &[Step], plan: Option<&Content>) -> Vec<StillOpen> {
    // The newest by writing: whoever writes a report has seen what the ones before left.
    let held: Vec<(Date, &[LeftOpen])> = steps
        .iter()
        .rev()
        .filter_map(|step| match &step.what {
            What::Talk(Talk::Held(report)) => Some((step.day, report.left_open.as_slice())),
            _ => None,
        })
        .collect();
    let Some((newest, left)) = held.first() else { return Vec::new() };
    let told = |topic: TopicId| plan.and_then(|plan| said_on(plan, topic)).is_some_and(|day| day >= *newest);
    left.iter()
        .filter(|what| !matches!(what, LeftOpen::Topic(topic) if told(*topic)))
        .map(|what| {
            let since = held.iter().take_while(|(_, all)| all.contains(what)).map(|(day, _)| *day).min();
            StillOpen { what: what.clone(), since: since.unwrap_or(*newest) }
        })
        .collect()
}

/// The day on which what counts of a topic was said.
fn said_on(plan: &Content, topic: TopicId) -> Option<Date> {
    struct Find<'a>(&'a Content, TopicId, Option<Date>);
    impl TopicVisitor for Find<'_> {
        fn topic<T: TopicValue>(&mut self, id: Option<TopicId>, topic: &mut Topic<T>) {
            if id == Some(self.1) {
                let newest = topic.current.iter().chain(&topic.proposed).filter_map(|s| self.0.said_on(s));
                self.2 = newest.map(crate::date::FhirDateTime::first_day).max();
            }
        }
    }
    if topic == TopicId::Attendance {
        return plan.attended().map(|(conversation, _)| conversation.date().first_day());
    }
    let mut find = Find(plan, topic, None);
    plan.clone().visit(&mut find);
    find.2
}
