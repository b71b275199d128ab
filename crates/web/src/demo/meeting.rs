//! Two meetings of the synthetic region: a PaTz group that was held a week ago, with what it decided and what came of it, and
//! an MDO that is to come.

use super::life::Life;
use super::path::morning;
use super::region::{Region, Worker, place};
use crate::app::program;
use domain::access::{Action, Actor, Permit, Relation, Who, permit};
use domain::ident::{MeetingId, PatientId};
use domain::meeting::{Agreed, Attendee, Decision, Discussed, Event, Kind, Meeting, Outcome};
use domain::role::Role;
use domain::talk::AskedOf;
use domain::task::{Deed, Kind as TaskKind};
use jiff::ToSpan;
use jiff::civil::{Date, time};
use store::{Error, Store};

/// Whom the meetings speak of, at most.
const SPOKEN_OF: usize = 4;
/// The practice and the home care that meet.
const PRACTICE: usize = place::PRACTICES[0];
const HOME_CARE: usize = place::HOME_CARE[0];

/// Patients whom both organisations know, as they come by.
#[derive(Default)]
pub struct Known(Vec<PatientId>);

impl Known {
    /// Remembers those whom the meetings may speak of.
    pub fn see(&mut self, lives: &[Life]) {
        let both = |l: &&Life| [PRACTICE, HOME_CARE].iter().all(|place| l.team.contains(place));
        let alive = lives.iter().filter(both).filter(|l| l.patient.died_on.is_none());
        self.0.extend(alive.map(|l| l.id.clone()));
    }
}

struct Teller<'a> {
    store: &'a Store,
    region: &'a Region,
    today: Date,
    dice: fastrand::Rng,
}

/// Tells both.
///
/// # Errors
/// Where the store fails.
pub async fn tell(store: &Store, region: &Region, known: &Known, seed: u64, today: Date) -> Result<(), Error> {
    // The last ones: what is told of the first stays as it is.
    let some = (known.0.len() / 2).min(SPOKEN_OF);
    let patients = &known.0[known.0.len() - some..];
    let mut teller = Teller { store, region, today, dice: fastrand::Rng::with_seed(seed ^ 0x4d44_4f00) };
    teller.held(patients).await?;
    teller.coming(patients).await
}

