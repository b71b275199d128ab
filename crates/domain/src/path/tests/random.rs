//! Whatever happens in whatever order: nobody is in no state, nobody in two, and whoever is owed something has a task.
//!
//! What each state means is said here a second time, each on its own and not as one pass, from the same facts.

use super::*;
use crate::happening::{Change, GoesOn, How, Move};
use crate::patient::Living;
use crate::review::Ends;
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
    (0..60_i64, 0..20_u8, 1..200_i64)
}

struct History {
    steps: Vec<Step>,
    spoken: Option<Spoken>,
    last: Date,
}

/// Steps and conversations in order of writing; days never run backwards, but what a conversation was about may lie
/// before the signal that came in between.
fn history(events: &[(i64, u8, i64)], proposals: usize, ends: &[i64]) -> History {
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
            9 => Event::Step(HELD()),
            10 => Event::Step(NOT_NEEDED()),
            11 => Event::Step(What::Ended { why: if n % 5 == 0 { End::Died } else { End::Moved }, words: None }),
            12 => Event::Step(happened(Happening::Changed { what: vec![Change::Health], words: None })),
            13 => {
                let at_hospital =
                    Move { how: How::Admitted, to: Living::Hospital, from: None, name: None, words: None };
                Event::Step(happened(Happening::Moved(at_hospital)))
            }
            14 => {
                let (what, goal) = ("chemotherapie".to_owned(), "tijd winnen".to_owned());
                let until = (n % 3 > 0).then(|| later(today, *n));
                Event::Step(happened(Happening::GoesOn(GoesOn { what, goal, until, instead_of: None })))
            }
            15 => {
                let (step, reason) = (u32::try_from(*n).unwrap() % 8 + 1, "verkeerde patiënt".to_owned());
                Event::Step(happened(Happening::Mistaken { step, title: String::new(), reason }))
            }
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
    let limit = |days: &i64| Ends { what: "Reanimatie".to_owned(), on: later(day(START), *days), is_limit: true };
    let ends = ends.iter().map(limit).collect();
    let spoken = recorded_at.map(|recorded_at| Spoken { talks, proposals, recorded_at, to_settle: Vec::new(), ends });
    History { steps, spoken, last: today }
}

/// The facts that the states are told apart by, each found on its own.
struct Facts<'a> {
    past: Past<'a>,
    today: Date,
    open: Vec<&'a Step>,
}

fn happened(happening: Happening) -> What {
    What::Happened(Box::new(happening))
}

/// Something new that somebody has to do something about.
fn is_notice(what: &What) -> bool {
    match what {
        What::Signal(_) => true,
        What::Happened(happening) => matches!(**happening, Happening::Changed { .. } | Happening::Moved(_)),
        _ => false,
    }
}

/// Numbers of the steps that somebody took back.
fn taken_back(steps: &[Step]) -> Vec<u32> {
    let of = |s: &Step| match &s.what {
        What::Happened(happening) => match **happening {
            Happening::Mistaken { step, .. } => Some(step),
            _ => None,
        },
        _ => None,
    };
    steps.iter().filter_map(of).collect()
}

fn reports(what: &What) -> bool {
    matches!(what, What::Talk(Talk::Held(_)))
}

/// Does this do away with an appointment for that day?
fn undoes(step: &Step, on: Date) -> bool {
    match &step.what {
        What::Planned(_)
        | What::Cancelled { .. }
        | What::Asked(_)
        | What::Ended { .. }
        | What::Talk(Talk::NotNeeded { .. }) => true,
        what => reports(what) && on <= step.day,
    }
}

