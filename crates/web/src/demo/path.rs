//! What happened beside the plans of a few patients, so that every state of the path is there to be seen.

mod happened;

use super::life::Life;
use super::meneer_van_dam;
use super::mevrouw_x;
use super::region::{Region, Worker, place};
use super::talk;
use domain::access::{Action, Actor, Permit, Relation, Who, permit};
use domain::date::TIME_ZONE;
use domain::path::{End, What};
use domain::role::Role;
use domain::signal::{Condition, Decline, Finding, Material, Openness, Reason, Signal, Surprise, Thought, scales};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use store::{Error, Store};

/// How far a patient without a plan has come: each goes through all that stands before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Far {
    Nothing,
    Signalled,
    Taken,
    NotNow,
    Open,
    Planned,
    Past,
    Held,
}

/// Of the patients without a plan, which are the tenth of each ten, one after the other.
const FAR: [Far; 8] =
    [Far::Signalled, Far::NotNow, Far::Open, Far::Taken, Far::Planned, Far::Past, Far::Nothing, Far::Held];

/// Tells what happened to the n-th patient.
///
/// # Errors
/// Where the store fails.
pub async fn tell(store: &Store, region: &Region, life: &Life, n: u32, today: Date) -> Result<(), Error> {
    let home_care = place::HOME_CARE[n as usize % 2];
    let nurse = region.worker(Role::DistrictNurse, home_care);
    let teller = Teller::new(store, region, life, today);
    if n == mevrouw_x::N && mevrouw_x::is_told(today) {
        for (day, by, what) in mevrouw_x::steps(region) {
            teller.write_on(by, day, what).await?;
        }
        return Ok(());
    }
    if n == meneer_van_dam::N && meneer_van_dam::is_told(today) {
        for (day, by, what) in meneer_van_dam::steps(region) {
            teller.write_on(by, day, what).await?;
        }
        let leave = |by: &Worker, action| teller.leave(by, action);
        return meneer_van_dam::change_of_lead(store, region, leave).await;
    }
    if life.versions.is_empty() {
        let far = FAR[(n / 10) as usize % FAR.len()];
        return teller.before_a_plan(far, nurse).await;
    }
    // A few plans are overtaken by what happened since, and a few patients will not talk again, or are no longer here.
    match n % 40 {
        6 => teller.write(nurse, 2, fell()).await,
        14 => {
            teller.write(nurse, 12, fell()).await?;
            let later = today.checked_add(21.days()).unwrap_or(today);
            let not_now = Openness::NotNow { ask_again_on: later, material: Material::Given };
            teller.write(nurse, 5, What::Asked(not_now)).await
        }
        22 => {
            let words = Some("Verhuisd naar familie in een andere regio.".to_owned());
            teller.write(nurse, 30, What::Ended { why: End::Moved, words }).await
        }
        30 => teller.with_support(nurse).await,
        16 | 24 | 28 | 32 | 38 => happened::tell(&teller, nurse, n % 40).await,
        _ => Ok(()),
    }
}

fn signal(noticed_on: Date, reasons: &[Reason], findings: Vec<Finding>, words: &str) -> What {
    What::Signal(Signal {
        noticed_on,
        reasons: reasons.to_vec(),
        findings,
        words: Some(words.to_owned()),
        thought: Some(Thought::NotYet),
        talks_with: None,
    })
}

fn fell() -> What {
    signal(
        Date::ZERO,
        &[Reason::Hospital, Reason::Worse],
        Vec::new(),
        "Na een val drie dagen in het ziekenhuis; sindsdien hulp nodig bij het opstaan.",
    )
}

/// Writes steps of one patient, each by somebody of the team.
pub struct Teller<'a> {
    store: &'a Store,
    pub(super) region: &'a Region,
    pub(super) life: &'a Life,
    pub(super) today: Date,
}

impl<'a> Teller<'a> {
    /// Of a patient.
    pub(super) fn new(store: &'a Store, region: &'a Region, life: &'a Life, today: Date) -> Self {
        Self { store, region, life, today }
    }
}

