//! Who may do what with which patient. The only maker of a [`Permit`] (DESIGN section 1).

use crate::consent::Level;
use crate::ident::{ClientId, OrganisationId, PatientId, PersonId};
use crate::purpose::Purpose;
use crate::role::{Reads, Role};
use serde::{Deserialize, Serialize};

pub use crate::consent::Sharing;

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
    /// May this role break the glass, by the policy of this organisation?
    pub breaks_glass: bool,
}

/// The two kinds of actors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A person who signed in.
    Person(PersonId),
    /// A system that holds a token, and for what it was registered.
    Client(ClientId, Purpose),
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
    /// Take the plan along on paper.
    Print,
    /// See the emergency view.
    ReadEmergency,
    /// See who did what with the record.
    ReadLog,
    /// Register a patient who is not here yet.
    RegisterPatient,
    /// Correct identity, move to another practice, or merge doubles.
    CorrectPatient,
    /// Keep or change a draft, and record a version.
    RecordPlan,
    /// Confirm that the whole plan is unchanged (E3).
    ConfirmPlan,
    /// Set proposed limits medically, or reject them.
    SetLimits,
    /// Deliver a plan from elsewhere.
    DeliverPlan,
    /// Hand out a complete copy of the record and its log (Wabvpz 15d and 15e).
    ExportRecord,
    /// Destroy the record for good, on the patient's request or when it need be kept no longer (decision 70).
    ErasePatient,
    /// Change who belongs to the care team and who leads.
    ManageTeam,
    /// Record what the patient says about sharing.
    RecordConsent,
    /// Invite the patient, a representative or a relative to the patient's own page, or end that.
    Invite,
    /// Add the patient's own words: a statement, a remark, a request.
    OwnWords,
    /// Answer a request of the patient.
    AnswerRequest,
    /// Get at the emergency view without a relation, with a reason (decision 52).
    BreakGlass,
    /// The same where the patient refused, who cannot be asked now.
    BreakGlassRefused,
    /// Judge whether the glass was broken with good reason.
    JudgeGlass,
    /// Record a signal (S1).
    Signal,
    /// Take a signal further: ask, plan, end; take, pass on or put off what waits.
    FollowUp,
    /// Report a conversation, ask for support in one, or answer who asks for it.
    Converse,
    /// Say, as the receiving system, that what was handed over came (D6).
    Acknowledge,
    /// Withdraw a card or a plan on paper, which is lost or should not have been made.
    WithdrawCard,
}

impl Action {
    /// Code in the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::ReadPatient => "read-patient",
            Self::ReadPlan => "read-plan",
            Self::Print => "print",
            Self::ReadEmergency => "read-emergency",
            Self::ReadLog => "read-log",
            Self::RegisterPatient => "register-patient",
            Self::CorrectPatient => "correct-patient",
            Self::RecordPlan => "record-plan",
            Self::ConfirmPlan => "confirm-plan",
            Self::SetLimits => "set-limits",
            Self::DeliverPlan => "deliver-plan",
            Self::ExportRecord => "export-record",
            Self::ErasePatient => "erase-patient",
            Self::ManageTeam => "manage-team",
            Self::RecordConsent => "record-consent",
            Self::Invite => "invite",
            Self::OwnWords => "own-words",
            Self::AnswerRequest => "answer-request",
            Self::BreakGlass => "break-glass",
            Self::BreakGlassRefused => "break-glass-refused",
            Self::JudgeGlass => "judge-glass",
            Self::Signal => "signal",
            Self::FollowUp => "follow-up",
            Self::Converse => "converse",
            Self::Acknowledge => "acknowledge",
            Self::WithdrawCard => "withdraw-card",
        }
    }

    /// Does it change something?
    pub fn writes(self) -> bool {
        !matches!(
            self,
            Self::ReadPatient | Self::ReadPlan | Self::Print | Self::ReadEmergency | Self::ReadLog | Self::ExportRecord
        )
    }

    /// Must it rest on the care team, where consent or a delivery is not enough?
    fn for_team_only(self) -> bool {
        matches!(self, Self::ReadLog | Self::ExportRecord | Self::ErasePatient)
    }
}

/// What ties an actor to a patient, as the store knows it; carries nothing about the patient's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Relation {
    /// The organisation, or the person, is now in the care team.
    pub team: bool,
    /// The organisation delivered a plan or registered the patient (decision 50).
    pub delivered: bool,
    /// What the patient said about sharing with this actor's organisation.
    pub sharing: Sharing,
    /// At which level that was said.
    pub level: Option<Level>,
    /// This person broke the glass for this patient, and the time for it is not over.
    pub glass: bool,
    /// The person is the patient, or somebody of theirs.
    pub own: Option<Own>,
}

