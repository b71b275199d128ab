//! The one table of questions of the form (SPEC section 5): linkIds, codes and conditions are the standard's, the
//! labels are ours (decision 37). Pages, Questionnaire, checks, reading and writing all go by it.

mod limits;
mod people;
mod sets;
mod wishes;

use crate::code::Coding;
use crate::plan::TopicId;
use std::collections::HashMap;
use std::sync::LazyLock;

pub use sets::{EUTHANASIA_SET, GOAL_SET, ICD_TYPE_SET, PLACE_SET, SPECIALTY_SET, VALUE_SETS, YES_NO_UNKNOWN_SET};

/// Canonical of the standard's form.
pub const FORM_CANONICAL: &str = "https://api.iknl.nl/docs/pzp/r4/Questionnaire/ACP-zib2020";
/// Its version that is read and written.
pub const FORM_VERSION: &str = "1.0.0-rc3";
/// How many items the form has.
pub const FORM_SIZE: usize = 129;

/// One code that may be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Code system; 82 has none (SPEC section 9, trap 6).
    pub system: Option<&'static str>,
    /// Code.
    pub code: &'static str,
    /// Display to send.
    pub display: &'static str,
    /// Our own short Dutch words for pages and paper.
    pub label: &'static str,
}

impl Choice {
    const fn of(system: &'static str, code: &'static str, display: &'static str, label: &'static str) -> Self {
        Self { system: Some(system), code, display, label }
    }

    /// The coding to send.
    pub fn coding(&self) -> Coding {
        Coding {
            system: self.system.map(str::to_owned),
            code: self.code.to_owned(),
            display: Some(self.display.to_owned()),
        }
    }

    /// Does this coding mean this choice? Displays do not matter.
    pub fn means(&self, coding: &Coding) -> bool {
        coding.system.as_deref() == self.system && coding.code == self.code
    }
}

/// A set of codes that the form names by its canonical (answerValueSet).
#[derive(Debug, PartialEq, Eq)]
pub struct ValueSet {
    /// Canonical, with version where the form gives one.
    pub canonical: &'static str,
    /// Name (SPEC section 3).
    pub name: &'static str,
    /// Codes to offer.
    pub choices: &'static [Choice],
    /// Codes that are read, but no longer offered.
    pub retired: &'static [Choice],
    /// A system of which every code belongs to the set.
    pub open_system: Option<&'static str>,
}

/// Where the codes of a choice come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Options {
    /// They stand in the form itself.
    Listed(&'static [Choice]),
    /// They are those of a set.
    Set(&'static ValueSet),
}

impl Options {
    /// Codes to offer.
    pub fn choices(self) -> &'static [Choice] {
        match self {
            Self::Listed(choices) => choices,
            Self::Set(set) => set.choices,
        }
    }
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Holds other items.
    Group {
        /// May stand several times.
        repeats: bool,
    },
    /// Free text.
    Text,
    /// A date.
    Date,
    /// A date, with time where known.
    DateTime,
    /// Yes or no.
    Boolean,
    /// A code.
    Choice {
        /// May have several answers.
        repeats: bool,
        /// Which codes.
        options: Options,
    },
}

/// What the earlier question must be answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    /// This code.
    Code(Choice),
    /// Yes or no.
    Boolean(bool),
}

/// When an item is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnableWhen {
    /// The earlier question.
    pub question: &'static str,
    /// One of its answers.
    pub is: Is,
}

/// One item of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// The standard's linkId.
    pub link_id: &'static str,
    /// Under which item it stands.
    pub parent: Option<&'static str>,
    /// Number as printed: `4`, `a)`.
    pub prefix: Option<&'static str>,
    /// Our own short Dutch label.
    pub label: &'static str,
    /// What it is.
    pub kind: Kind,
    /// When it is asked; absent: always.
    pub enable_when: Option<EnableWhen>,
    /// Answered beforehand (initialSelected).
    pub initial: Option<Choice>,
    /// That answer cannot be changed.
    pub read_only: bool,
    /// The topic of carrying over; absent: head of the form, or a heading over several topics.
    pub topic: Option<TopicId>,
}

/// The rows of the table; each row adds what it has beyond its kind.
impl Question {
    const fn row(link_id: &'static str, parent: &'static str, label: &'static str, kind: Kind) -> Self {
        let parent = if parent.is_empty() { None } else { Some(parent) };
        Self {
            link_id,
            parent,
            prefix: None,
            label,
            kind,
            enable_when: None,
            initial: None,
            read_only: false,
            topic: None,
        }
    }
    const fn group(link_id: &'static str, parent: &'static str, label: &'static str) -> Self {
        Self::row(link_id, parent, label, Kind::Group { repeats: false })
    }
    const fn groups(link_id: &'static str, parent: &'static str, label: &'static str) -> Self {
        Self::row(link_id, parent, label, Kind::Group { repeats: true })
    }
    const fn text(link_id: &'static str, parent: &'static str, label: &'static str) -> Self {
        Self::row(link_id, parent, label, Kind::Text)
    }
    const fn boolean(link_id: &'static str, parent: &'static str, label: &'static str) -> Self {
        Self::row(link_id, parent, label, Kind::Boolean)
    }
    const fn one(link_id: &'static str, parent: &'static str, label: &'static str, choices: &'static [Choice]) -> Self {
        Self::row(link_id, parent, label, Kind::Choice { repeats: false, options: Options::Listed(choices) })
    }
    const fn many(
        link_id: &'static str,
        parent: &'static str,
        label: &'static str,
        choices: &'static [Choice],
    ) -> Self {
        Self::row(link_id, parent, label, Kind::Choice { repeats: true, options: Options::Listed(choices) })
    }
    const fn of_set(link_id: &'static str, parent: &'static str, label: &'static str, set: &'static ValueSet) -> Self {
        Self::row(link_id, parent, label, Kind::Choice { repeats: false, options: Options::Set(set) })
    }
    const fn preset(
        link_id: &'static str,
        parent: &'static str,
        label: &'static str,
        choices: &'static [Choice],
    ) -> Self {
        Self { initial: Some(choices[0]), read_only: true, ..Self::one(link_id, parent, label, choices) }
    }
    const fn no(self, prefix: &'static str) -> Self {
        Self { prefix: Some(prefix), ..self }
    }
    const fn on(self, topic: TopicId) -> Self {
        Self { topic: Some(topic), ..self }
    }
    const fn when(self, question: &'static str, code: Choice) -> Self {
        Self { enable_when: Some(EnableWhen { question, is: Is::Code(code) }), ..self }
    }
    const fn when_no(self, question: &'static str) -> Self {
        Self { enable_when: Some(EnableWhen { question, is: Is::Boolean(false) }), ..self }
    }
    const fn initially(self, choice: Choice) -> Self {
        Self { initial: Some(choice), ..self }
    }
}

