//! `cargo xtask bench`: the performance table of a release build, on a synthetic region (decision 92).

mod bundle;
mod demo;
mod extract;
mod http;
mod load;
mod machine;
mod random;
mod region;
mod report;
mod rows;
mod server;

use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use tokio::process::Command;

use crate::postgres::{Durability, Postgres};
use crate::process::{self, Group};
use crate::tempdir::TempDir;
use bundle::Template;
use demo::Demo;
use http::Connection;
use load::{Figures, Load};
use machine::Machine;
use random::Random;
use report::{Measured, Report, Run};
use rows::{Ground, Row, Sending};
use server::{Program, Server};

/// How long counting everybody may take.
const COUNTING: Duration = Duration::from_mins(10);

/// What to measure.
#[derive(Debug, PartialEq)]
pub struct Settings {
    /// Sizes of the region.
    pub patients: Vec<usize>,
    /// Length of each row.
    pub seconds: u64,
    /// Kept connections.
    pub connections: usize,
    /// Of the region and of the order of patients.
    pub seed: u64,
    /// An empty PostgreSQL database.
    pub database: Option<String>,
    /// Start a PostgreSQL for it.
    pub own_postgres: bool,
    /// Figures as JSON on standard output.
    pub json: bool,
    /// Rows whose names hold one of these; all rows where none is given.
    pub only: Vec<String>,
    /// Patients of the wide region whose figures are measured.
    pub region: usize,
}

impl Settings {
    fn wants(&self, row: Row) -> bool {
        self.names(&row.name())
    }

    fn names(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|part| name.contains(part.as_str()))
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            patients: vec![1000],
            seconds: 3,
            connections: 16,
            seed: 1,
            database: None,
            own_postgres: false,
            json: false,
            only: Vec::new(),
            region: 10_000,
        }
    }
}

/// Builds, measures and prints. Figures are no test: a missed target is shown, not failed (decision 92).
pub async fn run(root: &Path, settings: &Settings) -> Result<bool, String> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
    build(root).await?;
    if cfg!(debug_assertions) {
        // This client shares its cores with the server, so it is to be as fast as it can: the same again, optimised.
        let mut again = Command::new(target.join("release/xtask"));
        let status = Group::spawn(again.args(std::env::args().skip(1)).current_dir(root), "TERM")?.wait().await?;
        return Ok(status.success());
    }

    let folder = TempDir::new(&target.join("bench"), "run")?;
    let mut runs = Vec::new();
    for patients in &settings.patients {
        let measured = one_size(&target, folder.path(), settings, *patients).await?;
        eprintln!("{}", measured.table());
        runs.push(measured);
    }
    let targets = report::targets(&runs);
    eprintln!("{}", report::verdict(&targets));
    let machine = Machine::here(folder.path());
    eprintln!(
        "{} cores of {}, {}; server and client share them; {} connections, {} s a row",
        machine.cores, machine.processor, machine.file_system, settings.connections, settings.seconds
    );
    let report = Report { machine, connections: settings.connections, seconds: settings.seconds, runs, targets };
    if settings.json {
        println!("{}", serde_json::to_string_pretty(&report).map_err(|e| e.to_string())?);
    }
    Ok(report.runs.iter().all(|run| run.rows.iter().all(|row| row.figures.wrong == 0)))
}

async fn build(root: &Path) -> Result<(), String> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).args(["build", "--release", "--quiet", "--package", "tijdig", "--package", "xtask"]);
    let status = process::run(&mut cargo).await?;
    if status.success() { Ok(()) } else { Err(format!("cargo build: {status}")) }
}

