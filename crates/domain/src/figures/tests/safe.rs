//! Nothing that is hidden can be computed from what is shown: for random regions, everything that any filter shows of several
//! figures at once (units, breakdowns, answers) is taken as equations over who is counted, and no small hidden number follows
//! from them: not by adding and taking away, and not by knowing that people are counted whole and never fewer than none. Also
//! not for somebody who knows all of one organisation.

mod solve;

use super::super::overlap::{People, WITHIN, Within};
use super::super::shown::{Shown, Table, Unit, View};
use super::super::{Cell, Counts, Definition, Figure, Group, Quarter, Sums, definition};
use crate::ident::OrganisationId;
use crate::organisation::OrganisationKind;
use proptest::prelude::*;
use solve::Known;
use std::collections::BTreeSet;

const YEAR: i16 = 2026;
/// Organisations of a region: four practices, two home care organisations.
const HOUSES: u8 = 6;

fn organisation(n: u8) -> (OrganisationId, OrganisationKind) {
    let kind = if n < 4 { OrganisationKind::GpPractice } else { OrganisationKind::HomeCare };
    (OrganisationId::from_bits(u128::from(n)), kind)
}

/// So many people of an organisation, in a quarter and a group, who have the same answers in all figures, or count in none or
/// at another time.
#[derive(Clone)]
struct Alike {
    organisation: OrganisationId,
    kind: OrganisationKind,
    quarter: i8,
    group: Group,
    answers: Vec<Option<u8>>,
    people: u32,
}

impl std::fmt::Debug for Alike {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { organisation, quarter, group, answers, people, .. } = self;
        let house = organisation.as_str().trim_start_matches('0');
        write!(f, "{house}/{quarter}/{group:?}/{answers:?}={people}")
    }
}

/// Figures that count the same people.
const SAME: [[Figure; 2]; 2] = [[Figure::Complete, Figure::Own], [Figure::Wished, Figure::Place]];

/// Few enough to be worked through, and so small that much is hidden.
fn region(figures: &'static [Figure], few: bool) -> impl Strategy<Value = Vec<Alike>> {
    let answers: Vec<Vec<Option<u8>>> = figures.iter().fold(vec![vec![]], |all, figure| {
        let answers = definition(*figure).answers;
        let last = u8::try_from(answers.len()).unwrap() - 1;
        let is_outer = figures.len() > 1 && WITHIN.iter().any(|w| w.outer.figure == *figure);
        // Of a figure with many answers the first and the last three tell enough; of one that others lie within, one answer
        // for each way to count.
        let tells = |a: &u8| {
            let counts = |n: u8| answers[usize::from(n)].counts;
            if is_outer { (0..*a).all(|before| counts(before) != counts(*a)) } else { *a == 0 || *a + 3 > last }
        };
        let next = (0..=last).filter(tells).map(Some);
        let next: Vec<_> = next.chain([None]).collect();
        all.iter().flat_map(|before| next.iter().map(|a| [before.as_slice(), &[*a]].concat())).collect()
    });
    let may_be = |answers: &Vec<Option<u8>>| {
        let has = |p: &People| {
            figures.iter().zip(answers).any(|(f, a)| *f == p.figure && a.is_some_and(|a| p.answers.contains(&a)))
        };
        let counts = |figure: &Figure| figures.iter().zip(answers).any(|(f, a)| f == figure && a.is_some());
        let same = SAME.iter().filter(|both| figures == *both).all(|[one, other]| counts(one) == counts(other));
        let there = |p: &People| figures.contains(&p.figure);
        let mut both = WITHIN.iter().filter(|w| there(&w.inner) && there(&w.outer));
        same && answers.iter().any(Option::is_some) && both.all(|w| !has(&w.inner) || has(&w.outer))
    };
    let answers: Vec<_> = answers.into_iter().filter(may_be).collect();
    let people = if few {
        prop_oneof![6 => Just(0_u32), 2 => 1..5_u32, 3 => 5..9_u32, 1 => 12..20_u32].boxed()
    } else {
        prop_oneof![3 => Just(0_u32), 2 => 1..5_u32, 4 => 5..12_u32, 2 => 20..40_u32].boxed()
    };
    let all: usize = usize::from(HOUSES) * answers.len() * 4;
    proptest::collection::vec(people, all).prop_map(move |people| {
        let mut people = people.into_iter();
        let mut region = Vec::new();
        for n in 0..HOUSES {
            let (organisation, kind) = organisation(n);
            for answers in &answers {
                for (group, quarter) in
                    [(Group::Dementia, 1), (Group::Dementia, 2), (Group::Other, 1), (Group::Other, 2)]
                {
                    let (organisation, answers, people) =
                        (organisation.clone(), answers.clone(), people.next().unwrap());
                    region.push(Alike { organisation, kind, quarter, group, answers, people });
                }
            }
        }
        region
    })
}

