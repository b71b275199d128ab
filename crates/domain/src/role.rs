//! The roles of PROCESS.md 'Who takes part', and what each may do.

use serde::{Deserialize, Serialize};

macro_rules! roles {
    ($($variant:ident $code:literal $dutch:literal signal:$signal:literal converse:$converse:literal wishes:$wishes:literal limits:$limits:ident reads:$reads:ident;)+) => {
        /// A role in which somebody acts (PROCESS.md; decision 55 adds two).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Role { $(#[doc = $dutch] $variant,)+ }
        impl Role {
            /// Every role.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// Code in URLs, files and the demo's user names.
            pub fn code(self) -> &'static str { match self { $(Self::$variant => $code,)+ } }
            /// What the field calls it.
            pub fn dutch(self) -> &'static str { match self { $(Self::$variant => $dutch,)+ } }
            /// May record a signal (S1).
            pub fn may_signal(self) -> bool { match self { $(Self::$variant => $signal,)+ } }
            /// May hold the conversation, or the part of their own field.
            pub fn may_converse(self) -> bool { match self { $(Self::$variant => $converse,)+ } }
            /// May record care wishes.
            pub fn may_record_wishes(self) -> bool { match self { $(Self::$variant => $wishes,)+ } }
            /// What the role may do about treatment limits.
            pub fn limits(self) -> Limits { match self { $(Self::$variant => Limits::$limits,)+ } }
            /// What of a patient the role may see at all.
            pub fn reads(self) -> Reads { match self { $(Self::$variant => Reads::$reads,)+ } }
            /// The role with this code.
            pub fn of_code(code: &str) -> Option<Self> { match code { $($code => Some(Self::$variant),)+ _ => None } }
        }
    };
}

/// What a role may do about treatment limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limits {
    /// Sets them: 'medisch vastgesteld' (decision 2).
    Sets,
    /// Sets them where the organisation's policy says so, else proposes (decisions 2 and 55).
    SetsByPolicy,
    /// Proposes; a doctor sets.
    Proposes,
    /// Neither.
    None,
}

/// What of a patient a role may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// The whole plan, given a basis.
    Plan,
    /// The emergency view only, given a basis.
    Emergency,
    /// Nothing about any patient.
    Nothing,
}

roles! {
    Carer "carer" "verzorgende" signal:true converse:false wishes:false limits:None reads:Plan;
    DistrictNurse "district-nurse" "wijkverpleegkundige" signal:true converse:true wishes:true limits:Proposes reads:Plan;
    DementiaCaseManager "dementia-case-manager" "casemanager dementie" signal:true converse:true wishes:true limits:Proposes reads:Plan;
    PracticeNurse "practice-nurse" "praktijkondersteuner" signal:true converse:true wishes:true limits:Proposes reads:Plan;
    NurseSpecialist "nurse-specialist" "verpleegkundig specialist" signal:true converse:true wishes:true limits:SetsByPolicy reads:Plan;
    PhysicianAssistant "physician-assistant" "physician assistant" signal:true converse:true wishes:true limits:SetsByPolicy reads:Plan;
    Gp "gp" "huisarts" signal:true converse:true wishes:true limits:Sets reads:Plan;
    ElderlyCarePhysician "elderly-care-physician" "specialist ouderengeneeskunde" signal:true converse:true wishes:true limits:Sets reads:Plan;
    HospitalPhysician "hospital-physician" "medisch specialist" signal:true converse:true wishes:true limits:Sets reads:Plan;
    PalliativeNurse "palliative-nurse" "palliatief verpleegkundige" signal:true converse:true wishes:true limits:None reads:Plan;
    SpiritualCarer "spiritual-carer" "geestelijk verzorger" signal:true converse:true wishes:true limits:None reads:Plan;
    SocialWorker "social-worker" "maatschappelijk werker" signal:true converse:true wishes:true limits:None reads:Plan;
    Physiotherapist "physiotherapist" "fysiotherapeut" signal:true converse:true wishes:true limits:None reads:Plan;
    OutOfHours "out-of-hours" "spoedzorg (HAP, ambulance, SEH)" signal:false converse:false wishes:false limits:None reads:Emergency;
    Patient "patient" "patiënt" signal:true converse:false wishes:false limits:None reads:Plan;
    Representative "representative" "vertegenwoordiger" signal:true converse:false wishes:false limits:None reads:Plan;
    Relative "relative" "naaste" signal:true converse:false wishes:false limits:None reads:Plan;
    NetworkCoordinator "network-coordinator" "netwerkcoördinator" signal:false converse:false wishes:false limits:None reads:Nothing;
    PracticeManager "practice-manager" "praktijkmanager" signal:false converse:false wishes:false limits:None reads:Nothing;
    OrganisationAdmin "organisation-admin" "beheerder" signal:false converse:false wishes:false limits:None reads:Nothing;
    PrivacyOfficer "privacy-officer" "privacyfunctionaris" signal:false converse:false wishes:false limits:None reads:Nothing;
}

