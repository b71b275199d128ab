//! Who is around the patient: representative, first contact, others, and the professionals who held a conversation.

use super::{lower_first, say, upper_first};
use domain::code::{CodeSet, TelecomType};
use domain::people::{ContactPerson, PersonKey, ProfessionalKey};
use domain::plan::Content;

/// Somebody around the patient.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonView {
    /// Name, or what is known instead.
    pub name: String,
    /// What they are to the patient and to the plan.
    pub part: String,
    /// Telephone numbers.
    pub telephones: Vec<Phone>,
    /// E-mail addresses.
    pub emails: Vec<String>,
}

/// A telephone number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// As written, with what it is.
    pub text: String,
    /// Digits to dial; empty where it is not a number.
    pub dial: String,
}

/// Everybody, those who decide first.
pub fn around(content: &Content) -> Vec<PersonView> {
    let capacity = content.capacity.value();
    let representative = capacity.and_then(|c| c.representative);
    let first = capacity.and_then(|c| c.first_contact);
    let others = capacity.map(|c| c.others.clone()).unwrap_or_default();
    let mut seen: Vec<PersonKey> = Vec::new();
    let mut people = Vec::new();
    for key in representative.into_iter().chain(first).chain(others) {
        if seen.contains(&key) {
            continue;
        }
        seen.push(key);
        let Some(person) = content.person(key) else { continue };
        let mut parts: Vec<&str> = Vec::new();
        if representative == Some(key) {
            parts.push("vertegenwoordiger");
        }
        if first == Some(key) {
            parts.push("eerste contact");
        }
        people.push(view(person, &parts));
    }
    let newest = content.newest_conversation();
    let held: Vec<ProfessionalKey> = newest.map(|c| c.held_by.iter().map(|h| h.professional).collect()).unwrap_or_default();
    for key in held {
        let Some(professional) = content.professional(key) else { continue };
        let specialty = professional.specialty.first().and_then(|s| s.display.as_deref()).map(lower_first);
        let parts: Vec<String> =
            specialty.into_iter().chain(professional.organisation.clone()).chain(["voerde het laatste gesprek".to_owned()]).collect();
        let name = professional.name.full();
        people.push(PersonView {
            name: if name.is_empty() { "Een zorgverlener".to_owned() } else { name },
            part: upper_first(&parts.join(", ")),
            ..PersonView::default()
        });
    }
    people
}

fn view(person: &ContactPerson, parts: &[&str]) -> PersonView {
    let relation = person.relations.first().map(|r| r.text.clone().unwrap_or_else(|| r.relation.display().to_lowercase()));
    let name = person.name.full();
    let all: Vec<String> = relation.into_iter().chain(parts.iter().map(ToString::to_string)).collect();
    PersonView {
        name: if name.is_empty() { upper_first(&say::person(person)) } else { name },
        part: upper_first(&all.join(", ")),
        telephones: person
            .telephones
            .iter()
            .filter_map(|t| {
                let number = t.number.clone()?;
                let kind = match t.kind {
                    Some(TelecomType::Fax) => " (fax)",
                    Some(TelecomType::Pager) => " (pieper)",
                    _ => "",
                };
                let comment = t.comment.as_deref().map(|c| format!(", {}", lower_first(c))).unwrap_or_default();
                let dial: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
                Some(Phone { text: format!("{number}{kind}{comment}"), dial })
            })
            .collect(),
        emails: person.emails.iter().filter_map(|e| e.address.clone()).collect(),
    }
}
