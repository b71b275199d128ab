mod random;

use super::*;
use crate::date::local_day;
use crate::ident::OrganisationId;
use crate::review::why;
use crate::signal::{Material, Reason};
use crate::talk::{Report, Talk};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    format!("{text}T10:00:00Z").parse().unwrap()
}

pub(crate) fn by() -> Recorder {
    Recorder {
        person: None,
        client: None,
        name: "S. de Wit".into(),
        role: None,
        organisation: OrganisationId::from_bits(1),
        organisation_name: "Thuiszorg".into(),
    }
}

fn signal(noticed: Date) -> What {
    What::Signal(Signal {
        noticed_on: noticed,
        reasons: vec![Reason::MoreFrail],
        findings: vec![],
        words: None,
        thought: None,
        talks_with: None,
    })
}

/// Steps, each on the day on which it was written.
fn steps(what: &[(&str, What)]) -> Vec<Step> {
    let step = |(i, (on, what)): (usize, &(&str, What))| Step {
        number: u32::try_from(i).unwrap() + 1,
        at: at(on),
        day: local_day(at(on)),
        by: by(),
        what: what.clone(),
    };
    what.iter().enumerate().map(step).collect()
}

fn spoken(days: &[&str], proposals: usize) -> Spoken {
    let talks: Vec<_> = days.iter().map(|d| (day(d), at(d))).collect();
    let recorded_at = talks.iter().map(|t| t.1).max().unwrap();
    Spoken { talks, proposals, recorded_at, to_settle: Vec::new(), ends: Vec::new() }
}

fn past<'a>(steps: &'a [Step], spoken: Option<&'a Spoken>) -> Past<'a> {
    Past { steps, spoken, draft_since: None, died_on: None, months: 6 }
}

const NOT_NOW: fn(&str) -> What =
    |until| What::Asked(Openness::NotNow { ask_again_on: until.parse().unwrap(), material: Material::Given });
const PLANNED: fn(&str) -> What = |on| What::Planned(Appointment { on: on.parse().unwrap(), ..Appointment::default() });
const HELD: fn() -> What = || {
    let subjective = Some("wil thuis blijven".to_owned());
    What::Talk(Talk::Held(Report { subjective, ..Report::default() }))
};
const NOT_NEEDED: fn() -> What = || What::Talk(Talk::NotNeeded { reason: "alles is besproken".into() });

#[test]
fn from_the_first_signal_to_the_review() {
    let at_each = |upto: usize, spoken: Option<&Spoken>, today: &str| {
        let all = steps(&[
            ("2026-01-05", signal(day("2026-01-04"))),
            ("2026-01-06", What::TakenUp),
            ("2026-01-08", NOT_NOW("2026-03-01")),
            ("2026-03-02", What::Asked(Openness::Yes)),
            ("2026-03-03", PLANNED("2026-03-10")),
        ]);
        stands(past(&all[..upto], spoken), day(today))
    };
    assert_eq!(at_each(0, None, "2026-01-01"), State::NoSignal);
    assert_eq!(at_each(1, None, "2026-01-05"), State::Signalled { since: day("2026-01-05") });
    assert_eq!(at_each(2, None, "2026-01-06"), State::ToBeAsked { since: day("2026-01-06") });
    assert_eq!(at_each(3, None, "2026-02-28"), State::NotNow { until: day("2026-03-01") });
    assert_eq!(
        at_each(3, None, "2026-03-01"),
        State::ToBeAsked { since: day("2026-03-01") },
        "it comes back by itself"
    );
    assert_eq!(at_each(4, None, "2026-03-02"), State::ToBePlanned { since: day("2026-03-02") });
    assert_eq!(at_each(5, None, "2026-03-10"), State::Planned { on: day("2026-03-10") });
    assert_eq!(at_each(5, None, "2026-03-11"), State::InConversation { since: day("2026-03-10") });
    let waits = spoken(&["2026-03-10"], 2);
    assert_eq!(at_each(5, Some(&waits), "2026-03-11"), State::Recorded { since: day("2026-03-10") });
    let set = spoken(&["2026-03-10"], 0);
    assert_eq!(at_each(5, Some(&set), "2026-03-12"), State::Current { review_on: Some(day("2026-09-10")) });
    assert_eq!(at_each(5, Some(&set), "2026-08-13"), State::ReviewDue { on: day("2026-09-10"), changed: false });
    assert_eq!(at_each(5, Some(&set), "2026-09-10"), State::ReviewDue { on: day("2026-09-10"), changed: false });
    assert_eq!(at_each(5, Some(&set), "2026-09-11"), State::Overdue { since: day("2026-09-10") });
}

