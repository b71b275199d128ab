//! Which systems read a patient's plan lately: the patient's chain of the log says so, and nothing else need be kept.

use crate::log::HeadOf;
use crate::log::read::MOST_LOOKED_AT;
use crate::value::{micros, params};
use crate::{Error, Result, Store};
use domain::access::Action;
use domain::unread::LOOKED_LATELY;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Rows walked in one go.
const STEP: i64 = 500;

/// Walks a chain back from a row, so many steps.
const WALK: &str = "WITH RECURSIVE walk (id, prev, n) AS ( \
     SELECT id, prev, CAST(1 AS BIGINT) FROM log WHERE id = ?1 AND chain = ?3 \
     UNION ALL SELECT l.id, l.prev, w.n + 1 FROM log l JOIN walk w ON l.id = w.prev WHERE w.n < ?2) \
     SELECT l.prev, l.at, l.actor, l.action, l.outcome FROM walk w JOIN log l ON l.id = w.id ORDER BY w.n";

impl Store {
    /// Systems that read this plan in the last half year, as far as the newest [`MOST_LOOKED_AT`] rows tell.
    pub(crate) async fn received(&self, patient: &str, now: Timestamp) -> Result<Vec<String>> {
        // So that everything handed over before is seen.
        self.flush().await?;
        let (mut next, _) = self.core.db.write(HeadOf { chain: patient.to_owned(), entry: None }).await?;
        let since = micros(now.checked_sub(LOOKED_LATELY).map_err(|_| Error::Bug("a moment too far away"))?);
        let (mut clients, mut looked) = (BTreeSet::new(), 0);
        while next > 0 && looked < MOST_LOOKED_AT {
            let rows = self.core.db.many_rows(WALK, params![next, STEP, patient]).await?;
            if rows.is_empty() {
                break;
            }
            for mut row in rows {
                looked += 1;
                next = row.int(0)?;
                if row.int(1)? < since {
                    return Ok(clients.into_iter().collect());
                }
                let (actor, action, outcome) = (row.text(2)?, row.text(3)?, row.text(4)?);
                if let Some(client) = actor.strip_prefix("client:")
                    && action == Action::ReadPlan.code()
                    && outcome == "done"
                {
                    clients.insert(client.to_owned());
                }
            }
        }
        Ok(clients.into_iter().collect())
    }
}
