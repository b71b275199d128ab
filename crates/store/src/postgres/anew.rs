//! Writing tables anew, so that the bytes of deleted rows are on no page of theirs (decision 70).

use crate::Result;
use deadpool_postgres::Object;
use std::time::Duration;
use tokio_postgres::error::SqlState;

/// How often it is tried.
const TRIES: u32 = 8;

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(500);

/// How long one try waits for a table: everybody who reads it waits behind the one who waits to write it anew.
const PATIENCE: &str = "2s";

/// The first transaction that began after everything that was deleted until now.
const MARK: &str = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text";

/// Is somebody at work who may still see what was deleted before the mark, as far as we may know?
const IS_HELD: &str = "SELECT pg_snapshot_xmin(pg_current_snapshot()) < $1::text::xid8 \
     OR EXISTS (SELECT FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database() \
                AND age(backend_xmin) > age($1::text::xid8::xid))";

/// Was every row that was deleted before the mark left out of what was written? A table written anew says until which
/// transaction it has no dead rows: they are kept for whoever looks at an older state, a backup for instance.
const IS_CLEAN: &str = "SELECT bool_and(age(relfrozenxid) <= age($1::text::xid8::xid)) FROM pg_class \
     WHERE oid = ANY ($2::text[]::regclass[])";

/// Writes tables anew without any row that was deleted before; `false` where somebody held a table, or an older state
/// of the database, for too long.
///
/// # Errors
/// What the database says.
pub async fn write(client: &Object, tables: &[&str]) -> Result<bool> {
    let mark: String = client.query_one(MARK, &[]).await?.get(0);
    for _ in 0..TRIES {
        let is_held: bool = client.query_one(IS_HELD, &[&mark]).await?.get(0);
        if !is_held && full(client, tables).await? && client.query_one(IS_CLEAN, &[&mark, &tables]).await?.get(0) {
            return Ok(true);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(false)
}

async fn full(client: &Object, tables: &[&str]) -> Result<bool> {
    client.batch_execute(&format!("SET lock_timeout = '{PATIENCE}'")).await?;
    let written = client.batch_execute(&format!("VACUUM (FULL) {}", tables.join(", "))).await;
    client.batch_execute("RESET lock_timeout").await?;
    match written {
        Err(e) if e.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => Ok(false),
        other => Ok(other.map(|()| true)?),
    }
}
