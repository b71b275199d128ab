//! Telling systems that a plan changed (PROCESS D4, decision 38): what there is to be told by, and which systems are told.
//!
//! Told is only that there is a new version and of whom, never what changed: what a system may see of it, it fetches with
//! its own token, under the same rules as ever.

use crate::coded::coded;

coded! {
    /// By what a system is told.
    pub enum Kind {
        Webhook "webhook" "webhook";
        Origin "origin" "adres voor FHIR-abonnementen";
        Subscription "subscription" "FHIR-abonnement";
    }
}

coded! {
    /// How it stands with one.
    pub enum State {
        Active "active" "staat aan";
        Error "error" "laatste bericht kwam niet aan";
        Off "off" "staat stil";
    }
}

/// What is known of a system and a patient whose plan changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Its organisation is in the care team, or delivered the plan or registered the patient.
    pub tied: bool,
    /// It read the plan lately (`unread::LOOKED_LATELY`).
    pub received: bool,
    /// The change is one of a limit that counts in an emergency.
    pub urgent: bool,
}

/// Is a system told of a change? Whoever cares for the patient of every one; whoever merely received the plan, of one that
/// counts in an emergency, for what they hold is dangerous then. Whether it may still be told is asked when it is sent.
pub fn is_told(kind: Kind, known: Known) -> bool {
    match kind {
        // It is on this patient already.
        Kind::Subscription => true,
        Kind::Webhook => known.tied || known.urgent && known.received,
        Kind::Origin => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_cares_is_told_of_all_and_who_received_of_what_is_dangerous() {
        let told = |tied, received, urgent| is_told(Kind::Webhook, Known { tied, received, urgent });
        assert!(told(true, false, false) && told(true, false, true) && told(false, true, true));
        assert!(!told(false, true, false) && !told(false, false, true) && !told(false, false, false));
        let nothing = Known { tied: false, received: false, urgent: false };
        let all = Known { tied: true, received: true, urgent: true };
        assert!(is_told(Kind::Subscription, nothing) && !is_told(Kind::Origin, all));
    }
}
