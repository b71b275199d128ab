//! Proving the log whole, and the plan versions it speaks of (`tijdig log verify`).

use crate::{Error, Result, Store};
use jiff::Timestamp;

/// What is wrong at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wrong {
    /// A row does not carry its own seal: it was changed or put in.
    Changed,
    /// A row was put in, or stands there twice.
    Inserted,
    /// Rows are gone from the middle.
    Removed,
    /// Rows are gone from the end.
    CutOff,
    /// An anchor is not what the log says it was.
    Anchor,
    /// The anchor kept outside the database is not in it.
    Outside,
    /// A plan version is not what was written, or is gone.
    Version,
}

/// A finding and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub wrong: Wrong,
    /// Chain: a patient's id or `instance`; absent where it cannot be told.
    pub chain: Option<String>,
    /// Place in the chain, or number of the anchor or version.
    pub seq: Option<u64>,
}

/// What verifying found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Rows looked at.
    pub rows: u64,
    /// Chains looked at.
    pub chains: u64,
    /// Anchors looked at.
    pub anchors: u64,
    /// Plan versions looked at.
    pub versions: u64,
    /// Last anchor up to which everything is as it was: number and time. What comes after it is whole in itself, but
    /// its end may have been cut off unseen.
    pub proven_until: Option<(u64, Timestamp)>,
    /// Rows after the last anchor.
    pub rows_after: u64,
    /// What is wrong, the first hundred.
    pub findings: Vec<Finding>,
    /// How much is wrong in all.
    pub wrong: u64,
}

impl Report {
    /// Nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.wrong == 0
    }
}

impl Store {
    /// Reads the whole log, every anchor and the digest of every plan version.
    pub async fn verify(&self) -> Result<Report> {
        Err(Error::Bug("not filled in"))
    }
}
