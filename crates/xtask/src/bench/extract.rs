//! A HIS extract of a million rows, brought in as an operator would: how long it takes, and what it holds of memory.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::load::Figures;
use super::machine;
use super::random::Random;
use super::report::Measured;
use super::server::Program;
use crate::process::{self, Group};

/// Name of the row.
pub const NAME: &str = "HIS extract, a million rows";
/// Rows.
const ROWS: u64 = 1_000_000;
/// Rows of one patient.
const EACH: u64 = 8;
/// AGB code of the first practice of the demo region.
const PRACTICE: &str = "41990000";

/// Brings a file in while the server stands still.
pub async fn measure(program: &Program, folder: &Path) -> Result<Measured, String> {
    let file = folder.join("extract.csv");
    let bytes = write(&file, program.seed).map_err(|e| format!("{}: {e}", file.display()))?;
    let mut command = process::tied(&program.binary);
    command.args(["import", "his"]).arg(&file).args(["--practice", PRACTICE, "--json", "--data"]).arg(&program.data);
    if let Some(url) = &program.database {
        command.args(["--database", url]);
    }
    let said = folder.join("extract.json");
    command.stdout(std::fs::File::create(&said).map_err(|e| e.to_string())?);
    let began = Instant::now();
    let mut group = Group::spawn(&mut command, "TERM")?;
    let (mut most, mut taken) = (0, Duration::ZERO);
    let status = loop {
        most = most.max(machine::memory(group.id()).unwrap_or_default().1);
        taken = taken.max(machine::processor_time(group.id()).unwrap_or_default());
        if let Some(status) = group.ended() {
            break status;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let took = began.elapsed();
    let answer = std::fs::read_to_string(&said).unwrap_or_default();
    let told: serde_json::Value = serde_json::from_str(&answer).unwrap_or_default();
    let right = status.success() && told["rows"] == ROWS && told["wrong"] == 0;
    eprintln!(
        "{NAME}: {:.1} s, {} MB of memory at most, {} patients kept",
        took.as_secs_f64(),
        most >> 20,
        told["patients"]
    );
    std::fs::remove_file(&file).map_err(|e| e.to_string())?;
    let ms = took.as_secs_f64() * 1000.0;
    let figures = Figures {
        per_second: count(ROWS) / took.as_secs_f64(),
        p50_ms: ms,
        p99_ms: ms,
        turns: 1,
        wrong: usize::from(!right),
        first_wrong: (!right).then(|| format!("{status}: {}", answer.chars().take(200).collect::<String>())),
        bytes: count(bytes),
        server_us: taken.as_secs_f64() * 1e6 / count(ROWS),
        client_us: 0.0,
    };
    Ok(Measured { name: NAME.to_owned(), after_restart: true, figures })
}

/// A file in which one patient in five has a code that a rule asks for.
fn write(path: &PathBuf, seed: u64) -> std::io::Result<u64> {
    const CODES: [&str; 10] = ["T90", "K86", "R05", "L03", "P70", "U71", "S74", "K77", "D12", "H81"];
    let mut random = Random::new(seed);
    let mut out = std::io::BufWriter::new(std::fs::File::create(path)?);
    writeln!(out, "patientnummer;geboortejaar;icpc;episode_begin;episode_status;contact_datum;contact_soort")?;
    for n in 0..ROWS {
        let patient = n / EACH;
        // Some are old enough to be found by their age alone.
        let year = 1936 + patient * 7 % 70;
        let code = random.pick(&CODES).copied().unwrap_or_default();
        let (month, day) = (1 + random.next() % 12, 1 + random.next() % 28);
        let began = 2010 + random.next() % 16;
        writeln!(out, "{patient};{year};{code};{began}-{month:02}-{day:02};actief;2026-01-{day:02};consult")?;
    }
    out.flush()?;
    Ok(std::fs::metadata(path)?.len())
}

#[expect(clippy::cast_precision_loss, reason = "figures for people: sizes stay far below 2^52")]
fn count(n: u64) -> f64 {
    n as f64
}
