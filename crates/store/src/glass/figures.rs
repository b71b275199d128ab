//! How often the glass was broken, by month; counts only, nothing about a patient (decision 75).

use crate::value::{micros, params};
use crate::{Error, Result, Store};
use domain::glass::{Kind, Verdict};
use domain::ident::OrganisationId;
use jiff::Timestamp;

/// So many glasses of a kind, broken by people of an organisation in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// `2026-11`.
    pub month: String,
    /// Kind of the reason.
    pub kind: Kind,
    /// The patient had objected.
    pub despite: bool,
    /// What was thought of it; absent: not judged yet.
    pub verdict: Option<Verdict>,
    /// How many.
    pub count: u32,
}

/// A glass that was broken by others for a patient in whose team the organisation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AboutPatients {
    /// When.
    pub at: Timestamp,
    /// Judged already.
    pub judged: bool,
}

impl Store {
    /// What people of an organisation broke since a month (`2026-01`), by month.
    pub async fn glass_figures(&self, organisation: &OrganisationId, since: &str) -> Result<Vec<Figure>> {
        let sql = "SELECT month, kind, despite, verdict, count(*) FROM glass_figure \
             WHERE organisation_id = ?1 AND month >= ?2 GROUP BY month, kind, despite, verdict \
             ORDER BY month, kind, despite, verdict";
        let rows = self.core.db.many_rows(sql, params![organisation.as_str(), since]).await?;
        rows.into_iter()
            .map(|mut row| {
                let (kind, verdict) = (row.text(1)?, row.opt_text(3)?);
                Ok(Figure {
                    month: row.text(0)?,
                    kind: Kind::of_code(&kind).ok_or(Error::Bug("a table holds no kind of reason"))?,
                    despite: row.flag(2)?,
                    verdict: verdict.and_then(|v| Verdict::of_code(&v)),
                    count: row.count(4)?,
                })
            })
            .collect()
    }

    /// What others broke since a moment for patients whose team the organisation is in now, oldest first.
    pub async fn glass_about_patients(
        &self,
        organisation: &OrganisationId,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<AboutPatients>> {
        let sql = "SELECT g.broken_at, g.judged_at FROM glass g WHERE g.broken_at >= ?2 AND g.organisation_id <> ?1 \
             AND EXISTS (SELECT 1 FROM team t WHERE t.patient_id = g.patient_id AND t.member = ?3 AND t.from_at <= ?4 \
               AND (t.until_at IS NULL OR t.until_at > ?4)) ORDER BY g.broken_at";
        let member = ["organisation:", organisation.as_str()].concat();
        let params = params![organisation.as_str(), micros(since), &member, micros(now)];
        let rows = self.core.db.many_rows(sql, params).await?;
        rows.into_iter().map(|row| Ok(AboutPatients { at: row.time(0)?, judged: row.opt_int(1)?.is_some() })).collect()
    }
}
