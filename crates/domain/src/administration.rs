//! Who manages whom: which organisations somebody may administer, and which roles they may give (PROCESS, roles).

use crate::ident::OrganisationId;
use crate::organisation::OrganisationKind;
use crate::role::Role;

/// An organisation and its place in the region, as far as administration asks.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The organisation.
    pub id: &'a OrganisationId,
    /// What it is.
    pub kind: OrganisationKind,
    /// The region it belongs to.
    pub region: Option<&'a OrganisationId>,
}

/// Is this a role that manages people, contracts and policy?
pub fn administers(role: Role) -> bool {
    matches!(role, Role::PracticeManager | Role::OrganisationAdmin)
}

/// May somebody in this role, acting for `own`, administer `target`? A manager their own organisation; the
/// administrator of a region its organisations too.
pub fn may_administer(role: Role, own: Place<'_>, target: Place<'_>) -> bool {
    administers(role) && (own.id == target.id || (role == Role::OrganisationAdmin && is_region_of(own, target)))
}

/// May somebody in this role, acting for `own`, see to the installation itself: what leaves it and what failed? The
/// administrator of a region.
pub fn may_run(role: Role, own: Place<'_>) -> bool {
    role == Role::OrganisationAdmin && own.kind == OrganisationKind::Region
}

/// Does `target` belong to the region `own`?
pub fn is_region_of(own: Place<'_>, target: Place<'_>) -> bool {
    own.kind == OrganisationKind::Region && target.region == Some(own.id)
}

/// May a role be given to somebody who works at an organisation? Patients and those close to them are invited from the
/// record, not from here.
pub fn can_be_given(role: Role) -> bool {
    !matches!(role, Role::Patient | Role::Representative | Role::Relative)
}

/// Whose sign-ins, refusals and changes of settings may this role look into, acting for `own`?
pub fn may_read_instance_log(role: Role) -> bool {
    role == Role::PrivacyOfficer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manager_administers_their_own_and_a_region_its_members() {
        let (a, b, r) = (OrganisationId::from_bits(1), OrganisationId::from_bits(2), OrganisationId::from_bits(3));
        let own = Place { id: &a, kind: OrganisationKind::GpPractice, region: Some(&r) };
        let other = Place { id: &b, kind: OrganisationKind::HomeCare, region: None };
        let region = Place { id: &r, kind: OrganisationKind::Region, region: None };
        for (role, from, to, may) in [
            (Role::PracticeManager, own, own, true),
            (Role::PracticeManager, own, other, false),
            (Role::OrganisationAdmin, own, region, false),
            (Role::OrganisationAdmin, region, own, true),
            (Role::OrganisationAdmin, region, other, false),
            (Role::PracticeManager, region, own, false),
            (Role::Gp, own, own, false),
            (Role::PrivacyOfficer, own, own, false),
        ] {
            assert_eq!(may_administer(role, from, to), may, "{role:?}");
        }
        assert!(may_run(Role::OrganisationAdmin, region) && !may_run(Role::OrganisationAdmin, own));
        assert!(!may_run(Role::PracticeManager, region));
    }

    #[test]
    fn nobody_is_made_a_patient_here() {
        assert!(Role::ALL.iter().filter(|r| !can_be_given(**r)).count() == 3);
    }
}
