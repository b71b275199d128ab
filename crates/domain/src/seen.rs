//! Who would see what of a patient, and why: the same rules as for a permit, asked for somebody else or another moment.

use crate::access::{Action, Actor, Basis, Relation, Who, permit};
use crate::ident::{OrganisationId, PatientId, PersonId};
use crate::organisation::OrganisationKind;
use crate::role::Role;

/// What somebody of an organisation gets to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The plan, on this ground.
    Plan(Basis),
    /// The emergency view, on this ground.
    Emergency(Basis),
    /// Nothing but by breaking the glass.
    BehindGlass,
    /// The same, and the patient refused: only who comes in an emergency, who confirms it twice.
    Refused,
    /// Nothing.
    Nothing,
}

impl Seen {
    /// What somebody acting for an organisation of this kind sees, with this relation to the patient.
    pub fn by(kind: OrganisationKind, relation: Relation) -> Self {
        if !kind.gives_care() {
            return Self::Nothing;
        }
        let acute = kind == OrganisationKind::OutOfHours;
        let role = if acute { Role::OutOfHours } else { Role::Gp };
        Self::of(&somebody(role), relation)
    }

    /// What this actor sees.
    pub fn of(actor: &Actor, relation: Relation) -> Self {
        let nobody = PatientId::from_bits(0);
        let basis = |action| permit(actor, action, &nobody, relation).ok().map(|p| p.basis());
        if let Some(basis) = basis(Action::ReadPlan) {
            return Self::Plan(basis);
        }
        if let Some(basis) = basis(Action::ReadEmergency) {
            return Self::Emergency(basis);
        }
        if basis(Action::BreakGlass).is_some() {
            Self::BehindGlass
        } else if basis(Action::BreakGlassRefused).is_some() {
            Self::Refused
        } else {
            Self::Nothing
        }
    }

    /// In words, for a table.
    pub fn dutch(self) -> String {
        match self {
            Self::Plan(basis) => format!("het hele plan ({})", Basis::dutch_of(basis.code())),
            Self::Emergency(basis) => format!("de spoedpagina ({})", Basis::dutch_of(basis.code())),
            Self::BehindGlass => "niets; alleen bij spoed, met opgaaf van reden".to_owned(),
            Self::Refused => {
                "niets, want de patiënt wil dat niet; alleen acute zorg, als de patiënt zelf niets kan zeggen"
                    .to_owned()
            }
            Self::Nothing => "niets".to_owned(),
        }
    }

    /// The same for the patient, in plain words (B1): the rest of a sentence that begins with who it is, one or several.
    pub fn plain(self, several: bool) -> String {
        let (see, may) = if several { ("zien", "mogen") } else { ("ziet", "mag") };
        match self {
            Self::Plan(Basis::Team) => format!("{see} het plan. Dat hoort bij de zorg."),
            Self::Plan(Basis::Delivered) => format!("{see} het plan, want er kwam iets van hen in."),
            Self::Plan(_) => format!("{may} het plan zien."),
            Self::Emergency(_) => format!("{see} bij spoed meteen de belangrijkste afspraken."),
            Self::BehindGlass => {
                format!("{see} het plan niet. In nood kan het met de noodknop. Dat wordt altijd gecontroleerd.")
            }
            Self::Refused => format!(
                "{see} niets. Alleen als u zelf niets kunt zeggen, mag het met de noodknop. Dat wordt altijd gecontroleerd."
            ),
            Self::Nothing => format!("{see} het plan niet."),
        }
    }
}

fn somebody(role: Role) -> Actor {
    Actor {
        who: Who::Person(PersonId::from_bits(0)),
        name: String::new(),
        role: Some(role),
        organisation: OrganisationId::from_bits(0),
        nurses_set_limits: false,
        breaks_glass: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::{Level, Sharing};

    #[test]
    fn what_each_kind_sees_follows_the_same_rules_as_a_permit() {
        let (hospital, acute) = (OrganisationKind::Hospital, OrganisationKind::OutOfHours);
        let none = Relation::default();
        let agreed = Relation { sharing: Sharing::Agreed, level: Some(Level::Kind), ..none };
        let refused = Relation { sharing: Sharing::Refused, ..none };
        let team = Relation { team: true, ..refused };
        assert_eq!(Seen::by(hospital, agreed), Seen::Plan(Basis::Consent(Level::Kind)));
        assert_eq!(Seen::by(acute, agreed), Seen::Emergency(Basis::Consent(Level::Kind)));
        assert_eq!(Seen::by(hospital, none), Seen::BehindGlass);
        assert_eq!(Seen::by(hospital, refused), Seen::Nothing);
        assert_eq!(Seen::by(acute, refused), Seen::Refused);
        assert_eq!(Seen::by(hospital, team), Seen::Plan(Basis::Team), "a refusal is about others");
        assert_eq!(Seen::by(OrganisationKind::Region, agreed), Seen::Nothing);
        assert_eq!(Seen::by(hospital, agreed).plain(true), "mogen het plan zien.");
        assert!(Seen::by(acute, refused).plain(false).starts_with("ziet niets. Alleen als u zelf niets kunt zeggen"));
    }
}
