//! The answers by linkId, without those that were not asked.

use super::super::answers::find;
use super::super::check::{FormProblem, Place, ProblemKind};
use super::super::{Answer, Answers, EnableWhen, Is, Item, Question, Value, question};
use super::not_asked;
use crate::code::CodeSet;
use crate::date::FhirDateTime;
use crate::people::Name;
use crate::plan::TopicId;
use std::collections::HashMap;

/// The answers by linkId.
pub(super) struct Sheet<'a> {
    items: HashMap<&'a str, Vec<&'a Item>>,
    /// What was answered without being asked.
    pub kept: Vec<FormProblem>,
}

impl<'a> Sheet<'a> {
    /// Answers that passed the check.
    pub fn of(answers: &'a Answers) -> Self {
        let mut all = HashMap::new();
        index(&answers.items, &mut all);
        let mut sheet = Self { items: HashMap::new(), kept: Vec::new() };
        sheet.take(&answers.items, &all, &Place::default());
        sheet
    }

    fn take(&mut self, items: &'a [Item], all: &HashMap<&'a str, Vec<&'a Item>>, place: &Place) {
        for (n, item) in items.iter().enumerate() {
            let place = place.item(n, &item.link_id);
            let Some(asked) = question(&item.link_id) else { continue };
            if asked.enable_when.is_some_and(|when| !is_asked(asked, when, all)) {
                self.keep(item, asked, &place);
                continue;
            }
            self.items.entry(&item.link_id).or_default().push(item);
            for (n, answer) in item.answers.iter().enumerate() {
                self.take(&answer.items, all, &place.answer(n));
            }
            self.take(&item.items, all, &place);
        }
    }

    fn keep(&mut self, item: &Item, asked: &Question, place: &Place) {
        if !asked.read_only && item.answers.iter().any(says_something) {
            let text = not_asked(&item.link_id).text;
            self.kept.push(place.problem(ProblemKind::NotAsked, text));
        }
        let below = item
            .answers
            .iter()
            .enumerate()
            .map(|(n, a)| (place.answer(n), &a.items))
            .chain([(place.clone(), &item.items)]);
        for (place, items) in below.collect::<Vec<_>>() {
            for (n, item) in items.iter().enumerate() {
                if let Some(asked) = question(&item.link_id) {
                    self.keep(item, asked, &place.item(n, &item.link_id));
                }
            }
        }
    }

    /// Items with this linkId, in order.
    pub fn items(&self, link_id: &str) -> &[&'a Item] {
        self.items.get(link_id).map_or(&[], Vec::as_slice)
    }

    /// Answers to a question, in order.
    pub fn answers(&self, link_id: &str) -> impl Iterator<Item = &'a Answer> + use<'a, '_> {
        self.items(link_id).iter().flat_map(|i| &i.answers).filter(|a| says_something(a))
    }

    /// Is it answered?
    pub fn answered(&self, link_id: &str) -> bool {
        self.answers(link_id).next().is_some()
    }

    /// A text to the letter; one of blanks only counts as none.
    pub fn text(&self, link_id: &str) -> Option<String> {
        self.answers(link_id).find_map(|a| text_of(a).map(str::to_owned))
    }

    /// A date.
    pub fn date(&self, link_id: &str) -> Option<FhirDateTime> {
        self.answers(link_id).find_map(|a| match &a.value {
            Value::Date(date) | Value::DateTime(date) => Some(date.clone()),
            _ => None,
        })
    }

    /// Yes or no.
    pub fn boolean(&self, link_id: &str) -> Option<bool> {
        self.answers(link_id).find_map(|a| match a.value {
            Value::Boolean(answer) => Some(answer),
            _ => None,
        })
    }

    /// A code.
    pub fn code<S: CodeSet>(&self, link_id: &str) -> Option<S> {
        self.answers(link_id).find_map(code_of)
    }

    /// Codes with the text beneath the one that means 'other'. A text beneath another answer, or beneath none, goes
    /// to the first 'other' without text: senders differ in where they put it.
    pub fn codes_with_text<S: CodeSet>(&mut self, link_id: &str, text_id: &str, other: S) -> Vec<(S, Option<String>)> {
        let mut stray = Vec::new();
        let mut codes = Vec::new();
        for item in self.items(link_id) {
            for answer in &item.answers {
                let mut texts = texts_in(&answer.items, text_id);
                let Some(code) = code_of::<S>(answer) else { continue };
                codes.push((code, if code == other { texts.next() } else { None }));
                stray.extend(texts);
            }
            stray.extend(texts_in(&item.items, text_id));
        }
        let any_other = codes.iter().any(|(code, _)| *code == other);
        let mut stray = stray.into_iter();
        for (_, text) in codes.iter_mut().filter(|(code, text)| *code == other && text.is_none()) {
            *text = stray.next();
        }
        if any_other && stray.next().is_some() {
            self.kept.push(not_asked(text_id));
        }
        codes
    }

    /// A name of first names, prefix and family name.
    pub fn name(&self, [given, prefix, family]: [&str; 3]) -> Name {
        Name { given: self.text(given), prefix: self.text(prefix), family: self.text(family), ..Name::default() }
    }
}

/// A text beneath one item, as of a repeating group.
pub(super) fn text_in(item: &Item, link_id: &str) -> Option<String> {
    texts_in(std::slice::from_ref(item), link_id).next()
}

/// A code beneath one item, as of a repeating group.
pub(super) fn code_in<S: CodeSet>(item: &Item, link_id: &str) -> Option<S> {
    find(std::slice::from_ref(item), link_id)?.answers.iter().find_map(code_of)
}

fn texts_in<'a>(items: &'a [Item], link_id: &str) -> impl Iterator<Item = String> + use<'a> {
    let answers = find(items, link_id).map_or(&[][..], |i| i.answers.as_slice());
    answers.iter().filter_map(|a| text_of(a).map(str::to_owned))
}

fn text_of(answer: &Answer) -> Option<&str> {
    match &answer.value {
        Value::Text(text) if !text.trim().is_empty() => Some(text),
        _ => None,
    }
}

fn code_of<S: CodeSet>(answer: &Answer) -> Option<S> {
    match &answer.value {
        Value::Coding(coding) => S::of(coding),
        _ => None,
    }
}

fn says_something(answer: &Answer) -> bool {
    !matches!(answer.value, Value::Text(_)) || text_of(answer).is_some()
}

fn index<'a>(items: &'a [Item], all: &mut HashMap<&'a str, Vec<&'a Item>>) {
    for item in items {
        all.entry(&item.link_id).or_default().push(item);
        item.answers.iter().for_each(|a| index(&a.items, all));
        index(&item.items, all);
    }
}

fn is_asked(asked: &Question, when: EnableWhen, all: &HashMap<&str, Vec<&Item>>) -> bool {
    let mut earlier = all.get(when.question).into_iter().flatten().flat_map(|i| &i.answers).peekable();
    if earlier.peek().is_none() {
        // Who is first contact, or what was agreed about an ICD, is told all the same by a sender who skips the
        // question before it.
        return when.question == "984" || asked.topic == Some(TopicId::IcdDeactivation);
    }
    earlier.any(|answer| match (&answer.value, when.is) {
        (Value::Coding(coding), Is::Code(code)) => code.means(coding),
        (Value::Boolean(said), Is::Boolean(wanted)) => *said == wanted,
        _ => false,
    })
}
