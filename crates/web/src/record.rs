//! Writing the next version: read, let the domain make it, write, and try again where somebody else was first.

use crate::access::{Denied, refuse};
use crate::app::App;
use domain::access::Permit;
use domain::plan::{Applied, NextVersion, PlanVersion, newly_shared};
use std::time::Duration;
use store::patients::PatientRecord;
use store::plans::{File, Record, WriteVersion, Written};
use store::random;

/// How often a version is made anew because another one came between.
const TRIES: u32 = 16;
/// Longest wait before the next try.
const LONGEST: Duration = Duration::from_millis(200);

/// What goes with a version beside what it says.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// What it was delivered as, to the letter.
    pub source: Option<Vec<u8>>,
    /// Files.
    pub files: Vec<File>,
    /// By what a second delivery is known.
    pub same_as: Vec<String>,
    /// The organisation's draft has become this version.
    pub ends_draft: bool,
}

/// What came of it.
#[derive(Debug)]
pub enum Recorded {
    /// A new version.
    New {
        /// The version.
        version: Box<PlanVersion>,
        /// What became of its topics.
        applied: Box<Applied>,
        /// Whose plan it is, as they were known then.
        patient: Box<PatientRecord>,
    },
    /// The same was delivered before, as this version.
    Same(u32),
}

impl Recorded {
    /// The number of the version, new or not.
    pub fn number(&self) -> u32 {
        match self {
            Self::New { version, .. } => version.number,
            Self::Same(number) => *number,
        }
    }

    /// Was it written now?
    pub fn is_new(&self) -> bool {
        matches!(self, Self::New { .. })
    }
}

/// Records the next version of a patient's plan. `make` is called with the record as it stands, again for each try.
///
/// # Errors
/// Whatever `make` refuses, no basis, or a store that fails.
pub async fn record<E: From<Denied>>(
    app: &App,
    permit: &Permit,
    beside: &Beside,
    mut make: impl FnMut(&Record) -> Result<NextVersion, E>,
) -> Result<Recorded, E> {
    let broken = |e: store::Error| E::from(Denied::Broken(e));
    for tried in 0..TRIES {
        if tried > 1 {
            // Several instances may be in each other's way: who waits for a while of its own gets through.
            let longest = LONGEST.min(Duration::from_millis(1 << tried));
            let part = u32::from(random::bytes::<1>()[0]);
            tokio::time::sleep(longest * part / 256).await;
        }
        let now = app.clock().now();
        let record = app.store().read(permit, now, "plan").await.map_err(broken)?;
        let Some(record) = record else {
            return Err(refuse(app, permit.actor(), permit.action().code(), None).await.into());
        };
        let next = make(&record)?;
        let (version, applied) = next.after(record.plan.as_ref(), now);
        let write = WriteVersion {
            source: beside.source.clone(),
            files: beside.files.clone(),
            same_as: beside.same_as.clone(),
            sharing: newly_shared(&version),
            ends_draft: beside.ends_draft,
            ..WriteVersion::of(version.number - 1, &version)
        };
        match app.store().write_version(permit, write, now).await.map_err(broken)? {
            Written::Done(_) => {
                metrics::counter!("tijdig_versions_total").increment(1);
                let patient = Box::new(record.patient);
                return Ok(Recorded::New { version: Box::new(version), applied: Box::new(applied), patient });
            }
            Written::Same(number) => return Ok(Recorded::Same(number)),
            Written::Stale(_) => {}
        }
    }
    Err(broken(store::Error::Commit("too many writers at once".to_owned())))
}
