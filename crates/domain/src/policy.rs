//! What an organisation decides for its own people: who may break the glass, how often a plan is looked at again, which
//! instruments are offered, whether a password alone is enough.

use crate::review::OfGroups;
use crate::role::Role;
use crate::signal::Instruments;

/// The policy of an organisation. Whether its nurse specialists set limits stands beside it, for every actor carries
/// that along (decision 2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Months after which a plan wants looking at again (E1); absent: what holds for the whole instance.
    pub review_months: Option<u32>,
    /// At most so many months for groups of patients (E1), where that differs from what the group asks by itself.
    pub review_groups: OfGroups,
    /// Roles that may break the glass (D5), in the order of the roles.
    pub break_glass: Vec<Role>,
    /// Must everybody who works here sign in with a second factor?
    pub second_factor: bool,
    /// Which instruments are offered to who signals (S2).
    pub instruments: Instruments,
}

/// Months between reviews that may be set: at least yearly (E1 asks for twice a year).
pub const REVIEW_MONTHS: std::ops::RangeInclusive<u32> = 1..=12;

impl Default for Policy {
    fn default() -> Self {
        let break_glass = Role::ALL.iter().copied().filter(|r| may_be_let(*r)).collect();
        Self {
            review_months: None,
            review_groups: Vec::new(),
            break_glass,
            second_factor: true,
            instruments: Instruments::default(),
        }
    }
}

/// Can this role be let to break the glass at all: those who give care, and those who come in an emergency?
pub fn may_be_let(role: Role) -> bool {
    role.is_care_professional() || role == Role::OutOfHours
}

impl Policy {
    /// May this role break the glass here?
    pub fn may_break_glass(&self, role: Role) -> bool {
        may_be_let(role) && self.break_glass.contains(&role)
    }

    /// The roles that may break the glass as one text: codes, separated by blanks.
    pub fn break_glass_codes(&self) -> String {
        self.break_glass.iter().map(|r| r.code()).collect::<Vec<_>>().join(" ")
    }

    /// The other way round; a code that is unknown or may not be let is left out.
    pub fn break_glass_of(codes: &str) -> Vec<Role> {
        let asked: Vec<&str> = codes.split_whitespace().collect();
        Role::ALL.iter().copied().filter(|r| may_be_let(*r) && asked.contains(&r.code())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_first_everybody_who_gives_care_may_break_the_glass_and_nobody_else() {
        let policy = Policy::default();
        for role in Role::ALL {
            let gives_care = role.is_care_professional() || *role == Role::OutOfHours;
            assert_eq!(policy.may_break_glass(*role), gives_care, "{role:?}");
        }
    }

    #[test]
    fn who_may_break_the_glass_is_kept_as_a_text() {
        let policy = Policy { break_glass: vec![Role::Gp, Role::OutOfHours], ..Policy::default() };
        assert_eq!(Policy::break_glass_of(&policy.break_glass_codes()), policy.break_glass);
        assert_eq!(Policy::break_glass_of("practice-manager nobody patient gp"), [Role::Gp]);
        assert!(!Policy { break_glass: Vec::new(), ..policy }.may_break_glass(Role::Gp));
    }
}
