//! The demo's emergency cards: one that holds, and one that was printed before the plan changed, as anybody prints them.

use super::SheetCard;
use super::life::Life;
use super::region::{Region, place};
use crate::app::program;
use crate::card::{ToPrint, code};
use domain::access::{Action, Relation, Sharing, permit};
use domain::card::{Kind, decisions};
use domain::date::local_day;
use domain::ident::PatientId;
use domain::plan::{PlanVersion, ReviewBy, emergency_view};
use jiff::Timestamp;
use store::{Error, Store};

/// Whose card is printed, and of which version.
struct Whose {
    id: PatientId,
    version: PlanVersion,
    standing: &'static str,
}

/// The cards to print.
#[derive(Default)]
pub struct Cards {
    current: Option<Whose>,
    replaced: Option<Whose>,
}

impl Cards {
    /// Takes from these lives whom it still lacks: patients of the first practice who agreed to share.
    pub fn see(&mut self, lives: &[Life]) {
        let shares = |life: &&Life| life.team.contains(&place::PRACTICES[0]) && life.sharing == Sharing::Agreed;
        for life in lives.iter().filter(shares) {
            let whose =
                |version: &PlanVersion, standing| Whose { id: life.id.clone(), version: version.clone(), standing };
            match life.versions.as_slice() {
                [.., last] if self.current.is_none() => self.current = Some(whose(last, "current")),
                [.., before, _] if self.replaced.is_none() => self.replaced = Some(whose(before, "replaced")),
                _ => {}
            }
        }
    }

    /// Prints them; a region without such patients has none.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn print(&self, store: &Store, region: &Region, now: Timestamp) -> Result<Vec<SheetCard>, Error> {
        let by = program(region.organisations[place::PRACTICES[0]].id.clone());
        let mut all = Vec::new();
        for Whose { id, version, standing } in [&self.current, &self.replaced].into_iter().flatten() {
            let Ok(leave) = permit(&by, Action::Print, id, Relation::default()) else { continue };
            let day = local_day(version.recorded_at);
            let view = emergency_view(&version.content, ReviewBy { today: day, interval_months: 0 });
            let to_print =
                ToPrint { kind: Kind::Card, version: version.number, day, decisions: decisions(&view.first) };
            let issued = code(store, &leave, to_print, version.recorded_at, now).await?;
            all.push(SheetCard { patient: id.to_string(), code: issued.code, standing: (*standing).to_owned() });
        }
        Ok(all)
    }
}
