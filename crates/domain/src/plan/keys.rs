//! Keys of a part of a plan put over to those of the whole plan.

use super::{
    AdvanceDirective, Agreement, Content, ConversationKey, Directive, DocumentKey, EarlierRecorded, Icd,
    InformRelatives, LegalCapacity, LifeWish, MedicalPolicyGoal, OrganDonationChoice, OtherLimits, Party,
    PositionRegardingEuthanasia, PreferredPlaceOfDeath, SenseOfPurpose, SharingConsent, SpecificCareWishes, Statement,
    Topic,
};
use crate::people::{PersonKey, ProfessionalKey};
use std::collections::BTreeMap;

/// Which key of the part becomes which of the whole; a key that is not named stays.
#[derive(Debug, Default)]
pub(super) struct KeyMap {
    pub people: BTreeMap<PersonKey, PersonKey>,
    pub professionals: BTreeMap<ProfessionalKey, ProfessionalKey>,
    pub conversations: BTreeMap<ConversationKey, ConversationKey>,
    pub documents: BTreeMap<DocumentKey, DocumentKey>,
}

impl KeyMap {
    pub(super) fn person(&self, key: &mut PersonKey) {
        *key = self.people.get(key).copied().unwrap_or(*key);
    }
    pub(super) fn professional(&self, key: &mut ProfessionalKey) {
        *key = self.professionals.get(key).copied().unwrap_or(*key);
    }
    fn conversation(&self, key: &mut ConversationKey) {
        *key = self.conversations.get(key).copied().unwrap_or(*key);
    }
    fn document(&self, key: &mut DocumentKey) {
        *key = self.documents.get(key).copied().unwrap_or(*key);
    }
    pub(super) fn party(&self, party: &mut Party) {
        match party {
            Party::Patient => {}
            Party::Person(key) => self.person(key),
            Party::Professional(key) => self.professional(key),
        }
    }
}

/// A value that may hold keys.
pub(super) trait Keyed {
    fn remap(&mut self, map: &KeyMap);
}

macro_rules! without_keys {
    ($($t:ty),+) => { $(impl Keyed for $t { fn remap(&mut self, _: &KeyMap) {} })+ };
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
    fn remap(&mut self, map: &KeyMap) {
        self.representative.iter_mut().chain(&mut self.first_contact).chain(&mut self.others).for_each(|k| map.person(k));
    }
}

impl Keyed for InformRelatives {
    fn remap(&mut self, map: &KeyMap) {
        self.recipients.iter_mut().for_each(|k| map.person(k));
        self.told_by.iter_mut().for_each(|k| map.professional(k));
    }
}

impl Keyed for AdvanceDirective {
    fn remap(&mut self, map: &KeyMap) {
        self.representative.iter_mut().for_each(|k| map.person(k));
    }
}

impl Keyed for Directive {
    fn remap(&mut self, map: &KeyMap) {
        self.agreed_with.iter_mut().for_each(|p| map.party(p));
        self.proposed_by.iter_mut().for_each(|k| map.professional(k));
        match &mut self.set_by {
            Some(super::SetBy::Here(key)) => map.professional(key),
            Some(super::SetBy::Elsewhere { by: Some(key), .. }) => map.professional(key),
            _ => {}
        }
        self.document.iter_mut().chain(&mut self.more_documents).for_each(|k| map.document(k));
    }
}

impl Keyed for OtherLimits {
    fn remap(&mut self, map: &KeyMap) {
        self.0.iter_mut().for_each(|l| l.directive.remap(map));
    }
}

impl<T: Keyed> Keyed for Statement<T> {
    fn remap(&mut self, map: &KeyMap) {
        self.value.remap(map);
        self.by.iter_mut().for_each(|p| map.party(p));
        map.conversation(&mut self.origin.conversation);
    }
}

impl<T: Keyed> Keyed for Topic<T> {
    fn remap(&mut self, map: &KeyMap) {
        self.statements_mut().for_each(|s| s.remap(map));
    }
}

impl Keyed for Content {
    /// Puts over every key that a topic or conversation names; the lists of people themselves are the caller's.
    fn remap(&mut self, map: &KeyMap) {
        for conversation in &mut self.conversations {
            map.conversation(&mut conversation.key);
            conversation.held_by.iter_mut().for_each(|h| map.professional(&mut h.professional));
            conversation.attendance.iter_mut().flat_map(|a| &mut a.people).for_each(|k| map.person(k));
            conversation.procedure.performers.iter_mut().flatten().for_each(|p| map.party(p));
        }
        self.capacity.remap(map);
        self.goal.remap(map);
        self.directives.values_mut().for_each(|t| t.remap(map));
        self.other_limits.remap(map);
        self.icd.remap(map);
        self.care_wishes.remap(map);
        self.place_of_death.remap(map);
        self.euthanasia.remap(map);
        self.organ_donation.remap(map);
        self.sense_of_purpose.remap(map);
        self.earlier.remap(map);
        self.inform_relatives.remap(map);
        self.sharing.remap(map);
        self.life_wishes.values_mut().for_each(|t| t.remap(map));
        self.agreements.values_mut().for_each(|t| t.remap(map));
        self.documents = std::mem::take(&mut self.documents)
            .into_iter()
            .map(|(mut key, mut topic)| {
                map.document(&mut key);
                topic.remap(map);
                (key, topic)
            })
            .collect();
    }
}
