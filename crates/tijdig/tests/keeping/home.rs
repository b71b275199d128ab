//! Where a program has its things: a folder, or a folder and a database on the PostgreSQL of `TIJDIG_TEST_POSTGRES`;
//! its commands there; and a way into the database past the program, with the database's own shell.

use crate::program::Program;
use serde_json::Value;
use std::cell::RefCell;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A folder for homes; what was made for them goes with it.
pub struct Machine {
    folder: TempDir,
    /// Address of the server, without the database.
    server: Option<String>,
    made: RefCell<Vec<String>>,
}

/// A data folder, which need not be there yet, and the address of a database that is empty at first.
#[derive(Clone)]
pub struct Home {
    pub data: PathBuf,
    pub database: Option<String>,
}

impl Machine {
    pub fn sqlite() -> Self {
        Self::with(None)
    }

    /// One with PostgreSQL, where there is any.
    pub fn postgres() -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "tests have no configuration to read it from")]
        let Ok(address) = std::env::var("TIJDIG_TEST_POSTGRES") else {
            let why = "SKIPPED: PostgreSQL: set TIJDIG_TEST_POSTGRES to the address of a server to run this test\n";
            std::io::stderr().write_all(why.as_bytes()).unwrap();
            return None;
        };
        let (server, _) = address.rsplit_once('/').expect("an address ends in a database");
        Some(Self::with(Some(server.to_owned())))
    }

    fn with(server: Option<String>) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        Self { folder, server, made: RefCell::default() }
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// A home where nothing is yet.
    pub fn home(&self, name: &str) -> Home {
        let data = self.folder.path().join(name);
        let database = self.server.as_ref().map(|server| {
            let mut made = self.made.borrow_mut();
            let own = self.folder.path().file_name().unwrap().to_str().unwrap().trim_start_matches('.').to_lowercase();
            let database = format!("tijdig_keeping_{own}_{}", made.len());
            psql(&format!("{server}/postgres"), &format!("CREATE DATABASE \"{database}\""));
            made.push(database.clone());
            format!("{server}/{database}")
        });
        Home { data, database }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        for database in self.made.take() {
            let server = self.server.as_deref().unwrap_or_default();
            let drop = format!("DROP DATABASE IF EXISTS \"{database}\" WITH (FORCE)");
            let done =
                Command::new("psql").args(["-X", "-q", "-d", &format!("{server}/postgres"), "-c", &drop]).output();
            assert!(std::thread::panicking() || done.is_ok_and(|out| out.status.success()), "the database is dropped");
        }
    }
}

impl Home {
    /// The demo on it, started.
    pub fn start(&self) -> Program {
        Program::start_on(&self.data, self.database.as_deref(), &[])
    }

    /// As [`Home::start`], and waits until the log has an anchor that covers everything up to here.
    pub fn start_and_anchor(&self) -> Program {
        let program = self.start();
        let upto = self.number("SELECT max(id) FROM log");
        let until = Instant::now() + Duration::from_mins(2);
        while self.number("SELECT coalesce(max(upto), 0) FROM anchor") < upto {
            assert!(Instant::now() < until, "no anchor");
            std::thread::sleep(Duration::from_millis(50));
        }
        program
    }

    /// Another instance on the same database, with the same master key.
    pub fn beside(&self, machine: &Machine, name: &str) -> Self {
        let data = machine.folder.path().join(name);
        std::fs::create_dir(&data).unwrap();
        for file in ["demo.json", "master.key"] {
            std::fs::copy(self.data.join(file), data.join(file)).unwrap();
        }
        Self { data, database: self.database.clone() }
    }

    /// Runs a command.
    pub fn tijdig(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tijdig"));
        command.args(arguments).arg("--data").arg(&self.data);
        if let Some(database) = &self.database {
            // Not as an argument: there may be a password in it.
            command.env("TIJDIG_DATABASE", database);
        }
        command.output().unwrap()
    }

    /// Runs a command that must succeed; its answer.
    pub fn done(&self, arguments: &[&str]) -> Value {
        let out = self.tijdig(&[arguments, &["--json"]].concat());
        assert_eq!(out.status.code(), Some(0), "{arguments:?}: {}", text(&out.stderr));
        serde_json::from_slice(&out.stdout).unwrap()
    }

    /// Refused with this code and one or two lines that hold `says`.
    pub fn refused(&self, arguments: &[&str], code: i32, says: &str) {
        let out = self.tijdig(arguments);
        let said = text(&out.stderr);
        assert_eq!(out.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(says), "{arguments:?}: {said}");
        assert!(out.stdout.is_empty() && said.lines().count() <= 2, "{arguments:?}: {said}");
    }

    /// `log verify`, which must find the log whole.
    pub fn whole(&self) -> Value {
        let out = self.tijdig(&["log", "verify", "--json"]);
        let report: Value = serde_json::from_slice(&out.stdout).unwrap_or_default();
        assert!(out.status.success() && report["whole"] == true, "{report} {}", text(&out.stderr));
        report
    }

    /// Runs statements; the lines of the answer.
    pub fn sql(&self, statements: &str) -> Vec<String> {
        let out = if let Some(address) = &self.database {
            psql(address, statements)
        } else {
            let mut command = Command::new("sqlite3");
            command.args(["-batch", "-bail", "-cmd", ".timeout 60000"]).arg(self.data.join("tijdig.db"));
            shell(command, statements)
        };
        out.lines().map(str::to_owned).collect()
    }

    /// The one number of an answer.
    pub fn number(&self, statement: &str) -> i64 {
        self.sql(statement).concat().trim().parse().unwrap()
    }

    /// How many rows each table has that a person or a page can tell of; not those that every start and look adds to.
    pub fn counts(&self) -> Vec<String> {
        let tables = if self.database.is_some() {
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        } else {
            "SELECT name FROM sqlite_schema WHERE type = 'table'"
        };
        let passing = ["log", "log_head", "anchor", "meta", "session", "ceremony", "used_assertion"];
        let mut tables: Vec<_> = self.sql(tables).into_iter().filter(|t| !passing.contains(&t.as_str())).collect();
        assert!(tables.len() > 20, "{tables:?}");
        tables.sort();
        let counts: Vec<_> = tables.iter().map(|t| format!("SELECT '{t} ' || count(*) FROM {t};")).collect();
        self.sql(&counts.join("\n"))
    }

    /// Every row of the log, as its number and its seal.
    pub fn log(&self) -> Vec<(i64, String)> {
        let hex = if self.database.is_some() { "encode(mac, 'hex')" } else { "lower(hex(mac))" };
        let rows = self.sql(&format!("SELECT id || ' ' || chain || ' ' || seq || ' ' || {hex} FROM log ORDER BY id"));
        rows.into_iter().map(|row| (row.split(' ').next().unwrap().parse().unwrap(), row)).collect()
    }
}

fn psql(address: &str, statements: &str) -> String {
    let mut command = Command::new("psql");
    command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", address]);
    shell(command, statements)
}

/// Gives statements to a database's shell.
fn shell(mut command: Command, statements: &str) -> String {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|e| panic!("these tests need {name}: {e}"));
    let mut input = child.stdin.take().unwrap();
    input.write_all(statements.as_bytes()).and_then(|()| input.write_all(b";\n")).unwrap();
    drop(input);
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success(), "{name}: {}", text(&out.stderr));
    text(&out.stdout)
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
