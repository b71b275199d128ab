//! The values of the closed sets, in Dutch as it stands inside a sentence.

use super::{NOT_DISCUSSED, UNKNOWN};
use crate::code::{
    AdvanceDirectiveType, CodeSet, EuthanasiaPosition, IcdType, Place, PolicyGoal, SharingAnswer, YesNoUnknown,
};
use crate::plan::AgreementState;

/// Is the patient capable of medical decisions? `absent` is the source's reason for not saying (data-absent-reason);
/// `None` where it was not asked.
pub fn capacity(capable: Option<bool>, absent: Option<&str>) -> Option<&'static str> {
    match capable {
        Some(true) => Some("wilsbekwaam"),
        Some(false) => Some("niet wilsbekwaam"),
        None => absent.map(self::absent).filter(|w| *w != NOT_DISCUSSED).map(|_| "wilsbekwaamheid nog onbekend"),
    }
}

/// Why a value is absent (data-absent-reason), in words.
pub(crate) fn absent(code: &str) -> &'static str {
    match code {
        "not-asked" => NOT_DISCUSSED,
        "asked-declined" => "wil de patiënt niet zeggen",
        "masked" => "afgeschermd",
        "not-applicable" | "negative-infinity" | "positive-infinity" | "not-performed" | "not-permitted" => {
            "niet ingevuld"
        }
        _ => UNKNOWN,
    }
}

/// Main goal of medical policy.
pub fn goal(goal: PolicyGoal) -> &'static str {
    goal.display()
}

/// The goal where there is little room.
pub fn goal_short(goal: PolicyGoal) -> &'static str {
    match goal {
        PolicyGoal::CareForIllness => "zorg bij ziekte of letsel",
        PolicyGoal::ProlongLife => "leven verlengen",
        PolicyGoal::RelieveSymptoms => "klachten verlichten",
        PolicyGoal::Unknown => UNKNOWN,
    }
}

/// Preferred place of death.
pub fn place(place: Place) -> &'static str {
    match place {
        Place::Home => "thuis",
        Place::Hospital => "in het ziekenhuis",
        Place::NursingHome => "in een verpleeghuis",
        Place::Hospice => "in een hospice",
        Place::Other => "een andere plek",
        Place::Unknown => UNKNOWN,
    }
}

/// Position regarding euthanasia.
pub fn euthanasia(position: EuthanasiaPosition) -> &'static str {
    match position {
        EuthanasiaPosition::HasStatement => "heeft een euthanasieverklaring",
        EuthanasiaPosition::DoesNotWant => "wil geen euthanasie",
        EuthanasiaPosition::HasNoStatement => "heeft geen euthanasieverklaring",
        EuthanasiaPosition::Unknown => UNKNOWN,
    }
}

/// Choice in the donor register.
pub fn donor(registered: YesNoUnknown) -> &'static str {
    match registered {
        YesNoUnknown::Yes => "keuze vastgelegd in het donorregister",
        YesNoUnknown::No => "geen keuze vastgelegd in het donorregister",
        YesNoUnknown::Unknown => UNKNOWN,
    }
}

/// `ja`, `nee`, `nog onbekend`.
pub fn yes_no_unknown(value: YesNoUnknown) -> &'static str {
    match value {
        YesNoUnknown::Yes => "ja",
        YesNoUnknown::No => "nee",
        YesNoUnknown::Unknown => UNKNOWN,
    }
}

/// Is there an ICD?
pub fn icd(present: YesNoUnknown) -> &'static str {
    match present {
        YesNoUnknown::Yes => "heeft een ICD",
        YesNoUnknown::No => "heeft geen ICD",
        YesNoUnknown::Unknown => UNKNOWN,
    }
}

/// Kind of ICD.
pub fn icd_kind(kind: IcdType) -> &'static str {
    kind.display()
}

/// Was anything recorded earlier?
pub fn earlier(recorded: YesNoUnknown) -> &'static str {
    match recorded {
        YesNoUnknown::Yes => "er is eerder iets vastgelegd",
        YesNoUnknown::No => "er is niet eerder iets vastgelegd",
        YesNoUnknown::Unknown => UNKNOWN,
    }
}

/// Does what was recorded earlier say something else?
pub fn policy_differs(differs: YesNoUnknown) -> &'static str {
    match differs {
        YesNoUnknown::Yes => "met andere wensen dan in dit plan",
        YesNoUnknown::No => "met dezelfde wensen als in dit plan",
        YesNoUnknown::Unknown => "niet bekend of dat andere wensen zijn",
    }
}

/// Was the patient told that informing relatives is their own task?
pub fn informed(informed: bool) -> &'static str {
    if informed {
        "besproken dat de patiënt zelf de naasten informeert"
    } else {
        "nog niet besproken dat de patiënt zelf de naasten informeert"
    }
}

/// Consent to share as answered in the form.
pub fn sharing(answer: SharingAnswer) -> &'static str {
    match answer {
        SharingAnswer::Agreed => "akkoord",
        SharingAnswer::Unknown => UNKNOWN,
    }
}

/// Where another agreement stands.
pub fn agreement_state(state: AgreementState) -> &'static str {
    match state {
        AgreementState::Current => "geldt nu",
        AgreementState::NotYetCurrent => "nog niet actueel",
        AgreementState::Withdrawn => "ingetrokken",
    }
}

/// Kind of an earlier written wish.
pub fn document_kind(kind: AdvanceDirectiveType) -> &'static str {
    match kind {
        AdvanceDirectiveType::DoNotResuscitate => "niet-reanimerenverklaring",
        AdvanceDirectiveType::Proxy => "volmacht",
        AdvanceDirectiveType::TreatmentRefusal => "behandelverbod",
        AdvanceDirectiveType::TreatmentRefusalCompletedLife => "behandelverbod met aanvulling voltooid leven",
        AdvanceDirectiveType::Oral => "mondelinge afspraak",
        AdvanceDirectiveType::Euthanasia => "euthanasieverzoek",
        AdvanceDirectiveType::EuthanasiaDementia => "euthanasieverzoek met aanvulling dementie",
        AdvanceDirectiveType::LifeWish => "levenswensverklaring",
        AdvanceDirectiveType::Donor => "verklaring donorschap",
        AdvanceDirectiveType::SelfBinding => "zelfbindingsverklaring",
        AdvanceDirectiveType::Other => "andere verklaring",
    }
}
