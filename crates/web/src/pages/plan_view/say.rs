//! The words of single statements.

use super::{lower_first, upper_first};
use crate::pages::dutch;
use domain::code::{CodeSet, PolicyGoal, YesNoUnknown};
use domain::people::{ContactPerson, Professional};
use domain::plan::{Content, Decision, Party, SetBy, TopicId, Treatment};

/// Short label of a topic.
pub fn topic_label(topic: TopicId) -> &'static str {
    match topic {
        TopicId::Capacity => "Wilsbekwaamheid",
        TopicId::Attendance => "Wie erbij was",
        TopicId::Goal => "Belangrijkste doel",
        TopicId::Cpr => "Reanimatie",
        TopicId::Ventilation => "Beademing",
        TopicId::Icu => "Intensive care",
        TopicId::Hospital => "Ziekenhuis",
        TopicId::Antibiotics => "Antibiotica",
        TopicId::BloodProduct => "Bloedproducten",
        TopicId::OtherLimits => "Andere grenzen",
        TopicId::Icd => "ICD",
        TopicId::IcdDeactivation => "ICD uitzetten",
        TopicId::CareWishes => "Goed om te weten",
        TopicId::PlaceOfDeath => "Plek van overlijden",
        TopicId::Euthanasia => "Euthanasie",
        TopicId::OrganDonation => "Donorregister",
        TopicId::SenseOfPurpose => "Wat verder telt",
        TopicId::EarlierRecorded => "Eerder vastgelegd",
        TopicId::InformRelatives => "Naasten inlichten",
        TopicId::Sharing => "Delen met zorgverleners",
        TopicId::LifeWish(_) => "Levenswens",
        TopicId::Agreement(_) => "Andere afspraak",
    }
}

/// A decision in one line: 'Niet reanimeren', 'Beademen: alleen bij een operatie'.
pub fn decision(treatment: Treatment, decision: &Decision) -> String {
    let (act, yes, no) = match treatment {
        Treatment::Cpr => ("Reanimeren", "Wel reanimeren", "Niet reanimeren"),
        Treatment::Ventilation => ("Beademen", "Wel beademen", "Niet beademen"),
        Treatment::Icu => ("Intensive care", "Wel naar de intensive care", "Niet naar de intensive care"),
        Treatment::Hospital => ("Ziekenhuis", "Wel naar het ziekenhuis", "Niet naar het ziekenhuis"),
        Treatment::Antibiotics => ("Antibiotica", "Wel antibiotica", "Geen antibiotica"),
        Treatment::BloodProduct => ("Bloedproducten", "Wel bloedproducten", "Geen bloedproducten"),
        Treatment::IcdDeactivation => ("ICD uitzetten", "ICD uitzetten in de laatste levensfase", "ICD niet uitzetten"),
    };
    match decision {
        Decision::Perform => yes.to_owned(),
        Decision::DoNot => no.to_owned(),
        Decision::Otherwise(Some(condition)) => format!("{act}: {}", lower_first(condition)),
        Decision::Otherwise(None) => format!("{act}: onder een voorwaarde die niet is genoemd"),
        Decision::Unknown => format!("{act}: nog onbekend"),
        Decision::Undecided => format!("{act}: nog geen besluit genomen"),
        Decision::NotDiscussed => format!("{act}: niet besproken"),
    }
}

/// A decision on a treatment without a question of its own.
pub fn other_decision(text: Option<&str>, decision: &Decision) -> String {
    let what = text.map_or_else(|| "Overige behandelgrenzen".to_owned(), upper_first);
    match decision {
        Decision::Perform => format!("{what}: wel uitvoeren"),
        Decision::DoNot => format!("{what}: niet uitvoeren"),
        Decision::Otherwise(Some(condition)) => format!("{what}: {}", lower_first(condition)),
        Decision::Otherwise(None) => format!("{what}: onder een voorwaarde die niet is genoemd"),
        _ => format!("{what}: nog onbekend"),
    }
}

/// The goal, with a capital.
pub fn goal(goal: PolicyGoal) -> String {
    upper_first(goal.display())
}

/// Yes, no or unknown, each as a sentence of the topic.
pub fn yes_no(answer: YesNoUnknown, yes: &str, no: &str) -> String {
    match answer {
        YesNoUnknown::Yes => yes.to_owned(),
        YesNoUnknown::No => no.to_owned(),
        YesNoUnknown::Unknown => "Nog onbekend".to_owned(),
    }
}

/// A contact person as one says it: 'dochter Mirjam Hartman'.
pub fn person(person: &ContactPerson) -> String {
    let relation = person.relations.first().map(|r| {
        let other = r.text.clone().filter(|t| !t.trim().is_empty());
        other.unwrap_or_else(|| r.relation.display().to_lowercase())
    });
    let role = || {
        person.roles.first().map(|r| {
            let other = r.text.clone().filter(|t| !t.trim().is_empty());
            other.unwrap_or_else(|| lower_first(r.role.display()))
        })
    };
    let name = person.name.full();
    match (relation.filter(|r| r != "anders").or_else(role), name.is_empty()) {
        (Some(what), false) => format!("{what} {name}"),
        (Some(what), true) => what,
        (None, false) => name,
        (None, true) => "een contactpersoon".to_owned(),
    }
}

/// A professional as one says it: 'A. van Huissen (huisarts)'.
pub fn professional(professional: &Professional) -> String {
    let name = professional.name.full();
    let specialty = professional.specialty.first().and_then(|s| s.display.as_deref()).map(lower_first);
    match (name.is_empty(), specialty) {
        (false, Some(specialty)) => format!("{name} ({specialty})"),
        (false, None) => name,
        (true, Some(specialty)) => specialty,
        (true, None) => "een zorgverlener".to_owned(),
    }
}

/// Somebody who takes part, as one says it.
pub fn party(content: &Content, party: Party) -> String {
    match party {
        Party::Patient => "de patiënt zelf".to_owned(),
        Party::Person(key) => content.person(key).map_or_else(|| "een naaste".to_owned(), person),
        Party::Professional(key) => content.professional(key).map_or_else(|| "een zorgverlener".to_owned(), professional),
    }
}

/// Several who take part: 'de patiënt zelf, dochter Mirjam en A. van Huissen (huisarts)'.
pub fn parties(content: &Content, all: &[Party]) -> String {
    dutch::list(&all.iter().map(|p| party(content, *p)).collect::<Vec<_>>())
}

/// Who set a limit, in a few words.
pub fn set_by(content: &Content, by: &SetBy) -> String {
    match by {
        SetBy::Here(key) => format!("vastgesteld door {}", party(content, Party::Professional(*key))),
        SetBy::Elsewhere { by: Some(key), .. } => {
            format!("elders vastgesteld door {}", party(content, Party::Professional(*key)))
        }
        SetBy::Elsewhere { by: None, .. } => "elders vastgesteld, niet genoemd door wie".to_owned(),
    }
}