async fn one_size(target: &Path, folder: &Path, settings: &Settings, patients: usize) -> Result<Run, String> {
    let postgres = if settings.own_postgres { Some(Postgres::start(Durability::Full).await?) } else { None };
    let program = Program {
        binary: server::binary(target),
        data: folder.join(format!("{patients}-patients")),
        database: postgres.as_ref().map(|p| p.url.clone()).or_else(|| settings.database.clone()),
        patients,
        practices: 3,
        seed: settings.seed,
        port: process::free_port()?,
    };
    let load =
        Load { connections: settings.connections, during: Duration::from_secs(settings.seconds), seed: settings.seed };

    let made_s = make(&program).await?;
    let disk = disk(&program);

    let mut session = Session::open(&program, load).await?;
    let (start_ms, memory_start) = (session.server.took.as_secs_f64() * 1000.0, session.memory().0);
    session.prepare().await?;

    // The page of the region is measured with figures to show.
    session.wait_for_figures().await?;
    eprint!("warm: ");
    session.figures(Row::Plan, load).await?;
    let wanted = || Row::reads().into_iter().filter(|row| settings.wants(*row));
    for row in wanted() {
        session.measure(row, false).await?;
    }
    let memory_reads = session.memory().0;
    eprint!("\nafter a restart: ");
    for row in wanted() {
        session = session.restart().await?.0;
        session.measure(row, true).await?;
    }

    eprint!("\nin: ");
    let syncs_per_second = machine::syncs_per_second(folder, Duration::from_secs(settings.seconds))?;
    let (before, after, plans);
    (session, before) = session.restart().await?;
    if settings.wants(Row::Bundle) {
        session.writes(Row::Bundle).await?;
    }
    plans = session.acknowledged;
    (session, after) = session.restart().await?;
    if settings.wants(Row::FormIn) {
        session.writes(Row::FormIn).await?;
    }
    for row in Row::WRITES.into_iter().filter(|row| settings.wants(*row)) {
        session = session.restart().await?.0;
        session.measure(row, true).await?;
    }
    eprintln!();
    // What came in while the rows were measured is about what a day brings.
    let figures_s = session.count_figures().await?;
    let (mut rows, memory_most) = session.close().await?;
    if settings.names(extract::NAME) {
        rows.push(extract::measure(&program, folder).await?);
    }
    // Figures of a wide region are the same whatever the size that was asked for, and cost minutes: once.
    if program.database.is_none() && settings.patients.first() == Some(&patients) && settings.names(region::NAME) {
        rows.extend(region::measure(&program, folder, settings.region, load).await?);
    }

    Ok(Run {
        patients,
        database: if program.database.is_some() { "postgresql" } else { "sqlite" },
        made_s,
        start_ms,
        memory_start,
        memory_reads,
        memory_most,
        disk,
        disk_per_patient: ratio(disk, patients),
        disk_per_plan: ratio(after.saturating_sub(before), plans),
        syncs_per_second,
        figures_s,
        plans_counted: plans,
        rows,
    })
}

/// Makes the region; how many seconds that took.
async fn make(program: &Program) -> Result<f64, String> {
    eprintln!("making {} patients of {} practices", program.patients, program.practices);
    let first = program.start().await?;
    let made_s = first.took.as_secs_f64();
    first.stop().await?;
    Ok(made_s)
}

/// A server that runs, with what it takes to ask it something and what it answered so far.
struct Session<'a> {
    program: &'a Program,
    load: Load,
    server: Server,
    ground: Rc<Ground>,
    rows: Vec<Measured>,
    /// Rows measured so far, warming up included: each has an order of its own, and sends in what was never sent before.
    turn: u64,
    /// Plans sent in and acknowledged.
    acknowledged: usize,
    memory_most: u64,
}

impl<'a> Session<'a> {
    /// Starts the server on the region that is there and gets in.
    async fn open(program: &'a Program, load: Load) -> Result<Self, String> {
        let server = program.start().await?;
        let ground = Rc::new(get_in(program, None).await?);
        Ok(Self { program, load, server, ground, rows: Vec::new(), turn: 0, acknowledged: 0, memory_most: 0 })
    }

    /// Stops and starts the server; with it comes the size of the data in between.
    async fn restart(mut self) -> Result<(Self, u64), String> {
        self.memory_most = self.memory_most.max(self.memory().1);
        self.server.stop().await?;
        let size = disk(self.program);
        let server = self.program.start().await?;
        let ground = Rc::new(get_in(self.program, Rc::into_inner(self.ground)).await?);
        Ok((Self { server, ground, ..self }, size))
    }

    /// Stops the server.
    async fn close(self) -> Result<(Vec<Measured>, u64), String> {
        let most = self.memory_most.max(self.memory().1);
        self.server.stop().await?;
        Ok((self.rows, most))
    }

    fn memory(&self) -> (u64, u64) {
        machine::memory(self.server.id()).unwrap_or_default()
    }

    async fn figures(&mut self, row: Row, load: Load) -> Result<Figures, String> {
        self.turn += 1;
        let connections = if row.is_alone() { 1 } else { load.connections };
        let load = Load { seed: load.seed.wrapping_add(self.turn << 32), connections, ..load };
        let figures = load::measure(row, &self.ground, &self.program.address(), self.server.id(), load).await?;
        if Row::WRITES.contains(&row) {
            self.acknowledged += figures.turns - figures.wrong;
        }
        Ok(figures)
    }

