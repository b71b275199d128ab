//! `cargo xtask test`: everything that must pass, on a machine that may have nothing but Rust.

mod clients;
mod deny;
mod needs;
mod node;
mod report;

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::postgres::{Durability, Postgres};
use crate::process::{self, Group};
use needs::Need;
use report::{Outcome, Report};

/// A part of the tests that can be asked for alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// rustfmt.
    Fmt,
    /// The house rules.
    Tidy,
    /// Lints.
    Clippy,
    /// Documentation builds without a warning.
    Doc,
    /// Unit, integration and documentation tests, on both databases.
    Rust,
    /// Licences, advisories and sources of dependencies.
    Deny,
    /// Libraries of others against the program.
    Clients,
    /// The pages in a real browser.
    Browser,
}

impl Part {
    /// In the order in which they run: what fails soonest goes first.
    pub const ALL: [Self; 8] =
        [Self::Fmt, Self::Tidy, Self::Clippy, Self::Doc, Self::Rust, Self::Deny, Self::Clients, Self::Browser];

    fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Tidy => "tidy",
            Self::Clippy => "clippy",
            Self::Doc => "doc",
            Self::Rust => "rust",
            Self::Deny => "deny",
            Self::Clients => "clients",
            Self::Browser => "browser",
        }
    }

    /// The part that goes by this name on the command line.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }

    fn needs(self) -> &'static [Need] {
        match self {
            Self::Rust => &[Need::Postgres, Need::Node, Need::Strace, Need::PdfTools, Need::Sqlite],
            Self::Clients => &[Need::Node, Need::Python],
            Self::Browser => &[Need::Node, Need::Chromium, Need::Postgres],
            Self::Fmt | Self::Tidy | Self::Clippy | Self::Doc | Self::Deny => &[],
        }
    }
}

/// Runs the parts asked for, or all; `true` when everything passed. What is missing on the machine is a failure too.
pub async fn run(root: &Path, asked: &[Part]) -> Result<bool, String> {
    let parts: Vec<Part> = Part::ALL.into_iter().filter(|p| asked.is_empty() || asked.contains(p)).collect();
    let mut report = Report::new();

    let wanted: Vec<Need> = Need::ALL.into_iter().filter(|n| parts.iter().any(|p| p.needs().contains(n))).collect();
    if !wanted.is_empty() {
        report.step("tools", needs::provide(&wanted)).await;
    }
    let has_node = wanted.contains(&Need::Node) && Need::Node.is_met();
    if has_node {
        for folder in node::folders(root) {
            let name = format!("npm ci {}", folder.strip_prefix(root).unwrap_or(&folder).display());
            report.step(&name, node::install(&folder)).await;
        }
    }

    for part in parts {
        match part {
            Part::Rust => rust(root, &mut report).await,
            Part::Clients => clients::run(root, &mut report).await,
            Part::Browser => browser(root, &mut report).await,
            Part::Fmt => {
                report.step("fmt", cargo(root, &["fmt", "--all", "--check"])).await;
            }
            Part::Tidy => {
                report.step("tidy", async { tidy(root) }).await;
            }
            Part::Clippy => {
                let words = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
                report.step("clippy", cargo(root, &words)).await;
            }
            Part::Doc => {
                report.step("doc", doc(root)).await;
            }
            Part::Deny => deny(root, &mut report).await,
        }
    }
    Ok(report.finish())
}

/// The cargo that called us, in the workspace.
fn cargo_command(root: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root).args(words);
    command
}

async fn cargo(root: &Path, words: &[&str]) -> Outcome {
    Outcome::of(process::run(&mut cargo_command(root, words)).await)
}

fn tidy(root: &Path) -> Outcome {
    match crate::tidy::problems(root) {
        Ok(problems) if problems.is_empty() => Outcome::Passed,
        Ok(problems) => {
            for problem in &problems {
                println!("{problem}");
            }
            Outcome::Failed(format!("{} house rules broken", problems.len()))
        }
        Err(error) => Outcome::Failed(error),
    }
}

async fn doc(root: &Path) -> Outcome {
    let mut command = cargo_command(root, &["doc", "--workspace", "--no-deps"]);
    Outcome::of(process::run(command.env("RUSTDOCFLAGS", "-D warnings")).await)
}

/// Licences, bans and sources always; advisories where cargo-deny is installed and its database can be had.
async fn deny(root: &Path, report: &mut Report) {
    let has_tool = process::output(&mut cargo_command(root, &["deny", "--version"])).await.is_some();
    if has_tool {
        let words = ["deny", "--all-features", "check", "licenses", "bans", "sources"];
        report.step("deny", cargo(root, &words)).await;
        if process::output(&mut cargo_command(root, &["deny", "fetch"])).await.is_some() {
            report.step("advisories", cargo(root, &["deny", "check", "advisories"])).await;
            return;
        }
    } else {
        report.step("deny", async { own_deny(root).await }).await;
    }
    let why =
        if has_tool { "their database cannot be reached" } else { "they need cargo-deny (cargo install cargo-deny)" };
    report.step("advisories", async { Outcome::Skipped(format!("not checked: {why}")) }).await;
}

