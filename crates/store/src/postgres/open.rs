//! Connecting to PostgreSQL and bringing its schemas up to date.

use crate::schema::{APPLIED, Dialect, Migration, NOTE, TABLE, pending, write};
use crate::value::params;
use crate::{Error, Migrated, Result};
use deadpool_postgres::{Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime, Transaction};
use std::time::Duration;
use tokio_postgres::{Config, NoTls};

/// The key store's schema, in the same database or another.
pub(crate) const KEYS_SCHEMA: &str = "keys";

/// Held while a schema is changed, so that instances that start together do not meet.
const MIGRATING: i64 = 0x7469_6a64_6967_0001;

/// A pool of connections; none is made yet.
pub(crate) fn pool(url: &str, schema: Option<&str>, connections: usize) -> Result<Pool> {
    let mut config: Config =
        url.parse().map_err(|_| Error::Settings("the address of the database cannot be read".into()))?;
    config.application_name("tijdig");
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_secs(10));
    }
    if let Some(schema) = schema {
        let options = format!("{} -c search_path={schema}", config.get_options().unwrap_or_default());
        config.options(options.trim());
    }
    let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
    Pool::builder(manager)
        .max_size(connections.max(1))
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(Duration::from_secs(30)))
        .create_timeout(Some(Duration::from_secs(15)))
        .build()
        .map_err(|e| Error::NoConnection(e.to_string()))
}

/// What a pool's error is, without the address (which may hold a password).
pub(crate) fn pool_error(e: PoolError) -> Error {
    match e {
        PoolError::Closed => Error::Closed,
        PoolError::Backend(e) => Error::NoConnection(Error::text_of(&e)),
        other => Error::NoConnection(other.to_string()),
    }
}

/// Brings a schema up to date, in one transaction.
pub(crate) async fn migrate(pool: &Pool, known: &[Migration], schema: Option<&str>) -> Result<Migrated> {
    let mut client = super::connection(pool).await?;
    let tx = client.transaction().await?;
    tx.execute("SELECT pg_advisory_xact_lock($1)", &[&MIGRATING]).await?;
    if let Some(schema) = schema {
        tx.batch_execute(&format!("CREATE SCHEMA IF NOT EXISTS {schema}")).await?;
    }
    // Said only where it is needed: PostgreSQL sends a notice for a table that is there.
    let there =
        "SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'migration'";
    if tx.query(there, &[]).await?.is_empty() {
        tx.batch_execute(&write(TABLE, Dialect::Postgres)).await?;
    }
    let mut applied = Vec::new();
    for mut row in super::rows(&tx, APPLIED, &[]).await? {
        applied.push((row.int(0)?, row.digest(1)?));
    }
    let from = applied.last().map_or(0, |a: &(i64, [u8; 32])| a.0);
    let mut to = from;
    for migration in pending(known, &applied)? {
        tx.batch_execute(&migration.sql(Dialect::Postgres)).await?;
        super::execute(&tx, NOTE, params![migration.number, &migration.checksum()]).await?;
        to = migration.number;
    }
    tx.commit().await?;
    Ok(Migrated { from, to })
}

/// Makes a schema as it was when these migrations had been applied, in a database where there is none.
pub(crate) async fn lay_schema(
    tx: &Transaction<'_>,
    known: &[Migration],
    applied: &[(i64, [u8; 32])],
    schema: Option<&str>,
) -> Result<()> {
    // Refuses what this program does not know.
    pending(known, applied)?;
    if let Some(schema) = schema {
        tx.batch_execute(&format!("CREATE SCHEMA IF NOT EXISTS {schema}")).await?;
    }
    tx.batch_execute(&write(TABLE, Dialect::Postgres)).await?;
    for migration in known.iter().filter(|m| applied.iter().any(|(n, _)| *n == m.number)) {
        tx.batch_execute(&migration.sql(Dialect::Postgres)).await?;
        super::execute(tx, NOTE, params![migration.number, &migration.checksum()]).await?;
    }
    Ok(())
}
