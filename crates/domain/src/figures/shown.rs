//! What of the counts may be shown without anybody being recognisable.
//!
//! A figure of a year is shown for the region, for a kind of organisations or for one, whole or broken down in one of three
//! ways: by group of diagnoses, by quarter, by answer. Everybody is in exactly one organisation, quarter, group and answer,
//! so whatever is shown is a sum of these, and what could be computed back is a difference of such sums. Hence two rules,
//! for each year and each breakdown by itself:
//!
//! 1. A breakdown of a unit is shown whole or not at all; and only where each of its numbers (those above the line, those
//!    below it and those not known, for each part) is none at all or no smaller than the smallest group.
//! 2. What remains of a unit beside those parts of it that are shown obeys the same rule; also when one of the organisations
//!    in it takes away its own people, whom it knows. Where it does not, the smallest of the units that are shown is hidden
//!    too, and so on.
//!
//! Some figures count the same people in the same quarters ([`super::family`]): where one of them shows what another hides,
//! the numbers of one could be taken from those of the other. So they show the same units and breakdowns: the two rules
//! look at the numbers of all of them at once.
//!
//! Breakdowns are never crossed with each other. A difference of what is shown that counts people (and not fractions of
//! them) is then, in every organisation, a union of parts of one breakdown: what rule 1 speaks of; and in all that is not
//! shown, a union of parts of what remains: what rule 2 speaks of.

use super::{Definition, Figure, Group, Line, Quarter, family};
use crate::ident::OrganisationId;
use crate::organisation::OrganisationKind;
use std::collections::{BTreeMap, BTreeSet};

/// So many people of an organisation who have the same answer in the same quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Whose they are.
    pub organisation: OrganisationId,
    /// Of which kind that is.
    pub kind: OrganisationKind,
    /// When.
    pub quarter: Quarter,
    /// Of which group.
    pub group: Group,
    /// Number of the answer.
    pub answer: u8,
    /// Weeks until the conversation, where the figure is about a time.
    pub weeks: Option<u16>,
    /// How many.
    pub people: u32,
}

/// For whom a figure is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// All organisations of the region.
    Region,
    /// All of one kind.
    Kind(OrganisationKind),
    /// One.
    Organisation(OrganisationId),
}

/// Which part of a year's figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum View {
    /// All of it.
    Whole,
    /// One group of diagnoses.
    Group(Group),
    /// One quarter, 1 to 4.
    Quarter(i8),
}

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// This.
    Line(Line),
    /// Too few people, here or in what could be computed from it.
    Hidden,
}

impl Shown {
    /// The line, where it is shown.
    pub fn line(self) -> Option<Line> {
        match self {
            Self::Line(line) => Some(line),
            Self::Hidden => None,
        }
    }
}

/// The ways to break a year's figure down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Breakdown {
    Whole,
    Groups,
    Quarters,
    Answers,
}

const BREAKDOWNS: [Breakdown; 4] = [Breakdown::Whole, Breakdown::Groups, Breakdown::Quarters, Breakdown::Answers];

/// All that is counted of one unit in one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    whole: [u32; 3],
    groups: [[u32; 3]; 4],
    quarters: [[u32; 3]; 4],
    answers: Vec<u32>,
    weeks: BTreeMap<u16, u32>,
}

impl Sum {
    fn none(answers: usize) -> Self {
        Self {
            whole: [0; 3],
            groups: [[0; 3]; 4],
            quarters: [[0; 3]; 4],
            answers: vec![0; answers],
            weeks: BTreeMap::new(),
        }
    }

    fn add(&mut self, definition: &Definition, cell: &Cell) {
        let Some(answer) = definition.answers.get(usize::from(cell.answer)) else { return };
        let class = answer.counts as usize;
        self.whole[class] += cell.people;
        self.groups[cell.group as usize][class] += cell.people;
        if let Some(quarter) = usize::try_from(cell.quarter.quarter - 1).ok().and_then(|q| self.quarters.get_mut(q)) {
            quarter[class] += cell.people;
        }
        self.answers[usize::from(cell.answer)] += cell.people;
        if let Some(weeks) = cell.weeks {
            *self.weeks.entry(weeks).or_default() += cell.people;
        }
    }

    fn people(&self) -> u32 {
        self.whole.iter().sum()
    }

    /// The numbers that a breakdown shows.
    fn numbers(&self, by: Breakdown) -> Vec<u32> {
        match by {
            Breakdown::Whole => self.whole.to_vec(),
            Breakdown::Groups => self.groups.concat(),
            Breakdown::Quarters => self.quarters.concat(),
            Breakdown::Answers => self.answers.clone(),
        }
    }

    /// How it stands as a whole, whether it may be shown to others or not.
    pub fn line(&self) -> Line {
        line(self.whole)
    }

    /// How many have each answer.
    pub fn answers(&self) -> &[u32] {
        &self.answers
    }

