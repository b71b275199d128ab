//! The log on PostgreSQL, where several instances may write to one chain: a chain's head is a row that is locked while
//! the chain grows.

use super::{Inner, execute};
use crate::job::{Job, Tx};
use crate::log::row::{Entry, Head};
use crate::seal::Keyed;
use crate::{Error, Result};
use deadpool_postgres::{Object, Transaction};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_postgres::types::ToSql;

/// Shared by those who write rows, alone for who makes an anchor: so that no row below an anchor's last comes later.
const GROWING: i64 = 0x7469_6a64_6967_0002;
/// Rows for reads gather this long.
const GATHER: Duration = Duration::from_millis(15);
/// Rows of one transaction.
const MANY: usize = 2000;
/// After a failure the rows are tried again after this.
const AFTER_FAILURE: Duration = Duration::from_millis(500);

/// Rows that were handed over and are not on disk yet.
#[derive(Default)]
pub(crate) struct Waiting {
    rows: Mutex<Rows>,
    wake: Notify,
    /// Held while rows are on their way, so that who flushes waits for them too.
    writing: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Rows {
    waiting: Vec<Entry>,
    stalled: bool,
    closed: bool,
}

impl Waiting {
    fn lock(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a row; how many are waiting.
    pub fn push(&self, entry: Entry) -> Result<usize> {
        let mut rows = self.lock();
        if rows.closed {
            return Err(Error::Closed);
        }
        if rows.stalled {
            return Err(Error::LogStalled);
        }
        rows.waiting.push(entry);
        let waiting = rows.waiting.len();
        drop(rows);
        if waiting == 1 {
            self.wake.notify_one();
        }
        Ok(waiting)
    }

    /// Takes no more.
    pub fn close(&self) {
        self.lock().closed = true;
    }
}

/// Writes what was handed over, for as long as the store lives.
pub(crate) async fn run(inner: Arc<Inner>) {
    loop {
        inner.waiting.wake.notified().await;
        tokio::time::sleep(GATHER).await;
        while let Err(e) = flush(&inner).await {
            tracing::error!(error = %e, "rows of the log could not be written");
            tokio::time::sleep(AFTER_FAILURE).await;
        }
    }
}

/// Writes what waits; returns when everything handed over before is on disk.
pub(crate) async fn flush(inner: &Inner) -> Result<()> {
    let _writing = inner.waiting.writing.lock().await;
    loop {
        let batch = {
            let mut rows = inner.waiting.lock();
            let many = rows.waiting.len().min(MANY);
            let rest = rows.waiting.split_off(many);
            std::mem::replace(&mut rows.waiting, rest)
        };
        if batch.is_empty() {
            return Ok(());
        }
        let batch = Batch(Arc::new(batch));
        let written = inner.write(&batch).await;
        let mut rows = inner.waiting.lock();
        rows.stalled = written.is_err();
        if written.is_err() {
            let later = std::mem::take(&mut rows.waiting);
            rows.waiting.extend(batch.0.iter().cloned());
            rows.waiting.extend(later);
        }
        drop(rows);
        written?;
    }
}

struct Batch(Arc<Vec<Entry>>);

impl Job for Batch {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.append(&self.0)
    }
}

/// Puts rows at the end of their chains.
pub(crate) async fn append(tx: &Transaction<'_>, key: &Keyed, entries: &[Entry]) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    lock_shared(tx).await?;
    let mut heads = lock_heads(tx, entries).await?;
    // Numbers are drawn only now: under the lock of a chain, later rows have higher ones.
    let ids = ids(tx, entries.len()).await?;
    let mut columns = Columns::default();
    for (entry, id) in entries.iter().zip(ids) {
        let head = heads.get_mut(entry.chain.as_str()).ok_or(Error::Bug("a head of the log is missing"))?;
        let seq = head.seq + 1;
        let mac = entry.mac(key, &head.mac, id, seq).to_vec();
        columns.push(entry, id, seq, head.id, mac.clone());
        *head = Head { seq, id, mac };
    }
    columns.insert(tx).await?;
    store_heads(tx, &heads).await?;
    // Under the lock of the patient's chain, so that two who write of one patient cannot wait for each other.
    for entry in entries {
        for reading in &entry.readings {
            let (sql, params) = reading.statement(&entry.chain, entry.at);
            execute(tx, sql, &params).await?;
        }
    }
    Ok(())
}

async fn lock_shared(tx: &Transaction<'_>) -> Result<()> {
    let lock = tx.prepare_cached("SELECT pg_advisory_xact_lock_shared($1)").await?;
    tx.execute(&lock, &[&GROWING]).await?;
    Ok(())
}

/// The heads of all chains concerned, locked in one order, so that two who lock many cannot wait for each other.
async fn lock_heads<'e>(tx: &Transaction<'_>, entries: &'e [Entry]) -> Result<BTreeMap<&'e str, Head>> {
    let mut heads: BTreeMap<&str, Head> = entries.iter().map(|e| (e.chain.as_str(), Head::NONE)).collect();
    let chains: Vec<&str> = heads.keys().copied().collect();
    let make = tx
        .prepare_cached(
            "INSERT INTO log_head (chain, seq, id, mac) SELECT c, 0, 0, ''::bytea FROM unnest($1::text[]) AS c \
             ORDER BY c COLLATE \"C\" ON CONFLICT (chain) DO NOTHING",
        )
        .await?;
    tx.execute(&make, &[&chains]).await?;
    let lock = tx
        .prepare_cached(
            "SELECT chain, seq, id, mac FROM log_head WHERE chain = ANY($1::text[]) \
             ORDER BY chain COLLATE \"C\" FOR UPDATE",
        )
        .await?;
    for row in tx.query(&lock, &[&chains]).await? {
        let head = Head { seq: row.try_get(1)?, id: row.try_get(2)?, mac: row.try_get(3)? };
        if let Some(slot) = heads.get_mut(row.try_get::<_, &str>(0)?) {
            *slot = head;
        }
    }
    Ok(heads)
}

async fn ids(tx: &Transaction<'_>, many: usize) -> Result<Vec<i64>> {
    let many = i64::try_from(many).map_err(|_| Error::Bug("too many rows"))?;
    let draw = tx.prepare_cached("SELECT nextval('log_row') FROM generate_series(1, $1::bigint)").await?;
    let mut ids = Vec::new();
    for row in tx.query(&draw, &[&many]).await? {
        ids.push(row.try_get(0)?);
    }
    ids.sort_unstable();
    Ok(ids)
}

/// The columns of many rows, as arrays.
#[derive(Default)]
struct Columns<'e> {
    id: Vec<i64>,
    chain: Vec<&'e str>,
    seq: Vec<i64>,
    prev: Vec<i64>,
    at: Vec<i64>,
    actor: Vec<&'e str>,
    role: Vec<Option<&'e str>>,
    organisation: Vec<Option<&'e str>>,
    action: Vec<&'e str>,
    data: Vec<&'e str>,
    basis: Vec<Option<&'e str>>,
    outcome: Vec<&'e str>,
    patient: Vec<Option<&'e str>>,
    digest: Vec<Option<&'e [u8]>>,
    detail: Vec<Option<&'e [u8]>>,
    mac: Vec<Vec<u8>>,
    behalf: Vec<Option<&'e str>>,
}

