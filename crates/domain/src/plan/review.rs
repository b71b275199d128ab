//! What is open in a plan, what makes it doubtful, and the one sentence that sums it up.

use super::{Content, Decision, Directive, SetBy, TopicId, Treatment, Why};
use crate::code::{PolicyGoal, TelecomType, YesNoUnknown};
use crate::date::FhirDateTime;
use crate::people::{ContactPerson, ProfessionalKey};
use crate::words::{self, in_text, join, title};
use jiff::civil::Date;

/// Why a plan is doubted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DoubtKind {
    /// Two statements of one day differ (decision 3), or one came as words without an answer, and nobody chose yet.
    Conflict,
    /// A limit came as set from elsewhere by nobody who is known to be allowed to (decision 7).
    SetByUnclear,
    /// Not capable, and nobody speaks for the patient (decision 8).
    NoRepresentative,
    /// A representative who cannot be called.
    NoPhone,
    /// Not talked about for longer than the interval for review (E1).
    Overdue,
    /// What was recorded earlier says something else (1199).
    EarlierDiffers,
}

impl DoubtKind {
    /// Is it something that is missing, rather than something that is doubted (decision 8)?
    pub fn is_missing(self) -> bool {
        matches!(self, Self::NoRepresentative | Self::NoPhone)
    }
}

/// A reason to doubt a plan, with the sentence that tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Why.
    pub kind: DoubtKind,
    /// The topic, where it is about one.
    pub topic: Option<TopicId>,
    /// All topics it is about, in clinical order.
    pub topics: Vec<TopicId>,
    /// Dutch sentence.
    pub sentence: String,
    /// Since when, where known.
    pub since: Option<FhirDateTime>,
}

/// What a plan is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewBy {
    /// The day of today in the Netherlands.
    pub today: Date,
    /// After how many months a plan is to be looked at again (E1); 0: never.
    pub interval_months: u32,
}

impl Doubt {
    fn new(kind: DoubtKind, topics: Vec<TopicId>, sentence: String, since: Option<FhirDateTime>) -> Self {
        let topic = if let [one] = topics[..] { Some(one) } else { None };
        Self { kind, topic, topics, sentence, since }
    }
}

/// The limits that wait for a doctor, in clinical order.
pub fn open_proposals(content: &Content) -> Vec<TopicId> {
    words::topics(content).into_iter().filter(|t| words::is_proposed(content, *t)).collect()
}

/// Does what is not settled make the plan doubtful, whatever the day? The kinds that somebody has to do something about.
pub(crate) fn to_settle(content: &Content) -> Vec<DoubtKind> {
    let conflict = words::topics(content).into_iter().any(|t| words::open_conflict(content, t).is_some());
    let mut kinds: Vec<_> = conflict.then_some(DoubtKind::Conflict).into_iter().collect();
    kinds.extend(no_representative(content).map(|d| d.kind));
    kinds
}

/// What makes the plan doubtful, the weightiest first.
pub fn doubts(content: &Content, by: ReviewBy) -> Vec<Doubt> {
    let mut all = conflicts(content);
    all.extend(set_by_unclear(content));
    all.extend(no_representative(content));
    all.extend(no_phone(content));
    all.extend(overdue(content, by));
    all.extend(earlier_differs(content));
    all
}

/// A conflict is resolved once something newer was said on its topic.
fn conflicts(content: &Content) -> Vec<Doubt> {
    let mut all = Vec::new();
    for topic in words::topics(content) {
        let Some(at) = words::open_conflict(content, topic) else { continue };
        let Some(open) = words::filed(content, topic).into_iter().nth(at) else { continue };
        let current = words::said(content, topic);
        let day = open.said.said_on.as_ref().map(|d| format!("op {} ", words::date(d))).unwrap_or_default();
        let in_words = topic.is_limit() || matches!(topic, TopicId::Goal | TopicId::PlaceOfDeath | TopicId::Euthanasia);
        let stands = current.or_else(|| words::proposed(content, topic));
        let told = match &stands {
            Some(stands) if open.why == Why::WordsOnly => {
                let words =
                    open.said.comment.as_deref().map(|c| format!(" (‘{}’)", words::trimmed(c))).unwrap_or_default();
                format!(
                    "{day}is alleen een toelichting gegeven, zonder keuze{words}; wat er stond ({}) geldt tot iemand kiest",
                    words::trimmed(&stands.value)
                )
            }
            Some(stands) if stands.value == open.said.value && stands.comment == open.said.comment => {
                format!("{day}kwam deze afspraak van elders als beëindigd, terwijl die hier nog geldt")
            }
            Some(stands) if in_words => format!(
                "{day}is elders iets anders vastgelegd ({}) dan hier staat ({})",
                words::trimmed(&open.said.value),
                words::trimmed(&stands.value)
            ),
            _ => format!("{day}is elders iets anders vastgelegd dan hier staat"),
        };
        let sentence = format!("{}: {told}.", title(topic));
        all.push(Doubt::new(DoubtKind::Conflict, vec![topic], sentence, open.said.said_on));
    }
    all
}

