//! Consent to share (D2): what the patient said, for all carers involved, for a kind of organisation, or for one
//! organisation; and which parts are not for relatives.
//!
//! The more specific beats the less specific; where two records of the same patient disagree at the same level, an
//! objection wins (FACTS, 'Law and norms'). Whoever says something new about the same scope replaces what was said.

mod relatives;

pub use relatives::for_relatives;

use crate::code::SharingAnswer;
use crate::ident::OrganisationId;
use crate::organisation::OrganisationKind;
use crate::plan::{Content, Topic};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What was said about sharing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sharing {
    /// Agreed.
    Agreed,
    /// Refused.
    Refused,
    /// Not asked, or no answer yet.
    #[default]
    Unknown,
}

/// For whom something was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// All carers involved.
    Everyone,
    /// Organisations of a kind.
    Kind(OrganisationKind),
    /// One organisation.
    Organisation(OrganisationId),
    /// Relatives, as to one part of the plan.
    Relatives(Part),
}

/// Parts of the plan that a patient may keep from relatives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Goal and treatment limits.
    Limits,
    /// Wishes for care and life.
    Wishes,
    /// Position on euthanasia.
    Euthanasia,
    /// Organ donation.
    Donation,
    /// Documents.
    Documents,
    /// Reports of conversations.
    Conversations,
}

/// Who gave the consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GivenBy {
    /// The patient.
    #[default]
    Patient,
    /// The representative, for a patient who is not capable.
    Representative,
}

/// How it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// In a conversation.
    #[default]
    Spoken,
    /// In writing.
    Written,
    /// With the form, item 8b (decision 51).
    Form,
    /// On the patient's own page.
    OwnPage,
}

/// At which level the answer was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// What was said about this organisation.
    Organisation,
    /// What was said about its kind.
    Kind,
    /// What was said for all.
    Everyone,
}

/// One event of consent, as it is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// For whom.
    pub scope: Scope,
    /// What. `Unknown` takes back what was said for this scope.
    pub value: Sharing,
    /// By whom.
    #[serde(default)]
    pub by: GivenBy,
    /// How.
    #[serde(default)]
    pub how: How,
    /// What was said with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Said {
    /// What was said for all carers, in a conversation, by the patient.
    pub fn for_everyone(value: Sharing) -> Self {
        Self { scope: Scope::Everyone, value, by: GivenBy::Patient, how: How::Spoken, note: None }
    }
}

/// What holds now.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Consent {
    /// For all carers involved.
    #[serde(default)]
    pub everyone: Sharing,
    /// By kind of organisation.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kinds: BTreeMap<OrganisationKind, Sharing>,
    /// By organisation.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub organisations: BTreeMap<OrganisationId, Sharing>,
    /// Parts that are not for relatives.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub not_for_relatives: BTreeSet<Part>,
}

impl Consent {
    /// What holds for an organisation, and at which level it was said; no level: nothing was said.
    pub fn towards(&self, organisation: &OrganisationId, kind: Option<OrganisationKind>) -> (Sharing, Option<Level>) {
        if let Some(said) = self.organisations.get(organisation) {
            return (*said, Some(Level::Organisation));
        }
        if let Some(said) = kind.and_then(|k| self.kinds.get(&k)) {
            return (*said, Some(Level::Kind));
        }
        (self.everyone, (self.everyone != Sharing::Unknown).then_some(Level::Everyone))
    }

    /// Takes in what is said now.
    pub fn hear(&mut self, said: &Said) {
        let value = said.value;
        match &said.scope {
            Scope::Everyone => self.everyone = value,
            Scope::Kind(kind) if value == Sharing::Unknown => drop(self.kinds.remove(kind)),
            Scope::Kind(kind) => drop(self.kinds.insert(*kind, value)),
            Scope::Organisation(id) if value == Sharing::Unknown => drop(self.organisations.remove(id)),
            Scope::Organisation(id) => drop(self.organisations.insert(id.clone(), value)),
            Scope::Relatives(part) if value == Sharing::Refused => drop(self.not_for_relatives.insert(*part)),
            Scope::Relatives(part) => drop(self.not_for_relatives.remove(part)),
        }
    }