impl Role {
    /// A professional of the care team, as opposed to a patient, a relative or somebody who sees figures only.
    pub fn is_care_professional(self) -> bool {
        self.may_signal() && !matches!(self, Self::Patient | Self::Representative | Self::Relative)
    }

    /// May this role lead (regiebehandelaar)?
    pub fn may_lead(self) -> bool {
        matches!(
            self,
            Self::DistrictNurse
                | Self::DementiaCaseManager
                | Self::PracticeNurse
                | Self::NurseSpecialist
                | Self::PhysicianAssistant
                | Self::Gp
                | Self::ElderlyCarePhysician
                | Self::HospitalPhysician
        )
    }

    /// May this role confirm a whole plan as unchanged (E3)? Whoever holds the whole conversation and records it: those who
    /// hold the part of their own field do not.
    pub fn may_confirm(self) -> bool {
        self.may_converse()
            && self.may_record_wishes()
            && !matches!(self, Self::SpiritualCarer | Self::SocialWorker | Self::Physiotherapist)
    }

    /// May this role set limits for an organisation with this policy (decision 2)?
    pub fn may_set_limits(self, nurses_set_limits: bool) -> bool {
        match self.limits() {
            Limits::Sets => true,
            Limits::SetsByPolicy => nurses_set_limits,
            Limits::Proposes | Limits::None => false,
        }
    }

    /// May this role put limits into a plan at all, set or proposed?
    pub fn may_propose_limits(self) -> bool {
        self.limits() != Limits::None
    }

    /// UZI role code that goes with the role in exchange (FACTS, law and norms).
    pub fn uzi_role(self) -> (&'static str, &'static str) {
        match self {
            Self::Gp => ("01.015", "Huisarts"),
            Self::ElderlyCarePhysician => ("01.047", "Specialist ouderengeneeskunde"),
            Self::HospitalPhysician => ("01.000", "Arts"),
            Self::PhysicianAssistant => ("81.000", "Physician assistant"),
            Self::DistrictNurse
            | Self::DementiaCaseManager
            | Self::PalliativeNurse
            | Self::PracticeNurse
            | Self::NurseSpecialist => ("30.000", "Verpleegkundige"),
            _ => ("99.000", "Zorgverlener andere zorg"),
        }
    }

    /// May a professional with this specialty set limits? `None` where the code does not tell (decision 7).
    pub fn specialty_may_set(coding: &crate::code::Coding) -> Option<bool> {
        match coding.system.as_deref()? {
            crate::code::system::UZI_ROLE => Some(coding.code.starts_with("01.")),
            // COD016: 01xx general practice, 03xx medical specialists, 84xx physicians; nurses have 91xx.
            crate::code::system::AGB_SPECIALTY => {
                Some(["01", "03", "84"].iter().any(|group| coding.code.starts_with(group)))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_role_table_holds() {
        assert!(Role::Gp.may_set_limits(false));
        assert!(!Role::DistrictNurse.may_set_limits(true));
        assert!(Role::NurseSpecialist.may_set_limits(true) && !Role::NurseSpecialist.may_set_limits(false));
        assert!(!Role::Carer.may_record_wishes() && Role::Carer.may_signal());
        assert!(!Role::PalliativeNurse.may_propose_limits());
        let confirm: Vec<Role> = Role::ALL.iter().copied().filter(|r| r.may_confirm()).collect();
        let doctors = [Role::Gp, Role::ElderlyCarePhysician, Role::HospitalPhysician, Role::PhysicianAssistant];
        assert!(doctors.iter().all(|r| confirm.contains(r)) && confirm.contains(&Role::DistrictNurse));
        assert!([Role::Carer, Role::SpiritualCarer, Role::OutOfHours].iter().all(|r| !confirm.contains(r)));
        assert_eq!(Role::NetworkCoordinator.reads(), Reads::Nothing);
        for role in Role::ALL {
            assert_eq!(Role::of_code(role.code()), Some(*role));
        }
    }
}
