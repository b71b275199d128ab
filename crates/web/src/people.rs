//! Making people who can sign in, from what an administrator types.

pub mod import;

use crate::password;
use domain::administration::can_be_given;
use domain::ident::{Agb, OrganisationId, PersonId};
use domain::people::Name;
use domain::role::Role;
use store::organisations::{Organisation, OrganisationKind};
use store::people::Person;

/// Shortest password that is accepted.
pub const SHORTEST_PASSWORD: usize = 12;

/// A person and the hash of their password.
///
/// # Errors
/// A Dutch sentence that says what to mend.
pub fn new_person(username: &str, name: &str, password: &str, agb: Option<&str>) -> Result<(Person, String), String> {
    let username = self::username(username)?;
    if password.chars().count() < SHORTEST_PASSWORD {
        return Err(format!("Het wachtwoord heeft minstens {SHORTEST_PASSWORD} tekens."));
    }
    let name = split_name(name);
    if name.is_empty() {
        return Err("Noem een naam.".to_owned());
    }
    let agb = agb.map(Agb::parse).transpose().map_err(|e| e.to_string())?;
    let id = PersonId::from_bits(store::random::bits());
    let person = Person { id, username, name, agb, uzi: None, big: None, active: true };
    Ok((person, password::hash(password)))
}

/// A name to sign in with.
///
/// # Errors
/// A Dutch sentence that says what to mend.
pub fn username(typed: &str) -> Result<String, &'static str> {
    let typed = typed.trim();
    let fits = (2..=64).contains(&typed.len())
        && typed
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.' | b'_' | b'@'));
    if fits {
        Ok(typed.to_owned())
    } else {
        Err("Een gebruikersnaam heeft 2 tot 64 tekens: kleine letters, cijfers, punt, streepje en @.")
    }
}

/// A person with first name, prefix and surname; what else is known of their name stays as it was.
pub fn person_of(id: PersonId, username: &str, parts: &[String; 3], before: Option<&Person>) -> Person {
    let [given, prefix, family] = parts;
    let mut name = Name::of(given, prefix, family);
    if let Some(before) = before {
        let kept = before.name.clone();
        // Whoever is called otherwise than their first names in full is so still.
        let called = kept.called.is_some().then(|| name.given.take()).flatten();
        let given = if called.is_some() { kept.given.clone() } else { name.given.take() };
        name = Name { given, called, prefix: name.prefix, family: name.family, ..kept };
    }
    let (agb, uzi, big) = before.map_or((None, None, None), |b| (b.agb.clone(), b.uzi.clone(), b.big.clone()));
    Person { id, username: username.to_owned(), name, agb, uzi, big, active: before.is_none_or(|b| b.active) }
}

/// An organisation with just a name and a kind.
pub fn new_organisation(name: &str, kind: OrganisationKind) -> Organisation {
    Organisation::new(OrganisationId::from_bits(store::random::bits()), name, kind)
}

/// The role with this code, of those that one has at an organisation. The patient and theirs come by a letter.
///
/// # Errors
/// A Dutch sentence with the codes there are.
pub fn role(code: &str) -> Result<Role, String> {
    Role::of_code(code).filter(|r| can_be_given(*r)).ok_or_else(|| {
        let codes: Vec<_> = Role::ALL.iter().filter(|r| can_be_given(**r)).map(|r| r.code()).collect();
        format!("Deze rol is er niet. Rollen: {}.", codes.join(", "))
    })
}

/// 'Saskia de Wit' in its parts: the last word is the family name, words in lower case before it are its prefix.
pub fn split_name(text: &str) -> Name {
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some((family, before)) = words.split_last() else { return Name::default() };
    let starts_low = |w: &&str| w.chars().next().is_some_and(char::is_lowercase);
    let prefix_from = before.iter().rposition(|w| !starts_low(w)).map_or(0, |i| i + 1);
    Name::of(&before[..prefix_from].join(" "), &before[prefix_from..].join(" "), family)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patient_and_theirs_are_not_added_as_people_at_work() {
        assert_eq!(role("gp"), Ok(Role::Gp));
        let refused = role("patient").unwrap_err();
        assert!(refused.contains("district-nurse") && !refused.contains("relative"), "{refused}");
    }

    #[test]
    fn names_are_split_as_dutch_names_are() {
        assert_eq!(split_name("Saskia de Wit"), Name::of("Saskia", "de", "Wit"));
        assert_eq!(split_name("Jan Piet van den Berg"), Name::of("Jan Piet", "van den", "Berg"));
        assert_eq!(split_name("Yılmaz"), Name::of("", "", "Yılmaz"));
    }
}