impl<'a> Facts<'a> {
    fn of(past: Past<'a>, today: Date) -> Self {
        let talks = past.spoken.map_or(&[][..], |p| &p.talks);
        let answered = |s: &Step| match &s.what {
            What::Planned(a) => talks.iter().any(|(day, at)| *day >= a.on && *at >= s.at),
            what if reports(what) => talks.iter().any(|(day, _)| *day >= s.day),
            _ => talks.iter().any(|(day, at)| *day >= s.day && *at >= s.at),
        };
        let wrong = taken_back(past.steps);
        let steps: Vec<&Step> = past.steps.iter().filter(|s| !wrong.contains(&s.number)).collect();
        let open = steps.iter().enumerate().filter(|(i, s)| {
            let overtaken = match &s.what {
                What::Planned(a) => steps[i + 1..].iter().any(|later| answered(later) && undoes(later, a.on)),
                _ => false,
            };
            !answered(s) && !overtaken
        });
        Self { past, today, open: open.map(|(_, s)| *s).collect() }
    }
    fn first(&self, n: usize) -> Self {
        Self { past: self.past, today: self.today, open: self.open[..n].to_vec() }
    }
    fn newest(&self, holds: impl Fn(&What) -> bool) -> Option<usize> {
        self.open.iter().rposition(|s| holds(&s.what))
    }
    fn dead(&self) -> bool {
        self.past.died_on.is_some()
            || self
                .past
                .steps
                .iter()
                .filter(|s| !taken_back(self.past.steps).contains(&s.number))
                .any(|s| matches!(s.what, What::Ended { why: End::Died, .. }))
    }
    fn appointment(&self) -> Option<(usize, Date)> {
        let i = self.newest(|w| matches!(w, What::Planned(_)))?;
        let What::Planned(a) = &self.open[i].what else { unreachable!() };
        (!self.open[i + 1..].iter().any(|later| undoes(later, a.on))).then_some((i, a.on))
    }
    fn planned(&self) -> Option<Date> {
        self.appointment().map(|(_, on)| on)
    }
    /// Since the first report that nothing overtook.
    fn held(&self) -> Option<Date> {
        let began = self.newest(|w| matches!(w, What::Asked(_) | What::Ended { .. })).map_or(0, |i| i + 1);
        self.open[began..].iter().filter(|s| reports(&s.what)).map(|s| s.day).min()
    }
    /// Did this, of the open steps, find somebody under way, so that it changes nothing?
    fn finds_them_under_way(&self, i: usize) -> bool {
        let before = self.first(i);
        before.planned().is_some() || before.held().is_some() || before.to_plan()
    }
    /// The place of the newest step that says how things are meant to go on.
    fn decides(&self) -> Option<usize> {
        (0..self.open.len()).rev().find(|i| match &self.open[*i].what {
            What::TakenUp => false,
            what if is_notice(what) => !self.finds_them_under_way(*i),
            What::Happened(_) => false,
            What::Cancelled { .. } => self.first(*i).planned().is_some(),
            What::Talk(talk) => matches!(talk, Talk::Held(_)),
            _ => true,
        })
    }
    /// The same, appointments left out: what is so when there is none.
    fn beside(&self) -> Option<&'a Step> {
        (0..self.open.len())
            .rev()
            .find(|i| match &self.open[*i].what {
                What::TakenUp | What::Planned(_) => false,
                what if is_notice(what) => !self.finds_them_under_way(*i),
                What::Happened(_) => false,
                What::Cancelled { .. } => self.first(*i).planned().is_some(),
                What::Talk(talk) => matches!(talk, Talk::Held(_)),
                _ => true,
            })
            .map(|i| self.open[i])
    }
    fn to_plan(&self) -> bool {
        self.beside().is_some_and(|s| matches!(s.what, What::Asked(Openness::Yes) | What::Cancelled { .. }))
    }
    fn not_now(&self) -> Option<Date> {
        self.beside().and_then(|s| match &s.what {
            What::Asked(Openness::NotNow { ask_again_on, .. }) => Some(*ask_again_on),
            _ => None,
        })
    }
    /// Signals in a row, after whatever came before them.
    fn signalled(&self) -> Option<usize> {
        let reset = |w: &What| matches!(w, What::Asked(_) | What::Ended { .. });
        let began = self.newest(reset).map_or(0, |i| i + 1);
        (began..self.open.len()).find(|i| is_notice(&self.open[*i].what) && !self.finds_them_under_way(*i))
    }
    fn taken(&self) -> bool {
        let taken = self.newest(|w| matches!(w, What::TakenUp));
        taken.zip(self.signalled()).is_some_and(|(taken, first)| taken > first)
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
    /// Nothing is under way, so that the plan speaks.
    fn at_rest(&self) -> bool {
        self.plain() && self.planned().is_none() && self.held().is_none() && !self.to_plan() && self.not_now().is_none()
    }
    fn due(&self) -> Option<Date> {
        let last = self.past.spoken?.talks.iter().map(|t| t.0).max()?;
        (self.past.months > 0).then(|| last.saturating_add(Span::new().months(i64::from(self.past.months))))
    }
    /// A further conversation is planned beside a plan that it need not mend: late it is not, nothing was noticed.
    fn beside_a_plan(&self) -> bool {
        let noticed = self.open.iter().any(|s| is_notice(&s.what)) || self.over();
        let waits = self.past.spoken.is_some_and(|s| s.proposals > 0);
        let ahead = self.planned().is_some_and(|on| on >= self.today);
        let well = !self.late() && (waits || !(noticed || self.soon()));
        self.plain() && ahead && self.held().is_none() && self.past.spoken.is_some() && well
    }
    /// A limit of the plan is past its end, or treatment would go on until a day that is over.
    fn over(&self) -> bool {
        let Some(spoken) = self.past.spoken else { return false };
        let last = spoken.talks.iter().map(|t| t.0).max().unwrap();
        let wrong = taken_back(self.past.steps);
        let course = |s: &Step| match &s.what {
            What::Happened(happening) => match &**happening {
                Happening::GoesOn(course) => course.until.is_some_and(|u| u < self.today && u > last),
                _ => false,
            },
            _ => false,
        };
        spoken.ends.iter().any(|e| e.on < self.today)
            || self.past.steps.iter().filter(|s| !wrong.contains(&s.number)).any(course)
    }
    fn soon(&self) -> bool {
        self.due().is_some_and(|due| due <= later(self.today, review_days()))
    }
    fn late(&self) -> bool {
        self.due().is_some_and(|due| due < self.today)
    }

    fn holds(&self, kind: StateKind) -> bool {
        let plan = self.past.spoken.is_some();
        let rests = self.at_rest();
        let beside = self.beside_a_plan();
        let waits = self.past.spoken.is_some_and(|s| s.proposals > 0);
        let soon = self.soon();
        let signalled = self.signalled().is_some();
        let asks = signalled || self.over();
        match kind {
            StateKind::Ended => !self.goes_on(),
            StateKind::InConversation => {
                let over = self.planned().is_some_and(|on| on < self.today);
                self.goes_on() && (self.past.draft_since.is_some() || self.held().is_some() || over)
            }
            StateKind::Planned => {
                self.plain() && self.held().is_none() && self.planned().is_some_and(|on| on >= self.today) && !beside
            }
            StateKind::ToBePlanned => {
                self.plain() && self.planned().is_none() && self.held().is_none() && self.to_plan()
            }
            StateKind::NotNow => {
                self.plain() && self.planned().is_none() && self.not_now().is_some_and(|d| d > self.today)
            }
            StateKind::ToBeAsked => {
                let again = self.planned().is_none() && self.not_now().is_some_and(|d| d <= self.today);
                self.plain() && again || rests && !plan && signalled && self.taken()
            }
            StateKind::Signalled => rests && !plan && signalled && !self.taken(),
            StateKind::NoSignal => rests && !plan && !signalled,
            StateKind::Overdue => rests && plan && self.late(),
            StateKind::Recorded => beside && waits || rests && plan && !self.late() && waits,
            StateKind::ReviewDue => rests && plan && !self.late() && !waits && (asks || soon),
            StateKind::Current => beside && !waits || rests && plan && !self.late() && !waits && !asks && !soon,
        }
    }
}

