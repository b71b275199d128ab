//! Whatever happens in whatever order: nobody is in no state, nobody in two, and whoever is owed something has a task.
//!
//! What each state means is said here a second time, each on its own and not as one pass, from the same facts.

use super::*;
use crate::task::{Kind, wanted};
use jiff::{SignedDuration, Span};
use proptest::prelude::*;

/// A happening: days after the one before, and what.
#[derive(Debug, Clone)]
enum Event {
    Step(What),
    Talk { days_ago: i64 },
}

const START: &str = "2024-01-01";

fn later(day: Date, days: i64) -> Date {
    day.saturating_add(Span::new().days(days))
}

fn event() -> impl Strategy<Value = (i64, u8, i64)> {
    (0..60_i64, 0..12_u8, 1..200_i64)
}

struct History {
    steps: Vec<Step>,
    spoken: Option<Spoken>,
    last: Date,
}

/// Steps and conversations in order of writing; days never run backwards, but what a conversation was about may lie
/// before the signal that came in between.
fn history(events: &[(i64, u8, i64)], proposals: usize) -> History {
    let mut today = day(START);
    let (mut steps, mut talks) = (Vec::new(), Vec::new());
    for (i, (wait, which, n)) in events.iter().enumerate() {
        today = later(today, *wait);
        let moment = at(&today.to_string()) + SignedDuration::from_secs(i64::try_from(i).unwrap());
        let event = match which {
            0..=2 => Event::Step(signal(today)),
            3 => Event::Step(What::TakenUp),
            4 => Event::Step(What::Asked(Openness::Yes)),
            5 => Event::Step(NOT_NOW(&later(today, *n).to_string())),
            6 => Event::Step(What::Asked(Openness::No { reason: "nee".into() })),
            7 => Event::Step(PLANNED(&later(today, *n % 20).to_string())),
            8 => Event::Step(What::Cancelled { reason: "ziek".into() }),
            9 => Event::Step(What::Ended { why: if n % 5 == 0 { End::Died } else { End::Moved }, words: None }),
            _ => Event::Talk { days_ago: n % 30 },
        };
        match event {
            Event::Step(what) => {
                let number = u32::try_from(steps.len()).unwrap() + 1;
                steps.push(Step { number, at: moment, day: today, by: by(), what });
            }
            Event::Talk { days_ago } => talks.push((later(today, -days_ago), moment)),
        }
    }
    let recorded_at = talks.last().map(|t: &(Date, Timestamp)| t.1);
    let spoken = recorded_at.map(|recorded_at| Spoken { talks, proposals, recorded_at, to_settle: Vec::new() });
    History { steps, spoken, last: today }
}

/// The facts that the states are told apart by, each found on its own.
struct Facts<'a> {
    past: Past<'a>,
    today: Date,
    open: Vec<&'a Step>,
}

impl<'a> Facts<'a> {
    fn of(past: Past<'a>, today: Date) -> Self {
        let answered =
            |s: &Step| past.spoken.is_some_and(|p| p.talks.iter().any(|(day, at)| *day >= s.day && *at >= s.at));
        Self { past, today, open: past.steps.iter().filter(|s| !answered(s)).collect() }
    }
    /// The newest open step for which this holds, by its place.
    fn newest(&self, holds: impl Fn(&What) -> bool) -> Option<usize> {
        self.open.iter().rposition(|s| holds(&s.what))
    }
    fn dead(&self) -> bool {
        self.past.died_on.is_some()
            || self.past.steps.iter().any(|s| matches!(s.what, What::Ended { why: End::Died, .. }))
    }
    /// The place of the newest step that says how things are meant to go on, signals that change nothing left out.
    fn decides(&self) -> Option<usize> {
        (0..self.open.len()).rev().find(|i| match &self.open[*i].what {
            What::TakenUp => false,
            What::Signal(_) => !self.before(*i).is_some_and(|b| self.wants_talk(b)),
            What::Cancelled { .. } => self.before(*i).is_some_and(|b| self.is_planned(b)),
            _ => true,
        })
    }
    fn before(&self, i: usize) -> Option<usize> {
        let shorter = Self { past: self.past, today: self.today, open: self.open[..i].to_vec() };
        shorter.decides()
    }
    fn is_planned(&self, i: usize) -> bool {
        matches!(self.open[i].what, What::Planned(_))
    }
    fn wants_talk(&self, i: usize) -> bool {
        matches!(self.open[i].what, What::Planned(_) | What::Asked(Openness::Yes) | What::Cancelled { .. })
    }
    fn declined_or_gone(&self) -> bool {
        self.decides().is_some_and(|i| match &self.open[i].what {
            What::Ended { .. } => true,
            What::Asked(Openness::No { .. }) => self.past.spoken.is_none(),
            _ => false,
        })
    }
    fn goes_on(&self) -> bool {
        !self.dead() && !self.declined_or_gone()
    }
    /// Neither ended nor being written down.
    fn plain(&self) -> bool {
        self.goes_on() && self.past.draft_since.is_none()
    }
    fn planned(&self) -> Option<Date> {
        self.decides().and_then(|i| match &self.open[i].what {
            What::Planned(a) => Some(a.on),
            _ => None,
        })
    }
    fn to_plan(&self) -> bool {
        self.decides().is_some_and(|i| self.wants_talk(i) && !self.is_planned(i))
    }
    fn not_now(&self) -> Option<Date> {
        self.decides().and_then(|i| match &self.open[i].what {
            What::Asked(Openness::NotNow { ask_again_on, .. }) => Some(*ask_again_on),
            _ => None,
        })
    }
    fn signalled(&self) -> bool {
        self.decides().is_some_and(|i| matches!(self.open[i].what, What::Signal(_)))
    }
    /// Taken up after the signals that are open began to count.
    fn taken(&self) -> bool {
        let began = (0..self.open.len()).rev().find(|i| {
            !matches!(self.open[*i].what, What::Signal(_) | What::TakenUp)
                && !(matches!(self.open[*i].what, What::Cancelled { .. }))
        });
        let first =
            (began.map_or(0, |b| b + 1)..self.open.len()).find(|i| matches!(self.open[*i].what, What::Signal(_)));
        self.newest(|w| matches!(w, What::TakenUp)).zip(first).is_some_and(|(taken, first)| taken > first)
    }
    /// Nothing is under way, so that the plan speaks.
    fn at_rest(&self) -> bool {
        self.plain() && self.planned().is_none() && !self.to_plan() && self.not_now().is_none()
    }
    fn due(&self) -> Option<Date> {
        let last = self.past.spoken?.talks.iter().map(|t| t.0).max()?;
        (self.past.months > 0).then(|| last.saturating_add(Span::new().months(i64::from(self.past.months))))
    }
    fn late(&self) -> bool {
        self.due().is_some_and(|due| due < self.today)
    }

