//! Who held the conversation, who speaks for the patient, and who was there.

use super::Reading;
use super::sheet::{Sheet, code_in, text_in};
use crate::code::{Coding, ContactRole, RelationKind};
use crate::form::{Item, Value};
use crate::people::{
    ContactPerson, Email, Name, PersonKey, Professional, ProfessionalKey, RelationOf, RoleOf, Telephone,
};
use crate::plan::{Attendance, LegalCapacity};

/// The roles that 997 can hold.
const ATTENDING_ROLES: [ContactRole; 4] =
    [ContactRole::Curator, ContactRole::Mentor, ContactRole::WrittenProxy, ContactRole::Other];

/// Those of a person's roles that the form tells of somebody who was there.
pub(in crate::form) fn attending_roles(person: &ContactPerson) -> impl Iterator<Item = &RoleOf> {
    person.roles.iter().filter(|r| ATTENDING_ROLES.contains(&r.role))
}

/// Puts the professionals of a form into the list; who held the conversation, and who wrote it down.
pub(super) fn professionals(
    sheet: &Sheet<'_>,
    author: Option<&Professional>,
    list: &mut Vec<Professional>,
) -> (Option<ProfessionalKey>, Option<ProfessionalKey>) {
    let specialty: Vec<Coding> = sheet
        .answers("1405")
        .filter_map(|a| match &a.value {
            Value::Coding(coding) => Some(coding.clone()),
            _ => None,
        })
        .collect();
    let named = Professional {
        key: ProfessionalKey(0),
        name: sheet.name(["968", "969", "970"]),
        agb: None,
        uzi: None,
        big: None,
        specialty,
        organisation: None,
        identifiers: Vec::new(),
        role_identifiers: Vec::new(),
        person: None,
        changed_in: 0,
    };
    let mut add = |professional: Professional| {
        let key = ProfessionalKey(u32::try_from(list.len()).unwrap_or(u32::MAX).saturating_add(1));
        list.push(Professional { key, ..professional });
        Some(key)
    };
    let is_named = !named.name.is_empty() || !named.specialty.is_empty();
    match author.cloned() {
        None if is_named => {
            let key = add(named);
            (key, key)
        }
        None => (None, None),
        Some(author) if !is_named || is_same(&author.name, &named.name) => {
            let key = add(completed(author, named));
            (key, key)
        }
        Some(author) => {
            let author = add(author);
            (add(named), author)
        }
    }
}

/// The author, named in the form by no more than a part of the name.
fn is_same(author: &Name, named: &Name) -> bool {
    let lower = |t: &Option<String>| t.as_deref().map(|t| t.trim().to_lowercase());
    let may_be = |a: &Option<String>, b: &Option<String>| a.is_none() || b.is_none() || lower(a) == lower(b);
    author.is_empty()
        || named.is_empty()
        || (author.own_family().to_lowercase() == named.own_family().to_lowercase()
            && may_be(&author.given, &named.given))
}

/// The author with the form's own words for name and specialty.
fn completed(mut author: Professional, named: Professional) -> Professional {
    author.name.given = named.name.given.or(author.name.given);
    author.name.prefix = named.name.prefix.or(author.name.prefix);
    author.name.family = named.name.family.or(author.name.family);
    author.specialty.retain(|known| named.specialty.iter().all(|s| !s.same(known)));
    author.specialty.splice(0..0, named.specialty);
    author
}

