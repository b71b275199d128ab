//! What of it still counts: all but what was written by mistake, and treatment as it goes on now.

use super::{Death, GoesOn, Happening, How, Move};
use crate::path::{End, Step, What};
use crate::patient::Living;
use crate::signal::Condition;
use jiff::civil::Date;

/// Something that happened and counts, with its step.
pub type Noted<'a> = (&'a Step, &'a Happening);

/// Numbers of the steps that were written by mistake.
pub fn mistaken(steps: &[Step]) -> Vec<u32> {
    let of = |step: &Step| match &step.what {
        What::Happened(happening) => match &**happening {
            Happening::Mistaken { step, .. } => Some(*step),
            _ => None,
        },
        _ => None,
    };
    steps.iter().filter_map(of).collect()
}

/// What happened and counts, in order of writing.
pub fn noted<'a>(steps: &'a [Step]) -> Vec<Noted<'a>> {
    let wrong = mistaken(steps);
    let counts = |step: &&Step| !wrong.contains(&step.number);
    let of = |step: &'a Step| match &step.what {
        What::Happened(happening) => Some((step, &**happening)),
        _ => None,
    };
    steps.iter().filter(counts).filter_map(of).collect()
}

/// What is taken back by this, where it takes something back; else what it is itself. `None`: what it takes back is not
/// there.
pub fn taken_back<'a>(steps: &'a [Step], what: &'a What) -> Option<&'a What> {
    match what {
        What::Happened(happening) => match &**happening {
            Happening::Mistaken { step, .. } => steps.iter().find(|s| s.number == *step).map(|s| &s.what),
            _ => Some(what),
        },
        _ => Some(what),
    }
}

/// Does it tell of death?
pub fn is_death(what: &What) -> bool {
    match what {
        What::Ended { why: End::Died, .. } => true,
        What::Happened(happening) => matches!(**happening, Happening::Died(_)),
        _ => false,
    }
}

/// Does it tell of another place?
pub fn is_move(what: &What) -> bool {
    matches!(what, What::Happened(happening) if matches!(**happening, Happening::Moved(_)))
}

/// Death as it was told: its day, and what is known of it where it was told here.
pub fn death(steps: &[Step]) -> Option<(Date, Option<&Death>)> {
    let wrong = mistaken(steps);
    steps.iter().filter(|s| !wrong.contains(&s.number)).find_map(|step| match &step.what {
        What::Happened(happening) => match &**happening {
            Happening::Died(death) => Some((step.day, Some(death))),
            _ => None,
        },
        what => is_death(what).then_some((step.day, None)),
    })
}

/// Where the patient is by what happened: the newest move that counts, by its day; where all were mistakes, where the
/// patient was before the first of them. Absent: nothing was told.
pub fn place_now(steps: &[Step]) -> Option<Living> {
    let newest = moves(steps).max_by_key(|(step, _)| (step.day, step.number)).map(|(_, moved)| moved.to);
    newest.or_else(|| steps.iter().find_map(moved)?.from)
}

fn moved(step: &Step) -> Option<&Move> {
    match &step.what {
        What::Happened(happening) => match &**happening {
            Happening::Moved(moved) => Some(moved),
            _ => None,
        },
        _ => None,
    }
}

fn moves(steps: &[Step]) -> impl Iterator<Item = (&Step, &Move)> {
    noted(steps).into_iter().filter_map(|(step, _)| Some((step, moved(step)?)))
}

/// The day of the last admission to hospital.
pub fn last_admission(steps: &[Step]) -> Option<Date> {
    let admitted = |moved: &Move| moved.how == How::Admitted && moved.to == Living::Hospital;
    moves(steps).filter(|(_, moved)| admitted(moved)).map(|(step, _)| step.day).max()
}

/// Was dementia diagnosed?
pub fn dementia(steps: &[Step]) -> bool {
    noted(steps)
        .iter()
        .any(|(_, happening)| matches!(happening, Happening::Diagnosis { condition: Condition::Dementia, .. }))
}

/// Treatment or care that goes on now.
pub type Course<'a> = (&'a Step, &'a GoesOn);

/// Treatment and care that goes on: neither stopped nor replaced, oldest first.
pub fn courses(steps: &[Step]) -> Vec<Course<'_>> {
    let all = noted(steps);
    let ends = |(_, happening): &Noted<'_>| match happening {
        Happening::Stopped { step, .. } => Some(*step),
        Happening::GoesOn(course) => course.instead_of,
        _ => None,
    };
    let over: Vec<u32> = all.iter().filter_map(ends).collect();
    all.into_iter()
        .filter_map(|(step, happening)| match happening {
            Happening::GoesOn(course) if !over.contains(&step.number) => Some((step, course)),
            _ => None,
        })
        .collect()
}
