//! Taking the people, professionals, conversations and documents of an input into a plan: those that are known keep
//! their key, the others get one that was never used.

use super::PlanInput;
use super::known::{AllMentioned, Face, Paper, faces, same_details};
use crate::date::FhirDateTime;
use crate::people::{ContactPerson, PersonKey, Professional, ProfessionalKey};
use crate::plan::keys::{Key, KeyMap, Keyed, Named};
use crate::plan::{Content, Conversation, ConversationKey, DocumentKey, Identifier};
use crate::words;
use jiff::Timestamp;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// An input in the plan's own keys, with the faces it showed; its conversations and people are in the plan by now.
pub(super) struct Adopted {
    pub delta: Content,
    pub mentioned: AllMentioned,
    /// Which of the plan's keys each of the input's own became.
    pub keys: KeyMap,
}

/// Gives the input's people, professionals, conversations and documents their keys in the plan. Where the version does
/// not count (decision 5), the keys are all that happens: the plan's lists stay as they are.
pub(super) fn adopt(
    content: &mut Content,
    input: &PlanInput,
    number: u32,
    recorded_at: Timestamp,
    counts: bool,
) -> Adopted {
    let mut delta = input.content.clone();
    let map = assign(content, &delta);
    let mut named = Vec::new();
    delta.keys(&mut |mut key| {
        map.put_over(&mut key);
        named.push(key.named());
    });
    for key in delta.life_wishes.keys().map(|k| k.0).chain(delta.agreements.keys().map(|k| k.0)) {
        content.last_key = content.last_key.max(key);
    }
    let mut conversation = input.conversation;
    map.put_over(&mut Key::Conversation(&mut conversation));
    let said =
        delta.conversation(conversation).or_else(|| content.conversation(conversation)).map(|c| c.date().clone());

    let mut mentioned = AllMentioned::default();
    let known = content.known_as.clone();
    for mut person in std::mem::take(&mut delta.people) {
        person.changed_in = number;
        mentioned.people.add(&person, &known.people, content.person(person.key));
        if counts {
            take_person(content, &delta, person, said.as_ref());
        }
    }
    for mut professional in std::mem::take(&mut delta.professionals) {
        professional.changed_in = number;
        mentioned.professionals.add(&professional, &known.professionals, content.professional(professional.key));
        if counts {
            take_professional(content, professional, said.as_ref());
        }
    }
    for mut conversation in std::mem::take(&mut delta.conversations) {
        conversation.version = number;
        conversation.recorded_at = recorded_at;
        mentioned.conversations.add(&conversation, &known.conversations, content.conversation(conversation.key));
        if counts {
            take_conversation(content, conversation);
        }
    }
    for (key, topic) in &delta.documents {
        let shown = content.documents.get(key).map(|t| Paper { key: *key, topic: t.clone() });
        mentioned.documents.add(&Paper { key: *key, topic: topic.clone() }, &known.documents, shown.as_ref());
    }
    if counts {
        named.retain(|n| !matches!(n, Named::Document(key) if delta.documents.contains_key(key)));
        revive(content, named);
        content.conversations.sort_by_key(|c| (c.date().first_day(), c.version, c.key));
    }
    Adopted { delta, mentioned, keys: map }
}

/// Which of the plan's keys each of the input's own becomes.
fn assign(content: &mut Content, delta: &Content) -> KeyMap {
    let papers = |c: &Content| c.documents.iter().map(|(k, t)| Paper { key: *k, topic: t.clone() }).collect::<Vec<_>>();
    let shown = papers(content);
    let known = &content.known_as;
    let fresh = &mut content.last_key;
    let people = faces(&known.people, content.people.iter());
    let professionals = faces(&known.professionals, content.professionals.iter());
    let conversations = faces(&known.conversations, content.conversations.iter());
    let documents = faces(&known.documents, shown.iter());
    KeyMap {
        people: give_keys(people, &delta.people, fresh, PersonKey, find_person),
        professionals: give_keys(professionals, &delta.professionals, fresh, ProfessionalKey, find_professional),
        conversations: give_keys(conversations, &delta.conversations, fresh, ConversationKey, find_conversation),
        documents: give_keys(documents, &papers(delta), fresh, DocumentKey, find_document),
    }
}

