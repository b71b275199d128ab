//! The house rules as a test: what a lint cannot see.

mod arrows;
mod files;
mod templates;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Every rule that is broken, one sentence each, with its place.
pub fn problems(root: &Path) -> Result<Vec<String>, String> {
    let tree = Tree::read(root)?;
    let mut problems = files::problems(&tree);
    problems.extend(arrows::problems(root)?);
    problems.extend(templates::problems(&tree));
    Ok(problems)
}

/// The text files of the project, as git knows them: kept or about to be kept, not what it ignores.
#[derive(Debug, Default)]
pub struct Tree {
    /// Path under the root with forward slashes, and content.
    pub files: Vec<(String, String)>,
}

impl Tree {
    fn read(root: &Path) -> Result<Self, String> {
        let listed = Command::new("git")
            .current_dir(root)
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .stdin(Stdio::null())
            .output()
            .map_err(|e| format!("git: {e}"))?;
        if !listed.status.success() {
            return Err(format!("git ls-files: {}", String::from_utf8_lossy(&listed.stderr).trim()));
        }
        let names = String::from_utf8_lossy(&listed.stdout).into_owned();
        let mut files = Vec::new();
        for name in names.split('\0').filter(|name| !name.is_empty()) {
            // What is not text (a font, an icon) has no rules; what git still lists but is gone neither.
            let path: PathBuf = root.join(name);
            if let Some(text) = std::fs::read(path).ok().and_then(|bytes| String::from_utf8(bytes).ok()) {
                files.push((name.to_owned(), text));
            }
        }
        files.sort();
        files.dedup();
        Ok(Self { files })
    }
}

/// The part of a path after the last dot of its last name.
fn extension(path: &str) -> &str {
    Path::new(path).extension().and_then(|e| e.to_str()).unwrap_or_default()
}