    async fn measure(&mut self, row: Row, after_restart: bool) -> Result<(), String> {
        eprint!("{} · ", row.name());
        let figures = self.figures(row, self.load).await?;
        self.rows.push(Measured { name: row.name(), after_restart, figures });
        Ok(())
    }

    /// Waits until the server has counted the figures of the region as it was made.
    async fn wait_for_figures(&self) -> Result<(), String> {
        let mut connection = Connection::open(&self.program.address()).await.map_err(|e| e.to_string())?;
        let begun = std::time::Instant::now();
        loop {
            let answer = connection.send(&self.ground.region_page()).await.map_err(|e| e.to_string())?;
            if Row::Region.is_right(answer.status, answer.body) {
                return Ok(());
            }
            if begun.elapsed() > COUNTING {
                return Err(format!("the figures were not counted in time: {}", answer.status));
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    /// Counts the figures anew, and tells how long that took, in seconds.
    async fn count_figures(&mut self) -> Result<f64, String> {
        let mut connection = Connection::open(&self.program.address()).await.map_err(|e| e.to_string())?;
        let page = connection.send(&self.ground.region_page()).await.map_err(|e| e.to_string())?.text();
        let token = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let asked = self.ground.count(token.ok_or("the region's page has no form")?);
        let begun = std::time::Instant::now();
        // Where it takes long, the answer comes before the end, and says so.
        loop {
            let answer = connection.send(&asked).await.map_err(|e| e.to_string())?;
            let took = begun.elapsed();
            match (answer.status, answer.header("location")) {
                (303, Some(to)) if to.ends_with("=geteld") => return Ok(took.as_secs_f64()),
                (303, _) if took < COUNTING => tokio::time::sleep(Duration::from_millis(100)).await,
                (status, _) => return Err(format!("counting was answered with {status} after {took:?}")),
            }
        }
    }

    /// A row that writes, after a second to get warm.
    async fn writes(&mut self, row: Row) -> Result<(), String> {
        self.figures(row, Load { during: Duration::from_secs(1), ..self.load }).await?;
        self.measure(row, false).await
    }

    /// Finds out whose plans the doctor may open, and makes what is to be sent in.
    async fn prepare(&mut self) -> Result<(), String> {
        const ENOUGH: usize = 400;
        let ground = Rc::get_mut(&mut self.ground).ok_or("the ground is in use")?;
        let mut connection = Connection::open(&self.program.address()).await.map_err(|e| e.to_string())?;
        let mut random = Random::new(self.program.seed);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..ENOUGH * 5 {
            let Some(person) = random.pick(&ground.patients).cloned() else { break };
            if !seen.insert(person.id.clone()) {
                continue;
            }
            if ground.caseload.len() < ENOUGH {
                let answer = connection.send(&ground.plan_page(&person.id)).await.map_err(|e| e.to_string())?;
                if answer.status == 200 && answer.text().contains("/plan.pdf\"") {
                    ground.caseload.push(person.clone());
                }
            }
            if ground.sendings.len() < ENOUGH {
                let answer = connection.send(&ground.read_patient(&person.id)).await.map_err(|e| e.to_string())?;
                if answer.status == 200 {
                    let patient = serde_json::from_slice(answer.body).map_err(|e| format!("Patient: {e}"))?;
                    let blocks = Template::new(&bundle::building_blocks(&patient, &mut random));
                    ground.sendings.push(Sending { blocks, form: Template::new(&bundle::form(&patient, &mut random)) });
                }
            }
        }
        Ok(())
    }
}

/// A fresh token and a fresh session; what was learned of the patients before is kept.
async fn get_in(program: &Program, earlier: Option<Ground>) -> Result<Ground, String> {
    let demo = Demo::read(&program.data)?;
    let mut connection = Connection::open(&program.address()).await.map_err(|e| e.to_string())?;
    let token = demo.token(&mut connection).await?;
    let cookies = demo.cookies(&mut connection, "gp").await?;
    let coordinator = demo.cookies(&mut connection, "network-coordinator").await?;
    Ok(Ground::new(&demo, &token, [cookies, coordinator], earlier))
}

/// Bytes of the data folder and the database, with the server stopped.
fn disk(program: &Program) -> u64 {
    let database = program.database.as_deref().and_then(machine::bytes_in_database).unwrap_or(0);
    machine::bytes_on_disk(&program.data) + database
}

#[expect(clippy::cast_precision_loss, reason = "figures for people: sizes stay far below 2^52")]
fn ratio(part: u64, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
