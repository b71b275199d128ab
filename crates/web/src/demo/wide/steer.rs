//! How the practices of the wide region steer: the steps that they took, the goals that they set, and the visits of the region.

use super::manner;
use crate::app::program;
use crate::demo::path::morning;
use crate::demo::region::{Region, place};
use domain::figures::Figure;
use domain::ident::VisitId;
use domain::practice::{Action, Agreement, Goal, Progress, Said, Visit, Written};
use domain::role::Role;
use jiff::ToSpan;
use jiff::civil::Date;
use store::{Error, Store};

/// Tells it of each practice.
///
/// # Errors
/// Where the store fails.
pub async fn tell(store: &Store, region: &Region, seed: u64, today: Date) -> Result<(), Error> {
    let mut dice = fastrand::Rng::with_seed(seed ^ 0x57ee_0001);
    for (practice, at) in region.practices.iter().enumerate() {
        said(store, region, practice, *at, today).await?;
        let mut write = async |visit: &Visit, written: Date| {
            let id = VisitId::from_bits(dice.u128(..));
            let by = program(region.organisations[place::NETWORK].id.clone());
            store.write_visit(&by, &id, visit, 0, morning(written)).await.map(|_| ())
        };
        for (on, held) in visits(practice, today) {
            write(&visit(region, practice, *at, on, held), on.min(today)).await?;
        }
    }
    Ok(())
}

/// The visits to a practice: a day, and whether it was held. One practice in six was never visited.
fn visits(practice: usize, today: Date) -> Vec<(Date, bool)> {
    let ago = |days: i32| today.saturating_sub(days.days());
    let spread = i32::try_from(practice * 7 % 90).unwrap_or(0);
    match practice % 6 {
        0 => vec![(ago(460 + spread), true), (ago(90 + spread), true)],
        1 | 4 => vec![(ago(60 + spread), true)],
        2 => vec![(ago(420 + spread), true), (ago(-14 - spread / 4), false)],
        3 => vec![(ago(500 + spread), true)],
        _ => Vec::new(),
    }
}

async fn said(store: &Store, region: &Region, practice: usize, at: usize, today: Date) -> Result<(), Error> {
    let organisation = &region.organisations[at];
    let by = program(organisation.id.clone());
    let doctor = region.worker(Role::Gp, at).name.full();
    let manner = manner(practice);
    let since = today.saturating_sub((super::DAYS - manner.begins).clamp(20, 700).days());
    // A practice that goes at it well has done most of it.
    let done = usize::try_from(manner.zeal * 12 / 100).unwrap_or(0);
    for (n, action) in Action::ALL.iter().enumerate() {
        let progress = match n.cmp(&done) {
            std::cmp::Ordering::Less => Progress::Done,
            std::cmp::Ordering::Equal => Progress::Busy,
            std::cmp::Ordering::Greater => continue,
        };
        let at = morning(since.saturating_add(i64::try_from(n * 9).unwrap_or(0).days()).min(today));
        let written = Written { by: format!("{doctor}, huisarts"), at };
        store.practice_says(&by, &Said::Did { action: *action, progress, words: None }, &written).await?;
    }
    if practice % 4 < 3 {
        let percent = u8::try_from((manner.zeal + 8).clamp(30, 95)).unwrap_or(80);
        let figure = [Figure::Coverage, Figure::Wait, Figure::Reviewed][practice % 3];
        let by_day = today.saturating_add(6.months());
        let words = Some("In het teamoverleg besproken; elk kwartaal kijken we hoe ver we zijn.".to_owned());
        let goal = Goal { figure, percent, by: by_day, words };
        let written = Written { by: format!("{doctor}, huisarts"), at: morning(today.saturating_sub(30.days())) };
        store.practice_says(&by, &Said::Goal(goal), &written).await?;
    }
    Ok(())
}

fn visit(region: &Region, practice: usize, at: usize, on: Date, held: bool) -> Visit {
    let doctor = region.worker(Role::Gp, at).name.full();
    let coordinator = region.worker(Role::NetworkCoordinator, place::NETWORK).name.full();
    let manner = manner(practice);
    let plain = Visit {
        organisation: region.organisations[at].id.clone(),
        region: region.organisations[place::NETWORK].id.clone(),
        on,
        people: format!("{coordinator}, netwerkcoördinator; {doctor}, huisarts; de praktijkverpleegkundige"),
        agenda: "De cijfers van het afgelopen jaar; wat goed gaat; wat lastig is; afspraken voor het komende jaar."
            .to_owned(),
        progress: String::new(),
        goes_well: String::new(),
        support: String::new(),
        cooperation: String::new(),
        agreements: Vec::new(),
        feedback: String::new(),
        in_report: false,
    };
    if !held {
        return plain;
    }
    let (progress, goes_well, support) = if manner.zeal > 85 {
        (
            "Bijna iedereen met een signaal heeft binnen twee weken een gesprek.",
            "De praktijkverpleegkundige plant het gesprek zodra de wijkverpleging belt.",
            "Geen vragen; wil de werkwijze graag delen.",
        )
    } else if manner.zeal < 40 {
        (
            "De praktijk begon laat. Signalen blijven liggen; er is geen vast moment om ze te bespreken.",
            "De huisarts voert de gesprekken zelf en met rust.",
            "Tijd: er is geen praktijkverpleegkundige die gesprekken kan overnemen. Scholing wordt gemist.",
        )
    } else {
        (
            "Er worden elk kwartaal meer gesprekken gevoerd. In de zomer lag het stil.",
            "Mensen met dementie worden vroeg gevonden.",
            "Evaluaties schieten erbij in; een herinnering zou helpen.",
        )
    };
    Visit {
        progress: progress.to_owned(),
        goes_well: goes_well.to_owned(),
        support: support.to_owned(),
        cooperation: "Het overleg met de wijkverpleging loopt goed; met het ziekenhuis is er weinig contact."
            .to_owned(),
        agreements: vec![Agreement {
            what: "Elke maand signalen bespreken in het overleg met de wijkverpleging".to_owned(),
            who: doctor,
            by: on.saturating_add(3.months()),
        }],
        feedback: "Dank voor de openheid. De cijfers staan in Tijdig; over een jaar kijken we samen opnieuw."
            .to_owned(),
        in_report: manner.zeal > 85,
        ..plain
    }
}
