//! The path from the first signal to the review: for every patient exactly one state, computed from what happened and
//! today (PROCESS S1 to S4, E1 to E4; DESIGN section 2). Nobody can vanish from it.

pub mod given;
mod line;
mod stands;

pub use crate::talk::Appointment;
pub use line::{Dot, line};
pub(crate) use stands::{Open, death, is_answered};
pub use stands::{goes_along, planned, stands};

use crate::coded::coded;
use crate::happening::Happening;
use crate::plan::{Content, DoubtKind, Recorder, open_proposals, to_settle};
use crate::review::{self, Ends};
use crate::signal::{Openness, Signal};
use crate::talk::Talk;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Something that happened beside the plan itself. Numbered per patient, never changed; sealed at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Counts per patient, from 1, in order of writing.
    pub number: u32,
    /// When it was written down.
    pub at: Timestamp,
    /// The day it is about.
    pub day: Date,
    /// By whom.
    pub by: Recorder,
    /// What happened.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Somebody noticed that it may be time to talk.
    Signal(Signal),
    /// Somebody took the signal up and will ask.
    TakenUp,
    /// The patient was asked whether they are open to a conversation.
    Asked(Openness),
    /// A conversation was planned; it stands in the place of one that was planned before.
    Planned(Appointment),
    /// The planned conversation does not take place.
    Cancelled {
        /// Why.
        reason: String,
    },
    /// The path ended.
    Ended {
        /// Why.
        why: End,
        /// In words.
        words: Option<String>,
    },
    /// Something around a conversation: how it is prepared, held and reported.
    Talk(Talk),
    /// Something about a document (R4).
    Document(Box<crate::document::Event>),
    /// Where the plan went on to, what the patient was told, and whether the doctor knows (R7, D1, D3).
    Onward(Box<crate::onward::Event>),
    /// What a meeting of professionals said and agreed (S6).
    Meeting(Box<crate::meeting::Event>),
    /// Something happened to the patient (E1, E4; decision 22).
    Happened(Box<Happening>),
    /// Something about handing the plan over at a move (D6).
    Handover(Box<crate::handover::Event>),
    /// Another source was asked for its plan (D7).
    Elsewhere(Box<crate::elsewhere::Event>),
}

coded! {
    /// Why a path ends; what is added later may begin it anew, but for death.
    pub enum End {
        Declined "declined" "de patiënt wil geen gesprek";
        Moved "moved" "de patiënt ging ergens anders in zorg";
        Other "other" "een andere reden";
        Died "died" "de patiënt is overleden";
    }
}

/// What a path needs of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// Conversations: the day, and when it was recorded.
    pub talks: Vec<(Date, Timestamp)>,
    /// Limits that wait for a doctor.
    pub proposals: usize,
    /// When the newest version was recorded.
    pub recorded_at: Timestamp,
    /// What of it the lead has to settle: statements that contradict each other, a representative who is missing.
    pub to_settle: Vec<DoubtKind>,
    /// What of it has an end of its own.
    pub ends: Vec<Ends>,
}

impl Spoken {
    /// Of a plan and when it was recorded; absent where it rests on no conversation.
    pub fn of(content: &Content, recorded_at: Timestamp) -> Option<Self> {
        let talks: Vec<_> = content.conversations.iter().map(|c| (c.date().first_day(), c.recorded_at)).collect();
        (!talks.is_empty()).then(|| Self {
            talks,
            proposals: open_proposals(content).len(),
            recorded_at,
            to_settle: to_settle(content),
            ends: review::ends(content),
        })
    }

    /// The day of the newest conversation.
    pub fn last(&self) -> Date {
        self.talks.iter().map(|(day, _)| *day).max().unwrap_or(Date::MIN)
    }
}

/// All that a path is computed from.
#[derive(Debug, Clone, Copy)]
pub struct Past<'a> {
    /// What happened, in order of writing.
    pub steps: &'a [Step],
    /// What the plan tells; absent: no conversation was recorded.
    pub spoken: Option<&'a Spoken>,
    /// Since when a draft is open, at any organisation.
    pub draft_since: Option<Date>,
    /// The day of death, where the identity has one.
    pub died_on: Option<Date>,
    /// Months between reviews; 0: never.
    pub months: u32,
}

