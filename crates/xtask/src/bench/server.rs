//! The program under measurement: started as a user would, stopped when dropped.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::demo::Demo;
use super::http::{Connection, request};
use crate::process::{self, Group};

/// Day of all care dates, so that a run of today and one of next year measure the same region.
pub const TODAY: &str = "2026-06-01";

/// How the program is started, every time anew.
#[derive(Debug)]
pub struct Program {
    /// The release binary.
    pub binary: PathBuf,
    /// Its data folder.
    pub data: PathBuf,
    /// Its PostgreSQL database, where it is not SQLite.
    pub database: Option<String>,
    /// Size of the demo region.
    pub patients: usize,
    /// Its practices: three, or a wide region of up to forty.
    pub practices: usize,
    /// Seed of the demo region.
    pub seed: u64,
    /// Where it listens, the same each time.
    pub port: u16,
}

/// A running one that is ready.
#[derive(Debug)]
pub struct Server {
    group: Group,
    /// From start to ready.
    pub took: Duration,
}

impl Program {
    /// Where it can be reached.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    fn log(&self) -> PathBuf {
        self.data.with_extension("log")
    }

    /// Starts it and waits until it is ready: the first time the region is made, after that it is opened again.
    pub async fn start(&self) -> Result<Server, String> {
        let log = std::fs::File::create(self.log()).map_err(|e| format!("{}: {e}", self.log().display()))?;
        let mut command = process::tied(&self.binary);
        command.args(["demo", "--listen", &self.address(), "--today", TODAY, "--data"]).arg(&self.data);
        command.args(["--patients", &self.patients.to_string(), "--seed", &self.seed.to_string()]);
        command.args(["--practices", &self.practices.to_string()]);
        if let Some(url) = &self.database {
            command.args(["--database", url]);
        }
        command.stdout(log.try_clone().map_err(|e| e.to_string())?).stderr(log);
        let began = Instant::now();
        let mut group = Group::spawn(&mut command, "TERM")?;
        // 100,000 patients are to be ready within five minutes; a slow machine gets some more.
        let until = began
            + Duration::from_mins(1)
            + Duration::from_millis(10) * u32::try_from(self.patients).unwrap_or(u32::MAX);
        loop {
            if let Some(status) = group.ended() {
                return Err(format!("the server ended ({status}): {}", self.last_words()));
            }
            if Demo::file(&self.data).exists() && self.is_ready().await {
                return Ok(Server { group, took: began.elapsed() });
            }
            if Instant::now() > until {
                return Err(format!("the server is not ready in time: {}", self.last_words()));
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    async fn is_ready(&self) -> bool {
        let Ok(mut connection) = Connection::open(&self.address()).await else { return false };
        let asked = connection.send(&request("GET", "/readyz", &self.address(), &[], None)).await;
        asked.is_ok_and(|answer| answer.status == 200)
    }

    fn last_words(&self) -> String {
        let log = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(3).collect();
        if lines.is_empty() {
            "it says nothing".to_owned()
        } else {
            lines.into_iter().rev().collect::<Vec<_>>().join(" / ")
        }
    }
}

impl Server {
    /// Its process id.
    pub fn id(&self) -> u32 {
        self.group.id()
    }

    /// Asks it to stop, as a supervisor would, and waits.
    pub async fn stop(self) -> Result<(), String> {
        let status = self.group.stop().await?;
        if status.success() { Ok(()) } else { Err(format!("the server did not stop well: {status}")) }
    }
}

/// The release binary that cargo has just built under `target`.
pub fn binary(target: &Path) -> PathBuf {
    target.join("release/tijdig")
}
