//! What the machine itself can do, and what a process takes of it.

use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde::Serialize;

/// The machine that the figures are of.
#[derive(Debug, Clone, Serialize)]
pub struct Machine {
    /// Name of the processor.
    pub processor: String,
    /// Cores that server and client share.
    pub cores: usize,
    /// File system that holds the data.
    pub file_system: String,
}

impl Machine {
    /// This one, with the data in `folder`.
    pub fn here(folder: &Path) -> Self {
        let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
        let stat =
            Command::new("stat").args(["--file-system", "--format=%T"]).arg(folder).stdin(Stdio::null()).output();
        let file_system = stat.ok().map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned()).unwrap_or_default();
        Self {
            processor: model.map_or_else(|| "unknown".to_owned(), |(_, name)| name.trim().to_owned()),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            file_system,
        }
    }
}

/// How often a second this disk confirms that 4 KB are on it: written in place into a small file, as a write-ahead log is.
pub fn syncs_per_second(folder: &Path, during: Duration) -> Result<f64, String> {
    const BLOCK: [u8; 4096] = [0x5A; 4096];
    const BLOCKS: u64 = 1024;
    let path = folder.join("sync-rate");
    let measure = || -> std::io::Result<f64> {
        let mut file = std::fs::File::create(&path)?;
        for _ in 0..BLOCKS {
            file.write_all(&BLOCK)?;
        }
        file.sync_all()?;
        let began = Instant::now();
        let mut syncs = 0_u32;
        while began.elapsed() < during {
            file.seek(SeekFrom::Start(u64::from(syncs) % BLOCKS * 4096))?;
            file.write_all(&BLOCK)?;
            file.sync_data()?;
            syncs += 1;
        }
        Ok(f64::from(syncs) / began.elapsed().as_secs_f64())
    };
    let rate = measure();
    let _ = std::fs::remove_file(&path);
    rate.map_err(|e| format!("{}: {e}", path.display()))
}

/// Processor time that a process has taken so far, user and system.
pub fn processor_time(pid: u32) -> Option<Duration> {
    // Fields 14 and 15, counted after the name in parentheses, in hundredths of a second on Linux.
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let ticks: u64 = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}

/// Memory of a process in bytes: what it holds now, and the most it ever held.
pub fn memory(pid: u32) -> Option<(u64, u64)> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let kilobytes = |name: &str| -> Option<u64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    Some((kilobytes("VmRSS")? * 1024, kilobytes("VmHWM")? * 1024))
}

/// Bytes that a folder's files take on the disk.
pub fn bytes_on_disk(folder: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    std::fs::read_dir(folder).into_iter().flatten().flatten().fold(0, |sum, entry| {
        sum + match entry.metadata() {
            Ok(m) if m.is_dir() => bytes_on_disk(&entry.path()),
            Ok(m) => m.blocks() * 512,
            Err(_) => 0,
        }
    })
}

/// Bytes of a PostgreSQL database, asked through psql where that is installed.
pub fn bytes_in_database(url: &str) -> Option<u64> {
    let mut psql = Command::new(crate::process::find("psql")?);
    psql.args([
        url,
        "--no-psqlrc",
        "--tuples-only",
        "--no-align",
        "--command=select pg_database_size(current_database())",
    ]);
    let said = psql.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    String::from_utf8(said.stdout).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tempdir::TempDir;

    #[test]
    fn this_process_takes_time_and_memory_and_the_disk_confirms() {
        let began = Instant::now();
        while processor_time(std::process::id()).unwrap() < Duration::from_millis(20)
            && began.elapsed() < Duration::from_secs(10)
        {}
        assert!(processor_time(std::process::id()).unwrap() >= Duration::from_millis(20));
        let (now, most) = memory(std::process::id()).unwrap();
        assert!(now > 100_000 && most >= now, "{now} {most}");
        assert_eq!(memory(u32::MAX), None);

        let folder = TempDir::new(&std::env::temp_dir(), "tijdig-machine").unwrap();
        assert!(syncs_per_second(folder.path(), Duration::from_millis(50)).unwrap() > 0.0);
        std::fs::create_dir(folder.path().join("deep")).unwrap();
        std::fs::write(folder.path().join("deep/file"), vec![1; 40_000]).unwrap();
        assert!((40_000..60_000).contains(&bytes_on_disk(folder.path())), "{}", bytes_on_disk(folder.path()));
    }
}
