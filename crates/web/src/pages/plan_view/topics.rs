//! The sections of the letter, topic by topic in clinical order.

mod free;
mod treatment;

use super::{Line, Section, Source, TopicView, anchor, say, topic_label};
use crate::pages::dutch;
use crate::pages::mark::Mark;
use domain::code::{EuthanasiaPosition, Place, PolicyGoal, SharingAnswer};
use domain::plan::{Content, Filed, LegalCapacity, Statement, Topic, TopicId, Why};

/// All sections; a topic that was not discussed says so (R2).
pub fn sections(source: &Source) -> Vec<Section> {
    let section = |number: &'static str, title, topics| Section { anchor: format!("deel-{number}"), number, title, topics };
    vec![
        section("1", "Wilsbekwaamheid en vertegenwoordiging", capacity(source)),
        section("2", "Wie erbij was", vec![attendance(source)]),
        section("3", "Doel van de behandeling", vec![goal(source)]),
        section("4", "Behandelgrenzen", treatment::limits(source)),
        section("5", "Wensen voor zorg en leven", wishes(source)),
        section("6", "Wat verder belangrijk is", further(source)),
        section("7", "Eerder vastgelegd", free::earlier(source)),
        section("8", "Delen", sharing(source)),
    ]
}

/// A topic of which nothing was said.
fn silent() -> Line {
    Line { mark: Mark::Unknown, text: "Niet besproken".to_owned(), quiet: true, ..Line::default() }
}

fn view(id: TopicId, lines: Vec<Line>) -> TopicView {
    let lines = if lines.is_empty() { vec![silent()] } else { lines };
    TopicView { anchor: anchor(id), label: topic_label(id).to_owned(), lines, ..TopicView::default() }
}

/// What was filed of a topic, each in a sentence with why it does not count.
fn filed<T>(source: &Source, topic: &Topic<T>, words: impl Fn(&T) -> String) -> Vec<String> {
    topic.filed.iter().rev().map(|f| filed_sentence(source, f, &words)).collect()
}

fn filed_sentence<T>(source: &Source, filed: &Filed<T>, words: impl Fn(&T) -> String) -> String {
    let when = source.said_on(&filed.statement).map(|d| format!(" ({})", dutch::date(&d))).unwrap_or_default();
    let why = match &filed.why {
        Why::Older => "ouder dan wat nu geldt".to_owned(),
        Why::Ended => "beëindigd".to_owned(),
        Why::Conflict => "zelfde datum, andere inhoud: de regiebehandelaar beslist".to_owned(),
        Why::Rejected { reason } => format!("voorstel niet vastgesteld: {reason}"),
        Why::Overtaken => "voorstel ingehaald door wat nu geldt".to_owned(),
    };
    format!("{}{when}: {why}", words(&filed.statement.value))
}

/// Since when, in which conversation, recorded by whom: the small print of what is no limit.
fn fine<T>(source: &Source, statement: &Statement<T>) -> Vec<String> {
    let content = source.content;
    let mut fine: Vec<String> = source.since(statement).into_iter().collect();
    if !statement.by.is_empty() {
        fine.push(format!("vastgelegd door {}", say::parties(content, &statement.by)));
    }
    fine
}

/// What the topic said before, from the newest earlier plan that said something else.
fn changed_from<T: PartialEq>(
    source: &Source,
    now: &Statement<T>,
    pick: impl Fn(&Content) -> Option<&Statement<T>>,
    words: impl Fn(&T) -> String,
) -> Option<String> {
    let old = source.before.iter().filter_map(|c| pick(c).map(|s| (c, s))).find(|(_, s)| s.value != now.value)?;
    let date = old.1.said_on.clone().or_else(|| old.0.conversation(old.1.origin.conversation).map(|c| c.date().clone()));
    let when = date.map(|d| format!(" ({})", dutch::date(&d))).unwrap_or_default();
    let before = words(&old.1.value);
    // A change of explanation alone is for the comparison page.
    (before != words(&now.value)).then(|| format!("eerst: {}{when}", super::lower_first(&before)))
}