type Unclear = (Option<ProfessionalKey>, Option<bool>);

fn unclear(directive: &Directive) -> Option<Unclear> {
    match directive.set_by {
        Some(SetBy::Elsewhere { by, may }) if may != Some(true) => Some((by, may)),
        _ => None,
    }
}

/// One doubt for all limits that came from the same hand.
fn set_by_unclear(content: &Content) -> Vec<Doubt> {
    let mut found: Vec<(Unclear, Vec<TopicId>)> = Vec::new();
    for topic in TopicId::FORM {
        let limits: Vec<&Directive> = match Treatment::of_topic(topic) {
            Some(t) => content.directive(t).and_then(|t| t.value()).into_iter().collect(),
            None if topic == TopicId::OtherLimits => {
                content.other_limits.value().into_iter().flat_map(|l| &l.0).map(|l| &l.directive).collect()
            }
            None => continue,
        };
        for who in limits.into_iter().filter_map(unclear) {
            match found.iter_mut().find(|(w, _)| *w == who) {
                Some((_, topics)) if topics.contains(&topic) => {}
                Some((_, topics)) => topics.push(topic),
                None => found.push((who, vec![topic])),
            }
        }
    }
    found
        .into_iter()
        .map(|((by, may), topics)| {
            let many = topics.len() > 1 || topics.iter().any(|t| words::is_plural(*t));
            let names: Vec<String> = topics.iter().map(|t| in_text(*t)).collect();
            let open = format!(
                "{} {} elders vastgesteld",
                words::capitalised(&join(&names)),
                if many { "zijn" } else { "is" }
            );
            let who = by.and_then(|k| content.professional(k)).map(words::professional);
            let sentence = match (who, may) {
                (Some(who), Some(false)) => {
                    format!("{open} door {who}; die functie mag geen behandelgrenzen vaststellen.")
                }
                (None, Some(false)) => format!("{open} in een functie die geen behandelgrenzen mag vaststellen."),
                (Some(who), _) => format!("{open} door {who}; niet bekend is of die behandelgrenzen mag vaststellen."),
                (None, _) => format!("{open}; er staat niet bij door wie en in welke functie."),
            };
            let since = topics.first().and_then(|t| words::said(content, *t)).and_then(|s| s.said_on);
            Doubt::new(DoubtKind::SetByUnclear, topics, sentence, since)
        })
        .collect()
}

fn since_capacity(content: &Content) -> Option<FhirDateTime> {
    content.capacity.current.as_ref().and_then(|s| content.said_on(s)).cloned()
}

fn no_representative(content: &Content) -> Option<Doubt> {
    let not_capable = content.capacity.value()?.capable == Some(false);
    (not_capable && content.representative().is_none()).then(|| {
        let sentence = "De patiënt is niet wilsbekwaam, maar er is geen vertegenwoordiger vastgelegd.".to_owned();
        Doubt::new(DoubtKind::NoRepresentative, vec![TopicId::Capacity], sentence, since_capacity(content))
    })
}

/// Can somebody be called? A fax cannot.
fn can_be_called(person: &ContactPerson) -> bool {
    person.telephones.iter().any(|t| t.kind != Some(TelecomType::Fax) && words::phone(t).is_some())
}

fn no_phone(content: &Content) -> Option<Doubt> {
    let representative = content.representative().filter(|p| !can_be_called(p))?;
    let sentence =
        format!("Van vertegenwoordiger {} is geen telefoonnummer vastgelegd.", words::person(representative));
    Some(Doubt::new(DoubtKind::NoPhone, vec![TopicId::Capacity], sentence, since_capacity(content)))
}

