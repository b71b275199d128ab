//! From what was typed about a document to what is said of it; everything that is wrong with it, each at its field.

use super::{Agrees, Copy, Document, Event, Kind, Name, Why};
use crate::date::FhirDateTime;
use crate::people::PersonKey;
use crate::plan::FileRef;
use jiff::civil::Date;

/// The longest explanation or reason, in characters.
pub const LONGEST: usize = 2000;
/// The longest name of a kind or a person.
pub const LONGEST_NAME: usize = 200;

/// What a form brings; texts as typed, dates as `2020-05-01` or less precise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Given {
    /// Code of [`Kind`].
    pub kind: String,
    /// What another kind is.
    pub kind_text: String,
    /// The day it bears.
    pub dated_on: String,
    /// Key of a person of the plan.
    pub person: String,
    /// Somebody whom the plan does not know.
    pub representative: String,
    /// What else is to be known.
    pub comment: String,
    /// Code of [`Agrees`]; empty: not compared.
    pub agrees: String,
    /// `yes`, `no`, or empty: no.
    pub discussed: String,
    /// When.
    pub discussed_on: String,
    /// Code of [`enum@Copy`]; empty: not known.
    pub copy: String,
}

/// Which field something is wrong with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// Kind.
    Kind,
    /// Another kind, in words.
    KindText,
    /// Its day.
    DatedOn,
    /// A person of the plan.
    Person,
    /// Somebody else.
    Representative,
    /// Explanation.
    Comment,
    /// Does it agree?
    Agrees,
    /// Discussed?
    Discussed,
    /// When.
    DiscussedOn,
    /// A copy at the doctor's.
    Copy,
    /// Why it counts no longer.
    Reason,
}

/// What is wrong, and how to mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wrong {
    /// Where.
    pub field: Field,
    /// Dutch sentence for the field.
    pub sentence: &'static str,
}

/// What a document is held against.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a> {
    /// Who stands in the plan.
    pub people: &'a [PersonKey],
    /// Number of the plan's newest version; 0: there is none.
    pub version: u32,
    /// The day of today.
    pub today: Date,
}

struct Reading(Vec<Wrong>);

impl Reading {
    fn wrong(&mut self, field: Field, sentence: &'static str) {
        self.0.push(Wrong { field, sentence });
    }

    fn text(&mut self, field: Field, typed: &str, longest: usize) -> Option<String> {
        let typed = typed.trim();
        if typed.chars().count() > longest {
            let short = "Schrijf het korter: in hoogstens 200 tekens.";
            self.wrong(field, if longest == LONGEST { "Schrijf het korter: in hoogstens 2000 tekens." } else { short });
        }
        (!typed.is_empty()).then(|| typed.to_owned())
    }

    fn code<T>(&mut self, field: Field, typed: &str, of: fn(&str) -> Option<T>, empty: T) -> T {
        match of(typed) {
            Some(value) => value,
            None if typed.is_empty() => empty,
            None => {
                self.wrong(field, "Kies uit de lijst.");
                empty
            }
        }
    }

    fn kind(&mut self, given: &Given) -> (Kind, Option<String>) {
        let kind = Kind::of_code(&given.kind);
        if kind.is_none() {
            self.wrong(Field::Kind, "Kies wat voor document dit is.");
        }
        let text = self.text(Field::KindText, &given.kind_text, LONGEST_NAME);
        match (kind, &text) {
            (Some(Kind::Other), None) => self.wrong(Field::KindText, "Schrijf wat voor verklaring dit is."),
            (Some(kind), Some(_)) if kind != Kind::Other => {
                self.wrong(
                    Field::KindText,
                    "Dit hoort alleen bij ‘andere verklaring’. Kies die soort, of maak dit leeg.",
                );
            }
            _ => {}
        }
        (kind.unwrap_or(Kind::Other), text)
    }

    fn dated(&mut self, typed: &str, today: Date) -> Option<FhirDateTime> {
        let typed = typed.trim();
        if typed.is_empty() {
            return None;
        }
        let date = FhirDateTime::parse(typed).ok();
        match &date {
            None => self.wrong(Field::DatedOn, "Dit is geen datum. Schrijf bijvoorbeeld 08-11-2022, 11-2022 of 2022."),
            Some(date) if date.first_day() > today => {
                self.wrong(Field::DatedOn, "Deze dag komt nog. Schrijf de dag die op het document staat.");
            }
            Some(_) => {}
        }
        date
    }