fn capacity(source: &Source) -> Vec<TopicView> {
    let content = source.content;
    let Some(statement) = &content.capacity.current else {
        return vec![view(TopicId::Capacity, Vec::new())];
    };
    let value = &statement.value;
    let words = |v: &LegalCapacity| match v.capable {
        Some(true) => "Wilsbekwaam voor medische beslissingen".to_owned(),
        Some(false) => "Niet wilsbekwaam voor medische beslissingen".to_owned(),
        None => "Wilsbekwaamheid: nog onbekend".to_owned(),
    };
    let mut small = fine(source, statement);
    small.extend(changed_from(source, statement, |c| c.capacity.current.as_ref(), words));
    let line = Line {
        mark: if value.capable.is_none() { Mark::Unknown } else { Mark::Plain },
        text: words(value),
        quiet: value.capable.is_none(),
        told: value.comment.clone(),
        fine: small,
        ..Line::default()
    };
    let mut capacity = view(TopicId::Capacity, vec![line]);
    capacity.earlier = filed(source, &content.capacity, words);
    let named = |key| content.person(key).map(|p| super::upper_first(&say::person(p)));
    let person = |label: &str, text: Option<String>, missing: &str| TopicView {
        anchor: format!("onderwerp-1-{}", label.to_lowercase().replace(' ', "-")),
        label: label.to_owned(),
        lines: vec![match text {
            Some(text) => Line { text, ..Line::default() },
            None => Line { mark: Mark::Unknown, text: missing.to_owned(), quiet: true, ..Line::default() },
        }],
        ..TopicView::default()
    };
    let missing = if value.capable == Some(false) {
        "Er is nog geen vertegenwoordiger vastgelegd, terwijl die nodig is"
    } else {
        "Niet vastgelegd"
    };
    let mut topics = vec![capacity, person("Vertegenwoordiger", value.representative.and_then(named), missing)];
    if value.first_contact.is_some() && value.first_contact == value.representative {
        topics.push(person("Eerste contact", Some("Ook de vertegenwoordiger".to_owned()), ""));
    } else {
        topics.push(person("Eerste contact", value.first_contact.and_then(named), "Niet vastgelegd"));
    }
    let others: Vec<String> = value.others.iter().filter_map(|k| named(*k)).collect();
    if !others.is_empty() {
        topics.push(person("Ook betrokken", Some(dutch::list(&others)), ""));
    }
    topics
}

fn attendance(source: &Source) -> TopicView {
    let content = source.content;
    let Some((conversation, attendance)) = content.attended() else {
        return view(TopicId::Attendance, Vec::new());
    };
    let mut there: Vec<String> = Vec::new();
    if attendance.patient {
        there.push("de patiënt zelf".to_owned());
    }
    there.extend(attendance.people.iter().filter_map(|k| content.person(*k)).map(say::person));
    let text = if there.is_empty() { "Niemand genoemd".to_owned() } else { super::upper_first(&dutch::list(&there)) };
    let held: Vec<String> =
        conversation.held_by.iter().filter_map(|h| content.professional(h.professional)).map(say::professional).collect();
    let mut small = vec![format!("gesprek van {}, {}", dutch::date(conversation.date()), dutch::age(conversation.date(), source.today))];
    if !held.is_empty() {
        small.push(format!("gevoerd door {}", dutch::list(&held)));
    }
    view(TopicId::Attendance, vec![Line { text, fine: small, ..Line::default() }])
}

fn goal(source: &Source) -> TopicView {
    let topic = &source.content.goal;
    let words = |v: &domain::plan::MedicalPolicyGoal| say::goal(v.goal);
    let lines = topic
        .current
        .iter()
        .map(|s| {
            let unknown = s.value.goal == PolicyGoal::Unknown;
            let mut small = fine(source, s);
            small.extend(changed_from(source, s, |c| c.goal.current.as_ref(), words));
            Line {
                mark: if unknown { Mark::Unknown } else { Mark::Plain },
                text: words(&s.value),
                quiet: unknown,
                why: s.value.comment.clone(),
                fine: small,
                ..Line::default()
            }
        })
        .collect();
    TopicView { earlier: filed(source, topic, words), ..view(TopicId::Goal, lines) }
}

