//! Values by linkId, and the tree that the form's table makes of them.

use crate::code::Coding;
use crate::form::{Answer, Answers, EnableWhen, Is, Item, Question, Value, children, question};
use std::collections::HashMap;

/// What was answered, by linkId.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    answers: HashMap<&'static str, Vec<Answered>>,
    rows: HashMap<&'static str, Vec<Sheet>>,
}

#[derive(Debug)]
struct Answered {
    value: Value,
    /// What 'other' means, beneath a question with several answers.
    text: Option<(&'static str, String)>,
}

impl Sheet {
    /// One more answer, where there is one.
    pub fn put(&mut self, link_id: &'static str, value: Option<Value>) {
        if let Some(value) = value {
            self.answers.entry(link_id).or_default().push(Answered { value, text: None });
        }
    }

    /// A text; blank ones are no answer.
    pub fn text(&mut self, link_id: &'static str, text: Option<&String>) {
        self.put(link_id, text.filter(|t| !t.trim().is_empty()).cloned().map(Value::Text));
    }

    /// Texts as one, each on a line of its own.
    pub fn lines(&mut self, link_id: &'static str, lines: &[String]) {
        self.text(link_id, (!lines.is_empty()).then(|| lines.join("\n")).as_ref());
    }

    /// A code, with the display that the question gives it.
    pub fn code(&mut self, link_id: &'static str, coding: Option<Coding>) {
        let named = |c: Coding| question(link_id).map_or_else(|| c.clone(), |q| q.coding(&c));
        self.put(link_id, coding.map(named).map(Value::Coding));
    }

    /// A code that the question can hold, with the text beneath it.
    pub fn also_code(&mut self, link_id: &'static str, coding: &Coding, text_id: &'static str, text: Option<&String>) {
        let Some(asked) = question(link_id).filter(|q| q.accepts(coding)) else { return };
        let text = text.filter(|t| !t.trim().is_empty()).map(|t| (text_id, t.clone()));
        self.answers.entry(link_id).or_default().push(Answered { value: Value::Coding(asked.coding(coding)), text });
    }

    /// One more of a repeating group.
    pub fn row(&mut self, group: &'static str, row: Self) {
        self.rows.entry(group).or_default().push(row);
    }

    /// The answers in the form's order.
    pub fn build(&self) -> Answers {
        Answers { items: self.level(children(None)) }
    }

    fn level(&self, asked: &[&'static Question]) -> Vec<Item> {
        let answered: Vec<Vec<Item>> =
            asked.iter().map(|q| if q.read_only { Vec::new() } else { self.items(q) }).collect();
        if answered.iter().all(Vec::is_empty) {
            return Vec::new();
        }
        // Fixed answers go along where the group has an answer of its own, as in the guide's examples.
        let fixed = |q: &Question| {
            let coding = q.initial.filter(|_| q.read_only && q.enable_when.is_none_or(|w| self.is_asked(w)))?;
            Some(Item::question(q.link_id, vec![Answer::of(Value::Coding(coding.coding()))]))
        };
        asked.iter().zip(answered).flat_map(|(q, items)| items.into_iter().chain(fixed(q))).collect()
    }

    fn items(&self, asked: &'static Question) -> Vec<Item> {
        let below = asked.children();
        if asked.is_group() {
            if asked.repeats() {
                let rows = self.rows.get(asked.link_id).into_iter().flatten();
                return rows
                    .map(|row| Item::group(asked.link_id, row.level(below)))
                    .filter(|i| !i.items.is_empty())
                    .collect();
            }
            let items = self.level(below);
            return if items.is_empty() { items } else { vec![Item::group(asked.link_id, items)] };
        }
        // Beneath a question with several answers only the text of each stands; beneath one with a single answer,
        // or none, whatever is asked there.
        let shared = if asked.repeats() { Vec::new() } else { self.level(below) };
        let mut answers: Vec<Answer> =
            self.answers.get(asked.link_id).into_iter().flatten().map(Answered::answer).collect();
        match answers.first_mut() {
            Some(first) => first.items.extend(shared),
            None if shared.is_empty() => return Vec::new(),
            None => return vec![Item::group(asked.link_id, shared)],
        }
        vec![Item::question(asked.link_id, answers)]
    }

    fn is_asked(&self, when: EnableWhen) -> bool {
        self.answers.get(when.question).into_iter().flatten().any(|answered| match (&answered.value, when.is) {
            (Value::Coding(coding), Is::Code(code)) => code.means(coding),
            (Value::Boolean(said), Is::Boolean(wanted)) => *said == wanted,
            _ => false,
        })
    }
}

impl Answered {
    fn answer(&self) -> Answer {
        let text = self.text.iter().map(|(id, text)| Item::question(id, vec![Answer::of(Value::Text(text.clone()))]));
        Answer { value: self.value.clone(), items: text.collect() }
    }
}
