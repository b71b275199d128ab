//! A wide region (`--practices`): up to forty practices and what is around them, over three years. What is told of the first
//! patients stays as it is in the small region; those who come after them live here, each in a practice that began sooner or
//! later, asks more or fewer people, and waits longer or shorter. As in real data, some of it is wrong.

mod course;
mod steer;

pub use course::{after, life};
pub use steer::tell as steer;

use super::names::{FAMILIES, MEN, WOMEN};
use super::region::House;
use domain::organisation::OrganisationKind;
use domain::people::Name;
use domain::role::Role;

/// From this patient on they live in the wide region.
pub const FROM: u32 = super::TOLD;
/// The practices of the small region.
pub const FEWEST: u32 = 3;
/// More practices have no name here.
pub const MOST: u32 = 40;
/// Patients for each practice, where nobody says how many.
pub const EACH: u32 = 150;

/// The three years are this many days.
pub const DAYS: i32 = 3 * 365;

/// How a practice goes about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    /// Days after the beginning of the three years at which it began.
    pub begins: i32,
    /// Of a hundred people with a signal, how many have a conversation.
    pub zeal: i32,
    /// Days from signal to conversation, more or less.
    pub waits: i32,
    /// How large it is beside the others.
    pub size: u32,
    /// Of a hundred reviews, how many are in time.
    pub reviews: i32,
    /// Of a hundred plans, how many are ticked as recorded in its own system too.
    pub ticks: i32,
    /// Are reasons written down with limits?
    pub gives_reasons: bool,
}

/// The practice that does best, and the one that lags behind: both fall outside the funnel.
const BEST: usize = 4;
const LAST: usize = 9;
/// A practice that hardly has anybody.
const TINY: usize = 13;
/// A practice that never writes down a reason.
const SILENT: usize = 17;

/// How the n-th practice goes about it; a region has the same ones whatever the seed.
pub fn manner(practice: usize) -> Manner {
    let turn = |of: i32, by: usize| i32::try_from(practice * by % 97).unwrap_or(0) % of;
    let usual = Manner {
        begins: [0, 0, 150, 300, 600][practice % 5],
        zeal: 62 + turn(11, 31),
        waits: 14 + turn(30, 17),
        size: 10 + u32::try_from(practice * 13 % 17).unwrap_or(0),
        reviews: 35 + turn(45, 41),
        ticks: 20 + turn(70, 59),
        gives_reasons: practice != SILENT,
    };
    match practice {
        BEST => Manner { begins: 0, zeal: 89, waits: 9, size: 30, reviews: 92, ticks: 95, ..usual },
        LAST => Manner { begins: 500, zeal: 24, waits: 70, size: 24, reviews: 12, ticks: 5, ..usual },
        TINY => Manner { begins: 850, size: 1, ..usual },
        _ => usual,
    }
}

/// Towns, with the first digits of their postcodes.
const TOWNS: [(&str, u32); 10] = [
    ("Overveld", 7321),
    ("Weidedorp", 7205),
    ("Zandhoven", 7411),
    ("Beekbergen-Oost", 7362),
    ("Heikant", 7214),
    ("Oud-Rijsveen", 7345),
    ("Elsbroek", 7391),
    ("Waterloo-Noord", 7227),
    ("Kromme Aa", 7416),
    ("Sint Annaveld", 7378),
];

/// The town of the n-th practice.
pub fn town(practice: usize) -> (&'static str, u32) {
    TOWNS[practice % TOWNS.len()]
}

const PRACTICES: [&str; (MOST - FEWEST) as usize] = [
    "Huisartsenpraktijk Van Houten en De Rooij",
    "Huisartsen Marktplein",
    "Medisch Centrum De Wending",
    "Huisartsenpraktijk Aan de Brink",
    "Praktijk Elsbroek",
    "Huisartsenpraktijk Bouchra Haddou",
    "Gezondheidscentrum De Vier Linden",
    "Huisartsen Kromme Aa",
    "Huisartsenpraktijk 't Veerhuis",
    "Praktijk Postma",
    "Huisartsenpraktijk Zonnestraal",
    "Gezondheidscentrum Oud-Rijsveen",
    "Huisartsenpraktijk De Tol",
    "Huisartsen aan de Kade",
    "Praktijk Van Wijngaarden",
    "Huisartsenpraktijk Sint Annaveld",
    "Medisch Centrum Heikant",
    "Huisartsenpraktijk Het Baken",
    "Praktijk Kolkman en Aydın",
    "Huisartsen Noorderpoort",
    "Huisartsenpraktijk De Esdoorn",
    "Gezondheidscentrum Waterloo-Noord",
    "Praktijk Tjeerdsma",
    "Huisartsenpraktijk Bij de Sluis",
    "Huisartsen Kastanjehof",
    "Huisartsenpraktijk De Hoeksteen",
    "Praktijk Ramdharie",
    "Huisartsenpraktijk Weidezicht",
    "Gezondheidscentrum De Schakel",
    "Huisartsen Vlinderbos",
    "Praktijk Oude Dijk",
    "Huisartsenpraktijk Smeets en Terpstra",
    "Huisartsenpraktijk De Notenboom",
    "Medisch Centrum Spoorzicht",
    "Praktijk De Korenbloem",
    "Huisartsen Hertenkamp",
    "Huisartsenpraktijk Rivierenwijk",
];

