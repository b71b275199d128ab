//! What became of one person in the wide region: when somebody noticed that it was time, when there was a conversation, and
//! what came after.

use super::{DAYS, Manner, manner, town};
use crate::demo::claims::{Said, claimed, converser, report};
use crate::demo::glass::{actor, may};
use crate::demo::life::{Around, Life, Noted, Teller, afternoon, bsn};
use crate::demo::path::morning;
use crate::demo::region::{Region, place};
use crate::demo::scenario::SCENARIOS;
use domain::access::{Action, Sharing};
use domain::code::Place;
use domain::date::FhirDateTime;
use domain::happening::{Capable, Death, Happening, How, Move};
use domain::ident::{PatientId, Postcode};
use domain::onward::{Event, System};
use domain::organisation::OrganisationKind;
use domain::path::{End, What};
use domain::patient::Living;
use domain::role::Role;
use domain::signal::{Condition, Material, Openness, Reason, Signal};
use domain::talk::Talk;
use jiff::ToSpan;
use jiff::civil::Date;
use store::{Error, Store};

/// Of a hundred people of whom it is noticed in January, so many are noticed in each month.
const SEASON: [i32; 12] = [100, 92, 85, 70, 62, 50, 26, 24, 74, 95, 100, 80];
/// Conversations longer ago than this have no report.
const REPORTED: i32 = 400;
/// No plan has more versions.
const MOST_TALKS: usize = 4;

/// The kinds of lives by their place among the scenarios: why somebody thought of them, and what they have.
const KINDS: [(&[Reason], Option<Condition>); 5] = [
    (&[Reason::Hospital, Reason::Incurable], Some(Condition::Heart)),
    (&[Reason::Dementia, Reason::Seventy], Some(Condition::Dementia)),
    (&[Reason::Palliative, Reason::WithinYear], Some(Condition::Cancer)),
    (&[Reason::Frail, Reason::MoreFrail, Reason::Seventy], None),
    (&[Reason::Worse, Reason::Incurable], Some(Condition::Lung)),
];

/// When what happened. Nothing of it lies after today.
struct Course {
    /// Somebody noticed that it was time.
    noticed: Date,
    /// A signal was written down; else a conversation began by itself.
    signalled: bool,
    talks: Vec<Date>,
    nursing_home: Option<Date>,
    hospital: Option<Date>,
    died: Option<Date>,
}

fn plus(day: Date, days: i32) -> Date {
    day.saturating_add(days.days())
}

