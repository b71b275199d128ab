//! Why a plan wants looking at again: one list, each reason with its day and a sentence (PROCESS E1, E4). The path, the
//! tasks and every page that names what is doubtful read it here.

use super::{asks_from, due_on};
use crate::date::{FhirDateTime, local_day};
use crate::document::{self, Agrees, Event};
use crate::happening;
use crate::path::{Past, What, is_answered};
use crate::plan::{Content, Doubt, DoubtKind, ReviewBy, TopicId, Treatment, doubts};
use crate::words;
use jiff::Span;
use jiff::civil::Date;

/// Days within which a plan is looked at again after something happened; E1 names none, so these are ours.
pub const WITHIN: i64 = 14;

/// What kind of reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// The interval is over.
    Late,
    /// A limit is past its own end.
    Limit,
    /// Something happened since the last conversation.
    Happened,
    /// Something was signalled since.
    Signal,
    /// A document was added since that nobody held against the plan, or that says something else.
    Document,
    /// The day until which a treatment would go on is over.
    Course,
    /// The day until which something was agreed for a wish is over.
    Wish,
    /// The interval is nearly over.
    Soon,
}

impl Cause {
    /// Does somebody have to do something about it before the interval is over?
    pub fn asks(self) -> bool {
        !matches!(self, Self::Late | Self::Soon)
    }
}

/// A reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// Of which kind.
    pub cause: Cause,
    /// The day it is about.
    pub on: Date,
    /// By which day somebody looks at the plan because of it.
    pub by: Date,
    /// Dutch sentence.
    pub sentence: String,
    /// The same for acute care; absent: not for them.
    pub in_emergency: Option<String>,
}

/// Something in the plan that has an end of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ends {
    /// What: a limit by its title, a wish in its words.
    pub what: String,
    /// The last day.
    pub on: Date,
    /// A limit, rather than a wish.
    pub is_limit: bool,
}

fn last_day(date: &FhirDateTime) -> Date {
    let first = date.first_day();
    match date.as_str().len() {
        4 => first.last_of_year(),
        7 => first.last_of_month(),
        _ => first,
    }
}

/// What in a plan has an end, in clinical order.
pub fn ends(content: &Content) -> Vec<Ends> {
    let mut all = Vec::new();
    let mut limit = |topic: TopicId, end: Option<&FhirDateTime>| {
        all.extend(end.map(|end| Ends { what: words::title(topic).to_owned(), on: last_day(end), is_limit: true }));
    };
    for treatment in Treatment::ALL {
        let directive = content.directive(treatment).and_then(|t| t.value());
        limit(treatment.topic(), directive.and_then(|d| d.ended.as_ref()));
    }
    for other in content.other_limits.value().into_iter().flat_map(|l| &l.0) {
        limit(TopicId::OtherLimits, other.directive.ended.as_ref());
    }
    let wishes = content.life_wishes.values().filter_map(|t| t.value()).filter(|w| !w.withdrawn);
    all.extend(wishes.filter_map(|w| {
        let on = last_day(w.until.as_ref()?);
        Some(Ends { what: w.wish.clone(), on, is_limit: false })
    }));
    all
}

fn within(day: Date) -> Date {
    day.saturating_add(Span::new().days(WITHIN))
}

/// Every reason that there is or will be, whatever the day; none without a plan.
pub(crate) fn all(past: Past<'_>) -> Vec<Why> {
    let Some(spoken) = past.spoken else { return Vec::new() };
    let last = spoken.last();
    let mut all: Vec<Why> = Vec::new();
    for end in &spoken.ends {
        let day = words::day(end.on);
        if end.is_limit {
            let sentence = format!("{}: deze afspraak gold tot en met {day}.", end.what);
            let in_emergency = Some(sentence.clone());
            all.push(Why { cause: Cause::Limit, on: end.on, by: end.on, sentence, in_emergency });
        } else if end.on > last {
            let sentence = format!("De afspraak bij de wens ‘{}’ liep tot en met {day}.", words::trimmed(&end.what));
            all.push(Why { cause: Cause::Wish, on: end.on, by: end.on, sentence, in_emergency: None });
        }
    }
    let open = |step: &&crate::path::Step| !is_answered(step, past.spoken);
    let wrong = happening::mistaken(past.steps);
    for step in past.steps.iter().rev().filter(open).filter(|s| !wrong.contains(&s.number)) {
        match &step.what {
            What::Happened(happened) if happened.is_occasion() => {
                let day = words::day(step.day);
                let sentence = format!("{}, op {day}: daarna is dit plan niet opnieuw besproken.", happened.title());
                let in_emergency = Some(format!("Na het laatste gesprek, op {day}: {}.", happened.in_emergency()));
                let by = within(local_day(step.at));
                all.push(Why { cause: Cause::Happened, on: step.day, by, sentence, in_emergency });
            }
            What::Signal(signal) => {
                let day = words::day(signal.noticed_on);
                let reasons: Vec<&str> = signal.reasons.iter().map(|r| r.dutch()).collect();
                let sentence = format!("Na het laatste gesprek, op {day}, gesignaleerd: {}.", words::join(&reasons));
                let in_emergency = Some(format!("Na het laatste gesprek, op {day}, is iets gesignaleerd."));
                let by = within(local_day(step.at));
                all.push(Why { cause: Cause::Signal, on: signal.noticed_on, by, sentence, in_emergency });
            }
            _ => {}
        }
    }
    all.extend(documents(past));
    for (_, course) in happening::courses(past.steps) {
        if let Some(until) = course.until.filter(|until| *until > last) {
            let sentence = format!(
                "{} zou doorgaan tot en met {} (doel: {}). Kijk of dat nog zo is.",
                words::capitalised(words::trimmed(&course.what)),
                words::day(until),
                words::trimmed(&course.goal)
            );
            all.push(Why { cause: Cause::Course, on: until, by: until, sentence, in_emergency: None });
        }
    }
    if let Some(due) = due_on(last, past.months) {
        let sentence = format!("Uiterlijk {} hoort dit plan opnieuw besproken te worden.", words::day(due));
        all.push(Why { cause: Cause::Soon, on: due, by: due, sentence, in_emergency: None });
    }
    all.sort_by_key(|w| w.cause);
    all
}

