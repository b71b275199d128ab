//! From what was typed about what happened to a step; everything that is wrong with it, each at its field.

use super::{Capable, Change, Death, GoesOn, Happening, HomeCare, How, Kind, Move, courses, last_admission};
use crate::code::{CodeSet, Place};
use crate::path::{Step, What};
use crate::patient::Living;
use crate::signal::{Condition, LATEST, LONGEST};
use crate::words;
use jiff::civil::Date;

/// The longest name of a place, a diagnosis or a treatment, in characters.
pub const LONGEST_LINE: usize = 200;
/// Treatment goes on until a day at most so many days ahead.
pub const FARTHEST: i32 = 3 * 366;

/// Which field something is wrong with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// The day.
    On,
    /// What changed, which diagnosis, which capacity, which kind of place, which point of home care.
    Which,
    /// The name of a place, or of a treatment.
    Name,
    /// The goal.
    Goal,
    /// Until when.
    Until,
    /// What it takes the place of, or which one stopped.
    Step,
    /// Words or a reason.
    Words,
}

/// What is wrong, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Where.
    pub field: Field,
    /// Dutch sentence for the field.
    pub sentence: String,
}

/// What happened, as a form brings it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Given {
    /// The day; empty: today.
    pub on: String,
    /// Codes of what is chosen: one, or several changes.
    pub which: Vec<String>,
    /// Name of a place or a treatment.
    pub name: String,
    /// Goal of a treatment.
    pub goal: String,
    /// Until when; empty: no day was agreed.
    pub until: String,
    /// Number of the treatment that this takes the place of; empty: a new one.
    pub instead_of: String,
    /// Free text.
    pub words: String,
}

/// What it is held against.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The day of today.
    pub today: Date,
    /// What happened so far.
    pub steps: &'a [Step],
    /// The day of the newest conversation.
    pub last_talk: Option<Date>,
    /// Where the patient wishes to die, by the plan.
    pub wished: Option<Place>,
    /// Where the patient is, by the record.
    pub living: Option<Living>,
}

type Wrongs = Vec<Wrong>;

fn wrong(field: Field, sentence: impl Into<String>) -> Wrong {
    Wrong { field, sentence: sentence.into() }
}

fn text(typed: &str, field: Field, most: usize, all: &mut Wrongs) -> Option<String> {
    let typed = typed.trim();
    if typed.chars().count() > most {
        all.push(wrong(field, format!("Schrijf het korter: in hoogstens {most} tekens.")));
    }
    (!typed.is_empty()).then(|| typed.to_owned())
}

fn needed(typed: &str, field: Field, most: usize, sentence: &str, all: &mut Wrongs) -> String {
    text(typed, field, most, all).unwrap_or_else(|| {
        all.push(wrong(field, sentence));
        String::new()
    })
}

/// A day that lies behind, or today where nothing is typed.
fn past_day(typed: &str, today: Date, all: &mut Wrongs) -> Date {
    let sentence = match typed.trim() {
        "" => return today,
        typed => match typed.parse::<Date>() {
            Ok(day) if day > today => "Deze dag moet nog komen. Kies vandaag of een eerdere dag.",
            Ok(day) if day.until(today).is_ok_and(|s| i64::from(s.get_days()) > LATEST) => {
                "Deze dag is langer dan een jaar geleden. Kies een latere dag, en schrijf bij de toelichting wanneer het was."
            }
            Ok(day) => return day,
            Err(_) => "Dit is geen datum. Schrijf bijvoorbeeld 08-11-2026.",
        },
    };
    all.push(wrong(Field::On, sentence));
    today
}

fn one<T>(codes: &[String], of: impl Fn(&str) -> Option<T>, sentence: &str, all: &mut Wrongs) -> Option<T> {
    let chosen = match codes {
        [code] => of(code),
        _ => None,
    };
    if chosen.is_none() {
        all.push(wrong(Field::Which, sentence));
    }
    chosen
}

fn done<T>(value: Option<T>, all: Wrongs) -> Result<T, Wrongs> {
    match value {
        Some(value) if all.is_empty() => Ok(value),
        _ => Err(all),
    }
}