    fn holds(&self, kind: StateKind) -> bool {
        let plan = self.past.spoken.is_some();
        let rests = self.at_rest();
        let waits = self.past.spoken.is_some_and(|s| s.proposals > 0);
        let soon = self.due().is_some_and(|due| due <= later(self.today, review_days()));
        match kind {
            StateKind::Ended => !self.goes_on(),
            StateKind::InConversation => {
                self.goes_on() && (self.past.draft_since.is_some() || self.planned().is_some_and(|on| on < self.today))
            }
            StateKind::Planned => self.plain() && self.planned().is_some_and(|on| on >= self.today),
            StateKind::ToBePlanned => self.plain() && self.to_plan(),
            StateKind::NotNow => self.plain() && self.not_now().is_some_and(|d| d > self.today),
            StateKind::ToBeAsked => {
                self.plain() && self.not_now().is_some_and(|d| d <= self.today)
                    || rests && !plan && self.signalled() && self.taken()
            }
            StateKind::Signalled => rests && !plan && self.signalled() && !self.taken(),
            StateKind::NoSignal => rests && !plan && !self.signalled(),
            StateKind::Overdue => rests && plan && self.late(),
            StateKind::Recorded => rests && plan && !self.late() && waits,
            StateKind::ReviewDue => rests && plan && !self.late() && !waits && (self.signalled() || soon),
            StateKind::Current => rests && plan && !self.late() && !waits && !self.signalled() && !soon,
        }
    }
}

fn review_days() -> i64 {
    crate::review::BEFORE
}

fn owed(state: State) -> Option<&'static [Kind]> {
    match state.kind() {
        // Who is in conversation has a draft, found on a list of its own, or an appointment.
        StateKind::NoSignal | StateKind::Ended | StateKind::InConversation => None,
        StateKind::Signalled => Some(&[Kind::Signal]),
        StateKind::ToBeAsked | StateKind::NotNow => Some(&[Kind::Ask]),
        StateKind::ToBePlanned => Some(&[Kind::Plan]),
        StateKind::Planned => Some(&[Kind::Report]),
        StateKind::Recorded => Some(&[Kind::SetLimits]),
        StateKind::Current | StateKind::Overdue => Some(&[Kind::Review]),
        StateKind::ReviewDue => Some(&[Kind::Review, Kind::Signal, Kind::Ask]),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn nobody_is_in_no_state_or_in_two(
        events in proptest::collection::vec(event(), 0..12),
        proposals in 0..3_usize,
        wait in 0..400_i64,
        months in prop_oneof![Just(0_u32), Just(6), Just(12)],
        draft in proptest::option::weighted(0.1, Just(())),
        died in proptest::option::weighted(0.05, Just(())),
    ) {
        let history = history(&events, proposals);
        let today = later(history.last, wait);
        let past = Past {
            steps: &history.steps,
            spoken: history.spoken.as_ref(),
            draft_since: draft.map(|()| history.last),
            died_on: died.map(|()| history.last),
            months,
        };
        let state = stands(past, today);
        let facts = Facts::of(past, today);
        let holding: Vec<StateKind> = StateKind::ALL.iter().copied().filter(|k| facts.holds(*k)).collect();
        prop_assert_eq!(&holding, &vec![state.kind()], "{:?}", history.steps);

        let tasks = wanted(past);
        let mut kinds: Vec<Kind> = tasks.iter().map(|t| t.kind).collect();
        kinds.sort();
        kinds.dedup();
        prop_assert_eq!(kinds.len(), tasks.len(), "two tasks of a kind");
        if let Some(kinds) = owed(state) {
            let never = months == 0 && kinds == [Kind::Review].as_slice();
            prop_assert!(never || kinds.iter().any(|k| tasks.iter().any(|t| t.kind == *k)), "{:?}: {:?}", state, tasks);
        }
        if matches!(state, State::Ended { .. }) {
            prop_assert!(tasks.is_empty());
        }
        // What is shown has a date, and what is past stays where it is.
        let dots = line(past, today);
        prop_assert!(dots.len() >= history.steps.len());
        prop_assert!(dots.iter().filter(|d| d.ahead).count() <= 1);
    }
}