/// Documents that were added since the last conversation, which nobody found to say the same as the plan.
fn documents(past: Past<'_>) -> Vec<Why> {
    let standing = document::standing(past.steps, None);
    let added = past.steps.iter().filter(|s| !is_answered(s, past.spoken)).filter_map(|step| match &step.what {
        What::Document(event) => match &**event {
            Event::Added { name, .. } => Some((step, name)),
            _ => None,
        },
        _ => None,
    });
    let of = |(step, name): (&crate::path::Step, &document::Name)| {
        let document = &standing.iter().find(|s| s.name == *name && s.ended.is_none())?.document;
        let (on, at) = (step.day, local_day(step.at));
        (document.kind.is_for_doctor() && document.agrees != Agrees::Yes).then(|| Why {
            cause: Cause::Document,
            on,
            by: within(at),
            sentence: format!("{} kwam erbij op {}, na het laatste gesprek.", document.title(), words::day(on)),
            in_emergency: Some(format!("Na het laatste gesprek, op {}, kwam er een document bij.", words::day(on))),
        })
    };
    added.filter_map(of).collect()
}

/// Why the plan wants looking at today, the weightiest first.
pub fn why(past: Past<'_>, today: Date) -> Vec<Why> {
    let holds = |why: &Why| match why.cause {
        Cause::Limit | Cause::Course | Cause::Wish => today > why.on,
        Cause::Soon => today >= asks_from(why.on),
        _ => true,
    };
    let late = |why: Why| {
        if why.cause != Cause::Soon || today <= why.on {
            return why;
        }
        let sentence = format!("Uiterlijk {} had dit plan opnieuw besproken moeten zijn.", words::day(why.on));
        Why { cause: Cause::Late, in_emergency: Some(sentence.clone()), sentence, ..why }
    };
    let mut all: Vec<Why> = all(past).into_iter().filter(holds).map(late).collect();
    all.sort_by_key(|w| w.cause);
    all
}

/// All that makes a plan doubtful today, each in a sentence, the weightiest first: what is not settled in it, why it wants
/// looking at again, and documents that say something else.
pub fn doubtful(content: &Content, past: Past<'_>, today: Date) -> Vec<String> {
    together(content, past, today, |doubt| Some(doubt.sentence.clone()), |why| Some(why.sentence.clone()))
}

/// The same for acute care: without what somebody typed, and without what is no more than nearly due.
pub fn doubtful_in_emergency(content: &Content, past: Past<'_>, today: Date) -> Vec<String> {
    together(content, past, today, |doubt| Some(doubt.sentence.clone()), |why| why.in_emergency.clone())
}

fn together(
    content: &Content,
    past: Past<'_>,
    today: Date,
    doubted: impl Fn(&Doubt) -> Option<String>,
    told: impl Fn(&Why) -> Option<String>,
) -> Vec<String> {
    let by = ReviewBy { today, interval_months: past.months };
    let doubts = doubts(content, by);
    // How old the plan is stands among its own doubts.
    let overdue = doubts.iter().any(|d| d.kind == DoubtKind::Overdue);
    let why = why(past, today);
    let reasons = why.iter().filter(|w| !(overdue && w.cause == Cause::Late)).filter_map(told);
    let says_otherwise = document::doubts(past.steps, Some(content));
    doubts.iter().filter_map(doubted).chain(reasons).chain(says_otherwise).collect()
}
