//! Handing the plan over (D6): at admission, discharge or a move it goes along with the patient, also where something was
//! not discussed. What was handed over to whom, and whether the receiving side said that it came, is kept as it happened.

use crate::coded::coded;
use crate::happening::{Happening, noted};
use crate::ident::HookId;
use crate::path::{Step, What};
use crate::plan::Recorder;
use crate::signal::Reason as Occasion;
use crate::words;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub mod given;

coded! {
    /// Why it is handed over.
    pub enum Reason {
        Admission "admission" "opname";
        Discharge "discharge" "ontslag";
        Moved "moved" "verhuizing";
        Consult "consult" "bezoek aan een ziekenhuis of polikliniek";
    }
}

coded! {
    /// To whom.
    pub enum Receiver {
        Hospital "hospital" "ziekenhuis";
        NursingHome "nursing-home" "verpleeghuis";
        Rehabilitation "rehabilitation" "revalidatie of eerstelijnsverblijf";
        Hospice "hospice" "hospice";
        HomeCare "home-care" "thuiszorg";
        Practice "practice" "huisartsenpraktijk";
        Other "other" "een andere zorgaanbieder";
    }
}

coded! {
    /// How it went.
    pub enum Way {
        Paper "paper" "meegegeven op papier";
        File "file" "gegeven als bestand";
        Sent "sent" "verstuurd naar het systeem van de ontvanger";
    }
}

coded! {
    /// How one heard that it came.
    pub enum Heard {
        ByHand "by-hand" "gehoord en opgeschreven";
        BySystem "by-system" "bevestigd door het systeem van de ontvanger";
    }
}

/// Something that happened with a handover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// It was made.
    Made {
        /// Why.
        reason: Reason,
        /// What kind of receiver.
        to: Receiver,
        /// Which one.
        name: String,
        /// How it goes.
        way: Way,
        /// Version of the plan.
        version: u32,
        /// Where the receiver's system is told that it waits; only for [`Way::Sent`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        system: Option<HookId>,
    },
    /// The receiving side has it.
    Acknowledged {
        /// Number of its step.
        number: u32,
        /// Who said so.
        by: String,
        /// How one heard.
        heard: Heard,
    },
    /// It was not so.
    Undone {
        /// Number of its step.
        number: u32,
        /// Why.
        reason: String,
    },
}

impl Event {
    /// For the line of the path: what, and more about it.
    pub(crate) fn told(&self) -> (String, Vec<String>) {
        match self {
            Self::Made { reason, name, way, version, .. } => (
                format!("Overdracht bij {} naar {name}", reason.dutch()),
                vec![format!("Versie {version}, {}.", way.dutch())],
            ),
            Self::Acknowledged { by, heard, .. } => {
                ("Overdracht ontvangen".to_owned(), vec![format!("{by}; {}.", heard.dutch())])
            }
            Self::Undone { reason, .. } => ("Overdracht ging toch niet door".to_owned(), vec![reason.clone()]),
        }
    }
}

/// That the receiving side has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledged {
    /// The day.
    pub day: Date,
    /// Who said so.
    pub by: String,
    /// How one heard.
    pub heard: Heard,
}

/// A handover, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// Number of its step.
    pub number: u32,
    /// When it was written down.
    pub at: Timestamp,
    /// The day it is about.
    pub day: Date,
    /// By whom.
    pub made_by: Recorder,
    /// Why.
    pub reason: Reason,
    /// What kind of receiver.
    pub to: Receiver,
    /// Which one.
    pub name: String,
    /// How it went.
    pub way: Way,
    /// Version of the plan.
    pub version: u32,
    /// Where the receiver's system is told that it waits.
    pub system: Option<HookId>,
    /// The receiving side has it.
    pub acknowledged: Option<Acknowledged>,
    /// It was not so: why, and who says so.
    pub undone: Option<(String, String)>,
}

impl Handover {
    /// In a sentence without its full stop.
    pub fn sentence(&self) -> String {
        format!("Bij {} op {} naar {} ({})", self.reason.dutch(), words::day(self.day), self.name, self.to.dutch())
    }

    /// Has nobody said yet that it came?
    pub fn waits(&self) -> bool {
        self.acknowledged.is_none() && self.undone.is_none()
    }
}

/// All handovers, the newest first.
pub fn handovers(steps: &[Step]) -> Vec<Handover> {
    let mut all: Vec<Handover> = Vec::new();
    for step in steps {
        let What::Handover(event) = &step.what else { continue };
        match &**event {
            Event::Made { reason, to, name, way, version, system } => all.push(Handover {
                number: step.number,
                at: step.at,
                day: step.day,
                made_by: step.by.clone(),
                reason: *reason,
                to: *to,
                name: name.clone(),
                way: *way,
                version: *version,
                system: system.clone(),
                acknowledged: None,
                undone: None,
            }),
            Event::Acknowledged { number, by, heard } => {
                // The first word of it counts.
                if let Some(of) = all.iter_mut().find(|h| h.number == *number && h.acknowledged.is_none()) {
                    of.acknowledged = Some(Acknowledged { day: step.day, by: by.clone(), heard: *heard });
                }
            }
            Event::Undone { number, reason } => {
                if let Some(of) = all.iter_mut().find(|h| h.number == *number) {
                    of.undone = Some((reason.clone(), step.by.name.clone()));
                }
            }
        }
    }
    all.reverse();
    all
}

/// Days after which one asks whether it came.
pub const ASK_AFTER: i32 = 2;
/// Days for which a move asks for a handover.
pub const ASKED_FOR: i32 = 60;

/// What is open about handovers, each in a sentence: one that nobody confirmed, and a move with which nothing went along.
pub fn open(steps: &[Step], today: Date) -> Vec<String> {
    let all = handovers(steps);
    let days = |since: Date| (today - since).get_days();
    let late = all.iter().filter(|h| h.waits() && days(h.day) >= ASK_AFTER);
    let mut open: Vec<String> = late
        .map(|h| {
            format!("Van de overdracht naar {} op {} is nog niet bekend of hij aankwam.", h.name, words::day(h.day))
        })
        .collect();
    if let Some((day, why)) = moved(steps).filter(|(day, _)| days(*day) <= ASKED_FOR)
        && all.iter().all(|h| h.undone.is_some() || h.day < day)
    {
        open.push(format!("Op {} is gemeld: {why}. Er is nog geen overdracht gemaakt.", words::day(day)));
    }
    open
}

/// The newest move to or from an institution that somebody wrote down or signalled.
fn moved(steps: &[Step]) -> Option<(Date, &'static str)> {
    let happened = noted(steps).into_iter().filter_map(|(step, happening)| match happening {
        Happening::Moved(moved) => Some((step.day, moved.how.dutch())),
        _ => None,
    });
    let of = |step: &Step| match &step.what {
        What::Signal(signal) => {
            let why = [Occasion::Admitted, Occasion::Hospital, Occasion::Place];
            let why = why.into_iter().find(|r| signal.reasons.contains(r))?;
            Some((signal.noticed_on, why.dutch()))
        }
        _ => None,
    };
    steps.iter().filter_map(of).chain(happened).max()
}

#[cfg(test)]
mod tests;
