//! What one does with a task: take it, pass it on with a note, put it off with a date. It is done when what it asks for
//! is recorded: then it is gone by itself, and a tick can never hide somebody who was not asked. What a meeting agreed on has
//! no other record: it closes when whoever has it reports what came of it.

use super::{Assignee, Kind, Task};
use crate::access::{Actor, Who};
use crate::coded::coded;
use crate::ident::PersonId;
use crate::meeting::Outcome;
use crate::plan::Recorder;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The longest note, in characters.
pub const LONGEST: usize = 500;
/// A task may be put off by this many days at most.
pub const LONGEST_WAIT: i32 = 183;

coded! {
    /// What was done.
    pub enum Moved {
        Taken "taken" "opgepakt";
        Passed "passed" "doorgegeven";
        PutOff "put-off" "uitgesteld";
        Reported "reported" "afgemeld";
    }
}

/// Something that was done with a task; sealed at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// What.
    pub what: Moved,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Recorder,
    /// What was said with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What somebody wants to do with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// I do it.
    Take,
    /// Another does it.
    Pass {
        /// Who.
        to: Assignee,
        /// Why, or what to know.
        note: String,
    },
    /// Not now.
    PutOff {
        /// The new day.
        until: Date,
        /// Why.
        note: String,
    },
    /// What a meeting agreed on is done, or is not: there is no other record by which it would close.
    Report {
        /// What came of it.
        outcome: Outcome,
        /// In words.
        words: String,
    },
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The role may not do what it asks for.
    #[error("In uw rol kunt u dit niet doen. Geef het door aan iemand die dat wel mag.")]
    Role,
    /// It is theirs already.
    #[error("U hebt deze taak al.")]
    Yours,
    /// The one it is passed to may not do it.
    #[error("Wie u kiest, mag dit niet doen. Kies een ander.")]
    TheirRole,
    /// No note.
    #[error("Schrijf kort waarom, of wat de ander moet weten.")]
    NoNote,
    /// Too long a note.
    #[error("Schrijf het korter: in hoogstens 500 tekens.")]
    TooLong,
    /// A day that is over.
    #[error("Kies een dag die nog komt.")]
    Past,
    /// Too far away.
    #[error("Kies een dag binnen een half jaar.")]
    TooFar,
    /// It closes by what is recorded.
    #[error("Deze taak verdwijnt vanzelf als is vastgelegd wat er gevraagd wordt.")]
    ByItself,
    /// It is another's.
    #[error("Pak deze taak eerst zelf op. Wie de taak heeft, meldt hem af.")]
    NotYours,
    /// Nothing is told.
    #[error("Schrijf wat er is gedaan, of waarom niet.")]
    NoWords,
}

/// May this role do what a task of this kind asks for?
pub fn may_do(kind: Kind, actor: &Actor) -> bool {
    let Some(role) = actor.role else { return false };
    match kind {
        Kind::SetLimits => actor.may_set_limits(),
        // The whole plan is looked at by whoever may confirm it (E3).
        Kind::Review => role.may_confirm(),
        Kind::Settle | Kind::Elsewhere | Kind::Report | Kind::Record | Kind::Document => role.may_record_wishes(),
        Kind::Signal | Kind::Ask | Kind::Plan | Kind::Support | Kind::SupportAnswer => role.may_converse(),
        Kind::Representative | Kind::Agreed => role.is_care_professional(),
    }
}

/// The task after the deed.
///
/// # Errors
/// [`Refused`], as a sentence for who asks.
pub fn deed(
    task: &Task,
    deed: &Deed,
    actor: &Actor,
    by: &Recorder,
    now: Timestamp,
    today: Date,
) -> Result<Task, Refused> {
    let mut next = task.clone();
    let (what, note) = match deed {
        Deed::Take => {
            let Who::Person(person) = &actor.who else { return Err(Refused::Role) };
            if !may_do(task.kind, actor) {
                return Err(Refused::Role);
            }
            if is_mine(task, actor) {
                return Err(Refused::Yours);
            }
            next.assignee = mine(actor, person);
            (Moved::Taken, None)
        }
        Deed::Pass { to, note } => {
            let someone = |role| Actor { role: Some(role), nurses_set_limits: true, ..actor.clone() };
            if to.role.is_some_and(|role| !may_do(task.kind, &someone(role))) {
                return Err(Refused::TheirRole);
            }
            next.assignee = to.clone();
            (Moved::Passed, Some(said(note)?))
        }
        Deed::PutOff { until, note } => {
            if *until <= today {
                return Err(Refused::Past);
            }
            if today.until(*until).is_ok_and(|span| span.get_days() > LONGEST_WAIT) {
                return Err(Refused::TooFar);
            }
            next.due = *until;
            (Moved::PutOff, Some(said(note)?))
        }
        Deed::Report { words, .. } => {
            if task.kind != Kind::Agreed {
                return Err(Refused::ByItself);
            }
            if !is_mine(task, actor) {
                return Err(Refused::NotYours);
            }
            let words = said(words).map_err(|why| if why == Refused::NoNote { Refused::NoWords } else { why })?;
            (Moved::Reported, Some(words))
        }
    };
    next.moves.push(Move { what, at: now, by: by.clone(), note });
    Ok(next)
}

/// Is it this person's own?
pub fn is_mine(task: &Task, actor: &Actor) -> bool {
    let Who::Person(person) = &actor.who else { return false };
    task.assignee.person.as_ref() == Some(person) && task.assignee.organisation == actor.organisation
}

fn mine(actor: &Actor, person: &PersonId) -> Assignee {
    Assignee { organisation: actor.organisation.clone(), role: actor.role, person: Some(person.clone()) }
}

fn said(note: &str) -> Result<String, Refused> {
    let note = note.trim();
    match note.chars().count() {
        0 => Err(Refused::NoNote),
        n if n > LONGEST => Err(Refused::TooLong),
        _ => Ok(note.to_owned()),
    }
}