/// A number that could be asked for: whose it is, and whom it counts.
struct Asked {
    unit: Unit,
    who: Vec<bool>,
    people: u32,
    shown: bool,
}

/// Everything that any filter gives of these figures.
fn all_there_is_to_ask(figures: &[Figure], region: &[Alike]) -> Vec<Asked> {
    let cells: Vec<(Figure, Cell)> = figures
        .iter()
        .enumerate()
        .flat_map(|(place, figure)| region.iter().filter_map(move |alike| Some((*figure, cell(alike, place)?))))
        .collect();
    let mut units = vec![Unit::Region];
    units.extend(region.iter().map(|a| a.kind).collect::<BTreeSet<_>>().into_iter().map(Unit::Kind));
    let houses: BTreeSet<_> = region.iter().map(|a| a.organisation.clone()).collect();
    units.extend(houses.into_iter().map(Unit::Organisation));
    let mut asked = Vec::new();
    let sums = Sums::of(&cells);
    let tables: Vec<Table> = figures.iter().map(|figure| Table::of(definition(*figure), &sums, 5)).collect();
    for unit in &units {
        for (place, figure) in figures.iter().enumerate() {
            ask(&mut asked, region, &tables[place], definition(*figure), unit, place);
        }
        ask_between(&mut asked, region, figures, unit);
    }
    asked
}

fn cell(alike: &Alike, place: usize) -> Option<Cell> {
    Some(Cell {
        organisation: alike.organisation.clone(),
        kind: alike.kind,
        quarter: Quarter { year: YEAR, quarter: alike.quarter },
        group: alike.group,
        answer: alike.answers[place]?,
        weeks: None,
        people: alike.people,
    })
}

fn is_inside(unit: &Unit, a: &Alike) -> bool {
    match unit {
        Unit::Region => true,
        Unit::Kind(kind) => a.kind == *kind,
        Unit::Organisation(id) => a.organisation == *id,
    }
}

/// Those whom one figure counts and another within it does not: nobody shows them, and small ones must not follow.
fn ask_between(asked: &mut Vec<Asked>, region: &[Alike], figures: &[Figure], unit: &Unit) {
    let place = |p: &People| figures.iter().position(|f| *f == p.figure);
    for Within { inner, outer } in WITHIN {
        let (Some(fewer), Some(more)) = (place(inner), place(outer)) else { continue };
        let has = |a: &Alike, place: usize, p: &People| a.answers[place].is_some_and(|a| p.answers.contains(&a));
        let between = |a: &Alike| is_inside(unit, a) && has(a, more, outer) && !has(a, fewer, inner);
        for part in 0..5 {
            let of = |a: &Alike| match part {
                0 => true,
                1 | 2 => a.quarter == part,
                3 => a.group == Group::Dementia,
                _ => a.group == Group::Other,
            };
            let who: Vec<bool> = region.iter().map(|a| between(a) && of(a)).collect();
            let people = region.iter().zip(&who).filter(|(_, w)| **w).map(|(a, _)| a.people).sum();
            asked.push(Asked { unit: unit.clone(), who, people, shown: false });
        }
    }
}

