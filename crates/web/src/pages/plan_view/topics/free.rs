//! What is told in words: care wishes, life wishes, other agreements, and what was written down earlier.

use super::{changed_from, filed, fine, view};
use crate::pages::dutch;
use crate::pages::mark::Mark;
use crate::pages::plan_view::{Line, Source, TopicView, anchor, lower_first, say, topic_label};
use domain::code::{CodeSet, YesNoUnknown};
use domain::plan::{AgreementState, AdvanceDirective, LifeDomain, LifeWish, Statement, Topic, TopicId};

/// A topic that is one text.
pub fn text<T: PartialEq>(source: &Source, id: TopicId, topic: &Topic<T>, words: impl Fn(&T) -> Option<String>) -> TopicView {
    let lines = topic
        .current
        .iter()
        .map(|s| match words(&s.value) {
            Some(told) => Line { told: Some(told), fine: fine(source, s), ..Line::default() },
            None => Line {
                mark: Mark::Unknown,
                text: "Besproken, niets te melden".to_owned(),
                quiet: true,
                fine: fine(source, s),
                ..Line::default()
            },
        })
        .collect();
    let earlier = filed(source, topic, |v| words(v).unwrap_or_else(|| "Niets te melden".to_owned()));
    TopicView { earlier, ..view(id, lines) }
}

/// The life wishes, one topic per domain in the guide's order (decision 20).
pub fn life_wishes(source: &Source) -> Vec<TopicView> {
    LifeDomain::ALL
        .into_iter()
        .filter_map(|domain| {
            let wishes: Vec<_> = source
                .content
                .life_wishes
                .iter()
                .filter_map(|(key, topic)| topic.current.as_ref().map(|s| (*key, s)))
                .filter(|(_, s)| s.value.domain == domain)
                .collect();
            let first = wishes.first()?.0;
            Some(TopicView {
                anchor: anchor(TopicId::LifeWish(first)),
                label: domain.dutch().to_owned(),
                lines: wishes.into_iter().map(|(_, s)| wish(source, s)).collect(),
                ..TopicView::default()
            })
        })
        .collect()
}

fn wish(source: &Source, statement: &Statement<LifeWish>) -> Line {
    let value = &statement.value;
    let mut small = fine(source, statement);
    if value.withdrawn {
        return Line { text: format!("Losgelaten: {}", lower_first(&value.wish)), quiet: true, fine: small, ..Line::default() };
    }
    if let Some(until) = &value.until {
        small.insert(0, format!("tot {}", dutch::date(until)));
    }
    let who = value.by_whom.as_deref().map(|w| format!(" Door {}.", lower_first(w.trim_end_matches('.')))).unwrap_or_default();
    let told = match (&value.action, who.is_empty()) {
        (Some(action), _) => Some(format!("Afspraak: {}.{who}", lower_first(action.trim_end_matches('.')))),
        (None, false) => Some(who.trim_start().to_owned()),
        (None, true) => None,
    };
    Line { text: value.wish.clone(), told, fine: small, ..Line::default() }
}

/// The agreements outside the form (decision 21).
pub fn agreements(source: &Source) -> Vec<TopicView> {
    let lines: Vec<Line> = source
        .content
        .agreements
        .values()
        .filter_map(|t| t.current.as_ref())
        .map(|s| {
            let value = &s.value;
            let (state, quiet) = match value.state {
                AgreementState::Current => (None, false),
                AgreementState::NotYetCurrent => (Some("nog niet aan de orde"), false),
                AgreementState::Withdrawn => (Some("ingetrokken"), true),
            };
            let mut small: Vec<String> = state.map(str::to_owned).into_iter().collect();
            small.extend(fine(source, s));
            let told = value.condition.as_deref().map(|c| format!("Voorwaarde: {}", lower_first(c)));
            Line { text: value.text.clone(), quiet, told, fine: small, ..Line::default() }
        })
        .collect();
    let Some(first) = source.content.agreements.keys().next() else { return Vec::new() };
    if lines.is_empty() {
        return Vec::new();
    }
    let label = if lines.len() == 1 { "Andere afspraak" } else { "Andere afspraken" };
    vec![TopicView { anchor: anchor(TopicId::Agreement(*first)), label: label.to_owned(), lines, ..TopicView::default() }]
}

/// Section 7: was anything recorded earlier, does it say something else, and the documents themselves.
pub fn earlier(source: &Source) -> Vec<TopicView> {
    let content = source.content;
    let topic = &content.earlier;
    let words = |v: &domain::plan::EarlierRecorded| {
        say::yes_no(v.recorded, "Er is eerder iets vastgelegd", "Er is niet eerder iets vastgelegd")
    };
    let lines: Vec<Line> = topic
        .current
        .iter()
        .map(|s| {
            let unknown = s.value.recorded == YesNoUnknown::Unknown;
            let differs = s.value.differs.map(|d| match d {
                YesNoUnknown::Yes => "daarin staat iets anders dan in dit plan",
                YesNoUnknown::No => "daarin staat niets anders dan in dit plan",
                YesNoUnknown::Unknown => "of daarin iets anders staat, is nog onbekend",
            });
            let mut small: Vec<String> = differs.map(str::to_owned).into_iter().collect();
            small.extend(fine(source, s));
            small.extend(changed_from(source, s, |c| c.earlier.current.as_ref(), words));
            Line {
                mark: if unknown { Mark::Unknown } else { Mark::Plain },
                text: words(&s.value),
                quiet: unknown,
                told: s.value.comment.clone(),
                fine: small,
                ..Line::default()
            }
        })
        .collect();
    let mut topics = vec![TopicView { earlier: filed(source, topic, words), ..view(TopicId::EarlierRecorded, lines) }];
    let documents: Vec<Line> =
        content.documents.values().filter_map(|t| t.current.as_ref()).map(|s| document(source, s)).collect();
    if !documents.is_empty() {
        topics.push(TopicView {
            anchor: "documenten".to_owned(),
            label: if documents.len() == 1 { "Wilsverklaring" } else { "Wilsverklaringen" }.to_owned(),
            lines: documents,
            ..TopicView::default()
        });
    }
    debug_assert_eq!(topics[0].label, topic_label(TopicId::EarlierRecorded));
    topics
}

fn document(source: &Source, statement: &Statement<AdvanceDirective>) -> Line {
    let value = &statement.value;
    let mut small: Vec<String> =
        statement.said_on.iter().map(|d| format!("van {}, {}", dutch::date(d), dutch::age(d, source.today))).collect();
    if let Some(person) = value.representative.and_then(|k| source.content.person(k)) {
        small.push(format!("noemt {} als vertegenwoordiger", say::person(person)));
    }
    small.push(match &value.file {
        Some(file) => file.title.clone().unwrap_or_else(|| "het stuk zelf is bewaard".to_owned()),
        None => "het stuk zelf is hier niet bewaard".to_owned(),
    });
    Line {
        text: value.kind_text.clone().unwrap_or_else(|| value.kind.display().to_owned()),
        told: value.comment.clone(),
        fine: small,
        ..Line::default()
    }
}
