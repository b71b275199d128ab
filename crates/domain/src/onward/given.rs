//! From what was ticked to what happened.

use super::{Channel, Doctor, Event, System, Told};
use jiff::civil::Date;

/// The longest name or reason, in characters.
pub const LONGEST: usize = 200;

/// What a form brings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Given {
    /// Codes of [`System`].
    pub systems: Vec<String>,
    /// Where, in words.
    pub other: String,
    /// Codes of [`Channel`].
    pub channels: Vec<String>,
    /// To whom.
    pub with: String,
    /// Codes of [`Told`].
    pub told: Vec<String>,
    /// Codes of [`Doctor`].
    pub doctors: Vec<String>,
    /// The day; empty: today.
    pub day: String,
}

/// Which field something is wrong with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// Where it was recorded too.
    Systems,
    /// Where, in words.
    Other,
    /// How it was shared.
    Channels,
    /// To whom.
    With,
    /// What the patient was told.
    Told,
    /// Which doctor knows.
    Doctors,
    /// The day.
    Day,
    /// Why it was not so.
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

const TOO_LONG: &str = "Schrijf het korter: in hoogstens 200 tekens.";

fn codes<T>(field: Field, codes: &[String], of: fn(&str) -> Option<T>, all: &mut Vec<Wrong>) -> Vec<T> {
    let known: Vec<T> = codes.iter().filter_map(|c| of(c)).collect();
    if known.len() < codes.len() {
        all.push(Wrong { field, sentence: "Kies uit de lijst." });
    }
    known
}

fn text(field: Field, typed: &str, all: &mut Vec<Wrong>) -> Option<String> {
    let typed = typed.trim();
    if typed.chars().count() > LONGEST {
        all.push(Wrong { field, sentence: TOO_LONG });
    }
    (!typed.is_empty()).then(|| typed.to_owned())
}

/// What happened, with its day; about this version of the plan.
///
/// # Errors
/// Everything that is wrong with it, in the order of the form.
pub fn events(given: &Given, version: u32, today: Date) -> Result<(Date, Vec<Event>), Vec<Wrong>> {
    let mut all = Vec::new();
    let wrong = |field, sentence| Wrong { field, sentence };
    let systems = codes(Field::Systems, &given.systems, System::of_code, &mut all);
    let other = text(Field::Other, &given.other, &mut all);
    if systems.contains(&System::Other) && other.is_none() {
        all.push(wrong(Field::Other, "Schrijf in welk ander dossier."));
    }
    if !systems.contains(&System::Other) && other.is_some() {
        all.push(wrong(
            Field::Systems,
            "U schreef een ander dossier. Kies dan ook ‘een ander dossier’, of maak dat leeg.",
        ));
    }
    let channels = codes(Field::Channels, &given.channels, Channel::of_code, &mut all);
    let with = text(Field::With, &given.with, &mut all);
    if channels.is_empty() && with.is_some() {
        all.push(wrong(Field::Channels, "U schreef met wie. Kies dan ook hoe het is gedeeld."));
    }
    let told = codes(Field::Told, &given.told, Told::of_code, &mut all);
    let doctors = codes(Field::Doctors, &given.doctors, Doctor::of_code, &mut all);
    let day = match given.day.trim() {
        "" => today,
        typed => typed.parse().unwrap_or(Date::MAX),
    };
    if day > today {
        all.push(wrong(Field::Day, "Dit is geen dag die al geweest is. Kies vandaag of een eerdere dag."));
    }
    let mut events = Vec::new();
    events.extend(systems.into_iter().map(|system| {
        let words = other.clone().filter(|_| system == System::Other);
        Event::Recorded { system, words, version }
    }));
    events.extend(channels.into_iter().map(|channel| Event::Shared { channel, with: with.clone(), version }));
    events.extend(told.into_iter().map(|what| Event::Told { what, version }));
    events.extend(doctors.into_iter().map(|doctor| Event::Informed { doctor, version }));
    if events.is_empty() && all.is_empty() {
        all.push(wrong(Field::Systems, "Kies minstens één ding dat is gedaan."));
    }
    if all.is_empty() { Ok((day, events)) } else { Err(all) }
}

/// One of them was not so.
///
/// # Errors
/// What is wrong with the reason.
pub fn undone(number: u32, reason: &str) -> Result<Event, Vec<Wrong>> {
    let mut all = Vec::new();
    match text(Field::Reason, reason, &mut all) {
        Some(reason) if all.is_empty() => Ok(Event::Undone { number, reason }),
        Some(_) => Err(all),
        None => Err(vec![Wrong { field: Field::Reason, sentence: "Schrijf kort wat er niet klopt." }]),
    }
}