const OTHERS: [(&str, OrganisationKind); 12] = [
    ("Thuiszorg De Linie", OrganisationKind::HomeCare),
    ("Buurtteam Heikant", OrganisationKind::HomeCare),
    ("Zorg aan Huis Elsbroek", OrganisationKind::HomeCare),
    ("Wijkverpleging Kromme Aa", OrganisationKind::HomeCare),
    ("Verpleeghuis De Beukelaar", OrganisationKind::NursingHome),
    ("Woonzorgcentrum Annahof", OrganisationKind::NursingHome),
    ("Verpleeghuis Waterzicht", OrganisationKind::NursingHome),
    ("Hospice De Overkant", OrganisationKind::Hospice),
    ("Hospice Annaveld", OrganisationKind::Hospice),
    ("Ziekenhuis Rijsveen", OrganisationKind::Hospital),
    ("Huisartsenpost Rijsveen", OrganisationKind::OutOfHours),
    ("Behandelcentrum Overveld", OrganisationKind::Other),
];

/// Their code never came.
const NO_AGB: [&str; 2] = ["Gezondheidscentrum Oud-Rijsveen", "Buurtteam Heikant"];

/// What comes to the small region, so that it has this many practices.
pub fn houses(practices: u32) -> Vec<House> {
    let more = practices.clamp(FEWEST, MOST) - FEWEST;
    if more == 0 {
        return Vec::new();
    }
    let named = PRACTICES.iter().take(more as usize).map(|name| (*name, OrganisationKind::GpPractice));
    let house = |(i, (name, kind)): (usize, (&'static str, OrganisationKind))| House {
        name,
        kind,
        city: town(i + FEWEST as usize).0,
        has_agb: !NO_AGB.contains(&name),
    };
    named.chain(OTHERS).enumerate().map(house).collect()
}

/// Who works there: a doctor and a practice nurse in each practice, and somebody who converses elsewhere.
pub fn people(houses: &[House], first: usize) -> Vec<(Role, Name, usize)> {
    let mut all = Vec::new();
    for (i, house) in houses.iter().enumerate() {
        let roles: &[Role] = match house.kind {
            OrganisationKind::GpPractice => &[Role::Gp, Role::PracticeNurse],
            OrganisationKind::HomeCare => &[Role::DistrictNurse],
            OrganisationKind::NursingHome => &[Role::ElderlyCarePhysician],
            OrganisationKind::Hospice => &[Role::PalliativeNurse],
            OrganisationKind::Hospital => &[Role::HospitalPhysician],
            OrganisationKind::OutOfHours => &[Role::OutOfHours],
            OrganisationKind::Region | OrganisationKind::Other => &[],
        };
        for (j, role) in roles.iter().enumerate() {
            let n = i * 2 + j;
            let given = if n.is_multiple_of(3) { MEN[n * 7 % MEN.len()] } else { WOMEN[n * 11 % WOMEN.len()] };
            let (prefix, family) = FAMILIES[(n * 17 + 5) % FAMILIES.len()];
            all.push((*role, Name::of(given, prefix, family), first + i));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::life::tell;
    use crate::demo::region::Region;
    use std::collections::BTreeSet;

    #[test]
    fn forty_practices_have_a_name_and_two_people_each() {
        let region = Region::make(&mut fastrand::Rng::with_seed(1), MOST);
        assert_eq!(region.practices.len(), 40);
        let names: BTreeSet<_> = region.organisations.iter().map(|o| &o.name).collect();
        assert_eq!(names.len(), region.organisations.len());
        for at in &region.practices[3..] {
            let of = |role| region.people.iter().any(|p| p.organisation == *at && p.role == role);
            assert!(of(Role::Gp) && of(Role::PracticeNurse), "{}", region.organisations[*at].name);
        }
        let users: BTreeSet<_> = region.people.iter().map(|p| &p.username).collect();
        assert_eq!(users.len(), region.people.len());
        assert!(!Region::make(&mut fastrand::Rng::with_seed(1), FEWEST).is_wide);
    }

    #[test]
    fn the_same_seed_tells_the_same_life_and_nothing_of_tomorrow() {
        let region = Region::make(&mut fastrand::Rng::with_seed(1), MOST);
        let today = "2026-11-23".parse().unwrap();
        for n in FROM..FROM + 600 {
            let (a, b) = (tell(&region, 1, n, today), tell(&region, 1, n, today));
            assert_eq!((&a.id, &a.patient, &a.versions), (&b.id, &b.patient, &b.versions));
            assert!(a.happened.iter().all(|h| h.what[0].0 <= today), "{n}");
            let talks =
                a.versions.iter().filter_map(|v| v.content.conversations.iter().map(|c| c.date().first_day()).max());
            let talks: Vec<_> = talks.collect();
            assert!(talks.iter().all(|day| *day <= today) && talks.is_sorted(), "{n}: {talks:?}");
            assert!(a.happened.is_sorted_by_key(|h| h.at), "{n}");
        }
    }
}
