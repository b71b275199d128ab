//! The whole plan as it stands: every topic, and the people, conversations and documents that the topics speak of.

use super::{
    AdvanceDirective, Agreement, AgreementKey, Attendance, Conversation, ConversationKey, Directive, DocumentKey,
    EarlierRecorded, Icd, InformRelatives, KnownAs, LegalCapacity, LifeWish, MedicalPolicyGoal, OrganDonationChoice,
    OtherLimits, PositionRegardingEuthanasia, PreferredPlaceOfDeath, SenseOfPurpose, SharingConsent,
    SpecificCareWishes, Statement, Topic, TopicId, Treatment, WishKey,
};
use crate::date::FhirDateTime;
use crate::people::{ContactPerson, PersonKey, Professional, ProfessionalKey};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::collections::BTreeMap;

/// The content of a plan. Used whole (the plan as it stands) and in part (what one conversation brought): a topic
/// that is empty was not discussed, or not touched.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// Last key given; keys of people, conversations and documents are never used twice.
    pub last_key: u32,
    /// Conversations, oldest first.
    pub conversations: Vec<Conversation>,
    /// Professionals.
    pub professionals: Vec<Professional>,
    /// Contact persons.
    pub people: Vec<ContactPerson>,
    /// Under which other faces they are known.
    #[serde(skip_serializing_if = "KnownAs::is_empty")]
    pub known_as: KnownAs,
    /// 1.
    #[serde(skip_serializing_if = "Topic::is_empty")]
    pub capacity: Topic<LegalCapacity>,
    /// 3.
    #[serde(skip_serializing_if = "Topic::is_empty")]
    pub goal: Topic<MedicalPolicyGoal>,
    /// 4a to 4f and 4i.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub directives: BTreeMap<Treatment, Topic<Directive>>,
    /// 4g.
    #[serde(skip_serializing_if = "Topic::is_empty")]
    pub other_limits: Topic<OtherLimits>,
    /// 4h.
    #[serde(skip_serializing_if = "Topic::is_empty")]
    pub icd: Topic<Icd>,
    /// 5a.
    #[serde(skip_serializing_if = "Topic::is_empty")]
    pub care_wishes: Topic<SpecificCareWishes>,
    /// 5b.
    #[serde(skip_serializing_if = "Topic::is_empty")]
    pub place_of_death: Topic<PreferredPlaceOfDeath>,
    /// 5c.
    #[serde(skip_serializing_if = "Topic::is_empty")]
    pub euthanasia: Topic<PositionRegardingEuthanasia>,
    /// 5d.
    #[serde(skip_serializing_if = "Topic::is_empty")]
    pub organ_donation: Topic<OrganDonationChoice>,
    /// 6.
    #[serde(skip_serializing_if = "Topic::is_empty")]
    pub sense_of_purpose: Topic<SenseOfPurpose>,
    /// 7.
    #[serde(skip_serializing_if = "Topic::is_empty")]
    pub earlier: Topic<EarlierRecorded>,
    /// Earlier written wishes.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub documents: BTreeMap<DocumentKey, Topic<AdvanceDirective>>,
    /// 8a.
    #[serde(skip_serializing_if = "Topic::is_empty")]
    pub inform_relatives: Topic<InformRelatives>,
    /// 8b.
    #[serde(skip_serializing_if = "Topic::is_empty")]
    pub sharing: Topic<SharingConsent>,
    /// Life wishes (decision 20).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub life_wishes: BTreeMap<WishKey, Topic<LifeWish>>,
    /// Other agreements (decision 21).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub agreements: BTreeMap<AgreementKey, Topic<Agreement>>,
}

/// Everything a topic's value must be.
pub trait TopicValue: Clone + PartialEq + Serialize + DeserializeOwned {}
impl<T: Clone + PartialEq + Serialize + DeserializeOwned> TopicValue for T {}

/// Does something with each topic of a plan, whatever its type.
pub trait TopicVisitor {
    /// Called once per topic. `id` is `None` for a document, which is no topic of the form.
    fn topic<T: TopicValue>(&mut self, id: Option<TopicId>, topic: &mut Topic<T>);
}

