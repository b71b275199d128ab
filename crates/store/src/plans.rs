//! Plans: reading what counts, the versions, their sources and files; writing a version.

use crate::patients::PatientRecord;
use crate::{Error, Result, Store};
use domain::access::{Permit, Sharing};
use domain::ident::AttachmentId;
use domain::plan::{CurrentPlan, Mark, PlanVersion};
use jiff::Timestamp;

/// A patient with the plan as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Who it is.
    pub patient: PatientRecord,
    /// The plan; absent where nothing was recorded yet.
    pub plan: Option<CurrentPlan>,
}

/// [`Record`] as the unsealed bytes of its JSON, for who needs only a part of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RawRecord {
    /// Revision of the identity.
    pub revision: u32,
    /// When the identity last changed.
    pub changed_at: Timestamp,
    /// JSON of `domain::patient::Patient`.
    pub patient: Vec<u8>,
    /// Number of the newest version, and JSON of `domain::plan::CurrentPlan`.
    pub plan: Option<(u32, Vec<u8>)>,
}

/// What was kept rendered beside the plan: bytes of the caller's own making, sealed here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Projection {
    /// The caller's number for the way it is written; another number than expected means: render anew.
    pub format: u32,
    /// Version of the plan it shows.
    pub number: u32,
    /// Revision of the identity it shows.
    pub revision: u32,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// One version with what was said of it afterwards.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredVersion {
    /// The version.
    pub version: PlanVersion,
    /// Marked wrong or withdrawn.
    pub mark: Option<Mark>,
    /// SHA-256 over what is stored of it and over `previous_digest` (decision 73).
    pub digest: [u8; 32],
    /// Digest of the version before; zeros for the first.
    pub previous_digest: [u8; 32],
}

/// A file of a patient's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Id, also in the plan's `FileRef`.
    pub id: AttachmentId,
    /// Media type.
    pub media_type: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// A version to write.
#[derive(Debug, Clone)]
pub struct WriteVersion<'a> {
    /// Number of the newest version this one was made on; 0 where there was none. `version.number` is one more.
    pub expected: u32,
    /// The version.
    pub version: &'a PlanVersion,
    /// What it was delivered as, to the letter (decision 30).
    pub source: Option<Vec<u8>>,
    /// Files that come with it.
    pub files: Vec<File>,
    /// Identifiers and fingerprints by which a second delivery of the same is known.
    pub same_as: Vec<String>,
    /// Newly answered consent to share (decision 51).
    pub sharing: Option<Sharing>,
    /// Rendering to keep beside the plan: format number and bytes.
    pub projection: Option<(u32, Vec<u8>)>,
    /// The draft of the actor's organisation has become this version: remove it.
    pub ends_draft: bool,
}

impl<'a> WriteVersion<'a> {
    /// A version with nothing beside it.
    pub fn of(expected: u32, version: &'a PlanVersion) -> Self {
        Self {
            expected,
            version,
            source: None,
            files: Vec::new(),
            same_as: Vec::new(),
            sharing: None,
            projection: None,
            ends_draft: false,
        }
    }
}

/// What became of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// On disk, under this number.
    Done(u32),
    /// The newest version is this one, not the expected; nothing was written.
    Stale(u32),
    /// The same was delivered before, as this version; nothing was written.
    Same(u32),
}

impl Store {
    /// Identity and current plan: the hot path. `what` names for the log what is asked, such as `plan` or `Consent`.
    /// `None`: no such patient.
    pub async fn read(&self, _permit: &Permit, _now: Timestamp, _what: &'static str) -> Result<Option<Record>> {
        Err(Error::Bug("not filled in"))
    }
    /// As [`Store::read`], without making types of it.
    pub async fn read_raw(&self, _permit: &Permit, _now: Timestamp, _what: &'static str) -> Result<Option<RawRecord>> {
        Err(Error::Bug("not filled in"))
    }
    /// What was kept rendered; `None` where there is none, or it shows an older plan or identity. Logged only when
    /// something is given: otherwise [`Store::read`] follows.
    pub async fn read_projection(&self, _permit: &Permit, _now: Timestamp, _what: &'static str) -> Result<Option<Projection>> {
        Err(Error::Bug("not filled in"))
    }
    /// Keeps a rendering of what [`Store::read`] gave. Ignored where the plan or identity changed meanwhile.
    pub async fn keep_projection(&self, _permit: &Permit, _projection: &Projection) -> Result<()> {
        Err(Error::Bug("not filled in"))
    }
    /// Every version, oldest first.
    pub async fn versions(&self, _permit: &Permit, _now: Timestamp, _what: &'static str) -> Result<Vec<StoredVersion>> {
        Err(Error::Bug("not filled in"))
    }
    /// One version.
    pub async fn version(&self, _permit: &Permit, _number: u32, _now: Timestamp) -> Result<Option<StoredVersion>> {
        Err(Error::Bug("not filled in"))
    }
    /// What the delivered versions were delivered as: version number and bytes, oldest first.
    pub async fn sources(&self, _permit: &Permit, _now: Timestamp) -> Result<Vec<(u32, Vec<u8>)>> {
        Err(Error::Bug("not filled in"))
    }
    /// One file.
    pub async fn file(&self, _permit: &Permit, _id: &AttachmentId, _now: Timestamp) -> Result<Option<File>> {
        Err(Error::Bug("not filled in"))
    }
    /// Writes a version: plan, log row, consent, files, all or nothing.
    pub async fn write_version(&self, _permit: &Permit, _write: WriteVersion<'_>, _now: Timestamp) -> Result<Written> {
        Err(Error::Bug("not filled in"))
    }
    /// Marks a version wrong or withdrawn (decision 5), and writes with it the version that says what counts from now
    /// on. [`Written::Same`]: it was marked before, nothing was written.
    pub async fn mark_version(
        &self,
        _permit: &Permit,
        _number: u32,
        _mark: &Mark,
        _then: WriteVersion<'_>,
        _now: Timestamp,
    ) -> Result<Written> {
        Err(Error::Bug("not filled in"))
    }
}
