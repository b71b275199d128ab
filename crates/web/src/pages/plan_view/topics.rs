//! The sections of the letter, topic by topic in clinical order.

use super::{Line, Section, Source, TopicView, anchor};
use crate::pages::mark::UNKNOWN;
use domain::code::YesNoUnknown;
use domain::date::FhirDateTime;
use domain::plan::{AgreementState, Content, LifeDomain, OtherLimit, Party, SetBy, TopicId, Treatment, Why};
use domain::words::{self, Said};

/// All sections; a topic that was not discussed says so (R2).
pub fn sections(source: &Source) -> Vec<Section> {
    use TopicId as T;
    let content = source.content;
    let section =
        |number: &'static str, title, topics| Section { anchor: format!("deel-{number}"), number, title, topics };
    let one = |id| topic(source, id);
    let limits = [T::Cpr, T::Ventilation, T::Icu, T::Hospital, T::Antibiotics, T::BloodProduct].map(one).to_vec();
    // Switching off is asked only where there is an ICD.
    let has_icd = content.icd.value().is_some_and(|i| i.present == YesNoUnknown::Yes);
    let switched = has_icd || content.directive(Treatment::IcdDeactivation).is_some_and(|t| !t.is_empty());
    let after: Vec<TopicView> =
        [other_limits(source), one(T::Icd)].into_iter().chain(switched.then(|| one(T::IcdDeactivation))).collect();
    vec![
        section("1", "Wilsbekwaamheid en vertegenwoordiging", capacity(source)),
        section("2", "Wie erbij was", vec![attendance(source)]),
        section("3", "Doel van de behandeling", vec![one(T::Goal)]),
        section("4", "Behandelgrenzen", [limits, after].concat()),
        section("5", "Wensen voor zorg en leven", {
            let mut wishes = vec![one(T::CareWishes)];
            wishes.extend(life_wishes(source));
            wishes.extend([T::PlaceOfDeath, T::Euthanasia, T::OrganDonation].map(one));
            wishes
        }),
        section("6", "Wat verder belangrijk is", [vec![one(T::SenseOfPurpose)], agreements(source)].concat()),
        section("7", "Eerder vastgelegd", earlier(source)),
        section("8", "Delen", [T::InformRelatives, T::Sharing].map(one).to_vec()),
    ]
}

/// 'sinds 8 november 2022, 4 jaar geleden'.
pub fn since(source: &Source, said_on: Option<&FhirDateTime>) -> Option<String> {
    said_on.map(|date| format!("sinds {}", source.dated(date)))
}

/// A topic of which nothing was said.
fn silent() -> Line {
    Line { mark: UNKNOWN, text: words::capitalised(words::NOT_DISCUSSED), quiet: true, ..Line::default() }
}

/// The same, where that was on purpose.
fn silent_on(source: &Source, id: TopicId) -> Line {
    match source.left_out.iter().find(|(topic, _)| *topic == id) {
        Some((_, day)) => Line {
            text: "Bewust niet besproken".to_owned(),
            fine: vec![format!("op {}", source.dated(day))],
            ..silent()
        },
        None => silent(),
    }
}

fn view(source: &Source, id: TopicId, lines: Vec<Line>) -> TopicView {
    let lines = if lines.is_empty() { vec![silent_on(source, id)] } else { lines };
    TopicView { anchor: anchor(id), label: words::title(id).to_owned(), lines, ..TopicView::default() }
}

/// Any topic of one statement.
fn topic(source: &Source, id: TopicId) -> TopicView {
    let content = source.content;
    let mut now: Vec<Line> = words::said(content, id)
        .map(|said| {
            let mut line = line(source, id, &said, false);
            line.fine.extend(changed_from(source, id, &said));
            line
        })
        .into_iter()
        .collect();
    let proposals: Vec<Line> =
        words::proposed(content, id).map(|said| line(source, id, &said, true)).into_iter().collect();
    if now.is_empty() && !proposals.is_empty() {
        now.push(Line { text: "Nog niets vastgesteld".to_owned(), ..silent() });
    }
    TopicView { proposals, earlier: filed(source, id), ..view(source, id, now) }
}

