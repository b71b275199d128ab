//! Figures (PROCESS M2, M4): what each patient counts for, under a name that only the patient's key makes (decision 75),
//! and the sums of it, which is all that pages read; who is behind a number is read one by one, each with a permit.

mod kept;
mod own;
mod refresh;

pub use refresh::{Pace, Refreshed};

use crate::organisations::organisation_id;
use crate::value::{Row, params};
use crate::{Error, Result, Store};
use domain::figures::{Cell, Figure, Group, Quarter};
use domain::ident::OrganisationId;
use domain::organisation::OrganisationKind;
use jiff::Timestamp;

/// Which sums are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// Which figures, three at most; none: all.
    pub figures: &'a [Figure],
    /// First year.
    pub from: i16,
    /// Last year.
    pub to: i16,
}

/// Grows with organisations, figures, years, groups and answers; not with patients.
macro_rules! cells {
    ($of:literal $(, $figure:literal)?) => {
        concat!(
            "SELECT c.figure, c.organisation_id, o.kind, c.year, c.quarter, c.diagnoses, c.answer, c.weeks, c.people \
             FROM organisation o JOIN figure_cell c ON c.organisation_id = o.organisation_id \
             WHERE o.",
            $of,
            " = ?1 AND c.year BETWEEN ?2 AND ?3 AND c.people > 0"
            $(, $figure)?
        )
    };
}

/// The sums of all figures, and those of some.
#[derive(Clone, Copy)]
struct Texts {
    all: &'static str,
    some: &'static str,
}

const OF_REGION: Texts = Texts { all: cells!("region"), some: cells!("region", " AND c.figure IN (?4, ?5, ?6)") };
const OF_ONE: Texts =
    Texts { all: cells!("organisation_id"), some: cells!("organisation_id", " AND c.figure IN (?4, ?5, ?6)") };

impl Store {
    /// The sums of a region's organisations: numbers only. What of them may be shown, [`domain::figures::Table`] says.
    pub async fn figures_of_region(&self, region: &OrganisationId, wanted: Wanted<'_>) -> Result<Vec<(Figure, Cell)>> {
        self.cells(OF_REGION, region, wanted).await
    }

    /// The sums of one organisation, for its own people.
    pub async fn figures_of(&self, organisation: &OrganisationId, wanted: Wanted<'_>) -> Result<Vec<(Figure, Cell)>> {
        self.cells(OF_ONE, organisation, wanted).await
    }

    async fn cells(&self, texts: Texts, of: &OrganisationId, wanted: Wanted<'_>) -> Result<Vec<(Figure, Cell)>> {
        let (of, from, to) = (of.as_str(), i64::from(wanted.from), i64::from(wanted.to));
        let code = |n: usize| wanted.figures.get(n).or(wanted.figures.last()).map_or("", |figure| figure.code());
        let rows = if wanted.figures.is_empty() {
            self.core.db.many_rows(texts.all, params![of, from, to]).await?
        } else {
            self.core.db.many_rows(texts.some, params![of, from, to, code(0), code(1), code(2)]).await?
        };
        rows.into_iter().map(cell).collect()
    }

    /// When everything was counted last; absent: it never was yet.
    pub async fn figures_counted_at(&self) -> Result<Option<Timestamp>> {
        let row = self.core.db.row("SELECT number FROM meta WHERE name = 'figures_at' AND number > 0", &[]).await?;
        row.map(|r| r.time(0)).transpose()
    }
}

fn cell(mut row: Row) -> Result<(Figure, Cell)> {
    const WRONG: Error = Error::Bug("a table holds what is no figure");
    let small = |n: i64| i8::try_from(n).map_err(|_| WRONG);
    let (figure, kind, diagnoses) = (row.text(0)?, row.text(2)?, row.text(5)?);
    let cell = Cell {
        organisation: organisation_id(&row.text(1)?)?,
        kind: OrganisationKind::of_code(&kind).ok_or(WRONG)?,
        quarter: Quarter { year: i16::try_from(row.int(3)?).map_err(|_| WRONG)?, quarter: small(row.int(4)?)? },
        group: Group::of_code(&diagnoses).ok_or(WRONG)?,
        answer: u8::try_from(row.int(6)?).map_err(|_| WRONG)?,
        weeks: u16::try_from(row.int(7)?).ok(),
        people: row.count(8)?,
    };
    Ok((Figure::of_code(&figure).ok_or(WRONG)?, cell))
}
