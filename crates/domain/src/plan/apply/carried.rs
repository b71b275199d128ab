//! When two statements say the same, and what the newer takes from the former.

use crate::plan::keys::Keyed;
use crate::plan::{
    AdvanceDirective, Agreement, Directive, EarlierRecorded, Icd, InformRelatives, LegalCapacity, LifeWish,
    MedicalPolicyGoal, OrganDonationChoice, OtherLimits, PositionRegardingEuthanasia, PreferredPlaceOfDeath,
    SenseOfPurpose, SetBy, SharingConsent, SpecificCareWishes,
};

/// A value that is carried from version to version.
pub(super) trait Carried: Clone + PartialEq + Keyed {
    /// Do both say the same to whoever gives care? Who set, proposed or agreed with it may differ: the same limit
    /// that comes back from another system is not a conflict (decision 3).
    fn says(&self, other: &Self) -> bool {
        self == other
    }

    /// Takes from a former statement what this one does not tell.
    fn take_over(&mut self, _former: &Self) {}

    /// Takes from one that says the same who stands behind it, where this one does not tell.
    fn complete(&mut self, _same: Self) {}
}

macro_rules! plainly {
    ($($t:ty),+) => { $(impl Carried for $t {})+ };
}
plainly!(
    LegalCapacity,
    MedicalPolicyGoal,
    Icd,
    SpecificCareWishes,
    PreferredPlaceOfDeath,
    PositionRegardingEuthanasia,
    OrganDonationChoice,
    SenseOfPurpose,
    EarlierRecorded,
    InformRelatives,
    SharingConsent,
    LifeWish,
    Agreement
);

impl Carried for Directive {
    fn says(&self, other: &Self) -> bool {
        (&self.decision, &self.comment, &self.ended, &self.end_reason)
            == (&other.decision, &other.comment, &other.ended, &other.end_reason)
    }

    fn take_over(&mut self, former: &Self) {
        self.proposed_by = self.proposed_by.or(former.proposed_by);
    }

    fn complete(&mut self, same: Self) {
        if self.agreed_with.is_empty() {
            self.agreed_with = same.agreed_with;
        }
        if self.document.is_none() && self.more_documents.is_empty() {
            (self.document, self.more_documents) = (same.document, same.more_documents);
        }
        let unnamed = matches!(self.set_by, Some(SetBy::Elsewhere { by: None, .. }));
        if unnamed && matches!(same.set_by, Some(SetBy::Elsewhere { by: Some(_), .. })) {
            self.set_by = same.set_by;
        }
    }
}

impl Carried for OtherLimits {
    fn says(&self, other: &Self) -> bool {
        self.0.len() == other.0.len()
            && self.0.iter().zip(&other.0).all(|(a, b)| a.text == b.text && a.directive.says(&b.directive))
    }

    fn take_over(&mut self, former: &Self) {
        self.0.iter_mut().zip(&former.0).for_each(|(limit, former)| limit.directive.take_over(&former.directive));
    }

    fn complete(&mut self, same: Self) {
        for (limit, same) in self.0.iter_mut().zip(same.0) {
            if limit.source.is_empty() {
                limit.source = same.source;
            }
            limit.directive.complete(same.directive);
        }
    }
}

impl Carried for AdvanceDirective {
    /// A file stays with its document where the document is told again without it.
    fn take_over(&mut self, former: &Self) {
        if self.file.is_none() {
            self.file.clone_from(&former.file);
        }
    }
}
