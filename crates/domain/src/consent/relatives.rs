//! What of a plan a relative sees: the patient decides by parts (D2).

use super::Part;
use crate::code::AdvanceDirectiveType;
use crate::plan::{Content, Topic, TopicId};
use std::collections::BTreeSet;

impl Part {
    /// The parts that a topic belongs to: kept from relatives where one of them is.
    pub fn of_topic(topic: TopicId) -> &'static [Self] {
        use TopicId as T;
        match topic {
            T::Capacity | T::InformRelatives | T::Sharing => &[],
            T::Attendance => &[Self::Conversations],
            T::Goal
            | T::Cpr
            | T::Ventilation
            | T::Icu
            | T::Hospital
            | T::Antibiotics
            | T::BloodProduct
            | T::OtherLimits
            | T::Icd
            | T::IcdDeactivation => &[Self::Limits],
            T::CareWishes | T::PlaceOfDeath | T::SenseOfPurpose | T::LifeWish(_) => &[Self::Wishes],
            // An agreement may be a request for euthanasia (decision 21).
            T::Agreement(_) => &[Self::Wishes, Self::Euthanasia],
            T::Euthanasia => &[Self::Euthanasia],
            T::OrganDonation => &[Self::Donation],
            T::EarlierRecorded => &[Self::Documents],
        }
    }

    /// The parts that a document belongs to beside [`Self::Documents`]: its kind alone tells what stands in it.
    pub fn of_document(kind: AdvanceDirectiveType) -> &'static [Self] {
        use AdvanceDirectiveType as D;
        match kind {
            D::Proxy => &[],
            D::DoNotResuscitate | D::TreatmentRefusal | D::TreatmentRefusalCompletedLife | D::SelfBinding => {
                &[Self::Limits]
            }
            D::Euthanasia | D::EuthanasiaDementia => &[Self::Euthanasia],
            D::LifeWish => &[Self::Limits, Self::Wishes],
            D::Donor => &[Self::Donation],
            // Nobody knows what it is about: kept with each of them.
            D::Oral | D::Other => &[Self::Limits, Self::Wishes, Self::Euthanasia, Self::Donation],
        }
    }

    /// Is this topic kept from relatives?
    pub fn keeps(hidden: &BTreeSet<Self>, topic: TopicId) -> bool {
        Self::of_topic(topic).iter().any(|part| hidden.contains(part))
    }
}

/// The plan without what is not for relatives: gone, not marked, so that nothing of it can leave by mistake.
pub fn for_relatives(mut content: Content, hidden: &BTreeSet<Part>) -> Content {
    let kept = |topic: TopicId| Part::keeps(hidden, topic);
    if kept(TopicId::Cpr) {
        content.goal = Topic::default();
        content.directives.clear();
        content.other_limits = Topic::default();
        content.icd = Topic::default();
    }
    if kept(TopicId::CareWishes) {
        content.care_wishes = Topic::default();
        content.place_of_death = Topic::default();
        content.sense_of_purpose = Topic::default();
        content.life_wishes.clear();
    }
    if hidden.contains(&Part::Wishes) || hidden.contains(&Part::Euthanasia) {
        content.agreements.clear();
    }
    if kept(TopicId::Euthanasia) {
        content.euthanasia = Topic::default();
    }
    if kept(TopicId::OrganDonation) {
        content.organ_donation = Topic::default();
    }
    if kept(TopicId::EarlierRecorded) {
        content.earlier = Topic::default();
        content.documents.clear();
    }
    content.documents.retain(|_, topic| {
        topic.statements().all(|s| Part::of_document(s.value.kind).iter().all(|part| !hidden.contains(part)))
    });
    if kept(TopicId::Attendance) {
        // Their days stay: what is still told needs them.
        for conversation in &mut content.conversations {
            conversation.attendance = None;
            conversation.encounter.reason = None;
        }
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{EuthanasiaPosition, Place, PolicyGoal, YesNoUnknown};
    use crate::plan::sample::{Said, Story};
    use crate::plan::{
        AgreementState, Decision, EarlierRecorded, LifeDomain, OrganDonationChoice, PositionRegardingEuthanasia,
        Treatment,
    };

    fn whole() -> Content {
        let said = Said::on("2026-03-01")
            .attended(true, &[])
            .goal(PolicyGoal::RelieveSymptoms)
            .limit(Treatment::Cpr, Decision::DoNot)
            .other_limit(Some("dialyse"), Decision::DoNot)
            .wishes("Mijn kat mag mee.")
            .place(Place::Home, None)
            .life_wish(1, LifeDomain::Social, "naar de bruiloft", None)
            .agreement(1, "verzoek om euthanasie", AgreementState::NotYetCurrent)
            .document(1, AdvanceDirectiveType::DoNotResuscitate, Some("2020-05"), None)
            .document(2, AdvanceDirectiveType::Euthanasia, Some("2020-05"), None)
            .document(3, AdvanceDirectiveType::Proxy, Some("2020-05"), None)
            .document(4, AdvanceDirectiveType::Oral, Some("2020-05"), None);
        let position = PositionRegardingEuthanasia { position: EuthanasiaPosition::HasStatement, comment: None };
        let (position, donor) =
            (said.statement(position), said.statement(OrganDonationChoice { registered: YesNoUnknown::Yes }));
        let earlier = said.statement(EarlierRecorded { recorded: YesNoUnknown::Yes, comment: None, differs: None });
        Story::of(said.with(|c| {
            c.euthanasia = Topic::said(position);
            c.organ_donation = Topic::said(donor);
            c.earlier = Topic::said(earlier);
        }))
        .content
    }

    #[test]
    fn the_kind_of_a_document_tells_what_it_is_about() {
        use AdvanceDirectiveType as D;
        let left = |part: Part| {
            let left = for_relatives(whole(), &BTreeSet::from([part])).documents;
            left.values().flat_map(Topic::statements).map(|s| s.value.kind).collect::<Vec<_>>()
        };
        assert_eq!(left(Part::Limits), [D::Euthanasia, D::Proxy]);
        assert_eq!(left(Part::Euthanasia), [D::DoNotResuscitate, D::Proxy]);
        assert_eq!(left(Part::Conversations).len(), 4);
        assert_eq!(left(Part::Documents), []);
    }

    #[test]
    fn what_is_kept_from_relatives_is_gone_and_nothing_else() {
        let whole = whole();
        let discussed = whole.discussed();
        assert!(discussed.len() >= 10, "{discussed:?}");
        for part in Part::ALL {
            let hidden = BTreeSet::from([*part]);
            let left = for_relatives(whole.clone(), &hidden).discussed();
            let expected: Vec<TopicId> = discussed.iter().copied().filter(|t| !Part::keeps(&hidden, *t)).collect();
            assert_eq!(left, expected, "{part:?}");
            assert!(left.len() < discussed.len(), "{part:?} keeps something");
        }
        assert_eq!(for_relatives(whole.clone(), &BTreeSet::new()), whole);
        assert!(for_relatives(whole, &Part::ALL.iter().copied().collect()).discussed().is_empty());
    }
}
