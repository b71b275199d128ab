//! `/regio`: the figures of a region (PROCESS M4, M6), for its network coordinator. Numbers only, never a person: what is
//! shown is what `domain::figures::Table` lets through.

pub mod chart;
mod exhibits;
mod figure;
mod files;
mod overview;
pub mod words;

pub use files::{Given, file};

#[cfg(test)]
pub use {figure::view as figure_view, overview::view as overview_view};

use super::field::{Choice, Field};
use super::practice::examples;
use crate::app::App;
use crate::error::PageError;
use crate::routes::{Routes, get};
use crate::session::SignedIn;
use domain::figures::report::{Asked, Named, Report, plural};
use domain::figures::{Figure, Group, Unit, family, may_see_region};
use domain::ident::OrganisationId;
use domain::organisation::OrganisationKind;
use domain::words::capitalised;
use serde::Deserialize;
use store::figures::Wanted;
use store::organisations::Organisation;

/// Years that a trend goes back, this one included.
pub const YEARS: i16 = 5;

/// Every page of a region's figures.
pub fn routes() -> Routes {
    Routes::new()
        .route("/regio", get(overview::get).post(overview::post))
        .route("/regio/cijfer/{cijfer}", get(figure::get))
        .route("/regio/regio.csv", get(files::csv))
        .route("/regio/regio.xlsx", get(files::xlsx))
        .route("/regio/regio.pdf", get(files::pdf))
        .route("/regio/measurereport.json", get(files::fhir))
}

/// What is asked in the address: codes only.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    /// The year.
    jaar: String,
    /// For whom: empty for the region, a kind of organisations, or the id of one.
    voor: String,
    /// Which part: empty for all, a group of diagnoses, or a quarter.
    deel: String,
}

/// Which part of a year is shown of every figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slice {
    /// All of it.
    All,
    /// One group of diagnoses.
    Group(Group),
    /// One quarter.
    Quarter(i8),
}

impl Slice {
    fn of_code(code: &str) -> Self {
        let quarter = || code.parse().ok().filter(|q| (1..=4).contains(q)).map(Self::Quarter);
        Group::of_code(code).map(Self::Group).or_else(quarter).unwrap_or(Self::All)
    }
}

/// A region with what was asked of it.
pub struct Found {
    /// The organisations.
    pub named: Vec<Named>,
    /// The figures.
    pub report: Report,
    /// As it was asked.
    pub which: Which,
    /// What went well at practices that agreed to share it: practice and words.
    pub examples: Vec<(String, String)>,
}

/// May this person see a region's figures?
pub fn may_see(who: &SignedIn) -> bool {
    who.actor.role.is_some_and(|role| may_see_region(role, who.organisation.kind))
}

fn unit(which: &str, named: &[Named]) -> Unit {
    if let Some(kind) = OrganisationKind::of_code(which) {
        return Unit::Kind(kind);
    }
    let one = OrganisationId::parse(which).ok().filter(|id| named.iter().any(|n| n.id == *id));
    one.map_or(Unit::Region, Unit::Organisation)
}

/// The organisations of a region, as figures name them.
///
/// # Errors
/// Where the store fails.
pub async fn named(app: &App, region: &OrganisationId) -> Result<Vec<Named>, store::Error> {
    let all = app.store().organisations_of(region).await?;
    Ok(all.into_iter().map(|o| Named { id: o.id, name: o.name, kind: o.kind }).collect())
}

/// All figures of a whole region in a year.
///
/// # Errors
/// Where the store fails.
pub async fn report(app: &App, region: &Organisation, year: i16) -> Result<Report, store::Error> {
    let named = named(app, &region.id).await?;
    of_unit(app, (region, &named), (year, Unit::Region), None).await
}

async fn of_unit(
    app: &App,
    (region, named): (&Organisation, &[Named]),
    (year, unit): (i16, Unit),
    only: Option<Figure>,
) -> Result<Report, store::Error> {
    let wanted = Wanted { figures: only.map_or(&[], family), from: year - YEARS + 1, to: year };
    let cells = app.store().figures_of_region(&region.id, wanted).await?;
    let smallest = app.smallest_group();
    let asked = Asked { region: &region.name, organisations: named, year, years: YEARS, unit, smallest };
    Ok(Report::of(&asked, only, &cells))
}

