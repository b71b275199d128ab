//! Codes that STU3 says otherwise: whether a treatment is wanted.

use domain::code::{Coding, system};
use serde_json::{Value, json};

/// `BehandelingToegestaan` of zib2017.
pub(super) const PERMITTED: &str = "urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4";

/// What a treatment directive says, in the codes of zib2017.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Permitted {
    /// JA.
    Yes,
    /// JA_MAAR: with restrictions.
    But,
    /// NEE.
    No,
    /// UNK.
    Unknown,
    /// ASKU: talked about, not decided.
    Undecided,
    /// NASK: not talked about.
    NotDiscussed,
}

const ALL: [(Permitted, &str, &str, &str); 6] = [
    (Permitted::Yes, PERMITTED, "JA", "Ja"),
    (Permitted::But, PERMITTED, "JA_MAAR", "Ja, maar met beperkingen"),
    (Permitted::No, PERMITTED, "NEE", "Nee"),
    (Permitted::Unknown, system::NULL_FLAVOR, "UNK", "Onbekend"),
    (Permitted::Undecided, system::NULL_FLAVOR, "ASKU", "Nee, nog geen besluit genomen"),
    (Permitted::NotDiscussed, system::NULL_FLAVOR, "NASK", "Niet besproken"),
];

/// The answers of the R4 form that mean the same, by their code in the list of decisions.
const DECISIONS: [(Permitted, &str); 3] = [(Permitted::Yes, "0"), (Permitted::But, "1"), (Permitted::No, "2")];

impl Permitted {
    /// The coding to send.
    pub fn coding(self) -> Value {
        let (_, system, code, display) = ALL.iter().find(|(p, ..)| *p == self).copied().unwrap_or(ALL[3]);
        json!({"system": system, "code": code, "display": display})
    }

    /// What a coding means.
    pub fn of(coding: &Value) -> Option<Self> {
        let text = |name: &str| coding.get(name).and_then(Value::as_str).unwrap_or_default();
        let system = super::names::url_up(text("system")).unwrap_or_else(|| text("system").to_owned());
        ALL.iter().find(|(_, s, c, _)| *s == system && *c == text("code")).map(|(p, ..)| *p)
    }

    /// The answer of the R4 form that means the same.
    pub fn decision(self) -> Value {
        match DECISIONS.iter().find(|(p, _)| *p == self) {
            Some((_, code)) => json!({"system": system::DECISION, "code": code}),
            None => self.coding(),
        }
    }

    /// What an answer of the R4 form means.
    pub fn of_decision(coding: &Coding) -> Option<Self> {
        let decision = DECISIONS.iter().find(|(_, code)| coding.is(system::DECISION, code)).map(|(p, _)| *p);
        decision.or_else(|| ALL.iter().find(|(_, s, c, _)| *s != PERMITTED && coding.is(s, c)).map(|(p, ..)| *p))
    }
}

/// Every code with which it is said.
pub(super) fn permitted_codes() -> impl Iterator<Item = Value> {
    ALL.iter().map(|(permitted, ..)| permitted.coding())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_goes_both_ways() {
        for (permitted, ..) in ALL {
            assert_eq!(Permitted::of(&permitted.coding()), Some(permitted));
            let decision = permitted.decision();
            let coding = Coding::new(decision["system"].as_str().unwrap(), decision["code"].as_str().unwrap(), "x");
            assert_eq!(Permitted::of_decision(&coding), Some(permitted));
        }
        assert_eq!(
            Permitted::of(&json!({"system": "http://hl7.org/fhir/v3/NullFlavor", "code": "UNK"})),
            Some(Permitted::Unknown)
        );
        assert_eq!(Permitted::of(&json!({"system": PERMITTED, "code": "MISSCHIEN"})), None);
    }
}
