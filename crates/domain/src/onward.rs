//! Where a plan goes on to (R7, D1, D3): into the own record of each organisation, to whom it was given, what the patient
//! was told, and whether the doctor knows. Who ticked what and when; nothing of it is overwritten.

pub mod given;
mod text;

pub use text::{episode, soep};

use crate::coded::coded;
use crate::path::{Step, What};
use crate::plan::{CurrentPlan, Recorder};
use crate::words;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

coded! {
    /// Where else the agreements were recorded (R7).
    pub enum System {
        His "his" "HIS van de huisarts";
        Ecd "ecd" "ECD van de zorgorganisatie";
        Epd "epd" "EPD van het ziekenhuis";
        Ozo "ozo" "OZO";
        Other "other" "een ander dossier";
    }
}

coded! {
    /// How they were given to somebody (R7).
    pub enum Channel {
        Paper "paper" "op papier";
        OwnPage "own-page" "via de eigen pagina van de patiënt";
        Pdf "pdf" "als PDF";
        Ozo "ozo" "via OZO";
        Telephone "telephone" "per telefoon";
        Spoken "spoken" "mondeling";
        Mail "mail" "via beveiligde mail";
        Other "other" "anders";
    }
}

coded! {
    /// What the patient was told (D1).
    pub enum Told {
        Whereabouts "whereabouts" "waar de afspraken te vinden zijn";
        Relatives "relatives" "dat de patiënt zelf naasten informeert";
    }
}

coded! {
    /// Which doctor was informed (D3).
    pub enum Doctor {
        Gp "gp" "de huisarts";
        Practitioner "practitioner" "de medisch behandelaar";
    }
}

/// Something that was ticked, about a version of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// It was recorded elsewhere too.
    Recorded {
        /// Where.
        system: System,
        /// Where, in words.
        words: Option<String>,
        /// Version.
        version: u32,
    },
    /// It was given to somebody.
    Shared {
        /// How.
        channel: Channel,
        /// To whom.
        with: Option<String>,
        /// Version.
        version: u32,
    },
    /// The patient was told something.
    Told {
        /// What.
        what: Told,
        /// Version.
        version: u32,
    },
    /// A doctor was informed.
    Informed {
        /// Which.
        doctor: Doctor,
        /// Version.
        version: u32,
    },
    /// One of these was not so.
    Undone {
        /// Number of its step.
        number: u32,
        /// Why.
        reason: String,
    },
}

impl Event {
    /// In a sentence without its full stop.
    pub fn sentence(&self) -> String {
        let beside = |words: &Option<String>| words.as_deref().map(|w| format!(" ({w})")).unwrap_or_default();
        match self {
            Self::Recorded { system, words, .. } => format!("Ook vastgelegd in: {}{}", system.dutch(), beside(words)),
            Self::Shared { channel, with, .. } => {
                let whom = with.as_deref().map(|w| format!(" met {w}")).unwrap_or_default();
                format!("Gedeeld{whom}, {}", channel.dutch())
            }
            Self::Told { what, .. } => format!("Patiënt verteld {}", what.dutch()),
            Self::Informed { doctor, .. } => format!("{} is geïnformeerd", words::capitalised(doctor.dutch())),
            Self::Undone { .. } => "Toch niet zo gegaan".to_owned(),
        }
    }

    /// About which version.
    pub fn version(&self) -> Option<u32> {
        match self {
            Self::Recorded { version, .. }
            | Self::Shared { version, .. }
            | Self::Told { version, .. }
            | Self::Informed { version, .. } => Some(*version),
            Self::Undone { .. } => None,
        }
    }

    /// For the line of the path.
    pub(crate) fn told(&self) -> (String, Vec<String>) {
        let more = match self {
            Self::Undone { reason, .. } => vec![reason.clone()],
            _ => Vec::new(),
        };
        (self.sentence(), more)
    }
}

/// Something that was ticked, and whether that still holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Number of its step.
    pub number: u32,
    /// When it was written down.
    pub at: Timestamp,
    /// The day it is about.
    pub day: Date,
    /// By whom.
    pub by: Recorder,
    /// What.
    pub event: Event,
    /// Why it was not so, and who says so.
    pub undone: Option<(String, String)>,
}

/// All that was ticked, the newest first.
pub fn done(steps: &[Step]) -> Vec<Done> {
    let mut all: Vec<Done> = Vec::new();
    for step in steps {
        let What::Onward(event) = &step.what else { continue };
        if let Event::Undone { number, reason } = &**event {
            if let Some(of) = all.iter_mut().find(|d| d.number == *number) {
                of.undone = Some((reason.clone(), step.by.name.clone()));
            }
            continue;
        }
        all.push(Done {
            number: step.number,
            at: step.at,
            day: step.day,
            by: step.by.clone(),
            event: (**event).clone(),
            undone: None,
        });
    }
    all.reverse();
    all
}

/// Does a doctor know this version (D3)?
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Knows {
    /// A doctor recorded it.
    Recorded(String),
    /// Somebody informed a doctor of this version.
    Informed(String),
    /// Of an earlier version only.
    Earlier(u32),
    /// Nobody said so.
    NotYet,
}

impl Knows {
    /// In a sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::Recorded(name) => format!("{name} legde deze versie als arts vast."),
            Self::Informed(sentence) => format!("{sentence}."),
            Self::Earlier(version) => {
                format!("De arts is geïnformeerd over versie {version}, nog niet over wat er nu staat.")
            }
            Self::NotYet => "De arts is nog niet geïnformeerd.".to_owned(),
        }
    }

    /// Is there something to do?
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Earlier(_) | Self::NotYet)
    }
}

/// Does a doctor know the plan as it stands?
pub fn doctor_knows(steps: &[Step], plan: &CurrentPlan) -> Knows {
    if plan.recorder.role.is_some_and(|r| r.may_set_limits(false)) {
        return Knows::Recorded(plan.recorder.name.clone());
    }
    let all = done(steps);
    let newest = all
        .iter()
        .filter(|d| d.undone.is_none() && matches!(d.event, Event::Informed { .. }))
        .max_by_key(|d| d.event.version());
    match newest {
        None => Knows::NotYet,
        Some(d) if d.event.version() >= Some(plan.number) => {
            Knows::Informed(format!("{} op {} door {}", d.event.sentence(), words::day(d.day), d.by.name))
        }
        Some(d) => Knows::Earlier(d.event.version().unwrap_or_default()),
    }
}

/// What the patient was told and was not told yet (D1), each in a sentence.
pub fn patient_told(steps: &[Step]) -> Vec<(Told, Option<String>)> {
    let all = done(steps);
    let found = |what: Told| {
        all.iter()
            .find(|d| d.undone.is_none() && matches!(d.event, Event::Told { what: w, .. } if w == what))
            .map(|d| format!("op {} door {}", words::day(d.day), d.by.name))
    };
    Told::ALL.iter().map(|what| (*what, found(*what))).collect()
}

#[cfg(test)]
mod tests;
