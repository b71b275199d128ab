//! Anchors: each minute all changed heads of the log are bound into one chain, whose head is also kept outside the
//! database (decision 71).

use crate::{Error, Result, Store};
use jiff::Timestamp;

/// An anchor that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchored {
    /// Its number, from 1.
    pub number: u64,
    /// Rows of the log since the anchor before.
    pub rows: u64,
    /// Chains that changed.
    pub chains: u64,
}

impl Store {
    /// Makes an anchor over what changed since the last; `None` where nothing did. To be called each minute.
    pub async fn anchor(&self, _now: Timestamp) -> Result<Option<Anchored>> {
        Err(Error::Bug("not filled in"))
    }
}