impl<'e> Columns<'e> {
    fn push(&mut self, e: &'e Entry, id: i64, seq: i64, prev: i64, mac: Vec<u8>) {
        self.id.push(id);
        self.chain.push(&e.chain);
        self.seq.push(seq);
        self.prev.push(prev);
        self.at.push(e.at);
        self.actor.push(&e.actor);
        self.role.push(e.role.as_deref());
        self.organisation.push(e.organisation.as_deref());
        self.action.push(&e.action);
        self.data.push(&e.data);
        self.basis.push(e.basis.as_deref());
        self.outcome.push(&e.outcome);
        self.patient.push(e.patient.as_deref());
        self.digest.push(e.digest.as_ref().map(<[u8; 32]>::as_slice));
        self.detail.push(e.detail.as_deref());
        self.mac.push(mac);
        self.behalf.push(e.behalf.as_deref());
    }

    async fn insert(&self, tx: &Transaction<'_>) -> Result<()> {
        let insert = tx
            .prepare_cached(
                "INSERT INTO log (id, chain, seq, prev, at, actor, role, organisation, action, data, basis, outcome, \
                 patient, digest, detail, mac, behalf) \
                 SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], \
                 $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::bytea[], \
                 $15::bytea[], $16::bytea[], $17::text[])",
            )
            .await?;
        let columns: [&(dyn ToSql + Sync); 17] = [
            &self.id,
            &self.chain,
            &self.seq,
            &self.prev,
            &self.at,
            &self.actor,
            &self.role,
            &self.organisation,
            &self.action,
            &self.data,
            &self.basis,
            &self.outcome,
            &self.patient,
            &self.digest,
            &self.detail,
            &self.mac,
            &self.behalf,
        ];
        tx.execute(&insert, &columns).await?;
        Ok(())
    }
}

async fn store_heads(tx: &Transaction<'_>, heads: &BTreeMap<&str, Head>) -> Result<()> {
    let (mut chain, mut seq, mut id, mut mac) = (vec![], vec![], vec![], vec![]);
    for (name, head) in heads {
        chain.push(*name);
        seq.push(head.seq);
        id.push(head.id);
        mac.push(head.mac.as_slice());
    }
    let update = tx
        .prepare_cached(
            "UPDATE log_head AS h SET seq = n.seq, id = n.id, mac = n.mac \
             FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bytea[]) AS n (chain, seq, id, mac) \
             WHERE h.chain = n.chain",
        )
        .await?;
    tx.execute(&update, &[&chain, &seq, &id, &mac]).await?;
    Ok(())
}

/// The last row of the log, where none before it is still on its way: it waits for those who are writing, for a
/// moment in which nobody else begins.
pub(crate) async fn last_row(client: &mut Object) -> Result<i64> {
    let tx = client.transaction().await?;
    tx.execute("SELECT pg_advisory_xact_lock($1)", &[&GROWING]).await?;
    let row = tx.query_one("SELECT coalesce(max(id), 0) FROM log", &[]).await?;
    tx.commit().await?;
    Ok(row.try_get(0)?)
}
