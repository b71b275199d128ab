//! People as one speaks of them: `dr. Van Huissen, huisarts`, `Michiel Hartman (broer)`.

use super::{capitalised, join};
use crate::code::{Coding, ContactRole, RelationKind, TelecomType, system};
use crate::people::{ContactPerson, Name, PersonKey, Professional, RelationOf, RoleOf, Telephone};
use crate::plan::{Content, Directive, Party, SetBy};
use crate::role::Role;

/// A relation: `broer`.
pub fn relation(kind: RelationKind) -> &'static str {
    match kind {
        RelationKind::Partner => "partner",
        RelationKind::Husband => "echtgenoot",
        RelationKind::Wife => "echtgenote",
        RelationKind::Father => "vader",
        RelationKind::Mother => "moeder",
        RelationKind::Son => "zoon",
        RelationKind::Daughter => "dochter",
        RelationKind::Brother => "broer",
        RelationKind::Sister => "zus",
        RelationKind::AdoptiveFather => "adoptievader",
        RelationKind::AdoptiveMother => "adoptiemoeder",
        RelationKind::Aunt => "tante",
        RelationKind::BrotherInLaw => "zwager",
        RelationKind::Cousin => "neef of nicht",
        RelationKind::DaughterInLaw => "schoondochter",
        RelationKind::FatherInLaw => "schoonvader",
        RelationKind::FosterDaughter => "pleegdochter",
        RelationKind::FosterFather => "pleegvader",
        RelationKind::FosterMother => "pleegmoeder",
        RelationKind::FosterSon => "pleegzoon",
        RelationKind::Granddaughter => "kleindochter",
        RelationKind::Grandfather => "opa",
        RelationKind::Grandmother => "oma",
        RelationKind::Grandson => "kleinzoon",
        RelationKind::GreatGrandfather => "overgrootvader",
        RelationKind::GreatGrandmother => "overgrootmoeder",
        RelationKind::MotherInLaw => "schoonmoeder",
        RelationKind::Nephew => "neef",
        RelationKind::Niece => "nicht",
        RelationKind::SisterInLaw => "schoonzus",
        RelationKind::SonInLaw => "schoonzoon",
        RelationKind::Stepfather => "stiefvader",
        RelationKind::Stepmother => "stiefmoeder",
        RelationKind::Uncle => "oom",
        RelationKind::Other => "andere relatie",
    }
}

/// A relation with what 'anders' means: `buurvrouw`.
pub fn relation_of(of: &RelationOf) -> String {
    own_words(of.text.as_deref(), of.relation == RelationKind::Other, relation(of.relation))
}

/// A role: `mentor`.
pub fn contact_role(role: ContactRole) -> &'static str {
    match role {
        ContactRole::FirstContact => "eerste contactpersoon",
        ContactRole::SecondContact => "tweede contactpersoon",
        ContactRole::Curator => "curator",
        ContactRole::FinancialProxy => "financieel gemachtigde",
        ContactRole::FinancialReview => "financieel toezichthouder",
        ContactRole::LivingUnit => "leefeenheid",
        ContactRole::Helper => "hulpverlener",
        ContactRole::Other => "andere rol",
        ContactRole::Guardian => "voogd",
        ContactRole::Administrator => "bewindvoerder",
        ContactRole::Mentor => "mentor",
        ContactRole::Neighbour => "buur",
        ContactRole::Friend => "vriend(in) of kennis",
        ContactRole::ClientSupporter => "cliëntondersteuner",
        ContactRole::Contact => "contactpersoon",
        ContactRole::LegalRepresentative => "wettelijk vertegenwoordiger",
        ContactRole::InformalCarer => "mantelzorger",
        ContactRole::SpiritualCarer => "geestelijk verzorger",
        ContactRole::Interpreter => "tolk",
        ContactRole::Lawyer => "advocaat",
        ContactRole::WrittenProxy => "schriftelijk gemachtigde",
    }
}

/// A role with what 'anders' means.
pub fn contact_role_of(of: &RoleOf) -> String {
    own_words(of.text.as_deref(), of.role == ContactRole::Other, contact_role(of.role))
}

fn own_words(text: Option<&str>, is_other: bool, word: &str) -> String {
    text.map(str::trim).filter(|t| is_other && !t.is_empty()).unwrap_or(word).to_owned()
}

