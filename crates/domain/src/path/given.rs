//! From what was typed about the end of a path to a step; everything that is wrong with it.

use super::{End, State, What};
use crate::signal::LONGEST;
use jiff::civil::Date;

/// A conversation lies at most this many days ahead.
pub const FARTHEST: i32 = 366;

/// Which field something is wrong with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// The day.
    On,
    /// The words.
    Words,
    /// Why.
    Why,
}

/// What is wrong, and how to mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amiss {
    /// Where.
    pub place: Place,
    /// Dutch sentence for the field.
    pub sentence: &'static str,
}

const TOO_LONG: Amiss = Amiss { place: Place::Words, sentence: "Schrijf het korter: in hoogstens 2000 tekens." };

fn words(text: &str, all: &mut Vec<Amiss>) -> Option<String> {
    let text = text.trim();
    if text.chars().count() > LONGEST {
        all.push(TOO_LONG);
    }
    (!text.is_empty()).then(|| text.to_owned())
}

fn done(what: What, all: Vec<Amiss>) -> Result<What, Vec<Amiss>> {
    if all.is_empty() { Ok(what) } else { Err(all) }
}

/// The path ends. Who declines is asked, and that is an answer; it is no end that a professional chooses. Death is told
/// as what happened (`happening`).
///
/// # Errors
/// Everything that is wrong with it.
pub fn ended(why: &str, on: &str, said: &str, today: Date) -> Result<(Date, What), Vec<Amiss>> {
    let mut all = Vec::new();
    let why = End::of_code(why).filter(|why| !matches!(why, End::Declined | End::Died)).unwrap_or_else(|| {
        all.push(Amiss { place: Place::Why, sentence: "Kies waarom dit eindigt." });
        End::Other
    });
    let day = match on.trim() {
        "" => today,
        on => on.parse().unwrap_or(Date::MAX),
    };
    if day > today {
        let sentence = "Dit is geen dag die al geweest is. Kies vandaag of een eerdere dag.";
        all.push(Amiss { place: Place::On, sentence });
    }
    let words = words(said, &mut all);
    if why == End::Other && words.is_none() {
        all.push(Amiss { place: Place::Words, sentence: "Schrijf waarom dit eindigt." });
    }
    done(What::Ended { why, words }, all).map(|what| (day, what))
}

/// Can this still happen, where the patient stands? A sentence where it cannot.
pub fn obstacle(state: State, what: &What) -> Option<&'static str> {
    match (state, what) {
        (State::Ended { why: End::Died, .. }, What::Happened(happened)) if happened.after_death() => None,
        (State::Ended { why: End::Died, .. }, _) => Some("De patiënt is overleden. Hier wordt niets meer vastgelegd."),
        _ => None,
    }
}