    /// Takes the answer of item 8b out of a plan where it is not what holds any more: a withdrawal is never undone by
    /// carrying over, and 'refused' leaves item 1201 unanswered (decision 51).
    pub fn heed_in(&self, content: &mut Content) {
        let agreed = content.sharing.value().is_some_and(|s| s.answer == SharingAnswer::Agreed);
        if agreed && self.everyone != Sharing::Agreed {
            content.sharing = Topic::default();
        }
    }

    /// What must still be said here so that nothing is open which the other record closes: for two records of one
    /// patient, an objection wins at each level.
    pub fn objections_of(&self, other: &Self) -> Vec<Said> {
        let said = |scope| Said { scope, ..Said::for_everyone(Sharing::Refused) };
        let refused = |v: &Sharing| *v == Sharing::Refused;
        let mut missing = Vec::new();
        if refused(&other.everyone) && !refused(&self.everyone) {
            missing.push(said(Scope::Everyone));
        }
        let kinds = other.kinds.iter().filter(|(k, v)| refused(v) && !self.kinds.get(k).is_some_and(refused));
        missing.extend(kinds.map(|(k, _)| said(Scope::Kind(*k))));
        let named =
            other.organisations.iter().filter(|(id, v)| refused(v) && !self.organisations.get(id).is_some_and(refused));
        missing.extend(named.map(|(id, _)| said(Scope::Organisation(id.clone()))));
        let parts = other.not_for_relatives.difference(&self.not_for_relatives);
        missing.extend(parts.map(|p| said(Scope::Relatives(*p))));
        // An agreement here that is more specific than an objection there would open it again.
        if refused(&other.everyone) {
            let agreed = |v: &Sharing| *v == Sharing::Agreed;
            let kinds = self.kinds.iter().filter(|(k, v)| agreed(v) && !other.kinds.get(k).is_some_and(agreed));
            missing.extend(kinds.map(|(k, _)| said(Scope::Kind(*k))));
            let named = self
                .organisations
                .iter()
                .filter(|(id, v)| agreed(v) && !other.organisations.get(id).is_some_and(agreed));
            missing.extend(named.map(|(id, _)| said(Scope::Organisation(id.clone()))));
        }
        missing
    }
}

impl Sharing {
    /// Code in files and tables.
    pub fn code(self) -> &'static str {
        match self {
            Self::Agreed => "agreed",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }

    /// The value with this code; anything else is unknown.
    pub fn of_code(code: &str) -> Self {
        match code {
            "agreed" => Self::Agreed,
            "refused" => Self::Refused,
            _ => Self::Unknown,
        }
    }

    /// In words.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Agreed => "akkoord",
            Self::Refused => "niet akkoord",
            Self::Unknown => "nog niet bekend",
        }
    }
}

impl Part {
    /// Every part.
    pub const ALL: &'static [Self] =
        &[Self::Limits, Self::Wishes, Self::Euthanasia, Self::Donation, Self::Documents, Self::Conversations];

    /// Code in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Limits => "limits",
            Self::Wishes => "wishes",
            Self::Euthanasia => "euthanasia",
            Self::Donation => "donation",
            Self::Documents => "documents",
            Self::Conversations => "conversations",
        }
    }

    /// In words.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Limits => "doel en behandelgrenzen",
            Self::Wishes => "wensen voor zorg en leven",
            Self::Euthanasia => "standpunt over euthanasie",
            Self::Donation => "orgaandonatie",
            Self::Documents => "documenten",
            Self::Conversations => "gespreksverslagen",
        }
    }

    /// The part with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|p| p.code() == code)
    }
}

impl Level {
    /// Code in the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Organisation => "organisation",
            Self::Kind => "kind",
            Self::Everyone => "everyone",
        }
    }
}

impl GivenBy {
    /// In words.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Patient => "de patiënt",
            Self::Representative => "de vertegenwoordiger",
        }
    }
}

impl How {
    /// In words.
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Spoken => "mondeling",
            Self::Written => "schriftelijk",
            Self::Form => "met het formulier",
            Self::OwnPage => "op de eigen pagina",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{ConversationKey, Origin, SharingConsent, SourceFacts, Statement};

