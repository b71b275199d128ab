//! A HIS extract of a million rows, brought in as an operator would: how long it takes, and what it holds of memory.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::demo::Demo;
use super::load::Figures;
use super::machine;
use super::make;
use super::random::Random;
use super::report::Measured;
use super::server::Program;
use crate::process::{self, Group};

/// Name of the row.
pub const NAME: &str = "HIS extract, a million rows";
/// Rows.
const ROWS: u64 = 1_000_000;
/// Rows of one patient.
const EACH: u64 = 10;
/// Practices and patients of the region into which it comes.
const PRACTICES: usize = 40;
const PATIENTS: usize = 2_000;

/// AGB codes of the practices of a demo region: they are numbered as its organisations are, the three of the small region
/// first and the others behind what stands around those; of one the code is not known.
fn codes(practices: usize) -> Vec<String> {
    let all = (0..3).chain(11..8 + practices.max(3)).filter(|n| *n != 22);
    all.map(|n| format!("41990{n:03}")).collect()
}

/// Brings a file in while the server stands still.
pub async fn measure(program: &Program, folder: &Path) -> Result<Measured, String> {
    let file = folder.join("extract.csv");
    // A database of one's own has room for one region; there it comes into the small one.
    let wide = Program {
        binary: program.binary.clone(),
        data: folder.join("extract-region"),
        database: None,
        patients: PATIENTS,
        practices: PRACTICES,
        seed: program.seed,
        port: process::free_port()?,
    };
    let program = if program.database.is_none() { &wide } else { program };
    if program.database.is_none() {
        make(program).await?;
    }
    let known = Demo::read(&program.data)?.patients.into_iter().map(|p| p.bsn).collect::<Vec<_>>();
    let codes = codes(program.practices);
    let bytes = write(&file, program.seed, &codes, &known).map_err(|e| format!("{}: {e}", file.display()))?;
    let mut command = process::tied(&program.binary);
    command.args(["import", "his"]).arg(&file).args(["--json", "--data"]).arg(&program.data);
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

/// A file as practices' systems make them: for each patient ten rows of episodes, contacts and determinations, of which the
/// rules ask for a few; known by BSN, one in fifty in care here.
fn write(path: &PathBuf, seed: u64, codes: &[String], known: &[String]) -> std::io::Result<u64> {
    const EPISODES: [&str; 16] = [
        "T90", "K86", "R05", "L03", "P70", "U71", "S74", "K77", "D12", "H81", "A05", "R95", "N87", "L90", "K78", "P76",
    ];
    let mut random = Random::new(seed);
    let mut out = std::io::BufWriter::new(std::fs::File::create(path)?);
    writeln!(
        out,
        "praktijk_agb;bsn;patientnummer;geboortedatum;uzovi;icpc;episode_begin;episode_status;contact_datum;contact_soort;\
         declaratiecode;bepaling_code;bepaling_waarde;bepaling_datum"
    )?;
    let mut last = 100_000_000;
    for patient in 0..ROWS / EACH {
        last = next_bsn(last + 1);
        let here = random.pick(known).filter(|_| patient % 50 == 0);
        let bsn = here.cloned().unwrap_or_else(|| last.to_string());
        let code = random.pick(codes).map_or("", String::as_str);
        let (year, month, day) = (1930 + random.next() % 90, 1 + random.next() % 12, 1 + random.next() % 28);
        let who = format!("{code};{bsn};{patient};{year}-{month:02}-{day:02};7095");
        for _ in 0..EACH {
            let (year, month, day) = (2010 + random.next() % 16, 1 + random.next() % 12, 1 + random.next() % 28);
            let on = format!("{year}-{month:02}-{day:02}");
            match random.next() % 20 {
                0..=8 => {
                    let episode = random.pick(&EPISODES).copied().unwrap_or_default();
                    writeln!(out, "{who};{episode};{on};actief;{on};consult;;;;")?;
                }
                9..=15 => writeln!(out, "{who};;;;{on};visite;12000;;;")?,
                _ => writeln!(out, "{who};;;;;;;1919;{};{on}", random.next() % 100)?,
            }
        }
    }
    out.flush()?;
    Ok(std::fs::metadata(path)?.len())
}

/// The first number from here that meets the 11-test.
fn next_bsn(from: u64) -> u64 {
    let meets = |n: &u64| {
        let digit = |place: u32| n / 10_u64.pow(place) % 10;
        let weighed: u64 = (1..9).map(|place| u64::from(place + 1) * digit(place)).sum();
        weighed % 11 == digit(0)
    };
    // Of twenty numbers in a row at least one does.
    (from..from + 20).find(meets).unwrap_or(from)
}

#[expect(clippy::cast_precision_loss, reason = "figures for people: sizes stay far below 2^52")]
fn count(n: u64) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_numbers_are_those_of_the_demo() {
        assert_eq!(codes(3), ["41990000", "41990001", "41990002"]);
        let forty = codes(40);
        assert_eq!((forty.len(), forty.last().map(String::as_str)), (39, Some("41990047")));
        assert_eq!(next_bsn(900_000_000), 900_000_004);
    }
}