impl Teller<'_> {
    fn day(&self, days_ago: i32) -> Date {
        self.today.checked_sub(days_ago.days()).unwrap_or(self.today)
    }

    fn worker(&self, role: Role, place: usize) -> &Worker {
        self.region.worker(role, place)
    }

    fn words(&self, worker: &Worker) -> String {
        let organisation = &self.region.organisations[worker.organisation].name;
        format!("{}, {} ({organisation})", worker.name.full(), worker.role.dutch())
    }

    fn actor(&self, worker: &Worker) -> Actor {
        Actor {
            who: Who::Person(worker.id.clone()),
            name: worker.name.full(),
            role: Some(worker.role),
            ..program(self.region.organisations[worker.organisation].id.clone())
        }
    }

    fn leave(&self, worker: &Worker, action: Action, id: &PatientId) -> Option<Permit> {
        let team = Relation { team: true, ..Relation::default() };
        permit(&self.actor(worker), action, id, team).ok()
    }

    async fn call(&mut self, kind: Kind, on: Date, patients: &[PatientId]) -> Result<(MeetingId, Meeting), Error> {
        let id = MeetingId::from_bits(self.dice.u128(..));
        let gp = self.worker(Role::Gp, PRACTICE);
        let there = [
            gp,
            self.worker(Role::PracticeNurse, PRACTICE),
            self.worker(Role::DistrictNurse, HOME_CARE),
            self.worker(Role::PalliativeNurse, HOME_CARE),
        ];
        let meeting = Meeting {
            kind,
            organisation: self.region.organisations[PRACTICE].id.clone(),
            on,
            at: Some(time(12, 30, 0, 0)),
            place: Some("De Linde, vergaderkamer".to_owned()),
            chair: Some(format!("{}, {}", gp.name.full(), gp.role.dutch())),
            with: vec![self.region.organisations[HOME_CARE].id.clone()],
            attends: there.iter().map(|w| Attendee { person: Some(w.id.clone()), words: self.words(w) }).collect(),
        };
        let made = morning(self.day(14).min(on));
        self.store.write_meeting(&self.actor(gp), &id, &meeting, 0, made).await?;
        for patient in patients {
            if let Some(leave) = self.leave(gp, Action::FollowUp, patient) {
                self.store.put_on_list(&leave, &id, made).await?;
            }
        }
        Ok((id, meeting))
    }

    fn task(&self, meeting: &MeetingId, worker: &Worker, what: &str, by: Date) -> Event {
        Event::Agreed(Agreed {
            meeting: meeting.clone(),
            who: AskedOf::Team {
                organisation: self.region.organisations[worker.organisation].id.clone(),
                role: worker.role,
                person: Some(worker.id.clone()),
                words: self.words(worker),
            },
            what: what.to_owned(),
            by,
        })
    }

    async fn held(&mut self, patients: &[PatientId]) -> Result<(), Error> {
        let on = self.day(7);
        let (id, meeting) = self.call(Kind::Patz, on, patients).await?;
        let gp = self.worker(Role::Gp, PRACTICE);
        let nurse = self.worker(Role::DistrictNurse, HOME_CARE);
        let said = |decisions: &[Decision], situation: &str, words: &str, lead: Option<&Worker>| {
            Event::Discussed(Discussed {
                meeting: id.clone(),
                kind: meeting.kind,
                knows: vec![self.words(gp), self.words(nurse)],
                situation: Some(situation.to_owned()),
                decisions: decisions.to_vec(),
                words: Some(words.to_owned()),
                lead: lead.map(|w| self.words(w)),
            })
        };
        let palliative = self.worker(Role::PalliativeNurse, HOME_CARE);
        let told = [
            vec![
                said(
                    &[Decision::Converse, Decision::Support],
                    "Komt moe thuis van de behandeling; de partner slaapt slecht.",
                    "Eerst praten over wat er nog toe doet, dan over ziekenhuis en thuis. Noor denkt mee over de klachten.",
                    Some(nurse),
                ),
                self.task(&id, gp, "Belt de specialist over het verdere beloop", self.day(2)),
                self.task(&id, nurse, "Plant een gesprek met de partner erbij", self.day(-3)),
                self.task(
                    &id,
                    palliative,
                    "Gaat een keer mee op huisbezoek, om de klachten te bespreken",
                    self.day(-4),
                ),
            ],
            vec![said(
                &[Decision::Review, Decision::Again],
                "Na de laatste val voorzichtiger, maar redt zich.",
                "De POH kijkt of het plan nog klopt; volgende keer opnieuw bespreken.",
                None,
            )],
            vec![said(&[Decision::Nothing], "Stabiel; iedereen weet van het plan.", "Geen nieuwe afspraken.", None)],
        ];
        for (patient, events) in patients.iter().zip(told) {
            let Some(leave) = self.leave(gp, Action::Converse, patient) else { continue };
            let by = self.region.recorder(gp);
            self.store.decide(&leave, &id, on, &events, 0, &by, morning(on)).await?;
        }
        match patients.first() {
            Some(first) => self.report(gp, first).await,
            None => Ok(()),
        }
    }

    /// What the doctor had to do is done.
    async fn report(&self, gp: &Worker, patient: &PatientId) -> Result<(), Error> {
        let now = morning(self.day(3));
        let (Some(read), Some(leave)) =
            (self.leave(gp, Action::ReadPlan, patient), self.leave(gp, Action::FollowUp, patient))
        else {
            return Ok(());
        };
        let tasks = self.store.path(&read, now).await?.tasks;
        let theirs = |t: &&domain::task::Task| t.kind == TaskKind::Agreed && t.assignee.person.as_ref() == Some(&gp.id);
        let Some(task) = tasks.iter().find(theirs) else { return Ok(()) };
        let deed = Deed::Report {
            outcome: Outcome::Done,
            words: "De specialist verwacht nog enkele goede maanden en belt zelf met de patiënt.".to_owned(),
        };
        let by = self.region.recorder(gp);
        self.store.do_task(&leave, task.number, 0, &deed, &by, now, self.day(3)).await.map(|_| ())
    }

    async fn coming(&mut self, patients: &[PatientId]) -> Result<(), Error> {
        let on = self.day(-5);
        let again: Vec<PatientId> = patients.iter().skip(1).step_by(2).cloned().collect();
        self.call(Kind::Mdo, on, &again).await.map(|_| ())
    }
}