    fn discussed(&mut self, given: &Given, today: Date) -> Option<Date> {
        let typed = given.discussed_on.trim();
        match (given.discussed.as_str(), typed.is_empty()) {
            ("yes", true) => {
                self.wrong(Field::DiscussedOn, "Schrijf wanneer het met de arts is besproken.");
                None
            }
            ("yes", false) => {
                let day = typed.parse::<Date>().ok();
                match day {
                    None => self.wrong(Field::DiscussedOn, "Dit is geen dag. Schrijf bijvoorbeeld 08-11-2022."),
                    Some(day) if day > today => {
                        self.wrong(Field::DiscussedOn, "Deze dag komt nog. Leg het vast als het besproken is.");
                    }
                    Some(_) => {}
                }
                day
            }
            ("" | "no", true) => None,
            ("" | "no", false) => {
                self.wrong(
                    Field::Discussed,
                    "U schreef een dag. Kies dan ook dat het is besproken, of maak de dag leeg.",
                );
                None
            }
            _ => {
                self.wrong(Field::Discussed, "Kies ja of nee.");
                None
            }
        }
    }

    fn person(&mut self, given: &Given, people: &[PersonKey]) -> Option<PersonKey> {
        let key = given.person.trim();
        if key.is_empty() {
            return None;
        }
        let known = key.parse().ok().map(PersonKey).filter(|k| people.contains(k));
        if known.is_none() {
            self.wrong(Field::Person, "Kies uit de lijst.");
        }
        known
    }
}

/// What is said of a document from now on.
///
/// # Errors
/// Everything that is wrong with it, in the order of the form.
pub fn document(given: &Given, file: Option<FileRef>, beside: Beside<'_>) -> Result<Document, Vec<Wrong>> {
    let mut reading = Reading(Vec::new());
    let (kind, kind_text) = reading.kind(given);
    let dated_on = reading.dated(&given.dated_on, beside.today);
    let person = reading.person(given, beside.people);
    let representative = reading.text(Field::Representative, &given.representative, LONGEST_NAME);
    if person.is_some() && representative.is_some() {
        reading.wrong(Field::Representative, "U koos al iemand uit het plan. Maak dit leeg, of kies daar niemand.");
    }
    let comment = reading.text(Field::Comment, &given.comment, LONGEST);
    let agrees = reading.code(Field::Agrees, &given.agrees, Agrees::of_code, Agrees::NotCompared);
    if agrees != Agrees::NotCompared && beside.version == 0 {
        reading.wrong(Field::Agrees, "Er is nog geen plan om het document mee te vergelijken.");
    }
    let discussed_on = reading.discussed(given, beside.today);
    let copy = reading.code(Field::Copy, &given.copy, Copy::of_code, Copy::Unknown);
    if !reading.0.is_empty() {
        return Err(reading.0);
    }
    let compared_with = (agrees != Agrees::NotCompared).then_some(beside.version);
    Ok(Document {
        kind,
        kind_text,
        dated_on,
        person,
        representative,
        comment,
        file,
        agrees,
        compared_with,
        discussed_on,
        copy,
    })
}

/// A document that counts no longer.
///
/// # Errors
/// What is wrong with the reason.
pub fn ended(name: &Name, title: String, why: Why, reason: &str) -> Result<Event, Wrong> {
    let mut reading = Reading(Vec::new());
    let text = reading.text(Field::Reason, reason, LONGEST);
    if text.is_none() {
        let sentence = match why {
            Why::Withdrawn => "Schrijf wat de patiënt zei, of waaruit dit blijkt.",
            Why::Mistaken => "Schrijf waarom dit document hier niet hoort.",
        };
        reading.wrong(Field::Reason, sentence);
    }
    match (reading.0.pop(), text) {
        (None, Some(reason)) => Ok(Event::Ended { name: name.clone(), title, why, reason }),
        (Some(wrong), _) => Err(wrong),
        (None, None) => Err(Wrong { field: Field::Reason, sentence: "Schrijf een reden." }),
    }
}