coded! {
    /// The states without their dates: for lists, filters and figures.
    pub enum StateKind {
        NoSignal "no-signal" "geen signaal";
        Signalled "signalled" "gesignaleerd";
        ToBeAsked "to-be-asked" "te vragen";
        NotNow "not-now" "nu niet";
        ToBePlanned "to-be-planned" "gesprek te plannen";
        Planned "planned" "gesprek gepland";
        InConversation "in-conversation" "in gesprek";
        Recorded "recorded" "vastgelegd, wacht op arts";
        Current "current" "actueel";
        ReviewDue "review-due" "evaluatie nodig";
        Overdue "overdue" "evaluatie te laat";
        Ended "ended" "beëindigd";
    }
}

/// Where a patient stands. Exactly one, always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody noticed anything yet.
    NoSignal,
    /// Somebody did; nobody took it up.
    Signalled {
        /// Since when.
        since: Date,
    },
    /// The patient is to be asked whether they are open to a conversation.
    ToBeAsked {
        /// Since when.
        since: Date,
    },
    /// Not now; comes back by itself.
    NotNow {
        /// The day from which we may ask again.
        until: Date,
    },
    /// Open to a conversation, which nobody planned yet.
    ToBePlanned {
        /// Since when.
        since: Date,
    },
    /// A conversation is planned.
    Planned {
        /// The day.
        on: Date,
    },
    /// A conversation is under way: a draft is open, what was talked about is not in a plan yet, or the day of the
    /// appointment is over.
    InConversation {
        /// Since when.
        since: Date,
    },
    /// Recorded; limits wait for a doctor.
    Recorded {
        /// Since when.
        since: Date,
    },
    /// The plan counts.
    Current {
        /// The day to look at it again; absent: never asked.
        review_on: Option<Date>,
    },
    /// The plan wants looking at again.
    ReviewDue {
        /// The day for it: the end of the interval, or the day something changed.
        on: Date,
        /// Something changed, or is past its own end.
        changed: bool,
    },
    /// That is over.
    Overdue {
        /// The last day for it.
        since: Date,
    },
    /// The path ended.
    Ended {
        /// When.
        on: Date,
        /// Why.
        why: End,
    },
}

impl State {
    /// Which one, without its date.
    pub fn kind(self) -> StateKind {
        match self {
            Self::NoSignal => StateKind::NoSignal,
            Self::Signalled { .. } => StateKind::Signalled,
            Self::ToBeAsked { .. } => StateKind::ToBeAsked,
            Self::NotNow { .. } => StateKind::NotNow,
            Self::ToBePlanned { .. } => StateKind::ToBePlanned,
            Self::Planned { .. } => StateKind::Planned,
            Self::InConversation { .. } => StateKind::InConversation,
            Self::Recorded { .. } => StateKind::Recorded,
            Self::Current { .. } => StateKind::Current,
            Self::ReviewDue { .. } => StateKind::ReviewDue,
            Self::Overdue { .. } => StateKind::Overdue,
            Self::Ended { .. } => StateKind::Ended,
        }
    }

    /// In a sentence, for the patient's page.
    pub fn sentence(self) -> String {
        use crate::words::day;
        match self {
            Self::NoSignal => "Er is nog geen signaal dat het tijd is voor een gesprek.".to_owned(),
            Self::Signalled { since } => format!("Gesignaleerd op {}; nog niemand pakte het op.", day(since)),
            Self::ToBeAsked { since } => {
                format!("Te vragen of de patiënt open staat voor een gesprek, sinds {}.", day(since))
            }
            Self::NotNow { until } => format!("Nu niet: vanaf {} mag het opnieuw gevraagd worden.", day(until)),
            Self::ToBePlanned { since } => {
                format!("De patiënt wil een gesprek (sinds {}); het is nog niet gepland.", day(since))
            }
            Self::Planned { on } => format!("Er is een gesprek gepland op {}.", day(on)),
            Self::InConversation { since } => {
                format!("In gesprek sinds {}; er is nog iets vast te leggen.", day(since))
            }
            Self::Recorded { since } => format!("Vastgelegd op {}; een arts moet nog grenzen vaststellen.", day(since)),
            Self::Current { review_on: Some(on) } => format!("Actueel; opnieuw te bespreken uiterlijk {}.", day(on)),
            Self::Current { review_on: None } => "Actueel.".to_owned(),
            Self::ReviewDue { on, changed: false } => format!("Opnieuw te bespreken; de dag daarvoor is {}.", day(on)),
            Self::ReviewDue { on, changed: true } => {
                format!("Opnieuw te bespreken: sinds {} is er een reden om ernaar te kijken.", day(on))
            }
            Self::Overdue { since } => {
                format!("Te laat: dit had uiterlijk {} opnieuw besproken moeten zijn.", day(since))
            }
            Self::Ended { on, why } => format!("Beëindigd op {}: {}.", day(on), why.dutch()),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
