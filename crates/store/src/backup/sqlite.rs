//! A backup of SQLite: a copy of one moment made by SQLite itself while others write, emptied of what a backup leaves
//! out, and sealed.

use super::format::Sealer;
use super::{End, LEFT_OUT, Progress, Scrap, What, private_file, tag};
use crate::anchor::Anchor;
use crate::sqlite::{Sqlite, connect_to_read, rows};
use crate::{Error, Result};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use std::fs::File;
use std::io::{BufWriter, Read};
use std::path::Path;
use std::time::Duration;

/// Pages between two reports.
const PAGES: i32 = 4096;
/// Bytes of a frame.
const PART: usize = 64 * 1024;

type Out = Sealer<BufWriter<File>>;

/// Copies and seals one of the two files.
pub(super) async fn write(db: &Sqlite, what: What, part: &Path, sealer: Out, progress: Progress) -> Result<(Out, End)> {
    let from = match what {
        What::Data => db.files().main.clone(),
        What::Keys => db.files().keys.clone(),
    };
    let copy = Scrap::beside(part, "copy");
    let work = move || {
        copy_file(&from, copy.path(), &progress)?;
        let end = match what {
            What::Data => empty(copy.path())?,
            What::Keys => End::default(),
        };
        seal(copy.path(), sealer).map(|sealer| (sealer, end))
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Bug("a copying thread stopped"))?
}

fn copy_file(from: &Path, to: &Path, progress: &Progress) -> Result<()> {
    drop(private_file(to)?);
    let source = connect_to_read(from)?;
    // Read from within one transaction: what others write meanwhile neither shows nor makes the copy begin again.
    source.execute_batch("BEGIN; SELECT count(*) FROM migration")?;
    let mut target = Connection::open(to)?;
    {
        let backup = Backup::new(&source, &mut target)?;
        loop {
            let step = backup.step(PAGES)?;
            let so_far = backup.progress();
            let total = u64::try_from(so_far.pagecount).unwrap_or(0);
            progress(total - u64::try_from(so_far.remaining).unwrap_or(0), total);
            match step {
                StepResult::Done => break,
                StepResult::More => {}
                _ => std::thread::sleep(Duration::from_millis(20)),
            }
        }
    }
    target.execute_batch("PRAGMA journal_mode=DELETE")?;
    source.execute_batch("ROLLBACK")?;
    Ok(())
}

/// Takes out what a backup does not hold; says how far the log in it goes.
fn empty(copy: &Path) -> Result<End> {
    let db = Connection::open(copy)?;
    db.execute_batch("PRAGMA secure_delete=ON; PRAGMA synchronous=OFF")?;
    for table in LEFT_OUT {
        db.execute_batch(&format!("DELETE FROM {table}"))?;
    }
    let log_rows = rows(&db, "SELECT count(*) FROM log", &[])?.first().map_or(Ok(0), |r| r.int(0))?;
    let newest = "SELECT number, at, upto, total, changed, mac FROM anchor ORDER BY number DESC LIMIT 1";
    let anchor = rows(&db, newest, &[])?.into_iter().next().map(Anchor::of_row).transpose()?;
    let anchor = anchor.as_ref().map(Anchor::outside).transpose()?;
    Ok(End { log_rows: u64::try_from(log_rows).unwrap_or(0), anchor })
}

fn seal(copy: &Path, mut sealer: Out) -> Result<Out> {
    let mut file = File::open(copy).map_err(Error::file(copy))?;
    let mut part = vec![0; PART];
    loop {
        match file.read(&mut part).map_err(Error::file(copy))? {
            0 => return Ok(sealer),
            many => sealer.frame(tag::FILE, &part[..many]).map_err(Error::file(copy))?,
        }
    }
}
