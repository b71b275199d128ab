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
//! Some figures count the same people in the same quarters ([`same`]): where one of them shows what another hides, the numbers
//! of one could be taken from those of the other. So they show the same units and breakdowns: the two rules look at the
//! numbers of all of them at once.
//!
//! Of some figures all the people are people of another ([`WITHIN`]): the difference of the two counts those who are left. Such a
//! figure shows nothing that the other hides, and the two rules look at that difference too. Whatever remains of it is then made
//! of units that the other shows and of what remains there, so that each difference that counts people is a sum of such
//! differences and of numbers of the other, and each of these obeys the rules.
//!
//! Breakdowns are never crossed with each other. A difference of what is shown that counts people (and not fractions of
//! them) is then, in every organisation, a union of parts of one breakdown: what rule 1 speaks of; and in all that is not
//! shown, a union of parts of what remains: what rule 2 speaks of.

use super::overlap::{People, WITHIN, Within, by_answer_alone, outer, same};
use super::sum::{Breakdown, Numbers, Sum, Sums, line};
use super::{Definition, Figure, Group, Line, definition, family};
use crate::ident::OrganisationId;
use crate::organisation::OrganisationKind;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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

/// One figure of a region: every unit and year, with what of it may be shown.
#[derive(Debug, Clone)]
pub struct Table {
    figure: Figure,
    smallest: u32,
    sums: Arc<Sums>,
    kinds: BTreeMap<OrganisationId, OrganisationKind>,
    shown: BTreeSet<(i16, Unit, Breakdown)>,
}

impl Table {
    /// Decides what may be shown of a figure; the sums hold those of its [`family`] too.
    pub fn of(definition: &Definition, sums: &Arc<Sums>, smallest: u32) -> Self {
        let (figure, all) = (definition.figure, family(definition.figure));
        let (kinds, years) = (sums.organisations(all), sums.years(all));
        let outer = outer(figure).map(|f| Self::of(super::definition(f), sums, smallest));
        let mut table = Self { figure, smallest, sums: Arc::clone(sums), kinds, shown: BTreeSet::new() };
        for year in years {
            table.decide(year, outer.as_ref());
        }
        table
    }

    /// Decides what is shown of a year, beside a figure that has all its people.
    fn decide(&mut self, year: i16, outer: Option<&Self>) {
        let table = &*self;
        let units = |by, may: &dyn Fn(&Unit) -> bool| Together { table, year, by }.units(may);
        let told = |unit: &Unit, by| {
            let beside = outer.filter(|_| by == Breakdown::Answers || !by_answer_alone(table.figure));
            // Of whom it is known by answer alone on which day they died, the other figure tells as a whole.
            let of = if by_answer_alone(table.figure) { Breakdown::Whole } else { by };
            beside.is_none_or(|outer| outer.is_served(unit, year, of))
        };
        let whole = units(Breakdown::Whole, &|unit| told(unit, Breakdown::Whole));
        // What is not shown as a whole is not broken down either.
        let is_told = |unit: &Unit| whole.contains(unit) || !table.is_anybody(unit, year, Breakdown::Whole);
        let broken = [Breakdown::Groups, Breakdown::Quarters, Breakdown::Answers]
            .map(|by| (by, units(by, &|unit| told(unit, by) && is_told(unit))));
        let shown = broken.into_iter().chain([(Breakdown::Whole, whole)]);
        let shown: Vec<_> = shown.flat_map(|(by, units)| units.into_iter().map(move |u| (year, u, by))).collect();
        self.shown.extend(shown);
    }

    /// The organisations that have anybody in one of the figures of the family.
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
        if !self.is_served(unit, year, by) {
            return Shown::Hidden;
        }
        let Some(sum) = self.sum(self.figure, unit, year) else { return Shown::Line(Line::default()) };
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
        let nobody = || vec![0; definition(self.figure).answers.len()];
        let sum = self.sum(self.figure, unit, year);
        self.is_served(unit, year, Breakdown::Answers).then(|| sum.map_or_else(nobody, |s| s.answers.clone()))
    }

    /// The middle of the weeks until the conversation, where the whole may be shown and enough people had one.
    pub fn median(&self, unit: &Unit, year: i16) -> Option<u16> {
        let sum = self.sum(self.figure, unit, year).filter(|_| self.is_served(unit, year, Breakdown::Whole));
        sum?.median(self.smallest)
    }

    /// Everything of one organisation's own, shown or not: for its own people, who know them.
    pub fn own(&self, organisation: &OrganisationId, year: i16) -> Option<&Sum> {
        self.sum(self.figure, &Unit::Organisation(organisation.clone()), year)
    }

    fn sum(&self, figure: Figure, unit: &Unit, year: i16) -> Option<&Sum> {
        self.sums.get(figure, unit, year)
    }

    /// The figures of whose people a breakdown tells something.
    fn told_of(&self, by: Breakdown) -> &'static [Figure] {
        let alone = by != Breakdown::Answers && by_answer_alone(self.figure);
        if alone { same(self.figure) } else { family(self.figure) }
    }

    /// Is there anybody in one of the figures that this tells something of?
    fn is_anybody(&self, unit: &Unit, year: i16, by: Breakdown) -> bool {
        self.told_of(by).iter().any(|figure| self.sum(*figure, unit, year).is_some())
    }

    /// May it be shown? Nobody may; but not that there is nobody in one figure, where another is hidden.
    fn is_served(&self, unit: &Unit, year: i16, by: Breakdown) -> bool {
        self.shown.contains(&(year, unit.clone(), by)) || !self.is_anybody(unit, year, by)
    }
}

