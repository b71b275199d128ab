//! As whom a plan knows its people: the faces under which somebody, a conversation or a document was ever delivered.
//!
//! Who is who is decided on these, not on what counts now, so that a key means the same whichever versions are marked
//! wrong afterwards (decision 5).

use crate::code::AdvanceDirectiveType;
use crate::date::FhirDateTime;
use crate::people::{ContactPerson, PersonKey, Professional, ProfessionalKey};
use crate::plan::{
    AdvanceDirective, Content, Conversation, ConversationKey, DocumentKey, Identifier, Statement, Topic,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Faces that the plan's own lists do not show: those of versions marked wrong, and former names and identifiers.
/// Whoever is known by one face only, the one in the list, is not here; most plans have none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct KnownAs {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) people: Vec<ContactPerson>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) professionals: Vec<Professional>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) conversations: Vec<Conversation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) documents: Vec<Paper>,
}

/// A document with its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Paper {
    pub key: DocumentKey,
    pub topic: Topic<AdvanceDirective>,
}

/// Something with a key, recognised by part of what is said of it.
pub(super) trait Face: Clone {
    type Key: Copy + Ord;
    fn key(&self) -> Self::Key;
    fn key_mut(&mut self) -> &mut Self::Key;
    /// Nothing by which it is recognised differs.
    fn alike(&self, other: &Self) -> bool;
}

impl Face for ContactPerson {
    type Key = PersonKey;
    fn key(&self) -> PersonKey {
        self.key
    }
    fn key_mut(&mut self) -> &mut PersonKey {
        &mut self.key
    }
    fn alike(&self, other: &Self) -> bool {
        (&self.identifiers, &self.name, &self.relations) == (&other.identifiers, &other.name, &other.relations)
            && (!self.name.is_empty() || same_details(self, other))
    }
}

impl Face for Professional {
    type Key = ProfessionalKey;
    fn key(&self) -> ProfessionalKey {
        self.key
    }
    fn key_mut(&mut self) -> &mut ProfessionalKey {
        &mut self.key
    }
    fn alike(&self, other: &Self) -> bool {
        Self { key: other.key, changed_in: other.changed_in, ..self.clone() } == *other
    }
}

impl Face for Conversation {
    type Key = ConversationKey;
    fn key(&self) -> ConversationKey {
        self.key
    }
    fn key_mut(&mut self) -> &mut ConversationKey {
        &mut self.key
    }
    fn alike(&self, other: &Self) -> bool {
        self.encounter.source.identifiers == other.encounter.source.identifiers
    }
}

impl Face for Paper {
    type Key = DocumentKey;
    fn key(&self) -> DocumentKey {
        self.key
    }
    fn key_mut(&mut self) -> &mut DocumentKey {
        &mut self.key
    }
    fn alike(&self, other: &Self) -> bool {
        self.marks() == other.marks()
    }
}

pub(super) type Marks<'a> = (&'a [Identifier], AdvanceDirectiveType, Option<&'a str>, Option<&'a FhirDateTime>);

impl Paper {
    fn first(&self) -> Option<&Statement<AdvanceDirective>> {
        self.topic.statements().next()
    }

    /// All by which the document is recognised.
    pub(super) fn marks(&self) -> Option<Marks<'_>> {
        self.first()
            .map(|s| (s.source.identifiers.as_slice(), s.value.kind, s.value.kind_text.as_deref(), s.said_on.as_ref()))
    }
}

/// Two people without a name are one where all that is told of them is the same.
pub(super) fn same_details(a: &ContactPerson, b: &ContactPerson) -> bool {
    (&a.telephones, &a.emails, &a.roles, &a.relations) == (&b.telephones, &b.emails, &b.roles, &b.relations)
}

/// Every face of everybody: those kept here, and of whoever has none here the one in the plan's list.
pub(super) fn faces<'a, F: Face + 'a>(kept: &[F], shown: impl Iterator<Item = &'a F>) -> Vec<F> {
    let mut all = kept.to_vec();
    all.extend(shown.filter(|s| !kept.iter().any(|k| k.key() == s.key())).cloned());
    all.sort_by_key(Face::key);
    all
}

/// The faces of those whom one input speaks of, oldest first, the input's own last.
pub(super) struct Mentioned<F: Face>(BTreeMap<F::Key, Vec<F>>);

impl<F: Face> Default for Mentioned<F> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<F: Face> Mentioned<F> {
    /// Adds the face that an input shows. To be called before the plan's list changes.
    pub(super) fn add(&mut self, new: &F, kept: &[F], shown: Option<&F>) {
        let list = self.0.entry(new.key()).or_insert_with(|| {
            let known: Vec<F> = kept.iter().filter(|k| k.key() == new.key()).cloned().collect();
            if known.is_empty() { shown.cloned().into_iter().collect() } else { known }
        });
        list.retain(|face| !face.alike(new));
        list.push(new.clone());
    }

    fn into_kept(self, kept: &mut Vec<F>) {
        kept.retain(|k| !self.0.contains_key(&k.key()));
        kept.extend(self.0.into_values().flatten());
    }
}

/// All that one input speaks of.
#[derive(Default)]
pub(super) struct AllMentioned {
    pub people: Mentioned<ContactPerson>,
    pub professionals: Mentioned<Professional>,
    pub conversations: Mentioned<Conversation>,
    pub documents: Mentioned<Paper>,
}

impl AllMentioned {
    /// Keeps the faces that the plan's lists, as they are by now, do not show.
    pub(super) fn settle(self, content: &mut Content) {
        fn tidy<F: Face>(kept: &mut Vec<F>, shown: impl Fn(F::Key) -> Option<F>) {
            let mut times: BTreeMap<F::Key, usize> = BTreeMap::new();
            for face in kept.iter() {
                *times.entry(face.key()).or_default() += 1;
            }
            kept.retain(|k| times.get(&k.key()) != Some(&1) || !shown(k.key()).is_some_and(|s| s.alike(k)));
            kept.sort_by_key(Face::key);
        }
        let mut known = std::mem::take(&mut content.known_as);
        self.people.into_kept(&mut known.people);
        self.professionals.into_kept(&mut known.professionals);
        self.conversations.into_kept(&mut known.conversations);
        self.documents.into_kept(&mut known.documents);
        tidy(&mut known.people, |k| content.person(k).cloned());
        tidy(&mut known.professionals, |k| content.professional(k).cloned());
        tidy(&mut known.conversations, |k| content.conversation(k).cloned());
        tidy(&mut known.documents, |k| content.documents.get(&k).map(|t| Paper { key: k, topic: t.clone() }));
        content.known_as = known;
    }
}

impl KnownAs {
    /// Nobody has another face than the one shown.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
