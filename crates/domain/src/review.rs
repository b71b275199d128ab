//! When a plan is looked at again (PROCESS E1, E2): at least twice a year, as the organisation says, and more often for
//! some groups of patients.

use crate::coded::coded;
use crate::path::{Step, What};
use crate::signal::Reason;
use crate::talk;
use jiff::Span;
use jiff::civil::Date;

/// A plan asks to be looked at again this many days before its interval is full.
pub const BEFORE: i64 = 28;

coded! {
    /// Patients for whom something closer than the usual interval holds.
    pub enum Group {
        Dementia "dementia" "mensen met dementie";
    }
}

impl Group {
    /// At most this many months between two reviews (E1: dementia 6 months).
    pub fn months(self) -> u32 {
        match self {
            Self::Dementia => 6,
        }
    }
}

/// The groups a patient belongs to, as far as signals and what asks for attention say.
pub fn groups(steps: &[Step]) -> Vec<Group> {
    let signalled = steps.iter().any(|s| matches!(&s.what, What::Signal(s) if s.reasons.contains(&Reason::Dementia)));
    let attended_to = talk::attention(steps).is_some_and(|(_, a)| a.has(talk::PointKind::Dementia));
    (signalled || attended_to).then_some(Group::Dementia).into_iter().collect()
}

/// Months between two reviews: what the organisation says, else what holds for the instance, and no longer than the
/// patient's groups ask. 0: never, which a group does not change.
pub fn months(organisation: Option<u32>, instance: u32, groups: &[Group]) -> u32 {
    let usual = organisation.unwrap_or(instance);
    groups.iter().map(|g| g.months()).fold(usual, |least, months| if least == 0 { 0 } else { least.min(months) })
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
mod tests {
    use super::*;

    #[test]
    fn the_shortest_of_organisation_and_group_holds() {
        for (organisation, instance, groups, expected) in [
            (None, 6, &[][..], 6),
            (Some(12), 6, &[], 12),
            (Some(12), 6, &[Group::Dementia], 6),
            (Some(3), 6, &[Group::Dementia], 3),
            (None, 0, &[Group::Dementia], 0),
        ] {
            assert_eq!(months(organisation, instance, groups), expected);
        }
    }

    #[test]
    fn the_interval_ends_on_a_day_that_exists() {
        let day = |d: &str| d.parse::<Date>().unwrap();
        assert_eq!(due_on(day("2026-08-31"), 6), Some(day("2027-02-28")));
        assert_eq!(due_on(day("2026-08-31"), 0), None);
        assert_eq!(asks_from(day("2027-02-28")), day("2027-01-31"));
    }
}