/// Finds who a new face is among those known, given the keys that this input found already.
type Find<F> = fn(&[F], &F, &BTreeSet<<F as Face>::Key>) -> Option<<F as Face>::Key>;

fn give_keys<F: Face>(
    mut all: Vec<F>,
    new: &[F],
    fresh: &mut u32,
    make: fn(u32) -> F::Key,
    find: Find<F>,
) -> BTreeMap<F::Key, F::Key> {
    let mut map = BTreeMap::new();
    // Keys that this input gave already: two that nothing but their likeness joins stay two.
    let mut given = BTreeSet::new();
    for face in new {
        let key = find(&all, face, &given).unwrap_or_else(|| {
            *fresh += 1;
            make(*fresh)
        });
        given.insert(key);
        map.insert(face.key(), key);
        let mut known = face.clone();
        *known.key_mut() = key;
        all.push(known);
    }
    map
}

fn share(a: &[Identifier], b: &[Identifier]) -> bool {
    a.iter().any(|i| b.contains(i))
}

fn find_person(all: &[ContactPerson], new: &ContactPerson, given: &BTreeSet<PersonKey>) -> Option<PersonKey> {
    let by_identifier = || all.iter().find(|p| share(&p.identifiers, &new.identifiers));
    let by_name = || {
        all.iter().find(|p| {
            let related = p.relations.is_empty()
                || new.relations.is_empty()
                || p.relations.iter().any(|r| new.relations.contains(r));
            // Father and son of one name, told apart by one input (984), stay two.
            let free = !new.name.is_empty() && !given.contains(&p.key);
            free && related && p.name.full().to_lowercase() == new.name.full().to_lowercase()
        })
    };
    // Somebody of whom the form tells no more than a role or relation.
    let by_likeness = || {
        all.iter().find(|p| new.name.is_empty() && p.name.is_empty() && !given.contains(&p.key) && same_details(p, new))
    };
    by_identifier().or_else(by_name).or_else(by_likeness).map(|p| p.key)
}

fn find_professional(
    all: &[Professional],
    new: &Professional,
    given: &BTreeSet<ProfessionalKey>,
) -> Option<ProfessionalKey> {
    let by_identifier = || all.iter().find(|p| share(&p.role_identifiers, &new.role_identifiers));
    // One person may act in two functions; within an input these are two, and later each is found by its own.
    let by_function = || all.iter().find(|p| same_practitioner(p, new) == Some(true) && same_function(p, new));
    let by_number = || all.iter().find(|p| same_practitioner(p, new) == Some(true) && !given.contains(&p.key));
    let by_name = || {
        all.iter().find(|p| {
            same_practitioner(p, new).is_none()
                && same_function(p, new)
                && p.name.full().to_lowercase() == new.name.full().to_lowercase()
                && (!new.name.is_empty() || (p.organisation == new.organisation && !given.contains(&p.key)))
        })
    };
    by_identifier().or_else(by_function).or_else(by_number).or_else(by_name).map(|p| p.key)
}

/// Do their numbers tell that they are the same person? `None` where they tell nothing.
fn same_practitioner(a: &Professional, b: &Professional) -> Option<bool> {
    fn both<T: PartialEq>(a: Option<&T>, b: Option<&T>) -> Option<bool> {
        Some(a? == b?)
    }
    both(a.person.as_ref(), b.person.as_ref())
        .or_else(|| both(a.uzi.as_ref(), b.uzi.as_ref()))
        .or_else(|| both(a.big.as_ref(), b.big.as_ref()))
        .or_else(|| both(a.agb.as_ref(), b.agb.as_ref()))
        .or_else(|| share(&a.identifiers, &b.identifiers).then_some(true))
}

