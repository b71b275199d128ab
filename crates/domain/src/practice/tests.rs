use super::given::{Flaw, GoalGiven, VisitGiven, did, goal as set, visit};
use super::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn fields(wrong: Result<impl std::fmt::Debug, Vec<Flaw>>) -> Vec<String> {
    wrong.unwrap_err().into_iter().map(|f| f.field).collect()
}

fn entries(said: Vec<Said>) -> Vec<Entry> {
    let written = Written { by: "M. Koster, praktijkondersteuner".into(), at: "2026-11-30T10:00:00Z".parse().unwrap() };
    said.into_iter().map(|said| Entry { written: written.clone(), said }).collect()
}

#[test]
fn each_action_is_in_a_step_and_each_step_has_a_figure() {
    for phase in Phase::ALL {
        assert!(Action::ALL.iter().any(|a| a.phase() == *phase), "{phase:?}");
        assert!(!phase.figures().is_empty());
    }
}

#[test]
fn the_newest_counts_and_the_rest_stays() {
    let all = entries(vec![
        did("mdo", "busy", "").unwrap(),
        did("mdo", "done", " elke maand ").unwrap(),
        did("website", "not-yet", "").unwrap(),
    ]);
    let (_, progress, words) = progress(&all, Action::Mdo).unwrap();
    assert_eq!((progress, words), (Progress::Done, Some("elke maand")));
    assert!(super::progress(&all, Action::Network).is_none());
    assert_eq!(fields(did("x", "done", "")), ["actie"]);
    assert_eq!(fields(did("mdo", "x", &"a".repeat(2001))), ["woorden", "stand"]);
}

#[test]
fn a_goal_lies_ahead_and_is_reached_upwards_or_downwards() {
    let today = day("2026-11-30");
    let given = |figure, percent| GoalGiven { figure, percent, words: "" };
    let wanted = set(given("coverage", "70 %"), Ok(day("2027-06-30")), today).unwrap();
    let all = entries(vec![wanted.clone(), Said::NoGoal { figure: Figure::Late }]);
    let (_, goal) = super::goal(&all, Figure::Coverage).unwrap();
    assert_eq!(goal.sentence(), "ten minste 70%, uiterlijk 30 juni 2027");
    assert!(goal.is_reached(70.0) && !goal.is_reached(69.9));
    let Said::Goal(late) = set(given("late", "10"), Ok(day("2027-06-30")), today).unwrap() else { panic!() };
    assert!(late.is_reached(10.0) && !late.is_reached(10.1), "less is better");
    assert!(super::goal(&all, Figure::Late).is_none());
    assert_eq!(fields(set(given("x", "101"), Ok(today), today)), ["cijfer", "procent", "dag"]);
    assert_eq!(fields(set(given("late", "5"), Err("Vul een datum in."), today)), ["dag"]);
}

#[test]
fn a_visit_is_prepared_before_and_reported_after() {
    let (today, of) = (day("2026-11-30"), (OrganisationId::from_bits(1), OrganisationId::from_bits(2)));
    let make = |given: &VisitGiven<'_>, on: &str| visit(given, (&of.0, &of.1), Ok(day(on)), today);
    let plan = VisitGiven { agenda: "Cijfers", ..VisitGiven::default() };
    assert!(!make(&plan, "2026-12-10").unwrap().is_held());
    let row = ("Folder in de wachtkamer", "M. Koster", Some(Ok(day("2027-01-15"))));
    let held = VisitGiven {
        goes_well: "MDO elke maand",
        in_report: true,
        agreements: vec![row, ("", "", None)],
        ..plan.clone()
    };
    let visit = make(&held, "2026-11-20").unwrap();
    assert!(visit.is_held() && visit.in_report && visit.agreements.len() == 1);
    assert_eq!(fields(make(&held, "2026-12-10")), ["dag"], "nothing is found before it was there");
    let wrong = VisitGiven {
        in_report: true,
        agreements: vec![
            ("", "wie", None),
            ("wat", "", None),
            ("wat", "wie", None),
            ("wat", "wie", Some(Err("Geen datum."))),
        ],
        ..VisitGiven::default()
    };
    assert_eq!(fields(make(&wrong, "2026-11-20")), ["wat.0", "wie.1", "voor.2", "voor.3", "goed"]);
}

#[test]
fn a_practice_is_due_until_a_visit_was_held_within_a_year() {
    let today = day("2026-11-30");
    let of = (OrganisationId::from_bits(1), OrganisationId::from_bits(2));
    let on = |on: &str, feedback| {
        let given = VisitGiven { agenda: "Cijfers", feedback, ..VisitGiven::default() };
        visit(&given, (&of.0, &of.1), Ok(day(on)), today).unwrap()
    };
    assert!(is_due([], today));
    assert!(is_due([&on("2026-12-10", ""), &on("2026-11-20", "")], today), "planned, or nothing written down of it");
    assert!(is_due([&on("2025-11-29", "Dank")], today), "longer than a year ago");
    assert!(!is_due([&on("2025-11-30", "Dank")], today));
    assert!(!is_due([&on("2026-12-10", ""), &on("2026-11-30", "Dank")], today));
}

#[test]
fn a_practice_steers_by_its_own_people() {
    let practice =
        [Role::Gp, Role::PracticeNurse, Role::NurseSpecialist, Role::PhysicianAssistant, Role::PracticeManager];
    for role in Role::ALL {
        for kind in OrganisationKind::ALL {
            let may = *kind == OrganisationKind::GpPractice && practice.contains(role);
            assert_eq!(may_steer(*role, *kind), may, "{role:?} at {kind:?}");
        }
    }
}
