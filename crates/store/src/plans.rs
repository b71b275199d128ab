//! Plans: reading what counts, the versions, their sources and files; writing a version.

pub mod document;
mod history;
pub(crate) mod projection;
mod read;
pub(crate) mod write;

use crate::patients::PatientRecord;
use crate::seal::{Place, digest};
use domain::access::Sharing;
use domain::consent::Consent;
use domain::ident::{AttachmentId, PatientId};
use domain::plan::{CurrentPlan, Mark, PlanVersion};
use jiff::Timestamp;

/// A patient with the plan as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Who it is.
    pub patient: PatientRecord,
    /// The plan; absent where nothing was recorded yet.
    pub plan: Option<CurrentPlan>,
    /// What the patient says about sharing (decision 51).
    pub consent: Consent,
}

/// [`Record`] as the unsealed bytes of its JSON, for who needs only a part of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RawRecord {
    /// Revision of the identity.
    pub revision: u32,
    /// When the identity last changed.
    pub changed_at: Timestamp,
    /// The record this one was merged into.
    pub merged_into: Option<PatientId>,
    /// JSON of `domain::patient::Patient`.
    pub patient: Vec<u8>,
    /// Number of the newest version, and JSON of `domain::plan::CurrentPlan`.
    pub plan: Option<(u32, Vec<u8>)>,
    /// JSON of `domain::consent::Consent`.
    pub consent: Vec<u8>,
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
    /// The parts, each with its length before it (4 bytes, little-endian): they are sealed apart, so that
    /// [`crate::Store::read_projection_part`] opens no more than it gives.
    pub bytes: Vec<u8>,
}

/// One part of a [`Projection`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectionPart {
    /// The caller's number for the way it is written.
    pub format: u32,
    /// Version of the plan it shows.
    pub number: u32,
    /// Revision of the identity it shows.
    pub revision: u32,
    /// The part, without its length.
    pub bytes: Vec<u8>,
}

impl Projection {
    /// The parts; `None` where the lengths do not fit.
    pub fn parts(&self) -> Option<Vec<&[u8]>> {
        let mut parts = Vec::new();
        let mut rest = self.bytes.as_slice();
        while !rest.is_empty() {
            let (length, behind) = rest.split_first_chunk::<4>()?;
            let (part, behind) = behind.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
            parts.push(part);
            rest = behind;
        }
        Some(parts)
    }
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
    /// Rendering to keep beside the plan, of this version and the identity it was rendered with.
    pub projection: Option<Projection>,
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

/// Where the current plan is sealed.
pub(crate) fn plan_place(id: &str, number: u32) -> Place<'_> {
    Place::of("plan", id).number(number)
}

/// Where a version is sealed.
fn version_place(id: &str, number: u32) -> Place<'_> {
    Place::of("plan_version.sealed", id).number(number)
}

/// Where a version's source is sealed.
fn source_place(id: &str, number: u32) -> Place<'_> {
    Place::of("plan_version.source", id).number(number)
}

/// Where a mark is sealed.
fn mark_place(id: &str, number: u32) -> Place<'_> {
    Place::of("mark", id).number(number)
}

/// Where a file is sealed: its content, or its media type.
fn file_place<'a>(id: &'a str, file: &'a str, content: bool) -> Place<'a> {
    Place::of(if content { "attachment.sealed" } else { "attachment.media_type" }, id).part(file.as_bytes())
}

/// The part of a version's digest that a file has.
pub(crate) fn file_digest(file: &str, media_type: &[u8], sealed: &[u8]) -> [u8; 32] {
    digest(&[file.as_bytes(), media_type, sealed])
}

/// A version's digest: over what is stored of it, its files in order of their ids, and the digest before
/// (decision 73).
pub(crate) fn version_digest(
    id: &str,
    number: u32,
    previous: &[u8],
    sealed: &[u8],
    source: Option<&[u8]>,
    files: &[[u8; 32]],
) -> [u8; 32] {
    let number = number.to_be_bytes();
    let mut parts: Vec<&[u8]> = vec![b"tijdig version 1", id.as_bytes(), &number, previous, sealed];
    // A missing source and an empty one are not the same.
    parts.push(if source.is_some() { b"source" } else { b"" });
    parts.push(source.unwrap_or_default());
    parts.extend(files.iter().map(<[u8; 32]>::as_slice));
    digest(&parts)
}

/// What the log says of a written version; `verify` reads the number back.
pub(crate) fn version_data(number: u32) -> String {
    format!("version {number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_cut_where_their_lengths_say() {
        let of = |bytes: &[u8]| Projection { format: 1, number: 1, revision: 1, bytes: bytes.to_vec() };
        assert_eq!(of(b"").parts(), Some(vec![]));
        assert_eq!(of(b"\x02\0\0\0ab\0\0\0\0\x01\0\0\0c").parts(), Some(vec![&b"ab"[..], b"", b"c"]));
        assert_eq!(of(b"\x03\0\0\0ab").parts(), None);
        assert_eq!(of(b"\x03\0").parts(), None);
    }

    #[test]
    fn a_digest_tells_every_part_of_a_version_apart() {
        let one = version_digest("p", 1, &[0; 32], b"s", None, &[]);
        assert_eq!(one, version_digest("p", 1, &[0; 32], b"s", None, &[]));
        for other in [
            version_digest("q", 1, &[0; 32], b"s", None, &[]),
            version_digest("p", 2, &[0; 32], b"s", None, &[]),
            version_digest("p", 1, &[1; 32], b"s", None, &[]),
            version_digest("p", 1, &[0; 32], b"t", None, &[]),
            version_digest("p", 1, &[0; 32], b"s", Some(b""), &[]),
            version_digest("p", 1, &[0; 32], b"s", None, &[[0; 32]]),
        ] {
            assert_ne!(one, other);
        }
    }
}