/// The same function, in whichever of both code systems; unsaid fits any.
fn same_function(a: &Professional, b: &Professional) -> bool {
    let word = |p| words::function(p);
    a.specialty.is_empty()
        || b.specialty.is_empty()
        || a.specialty.iter().any(|s| b.specialty.iter().any(|o| o.same(s)))
        || word(a).is_some_and(|w| Some(w) == word(b))
}

fn find_conversation(
    all: &[Conversation],
    new: &Conversation,
    given: &BTreeSet<ConversationKey>,
) -> Option<ConversationKey> {
    let ids = &new.encounter.source.identifiers;
    all.iter().find(|c| !given.contains(&c.key) && share(&c.encounter.source.identifiers, ids)).map(|c| c.key)
}

fn find_document(all: &[Paper], new: &Paper, given: &BTreeSet<DocumentKey>) -> Option<DocumentKey> {
    let (ids, kind, text, said_on) = new.marks()?;
    let free = || all.iter().filter(|p| !given.contains(&p.key));
    let by_identifier = || free().find(|p| p.marks().is_some_and(|m| share(m.0, ids)));
    let by_kind_and_day = || free().find(|p| ids.is_empty() && p.marks() == Some((&[], kind, text, said_on)));
    by_identifier().or_else(by_kind_and_day).map(|p| p.key)
}

/// What an input may change of the details of somebody who is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Renewal {
    /// Topic 1 of the input tells them: they are replaced whole (decision 4).
    Whole,
    /// Mentioned in passing: what is told replaces, what is not told stays.
    Told,
    /// Told before what is known: only fills what is missing.
    Gaps,
    /// Told before topic 1 as it stands, which names the person: changes nothing (decision 3).
    Nothing,
}

fn renewal(content: &Content, delta: &Content, old: &ContactPerson, said: Option<&FhirDateTime>) -> Renewal {
    let names = |c: &Content| {
        let value = c.capacity.value();
        value.is_some_and(|v| {
            [v.representative, v.first_contact].contains(&Some(old.key)) || v.others.contains(&old.key)
        })
    };
    let before =
        |date: Option<&FhirDateTime>| said.zip(date).is_some_and(|(said, d)| said.cmp_common(d) == Ordering::Less);
    let stands = content.capacity.current.as_ref().filter(|_| names(content));
    if before(stands.and_then(|s| content.said_on(s))) {
        Renewal::Nothing
    } else if names(delta) && stands.is_some() {
        Renewal::Whole
    } else if before(date_of_version(content, old.changed_in)) {
        Renewal::Gaps
    } else if names(delta) {
        Renewal::Whole
    } else {
        Renewal::Told
    }
}

/// The day from which what a version told of people counts.
fn date_of_version(content: &Content, version: u32) -> Option<&FhirDateTime> {
    content.conversations.iter().filter(|c| c.version == version).map(Conversation::date).max_by_key(|d| d.first_day())
}

fn take_person(content: &mut Content, delta: &Content, new: ContactPerson, said: Option<&FhirDateTime>) {
    let Some(i) = content.people.iter().position(|p| p.key == new.key) else {
        content.people.push(new);
        return;
    };
    let how = renewal(content, delta, &content.people[i], said);
    let old = &mut content.people[i];
    let before = old.clone();
    let number = new.changed_in;
    let pick = Pick { how };
    pick.list(&mut old.telephones, new.telephones);
    pick.list(&mut old.emails, new.emails);
    pick.list(&mut old.roles, new.roles);
    pick.list(&mut old.relations, new.relations);
    // The form asks no address or identifier, and who is known by one may come without a name: absence tells nothing.
    let unasked = Pick { how: if how == Renewal::Whole { Renewal::Told } else { how } };
    if unasked.replaces(old.name.is_empty(), new.name.is_empty()) {
        old.name = new.name;
    }
    unasked.option(&mut old.address, new.address);
    Pick { how: if how == Renewal::Nothing { Renewal::Gaps } else { unasked.how } }
        .list(&mut old.identifiers, new.identifiers);
    if *old != before {
        old.changed_in = number;
    }
}

