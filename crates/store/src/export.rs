//! A complete copy of a record for the patient: identity, every version with its marks, sources and documents, care team,
//! leads, consent, own words, and the log (Wabvpz 15d and 15e, AVG 15 and 20).

use crate::leads::Lead;
use crate::log::read::{Filter, LogRow, Which};
use crate::patients::PatientRecord;
use crate::plans::File;
use crate::value::params;
use crate::{Result, Store, permits};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::access::{Action, Permit};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Rows of the log read in one go.
const PAGE: usize = 1000;

impl Store {
    /// The copy as JSON; `None`: no such patient. Every part of it is a row of the log, under `export-record`, and the
    /// rows of this copy stand in the log that it holds.
    pub async fn export(&self, permit: &Permit, now: Timestamp) -> Result<Option<Value>> {
        permits::exactly(permit, Action::ExportRecord)?;
        let Some(record) = self.read_patient(permit, now, "copy: patient").await? else { return Ok(None) };
        let earlier: Vec<_> = self.earlier_identities(permit, now).await?.iter().map(identity).collect();
        let versions: Vec<_> = self
            .versions(permit, now, "copy: versions")
            .await?
            .iter()
            .map(|v| json!({"version": v.version, "mark": v.mark}))
            .collect();
        let sources: Vec<_> = self
            .sources(permit, now)
            .await?
            .into_iter()
            .map(|(number, source)| json!({"version": number, "source": text_or_base64(&source)}))
            .collect();
        let team: Vec<_> = self
            .team(permit, now)
            .await?
            .into_iter()
            .map(|m| json!({"member": m.member.code(), "about": m.about, "from": m.from, "until": m.until}))
            .collect();
        let leads: Vec<_> = self.leads(permit, now).await?.all.iter().map(lead).collect();
        let (consent, events) = self.sharing(permit, now).await?;
        let events: Vec<_> = events
            .iter()
            .map(|e| json!({"at": e.at, "said": e.said, "version": e.version, "recorded_by": e.recorded_by}))
            .collect();
        let words: Vec<_> = self
            .own_words(permit, now)
            .await?
            .into_iter()
            .map(|w| json!({"number": w.number, "said_at": w.said_at, "said": w.said}))
            .collect();
        let prepared: Vec<_> = self.preparations(permit, now).await?.into_iter().map(|p| json!(p.prepared)).collect();
        let documents = self.documents_of(permit, now).await?;
        let path = self.path(permit, now).await?.steps;
        let merged = self.merged_into(permit).await?;
        // Last, so that it tells of this copy too.
        let log = self.whole_log(permit, now).await?;
        Ok(Some(json!({
            "format": "tijdig-record-1",
            "made_at": now,
            "id": record.id.as_str(),
            "identity": identity(&record),
            "earlier_identities": earlier,
            "merged_records": merged,
            "last_medical_change": self.last_medical_change(permit.patient()).await?,
            "versions": versions,
            "sources": sources,
            "documents": documents,
            "path": path,
            "team": team,
            "leads": leads,
            "consent": {"now": consent, "events": events},
            "own_words": words,
            "prepared": prepared,
            "log": log,
        })))
    }

    /// The files of documents, as JSON.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn documents_of(&self, permit: &Permit, now: Timestamp) -> Result<Vec<Value>> {
        let document = |(version, file): (u32, File)| {
            json!({
                "id": file.id.as_str(),
                // What belongs to no version of the plan came beside it.
                "version": (version > 0).then_some(version),
                "media_type": file.media_type,
                "base64": STANDARD.encode(&file.bytes),
            })
        };
        Ok(self.files(permit, now).await?.into_iter().map(document).collect())
    }

    /// Records of the same person that were merged into this one: each is exported by its own id.
    async fn merged_into(&self, permit: &Permit) -> Result<Vec<String>> {
        let sql = "SELECT patient_id FROM patient WHERE merged_into = ?1 ORDER BY patient_id";
        let rows = self.core.db.many_rows(sql, params![permit.patient().as_str()]).await?;
        rows.into_iter().map(|mut r| r.text(0)).collect()
    }

    async fn whole_log(&self, permit: &Permit, now: Timestamp) -> Result<Vec<Value>> {
        let (mut rows, mut cursor) = (Vec::new(), None);
        loop {
            let which = Which { cursor, limit: PAGE };
            let page = self.patient_log(permit, &Filter::default(), which, "copy: log", now).await?;
            rows.extend(page.rows.iter().map(log_row));
            cursor = page.next;
            if cursor.is_none() {
                return Ok(rows);
            }
        }
    }
}

fn identity(record: &PatientRecord) -> Value {
    json!({"revision": record.revision, "changed_at": record.changed_at, "patient": record.patient})
}

fn log_row(row: &LogRow) -> Value {
    json!({
        "seq": row.seq,
        "at": row.at,
        "actor": row.actor,
        "role": row.role,
        "organisation": row.organisation,
        "behalf": row.behalf,
        "action": row.action,
        "data": row.data,
        "basis": row.basis,
        "outcome": row.outcome,
        "detail": row.detail,
    })
}

/// What was delivered is text nearly always.
fn text_or_base64(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => json!({"text": text}),
        Err(_) => json!({"base64": STANDARD.encode(bytes)}),
    }
}

fn lead(lead: &Lead) -> Value {
    json!({
        "number": lead.number,
        "organisation": lead.candidate.organisation.as_str(),
        "role": lead.candidate.role,
        "person": lead.candidate.person.as_ref().map(domain::ident::PersonId::as_str),
        "state": lead.state.code(),
        "proposed_at": lead.proposed_at,
        "answered_at": lead.answered_at,
        "ended_at": lead.ended_at,
        "words": lead.words,
    })
}