impl Teller<'_> {
    async fn before_a_plan(&self, far: Far, nurse: &Worker) -> Result<(), Error> {
        let findings = || {
            let gfi = scales().into_iter().find(|s| s.code == "gfi");
            let mut all = vec![
                Finding::Surprise(Surprise { if_died: false, if_alive: Some(true) }),
                Finding::Spict {
                    signs: vec![Decline::Functioning, Decline::Weight],
                    conditions: vec![Condition::Heart],
                },
            ];
            all.extend(gfi.map(|scale| Finding::Score { scale, value: 7 }));
            all
        };
        let words = "Komt de deur niet meer uit en zegt vaker dat het niet meer hoeft.";
        let steps: [(Far, i32, What); 11] = [
            (Far::Signalled, 6, signal(Date::ZERO, &[Reason::MoreFrail, Reason::Seventy], findings(), words)),
            (Far::Taken, 5, What::TakenUp),
            (Far::NotNow, 4, What::Asked(Openness::NotNow { ask_again_on: self.day(-40), material: Material::Given })),
            (Far::Open, 4, What::Asked(Openness::Yes)),
            (Far::Planned, 4, talk::attention()),
            (Far::Planned, 4, talk::fact()),
            (Far::Planned, 3, What::Planned(talk::appointment(self.day(-6), nurse))),
            (Far::Past, 3, What::Planned(talk::appointment(self.day(1), nurse))),
            (Far::Held, 2, talk::fact()),
            (Far::Held, 1, talk::held(nurse)),
            (Far::Held, 1, What::Planned(talk::appointment(self.day(-13), nurse))),
        ];
        for (step, days_ago, what) in steps {
            // Each goes one way: who said 'not now' did not say 'yes' first.
            let other_way = step != far && matches!(step, Far::NotNow | Far::Planned);
            if step <= far && !other_way {
                self.write(nurse, days_ago, what).await?;
            }
        }
        Ok(())
    }

    /// A plan that counts, a further conversation, and a palliative nurse who comes along.
    async fn with_support(&self, nurse: &Worker) -> Result<(), Error> {
        let home_care = &self.region.organisations[nurse.organisation];
        let palliative = self.region.worker(Role::PalliativeNurse, nurse.organisation);
        let carer = self.region.worker(Role::Carer, nurse.organisation);
        self.write(carer, 6, talk::fact()).await?;
        self.write(nurse, 5, talk::asked(home_care.id.clone(), &home_care.name, self.day(-2))).await?;
        self.write(palliative, 4, talk::replied(2)).await?;
        self.write(nurse, 3, What::Planned(talk::appointment(self.day(-9), nurse))).await
    }

    fn day(&self, days_ago: i32) -> Date {
        self.today.checked_sub(days_ago.days()).unwrap_or(self.today)
    }

    async fn write(&self, by: &Worker, days_ago: i32, mut what: What) -> Result<(), Error> {
        let day = self.day(days_ago);
        if let What::Signal(signal) = &mut what {
            signal.noticed_on = day;
        }
        self.write_on(by, day, what).await
    }

    pub(super) async fn write_on(&self, by: &Worker, day: Date, what: What) -> Result<(), Error> {
        let action = match &what {
            What::Talk(talk) if talk.takes_a_converser() => Action::Converse,
            What::Happened(happened) if happened.takes_correction() => Action::CorrectPatient,
            _ => Action::FollowUp,
        };
        let Some(leave) = self.leave(by, action) else { return Ok(()) };
        let at = morning(day);
        self.store.add_steps(&leave, &[(day, what)], None, &self.region.recorder(by), at).await.map(|_| ())
    }

    /// Leave of somebody in the team.
    fn leave(&self, by: &Worker, action: Action) -> Option<Permit> {
        let actor = Actor {
            who: Who::Person(by.id.clone()),
            name: by.name.full(),
            role: Some(by.role),
            organisation: self.region.organisations[by.organisation].id.clone(),
            nurses_set_limits: false,
            breaks_glass: true,
        };
        let team = Relation { team: true, ..Relation::default() };
        permit(&actor, action, &self.life.id, team).ok()
    }
}

/// Half past nine on a day.
pub fn morning(day: Date) -> Timestamp {
    let zone = TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC);
    day.at(9, 30, 0, 0).to_zoned_datetime(zone).map_or(Timestamp::UNIX_EPOCH, |z| z.timestamp())
}
