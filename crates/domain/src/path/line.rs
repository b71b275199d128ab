//! The path as a line with dates: what happened, and what is to come.

use super::{Past, Spoken, State, What, stands};
use crate::date::local_day;
use crate::signal::{Finding, Openness};
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
    let mut dots: Vec<Dot> = past.steps.iter().map(of_step).collect();
    if let Some(spoken) = past.spoken {
        dots.extend(of_plan(spoken));
    }
    if let Some(since) = past.draft_since {
        dots.push(Dot::new(since, "Begonnen met vastleggen"));
    }
    let told = past.steps.iter().any(|s| matches!(s.what, What::Ended { why: super::End::Died, .. }));
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

fn of_step(step: &super::Step) -> Dot {
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
            more.extend(appointment.words.clone());
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
    };
    Dot { more, by: Some(step.by.name.clone()), ..Dot::new(step.day, title) }
}

fn of_plan(spoken: &Spoken) -> Vec<Dot> {
    spoken
        .talks
        .iter()
        .map(|(day, recorded)| {
            let recorded = local_day(*recorded);
            let more = (recorded != *day).then(|| format!("Vastgelegd op {}.", words::day(recorded)));
            Dot { more: more.into_iter().collect(), ..Dot::new(*day, "Gesprek") }
        })
        .collect()
}

fn ahead(past: Past<'_>, today: Date) -> Option<Dot> {
    let (day, title) = match stands(past, today) {
        State::NotNow { until } => (until, "Opnieuw vragen"),
        State::Planned { on } if on > today => (on, "Gesprek"),
        State::Current { review_on: Some(on) } => (on, "Opnieuw bespreken"),
        State::ReviewDue { on } if on > today => (on, "Opnieuw bespreken"),
        _ => return None,
    };
    Some(Dot { ahead: true, ..Dot::new(day, title) })
}
