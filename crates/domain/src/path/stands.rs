//! Where a patient stands: one pass from what ends everything to what is merely so.

use super::{Appointment, End, Past, Spoken, State, Step, What};
use crate::happening;
use crate::review::{self, Cause, why};
use crate::signal::Openness;
use crate::talk::Talk;
use jiff::Timestamp;
use jiff::civil::Date;

/// The state, from what happened and today. Total: every past has one.
pub fn stands(past: Past<'_>, today: Date) -> State {
    if let Some(on) = death(past) {
        return State::Ended { on, why: End::Died };
    }
    let open = Open::of(past);
    if let Some((on, why)) = open.ended {
        return State::Ended { on, why };
    }
    if let Some(since) = past.draft_since {
        return State::InConversation { since };
    }
    if let Some((since, _)) = open.held {
        return State::InConversation { since };
    }
    let planned = open.planned.map(|a| a.on);
    if let (Some(on), Some(spoken)) = (planned, past.spoken)
        && on >= today
    {
        // A further conversation hides neither that a plan counts nor that it waits for a doctor. Where the plan wants
        // looking at again, the conversation is what is done about it.
        let asks = why(past, today).iter().filter(|w| w.cause.asks()).map(|w| w.on).min();
        let state = of_plan(spoken, past.months, asks, today);
        if matches!(state, State::Current { .. } | State::Recorded { .. }) {
            return state;
        }
    }
    match (planned, open.asked) {
        (Some(on), _) if on >= today => return State::Planned { on },
        (Some(on), _) => return State::InConversation { since: on },
        (None, Some((since, Openness::Yes))) => return State::ToBePlanned { since },
        (None, Some((_, Openness::NotNow { ask_again_on, .. }))) => {
            let day = *ask_again_on;
            return if day > today { State::NotNow { until: day } } else { State::ToBeAsked { since: day } };
        }
        // Who said no with a plan keeps the plan, which is looked at again in its time.
        (None, Some((_, Openness::No { .. })) | None) => {}
    }
    match past.spoken {
        Some(spoken) => {
            // What a signal or a happening asks was asked; what stands in the plan itself, or beside it, asks all the same.
            let of_itself = |w: &&review::Why| w.cause.asks() && !matches!(w.cause, Cause::Signal | Cause::Happened);
            let asks = why(past, today).iter().filter(of_itself).map(|w| w.on).chain(open.signalled).min();
            of_plan(spoken, past.months, asks, today)
        }
        None => match (open.taken, open.signalled) {
            (Some(since), Some(_)) => State::ToBeAsked { since },
            (_, Some(since)) => State::Signalled { since },
            (_, None) => State::NoSignal,
        },
    }
}

pub(crate) fn death(past: Past<'_>) -> Option<Date> {
    past.died_on.or_else(|| happening::death(past.steps).map(|(day, _)| day))
}

fn of_plan(spoken: &Spoken, months: u32, asks: Option<Date>, today: Date) -> State {
    let due = review::due_on(spoken.last(), months);
    match due {
        // On the very day that the interval is full the plan is due, not yet overdue.
        Some(due) if today > due => State::Overdue { since: due },
        _ if spoken.proposals > 0 => State::Recorded { since: crate::date::local_day(spoken.recorded_at) },
        _ => match (asks, due) {
            (Some(on), _) => State::ReviewDue { on, changed: true },
            (None, Some(due)) if today >= review::asks_from(due) => State::ReviewDue { on: due, changed: false },
            (None, review_on) => State::Current { review_on },
        },
    }
}

/// What is open since the newest conversation that answered it.
#[derive(Default)]
pub(crate) struct Open<'a> {
    /// The oldest signal, or thing that happened, that nobody answered.
    pub signalled: Option<Date>,
    /// Somebody is to take it up: it was signalled, or there is no plan to look at because of it.
    pub to_take_up: bool,
    /// When the oldest thing that happened to somebody with a plan was written down.
    pub happened: Option<Timestamp>,
    /// When it was taken up.
    pub taken: Option<Date>,
    /// The newest answer, and its day.
    pub asked: Option<(Date, &'a Openness)>,
    /// The appointment that stands.
    pub planned: Option<&'a Appointment>,
    /// Since when what was talked about is in no plan yet, and when the newest report of it was written.
    pub held: Option<(Date, Timestamp)>,
    /// The path ended, and why.
    pub ended: Option<(Date, End)>,
    /// When what says what to do next was written down.
    pub at: Option<Timestamp>,
}

/// What of a record goes along when it is merged into another, so that nobody who should be asked is forgotten: signals that
/// no conversation answered, and what was answered or planned since, where the other record knows of nothing later.
pub fn goes_along<'a>(from: Past<'a>, into: Past<'_>) -> Vec<&'a Step> {
    let (open, there) = (Open::of(from), Open::of(into));
    if open.ended.is_some() || death(from).is_some() {
        return Vec::new();
    }
    let busy = there.asked.is_some() || there.planned.is_some() || there.held.is_some();
    let wrong = happening::mistaken(from.steps);
    let unanswered = |s: &&Step| !wrong.contains(&s.number) && !is_answered(s, from.spoken);
    let kind = |s: &&Step| match s.what {
        What::Signal(_) => true,
        What::Asked(_) | What::Planned(_) | What::Cancelled { .. } => !busy,
        _ => false,
    };
    from.steps.iter().filter(unanswered).filter(kind).collect()
}

