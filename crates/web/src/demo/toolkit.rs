//! The toolkit of the synthetic region: what the first practice has of its own, and what a few patients were given.

use super::path::morning;
use super::record::sheet;
use super::region::{Region, place};
use crate::app::program;
use domain::access::{Action, Actor, Relation, Who, permit};
use domain::ident::{MaterialId, PatientId};
use domain::path::What;
use domain::role::Role;
use domain::talk::{GivenHow, GivenTo, MaterialGiven, Talk};
use domain::toolkit::{Audience, LIBRARY, Language, Own, Place, Topic};
use jiff::ToSpan;
use jiff::civil::Date;
use store::{Error, Store};

/// What the practice has of its own: its policy about resuscitation as a file, and its page for patients.
///
/// # Errors
/// Where the store fails.
pub async fn own(store: &Store, region: &Region, seed: u64, today: Date) -> Result<(), Error> {
    let mut dice = fastrand::Rng::with_seed(seed ^ 0x7400_1c17);
    let practice = region.organisations[place::PRACTICES[0]].id.clone();
    let by = program(practice.clone());
    let policy = Own {
        organisation: practice.clone(),
        title: "Reanimatiebeleid van de praktijk".to_owned(),
        publisher: None,
        place: Place::File("application/pdf".to_owned()),
        audience: vec![Audience::Professional],
        topic: Topic::Organise,
        languages: vec![Language::Dutch],
        region: None,
        ended_on: None,
    };
    let folder = Own {
        title: "Folder: praten over later, zo doen wij dat".to_owned(),
        audience: vec![Audience::Patient, Audience::Relative],
        topic: Topic::Prepare,
        ..policy.clone()
    };
    for (own, says) in [(policy, "Reanimatiebeleid"), (folder, "Praten over later")] {
        let id = MaterialId::from_bits(dice.u128(..));
        store.write_material(&by, &id, &own, Some(&sheet(says)), 0, morning(today)).await?;
    }
    Ok(())
}

/// A patient who was given two things by the practice, some weeks ago.
///
/// # Errors
/// Where the store fails.
pub async fn given(store: &Store, region: &Region, id: &PatientId, today: Date) -> Result<(), Error> {
    let nurse = region.worker(Role::PracticeNurse, place::PRACTICES[0]);
    let actor = Actor {
        who: Who::Person(nurse.id.clone()),
        name: nurse.name.full(),
        role: Some(nurse.role),
        ..program(region.organisations[nurse.organisation].id.clone())
    };
    let team = Relation { team: true, ..Relation::default() };
    let Ok(leave) = permit(&actor, Action::FollowUp, id, team) else { return Ok(()) };
    let day = today.checked_sub(24.days()).unwrap_or(today);
    let one = |key: &str, how, words: Option<&str>| {
        let listed = LIBRARY.iter().find(|l| l.key == key)?;
        let given = MaterialGiven {
            key: listed.key.to_owned(),
            title: listed.title.to_owned(),
            publisher: listed.publisher.to_owned(),
            address: listed.address.map(str::to_owned),
            language: listed.languages[0],
            to: GivenTo::Both,
            how,
            words: words.map(str::to_owned),
        };
        Some((day, What::Talk(Talk::Given(given))))
    };
    let both = [
        one("thuisarts-levenseinde", GivenHow::Told, None),
        one("notitieboekje", GivenHow::Explained, Some("Neemt het de volgende keer ingevuld mee.")),
    ];
    let both: Vec<_> = both.into_iter().flatten().collect();
    store.add_steps(&leave, &both, None, &region.recorder(nurse), morning(day)).await.map(|_| ())
}
