//! Whoever works somewhere no longer, or may not sign in, leads nobody there, and what they had taken upon them waits for the
//! others. What they did stays theirs in the record.

use crate::job::{Job, Tx};
use crate::leads::{nobody_leads, tell_team};
use crate::log::row::Entry;
use crate::sharing::lock_patient;
use crate::value::{micros, params};
use crate::{Error, Result, Store};
use jiff::Timestamp;

/// Patients looked at in one go.
const PAGE: usize = 200;

// Begun from the roles that ended: there are few people, and many patients.
const LED: &str = "SELECT l.patient_id, l.organisation_id, l.person_id FROM person_role r CROSS JOIN person q \
    CROSS JOIN lead l CROSS JOIN patient p WHERE q.person_id = r.person_id AND l.person_id = r.person_id AND l.organisation_id = r.organisation_id AND l.role = r.role \
    AND l.state IN ('accepted', 'proposed') AND p.patient_id = l.patient_id AND p.merged_into IS NULL \
    AND (r.until_at <= ?1 OR q.active = 0) AND l.patient_id > ?2 AND NOT EXISTS (SELECT 1 FROM person_role h \
    WHERE q.active = 1 AND h.person_id = r.person_id AND h.organisation_id = r.organisation_id AND h.role = r.role \
    AND (h.until_at IS NULL OR h.until_at > ?1)) ORDER BY l.patient_id LIMIT 200";
const TAKEN: &str = "SELECT t.patient_id, t.organisation_id, t.person_id FROM person_role r CROSS JOIN person q \
    CROSS JOIN task t CROSS JOIN patient p WHERE q.person_id = r.person_id AND t.person_id = r.person_id AND t.organisation_id = r.organisation_id \
    AND t.done_at IS NULL AND p.patient_id = t.patient_id AND p.merged_into IS NULL \
    AND (r.until_at <= ?1 OR q.active = 0) AND t.patient_id > ?2 AND NOT EXISTS (SELECT 1 FROM person_role h \
    WHERE q.active = 1 AND h.person_id = r.person_id AND h.organisation_id = r.organisation_id \
    AND (h.until_at IS NULL OR h.until_at > ?1)) ORDER BY t.patient_id LIMIT 200";

/// One patient whom somebody led, or for whom they had something to do.
struct Relieve {
    id: String,
    organisation: String,
    person: String,
    entry: Entry,
}

impl Job for Relieve {
    /// Was there anything?
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let (id, at) = (&self.id, self.entry.at);
        match lock_patient(tx, id).await {
            // Merged or erased meanwhile: there is nobody to lead.
            Err(Error::Merged(_) | Error::NoPatient) => return Ok(false),
            other => other?,
        };
        let (organisation, person) = (&self.organisation, &self.person);
        let sql = "UPDATE lead SET state = 'ended', ended_at = ?4 WHERE patient_id = ?1 AND organisation_id = ?2 \
                   AND person_id = ?3 AND state IN ('accepted', 'proposed') AND NOT EXISTS (SELECT 1 FROM person_role h \
                   JOIN person q ON q.person_id = h.person_id AND q.active = 1 \
                   WHERE h.person_id = ?3 AND h.organisation_id = ?2 AND h.role = lead.role \
                   AND (h.until_at IS NULL OR h.until_at > ?4))";
        let ended = tx.execute(sql, params![id, organisation, person, at]).await?;
        if ended > 0 {
            nobody_leads(tx, id, at).await?;
            tell_team(tx, id).await?;
        }
        // Its place and role stay: a colleague takes it up.
        let sql = "UPDATE task SET person_id = NULL WHERE patient_id = ?1 AND organisation_id = ?2 AND person_id = ?3 \
                   AND done_at IS NULL AND NOT EXISTS (SELECT 1 FROM person_role h \
                   JOIN person q ON q.person_id = h.person_id AND q.active = 1 WHERE h.person_id = ?3 \
                   AND h.organisation_id = ?2 AND (h.until_at IS NULL OR h.until_at > ?4))";
        let given_back = tx.execute(sql, params![id, organisation, person, at]).await?;
        if ended + given_back == 0 {
            return Ok(false);
        }
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(true)
    }
}

impl Store {
    /// After roles ended, at once or on the day that was said, or somebody may sign in no more: who led a patient there leads no more, and what they had
    /// taken up is anybody's with that role. One transaction per patient; it may be done again. How many patients.
    pub async fn relieve_leavers(&self, now: Timestamp) -> Result<u64> {
        let mut count = 0;
        for sql in [LED, TAKEN] {
            let mut after = String::new();
            loop {
                let page = self.core.db.many_rows(sql, params![micros(now), &after]).await?;
                let whole = page.len() < PAGE;
                for mut row in page {
                    after = row.text(0)?;
                    let mut entry = Entry::program(now, "manage-team", "lead: left the organisation");
                    entry.chain.clone_from(&after);
                    entry.basis = Some("administration".into());
                    let organisation = row.text(1)?;
                    entry.organisation = Some(organisation.clone());
                    let job = Relieve { id: after.clone(), organisation, person: row.text(2)?, entry };
                    count += u64::from(self.core.db.write(job).await?);
                }
                if whole {
                    break;
                }
            }
        }
        Ok(count)
    }
}
