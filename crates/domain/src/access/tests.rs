use super::*;

fn actor(role: Option<Role>) -> Actor {
    Actor {
        who: role.map_or_else(
            || Who::Client(ClientId::parse("c").unwrap(), Purpose::Emergency),
            |_| Who::Person(PersonId::from_bits(1)),
        ),
        name: "x".into(),
        role,
        organisation: OrganisationId::from_bits(1),
        nurses_set_limits: false,
        breaks_glass: true,
    }
}

fn basis(role: Option<Role>, action: Action, relation: Relation) -> Result<Basis, Refusal> {
    permit(&actor(role), action, &PatientId::from_bits(7), relation).map(|p| p.basis())
}

const NONE: Relation =
    Relation { team: false, delivered: false, sharing: Sharing::Unknown, level: None, glass: false, own: None };
const TEAM: Relation = Relation { team: true, ..NONE };
const CONSENT: Relation = Relation { sharing: Sharing::Agreed, level: Some(Level::Kind), ..NONE };
const REFUSED: Relation = Relation { sharing: Sharing::Refused, ..NONE };
const DELIVERED: Relation = Relation { delivered: true, ..NONE };
const GLASS: Relation = Relation { glass: true, ..NONE };

#[test]
fn basis_follows_the_order_of_decision_52() {
    let all = Relation { team: true, delivered: true, glass: true, ..CONSENT };
    assert_eq!(basis(Some(Role::Gp), Action::ReadPlan, all), Ok(Basis::Team));
    assert_eq!(basis(Some(Role::Gp), Action::ReadPlan, Relation { team: false, ..all }), Ok(Basis::Delivered));
    assert_eq!(basis(Some(Role::Gp), Action::ReadPlan, CONSENT), Ok(Basis::Consent(Level::Kind)));
    assert_eq!(basis(Some(Role::Gp), Action::RecordPlan, CONSENT), Err(Refusal::NoBasis));
    assert_eq!(basis(Some(Role::Gp), Action::ReadPlan, NONE), Err(Refusal::NoBasis));
    assert_eq!(basis(None, Action::ReadPlan, REFUSED), Err(Refusal::NoBasis));
    assert_eq!(basis(Some(Role::OutOfHours), Action::ReadEmergency, CONSENT), Ok(Basis::Consent(Level::Kind)));
    assert_eq!(basis(Some(Role::OutOfHours), Action::ReadEmergency, NONE), Err(Refusal::NoBasis));
}

#[test]
fn a_broken_glass_shows_the_emergency_view_only() {
    assert_eq!(basis(Some(Role::OutOfHours), Action::ReadEmergency, GLASS), Ok(Basis::Glass));
    assert_eq!(basis(Some(Role::Gp), Action::ReadEmergency, GLASS), Ok(Basis::Glass));
    let objected = Relation { glass: true, ..REFUSED };
    assert_eq!(basis(Some(Role::Gp), Action::ReadEmergency, objected), Err(Refusal::NoBasis));
    assert_eq!(basis(Some(Role::OutOfHours), Action::ReadEmergency, objected), Ok(Basis::Glass));
    for action in [Action::ReadPlan, Action::ReadPatient, Action::ReadLog, Action::RecordPlan, Action::ManageTeam] {
        assert!(basis(Some(Role::Gp), action, GLASS).is_err(), "{action:?}");
    }
}

#[test]
fn who_may_break_the_glass() {
    let acute = Some(Role::OutOfHours);
    assert_eq!(basis(acute, Action::BreakGlass, NONE), Ok(Basis::Glass));
    assert_eq!(basis(Some(Role::Gp), Action::BreakGlass, NONE), Ok(Basis::Glass));
    assert_eq!(basis(acute, Action::BreakGlass, REFUSED), Err(Refusal::Objection));
    assert_eq!(basis(acute, Action::BreakGlassRefused, REFUSED), Ok(Basis::Glass));
    assert_eq!(basis(Some(Role::Gp), Action::BreakGlass, REFUSED), Err(Refusal::NoBasis));
    assert_eq!(basis(Some(Role::Gp), Action::BreakGlassRefused, REFUSED), Err(Refusal::NoBasis));
    assert_eq!(basis(acute, Action::BreakGlass, CONSENT), Err(Refusal::NotNeeded));
    assert_eq!(basis(acute, Action::BreakGlass, DELIVERED), Err(Refusal::NotNeeded));
    assert_eq!(
        basis(Some(Role::Gp), Action::BreakGlass, Relation { delivered: true, ..REFUSED }),
        Err(Refusal::NotNeeded)
    );
    for role in [None, Some(Role::Patient), Some(Role::PrivacyOfficer), Some(Role::OrganisationAdmin)] {
        assert!(basis(role, Action::BreakGlass, NONE).is_err(), "{role:?}");
    }
    let by_policy = Actor { breaks_glass: false, ..actor(acute) };
    assert!(permit(&by_policy, Action::BreakGlass, &PatientId::from_bits(7), NONE).is_err());
}

