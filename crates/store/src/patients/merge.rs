//! Merging two records of one person.

use super::patient_id;
use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::path::{IDENTITY, PLAN, STEPS, insert, spoken, steps, who};
use crate::seal::{PatientKeys, Place};
use crate::sharing::{add_event, open};
use crate::tasks::follow::{Cause, follow};
use crate::value::params;
use crate::{Error, Result, Store, cards, claims, leads, permits, retention};
use domain::access::{Action, Permit};
use domain::consent::{Consent, Said};
use domain::ident::PatientId;
use domain::path::{Past, Spoken, Step, goes_along};
use jiff::Timestamp;
use jiff::civil::Date;
use std::sync::Arc;

struct Merge {
    kept: PatientId,
    dropped: PatientId,
    kept_keys: Arc<PatientKeys>,
    dropped_keys: Arc<PatientKeys>,
    at: i64,
    cause: Cause,
    entries: [Entry; 2],
}

impl Store {
    /// Makes `dropped` an alias of `kept`: team and deliverers go along, the dropped BSN is free again, its name is no
    /// longer found. What is open on its path goes on in the kept record. Its versions stay readable under its own id; laying them on `kept` is the caller's work. A refusal
    /// to share that stands in `dropped` holds for `kept` too: merging must not open what the patient closed.
    ///
    /// # Errors
    /// [`Error::Merged`] where either was merged before.
    pub async fn merge(&self, kept: &Permit, dropped: &Permit, reason: &str, now: Timestamp) -> Result<()> {
        permits::exactly(kept, Action::CorrectPatient)?;
        permits::exactly(dropped, Action::CorrectPatient)?;
        if kept.patient() == dropped.patient() {
            return Err(Error::Permit("a record cannot be merged into itself"));
        }
        for permit in [kept, dropped] {
            self.identity(permit.patient()).await?.ok_or(Error::NoPatient)?;
        }
        let kept_keys = self.keys(kept.patient()).await?;
        let dropped_keys = self.keys(dropped.patient()).await?;
        let entry = |permit: &Permit, keys: &PatientKeys, data: String| -> Result<Entry> {
            let mut entry = Entry::of(permit, now, data);
            entry.detail = Some(keys.seal(Place::of("log.detail", permit.patient().as_str()), reason.as_bytes())?);
            Ok(entry)
        };
        let entries = [
            entry(kept, &kept_keys, format!("merged from {}", dropped.patient()))?,
            entry(dropped, &dropped_keys, format!("merged into {}", kept.patient()))?,
        ];
        let at = entries[0].at;
        let cause = Cause::of(kept, Arc::clone(&kept_keys), self.review_months());
        let (kept, dropped) = (kept.patient().clone(), dropped.patient().clone());
        self.core.db.write(Merge { kept, dropped, kept_keys, dropped_keys, at, cause, entries }).await
    }
}

/// A record's path, without what only its dates need.
fn past((steps, spoken, died_on): &(Vec<Step>, Option<Spoken>, Option<Date>)) -> Past<'_> {
    Past { steps, spoken: spoken.as_ref(), draft_since: None, died_on: *died_on, months: 0 }
}

impl Merge {
    /// What is open on the dropped record's path goes on in the kept one.
    async fn path(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut pasts = Vec::new();
        for (id, keys) in [(&self.kept, &self.kept_keys), (&self.dropped, &self.dropped_keys)] {
            let id = id.as_str();
            let steps = steps(keys, id, tx.rows(STEPS, params![id]).await?)?;
            let spoken = spoken(keys, id, tx.row(PLAN, params![id]).await?)?;
            let died_on = who(keys, id, tx.row(IDENTITY, params![id]).await?.ok_or(Error::NoPatient)?)?.died_on;
            pasts.push((steps, spoken, died_on));
        }
        for step in goes_along(past(&pasts[1]), past(&pasts[0])) {
            let happened = (step.day, step.what.clone());
            insert(tx, &self.kept_keys, self.kept.as_str(), happened, &step.by, step.at).await?;
        }
        follow(tx, &self.cause, self.at).await
    }
}

impl Job for Merge {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (kept, dropped) = (self.kept.as_str(), self.dropped.as_str());
        // Locked in one order, so that two merges cannot wait for each other.
        let sql = "SELECT patient_id, merged_into, sharing FROM patient WHERE patient_id IN (?1, ?2) \
                   ORDER BY patient_id /*for update*/";
        let (mut own, mut others) = (Consent::default(), Consent::default());
        for mut row in tx.rows(sql, params![kept, dropped]).await? {
            if let Some(into) = row.opt_text(1)? {
                return Err(Error::Merged(patient_id(&into)?));
            }
            if row.text(0)? == kept {
                own = open(&self.kept_keys, kept, row.blob(2)?)?;
            } else {
                others = open(&self.dropped_keys, dropped, row.blob(2)?)?;
            }
        }
        tx.execute(
            "INSERT INTO team (patient_id, member, from_at) \
             SELECT CAST(?1 AS TEXT), d.member, CAST(?3 AS BIGINT) FROM team d \
             WHERE d.patient_id = ?2 AND d.until_at IS NULL AND NOT EXISTS \
             (SELECT 1 FROM team k WHERE k.patient_id = ?1 AND k.member = d.member AND k.until_at IS NULL) \
             ON CONFLICT DO NOTHING",
            params![kept, dropped, self.at],
        )
        .await?;
        leads::tell_team(tx, kept).await?;
        tx.execute(
            "INSERT INTO delivered (patient_id, organisation_id, at) \
             SELECT CAST(?1 AS TEXT), organisation_id, at FROM delivered WHERE patient_id = ?2 \
             ON CONFLICT DO NOTHING",
            params![kept, dropped],
        )
        .await?;
        for said in own.objections_of(&others) {
            let said = Said { note: Some("samengevoegd dossier".to_owned()), ..said };
            add_event(tx, &self.kept_keys, kept, self.at, &self.entries[0].actor, &said, None).await?;
        }
        retention::merge(tx, kept, dropped).await?;
        claims::merge(tx, kept, dropped).await?;
        // Who asked to be told of this patient goes on being told.
        tx.execute("UPDATE hook SET patient_id = ?1 WHERE patient_id = ?2", params![kept, dropped]).await?;
        tx.execute("DELETE FROM patient_bsn WHERE patient_id = ?1", params![dropped]).await?;
        tx.execute("DELETE FROM patient_name WHERE patient_id = ?1", params![dropped]).await?;
        cards::replace_all(tx, dropped, self.at).await?;
        self.path(tx).await?;
        let sql = "UPDATE task SET done_at = ?2 WHERE patient_id = ?1 AND done_at IS NULL";
        tx.execute(sql, params![dropped, self.at]).await?;
        tx.execute("UPDATE seen SET told_at = NULL WHERE patient_id = ?1", params![dropped]).await?;
        tx.execute("UPDATE patient SET merged_into = ?1 WHERE patient_id = ?2", params![kept, dropped]).await?;
        tx.append(&self.entries)
    }
}
