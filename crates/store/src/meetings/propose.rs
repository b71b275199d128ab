//! Who might be discussed: those of the organisation's patients of whom the path asks for something now, and those whom
//! an earlier meeting wanted to see again. Ids, kinds and days only; a name is read with a permit of its own.

use super::{at, day};
use crate::patients::patient_id;
use crate::tasks::kind;
use crate::value::params;
use crate::{Result, Store};
use domain::access::Actor;
use domain::ident::PatientId;
use domain::task::Kind;
use jiff::Timestamp;
use jiff::civil::Date;

/// Somebody to discuss.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub patient: PatientId,
    /// What the path asks for, and by which day; none where an earlier meeting wanted to see them again.
    pub asks: Option<(Kind, Date)>,
}

/// Kinds of work for which a patient is proposed: noticed, to be asked, to be planned or recorded, to be looked at again,
/// and what a doctor or the lead has to settle. The list is read by team, so it costs what the caseload has open.
const OPEN: &str = "SELECT t.patient_id, t.kind, t.due_on FROM task t WHERE t.done_at IS NULL AND t.due_on <= ?2 \
     AND t.kind IN ('signal', 'ask', 'plan', 'record', 'review', 'set-limits', 'settle', 'representative', 'support') \
     AND t.patient_id IN (SELECT m.patient_id FROM team m WHERE m.member = ?1 AND m.from_at <= ?3 \
     AND (m.until_at IS NULL OR m.until_at > ?3)) ORDER BY t.due_on, t.patient_id, t.number LIMIT ?4";
/// Whom the newest meeting of this organisation that had them wanted to see again.
const AGAIN: &str = "SELECT p.patient_id FROM meeting_for f JOIN meeting m ON m.meeting_id = f.meeting_id \
     AND m.organisation_id = f.organisation_id JOIN meeting_patient p ON p.meeting_id = m.meeting_id \
     WHERE f.organisation_id = ?1 AND p.again = 1 AND NOT EXISTS (SELECT 1 FROM meeting_patient l \
     JOIN meeting n ON n.meeting_id = l.meeting_id WHERE l.patient_id = p.patient_id \
     AND n.organisation_id = m.organisation_id AND l.meeting_id <> p.meeting_id AND n.on_day >= m.on_day) \
     ORDER BY m.on_day, p.patient_id LIMIT ?2";

impl Store {
    /// Whom to discuss, each once: first whom an earlier meeting wanted to see again, then soonest first.
    pub async fn meeting_candidates(
        &self,
        by: &Actor,
        until: Date,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<Candidate>> {
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let organisation = by.organisation.as_str();
        let mut all: Vec<Candidate> = Vec::new();
        for mut row in self.core.db.many_rows(AGAIN, params![organisation, most]).await? {
            all.push(Candidate { patient: patient_id(&row.text(0)?)?, asks: None });
        }
        let member = ["organisation:", organisation].concat();
        for mut row in self.core.db.many_rows(OPEN, params![&member, &until.to_string(), at(now), most]).await? {
            let patient = patient_id(&row.text(0)?)?;
            if !all.iter().any(|c| c.patient == patient) {
                let asks = Some((kind(&row.text(1)?)?, day(&row.text(2)?)?));
                all.push(Candidate { patient, asks });
            }
        }
        all.truncate(limit);
        Ok(all)
    }
}
