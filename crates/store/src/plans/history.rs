//! What a plan was: its versions, what they were delivered as, and their files.

use super::{File, StoredVersion, file_place, mark_place, source_place, version_place};
use crate::log::row::Entry;
use crate::readings::Reading;
use crate::seal::PatientKeys;
use crate::value::{Row, params};
use crate::{Error, Result, Store, permits};
use domain::access::{Action, Permit};
use domain::ident::AttachmentId;
use domain::unread::Shown;
use jiff::Timestamp;

const VERSIONS: &str = "SELECT v.number, v.previous_digest, v.digest, v.sealed, m.sealed FROM plan_version v \
     LEFT JOIN mark m ON m.patient_id = v.patient_id AND m.number = v.number \
     WHERE v.patient_id = ?1 AND v.number >= ?2 AND v.number <= ?3 ORDER BY v.number";

impl Store {
    /// Every version, oldest first.
    pub async fn versions(&self, permit: &Permit, now: Timestamp, what: &'static str) -> Result<Vec<StoredVersion>> {
        permits::plan(permit)?;
        let versions = self.range(permit, 1, i64::MAX).await?;
        self.spend(Entry::of(permit, now, what)).await?;
        Ok(versions)
    }

    /// One version.
    pub async fn version(&self, permit: &Permit, number: u32, now: Timestamp) -> Result<Option<StoredVersion>> {
        permits::plan(permit)?;
        let found = self.range(permit, number.into(), number.into()).await?.into_iter().next();
        if found.is_some() {
            // Whoever takes a version along has read that one, and no later one.
            let printed = (permit.action() == Action::Print).then_some(Shown::Paper);
            let readings = printed.and_then(|shown| Reading::looked(permit, shown, number)).into_iter().collect();
            self.spend(Entry { readings, ..Entry::of(permit, now, format!("seen: version {number}")) }).await?;
        }
        Ok(found)
    }

    /// A version and the newest one, for telling what changed in between; `None` where there is no such version.
    pub async fn before_and_now(
        &self,
        permit: &Permit,
        number: u32,
        now: Timestamp,
    ) -> Result<(Option<StoredVersion>, Option<StoredVersion>)> {
        permits::plan(permit)?;
        let sql = "SELECT number FROM plan WHERE patient_id = ?1";
        let newest = self.core.db.row(sql, params![permit.patient().as_str()]).await?;
        let Some(newest) = newest else { return Ok((None, None)) };
        let newest = newest.int(0)?;
        let before = self.range(permit, number.into(), number.into()).await?.into_iter().next();
        let after = self.range(permit, newest, newest).await?.into_iter().next();
        self.spend(Entry::of(permit, now, "unread")).await?;
        Ok((before, after))
    }

    async fn range(&self, permit: &Permit, first: i64, last: i64) -> Result<Vec<StoredVersion>> {
        let id = permit.patient().as_str();
        let rows = self.core.db.rows(VERSIONS, params![id, first, last]).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let keys = self.keys(permit.patient()).await?;
        rows.into_iter().map(|r| open(&keys, id, r)).collect()
    }

    /// What the delivered versions were delivered as: version number and bytes, oldest first.
    pub async fn sources(&self, permit: &Permit, now: Timestamp) -> Result<Vec<(u32, Vec<u8>)>> {
        permits::plan(permit)?;
        let id = permit.patient().as_str();
        let sql =
            "SELECT number, source FROM plan_version WHERE patient_id = ?1 AND source IS NOT NULL ORDER BY number";
        let rows = self.core.db.rows(sql, params![id]).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let keys = self.keys(permit.patient()).await?;
        let mut sources = Vec::with_capacity(rows.len());
        for mut row in rows {
            let number = row.count(0)?;
            sources.push((number, keys.open(source_place(id, number), row.blob(1)?)?));
        }
        self.spend(Entry::of(permit, now, "sources")).await?;
        Ok(sources)
    }

    /// One file.
    pub async fn file(&self, permit: &Permit, file: &AttachmentId, now: Timestamp) -> Result<Option<File>> {
        permits::plan(permit)?;
        let id = permit.patient().as_str();
        let sql = "SELECT media_type, sealed FROM attachment WHERE patient_id = ?1 AND attachment_id = ?2";
        let Some(mut row) = self.core.db.row(sql, params![id, file.as_str()]).await? else { return Ok(None) };
        let keys = self.keys(permit.patient()).await?;
        let media_type = keys.open(file_place(id, file.as_str(), false), row.blob(0)?)?;
        let found = File {
            id: file.clone(),
            media_type: String::from_utf8(media_type)
                .map_err(|e| Error::Unreadable { table: "attachment.media_type", at: e.utf8_error().valid_up_to() })?,
            bytes: keys.open(file_place(id, file.as_str(), true), row.blob(1)?)?,
        };
        self.spend(Entry::of(permit, now, format!("file {file}"))).await?;
        Ok(Some(found))
    }
}

fn open(keys: &PatientKeys, id: &str, mut row: Row) -> Result<StoredVersion> {
    let number = row.count(0)?;
    Ok(StoredVersion {
        version: keys.open_json(version_place(id, number), row.blob(3)?)?,
        mark: row.opt_blob(4)?.map(|m| keys.open_json(mark_place(id, number), m)).transpose()?,
        digest: row.digest(2)?,
        previous_digest: row.digest(1)?,
    })
}
