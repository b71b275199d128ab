use super::*;
use crate::access::{Actor, Who};
use crate::ident::{OrganisationId, PersonId};
use crate::organisation::OrganisationKind;
use crate::plan::Recorder;
use crate::role::Role;

fn organisation(n: u128) -> OrganisationId {
    OrganisationId::from_bits(n)
}

fn whoever(n: u128, role: Role) -> Assignee {
    Assignee { organisation: organisation(n), role: Some(role), person: None }
}

fn post(n: u128, kind: OrganisationKind, roles: &[Role]) -> Post {
    Post { organisation: organisation(n), kind, roles: roles.to_vec() }
}

fn crew() -> Crew {
    Crew {
        posts: vec![
            post(1, OrganisationKind::GpPractice, &[Role::Gp, Role::PracticeNurse]),
            post(2, OrganisationKind::HomeCare, &[Role::Carer, Role::DistrictNurse]),
        ],
        ..Crew::default()
    }
}

#[test]
fn a_signal_reaches_the_nurse_nearby_else_another_else_the_doctor() {
    let of = |crew: &Crew, by: u128, role| route(Kind::Signal, crew, &whoever(by, role));
    assert_eq!(of(&crew(), 2, Role::Carer), whoever(2, Role::DistrictNurse));
    assert_eq!(of(&crew(), 1, Role::Gp), whoever(1, Role::PracticeNurse));
    assert_eq!(of(&crew(), 9, Role::Relative), whoever(2, Role::DistrictNurse));
    let alone = Crew { posts: vec![post(1, OrganisationKind::GpPractice, &[Role::Gp])], ..Crew::default() };
    assert_eq!(of(&alone, 2, Role::Carer), whoever(1, Role::Gp));
    let nobody = route(Kind::Signal, &Crew::default(), &whoever(7, Role::Carer));
    assert_eq!(nobody, Assignee { organisation: organisation(7), role: None, person: None }, "it is never lost");
}

#[test]
fn limits_go_to_who_is_finally_responsible() {
    use crate::patient::Living;
    let mut crew = crew();
    crew.posts.push(post(3, OrganisationKind::NursingHome, &[Role::ElderlyCarePhysician]));
    let of = |crew: &Crew| route(Kind::SetLimits, crew, &whoever(2, Role::DistrictNurse));
    assert_eq!(of(&crew), whoever(1, Role::Gp));
    crew.living = Some(Living::NursingHome);
    assert_eq!(of(&crew), whoever(3, Role::ElderlyCarePhysician));
    crew.posts.remove(0);
    crew.living = Some(Living::Home);
    assert_eq!(of(&crew), whoever(3, Role::ElderlyCarePhysician), "another doctor of the team");
}

#[test]
fn the_lead_looks_after_the_review_and_who_asked_goes_on() {
    let mut crew = crew();
    let lead = Assignee { person: Some(PersonId::from_bits(5)), ..whoever(1, Role::Gp) };
    assert_eq!(route(Kind::Review, &crew, &lead), whoever(1, Role::Gp));
    crew.lead = Some(lead.clone());
    assert_eq!(route(Kind::Review, &crew, &whoever(2, Role::Carer)), lead);
    let nurse = Assignee { person: Some(PersonId::from_bits(6)), ..whoever(2, Role::DistrictNurse) };
    assert_eq!(route(Kind::Plan, &crew, &nurse), nurse);
    let carer = Assignee { person: Some(PersonId::from_bits(7)), ..whoever(2, Role::Carer) };
    assert_eq!(route(Kind::Plan, &crew, &carer), whoever(2, Role::DistrictNurse));
}

fn actor(role: Role) -> Actor {
    Actor {
        who: Who::Person(PersonId::from_bits(5)),
        name: "x".into(),
        role: Some(role),
        organisation: organisation(1),
        nurses_set_limits: false,
        breaks_glass: true,
    }
}

fn by() -> Recorder {
    crate::path::tests::by()
}

fn task(kind: Kind) -> Task {
    let due = "2026-11-24".parse().unwrap();
    let made_at = "2026-11-20T10:00:00Z".parse().unwrap();
    Task {
        number: 1,
        kind,
        about: 0,
        assignee: whoever(1, Role::PracticeNurse),
        due,
        meant_for: due,
        made_at,
        moves: Vec::new(),
    }
}

