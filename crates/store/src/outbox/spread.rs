//! From one change to a message for each system that is to be told: written as one row with the change, so that
//! recording costs the same whoever listens, and opened up afterwards.

use super::{New, Outgoing, fresh_id, put};
use crate::job::{Job, Tx};
use crate::sharing::lock_patient;
use crate::value::{micros, params};
use crate::{Error, Result, Store, hooks};
use domain::hook::{Known, is_told};
use domain::outbox::{Kind, State};
use jiff::Timestamp;

/// Writes with a version that systems are to be told of it.
pub(crate) async fn to_spread(tx: &mut Tx<'_>, patient: &str, version: u32, urgent: bool, at: i64) -> Result<()> {
    let once = format!("spread:{version}");
    let new = New { patient, kind: Kind::Spread, to: "spread", once: &once, version, urgent, due_at: at, at };
    put(tx, &fresh_id(), &new, None).await
}

struct Expand {
    patient: String,
    id: String,
    claim: String,
    version: u32,
    urgent: bool,
    /// Systems that read the plan lately; asked only where that matters.
    received: Vec<String>,
    made_at: i64,
    now: i64,
}

impl Store {
    /// Makes of a change a message for each system that is to be told: all of them or none, and no more of itself. Nothing
    /// where another sender holds it by now.
    pub async fn spread_outgoing(&self, held: &Outgoing, version: u32, urgent: bool, now: Timestamp) -> Result<State> {
        let received = if urgent { self.received(&held.patient, now).await? } else { Vec::new() };
        let job = Expand {
            patient: held.patient.clone(),
            id: held.id.clone(),
            claim: held.claim.clone(),
            version,
            urgent,
            received,
            made_at: micros(held.made_at),
            now: micros(now),
        };
        match self.core.db.write(job).await {
            // Its versions are told of under the record that it was merged into; erased, there is nothing to tell.
            Err(Error::Merged(_) | Error::NoPatient) => {
                self.settle_outgoing(held, super::Outcome::Dropped, 0, now).await
            }
            other => other.map(|()| State::Sent),
        }
    }
}

impl Job for Expand {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        lock_patient(tx, &self.patient).await?;
        let sql = "UPDATE outbox SET state = 'sent', closed_at = ?4, claimed_by = NULL, claimed_until = NULL \
             WHERE patient_id = ?1 AND message_id = ?2 AND claimed_by = ?3 AND state = 'waiting'";
        if tx.execute(sql, params![&self.patient, &self.id, &self.claim, self.now]).await? == 0 {
            return Ok(());
        }
        for hook in hooks::listening(tx, &self.patient, self.now).await? {
            let received = self.received.contains(&hook.client);
            if !is_told(hook.kind, Known { tied: hook.tied, received, urgent: self.urgent }) {
                continue;
            }
            let (to, once) = (["hook:", &hook.id].concat(), format!("hook:{}:{}", hook.id, self.version));
            let new = New {
                patient: &self.patient,
                kind: Kind::Hook,
                to: &to,
                once: &once,
                version: self.version,
                urgent: self.urgent,
                due_at: self.now,
                at: self.made_at,
            };
            put(tx, &fresh_id(), &new, None).await?;
        }
        Ok(())
    }
}
