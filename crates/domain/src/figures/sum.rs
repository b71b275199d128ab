//! What is counted of one unit in one year, added up.

use super::{Definition, Figure, Group, Line, Quarter, Unit, definition};
use crate::ident::OrganisationId;
use crate::organisation::OrganisationKind;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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

/// The numbers that are shown together.
pub(super) type Numbers = Vec<u32>;

/// The ways to break a year's figure down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Breakdown {
    Whole,
    Groups,
    Quarters,
    Answers,
}

/// All that is counted of one unit in one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    pub(super) whole: [u32; 3],
    pub(super) groups: [[u32; 3]; 4],
    pub(super) quarters: [[u32; 3]; 4],
    pub(super) answers: Vec<u32>,
    weeks: BTreeMap<u16, u32>,
}

impl Sum {
    /// Nobody, of a figure with so many answers.
    pub(super) fn none(answers: usize) -> Self {
        Self {
            whole: [0; 3],
            groups: [[0; 3]; 4],
            quarters: [[0; 3]; 4],
            answers: vec![0; answers],
            weeks: BTreeMap::new(),
        }
    }

    /// Adds these people.
    pub(super) fn add(&mut self, definition: &Definition, cell: &Cell) {
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

    /// Adds whom another one counts.
    fn add_all(&mut self, other: &Self) {
        let add = |to: &mut [u32], from: &[u32]| to.iter_mut().zip(from).for_each(|(sum, n)| *sum += n);
        add(&mut self.whole, &other.whole);
        add(self.groups.as_flattened_mut(), other.groups.as_flattened());
        add(self.quarters.as_flattened_mut(), other.quarters.as_flattened());
        add(&mut self.answers, &other.answers);
        for (weeks, people) in &other.weeks {
            *self.weeks.entry(*weeks).or_default() += people;
        }
    }

    /// How many there are in all.
    pub(super) fn people(&self) -> u32 {
        self.whole.iter().sum()
    }

    /// The numbers that a breakdown shows.
    pub(super) fn numbers(&self, by: Breakdown) -> Vec<u32> {
        match by {
            Breakdown::Whole => self.whole.to_vec(),
            Breakdown::Groups => self.groups.concat(),
            Breakdown::Quarters => self.quarters.concat(),
            Breakdown::Answers => self.answers.clone(),
        }
    }

    /// How many have one of these answers, for each part of a breakdown; `None` where its numbers do not tell these apart.
    pub(super) fn those(&self, definition: &Definition, answers: &[u8], by: Breakdown) -> Option<Numbers> {
        // A class of answers is wholly among these, or not at all.
        let among = |class: usize| {
            (0_u8..).zip(definition.answers).any(|(n, a)| a.counts as usize == class && answers.contains(&n))
        };
        let told = (0_u8..).zip(definition.answers).all(|(n, a)| among(a.counts as usize) == answers.contains(&n));
        let sum = |of: &[u32; 3]| (0..3).filter(|class| among(*class)).map(|class| of[class]).sum();
        match by {
            Breakdown::Answers => Some(vec![answers.iter().filter_map(|a| self.answers.get(usize::from(*a))).sum()]),
            _ if !told => None,
            Breakdown::Whole => Some(vec![sum(&self.whole)]),
            Breakdown::Groups => Some(self.groups.iter().map(sum).collect()),
            Breakdown::Quarters => Some(self.quarters.iter().map(sum).collect()),
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

/// The sums of every unit, year and figure: added up once, for all tables that are made of them.
#[derive(Debug, Default)]
pub struct Sums {
    figures: BTreeMap<Figure, BTreeMap<i16, BTreeMap<Unit, Sum>>>,
    kinds: BTreeMap<OrganisationId, OrganisationKind>,
}

impl Sums {
    /// Adds cells up.
    pub fn of(cells: &[(Figure, Cell)]) -> Arc<Self> {
        let mut sums = Self::default();
        let mut own: BTreeMap<(Figure, i16, &OrganisationId), Sum> = BTreeMap::new();
        for (figure, cell) in cells.iter().filter(|(_, c)| c.people > 0) {
            let definition = definition(*figure);
            let first = || {
                sums.kinds.insert(cell.organisation.clone(), cell.kind);
                Sum::none(definition.answers.len())
            };
            let year = cell.quarter.year;
            own.entry((*figure, year, &cell.organisation)).or_insert_with(first).add(definition, cell);
        }
        for ((figure, year, id), sum) in own {
            let units = sums.figures.entry(figure).or_default().entry(year).or_default();
            let kind = sums.kinds.get(id).map(|kind| Unit::Kind(*kind));
            for wider in [Unit::Region].into_iter().chain(kind) {
                units.entry(wider).or_insert_with(|| Sum::none(sum.answers.len())).add_all(&sum);
            }
            units.insert(Unit::Organisation(id.clone()), sum);
        }
        Arc::new(sums)
    }

    /// That of a unit in a year.
    pub(super) fn get(&self, figure: Figure, unit: &Unit, year: i16) -> Option<&Sum> {
        self.figures.get(&figure)?.get(&year)?.get(unit)
    }

    /// The years in which these figures count anybody.
    pub(super) fn years(&self, of: &[Figure]) -> BTreeSet<i16> {
        of.iter().filter_map(|figure| self.figures.get(figure)).flat_map(|years| years.keys().copied()).collect()
    }

    /// The organisations that have anybody in one of these figures.
    pub(super) fn organisations(&self, of: &[Figure]) -> BTreeMap<OrganisationId, OrganisationKind> {
        let units = of.iter().filter_map(|figure| self.figures.get(figure)).flat_map(BTreeMap::values);
        let there: BTreeSet<&Unit> = units.flat_map(BTreeMap::keys).collect();
        let is_there = |id: &OrganisationId| there.contains(&Unit::Organisation(id.clone()));
        self.kinds.iter().filter(|(id, _)| is_there(id)).map(|(id, kind)| (id.clone(), *kind)).collect()
    }
}

pub(super) fn line([above, below, unknown]: [u32; 3]) -> Line {
    Line { above, of: above + below, unknown }
}