/// The numbers that are looked at together, for one breakdown of a year.
struct Together<'a> {
    table: &'a Table,
    year: i16,
    by: Breakdown,
}

impl Together<'_> {
    fn people(&self, unit: &Unit) -> u32 {
        self.table.told_of(self.by).iter().filter_map(|f| self.table.sum(*f, unit, self.year)).map(Sum::people).sum()
    }

    /// The numbers of a unit in the figures that show the same, and of those whom another counts and one of these does not.
    fn numbers(&self, unit: &Unit) -> Numbers {
        let of = |figure: Figure, take: &dyn Fn(&Sum) -> Numbers| {
            let none = || take(&Sum::none(definition(figure).answers.len()));
            self.table.sum(figure, unit, self.year).map_or_else(none, take)
        };
        let (shown, told_of) = (same(self.table.figure), self.table.told_of(self.by));
        let mut all: Numbers = shown.iter().flat_map(|f| of(*f, &|sum| sum.numbers(self.by))).collect();
        let among = |w: &&Within| shown.contains(&w.inner.figure) && told_of.contains(&w.outer.figure);
        for Within { inner, outer } in WITHIN.iter().filter(among) {
            let those = |people: &People| {
                let told =
                    |sum: &Sum| sum.those(definition(people.figure), people.answers, self.by).unwrap_or_default();
                of(people.figure, &told)
            };
            all.extend(those(outer).iter().zip(those(inner)).map(|(more, fewer)| more.saturating_sub(fewer)));
        }
        all
    }

    fn is_safe(&self, n: u32) -> bool {
        n == 0 || n >= self.table.smallest
    }

    /// May organisations with these numbers together be what remains, also for each of them (rule 2)?
    fn may_remain(&self, rest: &[&Numbers]) -> bool {
        let mut all: Numbers = rest.first().map_or_else(Vec::new, |numbers| vec![0; numbers.len()]);
        for numbers in rest {
            all.iter_mut().zip(*numbers).for_each(|(sum, n)| *sum += n);
        }
        let without = |own: &&Numbers| all.iter().zip(*own).all(|(sum, n)| self.is_safe(sum - n));
        all.iter().all(|n| self.is_safe(*n)) && rest.iter().all(without)
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

    /// May a unit show this breakdown, looked at by itself?
    fn by_itself(&self, unit: &Unit) -> bool {
        self.people(unit) > 0 && self.numbers(unit).iter().all(|n| self.is_safe(*n))
    }

    /// The units that are shown, of those that may be.
    fn units(&self, may: &dyn Fn(&Unit) -> bool) -> Vec<Unit> {
        let by_itself = |unit: &Unit| may(unit) && self.by_itself(unit);
        let mut of_kind: BTreeMap<OrganisationKind, Vec<&OrganisationId>> = BTreeMap::new();
        let mut numbers: BTreeMap<&OrganisationId, Numbers> = BTreeMap::new();
        for (id, kind) in &self.table.kinds {
            let unit = Unit::Organisation(id.clone());
            if self.people(&unit) > 0 {
                of_kind.entry(*kind).or_default().push(id);
                numbers.insert(id, self.numbers(&unit));
            }
        }
        // For each kind: the organisations shown beside it, where it may be shown.
        let mut within = BTreeMap::new();
        for (kind, all) in &mut of_kind {
            all.sort_by_key(|id| (self.people(&Unit::Organisation((*id).clone())), (*id).clone()));
            let (fit, rest): (Vec<_>, Vec<_>) =
                all.iter().copied().partition(|id| by_itself(&Unit::Organisation((*id).clone())));
            let parts = fit.iter().map(|id| (*id, vec![&numbers[id]])).collect();
            let rest = rest.iter().map(|id| &numbers[id]).collect();
            let beside = by_itself(&Unit::Kind(*kind)).then(|| self.beside(parts, rest)).flatten();
            within.insert(*kind, (beside, fit));
        }
        let mut fit: Vec<OrganisationKind> = within.iter().filter(|(_, w)| w.0.is_some()).map(|(k, _)| *k).collect();
        fit.sort_by_key(|kind| (self.people(&Unit::Kind(*kind)), *kind));
        let of = |kind: &OrganisationKind| of_kind[kind].iter().map(|id| &numbers[id]).collect::<Vec<_>>();
        let rest = of_kind.keys().filter(|kind| !fit.contains(kind)).flat_map(of).collect();
        let parts = fit.iter().map(|kind| (*kind, of(kind))).collect();
        let region = by_itself(&Unit::Region).then(|| self.beside(parts, rest)).flatten();
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
        shown
    }
}