/// The appointment that stands, whatever else is so.
pub fn planned(past: Past<'_>) -> Option<&Appointment> {
    Open::of(past).planned
}

/// Was this step answered by a conversation: one of that day or later, written down after it? An appointment is not
/// answered before its day, so that a further one outlasts the plan that the first one brought. What a report tells is
/// in the plan once that rests on a conversation of its day or later, whichever was written first.
pub(crate) fn is_answered(step: &Step, spoken: Option<&Spoken>) -> bool {
    let day = match &step.what {
        What::Planned(appointment) => appointment.on,
        _ => step.day,
    };
    let reported = matches!(step.what, What::Talk(Talk::Held(_)));
    spoken.is_some_and(|s| s.talks.iter().any(|(held, at)| *held >= day && (reported || *at >= step.at)))
}

impl<'a> Open<'a> {
    pub(crate) fn of(past: Past<'a>) -> Self {
        let mut open = Self::default();
        let wrong = happening::mistaken(past.steps);
        for step in past.steps.iter().filter(|s| !wrong.contains(&s.number)) {
            if is_answered(step, past.spoken) {
                open.leave(step);
            } else {
                open.take(step, past.spoken.is_some());
            }
        }
        open
    }

    /// What was answered asks for nothing; yet it may have taken the place of an appointment whose day still comes.
    fn leave(&mut self, step: &Step) {
        match &step.what {
            What::Planned(_) | What::Asked(_) | What::Cancelled { .. } | What::Ended { .. } => self.planned = None,
            What::Talk(talk) => self.leave_talk(talk, step.day),
            What::Signal(_)
            | What::TakenUp
            | What::Document(_)
            | What::Onward(_)
            | What::Meeting(_)
            | What::Handover(_)
            | What::Elsewhere(_)
            | What::Happened(_) => {}
        }
    }

    /// An appointment is over when it is needed no more, or when there was a conversation on its day or after.
    fn leave_talk(&mut self, talk: &Talk, day: Date) {
        let over = match talk {
            Talk::NotNeeded { .. } => true,
            Talk::Held(_) => self.planned.is_some_and(|a| a.on <= day),
            _ => false,
        };
        if over {
            self.planned = None;
        }
    }

    fn take(&mut self, step: &'a Step, has_plan: bool) {
        let day = step.day;
        match &step.what {
            What::Signal(_) => self.notice(step, true),
            What::Happened(happened) if happened.is_occasion() => self.notice(step, !has_plan),
            What::TakenUp => (self.taken, self.at) = (Some(day), Some(step.at)),
            What::Asked(answer) => {
                let ended = matches!(answer, Openness::No { .. }) && !has_plan;
                *self = Self {
                    asked: Some((day, answer)),
                    ended: ended.then_some((day, End::Declined)),
                    at: Some(step.at),
                    ..Self::default()
                };
            }
            What::Planned(appointment) => {
                (self.planned, self.ended, self.at) = (Some(appointment), None, Some(step.at));
            }
            What::Cancelled { .. } => {
                if self.planned.take().is_some() {
                    // What was planned was wanted: it is to be planned anew.
                    (self.asked, self.at) = (Some((day, &Openness::Yes)), Some(step.at));
                }
            }
            What::Ended { why, .. } => {
                *self = Self { ended: Some((day, *why)), at: Some(step.at), ..Self::default() };
            }
            What::Talk(talk) => {
                self.leave_talk(talk, day);
                if matches!(talk, Talk::Held(_)) {
                    let since = self.held.map_or(day, |(first, _)| first.min(day));
                    (self.held, self.asked, self.ended) = (Some((since, step.at)), None, None);
                }
            }
            // What is kept beside the plan moves nobody along the path.
            What::Document(_)
            | What::Onward(_)
            | What::Meeting(_)
            | What::Handover(_)
            | What::Elsewhere(_)
            | What::Happened(_) => {}
        }
    }

    /// Something new: who said 'not now' or 'no' is asked anew, and what ended begins again. Where a plan can be looked at
    /// because of it, nobody need take it up first.
    fn notice(&mut self, step: &Step, to_take_up: bool) {
        let waits = matches!(self.asked, Some((_, Openness::Yes)));
        if waits || self.planned.is_some() || self.held.is_some() {
            return;
        }
        let began = self.signalled.filter(|_| self.asked.is_none() && self.ended.is_none());
        let goes_on = began.is_some();
        let same = goes_on && (self.to_take_up || !to_take_up);
        *self = Self {
            signalled: began.or(Some(step.day)),
            to_take_up: to_take_up || goes_on && self.to_take_up,
            happened: self.happened.filter(|_| goes_on).or((!to_take_up).then_some(step.at)),
            taken: self.taken.filter(|_| goes_on),
            at: self.at.filter(|_| same).or(Some(step.at)),
            ..Self::default()
        };
    }
}
