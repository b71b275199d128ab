//! What happened to a few patients with a plan (E1, E4; decision 22), and one whose plan was confirmed.

use super::Teller;
use crate::demo::region::Worker;
use domain::access::Action;
use domain::code::Place;
use domain::happening::{Death, GoesOn, Happening, How, Move};
use domain::path::What;
use domain::patient::Living;
use domain::plan::confirm::{Confirmed, confirm};
use domain::plan::{Attendance, NextVersion, VersionKind};
use domain::role::Role;
use domain::signal::Condition;
use store::Error;
use store::plans::WriteVersion;

fn happened(happening: Happening) -> What {
    What::Happened(Box::new(happening))
}

fn moved(how: How, to: Living, from: Living, name: Option<&str>, words: &str) -> What {
    happened(Happening::Moved(Move {
        how,
        to,
        from: Some(from),
        name: name.map(str::to_owned),
        words: Some(words.to_owned()),
    }))
}

/// Tells what happened to somebody of this kind.
pub(super) async fn tell(teller: &Teller<'_>, nurse: &Worker, kind: u32) -> Result<(), Error> {
    let doctor = teller.region.worker(Role::Gp, teller.life.team[0]);
    match kind {
        16 => {
            let hospital = Some("Streekziekenhuis Weidedorp");
            let fell = "Gebroken heup na een val in de keuken.";
            teller.write(nurse, 9, moved(How::Admitted, Living::Hospital, Living::Home, hospital, fell)).await?;
            let home = "Loopt met een rek; de fysiotherapeut komt aan huis.";
            teller.write(nurse, 4, moved(How::Discharged, Living::Home, Living::Hospital, None, home)).await
        }
        24 => {
            let course = GoesOn {
                what: "Bloedtransfusies".to_owned(),
                goal: "minder moe, zodat bezoek weer kan".to_owned(),
                until: Some(teller.day(3)),
                instead_of: None,
            };
            teller.write(doctor, 60, happened(Happening::GoesOn(course))).await
        }
        28 => confirmed(teller, doctor).await,
        32 => {
            let words = Some("Vergeet afspraken; de uitslag van de geheugenpoli is besproken.".to_owned());
            teller.write(doctor, 15, happened(Happening::Diagnosis { condition: Condition::Dementia, words })).await
        }
        _ => {
            let plan = teller.life.versions.last().map(|v| &v.content);
            let death = Death {
                place: Place::Hospital,
                wished: plan.and_then(|c| c.place_of_death.value()).map(|p| p.place),
                admitted_on: Some(teller.day(24)),
                words: Some("Met de familie erbij.".to_owned()),
            };
            let sudden = "Plotseling benauwd, in de nacht.";
            teller.write(nurse, 24, moved(How::Admitted, Living::Hospital, Living::Home, None, sudden)).await?;
            teller.write(doctor, 20, happened(Happening::Died(death))).await?;
            let words = "Met de kinderen; zij waren graag eerder gebeld.".to_owned();
            teller.write(nurse, 6, happened(Happening::Aftercare { words })).await
        }
    }
}

async fn confirmed(teller: &Teller<'_>, doctor: &Worker) -> Result<(), Error> {
    let Some(leave) = teller.leave(doctor, Action::ConfirmPlan) else { return Ok(()) };
    let day = teller.day(12);
    let at = super::morning(day);
    let record = teller.store.read(&leave, at, "confirm").await?.ok_or(Error::NoPatient)?;
    let Some(plan) = &record.plan else { return Ok(()) };
    let what = Confirmed { with: Attendance { patient: true, people: Vec::new() }, on: day, words: None };
    let next = NextVersion {
        kind: VersionKind::Confirmed,
        recorder: teller.region.recorder(doctor),
        reason: Some("Alles is nog zoals het was.".to_owned()),
        input: confirm(plan, &what, &teller.region.professional(doctor, 1), at),
        kept_beside: Vec::new(),
    };
    let (version, _) = next.after(Some(plan), at);
    let write = WriteVersion::of(version.number - 1, &version);
    teller.store.write_version(&leave, write, at).await.map(|_| ())
}
