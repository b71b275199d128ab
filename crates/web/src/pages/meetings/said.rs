//! What a meeting said of a patient, as pages and paper show it.

use crate::pages::frame::Link;
use domain::ident::PatientId;
use domain::meeting::{Discussed, Task, discussed, tasks};
use domain::path::Step;
use domain::words;

/// What was decided, and the samenwerkingsplan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// 'MDO, 8 december 2026'.
    pub title: String,
    /// The decisions in a sentence.
    pub decisions: String,
    /// The same in words.
    pub words: Option<String>,
    /// How it goes.
    pub situation: Option<String>,
    /// Who knows the patient.
    pub knows: String,
    /// Who leads the samenwerkingsplan.
    pub lead: Option<String>,
    /// Its tasks.
    pub tasks: Vec<TaskView>,
    /// Who wrote it down.
    pub by: String,
    /// Where it is told in full, for who may open the meeting.
    pub link: Option<Link>,
}

/// A task of the samenwerkingsplan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskView {
    /// The step that agreed on it.
    pub number: u32,
    /// Who does it.
    pub who: String,
    /// What.
    pub what: String,
    /// By which day.
    pub by: String,
    /// What came of it.
    pub state: String,
    /// Does it wait?
    pub open: bool,
}

impl TaskView {
    fn of(task: &Task<'_>) -> Self {
        let state = match (task.outcome(), task.end) {
            (Some((outcome, words)), Some(step)) => {
                format!("{} op {} door {}: {words}", outcome.dutch(), words::day(step.day), step.by.name)
            }
            _ if task.is_dropped() => "vervallen".to_owned(),
            _ => "open".to_owned(),
        };
        Self {
            number: task.step.number,
            who: task.agreed.who.words().to_owned(),
            what: task.agreed.what.clone(),
            by: words::day(task.agreed.by),
            state,
            open: task.end.is_none(),
        }
    }
}

/// Every task that waits, and of the others those of this meeting.
pub fn task_views(steps: &[Step], of: impl Fn(&Task<'_>) -> bool) -> Vec<TaskView> {
    tasks(steps).iter().filter(|t| t.end.is_none() || of(t)).map(TaskView::of).collect()
}

impl Said {
    /// What this meeting said, with the tasks that wait and its own.
    pub fn of(step: &Step, said: &Discussed, steps: &[Step]) -> Self {
        Self {
            title: format!("{}, {}", said.kind.short(), words::day(step.day)),
            decisions: said.sentence(),
            words: said.words.clone(),
            situation: said.situation.clone(),
            knows: said.knows.join("; "),
            lead: said.lead.clone(),
            tasks: task_views(steps, |t| t.agreed.meeting == said.meeting),
            by: format!("{} ({})", step.by.name, step.by.organisation_name),
            link: None,
        }
    }

    /// What the newest meeting said, for the patient's page.
    pub fn newest(id: &PatientId, steps: &[Step]) -> Option<Self> {
        let (step, said) = *discussed(steps).first()?;
        let link = Link::to(format!("/overleg/{}/patient/{id}", said.meeting), "Lees wat er is besproken");
        Some(Self { link: Some(link), ..Self::of(step, said, steps) })
    }
}
