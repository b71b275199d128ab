//! The npm packages of the tests, exactly as their lock files say.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tokio::process::Command;

use super::report::Outcome;
use crate::process;

/// The folders under `tests` that are npm projects.
pub fn folders(root: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root.join("tests")).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.join("package.json").is_file()).collect();
    folders.sort();
    folders
}

/// `npm ci`, unless what is there was made from this very lock file.
pub async fn install(folder: &Path) -> Outcome {
    if !folder.join("package-lock.json").is_file() {
        return Outcome::Failed("package-lock.json is missing: run npm install there once and keep it".to_owned());
    }
    if is_current(folder) {
        println!("up to date");
        return Outcome::Passed;
    }
    let mut command = Command::new("npm");
    // The browser is Debian's own.
    command.current_dir(folder).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    command.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    Outcome::of(process::run(&mut command).await)
}

/// npm writes its own copy of the lock file last, when everything is in place.
fn is_current(folder: &Path) -> bool {
    let changed = |file: &str| -> Option<SystemTime> { folder.join(file).metadata().ok()?.modified().ok() };
    match (changed("node_modules/.package-lock.json"), changed("package-lock.json")) {
        (Some(installed), Some(locked)) => installed > locked,
        _ => false,
    }
}
