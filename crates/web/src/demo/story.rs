//! What the lives that are told from start to end share: a conversation as input, people around the patient, and the
//! versions that come of it.

use super::life::{Say, afternoon};
use super::region::{Region, Worker};
use domain::code::{ContactRole, RelationKind, TelecomType};
use domain::date::FhirDateTime;
use domain::people::{ContactPerson, Name, PersonKey, RelationOf, RoleOf, Telephone};
use domain::plan::confirm::{Confirmed, confirm};
use domain::plan::{
    Attendance, Content, Conversation, ConversationKey, CurrentPlan, EncounterFacts, HeldBy, NextVersion, Party,
    PlanInput, PlanVersion, ProcedureFacts, VersionKind,
};
use jiff::civil::Date;

/// What a conversation brought.
pub type Brought = fn(&Say<'_>, &mut Content);

/// A conversation: when, by whom, with whom, why, and what it brought.
pub struct Talk<'a> {
    /// The day.
    pub on: Date,
    /// Who held it.
    pub by: &'a Worker,
    /// Who was there.
    pub with: Attendance,
    /// Why the plan changed.
    pub reason: Option<&'a str>,
    /// What was said; `None`: nothing changed, and that was confirmed.
    pub brought: Option<Brought>,
    /// Limits wait for a doctor.
    pub proposes: bool,
}

/// Somebody around the patient.
pub fn person(
    key: PersonKey,
    (given, family): (&str, &Name),
    role: ContactRole,
    relation: RelationKind,
    number: &str,
) -> ContactPerson {
    ContactPerson {
        key,
        name: Name::of(given, family.prefix.as_deref().unwrap_or(""), family.family.as_deref().unwrap_or_default()),
        telephones: vec![Telephone {
            number: Some(number.to_owned()),
            kind: Some(TelecomType::Mobile),
            ..Telephone::default()
        }],
        emails: Vec::new(),
        address: None,
        roles: vec![RoleOf { role, text: None }],
        relations: vec![RelationOf { relation, text: None }],
        identifiers: Vec::new(),
        changed_in: 0,
    }
}

fn said(region: &Region, talk: &Talk<'_>, brought: Brought, people: &[ContactPerson]) -> PlanInput {
    let professional = region.professional(talk.by, 1);
    let (key, date, at) = (professional.key, FhirDateTime::of_day(talk.on), afternoon(talk.on));
    let conversation = ConversationKey(1);
    let say = Say { date: &date, by: Party::Professional(key), conversation, at };
    let mut content = Content {
        professionals: vec![professional],
        people: people.to_vec(),
        conversations: vec![Conversation {
            key: conversation,
            held_on: Some(date.clone()),
            ended: None,
            written_on: date.clone(),
            held_by: vec![HeldBy { professional: key, part: None }],
            attendance: Some(talk.with.clone()),
            encounter: EncounterFacts::default(),
            procedure: ProcedureFacts::default(),
            version: 0,
            recorded_at: at,
        }],
        ..Content::default()
    };
    brought(&say, &mut content);
    PlanInput { conversation, content, rejected: Vec::new(), skipped: Vec::new() }
        .proposing(talk.proposes.then_some(key))
}

/// The keys under which the plan knows these people, whom each conversation lists under keys of its own.
fn known(plan: &CurrentPlan, people: &[ContactPerson], listed: &[PersonKey]) -> Vec<PersonKey> {
    let name = |key: &PersonKey| people.iter().find(|p| p.key == *key).map(|p| &p.name);
    let of = |key: &PersonKey| plan.content.people.iter().find(|p| Some(&p.name) == name(key)).map(|p| p.key);
    listed.iter().filter_map(of).collect()
}

/// The versions that come of these conversations, oldest first.
pub fn versions(region: &Region, talks: &[Talk<'_>], people: &[ContactPerson]) -> Vec<PlanVersion> {
    let mut versions: Vec<PlanVersion> = Vec::new();
    for talk in talks {
        let current = versions.last().map(CurrentPlan::from);
        let (kind, input) = match (talk.brought, &current) {
            (None, Some(plan)) => {
                let people = known(plan, people, &talk.with.people);
                let with = Attendance { patient: talk.with.patient, people };
                let what = Confirmed { with, on: talk.on, words: None };
                let by = region.professional(talk.by, 1);
                (VersionKind::Confirmed, confirm(plan, &what, &by, afternoon(talk.on)))
            }
            (brought, _) => (VersionKind::Recorded, said(region, talk, brought.unwrap_or(|_, _| {}), people)),
        };
        let next = NextVersion {
            kind,
            recorder: region.recorder(talk.by),
            reason: talk.reason.map(str::to_owned),
            input,
            kept_beside: Vec::new(),
        };
        versions.push(next.after(current.as_ref(), afternoon(talk.on)).0);
    }
    versions
}
