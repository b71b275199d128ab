//! Writing something about a document, with the version that it makes of the plan where it belongs there.

use crate::app::App;
use crate::error::PageError;
use domain::access::Permit;
use domain::document::{Event, laid};
use domain::people::Professional;
use domain::plan::{NextVersion, Recorder, VersionKind};
use store::plans::document::{Noted, WriteDocument};
use store::plans::{File, WriteVersion};

/// How often it is made anew because the plan changed meanwhile.
const TRIES: u32 = 16;

/// What is to be written.
pub struct Change {
    /// What happened.
    pub event: Event,
    /// The last step about this document that was read.
    pub seen: u32,
    /// A file that comes with it.
    pub file: Option<File>,
}

/// What became of it.
pub enum Outcome {
    /// It is written.
    Done,
    /// Somebody else wrote about this document meanwhile.
    Changed,
}

/// Writes it, upon the plan as it stands then.
///
/// # Errors
/// Where the store fails, or too many write at once.
pub async fn write(
    app: &App,
    permit: &Permit,
    by: &Recorder,
    author: &Professional,
    change: Change,
) -> Result<Outcome, PageError> {
    let (document, reason) = match &change.event {
        Event::Added { document, .. } | Event::Changed { document, .. } => (Some(document), None),
        Event::Ended { why, reason, .. } => (None, Some(format!("Document {}: {reason}", why.dutch()))),
    };
    for _ in 0..TRIES {
        let now = app.clock().now();
        let record = app.store().read(permit, now, "documents").await?.ok_or(PageError::Forbidden)?;
        let plan = record.plan.as_ref();
        let version = laid(change.event.name(), document, plan, author, now).map(|input| {
            let next = NextVersion {
                kind: VersionKind::Document,
                recorder: by.clone(),
                reason: reason.clone(),
                input,
                kept_beside: Vec::new(),
            };
            next.after(plan, now).0
        });
        let write = WriteDocument {
            event: &change.event,
            seen: change.seen,
            by,
            day: app.clock().today(),
            file: change.file.clone(),
            version: version.as_ref().map(|v| WriteVersion::of(v.number - 1, v)),
        };
        match app.store().write_document(permit, write, now).await? {
            Noted::Done => return Ok(Outcome::Done),
            Noted::Changed => return Ok(Outcome::Changed),
            Noted::Stale(_) => {}
        }
    }
    Err(PageError::Broken(store::Error::Commit("too many writers at once".to_owned())))
}