/// Counted from the newest conversation; one that confirmed the plan unchanged is one (E3).
fn overdue(content: &Content, by: ReviewBy) -> Option<Doubt> {
    let last = content.newest_conversation()?.date().clone();
    let months = words::months_between(last.first_day(), by.today);
    let over = by.interval_months > 0 && u32::try_from(months).is_ok_and(|m| m >= by.interval_months) && {
        // On the very day that the interval is full the plan is due, not yet overdue.
        by.today > last.first_day().saturating_add(jiff::Span::new().months(i64::from(by.interval_months)))
    };
    over.then(|| {
        let sentence = format!(
            "Dit plan is {} (laatste gesprek: {}); het hoort {} opnieuw besproken te worden.",
            words::old(last.first_day(), by.today),
            words::date(&last),
            words::every(by.interval_months)
        );
        Doubt::new(DoubtKind::Overdue, Vec::new(), sentence, Some(last))
    })
}

fn earlier_differs(content: &Content) -> Option<Doubt> {
    let statement = content.earlier.current.as_ref().filter(|s| s.value.differs == Some(YesNoUnknown::Yes))?;
    let sentence = "In eerder vastgelegde behandelwensen staan andere wensen dan in dit plan.".to_owned();
    Some(Doubt::new(
        DoubtKind::EarlierDiffers,
        vec![TopicId::EarlierRecorded],
        sentence,
        content.said_on(statement).cloned(),
    ))
}

/// The limits that the summing up tells, in the order of the emergency view.
const FIRST: [Treatment; 4] = [Treatment::Cpr, Treatment::Ventilation, Treatment::Icu, Treatment::Hospital];

/// The one sentence at the top of the plan: when it was talked about, the first limits, the goal, and what waits.
/// Without a day it does not say how long ago that was.
pub fn sum_up(content: &Content, today: Option<Date>) -> String {
    let Some(conversation) = content.newest_conversation() else {
        let papers: Vec<String> = content.documents.values().filter_map(|t| words::document_line(content, t)).collect();
        return if papers.is_empty() {
            "Er is nog geen plan vastgelegd.".to_owned()
        } else {
            format!("Er is nog geen gesprek vastgelegd. Wel is er: {}.", join(&papers))
        };
    };
    let date = conversation.date();
    let mut parts: Vec<String> = Vec::new();

    let decided = |t: Treatment| content.directive(t).and_then(|t| t.value()).map(|d| short_phrase(t, &d.decision));
    let limits: Vec<String> = FIRST.into_iter().filter_map(decided).collect();
    let silent: Vec<String> = FIRST.into_iter().filter(|t| decided(*t).is_none()).map(|t| in_text(t.topic())).collect();
    if limits.is_empty() {
        parts.push("over reanimatie, beademing, IC- en ziekenhuisopname is nog niets vastgesteld".to_owned());
    } else {
        parts.push(join(&limits));
    }
    match content.goal.value().map(|g| g.goal) {
        Some(PolicyGoal::Unknown) => parts.push("doel van de behandeling nog onbekend".to_owned()),
        Some(goal) => parts.push(format!("doel is {}", words::goal(goal))),
        None => parts.push("doel van de behandeling niet besproken".to_owned()),
    }
    if !limits.is_empty() && !silent.is_empty() {
        parts.push(format!("nog niets vastgesteld over {}", join(&silent)));
    }
    match open_proposals(content).len() {
        0 => {}
        1 => parts.push("1 voorstel wacht op een arts".to_owned()),
        n => parts.push(format!("{n} voorstellen wachten op een arts")),
    }
    let ago = today.map(|today| format!(" ({})", words::age_of(date, today))).unwrap_or_default();
    format!("Besproken op {}{ago}: {}.", words::date(date), parts.join("; "))
}

/// Without the text of a condition, which stands with its topic.
fn short_phrase(treatment: Treatment, decision: &Decision) -> String {
    match decision {
        Decision::Otherwise(_) => words::decision_phrase(treatment, &Decision::Otherwise(None)),
        other => words::decision_phrase(treatment, other),
    }
}

#[cfg(test)]
mod tests;