/// What happened, with the day it is about.
///
/// # Errors
/// Everything that is wrong with it.
pub fn happening(kind: Kind, given: &Given, known: Known<'_>) -> Result<(Date, What), Wrongs> {
    let mut all = Wrongs::new();
    let day = past_day(&given.on, known.today, &mut all);
    let words = text(&given.words, Field::Words, LONGEST, &mut all);
    let which = &given.which;
    let made = match kind {
        Kind::Changed => Some(changed(which, words, &mut all)),
        Kind::Diagnosis => one(which, Condition::of_code, "Kies wat voor ziekte het is.", &mut all)
            .map(|condition| Happening::Diagnosis { condition, words }),
        Kind::Capacity => {
            one(which, Capable::of_code, "Kies hoe het nu is.", &mut all).map(|now| Happening::Capacity { now, words })
        }
        Kind::Admitted => moved(How::Admitted, given, words, known, &mut all),
        Kind::Discharged => moved(How::Discharged, given, words, known, &mut all),
        Kind::Moved => moved(How::Moved, given, words, known, &mut all),
        Kind::HomeCare => one(which, HomeCare::of_code, "Kies intake of evaluatie.", &mut all)
            .map(|which| Happening::HomeCare { which, words }),
        Kind::Course => Some(goes_on(given, day, known, &mut all)),
        Kind::Died => died(which, day, words, known, &mut all),
    };
    done(made, all).map(|happening| (day, What::Happened(Box::new(happening))))
}

fn changed(which: &[String], words: Option<String>, all: &mut Wrongs) -> Happening {
    let mut what: Vec<Change> = which.iter().filter_map(|code| Change::of_code(code)).collect();
    what.sort_unstable();
    what.dedup();
    if what.is_empty() || which.iter().any(|code| Change::of_code(code).is_none()) {
        all.push(wrong(Field::Which, "Kies minstens één: wat veranderde?"));
    }
    Happening::Changed { what, words }
}

fn moved(how: How, given: &Given, words: Option<String>, known: Known<'_>, all: &mut Wrongs) -> Option<Happening> {
    let name = text(&given.name, Field::Name, LONGEST_LINE, all);
    let to = one(&given.which, Living::of_code, "Kies naar wat voor plek.", all)?;
    let sentence = match (how, to) {
        (How::Admitted, Living::Home) => {
            "Een opname is niet thuis. Kies een instelling, of leg een ontslag of een andere woonplek vast."
        }
        (How::Discharged, Living::Hospital) => {
            "Een ontslag gaat niet naar een ziekenhuis. Leg dan een opname in dat ziekenhuis vast."
        }
        (How::Moved, Living::Hospital) => "In een ziekenhuis woont niemand. Leg een opname vast.",
        _ => return Some(Happening::Moved(Move { how, to, from: known.living, name, words })),
    };
    all.push(wrong(Field::Which, sentence));
    None
}

fn goes_on(given: &Given, day: Date, known: Known<'_>, all: &mut Wrongs) -> Happening {
    let what = needed(&given.name, Field::Name, LONGEST_LINE, "Schrijf welke behandeling of zorg doorgaat.", all);
    let goal = needed(&given.goal, Field::Goal, LONGEST_LINE, "Schrijf met welk doel.", all);
    let until = match given.until.trim() {
        "" => None,
        typed => {
            let sentence = match typed.parse::<Date>() {
                Ok(until) if until < day => {
                    "Deze dag ligt vóór de dag waarop dit is afgesproken. Pas één van de twee aan."
                }
                Ok(until) if known.today.until(until).is_ok_and(|s| s.get_days() > FARTHEST) => {
                    "Kies een dag binnen drie jaar, of laat dit leeg."
                }
                Ok(_) => "",
                Err(_) => "Dit is geen datum. Schrijf bijvoorbeeld 08-03-2027, of laat dit leeg.",
            };
            if !sentence.is_empty() {
                all.push(wrong(Field::Until, sentence));
            }
            typed.parse().ok()
        }
    };
    let instead_of = match given.instead_of.trim() {
        "" => None,
        typed => course(typed, known.steps, all),
    };
    Happening::GoesOn(GoesOn { what, goal, until, instead_of })
}

