//! What every resource carries: id, profile, version and time (decision 36).

use super::codeable;
use super::object::Object;
use crate::r4::id::Local;
use crate::r4::{ResourceType, View};
use domain::plan::SourceFacts;
use jiff::Timestamp;
use serde_json::{Value, json};

/// Canonical base of the standard's profiles.
pub(in crate::r4) const BASE: &str = "https://api.iknl.nl/docs/pzp/r4/StructureDefinition/";

/// A moment as a FHIR `instant`, to the millisecond.
pub(in crate::r4) fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// Which version of a resource it is, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::r4) struct Edition {
    /// The plan version in which the resource last changed; of a Patient its revision.
    pub version: u32,
    /// When that was recorded.
    pub at: Timestamp,
}

/// Begins a resource: type, id and meta. `history` is the n-th earlier statement of an earlier version.
pub(in crate::r4) fn begin(
    view: &View<'_>,
    kind: ResourceType,
    local: Local,
    profile: &str,
    edition: Edition,
    history: Option<u32>,
) -> Object {
    let version = match history {
        Some(n) => format!("{}-{n}", edition.version),
        None => edition.version.to_string(),
    };
    Object::resource(kind).with("id", view.id_of(local)).with(
        "meta",
        json!({"versionId": version, "lastUpdated": instant(edition.at), "profile": [format!("{BASE}{profile}")]}),
    )
}

/// The source's identifiers.
pub(in crate::r4) fn identifiers(source: &SourceFacts) -> Vec<Value> {
    codeable::identifiers(&source.identifiers)
}

/// The source's status, else the usual one.
pub(in crate::r4) fn status<'a>(source: &'a SourceFacts, usual: &'a str) -> &'a str {
    source.status.as_deref().unwrap_or(usual)
}