fn ask(asked: &mut Vec<Asked>, region: &[Alike], table: &Table, figure: &Definition, unit: &Unit, place: usize) {
    let mut ask = |shown: bool, of: &dyn Fn(&Alike) -> bool| {
        let who: Vec<bool> = region.iter().map(|a| a.answers[place].is_some() && is_inside(unit, a) && of(a)).collect();
        let people = region.iter().zip(&who).filter(|(_, w)| **w).map(|(a, _)| a.people).sum();
        asked.push(Asked { unit: unit.clone(), who, people, shown });
    };
    let class = |a: &Alike| figure.answers[usize::from(a.answers[place].unwrap_or_default())].counts;
    let shown = |view| table.shown(unit, YEAR, view) != Shown::Hidden;
    for wanted in [Counts::Above, Counts::Below, Counts::Unknown] {
        ask(shown(View::Whole), &|a| class(a) == wanted);
        for group in [Group::Dementia, Group::Other] {
            ask(shown(View::Group(group)), &|a| class(a) == wanted && a.group == group);
        }
        for quarter in [1, 2] {
            ask(shown(View::Quarter(quarter)), &|a| class(a) == wanted && a.quarter == quarter);
        }
    }
    for answer in 0..figure.answers.len() {
        ask(table.answers(unit, YEAR).is_some(), &|a| a.answers[place].map(usize::from) == Some(answer));
    }
    // How many there are of a unit in all follows from any answer; where nothing is shown, it is hidden too.
    ask(false, &|_| true);
}

/// What somebody knows from what is shown, who knows all of some organisation; and of whom nothing is open any more.
fn known(asked: &[Asked], own: Option<&OrganisationId>, region: &[Alike]) -> (Known, Vec<bool>) {
    let mut open: Vec<bool> = region.iter().map(|a| Some(&a.organisation) != own).collect();
    // Of whom it is shown that there is nobody, nothing has to be found out.
    for a in asked.iter().filter(|a| a.shown && a.people == 0) {
        open.iter_mut().zip(&a.who).for_each(|(open, who)| *open &= !who);
    }
    let mut known = Known::default();
    for a in asked.iter().filter(|a| a.shown) {
        known.add(row(&a.who, &open));
    }
    (known, open)
}

fn row(who: &[bool], open: &[bool]) -> Vec<i64> {
    who.iter().zip(open).map(|(w, o)| i64::from(*w && *o)).collect()
}

/// Looks for a small number that is hidden and follows all the same.
fn leak(figures: &[Figure], region: &[Alike]) -> Option<String> {
    let asked = all_there_is_to_ask(figures, region);
    if let Some(bad) = asked.iter().find(|a| a.shown && (1..5).contains(&a.people)) {
        return Some(format!("{} people of {:?} are shown", bad.people, bad.unit));
    }
    let people: Vec<i64> = region.iter().map(|a| i64::from(a.people)).collect();
    let outsider = std::iter::once(None);
    for own in outsider.chain((0..HOUSES).map(|n| Some(organisation(n).0))) {
        let (known, open) = known(&asked, own.as_ref(), region);
        let of_others =
            |a: &&Asked| own.is_none() || matches!(&a.unit, Unit::Organisation(id) if Some(id) != own.as_ref());
        let hidden = asked.iter().filter(|a| !a.shown && (1..5).contains(&a.people)).filter(of_others);
        let hidden: Vec<&Asked> = hidden.collect();
        if let Some(found) = hidden.iter().find(|a| known.follows(row(&a.who, &open))) {
            return Some(format!("{own:?} computes {} people of {:?}", found.people, found.unit));
        }
        // The same may follow from nobody being fewer than none: one whole number is all that is left.
        for a in hidden {
            let (least, most) = known.range(&people, &row(&a.who, &open));
            if (least - 0.001).ceil() >= (most + 0.001).floor() {
                return Some(format!("nothing but {} people of {:?} fits what {own:?} sees", a.people, a.unit));
            }
        }
    }
    None
}

