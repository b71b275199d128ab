//! What the tests need from the machine, and getting it with Debian's own package manager.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

use super::report::Outcome;
use crate::{postgres, process};

/// Something that must be installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The server, for the tests that run on both databases.
    Postgres,
    /// Node.js 18 or newer, with npm.
    Node,
    /// A browser for the pages.
    Chromium,
    /// To see what reaches the disk.
    Strace,
    /// To read a PDF back.
    PdfTools,
    /// To tamper with a database past the program.
    Sqlite,
    /// Python 3.10 or newer that makes virtual environments.
    Python,
}

impl Need {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Postgres, Self::Node, Self::Chromium, Self::Strace, Self::PdfTools, Self::Sqlite, Self::Python];

    /// What it is called to a person.
    pub fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::Node => "Node.js 18 or newer with npm",
            Self::Chromium => "Chromium",
            Self::Strace => "strace",
            Self::PdfTools => "pdftotext and pdfinfo",
            Self::Sqlite => "sqlite3",
            Self::Python => "Python 3.10 or newer with venv",
        }
    }

    /// Debian's packages; of Node.js only what is not there, since it may come from elsewhere and npm with it.
    fn packages(self) -> Vec<&'static str> {
        match self {
            Self::Postgres => vec!["postgresql"],
            Self::Node if process::find("node").is_some() => vec!["npm"],
            Self::Node => vec!["nodejs", "npm"],
            Self::Chromium => vec!["chromium"],
            Self::Strace => vec!["strace"],
            Self::PdfTools => vec!["poppler-utils"],
            Self::Sqlite => vec!["sqlite3"],
            Self::Python => vec!["python3", "python3-venv"],
        }
    }

    /// Is it there?
    pub fn is_met(self) -> bool {
        match self {
            Self::Postgres => postgres::programs().is_some(),
            Self::Node => process::find("npm").is_some() && node_major().is_some_and(|major| major >= 18),
            Self::Chromium => chromium().is_some(),
            Self::Strace => process::find("strace").is_some(),
            Self::PdfTools => process::find("pdftotext").is_some() && process::find("pdfinfo").is_some(),
            Self::Sqlite => process::find("sqlite3").is_some(),
            Self::Python => makes_environments(),
        }
    }
}

/// A Chromium: the one named by `TIJDIG_CHROMIUM`, or the one on the search path.
pub fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("TIJDIG_CHROMIUM").map(PathBuf::from).filter(|file| process::is_program(file));
    named.or_else(|| ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(process::find))
}

fn node_major() -> Option<u32> {
    let node = process::find("node")?;
    let said = std::process::Command::new(node).arg("--version").stdin(Stdio::null()).output().ok()?;
    let version = String::from_utf8(said.stdout).ok()?;
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Debian leaves `ensurepip` out of Python itself: without it there is no pip in an environment.
fn makes_environments() -> bool {
    let new_enough = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))";
    let Some(python) = process::find("python3") else { return false };
    let asked = std::process::Command::new(python).args(["-c", new_enough]).stdin(Stdio::null()).output();
    asked.is_ok_and(|said| said.status.success())
}

/// Installs what is missing, where root or sudo lets us; else says plainly what the machine lacks.
pub async fn provide(wanted: &[Need]) -> Outcome {
    let missing: Vec<Need> = wanted.iter().copied().filter(|need| !need.is_met()).collect();
    if missing.is_empty() {
        println!("all there: {}", names(wanted));
        return Outcome::Passed;
    }
    println!("missing: {}", names(&missing));
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages()).collect();
    if let Err(why) = install(&packages, missing.contains(&Need::Postgres)).await {
        println!("{why}");
    }
    let lacking: Vec<Need> = wanted.iter().copied().filter(|need| !need.is_met()).collect();
    if lacking.is_empty() {
        return Outcome::Passed;
    }
    let by_hand: Vec<&str> = lacking.iter().flat_map(|need| need.packages()).collect();
    Outcome::Failed(format!("this machine lacks {} (Debian: apt-get install {})", names(&lacking), by_hand.join(" ")))
}

fn names(needs: &[Need]) -> String {
    needs.iter().map(|need| need.name()).collect::<Vec<_>>().join(", ")
}

async fn install(packages: &[&str], with_postgres: bool) -> Result<(), String> {
    let apt = process::find("apt-get").ok_or("there is no apt-get to install it with")?;
    let before: &[&str] = if process::is_root() {
        &[]
    } else if let Some(sudo) = process::find("sudo")
        && process::output(Command::new(sudo).args(["-n", "true"])).await.is_some()
    {
        &["sudo", "-n"]
    } else {
        return Err("neither root nor sudo without a password: cannot install it".to_owned());
    };
    let as_root = |words: &[&str]| {
        let mut all = before.to_vec();
        all.extend_from_slice(words);
        let mut command = Command::new(all[0]);
        command.args(&all[1..]);
        command
    };

    // Debian makes a cluster and starts a server when it installs PostgreSQL. We start one of our own, so it need not.
    let quiet = "/etc/postgresql-common/createcluster.d/tijdig-tests.conf";
    let no_cluster = with_postgres && !Path::new("/etc/postgresql-common").exists();
    if no_cluster {
        let script = "mkdir -p \"$(dirname \"$0\")\" && echo 'create_main_cluster = false' > \"$0\"";
        process::run(&mut as_root(&["sh", "-c", script, quiet])).await?;
    }
    let apt = apt.to_string_lossy().into_owned();
    let environment = "DEBIAN_FRONTEND=noninteractive";
    let update = process::run(&mut as_root(&["env", environment, &apt, "--quiet", "update"])).await;
    let mut words = vec!["env", environment, &apt, "--quiet", "install", "--yes", "--no-install-recommends"];
    words.extend_from_slice(packages);
    let installed = process::run(&mut as_root(&words)).await;
    if no_cluster {
        process::run(&mut as_root(&["rm", "-f", quiet])).await?;
    }
    update?;
    match installed? {
        status if status.success() => Ok(()),
        status => Err(format!("apt-get install {}: {status}", packages.join(" "))),
    }
}
