//! From what a form brings to what happened with a handover.

use super::{Event, Heard, Reason, Receiver, Way};
use crate::ident::HookId;
use jiff::civil::Date;

/// The longest name or reason, in characters.
pub const LONGEST: usize = 200;

/// What the form of a new handover brings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Given {
    /// Code of a [`Reason`].
    pub reason: String,
    /// Code of a [`Receiver`].
    pub to: String,
    /// Which one.
    pub name: String,
    /// Code of a [`Way`].
    pub way: String,
    /// Id of the receiver's system, where it is sent; empty: none.
    pub system: String,
    /// The day; empty: today.
    pub day: String,
}

/// Which field something is wrong with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// Why.
    Reason,
    /// What kind of receiver.
    To,
    /// Which one.
    Name,
    /// How.
    Way,
    /// To which system.
    System,
    /// The day.
    Day,
    /// Who said that it came.
    By,
    /// Why it was not so.
    Undone,
}

/// What is wrong, and how to mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wrong {
    /// Where.
    pub field: Field,
    /// Dutch sentence for the field.
    pub sentence: &'static str,
}

fn chosen<T>(
    field: Field,
    code: &str,
    of: fn(&str) -> Option<T>,
    ask: &'static str,
    all: &mut Vec<Wrong>,
) -> Option<T> {
    let found = of(code.trim());
    if found.is_none() {
        all.push(Wrong { field, sentence: ask });
    }
    found
}

fn text(field: Field, typed: &str, ask: &'static str, all: &mut Vec<Wrong>) -> Option<String> {
    let typed = typed.trim();
    if typed.is_empty() {
        all.push(Wrong { field, sentence: ask });
        return None;
    }
    if typed.chars().count() > LONGEST {
        all.push(Wrong { field, sentence: "Schrijf het korter: in hoogstens 200 tekens." });
        return None;
    }
    Some(typed.to_owned())
}

fn day(typed: &str, today: Date, all: &mut Vec<Wrong>) -> Date {
    let day = match typed.trim() {
        "" => today,
        typed => typed.parse().unwrap_or(Date::MAX),
    };
    if day > today {
        let sentence = "Dit is geen dag die al geweest is. Kies vandaag of een eerdere dag.";
        all.push(Wrong { field: Field::Day, sentence });
    }
    day
}

/// A new handover of this version, with its day; `systems` are those that it may be sent to.
///
/// # Errors
/// Everything that is wrong with it, in the order of the form.
pub fn made(given: &Given, systems: &[HookId], version: u32, today: Date) -> Result<(Date, Event), Vec<Wrong>> {
    let mut all = Vec::new();
    let reason = chosen(Field::Reason, &given.reason, Reason::of_code, "Kies waarom u overdraagt.", &mut all);
    let to = chosen(Field::To, &given.to, Receiver::of_code, "Kies aan wat voor zorgaanbieder u overdraagt.", &mut all);
    let name = text(Field::Name, &given.name, "Schrijf welke zorgaanbieder het is, en welke afdeling.", &mut all);
    let way = chosen(Field::Way, &given.way, Way::of_code, "Kies hoe de overdracht meegaat.", &mut all);
    let system = match way {
        Some(Way::Sent) => {
            let system = systems.iter().find(|s| s.as_str() == given.system.trim()).cloned();
            if system.is_none() {
                let sentence = "Kies naar welk systeem, of kies dat u het meegeeft.";
                all.push(Wrong { field: Field::System, sentence });
            }
            system
        }
        // What was chosen beside another way says nothing.
        _ => None,
    };
    let day = day(&given.day, today, &mut all);
    match (reason, to, name, way) {
        (Some(reason), Some(to), Some(name), Some(way)) if all.is_empty() => {
            Ok((day, Event::Made { reason, to, name, way, version, system }))
        }
        _ => Err(all),
    }
}

/// The receiving side has it, with the day on which it said so.
///
/// # Errors
/// What is wrong with it.
pub fn acknowledged(number: u32, by: &str, heard: Heard, on: &str, today: Date) -> Result<(Date, Event), Vec<Wrong>> {
    let mut all = Vec::new();
    let by = text(Field::By, by, "Schrijf wie de overdracht heeft ontvangen: naam en functie.", &mut all);
    let day = day(on, today, &mut all);
    match by {
        Some(by) if all.is_empty() => Ok((day, Event::Acknowledged { number, by, heard })),
        _ => Err(all),
    }
}

/// It was not so.
///
/// # Errors
/// What is wrong with the reason.
pub fn undone(number: u32, reason: &str) -> Result<Event, Vec<Wrong>> {
    let mut all = Vec::new();
    match text(Field::Undone, reason, "Schrijf kort wat er niet klopt.", &mut all) {
        Some(reason) => Ok(Event::Undone { number, reason }),
        None => Err(all),
    }
}
