//! What stands: what each meeting said last, and the tasks of the samenwerkingsplan with what came of them.

use super::{Agreed, Discussed, Event, Outcome};
use crate::ident::MeetingId;
use crate::path::{Step, What};
use crate::talk::AskedOf;
use crate::task::Assignee;

/// A task of the samenwerkingsplan; the number of its step names it.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    /// The step that agreed on it.
    pub step: &'a Step,
    /// What was agreed.
    pub agreed: &'a Agreed,
    /// The step that ended it.
    pub end: Option<&'a Step>,
}

impl<'a> Task<'a> {
    /// What came of it, and the words; absent where it waits or was taken back.
    pub fn outcome(&self) -> Option<(Outcome, &'a str)> {
        match self.end.and_then(event) {
            Some(Event::Reported { outcome, words, .. }) => Some((*outcome, words)),
            _ => None,
        }
    }

    /// A meeting took it back.
    pub fn is_dropped(&self) -> bool {
        matches!(self.end.and_then(event), Some(Event::Dropped { .. }))
    }
}

fn event(step: &Step) -> Option<&Event> {
    match &step.what {
        What::Meeting(event) => Some(event),
        _ => None,
    }
}

/// Every task, oldest first.
pub fn tasks(steps: &[Step]) -> Vec<Task<'_>> {
    let mut all: Vec<Task<'_>> = Vec::new();
    for step in steps {
        match event(step) {
            Some(Event::Agreed(agreed)) => all.push(Task { step, agreed, end: None }),
            Some(Event::Reported { task, .. } | Event::Dropped { task, .. }) => {
                // What was told first stays.
                if let Some(of) = all.iter_mut().find(|t| t.step.number == *task && t.end.is_none()) {
                    of.end = Some(step);
                }
            }
            Some(Event::Discussed(_)) | None => {}
        }
    }
    all
}

/// The tasks that wait. What was agreed before a path ended is over with it.
pub fn open(steps: &[Step]) -> Vec<Task<'_>> {
    let ended = steps.iter().rev().find(|s| matches!(s.what, What::Ended { .. })).map_or(0, |s| s.number);
    tasks(steps).into_iter().filter(|t| t.end.is_none() && t.step.number > ended).collect()
}

/// What each meeting said last, the newest meeting first.
pub fn discussed(steps: &[Step]) -> Vec<(&Step, &Discussed)> {
    let mut all: Vec<(&Step, &Discussed)> = Vec::new();
    for step in steps.iter().rev() {
        if let Some(Event::Discussed(said)) = event(step)
            && !all.iter().any(|(_, newer)| newer.meeting == said.meeting)
        {
            all.push((step, said));
        }
    }
    all.sort_by_key(|(step, _)| std::cmp::Reverse((step.day, step.number)));
    all
}

/// Number of the last step that this meeting wrote; 0: none. Who writes on what another wrote meanwhile is shown that first.
pub fn last_event(steps: &[Step], meeting: &MeetingId) -> u32 {
    let of = |step: &&Step| match event(step) {
        Some(Event::Discussed(Discussed { meeting: of, .. }) | Event::Dropped { meeting: of, .. }) => of == meeting,
        Some(Event::Agreed(agreed)) => agreed.meeting == *meeting,
        Some(Event::Reported { .. }) | None => false,
    };
    steps.iter().rev().find(of).map_or(0, |s| s.number)
}

/// Whose a task is: the one who was named, or who wrote it down where that one is outside the care team.
pub fn assignee(steps: &[Step], number: u32) -> Option<Assignee> {
    let task = tasks(steps).into_iter().find(|t| t.step.number == number)?;
    let by = &task.step.by;
    Some(match &task.agreed.who {
        AskedOf::Team { organisation, role, person, .. } => {
            Assignee { organisation: organisation.clone(), role: Some(*role), person: person.clone() }
        }
        AskedOf::Outside { .. } => {
            Assignee { organisation: by.organisation.clone(), role: by.role, person: by.person.clone() }
        }
    })
}