/// A contact person's name, or, where there is none, what they are to the patient: `Michiel Hartman`, `broer`.
pub fn person_name(person: &ContactPerson) -> String {
    let name = person.name.full();
    if !name.is_empty() {
        return name;
    }
    let words = beside_name(person);
    if words.is_empty() { "een naaste".to_owned() } else { words }
}

/// A contact person with what they are to the patient: `Michiel Hartman (broer)`.
pub fn person(person: &ContactPerson) -> String {
    let (name, beside) = (person_name(person), beside_name(person));
    if person.name.is_empty() || beside.is_empty() { name } else { format!("{name} ({beside})") }
}

/// Relations, else roles. Whether somebody is the representative or first contact is topic 1, not part of the name.
fn beside_name(person: &ContactPerson) -> String {
    let mut words: Vec<String> = person.relations.iter().map(relation_of).collect();
    if words.is_empty() {
        let told_by_topic =
            |r: &&RoleOf| !matches!(r.role, ContactRole::LegalRepresentative | ContactRole::FirstContact);
        words = person.roles.iter().filter(told_by_topic).map(contact_role_of).collect();
    }
    if words.is_empty() && person.name.is_empty() {
        words = person.roles.iter().map(contact_role_of).collect();
    }
    words.dedup();
    join(&words)
}

/// What topic 1 makes of somebody: `vertegenwoordiger en eerste contactpersoon`.
pub fn role_in_plan(content: &Content, key: PersonKey) -> Option<&'static str> {
    let capacity = content.capacity.value()?;
    match (capacity.representative == Some(key), capacity.first_contact == Some(key)) {
        (true, true) => Some("vertegenwoordiger en eerste contactpersoon"),
        (true, false) => Some("vertegenwoordiger"),
        (false, true) => Some("eerste contactpersoon"),
        (false, false) => None,
    }
}

/// A telephone number with what must be known before one dials it; `None` where there is no number.
pub fn phone(phone: &Telephone) -> Option<String> {
    let number = phone.number.as_deref().map(str::trim).filter(|n| !n.is_empty())?;
    let kind = match phone.kind {
        Some(TelecomType::Fax) => Some("fax"),
        Some(TelecomType::Pager) => Some("pieper"),
        Some(TelecomType::LandLine | TelecomType::Mobile) | None => None,
    };
    let beside: Vec<&str> =
        kind.into_iter().chain(phone.comment.as_deref().map(str::trim)).filter(|t| !t.is_empty()).collect();
    Some(if beside.is_empty() { number.to_owned() } else { format!("{number} ({})", beside.join(", ")) })
}

/// All numbers of somebody, in order.
pub fn phones(person: &ContactPerson) -> Vec<String> {
    person.telephones.iter().filter_map(phone).collect()
}

/// A professional's function: `huisarts`; `None` where the plan does not tell.
pub fn function(professional: &Professional) -> Option<String> {
    professional.specialty.iter().find_map(specialty)
}

fn specialty(coding: &Coding) -> Option<String> {
    // Codes that come without a display, or, the AGB code, with one that speaks of a whole group.
    let known = match (coding.system.as_deref(), coding.code.as_str()) {
        (Some(system::UZI_ROLE), "01.015") | (Some(system::AGB_SPECIALTY), "0100") => Some("huisarts"),
        (Some(system::UZI_ROLE), "01.047") => Some("specialist ouderengeneeskunde"),
        (Some(system::UZI_ROLE), "01.000") => Some("arts"),
        (Some(system::UZI_ROLE), "30.000") => Some("verpleegkundige"),
        (Some(system::UZI_ROLE), "81.000") => Some("physician assistant"),
        (Some(system::UZI_ROLE), "99.000") => Some("zorgverlener andere zorg"),
        _ => None,
    };
    known.map(str::to_owned).or_else(|| {
        let display = coding.display.as_deref().map(str::trim).filter(|d| !d.is_empty())?;
        let mut chars = display.chars();
        let (first, second) = (chars.next()?, chars.next());
        // An abbreviation stays as it is.
        let lower = !second.is_some_and(char::is_uppercase);
        Some(if lower { first.to_lowercase().chain(display.chars().skip(1)).collect() } else { display.to_owned() })
    })
}

