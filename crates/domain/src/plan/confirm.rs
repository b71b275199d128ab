//! Unchanged, confirmed (PROCESS E3): one step that is itself a version, with who confirmed it, with whom, and when. It
//! is a conversation in which nothing new was said: the interval begins anew, every statement keeps its own date, and a
//! proposal stays a proposal.

use super::{
    Attendance, Content, Conversation, ConversationKey, CurrentPlan, EncounterFacts, HeldBy, PlanInput, ProcedureFacts,
};
use crate::date::FhirDateTime;
use crate::happening::{self, Capable, Happening};
use crate::path::{Past, is_answered};
use crate::people::{PersonKey, Professional, ProfessionalKey};
use crate::review::{Cause, why};
use crate::words;
use jiff::Timestamp;
use jiff::civil::Date;

/// Which field something is wrong with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConfirmField {
    /// With whom.
    With,
    /// The day.
    On,
    /// What was said with it.
    Words,
}

/// What is wrong, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unconfirmed {
    /// Where.
    pub field: ConfirmField,
    /// Dutch sentence for the field.
    pub sentence: String,
}

/// That it is unchanged, as a form brings it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConfirmGiven {
    /// The patient was there.
    pub patient: bool,
    /// Keys of people of the plan who were there, as typed.
    pub people: Vec<String>,
    /// The day; empty: today.
    pub on: String,
    /// What was said with it.
    pub words: String,
}

/// What was confirmed: with whom, when, and in which words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// Who was there.
    pub with: Attendance,
    /// When it was talked about.
    pub on: Date,
    /// What was said with it.
    pub words: Option<String>,
}

/// The longest words that go with it, in characters.
const LONGEST: usize = 500;

/// Why a plan cannot be confirmed as it stands, in a sentence: where something in it is certainly not unchanged.
pub fn obstacle(content: &Content, past: Past<'_>, today: Date) -> Option<String> {
    if content.newest_conversation().is_none() {
        return Some("Er is nog geen gesprek vastgelegd, dus nog niets om te bevestigen.".to_owned());
    }
    let over: Vec<String> =
        why(past, today).into_iter().filter(|w| w.cause == Cause::Limit).map(|w| w.sentence).collect();
    if !over.is_empty() {
        return Some(over.join(" "));
    }
    let open = |n: &happening::Noted<'_>| !is_answered(n.0, past.spoken);
    let told = happening::noted(past.steps).into_iter().filter(open).filter_map(|(step, happened)| match happened {
        Happening::Capacity { now, .. } => Some((step.day, *now)),
        _ => None,
    });
    let (day, now) = told.max_by_key(|(day, _)| *day)?;
    let says = content.capacity.value()?.capable;
    let other = matches!((now, says), (Capable::No, Some(true)) | (Capable::Yes, Some(false)));
    other.then(|| {
        format!(
            "Op {} is vastgelegd dat de patiënt {} is. In het plan staat iets anders.",
            words::day(day),
            now.dutch()
        )
    })
}

/// What was typed.
///
/// # Errors
/// Everything that is wrong with it, in the order of the form.
pub fn confirmed(given: &ConfirmGiven, content: &Content, today: Date) -> Result<Confirmed, Vec<Unconfirmed>> {
    let mut all = Vec::new();
    let mut wrong = |field, sentence: String| all.push(Unconfirmed { field, sentence });
    let key = |typed: &String| typed.parse().ok().map(PersonKey).filter(|key| content.person(*key).is_some());
    let mut people: Vec<PersonKey> = given.people.iter().filter_map(key).collect();
    people.sort_unstable();
    people.dedup();
    if given.people.iter().any(|typed| key(typed).is_none()) {
        wrong(ConfirmField::With, "Kies uit de lijst.".to_owned());
    } else if !given.patient && people.is_empty() {
        wrong(
            ConfirmField::With,
            "Kies met wie u dit besprak: de patiënt, of wie er voor de patiënt spreekt.".to_owned(),
        );
    }
    let last = content.newest_conversation().map(|c| c.date().first_day());
    let on = match given.on.trim() {
        "" => today,
        typed => typed.parse().unwrap_or_else(|_| {
            wrong(ConfirmField::On, "Dit is geen datum. Schrijf bijvoorbeeld 08-11-2026.".to_owned());
            today
        }),
    };
    if on > today {
        wrong(ConfirmField::On, "Deze dag moet nog komen. Kies vandaag of een eerdere dag.".to_owned());
    } else if let Some(last) = last.filter(|last| on < *last) {
        let sentence = format!("Er is al een later gesprek, van {}. Kies die dag of een latere.", words::day(last));
        wrong(ConfirmField::On, sentence);
    }
    let said = given.words.trim();
    if said.chars().count() > LONGEST {
        wrong(ConfirmField::Words, format!("Schrijf het korter: in hoogstens {LONGEST} tekens."));
    }
    let with = Attendance { patient: given.patient, people };
    let words = (!said.is_empty()).then(|| said.to_owned());
    if all.is_empty() { Ok(Confirmed { with, on, words }) } else { Err(all) }
}

/// The input by which a plan is confirmed: a conversation, and no topic.
pub fn confirm(current: &CurrentPlan, what: &Confirmed, by: &Professional, now: Timestamp) -> PlanInput {
    let next = current.content.last_key + 1;
    let (professional, conversation) = (ProfessionalKey(next), ConversationKey(next + 1));
    let held = Conversation {
        key: conversation,
        held_on: Some(FhirDateTime::of_day(what.on)),
        ended: None,
        written_on: FhirDateTime::of_moment(now),
        held_by: vec![HeldBy { professional, part: None }],
        attendance: Some(what.with.clone()),
        encounter: EncounterFacts::default(),
        procedure: ProcedureFacts::default(),
        version: 0,
        recorded_at: now,
    };
    let content = Content {
        conversations: vec![held],
        professionals: vec![Professional { key: professional, ..by.clone() }],
        ..Content::default()
    };
    PlanInput { conversation, content, rejected: Vec::new(), skipped: Vec::new() }
}

#[cfg(test)]
mod tests;
