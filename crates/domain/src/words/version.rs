//! How a version came to be, and what was said of it afterwards.

use crate::plan::{MarkKind, VersionKind};

/// How a version came to be: `vastgelegd na een gesprek`.
pub fn version_kind(kind: VersionKind) -> &'static str {
    match kind {
        VersionKind::Recorded => "vastgelegd na een gesprek",
        VersionKind::LimitsSet => "behandelgrenzen beoordeeld door een arts",
        VersionKind::Confirmed => "ongewijzigd bevestigd",
        VersionKind::Corrected => "gecorrigeerd",
        VersionKind::Document => "document vastgelegd",
        VersionKind::DeliveredForm => "elders vastgelegd, ontvangen als formulier",
        VersionKind::DeliveredBlocks => "elders vastgelegd, ontvangen als bouwstenen",
    }
}

/// What was said of a version afterwards: `gemarkeerd als onjuist`.
pub fn mark_kind(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Wrong => "gemarkeerd als onjuist",
        MarkKind::Withdrawn => "ingetrokken door de patiënt",
    }
}