fn days(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

/// A day on which somebody is noticed: more of them in autumn and winter.
fn noticed(dice: &mut fastrand::Rng, today: Date) -> Date {
    loop {
        let day = plus(today, -dice.i32(3..DAYS));
        let month = usize::try_from(day.month() - 1).unwrap_or(0);
        if dice.i32(0..100) < SEASON[month] {
            return day;
        }
    }
}

/// In July and August half of what was planned waits until people are back.
fn planned(dice: &mut fastrand::Rng, day: Date) -> Date {
    if matches!(day.month(), 7 | 8) && dice.bool() { plus(day, 38) } else { day }
}

impl Course {
    fn of(dice: &mut fastrand::Rng, manner: Manner, incapable: bool, n: u32, today: Date) -> Self {
        let noticed = noticed(dice, today);
        let before = days(plus(today, -DAYS), noticed) < manner.begins;
        let zeal = if before { manner.zeal / 6 } else { manner.zeal };
        let signalled = dice.u8(..5) > 0;
        let died = (dice.i32(0..100) < 17).then(|| plus(noticed, 15 + dice.i32(0..800))).filter(|day| *day <= today);
        let wait = if signalled { manner.waits / 2 + dice.i32(0..=manner.waits * 3 / 2) } else { 0 };
        let first = plus(noticed, wait);
        let first = planned(dice, first);
        let talked = dice.i32(0..100) < zeal && first <= today;
        // A mistake: the day of death was typed wrong, and lies before the conversation.
        let mistyped = n % 97 == 1 && talked;
        let died = if mistyped { Some(plus(first, -12)) } else { died };
        let talked = talked && (mistyped || died.is_none_or(|day| first < day));
        let end = if mistyped { first } else { died.unwrap_or(today) };
        let mut talks = Vec::from_iter(talked.then_some(first));
        while let Some(last) = talks.last().copied().filter(|_| talks.len() < MOST_TALKS) {
            let in_time = dice.i32(0..100) < manner.reviews;
            let gap = if in_time { 145 + dice.i32(0..35) } else { 200 + dice.i32(0..220) };
            let next = planned(dice, plus(last, gap));
            if next >= end || dice.u8(..7) == 0 {
                break;
            }
            talks.push(next);
        }
        let within = |day: Date| Some(day).filter(|day| *day < end);
        let nursing_home =
            if incapable && dice.i32(0..100) < 45 { within(plus(noticed, 40 + dice.i32(0..500))) } else { None };
        let hospital = match (died, dice.u8(..6)) {
            (Some(day), 0..=1) => within(plus(day, -3 - dice.i32(0..40)).max(noticed)),
            (None, 0) => talks.first().and_then(|first| within(plus(*first, 15 + dice.i32(0..400)))),
            _ => None,
        };
        Self { noticed, signalled, talks, nursing_home, hospital, died }
    }
}

/// Which practice, larger ones more often.
fn practice(dice: &mut fastrand::Rng, practices: usize) -> usize {
    let all: u32 = (0..practices).map(|p| manner(p).size).sum();
    let mut thrown = dice.u32(..all);
    for p in 0..practices {
        let size = manner(p).size;
        if thrown < size {
            return p;
        }
        thrown -= size;
    }
    0
}

/// The n-th life, of one of those who come after the small region's.
pub fn life(mut teller: Teller<'_>, seed: u64, n: u32) -> Life {
    let (region, today) = (teller.region, teller.today);
    let number = practice(&mut teller.dice, region.practices.len());
    let manner = manner(number);
    let kind = teller.dice.usize(..SCENARIOS.len());
    let scenario = SCENARIOS[kind];
    let id = PatientId::from_bits(teller.dice.u128(..));
    let at = region.practices[number];
    let home_care = *teller.pick(&region.of_kind(OrganisationKind::HomeCare));
    let home = *teller.pick(&region.of_kind(OrganisationKind::NursingHome));
    let course = Course::of(&mut teller.dice, manner, !scenario.capable.0, n, today);
    let mut patient = teller.patient(n, scenario, Living::Home, at);
    let (city, digits) = town(number);
    if let Some(address) = &mut patient.address {
        let letters = address.postcode.as_ref().map(|p| p.as_str().chars().skip(4).collect::<String>());
        address.postcode = Postcode::parse(&format!("{digits}{}", letters.unwrap_or_default())).ok();
        address.city = Some(city.to_owned());
    }
    match n % 211 {
        // A mistake: born in the wrong century.
        5 => {
            let born = patient.birth_date.first_day();
            patient.birth_date = FhirDateTime::of_day(born.saturating_sub(100.years()));
        }
        // A mistake: the one before, registered a second time under another number.
        7 => {
            let twice = crate::demo::life::tell(region, seed, n - 1, today).patient;
            patient = domain::patient::Patient { bsn: bsn(n), ..twice };
        }
        _ => {}
    }
    let mut team = vec![at, home_care, place::PROVIDER];
    team.extend(course.nursing_home.map(|_| home));
    team.extend(course.hospital.map(|_| place::HOSPITAL));
    let sharing = match n % 5 {
        0..=2 => Sharing::Agreed,
        3 => Sharing::Unknown,
        _ => Sharing::Refused,
    };
    // Whoever moved there has the doctor of the house from the second conversation on.
    let moved = course.nursing_home.filter(|day| course.talks.get(1).is_some_and(|second| second >= day));
    let around = Around { practice: at, home_care, nursing_home: moved.map(|_| home) };
    teller.held.clone_from(&course.talks);
    teller.gives_reasons = manner.gives_reasons;
    // Of ten plans three leave the last two limits for another time, and one is hardly begun.
    teller.open = [0, 2, 0, 0, 5, 0, 2, 0, 0, 2][n as usize % 10];
    let versions = teller.versions(n, scenario, course.talks.len(), &patient, sharing, around);
    let lead = if moved.is_some() { (Role::ElderlyCarePhysician, home) } else { (Role::Gp, at) };
    let wished = versions.last().and_then(|v| v.content.place_of_death.value()).map(|p| p.place);
    let mut notes = Notes { region, today, all: Vec::new() };
    notes.beginning(&mut teller.dice, &course, kind, at, home_care);
    notes.later(&mut teller.dice, &course, at, wished);
    notes.kept(&mut teller.dice, &course, manner, at, n);
    let mut happened = notes.all;
    happened.sort_by_key(|noted| noted.at);
    let known_since = afternoon(plus(course.noticed, -30));
    Life { id, patient, team, sharing, lead: (n % 7 != 6).then_some(lead), known_since, versions, happened }
}

/// What was noted down, in no order yet.
struct Notes<'a> {
    region: &'a Region,
    today: Date,
    all: Vec<Noted>,
}

