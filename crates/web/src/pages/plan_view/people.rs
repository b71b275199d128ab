//! Who is around the patient: representative, first contact, others, and the professionals who held a conversation.

use domain::people::{ContactPerson, PersonKey};
use domain::plan::Content;
use domain::words;

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
    /// As written, with what must be known before one dials it.
    pub text: String,
    /// Digits to dial; empty where it is not a number.
    pub dial: String,
}

/// Everybody, those who decide first.
pub fn around(content: &Content) -> Vec<PersonView> {
    let capacity = content.capacity.value();
    let named =
        capacity.into_iter().flat_map(|c| c.representative.iter().chain(&c.first_contact).chain(&c.others).copied());
    let mut keys: Vec<PersonKey> = Vec::new();
    for key in named {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let mut people: Vec<PersonView> =
        keys.iter().filter_map(|key| content.person(*key)).map(|p| contact(content, p)).collect();
    for held in content.newest_conversation().iter().flat_map(|c| &c.held_by) {
        let Some(professional) = content.professional(held.professional) else { continue };
        let parts: Vec<String> = words::function(professional)
            .into_iter()
            .chain(professional.organisation.clone())
            .chain(["voerde het laatste gesprek".to_owned()])
            .collect();
        people.push(PersonView {
            name: words::professional_name(professional).unwrap_or_else(|| "Een zorgverlener".to_owned()),
            part: words::capitalised(&parts.join(", ")),
            ..PersonView::default()
        });
    }
    people
}

/// A contact person as shown: name, part, and what to dial.
pub fn contact(content: &Content, person: &ContactPerson) -> PersonView {
    let relations = person.relations.iter().map(words::relation_of).filter(|_| !person.name.is_empty());
    let parts: Vec<String> = relations.chain(words::role_in_plan(content, person.key).map(str::to_owned)).collect();
    let phone = |t: &domain::people::Telephone| {
        let dial: String = t.number.as_deref()?.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        Some(Phone { text: words::phone(t)?, dial })
    };
    PersonView {
        name: words::capitalised(&words::person_name(person)),
        part: words::capitalised(&parts.join(", ")),
        telephones: person.telephones.iter().filter_map(phone).collect(),
        emails: person.emails.iter().filter_map(|e| e.address.clone()).collect(),
    }
}
