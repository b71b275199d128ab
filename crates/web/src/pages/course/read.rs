//! From the fields of the page to what the domain asks, and from what is wrong back to the fields.

use super::forms::name;
use crate::forms::Fields;
use crate::pages::dutch::typed_date;
use crate::pages::field::Problem;
use domain::happening::Kind;
use domain::happening::given::{self, Field, Given, Known, Wrong};
use domain::path::What;
use jiff::civil::Date;

/// A day as the domain reads it; what is none stays as typed, and is told so.
fn day(typed: &str) -> String {
    typed_date(typed).ok().and_then(|d| d.day()).map_or_else(|| typed.trim().to_owned(), |d| d.to_string())
}

fn at(names: impl Fn(Field) -> String) -> impl Fn(Vec<Wrong>) -> Vec<Problem> {
    move |all| all.into_iter().map(|w| Problem::at(&names(w.field), w.sentence)).collect()
}

fn part(field: Field) -> &'static str {
    match field {
        Field::On => "dag",
        Field::Which => "wat",
        Field::Name => "naam",
        Field::Goal => "doel",
        Field::Until => "tot",
        Field::Step => "plaats",
        Field::Words => "woorden",
    }
}

/// Number of a step in a hidden field.
fn number(fields: &Fields) -> &str {
    fields.get("stap")
}

/// What happened, with the day it is about; or what is wrong with it.
pub fn happened(fields: &Fields, known: Known<'_>) -> Result<(Date, What), Vec<Problem>> {
    let doe = fields.get("doe");
    let Some(kind) = Kind::of_code(doe) else {
        return match doe {
            "gestopt" => stopped(fields, known),
            "nagesprek" => {
                let (on, said) = (day(fields.get("nagesprek-dag")), fields.get("nagesprek-woorden"));
                given::aftercare(&on, said, known).map_err(at(|field| format!("nagesprek-{}", part(field))))
            }
            _ => taken_back(fields, known),
        };
    };
    let value = |part: &str| fields.get(&name(kind, part)).to_owned();
    let chosen = name(kind, "wat");
    let given = Given {
        on: day(&value("dag")),
        which: fields.0.iter().filter(|(n, v)| *n == chosen && !v.is_empty()).map(|(_, v)| v.clone()).collect(),
        name: value("naam"),
        goal: value("doel"),
        until: day(&value("tot")),
        instead_of: value("plaats"),
        words: value("woorden"),
    };
    given::happening(kind, &given, known).map_err(at(|field| name(kind, part(field))))
}

/// What no longer goes on cannot be stopped: that is about the whole.
fn whole(problem: Problem) -> Problem {
    if problem.field.is_empty() { Problem { target: String::new(), ..problem } } else { problem }
}

fn stopped(fields: &Fields, known: Known<'_>) -> Result<(Date, What), Vec<Problem>> {
    let n = number(fields);
    let name = |field| match field {
        Field::On => format!("stop-dag-{n}"),
        Field::Words => format!("stop-woorden-{n}"),
        _ => String::new(),
    };
    let (on, said) = (day(fields.get(&format!("stop-dag-{n}"))), fields.get(&format!("stop-woorden-{n}")));
    given::stopped(n, &on, said, known).map_err(at(name)).map_err(|all| all.into_iter().map(whole).collect())
}

fn taken_back(fields: &Fields, known: Known<'_>) -> Result<(Date, What), Vec<Problem>> {
    let n = number(fields);
    let name = |field| if field == Field::Words { format!("reden-{n}") } else { String::new() };
    given::mistake(n, fields.get(&format!("reden-{n}")), known)
        .map_err(at(name))
        .map_err(|all| all.into_iter().map(whole).collect())
}
