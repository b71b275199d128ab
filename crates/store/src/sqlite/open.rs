//! Opening a file, its settings, and running statements on a connection.

use crate::schema::{APPLIED, Dialect, Migration, NOTE, TABLE, pending};
use crate::value::{Param, Row, Value, params};
use crate::{Error, Migrated, Result};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql, TransactionBehavior};
use std::path::Path;
use std::time::Duration;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Read,
    Write,
}

impl ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Param::Null => ValueRef::Null,
            Param::Int(i) => ValueRef::Integer(*i),
            Param::Text(t) => ValueRef::Text(t.as_bytes()),
            Param::Blob(b) => ValueRef::Blob(b),
        }))
    }
}

/// Connects. WAL lets readers go on while the writer writes; `synchronous=FULL` makes a commit mean "on disk"; what is
/// deleted is overwritten (decision 70).
pub(crate) fn connect(path: &Path, kind: Use) -> Result<Connection> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if kind == Use::Write {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(20))?;
    connection.set_prepared_statement_cache_capacity(128);
    // Without this a statement is prepared anew whenever it is given other values, which doubles what a read costs.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(match kind {
        // Not mapped into memory: SQLite takes the whole map down with each group of the writer, and a read then costs
        // page faults, the more the larger the file. At 100,000 patients they were a fifth of all work.
        Use::Read => "PRAGMA query_only=ON; PRAGMA cache_size=-8192; PRAGMA temp_store=MEMORY;",
        Use::Write => {
            "PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; \
             PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=4000;"
        }
    })?;
    Ok(connection)
}

/// A connection that only reads.
pub(crate) fn connect_to_read(path: &Path) -> Result<Connection> {
    connect(path, Use::Read)
}

/// Brings everything in the write-ahead log to the file itself, and empties the log: what was deleted is overwritten
/// there too. `false` where somebody who reads was in the way.
pub(crate) fn truncate_log(path: &Path) -> Result<bool> {
    let connection = connect(path, Use::Write)?;
    let done = rows(&connection, "PRAGMA wal_checkpoint(TRUNCATE)", &[])?;
    Ok(done.first().map_or(Ok(1), |r| r.int(0))? == 0)
}

/// Brings a file's schema up to date, in one transaction.
pub(crate) fn migrate(path: &Path, known: &[Migration]) -> Result<Migrated> {
    let mut connection = connect(path, Use::Write)?;
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    tx.execute_batch(TABLE)?;
    let applied = applied(&tx)?;
    let from = applied.last().map_or(0, |a| a.0);
    let mut to = from;
    for migration in pending(known, &applied)? {
        tx.execute_batch(&migration.sql(Dialect::Sqlite))?;
        execute(&tx, NOTE, params![migration.number, &migration.checksum()])?;
        to = migration.number;
    }
    tx.commit()?;
    Ok(Migrated { from, to })
}

fn applied(connection: &Connection) -> Result<Vec<(i64, [u8; 32])>> {
    rows(connection, APPLIED, &[])?.iter_mut().map(|r| Ok((r.int(0)?, r.digest(1)?))).collect()
}

/// Runs a statement; how many rows it changed.
pub(crate) fn execute(connection: &Connection, sql: &str, params: &[Param<'_>]) -> Result<u64> {
    let mut statement = connection.prepare_cached(sql)?;
    let changed = statement.execute(rusqlite::params_from_iter(params))?;
    Ok(changed as u64)
}

/// Every row of an answer.
pub(crate) fn rows(connection: &Connection, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(sql)?;
    let columns = statement.column_count();
    let mut found = statement.query(rusqlite::params_from_iter(params))?;
    let mut out = Vec::new();
    while let Some(row) = found.next()? {
        let values = (0..columns).map(|i| value(row.get_ref(i)?)).collect::<Result<Vec<_>>>()?;
        out.push(Row(values));
    }
    Ok(out)
}

fn value(value: ValueRef<'_>) -> Result<Value> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(i) => Value::Int(i),
        ValueRef::Text(t) => {
            Value::Text(std::str::from_utf8(t).map_err(|_| Error::Bug("a text column holds no text"))?.to_owned())
        }
        ValueRef::Blob(b) => Value::Blob(b.to_vec()),
        ValueRef::Real(_) => return Err(Error::Bug("no column holds fractions")),
    })
}
