//! `/praktijk`: a practice steers by its own figures (PROCESS M2, M3): plan, do, check and act, goals, the lists behind the
//! numbers, and the visits of the region. Who sees patients opens a list; who does not, sees the numbers.

mod figure;
mod goals;
mod list;
mod overview;
mod visit;
mod visits;

pub use visits::examples;

#[cfg(test)]
pub use {
    figure::view as figure_view,
    goals::view as goals_view,
    list::ListPage,
    overview::view as overview_view,
    visit::view as visit_view,
    visits::{VisitRow, VisitsPage, new_view},
};

use super::field::Problem;
use crate::app::App;
use crate::error::PageError;
use crate::routes::{Routes, get};
use crate::session::SignedIn;
use domain::figures::{Compared, Figure, compared, family};
use domain::practice::given::Flaw;
use domain::practice::{Written, may_steer};
use serde::Deserialize;
use store::figures::Wanted;

/// Years that can be looked back at, this one included.
const YEARS: i16 = 5;

/// Every page of a practice.
pub fn routes() -> Routes {
    Routes::new()
        .route("/praktijk", get(overview::get).post(overview::post))
        .route("/praktijk/cijfer/{cijfer}", get(figure::get))
        .route("/praktijk/lijst/{cijfer}", get(list::get))
        .route("/praktijk/doelen", get(goals::get).post(goals::post))
        .route("/praktijk/bezoeken", get(visits::get))
        .route("/praktijk/bezoeken/nieuw", get(visits::get_new).post(visits::post_new))
        .route("/praktijk/bezoeken/{bezoek}", get(visit::get).post(visit::post))
}

/// What is asked in the address: codes only.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    /// The year.
    jaar: String,
}

impl Which {
    /// The year that is asked, within reach of this one.
    pub fn year(&self, this_year: i16) -> i16 {
        self.jaar.parse().ok().filter(|y| (this_year - YEARS + 1..=this_year).contains(y)).unwrap_or(this_year)
    }
}

/// May this person steer by the figures of their practice?
pub fn may_see(who: &SignedIn) -> bool {
    who.actor.role.is_some_and(|role| may_steer(role, who.organisation.kind))
}

/// # Errors
/// The refusal that all get who may not.
fn allowed(who: &SignedIn) -> Result<(), PageError> {
    if may_see(who) { Ok(()) } else { Err(PageError::Forbidden) }
}

/// The practice's figures beside those of the others.
///
/// # Errors
/// Where the store fails.
async fn own(app: &App, who: &SignedIn, year: i16, only: Option<Figure>) -> Result<Vec<Compared>, store::Error> {
    let house = &who.organisation;
    let wanted = Wanted { figures: only.map_or(&[], family), from: year, to: year };
    let cells = match &house.region {
        Some(region) => app.store().figures_of_region(region, wanted).await?,
        None => app.store().figures_of(&house.id, wanted).await?,
    };
    Ok(compared((&house.id, house.kind), year, only, &cells, app.smallest_group()))
}

/// Who writes, and when.
fn written(app: &App, who: &SignedIn) -> Written {
    Written { by: super::talks::forms::introduced(&who.actor), at: app.clock().now() }
}

/// What is wrong, as a page tells it.
fn problems(flaws: Vec<Flaw>) -> Vec<Problem> {
    flaws.into_iter().map(|f| Problem::at(&f.field, f.sentence)).collect()
}
