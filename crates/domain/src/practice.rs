//! A practice steers by its figures (PROCESS M2, M3): what it does in the steps of plan, do, check and act, the goals it
//! sets, and the visits in which it talks about them with the region. Nothing of it is about a patient.

pub mod given;

use crate::coded::coded;
use crate::figures::Figure;
use crate::ident::OrganisationId;
use crate::organisation::OrganisationKind;
use crate::role::Role;
use crate::words;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

coded! {
    /// The steps of improving.
    pub enum Phase {
        Plan "plan" "Plan: voorbereiden";
        Do "do" "Do: gesprekken voeren en vastleggen";
        Check "check" "Check: herhalen en nieuwe mensen vinden";
        Act "act" "Act: bijwerken";
    }
}

coded! {
    /// What a practice does (seed: ZIO, PDCA of the GP practice).
    pub enum Action {
        Network "network" "samenwerking in het netwerk afgesproken, met kaderhuisarts en specialist ouderengeneeskunde";
        Mdo "mdo" "afgesproken dat het MDO bespreekt wie in aanmerking komt";
        Roles "roles" "afgesproken wie het gesprek voert, en wie welke taak heeft";
        Material "material" "voorlichtingsmateriaal gekozen";
        WaitingRoom "waiting-room" "bekendgemaakt in de wachtkamer";
        Leaflet "leaflet" "bekendgemaakt in de praktijkfolder";
        Website "website" "bekendgemaakt op de website";
        Talks "talks" "gesprekken gevoerd met een positieve toon, en op maat";
        Episode "episode" "uitkomsten vastgelegd in het HIS onder A20, en te zien voor de huisartsenpost";
        Repeat "repeat" "afgesproken hoe gesprekken worden herhaald";
        Search "search" "elk half jaar in het HIS gezocht naar nieuwe mensen";
        Update "update" "HIS aangevuld na veranderingen";
    }
}

impl Action {
    /// In which step it belongs.
    pub fn phase(self) -> Phase {
        match self {
            Self::Network
            | Self::Mdo
            | Self::Roles
            | Self::Material
            | Self::WaitingRoom
            | Self::Leaflet
            | Self::Website => Phase::Plan,
            Self::Talks | Self::Episode => Phase::Do,
            Self::Repeat | Self::Search => Phase::Check,
            Self::Update => Phase::Act,
        }
    }
}

impl Phase {
    /// The figures that tell how this step goes.
    pub fn figures(self) -> &'static [Figure] {
        match self {
            Self::Plan => &[Figure::Coverage],
            Self::Do => &[Figure::Wait, Figure::Dementia, Figure::Complete, Figure::Reasons, Figure::Late],
            Self::Check => &[Figure::Reviewed],
            Self::Act => &[Figure::Own],
        }
    }
}

coded! {
    /// How far it is.
    pub enum Progress {
        NotYet "not-yet" "nog niet";
        Busy "busy" "mee bezig";
        Done "done" "gedaan";
    }
}

/// Who wrote something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Name and role, as one introduces them.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Something that a practice said; never changed, only said anew. Sealed at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Said {
    /// How far an action is.
    Did {
        /// Which.
        action: Action,
        /// How far.
        progress: Progress,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        words: Option<String>,
    },
    /// A goal for a figure.
    Goal(Goal),
    /// A figure has no goal any more.
    NoGoal {
        /// Which.
        figure: Figure,
    },
}

/// A goal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goal {
    /// For which figure.
    pub figure: Figure,
    /// Per cent: at least, or at most where less is better.
    pub percent: u8,
    /// By which day.
    pub by: Date,
    /// How, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

impl Goal {
    /// In a sentence.
    pub fn sentence(&self) -> String {
        let more = crate::figures::definition(self.figure).more_is_better;
        let at = if more { "ten minste" } else { "hoogstens" };
        format!("{at} {}%, uiterlijk {}", self.percent, words::day(self.by))
    }

    /// Does this share reach it?
    pub fn is_reached(&self, percent: f64) -> bool {
        let goal = f64::from(self.percent);
        if crate::figures::definition(self.figure).more_is_better { percent >= goal } else { percent <= goal }
    }
}

/// Something that was said, with who and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Who and when.
    pub written: Written,
    /// What.
    pub said: Said,
}

/// How far each action is, by the newest that was said of it.
pub fn progress(entries: &[Entry], of: Action) -> Option<(&Entry, Progress, Option<&str>)> {
    entries.iter().rev().find_map(|entry| match &entry.said {
        Said::Did { action, progress, words } if *action == of => Some((entry, *progress, words.as_deref())),
        _ => None,
    })
}

/// The goal that stands for a figure.
pub fn goal(entries: &[Entry], of: Figure) -> Option<(&Entry, &Goal)> {
    let newest = entries.iter().rev().find(|entry| match &entry.said {
        Said::Goal(goal) => goal.figure == of,
        Said::NoGoal { figure } => *figure == of,
        Said::Did { .. } => false,
    })?;
    match &newest.said {
        Said::Goal(goal) => Some((newest, goal)),
        _ => None,
    }
}

/// What was agreed in a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// What.
    pub what: String,
    /// Who does it.
    pub who: String,
    /// By which day.
    pub by: Date,
}

/// A visit to a practice (M3), at least yearly. Sealed at rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// To whom.
    pub organisation: OrganisationId,
    /// Of which region.
    pub region: OrganisationId,
    /// When.
    pub on: Date,
    /// Who is there.
    pub people: String,
    /// What is talked about; filled in from the figures to begin with.
    pub agenda: String,
    /// How it goes.
    #[serde(default)]
    pub progress: String,
    /// What goes well: a good example to share.
    #[serde(default)]
    pub goes_well: String,
    /// Where support is needed.
    #[serde(default)]
    pub support: String,
    /// How the cooperation goes.
    #[serde(default)]
    pub cooperation: String,
    /// What was agreed.
    #[serde(default)]
    pub agreements: Vec<Agreement>,
    /// What the practice gets back.
    #[serde(default)]
    pub feedback: String,
    /// The practice agrees that what goes well stands in the region's report, by name.
    #[serde(default)]
    pub in_report: bool,
}

impl Visit {
    /// Was anything written down of it?
    pub fn is_held(&self) -> bool {
        [&self.progress, &self.goes_well, &self.support, &self.cooperation, &self.feedback]
            .iter()
            .any(|t| !t.is_empty())
            || !self.agreements.is_empty()
    }
}

/// A visit is due this many months after the one before.
const VISIT_MONTHS: i64 = 12;

/// The first day of the year in which a practice is to have been visited.
fn visited_since(today: Date) -> Date {
    today.checked_sub(VISIT_MONTHS.months()).unwrap_or(today)
}

/// Is a practice due for a visit? One that was held in the last year counts; one that is planned, or of which nothing was
/// written down, does not.
pub fn is_due<'a>(visits: impl IntoIterator<Item = &'a Visit>, today: Date) -> bool {
    let last_year = visited_since(today)..=today;
    !visits.into_iter().any(|visit| visit.is_held() && last_year.contains(&visit.on))
}

/// May somebody in this role, at such an organisation, steer by its figures: who gives care in a GP practice, and who
/// manages it?
pub fn may_steer(role: Role, kind: OrganisationKind) -> bool {
    crate::extract::works_with_list(role, kind) || role == Role::PracticeManager && kind == OrganisationKind::GpPractice
}

#[cfg(test)]
mod tests;
