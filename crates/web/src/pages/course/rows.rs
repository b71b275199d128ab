//! What happened, newest first, and treatment that goes on.

use crate::forms::Fields;
use crate::pages::field::{Field, Problem};
use domain::happening::{self, Happening};
use domain::path::{End, Step, What};
use domain::words;
use jiff::civil::Date;

/// Something that happened.
#[derive(Debug, Clone)]
pub struct HappenedRow {
    /// Number of its step.
    pub number: u32,
    /// The day, for machines.
    pub date: String,
    /// The day, for people.
    pub day: String,
    /// What.
    pub title: String,
    /// More about it, each in a line.
    pub more: Vec<String>,
    /// By whom it was written down.
    pub by: String,
    /// It was a mistake: why, and who says so.
    pub wrong: Option<String>,
    /// Why it is wrong, where this person may say so.
    pub take_back: Option<Field>,
    /// That was tried.
    pub open: bool,
}

/// Treatment or care that goes on.
#[derive(Debug, Clone)]
pub struct CourseRow {
    /// Number of its step.
    pub number: u32,
    /// What, and until when.
    pub title: String,
    /// With which goal.
    pub goal: String,
    /// Its day is over.
    pub over: bool,
    /// Day and words of its end, where this person may tell it.
    pub stop: Option<[Field; 2]>,
    /// That was tried.
    pub open: bool,
}

/// Does this belong on the page? Death was told among the ends of the path before.
fn told(step: &Step) -> Option<(String, Vec<String>)> {
    match &step.what {
        What::Happened(happened) if !matches!(**happened, Happening::Mistaken { .. }) => {
            Some((happened.title(), happened.more()))
        }
        What::Ended { why: End::Died, words } => Some(("Overleden".to_owned(), words.iter().cloned().collect())),
        _ => None,
    }
}

/// Why the step with this number is a mistake, and who says so.
fn wrong(steps: &[Step], number: u32) -> Option<String> {
    steps.iter().find_map(|step| match &step.what {
        What::Happened(happened) => match &**happened {
            Happening::Mistaken { step: of, reason, .. } if *of == number => {
                Some(format!("Ten onrechte vastgelegd, zegt {}: {reason}", step.by.name))
            }
            _ => None,
        },
        _ => None,
    })
}

/// What happened, newest first.
pub fn happened(steps: &[Step], may_take_back: bool, fields: &Fields, errors: &[Problem]) -> Vec<HappenedRow> {
    let tried = |number: u32| fields.get("doe") == "terug" && fields.get("stap") == number.to_string();
    let row = |step: &Step| {
        let (title, more) = told(step)?;
        let wrong = wrong(steps, step.number);
        let name = format!("reden-{}", step.number);
        let reason = Field::text(&name, "Waarom klopt dit niet?", fields.get(&name)).checked(errors);
        Some(HappenedRow {
            number: step.number,
            date: step.day.to_string(),
            day: words::day(step.day),
            title,
            more,
            by: step.by.name.clone(),
            take_back: (may_take_back && wrong.is_none()).then_some(reason),
            open: tried(step.number),
            wrong,
        })
    };
    let mut sorted: Vec<&Step> = steps.iter().collect();
    sorted.sort_by_key(|s| std::cmp::Reverse((s.day, s.number)));
    sorted.into_iter().filter_map(row).collect()
}

/// Treatment and care that goes on, oldest first.
pub fn courses(steps: &[Step], today: Date, may_stop: bool, fields: &Fields, errors: &[Problem]) -> Vec<CourseRow> {
    let row = |(step, course): happening::Course<'_>| {
        let n = step.number;
        let [on, said] = [format!("stop-dag-{n}"), format!("stop-woorden-{n}")];
        let stop = [
            Field::text(&said, "Waarom? (mag leeg blijven)", fields.get(&said)).checked(errors),
            Field::short(&on, "Sinds wanneer?", fields.get(&on)).hint("Leeg: vandaag.").checked(errors),
        ];
        CourseRow {
            number: n,
            title: course.title(),
            goal: course.goal.clone(),
            over: course.until.is_some_and(|until| until < today),
            stop: may_stop.then_some(stop),
            open: fields.get("doe") == "gestopt" && fields.get("stap") == n.to_string(),
        }
    };
    happening::courses(steps).into_iter().map(row).collect()
}
