//! Reading what counts: the hot path.

use super::{RawRecord, Record, plan_place};
use crate::log::row::Entry;
use crate::patients::{PatientRecord, identity_place, patient_id};
use crate::readings::Reading;
use crate::value::params;
use crate::{Error, Result, Store, permits, sharing};
use domain::access::Permit;
use domain::consent::Consent;
use domain::plan::CurrentPlan;
use domain::unread::Shown;
use jiff::Timestamp;
use serde::de::DeserializeOwned;

/// Identity and current plan in one keyed read.
const READ: &str = "SELECT p.revision, p.changed_at, p.merged_into, p.identity, n.number, n.sealed, p.sharing \
                    FROM patient p LEFT JOIN plan n ON n.patient_id = p.patient_id WHERE p.patient_id = ?1";

impl Store {
    /// Identity, current plan and consent: the hot path. `what` names for the log what is asked, such as `plan` or `Consent`.
    /// `None`: no such patient.
    pub async fn read(&self, permit: &Permit, now: Timestamp, what: &'static str) -> Result<Option<Record>> {
        Self::typed(permit, self.bytes(permit, now, what, None).await?)
    }

    fn typed(permit: &Permit, raw: Option<RawRecord>) -> Result<Option<Record>> {
        let Some(raw) = raw else { return Ok(None) };
        let patient = PatientRecord {
            id: permit.patient().clone(),
            revision: raw.revision,
            changed_at: raw.changed_at,
            merged_into: raw.merged_into,
            patient: parse("patient.identity", &raw.patient)?,
        };
        let consent: Consent = parse("patient.sharing", &raw.consent)?;
        let mut plan: Option<CurrentPlan> = raw.plan.map(|(_, json)| parse("plan", &json)).transpose()?;
        if let Some(plan) = &mut plan {
            consent.heed_in(&mut plan.content);
        }
        Ok(Some(Record { patient, plan, consent }))
    }

    /// As [`Store::read`], for what is shown to somebody: whoever it is has read this version then.
    pub async fn read_shown(&self, permit: &Permit, now: Timestamp, shown: Shown) -> Result<Option<Record>> {
        Self::typed(permit, self.bytes(permit, now, shown.code(), Some(shown)).await?)
    }

    /// As [`Store::read`], without making types of it.
    pub async fn read_raw(&self, permit: &Permit, now: Timestamp, what: &'static str) -> Result<Option<RawRecord>> {
        self.bytes(permit, now, what, None).await
    }

    async fn bytes(
        &self,
        permit: &Permit,
        now: Timestamp,
        what: &'static str,
        shown: Option<Shown>,
    ) -> Result<Option<RawRecord>> {
        permits::plan(permit)?;
        let id = permit.patient();
        let Some(mut row) = self.core.db.row(READ, params![id.as_str()]).await? else { return Ok(None) };
        let keys = self.keys(id).await?;
        let revision = row.count(0)?;
        let patient = keys.open(identity_place(id, revision), row.blob(3)?)?;
        let plan = match row.opt_blob(5)? {
            Some(sealed) => {
                let number = row.count(4)?;
                Some((number, keys.open(plan_place(id.as_str(), number), sealed)?))
            }
            None => None,
        };
        let consent = sharing::unsealed(&keys, id.as_str(), row.blob(6)?)?;
        let merged_into = row.opt_text(2)?.map(|t| patient_id(&t)).transpose()?;
        let number = plan.as_ref().map_or(0, |(number, _)| *number);
        let readings = shown.and_then(|shown| Reading::looked(permit, shown, number)).into_iter().collect();
        self.spend(Entry { readings, ..Entry::of(permit, now, what) }).await?;
        Ok(Some(RawRecord { revision, changed_at: row.time(1)?, merged_into, patient, plan, consent }))
    }
}

/// The error names the place only: the reader's own words may quote the value.
fn parse<T: DeserializeOwned>(table: &'static str, json: &[u8]) -> Result<T> {
    serde_json::from_slice(json).map_err(|e| Error::Unreadable { table, at: e.column() })
}