fn review_days() -> i64 {
    crate::review::BEFORE
}

fn owed(state: State) -> Option<&'static [Kind]> {
    match state.kind() {
        StateKind::NoSignal | StateKind::Ended | StateKind::InConversation => None,
        StateKind::Signalled => Some(&[Kind::Signal]),
        StateKind::ToBeAsked | StateKind::NotNow => Some(&[Kind::Ask]),
        StateKind::ToBePlanned => Some(&[Kind::Plan]),
        StateKind::Planned => Some(&[Kind::Report]),
        StateKind::Recorded => Some(&[Kind::SetLimits]),
        StateKind::Current => Some(&[Kind::Review, Kind::Report]),
        StateKind::Overdue => Some(&[Kind::Review]),
        StateKind::ReviewDue => Some(&[Kind::Review, Kind::Signal, Kind::Ask]),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn nobody_is_in_no_state_or_in_two(
        events in proptest::collection::vec(event(), 0..12),
        proposals in 0..3_usize,
        ends in proptest::collection::vec(0..800_i64, 0..2),
        wait in 0..400_i64,
        months in prop_oneof![Just(0_u32), Just(6), Just(12)],
        draft in proptest::option::weighted(0.1, Just(())),
        died in proptest::option::weighted(0.05, Just(())),
    ) {
        let history = history(&events, proposals, &ends);
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
        let mut kinds: Vec<(Kind, u32)> = tasks.iter().map(|t| (t.kind, t.about)).collect();
        kinds.sort();
        kinds.dedup();
        prop_assert_eq!(kinds.len(), tasks.len(), "two tasks of a kind about the same");
        if let Some(kinds) = owed(state) {
            let never = months == 0 && kinds.contains(&Kind::Review);
            prop_assert!(never || kinds.iter().any(|k| tasks.iter().any(|t| t.kind == *k)), "{:?}: {:?}", state, tasks);
        }
        // Who is in conversation has a draft, found on a list of its own, or else somebody who is to record.
        if matches!(state, State::InConversation { .. }) && draft.is_none() {
            let records = [Kind::Report, Kind::Record];
            prop_assert!(tasks.iter().any(|t| records.contains(&t.kind)), "{:?}: {:?}", state, tasks);
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
