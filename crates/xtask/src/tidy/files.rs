//! Rules for single files: their size, their names, and what must not stand in them.

use super::{Tree, extension};

/// A file is a room: longer than this it is two.
const MOST_LINES: usize = 500;

/// File names that say nothing of what is inside.
const EMPTY_NAMES: [&str; 6] = ["mod", "utils", "util", "common", "helpers", "misc"];

/// Kinds of files that people write by hand.
const SOURCES: [&str; 9] = ["rs", "js", "mjs", "ts", "css", "html", "sql", "sh", "toml"];

/// Marks that something is left undone. Each is put together here, so that this file is not its own finding.
fn marks() -> Vec<String> {
    [("TO", "DO"), ("FIX", "ME"), ("XX", "X"), ("#[ign", "ore"), (".on", "ly("), ("test.sk", "ip")]
        .map(|(a, b)| [a, b].concat())
        .to_vec()
}

/// Folders of somebody's machine, which mean nothing on another.
fn machine_paths() -> Vec<String> {
    ["work", "root", "home", "farm", "Users"].map(|name| format!("/{name}/")).to_vec()
}

/// Hosts that packages come from: which mirror a machine uses is its own affair.
fn registry_hosts() -> Vec<String> {
    let hosts =
        [("registry.npm", "js.org"), ("registry.yarn", "pkg.com"), ("index.crates", ".io"), ("static.crates", ".io")];
    let mut all = hosts.map(|(a, b)| [a, b].concat()).to_vec();
    all.extend(
        [("deb.deb", "ian.org"), ("pypi", ".org"), ("files.python", "hosted.org")].map(|(a, b)| [a, b].concat()),
    );
    all
}

/// What is wrong, file by file.
pub fn problems(tree: &Tree) -> Vec<String> {
    let (marks, machine, hosts) = (marks(), machine_paths(), registry_hosts());
    let mut problems = Vec::new();
    for (path, text) in &tree.files {
        let name = path.rsplit('/').next().unwrap_or(path);
        let is_source = SOURCES.contains(&extension(path)) && !path.contains("/tests/data/");
        let lines = text.lines().count();
        if is_source && extension(path) != "toml" && lines > MOST_LINES {
            problems.push(format!("{path}: {lines} lines; a file has at most {MOST_LINES}: find the two rooms in it"));
        }
        if extension(path) == "rs" && EMPTY_NAMES.iter().any(|empty| name.strip_suffix(".rs") == Some(empty)) {
            problems.push(format!("{path}: name the file after what is in it"));
        }
        if path.ends_with("Cargo.toml") && path.starts_with("crates/") && !text.contains("[lints]\nworkspace = true") {
            problems.push(format!("{path}: the lints of the workspace hold here too ([lints] workspace = true)"));
        }
        if path.ends_with("package-lock.json") && text.contains("\"resolved\"") {
            problems.push(format!(
                "{path}: records where packages came from; set omit-lockfile-registry-resolved=true in .npmrc"
            ));
        }
        if name == "Cargo.lock" {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let mut found = |what: &str| problems.push(format!("{path}:{}: {what}", number + 1));
            if is_source {
                for mark in marks.iter().filter(|mark| stands_alone(line, mark)) {
                    found(&format!("{mark} is left in the code: do it, or make an issue of it"));
                }
            }
            for place in machine.iter().filter(|place| begins_path(line, place)) {
                found(&format!("a path of a machine ({place})"));
            }
            for host in hosts.iter().filter(|host| line.contains(host.as_str())) {
                found(&format!("the host of a registry ({host})"));
            }
        }
    }
    problems
}

/// Does `mark` stand in the line as a word of its own?
fn stands_alone(line: &str, mark: &str) -> bool {
    let wordy = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(mark).any(|(at, _)| {
        let starts = mark.starts_with(char::is_alphanumeric);
        let ends = mark.ends_with(char::is_alphanumeric);
        !(starts && wordy(line[..at].chars().next_back()) || ends && wordy(line[at + mark.len()..].chars().next()))
    })
}

/// Does a path begin with `place` here? As a part of a longer path or of an address it is nothing special.
fn begins_path(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '}' | '~' | '/' | ')'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        problems(&Tree { files: vec![(path.to_owned(), text.to_owned())] })
    }

    #[test]
    fn a_room_has_a_size_and_a_name() {
        assert!(found("a/b.rs", &"x\n".repeat(500)).is_empty());
        assert!(found("a/b.rs", &"x\n".repeat(501))[0].contains("501 lines"));
        assert!(found("README.md", &"x\n".repeat(900)).is_empty());
        assert_eq!(found("crates/x/src/mod.rs", "").len(), 1);
        assert_eq!(found("crates/x/src/plan/utils.rs", "").len(), 1);
        assert!(found("crates/x/src/model.rs", "").is_empty());
    }

    #[test]
    fn undone_work_and_switched_off_tests_are_found_but_not_words_that_hold_them() {
        let mark = marks()[0].clone();
        assert_eq!(
            found("a.rs", &format!("// {mark}: later")),
            [format!("a.rs:1: {mark} is left in the code: do it, or make an issue of it")]
        );
        assert!(found("a.rs", &format!("MAS{mark}NT")).is_empty());
        assert!(found("a.md", &format!("{mark} in prose")).is_empty());
        assert_eq!(found("a.rs", &["#[ign", "ore = \"slow\"]"].concat()).len(), 1);
        assert_eq!(found("a.spec.js", &["test.on", "ly('x')"].concat()).len(), 1);
    }

    #[test]
    fn places_of_one_machine_are_found_but_not_addresses() {
        let place = machine_paths()[1].clone();
        assert_eq!(found("notes.md", &format!("see {place}file")).len(), 1);
        assert!(found("notes.md", &format!("https://example.org{place}file and ..{place}x")).is_empty());
        assert_eq!(found("x.json", &format!("\"{}\"", registry_hosts()[0])).len(), 1);
        assert_eq!(found("t/package-lock.json", "{\"resolved\": \"x\"}").len(), 1);
    }

    #[test]
    fn a_crate_keeps_the_lints_of_the_house() {
        assert_eq!(found("crates/x/Cargo.toml", "[package]").len(), 1);
        assert!(found("crates/x/Cargo.toml", "[lints]\nworkspace = true\n").is_empty());
    }
}