    const HOSPITAL: Option<OrganisationKind> = Some(OrganisationKind::Hospital);

    fn said(scope: Scope, value: Sharing) -> Said {
        Said { scope, ..Said::for_everyone(value) }
    }

    fn consent(said: &[Said]) -> Consent {
        let mut consent = Consent::default();
        for s in said {
            consent.hear(s);
        }
        consent
    }

    #[test]
    fn the_more_specific_beats_the_less_specific() {
        let (one, two) = (OrganisationId::from_bits(1), OrganisationId::from_bits(2));
        let told = consent(&[
            said(Scope::Everyone, Sharing::Agreed),
            said(Scope::Kind(OrganisationKind::Hospital), Sharing::Refused),
            said(Scope::Organisation(one.clone()), Sharing::Agreed),
        ]);
        assert_eq!(told.towards(&one, HOSPITAL), (Sharing::Agreed, Some(Level::Organisation)));
        assert_eq!(told.towards(&two, HOSPITAL), (Sharing::Refused, Some(Level::Kind)));
        let home = Some(OrganisationKind::HomeCare);
        assert_eq!(told.towards(&two, home), (Sharing::Agreed, Some(Level::Everyone)));
        assert_eq!(Consent::default().towards(&one, None), (Sharing::Unknown, None));
    }

    #[test]
    fn what_is_said_anew_replaces_and_unknown_takes_back() {
        let one = OrganisationId::from_bits(1);
        let mut told = consent(&[said(Scope::Organisation(one.clone()), Sharing::Refused)]);
        told.hear(&said(Scope::Organisation(one.clone()), Sharing::Agreed));
        assert_eq!(told.towards(&one, None).0, Sharing::Agreed);
        told.hear(&said(Scope::Organisation(one.clone()), Sharing::Unknown));
        assert_eq!(told, Consent::default());
        told.hear(&said(Scope::Relatives(Part::Euthanasia), Sharing::Refused));
        assert!(told.not_for_relatives.contains(&Part::Euthanasia));
        told.hear(&said(Scope::Relatives(Part::Euthanasia), Sharing::Agreed));
        assert_eq!(told, Consent::default());
    }

    #[test]
    fn what_was_withdrawn_is_not_told_by_the_plan() {
        let answered = |answer| {
            let value = SharingConsent { answer };
            let recorded_at = jiff::Timestamp::UNIX_EPOCH;
            let origin = Origin { conversation: ConversationKey(1), version: 1, recorded_at };
            let source = SourceFacts::default();
            let said = Statement { value, said_on: None, by: Vec::new(), origin, source };
            Content { sharing: Topic::said(said), ..Content::default() }
        };
        let mut content = answered(SharingAnswer::Agreed);
        consent(&[Said::for_everyone(Sharing::Agreed)]).heed_in(&mut content);
        assert!(content.sharing.value().is_some());
        consent(&[Said::for_everyone(Sharing::Refused)]).heed_in(&mut content);
        assert!(content.sharing.value().is_none());
        let mut unknown = answered(SharingAnswer::Unknown);
        Consent::default().heed_in(&mut unknown);
        assert!(unknown.sharing.value().is_some(), "'nog onbekend' is an answer of its own");
    }

    #[test]
    fn of_two_records_no_objection_is_lost() {
        let (one, two) = (OrganisationId::from_bits(1), OrganisationId::from_bits(2));
        let mut kept = consent(&[
            said(Scope::Everyone, Sharing::Agreed),
            said(Scope::Organisation(one.clone()), Sharing::Agreed),
            said(Scope::Organisation(two.clone()), Sharing::Agreed),
        ]);
        let dropped = consent(&[
            said(Scope::Everyone, Sharing::Refused),
            said(Scope::Organisation(two.clone()), Sharing::Agreed),
        ]);
        for said in kept.objections_of(&dropped) {
            kept.hear(&said);
        }
        assert_eq!(kept.towards(&one, None).0, Sharing::Refused);
        assert_eq!(kept.towards(&two, None).0, Sharing::Agreed, "both records agree here");
        assert_eq!(kept.towards(&OrganisationId::from_bits(3), None).0, Sharing::Refused);
        assert!(kept.objections_of(&dropped).is_empty());
    }
}