/// The linkIds of somebody whom the form describes.
struct PersonItems {
    name: [&'static str; 3],
    telephones: &'static str,
    telephone: [&'static str; 4],
    emails: &'static str,
    email: [&'static str; 2],
}

const REPRESENTATIVE: PersonItems = PersonItems {
    name: ["973", "974", "975"],
    telephones: "40",
    telephone: ["976", "977", "978", "979"],
    emails: "41",
    email: ["980", "981"],
};
const FIRST_CONTACT: PersonItems = PersonItems {
    name: ["985", "986", "987"],
    telephones: "62",
    telephone: ["988", "989", "990", "991"],
    emails: "66",
    email: ["992", "993"],
};

impl PersonItems {
    fn read(&self, sheet: &Sheet<'_>) -> ContactPerson {
        let [number, kind, purpose, comment] = self.telephone;
        let [address, email_purpose] = self.email;
        let telephone = |item: &&Item| Telephone {
            number: text_in(item, number),
            kind: code_in(item, kind),
            purpose: code_in(item, purpose),
            comment: text_in(item, comment),
        };
        let email = |item: &&Item| Email { address: text_in(item, address), purpose: code_in(item, email_purpose) };
        ContactPerson {
            name: sheet.name(self.name),
            telephones: sheet
                .items(self.telephones)
                .iter()
                .map(telephone)
                .filter(|t| *t != Telephone::default())
                .collect(),
            emails: sheet.items(self.emails).iter().map(email).filter(|e| *e != Email::default()).collect(),
            ..nobody()
        }
    }
}

fn nobody() -> ContactPerson {
    ContactPerson {
        key: PersonKey(0),
        name: Name::default(),
        telephones: Vec::new(),
        emails: Vec::new(),
        address: None,
        roles: Vec::new(),
        relations: Vec::new(),
        identifiers: Vec::new(),
        changed_in: 0,
    }
}

impl Reading<'_> {
    /// Topic 1 into the content; gives topic 2.
    pub(super) fn people(&mut self, sheet: &mut Sheet<'_>) -> Option<Attendance> {
        let known = self.capacity(sheet);
        self.attendance(sheet, &known)
    }

    fn add(&mut self, person: ContactPerson) -> PersonKey {
        let key = PersonKey(u32::try_from(self.content.people.len()).unwrap_or(u32::MAX).saturating_add(1));
        self.content.people.push(ContactPerson { key, ..person });
        key
    }

    fn capacity(&mut self, sheet: &mut Sheet<'_>) -> Vec<PersonKey> {
        let mut speaker = REPRESENTATIVE.read(sheet);
        speaker.roles = roles(sheet, "982", "411");
        speaker.relations = relations(sheet, "983", "408");
        let also_first = sheet.boolean("984");
        let has_speaker = speaker != nobody() || also_first == Some(true);

        let mut contact = FIRST_CONTACT.read(sheet);
        contact.relations = relations(sheet, "995", "412");
        // What is said of a first contact counts as 'not the representative', also where 984 itself was skipped.
        let has_contact = also_first != Some(true) && (contact != nobody() || also_first == Some(false));
        let is_first = !has_contact && speaker.roles.iter().any(|r| r.role == ContactRole::FirstContact);

        let representative = has_speaker.then(|| self.add(speaker));
        let first_contact = match (has_contact, also_first == Some(true) || is_first) {
            (true, _) => Some(self.add(contact)),
            (false, true) => representative,
            (false, false) => None,
        };
        let value = LegalCapacity {
            capable: sheet.boolean("1651"),
            comment: sheet.text("1407"),
            representative,
            first_contact,
            others: Vec::new(),
        };
        if value != LegalCapacity::default() {
            self.content.capacity = self.said(value);
        }
        let mut known: Vec<PersonKey> = representative.into_iter().chain(first_contact).collect();
        known.dedup();
        known
    }

    fn attendance(&mut self, sheet: &mut Sheet<'_>, known: &[PersonKey]) -> Option<Attendance> {
        let roles = roles(sheet, "997", "414");
        let relations = relations(sheet, "998", "413");
        if !self.patient_there && roles.is_empty() && relations.is_empty() {
            return None;
        }
        let known: Vec<&ContactPerson> = known.iter().filter_map(|k| self.content.person(*k)).collect();
        let there = pair(&known, roles, relations);
        let people = there.into_iter().map(|one| match one {
            There::Known(key) => key,
            There::Role(role) => self.add(ContactPerson { roles: vec![role], ..nobody() }),
            There::Relation(relation) => self.add(ContactPerson { relations: vec![relation], ..nobody() }),
        });
        let people = people.collect();
        Some(Attendance { patient: self.patient_there, people })
    }
}

fn roles(sheet: &mut Sheet<'_>, link_id: &str, text_id: &str) -> Vec<RoleOf> {
    let codes = sheet.codes_with_text(link_id, text_id, ContactRole::Other);
    codes.into_iter().map(|(role, text)| RoleOf { role, text }).collect()
}

fn relations(sheet: &mut Sheet<'_>, link_id: &str, text_id: &str) -> Vec<RelationOf> {
    let codes = sheet.codes_with_text(link_id, text_id, RelationKind::Other);
    codes.into_iter().map(|(relation, text)| RelationOf { relation, text }).collect()
}

#[derive(Debug, PartialEq)]
enum There {
    Known(PersonKey),
    Role(RoleOf),
    Relation(RelationOf),
}

/// 997 and 998 are two lists without pairs (decision 33). A person whom the form describes was there if writing that
/// person gives both lists back, order included; everybody else stays a bare role or relation.
fn pair(known: &[&ContactPerson], roles: Vec<RoleOf>, relations: Vec<RelationOf>) -> Vec<There> {
    struct Found<'a> {
        person: &'a ContactPerson,
        roles: std::ops::Range<usize>,
        relations: std::ops::Range<usize>,
    }
    let mut found: Vec<Found<'_>> = Vec::new();
    for person in known {
        let own: Vec<RoleOf> = attending_roles(person).cloned().collect();
        let free = |range: &std::ops::Range<usize>, taken: &dyn Fn(&Found<'_>) -> std::ops::Range<usize>| {
            found.iter().all(|f| range.is_empty() || range.end <= taken(f).start || range.start >= taken(f).end)
        };
        let at_role = places(&roles, &own).find(|r| free(r, &|f| f.roles.clone()));
        let at_relation = places(&relations, &person.relations).find(|r| free(r, &|f| f.relations.clone()));
        if let (Some(roles), Some(relations)) = (at_role, at_relation)
            && !(roles.is_empty() && relations.is_empty())
        {
            found.push(Found { person, roles, relations });
        }
    }
    // With two persons the two lists may ask for different orders; then the first stays.
    found.sort_by(|a, b| {
        let both_have_roles = !a.roles.is_empty() && !b.roles.is_empty();
        if both_have_roles { a.roles.start.cmp(&b.roles.start) } else { a.relations.start.cmp(&b.relations.start) }
    });
    let in_order = found
        .windows(2)
        .all(|w| w[0].relations.is_empty() || w[1].relations.is_empty() || w[0].relations.start < w[1].relations.start);
    if !in_order {
        found.truncate(1);
    }

    let mut there = Vec::new();
    let (mut role, mut relation) = (0, 0);
    for f in found {
        if !f.roles.is_empty() {
            there.extend(roles[role..f.roles.start].iter().cloned().map(There::Role));
            role = f.roles.end;
        }
        if !f.relations.is_empty() {
            there.extend(relations[relation..f.relations.start].iter().cloned().map(There::Relation));
            relation = f.relations.end;
        }
        there.push(There::Known(f.person.key));
    }
    there.extend(roles.into_iter().skip(role).map(There::Role));
    there.extend(relations.into_iter().skip(relation).map(There::Relation));
    there
}

/// Where one list stands in the other, in one piece; an empty one stands at the start.
fn places<T: PartialEq>(list: &[T], part: &[T]) -> impl Iterator<Item = std::ops::Range<usize>> {
    let n = part.len();
    let starts = if n > list.len() { 0 } else { list.len() - n + 1 };
    (0..starts).map(move |at| at..at + n).filter(|r| list[r.clone()] == *part).collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests;
