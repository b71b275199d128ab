//! The figures of one organisation for its own people: all of its own, held against what may be shown of the others.

use super::{Cell, DEFINITIONS, Definition, Figure, Line, Sums, Table, Unit, View};
use crate::ident::OrganisationId;
use crate::organisation::OrganisationKind;

/// One figure of an organisation beside the others of its kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// What it counts.
    pub definition: &'static Definition,
    /// How it stands here.
    pub line: Line,
    /// How many have each answer here.
    pub answers: Vec<u32>,
    /// The middle of the weeks until the conversation here.
    pub weeks: Option<u16>,
    /// Per cent in the whole region, where that is shown.
    pub region: Option<f64>,
    /// The other organisations of its kind in the region, as far as they are shown; without their names.
    pub others: Vec<Line>,
}

impl Compared {
    /// The least, the middle and the most per cent among the others; absent with fewer than three of them: of two there is no
    /// middle, and each would be told.
    pub fn spread(&self) -> Option<(f64, f64, f64)> {
        let mut all: Vec<f64> = self.others.iter().filter_map(|l| l.percent()).collect();
        all.sort_by(f64::total_cmp);
        (all.len() >= 3).then(|| (all[0], all[all.len() / 2], all[all.len() - 1]))
    }
}

/// Figures of an organisation in a year, from the sums of its whole region: of one figure, with its [`super::family`], or of all.
pub fn compared(
    (own, kind): (&OrganisationId, OrganisationKind),
    year: i16,
    only: Option<Figure>,
    cells: &[(Figure, Cell)],
    smallest: u32,
) -> Vec<Compared> {
    let sums = Sums::of(cells);
    let one = |definition: &'static Definition| {
        let table = Table::of(definition, &sums, smallest);
        let here = table.own(own, year);
        let other = |(id, of): (&OrganisationId, OrganisationKind)| {
            (id != own && of == kind).then(|| table.shown(&Unit::Organisation(id.clone()), year, View::Whole).line())?
        };
        Compared {
            definition,
            line: here.map(super::Sum::line).unwrap_or_default(),
            answers: here.map_or_else(|| vec![0; definition.answers.len()], |sum| sum.answers().to_vec()),
            weeks: here.and_then(|sum| sum.median(1)),
            region: table.shown(&Unit::Region, year, View::Whole).line().and_then(Line::percent),
            others: table.organisations().filter_map(other).filter(|l| l.of > 0).collect(),
        }
    };
    DEFINITIONS.iter().filter(|d| only.is_none_or(|f| d.figure == f)).map(one).collect()
}