fn does(task: &Task, what: &Deed, role: Role) -> Result<Task, Refused> {
    let now = "2026-11-24T09:00:00Z".parse().unwrap();
    deed(task, what, &actor(role), &by(), now, "2026-11-24".parse().unwrap())
}

#[test]
fn who_may_take_a_task() {
    let taken = does(&task(Kind::Signal), &Deed::Take, Role::PracticeNurse).unwrap();
    assert_eq!(taken.assignee.person, Some(PersonId::from_bits(5)));
    assert_eq!(taken.moves[0].what, Moved::Taken);
    assert_eq!(does(&taken, &Deed::Take, Role::PracticeNurse), Err(Refused::Yours));
    assert_eq!(does(&task(Kind::Signal), &Deed::Take, Role::Carer), Err(Refused::Role));
    assert_eq!(does(&task(Kind::SetLimits), &Deed::Take, Role::DistrictNurse), Err(Refused::Role));
    assert!(does(&task(Kind::SetLimits), &Deed::Take, Role::Gp).is_ok());
}

#[test]
fn passing_on_and_putting_off_need_a_note() {
    let pass = |to: Role, note: &str| Deed::Pass { to: whoever(2, to), note: note.into() };
    let passed = does(&task(Kind::Signal), &pass(Role::DistrictNurse, " kent haar goed "), Role::Gp).unwrap();
    assert_eq!(passed.assignee, whoever(2, Role::DistrictNurse));
    assert_eq!(passed.moves[0].note.as_deref(), Some("kent haar goed"));
    assert_eq!(does(&task(Kind::Signal), &pass(Role::DistrictNurse, ""), Role::Gp), Err(Refused::NoNote));
    assert_eq!(does(&task(Kind::Signal), &pass(Role::Carer, "x"), Role::Gp), Err(Refused::TheirRole));
    let off = |until: &str, note: &str| Deed::PutOff { until: until.parse().unwrap(), note: note.into() };
    let put = does(&task(Kind::Review), &off("2026-12-10", "op vakantie"), Role::Gp).unwrap();
    assert_eq!((put.due.to_string().as_str(), put.meant_for.to_string().as_str()), ("2026-12-10", "2026-11-24"));
    assert_eq!(does(&task(Kind::Review), &off("2026-11-24", "x"), Role::Gp), Err(Refused::Past));
    assert_eq!(does(&task(Kind::Review), &off("2027-11-24", "x"), Role::Gp), Err(Refused::TooFar));
    assert_eq!(does(&task(Kind::Review), &off("2026-12-10", &"a".repeat(501)), Role::Gp), Err(Refused::TooLong));
}

#[test]
fn a_week_ends_on_sunday() {
    let soon = |due: &str| Soon::of(due.parse().unwrap(), "2026-11-24".parse().unwrap());
    assert_eq!(soon("2026-11-23"), Soon::Late);
    assert_eq!(soon("2026-11-24"), Soon::Today);
    assert_eq!(soon("2026-11-29"), Soon::ThisWeek, "a Sunday");
    assert_eq!(soon("2026-11-30"), Soon::Later);
}

#[test]
fn another_day_alone_makes_no_other_task() {
    let day = |n: i8| jiff::civil::date(2026, 11, n);
    let at = |n: i64| Timestamp::from_second(n).unwrap();
    let goes_on = |kind, is: i8, due: i8, recorded: i64| {
        Wanted { kind, about: 0, due: day(due) }.goes_on(day(is), at(10), Some(at(recorded)))
    };
    assert_eq!(
        goes_on(Kind::SetLimits, 3, 9, 20),
        Some(day(3)),
        "a doctor is not given longer because more is written"
    );
    assert_eq!(goes_on(Kind::Review, 3, 9, 10), Some(day(9)), "of the same plan");
    assert_eq!(goes_on(Kind::Review, 3, 9, 20), None, "of the next one");
    assert_eq!(goes_on(Kind::Report, 9, 3, 10), Some(day(3)), "an appointment that is moved");
    assert_eq!((goes_on(Kind::Ask, 3, 9, 10), goes_on(Kind::Ask, 3, 3, 10)), (None, Some(day(3))));
}
