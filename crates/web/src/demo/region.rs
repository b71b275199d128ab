//! The synthetic region: organisations, and a person for every role.

use super::wide;
use domain::code::Coding;
use domain::ident::{Agb, OrganisationId, PersonId, Ura};
use domain::people::{Name, Professional, ProfessionalKey};
use domain::plan::Recorder;
use domain::policy::Policy;
use domain::role::Role;
use store::organisations::{Organisation, OrganisationKind};

/// An organisation of the region and its place in the list.
#[derive(Debug, Clone)]
pub struct Region {
    /// All organisations.
    pub organisations: Vec<Organisation>,
    /// All people, each with one role.
    pub people: Vec<Worker>,
    /// Places of the practices, the first three of [`place::PRACTICES`] first.
    pub practices: Vec<usize>,
    /// Is it more than the small region of three practices?
    pub is_wide: bool,
}

/// An organisation as it is listed.
#[derive(Debug, Clone, Copy)]
pub struct House {
    /// Name.
    pub name: &'static str,
    /// Kind.
    pub kind: OrganisationKind,
    /// Town.
    pub city: &'static str,
    /// Is its AGB code known here?
    pub has_agb: bool,
}

/// Somebody who works in the region, or a patient, representative or relative with a sign-in.
#[derive(Debug, Clone)]
pub struct Worker {
    /// Id.
    pub id: PersonId,
    /// Sign-in name.
    pub username: String,
    /// Name.
    pub name: Name,
    /// Role.
    pub role: Role,
    /// Place of the organisation in [`Region::organisations`].
    pub organisation: usize,
    /// AGB code.
    pub agb: Agb,
}

/// Places of organisations in the list.
pub mod place {
    /// The three practices are 0, 1 and 2.
    pub const PRACTICES: [usize; 3] = [0, 1, 2];
    /// Home care.
    pub const HOME_CARE: [usize; 2] = [3, 4];
    /// Nursing home.
    pub const NURSING_HOME: usize = 5;
    /// Hospital.
    pub const HOSPITAL: usize = 6;
    /// Out-of-hours post.
    pub const OUT_OF_HOURS: usize = 7;
    /// Network of the region.
    pub const NETWORK: usize = 8;
    /// Organisation of the API client `provider-test`.
    pub const PROVIDER: usize = 9;
    /// Organisation of the API client `consulter-test`, without any relation.
    pub const CONSULTER: usize = 10;
}

const ORGANISATIONS: &[(&str, OrganisationKind)] = &[
    ("Huisartsenpraktijk De Linde", OrganisationKind::GpPractice),
    ("Huisartsenpraktijk Molenzicht", OrganisationKind::GpPractice),
    ("Gezondheidscentrum Zandhoven", OrganisationKind::GpPractice),
    ("Thuiszorg Nabij", OrganisationKind::HomeCare),
    ("Wijkzorg Overveld", OrganisationKind::HomeCare),
    ("Verpleeghuis Rietveld", OrganisationKind::NursingHome),
    ("Streekziekenhuis Weidedorp", OrganisationKind::Hospital),
    ("Huisartsenpost Overveld", OrganisationKind::OutOfHours),
    ("Netwerk Palliatieve Zorg Overveld", OrganisationKind::Region),
    ("Dossierhouder Overveld (koppeling)", OrganisationKind::Hospital),
    ("Ambulancedienst Elders (koppeling)", OrganisationKind::OutOfHours),
];

const PEOPLE: &[(Role, &str, &str, &str, usize)] = &[
    (Role::Gp, "Sanne", "van", "Huissen", 0),
    (Role::Gp, "Ruud", "", "Molenaar", 1),
    (Role::Gp, "Yasmin", "", "Bouzid", 2),
    (Role::PracticeNurse, "Marja", "", "Koster", 0),
    (Role::PracticeManager, "Peter", "", "Lammers", 0),
    (Role::DistrictNurse, "Saskia", "de", "Wit", 3),
    (Role::DistrictNurse, "Jeroen", "", "Blok", 4),
    (Role::Carer, "Denise", "", "Hoek", 3),
    (Role::DementiaCaseManager, "Ellen", "", "Prins", 3),
    (Role::PalliativeNurse, "Noor", "", "Verbeek", 3),
    (Role::NurseSpecialist, "Tom", "van der", "Laan", 5),
    (Role::ElderlyCarePhysician, "Karin", "", "Oosterhuis", 5),
    (Role::PhysicianAssistant, "Bas", "", "Timmer", 5),
    (Role::SpiritualCarer, "Lidewij", "", "Storm", 5),
    (Role::HospitalPhysician, "Arjan", "", "Roelofs", 6),
    (Role::SocialWorker, "Femke", "", "Dam", 6),
    (Role::Physiotherapist, "Wouter", "", "Kuiper", 3),
    (Role::OutOfHours, "Iris", "", "Nachtegaal", 7),
    (Role::NetworkCoordinator, "Hanneke", "", "Regt", 8),
    (Role::OrganisationAdmin, "Beheer", "", "Overveld", 8),
    (Role::PrivacyOfficer, "Otto", "", "Privé", 0),
    (Role::Patient, "Wil", "", "Zelf", 8),
    (Role::Representative, "Vera", "", "Spreekt", 8),
    (Role::Relative, "Naomi", "", "Nabij", 8),
    (Role::PrivacyOfficer, "Ineke", "", "Waak", 8),
];

