//! The pages of a region's figures: what is shown, what is hidden, and nothing at all.

use super::pages::frame;
use crate::pages::frame::Place;
use crate::pages::region::{Found, Which, figure_view, overview_view};
use askama::Template;
use domain::figures::report::{Asked, Named, Report};
use domain::figures::{Cell, DEFINITIONS, Figure, Group, Quarter, Unit};
use domain::ident::OrganisationId;
use domain::organisation::OrganisationKind;

const YEAR: i16 = 2026;

/// A region in which every figure has something to show, and something to hide.
fn cells(organisations: &[Named]) -> Vec<(Figure, Cell)> {
    let mut all = Vec::new();
    for (n, organisation) in (1_u32..).zip(organisations) {
        for definition in DEFINITIONS {
            for (answer, _) in (0_u8..).zip(definition.answers) {
                for year in [YEAR - 1, YEAR] {
                    for (q, group) in (1_i8..).zip(Group::ALL) {
                        all.push((
                            definition.figure,
                            Cell {
                                organisation: organisation.id.clone(),
                                kind: organisation.kind,
                                quarter: Quarter { year, quarter: q },
                                group: *group,
                                answer,
                                weeks: (answer == 0 && definition.figure == Figure::Wait).then_some(3),
                                people: if n == 3 { 1 } else { 6 * n + u32::from(answer) },
                            },
                        ));
                    }
                }
            }
        }
    }
    all
}

fn found(some: bool) -> Found {
    let named: Vec<Named> = ["De Linde <b>", "Molenzicht", "Zandhoven", "Nabij"]
        .iter()
        .zip(1..)
        .map(|(name, n)| Named {
            id: OrganisationId::from_bits(n),
            name: (*name).to_owned(),
            kind: if n == 4 { OrganisationKind::HomeCare } else { OrganisationKind::GpPractice },
        })
        .collect();
    let asked = Asked {
        region: "Netwerk Overveld",
        organisations: &named,
        year: YEAR,
        years: 5,
        unit: Unit::Region,
        smallest: 5,
    };
    let cells = if some { cells(&named) } else { Vec::new() };
    Found {
        report: Report::of(&asked, None, &cells),
        named: named.clone(),
        which: Which::default(),
        examples: vec![("De Linde".to_owned(), "Elke maand MDO <b>".to_owned())],
    }
}

/// Each under the name of its file.
pub fn pages() -> Vec<(&'static str, String)> {
    let at = "2026-11-30T10:00:00Z".parse().ok();
    let overview = |some, at| {
        overview_view(frame("Cijfers van de regio", Place::Region), &found(some), at, YEAR).render().unwrap()
    };
    let figure = |some, figure| {
        let found = found(some);
        let told = found.report.figure(figure).unwrap();
        figure_view(frame(figure.dutch(), Place::BelowRegion), &found, told, YEAR).render().unwrap()
    };
    vec![
        ("regio", overview(true, at)),
        ("regio-leeg", overview(false, None)),
        ("regio-cijfer", figure(true, Figure::Coverage)),
        ("regio-cijfer-wachttijd", figure(true, Figure::Wait)),
        ("regio-cijfer-leeg", figure(false, Figure::Late)),
    ]
}
