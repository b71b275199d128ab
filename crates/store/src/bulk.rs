//! Many patients at once, for a demo or an import on the command line: the same functions, one transaction for all.

use crate::plans::WriteVersion;
use crate::team::Member;
use crate::{Error, Result, Store};
use domain::access::{Permit, Sharing};
use domain::patient::Patient;
use jiff::Timestamp;

/// A patient with everything that comes at once.
#[derive(Debug, Clone)]
pub struct BulkPatient<'a> {
    /// Permit of [`domain::access::Action::RegisterPatient`].
    pub permit: &'a Permit,
    /// Who it is.
    pub patient: &'a Patient,
    /// When registered.
    pub at: Timestamp,
    /// The care team, from then.
    pub team: &'a [Member],
    /// Consent to share, if anything was said about it.
    pub sharing: Option<Sharing>,
    /// The versions in order, each with the permit and the time of its writing.
    pub versions: Vec<(&'a Permit, WriteVersion<'a>, Timestamp)>,
}

impl Store {
    /// Writes all or nothing, in one transaction; a few hundred at once are right. [`Error::Taken`] where a BSN is in
    /// use.
    pub async fn bulk(&self, _patients: &[BulkPatient<'_>]) -> Result<()> {
        Err(Error::Bug("not filled in"))
    }
}