fn take_professional(content: &mut Content, new: Professional, said: Option<&FhirDateTime>) {
    let Some(i) = content.professionals.iter().position(|p| p.key == new.key) else {
        content.professionals.push(new);
        return;
    };
    let known_on = date_of_version(content, content.professionals[i].changed_in);
    let late = said.zip(known_on).is_some_and(|(said, known)| said.cmp_common(known) == Ordering::Less);
    let pick = Pick { how: if late { Renewal::Gaps } else { Renewal::Told } };
    let old = &mut content.professionals[i];
    let before = old.clone();
    if pick.replaces(old.name.is_empty(), new.name.is_empty()) {
        old.name = new.name;
    }
    pick.option(&mut old.agb, new.agb);
    pick.option(&mut old.uzi, new.uzi);
    pick.option(&mut old.big, new.big);
    pick.option(&mut old.person, new.person);
    pick.option(&mut old.organisation, new.organisation);
    pick.list(&mut old.specialty, new.specialty);
    pick.list(&mut old.identifiers, new.identifiers);
    pick.list(&mut old.role_identifiers, new.role_identifiers);
    if *old != before {
        old.changed_in = new.changed_in;
    }
}

#[derive(Clone, Copy)]
struct Pick {
    how: Renewal,
}

impl Pick {
    fn replaces(self, old_empty: bool, new_empty: bool) -> bool {
        match self.how {
            Renewal::Whole => true,
            Renewal::Told => !new_empty,
            Renewal::Gaps => old_empty && !new_empty,
            Renewal::Nothing => false,
        }
    }

    fn list<T>(self, old: &mut Vec<T>, new: Vec<T>) {
        if self.replaces(old.is_empty(), new.is_empty()) {
            *old = new;
        }
    }

    fn option<T>(self, old: &mut Option<T>, new: Option<T>) {
        if self.replaces(old.is_none(), new.is_none()) {
            *old = new;
        }
    }
}

/// A conversation told again is replaced, but for who was there where that was not answered again.
fn take_conversation(content: &mut Content, mut new: Conversation) {
    if let Some(i) = content.conversations.iter().position(|c| c.key == new.key) {
        let old = content.conversations.remove(i);
        new.attendance = new.attendance.or(old.attendance);
    }
    content.conversations.push(new);
}

/// Brings back whom an input names by a key of the plan that only a version marked wrong had told (decision 5): what
/// counts never names somebody who is not there.
fn revive(content: &mut Content, mut named: Vec<Named>) {
    fn last<F: Face>(kept: &[F], key: F::Key) -> Option<F> {
        kept.iter().rfind(|k| k.key() == key).cloned()
    }
    while let Some(name) = named.pop() {
        match name {
            Named::Person(key) if content.person(key).is_none() => {
                content.people.extend(last(&content.known_as.people, key));
            }
            Named::Professional(key) if content.professional(key).is_none() => {
                content.professionals.extend(last(&content.known_as.professionals, key));
            }
            Named::Conversation(key) if content.conversation(key).is_none() => {
                if let Some(mut conversation) = last(&content.known_as.conversations, key) {
                    // Who was there is topic 2, which the wrong version no longer answers.
                    conversation.attendance = None;
                    conversation.keys(&mut |k| named.push(k.named()));
                    content.conversations.push(conversation);
                }
            }
            Named::Document(key) if !content.documents.contains_key(&key) => {
                if let Some(mut paper) = last(&content.known_as.documents, key) {
                    paper.topic.keys(&mut |k| named.push(k.named()));
                    content.documents.insert(key, paper.topic);
                }
            }
            _ => {}
        }
    }
}
