//! The outbox: what leaves this system is written with the change it tells of, and sent after that is on disk (DESIGN
//! section 3). Here it is written, claimed by one sender at a time, and settled; whoever sends knows no database.
//!
//! At least once: who is killed between sending and settling sends again when the claim is over, under the same id.
//! In order: what goes to one target about one patient waits for what went before, also where that failed for good,
//! until an administrator sends it again or gives it up.

mod spread;
mod watch;

pub(crate) use spread::to_spread;
pub use watch::{InOutbox, Overview};

use crate::job::{Job, Statement, Tx};
use crate::patients::patient_id;
use crate::readings::Reading;
use crate::value::{Param, Row, micros, params};
use crate::{Error, Result, Store, hooks, permits, random};
use domain::access::Permit;
use domain::ident::{HookId, PatientId, id_text};
use domain::outbox::{Failure, Kind, State, Target, again_after, next_digest};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long one sender holds a message: longer than sending may take.
pub const HELD: SignedDuration = SignedDuration::from_mins(3);
/// What was closed stays to be seen this long, and keeps a day's message from going twice.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What a message says. Nothing of a patient is in it.
#[derive(Clone, PartialEq, Eq)]
pub enum Message {
    /// Something changed: sign in and look. There is nothing more to keep, so nothing is kept.
    Changed,
    /// The code that confirms an address, to be sent to that address.
    Confirm(ToConfirm),
    /// A plan changed, for a system.
    Version(Told),
    /// A plan was handed over, for the receiver's system.
    Handover(Handed),
    /// To try whether a system is reached.
    Test,
}

/// What a system is told of a handover: where it is, and nothing of what it will see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// Whose plan.
    pub patient: PatientId,
    /// Number of its step.
    pub number: u32,
}

/// What a system is told of a change: where to look, and nothing of what it will see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Whose plan.
    pub patient: PatientId,
    /// The new version.
    pub version: u32,
    /// It changed what counts in an emergency.
    pub urgent: bool,
}

/// An address that is to be confirmed; sealed at rest (decision 76).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToConfirm {
    /// The address.
    pub address: String,
    /// The code.
    pub code: String,
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Changed => "Changed",
            Self::Confirm(_) => "Confirm",
            Self::Version(_) => "Version",
            Self::Handover(_) => "Handover",
            Self::Test => "Test",
        })
    }
}

/// A message that this sender holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// By which a receiver knows it again: the same at each try.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// To whom.
    pub to: Target,
    /// What it says.
    pub message: Message,
    /// When what it tells of happened.
    pub made_at: Timestamp,
    /// How many times it was tried, this time included.
    pub tries: u32,
    patient: String,
    claim: String,
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken.
    Sent,
    /// It was not needed any more.
    Dropped,
    /// It failed.
    Failed(Failure),
}

/// A message to write within a job.
pub(crate) struct New<'a> {
    pub patient: &'a str,
    pub kind: Kind,
    /// As in the table.
    pub to: &'a str,
    pub once: &'a str,
    pub version: u32,
    pub urgent: bool,
    pub due_at: i64,
    pub at: i64,
}

/// A name for a message.
pub(crate) fn fresh_id() -> String {
    id_text(random::bits())
}

/// Writes a message with whatever it tells of; where the same is there already, nothing. The patient's row is locked
/// where there is a patient.
pub(crate) async fn put(tx: &mut Tx<'_>, id: &str, new: &New<'_>, sealed: Option<&[u8]>) -> Result<()> {
    let mut number = 0;
    if !new.patient.is_empty() {
        let sql = "SELECT coalesce(max(number), 0) + 1 FROM outbox WHERE patient_id = ?1";
        number = tx.row(sql, params![new.patient]).await?.map_or(Ok(1), |r| r.count(0))?;
    }
    tx.execute(
        "INSERT INTO outbox (patient_id, message_id, number, once, kind, target, version, urgent, state, made_at, due_at, \
         tries, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'waiting', ?9, ?10, 0, ?11) \
         ON CONFLICT (patient_id, once) DO NOTHING",
        params![
            new.patient,
            id,
            number,
            new.once,
            new.kind.code(),
            new.to,
            new.version,
            new.urgent,
            new.at,
            new.due_at,
            sealed
        ],
    )
    .await
    .map(|_| ())
}

/// What may go now: due, held by nobody, to people only where there is mail, and the first of its target and patient. Two senders pass each other by.
const FREE: &str = "SELECT o.patient_id, o.message_id, o.kind, o.target, o.tries, o.sealed, o.version, o.urgent, \
     o.made_at FROM outbox o \
     WHERE o.state = 'waiting' AND o.due_at <= ?1 AND (o.claimed_until IS NULL OR o.claimed_until <= ?1) \
     AND (?3 = 1 OR o.target NOT LIKE 'person:%') \
     AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.patient_id = o.patient_id AND e.target = o.target \
       AND e.number < o.number AND e.state IN ('waiting', 'dead')) \
     ORDER BY o.due_at, o.message_id LIMIT ?2 /*for update of o*/ /*skip locked*/";

