//! Meetings about patients (PROCESS S6, T2): an MDO or a PaTz group with its list; per patient who knows them, what was
//! decided, and the samenwerkingsplan: who leads it and who does what by which day. The meeting itself is about nobody;
//! what it says of a patient is a step of that patient's path.

pub mod given;
mod plan;

pub use plan::{Task, assignee, discussed, last_event, open, tasks};

use crate::coded::coded;
use crate::ident::{MeetingId, OrganisationId, PersonId};
use crate::talk::{AskedOf, time_words};
use crate::words;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

coded! {
    /// Which meeting.
    pub enum Kind {
        Mdo "mdo" "multidisciplinair overleg (MDO)";
        Patz "patz" "PaTz-overleg";
    }
}

impl Kind {
    /// As one calls it.
    pub fn short(self) -> &'static str {
        match self {
            Self::Mdo => "MDO",
            Self::Patz => "PaTz-overleg",
        }
    }
}

coded! {
    /// What was decided.
    pub enum Decision {
        Ask "ask" "vragen of de patiënt open staat voor een gesprek";
        Converse "converse" "een gesprek over wensen en grenzen voeren";
        Limits "limits" "een arts stelt behandelgrenzen vast";
        Review "review" "het plan opnieuw bespreken";
        Marked "marked" "de palliatieve fase is gemarkeerd";
        Support "support" "ondersteuning vragen";
        Again "again" "terug op het volgende overleg";
        Nothing "nothing" "nu niets doen";
        Other "other" "iets anders";
    }
}

coded! {
    /// What came of a task.
    pub enum Outcome {
        Done "done" "gedaan";
        NotPossible "not-possible" "niet gelukt";
        NotNeeded "not-needed" "niet meer nodig";
    }
}

/// Somebody who attends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendee {
    /// Who, where they can sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// As one introduces them: 'S. de Wit, wijkverpleegkundige (Thuiszorg Nabij)'.
    pub words: String,
}

/// The meeting, without its list. Sealed at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// Which kind.
    pub kind: Kind,
    /// Who calls it.
    pub organisation: OrganisationId,
    /// The day.
    pub on: Date,
    /// The hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Time>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Who chairs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chair: Option<String>,
    /// Other organisations that take part: their people may open it, and see of its list whom they may see anyway.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<OrganisationId>,
    /// Who attends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attends: Vec<Attendee>,
}

impl Meeting {
    /// 'MDO op 8 december 2026'.
    pub fn title(&self) -> String {
        format!("{} op {}", self.kind.short(), words::day(self.on))
    }

    /// 'om 10.30 uur, vergaderkamer 2'; empty where nothing is known of it.
    pub fn when_and_where(&self) -> String {
        let at = self.at.map(|at| format!("om {}", time_words(at)));
        at.into_iter().chain(self.place.clone()).collect::<Vec<_>>().join(", ")
    }

    /// Does this organisation call it, or take part?
    pub fn is_for(&self, organisation: &OrganisationId) -> bool {
        self.organisation == *organisation || self.with.contains(organisation)
    }
}

/// What a meeting said of a patient: the newest of a meeting holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discussed {
    /// Which meeting.
    pub meeting: MeetingId,
    /// Of which kind.
    pub kind: Kind,
    /// Who knows the patient, as one introduces them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub knows: Vec<String>,
    /// How it goes, as it was told there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub situation: Option<String>,
    /// What was decided; at least one.
    pub decisions: Vec<Decision>,
    /// The same in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// Who leads the samenwerkingsplan, as one introduces them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
}

impl Discussed {
    /// The decisions in a sentence.
    pub fn sentence(&self) -> String {
        let all: Vec<&str> = self.decisions.iter().map(|d| d.dutch()).collect();
        format!("{}.", words::capitalised(&words::join(&all)))
    }
}

/// A task of the samenwerkingsplan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// By which meeting.
    pub meeting: MeetingId,
    /// Who does it.
    pub who: AskedOf,
    /// What.
    pub what: String,
    /// By which day.
    pub by: Date,
}

/// Something that a meeting brought about. Sealed at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// The patient was discussed, on the day of the step.
    Discussed(Discussed),
    /// Somebody does something.
    Agreed(Agreed),
    /// Whoever has the task told what came of it.
    Reported {
        /// Number of the step that agreed on it.
        task: u32,
        /// What came of it.
        outcome: Outcome,
        /// In words.
        words: String,
    },
    /// A meeting took the task back.
    Dropped {
        /// Which meeting.
        meeting: MeetingId,
        /// Number of the step that agreed on it.
        task: u32,
    },
}

impl Event {
    /// Is it for those who hold conversations? A task is reported by whoever has it, a carer too.
    pub fn takes_a_converser(&self) -> bool {
        !matches!(self, Self::Reported { .. })
    }

    /// What happened, in a few words, and more about it: for the line.
    pub fn told(&self) -> (String, Vec<String>) {
        match self {
            Self::Discussed(said) => {
                let more = std::iter::once(said.sentence()).chain(said.words.clone());
                (format!("Besproken in {}", with_article(said.kind)), more.collect())
            }
            Self::Agreed(task) => {
                let what =
                    format!("{} Door {}, uiterlijk {}.", ended(&task.what), task.who.words(), words::day(task.by));
                ("Afgesproken in een overleg".to_owned(), vec![what])
            }
            Self::Reported { outcome, words, .. } => {
                (format!("Afspraak uit een overleg: {}", outcome.dutch()), vec![words.clone()])
            }
            Self::Dropped { .. } => ("Afspraak uit een overleg vervalt".to_owned(), Vec::new()),
        }
    }
}

fn with_article(kind: Kind) -> &'static str {
    match kind {
        Kind::Mdo => "het MDO",
        Kind::Patz => "het PaTz-overleg",
    }
}

/// With a full stop at its end.
fn ended(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

#[cfg(test)]
mod tests;
