//! A backup of PostgreSQL: every table of the schema in one transaction that sees one moment, each in PostgreSQL's own
//! binary form, as the server streams it.

use super::format::Sealer;
use super::{End, LEFT_OUT, Progress, What, tag};
use crate::anchor::Anchor;
use crate::postgres::{Postgres, rows};
use crate::schema::APPLIED;
use crate::seal::hex;
use crate::{Error, Result};
use deadpool_postgres::Transaction;
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::pin::pin;
use tokio_postgres::IsolationLevel;

/// A table and its columns, in the order of its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Table {
    pub name: String,
    pub columns: Vec<String>,
}

/// A sequence and the last number it gave.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Sequence {
    pub name: String,
    pub last: i64,
}

/// A migration that was applied: number, and checksum as hexadecimal digits.
pub(super) type AppliedMigration = (i64, String);

const TABLES: &str = "SELECT c.table_name::text, c.column_name::text FROM information_schema.columns c \
     JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
     WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' \
     ORDER BY c.table_name, c.ordinal_position";

type Out = Sealer<BufWriter<File>>;

/// Copies and seals the data, or the key store.
pub(super) async fn write(
    db: &Postgres,
    what: What,
    part: &Path,
    mut out: Out,
    progress: Progress,
) -> Result<(Out, End)> {
    let mut client = match what {
        What::Data => db.data_connection().await?,
        What::Keys => db.keys_connection().await?,
    };
    let tx = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true).start().await?;
    let failed = |e| Error::file(part)(e);
    let mut applied: Vec<AppliedMigration> = Vec::new();
    for mut row in rows(&tx, APPLIED, &[]).await? {
        applied.push((row.int(0)?, hex(&row.digest(1)?)));
    }
    out.frame(tag::MIGRATIONS, &json(&applied)?).map_err(failed)?;
    let tables = tables(&tx).await?;
    let total = u64::try_from(tables.len()).unwrap_or(0);
    for (done, table) in (0_u64..).zip(&tables) {
        progress(done, total);
        if table.name != "migration" && !LEFT_OUT.contains(&table.name.as_str()) {
            out.frame(tag::TABLE, &json(table)?).map_err(failed)?;
            let mut rows = pin!(tx.copy_out(&format!("COPY {} TO STDOUT (FORMAT binary)", table.sql())).await?);
            while let Some(bytes) = rows.next().await {
                out.frame(tag::ROWS, &bytes?).map_err(failed)?;
            }
        }
    }
    progress(total, total);
    // Sequences do not go back with a transaction: asked last, they are beyond every row that was copied.
    let sequences = "SELECT sequencename::text, coalesce(last_value, 0) FROM pg_sequences \
                     WHERE schemaname = current_schema() ORDER BY 1";
    for mut row in rows(&tx, sequences, &[]).await? {
        let sequence = Sequence { name: row.text(0)?, last: row.int(1)? };
        out.frame(tag::SEQUENCE, &json(&sequence)?).map_err(failed)?;
    }
    let end = match what {
        What::Data => end(&tx).await?,
        What::Keys => End::default(),
    };
    tx.rollback().await?;
    Ok((out, end))
}

/// The tables of the connection's schema.
pub(super) async fn tables(tx: &Transaction<'_>) -> Result<Vec<Table>> {
    let mut tables: Vec<Table> = Vec::new();
    for mut row in rows(tx, TABLES, &[]).await? {
        let (name, column) = (row.text(0)?, row.text(1)?);
        match tables.last_mut() {
            Some(table) if table.name == name => table.columns.push(column),
            _ => tables.push(Table { name, columns: vec![column] }),
        }
    }
    Ok(tables)
}

async fn end(tx: &Transaction<'_>) -> Result<End> {
    let log_rows = rows(tx, "SELECT count(*) FROM log", &[]).await?.first().map_or(Ok(0), |r| r.int(0))?;
    let newest = "SELECT number, at, upto, total, changed, mac FROM anchor ORDER BY number DESC LIMIT 1";
    let anchor = rows(tx, newest, &[]).await?.into_iter().next().map(Anchor::of_row).transpose()?;
    let anchor = anchor.as_ref().map(Anchor::outside).transpose()?;
    Ok(End { log_rows: u64::try_from(log_rows).unwrap_or(0), anchor })
}

fn json(value: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|_| Error::Bug("a part of a backup does not serialise"))
}

impl Table {
    /// Name and columns, quoted.
    pub fn sql(&self) -> String {
        let columns: Vec<_> = self.columns.iter().map(|c| quoted(c)).collect();
        format!("{} ({})", quoted(&self.name), columns.join(", "))
    }
}

/// A name as a statement takes it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