/// What a statement says, with its small print.
fn line(source: &Source, id: TopicId, said: &Said, proposed: bool) -> Line {
    let content = source.content;
    let unknown = said.value == words::UNKNOWN;
    let mut fine: Vec<String> = since(source, said.said_on.as_ref()).into_iter().collect();
    fine.extend(with_whom(content, id, proposed));
    // Of a proposal the tag above it says that it is not set yet.
    let set_by = said.set_by.as_deref().map(|s| s.strip_suffix(", nog niet medisch vastgesteld").unwrap_or(s));
    fine.extend(set_by.map(str::to_owned));
    // A longer text stands as it was typed; what decides is one line.
    let is_text = matches!(id, TopicId::CareWishes | TopicId::SenseOfPurpose) && !unknown;
    let own_line = id.is_limit() || unknown;
    let text = if own_line { said.line.clone() } else { words::capitalised(&said.value) };
    let explains = matches!(id, TopicId::Icd | TopicId::EarlierRecorded);
    let comment = said.comment.clone();
    fine.extend(no_reason(id.is_limit() && !unknown, comment.as_deref()));
    Line {
        mark: if unknown { UNKNOWN } else { said.mark.into() },
        text: if is_text {
            String::new()
        } else if unknown {
            words::capitalised(words::UNKNOWN)
        } else {
            text
        },
        quiet: unknown,
        told: if is_text { Some(said.value.clone()) } else { comment.clone().filter(|_| explains) },
        why: comment.filter(|_| !explains && !is_text),
        fine,
    }
}

/// With whom a limit was agreed; whoever proposed or set it is named by that. For the rest: who recorded it.
fn with_whom(content: &Content, id: TopicId, proposed: bool) -> Option<String> {
    let Some(treatment) = Treatment::of_topic(id) else {
        let by = recorded_by(content, id);
        return (!by.is_empty()).then(|| format!("vastgelegd door {}", words::parties(content, by)));
    };
    let topic = content.directive(treatment)?;
    let statement = if proposed { topic.proposed.as_ref()? } else { topic.current.as_ref()? };
    agreed(content, &statement.value)
}

fn agreed(content: &Content, directive: &domain::plan::Directive) -> Option<String> {
    let set_by = match &directive.set_by {
        Some(SetBy::Here(key) | SetBy::Elsewhere { by: Some(key), .. }) => Some(*key),
        _ => None,
    };
    let told =
        |p: &&Party| matches!(p, Party::Professional(k) if Some(*k) == set_by || Some(*k) == directive.proposed_by);
    let parties: Vec<Party> = directive.agreed_with.iter().filter(|p| !told(p)).copied().collect();
    (!parties.is_empty()).then(|| format!("afgesproken met {}", words::parties(content, &parties)))
}

/// Who recorded what counts on a topic, where that is not told by who set it.
pub fn recorded_by(content: &Content, id: TopicId) -> &[Party] {
    fn by<T>(topic: &domain::plan::Topic<T>) -> &[Party] {
        topic.current.as_ref().map_or(&[], |s| s.by.as_slice())
    }
    match id {
        TopicId::Capacity => by(&content.capacity),
        TopicId::Goal => by(&content.goal),
        TopicId::Icd => by(&content.icd),
        TopicId::CareWishes => by(&content.care_wishes),
        TopicId::PlaceOfDeath => by(&content.place_of_death),
        TopicId::Euthanasia => by(&content.euthanasia),
        TopicId::OrganDonation => by(&content.organ_donation),
        TopicId::SenseOfPurpose => by(&content.sense_of_purpose),
        TopicId::EarlierRecorded => by(&content.earlier),
        TopicId::Sharing => by(&content.sharing),
        TopicId::LifeWish(key) => content.life_wishes.get(&key).map_or(&[], by),
        TopicId::Agreement(key) => content.agreements.get(&key).map_or(&[], by),
        // Limits name with whom they were agreed, topic 8a who told it, topic 2 is the conversation itself.
        _ => &[],
    }
}

/// What the topic said before, from the newest earlier plan that said something else.
fn changed_from(source: &Source, id: TopicId, now: &Said) -> Option<String> {
    if matches!(id, TopicId::Attendance | TopicId::CareWishes | TopicId::SenseOfPurpose) {
        return None;
    }
    let old = source.before.iter().filter_map(|c| words::said(c, id)).find(|s| s.value != now.value)?;
    let when = old.said_on.map(|d| format!(" ({})", words::date(&d))).unwrap_or_default();
    Some(format!("eerst: {}{when}", old.value))
}

/// What was filed of a topic, newest first, each in a sentence with why it does not count.
fn filed(source: &Source, id: TopicId) -> Vec<String> {
    words::filed(source.content, id)
        .into_iter()
        .rev()
        .map(|f| {
            let when = f.said.said_on.as_ref().map(|d| format!(" ({})", words::date(d))).unwrap_or_default();
            let why = match &f.why {
                Why::Older => "ouder dan wat nu geldt".to_owned(),
                Why::Ended => "beëindigd".to_owned(),
                Why::Conflict => "zelfde datum, andere inhoud: de regiebehandelaar beslist".to_owned(),
                Why::WordsOnly => "alleen een toelichting, zonder keuze: de regiebehandelaar beslist".to_owned(),
                Why::Rejected { reason } => format!("voorstel niet vastgesteld: {reason}"),
                Why::Overtaken => "voorstel ingehaald door wat nu geldt".to_owned(),
            };
            format!("{}{when}: {why}", f.said.line)
        })
        .collect()
}

