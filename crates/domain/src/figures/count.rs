//! From one patient's record to what they count for: for each figure at most one answer in one quarter.

use super::{Figure, Group, Quarter};
use crate::code::Place;
use crate::date::{FhirDateTime, local_day};
use crate::happening::{self, Capable, Happening, How};
use crate::onward::{self, System};
use crate::path::{End, Step, What};
use crate::patient::Living;
use crate::plan::{Content, Decision, TopicId, Treatment};
use crate::review;
use crate::signal::{Condition, Finding, Open, Reason};
use jiff::ToSpan;
use jiff::civil::Date;

/// A signal is answered by a conversation within this many days (our own choice).
const AFTER_SIGNAL: i64 = 42;
/// A diagnosis of dementia within this many (our own choice).
const AFTER_DEMENTIA: i64 = 182;
/// An admission counts for the last month of life when it was this many days before death, or fewer.
const LAST_MONTH: i64 = 30;
/// A plan was read at an admission when it was read no further from it than this.
const AROUND: i64 = 2;
/// Topics that a whole plan has an answer to.
const CORE: [TopicId; 9] = [
    TopicId::Capacity,
    TopicId::Goal,
    TopicId::Cpr,
    TopicId::Ventilation,
    TopicId::Icu,
    TopicId::Hospital,
    TopicId::Antibiotics,
    TopicId::BloodProduct,
    TopicId::PlaceOfDeath,
];

/// What of a record the figures are counted from.
#[derive(Debug, Clone, Copy)]
pub struct Life<'a> {
    /// What happened, in order of writing.
    pub steps: &'a [Step],
    /// The plan as it stands.
    pub plan: Option<&'a Content>,
    /// The day of death, where the identity has one.
    pub died_on: Option<Date>,
    /// Months between reviews; 0: never.
    pub months: u32,
    /// Days on which people of urgent care or a hospital looked at the plan.
    pub looked: &'a [Date],
    /// Today.
    pub today: Date,
}

/// What somebody counts for in one figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Counted {
    /// The figure.
    pub figure: Figure,
    /// When.
    pub quarter: Quarter,
    /// Number of the answer in the figure's definition.
    pub answer: u8,
    /// Whole weeks until the conversation, where the figure is about a time.
    pub weeks: Option<u16>,
}

/// What figures look at, taken out of a record once.
struct Seen<'a> {
    life: Life<'a>,
    /// Days of conversations, oldest first.
    talks: Vec<Date>,
    /// The first signal.
    signal: Option<Date>,
    died: Option<Date>,
    /// Steps written by mistake.
    wrong: Vec<u32>,
}

impl<'a> Seen<'a> {
    fn of(life: Life<'a>) -> Self {
        let mut talks: Vec<Date> =
            life.plan.map_or_else(Vec::new, |p| p.conversations.iter().map(|c| c.date().first_day()).collect());
        talks.sort_unstable();
        let wrong = happening::mistaken(life.steps);
        let signalled = |step: &Step| match &step.what {
            What::Signal(signal) => Some(signal.noticed_on),
            What::Happened(happened) if happened.is_occasion() && !wrong.contains(&step.number) => Some(step.day),
            _ => None,
        };
        // Once there is a plan, what happens makes it want looking at again, and is no call for a first conversation.
        let before_talk = |day: &Date| talks.first().is_none_or(|first| day <= first);
        let signal = life.steps.iter().filter_map(signalled).filter(before_talk).min();
        let died = life.died_on.or_else(|| happening::death(life.steps).map(|(day, _)| day));
        Self { life, talks, signal, died, wrong }
    }

