//! Figures (PROCESS M2, M4): what each patient counts for, under a name that only the patient's key makes (decision 75),
//! and the sums of it, which is all that pages read.

mod own;
mod refresh;

pub use own::{Listed, Page};
pub use refresh::Refreshed;

use crate::organisations::organisation_id;
use crate::value::{Row, params};
use crate::{Error, Result, Store};
use domain::figures::{Cell, Figure, Group, Quarter};
use domain::ident::OrganisationId;
use domain::organisation::OrganisationKind;
use jiff::Timestamp;

/// Which sums are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// One figure; absent: all.
    pub figure: Option<Figure>,
    /// First year.
    pub from: i16,
    /// Last year.
    pub to: i16,
}

/// Grows with organisations, figures, years, groups and answers; not with patients.
const OF_REGION: &str = "SELECT c.figure, c.organisation_id, o.kind, c.year, c.quarter, c.diagnoses, c.answer, c.weeks, \
     c.people FROM organisation o JOIN figure_cell c ON c.organisation_id = o.organisation_id \
     WHERE o.region = ?1 AND (?2 = '' OR c.figure = ?2) AND c.year BETWEEN ?3 AND ?4 AND c.people > 0";
const OF_ONE: &str = "SELECT c.figure, c.organisation_id, o.kind, c.year, c.quarter, c.diagnoses, c.answer, c.weeks, \
     c.people FROM organisation o JOIN figure_cell c ON c.organisation_id = o.organisation_id \
     WHERE o.organisation_id = ?1 AND (?2 = '' OR c.figure = ?2) AND c.year BETWEEN ?3 AND ?4 AND c.people > 0";

impl Store {
    /// The sums of a region's organisations: numbers only. What of them may be shown, [`domain::figures::Table`] says.
    pub async fn figures_of_region(&self, region: &OrganisationId, wanted: Wanted) -> Result<Vec<(Figure, Cell)>> {
        self.cells(OF_REGION, region, wanted).await
    }

    /// The sums of one organisation, for its own people.
    pub async fn figures_of(&self, organisation: &OrganisationId, wanted: Wanted) -> Result<Vec<(Figure, Cell)>> {
        self.cells(OF_ONE, organisation, wanted).await
    }

    async fn cells(&self, sql: &'static str, of: &OrganisationId, wanted: Wanted) -> Result<Vec<(Figure, Cell)>> {
        let figure = wanted.figure.map_or("", Figure::code);
        let params = params![of.as_str(), figure, i64::from(wanted.from), i64::from(wanted.to)];
        self.core.db.many_rows(sql, params).await?.into_iter().map(cell).collect()
    }

    /// Up to when everything is counted; absent: nothing is yet.
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
