//! What somebody would tell of Mrs X, written first; the plan's own comparison must tell the same.

use super::*;
use domain::plan::{diff, open_proposals};

fn story() -> Life {
    let region = Region::make(&mut fastrand::Rng::with_seed(1), 3);
    life(&region, PatientId::from_bits(57))
}

/// Sentences between two days: what had been recorded on each.
fn told(life: &Life, from: Date, to: Date) -> Vec<String> {
    let on = |day: Date| {
        let known = life.versions.iter().rfind(|v| v.recorded_at <= afternoon(day));
        known.map(|v| v.content.clone()).unwrap_or_default()
    };
    diff(&on(from), &on(to)).into_iter().map(|c| c.sentence).collect()
}

#[test]
fn between_autumn_and_winter_she_put_limits_to_what_is_done() {
    assert_eq!(
        told(&story(), date(2020, 11, 20), date(2021, 1, 30)),
        [
            "Reanimatie is voor het eerst besproken: niet uitvoeren.",
            "Beademing is voor het eerst besproken: niet uitvoeren.",
            "IC-opname is voor het eerst besproken: niet opnemen.",
            "Ziekenhuisopname: van wel opnemen naar onder voorwaarde (‘alleen voor de pijn’).",
            "Euthanasie is voor het eerst besproken: heeft geen euthanasieverklaring.",
            "Nieuwe afspraak: Verzoek om euthanasie, gedaan aan de huisarts.",
        ]
    );
}

#[test]
fn for_a_day_the_limits_waited_for_the_doctor() {
    let life = story();
    assert_eq!(open_proposals(&life.versions[2].content).len(), 4);
    assert!(open_proposals(&life.versions[3].content).is_empty());
    assert_eq!(
        told(&life, date(2021, 1, 28), date(2021, 1, 29))[0],
        "Reanimatie: niet uitvoeren is medisch vastgesteld."
    );
}

#[test]
fn in_spring_treatment_ended_the_request_was_not_current_and_sedation_began() {
    assert_eq!(
        told(&story(), date(2021, 1, 30), date(2021, 5, 13)),
        [
            "Doel van de behandeling: van levensverlengende behandeling naar voorkomen en behandelen van symptomen.",
            "Wensen voor goede zorg zijn aangepast.",
            "Afspraak ‘Verzoek om euthanasie, gedaan aan de huisarts’: van geldt nu naar nog niet actueel.",
            "Nieuwe afspraak: Continue palliatieve sedatie, thuis.",
        ]
    );
}

#[test]
fn her_story_is_told_when_it_is_over() {
    assert!(is_told(date(2026, 11, 30)));
    assert!(!is_told(date(2020, 9, 14)), "with the clock set back she is somebody else");
}
