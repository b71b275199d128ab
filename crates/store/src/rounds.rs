//! Rounds of statements (PROCESS T3). Which phones took part and how often each answer was given are kept apart, so that what a
//! phone said is nowhere.

use crate::job::{Job, Statement, Tx};
use crate::log::row::Entry;
use crate::value::{Row, micros, params};
use crate::{Error, Result, Store};
use domain::access::Actor;
use domain::ident::{OrganisationId, RoundId};
use domain::statements::{Code, Count, Round, SMALLEST, Vote};
use jiff::Timestamp;

/// A round as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its id.
    pub id: RoundId,
    /// What it is.
    pub round: Round,
    /// When it closes, or was closed.
    pub closes: Timestamp,
    /// How many took part.
    pub voters: u32,
}

/// How voting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voted {
    /// It counts.
    Done,
    /// This phone voted before: nothing was counted.
    Before,
    /// The round is closed: nothing was counted.
    Closed,
}

/// A round that closed long enough ago.
struct Over {
    id: String,
}

struct Cast {
    id: String,
    phone: [u8; 32],
    votes: Vec<Vote>,
    entry: Entry,
}

const OF_HASH: &str =
    "SELECT round_id, sealed, closes_at, voters FROM statement_round WHERE hash = ?1 AND closes_at > ?2";
/// A day, in microseconds.
const DAY: i64 = 86_400_000_000;
const ONE: &str =
    "SELECT round_id, sealed, closes_at, voters FROM statement_round WHERE round_id = ?1 AND organisation_id = ?2";
const OVER: &str =
    "SELECT round_id FROM statement_round WHERE holds = 1 AND closes_at <= ?1 ORDER BY closes_at LIMIT 100";
const COUNTS: &str = "SELECT round_id, statement, vote, people, shown FROM statement_count WHERE round_id = ?1";
const COUNTS_SINCE: &str = "SELECT c.round_id, c.statement, c.vote, c.people, c.shown FROM statement_round r \
                            JOIN statement_count c ON c.round_id = r.round_id \
                            WHERE r.organisation_id = ?1 AND r.began_at >= ?2";
const ALL: &str = "SELECT round_id, sealed, closes_at, voters FROM statement_round WHERE organisation_id = ?1 \
                   ORDER BY began_at DESC LIMIT ?2";

impl Store {
    /// Begins a round of the actor's organisation; `false` where its code is another's: take the next one.
    pub async fn begin_round(&self, by: &Actor, id: &RoundId, round: &Round, closes: Timestamp) -> Result<bool> {
        let json = serde_json::to_vec(round).map_err(|_| Error::Bug("a round does not serialise"))?;
        let sealed = self.seal_sign_in("statement_round", id.as_str(), "", &json).await?;
        let hash = self.link_hash("statement", round.code.as_str().as_bytes()).await?;
        let sql = "INSERT INTO statement_round (round_id, organisation_id, began_at, closes_at, voters, hash, sealed) \
                   VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6) ON CONFLICT DO NOTHING";
        let (began, ends) = (micros(round.began), micros(closes));
        let params = params![id.as_str(), by.organisation.as_str(), began, ends, &hash, &sealed];
        let entry = Entry::by(by, round.began, "note", "implementation: round begun");
        Ok(self.core.db.write(Statement::new(sql, params).logged(entry)).await? > 0)
    }

    /// Closes a round of the actor's organisation; `false` where it was closed before.
    pub async fn close_round(&self, by: &Actor, id: &RoundId, now: Timestamp) -> Result<bool> {
        let sql = "UPDATE statement_round SET closes_at = ?3 \
                   WHERE round_id = ?1 AND organisation_id = ?2 AND closes_at > ?3";
        let entry = Entry::by(by, now, "note", "implementation: round closed");
        let params = params![id.as_str(), by.organisation.as_str(), micros(now)];
        Ok(self.core.db.write(Statement::new(sql, params).logged(entry)).await? > 0)
    }

    /// The round with this code, whosever it is, until a day after it closed: so that who comes late is told so, and no code
    /// opens anything for ever.
    pub async fn round_of(&self, code: &Code, now: Timestamp) -> Result<Option<Held>> {
        let hash = self.link_hash("statement", code.as_str().as_bytes()).await?;
        match self.core.db.row(OF_HASH, params![&hash, micros(now) - DAY]).await? {
            Some(row) => self.held_round(row).await.map(Some),
            None => Ok(None),
        }
    }

    /// A round of an organisation.
    pub async fn round(&self, owner: &OrganisationId, id: &RoundId) -> Result<Option<Held>> {
        match self.core.db.row(ONE, params![id.as_str(), owner.as_str()]).await? {
            Some(row) => self.held_round(row).await.map(Some),
            None => Ok(None),
        }
    }

    /// The newest rounds of an organisation, newest first.
    pub async fn rounds(&self, owner: &OrganisationId, limit: u32) -> Result<Vec<Held>> {
        let mut all = Vec::new();
        for row in self.core.db.rows(ALL, params![owner.as_str(), limit]).await? {
            all.push(self.held_round(row).await?);
        }
        Ok(all)
    }

    /// Counts what a phone said of each statement, once. Nobody is known, nor what this phone said.
    pub async fn vote(&self, id: &RoundId, phone: &[u8], votes: &[Vote], now: Timestamp) -> Result<Voted> {
        let job = Cast {
            id: id.as_str().to_owned(),
            phone: self.phone_hash(id, phone).await?,
            votes: votes.to_vec(),
            entry: Entry::nobody(now, "note", "implementation: vote"),
        };
        self.core.db.write(job).await
    }