    /// The middle of the weeks until the conversation, where at least so many had one.
    pub fn median(&self, smallest: u32) -> Option<u16> {
        let all: u32 = self.weeks.values().sum();
        if all < smallest.max(1) {
            return None;
        }
        let mut seen = 0;
        self.weeks
            .iter()
            .find(|(_, people)| {
                seen += **people;
                seen * 2 >= all
            })
            .map(|(weeks, _)| *weeks)
    }
}

fn line([above, below, unknown]: [u32; 3]) -> Line {
    Line { above, of: above + below, unknown }
}

/// One figure of a region: every unit and year, with what of it may be shown.
#[derive(Debug, Clone)]
pub struct Table {
    smallest: u32,
    answers: usize,
    sums: Sums,
    /// Those of the figures that count the same people, with their numbers of answers.
    beside: Vec<(Sums, usize)>,
    kinds: BTreeMap<OrganisationId, OrganisationKind>,
    shown: BTreeSet<(i16, Unit, Breakdown)>,
}

type Numbers = Vec<u32>;
type Sums = BTreeMap<(i16, Unit), Sum>;

/// Adds the cells of one figure up.
fn sums_of(definition: &Definition, cells: &[(Figure, Cell)]) -> Sums {
    let mut sums = Sums::new();
    for (_, cell) in cells.iter().filter(|(figure, c)| *figure == definition.figure && c.people > 0) {
        for unit in [Unit::Region, Unit::Kind(cell.kind), Unit::Organisation(cell.organisation.clone())] {
            let none = || Sum::none(definition.answers.len());
            sums.entry((cell.quarter.year, unit)).or_insert_with(none).add(definition, cell);
        }
    }
    sums
}

impl Table {
    /// Adds the cells of a figure up, and decides what may be shown. With them come those of its [`family`]; cells of other
    /// figures are passed over.
    pub fn of(definition: &Definition, cells: &[(Figure, Cell)], smallest: u32) -> Self {
        let own = cells.iter().filter(|(figure, c)| *figure == definition.figure && c.people > 0);
        let kinds = own.map(|(_, c)| (c.organisation.clone(), c.kind)).collect();
        let others = family(definition.figure).iter().filter(|figure| **figure != definition.figure);
        let beside = others.map(|f| super::definition(*f)).map(|d| (sums_of(d, cells), d.answers.len())).collect();
        let (answers, sums) = (definition.answers.len(), sums_of(definition, cells));
        let mut table = Self { smallest, answers, sums, beside, kinds, shown: BTreeSet::new() };
        for year in table.years() {
            for by in BREAKDOWNS {
                table.decide(year, by);
            }
        }
        table
    }