/// Whose page it is: how a person who is no professional belongs to a patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Own {
    /// The patient.
    Patient,
    /// The representative, as long as the representation runs.
    Representative,
    /// A relative, as far as the patient allows.
    Relative,
}

impl Own {
    /// The role in which such a person acts.
    pub fn role(self) -> Role {
        match self {
            Self::Patient => Role::Patient,
            Self::Representative => Role::Representative,
            Self::Relative => Role::Relative,
        }
    }

    /// Code in tables.
    pub fn code(self) -> &'static str {
        self.role().code()
    }

    /// The one with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Role::of_code(code).and_then(Self::of_role)
    }

    /// What stands for 'no organisation' where an actor needs one: it is in no team, and nothing is ever shared with it.
    pub fn organisation() -> OrganisationId {
        OrganisationId::from_bits(u128::from_be_bytes(*b"tijdig own page!"))
    }

    /// On what ground such a person sees the record.
    pub fn basis(self) -> Basis {
        match self {
            Self::Patient => Basis::Own,
            Self::Representative => Basis::Representative,
            Self::Relative => Basis::Relative,
        }
    }

    /// The one who acts in this role.
    pub fn of_role(role: Role) -> Option<Self> {
        [Self::Patient, Self::Representative, Self::Relative].into_iter().find(|own| own.role() == role)
    }
}

/// On what ground a permit was given (NEN 7513: the basis): the rule of decision 52 that decided, and where it was
/// consent, at which level it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Member of the care team.
    Team,
    /// The organisation delivered or registered (decision 50).
    Delivered,
    /// The patient's consent to share.
    Consent(Level),
    /// Registers the patient now, and so becomes one who delivered.
    Registration,
    /// The glass was broken.
    Glass,
    /// The patient themselves.
    Own,
    /// The patient's representative.
    Representative,
    /// A relative, by the patient's leave.
    Relative,
    /// Watches over the use of records (decision 55).
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
            Self::Consent(Level::Everyone) => "consent",
            Self::Consent(Level::Kind) => "consent-kind",
            Self::Consent(Level::Organisation) => "consent-organisation",
            Self::Registration => "registration",
            Self::Glass => "break-glass",
            Self::Own => "own",
            Self::Representative => "representative",
            Self::Relative => "relative",
            Self::Oversight => "oversight",
            Self::Administration => "administration",
        }
    }

    /// What a code in the log means, for people.
    pub fn dutch_of(code: &str) -> &'static str {
        match code {
            "team" => "hoort bij het zorgteam",
            "delivered" => "de organisatie leverde gegevens aan",
            "consent" => "toestemming voor alle betrokken zorgverleners",
            "consent-kind" => "toestemming voor deze soort organisatie",
            "consent-organisation" => "toestemming voor deze organisatie",
            "registration" => "schreef de patiënt in",
            "break-glass" => "noodknop",
            "own" => "de patiënt zelf",
            "representative" => "vertegenwoordiger",
            "relative" => "naaste, met toestemming van de patiënt",
            "oversight" => "toezicht op inzage",
            "administration" => "werk van het programma zelf",
            _ => "onbekend",
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
    /// The glass need not be broken: there is a basis.
    #[error("u mag dit plan al inzien")]
    NotNeeded,
    /// The patient refused; somebody of acute care has to confirm that they cannot be asked now.
    #[error("de patiënt heeft bezwaar gemaakt")]
    Objection,
}

