//! Restoring PostgreSQL: schema and rows in one transaction, which is committed when everything was read and fits.

use super::{Restore, Restored, Source, put_aside};
use crate::backup::postgres::{AppliedMigration, Sequence, Table, quoted, tables};
use crate::backup::{End, Progress, Unfit, What, tag};
use crate::db::Db;
use crate::postgres::{KEYS_SCHEMA, Postgres, connect, execute, lay_schema, rows};
use crate::schema::{KEYS, MAIN, Migration};
use crate::seal::{Hashes, MasterKeys, Place, unhex};
use crate::{Error, Result, Settings, Store};
use deadpool_postgres::{Object, Transaction};
use futures_util::SinkExt;
use jiff::Timestamp;
use std::io::Cursor;
use std::pin::Pin;
use subtle::ConstantTimeEq;
use tokio_postgres::CopyInSink;

type Sink = Pin<Box<CopyInSink<Cursor<Vec<u8>>>>>;

const COUNT: &str = "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()";

pub(super) async fn restore(
    url: &str,
    keys_url: Option<&str>,
    settings: &Settings,
    what: Restore<'_>,
    now: Timestamp,
    progress: Progress,
) -> Result<Restored> {
    let mut client = connect(url, None).await?;
    let mut keys_client = connect(keys_url.unwrap_or(url), Some(KEYS_SCHEMA)).await?;
    if what.data.is_some() && count(&client).await? > 0 {
        return Err(Unfit::NotEmpty("the database").into());
    }
    let has_keys = count(&keys_client).await? > 0;
    if what.keys.is_some() && has_keys {
        return Err(Unfit::NotEmpty("the key store").into());
    }
    if what.keys.is_none() && !has_keys {
        return Err(Unfit::NoKeyStore.into());
    }
    let open = |path: Option<&std::path::Path>, which| {
        path.map(|p| Source::open(p, what.key, which, "postgres", &progress)).transpose()
    };
    let (mut data, mut keys) = (open(what.data, What::Data)?, open(what.keys, What::Keys)?);
    let made_at = data.as_ref().map(Source::made_at);
    let keys_made_at = keys.as_ref().map(Source::made_at);

    // Where anything fails, dropping the transactions takes everything back.
    let keys_tx = keys_client.transaction().await?;
    let tx = client.transaction().await?;
    if let Some(keys) = &mut keys {
        load(&keys_tx, keys, KEYS, Some(KEYS_SCHEMA)).await?;
    }
    let mut end = None;
    if let Some(data) = &mut data {
        end = Some(load(&tx, data, MAIN, None).await?);
        execute(&tx, "INSERT INTO meta (name, number) VALUES ('restoring', 1)", &[]).await?;
    }
    fits(&keys_tx, &tx, settings).await?;
    keys_tx.commit().await?;
    tx.commit().await?;

    let mut restored =
        Restored { made_at, keys_made_at, patients: 0, without_key: 0, erased_again: 0, other_anchor: None, log: None };
    if let (Some(end), Some(made_at)) = (end, made_at) {
        let (db, _) = Postgres::open(url, keys_url, 4).await?;
        let store = Store::over(Db::Postgres(db), settings, true).await?;
        let other_anchor = put_aside(&settings.anchor_file, &end, now)?;
        let after = store.after_restore(&end, made_at, now, &progress).await;
        store.close().await?;
        restored = Restored { keys_made_at, other_anchor, ..after? };
        execute(&client, "DELETE FROM meta WHERE name = 'restoring'", &[]).await?;
    }
    Ok(restored)
}

/// Tables of the connection's schema.
async fn count(client: &Object) -> Result<i64> {
    rows(client, COUNT, &[]).await?.first().map_or(Ok(0), |r| r.int(0))
}

/// Makes the schema as it was and fills it.
async fn load(tx: &Transaction<'_>, from: &mut Source, known: &[Migration], schema: Option<&str>) -> Result<End> {
    let Some((tag::MIGRATIONS, applied)) = from.frame()? else { return Err(Unfit::NoBackup.into()) };
    let applied: Vec<AppliedMigration> = parse(&applied)?;
    let applied = applied.into_iter().map(|(n, sum)| Ok((n, *unhex(&sum).ok_or(Unfit::NoBackup)?)));
    let applied = applied.collect::<Result<Vec<(i64, [u8; 32])>>>()?;
    lay_schema(tx, known, &applied, schema).await?;
    let there = tables(tx).await?;
    // Rows that a migration put in come back as they were.
    for table in there.iter().filter(|t| t.name != "migration") {
        tx.batch_execute(&format!("DELETE FROM {}", quoted(&table.name))).await?;
    }
    let mut sink: Option<Sink> = None;
    while let Some((tag, bytes)) = from.frame()? {
        if tag == tag::ROWS {
            let sink = sink.as_mut().ok_or(Unfit::NoBackup)?;
            sink.send(Cursor::new(bytes)).await?;
            continue;
        }
        finish(&mut sink).await?;
        match tag {
            tag::TABLE => {
                let table: Table = parse(&bytes)?;
                if !there.iter().any(|t| t.name == table.name) {
                    return Err(Unfit::NoBackup.into());
                }
                let copy = format!("COPY {} FROM STDIN (FORMAT binary)", table.sql());
                sink = Some(Box::pin(tx.copy_in(&copy).await?));
            }
            tag::SEQUENCE => {
                let Sequence { name, last } = parse(&bytes)?;
                if last > 0 {
                    tx.execute("SELECT setval(quote_ident($1)::regclass, $2)", &[&name, &last]).await?;
                }
            }
            _ => return Err(Unfit::NoBackup.into()),
        }
    }
    finish(&mut sink).await?;
    from.end.take().ok_or(Error::Bug("a backup has no end"))
}

async fn finish(sink: &mut Option<Sink>) -> Result<()> {
    if let Some(mut sink) = sink.take() {
        sink.as_mut().finish().await?;
    }
    Ok(())
}

fn parse<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|_| Unfit::NoBackup.into())
}

/// Do key store, data and master key belong together?
async fn fits(keys: &Transaction<'_>, data: &Transaction<'_>, settings: &Settings) -> Result<()> {
    let masters = MasterKeys::load(&settings.master_key, false)?;
    let mut root = rows(keys, "SELECT wrapped FROM secret WHERE name = 'root'", &[]).await?;
    let root = root.first_mut().ok_or(Error::WrongKeyStore("it is empty"))?.blob(0)?;
    let hashes = Hashes::new(&*masters.unwrap_key(Place::of("secret", "root"), root)?);
    let there = "SELECT count(*) FROM information_schema.tables \
                 WHERE table_schema = current_schema() AND table_name = 'meta'";
    if rows(data, there, &[]).await?.first().map_or(Ok(0), |r| r.int(0))? == 0 {
        return Ok(());
    }
    let check = rows(data, "SELECT value FROM meta WHERE name = 'key_check'", &[]).await?;
    let check = check.into_iter().next().map(|mut r| r.blob(0)).transpose()?;
    match check {
        Some(check) if !bool::from(check.ct_eq(&hashes.check)) => {
            Err(Error::WrongKeyStore("it was made with another one"))
        }
        _ => Ok(()),
    }
}
