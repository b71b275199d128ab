//! Bytes that the caller rendered from a plan, kept beside it so that they need not be rendered for every read.

use super::Projection;
use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::seal::{PatientKeys, Place};
use crate::sharing::lock_patient;
use crate::value::params;
use crate::{Result, Store, permits};
use domain::access::Permit;
use jiff::Timestamp;

/// A rendering ready to be kept.
pub(crate) struct Rendered {
    id: String,
    format: u32,
    number: u32,
    revision: u32,
    sealed: Vec<u8>,
}

impl Store {
    /// What was kept rendered; `None` where there is none, or it shows an older plan or identity. Logged only when
    /// something is given: otherwise [`Store::read`] follows.
    pub async fn read_projection(
        &self,
        permit: &Permit,
        now: Timestamp,
        what: &'static str,
    ) -> Result<Option<Projection>> {
        permits::plan(permit)?;
        let id = permit.patient().as_str();
        let sql = "SELECT j.number, j.revision, j.format, j.sealed FROM projection j \
             JOIN plan n ON n.patient_id = j.patient_id AND n.number = j.number \
             JOIN patient p ON p.patient_id = j.patient_id AND p.revision = j.revision \
             WHERE j.patient_id = ?1";
        let Some(mut row) = self.core.db.row(sql, params![id]).await? else { return Ok(None) };
        let (number, revision, format) = (row.count(0)?, row.count(1)?, row.count(2)?);
        let keys = self.keys(permit.patient()).await?;
        let bytes = keys.open(place(id, number, revision), row.blob(3)?)?;
        self.spend(Entry::of(permit, now, what)).await?;
        Ok(Some(Projection { format, number, revision, bytes }))
    }

    /// Keeps a rendering of what [`Store::read`] gave; `false` where the plan or identity changed meanwhile. Not
    /// logged: nothing is seen, and nothing said of the patient changes.
    pub async fn keep_projection(&self, permit: &Permit, projection: &Projection) -> Result<bool> {
        permits::plan(permit)?;
        let keys = self.keys(permit.patient()).await?;
        self.core.db.write(Rendered::seal(&keys, permit.patient().as_str(), projection)?).await
    }
}

fn place(id: &str, number: u32, revision: u32) -> Place<'_> {
    Place::of("projection", id).number((u64::from(number) << 32) | u64::from(revision))
}

impl Rendered {
    pub fn seal(keys: &PatientKeys, id: &str, projection: &Projection) -> Result<Self> {
        let Projection { format, number, revision, bytes } = projection;
        Ok(Self {
            id: id.to_owned(),
            format: *format,
            number: *number,
            revision: *revision,
            sealed: keys.seal(place(id, *number, *revision), bytes)?,
        })
    }

    /// Puts it in its row.
    pub async fn put(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.execute(
            "INSERT INTO projection (patient_id, number, revision, format, sealed) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (patient_id) DO UPDATE SET number = excluded.number, revision = excluded.revision, \
             format = excluded.format, sealed = excluded.sealed",
            params![&self.id, self.number, self.revision, self.format, &self.sealed],
        )
        .await?;
        Ok(())
    }
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
