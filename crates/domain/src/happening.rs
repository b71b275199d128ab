//! What happens to a patient beside the conversations (PROCESS E1, E4; decision 22): a change, a new diagnosis, another
//! capacity, admission, discharge and moving, intake and evaluation of home care, treatment that goes on, and death. Each
//! is a step of the path; most make a plan want looking at again.

pub mod given;
mod standing;
mod told;

pub use standing::{
    Course, Noted, courses, death, dementia, is_death, is_move, last_admission, mistaken, noted, place_now, taken_back,
};

use crate::code;
use crate::coded::coded;
use crate::patient::Living;
use crate::signal::Condition;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

coded! {
    /// The kinds that are chosen on the page.
    pub enum Kind {
        Changed "changed" "gezondheid, functioneren of wensen veranderden";
        Diagnosis "diagnosis" "nieuwe diagnose";
        Capacity "capacity" "wilsbekwaamheid veranderde";
        Admitted "admitted" "opname";
        Discharged "discharged" "ontslag";
        Moved "moved" "andere woonplek";
        HomeCare "home-care" "intake of evaluatie van de thuiszorg";
        Course "course" "behandeling of zorg die doorgaat";
        Died "died" "overlijden";
    }
}

coded! {
    /// What changed (E1).
    pub enum Change {
        Health "health" "gezondheid";
        Functioning "functioning" "functioneren";
        Goals "goals" "wensen of doelen";
    }
}

coded! {
    /// How it is with making decisions of one's own.
    pub enum Capable {
        Yes "yes" "wilsbekwaam";
        No "no" "niet (meer) wilsbekwaam";
        Doubt "doubt" "er is twijfel over de wilsbekwaamheid";
    }
}

coded! {
    /// How somebody came to another place.
    pub enum How {
        Admitted "admitted" "opname";
        Discharged "discharged" "ontslag";
        Moved "moved" "verhuizing";
    }
}

coded! {
    /// The fixed points of home care at which the plan is talked about (E1).
    pub enum HomeCare {
        Intake "intake" "intake van de thuiszorg";
        Evaluation "evaluation" "evaluatie van de thuiszorg";
    }
}

/// To another place, for a while or for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// How.
    pub how: How,
    /// Which kind of place it is; it says who is finally responsible.
    pub to: Living,
    /// Where the patient was until then, as far as it was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Living>,
    /// Which one, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// More about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

/// Treatment or care that goes on (E4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoesOn {
    /// What.
    pub what: String,
    /// With which goal.
    pub goal: String,
    /// Until when; absent: no day was agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The step that it takes the place of, where it goes on with another goal or until another day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<u32>,
}

/// Death (decision 22); the day is that of the step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Death {
    /// Where.
    pub place: code::Place,
    /// Where the patient had wished it, by the plan of that day; absent: not discussed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wished: Option<code::Place>,
    /// The day of the last admission to hospital that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admitted_on: Option<Date>,
    /// How it was, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

impl Death {
    /// Was it where the patient wished? `None`: one of the two is not known.
    pub fn as_wished(&self) -> Option<bool> {
        let known = |place: code::Place| (place != code::Place::Unknown).then_some(place);
        Some(known(self.place)? == known(self.wished?)?)
    }
}

/// What happened. Sealed at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Happening {
    /// Something changed.
    Changed {
        /// What.
        what: Vec<Change>,
        /// In words.
        words: Option<String>,
    },
    /// A new diagnosis.
    Diagnosis {
        /// Of which group.
        condition: Condition,
        /// Which, in words.
        words: Option<String>,
    },
    /// Capacity changed, or somebody doubts it.
    Capacity {
        /// How it is now.
        now: Capable,
        /// Who judged it, and about what.
        words: Option<String>,
    },
    /// Admission, discharge, moving.
    Moved(Move),
    /// Intake or evaluation of home care.
    HomeCare {
        /// Which.
        which: HomeCare,
        /// What came of it.
        words: Option<String>,
    },
    /// Treatment or care goes on.
    GoesOn(GoesOn),
    /// It stopped.
    Stopped {
        /// Number of the step that told of it.
        step: u32,
        /// What it was.
        what: String,
        /// Why.
        words: Option<String>,
    },
    /// The patient died.
    Died(Death),
    /// There was a talk with those who stay behind.
    Aftercare {
        /// With whom, and what came of it.
        words: String,
    },
    /// A step was written by mistake: it counts no longer, and stays to be read.
    Mistaken {
        /// Its number.
        step: u32,
        /// What it told.
        title: String,
        /// Why it is wrong.
        reason: String,
    },
}

impl Happening {
    /// Does it make a plan want looking at again, or show that it is time to talk (E1)? Treatment that goes on does so
    /// when its day is over.
    pub fn is_occasion(&self) -> bool {
        matches!(
            self,
            Self::Changed { .. }
                | Self::Diagnosis { .. }
                | Self::Capacity { .. }
                | Self::Moved(_)
                | Self::HomeCare { .. }
        )
    }

    /// Does it open or close the record, or take something back, so that it takes somebody who may correct who the
    /// patient is?
    pub fn takes_correction(&self) -> bool {
        matches!(self, Self::Died(_) | Self::Mistaken { .. })
    }

    /// Does it tell where the patient is, or that they live no more; or take such a thing back?
    pub fn is_of_identity(&self) -> bool {
        matches!(self, Self::Moved(_) | Self::Died(_) | Self::Mistaken { .. })
    }

    /// Can it still happen after death?
    pub fn after_death(&self) -> bool {
        matches!(self, Self::Aftercare { .. } | Self::Mistaken { .. })
    }
}

#[cfg(test)]
mod tests;
