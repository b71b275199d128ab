//! Bytes that the caller rendered from a plan, kept beside it so that they need not be rendered for every read.

use super::{Projection, ProjectionPart};
use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::seal::{PatientKeys, Place};
use crate::sharing::lock_patient;
use crate::value::{Row, params};
use crate::{Error, Result, Store, permits};
use domain::access::Permit;
use jiff::Timestamp;

/// Parts from `?2` to `?3`. What is there shows what counts now: whatever changes plan or identity takes away what was
/// rendered before.
const READ: &str = "SELECT part, number, revision, format, sealed FROM projection \
     WHERE patient_id = ?1 AND part >= ?2 AND part <= ?3 ORDER BY part";

/// A rendering ready to be kept.
pub(crate) struct Rendered {
    id: String,
    format: u32,
    number: u32,
    revision: u32,
    parts: Vec<Vec<u8>>,
}

impl Store {
    /// What was kept rendered, whole; `None` where there is none, or it shows an older plan or identity. Logged only
    /// when something is given: otherwise [`Store::read`] follows.
    pub async fn read_projection(
        &self,
        permit: &Permit,
        now: Timestamp,
        what: &'static str,
    ) -> Result<Option<Projection>> {
        let parts = self.parts(permit, 0, i64::MAX, now, what).await?;
        let Some(first) = parts.first() else { return Ok(None) };
        let (format, number, revision) = (first.format, first.number, first.revision);
        let mut bytes = Vec::with_capacity(parts.iter().map(|p| p.bytes.len() + 4).sum());
        for part in &parts {
            let length = u32::try_from(part.bytes.len()).map_err(|_| Error::Bug("a part is too long"))?;
            bytes.extend_from_slice(&length.to_le_bytes());
            bytes.extend_from_slice(&part.bytes);
        }
        Ok(Some(Projection { format, number, revision, bytes }))
    }

    /// One part of what was kept rendered, counted from 0: the cheapest read there is. Otherwise as
    /// [`Store::read_projection`].
    pub async fn read_projection_part(
        &self,
        permit: &Permit,
        part: u32,
        now: Timestamp,
        what: &'static str,
    ) -> Result<Option<ProjectionPart>> {
        Ok(self.parts(permit, part.into(), part.into(), now, what).await?.into_iter().next())
    }

    async fn parts(
        &self,
        permit: &Permit,
        first: i64,
        last: i64,
        now: Timestamp,
        what: &'static str,
    ) -> Result<Vec<ProjectionPart>> {
        permits::plan(permit)?;
        let id = permit.patient().as_str();
        let rows = self.core.db.rows(READ, params![id, first, last]).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let keys = self.keys(permit.patient()).await?;
        let parts = rows.into_iter().map(|r| open(&keys, id, r)).collect::<Result<_>>()?;
        self.spend(Entry::of(permit, now, what)).await?;
        Ok(parts)
    }

    /// Keeps a rendering of what [`Store::read`] gave; `false` where the plan or identity changed meanwhile. Not
    /// logged: nothing is seen, and nothing said of the patient changes.
    ///
    /// # Errors
    /// [`Error::Bug`] where its bytes are no parts.
    pub async fn keep_projection(&self, permit: &Permit, projection: &Projection) -> Result<bool> {
        permits::plan(permit)?;
        let keys = self.keys(permit.patient()).await?;
        self.core.db.write(Rendered::seal(&keys, permit.patient().as_str(), projection)?).await
    }
}

fn place<'a>(id: &'a str, number: u32, revision: u32, part: &'a [u8; 4]) -> Place<'a> {
    Place::of("projection", id).number((u64::from(number) << 32) | u64::from(revision)).part(part)
}

fn open(keys: &PatientKeys, id: &str, mut row: Row) -> Result<ProjectionPart> {
    let (part, number, revision) = (row.count(0)?, row.count(1)?, row.count(2)?);
    let bytes = keys.open(place(id, number, revision, &part.to_be_bytes()), row.blob(4)?)?;
    Ok(ProjectionPart { format: row.count(3)?, number, revision, bytes })
}

impl Rendered {
    pub fn seal(keys: &PatientKeys, id: &str, projection: &Projection) -> Result<Self> {
        let Projection { format, number, revision, .. } = *projection;
        let mut parts = Vec::new();
        let plain = projection.parts().ok_or(Error::Bug("a rendering is not made of parts"))?;
        for (nth, part) in (0_u32..).zip(plain) {
            parts.push(keys.seal(place(id, number, revision, &nth.to_be_bytes()), part)?);
        }
        Ok(Self { id: id.to_owned(), format, number, revision, parts })
    }

    /// Revision of the identity that it shows.
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// Puts it in its rows, in the place of one that was there.
    pub async fn put(&self, tx: &mut Tx<'_>) -> Result<()> {
        for (nth, sealed) in (0_i64..).zip(&self.parts) {
            tx.execute(
                "INSERT INTO projection (patient_id, part, number, revision, format, sealed) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (patient_id, part) DO UPDATE SET \
                 number = excluded.number, revision = excluded.revision, format = excluded.format, \
                 sealed = excluded.sealed",
                params![&self.id, nth, self.number, self.revision, self.format, sealed],
            )
            .await?;
        }
        remove(tx, &self.id, self.parts.len()).await
    }
}

/// Takes away what was rendered, from a part on: it shows nothing any more.
pub(crate) async fn remove(tx: &mut Tx<'_>, id: &str, from_part: usize) -> Result<()> {
    let from = i64::try_from(from_part).map_err(|_| Error::Bug("too many parts"))?;
    tx.execute("DELETE FROM projection WHERE patient_id = ?1 AND part >= ?2", params![id, from]).await.map(|_| ())
}

impl Job for Rendered {
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let revision = lock_patient(tx, &self.id).await?;
        let newest = tx.row("SELECT number FROM plan WHERE patient_id = ?1", params![&self.id]).await?;
        let current = revision == self.revision && newest.map_or(Ok(0), |r| r.count(0))? == self.number;
        if current {
            self.put(tx).await?;
        }
        Ok(current)
    }
}