/// Decides whether this actor may do this with this patient, and on what ground.
///
/// Order of decision 52: team or treatment relation first, then consent, then a glass that was broken; breaking it is
/// an act of its own.
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
    if let Some(own) = actor.role.and_then(Own::of_role) {
        // Whoever is no professional reaches one patient, whatever else is true of them.
        return if relation.own == Some(own) { grant(own.basis()) } else { Err(Refusal::NoBasis) };
    }
    if action == Action::RegisterPatient {
        return grant(Basis::Registration);
    }
    if actor.role == Some(Role::PrivacyOfficer) {
        // Of an organisation that cares for the patient, or one of whose people broke the glass.
        return if relation.team || relation.delivered || relation.glass {
            grant(Basis::Oversight)
        } else {
            Err(Refusal::NoBasis)
        };
    }
    if matches!(action, Action::BreakGlass | Action::BreakGlassRefused) {
        return break_glass(actor, action, relation).and_then(grant);
    }
    if relation.team {
        return grant(Basis::Team);
    }
    if action.for_team_only() {
        return Err(Refusal::NoBasis);
    }
    if relation.delivered && (!action.writes() || matches!(action, Action::DeliverPlan | Action::Acknowledge)) {
        return grant(Basis::Delivered);
    }
    // A system may deliver what it has (decision 50); it may read it back only on a ground of its own.
    if action == Action::DeliverPlan && actor.role.is_none() {
        return grant(Basis::Registration);
    }
    let shared = matches!(
        action,
        Action::ReadPatient | Action::ReadPlan | Action::Print | Action::ReadEmergency | Action::Acknowledge
    );
    if shared && relation.sharing == Sharing::Agreed {
        return grant(Basis::Consent(relation.level.unwrap_or(Level::Everyone)));
    }
    // What a broken glass shows is the emergency view, and nothing else. Who objects meanwhile shuts it at once, but
    // for those of acute care, who have asked whether the patient can be asked.
    let stays_open = relation.sharing != Sharing::Refused || actor.role == Some(Role::OutOfHours);
    if relation.glass && stays_open && action == Action::ReadEmergency {
        return grant(Basis::Glass);
    }
    Err(Refusal::NoBasis)
}

/// Decision 52, the third and fourth rule. Where there is a basis already, there is no glass to break.
fn break_glass(actor: &Actor, action: Action, relation: Relation) -> Result<Basis, Refusal> {
    let acute = actor.role == Some(Role::OutOfHours);
    if relation.team || relation.delivered || relation.sharing == Sharing::Agreed {
        return Err(Refusal::NotNeeded);
    }
    match (relation.sharing, action) {
        (Sharing::Refused, Action::BreakGlassRefused) if acute => Ok(Basis::Glass),
        (Sharing::Refused, Action::BreakGlass) if acute => Err(Refusal::Objection),
        (Sharing::Unknown, Action::BreakGlass) => Ok(Basis::Glass),
        _ => Err(Refusal::NoBasis),
    }
}

fn role_allows(actor: &Actor, action: Action) -> bool {
    let Some(role) = actor.role else {
        // A system's reach is its scopes, which the exchange checks before it comes here. It never breaks glass.
        return matches!(
            action,
            Action::ReadPatient
                | Action::ReadPlan
                | Action::RegisterPatient
                | Action::DeliverPlan
                | Action::Acknowledge
        );
    };
    let care = role.is_care_professional();
    match action {
        Action::ReadPatient | Action::ReadPlan => role.reads() == Reads::Plan,
        // What is not for relatives cannot be told from the rest once it is on paper.
        Action::Print | Action::WithdrawCard => role.reads() == Reads::Plan && role != Role::Relative,
        Action::ReadEmergency => role.reads() != Reads::Nothing,
        Action::ReadLog => care || matches!(role, Role::Patient | Role::Representative | Role::PrivacyOfficer),
        Action::Signal => role.may_signal(),
        Action::Converse => role.may_converse(),
        Action::RegisterPatient | Action::FollowUp => care,
        // A carer writes down facts and signals, and passes them on (PROCESS, 'Who takes part'): who the patient is,
        // who cares for them, who may see what, and what the patient asks for, is for those who record what they say.
        Action::CorrectPatient | Action::ManageTeam | Action::Invite | Action::AnswerRequest => {
            role.may_record_wishes()
        }
        Action::ExportRecord => care || matches!(role, Role::Patient | Role::Representative),
        // Who weighs the request is a doctor (WGBO, article 7:455 BW).
        Action::ErasePatient => role.may_set_limits(false),
        Action::RecordConsent => role.may_record_wishes() || matches!(role, Role::Patient | Role::Representative),
        // Of people it is written down by who hears of it.
        Action::Acknowledge => false,
        Action::OwnWords => Own::of_role(role).is_some(),
        Action::RecordPlan | Action::DeliverPlan => role.may_record_wishes(),
        Action::ConfirmPlan => role.may_confirm(),
        Action::SetLimits => actor.may_set_limits(),
        Action::BreakGlass | Action::BreakGlassRefused => actor.breaks_glass && (care || role == Role::OutOfHours),
        Action::JudgeGlass => care || role == Role::PrivacyOfficer,
    }
}

#[cfg(test)]
mod tests;