    /// The years in which there is anybody, oldest first.
    pub fn years(&self) -> Vec<i16> {
        self.sums.keys().map(|(year, _)| *year).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The organisations that have anybody.
    pub fn organisations(&self) -> impl Iterator<Item = (&OrganisationId, OrganisationKind)> {
        self.kinds.iter().map(|(id, kind)| (id, *kind))
    }

    /// What may be shown of a unit in a year. A unit without anybody shows nobody.
    pub fn shown(&self, unit: &Unit, year: i16, view: View) -> Shown {
        let by = match view {
            View::Whole => Breakdown::Whole,
            View::Group(_) => Breakdown::Groups,
            View::Quarter(_) => Breakdown::Quarters,
        };
        let Some(sum) = self.served(unit, year, by) else { return self.nobody(unit, year) };
        Shown::Line(line(match view {
            View::Whole => sum.whole,
            View::Group(group) => sum.groups[group as usize],
            View::Quarter(quarter) => {
                usize::try_from(quarter - 1).ok().and_then(|q| sum.quarters.get(q)).copied().unwrap_or_default()
            }
        }))
    }

    /// How many have each answer, where that may be shown.
    pub fn answers(&self, unit: &Unit, year: i16) -> Option<Vec<u32>> {
        if !self.sums.contains_key(&(year, unit.clone())) {
            return Some(vec![0; self.answers]);
        }
        self.served(unit, year, Breakdown::Answers).map(|s| s.answers.clone())
    }

    /// The middle of the weeks until the conversation, where the whole may be shown and enough people had one.
    pub fn median(&self, unit: &Unit, year: i16) -> Option<u16> {
        self.served(unit, year, Breakdown::Whole)?.median(self.smallest)
    }

    /// Everything of one organisation's own, shown or not: for its own people, who know them.
    pub fn own(&self, organisation: &OrganisationId, year: i16) -> Option<&Sum> {
        self.sums.get(&(year, Unit::Organisation(organisation.clone())))
    }

    fn served(&self, unit: &Unit, year: i16, by: Breakdown) -> Option<&Sum> {
        self.shown.contains(&(year, unit.clone(), by)).then(|| self.sums.get(&(year, unit.clone()))).flatten()
    }

    fn nobody(&self, unit: &Unit, year: i16) -> Shown {
        if self.sums.contains_key(&(year, unit.clone())) { Shown::Hidden } else { Shown::Line(Line::default()) }
    }

    /// Every number is none, or no smaller than the smallest group.
    fn is_safe(&self, numbers: &[u32]) -> bool {
        numbers.iter().all(|n| *n == 0 || *n >= self.smallest)
    }

    /// The numbers of a unit in all figures that count the same people.
    fn numbers(&self, year: i16, unit: Unit, by: Breakdown) -> Numbers {
        let key = (year, unit);
        let none = |answers| Sum::none(answers).numbers(by);
        let mut all = self.sums.get(&key).map_or_else(|| none(self.answers), |sum| sum.numbers(by));
        for (sums, answers) in &self.beside {
            all.extend(sums.get(&key).map_or_else(|| none(*answers), |sum| sum.numbers(by)));
        }
        all
    }

    /// May organisations with these numbers together be what remains, also for each of them (rule 2)?
    fn may_remain(&self, rest: &[&Numbers]) -> bool {
        let mut all: Numbers = rest.first().map_or_else(Vec::new, |numbers| vec![0; numbers.len()]);
        for numbers in rest {
            all.iter_mut().zip(*numbers).for_each(|(sum, n)| *sum += n);
        }
        let safe = |n: u32| n == 0 || n >= self.smallest;
        let without = |own: &&Numbers| all.iter().zip(*own).all(|(sum, n)| safe(sum - n));
        self.is_safe(&all) && rest.iter().all(without)
    }

    /// Of parts with the numbers of their organisations, smallest first: those that may be shown beside the whole; `None`
    /// where not even the whole may.
    fn beside<'a, T>(&self, mut parts: Vec<(T, Vec<&'a Numbers>)>, mut rest: Vec<&'a Numbers>) -> Option<Vec<T>> {
        parts.reverse();
        while !self.may_remain(&rest) {
            rest.extend(parts.pop()?.1);
        }
        Some(parts.into_iter().map(|(part, _)| part).collect())
    }

    fn is_shown(&self, year: i16, unit: &Unit, by: Breakdown) -> bool {
        self.shown.contains(&(year, unit.clone(), by))
    }

    /// May a unit show this breakdown, looked at by itself? What it does not show as a whole is not broken down either.
    fn by_itself(&self, year: i16, unit: &Unit, by: Breakdown) -> bool {
        let whole = by == Breakdown::Whole || self.is_shown(year, unit, Breakdown::Whole);
        whole && self.sums.contains_key(&(year, unit.clone())) && self.is_safe(&self.numbers(year, unit.clone(), by))
    }

    fn decide(&mut self, year: i16, by: Breakdown) {
        let people = |unit: &Unit| self.sums.get(&(year, unit.clone())).map_or(0, Sum::people);
        let mut of_kind: BTreeMap<OrganisationKind, Vec<&OrganisationId>> = BTreeMap::new();
        let mut numbers: BTreeMap<&OrganisationId, Numbers> = BTreeMap::new();
        for (id, kind) in &self.kinds {
            let unit = Unit::Organisation(id.clone());
            if people(&unit) > 0 {
                of_kind.entry(*kind).or_default().push(id);
                numbers.insert(id, self.numbers(year, unit, by));
            }
        }
        // For each kind: the organisations shown beside it, where it may be shown.
        let mut within = BTreeMap::new();
        for (kind, all) in &mut of_kind {
            all.sort_by_key(|id| (people(&Unit::Organisation((*id).clone())), (*id).clone()));
            let (fit, rest): (Vec<_>, Vec<_>) =
                all.iter().copied().partition(|id| self.by_itself(year, &Unit::Organisation((*id).clone()), by));
            let parts = fit.iter().map(|id| (*id, vec![&numbers[id]])).collect();
            let rest = rest.iter().map(|id| &numbers[id]).collect();
            let beside = self.by_itself(year, &Unit::Kind(*kind), by).then(|| self.beside(parts, rest)).flatten();
            within.insert(*kind, (beside, fit));
        }
        let mut fit: Vec<OrganisationKind> = within.iter().filter(|(_, w)| w.0.is_some()).map(|(k, _)| *k).collect();
        fit.sort_by_key(|kind| (people(&Unit::Kind(*kind)), *kind));
        let of = |kind: &OrganisationKind| of_kind[kind].iter().map(|id| &numbers[id]).collect::<Vec<_>>();
        let rest = of_kind.keys().filter(|kind| !fit.contains(kind)).flat_map(of).collect();
        let parts = fit.iter().map(|kind| (*kind, of(kind))).collect();
        let region = self.by_itself(year, &Unit::Region, by).then(|| self.beside(parts, rest)).flatten();
        let mut shown: Vec<Unit> = Vec::new();
        if region.is_some() {
            shown.push(Unit::Region);
        }
        for (kind, (beside, alone)) in within {
            let kind_shown = beside.is_some() && region.as_ref().is_none_or(|kinds| kinds.contains(&kind));
            let ids = match (kind_shown, beside) {
                (true, Some(beside)) => {
                    shown.push(Unit::Kind(kind));
                    beside
                }
                // Beside nothing that they could be taken away from, each stands for itself.
                _ if region.is_none() => alone,
                _ => Vec::new(),
            };
            shown.extend(ids.into_iter().map(|id| Unit::Organisation(id.clone())));
        }
        self.shown.extend(shown.into_iter().map(|unit| (year, unit, by)));
    }
}