/// A topic of one coded answer with an explanation.
fn answered<T: PartialEq>(
    source: &Source,
    id: TopicId,
    topic: &Topic<T>,
    pick: impl Fn(&Content) -> &Topic<T>,
    words: impl Fn(&T) -> String,
    comment: impl Fn(&T) -> Option<String>,
) -> TopicView {
    let lines = topic
        .current
        .iter()
        .map(|s| {
            let text = words(&s.value);
            let unknown = text == "Nog onbekend";
            let mut small = fine(source, s);
            small.extend(changed_from(source, s, |c| pick(c).current.as_ref(), &words));
            Line {
                mark: if unknown { Mark::Unknown } else { Mark::Plain },
                text,
                quiet: unknown,
                why: comment(&s.value),
                fine: small,
                ..Line::default()
            }
        })
        .collect();
    TopicView { earlier: filed(source, topic, words), ..view(id, lines) }
}

fn wishes(source: &Source) -> Vec<TopicView> {
    let content = source.content;
    let mut topics = vec![free::text(source, TopicId::CareWishes, &content.care_wishes, |v| v.text.clone())];
    topics.extend(free::life_wishes(source));
    topics.push(answered(
        source,
        TopicId::PlaceOfDeath,
        &content.place_of_death,
        |c| &c.place_of_death,
        |v| match v.place {
            Place::Home => "Thuis",
            Place::Hospital => "In het ziekenhuis",
            Place::NursingHome => "In een verpleeghuis",
            Place::Hospice => "In een hospice",
            Place::Other => "Op een andere plek",
            Place::Unknown => "Nog onbekend",
        }
        .to_owned(),
        |v| v.comment.clone(),
    ));
    topics.push(answered(
        source,
        TopicId::Euthanasia,
        &content.euthanasia,
        |c| &c.euthanasia,
        |v| match v.position {
            EuthanasiaPosition::HasStatement => "Heeft een euthanasieverklaring",
            EuthanasiaPosition::DoesNotWant => "Wil geen euthanasie",
            EuthanasiaPosition::HasNoStatement => "Heeft geen euthanasieverklaring",
            EuthanasiaPosition::Unknown => "Nog onbekend",
        }
        .to_owned(),
        |v| v.comment.clone(),
    ));
    topics.push(answered(
        source,
        TopicId::OrganDonation,
        &content.organ_donation,
        |c| &c.organ_donation,
        |v| say::yes_no(v.registered, "De keuze staat in het donorregister", "De keuze staat niet in het donorregister"),
        |_| None,
    ));
    topics
}

fn further(source: &Source) -> Vec<TopicView> {
    let mut topics = vec![free::text(source, TopicId::SenseOfPurpose, &source.content.sense_of_purpose, |v| v.text.clone())];
    topics.extend(free::agreements(source));
    topics
}

fn sharing(source: &Source) -> Vec<TopicView> {
    let content = source.content;
    let told = answered(
        source,
        TopicId::InformRelatives,
        &content.inform_relatives,
        |c| &c.inform_relatives,
        |v| {
            let sentence = if v.informed {
                "De patiënt weet dat naasten inlichten een eigen taak is"
            } else {
                "De patiënt weet nog niet dat naasten inlichten een eigen taak is"
            };
            sentence.to_owned()
        },
        |v| {
            let to: Vec<String> = v.recipients.iter().filter_map(|k| content.person(*k)).map(say::person).collect();
            (!to.is_empty()).then(|| format!("het gaat om {}", dutch::list(&to)))
        },
    );
    let shared = answered(
        source,
        TopicId::Sharing,
        &content.sharing,
        |c| &c.sharing,
        |v| match v.answer {
            SharingAnswer::Agreed => "Akkoord met delen",
            SharingAnswer::Unknown => "Nog onbekend",
        }
        .to_owned(),
        |_| None,
    );
    vec![told, shared]
}
