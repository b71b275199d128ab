//! The figures of a region for one year, as every way of giving them out tells them: page, paper, spreadsheet, CSV and FHIR.
//! Each makes its own form of this one report, so that none can tell another number.

use super::{Cell, DEFINITIONS, Definition, Figure, Group, Limits, Line, Shown, Sums, Table, Unit, View, limits};
use crate::ident::OrganisationId;
use crate::organisation::OrganisationKind;

/// An organisation of the region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its id.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: OrganisationKind,
}

/// One number with whom it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// For whom.
    pub unit: Unit,
    /// The name of that.
    pub name: String,
    /// What is shown of it.
    pub shown: Shown,
    /// The middle of the weeks until the conversation, for figures about a time.
    pub weeks: Option<u16>,
    /// Where it would fall by chance, were it like the whole region.
    pub limits: Option<Limits>,
}

/// A part of the whole: a year, a group, a quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which, in words.
    pub name: String,
    /// Which, as a code.
    pub code: String,
    /// What is shown of it.
    pub shown: Shown,
}

/// One figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// What it counts.
    pub definition: &'static Definition,
    /// For whom it was asked.
    pub whole: Entry,
    /// Per cent in the whole region, where it is shown.
    pub region: Option<f64>,
    /// The years up to this one.
    pub trend: Vec<Part>,
    /// By group of diagnoses.
    pub groups: Vec<Part>,
    /// By quarter.
    pub quarters: Vec<Part>,
    /// How many have each answer; absent: too few people.
    pub answers: Option<Vec<u32>>,
    /// Kinds of organisations.
    pub kinds: Vec<Entry>,
    /// Organisations, by kind and name.
    pub organisations: Vec<Entry>,
}

/// All figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The region.
    pub region: String,
    /// The year.
    pub year: i16,
    /// Groups of fewer people are not shown.
    pub smallest: u32,
    /// For whom.
    pub unit: Unit,
    /// The figures, in their order.
    pub figures: Vec<Told>,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// Name of the region.
    pub region: &'a str,
    /// Its organisations.
    pub organisations: &'a [Named],
    /// The year.
    pub year: i16,
    /// How many years the trend goes back.
    pub years: i16,
    /// For whom.
    pub unit: Unit,
    /// Groups of fewer people are not shown.
    pub smallest: u32,
}

impl Report {
    /// Makes the report of one figure, or of all; `cells` holds those of its [`super::family`] too.
    pub fn of(asked: &Asked<'_>, only: Option<Figure>, cells: &[(Figure, Cell)]) -> Self {
        let sums = Sums::of(cells);
        let figures = DEFINITIONS
            .iter()
            .filter(|d| only.is_none_or(|figure| d.figure == figure))
            .map(|definition| told(asked, definition, &Table::of(definition, &sums, asked.smallest)))
            .collect();
        Self {
            region: asked.region.to_owned(),
            year: asked.year,
            smallest: asked.smallest,
            unit: asked.unit.clone(),
            figures,
        }
    }

    /// One of its figures.
    pub fn figure(&self, figure: Figure) -> Option<&Told> {
        self.figures.iter().find(|t| t.definition.figure == figure)
    }

    /// What the unit is called.
    pub fn unit_name(&self) -> &str {
        self.figures.first().map_or(&self.region, |t| &t.whole.name)
    }
}

fn told(asked: &Asked<'_>, definition: &'static Definition, table: &Table) -> Told {
    let (year, unit) = (asked.year, &asked.unit);
    let region = table.shown(&Unit::Region, year, View::Whole).line().and_then(Line::percent);
    let entry = |unit: Unit, name: &str| {
        let shown = table.shown(&unit, year, View::Whole);
        let by_chance = match unit {
            Unit::Organisation(_) => shown.line().zip(region).and_then(|(l, r)| limits(r / 100.0, l.of)),
            Unit::Region | Unit::Kind(_) => None,
        };
        Entry { weeks: table.median(&unit, year), name: name.to_owned(), shown, limits: by_chance, unit }
    };
    let part = |name: String, code: String, shown| Part { name, code, shown };
    let there: Vec<&Named> =
        asked.organisations.iter().filter(|o| table.organisations().any(|(id, _)| *id == o.id)).collect();
    let kinds = OrganisationKind::ALL.iter().filter(|kind| there.iter().any(|o| o.kind == **kind));
    let mut organisations: Vec<(OrganisationKind, Entry)> =
        there.iter().map(|o| (o.kind, entry(Unit::Organisation(o.id.clone()), &o.name))).collect();
    organisations.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.name.cmp(&b.1.name)));
    let name = match unit {
        Unit::Region => asked.region.to_owned(),
        Unit::Kind(kind) => plural(*kind).to_owned(),
        Unit::Organisation(id) => {
            asked.organisations.iter().find(|o| o.id == *id).map(|o| o.name.clone()).unwrap_or_default()
        }
    };
    Told {
        definition,
        whole: entry(unit.clone(), &name),
        region,
        trend: (year - asked.years + 1..=year)
            .map(|y| part(y.to_string(), y.to_string(), table.shown(unit, y, View::Whole)))
            .collect(),
        groups: Group::ALL
            .iter()
            .map(|g| part(g.dutch().to_owned(), g.code().to_owned(), table.shown(unit, year, View::Group(*g))))
            .collect(),
        quarters: (1..=4)
            .map(|q| part(format!("{q}e kwartaal"), format!("{year}-{q}"), table.shown(unit, year, View::Quarter(q))))
            .collect(),
        answers: table.answers(unit, year),
        kinds: kinds.map(|kind| entry(Unit::Kind(*kind), plural(*kind))).collect(),
        organisations: organisations.into_iter().map(|(_, e)| e).collect(),
    }
}

/// Organisations of a kind, in words.
pub fn plural(kind: OrganisationKind) -> &'static str {
    match kind {
        OrganisationKind::GpPractice => "huisartsenpraktijken",
        OrganisationKind::HomeCare => "thuiszorgorganisaties",
        OrganisationKind::NursingHome => "verpleeghuizen",
        OrganisationKind::Hospital => "ziekenhuizen",
        OrganisationKind::Hospice => "hospices",
        OrganisationKind::OutOfHours => "spoedzorg",
        OrganisationKind::Region => "regionale netwerken",
        OrganisationKind::Other => "andere organisaties",
    }
}
