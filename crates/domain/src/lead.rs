//! Who leads (regiebehandelaar): exactly one at a time, who accepted it; known to the patient and the whole team.
//! PROCESS.md, below the role table; FACTS, 'Duties from the guideline'.

use crate::organisation::OrganisationKind;
use crate::patient::Living;
use crate::role::Role;
use jiff::{SignedDuration, Timestamp};

/// A patient may be without a lead this long before it shows.
pub const WITHOUT_LEAD: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What became of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Asked, not answered.
    Proposed,
    /// Leads now.
    Accepted,
    /// Said no.
    Declined,
    /// Another proposal came in its place, before it was answered.
    Withdrawn,
    /// Led, and does so no more.
    Ended,
}

impl State {
    const ALL: [Self; 5] = [Self::Proposed, Self::Accepted, Self::Declined, Self::Withdrawn, Self::Ended];

    /// Code in tables.
    pub fn code(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Ended => "ended",
        }
    }

    /// The state with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// In words.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Proposed => "gevraagd, nog niet beantwoord",
            Self::Accepted => "heeft de regie",
            Self::Declined => "wil of kan de regie niet nemen",
            Self::Withdrawn => "vraag vervallen",
            Self::Ended => "had de regie",
        }
    }
}

/// Who leads by default where a patient lives, and in which kind of organisation such a person works.
pub fn by_place(living: Living) -> (Role, OrganisationKind) {
    match living {
        Living::Home | Living::Hospice => (Role::Gp, OrganisationKind::GpPractice),
        Living::NursingHome | Living::ShortStay => (Role::ElderlyCarePhysician, OrganisationKind::NursingHome),
        Living::Hospital => (Role::HospitalPhysician, OrganisationKind::Hospital),
    }
}

/// Is a patient without a lead for so long that it must show?
pub fn is_overdue(without_since: Timestamp, now: Timestamp) -> bool {
    now.duration_since(without_since) >= WITHOUT_LEAD
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_says_who_leads() {
        for place in Living::ALL {
            let (role, _) = by_place(*place);
            assert!(role.may_lead(), "{place:?}");
        }
        assert_eq!(by_place(Living::Home).0, Role::Gp);
        assert_eq!(by_place(Living::NursingHome).0, Role::ElderlyCarePhysician);
    }

    #[test]
    fn a_week_without_shows() {
        let then = Timestamp::from_second(0).unwrap();
        assert!(!is_overdue(then, then + SignedDuration::from_hours(7 * 24 - 1)));
        assert!(is_overdue(then, then + WITHOUT_LEAD));
    }

    #[test]
    fn states_have_codes_of_their_own() {
        for state in State::ALL {
            assert_eq!(State::of_code(state.code()), Some(state));
        }
    }
}
