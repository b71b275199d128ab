//! Libraries of others, unmodified, against the program: `tests/clients`.

use std::path::{Path, PathBuf};

use tokio::process::Command;

use super::needs::Need;
use super::report::{Outcome, Report};
use crate::process;

/// The Python packages, with the hash of each file that may be installed.
const LOCKED: &str = "requirements.txt";

/// Installs what they need, builds the program and runs them.
pub async fn run(root: &Path, report: &mut Report) {
    let folder = root.join("tests/clients");
    if let Some(lacking) = [Need::Node, Need::Python].into_iter().find(|need| !need.is_met()) {
        report.step("clients", async { Outcome::Failed(format!("{} is missing", lacking.name())) }).await;
        return;
    }
    let installed = report.step("pip install tests/clients", install(&folder)).await;
    let built = super::build(root, report).await;
    if !installed || !built {
        report.step("clients", async { Outcome::Failed("there is nothing to run them with".to_owned()) }).await;
        return;
    }
    let mut command = Command::new("node");
    command.current_dir(&folder).args(["--test", "clients.test.js"]).env("TIJDIG_BINARY", super::binary(root));
    report.step("clients", async { Outcome::of(process::run(&mut command).await) }).await;
}

/// A virtual environment with exactly what the lock file names, unless the one that is there was made from this very file.
async fn install(folder: &Path) -> Outcome {
    let (environment, locked) = (folder.join(".venv"), folder.join(LOCKED));
    let kept = environment.join(LOCKED);
    let wanted = match std::fs::read(&locked) {
        Ok(wanted) => wanted,
        Err(error) => return Outcome::Failed(format!("{}: {error}", locked.display())),
    };
    if std::fs::read(&kept).is_ok_and(|made_from| made_from == wanted) {
        println!("up to date");
        return Outcome::Passed;
    }
    let steps: [(PathBuf, &[&str]); 2] = [
        ("python3".into(), &["-m", "venv", "--clear", ".venv"]),
        (
            environment.join("bin/python"),
            &["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", LOCKED],
        ),
    ];
    for (program, words) in steps {
        let mut command = Command::new(program);
        command.current_dir(folder).args(words);
        match Outcome::of(process::run(&mut command).await) {
            Outcome::Passed => {}
            wrong => return wrong,
        }
    }
    // Written last: what was broken off is made anew.
    match std::fs::write(&kept, wanted) {
        Ok(()) => Outcome::Passed,
        Err(error) => Outcome::Failed(format!("{}: {error}", kept.display())),
    }
}