#[test]
fn a_signal_after_the_conversation_makes_the_plan_want_looking_at() {
    let plan = spoken(&["2026-03-10"], 0);
    let before = steps(&[("2026-03-01", signal(day("2026-03-01")))]);
    assert_eq!(stands(past(&before, Some(&plan)), day("2026-04-01")).kind(), StateKind::Current);
    assert!(why(past(&before, Some(&plan)), day("2026-04-01")).is_empty());
    let later = steps(&[("2026-03-20", signal(day("2026-03-19")))]);
    let past = past(&later, Some(&plan));
    assert_eq!(stands(past, day("2026-04-01")), State::ReviewDue { on: day("2026-03-20"), changed: true });
    assert_eq!(
        why(past, day("2026-04-01"))[0].sentence,
        "Na het laatste gesprek, op 19 maart 2026, gesignaleerd: wordt kwetsbaarder."
    );
}

#[test]
fn an_old_conversation_delivered_from_elsewhere_answers_no_new_signal() {
    let all = steps(&[("2026-03-20", signal(day("2026-03-19")))]);
    let mut delivered = spoken(&["2025-10-01"], 0);
    delivered.talks[0].1 = at("2026-04-01");
    assert_eq!(stands(past(&all, Some(&delivered)), day("2026-04-02")).kind(), StateKind::Overdue);
    delivered.talks[0].0 = day("2026-03-01");
    assert_eq!(stands(past(&all, Some(&delivered)), day("2026-04-02")).kind(), StateKind::ReviewDue);
}

#[test]
fn who_said_no_is_asked_anew_after_a_new_signal() {
    let no = || What::Asked(Openness::No { reason: "daar wil ik niet over praten".into() });
    let mut all = vec![("2026-01-05", signal(day("2026-01-05"))), ("2026-01-08", no())];
    assert_eq!(
        stands(past(&steps(&all), None), day("2026-02-01")),
        State::Ended { on: day("2026-01-08"), why: End::Declined }
    );
    all.push(("2026-05-01", signal(day("2026-05-01"))));
    assert_eq!(stands(past(&steps(&all), None), day("2026-05-02")), State::Signalled { since: day("2026-05-01") });
    let plan = spoken(&["2026-01-01"], 0);
    assert_eq!(stands(past(&steps(&all[..2]), Some(&plan)), day("2026-02-01")).kind(), StateKind::Current);
}

#[test]
fn a_cancelled_conversation_is_to_be_planned_anew() {
    let all =
        steps(&[("2026-03-03", PLANNED("2026-03-10")), ("2026-03-09", What::Cancelled { reason: "ziek".into() })]);
    assert_eq!(stands(past(&all, None), day("2026-03-11")), State::ToBePlanned { since: day("2026-03-09") });
}

#[test]
fn a_report_without_a_plan_keeps_the_conversation_under_way() {
    let all =
        steps(&[("2026-03-03", PLANNED("2026-03-10")), ("2026-03-10", HELD()), ("2026-03-10", PLANNED("2026-03-24"))]);
    let talking = State::InConversation { since: day("2026-03-10") };
    assert_eq!(stands(past(&all[..2], None), day("2026-03-11")), talking);
    assert_eq!(stands(past(&all, None), day("2026-03-11")), talking, "a further appointment records nothing");
    let dots = line(past(&all, None), day("2026-03-11"));
    assert_eq!(dots.last().map(|d| (d.day, d.ahead)), Some((day("2026-03-24"), true)), "yet it stands on the line");
    // The plan of that day answers the report, whichever was written first, and leaves the further appointment.
    let plan = spoken(&["2026-03-10"], 0);
    let current = State::Current { review_on: Some(day("2026-09-10")) };
    assert_eq!(stands(past(&all[..2], Some(&plan)), day("2026-03-11")), current);
    assert_eq!(stands(past(&all, Some(&plan)), day("2026-03-11")), current);
    assert_eq!(planned(past(&all, Some(&plan))).map(|a| a.on), Some(day("2026-03-24")));
    let early = Spoken { talks: vec![(day("2026-03-10"), at("2026-03-09"))], ..plan.clone() };
    assert_eq!(stands(past(&all[..2], Some(&early)), day("2026-03-11")), current);
    // An older plan does not.
    let old = spoken(&["2026-01-10"], 0);
    assert_eq!(stands(past(&all[..2], Some(&old)), day("2026-03-11")), talking);
    // Once its day is over, something is to be recorded.
    assert_eq!(stands(past(&all, Some(&plan)), day("2026-03-25")), State::InConversation { since: day("2026-03-24") });
}

#[test]
fn a_further_conversation_hides_a_plan_only_where_it_answers_what_the_plan_lacks() {
    let plan = |proposals| spoken(&["2026-03-10"], proposals);
    let further = steps(&[("2026-03-12", PLANNED("2026-04-01"))]);
    let at_work = |steps: &[Step], plan: &Spoken, today: &str| stands(past(steps, Some(plan)), day(today)).kind();
    assert_eq!(at_work(&further, &plan(0), "2026-03-20"), StateKind::Current);
    assert_eq!(at_work(&further, &plan(1), "2026-03-20"), StateKind::Recorded, "limits wait for a doctor");
    let noticed = steps(&[("2026-03-12", signal(day("2026-03-12"))), ("2026-03-13", PLANNED("2026-04-01"))]);
    assert_eq!(at_work(&noticed, &plan(0), "2026-03-20"), StateKind::Planned, "it is what is done about the signal");
    let after = steps(&[("2026-03-12", PLANNED("2026-04-01")), ("2026-03-13", signal(day("2026-03-13")))]);
    assert_eq!(at_work(&after, &plan(0), "2026-03-20"), StateKind::Planned);
    let late = steps(&[("2026-09-12", PLANNED("2026-09-20"))]);
    assert_eq!(at_work(&late, &plan(0), "2026-09-15"), StateKind::Planned, "and about a review that is late");
}

