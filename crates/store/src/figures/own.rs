//! Whom a figure of one organisation counts: its own people may look, each patient by a permit of its own.

use super::refresh::{counted, pseudonym};
use crate::patients::patient_id;
use crate::value::params;
use crate::{Error, Result, Store};
use domain::access::Actor;
use domain::figures::Figure;
use domain::ident::PatientId;

/// Somebody whom a figure counts: an id only. Who it is, is read with a permit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Who.
    pub patient: PatientId,
    /// Number of the answer.
    pub answer: u8,
}

/// A part of such a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// In the order of ids.
    pub listed: Vec<Listed>,
    /// There are more behind this one.
    pub next: Option<PatientId>,
}

/// Patients looked at in one go.
const STEP: usize = 200;
const TEAM: &str = "SELECT DISTINCT patient_id FROM team WHERE member = ?1 AND until_at IS NULL AND patient_id > ?2 \
                    ORDER BY patient_id LIMIT 200";
const PERSON: &str = "SELECT counts FROM figure_person WHERE pseudonym = ?1 AND organisation_id = ?2";

impl Store {
    /// Patients of the actor's organisation whom a figure counts there in a year with one of these answers, in the order
    /// of their ids; `after` is where the page before ended. Looks at no more of the caseload than it takes to fill a page.
    pub async fn figure_counts(
        &self,
        actor: &Actor,
        (figure, year): (Figure, i16),
        answers: &[u8],
        after: Option<&PatientId>,
        limit: usize,
    ) -> Result<Page> {
        let organisation = actor.organisation.as_str();
        let member = ["organisation:", organisation].concat();
        let mut after = after.map_or(String::new(), |id| id.as_str().to_owned());
        let mut page = Page::default();
        loop {
            let rows = self.core.db.rows(TEAM, params![&member, &after]).await?;
            let last = rows.len() < STEP;
            for mut row in rows {
                after = row.text(0)?;
                let patient = patient_id(&after)?;
                let keys = match self.keys(&patient).await {
                    Err(Error::NoKey) => continue,
                    other => other?,
                };
                let row = self.core.db.row(PERSON, params![&pseudonym(&keys, &after)?, organisation]).await?;
                let Some(mut row) = row else { continue };
                let found = counted(&row.text(0)?).into_iter().find(|c| c.figure == figure && c.quarter.year == year);
                let Some(found) = found.filter(|c| answers.contains(&c.answer)) else { continue };
                if page.listed.len() == limit {
                    page.next = page.listed.last().map(|l| l.patient.clone());
                    return Ok(page);
                }
                page.listed.push(Listed { patient, answer: found.answer });
            }
            if last {
                return Ok(page);
            }
        }
    }
}
