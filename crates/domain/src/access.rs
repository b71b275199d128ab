//! Who may do what with which patient. The only maker of a [`Permit`] (DESIGN section 1).

use crate::ident::{ClientId, OrganisationId, PatientId, PersonId};
use crate::role::{Reads, Role};
use serde::{Deserialize, Serialize};

/// Who acts: a person signed in, or a system with a token; with role and organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Person or client.
    pub who: Who,
    /// Name to show in the log's pages.
    pub name: String,
    /// Role acted in; absent for a system.
    pub role: Option<Role>,
    /// Organisation acted for.
    pub organisation: OrganisationId,
    /// May nurse specialists and physician assistants of this organisation set limits (decision 2)?
    pub nurses_set_limits: bool,
}

/// The two kinds of actors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// A person who signed in.
    Person(PersonId),
    /// A system that holds a token.
    Client(ClientId),
    /// The program itself, on the command line or in a job.
    Program,
}

impl Actor {
    /// May this actor set limits, rather than propose them?
    pub fn may_set_limits(&self) -> bool {
        self.role.is_some_and(|r| r.may_set_limits(self.nurses_set_limits))
    }
}

/// What is to be done; the log names it (NEN 7513).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// See who the patient is.
    ReadPatient,
    /// See the plan, its versions, or a form.
    ReadPlan,
    /// Register a patient who is not here yet.
    RegisterPatient,
    /// Correct identity, move to another practice, or merge doubles.
    CorrectPatient,
    /// Keep or change a draft, and record a version.
    RecordPlan,
    /// Set proposed limits medically, or reject them.
    SetLimits,
    /// Deliver a plan from elsewhere.
    DeliverPlan,
    /// See who did what with this patient's record (NEN 7513); nothing of the plan.
    ReadLog,
    /// Hand out a complete copy of the record and its log (Wabvpz 15d and 15e).
    ExportRecord,
    /// Destroy the record for good, on the patient's request or when it need be kept no longer (decision 70).
    ErasePatient,
}

impl Action {
    /// Code in the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::ReadPatient => "read-patient",
            Self::ReadPlan => "read-plan",
            Self::RegisterPatient => "register-patient",
            Self::CorrectPatient => "correct-patient",
            Self::RecordPlan => "record-plan",
            Self::SetLimits => "set-limits",
            Self::DeliverPlan => "deliver-plan",
            Self::ReadLog => "read-log",
            Self::ExportRecord => "export-record",
            Self::ErasePatient => "erase-patient",
        }
    }

    /// Does it change something?
    pub fn writes(self) -> bool {
        !matches!(self, Self::ReadPatient | Self::ReadPlan | Self::ReadLog | Self::ExportRecord)
    }

    /// Must it rest on the care team, where consent or a delivery is not enough?
    fn for_team_only(self) -> bool {
        matches!(self, Self::ExportRecord | Self::ErasePatient)
    }
}

/// What ties an actor to a patient, as the store knows it; carries nothing about the patient's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Relation {
    /// The organisation, or the person, is now in the care team.
    pub team: bool,
    /// The organisation delivered a plan or registered the patient (decision 50).
    pub delivered: bool,
    /// What the patient said about sharing with others.
    pub sharing: Sharing,
}

/// Consent to share, as it stands (decision 51; rows of events behind it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sharing {
    /// With all carers involved.
    Agreed,
    /// Refused.
    Refused,
    /// Not asked, or no answer yet.
    #[default]
    Unknown,
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
}

/// On what ground a permit was given (NEN 7513: the basis).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Member of the care team.
    Team,
    /// The organisation delivered or registered (decision 50).
    Delivered,
    /// The patient's consent to share.
    Consent,
    /// Registers the patient now, and so becomes one who delivered.
    Registration,
    /// Watches over who looks: the privacy officer of an organisation in the care team (decision 55).
    Oversight,
    /// The program's own work: making demo data, importing on the command line.
    Administration,
}

impl Basis {
    /// Code in the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Delivered => "delivered",
            Self::Consent => "consent",
            Self::Registration => "registration",
            Self::Oversight => "oversight",
            Self::Administration => "administration",
        }
    }
}

/// Leave to do one kind of thing with one patient. Only [`permit`] makes one; every store function that touches a
/// patient asks for it, and the log row is written from it.
#[derive(Debug, Clone)]
pub struct Permit {
    actor: Actor,
    action: Action,
    patient: PatientId,
    basis: Basis,
}

impl Permit {
    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }
    /// What may be done.
    pub fn action(&self) -> Action {
        self.action
    }
    /// With whom.
    pub fn patient(&self) -> &PatientId {
        &self.patient
    }
    /// On what ground.
    pub fn basis(&self) -> Basis {
        self.basis
    }
}

/// Why something may not be done. What a stranger is told stays the same for all of them (decision 53).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No relation with the patient, or no such patient.
    #[error("geen behandelrelatie met deze patiënt")]
    NoBasis,
    /// The role does not allow it.
    #[error("uw rol staat dit niet toe")]
    Role,
}

