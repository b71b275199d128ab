//! What was typed in the plan's form, by field name; to and from the form's answers. A field's name is the linkId; in
//! a group that repeats it has the row behind it: `976.0`.

use crate::forms::Fields;
use crate::pages::dutch;
use domain::code::Coding;
use domain::form::{Answer, Answers, EnableWhen, Is, Item, Kind, Question, Value, question};
use std::collections::BTreeMap;

/// Most rows of a group that repeats; more is a mistake or an attack.
pub const MOST_ROWS: usize = 20;

/// Values by field name; blank ones are absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed(BTreeMap<String, Vec<String>>);

impl Typed {
    /// What a posted form holds.
    pub fn posted(fields: &Fields) -> Self {
        let mut typed = Self::default();
        for (name, value) in &fields.0 {
            typed.add(name, value.clone());
        }
        typed
    }

    /// Adds a value, unless it is blank.
    pub fn add(&mut self, name: &str, value: String) {
        if !value.trim().is_empty() {
            self.0.entry(name.to_owned()).or_default().push(value);
        }
    }

    /// Puts a value in the place of whatever a field had.
    pub fn put(&mut self, name: &str, value: String) {
        self.0.remove(name);
        self.add(name, value);
    }

    /// The first value of a field; empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).and_then(|v| v.first()).map_or("", String::as_str)
    }

    /// Every value of a field.
    pub fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// How many rows of a repeating group are filled: one more than the highest that has anything.
    pub fn rows(&self, children: &[&str]) -> usize {
        let row = |name: &str| {
            let (link, row) = name.split_once('.')?;
            children.contains(&link).then(|| row.parse::<usize>().ok()).flatten()
        };
        self.0.keys().filter_map(|name| row(name)).max().map_or(0, |n| (n + 1).min(MOST_ROWS))
    }

    /// Everything of the other, over what is here.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The answers as field values.
    pub fn of(answers: &Answers) -> Self {
        let mut typed = Self::default();
        typed.take(&answers.items, None);
        typed
    }

    fn take(&mut self, items: &[Item], row: Option<usize>) {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for item in items {
            let repeats = question(&item.link_id).is_some_and(|q| q.kind == Kind::Group { repeats: true });
            let row = if repeats {
                let n = seen.entry(&item.link_id).or_insert(0);
                *n += 1;
                Some(*n - 1)
            } else {
                row
            };
            for answer in &item.answers {
                self.add(&name(&item.link_id, row), text_of(question(&item.link_id), &answer.value));
                self.take(&answer.items, row);
            }
            self.take(&item.items, row);
        }
    }
}

/// The name of a field.
pub fn name(link_id: &str, row: Option<usize>) -> String {
    row.map_or_else(|| link_id.to_owned(), |n| format!("{link_id}.{n}"))
}

/// A value as the field holds it.
fn text_of(question: Option<&Question>, value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Date(date) | Value::DateTime(date) => dutch::date_to_type(date),
        Value::Boolean(yes) => yes.to_string(),
        Value::Coding(coding) => option_value(question, coding),
    }
}

/// How a coding stands in a field: its code where the question lists it, else with its system.
pub fn option_value(question: Option<&Question>, coding: &Coding) -> String {
    let listed = question.is_some_and(|q| q.options().iter().any(|o| o.means(coding)));
    match &coding.system {
        Some(system) if !listed => format!("{system}|{}", coding.code),
        _ => coding.code.clone(),
    }
}

fn coding_of(question: &Question, typed: &str) -> Coding {
    if let Some(choice) = question.options().iter().find(|o| o.code == typed) {
        return choice.coding();
    }
    let coding = match typed.rsplit_once('|') {
        Some((system, code)) => Coding { system: Some(system.to_owned()), code: code.to_owned(), display: None },
        None => Coding { system: None, code: typed.to_owned(), display: None },
    };
    question.coding(&coding)
}

/// Is the question asked, given what was typed?
pub fn is_asked(when: Option<EnableWhen>, typed: &Typed, row: Option<usize>) -> bool {
    let Some(when) = when else { return true };
    let answers = |row| typed.all(&name(when.question, row)).to_vec();
    let given: Vec<String> = answers(row).into_iter().chain(answers(None)).collect();
    match when.is {
        Is::Code(choice) => given.iter().any(|v| v == choice.code),
        Is::Boolean(wanted) => given.iter().any(|v| *v == wanted.to_string()),
    }
}

/// What to do with answers to questions that are not asked (any more).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unasked {
    /// Keep them: a draft is what was typed, and a changed choice may be changed back.
    Keep,
    /// Leave them out: they are not said.
    Drop,
}

/// The items of these questions with what was typed.
pub fn items(questions: &[&'static Question], typed: &Typed, unasked: Unasked) -> Vec<Item> {
    questions.iter().flat_map(|q| item(q, typed, None, unasked)).collect()
}

fn item(question: &'static Question, typed: &Typed, row: Option<usize>, unasked: Unasked) -> Vec<Item> {
    if question.read_only || (unasked == Unasked::Drop && !is_asked(question.enable_when, typed, row)) {
        return Vec::new();
    }
    let below = |row| -> Vec<Item> { question.children().iter().flat_map(|q| item(q, typed, row, unasked)).collect() };
    match question.kind {
        Kind::Group { repeats: true } => {
            let names: Vec<&str> = question.children().iter().map(|q| q.link_id).collect();
            (0..typed.rows(&names))
                .map(|n| below(Some(n)))
                .filter(|items| !items.is_empty())
                .map(|items| Item::group(question.link_id, items))
                .collect()
        }
        Kind::Group { repeats: false } => {
            let items = below(row);
            if items.is_empty() { Vec::new() } else { vec![Item::group(question.link_id, items)] }
        }
        _ => {
            let answers: Vec<Answer> =
                typed.all(&name(question.link_id, row)).iter().map(|t| Answer::of(value(question, t))).collect();
            let mut built = Item::question(question.link_id, answers);
            for child in question.children() {
                let under = item(child, typed, row, unasked);
                if under.is_empty() {
                    continue;
                }
                // What belongs to one answer stands beneath that answer, the rest beneath the first.
                let place = match child.enable_when.map(|w| w.is) {
                    Some(Is::Code(choice)) => {
                        built.answers.iter().position(|a| matches!(&a.value, Value::Coding(c) if choice.means(c)))
                    }
                    _ => (!built.answers.is_empty()).then_some(0),
                };
                match place {
                    Some(n) => built.answers[n].items.extend(under),
                    None => built.items.extend(under),
                }
            }
            if built.is_empty() { Vec::new() } else { vec![built] }
        }
    }
}

fn value(question: &Question, typed: &str) -> Value {
    match question.kind {
        Kind::Boolean => match typed {
            "true" => Value::Boolean(true),
            "false" => Value::Boolean(false),
            other => Value::Text(other.to_owned()),
        },
        Kind::Choice { .. } => Value::Coding(coding_of(question, typed)),
        // A date that is none yet stays as it was typed; the page says what is wrong with it.
        Kind::Date => dutch::typed_date(typed).map_or_else(|_| Value::Text(typed.to_owned()), Value::Date),
        Kind::DateTime => dutch::typed_date(typed).map_or_else(|_| Value::Text(typed.to_owned()), Value::DateTime),
        Kind::Text | Kind::Group { .. } => Value::Text(typed.to_owned()),
    }
}

#[cfg(test)]
mod tests;
