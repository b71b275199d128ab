//! Which tasks follow from where a patient stands. Computed anew after each thing that happens, so that the tasks and
//! the path cannot disagree, and nobody who should be asked is forgotten.

use super::Kind;
use crate::date::local_day;
use crate::document;
use crate::elsewhere;
use crate::meeting;
use crate::path::{Open, Past, death};
use crate::plan::DoubtKind;
use crate::review::{self, Cause, Why};
use crate::signal::Openness;
use crate::talk;
use jiff::civil::Date;
use jiff::{Span, Timestamp};

/// A task that should be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Wanted {
    /// What.
    pub kind: Kind,
    /// The step it is about, where there may be several of a kind; 0: the whole path.
    pub about: u32,
    /// By which day.
    pub due: Date,
}

impl Wanted {
    /// Is this the task that is open since `made_at`, for `day`; and by which day is it to be done then? Another day alone
    /// does not take it from whoever has it. What waits for a doctor or for a choice does not get later because more is
    /// written. The review of a plan that is superseded is not that of the next one. `recorded_at`: the plan as it stands.
    pub fn goes_on(self, day: Date, made_at: Timestamp, recorded_at: Option<Timestamp>) -> Option<Date> {
        match self.kind {
            Kind::SetLimits | Kind::Settle | Kind::Representative => Some(day.min(self.due)),
            Kind::Report => Some(self.due),
            Kind::Review if recorded_at.is_none_or(|recorded| recorded <= made_at) => Some(self.due),
            _ => (day == self.due).then_some(day),
        }
    }
}

/// Days within which each is to be done, from the day it was written down; S1 to S4 name none, so these are ours.
const TAKE_UP: i64 = 3;
const ASK: i64 = 7;
const PLAN: i64 = 7;
const RECORD: i64 = 7;
const READ: i64 = 3;
const SET: i64 = 2;
const SETTLE: i64 = 7;
const DISCUSS: i64 = 7;

fn after(at: Option<Timestamp>, days: i64) -> Date {
    let day = at.map_or(Date::MIN, local_day);
    day.saturating_add(Span::new().days(days))
}

/// The tasks that should be open for this patient; at most one of a kind about the same. Where the path
/// ended there is none but what a meeting agreed on since.
pub fn wanted(past: Past<'_>) -> Vec<Wanted> {
    let open = Open::of(past);
    if death(past).is_some() {
        return Vec::new();
    }
    // What a meeting agreed on is done also for who wants no conversation.
    let agreed = meeting::open(past.steps).into_iter();
    let mut all: Vec<Wanted> =
        agreed.map(|t| Wanted { kind: Kind::Agreed, about: t.step.number, due: t.agreed.by }).collect();
    if open.ended.is_some() {
        return all;
    }
    for request in talk::requests(past.steps) {
        let about = request.step.number;
        if request.is_open() {
            all.push(Wanted { kind: Kind::Support, about, due: request.asked.needed_by });
        }
        if let Some(answer) = request.unread() {
            all.push(Wanted { kind: Kind::SupportAnswer, about, due: after(Some(answer.at), READ) });
        }
    }
    for open in elsewhere::open(past.steps) {
        let due = after(Some(open.step.at), SETTLE);
        all.push(Wanted { kind: Kind::Elsewhere, about: open.step.number, due });
    }
    let mut want = |kind, due| all.push(Wanted { kind, about: 0, due });
    let mut under_way = false;
    match (open.planned, open.held) {
        // What was talked about may wait for the further conversation, for several make one plan (G4).
        (Some(appointment), _) => {
            want(Kind::Report, appointment.on);
            under_way = true;
        }
        (None, Some((_, at))) => {
            want(Kind::Record, after(Some(at), RECORD));
            under_way = true;
        }
        (None, None) => {}
    }
    // Where a conversation is planned or was held, nothing more is asked for.
    match (open.planned, open.asked, open.held, open.taken, open.signalled) {
        (None, Some((_, Openness::Yes)), ..) => {
            want(Kind::Plan, after(open.at, PLAN));
            under_way = true;
        }
        (None, Some((_, Openness::NotNow { ask_again_on, .. })), ..) => want(Kind::Ask, *ask_again_on),
        (None, None, None, Some(_), Some(_)) if open.to_take_up => want(Kind::Ask, after(open.at, ASK)),
        (None, None, None, None, Some(_)) if open.to_take_up => want(Kind::Signal, after(open.at, TAKE_UP)),
        _ => {}
    }
    if let Some(since) = document::to_discuss(past.steps) {
        want(Kind::Document, after(Some(since), DISCUSS));
    }
    if let Some(spoken) = past.spoken {
        let recorded = Some(spoken.recorded_at);
        if spoken.proposals > 0 {
            want(Kind::SetLimits, after(recorded, SET));
        }
        for doubt in &spoken.to_settle {
            match doubt {
                DoubtKind::NoRepresentative => want(Kind::Representative, after(recorded, SETTLE)),
                _ => want(Kind::Settle, after(recorded, SETTLE)),
            }
        }
        if let Some(due) = review_by(past, &open).filter(|_| !under_way) {
            want(Kind::Review, due);
        }
    }
    all
}

/// By which day the plan is looked at again: the interval, or what asks for it earlier. A signal has a task of its own.
fn review_by(past: Past<'_>, open: &Open<'_>) -> Option<Date> {
    let asks = |why: &Why| match why.cause {
        Cause::Signal => false,
        Cause::Happened => open.happened.is_some(),
        _ => true,
    };
    review::all(past).into_iter().filter(asks).map(|why| why.by).min()
}