fn capacity(source: &Source) -> Vec<TopicView> {
    let content = source.content;
    let id = TopicId::Capacity;
    let Some(statement) = &content.capacity.current else {
        return vec![TopicView { label: "Wilsbekwaamheid".to_owned(), ..view(source, id, Vec::new()) }];
    };
    let value = &statement.value;
    let absent = statement.source.absent_reason.as_deref();
    let mut fine: Vec<String> = since(source, content.said_on(statement)).into_iter().collect();
    fine.extend(with_whom(content, id, false));
    let line = Line {
        mark: if value.capable.is_none() { UNKNOWN } else { crate::pages::mark::Mark::Plain },
        text: match value.capable {
            Some(true) => "Wilsbekwaam voor medische beslissingen".to_owned(),
            Some(false) => "Niet wilsbekwaam voor medische beslissingen".to_owned(),
            None => words::capitalised(words::capacity(None, absent).unwrap_or(words::NOT_DISCUSSED)),
        },
        quiet: value.capable.is_none(),
        told: value.comment.clone(),
        fine,
        ..Line::default()
    };
    let capable =
        TopicView { label: "Wilsbekwaamheid".to_owned(), earlier: filed(source, id), ..view(source, id, vec![line]) };
    let named = |key| content.person(key).map(|p| words::capitalised(&words::person(p)));
    let row = |name: &str, label: &str, line: Line| TopicView {
        anchor: format!("onderwerp-1-{name}"),
        label: label.to_owned(),
        lines: vec![line],
        ..TopicView::default()
    };
    let who = |text: Option<String>, missing: &str| match text {
        Some(text) => Line { text, ..Line::default() },
        None => Line { text: missing.to_owned(), ..silent() },
    };
    let missing = if value.capable == Some(false) {
        "Er is nog geen vertegenwoordiger vastgelegd, terwijl die nodig is"
    } else {
        "Niet vastgelegd"
    };
    let both = value.first_contact.is_some() && value.first_contact == value.representative;
    let first = if both { Some("Ook de vertegenwoordiger".to_owned()) } else { value.first_contact.and_then(named) };
    let mut topics = vec![
        capable,
        row("vertegenwoordiger", "Vertegenwoordiger", who(value.representative.and_then(named), missing)),
        row("contact", "Eerste contact", who(first, "Niet vastgelegd")),
    ];
    let others: Vec<String> = value.others.iter().filter_map(|k| named(*k)).collect();
    if !others.is_empty() {
        topics.push(row("anderen", "Ook betrokken", Line { text: words::join(&others), ..Line::default() }));
    }
    topics
}

fn attendance(source: &Source) -> TopicView {
    let content = source.content;
    let id = TopicId::Attendance;
    let (Some(said), Some((conversation, _))) = (words::said(content, id), content.attended()) else {
        return view(source, id, Vec::new());
    };
    let date = conversation.date();
    let mut fine = vec![format!("gesprek van {}", source.dated(date))];
    let held: Vec<Party> = conversation.held_by.iter().map(|h| Party::Professional(h.professional)).collect();
    if !held.is_empty() {
        fine.push(format!("gevoerd door {}", words::parties(content, &held)));
    }
    view(source, id, vec![Line { text: words::capitalised(&said.value), fine, ..Line::default() }])
}

/// 4g: each limit on a line of its own.
fn other_limits(source: &Source) -> TopicView {
    let content = source.content;
    let id = TopicId::OtherLimits;
    let lines = |statement: &domain::plan::Statement<domain::plan::OtherLimits>| -> Vec<Line> {
        statement
            .value
            .0
            .iter()
            .map(|l| other_limit(source, l, l.said_on.as_ref().or_else(|| content.said_on(statement))))
            .collect()
    };
    let mut now: Vec<Line> = content.other_limits.current.iter().flat_map(lines).collect();
    if let (Some(said), Some(last)) = (words::said(content, id), now.last_mut()) {
        last.fine.extend(changed_from(source, id, &said));
    }
    let proposals: Vec<Line> = content.other_limits.proposed.iter().flat_map(lines).collect();
    if now.is_empty() && !proposals.is_empty() {
        now.push(Line { text: "Nog niets vastgesteld".to_owned(), ..silent() });
    }
    TopicView { proposals, earlier: filed(source, id), ..view(source, id, now) }
}

/// Why a limit holds is asked and never required; that nobody said it is told (G4, FACTS).
fn no_reason(is_limit: bool, comment: Option<&str>) -> Option<String> {
    let missing = comment.is_none_or(|c| c.trim().is_empty());
    (is_limit && missing).then(|| "geen reden vastgelegd".to_owned())
}

