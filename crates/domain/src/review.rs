//! When a plan is looked at again (PROCESS E1, E2): at least twice a year, as the organisation says, and more often for
//! some groups of patients.

mod why;

pub(crate) use why::all;
pub use why::{Cause, Ends, WITHIN, Why, doubtful, doubtful_in_emergency, ends, why};

use crate::coded::coded;
use crate::happening;
use crate::path::{Step, What};
use crate::signal::Reason;
use crate::talk;
use jiff::Span;
use jiff::civil::Date;

/// A plan asks to be looked at again this many days before its interval is full.
pub const BEFORE: i64 = 28;

coded! {
    /// Patients for whom something closer than the usual interval may hold.
    pub enum Group {
        Dementia "dementia" "mensen met dementie";
        Palliative "palliative" "mensen in de palliatieve fase";
    }
}

impl Group {
    /// At most this many months between two reviews, where the organisation says nothing else (E1: dementia 6 months).
    pub fn months(self) -> Option<u32> {
        match self {
            Self::Dementia => Some(6),
            Self::Palliative => None,
        }
    }
}

/// What an organisation says of groups: at most so many months for each.
pub type OfGroups = Vec<(Group, u32)>;

/// As one text: `dementia=4 palliative=2`.
pub fn groups_text(of_groups: &[(Group, u32)]) -> String {
    of_groups.iter().map(|(group, months)| format!("{}={months}", group.code())).collect::<Vec<_>>().join(" ")
}

/// The other way round; what is no group or no number is left out.
pub fn groups_of(text: &str) -> OfGroups {
    let one = |part: &str| {
        let (group, months) = part.split_once('=')?;
        Some((Group::of_code(group)?, months.parse().ok()?))
    };
    text.split_whitespace().filter_map(one).collect()
}

/// The groups a patient belongs to, as far as signals, diagnoses and what asks for attention say.
pub fn groups(steps: &[Step]) -> Vec<Group> {
    let signalled =
        |reason| steps.iter().any(|s| matches!(&s.what, What::Signal(signal) if signal.reasons.contains(&reason)));
    let attended_to = talk::attention(steps).is_some_and(|(_, a)| a.has(talk::PointKind::Dementia));
    let dementia = signalled(Reason::Dementia) || attended_to || happening::dementia(steps);
    let all = [(Group::Dementia, dementia), (Group::Palliative, signalled(Reason::Palliative))];
    all.into_iter().filter(|(_, belongs)| *belongs).map(|(group, _)| group).collect()
}

/// Months between two reviews: what the organisation says, else what holds for the instance, and no longer than the
/// patient's groups ask. 0: never, which a group does not change.
pub fn months(organisation: Option<u32>, of_groups: &[(Group, u32)], instance: u32, groups: &[Group]) -> u32 {
    let usual = organisation.unwrap_or(instance);
    let of = |group: &Group| of_groups.iter().find(|(g, _)| g == group).map(|(_, months)| *months).or(group.months());
    groups.iter().filter_map(of).fold(usual, |least, months| if least == 0 { 0 } else { least.min(months) })
}

/// The day on which the interval is full; absent where there is none.
pub fn due_on(last: Date, months: u32) -> Option<Date> {
    (months > 0).then(|| last.saturating_add(Span::new().months(i64::from(months))))
}

/// The first day on which a plan that is due then asks to be looked at again.
pub fn asks_from(due: Date) -> Date {
    due.saturating_sub(Span::new().days(BEFORE))
}

#[cfg(test)]
mod tests;
