//! What is kept of a handover, and what is open about it.

use super::given::{Field, Given, acknowledged, made, undone};
use super::*;
use crate::ident::OrganisationId;
use crate::role::Role;
use crate::signal::Signal;
use jiff::ToSpan;

const TODAY: Date = jiff::civil::date(2026, 11, 20);

fn step(number: u32, day: Date, what: What) -> Step {
    let by = Recorder {
        person: None,
        client: None,
        name: "Mia Bakker".into(),
        role: Some(Role::DistrictNurse),
        organisation: OrganisationId::from_bits(1),
        organisation_name: "Thuiszorg".into(),
    };
    Step { number, at: Timestamp::UNIX_EPOCH, day, by, what }
}

fn event(number: u32, day: Date, event: Event) -> Step {
    step(number, day, What::Handover(Box::new(event)))
}

fn typed() -> Given {
    Given {
        reason: "admission".into(),
        to: "hospital".into(),
        name: " Rijnstate, cardiologie ".into(),
        way: "paper".into(),
        system: String::new(),
        day: String::new(),
    }
}

fn admission(day: Date) -> Step {
    let signal = Signal {
        noticed_on: day,
        reasons: vec![Occasion::Hospital],
        findings: vec![],
        words: None,
        thought: None,
        talks_with: None,
    };
    step(1, day, What::Signal(signal))
}

#[test]
fn a_handover_waits_until_the_receiving_side_has_it() {
    let (day, first) = made(&typed(), &[], 3, TODAY).unwrap();
    assert_eq!(day, TODAY);
    let mut steps = vec![event(5, day, first)];
    let all = handovers(&steps);
    assert_eq!(all[0].sentence(), "Bij opname op 20 november 2026 naar Rijnstate, cardiologie (ziekenhuis)");
    assert!(all[0].waits() && open(&steps, TODAY).is_empty(), "not yet late");
    let later = TODAY.checked_add(2.days()).unwrap();
    assert!(open(&steps, later)[0].contains("nog niet bekend of hij aankwam"), "{:?}", open(&steps, later));
    let (on, came) = acknowledged(5, "B. Smit, verpleegkundige", Heard::ByHand, "2026-11-21", later).unwrap();
    steps.push(event(6, on, came));
    let (on, again) = acknowledged(5, "Systeem", Heard::BySystem, "", later).unwrap();
    steps.push(event(7, on, again));
    let all = handovers(&steps);
    assert_eq!(all[0].acknowledged.as_ref().unwrap().by, "B. Smit, verpleegkundige", "the first word counts");
    assert!(open(&steps, later).is_empty());
    steps.push(event(8, later, undone(5, "ging niet door").unwrap()));
    assert_eq!(handovers(&steps)[0].undone, Some(("ging niet door".into(), "Mia Bakker".into())));
}

#[test]
fn a_move_asks_for_a_handover_until_one_is_made() {
    let mut steps = vec![admission(TODAY)];
    assert_eq!(
        open(&steps, TODAY),
        ["Op 20 november 2026 is gemeld: opname in of ontslag uit het ziekenhuis. Er is nog geen overdracht gemaakt."]
    );
    assert!(open(&steps, TODAY.checked_add(61.days()).unwrap()).is_empty(), "long ago");
    let before = TODAY.checked_sub(1.day()).unwrap();
    let (_, made) = made(&typed(), &[], 3, TODAY).unwrap();
    steps.push(event(2, before, made.clone()));
    assert_eq!(open(&steps, TODAY).len(), 1, "made before it");
    steps.push(event(3, TODAY, made));
    assert!(open(&steps, TODAY).is_empty());
}

#[test]
fn it_is_sent_to_a_system_that_may_see_the_plan_and_to_no_other() {
    let (ours, other) = (HookId::from_bits(1), HookId::from_bits(2));
    let to = |system: &HookId| Given { way: "sent".into(), system: system.as_str().into(), ..typed() };
    let wrong = made(&to(&other), std::slice::from_ref(&ours), 3, TODAY).unwrap_err();
    assert_eq!(wrong[0].field, Field::System);
    let (day, sent) = made(&to(&ours), std::slice::from_ref(&ours), 3, TODAY).unwrap();
    assert_eq!(handovers(&[event(5, day, sent)])[0].system, Some(ours.clone()));
    let by_hand = Given { way: "paper".into(), ..to(&ours) };
    let (day, given) = made(&by_hand, std::slice::from_ref(&ours), 3, TODAY).unwrap();
    assert_eq!(handovers(&[event(5, day, given)])[0].system, None, "chosen beside another way");
}

#[test]
fn whatever_is_wrong_is_told_at_its_field() {
    let fields = |wrong: Vec<given::Wrong>| wrong.into_iter().map(|w| w.field).collect::<Vec<_>>();
    let nothing = made(&Given::default(), &[], 1, TODAY).unwrap_err();
    assert_eq!(fields(nothing), [Field::Reason, Field::To, Field::Name, Field::Way]);
    let tomorrow = Given { day: "2026-11-21".into(), name: "x".repeat(201), ..typed() };
    assert_eq!(fields(made(&tomorrow, &[], 1, TODAY).unwrap_err()), [Field::Name, Field::Day]);
    assert_eq!(fields(acknowledged(1, " ", Heard::ByHand, "gisteren", TODAY).unwrap_err()), [Field::By, Field::Day]);
    assert_eq!(fields(undone(1, "").unwrap_err()), [Field::Undone]);
}
