//! What came of asking other sources for their plan (PROCESS D7): that one of them disagrees with the plan here is put
//! before the lead, who looks at it and says that the plan here stands, or records the plan anew.
//!
//! Of what a source says nothing is kept but on which topics it disagrees, and of which day that is.

use crate::conflicts::{Differs, TOPICS};
use crate::path::{Step, What};
use crate::words::{self, in_text, join};
use serde::{Deserialize, Serialize};

/// The longest explanation, in characters.
pub const LONGEST: usize = 500;

/// Something about another source. Sealed at rest, as a step of the path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// What it says disagrees with the plan here, which is not newer.
    Differs {
        /// Name of the source.
        source: String,
        /// On what, in clinical order.
        topics: Vec<Differs>,
    },
    /// It disagrees no more.
    Agrees {
        /// Name of the source.
        source: String,
    },
    /// Somebody who records weighed it: the plan here stands.
    Weighed {
        /// Name of the source.
        source: String,
        /// On what it disagreed.
        topics: Vec<Differs>,
        /// Why the plan here stands.
        words: String,
    },
}

impl Event {
    /// The source it is about.
    pub fn source(&self) -> &str {
        match self {
            Self::Differs { source, .. } | Self::Agrees { source } | Self::Weighed { source, .. } => source,
        }
    }

    /// What happened, in a few words, and more about it: for the line.
    pub fn told(&self) -> (String, Vec<String>) {
        match self {
            Self::Differs { source, topics } => {
                (format!("{source} heeft een plan dat iets anders zegt"), vec![on_what(topics)])
            }
            Self::Agrees { source } => (format!("Geen tegenspraak meer met het plan van {source}"), Vec::new()),
            Self::Weighed { source, words, .. } => {
                (format!("Bekeken wat {source} anders heeft: het plan hier blijft gelden"), vec![words.clone()])
            }
        }
    }
}

/// 'Over reanimatie (8 november 2025) en plek van overlijden.'
pub fn on_what(topics: &[Differs]) -> String {
    let one = |d: &Differs| {
        let day = d.said_on.as_ref().map(|on| format!(" ({})", words::date(on))).unwrap_or_default();
        format!("{}{day}", in_text(d.topic))
    };
    format!("Over {}.", join(&topics.iter().map(one).collect::<Vec<_>>()))
}

/// A disagreement that nobody settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open<'a> {
    /// The step that told of it.
    pub step: &'a Step,
    /// Name of the source.
    pub source: &'a str,
    /// On what.
    pub topics: &'a [Differs],
}

/// The newest that was written of a source.
fn last<'a>(steps: &'a [Step], source: &str) -> Option<(&'a Step, &'a Event)> {
    steps.iter().rev().find_map(|step| match &step.what {
        What::Elsewhere(event) if event.source() == source => Some((step, &**event)),
        _ => None,
    })
}

/// What a step tells of a disagreement.
fn differs(step: &Step) -> Option<Open<'_>> {
    let What::Elsewhere(event) = &step.what else { return None };
    match &**event {
        Event::Differs { source, topics } => Some(Open { step, source, topics }),
        Event::Agrees { .. } | Event::Weighed { .. } => None,
    }
}

/// What nobody settled, one for each source, in order of writing.
pub fn open(steps: &[Step]) -> Vec<Open<'_>> {
    let is_last = |open: &Open<'_>| last(steps, open.source).is_some_and(|(step, _)| step.number == open.step.number);
    steps.iter().filter_map(differs).filter(is_last).collect()
}

/// What there is to write after a source gave its plan; nothing where that was written, or weighed, before. `whole`: all of
/// the plan came and was read. Of a plan that came in part, what is not in it takes nothing back: silence is no agreement.
pub fn news(steps: &[Step], source: &str, mut topics: Vec<Differs>, whole: bool) -> Option<Event> {
    let source = || source.to_owned();
    let known = match last(steps, &source()).map(|(_, event)| event) {
        Some(Event::Differs { topics, .. } | Event::Weighed { topics, .. }) => topics.as_slice(),
        _ => &[],
    };
    if !whole {
        let kept = known.iter().filter(|k| topics.iter().all(|t| t.topic != k.topic)).cloned().collect::<Vec<_>>();
        topics.extend(kept);
        topics.sort_by_key(|t| TOPICS.iter().position(|topic| *topic == t.topic));
    }
    if topics.is_empty() {
        let open = open(steps).iter().any(|o| o.source == source());
        return open.then(|| Event::Agrees { source: source() });
    }
    (known != topics).then(|| Event::Differs { source: source(), topics })
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// There is nothing to weigh.
    #[error("Deze tegenspraak is intussen opgelost of door een ander bekeken.")]
    Gone,
    /// No explanation.
    #[error("Schrijf kort waarom het plan hier blijft gelden.")]
    NoWords,
    /// Too long an explanation.
    #[error("Schrijf het korter: in hoogstens 500 tekens.")]
    TooLong,
}

