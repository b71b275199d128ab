//! The keys that a value of the plan names: visited in one way, to put them over to other keys or to gather them.

use super::{
    AdvanceDirective, Agreement, Content, Conversation, ConversationKey, Directive, DocumentKey, EarlierRecorded, Icd,
    InformRelatives, LegalCapacity, LifeWish, MedicalPolicyGoal, OrganDonationChoice, OtherLimits, Party,
    PositionRegardingEuthanasia, PreferredPlaceOfDeath, SenseOfPurpose, SetBy, SharingConsent, SpecificCareWishes,
    Statement, Topic,
};
use crate::people::{PersonKey, ProfessionalKey};
use std::collections::BTreeMap;

/// A key somewhere in a plan.
#[derive(Debug)]
pub(super) enum Key<'a> {
    Person(&'a mut PersonKey),
    Professional(&'a mut ProfessionalKey),
    Conversation(&'a mut ConversationKey),
    Document(&'a mut DocumentKey),
}

/// The same key by value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Person(PersonKey),
    Professional(ProfessionalKey),
    Conversation(ConversationKey),
    Document(DocumentKey),
}

impl Key<'_> {
    pub(super) fn named(&self) -> Named {
        match self {
            Self::Person(k) => Named::Person(**k),
            Self::Professional(k) => Named::Professional(**k),
            Self::Conversation(k) => Named::Conversation(**k),
            Self::Document(k) => Named::Document(**k),
        }
    }

    fn party(party: &mut Party) -> Option<Key<'_>> {
        match party {
            Party::Patient => None,
            Party::Person(key) => Some(Key::Person(key)),
            Party::Professional(key) => Some(Key::Professional(key)),
        }
    }
}

/// Which key of the part becomes which of the whole; a key that is not named stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyMap {
    /// Of contact persons.
    pub people: BTreeMap<PersonKey, PersonKey>,
    /// Of professionals.
    pub professionals: BTreeMap<ProfessionalKey, ProfessionalKey>,
    /// Of conversations.
    pub conversations: BTreeMap<ConversationKey, ConversationKey>,
    /// Of documents.
    pub documents: BTreeMap<DocumentKey, DocumentKey>,
}

impl KeyMap {
    /// Puts one key over.
    pub(super) fn put_over(&self, key: &mut Key<'_>) {
        fn replace<K: Ord + Copy>(map: &BTreeMap<K, K>, key: &mut K) {
            *key = map.get(key).copied().unwrap_or(*key);
        }
        match key {
            Key::Person(k) => replace(&self.people, k),
            Key::Professional(k) => replace(&self.professionals, k),
            Key::Conversation(k) => replace(&self.conversations, k),
            Key::Document(k) => replace(&self.documents, k),
        }
    }
}

/// Something that may name keys.
pub(super) trait Keyed {
    /// Calls `visit` with every key that stands in it.
    fn keys(&mut self, visit: &mut dyn FnMut(Key<'_>));
}

macro_rules! without_keys {
    ($($t:ty),+) => { $(impl Keyed for $t { fn keys(&mut self, _: &mut dyn FnMut(Key<'_>)) {} })+ };
}
without_keys!(
    MedicalPolicyGoal,
    Icd,
    SpecificCareWishes,
    PreferredPlaceOfDeath,
    PositionRegardingEuthanasia,
    OrganDonationChoice,
    SenseOfPurpose,
    EarlierRecorded,
    SharingConsent,
    LifeWish,
    Agreement
);

impl Keyed for LegalCapacity {
    fn keys(&mut self, visit: &mut dyn FnMut(Key<'_>)) {
        let all = self.representative.iter_mut().chain(&mut self.first_contact).chain(&mut self.others);
        all.for_each(|k| visit(Key::Person(k)));
    }
}

impl Keyed for InformRelatives {
    fn keys(&mut self, visit: &mut dyn FnMut(Key<'_>)) {
        self.recipients.iter_mut().for_each(|k| visit(Key::Person(k)));
        self.told_by.iter_mut().for_each(|k| visit(Key::Professional(k)));
    }
}

impl Keyed for AdvanceDirective {
    fn keys(&mut self, visit: &mut dyn FnMut(Key<'_>)) {
        self.representative.iter_mut().for_each(|k| visit(Key::Person(k)));
    }
}

impl Keyed for Directive {
    fn keys(&mut self, visit: &mut dyn FnMut(Key<'_>)) {
        self.agreed_with.iter_mut().filter_map(Key::party).for_each(&mut *visit);
        self.proposed_by.iter_mut().for_each(|k| visit(Key::Professional(k)));
        if let Some(SetBy::Here(key) | SetBy::Elsewhere { by: Some(key), .. }) = &mut self.set_by {
            visit(Key::Professional(key));
        }
        self.document.iter_mut().chain(&mut self.more_documents).for_each(|k| visit(Key::Document(k)));
    }
}

impl Keyed for OtherLimits {
    fn keys(&mut self, visit: &mut dyn FnMut(Key<'_>)) {
        self.0.iter_mut().for_each(|l| l.directive.keys(visit));
    }
}

impl<T: Keyed> Keyed for Statement<T> {
    fn keys(&mut self, visit: &mut dyn FnMut(Key<'_>)) {
        self.value.keys(visit);
        self.by.iter_mut().filter_map(Key::party).for_each(&mut *visit);
        visit(Key::Conversation(&mut self.origin.conversation));
    }
}

impl<T: Keyed> Keyed for Topic<T> {
    fn keys(&mut self, visit: &mut dyn FnMut(Key<'_>)) {
        self.statements_mut().for_each(|s| s.keys(visit));
    }
}

impl Keyed for Conversation {
    fn keys(&mut self, visit: &mut dyn FnMut(Key<'_>)) {
        visit(Key::Conversation(&mut self.key));
        self.held_by.iter_mut().for_each(|h| visit(Key::Professional(&mut h.professional)));
        self.attendance.iter_mut().flat_map(|a| &mut a.people).for_each(|k| visit(Key::Person(k)));
        self.procedure.performers.iter_mut().flatten().filter_map(Key::party).for_each(visit);
    }
}

impl Keyed for Content {
    /// Also the keys under which the content's own people, professionals and documents stand.
    fn keys(&mut self, visit: &mut dyn FnMut(Key<'_>)) {
        self.people.iter_mut().for_each(|p| visit(Key::Person(&mut p.key)));
        self.professionals.iter_mut().for_each(|p| visit(Key::Professional(&mut p.key)));
        self.conversations.iter_mut().for_each(|c| c.keys(visit));
        self.capacity.keys(visit);
        self.goal.keys(visit);
        self.directives.values_mut().for_each(|t| t.keys(visit));
        self.other_limits.keys(visit);
        self.icd.keys(visit);
        self.care_wishes.keys(visit);
        self.place_of_death.keys(visit);
        self.euthanasia.keys(visit);
        self.organ_donation.keys(visit);
        self.sense_of_purpose.keys(visit);
        self.earlier.keys(visit);
        self.inform_relatives.keys(visit);
        self.sharing.keys(visit);
        self.life_wishes.values_mut().for_each(|t| t.keys(visit));
        self.agreements.values_mut().for_each(|t| t.keys(visit));
        self.documents = std::mem::take(&mut self.documents)
            .into_iter()
            .map(|(mut key, mut topic)| {
                visit(Key::Document(&mut key));
                topic.keys(visit);
                (key, topic)
            })
            .collect();
    }
}
