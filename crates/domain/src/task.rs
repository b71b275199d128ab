//! What waits for somebody (PROCESS S3, E2): the tasks that follow from where a patient stands, whose they are, how
//! urgent, and what one may do with them.

mod deed;
mod route;
mod wanted;

pub use deed::{Deed, Move, Moved, Refused, deed, is_mine, may_do};
pub use route::{Assignee, Crew, Post, route};
pub use wanted::{Wanted, wanted};

use crate::coded::coded;
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};

coded! {
    /// Kinds of tasks. At most one of each is open per patient, or per question where it is about one.
    pub enum Kind {
        SetLimits "set-limits" "grenzen vaststellen";
        Settle "settle" "tegenspraak oplossen";
        Signal "signal" "signaal oppakken";
        Ask "ask" "vragen of de patiënt wil praten";
        Plan "plan" "gesprek plannen";
        Report "report" "gesprek vastleggen";
        Record "record" "plan vastleggen na een gesprek";
        Support "support" "vraag om ondersteuning";
        SupportAnswer "support-answer" "antwoord op ondersteuning lezen";
        Representative "representative" "vertegenwoordiger vastleggen";
        Document "document" "document met de arts bespreken";
        Review "review" "opnieuw bespreken";
        Agreed "agreed" "afgesproken in een overleg";
        Elsewhere "elsewhere" "tegenspraak met een plan elders";
    }
}

impl Kind {
    /// What waits, as a sentence goes on after the patient's name.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::SetLimits => "een arts moet voorgestelde behandelgrenzen vaststellen",
            Self::Settle => "twee afspraken spreken elkaar tegen; iemand moet kiezen",
            Self::Signal => "er is een signaal; nog niemand pakte het op",
            Self::Ask => "vraag of de patiënt open staat voor een gesprek",
            Self::Plan => "de patiënt wil een gesprek; plan het",
            Self::Report => "er is een gesprek gepland; leg het daarna vast",
            Self::Record => "er was een gesprek; leg in het plan vast wat er is besproken",
            Self::Support => "er is een vraag om ondersteuning; leg het antwoord vast",
            Self::SupportAnswer => "er is antwoord op de vraag om ondersteuning",
            Self::Representative => "de patiënt is niet wilsbekwaam en niemand vertegenwoordigt",
            Self::Document => "een document is nog niet met de arts besproken",
            Self::Review => "het plan moet opnieuw besproken worden",
            Self::Agreed => "in een overleg is afgesproken dat hier iets gebeurt",
            Self::Elsewhere => "een plan dat elders staat, zegt iets anders; iemand moet kiezen",
        }
    }

    /// What matters in an emergency is 0 and comes first, however long something else waits; all else is 1.
    pub fn rank(self) -> u32 {
        u32::from(!matches!(self, Self::SetLimits | Self::Settle | Self::Elsewhere))
    }

    /// Where two are due on one day, the lower comes first: what matters in an emergency, then who waits longest.
    pub fn weight(self) -> u32 {
        match self {
            Self::SetLimits => 0,
            Self::Settle | Self::Elsewhere => 1,
            Self::Signal => 2,
            Self::Ask => 3,
            Self::Plan => 4,
            Self::Report => 5,
            Self::Record => 6,
            Self::Support => 7,
            Self::SupportAnswer => 8,
            Self::Representative => 9,
            Self::Document => 10,
            Self::Review => 11,
            Self::Agreed => 12,
        }
    }
}

/// A task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Counts per patient, from 1.
    pub number: u32,
    /// What is to be done.
    pub kind: Kind,
    /// The step it is about, where there may be several of a kind; 0: the whole path.
    pub about: u32,
    /// Whose it is.
    pub assignee: Assignee,
    /// The day by which it is to be done, as it stands.
    pub due: Date,
    /// The same before anybody put it off.
    pub meant_for: Date,
    /// Since when it waits.
    pub made_at: Timestamp,
    /// What was done with it, oldest first.
    pub moves: Vec<Move>,
}

/// How soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Soon {
    /// The day is over.
    Late,
    /// Today.
    Today,
    /// In this week, which ends on Sunday.
    ThisWeek,
    /// Later.
    Later,
}

impl Soon {
    /// How soon a day is.
    pub fn of(due: Date, today: Date) -> Self {
        let left = i64::from(Weekday::Sunday.to_monday_zero_offset() - today.weekday().to_monday_zero_offset());
        let sunday = today.saturating_add(jiff::Span::new().days(left));
        match due {
            due if due < today => Self::Late,
            due if due == today => Self::Today,
            due if due <= sunday => Self::ThisWeek,
            _ => Self::Later,
        }
    }

    /// As a heading.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Late => "Te laat",
            Self::Today => "Vandaag",
            Self::ThisWeek => "Deze week",
            Self::Later => "Later",
        }
    }
}

/// Days ahead for which a list shows what waits: a review half a year from now is no work yet.
pub const AHEAD: i64 = crate::review::BEFORE;

#[cfg(test)]
mod tests;
