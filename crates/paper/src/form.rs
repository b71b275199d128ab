//! The plan as it stands: who it is about, what counts at once, then everything in order. Two sheets where the text
//! allows; more where it does not.

use crate::Qr;
use crate::press::{self, Day, Failure};
use serde::Serialize;

/// A label and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// What it says.
    pub says: String,
}

/// What a statement means at a glance. Each has a shape of its own, since paper has no colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// To be done: a ring with a tick.
    Do,
    /// Not to be done: a black octagon with a cross.
    DoNot,
    /// Only under a condition: a diamond with waves.
    But,
    /// Not known, or not discussed: a broken ring with a question mark.
    Unknown,
}

/// One statement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Its mark; a text has none.
    pub mark: Option<Mark>,
    /// In one line.
    pub text: String,
    /// Nothing was said: in softer ink.
    pub quiet: bool,
    /// A longer text, as it was typed.
    pub told: Option<String>,
    /// Why, in the words that were recorded.
    pub why: Option<String>,
    /// Small print: since when, by whom.
    pub small: Vec<String>,
}

/// One topic of a section.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Topic {
    /// What it is about.
    pub label: String,
    /// What counts.
    pub statements: Vec<Statement>,
    /// What is proposed beside it, and how that is announced.
    pub proposals: Vec<Statement>,
}

/// One section.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Section {
    /// Number in the form; may be empty.
    pub number: String,
    /// Heading.
    pub title: String,
    /// Topics in order.
    pub topics: Vec<Topic>,
}

/// Something that must be read before the rest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// What it is.
    pub title: String,
    /// What it says, each in a sentence.
    pub lines: Vec<String>,
}

/// Somebody around the patient.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Name.
    pub name: String,
    /// What they are to the patient and to the plan.
    pub part: String,
    /// How to reach them.
    pub reach: Vec<String>,
}

/// The whole form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Form {
    /// What it is.
    pub title: String,
    /// Whose it is: a name.
    pub name: String,
    /// Birth date, numbers.
    pub facts: Vec<Fact>,
    /// Which version, of when: in the head of every further page too, so that loose pages find each other.
    pub edition: String,
    /// Who recorded it, and why.
    pub about: Vec<String>,
    /// The sentence that sums it up.
    pub summary: String,
    /// What must be read before the rest.
    pub notices: Vec<Notice>,
    /// Heading of what counts at once.
    pub glance_title: String,
    /// What counts at once.
    pub glance: Vec<Statement>,
    /// Everything, in order.
    pub sections: Vec<Section>,
    /// Heading of the people.
    pub people_title: String,
    /// Who is around the patient.
    pub people: Vec<Person>,
    /// Lines at the end.
    pub foot: Vec<String>,
    /// Where one sees whether this is the current version.
    pub qr: Option<Qr>,
    /// Day of the version: the date of the file.
    pub dated: Day,
}

impl Form {
    /// The form as PDF.
    ///
    /// # Errors
    /// Where the press fails: a mistake in a template, never the text of a sheet.
    pub fn to_pdf(&self) -> Result<Vec<u8>, Failure> {
        press::print(press::Template::Form, self, self.dated)
    }
}