/// Those that are there at all.
fn there(region: &[Alike]) -> Vec<&Alike> {
    region.iter().filter(|alike| alike.people > 0).collect()
}

const ALONE: &[Figure] = &[Figure::Late];

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 60, ..ProptestConfig::with_cases(40) })]
    #[test]
    fn no_hidden_number_of_a_figure_can_be_computed_back(region in region(ALONE, false)) {
        prop_assert_eq!(leak(ALONE, &region), None, "{:?}", there(&region));
    }
}

/// Figures of which one tells something of another: they count the same people, or one counts some of the other's.
const TOGETHER: [&[Figure]; 6] = [
    &[Figure::Complete, Figure::Own],
    &[Figure::Complete, Figure::Reasons],
    &[Figure::Complete, Figure::Reviewed],
    &[Figure::Coverage, Figure::Wait],
    &[Figure::Wished, Figure::Place],
    &[Figure::Wished, Figure::Late],
];

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 60, ..ProptestConfig::with_cases(18) })]
    #[test]
    fn nor_from_figures_that_overlap(
        (figures, region) in proptest::sample::select(&TOGETHER[..]).prop_flat_map(|f| (Just(f), region(f, true)))
    ) {
        prop_assert_eq!(leak(figures, &region), None, "{:?} {:?}", figures, there(&region));
    }
}

/// Whether plans are complete can be told of the first practice and of all of them together: 21 people in the other three.
/// Were it told how many of the second and the third ticked, which looked at by itself is safe, ten and eight of these would be
/// gone, and three left in the fourth.
#[test]
fn a_figure_shows_no_more_than_another_that_counts_the_same_people() {
    let alike = |n: u8, answers: [u8; 2], people| {
        let answers = answers.map(Some);
        let (organisation, kind) = organisation(n);
        Alike { organisation, kind, quarter: 1, group: Group::Other, answers: answers.to_vec(), people }
    };
    let region = [
        alike(0, [0, 0], 18),
        alike(0, [0, 1], 2),
        alike(1, [0, 0], 7),
        alike(1, [1, 0], 3),
        alike(2, [0, 0], 6),
        alike(2, [1, 0], 2),
        alike(3, [1, 0], 3),
    ];
    assert_eq!(leak(&[Figure::Complete, Figure::Own], &region), None);
}

/// All 25 plans of the region, and the 22 of them with a limit, may each be told; not both, for three have none.
#[test]
fn who_is_left_between_two_figures_is_hidden_too() {
    let alike = |answers: [Option<u8>; 2], people| {
        let (organisation, kind) = organisation(0);
        Alike { organisation, kind, quarter: 1, group: Group::Other, answers: answers.to_vec(), people }
    };
    let region = [alike([Some(0), Some(0)], 22), alike([Some(0), None], 3)];
    assert_eq!(leak(&[Figure::Complete, Figure::Reasons], &region), None);
}

#[test]
fn the_equations_find_what_follows() {
    let mut known = Known::default();
    known.add(vec![1, 1, 1]);
    known.add(vec![0, 1, 1]);
    assert!(known.follows(vec![1, 0, 0]), "all without two of three");
    assert!(!known.follows(vec![0, 1, 0]));
    // Six people in two cells, none of them fewer than none: each may be any of them, and the third is known.
    let there = [4, 6, 0];
    let near = |found: (f64, f64), wanted: (f64, f64)| (found.0 - wanted.0).abs() + (found.1 - wanted.1).abs() < 0.001;
    assert!(near(known.range(&there, &[0, 1, 0]), (0.0, 6.0)) && near(known.range(&there, &[1, 0, 0]), (4.0, 4.0)));
    // Whoever knows that two are none together knows each of them.
    known.add(vec![0, 0, 1]);
    assert!(near(known.range(&there, &[0, 1, 0]), (6.0, 6.0)));
    let mut none = Known::default();
    none.add(vec![1, 1]);
    assert!(near(none.range(&[0, 0], &[1, 0]), (0.0, 0.0)));
}
