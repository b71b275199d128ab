//! The standard's own files: read where they lie, never copied into the project.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the standard's files; says aloud what is skipped without it.
#[expect(clippy::disallowed_methods, reason = "tests have no configuration to read it from")]
pub fn folder(what: &str) -> Option<PathBuf> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/standard"));
    let folder = std::env::var("TIJDIG_STANDARD").map_or_else(|_| beside(), PathBuf::from);
    if folder.join("examples").is_dir() { Some(folder) } else { skipped(&format!("{what} needs the standard's files")) }
}

/// Says aloud that a test was skipped.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
pub fn skipped<T>(why: &str) -> Option<T> {
    eprintln!("SKIPPED: {why}");
    None
}

/// Every resource file of a folder passes the standard's profiles; how many there were, where it could be looked at.
pub fn validate(files: &Path) -> Option<usize> {
    let what = "validating against the standard";
    if !Command::new("node").arg("--version").output().is_ok_and(|o| o.status.success()) {
        return skipped(&format!("{what} needs node"));
    }
    let validator = folder(what)?.join("validate");
    // The first one installs what the validator is made of; others wait for that.
    let lock = File::create(std::env::temp_dir().join("tijdig-validate.lock")).unwrap();
    lock.lock().unwrap();
    let run = Command::new(validator).arg(files).output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
    let (right, wrong): (Vec<&str>, Vec<&str>) = said.lines().partition(|line| line.starts_with("ok"));
    assert!(run.status.success(), "{}", wrong.join("\n"));
    Some(right.len())
}