#[test]
fn the_patient_and_theirs_reach_their_own_record_and_no_other() {
    for own in [Own::Patient, Own::Representative, Own::Relative] {
        let role = Some(own.role());
        let mine = Relation { own: Some(own), ..NONE };
        assert!(basis(role, Action::ReadPlan, mine).is_ok(), "{own:?}");
        assert_eq!(basis(role, Action::RecordConsent, mine).is_ok(), own != Own::Relative, "{own:?}");
        assert_eq!(basis(role, Action::ReadLog, mine).is_ok(), own != Own::Relative, "{own:?}");
        // Consent, a team's organisation or another's account opens nothing to them.
        for relation in [CONSENT, TEAM, GLASS, NONE] {
            assert_eq!(basis(role, Action::ReadPlan, relation), Err(Refusal::NoBasis), "{own:?}");
        }
        for action in
            [Action::RecordPlan, Action::SetLimits, Action::ManageTeam, Action::Invite, Action::CorrectPatient]
        {
            assert_eq!(basis(role, action, mine), Err(Refusal::Role), "{own:?} {action:?}");
        }
    }
    let other = Relation { own: Some(Own::Relative), ..NONE };
    assert_eq!(basis(Some(Role::Patient), Action::ReadPlan, other), Err(Refusal::NoBasis));
}

#[test]
fn a_privacy_officer_reads_logs_of_the_own_patients_and_no_plans() {
    let role = Some(Role::PrivacyOfficer);
    assert_eq!(basis(role, Action::ReadLog, TEAM), Ok(Basis::Oversight));
    assert_eq!(basis(role, Action::JudgeGlass, GLASS), Ok(Basis::Oversight));
    assert_eq!(basis(role, Action::ReadLog, CONSENT), Err(Refusal::NoBasis));
    assert_eq!(basis(role, Action::ReadPlan, TEAM), Err(Refusal::Role));
}

#[test]
fn roles_limit_what_a_relation_allows() {
    for (role, action, allowed) in [
        (Role::DistrictNurse, Action::RecordPlan, true),
        (Role::DistrictNurse, Action::SetLimits, false),
        (Role::Gp, Action::SetLimits, true),
        (Role::Carer, Action::RecordPlan, false),
        (Role::Carer, Action::ReadPlan, true),
        (Role::Carer, Action::Print, true),
        (Role::OutOfHours, Action::Print, false),
        (Role::PrivacyOfficer, Action::Print, false),
        (Role::NetworkCoordinator, Action::ReadPlan, false),
        (Role::OutOfHours, Action::ReadPlan, false),
        (Role::OutOfHours, Action::ReadEmergency, true),
        (Role::OrganisationAdmin, Action::ReadLog, false),
        (Role::Gp, Action::ErasePatient, true),
        (Role::DistrictNurse, Action::ErasePatient, false),
        (Role::DistrictNurse, Action::ExportRecord, true),
        (Role::NetworkCoordinator, Action::ExportRecord, false),
        (Role::Carer, Action::Signal, true),
        (Role::Carer, Action::FollowUp, true),
        (Role::Carer, Action::Converse, false),
        (Role::SpiritualCarer, Action::Converse, true),
        (Role::OutOfHours, Action::Converse, false),
        (Role::Carer, Action::RegisterPatient, true),
        (Role::Carer, Action::CorrectPatient, false),
        (Role::Carer, Action::ManageTeam, false),
        (Role::Carer, Action::Invite, false),
        (Role::Carer, Action::RecordConsent, false),
        (Role::Carer, Action::AnswerRequest, false),
        (Role::DistrictNurse, Action::CorrectPatient, true),
        (Role::DistrictNurse, Action::ManageTeam, true),
        (Role::DistrictNurse, Action::Invite, true),
        (Role::DistrictNurse, Action::RecordConsent, true),
        (Role::SpiritualCarer, Action::RecordConsent, true),
        (Role::OutOfHours, Action::Signal, false),
        (Role::PracticeManager, Action::Signal, false),
        (Role::NetworkCoordinator, Action::FollowUp, false),
    ] {
        assert_eq!(basis(Some(role), action, TEAM).is_ok(), allowed, "{role:?} {action:?}");
    }
    for action in [Action::ErasePatient, Action::ExportRecord, Action::ReadLog] {
        assert_eq!(basis(Some(Role::Gp), action, TEAM), Ok(Basis::Team), "{action:?}");
        assert_eq!(basis(Some(Role::Gp), action, CONSENT), Err(Refusal::NoBasis), "{action:?}");
    }
    assert_eq!(basis(Some(Role::Gp), Action::Print, CONSENT), Ok(Basis::Consent(Level::Kind)));
    assert_eq!(
        basis(Some(Role::Gp), Action::Print, GLASS),
        Err(Refusal::NoBasis),
        "what a broken glass shows stays there"
    );
    for action in [
        Action::RecordPlan,
        Action::ManageTeam,
        Action::RecordConsent,
        Action::ExportRecord,
        Action::Invite,
        Action::Print,
    ] {
        assert_eq!(basis(None, action, TEAM), Err(Refusal::Role), "a system: {action:?}");
    }
}
