//! The standard's own files, for tests: read where they lie, never copied into the project.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the standard's files; says aloud what is skipped without it.
pub(crate) fn folder(what: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/standard");
    let folder = std::env::var_os("TIJDIG_STANDARD").map_or_else(beside, PathBuf::from);
    if folder.join("examples").is_dir() { Some(folder) } else { skipped(what) }
}

/// Says aloud that a test was skipped.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
pub(crate) fn skipped<T>(what: &str) -> Option<T> {
    eprintln!("SKIPPED: {what} needs the standard's files");
    None
}

/// Every resource file of a folder passes the standard's validator; how many there were, where it could be asked.
pub(crate) fn validate(files: &Path, what: &str) -> Option<usize> {
    let program = folder(what)?.join("validate");
    if !Command::new("node").arg("--version").output().is_ok_and(|o| o.status.success()) {
        return skipped(&format!("{what} (no node here), which besides"));
    }
    // The first one installs what the validator is made of; others wait for that.
    let lock = File::create(std::env::temp_dir().join("tijdig-validate.lock")).unwrap();
    lock.lock().unwrap();
    let run = Command::new(program).arg(files).output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
    let (right, wrong): (Vec<&str>, Vec<&str>) = said.lines().partition(|line| line.starts_with("ok"));
    assert!(run.status.success() && !said.contains("unresolved reference"), "{}", wrong.join("\n"));
    Some(right.len())
}

/// One file.
pub(crate) fn text(path: &str, what: &str) -> Option<String> {
    Some(std::fs::read_to_string(folder(what)?.join(path)).unwrap())
}

/// Every JSON file of a folder, by name.
pub(crate) fn texts(of: &str, what: &str) -> Option<Vec<String>> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder(what)?.join(of)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "json"));
    paths.sort();
    Some(paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect())
}