    /// Did this phone vote in a round?
    pub async fn has_voted(&self, id: &RoundId, phone: &[u8]) -> Result<bool> {
        let hash = self.phone_hash(id, phone).await?;
        let sql = "SELECT 1 FROM statement_voter WHERE round_id = ?1 AND hash = ?2";
        Ok(self.core.db.row(sql, params![id.as_str(), &hash]).await?.is_some())
    }

    /// What came of each statement of a round, as far as it may be seen now: everything when it is closed; while it is open as
    /// it was when the number of answers was last a multiple of [`SMALLEST`].
    pub async fn outcome(&self, held: &Held, now: Timestamp) -> Result<Vec<Count>> {
        let rows = self.core.db.rows(COUNTS, params![held.id.as_str()]).await?;
        Ok(counted(std::slice::from_ref(held), rows, now)?.pop().unwrap_or_default())
    }

    /// The same of rounds of one organisation, in their order; in one read.
    pub async fn outcomes(&self, owner: &OrganisationId, all: &[Held], now: Timestamp) -> Result<Vec<Vec<Count>>> {
        let Some(since) = all.iter().map(|held| held.round.began).min() else { return Ok(Vec::new()) };
        let rows = self.core.db.rows(COUNTS_SINCE, params![owner.as_str(), micros(since)]).await?;
        counted(all, rows, now)
    }

    /// Forgets which phones took part in rounds that closed a day ago, and by what their codes were found; what came of them
    /// stays. How many rounds.
    pub async fn tidy_rounds(&self, now: Timestamp) -> Result<u64> {
        let mut count = 0;
        for mut row in self.core.db.rows(OVER, params![micros(now) - DAY]).await? {
            self.core.db.write(Over { id: row.text(0)? }).await?;
            count += 1;
        }
        Ok(count)
    }

    async fn phone_hash(&self, id: &RoundId, phone: &[u8]) -> Result<[u8; 32]> {
        // Bound to the round: the same phone in two rounds cannot be known again.
        self.link_hash("phone", &[id.as_str().as_bytes(), phone].concat()).await
    }

    async fn held_round(&self, mut row: Row) -> Result<Held> {
        let id = row.text(0)?;
        let json = self.open_sign_in("statement_round", &id, "", row.blob(1)?).await?;
        Ok(Held {
            round: serde_json::from_slice(&json)
                .map_err(|e| Error::Unreadable { table: "statement_round", at: e.column() })?,
            closes: row.time(2)?,
            voters: row.count(3)?,
            id: RoundId::parse(&id).map_err(|_| Error::Bug("a table holds what is no round's id"))?,
        })
    }
}

/// What came of each statement of these rounds, from the rows that tell how often each answer was given.
fn counted(rounds: &[Held], rows: Vec<Row>, now: Timestamp) -> Result<Vec<Vec<Count>>> {
    let mut all: Vec<_> = rounds.iter().map(|held| vec![Count::default(); held.round.statements.len()]).collect();
    for mut row in rows {
        let id = row.text(0)?;
        let Some(at) = rounds.iter().position(|held| held.id.as_str() == id) else { continue };
        let people = row.count(if rounds[at].closes <= now { 3 } else { 4 })?;
        let vote = Vote::of_code(&row.text(2)?).ok_or(Error::Bug("a table holds what is no vote"))?;
        let Some(count) = usize::try_from(row.count(1)?).ok().and_then(|n| all[at].get_mut(n)) else { continue };
        match vote {
            Vote::Agree => count.agree = people,
            Vote::Disagree => count.disagree = people,
            Vote::None => count.none = people,
        }
    }
    Ok(all)
}

impl Job for Over {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        // In place of the code's hash, something that no code has: the row's own id.
        let sql = "UPDATE statement_round SET holds = 0, hash = ?2 WHERE round_id = ?1";
        tx.execute(sql, params![&self.id, self.id.as_bytes()]).await?;
        tx.execute("DELETE FROM statement_voter WHERE round_id = ?1", params![&self.id]).await.map(|_| ())
    }
}

impl Job for Cast {
    type Out = Voted;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Voted> {
        let id = &self.id;
        // Locked, so that of two who vote at once each sees how many there are.
        let sql = "SELECT closes_at, voters, organisation_id FROM statement_round WHERE round_id = ?1 /*for update*/";
        let mut row = tx.row(sql, params![id]).await?.ok_or(Error::Missing("round"))?;
        if row.int(0)? <= self.entry.at {
            return Ok(Voted::Closed);
        }
        let voters = row.count(1)? + 1;
        let sql = "INSERT INTO statement_voter (round_id, hash) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        if tx.execute(sql, params![id, &self.phone]).await? == 0 {
            return Ok(Voted::Before);
        }
        for (number, vote) in (0_u32..).zip(&self.votes) {
            let sql = "INSERT INTO statement_count (round_id, statement, vote, people, shown) VALUES (?1, ?2, ?3, 1, 0) \
                       ON CONFLICT (round_id, statement, vote) DO UPDATE SET people = statement_count.people + 1";
            tx.execute(sql, params![id, number, vote.code()]).await?;
        }
        tx.execute("UPDATE statement_round SET voters = ?2 WHERE round_id = ?1", params![id, voters]).await?;
        if voters.is_multiple_of(SMALLEST) {
            tx.execute("UPDATE statement_count SET shown = people WHERE round_id = ?1", params![id]).await?;
        }
        tx.append(&[Entry { organisation: Some(row.text(2)?), ..self.entry.clone() }])?;
        Ok(Voted::Done)
    }
}
