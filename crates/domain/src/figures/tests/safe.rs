//! Nothing that is hidden can be computed from what is shown: for random regions, all that is shown is taken as equations
//! over who is counted, and no hidden number follows from them. Also for somebody who knows all of one organisation.

use super::super::shown::{Cell, Shown, Table, Unit, View};
use super::super::{Figure, Group, Quarter, definition};
use crate::ident::OrganisationId;
use crate::organisation::OrganisationKind;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Arithmetic over a large prime stands for that over fractions: a number that follows there follows here.
const PRIME: i128 = (1 << 61) - 1;
const YEAR: i16 = 2026;

fn inverse(of: i128) -> i128 {
    let (mut power, mut base, mut result) = (PRIME - 2, of.rem_euclid(PRIME), 1_i128);
    while power > 0 {
        if power & 1 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        power >>= 1;
    }
    result
}

/// What follows from equations: rows in echelon form.
#[derive(Default)]
struct Known(Vec<Vec<i128>>);

impl Known {
    fn rest(&self, mut row: Vec<i128>) -> Vec<i128> {
        for basis in &self.0 {
            let lead = basis.iter().position(|v| *v != 0).unwrap();
            let times = row[lead];
            if times != 0 {
                row.iter_mut().zip(basis).for_each(|(r, b)| *r = (*r - times * b).rem_euclid(PRIME));
            }
        }
        row
    }

    fn add(&mut self, row: Vec<i128>) {
        let mut row = self.rest(row);
        if let Some(lead) = row.iter().position(|v| *v != 0) {
            let scale = inverse(row[lead]);
            for v in &mut row {
                *v = *v * scale % PRIME;
            }
            self.0.push(row);
        }
    }

    fn follows(&self, row: Vec<i128>) -> bool {
        self.rest(row).iter().all(|v| *v == 0)
    }
}

fn organisation(n: u8) -> (OrganisationId, OrganisationKind) {
    let kind = if n < 4 { OrganisationKind::GpPractice } else { OrganisationKind::HomeCare };
    (OrganisationId::from_bits(u128::from(n)), kind)
}

/// Few enough to be worked through, and so small that much is hidden.
fn region() -> impl Strategy<Value = Vec<Cell>> {
    let few = prop_oneof![3 => Just(0_u32), 2 => 1..5_u32, 4 => 5..12_u32, 2 => 20..40_u32];
    proptest::collection::vec(few, 6 * 3 * 2 * 2).prop_map(|people| {
        let mut people = people.into_iter();
        let mut cells = Vec::new();
        for n in 0..6 {
            let (organisation, kind) = organisation(n);
            for answer in 0..3 {
                for group in [Group::Dementia, Group::Other] {
                    for quarter in [1, 2] {
                        cells.push(Cell {
                            organisation: organisation.clone(),
                            kind,
                            quarter: Quarter { year: YEAR, quarter },
                            group,
                            answer,
                            weeks: None,
                            people: people.next().unwrap(),
                        });
                    }
                }
            }
        }
        cells
    })
}

/// A number that could be asked for: whose it is, and whom it counts.
struct Asked {
    unit: Unit,
    who: Vec<bool>,
    people: u32,
    shown: bool,
}

fn all_there_is_to_ask(table: &Table, cells: &[Cell]) -> Vec<Asked> {
    let definition = definition(Figure::Late);
    let mut units = vec![Unit::Region];
    let kinds: BTreeSet<_> = cells.iter().map(|c| c.kind).collect();
    units.extend(kinds.into_iter().map(Unit::Kind));
    let organisations: BTreeSet<_> = cells.iter().map(|c| c.organisation.clone()).collect();
    units.extend(organisations.into_iter().map(Unit::Organisation));
    let mut asked = Vec::new();
    for unit in units {
        let inside = |c: &Cell| match &unit {
            Unit::Region => true,
            Unit::Kind(kind) => c.kind == *kind,
            Unit::Organisation(id) => c.organisation == *id,
        };
        let mut ask = |shown: bool, of: &dyn Fn(&Cell) -> bool| {
            let who: Vec<bool> = cells.iter().map(|c| inside(c) && of(c)).collect();
            let people = cells.iter().zip(&who).filter(|(_, w)| **w).map(|(c, _)| c.people).sum();
            asked.push(Asked { unit: unit.clone(), who, people, shown });
        };
        for class in [super::super::Counts::Above, super::super::Counts::Below] {
            let counts = |c: &Cell| definition.answers[usize::from(c.answer)].counts == class;
            let shown = |view| table.shown(&unit, YEAR, view) != Shown::Hidden;
            ask(shown(View::Whole), &counts);
            for group in [Group::Dementia, Group::Other] {
                ask(shown(View::Group(group)), &|c| counts(c) && c.group == group);
            }
            for quarter in [1, 2] {
                ask(shown(View::Quarter(quarter)), &|c| counts(c) && c.quarter.quarter == quarter);
            }
        }
        for answer in 0..3 {
            ask(table.answers(&unit, YEAR).is_some(), &|c| c.answer == answer);
        }
    }
    asked
}

fn equations(asked: &[Asked], own: &dyn Fn(usize) -> bool, cells: &[Cell]) -> (Known, Vec<bool>) {
    // Of whom it is shown that there is nobody, nothing has to be found out.
    let mut open = vec![true; cells.len()];
    for a in asked.iter().filter(|a| a.shown && a.people == 0) {
        open.iter_mut().zip(&a.who).for_each(|(open, who)| *open &= !who);
    }
    let row = |who: &[bool]| who.iter().zip(&open).map(|(w, o)| i128::from(*w && *o)).collect::<Vec<_>>();
    let mut known = Known::default();
    for a in asked.iter().filter(|a| a.shown) {
        known.add(row(&a.who));
    }
    for i in (0..cells.len()).filter(|i| own(*i)) {
        known.add(row(&(0..cells.len()).map(|j| j == i).collect::<Vec<_>>()));
    }
    (known, open)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn no_hidden_number_can_be_computed_back(cells in region()) {
        let table = Table::of(definition(Figure::Late), &cells, 5);
        let asked = all_there_is_to_ask(&table, &cells);
        for a in asked.iter().filter(|a| a.shown) {
            prop_assert!(a.people == 0 || a.people >= 5, "shown, and too small");
        }
        let row = |who: &[bool], open: &[bool]| who.iter().zip(open).map(|(w, o)| i128::from(*w && *o)).collect();
        let (known, open) = equations(&asked, &|_| false, &cells);
        for a in asked.iter().filter(|a| !a.shown && (1..5).contains(&a.people)) {
            prop_assert!(!known.follows(row(&a.who, &open)), "{} people of {:?}", a.people, a.unit);
        }
        for n in 0..6 {
            let own = organisation(n).0;
            let (known, open) = equations(&asked, &|i| cells[i].organisation == own, &cells);
            let of_others = |a: &&Asked| matches!(&a.unit, Unit::Organisation(id) if *id != own);
            for a in asked.iter().filter(|a| !a.shown && (1..5).contains(&a.people)).filter(of_others) {
                prop_assert!(!known.follows(row(&a.who, &open)), "{:?} knows {} of {:?}", own, a.people, a.unit);
            }
        }
    }
}

#[test]
fn the_equations_find_what_follows() {
    let mut known = Known::default();
    known.add(vec![1, 1, 1]);
    known.add(vec![0, 1, 1]);
    assert!(known.follows(vec![1, 0, 0]), "all without two of three");
    assert!(!known.follows(vec![0, 1, 0]));
}