fn happened(what: Happening) -> What {
    What::Happened(Box::new(what))
}

fn moved(how: How, to: Living, from: Living) -> What {
    happened(Happening::Moved(Move { how, to, from: Some(from), name: None, words: None }))
}

impl Notes<'_> {
    /// Somebody of this role at an organisation; a place without one has its doctor.
    fn by(&self, role: Role, at: usize) -> usize {
        let of = |role| self.region.people.iter().position(|p| p.role == role && p.organisation == at);
        of(role).or_else(|| of(Role::Gp)).unwrap_or(0)
    }

    fn note(&mut self, by: usize, action: Action, day: Date, what: What) {
        let day = day.min(self.today);
        self.all.push(Noted { by, action, at: morning(day), what: [(day, what)] });
    }

    /// How it began.
    fn beginning(&mut self, dice: &mut fastrand::Rng, course: &Course, kind: usize, at: usize, home_care: usize) {
        let (reasons, condition) = KINDS[kind % KINDS.len()];
        let by =
            if dice.u8(..3) == 0 { self.by(Role::PracticeNurse, at) } else { self.by(Role::DistrictNurse, home_care) };
        let noticed_on = course.noticed;
        if course.signalled {
            let signal = Signal {
                noticed_on,
                reasons: reasons.to_vec(),
                findings: Vec::new(),
                words: None,
                thought: None,
                talks_with: None,
            };
            self.note(by, Action::FollowUp, noticed_on, What::Signal(signal));
        }
        let doctor = self.by(Role::Gp, at);
        if let Some(condition) = condition.filter(|_| course.signalled && dice.u8(..3) > 0) {
            let diagnosis = Happening::Diagnosis { condition, words: None };
            self.note(doctor, Action::FollowUp, noticed_on, happened(diagnosis));
        }
        if course.talks.is_empty() && course.signalled && course.died.is_none() && dice.u8(..4) == 0 {
            let asked = if dice.bool() {
                let ask_again_on = plus(noticed_on, 120);
                Openness::NotNow { ask_again_on, material: Material::Given }
            } else {
                Openness::No { reason: "Wil het er niet over hebben; ziet wel wat er komt.".to_owned() }
            };
            self.note(doctor, Action::FollowUp, plus(noticed_on, 8), What::Asked(asked));
        } else if course.talks.is_empty() && course.died.is_none() && dice.u8(..40) == 0 {
            let words = Some("Verhuisd naar familie in een andere regio.".to_owned());
            self.note(by, Action::FollowUp, plus(noticed_on, 25), What::Ended { why: End::Moved, words });
        }
    }

    /// Where they went, and whether they died.
    fn later(&mut self, dice: &mut fastrand::Rng, course: &Course, at: usize, wished: Option<Place>) {
        let doctor = self.by(Role::Gp, at);
        let end = course.died.unwrap_or(self.today);
        let incapable = plus(course.noticed, 60 + dice.i32(0..500));
        if dice.u8(..22) == 0 && incapable < end {
            let capacity = Happening::Capacity { now: Capable::No, words: None };
            self.note(doctor, Action::FollowUp, incapable, happened(capacity));
        }
        if let Some(day) = course.nursing_home {
            let to = moved(How::Admitted, Living::NursingHome, Living::Home);
            self.note(doctor, Action::FollowUp, day, to);
        }
        if let Some(day) = course.hospital {
            self.note(doctor, Action::FollowUp, day, moved(How::Admitted, Living::Hospital, Living::Home));
            let back = plus(day, 6);
            if back < end {
                let living = if course.nursing_home.is_some_and(|moved| moved <= back) {
                    Living::NursingHome
                } else {
                    Living::Home
                };
                self.note(doctor, Action::FollowUp, back, moved(How::Discharged, living, Living::Hospital));
            }
        }
        let Some(day) = course.died else { return };
        let in_hospital = course.hospital.is_some_and(|admitted| days(admitted, day) < 6);
        let place = match dice.u8(..12) {
            // It was never written down where.
            0 => Place::Unknown,
            _ if in_hospital => Place::Hospital,
            _ if course.nursing_home.is_some_and(|moved| moved <= day) => Place::NursingHome,
            1..=2 => Place::Hospital,
            3 => Place::Hospice,
            _ => wished.filter(|w| *w != Place::Unknown).unwrap_or(Place::Home),
        };
        let admitted_on = course.hospital.filter(|admitted| *admitted <= day);
        let death = Death { place, wished, admitted_on, words: None };
        self.note(doctor, Action::CorrectPatient, day, happened(Happening::Died(death)));
    }

    /// What was kept of the last conversation: a report, and a tick that it stands in the practice's own system too.
    fn kept(&mut self, dice: &mut fastrand::Rng, course: &Course, manner: Manner, at: usize, n: u32) {
        let Some(last) = course.talks.last().copied() else { return };
        // Of who is said to be dead already nothing more is written.
        if course.died.is_some_and(|died| died <= last) {
            return;
        }
        if last >= plus(self.today, -REPORTED) {
            let by = converser(self.region, at, n);
            let place = self.by(by.role, at);
            self.note(place, Action::Converse, last, What::Talk(Talk::Held(report(by, n))));
        }
        let ticked = plus(last, 1 + dice.i32(0..12));
        if dice.i32(0..100) < manner.ticks && ticked <= course.died.unwrap_or(self.today) {
            let version = u32::try_from(course.talks.len()).unwrap_or(1);
            let event = Event::Recorded { system: System::His, words: None, version };
            let doctor = self.by(Role::Gp, at);
            self.note(doctor, Action::FollowUp, ticked, What::Onward(Box::new(event)));
        }
    }
}

/// What is told of a life once it is written: the conversations that were claimed, and plans that were read in an emergency.
///
/// # Errors
/// Where the store fails.
pub async fn after(store: &Store, region: &Region, life: &Life, n: u32, today: Date) -> Result<(), Error> {
    for (step, noted) in (1..).zip(&life.happened) {
        let (day, what) = &noted.what[0];
        match what {
            What::Talk(Talk::Held(report)) => {
                let by = &region.people[noted.by];
                let said = Said { by, day: *day, step, minutes: report.minutes };
                claimed(store, region, life, n, said, today).await?;
            }
            What::Happened(what) if n.is_multiple_of(2) && !life.versions.is_empty() => {
                if let Happening::Moved(Move { how: How::Admitted, to: Living::Hospital, .. }) = &**what {
                    let post = actor(region, region.worker(Role::OutOfHours, place::OUT_OF_HOURS));
                    let at = morning(*day);
                    if let Some(look) = may(store, &post, Action::ReadEmergency, life, at).await? {
                        store.read(&look, at, "emergency view").await?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}