/// Somebody weighed what a source says: the plan here stands.
///
/// # Errors
/// [`Wrong`], as a sentence for who asks.
pub fn weighed(steps: &[Step], source: &str, words: &str) -> Result<Event, Wrong> {
    let open = open(steps).into_iter().find(|o| o.source == source).ok_or(Wrong::Gone)?;
    let words = words.trim();
    match words.chars().count() {
        0 => Err(Wrong::NoWords),
        n if n > LONGEST => Err(Wrong::TooLong),
        _ => Ok(Event::Weighed { source: source.to_owned(), topics: open.topics.to_vec(), words: words.to_owned() }),
    }
}

/// Where a topic was taken from, as a plan says it: `overgenomen van Ziekenhuis Gelre, gezegd op 8 november 2025,
/// vastgesteld door dr. Van Huissen, huisarts`.
pub fn origin(source: &str, said: &words::Said) -> String {
    let day = said.said_on.as_ref().map(|on| format!(", gezegd op {}", words::date(on))).unwrap_or_default();
    let by = said.set_by.as_deref().map(|by| format!(", {by}")).unwrap_or_default();
    format!("overgenomen van {source}{day}{by}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::tests::by;
    use crate::plan::TopicId;

    fn step(number: u32, event: Event) -> Step {
        let at = "2026-11-20T10:00:00Z".parse().unwrap();
        let day = "2026-11-20".parse().unwrap();
        Step { number, at, day, by: by(), what: What::Elsewhere(Box::new(event)) }
    }

    fn cpr(day: &str) -> Vec<Differs> {
        vec![Differs { topic: TopicId::Cpr, said_on: crate::date::FhirDateTime::parse(day).ok() }]
    }

    #[test]
    fn a_disagreement_is_told_once_and_is_open_until_somebody_settles_it() {
        let found = news(&[], "Gelre", cpr("2025-11-08"), true).unwrap();
        let mut steps = vec![step(1, found)];
        assert_eq!(open(&steps).len(), 1);
        assert_eq!(news(&steps, "Gelre", cpr("2025-11-08"), true), None, "asked again, it says the same");
        assert!(news(&steps, "Rijnstate", cpr("2025-11-08"), true).is_some(), "another source is another matter");
        assert_eq!(weighed(&steps, "Gelre", " "), Err(Wrong::NoWords));
        assert_eq!(weighed(&steps, "Rijnstate", "x"), Err(Wrong::Gone));
        assert_eq!(weighed(&steps, "Gelre", &"x".repeat(501)), Err(Wrong::TooLong));
        let settled = weighed(&steps, "Gelre", " Met mevrouw besproken. ").unwrap();
        steps.push(step(2, settled));
        assert!(open(&steps).is_empty());
        assert_eq!(news(&steps, "Gelre", cpr("2025-11-08"), true), None, "that was weighed");
        let newer = news(&steps, "Gelre", cpr("2026-01-01"), true).unwrap();
        steps.push(step(3, newer));
        assert_eq!(open(&steps)[0].step.number, 3, "what is said anew there is looked at anew");
    }

    #[test]
    fn what_agrees_again_is_closed() {
        let mut steps = vec![step(1, news(&[], "Gelre", cpr("2025-11-08"), true).unwrap())];
        let agrees = news(&steps, "Gelre", Vec::new(), true).unwrap();
        assert_eq!(agrees, Event::Agrees { source: "Gelre".into() });
        steps.push(step(2, agrees));
        assert!(open(&steps).is_empty());
        assert_eq!(news(&steps, "Gelre", Vec::new(), true), None);
        assert_eq!(news(&[], "Gelre", Vec::new(), true), None);
    }

    #[test]
    fn what_comes_in_part_takes_nothing_back() {
        let both = [cpr("2025-11-08"), vec![Differs { topic: TopicId::Icu, said_on: None }]].concat();
        let steps = vec![step(1, news(&[], "Gelre", both, true).unwrap())];
        assert_eq!(news(&steps, "Gelre", Vec::new(), false), None, "silence is no agreement");
        assert_eq!(news(&steps, "Gelre", cpr("2025-11-08"), false), None);
        let Some(Event::Differs { topics, .. }) = news(&steps, "Gelre", cpr("2026-01-01"), false) else { panic!() };
        assert_eq!(topics.iter().map(|t| t.topic).collect::<Vec<_>>(), [TopicId::Cpr, TopicId::Icu]);
        assert!(matches!(news(&steps, "Gelre", Vec::new(), true), Some(Event::Agrees { .. })));
    }

    #[test]
    fn it_says_on_what() {
        let topics = [cpr("2025-11-08"), vec![Differs { topic: TopicId::Icu, said_on: None }]].concat();
        assert_eq!(on_what(&topics), "Over reanimatie (8 november 2025) en IC-opname.");
    }
}
