//! Episodes A20 beside own plans (M1): talked about, and no plan here; a plan here, and no A20 in the HIS. Each is read along an
//! index of one practice's own, and as far as is shown.

use super::subjects::{Subject, subject_of};
use crate::log::row::Entry;
use crate::patients::patient_id;
use crate::value::{Row, params};
use crate::{Error, Result, Store, permits};
use domain::access::{Actor, Permit};
use domain::ident::PatientId;
use jiff::Timestamp;
use jiff::civil::Date;

/// Somebody with an episode A20 of whom there is no plan here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talked {
    /// Who, by keyed hash.
    pub subject: Subject,
    /// Who, where they are in the practice's care here.
    pub patient: Option<PatientId>,
    /// Since when the episode runs.
    pub since: Date,
    /// Number in the HIS, and row of the newest file, for who is not known here.
    pub known: Option<(Option<String>, u64)>,
}

const TALKED: &str = "SELECT s.subject, s.patient_id, s.a20_on, s.sealed FROM extract_subject s \
     LEFT JOIN plan p ON p.patient_id = s.patient_id \
     WHERE s.organisation_id = ?1 AND s.a20_on IS NOT NULL AND p.patient_id IS NULL \
     ORDER BY s.a20_on DESC, s.subject DESC LIMIT ?2";
const PLANNED: &str = "SELECT t.patient_id FROM team t JOIN plan p ON p.patient_id = t.patient_id \
     LEFT JOIN extract_subject s ON s.patient_id = t.patient_id AND s.organisation_id = ?2 \
     WHERE t.member = ?1 AND t.from_at <= ?3 AND (t.until_at IS NULL OR t.until_at > ?3) AND s.a20_on IS NULL \
     ORDER BY t.patient_id LIMIT ?4";

impl Store {
    /// With an episode A20 and without a plan, newest episode first.
    pub async fn talked_without_plan(&self, by: &Actor, limit: u32, now: Timestamp) -> Result<Vec<Talked>> {
        let organisation = by.organisation.as_str();
        let vault = self.extract_sealer().await?;
        let mut all = Vec::new();
        for mut row in self.core.db.many_rows(TALKED, params![organisation, limit]).await? {
            let subject = subject_of(&mut row, 0)?;
            let patient = row.opt_text(1)?.map(|id| patient_id(&id)).transpose()?;
            let since = row.text(2)?.parse().map_err(|_| Error::Bug("a table holds what is no day"))?;
            let known = match (&patient, row.opt_blob(3)?) {
                (None, Some(sealed)) => {
                    let standing = vault.standing(organisation, &subject, sealed)?;
                    Some((standing.number, standing.line))
                }
                _ => None,
            };
            all.push(Talked { subject, patient, since, known });
        }
        if all.iter().any(|t| t.known.is_some()) {
            self.spend(Entry::by(by, now, "extract", "episodes without a plan read")).await?;
        }
        Ok(all)
    }

    /// Since when the HIS of the actor's organisation has an episode A20 for a patient.
    pub async fn a20_of(&self, permit: &Permit) -> Result<Option<Date>> {
        permits::plan(permit)?;
        let sql = "SELECT a20_on FROM extract_subject WHERE patient_id = ?1 AND organisation_id = ?2";
        let params = params![permit.patient().as_str(), permit.actor().organisation.as_str()];
        let day = self.core.db.row(sql, params).await?.map_or(Ok(None), |mut r| r.opt_text(0))?;
        day.map(|d| d.parse().map_err(|_| Error::Bug("a table holds what is no day"))).transpose()
    }

    /// Patients of the practice with a plan and without an episode A20. Who they are is read with a permit each.
    pub async fn planned_without_a20(&self, by: &Actor, limit: u32, now: Timestamp) -> Result<Vec<PatientId>> {
        let organisation = by.organisation.as_str();
        let member = ["organisation:", organisation].concat();
        let at = now.as_microsecond();
        let rows = self.core.db.many_rows(PLANNED, params![&member, organisation, at, limit]).await?;
        rows.into_iter().map(|mut r: Row| patient_id(&r.text(0)?)).collect()
    }
}
