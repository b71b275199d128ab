//! What the figures need to have something to tell: the signal before the first conversation, sooner answered in one practice
//! than in another; and in a larger demo also who moved, was admitted or died. Real steps of real records, like all else here.

use super::life::Life;
use super::path::Teller;
use super::region::{Region, place};
use super::{meneer_van_dam, mevrouw_x};
use domain::code::Place;
use domain::happening::{Capable, Death, Happening, How, Move};
use domain::path::What;
use domain::patient::Living;
use domain::role::Role;
use domain::signal::{Reason, Signal};
use jiff::ToSpan;
use jiff::civil::Date;
use store::{Error, Store};

/// Of so many patients it is told; each step is a transaction of its own.
pub const TOLD: u32 = 2_000;
/// From this one on they also move, are admitted and die: those before have stories of their own.
const FULL: u32 = 200;

/// How many days a signal waits in each practice, more or less.
const WAITS: [i32; 3] = [16, 34, 52];

fn happened(what: Happening) -> What {
    What::Happened(Box::new(what))
}

/// A number that looks thrown, and is the same each time.
fn dice(n: u32, of: u32) -> i32 {
    i32::try_from((n.wrapping_mul(2_654_435_761) >> 8) % of).unwrap_or(0)
}

fn before(day: Date, days: i32) -> Date {
    day.checked_sub(days.days()).unwrap_or(day)
}

/// Tells it of the n-th patient.
///
/// # Errors
/// Where the store fails.
pub async fn tell(store: &Store, region: &Region, life: &Life, n: u32, today: Date) -> Result<(), Error> {
    let named =
        n == mevrouw_x::N && mevrouw_x::is_told(today) || n == meneer_van_dam::N && meneer_van_dam::is_told(today);
    let first = life.versions.first().and_then(|v| v.content.conversations.first()).map(|c| c.date().first_day());
    // With some a conversation began by itself, without anybody's signal.
    let Some(first) = first.filter(|_| !named && dice(n, 5) > 1) else { return Ok(()) };
    let teller = Teller::new(store, region, life, today);
    let nurse = region.worker(Role::DistrictNurse, place::HOME_CARE[n as usize % 2]);
    let practice = life.team[0] % WAITS.len();
    // In summer things wait longer.
    let summer = if (6..=8).contains(&first.month()) { 14 } else { 0 };
    let noticed = before(first, (WAITS[practice] + summer + dice(n, 40) - 20).max(1));
    let reason = match n % 6 {
        0 => Reason::Dementia,
        1 => Reason::Palliative,
        2 => Reason::WithinYear,
        3 => Reason::Asks,
        _ => Reason::Frail,
    };
    let signal = Signal {
        noticed_on: noticed,
        reasons: vec![reason, Reason::Seventy],
        findings: Vec::new(),
        words: None,
        thought: None,
        talks_with: None,
    };
    teller.write_on(nurse, noticed, What::Signal(signal)).await?;
    if n < FULL { Ok(()) } else { later(&teller, n, first).await }
}

/// What came after the first conversation, or just before it.
async fn later(teller: &Teller<'_>, n: u32, first: Date) -> Result<(), Error> {
    let (life, today) = (teller.life, teller.today);
    let doctor = teller.region.worker(Role::Gp, life.team[0]);
    let moved = |how, to, from| happened(Happening::Moved(Move { how, to, from: Some(from), name: None, words: None }));
    if life.patient.living == Some(Living::NursingHome) {
        // One in four came there before anybody had talked with them.
        let on = if n.is_multiple_of(4) { before(first, 10) } else { before(today, 60 + dice(n, 90)).max(first) };
        teller.write_on(doctor, on, moved(How::Admitted, Living::NursingHome, Living::Home)).await?;
    }
    if n.is_multiple_of(23) {
        let capacity = Happening::Capacity { now: Capable::No, words: None };
        teller.write_on(doctor, before(today, 40 + dice(n, 200)), happened(capacity)).await?;
    }
    if n % 9 != 4 {
        return Ok(());
    }
    let wished = life.versions.last().and_then(|v| v.content.place_of_death.value()).map(|p| p.place);
    let died = before(today, 5 + dice(n, 600)).max(first.tomorrow().unwrap_or(first));
    let place = match n % 5 {
        0 => Place::Hospital,
        1 => Place::Hospice,
        _ => wished.filter(|w| *w != Place::Unknown).unwrap_or(Place::Home),
    };
    let mut admitted_on = None;
    if n % 5 < 2 {
        let on = before(died, 4 + dice(n, 60)).max(first);
        teller.write_on(doctor, on, moved(How::Admitted, Living::Hospital, Living::Home)).await?;
        admitted_on = Some(on);
    }
    let death = Death { place, wished, admitted_on, words: None };
    teller.write_on(doctor, died, happened(Happening::Died(death))).await
}