impl Content {
    /// Visits every topic in clinical order.
    pub fn visit(&mut self, v: &mut impl TopicVisitor) {
        v.topic(Some(TopicId::Capacity), &mut self.capacity);
        v.topic(Some(TopicId::Goal), &mut self.goal);
        for (treatment, topic) in &mut self.directives {
            v.topic(Some(treatment.topic()), topic);
        }
        v.topic(Some(TopicId::OtherLimits), &mut self.other_limits);
        v.topic(Some(TopicId::Icd), &mut self.icd);
        v.topic(Some(TopicId::CareWishes), &mut self.care_wishes);
        v.topic(Some(TopicId::PlaceOfDeath), &mut self.place_of_death);
        v.topic(Some(TopicId::Euthanasia), &mut self.euthanasia);
        v.topic(Some(TopicId::OrganDonation), &mut self.organ_donation);
        v.topic(Some(TopicId::SenseOfPurpose), &mut self.sense_of_purpose);
        v.topic(Some(TopicId::EarlierRecorded), &mut self.earlier);
        for topic in self.documents.values_mut() {
            v.topic(None, topic);
        }
        v.topic(Some(TopicId::InformRelatives), &mut self.inform_relatives);
        v.topic(Some(TopicId::Sharing), &mut self.sharing);
        for (key, topic) in &mut self.life_wishes {
            v.topic(Some(TopicId::LifeWish(*key)), topic);
        }
        for (key, topic) in &mut self.agreements {
            v.topic(Some(TopicId::Agreement(*key)), topic);
        }
    }

    /// A key that was never used in this plan.
    pub fn fresh_key(&mut self) -> u32 {
        self.last_key += 1;
        self.last_key
    }

    /// A contact person.
    pub fn person(&self, key: PersonKey) -> Option<&ContactPerson> {
        self.people.iter().find(|p| p.key == key)
    }

    /// A professional.
    pub fn professional(&self, key: ProfessionalKey) -> Option<&Professional> {
        self.professionals.iter().find(|p| p.key == key)
    }

    /// A conversation.
    pub fn conversation(&self, key: ConversationKey) -> Option<&Conversation> {
        self.conversations.iter().find(|c| c.key == key)
    }

    /// The date that counts for a statement: its own, or that of its conversation (decision 3).
    pub fn said_on<'a, T>(&'a self, statement: &'a Statement<T>) -> Option<&'a FhirDateTime> {
        statement.said_on.as_ref().or_else(|| self.conversation(statement.origin.conversation).map(Conversation::date))
    }

    /// Topic 2 as it stands: the newest conversation in which somebody answered who was there.
    pub fn attended(&self) -> Option<(&Conversation, &Attendance)> {
        self.conversations
            .iter()
            .filter_map(|c| c.attendance.as_ref().map(|a| (c, a)))
            .max_by(|a, b| a.0.date().cmp_common(b.0.date()).then(a.0.version.cmp(&b.0.version)))
    }

    /// The newest conversation.
    pub fn newest_conversation(&self) -> Option<&Conversation> {
        self.conversations.iter().max_by(|a, b| a.date().cmp_common(b.date()).then(a.version.cmp(&b.version)))
    }

    /// The legal representative, where one is named.
    pub fn representative(&self) -> Option<&ContactPerson> {
        self.person(self.capacity.value()?.representative?)
    }

    /// The first contact, where one is named.
    pub fn first_contact(&self) -> Option<&ContactPerson> {
        self.person(self.capacity.value()?.first_contact?)
    }

    /// The limit that counts for a treatment.
    pub fn directive(&self, treatment: Treatment) -> Option<&Topic<Directive>> {
        self.directives.get(&treatment)
    }

    /// The topics that have a statement that counts, in clinical order, attendance included.
    pub fn discussed(&self) -> Vec<TopicId> {
        struct Collect(Vec<TopicId>);
        impl TopicVisitor for Collect {
            fn topic<T: TopicValue>(&mut self, id: Option<TopicId>, topic: &mut Topic<T>) {
                self.0.extend(id.filter(|_| topic.current.is_some()));
            }
        }
        let mut collect = Collect(Vec::new());
        self.clone().visit(&mut collect);
        if self.attended().is_some() {
            collect.0.push(TopicId::Attendance);
        }
        collect.0.sort();
        collect.0
    }
}