fn other_limit(source: &Source, limit: &OtherLimit, said_on: Option<&FhirDateTime>) -> Line {
    let content = source.content;
    let directive = &limit.directive;
    let decision = words::decision_words(&directive.decision);
    let named = limit.text.as_deref().map(str::trim).filter(|t| !t.is_empty());
    let mut fine: Vec<String> = since(source, said_on).into_iter().collect();
    fine.extend(agreed(content, directive));
    fine.extend(words::set_by(content, directive));
    let mark = words::Mark::of(&directive.decision);
    fine.extend(no_reason(mark != words::Mark::Unknown, directive.comment.as_deref()));
    Line {
        mark: Some(mark).into(),
        quiet: named.is_none() && mark == words::Mark::Unknown,
        text: words::capitalised(
            &named.map_or_else(|| decision.clone(), |n| format!("{}: {decision}", n.trim_end_matches('.'))),
        ),
        // The form has one field for both: what is told once is not told again as the reason.
        why: directive.comment.clone().filter(|c| limit.text.as_ref() != Some(c)),
        fine,
        ..Line::default()
    }
}

/// The life wishes, one topic per domain in the guide's order (decision 20).
fn life_wishes(source: &Source) -> Vec<TopicView> {
    let content = source.content;
    let of = |domain: LifeDomain| {
        let lines: Vec<(TopicId, Line)> = content
            .life_wishes
            .iter()
            .filter(|(_, t)| t.value().is_some_and(|w| w.domain == domain))
            .filter_map(|(key, topic)| {
                let id = TopicId::LifeWish(*key);
                let said = words::said(content, id)?;
                let wish = topic.value()?;
                let mut line = line(source, id, &said, false);
                line.text = if wish.withdrawn { format!("Losgelaten: {}", wish.wish) } else { wish.wish.clone() };
                line.quiet = wish.withdrawn;
                line.told = line.why.take().map(|agreed| format!("Afspraak: {agreed}"));
                Some((id, line))
            })
            .collect();
        let first = lines.first()?.0;
        let lines = lines.into_iter().map(|(_, l)| l).collect();
        Some(TopicView { label: domain.dutch().to_owned(), ..view(source, first, lines) })
    };
    LifeDomain::ALL.into_iter().filter_map(of).collect()
}

/// The agreements outside the form (decision 21).
fn agreements(source: &Source) -> Vec<TopicView> {
    let content = source.content;
    let lines: Vec<(TopicId, Line)> = content
        .agreements
        .iter()
        .filter_map(|(key, topic)| {
            let id = TopicId::Agreement(*key);
            let said = words::said(content, id)?;
            let mut line = line(source, id, &said, false);
            line.quiet = topic.value()?.state == AgreementState::Withdrawn;
            line.told = line.why.take().map(|condition| format!("Voorwaarde: {condition}"));
            Some((id, line))
        })
        .collect();
    let Some((first, _)) = lines.first() else { return Vec::new() };
    let label = if lines.len() == 1 { "Andere afspraak" } else { "Andere afspraken" };
    let id = *first;
    vec![TopicView { label: label.to_owned(), ..view(source, id, lines.into_iter().map(|(_, l)| l).collect()) }]
}

/// Section 7: was anything recorded earlier, and the written wishes themselves.
fn earlier(source: &Source) -> Vec<TopicView> {
    let content = source.content;
    let id = TopicId::EarlierRecorded;
    // The words of the topic hold the documents too; here they have lines of their own.
    let alone = Content { documents: std::collections::BTreeMap::new(), ..content.clone() };
    let before: Vec<Content> = source
        .before
        .iter()
        .map(|c| Content { documents: std::collections::BTreeMap::new(), ..(*c).clone() })
        .collect();
    let before: Vec<&Content> = before.iter().collect();
    let mut topics = vec![topic(&Source { content: &alone, before: &before, ..*source }, id)];
    let documents: Vec<Line> = content
        .documents
        .values()
        .filter_map(|t| {
            let text = words::document_line(content, t)?;
            let statement = t.current.as_ref()?;
            let file = &statement.value.file;
            let whereabouts = match file {
                Some(file) => file.title.clone().unwrap_or_else(|| "het stuk zelf is hier bewaard".to_owned()),
                None => "het stuk zelf is hier niet bewaard".to_owned(),
            };
            let age = statement.said_on.as_ref().filter(|_| source.ages).map(|d| words::age_of(d, source.by.today));
            let small = age.into_iter().chain([whereabouts]).collect();
            Some(Line { text, told: statement.value.comment.clone(), fine: small, ..Line::default() })
        })
        .collect();
    if !documents.is_empty() {
        topics.push(TopicView {
            anchor: "documenten".to_owned(),
            label: if documents.len() == 1 { "Wilsverklaring" } else { "Wilsverklaringen" }.to_owned(),
            lines: documents,
            ..TopicView::default()
        });
    }
    topics
}
