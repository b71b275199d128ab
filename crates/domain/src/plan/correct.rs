//! Who may say afterwards that a version was wrong, or was taken back (decision 5, R5).

use super::{Directive, PlanVersion, SetBy, VersionKind};
use crate::access::Actor;

/// Why somebody may not; what to do instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MayNot {
    /// What a doctor set or turned down, a doctor takes back (R3).
    #[error(
        "In deze versie heeft een arts behandelgrenzen vastgesteld of afgewezen. Alleen een arts kan haar markeren."
    )]
    NoDoctor,
    /// A document is ended by itself, with its reason: plan and documents must not tell two things.
    #[error(
        "Deze versie legt een document vast. Klopt dat niet, leg dan bij het document vast dat het niet meer telt."
    )]
    Document,
}

fn is_set(directive: &Directive) -> bool {
    matches!(directive.set_by, Some(SetBy::Here(_)))
}

/// May this actor mark this version, beside the leave to record at all?
///
/// # Errors
/// [`MayNot`], as a sentence.
pub fn may_mark(version: &PlanVersion, actor: &Actor) -> Result<(), MayNot> {
    if version.kind == VersionKind::Document {
        return Err(MayNot::Document);
    }
    let said = &version.input.content;
    let directives = said.directives.values().filter_map(|t| t.value());
    let others = said.other_limits.value().into_iter().flat_map(|o| o.0.iter().map(|l| &l.directive));
    let by_doctor = directives.chain(others).any(is_set) || !version.input.rejected.is_empty();
    if by_doctor && !actor.may_set_limits() { Err(MayNot::NoDoctor) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Who;
    use crate::ident::{OrganisationId, PersonId};
    use crate::plan::sample::{Said, Story};
    use crate::plan::{CurrentPlan, Decision, NextVersion, PlanInput, Recorder, Treatment, Verdict, decide};
    use crate::role::Role;

    fn actor(role: Role) -> Actor {
        Actor {
            who: Who::Person(PersonId::from_bits(1)),
            name: "Mia".into(),
            role: Some(role),
            organisation: OrganisationId::from_bits(1),
            nurses_set_limits: false,
            breaks_glass: false,
        }
    }

    fn version(kind: VersionKind, input: PlanInput) -> PlanVersion {
        let recorder = Recorder {
            person: None,
            client: None,
            name: "Mia".into(),
            role: None,
            organisation: OrganisationId::from_bits(1),
            organisation_name: "Praktijk".into(),
        };
        let next = NextVersion { kind, recorder, reason: None, input, kept_beside: vec![] };
        next.after(None, jiff::Timestamp::UNIX_EPOCH).0
    }

    #[test]
    fn what_a_doctor_set_a_doctor_takes_back() {
        let set = Said::on("2022-11-08").limit(Treatment::Cpr, Decision::DoNot).input();
        let wishes = Said::on("2022-11-08").wishes("muziek").input();
        let proposed = Said::on("2022-11-08").propose(Treatment::Cpr, Decision::DoNot);
        let by_doctor = version(VersionKind::Recorded, set);
        let by_nurse = version(VersionKind::Recorded, wishes.clone());
        assert_eq!(may_mark(&by_doctor, &actor(Role::DistrictNurse)), Err(MayNot::NoDoctor));
        assert_eq!(may_mark(&by_doctor, &actor(Role::Gp)), Ok(()));
        assert_eq!(may_mark(&by_nurse, &actor(Role::DistrictNurse)), Ok(()));
        // A rejected proposal too.
        let plan = Story::of(proposed);
        let current = CurrentPlan::from(&version(VersionKind::Recorded, Said::on("2022-11-08").wishes("x").input()));
        let current = CurrentPlan { content: plan.content, ..current };
        let doctor = crate::plan::sample::professional(
            crate::people::ProfessionalKey(9),
            crate::people::Name::of("Eva", "", "Arts"),
            None,
        );
        let verdicts = [(Treatment::Cpr.topic(), Verdict::Reject("eerst praten".into()))];
        let rejected = version(VersionKind::LimitsSet, decide(&current, &verdicts, &doctor).unwrap());
        assert_eq!(may_mark(&rejected, &actor(Role::DistrictNurse)), Err(MayNot::NoDoctor));
        let paper = version(VersionKind::Document, wishes);
        assert_eq!(may_mark(&paper, &actor(Role::Gp)), Err(MayNot::Document));
    }
}