/// Decides whether this actor may do this with this patient, and on what ground.
///
/// Order of decision 52: team or treatment relation first, then consent; breaking the glass is a separate act.
///
/// # Errors
/// [`Refusal::Role`] where the role never may, [`Refusal::NoBasis`] where this patient is none of the actor's.
pub fn permit(actor: &Actor, action: Action, patient: &PatientId, relation: Relation) -> Result<Permit, Refusal> {
    let grant = |basis| Ok(Permit { actor: actor.clone(), action, patient: patient.clone(), basis });
    if actor.who == Who::Program {
        return grant(Basis::Administration);
    }
    if !role_allows(actor, action) {
        return Err(Refusal::Role);
    }
    if action == Action::RegisterPatient {
        return grant(Basis::Registration);
    }
    if action == Action::ReadLog {
        let oversees = relation.team && actor.role == Some(Role::PrivacyOfficer);
        return if oversees { grant(Basis::Oversight) } else { Err(Refusal::NoBasis) };
    }
    if relation.team {
        return grant(Basis::Team);
    }
    if action.for_team_only() {
        return Err(Refusal::NoBasis);
    }
    if relation.delivered && (!action.writes() || action == Action::DeliverPlan) {
        return grant(Basis::Delivered);
    }
    // A system may deliver what it has (decision 50); it may read it back only on a ground of its own.
    if action == Action::DeliverPlan && actor.role.is_none() {
        return grant(Basis::Registration);
    }
    if relation.sharing == Sharing::Agreed && !action.writes() {
        return grant(Basis::Consent);
    }
    Err(Refusal::NoBasis)
}

fn role_allows(actor: &Actor, action: Action) -> bool {
    let Some(role) = actor.role else {
        // A system's reach is its scopes, which the exchange checks before it comes here.
        let for_people = [Action::RecordPlan, Action::SetLimits, Action::CorrectPatient, Action::ReadLog];
        return !for_people.contains(&action) && !action.for_team_only();
    };
    match action {
        Action::ReadPatient | Action::ReadPlan => role.reads() == Reads::Plan,
        Action::RegisterPatient | Action::CorrectPatient => role.is_care_professional(),
        Action::RecordPlan | Action::DeliverPlan => role.may_record_wishes(),
        Action::SetLimits => actor.may_set_limits(),
        Action::ReadLog => role == Role::PrivacyOfficer,
        Action::ExportRecord => role.is_care_professional(),
        // Who weighs the request is a doctor (WGBO, article 7:455 BW).
        Action::ErasePatient => role.may_set_limits(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(role: Option<Role>) -> Actor {
        Actor {
            who: role
                .map_or_else(|| Who::Client(ClientId::parse("c").unwrap()), |_| Who::Person(PersonId::from_bits(1))),
            name: "x".into(),
            role,
            organisation: OrganisationId::from_bits(1),
            nurses_set_limits: false,
        }
    }

    #[test]
    fn basis_follows_the_order_of_decision_52() {
        let id = PatientId::from_bits(7);
        let team = Relation { team: true, delivered: true, sharing: Sharing::Agreed };
        let basis = |role, action, relation| permit(&actor(role), action, &id, relation).map(|p| p.basis());
        assert_eq!(basis(Some(Role::Gp), Action::ReadPlan, team), Ok(Basis::Team));
        let consent = Relation { sharing: Sharing::Agreed, ..Relation::default() };
        assert_eq!(basis(Some(Role::Gp), Action::ReadPlan, consent), Ok(Basis::Consent));
        assert_eq!(basis(Some(Role::Gp), Action::RecordPlan, consent), Err(Refusal::NoBasis));
        assert_eq!(basis(Some(Role::Gp), Action::ReadPlan, Relation::default()), Err(Refusal::NoBasis));
        assert_eq!(basis(Some(Role::PrivacyOfficer), Action::ReadLog, team), Ok(Basis::Oversight));
        assert_eq!(basis(Some(Role::PrivacyOfficer), Action::ReadLog, consent), Err(Refusal::NoBasis));
        assert_eq!(basis(Some(Role::Gp), Action::ErasePatient, team), Ok(Basis::Team));
        assert_eq!(basis(Some(Role::Gp), Action::ErasePatient, consent), Err(Refusal::NoBasis));
        assert_eq!(basis(Some(Role::Gp), Action::ExportRecord, consent), Err(Refusal::NoBasis));
        assert_eq!(basis(None, Action::ExportRecord, team), Err(Refusal::Role));
        let refused = Relation { sharing: Sharing::Refused, ..Relation::default() };
        assert_eq!(basis(None, Action::ReadPlan, refused), Err(Refusal::NoBasis));
    }

    #[test]
    fn roles_limit_what_a_relation_allows() {
        let id = PatientId::from_bits(7);
        let team = Relation { team: true, ..Relation::default() };
        for (role, action, allowed) in [
            (Role::DistrictNurse, Action::RecordPlan, true),
            (Role::DistrictNurse, Action::SetLimits, false),
            (Role::Gp, Action::SetLimits, true),
            (Role::Gp, Action::ErasePatient, true),
            (Role::DistrictNurse, Action::ErasePatient, false),
            (Role::DistrictNurse, Action::ExportRecord, true),
            (Role::NetworkCoordinator, Action::ExportRecord, false),
            (Role::Carer, Action::RecordPlan, false),
            (Role::Carer, Action::ReadPlan, true),
            (Role::NetworkCoordinator, Action::ReadPlan, false),
            (Role::OutOfHours, Action::ReadPlan, false),
            (Role::PrivacyOfficer, Action::ReadPlan, false),
            (Role::PrivacyOfficer, Action::ReadLog, true),
            (Role::Gp, Action::ReadLog, false),
        ] {
            assert_eq!(permit(&actor(Some(role)), action, &id, team).is_ok(), allowed, "{role:?} {action:?}");
        }
    }
}