struct Claim {
    mark: String,
    now: i64,
    until: i64,
    limit: i64,
    mails: bool,
}

/// A row as it was claimed.
struct Claimed {
    patient: String,
    id: String,
    kind: String,
    target: String,
    tries: u32,
    sealed: Option<Vec<u8>>,
    version: u32,
    urgent: bool,
    made_at: Timestamp,
}

struct Settle {
    patient: String,
    id: String,
    /// The system's, where it goes to one.
    hook: Option<String>,
    claim: String,
    state: State,
    due_at: Option<i64>,
    failure: Option<Failure>,
    at: i64,
}

impl Store {
    /// Is there somebody who sends mail? Said once, at the start; as long as there is not, nothing is written for it.
    pub fn sends_mail(&self, sends: bool) {
        self.core.sends_mail.store(sends, std::sync::atomic::Ordering::Relaxed);
    }

    pub(crate) fn mails(&self) -> bool {
        self.core.sends_mail.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Takes messages that are due, for [`HELD`]: no other sender gets them meanwhile, on whatever instance.
    pub async fn claim_outgoing(&self, limit: usize, now: Timestamp) -> Result<Vec<Outgoing>> {
        let until = now.checked_add(HELD).map_err(|_| Error::Bug("a moment too far away"))?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let job = Claim { mark: fresh_id(), now: micros(now), until: micros(until), limit, mails: self.mails() };
        let claim = job.mark.clone();
        let mut all = Vec::new();
        for row in self.core.db.write(job).await? {
            let kind = Kind::of_code(&row.kind).ok_or(Error::Bug("a table holds what is no kind of message"))?;
            let message = match (kind, row.sealed) {
                (Kind::Hook, _) if row.patient.is_empty() => Message::Test,
                (Kind::Spread | Kind::Hook, _) => Message::Version(Told {
                    patient: patient_id(&row.patient)?,
                    version: row.version,
                    urgent: row.urgent,
                }),
                (Kind::Handover, _) => {
                    Message::Handover(Handed { patient: patient_id(&row.patient)?, number: row.version })
                }
                (_, Some(sealed)) => Message::Confirm(self.open_message(&row.id, sealed).await?),
                (_, None) => Message::Changed,
            };
            all.push(Outgoing {
                message,
                kind,
                to: target(&row.target)?,
                made_at: row.made_at,
                id: row.id,
                tries: row.tries,
                patient: row.patient,
                claim: claim.clone(),
            });
        }
        Ok(all)
    }

    /// Writes what became of a message; nothing where another sender holds it by now. `dice` spreads the next try.
    pub async fn settle_outgoing(&self, held: &Outgoing, outcome: Outcome, dice: u8, now: Timestamp) -> Result<State> {
        let mut job = Settle {
            patient: held.patient.clone(),
            id: held.id.clone(),
            hook: match &held.to {
                Target::Hook(hook) => Some(hook.as_str().to_owned()),
                Target::Person(_) | Target::Spread => None,
            },
            claim: held.claim.clone(),
            state: State::Sent,
            due_at: None,
            failure: None,
            at: micros(now),
        };
        match outcome {
            Outcome::Sent => {}
            Outcome::Dropped => job.state = State::Dropped,
            Outcome::Failed(failure) => {
                job.failure = Some(failure);
                let next = again_after(failure, held.tries, dice).and_then(|wait| now.checked_add(wait).ok());
                job.state = if next.is_some() { State::Waiting } else { State::Dead };
                job.due_at = next.map(micros);
            }
        }
        let state = job.state;
        self.core.db.write(job).await?;
        Ok(state)
    }

    /// What became of the handovers that were sent: number of the step, state, and why the last try failed. What was
    /// closed a month ago is not known any more.
    pub async fn sent_handovers(&self, permit: &Permit) -> Result<Vec<(u32, State, Option<Failure>)>> {
        permits::plan(permit)?;
        let sql = "SELECT version, state, failure FROM outbox WHERE patient_id = ?1 AND kind = 'handover'";
        let rows = self.core.db.rows(sql, params![permit.patient().as_str()]).await?;
        let one = |mut row: Row| {
            let state = State::of_code(&row.text(1)?).ok_or(Error::Bug("a table holds what is no state"))?;
            Ok((row.count(0)?, state, row.opt_text(2)?.and_then(|code| Failure::of_code(&code))))
        };
        rows.into_iter().map(one).collect()
    }

    /// Is what this message tells of unread still: of its patient, or where it is the message of the day, of anybody?
    pub async fn is_still_unread(&self, held: &Outgoing) -> Result<bool> {
        let Target::Person(person) = &held.to else { return Ok(true) };
        let (patient, person) = (held.patient.as_str(), person.as_str());
        let row = if patient.is_empty() {
            let sql = "SELECT 1 FROM seen WHERE person_id = ?1 AND told_at IS NOT NULL LIMIT 1";
            self.core.db.row(sql, params![person]).await?
        } else {
            let sql = "SELECT 1 FROM seen WHERE patient_id = ?1 AND person_id = ?2 AND told_at IS NOT NULL";
            self.core.db.row(sql, params![patient, person]).await?
        };
        Ok(row.is_some())
    }

    /// Forgets what was closed long ago.
    pub async fn tidy_outbox(&self, now: Timestamp) -> Result<u64> {
        let before = now.checked_sub(KEPT).map_err(|_| Error::Bug("a moment too far away"))?;
        let sql = "DELETE FROM outbox WHERE state IN ('sent', 'dropped', 'given-up') AND made_at < ?1";
        self.core.db.write(Statement::new(sql, params![micros(before)])).await
    }

    async fn open_message(&self, id: &str, sealed: Vec<u8>) -> Result<ToConfirm> {
        let json = self.open_sign_in("outbox", id, "", sealed).await?;
        serde_json::from_slice(&json).map_err(|_| Error::Bug("a message cannot be read"))
    }

    pub(crate) async fn seal_message(&self, id: &str, message: &ToConfirm) -> Result<Vec<u8>> {
        let json = serde_json::to_vec(message).map_err(|_| Error::Bug("a message cannot be written"))?;
        self.seal_sign_in("outbox", id, "", &json).await
    }
}

/// Writes that these people are told of a version by mail, as far as they want to be: at once where a limit changed,
/// else with the one message of the day.
pub(crate) async fn tell_by_mail(tx: &mut Tx<'_>, patient: &str, told: &[Reading], at: i64) -> Result<()> {
    let now = Timestamp::from_microsecond(at).map_err(|_| Error::Bug("a moment too far away"))?;
    let (day, morning) = next_digest(now);
    for reading in told {
        let Reading::Told { person, number, urgent } = reading else { continue };
        let sql = "SELECT 1 FROM person_mail WHERE person_id = ?1 AND confirmed_at IS NOT NULL";
        if tx.row(sql, params![person]).await?.is_none() {
            continue;
        }
        let (patient, kind, once, due_at) = if *urgent {
            (patient, Kind::Urgent, format!("urgent:{person}:{number}"), at)
        } else {
            ("", Kind::Digest, format!("digest:{person}:{day}"), micros(morning))
        };
        let to = ["person:", person].concat();
        let new = New { patient, kind, to: &to, once: &once, version: 0, urgent: false, due_at, at };
        put(tx, &fresh_id(), &new, None).await?;
    }
    Ok(())
}

/// Writes that a system is told of a handover to it; with the step that says so. Its number stands where that of a
/// version does.
pub(crate) async fn hand_over(tx: &mut Tx<'_>, patient: &str, number: u32, system: &HookId, at: i64) -> Result<()> {
    let (to, once) = (["hook:", system.as_str()].concat(), format!("handover:{number}"));
    let new =
        New { patient, kind: Kind::Handover, to: &to, once: &once, version: number, urgent: false, due_at: at, at };
    put(tx, &fresh_id(), &new, None).await
}

/// The target that a table names.
fn target(code: &str) -> Result<Target> {
    Target::parse(code).map_err(|_| Error::Bug("a table holds what is no target"))
}

impl Job for Claim {
    type Out = Vec<Claimed>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Claimed>> {
        let mut all = Vec::new();
        for mut row in tx.rows(FREE, params![self.now, self.limit, i64::from(self.mails)]).await? {
            let claimed = Claimed {
                patient: row.text(0)?,
                id: row.text(1)?,
                kind: row.text(2)?,
                target: row.text(3)?,
                tries: row.count(4)? + 1,
                sealed: row.opt_blob(5)?,
                version: row.count(6)?,
                urgent: row.flag(7)?,
                made_at: row.time(8)?,
            };
            let sql = "UPDATE outbox SET claimed_by = ?3, claimed_until = ?4, tries = ?5 \
                       WHERE patient_id = ?1 AND message_id = ?2";
            let params = params![&claimed.patient, &claimed.id, &self.mark, self.until, claimed.tries];
            tx.execute(sql, params).await?;
            all.push(claimed);
        }
        Ok(all)
    }
}

impl Job for Settle {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let open = self.state == State::Waiting;
        let closed_at = (!open && self.state != State::Dead).then_some(self.at);
        let params: &[Param<'_>] = params![
            &self.patient,
            &self.id,
            &self.claim,
            self.state.code(),
            self.failure.map(Failure::code),
            self.due_at,
            closed_at,
        ];
        // What was closed keeps no words.
        let sql = "UPDATE outbox SET state = ?4, failure = ?5, due_at = coalesce(?6, due_at), closed_at = ?7, \
             claimed_by = NULL, claimed_until = NULL, \
             sealed = CASE WHEN ?4 IN ('sent', 'dropped') THEN NULL ELSE sealed END \
             WHERE patient_id = ?1 AND message_id = ?2 AND claimed_by = ?3 AND state = 'waiting'";
        let settled = tx.execute(sql, params).await?;
        match &self.hook {
            Some(hook) if settled > 0 && self.state != State::Dropped => {
                hooks::outcome(tx, hook, self.state, self.failure, self.at).await
            }
            _ => Ok(()),
        }
    }
}
