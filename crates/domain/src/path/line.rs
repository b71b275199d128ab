//! The path as a line with dates: what happened, and what is to come.

use super::{Past, Spoken, State, What, planned, stands};
use crate::date::local_day;
use crate::happening;
use crate::signal::{Finding, Openness};
use crate::talk::Talk;
use crate::words;
use jiff::civil::Date;

/// A point on the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dot {
    /// The day.
    pub day: Date,
    /// What happened then, in a few words.
    pub title: String,
    /// More about it.
    pub more: Vec<String>,
    /// By whom, where somebody did.
    pub by: Option<String>,
    /// It is still to come.
    pub ahead: bool,
}

/// The line, oldest first, what is to come last.
pub fn line(past: Past<'_>, today: Date) -> Vec<Dot> {
    let wrong = happening::mistaken(past.steps);
    let mut dots: Vec<Dot> = past.steps.iter().map(|step| of_step(step, wrong.contains(&step.number))).collect();
    if let Some(spoken) = past.spoken {
        dots.extend(of_plan(spoken, past.steps));
    }
    if let Some(since) = past.draft_since {
        dots.push(Dot::new(since, "Begonnen met vastleggen"));
    }
    let told = happening::death(past.steps).is_some();
    if let Some(day) = past.died_on.filter(|_| !told) {
        dots.push(Dot::new(day, "Overleden"));
    }
    dots.sort_by_key(|d| d.day);
    dots.extend(ahead(past, today));
    dots
}

impl Dot {
    fn new(day: Date, title: impl Into<String>) -> Self {
        Self { day, title: title.into(), more: Vec::new(), by: None, ahead: false }
    }
}

fn of_step(step: &super::Step, wrong: bool) -> Dot {
    let mut more = Vec::new();
    let title = match &step.what {
        What::Signal(signal) => {
            let reasons: Vec<&str> = signal.reasons.iter().map(|r| r.dutch()).collect();
            more.extend(signal.findings.iter().map(Finding::sentence));
            more.extend(signal.words.clone());
            format!("Signaal: {}", words::join(&reasons))
        }
        What::TakenUp => "Signaal opgepakt".to_owned(),
        What::Asked(Openness::Yes) => "Patiënt staat open voor een gesprek".to_owned(),
        What::Asked(Openness::NotNow { ask_again_on, material }) => {
            more.push(format!("Informatiemateriaal: {}.", material.dutch()));
            format!("Nu niet; opnieuw vragen vanaf {}", words::day(*ask_again_on))
        }
        What::Asked(Openness::No { reason }) => {
            more.push(reason.clone());
            "Patiënt wil geen gesprek".to_owned()
        }
        What::Planned(appointment) => {
            more.extend(appointment.lines());
            format!("Gesprek gepland op {}", words::day(appointment.on))
        }
        What::Cancelled { reason } => {
            more.push(reason.clone());
            "Gepland gesprek gaat niet door".to_owned()
        }
        What::Ended { why, words } => {
            more.extend(words.clone());
            format!("Beëindigd: {}", why.dutch())
        }
        What::Talk(talk) => {
            more.extend(talk.more());
            talk.title()
        }
        What::Document(event) => told(event.told(), &mut more),
        What::Onward(event) => told(event.told(), &mut more),
        What::Meeting(event) => told(event.told(), &mut more),
        What::Elsewhere(event) => told(event.told(), &mut more),
        What::Happened(happened) => {
            more.extend(happened.more());
            happened.title()
        }
        What::Handover(event) => told(event.told(), &mut more),
    };
    let title = if wrong { format!("{title} (ten onrechte vastgelegd)") } else { title };
    Dot { more, by: Some(step.by.name.clone()), ..Dot::new(step.day, title) }
}

/// The title, with what is more told put beside it.
fn told((title, words): (String, Vec<String>), more: &mut Vec<String>) -> String {
    more.extend(words);
    title
}

fn of_plan(spoken: &Spoken, steps: &[super::Step]) -> Vec<Dot> {
    // A conversation with a report stands there already.
    let told = |day: Date| steps.iter().any(|s| s.day == day && matches!(s.what, What::Talk(Talk::Held(_))));
    spoken
        .talks
        .iter()
        .map(|(day, recorded)| {
            let recorded = local_day(*recorded);
            let more = (recorded != *day).then(|| format!("Vastgelegd op {}.", words::day(recorded)));
            let title = if told(*day) { "In het plan vastgelegd" } else { "Gesprek" };
            Dot { more: more.into_iter().collect(), ..Dot::new(*day, title) }
        })
        .collect()
}

fn ahead(past: Past<'_>, today: Date) -> Option<Dot> {
    let state = stands(past, today);
    let next = planned(past).map(|a| a.on).filter(|on| *on > today && !matches!(state, State::Ended { .. }));
    if let Some(on) = next {
        return Some(Dot { ahead: true, ..Dot::new(on, "Gesprek") });
    }
    let (day, title) = match state {
        State::NotNow { until } => (until, "Opnieuw vragen"),
        State::Current { review_on: Some(on) } => (on, "Opnieuw bespreken"),
        State::ReviewDue { on, .. } if on > today => (on, "Opnieuw bespreken"),
        _ => return None,
    };
    Some(Dot { ahead: true, ..Dot::new(day, title) })
}
