//! Documents about what a patient wants (R4): which there are, what is said of each, and what of it belongs in the plan.
//!
//! What is said of a document is a row of events among the steps of the path; nothing is overwritten. A written wish that
//! the standard knows (or that holds one, as a notary's living will does) is laid in the plan as well, as the
//! `AdvanceDirective` it is, so that it goes along on paper and in exchange; a life story or a treatment passport is not.

pub mod file;
pub mod given;
mod lay;
mod standing;

pub use lay::laid;
pub use standing::{Ending, Noted, Standing, doubts, last_event, standing, to_discuss};

use crate::code::AdvanceDirectiveType;
use crate::coded::coded;
use crate::date::FhirDateTime;
use crate::ident::AttachmentId;
use crate::people::PersonKey;
use crate::plan::{DocumentKey, FileRef};
use crate::words;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

coded! {
    /// What a document is: the kinds of the standard (WilsverklaringTypeCodelijst) under their own codes, and others.
    pub enum Kind {
        DoNotResuscitate "NR" "niet-reanimerenverklaring";
        TreatmentRefusal "VERB" "behandelverbod";
        TreatmentRefusalCompletedLife "VERBVL" "behandelverbod met aanvulling voltooid leven";
        Proxy "VOL" "volmacht";
        Euthanasia "EU" "euthanasieverzoek";
        EuthanasiaDementia "EUD" "euthanasieverzoek met aanvulling dementie";
        LifeWish "LW" "levenswensverklaring";
        Oral "MON" "mondelinge afspraak";
        SelfBinding "ZB" "zelfbindingsverklaring";
        Donor "DO" "verklaring donorschap";
        LivingWill "living-will" "levenstestament";
        LifeStory "life-story" "levensverhaal";
        TreatmentPassport "treatment-passport" "behandelpaspoort";
        DonorForm "donor-form" "donorformulier";
        Other "OTH" "andere verklaring";
    }
}

impl Kind {
    /// As which advance directive it stands in the plan; absent: it does not belong there.
    pub fn directive(self) -> Option<AdvanceDirectiveType> {
        use AdvanceDirectiveType as T;
        Some(match self {
            Self::DoNotResuscitate => T::DoNotResuscitate,
            Self::TreatmentRefusal => T::TreatmentRefusal,
            Self::TreatmentRefusalCompletedLife => T::TreatmentRefusalCompletedLife,
            Self::Proxy => T::Proxy,
            Self::Euthanasia => T::Euthanasia,
            Self::EuthanasiaDementia => T::EuthanasiaDementia,
            Self::LifeWish => T::LifeWish,
            Self::Oral => T::Oral,
            Self::SelfBinding => T::SelfBinding,
            Self::Donor => T::Donor,
            // The standard has no code for it; what it holds are directives and a proxy.
            Self::LivingWill | Self::Other => T::Other,
            Self::LifeStory | Self::TreatmentPassport | Self::DonorForm => return None,
        })
    }

    /// The kind of an advance directive that came with a plan.
    pub fn of_directive(kind: AdvanceDirectiveType) -> Self {
        let same = |k: &&Self| k.directive() == Some(kind) && **k != Self::LivingWill;
        Self::ALL.iter().find(same).copied().unwrap_or(Self::Other)
    }

    /// Does it say something about treatment, so that a doctor is to know it (R4)? A life story does not.
    pub fn is_for_doctor(self) -> bool {
        self.directive().is_some() || self == Self::TreatmentPassport
    }
}

coded! {
    /// Does a document say the same as the plan?
    pub enum Agrees {
        Yes "yes" "zegt hetzelfde als het plan";
        No "no" "zegt iets anders dan het plan";
        NotCompared "not-compared" "nog niet met het plan vergeleken";
    }
}

coded! {
    /// Does the doctor have a copy?
    pub enum Copy {
        Yes "yes" "de arts heeft een kopie";
        No "no" "de arts heeft nog geen kopie";
        Unknown "unknown" "niet bekend of de arts een kopie heeft";
    }
}

coded! {
    /// Why a document counts no longer.
    pub enum Why {
        Withdrawn "withdrawn" "ingetrokken door de patiënt";
        Mistaken "mistaken" "ten onrechte toegevoegd";
    }
}

/// By what a document is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Name {
    /// It was added here.
    Here(AttachmentId),
    /// It came with a plan from elsewhere.
    InPlan(DocumentKey),
}

impl Name {
    /// As it stands in an address.
    pub fn code(&self) -> String {
        match self {
            Self::Here(id) => id.to_string(),
            Self::InPlan(key) => format!("plan-{}", key.0),
        }
    }

    /// The name that stands so in an address.
    pub fn of_code(code: &str) -> Option<Self> {
        match code.strip_prefix("plan-") {
            Some(key) => key.parse().ok().map(|key| Self::InPlan(DocumentKey(key))),
            None => AttachmentId::parse(code).ok().map(Self::Here),
        }
    }
}

/// All that is said of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// What it is.
    pub kind: Kind,
    /// What another kind of statement is, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind_text: Option<String>,
    /// The day it bears, as precise as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated_on: Option<FhirDateTime>,
    /// Who represents the patient in it, where the plan knows them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonKey>,
    /// The same in words, where it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub representative: Option<String>,
    /// What else is to be known of it: where the original is kept, for instance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The file; absent: it is not kept here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileRef>,
    /// Does it say the same as the plan?
    pub agrees: Agrees,
    /// With which version of the plan it was compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared_with: Option<u32>,
    /// When it was discussed with the doctor; absent: not yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discussed_on: Option<Date>,
    /// Does the doctor have a copy?
    pub copy: Copy,
}

impl Document {
    /// `Niet-reanimerenverklaring van 1 mei 2020`.
    pub fn title(&self) -> String {
        let kind = self.kind_text.as_deref().filter(|_| self.kind == Kind::Other).unwrap_or(self.kind.dutch());
        let day = self.dated_on.as_ref().map(|d| format!(" van {}", words::date(d))).unwrap_or_default();
        words::capitalised(&format!("{kind}{day}"))
    }

    /// Is it still to be discussed with a doctor?
    pub fn waits_for_doctor(&self) -> bool {
        self.kind.is_for_doctor() && self.discussed_on.is_none()
    }
}

/// What happened to a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// It was added.
    Added {
        /// Its name.
        name: Name,
        /// What is said of it.
        document: Document,
    },
    /// Something else is said of it from now on.
    Changed {
        /// Its name.
        name: Name,
        /// What is said of it.
        document: Document,
    },
    /// It counts no longer.
    Ended {
        /// Its name.
        name: Name,
        /// Its title then.
        title: String,
        /// Why, in a word.
        why: Why,
        /// Why, as it was told.
        reason: String,
    },
}

impl Event {
    /// Which document it is about.
    pub fn name(&self) -> &Name {
        match self {
            Self::Added { name, .. } | Self::Changed { name, .. } | Self::Ended { name, .. } => name,
        }
    }

    /// For the line of the path: in a few words, and more about it.
    pub(crate) fn told(&self) -> (String, Vec<String>) {
        match self {
            Self::Added { document, .. } => (format!("Document toegevoegd: {}", document.title()), Vec::new()),
            Self::Changed { document, .. } => (format!("Document bijgewerkt: {}", document.title()), Vec::new()),
            Self::Ended { title, why, reason, .. } => (
                format!("Document telt niet meer: {title}"),
                vec![format!("{}: {reason}", words::capitalised(why.dutch()))],
            ),
        }
    }
}

#[cfg(test)]
mod tests;
