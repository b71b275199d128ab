//! From the fields of the page to what the domain asks, and from what is wrong back to the fields.

use crate::forms::Fields;
use crate::pages::dutch::typed_date;
use crate::pages::field::Problem;
use domain::path::What;
use domain::path::given::{self, Amiss, Place};
use domain::signal::{self, AnswerGiven, Field, Instruments, Openness, SignalGiven, Wrong};
use jiff::civil::Date;

/// A day as the domain reads it; what is none stays as typed, and is told so.
fn day(typed: &str) -> String {
    typed_date(typed).ok().and_then(|d| d.day()).map_or_else(|| typed.trim().to_owned(), |d| d.to_string())
}

fn name(field: Field) -> &'static str {
    match field {
        Field::NoticedOn => "dag",
        Field::Reasons => "reden",
        Field::IfDied => "overlijden",
        Field::IfAlive => "leven",
        Field::Spict => "achteruitgang",
        Field::Score => "schaal",
        Field::Other => "instrument",
        Field::Words => "woorden",
        Field::Thought => "nagedacht",
        Field::TalksWith => "praat-met",
        Field::Open => "open",
        Field::AskAgainOn => "opnieuw",
        Field::Material => "materiaal",
        Field::Reason => "reden-nee",
    }
}

fn problems(wrong: Vec<Wrong>) -> Vec<Problem> {
    wrong.into_iter().map(|w| Problem::at(name(w.field), w.sentence)).collect()
}

fn typed_answer(fields: &Fields) -> AnswerGiven {
    AnswerGiven {
        open: fields.get("open").to_owned(),
        ask_again_on: day(fields.get("opnieuw")),
        material: fields.get("materiaal").to_owned(),
        reason: fields.get("reden-nee").to_owned(),
    }
}

/// The signal.
pub fn signal(fields: &Fields, offered: &Instruments, today: Date) -> Result<Vec<(Date, What)>, Vec<Problem>> {
    let text = |name: &str| fields.get(name).to_owned();
    let given = SignalGiven {
        noticed_on: day(fields.get("dag")),
        reasons: fields.every("reden"),
        if_died: text("overlijden"),
        if_alive: text("leven"),
        signs: fields.every("achteruitgang"),
        conditions: fields.every("ziekte"),
        scores: vec![(text("schaal"), text("score"))],
        other_name: text("instrument"),
        other_outcome: text("uitkomst"),
        words: text("woorden"),
        thought: text("nagedacht"),
        talks_with: text("praat-met"),
    };
    let signal = signal::signal(&given, offered, today).map_err(problems)?;
    Ok(vec![(signal.noticed_on, What::Signal(signal))])
}

/// The answer.
pub fn answer(fields: &Fields, today: Date) -> Result<Openness, Vec<Problem>> {
    signal::answer(&typed_answer(fields), today).map_err(problems)
}

fn at(names: [&'static str; 3]) -> impl Fn(Vec<Amiss>) -> Vec<Problem> {
    move |amiss| {
        let name = |place| match place {
            Place::On => names[0],
            Place::Words => names[1],
            Place::Why => names[2],
        };
        amiss.into_iter().map(|a| Problem::at(name(a.place), a.sentence)).collect()
    }
}

/// The end, with its day.
pub fn ended(fields: &Fields, today: Date) -> Result<(Date, What), Vec<Problem>> {
    given::ended(fields.get("einde"), &day(fields.get("einde-dag")), fields.get("einde-woorden"), today).map_err(at([
        "einde-dag",
        "einde-woorden",
        "einde",
    ]))
}