/// The report that was asked for.
///
/// # Errors
/// [`PageError::Forbidden`] where the role may not; where the store fails.
pub async fn find(app: &App, who: &SignedIn, which: Which, only: Option<Figure>) -> Result<Found, PageError> {
    if !may_see(who) {
        return Err(PageError::Forbidden);
    }
    let this_year = app.clock().today().year();
    let year = which.jaar.parse().ok().filter(|y| (this_year - 20..=this_year).contains(y)).unwrap_or(this_year);
    let region = &who.organisation;
    let named = named(app, &region.id).await?;
    let report = of_unit(app, (region, &named), (year, unit(&which.voor, &named)), only).await?;
    // They stand beside all figures, not beside one.
    let examples = if only.is_none() { examples(app, &region.id, year).await? } else { Vec::new() };
    Ok(Found { examples, report, which: Which { jaar: year.to_string(), ..which }, named })
}

impl Found {
    /// What can be chosen: the year, and for whom.
    pub fn filters(&self, this_year: i16) -> Vec<Field> {
        let years =
            (this_year - YEARS + 1..=this_year).rev().map(|y| Choice::of(y.to_string(), y.to_string())).collect();
        let mut units = vec![Choice::of("", "De hele regio")];
        for kind in OrganisationKind::ALL.iter().filter(|k| self.named.iter().any(|n| n.kind == **k)) {
            units.push(Choice::of(kind.code(), format!("Alle {}", plural(*kind))));
            let own = self.named.iter().filter(|n| n.kind == *kind);
            units.extend(own.map(|n| Choice::of(n.id.as_str(), n.name.clone())));
        }
        vec![
            Field::select("jaar", "Welk jaar?", &self.which.jaar, years),
            Field::select("voor", "Voor wie?", &self.which.voor, units),
        ]
    }

    /// Which part of each figure is shown.
    pub fn slice(&self) -> Slice {
        Slice::of_code(&self.which.deel)
    }

    /// The choice of a part.
    pub fn slices(&self) -> Field {
        let mut parts = vec![Choice::of("", "Het hele jaar, iedereen")];
        parts.extend(Group::ALL.iter().map(|g| Choice::of(g.code(), format!("Alleen {}", g.dutch()))));
        parts.extend((1..=4).map(|q| Choice::of(q.to_string(), format!("Alleen het {q}e kwartaal"))));
        Field::select("deel", "Welk deel?", &self.which.deel, parts)
    }

    /// The question of an address that asks the same.
    pub fn query(&self) -> String {
        format!(
            "jaar={}&voor={}",
            self.which.jaar,
            percent_encoding::utf8_percent_encode(&self.which.voor, percent_encoding::NON_ALPHANUMERIC)
        )
    }

    /// For whom and when, in words.
    pub fn about(&self) -> String {
        format!("{}, {}", capitalised(self.report.unit_name()), self.report.year)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_in_the_address_is_a_code_or_nothing() {
        let named =
            [Named { id: OrganisationId::from_bits(1), name: "De Linde".into(), kind: OrganisationKind::GpPractice }];
        assert_eq!(unit("", &named), Unit::Region);
        assert_eq!(unit("gp-practice", &named), Unit::Kind(OrganisationKind::GpPractice));
        assert_eq!(unit(named[0].id.as_str(), &named), Unit::Organisation(named[0].id.clone()));
        assert_eq!(unit(OrganisationId::from_bits(2).as_str(), &named), Unit::Region, "of another region");
        assert_eq!(Slice::of_code("3"), Slice::Quarter(3));
        assert_eq!(Slice::of_code("dementia"), Slice::Group(Group::Dementia));
        assert_eq!((Slice::of_code("5"), Slice::of_code("<b>")), (Slice::All, Slice::All));
    }
}
