//! Figures that a practice and a region steer by (PROCESS M2, M4): does it happen, and in time? What each counts is data
//! with a version; from a patient's record come the counts, and from the counts what may be shown without anybody being
//! recognisable.

mod compared;
mod count;
mod definitions;
mod funnel;
mod overlap;
mod period;
pub mod report;
mod shown;
mod sum;

pub use compared::{Compared, compared};
pub use count::{Counted, Life, count, group, next_change};
pub use definitions::{Answer, Counts, DEFINITIONS, Definition, Group, Line, ONCE, definition};
pub use funnel::{Limits, limits};
pub use overlap::family;
pub use period::Quarter;
pub use shown::{Shown, Table, Unit, View};
pub use sum::{Cell, Sum, Sums};

use crate::coded::coded;
use crate::organisation::OrganisationKind;
use crate::role::Role;

coded! {
    /// The figures.
    pub enum Figure {
        Coverage "coverage" "Heeft een plan";
        Wait "wait" "Gesprek binnen zes weken na het signaal";
        Dementia "dementia" "Gesprek binnen een half jaar na de diagnose dementie";
        Reviewed "reviewed" "Op tijd geëvalueerd";
        Late "late" "Te laat";
        Wished "wished" "Overleden op de gewenste plek";
        Place "place" "Overleden buiten het ziekenhuis";
        LastMonth "last-month" "Ziekenhuisopname in de laatste maand";
        Emergency "emergency" "Plan gelezen bij spoed";
        Complete "complete" "Plan volledig besproken";
        Reasons "reasons" "Redenen bij grenzen vastgelegd";
        Own "own-record" "Ook in het eigen dossier bijgewerkt";
    }
}

/// Counts up whenever a definition changes, or how it is counted: then everybody is counted anew.
pub const VERSION: u32 = 3;

/// Groups of fewer people than this are not shown, unless somebody says another number: 1 to 4 people could be recognised.
pub const SMALLEST: u32 = 5;

/// May somebody in this role, at such an organisation, see the figures of a region: whoever coordinates it?
pub fn may_see_region(role: Role, kind: OrganisationKind) -> bool {
    role == Role::NetworkCoordinator && kind == OrganisationKind::Region
}

#[cfg(test)]
mod tests;