/// A treatment that goes on, from its number as typed.
fn course(typed: &str, steps: &[Step], all: &mut Wrongs) -> Option<u32> {
    let found = typed.parse::<u32>().ok().filter(|n| courses(steps).iter().any(|(step, _)| step.number == *n));
    if found.is_none() {
        all.push(wrong(Field::Step, "Deze behandeling gaat niet meer door. Kies uit de lijst."));
    }
    found
}

fn died(which: &[String], day: Date, words: Option<String>, known: Known<'_>, all: &mut Wrongs) -> Option<Happening> {
    if let Some(talk) = known.last_talk.filter(|talk| *talk > day) {
        let sentence = format!(
            "Er is nog een gesprek van {}, na deze dag. Pas deze dag aan, of markeer die versie van het plan als onjuist.",
            words::day(talk)
        );
        all.push(wrong(Field::On, sentence));
    }
    let of_code = |code: &str| Place::ALL.iter().copied().find(|p| p.code() == code);
    let place = one(which, of_code, "Kies waar de patiënt overleed. Kies ‘nog onbekend’ als u het niet weet.", all)?;
    let admitted_on = last_admission(known.steps).filter(|admitted| *admitted <= day);
    Some(Happening::Died(Death { place, wished: known.wished, admitted_on, words }))
}

/// A treatment or care stopped.
///
/// # Errors
/// Everything that is wrong with it.
pub fn stopped(number: &str, on: &str, said: &str, known: Known<'_>) -> Result<(Date, What), Wrongs> {
    let mut all = Wrongs::new();
    let day = past_day(on, known.today, &mut all);
    let words = text(said, Field::Words, LONGEST, &mut all);
    let step = course(number.trim(), known.steps, &mut all);
    let what = courses(known.steps)
        .iter()
        .find(|(s, _)| Some(s.number) == step)
        .map(|(_, course)| course.what.clone())
        .unwrap_or_default();
    done(step, all).map(|step| (day, What::Happened(Box::new(Happening::Stopped { step, what, words }))))
}

/// A talk with those who stay behind.
///
/// # Errors
/// Everything that is wrong with it.
pub fn aftercare(on: &str, said: &str, known: Known<'_>) -> Result<(Date, What), Wrongs> {
    let mut all = Wrongs::new();
    let day = past_day(on, known.today, &mut all);
    let sentence = "Schrijf kort met wie u sprak, en wat eruit kwam.";
    let words = needed(said, Field::Words, LONGEST, sentence, &mut all);
    if super::death(known.steps).is_some_and(|(died, _)| day < died) {
        all.push(wrong(Field::On, "Deze dag ligt vóór de dag van overlijden. Kies een latere dag."));
    }
    done(Some(words), all).map(|words| (day, What::Happened(Box::new(Happening::Aftercare { words }))))
}

/// Something was written by mistake.
///
/// # Errors
/// Everything that is wrong with it.
pub fn mistake(number: &str, reason: &str, known: Known<'_>) -> Result<(Date, What), Wrongs> {
    let mut all = Wrongs::new();
    let reason = needed(reason, Field::Words, LONGEST, "Schrijf waarom dit niet klopt.", &mut all);
    let number = number.trim().parse::<u32>().ok();
    let wrong_before = super::mistaken(known.steps);
    let found = known.steps.iter().find(|s| Some(s.number) == number && !wrong_before.contains(&s.number));
    let title = found.and_then(|step| match &step.what {
        What::Happened(happening) if !matches!(**happening, Happening::Mistaken { .. }) => Some(happening.title()),
        What::Ended { why: crate::path::End::Died, .. } => Some("Overleden".to_owned()),
        _ => None,
    });
    let step = number.zip(title);
    if step.is_none() {
        all.push(wrong(Field::Step, "Dit staat er niet meer, of is al als onjuist aangemerkt."));
    }
    done(step, all)
        .map(|(step, title)| (known.today, What::Happened(Box::new(Happening::Mistaken { step, title, reason }))))
}