impl Question {
    /// Items directly beneath.
    pub fn children(&self) -> &'static [&'static Self] {
        children(Some(self.link_id))
    }

    /// The item it stands under.
    pub fn parent(&self) -> Option<&'static Self> {
        question(self.parent?)
    }

    /// How deep it stands: 0 at the top.
    pub fn level(&self) -> usize {
        self.parent().map_or(0, |p| p.level() + 1)
    }

    /// Link ids from the top, `83/1409/1386`.
    pub fn path(&self) -> String {
        self.parent().map_or_else(|| self.link_id.to_owned(), |p| format!("{}/{}", p.path(), self.link_id))
    }

    /// The label with that of the group around it, so that it says by itself what is asked.
    pub fn full_label(&self) -> String {
        let mut around = self.parent();
        while around.is_some_and(|q| !q.is_group()) {
            around = around.and_then(Self::parent);
        }
        around.map_or_else(|| self.label.to_owned(), |g| format!("{}: {}", g.label, self.label))
    }

    /// Holds other items, and no answer.
    pub fn is_group(&self) -> bool {
        matches!(self.kind, Kind::Group { .. })
    }

    /// May stand, or be answered, several times.
    pub fn repeats(&self) -> bool {
        matches!(self.kind, Kind::Group { repeats: true } | Kind::Choice { repeats: true, .. })
    }

    /// Codes to offer; empty for what is no choice.
    pub fn options(&self) -> &'static [Choice] {
        match self.kind {
            Kind::Choice { options, .. } => options.choices(),
            _ => &[],
        }
    }

    /// The listed choice that a coding means.
    pub fn choice(&self, coding: &Coding) -> Option<&'static Choice> {
        let retired: &[Choice] = match self.kind {
            Kind::Choice { options: Options::Set(set), .. } => set.retired,
            _ => &[],
        };
        self.options().iter().chain(retired).find(|c| c.means(coding))
    }

    /// May it be answered with this coding?
    pub fn accepts(&self, coding: &Coding) -> bool {
        let open = match self.kind {
            Kind::Choice { options: Options::Set(set), .. } => set.open_system,
            _ => None,
        };
        let plain =
            |code: &str| (1..=20).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
        self.choice(coding).is_some() || (open.is_some() && coding.system.as_deref() == open && plain(&coding.code))
    }

    /// The coding to send for an answer: with the set's own display where it is listed.
    pub fn coding(&self, coding: &Coding) -> Coding {
        self.choice(coding).map_or_else(|| coding.clone(), Choice::coding)
    }
}

const PARTS: [&[Question]; 5] = [people::HEAD, people::SPEAKERS, people::PRESENT, limits::ROWS, wishes::ROWS];

#[expect(clippy::large_stack_arrays, reason = "the compiler evaluates it; nothing of it is on a stack at run time")]
const fn joined() -> [Question; FORM_SIZE] {
    let mut all = [people::HEAD[0]; FORM_SIZE];
    let (mut at, mut part) = (0, 0);
    while part < PARTS.len() {
        let mut row = 0;
        while row < PARTS[part].len() {
            all[at] = PARTS[part][row];
            at += 1;
            row += 1;
        }
        part += 1;
    }
    assert!(at == FORM_SIZE, "the table has as many rows as the form has items");
    all
}

/// Every item of the form, each before those beneath it, in the form's order.
pub static QUESTIONS: [Question; FORM_SIZE] = joined();

static BY_LINK_ID: LazyLock<HashMap<&'static str, &'static Question>> =
    LazyLock::new(|| QUESTIONS.iter().map(|q| (q.link_id, q)).collect());

static CHILDREN: LazyLock<HashMap<Option<&'static str>, Vec<&'static Question>>> = LazyLock::new(|| {
    let mut below: HashMap<_, Vec<_>> = HashMap::new();
    for question in &QUESTIONS {
        below.entry(question.parent).or_default().push(question);
    }
    below
});

/// The item with this linkId.
pub fn question(link_id: &str) -> Option<&'static Question> {
    BY_LINK_ID.get(link_id).copied()
}

/// The items directly beneath one, or at the top, in the form's order.
pub fn children(link_id: Option<&str>) -> &'static [&'static Question] {
    let below = match link_id {
        Some(id) => question(id).and_then(|q| CHILDREN.get(&Some(q.link_id))),
        None => CHILDREN.get(&None),
    };
    below.map_or(&[], Vec::as_slice)
}

/// The items of a topic, in the form's order.
pub fn of_topic(topic: TopicId) -> impl Iterator<Item = &'static Question> {
    QUESTIONS.iter().filter(move |q| q.topic == Some(topic))
}

#[cfg(test)]
mod tests;
