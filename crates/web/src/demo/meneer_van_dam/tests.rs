//! What somebody would tell of Mr Van Dam, written first; the plan's own comparison must tell the same.

use super::*;
use domain::path::{Past, Spoken, State, StateKind, Step, stands};
use domain::plan::{VersionKind, diff};

fn story() -> (Region, Life) {
    let region = Region::make(&mut fastrand::Rng::with_seed(1), 3);
    let life = life(&region, PatientId::from_bits(47));
    (region, life)
}

/// Sentences between two days: what had been recorded on each.
fn told(life: &Life, from: Date, to: Date) -> Vec<String> {
    let on = |day: Date| {
        let known = life.versions.iter().rfind(|v| v.recorded_at <= afternoon(day));
        known.map(|v| v.content.clone()).unwrap_or_default()
    };
    diff(&on(from), &on(to)).into_iter().map(|c| c.sentence).collect()
}

/// Where he stood on a day, as it was known then.
fn stood(day: Date) -> State {
    let (region, life) = story();
    let steps: Vec<Step> = (1..)
        .zip(steps(&region))
        .filter(|(_, (on, ..))| *on <= day)
        .map(|(number, (on, by, what))| Step { number, at: morning(on), day: on, by: region.recorder(by), what })
        .collect();
    let known = life.versions.iter().rfind(|v| v.recorded_at <= afternoon(day));
    let spoken = known.and_then(|v| Spoken::of(&v.content, v.recorded_at));
    stands(Past { steps: &steps, spoken: spoken.as_ref(), draft_since: None, died_on: None, months: 6 }, day)
}

#[test]
fn in_the_first_year_he_said_what_matters_and_then_what_not_to_do() {
    let (_, life) = story();
    assert_eq!(
        told(&life, date(2024, 3, 26), date(2025, 3, 19)),
        [
            "Reanimatie is voor het eerst besproken: niet uitvoeren.",
            "Beademing is voor het eerst besproken: niet uitvoeren.",
            "IC-opname is voor het eerst besproken: niet opnemen.",
            "Ziekenhuisopname is voor het eerst besproken: onder voorwaarde (‘alleen bij een botbreuk’).",
            "Euthanasie is voor het eerst besproken: wil geen euthanasie.",
        ]
    );
}

#[test]
fn when_he_could_not_decide_any_more_his_daughter_spoke_for_him() {
    let (_, life) = story();
    assert_eq!(
        told(&life, date(2025, 3, 19), date(2025, 11, 6)),
        [
            "Wilsbekwaamheid: van wilsbekwaam naar niet wilsbekwaam.",
            "Aanwezig bij het gesprek: Els van Dam (dochter) (eerder de patiënt en Els van Dam (dochter)).",
            "Doel van de behandeling: van zorg bij ziekte en/of letsel naar voorkomen en behandelen van symptomen.",
            "Ziekenhuisopname: van onder voorwaarde (‘alleen bij een botbreuk’) naar niet opnemen.",
        ]
    );
}

#[test]
fn twice_nothing_changed_and_that_is_a_version_too() {
    let (_, life) = story();
    let confirmed: Vec<u32> =
        life.versions.iter().filter(|v| v.kind == VersionKind::Confirmed).map(|v| v.number).collect();
    assert_eq!(confirmed, [2, 6]);
    assert!(told(&life, date(2026, 1, 27), date(2026, 7, 15)).is_empty());
}

#[test]
fn one_review_was_late_and_the_others_were_in_time() {
    for (day, kind) in [
        (date(2024, 3, 4), StateKind::Signalled),
        (date(2024, 3, 26), StateKind::Current),
        (date(2024, 9, 1), StateKind::ReviewDue),
        (date(2024, 9, 21), StateKind::Current),
        (date(2025, 3, 19), StateKind::Current),
        (date(2025, 9, 3), StateKind::ReviewDue),
        (date(2025, 9, 18), StateKind::ReviewDue),
        (date(2025, 9, 19), StateKind::Overdue),
        (date(2025, 11, 6), StateKind::Current),
        (date(2026, 1, 13), StateKind::ReviewDue),
        (date(2026, 1, 27), StateKind::Current),
        (date(2026, 7, 13), StateKind::ReviewDue),
        (date(2026, 7, 15), StateKind::Current),
    ] {
        assert_eq!(stood(day).kind(), kind, "on {day}");
    }
}
