//! Whose a task is (PROCESS S3 and the role table): the district nurse, case manager or practice nurse, else the GP;
//! for limits the one who is finally responsible; for what concerns the whole plan the lead.

use super::Kind;
use crate::ident::{OrganisationId, PersonId};
use crate::lead::by_place;
use crate::organisation::OrganisationKind;
use crate::patient::Living;
use crate::role::Role;

/// Whose a task is: somebody, or whoever of an organisation has the role, or anybody there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignee {
    /// At which organisation.
    pub organisation: OrganisationId,
    /// In which role; absent: any that may do it.
    pub role: Option<Role>,
    /// Who; absent: nobody took it yet.
    pub person: Option<PersonId>,
}

/// An organisation of the care team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Which.
    pub organisation: OrganisationId,
    /// Of which kind.
    pub kind: OrganisationKind,
    /// Roles in which people work there now.
    pub roles: Vec<Role>,
}

/// Who is there to give a task to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Crew {
    /// Organisations of the team, those who joined first in front.
    pub posts: Vec<Post>,
    /// Who leads.
    pub lead: Option<Assignee>,
    /// Where the patient lives.
    pub living: Option<Living>,
    /// Months between reviews by the policy of the lead's organisation, where that says so.
    pub review_months: Option<u32>,
}

/// Who takes a signal further, in this order (S3); the doctors of other places come last.
const FURTHER: [Role; 7] = [
    Role::DistrictNurse,
    Role::DementiaCaseManager,
    Role::PracticeNurse,
    Role::Gp,
    Role::NurseSpecialist,
    Role::ElderlyCarePhysician,
    Role::HospitalPhysician,
];
const DOCTORS: [Role; 3] = [Role::Gp, Role::ElderlyCarePhysician, Role::HospitalPhysician];

/// Whose this task becomes. `by` is who caused it: their own organisation comes first for what is taken up nearby.
pub fn route(kind: Kind, crew: &Crew, by: &Assignee) -> Assignee {
    let nearby = || {
        let own = crew.posts.iter().filter(|p| p.organisation == by.organisation);
        first(&own, &FURTHER).or_else(|| first(&crew.posts.iter(), &FURTHER))
    };
    let found = match kind {
        Kind::SetLimits | Kind::Document => responsible(crew),
        Kind::Signal => nearby(),
        // Who took it up or asked goes on with it.
        Kind::Ask | Kind::Plan | Kind::Report | Kind::Record => {
            let goes_on = by.person.is_some()
                && by.role.is_some_and(Role::may_converse)
                && crew.posts.iter().any(|p| p.organisation == by.organisation);
            if goes_on { Some(by.clone()) } else { nearby() }
        }
        // Where whoever is asked, or asked, is in the team no more, the lead sees that it goes on.
        Kind::Settle
        | Kind::Elsewhere
        | Kind::Representative
        | Kind::Review
        | Kind::Support
        | Kind::SupportAnswer
        | Kind::Agreed => crew.lead.clone().or_else(|| responsible(crew)).or_else(nearby),
    };
    found
        .or_else(|| crew.lead.clone())
        .or_else(|| {
            let organisation = crew.posts.first()?.organisation.clone();
            Some(Assignee { organisation, role: None, person: None })
        })
        .unwrap_or_else(|| Assignee { role: None, person: None, ..by.clone() })
}

/// Who is finally responsible follows the place where the patient lives; where that one is not in the team, another
/// doctor of the team (decision 2).
fn responsible(crew: &Crew) -> Option<Assignee> {
    let (role, kind) = by_place(crew.living.unwrap_or(Living::Home));
    let there = crew.posts.iter().filter(|p| p.kind == kind);
    first(&there, &[role]).or_else(|| first(&crew.posts.iter(), &DOCTORS))
}

/// The first role that anybody has.
fn first<'a, P: Iterator<Item = &'a Post> + Clone>(posts: &P, roles: &[Role]) -> Option<Assignee> {
    roles.iter().find_map(|role| {
        let post = posts.clone().find(|p| p.roles.contains(role))?;
        Some(Assignee { organisation: post.organisation.clone(), role: Some(*role), person: None })
    })
}