fn is_physician(professional: &Professional) -> bool {
    professional.specialty.iter().any(|s| Role::specialty_may_set(s) == Some(true))
}

/// A professional's name: `dr. Van Huissen`, `Anna de Boer`; `None` where there is none.
pub fn professional_name(professional: &Professional) -> Option<String> {
    let name = &professional.name;
    if name.is_empty() {
        return None;
    }
    let titles = name.titles.as_deref().map(str::trim).filter(|t| !t.is_empty());
    let (before, after) = match titles {
        // 'drs.' and 'dr.' go before the name, 'MSc' behind it.
        Some(t) if t.ends_with('.') => (Some(t), None),
        other => (None, other),
    };
    let family_only = [&name.called, &name.given, &name.initials].into_iter().flatten().all(|n| n.trim().is_empty());
    let before = before.or_else(|| (family_only && is_physician(professional)).then_some("dr."));
    let spoken = spoken(name, family_only);
    let spoken = before.map_or_else(|| spoken.clone(), |b| format!("{b} {spoken}"));
    Some(after.map_or_else(|| spoken.clone(), |a| format!("{spoken} {a}")))
}

/// A prefix takes a capital where no first name or initial stands before it.
fn spoken(name: &Name, family_only: bool) -> String {
    if family_only { capitalised(&name.full()) } else { name.full() }
}

/// A professional with their function: `dr. Van Huissen, huisarts`.
pub fn professional(professional: &Professional) -> String {
    let organisation = professional.organisation.as_deref().map(str::trim).filter(|o| !o.is_empty());
    match (professional_name(professional), function(professional), organisation) {
        (Some(name), Some(function), _) => format!("{name}, {function}"),
        (Some(name), None, Some(organisation)) => format!("{name} ({organisation})"),
        (Some(name), None, None) => name,
        (None, Some(function), Some(organisation)) => format!("{function} ({organisation})"),
        (None, Some(function), None) => function,
        (None, None, Some(organisation)) => format!("zorgverlener van {organisation}"),
        (None, None, None) => "een zorgverlener".to_owned(),
    }
}

/// Somebody who takes part: `de patiënt`, `Michiel Hartman (broer)`, `dr. Van Huissen, huisarts`.
pub fn party(content: &Content, party: Party) -> String {
    match party {
        Party::Patient => "de patiënt".to_owned(),
        Party::Person(key) => content.person(key).map_or_else(|| "een naaste".to_owned(), person),
        Party::Professional(key) => {
            content.professional(key).map_or_else(|| "een zorgverlener".to_owned(), professional)
        }
    }
}

/// All who take part: `de patiënt, Michiel Hartman (broer) en dr. Van Huissen (huisarts)`.
pub fn parties(content: &Content, all: &[Party]) -> String {
    let mut words: Vec<String> = Vec::new();
    for one in all {
        let word = listed(content, *one);
        if !words.contains(&word) {
            words.push(word);
        }
    }
    join(&words)
}

/// In a list the comma before a function would read as the next in it.
fn listed(content: &Content, one: Party) -> String {
    let professional = match one {
        Party::Professional(key) => content.professional(key),
        Party::Patient | Party::Person(_) => None,
    };
    match professional.and_then(|p| professional_name(p).zip(function(p))) {
        Some((name, function)) => format!("{name} ({function})"),
        None => party(content, one),
    }
}

/// How a limit came to be in force: `vastgesteld door dr. Van Huissen, huisarts`; for a proposal who proposed it.
/// `None` where nobody is named.
pub fn set_by(content: &Content, directive: &Directive) -> Option<String> {
    let who = |key| content.professional(key).map_or_else(|| "een zorgverlener".to_owned(), professional);
    Some(match (&directive.set_by, directive.proposed_by) {
        (Some(SetBy::Here(key)), _) => format!("vastgesteld door {}", who(*key)),
        (Some(SetBy::Elsewhere { by: Some(key), .. }), _) => format!("vastgesteld elders, door {}", who(*key)),
        (Some(SetBy::Elsewhere { by: None, .. }), _) => "vastgesteld elders, niet genoemd door wie".to_owned(),
        (None, Some(key)) => format!("voorgesteld door {}, nog niet medisch vastgesteld", who(key)),
        (None, None) => return None,
    })
}
