//! A plan as a letter: sections 1 to 8, each topic one line with its mark, then why, then small: since when, with
//! whom, set by, changed from. Doubts and what waits come first.

mod limits;
mod people;
mod say;
mod topics;

pub use limits::LimitView;
pub use people::{PersonView, Phone};
pub use say::topic_label;

use super::dutch;
use super::mark::Mark;
use domain::date::FhirDateTime;
use domain::patient::Patient;
use domain::plan::{Content, ConversationKey, CurrentPlan, Statement, TopicId, doubts, open_proposals};
use jiff::civil::Date;

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
    /// One sentence that sums the plan up.
    pub summary: String,
    /// What may be out of date, each in a sentence.
    pub doubts: Vec<String>,
    /// Limits that wait for a doctor, by name.
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
    /// Who it is about.
    pub patient: &'a Patient,
    /// The plan's content.
    pub content: &'a Content,
    /// The plan before, where it is known: it tells what a statement changed from. Newest first.
    pub before: &'a [&'a Content],
    /// Day from which ages are counted.
    pub today: Date,
}

impl PlanView {
    /// Writes the letter of the plan as it stands.
    pub fn of(patient: &Patient, plan: &CurrentPlan, before: &[&Content], today: Date) -> Self {
        Self::from_source(&Source { patient, content: &plan.content, before, today })
    }

    /// Writes the letter of any content.
    pub fn from_source(source: &Source) -> Self {
        let content = source.content;
        Self {
            summary: limits::summary(content),
            doubts: doubts(content).into_iter().map(|d| d.sentence).collect(),
            waiting: open_proposals(content).into_iter().map(|t| topic_label(t).to_owned()).collect(),
            sections: topics::sections(source),
            people: people::around(content),
            emergency: limits::emergency(source),
        }
    }

    /// Which limits wait, in a sentence.
    pub fn waiting_sentence(&self) -> String {
        let names: Vec<String> = self.waiting.iter().map(|n| lower_first(n)).collect();
        let (waits, it) = if names.len() == 1 { ("wacht", "Tot dan geldt wat er eerder is vastgesteld.") } else { ("wachten", "Tot dan geldt wat er eerder is vastgesteld.") };
        format!("{} {waits} op een arts. {it}", upper_first(&dutch::list(&names)))
    }
}

impl Source<'_> {
    /// The day a statement was said, as precise as it is known.
    fn said_on<T>(&self, statement: &Statement<T>) -> Option<FhirDateTime> {
        statement.said_on.clone().or_else(|| self.date_of(statement.origin.conversation))
    }

    fn date_of(&self, key: ConversationKey) -> Option<FhirDateTime> {
        self.content.conversation(key).map(|c| c.date().clone())
    }

    /// 'sinds 8 november 2022, 4 jaar geleden'.
    fn since<T>(&self, statement: &Statement<T>) -> Option<String> {
        let date = self.said_on(statement)?;
        Some(format!("sinds {}, {}", dutch::date(&date), dutch::age(&date, self.today)))
    }
}

/// With a capital.
pub fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}

/// Without a capital, but for names of letters such as ICD.
pub fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    let second_is_small = text.chars().nth(1).is_none_or(char::is_lowercase);
    match letters.next() {
        Some(c) if second_is_small => c.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
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