impl Region {
    /// Makes the region with this many practices; ids come from the dice, so that the same seed gives the same ones.
    pub fn make(dice: &mut fastrand::Rng, practices: u32) -> Self {
        let small =
            ORGANISATIONS.iter().map(|(name, kind)| House { name, kind: *kind, city: "Overveld", has_agb: true });
        let more = wide::houses(practices);
        let all: Vec<House> = small.chain(more.iter().copied()).collect();
        let ids: Vec<_> = all.iter().map(|_| OrganisationId::from_bits(dice.u128(..))).collect();
        let organisations: Vec<Organisation> = all
            .iter()
            .zip(&ids)
            .enumerate()
            .map(|(i, (House { name, kind, city, has_agb }, id))| Organisation {
                agb: has_agb.then(|| agb(41, i)),
                ura: Ura::parse(&format!("{}", 90_000_000 + i)).ok(),
                city: Some((*city).to_owned()),
                region: (i != place::NETWORK && i != place::CONSULTER).then(|| ids[place::NETWORK].clone()),
                nurses_set_limits: *kind == OrganisationKind::NursingHome,
                // Demo users need no second factor (DESIGN section 6).
                policy: Policy { second_factor: false, ..Policy::default() },
                ..Organisation::new(id.clone(), name, *kind)
            })
            .collect();
        let mut people = Vec::new();
        let small =
            PEOPLE.iter().map(|(role, given, prefix, family, at)| (*role, Name::of(given, prefix, family), *at));
        let of_more = wide::people(&more, ORGANISATIONS.len());
        for (i, (role, name, organisation)) in small.chain(of_more).enumerate() {
            let nth = people.iter().filter(|p: &&Worker| p.role == role).count();
            let username = if nth == 0 { role.code().to_owned() } else { format!("{}-{}", role.code(), nth + 1) };
            people.push(Worker {
                id: PersonId::from_bits(dice.u128(..)),
                username,
                name,
                role,
                organisation,
                agb: agb(1, i),
            });
        }
        let practice = |i: &usize| all[*i].kind == OrganisationKind::GpPractice;
        Self { practices: (0..all.len()).filter(practice).collect(), is_wide: !more.is_empty(), organisations, people }
    }

    /// Places of the organisations of a kind.
    pub fn of_kind(&self, kind: OrganisationKind) -> Vec<usize> {
        let systems = [place::PROVIDER, place::CONSULTER];
        let of = |i: &usize| self.organisations[*i].kind == kind && !systems.contains(i);
        (0..self.organisations.len()).filter(of).collect()
    }

    /// The first person with this role at this organisation, else the first with this role.
    pub fn worker(&self, role: Role, organisation: usize) -> &Worker {
        let here = |w: &&Worker| w.role == role && w.organisation == organisation;
        self.people.iter().find(here).or_else(|| self.people.iter().find(|w| w.role == role)).unwrap_or(&self.people[0])
    }

    /// A worker as recorder of a version.
    pub fn recorder(&self, worker: &Worker) -> Recorder {
        let organisation = &self.organisations[worker.organisation];
        Recorder {
            person: Some(worker.id.clone()),
            client: None,
            name: worker.name.full(),
            role: Some(worker.role),
            organisation: organisation.id.clone(),
            organisation_name: organisation.name.clone(),
        }
    }

    /// A worker as professional in a plan.
    pub fn professional(&self, worker: &Worker, key: u32) -> Professional {
        let (code, display) = worker.role.uzi_role();
        Professional {
            key: ProfessionalKey(key),
            name: worker.name.clone(),
            agb: Some(worker.agb.clone()),
            uzi: None,
            big: None,
            specialty: vec![Coding::new(domain::code::system::UZI_ROLE, code, display)],
            organisation: Some(self.organisations[worker.organisation].name.clone()),
            identifiers: Vec::new(),
            role_identifiers: Vec::new(),
            person: Some(worker.id.clone()),
            changed_in: 0,
        }
    }
}

fn agb(group: usize, i: usize) -> Agb {
    let text = format!("{group:02}9{:05}", 90_000 + i);
    Agb::parse(&text).unwrap_or_else(|_| unreachable!("eight digits"))
}
