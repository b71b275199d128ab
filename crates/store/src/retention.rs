//! How long records are kept: twenty years from the last medical change (article 7:454 BW, WGBO). What falls due is
//! listed; erasing it is an act of its own, as the law knows reasons to keep a record longer.

use crate::job::Tx;
use crate::patients::patient_id;
use crate::value::{Row, micros, params};
use crate::{Result, Store};
use domain::ident::PatientId;
use jiff::Timestamp;

/// A record and its last medical change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Which.
    pub patient: PatientId,
    /// Its last medical change.
    pub medical_at: Timestamp,
}

impl Store {
    /// Records whose last medical change was before `before`, oldest first; `after` is the last of the page before.
    /// Only ids: to see more, each asks for a permit.
    pub async fn kept_since_before(&self, before: Timestamp, after: Option<&Kept>, limit: u32) -> Result<Vec<Kept>> {
        let sql = "SELECT r.patient_id, r.medical_at FROM retention r JOIN patient p ON p.patient_id = r.patient_id \
             WHERE r.medical_at < ?1 AND (r.medical_at, r.patient_id) > (?2, ?3) AND p.merged_into IS NULL \
             ORDER BY r.medical_at, r.patient_id LIMIT ?4";
        let (at, id) = after.map_or((i64::MIN, ""), |k| (micros(k.medical_at), k.patient.as_str()));
        let rows = self.core.db.many_rows(sql, params![micros(before), at, id, limit]).await?;
        let kept = |mut row: Row| Ok(Kept { patient: patient_id(&row.text(0)?)?, medical_at: row.time(1)? });
        rows.into_iter().map(kept).collect()
    }

    /// The last medical change of a record; `None`: no such record.
    pub async fn last_medical_change(&self, patient: &PatientId) -> Result<Option<Timestamp>> {
        let sql = "SELECT medical_at FROM retention WHERE patient_id = ?1";
        self.core.db.row(sql, params![patient.as_str()]).await?.map(|r| r.time(0)).transpose()
    }
}

/// Notes a medical change.
pub(crate) async fn medical_change(tx: &mut Tx<'_>, id: &str, at: i64) -> Result<()> {
    let sql = "INSERT INTO retention (patient_id, medical_at) VALUES (?1, ?2) ON CONFLICT (patient_id) \
               DO UPDATE SET medical_at = excluded.medical_at WHERE retention.medical_at < excluded.medical_at";
    tx.execute(sql, params![id, at]).await.map(|_| ())
}

/// A merged record's last medical change counts for the one that is kept.
pub(crate) async fn merge(tx: &mut Tx<'_>, kept: &str, dropped: &str) -> Result<()> {
    let sql = "SELECT medical_at FROM retention WHERE patient_id = ?1";
    match tx.row(sql, params![dropped]).await? {
        Some(row) => medical_change(tx, kept, row.int(0)?).await,
        None => Ok(()),
    }
}
