//! The plan as text for an organisation's own record (R7): a SOEP report, and the line of the episode A20.

use crate::plan::{Content, TopicId, Treatment, open_proposals, sum_up};
use crate::words;

/// `onderwerp: wat er staat (reden: …)`, where something was said of it. What stands beside a limit is its reason, beside a
/// wish for life what was agreed to do, and else simply more about it.
fn said(content: &Content, topic: TopicId) -> Option<String> {
    let said = words::said(content, topic)?;
    let line = words::trimmed(&said.line).to_owned();
    let what = match topic {
        TopicId::LifeWish(_) => "afgesproken",
        topic if topic.is_limit() => "reden",
        _ => "toelichting",
    };
    let more = said.comment.as_deref().map(|c| format!(" ({what}: {})", words::trimmed(c))).unwrap_or_default();
    Some(format!("{line}{more}"))
}

fn line(letter: char, parts: &[String]) -> String {
    let words = if parts.is_empty() { "niets vastgelegd".to_owned() } else { parts.join(". ") };
    format!("{letter}: {words}.")
}

const LIMITS: [TopicId; 8] = [
    TopicId::Cpr,
    TopicId::Ventilation,
    TopicId::Icu,
    TopicId::Hospital,
    TopicId::Antibiotics,
    TopicId::BloodProduct,
    TopicId::OtherLimits,
    TopicId::IcdDeactivation,
];

/// The plan as a SOEP report; absent where nobody talked yet. What is proposed and what was not discussed says so (R2,
/// R3).
pub fn soep(content: &Content) -> Option<String> {
    let talk = content.newest_conversation()?;
    let mut told = vec![format!("Gesprek over toekomstige zorg op {}", words::date(talk.date()))];
    told.extend(words::said(content, TopicId::Attendance).map(|s| format!("Aanwezig: {}", words::trimmed(&s.value))));
    let wishes = [TopicId::CareWishes, TopicId::SenseOfPurpose].into_iter().filter_map(|t| said(content, t));
    told.extend(wishes);
    told.extend(content.life_wishes.keys().filter_map(|k| said(content, TopicId::LifeWish(*k))));

    let mut found: Vec<String> = said(content, TopicId::Capacity).into_iter().collect();
    if let Some(person) = content.representative() {
        let phones = words::phones(person);
        let phone = if phones.is_empty() { String::new() } else { format!(", {}", words::join(&phones)) };
        found.push(format!("Vertegenwoordiger: {}{phone}", words::person(person)));
    }
    let mut thought: Vec<String> = said(content, TopicId::Goal).into_iter().collect();
    thought.extend(said(content, TopicId::Icd));

    let mut plan: Vec<String> = LIMITS.into_iter().filter_map(|t| said(content, t)).collect();
    let open = open_proposals(content);
    let proposed = open.iter().filter_map(|t| words::proposed_line(content, *t));
    plan.extend(proposed.map(|line| format!("{}, nog niet medisch vastgesteld", words::trimmed(&line))));
    let silent: Vec<String> = Treatment::ALL
        .into_iter()
        .map(Treatment::topic)
        .filter(|t| *t != TopicId::IcdDeactivation && words::said(content, *t).is_none() && !open.contains(t))
        .map(words::in_text)
        .collect();
    if !silent.is_empty() {
        plan.push(format!("Niet besproken: {}", words::join(&silent)));
    }
    plan.extend([TopicId::PlaceOfDeath, TopicId::Euthanasia].into_iter().filter_map(|t| said(content, t)));
    plan.extend(content.agreements.keys().filter_map(|k| said(content, TopicId::Agreement(*k))));
    let papers: Vec<String> = content.documents.values().filter_map(|t| words::document_line(content, t)).collect();
    if !papers.is_empty() {
        plan.push(format!("Documenten: {}", papers.join("; ")));
    }
    Some([line('S', &told), line('O', &found), line('E', &thought), line('P', &plan)].join("\n"))
}

/// The line of the episode A20; absent where nobody talked yet.
pub fn episode(content: &Content) -> Option<String> {
    content.newest_conversation()?;
    Some(format!("A20 gesprek levenseinde/behandelwensen. {}", sum_up(content, None)))
}