async fn own_deny(root: &Path) -> Outcome {
    let mut command = cargo_command(root, &["metadata", "--format-version", "1", "--locked"]);
    let Some(metadata) = process::output(&mut command).await else {
        return Outcome::Failed("cargo metadata gave no answer".to_owned());
    };
    match deny::problems(root, metadata.as_bytes()) {
        Ok(problems) if problems.is_empty() => Outcome::Passed,
        Ok(problems) => {
            for problem in &problems {
                println!("{problem}");
            }
            Outcome::Failed(format!("{} dependencies break deny.toml", problems.len()))
        }
        Err(error) => Outcome::Failed(error),
    }
}

/// The tests, with a PostgreSQL of their own that goes when they are done.
async fn rust(root: &Path, report: &mut Report) {
    let postgres = report.start("postgresql", Postgres::start(Durability::None)).await;
    let mut set: Vec<(&str, &str)> = postgres.iter().map(|p| ("TIJDIG_TEST_POSTGRES", p.url.as_str())).collect();
    let nextest = process::output(&mut cargo_command(root, &["nextest", "--version"])).await.is_some();
    // Shown output is how a test that had to skip something says so.
    let run = |one: &'static [&'static str]| {
        let (start, end): (&[&str], &[&str]) = if nextest {
            (&["nextest", "run", "--no-fail-fast", "--success-output=immediate"], &[])
        } else {
            (&["test", "--no-fail-fast"], &["--", "--show-output"])
        };
        [start, one, end].concat()
    };
    tests(root, "tests", &run(&["--workspace"]), &set, report).await;
    if nextest {
        tests(root, "doc tests", &["test", "--doc", "--workspace", "--no-fail-fast"], &set, report).await;
    }
    if postgres.is_some() {
        set.push(("TIJDIG_TEST_HTTP_ON", "postgres"));
        // Of the same build as before: what `--package web` alone would build has other features.
        tests(root, "http on postgresql", &run(&["--workspace", "--test", "http"]), &set, report).await;
    }
}

/// Runs tests, passes on what they write, and keeps what they say they could not check.
async fn tests(root: &Path, name: &str, words: &[&str], set: &[(&str, &str)], report: &mut Report) {
    let mut command = cargo_command(root, words);
    command.envs(set.iter().copied());
    if std::io::IsTerminal::is_terminal(&std::io::stdout()) && std::env::var_os("CARGO_TERM_COLOR").is_none() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let mut skipped = Vec::new();
    report.step(name, async { Outcome::of(listen(command, &mut skipped).await) }).await;
    report.not_checked(skipped);
}

async fn listen(command: Command, skipped: &mut Vec<String>) -> Result<std::process::ExitStatus, String> {
    // One pipe for both streams, so that lines keep their order.
    let mut joined = Command::new("sh");
    let original = command.as_std();
    joined.args(["-c", "exec \"$@\" 2>&1", "sh"]).arg(original.get_program()).args(original.get_args());
    if let Some(folder) = original.get_current_dir() {
        joined.current_dir(folder);
    }
    for (key, value) in original.get_envs() {
        if let Some(value) = value {
            joined.env(key, value);
        }
    }
    let mut group = Group::spawn(joined.stdout(Stdio::piped()), "TERM")?;
    if let Some(out) = group.stdout() {
        let mut lines = BufReader::new(out).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            println!("{line}");
            if let Some(at) = line.find("SKIPPED:") {
                skipped.push(line[at + "SKIPPED:".len()..].trim().to_owned());
            }
        }
    }
    group.wait().await
}

async fn browser(root: &Path, report: &mut Report) {
    let built = build(root, report).await;
    let folder = root.join("tests/e2e");
    let (Some(chromium), true) = (needs::chromium(), Need::Node.is_met()) else {
        report.step("browser", async { Outcome::Failed("Chromium or Node.js is missing".to_owned()) }).await;
        return;
    };
    if !built {
        report.step("browser", async { Outcome::Failed("there is no program to test".to_owned()) }).await;
        return;
    }
    let command = |words: &[&str]| {
        let mut command = Command::new(folder.join("node_modules/.bin/playwright"));
        command.current_dir(&folder).arg("test").args(words);
        command.env("TIJDIG_CHROMIUM", &chromium).env("TIJDIG_BINARY", binary(root));
        command
    };
    report.step("browser", async { Outcome::of(process::run(&mut command(&[])).await) }).await;
    // What the pages do they do without knowing the database: the main story is enough on the other one.
    if let Some(postgres) = report.start("postgresql", Postgres::start(Durability::None)).await {
        let mut story = command(&["record", "proposal", "draft", "--project=wide"]);
        story.env("TIJDIG_E2E_DATABASE", &postgres.url);
        report.step("browser on postgresql", async { Outcome::of(process::run(&mut story).await) }).await;
    }
}

/// Builds the program that is tested from outside; `false` where that fails.
async fn build(root: &Path, report: &mut Report) -> bool {
    report.step("build", cargo(root, &["build", "--package", "tijdig", "--bin", "tijdig"])).await
}

/// Where cargo puts the program.
fn binary(root: &Path) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
    target.join("debug/tijdig")
}
