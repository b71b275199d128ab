//! Conversations that the practices reported, what they agreed with insurers, and a few lines that were claimed. Amounts and codes
//! of contracts are examples and say so: the real ones are in no public source.

use super::glass::{actor, in_team};
use super::life::Life;
use super::path::morning;
use super::region::{Region, Worker};
use crate::app::program;
use domain::access::{Action, permit};
use domain::claims::given::insurers;
use domain::claims::{Contract, ContractKind, House, Insurer, Talk as Facts, claim};
use domain::ident::ContractId;
use domain::path::What;
use domain::role::Role;
use domain::talk::{Attended, Place, Report, Talk};
use jiff::ToSpan;
use jiff::civil::Date;
use store::claims::{ClaimEvent, Held, Insurers};
use store::{Error, Store};

const LIST: &str = "7095 VGZ\n9664 CZ\n3311 Verzekeraar C (voorbeeld)\n3332 Verzekeraar D (voorbeeld)";
/// Conversations longer ago than this are not told of.
const DAYS: i32 = 150;

fn list() -> Vec<Insurer> {
    insurers(LIST).unwrap_or_default()
}

/// What a practice agreed: one with VGZ and CZ, one with VGZ and not all filled in yet, one nothing; and so on in turns.
fn agreed(today: Date, practice: usize) -> Vec<Contract> {
    let from = Date::new(today.year() - 1, 1, 1).unwrap_or(today);
    let with = |name: &str| Contract {
        kind: ContractKind::Acp,
        with: name.to_owned(),
        from,
        until: None,
        code: Some("99001".to_owned()),
        cents: Some(5_000),
        most_a_year: Some(2),
        least_minutes: None,
        source: Some("voorbeeld, geen echte code en geen echt bedrag (demo)".to_owned()),
        withdrawn: false,
    };
    let tariff = |code: &str, cents| Contract {
        kind: ContractKind::Tariff,
        with: String::new(),
        code: Some(code.to_owned()),
        cents: Some(cents),
        most_a_year: None,
        ..with("")
    };
    match practice % 3 {
        0 => vec![with("VGZ"), with("CZ"), tariff("12001", 2_000), tariff("12003", 3_000)],
        1 => vec![Contract { code: None, cents: None, source: None, most_a_year: None, ..with("VGZ") }],
        _ => Vec::new(),
    }
}

/// Writes what the practices agreed.
///
/// # Errors
/// Where the store fails.
pub async fn contracts(store: &Store, region: &Region, seed: u64, today: Date) -> Result<(), Error> {
    let mut dice = fastrand::Rng::with_seed(seed ^ 0xc1a1_0001);
    for (practice, at) in region.practices.iter().enumerate() {
        let contracts = agreed(today, practice);
        let by = program(region.organisations[*at].id.clone());
        if !contracts.is_empty() {
            store.write_insurers(&by, &Insurers { revision: 0, all: list() }, morning(today)).await?;
        }
        for contract in contracts {
            let id = ContractId::from_bits(dice.u128(..));
            store.write_contract(&by, &id, &contract, 0, morning(today)).await?;
        }
    }
    Ok(())
}

/// The report of the newest conversation, where it is not long ago; and for some of the first practice's what was claimed.
///
/// # Errors
/// Where the store fails.
pub async fn tell(store: &Store, region: &Region, life: &Life, n: u32, today: Date) -> Result<(), Error> {
    let newest = life.versions.last().and_then(|v| v.content.conversations.iter().map(|c| c.date().first_day()).max());
    let Some(day) = newest.filter(|day| today.checked_sub(DAYS.days()).is_ok_and(|since| *day >= since)) else {
        return Ok(());
    };
    let by = converser(region, life.team[0], n);
    let report = report(by, n);
    let minutes = report.minutes;
    let actor = actor(region, by);
    let Ok(leave) = permit(&actor, Action::Converse, &life.id, in_team()) else { return Ok(()) };
    let steps = [(day, What::Talk(Talk::Held(report)))];
    let recorder = region.recorder(by);
    let Some(step) = store.add_steps(&leave, &steps, None, &recorder, morning(day)).await? else { return Ok(()) };
    claimed(store, region, life, n, Said { by, day, step, minutes }, today).await
}

/// Who held a conversation: the doctor or the practice nurse; a practice without one has its doctor.
pub fn converser(region: &Region, practice: usize, n: u32) -> &Worker {
    let role = if n.is_multiple_of(2) { Role::Gp } else { Role::PracticeNurse };
    let by = region.worker(role, practice);
    if by.organisation == practice { by } else { region.worker(Role::Gp, practice) }
}

/// What is reported of a conversation.
pub fn report(by: &Worker, n: u32) -> Report {
    Report {
        attended: Attended { patient: true, representative: false, others: vec![by.name.full()] },
        minutes: [Some(35), Some(25), None, Some(15)][(n / 2) as usize % 4],
        place: Some(if n.is_multiple_of(3) { Place::Home } else { Place::Practice }),
        subjective: Some("Vertelde wat belangrijk is voor later, en waar zorgen over zijn.".to_owned()),
        plan: Some("Vastgelegd in het plan; over een half jaar kijken we er samen weer naar.".to_owned()),
        ..Report::default()
    }
}

/// A conversation that was reported.
#[derive(Clone, Copy)]
pub struct Said<'a> {
    /// Who held it.
    pub by: &'a Worker,
    /// When.
    pub day: Date,
    /// Number of the step that says so.
    pub step: u32,
    /// How long it took.
    pub minutes: Option<u16>,
}

/// In some of the practices with whole contracts one conversation in six was claimed already.
///
/// # Errors
/// Where the store fails.
pub async fn claimed(
    store: &Store,
    region: &Region,
    life: &Life,
    n: u32,
    said: Said<'_>,
    today: Date,
) -> Result<(), Error> {
    let Said { by, day, step, minutes } = said;
    let practice = region.practices.iter().position(|at| *at == life.team[0]);
    if practice.is_none_or(|practice| practice % 3 != 0) || !n.is_multiple_of(6) {
        return Ok(());
    }
    let practice = &region.organisations[life.team[0]];
    let contracts = store.contracts(&practice.id).await?.into_iter().map(|a| (a.id, a.contract)).collect::<Vec<_>>();
    let insurers = list();
    let house = House { kind: practice.kind, agb: practice.agb.as_ref(), insurers: &insurers, contracts: &contracts };
    let facts = Facts {
        on: day,
        minutes,
        at_home: n.is_multiple_of(3),
        by: by.name.full(),
        role: Some(by.role),
        agb: Some(by.agb.clone()),
        insurer: life.patient.insurer.clone(),
        a20_on: None,
        day_is_claimed: false,
        this_year: Vec::new(),
    };
    let Ok(leave) = permit(&actor(region, by), Action::FollowUp, &life.id, in_team()) else { return Ok(()) };
    if let Ok(line) = claim(house, &facts) {
        let held = Held { on: day, patient: life.id.clone(), record: life.id.clone(), step };
        let at = morning(day.checked_add(3.days()).unwrap_or(day).min(today));
        store.write_claim(&leave, &held, ClaimEvent::Claimed(line), &region.recorder(by), at).await?;
    }
    Ok(())
}
