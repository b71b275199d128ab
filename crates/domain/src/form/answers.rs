//! Answers to the form: the tree of a QuestionnaireResponse without its wrapping.

use crate::code::Coding;
use crate::date::FhirDateTime;
use serde::{Deserialize, Serialize};

/// All answers, in the form's order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers {
    /// Items at the top.
    pub items: Vec<Item>,
}

/// One item: a group, or a question with its answers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Item {
    /// The form's linkId.
    pub link_id: String,
    /// Answers, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// Items beneath a group, or beneath a question without an answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
}

/// One answer with what is asked beneath it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The value.
    pub value: Value,
    /// Items beneath the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
}

/// A value of one of the form's types.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// Free text, to the letter.
    Text(String),
    /// A date (967).
    Date(FhirDateTime),
    /// A date with time (963).
    DateTime(FhirDateTime),
    /// True or false.
    Boolean(bool),
    /// A code.
    Coding(Coding),
}

impl Answer {
    /// An answer with nothing beneath it.
    pub fn of(value: Value) -> Self {
        Self { value, items: Vec::new() }
    }
}

impl Item {
    /// A group.
    pub fn group(link_id: &str, items: Vec<Self>) -> Self {
        Self { link_id: link_id.to_owned(), answers: Vec::new(), items }
    }

    /// A question with answers.
    pub fn question(link_id: &str, answers: Vec<Answer>) -> Self {
        Self { link_id: link_id.to_owned(), answers, items: Vec::new() }
    }

    /// Neither answered nor anything beneath it.
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty() && self.items.iter().all(Self::is_empty)
    }
}

/// The first item with this linkId, wherever it stands below `items`.
pub fn find<'a>(items: &'a [Item], link_id: &str) -> Option<&'a Item> {
    items.iter().find_map(|item| {
        if item.link_id == link_id {
            return Some(item);
        }
        find(&item.items, link_id).or_else(|| item.answers.iter().find_map(|a| find(&a.items, link_id)))
    })
}

impl Answers {
    /// The first item with this linkId, wherever it stands.
    pub fn find(&self, link_id: &str) -> Option<&Item> {
        find(&self.items, link_id)
    }

    /// Nothing is answered.
    pub fn is_empty(&self) -> bool {
        self.items.iter().all(Item::is_empty)
    }
}
