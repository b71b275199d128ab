//! A plan as a letter: sections 1 to 8, each topic one line with its mark, then why, then small: since when, with
//! whom, set by, changed from. Doubts and what waits come first. What it says are the domain's words.

mod limits;
pub mod people;
mod topics;

pub use limits::LimitView;
pub use people::PersonView;
pub use topics::recorded_by;

use super::mark::Mark;
use domain::date::FhirDateTime;
use domain::plan::{Content, CurrentPlan, ReviewBy, TopicId, doubts, open_proposals, sum_up};
use domain::words;

/// One statement as the letter says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// What it means at a glance.
    pub mark: Mark,
    /// The statement in one line.
    pub text: String,
    /// In soft ink: nothing was said.
    pub quiet: bool,
    /// A longer text, as it was typed.
    pub told: Option<String>,
    /// Why, in the words that were recorded.
    pub why: Option<String>,
    /// Since when, with whom, set by, changed from.
    pub fine: Vec<String>,
}

/// One topic of the letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TopicView {
    /// Id on the page.
    pub anchor: String,
    /// What it is about.
    pub label: String,
    /// What counts.
    pub lines: Vec<Line>,
    /// What is proposed beside it.
    pub proposals: Vec<Line>,
    /// What was filed, each in a sentence.
    pub earlier: Vec<String>,
}

/// One section of the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Id on the page.
    pub anchor: String,
    /// Number in the form.
    pub number: &'static str,
    /// Heading.
    pub title: &'static str,
    /// Topics in clinical order.
    pub topics: Vec<TopicView>,
}

/// The whole letter.
#[derive(Debug, Clone)]
pub struct PlanView {
    /// The sentence that sums the plan up.
    pub summary: String,
    /// What may be out of date, each in a sentence.
    pub doubts: Vec<String>,
    /// Limits that wait for a doctor, as inside a sentence.
    pub waiting: Vec<String>,
    /// The sections.
    pub sections: Vec<Section>,
    /// Who is around the patient.
    pub people: Vec<PersonView>,
    /// The limits that matter in an emergency, for the page at a glance.
    pub emergency: Vec<LimitView>,
}

/// What the letter is written from.
pub struct Source<'a> {
    /// The plan's content.
    pub content: &'a Content,
    /// The plan before, where it is known: it tells what a statement changed from. Newest first.
    pub before: &'a [&'a Content],
    /// What was left out on purpose, and when.
    pub left_out: &'a [(TopicId, FhirDateTime)],
    /// Day from which ages are counted, and when a plan wants looking at again.
    pub by: ReviewBy,
    /// Does it tell how long ago things were? Paper does not: it is read on another day than it was printed.
    pub ages: bool,
}

impl Source<'_> {
    /// A date with its age, where that is told.
    pub fn dated(&self, date: &FhirDateTime) -> String {
        let day = words::date(date);
        if self.ages { format!("{day}, {}", words::age_of(date, self.by.today)) } else { day }
    }
}

impl PlanView {
    /// Writes the letter of the plan as it stands.
    pub fn of(plan: &CurrentPlan, by: ReviewBy) -> Self {
        Self::with_history(plan, &[], &[], by)
    }

    /// The same with what went before.
    pub fn with_history(
        plan: &CurrentPlan,
        before: &[&Content],
        left_out: &[(TopicId, FhirDateTime)],
        by: ReviewBy,
    ) -> Self {
        Self::from_source(&Source { content: &plan.content, before, left_out, by, ages: true })
    }

    /// Writes the letter of any content.
    pub fn from_source(source: &Source) -> Self {
        let content = source.content;
        Self {
            summary: sum_up(content, Some(source.by.today).filter(|_| source.ages)),
            doubts: doubts(content, source.by).into_iter().map(|d| d.sentence).collect(),
            waiting: open_proposals(content).into_iter().map(words::in_text).collect(),
            sections: topics::sections(source),
            people: people::around(content),
            emergency: limits::emergency(source),
        }
    }

    /// Which limits wait, in a sentence.
    pub fn waiting_sentence(&self) -> String {
        let waits = if self.waiting.len() == 1 { "wacht" } else { "wachten" };
        let names = words::capitalised(&words::join(&self.waiting));
        format!("{names} {waits} op een arts. Tot dan geldt wat eerder is vastgesteld.")
    }
}

/// Id of a topic on the page.
pub fn anchor(topic: TopicId) -> String {
    match topic {
        TopicId::LifeWish(key) => format!("wens-{}", key.0),
        TopicId::Agreement(key) => format!("afspraak-{}", key.0),
        form => format!("onderwerp-{}", form.number()),
    }
}

/// What the explanation of a topic is.
pub fn why_label(topic: TopicId) -> &'static str {
    match topic {
        TopicId::LifeWish(_) => "Afspraak:",
        TopicId::Agreement(_) => "Voorwaarde:",
        TopicId::Capacity | TopicId::Icd | TopicId::EarlierRecorded => "Toelichting:",
        _ => "Waarom:",
    }
}

#[cfg(test)]
mod tests;