    /// The steps that count.
    fn steps(&self) -> impl Iterator<Item = &'a Step> {
        self.life.steps.iter().filter(|s| !self.wrong.contains(&s.number))
    }

    /// Somebody said 'no' or 'not now' after this day, and before there was a conversation.
    fn declined(&self, since: Date) -> bool {
        let before_talk = |s: &Step| self.talks.first().is_none_or(|talk| s.day < *talk);
        self.steps().any(|s| s.day >= since && before_talk(s) && declines(s) == Some(true))
    }

    /// The newest answer was 'no' or 'not now'.
    fn declines_now(&self) -> bool {
        self.steps().filter_map(declines).last() == Some(true)
    }

    /// Moved away before there was a conversation: it is for others to ask.
    fn left_unasked(&self) -> bool {
        self.talks.is_empty() && self.steps().any(|s| matches!(s.what, What::Ended { why: End::Moved, .. }))
    }

    /// The day on which dementia was diagnosed, as far as it is known.
    fn dementia(&self) -> Option<Date> {
        let of = |step: &Step| match &step.what {
            What::Signal(signal) if signal.reasons.contains(&Reason::Dementia) => Some(signal.noticed_on),
            What::Happened(h) if is_diagnosis(h, Condition::Dementia) => Some(step.day),
            _ => None,
        };
        self.steps().filter_map(of).min()
    }

    /// Moves that count: the day, how and where to.
    fn moves(&self) -> impl Iterator<Item = (Date, How, Living)> {
        self.steps().filter_map(|step| match &step.what {
            What::Happened(h) => match &**h {
                Happening::Moved(moved) => Some((step.day, moved.how, moved.to)),
                _ => None,
            },
            _ => None,
        })
    }

    /// The first day on which somebody was known to be incapable.
    fn incapable(&self) -> Option<Date> {
        let happened = self.steps().filter_map(|step| match &step.what {
            What::Happened(h) if matches!(**h, Happening::Capacity { now: Capable::No, .. }) => Some(step.day),
            _ => None,
        });
        let said = self.life.plan.into_iter().flat_map(|plan| {
            let no = |s: &&crate::plan::Statement<_>| is_incapable(s);
            plan.capacity.statements().filter(no).filter_map(|s| plan.said_on(s)).map(FhirDateTime::first_day)
        });
        happened.chain(said).min()
    }

    fn admitted(&self) -> Vec<Date> {
        self.moves().filter(|(_, how, to)| *how == How::Admitted && *to == Living::Hospital).map(|m| m.0).collect()
    }
}

/// Is it an answer to whether somebody is open to a conversation, and one that is not 'yes'?
fn declines(step: &Step) -> Option<bool> {
    match &step.what {
        What::Asked(answer) => Some(answer.open() != Open::Yes),
        What::Ended { why: End::Declined, .. } => Some(true),
        _ => None,
    }
}

fn is_incapable(statement: &crate::plan::Statement<crate::plan::LegalCapacity>) -> bool {
    statement.value.capable == Some(false)
}

fn is_diagnosis(happening: &Happening, wanted: Condition) -> bool {
    matches!(happening, Happening::Diagnosis { condition, .. } if *condition == wanted)
}

