mod counted;
mod safe;

use super::*;
use crate::ident::OrganisationId;

#[test]
fn each_figure_has_one_definition_and_fits_its_answers() {
    for figure in Figure::ALL {
        let all: Vec<_> = DEFINITIONS.iter().filter(|d| d.figure == *figure).collect();
        assert_eq!(all.len(), 1, "{figure:?}");
        assert!(all[0].answers.iter().any(|a| a.counts == Counts::Above), "{figure:?}");
        assert!(all[0].answers.iter().any(|a| a.counts == Counts::Below), "{figure:?}");
        assert_eq!(definition(*figure).figure, *figure);
    }
}

#[test]
fn a_quarter_reads_back_as_it_is_written() {
    let of = |text: &str| Quarter::of(text.parse().unwrap());
    assert_eq!(of("2026-03-31").to_string(), "2026-1");
    assert_eq!(of("2026-04-01").to_string(), "2026-2");
    assert_eq!(Quarter::parse("2026-4"), Some(of("2026-12-31")));
    for bad in ["", "2026", "2026-0", "2026-5", "26-1", "x-1"] {
        assert_eq!(Quarter::parse(bad), None, "{bad}");
    }
}

#[test]
fn a_region_is_seen_by_its_coordinator_alone() {
    for role in Role::ALL {
        for kind in OrganisationKind::ALL {
            let may = *role == Role::NetworkCoordinator && *kind == OrganisationKind::Region;
            assert_eq!(may_see_region(*role, *kind), may, "{role:?} at {kind:?}");
        }
    }
}

#[test]
fn a_middle_takes_three() {
    let line = |above| Line { above, of: 10, unknown: 0 };
    let of = |others: &[u32]| Compared {
        definition: definition(Figure::Coverage),
        line: line(5),
        answers: vec![5, 0, 5],
        weeks: None,
        region: None,
        others: others.iter().map(|above| line(*above)).collect(),
    };
    assert_eq!(of(&[2, 4]).spread(), None, "two would each be told");
    let (least, middle, most) = of(&[8, 2, 4]).spread().unwrap();
    assert!(near(least, 20.0) && near(middle, 40.0) && near(most, 80.0), "{least} {middle} {most}");
}

fn near(found: f64, wanted: f64) -> bool {
    (found - wanted).abs() < 0.000_5
}

/// Checked against the cumulative binomial distribution worked out by hand for ten throws of a coin:
/// P(R ≤ 1) = 11/1024, P(R ≤ 2) = 56/1024, so that 2.5% lies at 2 − (56/1024 − 0.025)/(45/1024).
#[test]
fn the_funnel_is_exact_for_small_sizes_and_meets_the_normal_curve_for_large_ones() {
    let ten = limits(0.5, 10).unwrap();
    assert!(near(ten.inner.0, (2.0 - (56.0 / 1024.0 - 0.025) / (45.0 / 1024.0)) / 10.0), "{ten:?}");
    assert!(near(ten.inner.0 + ten.inner.1, 0.9), "the other end mirrors it, one throw lower: {ten:?}");
    assert!(ten.outer.0 < ten.inner.0 && ten.inner.1 < ten.outer.1);
    let (exact, curve) = (limits(0.3, 2000).unwrap(), limits(0.3, 2001).unwrap());
    assert!((exact.inner.0 - curve.inner.0).abs() < 0.001 && (exact.outer.1 - curve.outer.1).abs() < 0.001);
    assert_eq!((limits(0.5, 0), limits(f64::NAN, 5)), (None, None));
    assert_eq!(limits(1.0, 50).unwrap().inner, (1.0, 1.0));
}

fn cell(organisation: u128, answer: u8, people: u32, weeks: Option<u16>) -> Cell {
    Cell {
        organisation: OrganisationId::from_bits(organisation),
        kind: OrganisationKind::GpPractice,
        quarter: Quarter { year: 2026, quarter: 1 },
        group: Group::Other,
        answer,
        weeks,
        people,
    }
}

#[test]
fn a_small_practice_is_hidden_among_others() {
    let cells = [
        cell(1, 0, 30, None),
        cell(1, 2, 20, None),
        cell(2, 0, 12, None),
        cell(2, 2, 8, None),
        cell(3, 0, 9, None),
        cell(3, 2, 3, None),
        cell(4, 0, 50, None),
    ];
    let table = Table::of(definition(Figure::Coverage), &Sums::of(&cells.map(|c| (Figure::Coverage, c))), SMALLEST);
    let of = |n| table.shown(&Unit::Organisation(OrganisationId::from_bits(n)), 2026, View::Whole);
    let region = Line { above: 101, of: 132, unknown: 0 };
    assert_eq!(table.shown(&Unit::Region, 2026, View::Whole), Shown::Line(region));
    assert_eq!(of(4), Shown::Line(Line { above: 50, of: 50, unknown: 0 }), "all or none is no small group");
    assert_eq!(of(3), Shown::Hidden, "three people without a plan");
    assert_eq!(of(2), Shown::Hidden, "or three would be what is left");
    assert_eq!(of(1), Shown::Hidden, "or who works at the second, and knows its numbers, would be left with three");
    let own = table.own(&OrganisationId::from_bits(3), 2026).unwrap();
    assert_eq!((own.line(), own.answers()), (Line { above: 9, of: 12, unknown: 0 }, &[9, 0, 3][..]));
    assert_eq!(table.shown(&Unit::Kind(OrganisationKind::Hospice), 2026, View::Whole), Shown::Line(Line::default()));
    assert_eq!(table.shown(&Unit::Region, 2025, View::Whole), Shown::Line(Line::default()));
    assert_eq!(table.answers(&Unit::Region, 2026), Some(vec![101, 0, 31]));
}

#[test]
fn the_middle_is_told_where_enough_people_had_a_conversation() {
    let weeks = |all: &[u16]| all.iter().map(|w| cell(1, 0, 1, Some(*w))).collect::<Vec<_>>();
    let of = |cells: &[Cell]| {
        let cells: Vec<_> = cells.iter().map(|c| (Figure::Wait, c.clone())).collect();
        Table::of(definition(Figure::Wait), &Sums::of(&cells), SMALLEST).median(&Unit::Region, 2026)
    };
    assert_eq!(of(&weeks(&[1, 2, 2, 3, 6])), Some(2));
    assert_eq!(of(&weeks(&[0, 1, 3, 4, 5, 6])), Some(3));
    assert_eq!(of(&weeks(&[1, 2, 3, 4])), None);
}
