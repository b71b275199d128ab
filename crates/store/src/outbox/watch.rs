//! The outbox as an administrator sees it: what waits, what failed and why; and what they do about it.

use crate::job::Statement;
use crate::log::row::Entry;
use crate::value::{Row, micros, params};
use crate::{Error, Result, Store};
use domain::access::Actor;
use domain::outbox::{Failure, Kind, State, Target};
use jiff::{SignedDuration, Timestamp};

/// A message in the list; never what it says, nor about whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InOutbox {
    /// Id.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// To whom.
    pub to: Target,
    /// What has become of it.
    pub state: State,
    /// Since when it is there.
    pub made_at: Timestamp,
    /// When it is tried again.
    pub due_at: Timestamp,
    /// How many times it was tried.
    pub tries: u32,
    /// Why the last try failed.
    pub failure: Option<Failure>,
}

/// What there is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overview {
    /// What failed for good, oldest first.
    pub dead: Vec<InOutbox>,
    /// What waits, soonest first.
    pub waiting: Vec<InOutbox>,
    /// How many were sent in the last day.
    pub sent: u64,
}

const LIST: &str = "SELECT message_id, kind, target, state, made_at, due_at, tries, failure FROM outbox \
                    WHERE state = ?1 ORDER BY made_at, message_id LIMIT ?2";

impl Store {
    /// What is in the outbox; looking is logged.
    pub async fn outbox(&self, by: &Actor, limit: usize, now: Timestamp) -> Result<Overview> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut lists = [Vec::new(), Vec::new()];
        for (list, state) in lists.iter_mut().zip([State::Dead, State::Waiting]) {
            let rows = self.core.db.many_rows(LIST, params![state.code(), limit]).await?;
            *list = rows.into_iter().map(in_outbox).collect::<Result<_>>()?;
        }
        let [dead, mut waiting] = lists;
        waiting.sort_by_key(|m| m.due_at);
        let since = now.checked_sub(SignedDuration::from_hours(24)).map_err(|_| Error::Bug("a moment too far away"))?;
        let sql = "SELECT count(*) FROM outbox WHERE state = 'sent' AND closed_at >= ?1";
        let sent = self.core.db.many_rows(sql, params![micros(since)]).await?;
        let sent = sent.first().map_or(Ok(0), |r| r.int(0))?;
        self.spend(Entry::by(by, now, "outbox", "list")).await?;
        Ok(Overview { dead, waiting, sent: u64::try_from(sent).unwrap_or(0) })
    }

    /// Sends a failed message again, from now, with all its tries; `false` where it is not there or did not fail.
    pub async fn send_again(&self, by: &Actor, id: &str, now: Timestamp) -> Result<bool> {
        let sql =
            "UPDATE outbox SET state = 'waiting', tries = 0, due_at = ?2 WHERE message_id = ?1 AND state = 'dead'";
        let entry = Entry::by(by, now, "outbox", "send again");
        let done = Statement::new(sql, params![id, micros(now)]).logged(entry);
        Ok(self.core.db.write(done).await? > 0)
    }

    /// Gives a message up, with a reason for the log; what waited behind it goes on. `false` where it is not there, or a
    /// sender holds it just now.
    pub async fn give_up(&self, by: &Actor, id: &str, reason: &str, now: Timestamp) -> Result<bool> {
        let sql = "UPDATE outbox SET state = 'given-up', closed_at = ?2, sealed = NULL WHERE message_id = ?1 \
                   AND (state = 'dead' OR state = 'waiting' AND (claimed_until IS NULL OR claimed_until <= ?2))";
        let mut entry = Entry::by(by, now, "outbox", "give up");
        entry.detail = Some(reason.as_bytes().to_vec());
        Ok(self.core.db.write(Statement::new(sql, params![id, micros(now)]).logged(entry)).await? > 0)
    }
}

fn in_outbox(mut row: Row) -> Result<InOutbox> {
    Ok(InOutbox {
        id: row.text(0)?,
        kind: Kind::of_code(&row.text(1)?).ok_or(Error::Bug("a table holds what is no kind of message"))?,
        to: super::target(&row.text(2)?)?,
        state: State::of_code(&row.text(3)?).ok_or(Error::Bug("a table holds what is no state"))?,
        made_at: row.time(4)?,
        due_at: row.time(5)?,
        tries: row.count(6)?,
        failure: row.opt_text(7)?.and_then(|code| Failure::of_code(&code)),
    })
}