/// Days from one to the other.
fn days(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

fn later(day: Date, by: i64) -> Date {
    day.saturating_add(by.days())
}

/// What this patient counts for.
pub fn count(life: Life<'_>) -> Vec<Counted> {
    let seen = Seen::of(life);
    let one = |figure, counted: Option<(Date, u8, Option<u16>)>| {
        counted.map(|(day, answer, weeks)| Counted { figure, quarter: Quarter::of(day), answer, weeks })
    };
    let plain = |counted: Option<(Date, u8)>| counted.map(|(day, answer)| (day, answer, None));
    [
        one(Figure::Coverage, plain(coverage(&seen))),
        one(Figure::Wait, wait(&seen)),
        one(Figure::Dementia, dementia(&seen)),
        one(Figure::Reviewed, plain(reviewed(&seen))),
        one(Figure::Late, plain(late(&seen))),
        one(Figure::Wished, plain(wished(&seen))),
        one(Figure::Place, plain(place(&seen))),
        one(Figure::LastMonth, plain(last_month(&seen))),
        one(Figure::Emergency, plain(emergency(&seen))),
        one(Figure::Complete, plain(complete(&seen))),
        one(Figure::Reasons, plain(reasons(&seen))),
        one(Figure::Own, plain(own(&seen))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The next day on which this patient counts for something else, though nothing happens.
pub fn next_change(life: Life<'_>) -> Option<Date> {
    let seen = Seen::of(life);
    // Who had a conversation waits for none.
    let waits = |from: Option<Date>, days| from.filter(|_| seen.talks.is_empty()).map(|day| later(day, days));
    let (wait, dementia) = (waits(seen.signal, AFTER_SIGNAL), waits(seen.dementia(), AFTER_DEMENTIA));
    let overdue = seen.talks.last().and_then(|last| review::due_on(*last, life.months)).map(|due| later(due, 1));
    [wait, dementia, overdue].into_iter().flatten().filter(|day| *day > life.today).min()
}

/// Of which group of diagnoses somebody is.
pub fn group(steps: &[Step]) -> Group {
    if review::groups(steps).contains(&review::Group::Dementia) {
        return Group::Dementia;
    }
    let wrong = happening::mistaken(steps);
    let has = |conditions: &[Condition]| {
        steps.iter().filter(|s| !wrong.contains(&s.number)).any(|step| match &step.what {
            What::Happened(h) => conditions.iter().any(|c| is_diagnosis(h, *c)),
            What::Signal(signal) => signal.findings.iter().any(|f| match f {
                Finding::Spict { conditions: found, .. } => found.iter().any(|c| conditions.contains(c)),
                _ => false,
            }),
            _ => false,
        })
    };
    if has(&[Condition::Cancer]) {
        Group::Cancer
    } else if has(&[Condition::Heart, Condition::Lung, Condition::Kidney, Condition::Liver]) {
        Group::Organ
    } else {
        Group::Other
    }
}

fn coverage(seen: &Seen<'_>) -> Option<(Date, u8)> {
    let day = seen.signal.into_iter().chain(seen.talks.first().copied()).min()?;
    if !seen.talks.is_empty() {
        return Some((day, 0));
    }
    (!seen.left_unasked()).then_some((day, if seen.declines_now() { 1 } else { 2 }))
}

fn weeks(days: i64) -> Option<u16> {
    u16::try_from((days / 7).clamp(0, 520)).ok()
}

fn wait(seen: &Seen<'_>) -> Option<(Date, u8, Option<u16>)> {
    let signal = seen.signal.filter(|_| !seen.left_unasked())?;
    let talked = seen.talks.first().map(|talk| days(signal, *talk));
    match talked {
        Some(days) if days <= AFTER_SIGNAL => Some((signal, 0, weeks(days))),
        Some(_) | None if seen.declined(signal) => Some((signal, 3, None)),
        Some(days) => Some((signal, 1, weeks(days))),
        None if days(signal, seen.life.today) >= AFTER_SIGNAL => Some((signal, 2, None)),
        None => None,
    }
}

fn dementia(seen: &Seen<'_>) -> Option<(Date, u8, Option<u16>)> {
    let diagnosis = seen.dementia()?;
    if seen.talks.first().is_some_and(|talk| *talk < diagnosis) {
        return Some((diagnosis, 1, None));
    }
    match seen.talks.first().map(|talk| days(diagnosis, *talk)) {
        Some(days) if days <= AFTER_DEMENTIA => Some((diagnosis, 0, weeks(days))),
        Some(days) => Some((diagnosis, 2, weeks(days))),
        None if days(diagnosis, seen.life.today) >= AFTER_DEMENTIA => Some((diagnosis, 3, None)),
        None => None,
    }
}

fn reviewed(seen: &Seen<'_>) -> Option<(Date, u8)> {
    let newest = *seen.talks.last()?;
    let end = seen.died.unwrap_or(seen.life.today);
    let due = review::due_on(newest, seen.life.months)?;
    if due < end {
        return Some((due, 2));
    }
    let before = seen.talks.iter().rev().find(|day| **day < newest)?;
    let due = review::due_on(*before, seen.life.months)?;
    Some((newest, u8::from(newest > due)))
}

fn late(seen: &Seen<'_>) -> Option<(Date, u8)> {
    let nursing_home = seen.moves().filter(|(_, _, to)| *to == Living::NursingHome).map(|m| m.0).min();
    let events = [(nursing_home, 1_u8), (seen.incapable(), 2), (seen.died, 3)];
    let (day, cause) = events.into_iter().filter_map(|(day, cause)| Some((day?, cause))).min()?;
    let in_time = seen.talks.first().is_some_and(|talk| if cause == 3 { *talk <= day } else { *talk < day });
    Some((day, if in_time { 0 } else { cause }))
}

fn wished(seen: &Seen<'_>) -> Option<(Date, u8)> {
    let day = seen.died?;
    let told = happening::death(seen.life.steps).and_then(|(_, death)| death?.as_wished());
    Some((
        day,
        match told {
            Some(true) => 0,
            Some(false) => 1,
            None => 2,
        },
    ))
}

fn place(seen: &Seen<'_>) -> Option<(Date, u8)> {
    let day = seen.died?;
    let place = happening::death(seen.life.steps).and_then(|(_, death)| Some(death?.place));
    Some((
        day,
        match place {
            Some(Place::Home) => 0,
            Some(Place::NursingHome) => 1,
            Some(Place::Hospice) => 2,
            Some(Place::Other) => 3,
            Some(Place::Hospital) => 4,
            Some(Place::Unknown) | None => 5,
        },
    ))
}

fn last_month(seen: &Seen<'_>) -> Option<(Date, u8)> {
    let day = seen.died?;
    let told = happening::death(seen.life.steps).and_then(|(_, death)| death?.admitted_on);
    let admitted = seen.admitted().into_iter().chain(told).filter(|on| *on <= day).max();
    Some((
        day,
        match admitted {
            Some(on) if days(on, day) <= LAST_MONTH => 0,
            Some(_) => 1,
            None if seen.moves().next().is_some() => 1,
            None => 2,
        },
    ))
}

fn emergency(seen: &Seen<'_>) -> Option<(Date, u8)> {
    let first = *seen.talks.first()?;
    let day = seen.admitted().into_iter().filter(|on| *on > first).max()?;
    let read = seen.life.looked.iter().any(|look| days(day, *look).abs() <= AROUND);
    Some((day, u8::from(!read)))
}

fn complete(seen: &Seen<'_>) -> Option<(Date, u8)> {
    let newest = *seen.talks.last()?;
    let discussed = seen.life.plan?.discussed();
    let answer = match CORE.iter().filter(|topic| discussed.contains(topic)).count() {
        9 => 0,
        5..=8 => 1,
        _ => 2,
    };
    Some((newest, answer))
}

fn reasons(seen: &Seen<'_>) -> Option<(Date, u8)> {
    let (newest, plan) = (*seen.talks.last()?, seen.life.plan?);
    let limits: Vec<_> = Treatment::ALL
        .into_iter()
        .filter_map(|t| plan.directive(t)?.value())
        .filter(|d| matches!(d.decision, Decision::DoNot | Decision::Otherwise(_)))
        .collect();
    let explained = |text: &Option<String>| text.as_deref().is_some_and(|t| !t.trim().is_empty());
    let has_reason = |d: &&crate::plan::Directive| {
        explained(&d.comment) || matches!(&d.decision, Decision::Otherwise(condition) if explained(condition))
    };
    (!limits.is_empty()).then(|| (newest, u8::from(!limits.iter().all(has_reason))))
}

fn own(seen: &Seen<'_>) -> Option<(Date, u8)> {
    let newest = *seen.talks.last()?;
    let ticked = onward::done(seen.life.steps).into_iter().any(|done| {
        let own = matches!(done.event, onward::Event::Recorded { system: System::His | System::Ecd | System::Epd, .. });
        own && done.undone.is_none() && local_day(done.at) >= newest
    });
    Some((newest, u8::from(!ticked)))
}