#[test]
fn an_appointment_is_moved_or_needed_no_more() {
    let moved = steps(&[("2026-03-03", PLANNED("2026-03-20")), ("2026-03-04", PLANNED("2026-03-10"))]);
    let plan = spoken(&["2026-03-10"], 0);
    assert_eq!(planned(past(&moved, None)).map(|a| a.on), Some(day("2026-03-10")));
    assert_eq!(planned(past(&moved, Some(&plan))), None, "the first one does not come back");
    let off =
        steps(&[("2026-03-03", PLANNED("2026-03-20")), ("2026-03-04", What::Cancelled { reason: "ziek".into() })]);
    assert_eq!(planned(past(&off, Some(&plan))), None);
    let none = steps(&[("2026-03-12", PLANNED("2026-03-20")), ("2026-03-14", NOT_NEEDED())]);
    assert_eq!(stands(past(&none, Some(&plan)), day("2026-03-15")).kind(), StateKind::Current);
    let asked = steps(&[
        ("2026-03-02", What::Asked(Openness::Yes)),
        ("2026-03-03", PLANNED("2026-03-20")),
        ("2026-03-04", NOT_NEEDED()),
    ]);
    let state = stands(past(&asked, None), day("2026-03-05"));
    assert_eq!(state, State::ToBePlanned { since: day("2026-03-02") }, "who wants a conversation still does");
    // A conversation before its day leaves an appointment as it is.
    let before = steps(&[("2026-03-03", PLANNED("2026-03-20")), ("2026-03-08", HELD())]);
    assert!(planned(past(&before, None)).is_some());
}

#[test]
fn death_ends_it_whatever_else_is_so() {
    let all = steps(&[
        ("2026-03-03", What::Ended { why: End::Died, words: None }),
        ("2026-03-09", signal(day("2026-03-09"))),
    ]);
    let plan = spoken(&["2026-03-20"], 1);
    let ended = State::Ended { on: day("2026-03-03"), why: End::Died };
    assert_eq!(stands(past(&all, Some(&plan)), day("2026-04-01")), ended);
    let told = Past { died_on: Some(day("2026-03-02")), draft_since: Some(day("2026-01-01")), ..past(&[], None) };
    assert_eq!(stands(told, day("2026-04-01")), State::Ended { on: day("2026-03-02"), why: End::Died });
}

#[test]
fn the_line_tells_what_happened_and_what_is_to_come() {
    let all = steps(&[
        ("2026-01-05", signal(day("2026-01-05"))),
        ("2026-01-08", NOT_NOW("2026-03-01")),
        ("2026-03-02", What::Asked(Openness::Yes)),
    ]);
    let plan = spoken(&["2026-03-10"], 0);
    let titles = |past| {
        let of = |d: Dot| format!("{} {}{}", d.day, d.title, if d.ahead { " …" } else { "" });
        line(past, day("2026-04-01")).into_iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(
        titles(past(&all, Some(&plan))),
        [
            "2026-01-05 Signaal: wordt kwetsbaarder",
            "2026-01-08 Nu niet; opnieuw vragen vanaf 1 maart 2026",
            "2026-03-02 Patiënt staat open voor een gesprek",
            "2026-03-10 Gesprek",
            "2026-09-10 Opnieuw bespreken …",
        ]
    );
}

#[test]
fn steps_are_read_back_as_they_were_written() {
    let all = steps(&[("2026-01-05", signal(day("2026-01-05"))), ("2026-01-08", NOT_NOW("2026-03-01"))]);
    let text = serde_json::to_string(&all).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Step>>(&text).unwrap(), all);
}

#[test]
fn what_ended_lies_behind() {
    use given::{Place, ended, obstacle};
    let today = day("2026-11-24");
    let places = |r: Result<What, Vec<given::Amiss>>| r.map_err(|a| a.iter().map(|a| a.place).collect::<Vec<_>>());
    let end = |why: &str, on: &str, said: &str| places(ended(why, on, said, today).map(|e| e.1));
    assert_eq!(end("moved", "", ""), Ok(What::Ended { why: End::Moved, words: None }));
    assert_eq!(end("died", "", "rustig"), Err(vec![Place::Why]), "death is told as what happened");
    assert_eq!(end("declined", "2026-11-25", ""), Err(vec![Place::Why, Place::On, Place::Words]));
    assert_eq!(end("other", "2026-11-24", ""), Err(vec![Place::Words]));
    let died = State::Ended { on: today, why: End::Died };
    assert!(obstacle(died, &signal(today)).is_some());
    assert_eq!(obstacle(State::Planned { on: today }, &What::Cancelled { reason: String::new() }), None);
}
