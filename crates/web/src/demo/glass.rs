//! A few broken glasses, some judged and some not, so that there is something to judge and to count.

use super::life::Life;
use super::region::{Region, Worker, place};
use domain::access::{Action, Actor, Permit, Relation, Who, permit};
use domain::date::TIME_ZONE;
use domain::glass::{Kind, Reason, Verdict};
use domain::role::Role;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use store::{Error, Store};

/// Who broke it, or judges it: a role and the place of the organisation.
type By = (Role, usize);

struct Broke {
    /// Which patient.
    n: u32,
    by: By,
    days_ago: i32,
    clock: (i8, i8),
    kind: Kind,
    words: &'static str,
    judged: Option<(By, Verdict, &'static str)>,
}

/// The third of each five patients was never asked about sharing, the fourth refused.
const BROKEN: &[Broke] = &[
    Broke {
        n: 3,
        by: (Role::OutOfHours, place::OUT_OF_HOURS),
        days_ago: 2,
        clock: (2, 10),
        kind: Kind::Acute,
        words: "Van de trap gevallen en niet aanspreekbaar; de naasten namen de telefoon niet op.",
        judged: None,
    },
    Broke {
        n: 18,
        by: (Role::HospitalPhysician, place::HOSPITAL),
        days_ago: 20,
        clock: (14, 40),
        kind: Kind::New,
        words: "Met spoed opgenomen op de hartbewaking; niet bekend of over reanimatie was gesproken.",
        judged: Some(((Role::Gp, 0), Verdict::Justified, "Terecht. De patiënt is intussen om toestemming gevraagd.")),
    },
    Broke {
        n: 24,
        by: (Role::OutOfHours, place::OUT_OF_HOURS),
        days_ago: 9,
        clock: (23, 5),
        kind: Kind::Acute,
        words: "Ernstige benauwdheid, patiënt verward, geen vertegenwoordiger bereikbaar.",
        judged: None,
    },
    Broke {
        n: 33,
        by: (Role::Gp, 1),
        days_ago: 12,
        clock: (10, 20),
        kind: Kind::StandIn,
        words: "Ik nam die dag waar voor een collega van een andere praktijk.",
        judged: Some((
            (Role::PrivacyOfficer, 0),
            Verdict::Unjustified,
            "De patiënt zat in de spreekkamer en had gevraagd kunnen worden. Besproken met de huisarts.",
        )),
    },
];

/// Tells what happened to the n-th patient.
///
/// # Errors
/// Where the store fails.
pub async fn tell(store: &Store, region: &Region, life: &Life, n: u32, today: Date) -> Result<(), Error> {
    let zone = TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC);
    for (broke, (hour, minute)) in BROKEN.iter().filter(|b| b.n == n).map(|b| (b, b.clock)) {
        let day = today.checked_sub(broke.days_ago.days()).unwrap_or(today);
        let Ok(at) = day.at(hour, minute, 0, 0).to_zoned_datetime(zone.clone()).map(|z| z.timestamp()) else {
            continue;
        };
        let who = actor(region, region.worker(broke.by.0, broke.by.1));
        let glass = [Action::BreakGlass, Action::BreakGlassRefused];
        let mut leave = None;
        for action in glass {
            leave = leave.or(may(store, &who, action, life, at).await?);
        }
        let (Some(leave), Ok(reason)) = (leave, Reason::given(broke.kind.code(), broke.words)) else { continue };
        store.break_glass(&leave, &reason, false, at).await?;
        let soon = at + SignedDuration::from_mins(1);
        if let Some(look) = may(store, &who, Action::ReadEmergency, life, soon).await? {
            store.read(&look, soon, "emergency view").await?;
        }
        let Some((by, verdict, words)) = broke.judged else { continue };
        let judge = actor(region, region.worker(by.0, by.1));
        let later = at + SignedDuration::from_hours(40);
        if let Some(leave) = may(store, &judge, Action::JudgeGlass, life, later).await? {
            store.judge_glass(&leave, 1, verdict, Some(words), later).await?;
        }
    }
    Ok(())
}

/// Leave for somebody, where what they are to the patient gives it.
///
/// # Errors
/// Where the store fails.
pub(super) async fn may(
    store: &Store,
    who: &Actor,
    action: Action,
    life: &Life,
    at: Timestamp,
) -> Result<Option<Permit>, Error> {
    let relation = store.relation(&life.id, who, at).await?;
    Ok(relation.and_then(|relation| permit(who, action, &life.id, relation).ok()))
}

/// What somebody of the care team is to a patient.
pub(super) fn in_team() -> Relation {
    Relation { team: true, ..Relation::default() }
}

/// A worker as who acts.
pub(super) fn actor(region: &Region, worker: &Worker) -> Actor {
    Actor {
        who: Who::Person(worker.id.clone()),
        name: worker.name.full(),
        role: Some(worker.role),
        organisation: region.organisations[worker.organisation].id.clone(),
        nurses_set_limits: false,
        breaks_glass: true,
    }
}
